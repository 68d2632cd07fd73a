"""Who bought, and when."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, case, func, or_, select, type_coerce
from sqlmodel import Session, col

from channelctl.money import from_units
from channelctl.period import Period
from channelctl.storage import BIG
from channelctl.systems.customers.tables import Customer
from channelctl.systems.org.tables import Office, Rep
from channelctl.systems.progress import rules_stopped, store
from channelctl.systems.progress.rules import to_date
from channelctl.systems.progress.rules_stopped import Quiet, StoppedRow
from channelctl.systems.progress.store import Ended
from channelctl.systems.sales import store as sales
from channelctl.systems.sales.store import LINE, ZERO, Scope

_AT_ONCE = 500
_DAY = dt.timedelta(days=1)


class Stopped(NamedTuple):
    """Who has stopped buying, from which day on purchases were looked for, and the first day of silence.

    `nobody` says that no customer at all has bought since.
    """

    rows: list[StoppedRow]
    period: Period
    silent_from: dt.date
    nobody: bool
    ended: Ended | None


def stopped(session: Session, day: dt.date, days: int, months: int, scope: Scope) -> Stopped:
    """The customers that bought in the months to a day but not in the last days of them; not those closed by then."""
    start = to_date(day, -months)[1] + _DAY
    period, silent_from = Period(start, day, ""), day - dt.timedelta(days=days - 1)
    quiet = _quiet(session, period, silent_from, scope)
    customers = _customers(session, quiet, day)
    bought = _purchase_days(session, [one.id for one in customers], period, scope)
    rows = rules_stopped.stopped(customers, bought, day)
    nobody = bool(rows) and not _anybody(session, Period(silent_from, day, ""), scope)
    return Stopped(rows, period, silent_from, nobody, store.ended(session, day))


def _anybody(session: Session, period: Period, scope: Scope) -> bool:
    """Whether there is a purchase in a period."""
    query = select(LINE.c.date).where(*sales.conditions(period, scope, store.no_sale()), LINE.c.amount > ZERO)
    return session.execute(_joined(query.limit(1), scope)).first() is not None


def _quiet(session: Session, period: Period, silent_from: dt.date, scope: Scope) -> dict[int, tuple[dt.date, Decimal]]:
    """The last purchase and net sales of those whose last purchase lies before a day; a return is no purchase."""
    last = func.max(case((LINE.c.amount > ZERO, LINE.c.date)))
    query = (
        select(LINE.c.customer_id, last, func.sum(type_coerce(LINE.c.amount, BIG)))
        .select_from(LINE)
        .where(*_bought(period, scope), LINE.c.customer_id.is_not(None))
        .group_by(LINE.c.customer_id)
        .having(last < silent_from)
    )
    rows = session.execute(_joined(query, scope))
    return {id_: (day, from_units(int(net))) for id_, day, net in rows}


def _customers(session: Session, quiet: Mapping[int, tuple[dt.date, Decimal]], day: dt.date) -> list[Quiet]:
    """Who they are, those closed by a day left out."""
    closed = col(Customer.closed_on)
    query = (
        select(col(Customer.id), col(Customer.code), col(Customer.name), col(Office.name), col(Rep.name))
        .outerjoin(Office, col(Customer.office_id) == col(Office.id))
        .outerjoin(Rep, col(Customer.rep_id) == col(Rep.id))
        .where(or_(closed.is_(None), closed > day))
    )
    rows = [row for some in _in_parts(list(quiet)) for row in session.execute(query.where(col(Customer.id).in_(some)))]
    return [Quiet(id_, code, name, office, rep, *quiet[id_]) for id_, code, name, office, rep in rows]


def _purchase_days(
    session: Session, customers: Sequence[int], period: Period, scope: Scope
) -> Iterator[tuple[int, dt.date]]:
    """The days on which they bought, in order."""
    query = (
        select(LINE.c.customer_id, LINE.c.date)
        .select_from(LINE)
        .where(*_bought(period, scope), LINE.c.amount > ZERO)
        .distinct()
        .order_by(LINE.c.customer_id, LINE.c.date)
    )
    for some in _in_parts(customers):
        rows = session.execute(_joined(query.where(LINE.c.customer_id.in_(some)), scope))
        yield from ((id_, day) for id_, day in rows)


def _bought(period: Period, scope: Scope) -> list[ColumnElement[bool]]:
    """The lines of a period; by customer, whose index holds all that is asked, rather than by day."""
    day = func.coalesce(LINE.c.date, LINE.c.date)
    return [*sales.conditions(None, scope, store.no_sale()), day.between(period.start, period.end)]


def _in_parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))


def _joined(query: Select[Any], scope: Scope) -> Select[Any]:
    if {scope.rep, scope.channel, scope.industry} == {None}:
        return query
    return query.outerjoin(Customer, LINE.c.customer_id == col(Customer.id))
