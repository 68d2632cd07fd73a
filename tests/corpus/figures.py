"""Units in headings, titles and cells; amounts that are missing, or contradict price and quantity."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from tests.corpus.kit import (
    AMOUNT,
    BASE,
    HEAD,
    LINES,
    ONE,
    PRICE,
    QUANTITY,
    TABLE,
    Case,
    Make,
    bad,
    csv,
    drawn,
    filled,
    good,
    refused,
    without,
    xlsx,
)
from tests.corpus.kit import with_column as column


def scaled(by: int, places: Sequence[int] = (AMOUNT,)) -> list[list[Any]]:
    """The lines with figures divided."""
    return [[Decimal(str(cell)) / by if place in places else cell for place, cell in enumerate(row)] for row in LINES]


def shown(look: str, *amounts: float, heading: str = "金额（万元）", more: str = "") -> Make:
    """Two lines whose amounts have a number format, the second perhaps another one."""

    def draw(out: Any, sheet: Any) -> None:
        filled([[*HEAD[:7], heading], *(row[:7] for row in LINES[:2])])(out, sheet)
        for row, (amount, code) in enumerate(zip(amounts, (look, more or look), strict=True), 1):
            sheet.write_number(row, AMOUNT, amount, out.add_format({"num_format": code}))

    return drawn(draw)


def priced(heading: str, *amounts: Any) -> Make:
    """Lines of 3 × 100 and 2 × 250.5, their amounts under a heading."""
    return xlsx([[*HEAD[:7], heading], *([*row[:7], amount] for row, amount in zip(LINES, amounts, strict=False))])


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
    Case(
        "amounts in yuan under a heading that says 万元",
        priced("金额（万元）", 300, 501),
        bad(2, "E407", refused=0),
    ),
    Case(
        "amounts in yuan under 万元 with --partial",
        priced("金额（万元）", 300, 501),
        good(2, "8010000", problems=("E407",)).but(code=1),
        ("--partial",),
    ),
    Case(
        "one amount of several in yuan under 万元",
        priced("金额（万元）", Decimal("0.03"), 501, Decimal("0.00666667")),
        good(3, "5010366.6667", problems=("W104",)),
    ),
    Case(
        "amounts that only show 万元",
        shown('0!.0000"万"', 300, 501),
        good(2, "801", says=("its cells hold more than their number format shows",)),
    ),
    Case("amounts that only show 万元 under 元", shown('0!.0,"万"', 300, 501, heading="金额(元)"), good(2, "801")),
    Case("amounts that show thousands", shown("#,##0,", 300, 501, heading="金额"), good(2, "801")),
    Case(
        "amounts with a unit in their number format",
        shown('0.00"万元"', 0.03, 0.0501, heading="金额"),
        good(2, "801", says=("its number format names a unit: read × 10,000",)),
    ),
    Case("amounts in 万元 with that unit in their number format", shown('0.00"万"', 0.03, 0.0501), good(2, "801")),
    Case(
        "amounts that show another unit than their heading says",
        shown('0.00"万元"', 0.03, 0.0501, heading="金额（元）"),
        refused("in column H 金额（元） the number format shows another unit"),
    ),
    Case("amounts that show thousands under 万元", shown("#,##0,", 300, 501), refused("shows another unit")),
    Case(
        "amounts of which only some show 万元",
        shown("0!.0,", 300, 0.0501, more="0.0000"),
        refused("shows another unit"),
    ),
)
