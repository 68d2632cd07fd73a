"""What the rebate rules cost in a period: those in force, or those of a sheet that stands for them."""

from typing import NamedTuple

from sqlmodel import Session

from channelctl.period import Period
from channelctl.records import standins
from channelctl.systems.rebates import rules_whatif, store_accrual, store_gap
from channelctl.systems.rebates.rules_whatif import CostRow, PolicyCost
from channelctl.systems.sales import store as sales


class Cost(NamedTuple):
    """What customers and policies come to; `moved` are policies of a sheet that hold on no day of the period."""

    period: Period
    scope: sales.Scope
    rows: list[CostRow]
    policies: list[PolicyCost]
    rules: int
    moved: list[str]


def cost(session: Session, period: Period, **asked: str | None) -> Cost:
    """The rebates of the windows that touch a period, each whole up to the period's end."""
    scope = sales.scope(session, **asked)
    rules, moved = store_accrual.in_force(session), list[str]()
    if standins.of("rebate_rule") is not None:
        rules, moved = rules_whatif.as_if_in(rules, period)
    found = store_accrual.earned(session, rules, period.start, period.end)
    if scope.words:
        own = store_gap.customers_of(session, scope)
        found = [row for row in found if row.customer_id in own]
    return Cost(period, scope, rules_whatif.costs(found), rules_whatif.by_policy(found), len(rules), moved)
