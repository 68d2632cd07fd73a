"""Stock on a day, and how long it lasts at what goes a week."""

import datetime as dt
from typing import NamedTuple

from sqlmodel import Session

from channelctl.period import Period
from channelctl.systems.stock import rules_cover, store
from channelctl.systems.stock.rules import StockPolicy, between
from channelctl.systems.stock.rules_cover import CoverRow


class Covered(NamedTuple):
    """Each product whose stock is known; how many others were bought or sold on there; the last day with sell-out."""

    rows: list[CoverRow]
    unknown: int
    last_sold: dt.date | None


def cover(session: Session, whose: store.Asked, day: dt.date, limits: StockPolicy) -> Covered:
    """How long what customers hold on a day lasts."""
    rated = day - dt.timedelta(weeks=limits.weeks)
    counted = day - dt.timedelta(days=limits.count_days)
    span = Period.between(min(rated, counted) + dt.timedelta(days=1), day)
    counts = store.counts(session, whose, span)
    bought, sold = store.sell_in(session, whose, span), store.sell_out(session, whose, span)
    reporting = {one for one, days in store.reporting(session, whose, span).items() if max(days) > rated}
    items, rows, unknown = store.Items(session), [], 0
    for pair in sorted({*counts, *bought, *sold}):
        came, went, reports = bought.get(pair, []), sold.get(pair, []), pair[0] in reporting
        row = rules_cover.cover(items[pair], counts.get(pair, ()), came, went, reports, day, limits)
        if row is not None:
            rows.append(row)
        elif not any(one.date > counted for one in counts.get(pair, ())):
            unknown += between(went if reports else came, rated, day) > 0
    return Covered(rules_cover.in_order(rows), unknown, store.last_sold_on(session, day))
