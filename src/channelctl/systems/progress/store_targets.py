"""What a month is to come to."""

from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import select
from sqlmodel import Session, col

from channelctl.systems.customers.tables import Customer
from channelctl.systems.org.tables import Office
from channelctl.systems.plans.rules_show import target_of
from channelctl.systems.plans.store import class_targets
from channelctl.systems.plans.tables import OfficeTarget, PlanLine
from channelctl.systems.sales.store import ZERO, Scope


class _Planned(NamedTuple):
    office: int
    customer: int
    rep: int | None
    target: Decimal


def targets(session: Session, by: str, month: str, scope: Scope) -> dict[int | None, Decimal]:
    """The targets of a month by office, rep or customer; products have none, nor has a scope of one.

    An office's is its own, else the sum of its planned customers'; of a part of an office it is always the sum.
    """
    if by == "product" or scope.product is not None:
        return {}
    found: dict[int | None, Decimal] = {}
    for one in _planned(session, month, scope):
        key = {"office": one.office, "rep": one.rep, "customer": one.customer}[by]
        found[key] = found.get(key, ZERO) + one.target
    if by == "office" and scope.rep is None and scope.channel is None and scope.industry is None:
        found |= _of_offices(session, month, scope)
    return found


def _planned(session: Session, month: str, scope: Scope) -> list[_Planned]:
    """The planned customers of the scope with the target that holds; those without one are left out."""
    query = (
        select(
            col(PlanLine.office_id), col(PlanLine.customer_id), col(Customer.rep_id),
            col(PlanLine.target), col(PlanLine.class_),
        )
        .join_from(PlanLine, Customer, col(PlanLine.customer_id) == col(Customer.id))
        .where(col(PlanLine.month) == month)
    )  # fmt: skip
    for column, value in (
        (Customer.rep_id, scope.rep),
        (Customer.channel, scope.channel),
        (Customer.industry, scope.industry),
        (PlanLine.office_id, scope.office),
    ):
        if value is not None:
            query = query.where(col(column) == value)
    if scope.region is not None:
        own = select(col(Office.id)).where(col(Office.region_id) == scope.region)
        query = query.where(col(PlanLine.office_id).in_(own))
    of_classes = class_targets(session, month)
    rows = [
        (office, customer, rep, target_of(target, class_, of_classes))
        for office, customer, rep, target, class_ in session.execute(query)
    ]
    return [_Planned(office, customer, rep, target) for office, customer, rep, target in rows if target is not None]


def _of_offices(session: Session, month: str, scope: Scope) -> dict[int | None, Decimal]:
    """The offices' own targets; 0 or less is none."""
    query = (
        select(col(OfficeTarget.office_id), col(OfficeTarget.target))
        .join_from(OfficeTarget, Office, col(OfficeTarget.office_id) == col(Office.id))
        .where(col(OfficeTarget.month) == month)
    )
    if scope.office is not None:
        query = query.where(col(Office.id) == scope.office)
    if scope.region is not None:
        query = query.where(col(Office.region_id) == scope.region)
    return {office: target for office, target in session.execute(query) if target > 0}
