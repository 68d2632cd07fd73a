"""Units in headings, titles and cells; amounts that are missing, or contradict price and quantity."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from tests.corpus.kit import AMOUNT, BASE, HEAD, LINES, ONE, PRICE, QUANTITY, TABLE, Case, bad, csv, good, without, xlsx
from tests.corpus.kit import with_column as column


def scaled(by: int, places: Sequence[int] = (AMOUNT,)) -> list[list[Any]]:
    """The lines with figures divided."""
    return [[Decimal(str(cell)) / by if place in places else cell for place, cell in enumerate(row)] for row in LINES]


CASES = (
    Case("amounts in 万元", xlsx([[*HEAD[:7], "金额（万元）"], *scaled(10_000)[:2]]), good(2, "801", quantity="5")),
    Case(
        "amounts in 千元 after a slash",
        xlsx([[*HEAD[:7], "金额/千元"], *scaled(1_000)[:2]]),
        good(2, "801", quantity="5"),
    ),
    Case("amounts in 元", xlsx([[*HEAD[:7], "金额(元)"], *LINES]), BASE),
    Case("prices in 元/台", xlsx([[*HEAD[:5], "数量(台)", "单价(元/台)", "金额(元)"], *LINES]), BASE),
    Case("prices in 元/吨", xlsx([[*HEAD[:5], "数量(吨)", "单价(元/吨)", "金额(元)"], *LINES]), BASE),
    Case(
        "a unit in the title",
        xlsx([["2024年5月销售", "", "单位：万元"], without(PRICE)[0], *without(PRICE, rows=scaled(10_000)[:2])]),
        good(2, "801"),
    ),
    Case("a unit in the title is none of the prices", xlsx([["单位：千元"], HEAD, *scaled(1_000)[:2]]), good(2, "801")),
    Case("a unit 元 in the title", xlsx([["单位：元"], *TABLE]), BASE),
    Case(
        "quantities in 千台",
        xlsx([[*HEAD[:5], "数量（千台）", "金额"], [*LINES[0][:5], Decimal("0.003"), 300]]),
        good(1, "300", quantity="3"),
    ),
    Case(
        "tonnes with three decimals",
        xlsx([[*HEAD[:5], "数量（吨）", "金额"], [*LINES[0][:5], Decimal("12.345"), 300]]),
        good(1, "300", quantity="12.345"),
    ),
    Case("a unit in each cell", csv(column(QUANTITY, "数量", ["3台", "2台", "1 台", "-1台"])), BASE),
    Case("no amount column", xlsx(without(AMOUNT)), BASE.but(problems=("W106",))),
    Case(
        "a blank amount beside price and quantity",
        xlsx(column(AMOUNT, "金额", [300, None, Decimal("66.6667"), -100])),
        BASE,
    ),
    Case(
        "a blank amount and no price",
        xlsx(column(AMOUNT, "金额", [300, None, 5, -100], column(PRICE, "单价", [None] * 4))),
        bad(3, "E201 H3"),
    ),
    Case(
        "amounts that contradict price × quantity",
        xlsx(column(AMOUNT, "金额", [300, 5010, Decimal("66.6667"), -100])),
        BASE.but(net="5276.6667", problems=("W104",)),
    ),
    Case(
        "amounts a fen off",
        xlsx(column(AMOUNT, "金额", [Decimal("300.01"), 501, Decimal("66.67"), -100])),
        BASE.but(net="767.68"),
    ),
    Case(
        "taxed amounts and tax",
        xlsx([["日期", "客户名称", "价税合计", "税额"], [ONE[0][0], "杭州恒达", 113, 13]]),
        good(1, "100"),
    ),
    Case(
        "a contradiction beside blank rows",
        xlsx([HEAD, LINES[0], [None] * 8, [*LINES[1][:7], 5010], *LINES[2:]]),
        BASE.but(net="5276.6667", problems=("W104",)),
    ),
    Case(
        "price × quantity beyond what can be kept",
        csv([["日期", "客户名称", "数量", "单价"], ["2024-05-03", "恒达", 800_000_000_000, 800_000_000_000]]),
        bad(0, "E205 ?2", "W106"),
    ),
    Case(
        "a difference beyond what can be kept",
        csv([["日期", "客户名称", "含税金额", "税额"], ["2024-05-03", "恒达", 899999999999, -899999999999]]),
        bad(0, "E205 ?2"),
    ),
)
