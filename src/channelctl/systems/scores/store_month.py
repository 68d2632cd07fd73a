"""A month's scores as they come out of what is stored today."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import func, or_, select
from sqlmodel import Session, col

from channelctl import policy
from channelctl.period import Period
from channelctl.systems.customers.tables import Customer
from channelctl.systems.plans import store as plans
from channelctl.systems.plans.rules import PlanPolicy
from channelctl.systems.plans.tables import PlanLine
from channelctl.systems.sales import store as sales
from channelctl.systems.sales.rules import SalesPolicy
from channelctl.systems.scores import rules
from channelctl.systems.scores.rules import PlannedRow, PlannedSales, ScorePolicy, ScoreRow
from channelctl.systems.scores.tables import ScoreMark

Marks = Mapping[tuple[int, int], Decimal]


class Month(NamedTuple):
    """Every office with a plan for the month, ranked; its planned customers by code of the office; the offices' ids."""

    rows: list[ScoreRow]
    customers: dict[str, list[PlannedRow]]
    ids: dict[str, int]


def computed(session: Session, month: str, cut: dt.date | None = None) -> Month:
    """The month by today's plan, sales, marks and policy; empty where there is no plan."""
    found = plans.plans(session, month, policy.section("plans", PlanPolicy))
    if not found:
        return Month([], {}, {})
    no_sale = policy.section("sales", SalesPolicy).no_sale_statuses
    own = policy.section("scores", ScorePolicy)
    nets = planned_sales(
        session, found, Period.month(month).cut(cut), no_sale, own.sales_of == "office", marks(session, month)
    )
    targets = plans.class_targets(session, month)
    results = [
        rules.score_office(plan.office_code, plan.office, month, nets[plan.office_id], targets, own) for plan in found
    ]
    return Month(
        rules.rank(row for row, _customers in results),
        {row.office_code: customers for row, customers in results},
        {plan.office_code: plan.office_id for plan in found},
    )


def marks(session: Session, month: str) -> Marks:
    """The scores of a month that were set by hand, by office and customer."""
    query = select(col(ScoreMark.office_id), col(ScoreMark.customer_id), col(ScoreMark.score)).where(
        col(ScoreMark.month) == month
    )
    return {(row[0], row[1]): row[2] for row in session.execute(query)}


def planned_sales(
    session: Session,
    found: Sequence[plans.Plan],
    period: Period,
    no_sale: Sequence[str],
    by_office: bool,
    marked: Marks,
) -> dict[int, list[PlannedSales]]:
    """Each office's planned customers with their net sales of the period; no sales are 0."""
    nets = sales.net_of_customers(session, period, no_sale, by_office)
    return {
        plan.office_id: [
            PlannedSales(*planned, _net(nets, plan.office_id, id_, by_office), marked.get((plan.office_id, id_)))
            for id_, planned in plan.customers
        ]
        for plan in found
    }


def _net(nets: Mapping[tuple[int | None, int], Decimal], office: int, customer: int, by_office: bool) -> Decimal:
    """By office, lines that name none, of a customer without one, count for the office that plans the customer."""
    without = nets.get((None, customer), sales.ZERO)
    return nets.get((office, customer), sales.ZERO) + without if by_office else without


def levels(session: Session, month: str) -> dict[str, str | None]:
    """The market level of each customer planned for a month, by code."""
    query = (
        select(col(Customer.code), col(Customer.market_level))
        .join_from(PlanLine, Customer, col(PlanLine.customer_id) == col(Customer.id))
        .where(col(PlanLine.month) == month)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def unplanned_by_level(session: Session, month: str, office_id: int | None, day: dt.date) -> dict[str | None, int]:
    """Customers that are not planned for a month, per market level; those closed by a day left out."""
    closed = col(Customer.closed_on)
    planned = select(col(PlanLine.customer_id)).where(col(PlanLine.month) == month)
    query = select(col(Customer.market_level), func.count()).where(or_(closed.is_(None), closed > day))
    if office_id is not None:
        planned = planned.where(col(PlanLine.office_id) == office_id)
        query = query.where(col(Customer.office_id) == office_id)
    query = query.where(col(Customer.id).not_in(planned)).group_by(col(Customer.market_level))
    return {row[0]: row[1] for row in session.execute(query)}
