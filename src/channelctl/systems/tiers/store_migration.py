"""The two gradings that a migration is between."""

from collections.abc import Mapping
from typing import NamedTuple

from sqlmodel import Session

from channelctl.period import Period
from channelctl.systems.sales import store as sales
from channelctl.systems.tiers import rules, rules_migration, store, store_history
from channelctl.systems.tiers.rules_history import Run


class Side(NamedTuple):
    """A grading at the end of a month by customer code: the run that was applied, else what was counted now."""

    month: Period
    run: Run | None
    tiers: store_history.Tiered
    counted: Period | None = None

    @property
    def graded(self) -> Period:
        """The days whose sales made the tiers."""
        if self.counted is not None or self.run is None:
            return self.counted or self.month
        return rules_migration.graded(self.run)


def sides(
    session: Session, months: tuple[Period, Period], method: str, limits: rules.TierPolicy, scope: sales.Scope
) -> tuple[Side, Side]:
    """For each month the last run whose period ends in it.

    Without one, everybody on file is counted over a period as long as the other month's run, else over 12 months.
    """
    first, second = (store_history.run_of_month(session, method, scope.params(), month) for month in months)

    def side(month: Period, run: Run | None, other: Run | None) -> Side:
        if run is not None:
            return Side(month, run, store_history.tiers_of(session, run))
        days = (other.first_day, other.last_day) if other is not None else None
        period = rules_migration.as_long(days, month)
        found = store.sales_by_customer(session, period, scope, True, method)
        rows = rules.grade(method, found.customers, limits)
        return Side(month, None, {row.customer_code: (row.tier, row.net_sales) for row in rows}, period)

    return side(months[0], first, second), side(months[1], second, first)


def names(session: Session) -> Mapping[str, str]:
    """Every customer's name by code."""
    return {one.code: one.name for one in sales.customer_names(session).values()}
