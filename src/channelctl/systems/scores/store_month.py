"""A month's scores as they come out of what is stored today."""

import datetime as dt
from collections.abc import Collection
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import func, or_, select
from sqlmodel import Session, col

from channelctl import policy
from channelctl.keeping import once
from channelctl.money import from_units, to_units
from channelctl.period import Period
from channelctl.systems.customers.tables import Customer
from channelctl.systems.plans import store as plans
from channelctl.systems.plans.rules import PlanPolicy
from channelctl.systems.plans.tables import PlanLine
from channelctl.systems.scores import rules, store_planned
from channelctl.systems.scores.rules import PlannedRow, ScorePolicy, ScoreRow


class Month(NamedTuple):
    """Every office with a plan for the month, ranked; its planned customers by code of the office; the offices' ids."""

    rows: list[ScoreRow]
    customers: dict[str, list[PlannedRow]]
    ids: dict[str, int]


@once
def computed(session: Session, month: str, cut: dt.date | None = None) -> Month:
    """The month by today's plan, sales, marks and policy; empty where there is no plan."""
    plan, own = policy.section("plans", PlanPolicy), policy.section("scores", ScorePolicy)
    targets = plans.class_targets(session, month)
    rows: list[ScoreRow] = []
    customers: dict[str, list[PlannedRow]] = {}
    ids: dict[str, int] = {}
    for (id_, code, name), found in _by_office(session, month, cut):
        row, customers[code] = rules.score_office(code, name, month, [one.sales(plan) for one in found], targets, own)
        rows.append(row)
        ids[code] = id_
    return Month(rules.rank(rows), customers, ids)


class Rated(NamedTuple):
    """An office's cooperation rate, and over how many planned customers."""

    rate: Decimal
    planned: int


@once
def rates(session: Session, month: str) -> dict[str, Rated]:
    """The cooperation rate alone of each office with a plan for the month."""
    own = policy.section("scores", ScorePolicy)
    targets = {name: to_units(target) for name, target in plans.class_targets(session, month).items()}
    return {
        code: Rated(
            rules.rate_of(
                (
                    (one.net, one.target, one.class_, None if one.mark is None else from_units(one.mark))
                    for one in found
                ),
                targets,
                own,
            ),
            len(found),
        )
        for (_id, code, _name), found in _by_office(session, month, None)
    }


def _by_office(
    session: Session, month: str, cut: dt.date | None
) -> list[tuple[tuple[int, str, str], list[store_planned.Planned]]]:
    """Each office's id, code and name with its planned customers, by code; without a plan no sales are summed."""
    if session.execute(select(col(PlanLine.id)).where(col(PlanLine.month) == month).limit(1)).first() is None:
        return []
    found: dict[tuple[int, str, str], list[store_planned.Planned]] = {}
    for one in store_planned.planned(session, month, Period.month(month).cut(cut)):
        found.setdefault(one[:3], []).append(one)
    return sorted(found.items(), key=lambda item: item[0][1])


@once
def levels(session: Session, month: str) -> dict[str, str | None]:
    """The market level of each customer planned for a month, by code."""
    query = (
        select(col(Customer.code), col(Customer.market_level))
        .join_from(PlanLine, Customer, col(PlanLine.customer_id) == col(Customer.id))
        .where(col(PlanLine.month) == month)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def unplanned_by_level(
    session: Session, month: str, offices: Collection[int] | None, day: dt.date
) -> dict[str | None, int]:  # fmt: skip
    """Customers that are not planned for a month, per market level; those closed by a day left out."""
    closed = col(Customer.closed_on)
    planned = select(col(PlanLine.customer_id)).where(col(PlanLine.month) == month)
    query = select(col(Customer.market_level), func.count()).where(or_(closed.is_(None), closed > day))
    if offices is not None:
        planned = planned.where(col(PlanLine.office_id).in_(offices))
        query = query.where(col(Customer.office_id).in_(offices))
    query = query.where(col(Customer.id).not_in(planned)).group_by(col(Customer.market_level))
    return {row[0]: row[1] for row in session.execute(query)}
