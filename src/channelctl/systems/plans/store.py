"""Who is planned, and the targets that hold."""

import datetime as dt
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import func, or_, select
from sqlmodel import Session, col

from channelctl.systems.customers.tables import Customer
from channelctl.systems.org.tables import Office
from channelctl.systems.plans.rules import DISTRIBUTION, PlannedCustomer, PlanPolicy, is_core
from channelctl.systems.plans.tables import ClassTarget, PlanLine


class Plan(NamedTuple):
    """An office's plan for a month: (customer id, planned customer) in the order of their codes."""

    office_id: int
    office_code: str
    office: str
    customers: list[tuple[int, PlannedCustomer]]


def months(session: Session) -> list[str]:
    """The months with a plan, latest first."""
    query = select(col(PlanLine.month)).distinct().order_by(col(PlanLine.month).desc())
    return [row[0] for row in session.execute(query)]


def plans(session: Session, month: str, policy: PlanPolicy) -> list[Plan]:
    """Every office's plan for a month, by office code."""
    query = (
        select(
            col(Office.id), col(Office.code), col(Office.name), col(Customer.id), col(Customer.code),
            col(Customer.name), col(PlanLine.class_), col(PlanLine.core), col(PlanLine.target), col(Customer.channel),
        )
        .join_from(PlanLine, Office, col(PlanLine.office_id) == col(Office.id))
        .join(Customer, col(PlanLine.customer_id) == col(Customer.id))
        .where(col(PlanLine.month) == month)
        .order_by(col(Office.code), col(Customer.code))
    )  # fmt: skip
    found: dict[int, Plan] = {}
    for row in session.execute(query).all():
        plan = found.setdefault(row[0], Plan(row[0], row[1], row[2], []))
        core = is_core(row[6], row[7], policy)
        plan.customers.append((row[3], PlannedCustomer(row[4], row[5], row[6], core, row[8], row[9])))
    return list(found.values())


def class_targets(session: Session, month: str) -> Mapping[str, Decimal]:
    """Each class's default target in a month: the latest that holds from that month or before."""
    query = (
        select(col(ClassTarget.class_), col(ClassTarget.target))
        .where(col(ClassTarget.month) <= month)
        .order_by(col(ClassTarget.month))
    )
    return {row[0]: row[1] for row in session.execute(query)}


def customers_by_class(
    session: Session, offices: Collection[int] | None, day: dt.date
) -> Mapping[str | None, int]:  # fmt: skip
    """Customers per class, those closed by that day left out; distributors without one under "distribution"."""
    closed = col(Customer.closed_on)
    alike = col(Customer.class_), col(Customer.channel)
    query = select(*alike, func.count()).where(or_(closed.is_(None), closed > day)).group_by(*alike)
    if offices is not None:
        query = query.where(col(Customer.office_id).in_(offices))
    counts: dict[str | None, int] = {}
    for class_, channel, count in session.execute(query):
        key = class_ or (DISTRIBUTION if channel == DISTRIBUTION else None)
        counts[key] = counts.get(key, 0) + count
    return counts
