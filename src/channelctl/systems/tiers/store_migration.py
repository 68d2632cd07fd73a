"""The two gradings that a migration is between."""

from collections.abc import Mapping
from typing import NamedTuple

from sqlmodel import Session

from channelctl.period import Period
from channelctl.systems.sales import store as sales
from channelctl.systems.tiers import rules, store, store_history
from channelctl.systems.tiers.rules_history import Run


class Side(NamedTuple):
    """A grading at the end of a month by customer code: the run that was applied, else what was counted now."""

    month: Period
    run: Run | None
    tiers: store_history.Tiered


def side(session: Session, month: Period, method: str, limits: rules.TierPolicy, scope: sales.Scope) -> Side:
    """The last run whose period ends in the month; without one, the 12 months that end with it, everybody on file."""
    run = store_history.run_of_month(session, method, scope.params(), month)
    if run is not None:
        return Side(month, run, store_history.tiers_of(session, run))
    found = store.sales_by_customer(session, Period.twelve_months_to(month.end), scope, True, method)
    rows = rules.grade(method, found.customers, limits)
    return Side(month, None, {row.customer_code: (row.tier, row.net_sales) for row in rows})


def names(session: Session) -> Mapping[str, str]:
    """Every customer's name by code."""
    return {one.code: one.name for one in sales.customer_names(session).values()}
