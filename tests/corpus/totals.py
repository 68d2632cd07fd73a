"""Totals, subtotals, carried sums and what else stands among the lines without being one."""

import datetime as dt
from decimal import Decimal
from typing import Any

from tests.corpus.kit import BASE, HEAD, LINES, ONE, SHORT, TABLE, Case, bad, csv, good, xlsx
from tests.corpus.kit import with_column as column


def total(*cells: Any) -> list[Any]:
    """A row of totals, as wide as the table."""
    return [*cells, *[""] * (len(HEAD) - len(cells))]


SUM = ["", "", "", "", "", 5, "", Decimal("767.6667")]

CASES = (
    Case("a total", xlsx([*TABLE, ["合计", "", "", "", "", 5, "", Decimal("767.6667")]]), BASE.but(skipped=1)),
    Case(
        "a total in another column",
        xlsx([*TABLE, ["", "", "", "总 计：", "", 5, "", Decimal("767.6667")]]),
        BASE.but(skipped=1),
    ),
    Case("a total without a label", xlsx([*TABLE, SUM]), BASE.but(skipped=1)),
    Case("a total without a label at the top", xlsx([HEAD, SUM, *LINES]), bad(4, "E201 A2")),
    Case(
        "a total that is not the sum",
        xlsx([*TABLE, ["合计", "", "", "", "", 5, "", 999]]),
        BASE.but(code=3, skipped=1, net="0", quantity="0", customers=(), problems=("E401 H6",)),
    ),
    Case(
        "a total rounded to the fen",
        xlsx([*TABLE, ["合计", "", "", "", "", 5, "", Decimal("767.67")]]),
        BASE.but(skipped=1),
    ),
    Case("a total rounded to the yuan", xlsx([*TABLE, ["合计", "", "", "", "", 5, "", 768]]), BASE.but(skipped=1)),
    Case("a total in words above", xlsx([["合计金额：767.6667"], *TABLE]), BASE),
    Case(
        "subtotals by customer",
        xlsx(
            [
                HEAD,
                LINES[0],
                ["小计", "", "", "", "", 3, "", 300],
                LINES[1],
                ["小计", "", "", "", "", 2, "", 501],
                LINES[2],
                LINES[3],
                ["小计", "", "", "", "", 0, "", Decimal("-33.3333")],
                ["总计", "", "", "", "", 5, "", Decimal("767.6667")],
            ]
        ),
        BASE.but(skipped=4),
    ),
    Case(
        "subtotals with the customer's name",
        xlsx(
            [
                HEAD,
                LINES[0],
                ["", "", "", "杭州恒达通讯 小计", "", 3, "", 300],
                *LINES[1:],
                ["", "", "", "合计", "", 5, "", Decimal("767.6667")],
            ]
        ),
        BASE.but(skipped=2),
    ),
    Case(
        "subtotals without a label",
        xlsx([HEAD, *LINES[:2], ["", "", "", "", "", 5, "", 801], *LINES[2:], SUM]),
        BASE.but(skipped=2),
    ),
    Case(
        "a page's sum and the sum carried over",
        xlsx(
            [
                HEAD,
                *LINES[:2],
                total("本页小计", "", "", "", "", 5, "", 801),
                total("承前页", "", "", "", "", 5, "", 801),
                *LINES[2:],
            ]
        ),
        BASE.but(skipped=2),
    ),
    Case("headings again on each page", xlsx([HEAD, *LINES[:2], [], ["第2页"], HEAD, *LINES[2:]]), BASE.but(skipped=2)),
    Case(
        "signatures below",
        xlsx([*TABLE, [], ["制表：王伟", "", "审核：李敏", "", "", "", "", ""], ["打印时间：2024-06-01 10:00"]]),
        BASE.but(skipped=2),
    ),
    Case(
        "a customer named for totals",
        xlsx(column(3, "客户名称", ["合计商贸", "南京明远电器", "苏州乐天数码", "合计商贸"])),
        BASE.but(customers=("合计商贸", "南京明远电器", "苏州乐天数码")),
    ),
    Case(
        "a customer called Total",
        csv([["Date", "Customer code", "Customer", "Amount"], ["2024-05-03", "T1", "Total", 5]]),
        good(1, "5", customers=("Total",)),
    ),
    Case(
        "grand totals in English",
        csv([["Date", "Customer", "Amount"], ["2024-05-03", "Hengda", 5], ["Grand Total", "", 5]]),
        good(1, "5", skipped=1),
    ),
    Case(
        "a daily total with its day",
        xlsx([SHORT, *ONE, [dt.date(2024, 5, 4), "日合计", 5, 800]]),
        good(2, "800", skipped=1),
    ),
    Case(
        "a row with an amount and nothing else",
        xlsx([*TABLE, ["", "", "", "", "", "", "", 12345]]),
        bad(4, "E202 A6", skipped=0).but(problems=("E201 A6",)),
    ),
    Case("filled down with zeros", xlsx([*TABLE, *[["", "", "", "", "", 0, 0, 0]] * 3]), BASE.but(skipped=3)),
    Case("group headings between", xlsx([SHORT, ["杭州组"], ONE[0], ["南京组"], ONE[1]]), good(2, "800", skipped=2)),
)
