"""What the rebate rules cost in a period: those in force, or those of a sheet that stands for them."""

import datetime as dt
from typing import NamedTuple

from sqlmodel import Session

from channelctl.period import Period
from channelctl.records import standins
from channelctl.systems.rebates import rules_whatif, store_accrual, store_policy
from channelctl.systems.rebates.rules_whatif import CostRow, PolicyCost
from channelctl.systems.sales import store as sales


class Cost(NamedTuple):
    """What customers and policies come to; `moved` are policies of a sheet that hold on no day of the period.

    `as_of` is the day that was asked for.
    """

    period: Period
    as_of: dt.date | None
    scope: sales.Scope
    rows: list[CostRow]
    policies: list[PolicyCost]
    rules: int
    moved: list[str]


def cost(session: Session, period: Period, as_of: dt.date | None, **asked: str | None) -> Cost:
    """The rebates of the windows that touch a period, each whole up to a day, by default the last with sales."""
    through = as_of or max(period.end, store_policy.through(session, period, None))
    period = period.cut(as_of)
    scope = sales.scope(session, **asked)
    rules, moved = store_accrual.in_force(session), list[str]()
    if standins.of("rebate_rule") is not None:
        rules, moved = rules_whatif.as_if_in(rules, period)
    found = store_accrual.earned(session, rules, period.start, period.end, through=through)
    found = store_accrual.of_customers(found, sales.customers_of(session, scope))
    return Cost(period, as_of, scope, rules_whatif.costs(found), rules_whatif.by_policy(found), len(rules), moved)
