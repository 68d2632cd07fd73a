"""A small region for what is done with rebates: three dealers, two models, and policies as a test wants them."""

from collections.abc import Iterable

from tests.conftest import Run
from tests.making import sheet

SALES = "日期 单据编号 原单号 客户编码 客户名称 办事处 产品 数量 单价 金额 状态"
RULES = (
    "政策 版本 规则 政策名称 返利类型 开始日期 结束日期 周期 计量 计算 返利方式 达量门槛 返利"
    " 型号 合约计划 仅已付款 叠加 优先级"
)
LINES = [
    ("2024-05-02", "S1", "", "C1", "恒达通讯", "杭州", "K310", 600, 2000, 1_200_000, ""),
    ("2024-05-06", "S2", "", "C1", "恒达通讯", "杭州", "K310", 399, 2000, 798_000, ""),
    ("2024-05-08", "S3", "", "C1", "恒达通讯", "杭州", "K310", 50, 2000, 100_000, "作废"),
    ("2024-05-03", "S4", "", "C2", "信通电讯", "宁波", "K310", 300, 2000, 600_000, "已付款"),
    ("2024-05-09", "S5", "", "C2", "信通电讯", "宁波", "A108", 60, 500, 30_000, ""),
    ("2024-05-07", "S6", "", "C3", "远方手机", "宁波", "A108", 20, 500, 10_000, ""),
]
MONTHLY = ("2024-05-01", "2024-12-31", "月", "台数", "全量", "元/台")
SAMPLE = ("DL", 1, 1, "达量返利", "达量返利", *MONTHLY, "400/1000", "20/80", "", "", "", "", "")


def region(ch: Run, *rules: tuple[object, ...], lines: Iterable[tuple[object, ...]] = LINES) -> None:
    """The sales, and these rules; by default the sample policy: 20 a unit from 400 on, 80 from 1,000."""
    brought(ch, sheet("sales", SALES, lines))
    brought(ch, sheet("policies", RULES, rules or [SAMPLE]))


def brought(ch: Run, file: object) -> None:
    """Import a sheet that has nothing wrong."""
    done = ch("import", file)
    assert done.code == 0, done.out + done.err
