"""Counts of stock beside what was bought and sold on between them."""

import datetime as dt
from typing import NamedTuple

from sqlalchemy import func, select
from sqlmodel import Session

from channelctl.period import Period
from channelctl.systems.stock import rules_check, store
from channelctl.systems.stock.rules import Count
from channelctl.systems.stock.rules_check import CheckRow


class Checked(NamedTuple):
    """Each product with two counts, and how many have no count before their only one."""

    rows: list[CheckRow]
    alone: int


def check(session: Session, whose: store.Asked, day: dt.date, month: Period | None) -> Checked:
    """The last count up to a day beside the one before it; of a month, its last beside the last one before the month.

    Where none is before the month, its first count is where it begins.
    """
    found = _of_month(session, whose, month) if month is not None else _last_two(session, whose, day)
    pairs = {pair: counts for pair, counts in found.items() if len(counts) > 1}
    days = [one.date for counts in pairs.values() for one in counts]
    if not days:
        return Checked([], len(found))
    span = Period.between(min(days), max(days))
    bought, sold = store.sell_in(session, whose, span), store.sell_out(session, whose, span)
    reported, items = store.reporting(session, whose, span), store.Items(session)
    rows = (
        rules_check.check(items[pair], counts, bought.get(pair, ()), sold.get(pair, ()), reported.get(pair[0], ()))
        for pair, counts in pairs.items()
    )
    return Checked(rules_check.in_order(row for row in rows if row is not None), len(found) - len(pairs))


def _last_two(session: Session, whose: store.Asked, day: dt.date) -> dict[store.Pair, list[Count]]:
    """The last two counts up to a day."""
    table = store.COUNT.c
    columns = [table[name] for name in ("customer_id", "product_id", "date", "quantity", "sold", "received")]
    place = func.row_number().over(partition_by=(table.customer_id, table.product_id), order_by=table.date.desc())
    ranked = (
        select(*columns, place.label("place"))
        .where(table.date <= day, *whose.of(table.customer_id, table.product_id))
        .subquery()
    )
    query = select(ranked).where(ranked.c.place <= 2)
    found: dict[store.Pair, list[Count]] = {}
    for customer, product, *count, _place in session.execute(query):
        found.setdefault((customer, product), []).append(Count(*count))
    return found


def _of_month(session: Session, whose: store.Asked, month: Period) -> dict[store.Pair, list[Count]]:
    """The counts of a month, with the last one before it."""
    found = store.counts(session, whose, month)
    before = store.last_counts(session, month.start - dt.timedelta(days=1))
    for (customer, product), counts in found.items():
        if (last := before.get(customer, {}).get(product)) is not None:
            counts.append(Count(last.date, last.quantity))
    return found
