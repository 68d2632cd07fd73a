"""What sales come to in the spans that are compared."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, case, func, literal, select, type_coerce, union_all
from sqlmodel import Session, col

from channelctl import policy
from channelctl.money import from_units
from channelctl.period import Period, day
from channelctl.records.resolve import lookup
from channelctl.storage import BIG
from channelctl.systems.calendar import store as calendar
from channelctl.systems.calendar.rules import WorkDays
from channelctl.systems.customers.tables import Customer
from channelctl.systems.progress import rules, store_targets
from channelctl.systems.progress.rules import Found, Pace, Spans, Sums
from channelctl.systems.sales import store as sales
from channelctl.systems.sales import store_figures
from channelctl.systems.sales.rules import SalesPolicy
from channelctl.systems.sales.store import LINE, Scope

_NO_JOIN = ("customer", "product")


class Ended(NamedTuple):
    """The last day with sales at all, before the day that is asked for, and the work days from then to that one."""

    last: dt.date
    work_days: int


class Progress(NamedTuple):
    """A month to a day: its rows with totals, the work days, what each day since last month began came to.

    `target` is that of the whole scope, None where there is none.
    """

    day: dt.date
    by: str
    measure: str
    found: Found
    pace: Pace
    calendar: WorkDays
    nets: Mapping[dt.date, Decimal]
    target: Decimal | None
    unmeasured: int
    ended: Ended | None = None


def no_sale() -> Sequence[str]:
    """The statuses whose lines are no sale."""
    return policy.section("sales", SalesPolicy).no_sale_statuses


def day_meant(session: Session, as_of: str | None, today: dt.date) -> dt.date:
    """The day of --as-of, else the last day with sales, else today."""
    if as_of is not None:
        return rules.day_within(day(as_of))
    return sales.last_date(session, no_sale()) or today


def ended(session: Session, day_: dt.date) -> Ended | None:
    """Where the data end before a day; None where they do not, or no work day lies between."""
    last = sales.last_date(session, no_sale())
    if last is None or last >= day_:
        return None
    missing = calendar.work_days(session, last + dt.timedelta(days=1), day_).count()
    return Ended(last, missing) if missing else None


def progress(session: Session, by: str, day_: dt.date, scope: Scope, measure: str, without: str) -> Progress:
    """How far the month of a day has come by its end; what names no record is called `without`."""
    spans, last = rules.spans(day_), rules.month_end(day_)
    worked = calendar.work_days(session, spans.month[0], last)
    pace = Pace(worked.count(last=day_), worked.count())
    sums = sums_by(session, by, spans, scope, measure)
    counted, month = measure == "amount", f"{day_:%Y-%m}"
    targets = store_targets.targets(session, by, month, scope) if counted else {}
    whole = store_targets.targets(session, "office", month, scope) if counted and by == "product" else targets
    found = rules.progress(sums, targets, store_figures.names(session, by), without, pace, measure)
    nets = net_by_day(session, Period(spans.month_before[0], day_, ""), scope, measure)
    target = sum(whole.values(), sales.ZERO) if whole else None
    missing = 0 if counted else sum(one.unmeasured for one in sums)
    return Progress(day_, by, measure, found, pace, worked, nets, target, missing, ended(session, day_))


def sums_by(session: Session, by: str, spans: Spans, scope: Scope, measure: str = "amount") -> list[Sums]:
    """What the lines of each office, rep, customer or product come to in the spans.

    A line that names no office or rep counts for the customer's own.
    """
    each = (spans.month, spans.month_before, spans.year_before)
    queries = [_of_span(place, by, span, spans.day, scope, measure) for place, span in enumerate(each)]
    found: dict[int | None, Sums] = {}
    for place, id_, whole, today, missing in session.execute(union_all(*queries)):
        one = found.get(id_) or rules.nothing(id_)
        if place == 0:
            found[id_] = one._replace(today=_exact(today), month_to_date=_exact(whole), unmeasured=missing)
        elif place == 1:
            found[id_] = one._replace(last_month=_exact(whole))
        else:
            found[id_] = one._replace(last_year=_exact(whole))
    return list(found.values())


def _of_span(
    place: int, by: str, span: tuple[dt.date, dt.date], day_: dt.date, scope: Scope, measure: str
) -> Select[Any]:
    """A span by itself: asked for one by one, each is found by its days, and not among all lines."""
    value, key = type_coerce(LINE.c[measure], BIG), _keys()[by]
    query = (
        select(
            literal(place),
            key,
            func.sum(value),
            func.sum(case((LINE.c.date == day_, value), else_=0)),
            func.sum(case((value.is_(None), 1), else_=0)),
        )
        .select_from(LINE)
        .where(*sales.conditions(Period(*span, ""), scope, no_sale()))
        .group_by(key)
    )
    return _joined(query, scope, by not in _NO_JOIN)


def net_by_day(
    session: Session, period: Period, scope: Scope, measure: str = "amount", customer: int | None = None
) -> dict[dt.date, Decimal]:
    """What the lines of each day come to; with a customer only its own."""
    value = type_coerce(LINE.c[measure], BIG)
    query = (
        select(LINE.c.date, func.sum(value))
        .select_from(LINE)
        .where(*sales.conditions(period, scope, no_sale()))
        .group_by(LINE.c.date)
    )
    if customer is not None:
        query = query.where(LINE.c.customer_id == customer)
    return {day_: _exact(units) for day_, units in session.execute(_joined(query, scope, False))}


def customer_named(session: Session, word: str | None) -> tuple[int, str, str] | None:
    """The id, code and name of the customer that a word means."""
    if word is None:
        return None
    id_ = lookup(session, "customer", word)
    code, name = session.execute(
        select(col(Customer.code), col(Customer.name)).where(col(Customer.id) == id_)
    ).one()  # fmt: skip
    return id_, code, name


def _keys() -> dict[str, ColumnElement[Any]]:
    return {
        "customer": LINE.c.customer_id,
        "product": LINE.c.product_id,
        "rep": func.coalesce(LINE.c.rep_id, col(Customer.rep_id)),
        "office": func.coalesce(LINE.c.office_id, col(Customer.office_id)),
    }


def _joined(query: Select[Any], scope: Scope, needed: bool) -> Select[Any]:
    """With the customer beside the line where that is asked for."""
    if needed or {scope.rep, scope.channel, scope.industry} != {None}:
        return query.outerjoin(Customer, LINE.c.customer_id == col(Customer.id))
    return query


def _exact(units: Any) -> Decimal:
    return from_units(int(units or 0))
