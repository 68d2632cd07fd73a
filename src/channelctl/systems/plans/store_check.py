"""What the plans of a month are checked against."""

from sqlalchemy import select
from sqlmodel import Session, col

from channelctl import policy as policies
from channelctl.period import Period
from channelctl.records.bounds import offices_seen
from channelctl.systems.customers.rules import CustomerPolicy
from channelctl.systems.customers.tables import Customer
from channelctl.systems.org.tables import Office
from channelctl.systems.plans import rules_check, store
from channelctl.systems.plans.rules import PlanPolicy
from channelctl.systems.plans.rules_check import Checked, Line, OfficeGoal
from channelctl.systems.plans.rules_show import target_of
from channelctl.systems.plans.store_versions import month_of, planned
from channelctl.systems.plans.tables import OfficeTarget


def checked(session: Session, month: str, policy: PlanPolicy) -> Checked:
    """The check of all offices' plans for a month.

    Raises:
        RefusedError: there is no plan for it.
    """
    wanted = month_of(month)
    plans = planned(session, wanted, None, policy)
    of_classes = store.class_targets(session, wanted)
    file = {row[0]: (row[1], row[2]) for row in session.execute(
        select(col(Customer.id), col(Customer.market_level), col(Customer.closed_on))
    )}  # fmt: skip
    lines = [
        Line(
            plan.office_code, plan.office, one.customer_code, one.customer, one.class_, one.core,
            target_of(one.target, one.class_, of_classes), one.channel, *file[id_],
        )
        for plan in plans
        for id_, one in plan.customers
    ]  # fmt: skip
    targets = (
        select(col(Office.code), col(Office.name), col(OfficeTarget.target))
        .join(Office, col(Office.id) == col(OfficeTarget.office_id))
        .where(col(OfficeTarget.month) == wanted)
    )
    goals = {row[0]: OfficeGoal(*row) for row in session.execute(targets)}
    goals = {plan.office_code: OfficeGoal(plan.office_code, plan.office, None) for plan in plans} | goals
    levels = policies.section("customers", CustomerPolicy).market_levels
    return rules_check.check(
        wanted, Period.month(wanted).end, lines, [goals[code] for code in sorted(goals)], levels, policy,
        offices_seen(session) is None,
    )  # fmt: skip
