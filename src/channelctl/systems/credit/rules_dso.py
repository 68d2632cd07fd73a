"""How many days of sales are outstanding: simple, counted back by months, at best; and how well it was collected."""

import calendar
import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, NamedTuple

from channelctl.columns import Col
from channelctl.systems.credit.rules_exact import days_text, handed_out


class DsoRow(NamedTuple):
    """Days of sales outstanding; figures without sales, or for more than was ever sold, are None."""

    code: Annotated[str, Col("编码", "Code", kind="code")]
    name: Annotated[str, Col("名称", "Name")]
    receivable: Annotated[Decimal, Col("应收", "Receivable", kind="money")]
    not_due: Annotated[Decimal, Col("未到期", "Not due", kind="money")]
    sales: Annotated[Decimal, Col("赊销额", "Credit sales", kind="money")]
    simple: Annotated[Decimal | None, Col("DSO", "DSO", kind="quantity", words=days_text)]
    countback: Annotated[Decimal | None, Col("DSO（倒推法）", "DSO count-back", kind="quantity", words=days_text)]
    best_possible: Annotated[Decimal | None, Col("最佳 DSO", "Best possible", kind="quantity", words=days_text)]
    effectiveness: Annotated[Decimal | None, Col("回款有效性", "Effectiveness", kind="share")]


class Books(NamedTuple):
    """What is open at the end and at the beginning of some days, what of it is not due at the end, and sales.

    `sales` are of the days, `months` by month from the first to that of the last day, up to that day. `twice` is what
    sale documents from before came to that invoices of the days took the place of: `begin` and `sales` both count it.
    """

    end: Decimal = Decimal("0.00")
    not_due: Decimal = Decimal("0.00")
    begin: Decimal = Decimal("0.00")
    sales: Decimal = Decimal("0.00")
    months: Mapping[str, Decimal] = {}
    twice: Decimal = Decimal("0.00")


def simple(receivable: Decimal, sales: Decimal, days: int) -> Decimal | None:
    """Receivables as days of sales; None without sales."""
    return receivable / sales * days if sales > 0 else None


def countback(receivable: Decimal, months: Mapping[str, Decimal], as_of: dt.date) -> Decimal | None:
    """The days of the months whose sales are still open, counted back from a day; a month without sales counts whole.

    A month of more credit notes than invoices leaves more to be counted back. None where more is open than was sold in
    all the months there are.
    """
    first = min(months, default="")
    rest, days, day = receivable, Decimal(0), as_of
    while rest > 0:
        month = f"{day:%Y-%m}"
        if month < first or not first:
            return None
        sales = months.get(month, Decimal(0))
        if sales > rest:
            return days + day.day * rest / sales
        rest, days = rest - sales, days + day.day
        day = _month_before(day)
    return days


def effectiveness(books: Books) -> Decimal | None:
    """The collection effectiveness index: what was collected, of what could have been."""
    owed = books.begin + books.sales - books.twice
    could = owed - books.not_due
    return (owed - books.end) / could if could > 0 else None


def row(code: str, name: str, books: Books, as_of: dt.date, days: int) -> DsoRow:
    """The figures of one customer, office or rep, or of all."""
    return DsoRow(
        code,
        name,
        books.end,
        books.not_due,
        books.sales,
        _told(simple(books.end, books.sales, days)),
        _told(countback(books.end, books.months, as_of)),
        _told(simple(books.not_due, books.sales, days)),
        _told(effectiveness(books)),
    )


def total(parts: list[Books]) -> Books:
    """Several as one."""
    nothing = Decimal("0.00")
    months: dict[str, Decimal] = {}
    for one in parts:
        for month, sales in one.months.items():
            months[month] = months.get(month, nothing) + sales
    return Books(
        sum((one.end for one in parts), nothing),
        sum((one.not_due for one in parts), nothing),
        sum((one.begin for one in parts), nothing),
        sum((one.sales for one in parts), nothing),
        months,
        sum((one.twice for one in parts), nothing),
    )


def _told(value: Decimal | None) -> Decimal | None:
    return None if value is None else handed_out(value)


def _month_before(day: dt.date) -> dt.date:
    """The last day of the month before a day's."""
    year, month = (day.year, day.month - 1) if day.month > 1 else (day.year - 1, 12)
    return dt.date(year, month, calendar.monthrange(year, month)[1])
