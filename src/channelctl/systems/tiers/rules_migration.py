"""Who moved between two gradings: a matrix in customers and in sales, and the list of those that moved."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any, Literal, NamedTuple

from channelctl.columns import Col
from channelctl.errors import UsageError
from channelctl.i18n import _
from channelctl.period import Period
from channelctl.systems.tiers.rules import TIERS
from channelctl.systems.tiers.rules_history import Run

NEW, GONE, TOTAL = "new", "gone", "total"
FELL, ROSE = "fell", "rose"
FROM, TO = (*TIERS, NEW), (*TIERS, GONE)
_NOTHING = Decimal("0.00")


def months(from_: str, to: str) -> tuple[Period, Period]:
    """The two months as they were typed.

    Raises:
        UsageError: one is no month, or the second is not after the first.
    """
    first, last = Period.month(from_), Period.month(to)
    if last.start <= first.start:
        raise UsageError(
            _("{to} is not after {start}").format(to=to, start=from_), _("--from 2024-04 --to 2024-05")
        )  # fmt: skip
    return first, last


def as_long(days: tuple[dt.date, dt.date] | None, month: Period) -> Period:
    """A period that ends with the month, as long as the one from day to day: in months where that begins with one.

    Without days, 12 months.
    """
    if days is None:
        return Period.twelve_months_to(month.end)
    first, last = days
    if first == dt.date.min:
        return Period.all_time().cut(month.end)
    if first.day > 1:
        return Period.between(month.end - min(last - first, month.end - dt.date.min), month.end)
    back = last.year * 12 + last.month - first.year * 12 - first.month
    start = max(month.start.year * 12 + month.start.month - 1 - back, 12)
    return Period.between(dt.date(start // 12, start % 12 + 1, 1), month.end)


def graded(run: Run) -> Period:
    """What a run is of: a month or 12 months by their names, else from day to day."""
    first, last = run.first_day, run.last_day
    if first == dt.date.min:
        return Period.all_time().cut(last)
    for named in (Period.month(str(last)[:7]), Period.twelve_months_to(last)):
        if (named.start, named.end) == (first, last):
            return named
    return Period.between(first, last)


def is_as_long(before: Run, now: Run) -> bool:
    """Whether two runs are of as many months, where both are of whole ones, else of as many days."""
    lengths = [
        (run.last_day.year * 12 + run.last_day.month) - (run.first_day.year * 12 + run.first_day.month)
        for run in (before, now)
        if run.first_day.day == 1 and (run.last_day + dt.timedelta(days=1)).day == 1
    ]
    if len(lengths) == 2:
        return lengths[0] == lengths[1]
    return before.last_day - before.first_day == now.last_day - now.first_day


Tiered = Mapping[str, tuple[str, Decimal]]


def from_text(word: str) -> str:
    """Where customers come from: a tier, or from outside; or all of them."""
    return {NEW: _("new"), TOTAL: _("total")}.get(word, word)


def move_text(word: str) -> str:
    """How a customer moved, as a person reads it."""
    return {FELL: _("fell"), ROSE: _("rose"), NEW: _("new"), GONE: _("gone")}[word]


class CustomersMoved(NamedTuple):
    """How many customers of a tier are in each tier later; the last row adds the others up."""

    from_: Annotated[str, Col("原级", "From", kind="tier", words=from_text)]
    a: Annotated[int, Col("现 A 级", "Now A", kind="count")]
    b: Annotated[int, Col("现 B 级", "Now B", kind="count")]
    c: Annotated[int, Col("现 C 级", "Now C", kind="count")]
    gone: Annotated[int, Col("已离开", "Gone", kind="count")]
    total: Annotated[int, Col("合计", "Total", kind="count")]


class SalesMoved(NamedTuple):
    """The same customers' net sales of the later grading; those that have gone have none."""

    from_: Annotated[str, Col("原级", "From", kind="tier", words=from_text)]
    a: Annotated[Decimal, Col("现 A 级", "Now A", kind="money")]
    b: Annotated[Decimal, Col("现 B 级", "Now B", kind="money")]
    c: Annotated[Decimal, Col("现 C 级", "Now C", kind="money")]
    gone: Annotated[Decimal, Col("已离开", "Gone", kind="money")]
    total: Annotated[Decimal, Col("合计", "Total", kind="money")]


class MoveRow(NamedTuple):
    """A customer whose tier changed; without a tier before it is new, without one now it has gone."""

    move: Annotated[Literal["fell", "rose", "new", "gone"], Col("变动", "Move", words=move_text)]
    customer_code: Annotated[str, Col("编码", "Code", kind="code")]
    customer: Annotated[str, Col("客户", "Customer")]
    from_: Annotated[str | None, Col("原级", "From", kind="tier")]
    to: Annotated[str | None, Col("现级", "To", kind="tier")]
    net_before: Annotated[Decimal | None, Col("前期净销售额", "Net before", kind="money")]
    net_sales: Annotated[Decimal | None, Col("净销售额", "Net sales", kind="money")]


Cell = tuple[str, str]


class Matrix(NamedTuple):
    """Customers and their later sales by (from, to); only pairs that occur."""

    customers: Mapping[Cell, int]
    sales: Mapping[Cell, Decimal]


def matrix(before: Tiered, now: Tiered) -> Matrix:
    """Every customer of either grading, counted once."""
    customers: dict[Cell, int] = {}
    sales: dict[Cell, Decimal] = {}
    for code in before.keys() | now.keys():
        cell = before[code][0] if code in before else NEW, now[code][0] if code in now else GONE
        customers[cell] = customers.get(cell, 0) + 1
        sales[cell] = sales.get(cell, _NOTHING) + (now[code][1] if code in now else _NOTHING)
    return Matrix(customers, sales)


def customer_rows(found: Matrix) -> list[CustomersMoved]:
    """A row for each tier that customers had, for new ones, and for all."""
    return [CustomersMoved(from_, *cells) for from_, cells in _rows(found.customers, 0)]


def sales_rows(found: Matrix) -> list[SalesMoved]:
    """The same rows in sales."""
    return [SalesMoved(from_, *cells) for from_, cells in _rows(found.sales, _NOTHING)]


def _rows(cells: Mapping[Cell, Any], nothing: Any) -> list[tuple[str, list[Any]]]:
    parts = [[cells.get((from_, to), nothing) for to in TO] for from_ in FROM]
    parts.append([sum(column, nothing) for column in zip(*parts, strict=True)])
    return [(from_, [*part, sum(part, nothing)]) for from_, part in zip((*FROM, TOTAL), parts, strict=True)]


def moves(before: Tiered, now: Tiered, names: Mapping[str, str]) -> list[MoveRow]:
    """Who fell, rose, came and went, in this order, those with most sales before or now first."""
    found = []
    for code in before.keys() | now.keys():
        was, net_before = before.get(code, (None, None))
        tier, net = now.get(code, (None, None))
        if was != tier:
            found.append(MoveRow(_move(was, tier), code, names.get(code, ""), was, tier, net_before, net))
    order: Sequence[str] = (FELL, ROSE, NEW, GONE)
    return sorted(
        found, key=lambda row: (order.index(row.move), -max(row.net_before or 0, row.net_sales or 0), row.customer_code)
    )


def _move(was: str | None, tier: str | None) -> Literal["fell", "rose", "new", "gone"]:
    if was is None:
        return "new"
    return "gone" if tier is None else "fell" if tier > was else "rose"
