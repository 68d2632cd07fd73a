"""Net sales month by month, beside the year before."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, NamedTuple

from channelctl.columns import Col
from channelctl.systems.progress.rules import change, change_text, month_end, month_start, to_date

_ZERO = Decimal("0.00")


class TrendMonth(NamedTuple):
    """A month's net sales; of one that is not over, up to a day, and so are those of last year beside it.

    `last_year` is None where nothing is known of that month.
    """

    month: Annotated[str, Col("月份", "Month", kind="month")]
    net_sales: Annotated[Decimal, Col("净销售额", "Net sales", kind="money", bar=True)]
    last_year: Annotated[Decimal | None, Col("上年同月", "Same month last year", kind="money")]
    difference: Annotated[Decimal | None, Col("差额", "Difference", kind="money", wide=True)]
    change: Annotated[Decimal | None, Col("比上年", "On year", kind="share", words=change_text)]
    to_date: Annotated[bool, Col("未满月", "To date", kind="flag", wide=True)]


def trend(
    nets: Mapping[dt.date, Decimal], as_of: dt.date, months: int, known_from: dt.date | None
) -> list[TrendMonth]:  # fmt: skip
    """A row per month, the last that of `as_of`; none before `known_from`, the first day with a sale."""
    places = range(1 - months, 1)
    told = [place for place in places if known_from is not None and month_end(month_start(as_of, place)) >= known_from]
    return [_month(nets, as_of, place, known_from) for place in told or [0]]


def _month(nets: Mapping[dt.date, Decimal], as_of: dt.date, place: int, known_from: dt.date | None) -> TrendMonth:
    first = month_start(as_of, place)
    last = min(month_end(first), as_of)
    open_ = last < month_end(first)
    then_first, then_last = to_date(last, -12)
    net, before = _sum(nets, first, last), _sum(nets, then_first, then_last)
    then = before if known_from is not None and then_last >= known_from else None
    difference = None if then is None else net - then
    return TrendMonth(f"{first:%Y-%m}", net, then, difference, change(net, then), open_)


def _sum(nets: Mapping[dt.date, Decimal], first: dt.date, last: dt.date) -> Decimal:
    days = ((last - first).days + 1) if last >= first else 0
    return sum((nets.get(first + dt.timedelta(days=one), _ZERO) for one in range(days)), _ZERO)


def cumulated(nets: Mapping[dt.date, Decimal], first: dt.date, last: dt.date) -> list[Decimal]:
    """What the days from one to another have come to, day by day."""
    found, so_far = [], _ZERO
    for place in range((last - first).days + 1):
        so_far += nets.get(first + dt.timedelta(days=place), _ZERO)
        found.append(so_far)
    return found
