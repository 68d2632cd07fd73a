"""Who bought and buys no more."""

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, NamedTuple

from channelctl.columns import Col


class StoppedRow(NamedTuple):
    """A customer that has stopped; `usual_gap` is the median of days between its purchase days, None of one day."""

    code: Annotated[str, Col("编码", "Code", kind="code")]
    name: Annotated[str, Col("客户", "Customer")]
    office: Annotated[str | None, Col("办事处", "Office")]
    rep: Annotated[str | None, Col("客户经理", "Rep")]
    last_purchase: Annotated[dt.date, Col("最后提货", "Last purchase", kind="date")]
    days_since: Annotated[int, Col("未提货天数", "Days since", kind="count")]
    usual_gap: Annotated[Decimal | None, Col("通常间隔天数", "Usual gap", kind="quantity")]
    net_sales: Annotated[Decimal, Col("期间净销售额", "Net sales", kind="money")]


class Quiet(NamedTuple):
    """A customer without a recent purchase, and what it bought before."""

    id: int
    code: str
    name: str
    office: str | None
    rep: str | None
    last_purchase: dt.date
    net_sales: Decimal


def stopped(
    customers: Iterable[Quiet], days: Iterable[tuple[int, dt.date]], as_of: dt.date
) -> list[StoppedRow]:  # fmt: skip
    """The customers by net sales, the largest first; `days` are their purchase days in order."""
    bought: dict[int, list[dt.date]] = {}
    for id_, day in days:
        bought.setdefault(id_, []).append(day)
    rows = [
        StoppedRow(one.code, one.name, one.office, one.rep, one.last_purchase, (as_of - one.last_purchase).days,
                   usual_gap(bought.get(one.id, ())), one.net_sales)
        for one in customers
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (-row.net_sales, row.code))


def usual_gap(days: Sequence[dt.date]) -> Decimal | None:
    """The median of the days from one purchase day to the next."""
    gaps = sorted((after - before).days for before, after in pairwise(days))
    if not gaps:
        return None
    middle = len(gaps) // 2
    return Decimal(gaps[middle]) if len(gaps) % 2 else Decimal(gaps[middle - 1] + gaps[middle]) / 2
