"""A small region whose every figure can be reckoned by hand."""

from tests.conftest import Run
from tests.making import sheet

SALES = "日期 单据编号 办事处 客户编码 客户 业务员 型号 数量 金额"
OFFICES = "办事处编码 办事处名称 区域"
CUSTOMERS = "客户编码 客户名称 办事处 业务员 渠道类型 停用日期"
PLAN = "月份 办事处 客户编码 规划等级 月度目标"

# (day, office, customer, rep, product, quantity, amount); blank where the line names none.
LINES = [
    ("2023-05-10", "HZ", "K1", "", "X1", 3, "300"),
    ("2023-05-28", "HZ", "K1", "", "X1", 1, "77"),
    ("2024-04-08", "HZ", "K1", "", "X1", 2, "200.005"),
    ("2024-04-30", "NJ", "K3", "", "X2", 5, "500"),
    ("2024-05-06", "HZ", "K1", "", "X1", 4, "400.0001"),
    ("2024-05-07", "", "K2", "", "X2", 2, "250"),
    ("2024-05-08", "NJ", "K3", "R1", "X2", "", "100"),
    ("2024-05-09", "NJ", "", "", "", 1, "30"),
    ("2024-05-10", "HZ", "K1", "", "X1", -1, "-50"),
    ("2024-05-10", "HZ", "K4", "", "X1", 1, "20"),
    ("2024-05-20", "NJ", "K3", "", "X2", 9, "900"),
]


def region(ch: Run, *more: tuple[object, ...]) -> None:
    """Two offices, five customers of which the last is closed, and sales of three months."""
    assert ch("import", sheet("offices", OFFICES, [("HZ", "杭州", "江东"), ("NJ", "南京", "江北")])).code == 0
    assert ch("import", sheet("reps", "工号 姓名 办事处", [("R1", "王伟", "杭州"), ("R2", "李娜", "南京")])).code == 0
    customers = [
        ("K1", "甲", "杭州", "王伟", "直供", ""),
        ("K2", "乙", "杭州", "王伟", "直供", ""),
        ("K3", "丙", "南京", "李娜", "分销", ""),
        ("K4", "丁", "杭州", "", "分销", ""),
        ("K5", "戊", "杭州", "", "", "2024-05-01"),
    ]
    assert ch("import", sheet("customers", CUSTOMERS, customers)).code == 0
    sold(ch, "sales", [*LINES, *more])


def sold(ch: Run, name: str, lines: list[tuple[object, ...]]) -> None:
    """Sales of these lines, each a document of its own."""
    rows = [(day, f"{name}{place}", office, customer, "", rep, product, quantity, amount)
            for place, (day, office, customer, rep, product, quantity, amount) in enumerate(lines)]  # fmt: skip
    done = ch("import", sheet(name, SALES, rows))
    assert done.code == 0, done.out + done.err


def plan(ch: Run, *lines: tuple[object, ...]) -> None:
    """Planned customers of May 2024: office, customer, class, target."""
    assert ch("import", sheet("plan", PLAN, [("2024-05", *line) for line in lines])).code == 0
