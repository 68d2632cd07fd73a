"""What unknown headings may mean: measured on our own names, on names nobody taught, and on what columns hold."""

import datetime as dt
from collections import defaultdict
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelctl.records import kinds
from channelctl.sheets.layout import Layout
from channelctl.sheets.naming import named
from channelctl.sheets.read import open_book
from channelctl.sheets.recognise import recognise
from channelctl.sheets.suggesting import likeness, suggest
from channelctl.sheets.suggesting.known import Known
from tests.conftest import Run
from tests.sheets import written
from tests.tables import is_there

NOTHING: Known = defaultdict(frozenset)
SALES = kinds()["sales"]
# As people head columns, and as systems that keep their names in letters do; none of these is a name we know.
UNTAUGHT = {
    "date": "开单日 成交日 交易日期 下单时间 过账日期 出货日 送货日期 记账日期 销货日 riqi ddrq xsrq trans_date"
    " BillDate",
    "customer": "客户抬头 收货单位 门店名称 终端名称 买家 购买单位 商户名称 店名 客护 客户名城 kehu khmc cust_nm Buyer"
    " 进货商 分销商名称 网点名称 提货单位 客户单位 零售商",
    "amount": "开单额 进货额 成交金额 实收金额 货款 营业额 总金额 xsje jine 销售总额 Turnover Revenue 提货款 开票额",
    "quantity": "台次 销售台量 出货量 数目 开单数 sl shuliang qty_sold Pcs 提货台数 订货数量 进货量 销售量",
    "unit_price": "成交价 售价 结算价 单台价 供价 danjia dj 进货价 提货价 出厂价",
    "office": "片区 网格 营业部 经营部 所属部门 banshichu bsc 所在分公司 销售办事处",
    "rep": "经手人 跟单员 销售人员 ywy yewuyuan 导购员 业务经理 区域负责人",
    "product": "货品名称 商品型号 机器型号 xinghao 手机型号 cpmc 产品全称 物品名称",
    "product_code": "货品编号 商品条码 item_no 产品编号 商品代码",
    "document": "票号 订货单号 danhao doc_no 销货单号 ddbh 送货单号 单据编码",
    "customer_code": "客户号 khbm 经销商编码 cust_code 买家编号",
}


def top(heading: str, without: str = "") -> str:
    """The field a heading is likest to, by its name alone."""
    found = likeness.likeness(SALES, heading, without)
    return max(found, key=lambda field: found[field].score) if found else ""


def test_a_name_of_ours_is_mostly_found_by_the_others() -> None:
    """Each name of a field is hidden in turn; four of five are still put where they belong."""
    every = [(name.field, name.text) for name in likeness.names(SALES)]
    right = sum(top(text, without=text) == field for field, text in every)
    assert len(every) > 250
    assert right / len(every) >= 0.78


def test_headings_that_nobody_taught_are_mostly_understood() -> None:
    words = [(field, word) for field, line in UNTAUGHT.items() for word in line.split()]
    assert [word for _field, word in words if named(SALES, word)] == []
    right = sum(top(word) == field for field, word in words)
    assert len(words) > 100
    assert right / len(words) >= 0.92


@pytest.mark.parametrize(
    ("heading", "field", "by", "name"),
    [
        ("开单日", "date", "name", "订单日期"),
        ("kehu", "customer", "sound", "客户"),
        ("khmc", "customer", "sound", "客户名称"),
        ("客护", "customer", "sound", "客户"),
        ("片区", "office", "part", "片区"),
        ("custmer", "customer", "name", "Customer"),
        ("买家编号", "customer_code", "part", "买家"),
        ("含税总额", "amount_taxed", "name", "含税总额"),
        ("成本额", "cost", "part", "成本"),
    ],
)
def test_what_a_heading_is_like_is_said(heading: str, field: str, by: str, name: str) -> None:
    found = likeness.likeness(SALES, heading)[field]
    assert (found.by, found.name) == (by, name)
    assert top(heading) == field


def guessed(*rows: list[Any], known: Known = NOTHING) -> suggest.Guess:
    found = suggest.guess(rows, "", known, None, ["", ""])
    assert found is not None
    return found


def fields(found: suggest.Guess) -> dict[str, str]:
    return dict(found.sufficient)


DAY = dt.date(2024, 5, 3)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        # Headings that say nothing: what stands below them does.
        (
            [
                ["a", "b", "c", "d", "e"],
                [DAY, "杭州恒达通讯有限公司", 3, 100.5, 301.5],
                [DAY, "宁波新宇电器店", 2, 200, 400],
                [DAY, "宁波新宇电器店", 1, 200, 200],
            ],
            {"a": "date", "b": "customer", "c": "quantity", "d": "unit_price", "e": "amount"},
        ),
        # The values overrule the name: 开单额 holds dates, 开单日 amounts.
        (
            [["开单额", "开单日", "客户"], ["2024-05-03", 1250.5, "甲"], ["2024-05-04", 300.25, "乙"]],
            {"开单额": "date"},
        ),
        # Of two columns with like names the values choose.
        (
            [["日期备注", "开单日", "客户", "金额"], ["正常", "2024-05-03", "甲", 5], ["补录", "2024-05-04", "乙", 6]],
            {"开单日": "date"},
        ),
        # Amounts in 万元 are still the product of quantity and price.
        (
            [["开单日", "客户", "台", "价", "款(万元)"], [DAY, "甲", 3, 4168, 1.2504], [DAY, "乙", 2, 4168, 0.8336]],
            {"开单日": "date", "台": "quantity", "价": "unit_price", "款(万元)": "amount"},
        ),
        # A column that counts the rows is neither a quantity nor an amount.
        (
            [["NN", "日期", "客户", "开单额"], [1, DAY, "甲", 10.5], [2, DAY, "甲", 20], [3, DAY, "乙", 31]],
            {"开单额": "amount"},
        ),
    ],
)  # fmt: skip
def test_what_the_values_look_like_counts(rows: list[list[Any]], expected: dict[str, str]) -> None:
    assert fields(guessed(*rows)) == expected


def test_two_columns_that_may_be_the_date_are_left_to_a_person() -> None:
    found = guessed(["下单时间", "付款时间", "客户", "金额"], [DAY, DAY, "甲", 5.5], [DAY, DAY, "乙", 6.5])
    assert fields(found) == {}
    assert {one.sample.heading for one in found.ranked["date"]} == {"下单时间", "付款时间"}
    assert not found.complete


def test_what_is_on_file_tells_codes_names_and_offices() -> None:
    known = defaultdict(
        frozenset,
        {"customer": frozenset("甲乙"), "customer code": frozenset({"c1", "c2"}), "office": frozenset({"下沙"})},
    )  # fmt: skip
    found = guessed(
        ["x", "y", "z", "日期", "金额"], ["C1", "甲", "下沙", DAY, 5], ["C2", "乙", "下沙", DAY, 6], known=known
    )
    assert fields(found) == {"x": "customer_code", "y": "customer", "z": "office"}
    reasons = {one.sample.heading: one.why for one in found.chosen}
    assert reasons["y"] == "2 of 2 are customers on file"


def test_a_sheet_of_something_else_is_said_to_be_that() -> None:
    found = guessed(
        ["店铺编号", "店铺全称", "联络电话"], ["S1", "恒达通讯店", "13800000000"], ["S2", "新宇店", "13900000000"]
    )
    assert (found.kind.name, fields(found)) == (
        "customer",
        {"店铺编号": "code", "店铺全称": "name", "联络电话": "phone"},
    )


@pytest.mark.parametrize(
    ("rows", "row"),
    [
        ([["日报"], ["开单日", "客户", "款"], ["2024-05-03", "甲", "5"]], 1),
        ([["开单日", "客户", "", "款"], ["2024-05-03", "甲", "急", "5"], ["2024-05-03", "乙", "急", "5"]], 0),
        ([["列1", "列2"], ["甲", "乙"]], 0),
        ([[1.0, 2.0], ["2024-05-03", "5"]], None),
        ([], None),
    ],
)
def test_the_heading_is_the_first_row_of_words(rows: list[list[Any]], row: int | None) -> None:
    assert suggest.heading_row(rows) == row


CELL = st.one_of(st.text(max_size=8), st.floats(allow_nan=True), st.integers(), st.dates(), st.booleans(), st.just(""))


@given(st.lists(st.lists(CELL, max_size=6), max_size=8))
def test_any_rows_at_all_give_a_guess_that_can_be_typed_or_none(rows: list[list[Any]]) -> None:
    found = suggest.guess(rows, "", NOTHING, None, ["a", "b"])
    if found is not None:
        assert all(0 <= one.confidence <= 100 for one in found.chosen)
        assert len({one.field for one in found.chosen}) == len(found.chosen)
        assert all(field in {name.rstrip("_") for name in found.kind.columns} for field in found.sufficient.values())


def test_on_real_sheets_values_find_what_the_headings_say(real: Path) -> None:
    """The headings of real sheets are taken away; date, quantity and amount are found by what stands below."""
    for file in ("zh_variants/v02_utf8bom_nianyueri.csv", "zh_variants/v01_gbk.csv"):
        with open_book(real / file) as book:
            rows = list(islice(book.sheets[0].rows(), 200))
        layout = recognise(rows, {})
        assert isinstance(layout, Layout)
        meant = {f"c{column.index}x": name for name, column in layout.columns.items()}
        found = suggest.guess([[f"c{n}x" for n in range(len(rows[0]))], *rows[1:]], "", NOTHING, "sales", ["", ""])
        assert found is not None
        ours = fields(found)
        assert {field: heading for heading, field in ours.items() if meant.get(heading) != field} == {}
        assert "date" in ours.values()


# Through the command line


LINES = [
    ["开单日", "购货单位", "片区", "机型", "台数", "开单额(万元)", "备注"],
    ["2024.5.3", "杭州恒达通讯", "杭州", "I9300", 3, 1.2504, None],
    ["2024年5月6日", "南京明远电器", "南京", "I9300", 2, 0.8336, "急"],
    ["20240506", "南京明远电器", "南京", "C65", 20, 0.123, None],
]
SAID = """\
orders.csv: no heading row was recognised; the likeliest holds: \
开单日, 购货单位, 片区, 机型, 台数, 开单额(万元), 备注; nothing was written
  As sales it lacks: a date, an amount, or quantity and price.
    A 开单日 → date 89 %: like “订单日期”, dates  2024.5.3
    C 片区 → office 66 %: “片区” stands in it, places  杭州
    F 开单额(万元) → amount 73 %: like “开票金额”, figures  1.2504
  Headings not understood: 备注
  If that is right: channelctl import orders.csv --map "开单日=date" --map "片区=office" --map "开单额(万元)=amount"
  If it holds customers all the same: channelctl import orders.csv --kind customer
"""


def test_without_a_terminal_the_line_to_type_is_said_and_works(ch: Run, tmp_path: Path) -> None:
    written.comma(tmp_path / "orders.csv", LINES)
    done = ch("import", "orders.csv")
    assert (done.code, done.out, done.err) == (3, SAID, "")
    assert not is_there(tmp_path / "channel.db")
    line = "import orders.csv --map 开单日=date --map 片区=office --map 开单额(万元)=amount"
    assert ch(*line.split(), "--format", "json").data["rows"][0]["net_sales"] == 22070


def test_the_suggestions_are_data_too(ch: Run, tmp_path: Path) -> None:
    written.comma(tmp_path / "orders.csv", LINES)
    done = ch("import", "orders.csv", "--format", "json")
    assert done.code == 3
    assert [(one["column"], one["field"], one["confidence"] >= 0.6) for one in done.data["suggestions"]] == [
        ("A", "date", True),
        ("F", "amount", True),
        ("C", "office", True),
    ]


def test_nothing_is_read_by_a_suggestion(ch: Run, tmp_path: Path) -> None:
    """A column that plainly holds the amount is left and said, with the line that reads it."""
    rows = [["日期", "客户", "数量", "单价", "款"], ["2024-05-03", "甲", 3, 10.5, 31.5], ["2024-05-04", "乙", 2, 7, 14]]
    done = ch("import", written.comma(tmp_path / "a.csv", rows), "--format", "json")
    assert done.code == 0
    assert [one["how"] for one in done.data["mapping"]] == ["name", "alias", "name", "name", "unread"]
    (note,) = [note for note in done.data["notes"] if "款" in note]
    assert note == (
        "a.csv: a column is not read that may be what the sheet lacks: E 款 → amount 95 %: “款” stands in it,"
        ' 数量 × 单价 = 款  31.5\n  If so: channelctl import a.csv --map "款=amount"'
    )


def test_a_sheet_of_payments_is_not_offered_as_sales(ch: Run, tmp_path: Path) -> None:
    """It would be read only with --kind sales, and the line says so."""
    rows = [["开单日", "客户", "金额"], ["2024-05-03", "甲", 5.5], ["2024-05-04", "乙", 7]]
    done = ch("import", written.xlsx(tmp_path / "a.xlsx", rows, "回款"))
    assert done.code == 3
    assert 'channelctl import a.xlsx --map "开单日=date" --kind sales\n' in done.out


def test_a_sheet_beside_others_is_said_with_its_line(ch: Run, tmp_path: Path) -> None:
    sheets: dict[str, list[Any]] = {"客户": [["客户编码", "客户名称"], ["C1", "恒达"]], "5月": LINES}
    done = ch("import", written.book(tmp_path / "a.xlsx", sheets), "--format", "json")
    assert done.code == 0
    assert [note for note in done.data["notes"] if "5月" in note] == [
        "sheet 5月: its headings are not known, not read; it may be sales:"
        ' channelctl import a.xlsx --map "开单日=date" --map "片区=office" --map "开单额(万元)=amount"'
    ]


def test_hostile_headings_are_shown_and_quoted_harmlessly(ch: Run, tmp_path: Path) -> None:
    head = ["日期\x1b[31m$(rm)", "客户", 'x"`y', "长" * 32_000, "[red]"]
    rows = [head, ["2024-05-03", "甲", 5.5, 1, 2], ["2024-05-04", "乙", 6.5, 1, 2]]
    done = ch("import", written.comma(tmp_path / "a b.csv", rows))
    assert done.code == 3
    assert "\x1b" not in done.out
    assert "'日期" in done.out
    assert 'channelctl import "a b.csv" ' in done.out
