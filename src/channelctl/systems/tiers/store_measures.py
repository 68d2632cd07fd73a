"""The sales that tiers by quantity or profit, or of products, reps, offices and regions, are made of."""

import datetime as dt
from typing import NamedTuple

from sqlmodel import Session

from channelctl import policy
from channelctl.period import Period
from channelctl.records import kinds
from channelctl.records.resolve import lookup
from channelctl.systems.sales import store as sales
from channelctl.systems.sales import store_figures
from channelctl.systems.sales.rules import SalesPolicy
from channelctl.systems.tiers.rules_measures import CUSTOMER, Measured
from channelctl.systems.tiers.store import Behind

_NOTHING = store_figures.Figures(None, 0, sales.ZERO, None, 0, None, sales.ZERO, sales.ZERO)


class FoundBy(NamedTuple):
    """What is graded, what one of it is called, the lines that name none, and the last day with sales at all."""

    entries: list[Measured]
    kind: str
    without: Measured
    data_end: dt.date | None = None

    @property
    def all(self) -> list[Measured]:
        """Every line of the period, whatever it names."""
        return [*self.entries, self.without]

    @property
    def lines(self) -> int:
        """How many lines that is."""
        return sum(one.lines for one in self.all)


def measured_by(session: Session, by: str, period: Period, scope: sales.Scope, include_inactive: bool) -> FoundBy:
    """What the sales of each customer, product, rep, office or region come to.

    With `include_inactive`, which is for customers, also those without any.
    """
    no_sale = policy.section("sales", SalesPolicy).no_sale_statuses
    found = {one.id: one for one in store_figures.figures_by(session, by, period, scope, no_sale)}
    without = found.pop(None, _NOTHING)
    names = store_figures.names(session, by)
    if include_inactive and by == CUSTOMER:
        found |= {id_: _NOTHING for id_ in sales.customers_in(session, scope, period.end) if id_ not in found}
    entries = [_measured(names[id_], one) for id_, one in found.items() if id_ is not None]
    return FoundBy(entries, kinds()[by].one, _measured(("", ""), without), sales.last_date(session, no_sale))


def behind(session: Session, by: str, word: str, period: Period, scope: sales.Scope) -> Behind:
    """The lines of the customer, product, rep, office or region that a code or name means.

    Raises:
        UsageError: there is none, or the name fits several.
    """
    id_ = lookup(session, by, word)
    no_sale = policy.section("sales", SalesPolicy).no_sale_statuses
    lines = [store_figures.lines_of(session, by, id_, period, scope, no_sale, counted) for counted in (True, False)]
    return Behind(*store_figures.names(session, by)[id_], *lines)


def _measured(name: tuple[str, str], one: store_figures.Figures) -> Measured:
    return Measured(
        *name, one.lines, one.net, one.quantity, one.counted, one.profit, one.turnover, one.costed
    )  # fmt: skip
