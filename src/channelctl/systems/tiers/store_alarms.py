"""What the alarms of customers are made of."""

import datetime as dt
from decimal import Decimal
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col

from channelctl import policy as policies
from channelctl.period import Period
from channelctl.systems.customers.tables import Customer
from channelctl.systems.org.tables import Office, Rep
from channelctl.systems.sales import store as sales
from channelctl.systems.sales.rules import SalesPolicy
from channelctl.systems.tiers import store_history
from channelctl.systems.tiers.rules_alarms import (
    AlarmPolicy,
    AlarmRow,
    Watched,
    fallen,
    quiet,
    shrunk,
    sorted_alarms,
    span_before,
    with_last,
)
from channelctl.systems.tiers.rules_history import Run


class Alarms(NamedTuple):
    """The alarms of a day, the two spans that were compared, the two runs if there are two, and where sales begin."""

    rows: list[AlarmRow]
    customers: int
    day: dt.date
    period: Period
    before: Period
    runs: tuple[Run, Run] | None
    first_sale: dt.date | None


def alarms(session: Session, scope: sales.Scope, period: Period, up_to: dt.date | None, policy: AlarmPolicy) -> Alarms:
    """What is the matter, at the end of a span, with the customers on file; runs are those that end up to a day."""
    day = period.end
    end = up_to or dt.date.max
    watched = _watched(session, scope, day, end)
    before = span_before(period)
    runs = store_history.last_two(session, end)
    rows: list[AlarmRow] = []
    if runs is not None:
        rows += fallen(watched, *(store_history.tiers_of(session, run) for run in runs))
    rows += shrunk(watched, _nets(session, before), _nets(session, period), policy)
    bought = _last_purchases(session, day)
    rows += quiet(watched, bought, day, policy)
    told = with_last(sorted_alarms(rows), bought, day)
    return Alarms(told, len(watched), day, period, before, runs, sales.span(session)[0])


def _watched(session: Session, scope: sales.Scope, day: dt.date, up_to: dt.date) -> list[Watched]:
    on_file = set(sales.customers_in(session, scope, day))
    tiers = store_history.in_force(session, day, up_to)
    query = (
        sa.select(
            col(Customer.id), col(Customer.code), col(Customer.name), col(Rep.code), col(Rep.name), col(Office.name)
        )
        .outerjoin(Rep, col(Rep.id) == col(Customer.rep_id))
        .outerjoin(Office, col(Office.id) == col(Customer.office_id))
        .order_by(col(Customer.code))
    )
    rows = [row for row in session.execute(query) if row[0] in on_file]
    return [Watched(row[1], row[2], row[3], row[4], row[5], tiers.get(row[1], "C")) for row in rows]


def _nets(session: Session, period: Period) -> dict[str, Decimal]:
    """Net sales of a span by customer code."""
    names = sales.customer_names(session)
    nets = sales.net_by_customer(session, period, sales.Scope(), _no_sale())
    return {names[one.id].code: one.net for one in nets if one.id is not None}


def _last_purchases(session: Session, day: dt.date) -> dict[str, dt.date]:
    """The last day up to a day on which each customer bought something, by its code; returns are no purchase."""
    names, line = sales.customer_names(session), sales.LINE.c
    span = Period(dt.date.min, day, "")
    bought = (line.customer_id.is_not(None), line.amount > sales.ZERO)
    query = (
        sa.select(line.customer_id, sa.func.max(line.date))
        .where(*sales.conditions(span, sales.Scope(), _no_sale()), *bought)
        .group_by(line.customer_id)
    )
    return {names[row[0]].code: row[1] for row in session.execute(query)}


def _no_sale() -> tuple[str, ...]:
    return tuple(policies.section("sales", SalesPolicy).no_sale_statuses)
