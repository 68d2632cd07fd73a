"""Who bought, and when."""

import datetime as dt
from typing import Any, NamedTuple

from sqlalchemy import Select, Subquery, case, func, or_, select, type_coerce
from sqlmodel import Session, col

from channelctl.money import from_units
from channelctl.period import Period
from channelctl.storage import BIG
from channelctl.systems.customers.tables import Customer
from channelctl.systems.org.tables import Office, Rep
from channelctl.systems.progress import rules_stopped, store
from channelctl.systems.progress.rules import to_date
from channelctl.systems.progress.rules_stopped import Quiet, StoppedRow
from channelctl.systems.sales import store as sales
from channelctl.systems.sales.store import LINE, ZERO, Scope

_DAY = dt.timedelta(days=1)


class Stopped(NamedTuple):
    """Who has stopped buying, from which day on purchases were looked for, and the first day of silence."""

    rows: list[StoppedRow]
    period: Period
    silent_from: dt.date


def stopped(session: Session, day: dt.date, days: int, months: int, scope: Scope) -> Stopped:
    """The customers that bought in the months to a day but not in the last days of them; not those closed by then."""
    start = to_date(day, -months)[1] + _DAY
    period, silent_from = Period(start, day, ""), day - dt.timedelta(days=days - 1)
    quiet = _quiet(period, silent_from, scope)
    rows = rules_stopped.stopped(_customers(session, quiet, day), _purchase_days(session, quiet, period, scope), day)
    return Stopped(rows, period, silent_from)


def _quiet(period: Period, silent_from: dt.date, scope: Scope) -> Subquery:
    """The last purchase and net sales of those whose last purchase lies before a day; a return is no purchase."""
    last = func.max(case((LINE.c.amount > ZERO, LINE.c.date)))
    query = (
        select(LINE.c.customer_id, last.label("last"), func.sum(type_coerce(LINE.c.amount, BIG)).label("net"))
        .select_from(LINE)
        .where(*sales.conditions(period, scope, store.no_sale()), LINE.c.customer_id.is_not(None))
        .group_by(LINE.c.customer_id)
        .having(last < silent_from)
    )
    return _joined(query, scope).subquery()


def _customers(session: Session, quiet: Subquery, day: dt.date) -> list[Quiet]:
    closed = col(Customer.closed_on)
    query = (
        select(
            col(Customer.id), col(Customer.code), col(Customer.name), col(Office.name), col(Rep.name),
            type_coerce(quiet.c.last, LINE.c.date.type), quiet.c.net,
        )
        .join_from(quiet, Customer, quiet.c.customer_id == col(Customer.id))
        .outerjoin(Office, col(Customer.office_id) == col(Office.id))
        .outerjoin(Rep, col(Customer.rep_id) == col(Rep.id))
        .where(or_(closed.is_(None), closed > day))
    )  # fmt: skip
    return [Quiet(*row[:-1], from_units(int(row[-1]))) for row in session.execute(query)]


def _purchase_days(session: Session, quiet: Subquery, period: Period, scope: Scope) -> list[tuple[int, dt.date]]:
    """The days on which they bought, in order."""
    query = (
        select(LINE.c.customer_id, LINE.c.date)
        .select_from(LINE)
        .where(
            *sales.conditions(period, scope, store.no_sale()),
            LINE.c.amount > ZERO,
            LINE.c.customer_id.in_(select(quiet.c.customer_id)),
        )
        .distinct()
        .order_by(LINE.c.customer_id, LINE.c.date)
    )
    return [(row[0], row[1]) for row in session.execute(_joined(query, scope))]


def _joined(query: Select[Any], scope: Scope) -> Select[Any]:
    if {scope.rep, scope.channel, scope.industry} == {None}:
        return query
    return query.outerjoin(Customer, LINE.c.customer_id == col(Customer.id))
