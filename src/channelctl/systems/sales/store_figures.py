"""What sales come to by customer, product, rep, office or region, and when customers bought."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, case, func, select, type_coerce
from sqlmodel import Session, col

from channelctl import policy
from channelctl.keeping import once
from channelctl.money import from_units
from channelctl.period import Period
from channelctl.records import kinds
from channelctl.storage import BIG
from channelctl.systems.customers.tables import Customer
from channelctl.systems.org.tables import Office, Rep
from channelctl.systems.sales.rules import SalesPolicy, SourceLine
from channelctl.systems.sales.store import LINE, ZERO, Scope, conditions, lines_where


class Figures(NamedTuple):
    """What the lines of a record come to, of those that name none with id None.

    `quantity` and `profit` are of the lines that have a quantity or a cost, None where no line has. `turnover` and
    `costed` are the amounts without their signs, of all lines and of those with a cost.
    """

    id: int | None
    lines: int
    net: Decimal
    quantity: Decimal | None
    counted: int
    profit: Decimal | None
    turnover: Decimal
    costed: Decimal


class Bought(NamedTuple):
    """A customer's purchases: the last day, and how many documents, days where a line names none."""

    id: int
    last: dt.date
    times: int


def figures_by(session: Session, by: str, period: Period, scope: Scope, no_sale: Sequence[str]) -> list[Figures]:
    """Net sales, quantity and profit by customer, product, rep, office or region.

    A line that names no office or rep counts for the customer's own; one that names no region for that of its office.
    """
    amount, quantity, cost = (type_coerce(LINE.c[name], BIG) for name in ("amount", "quantity", "cost"))
    has_cost = cost.is_not(None)
    key = _keys()[by]
    query = (
        select(
            key,
            func.count(),
            func.sum(amount),
            func.sum(quantity),
            func.count(quantity),
            func.sum(amount - cost),
            func.sum(func.abs(amount)),
            func.sum(case((has_cost, func.abs(amount)), else_=0)),
        )
        .select_from(LINE)
        .where(*conditions(period, scope, no_sale))
        .group_by(key)
    )
    rows = session.execute(_joined(query, by, scope))
    return [
        Figures(id_, lines, _sum(net), _known(sold), counted, _known(profit), _sum(turnover), _sum(costed))
        for id_, lines, net, sold, counted, profit, turnover, costed in rows
    ]


def lines_of(
    session: Session, by: str, id_: int, period: Period, scope: Scope, no_sale: Sequence[str], counted: bool = True
) -> list[SourceLine]:
    """The lines behind what a customer, product, rep, office or region comes to; else those whose status is no sale."""
    return lines_where(session, _keys()[by] == id_, period, scope, no_sale, counted)


@once
def names(session: Session, by: str) -> dict[int, tuple[str, str]]:
    """The code and name of every record of a kind by id; reps of the same name with their offices."""
    table = kinds()[by].model().__table__
    found = {row[0]: (row[1], row[2]) for row in session.execute(select(table.c.id, table.c.code, table.c.name))}
    return _with_offices(session, found) if by == "rep" else found


def _with_offices(session: Session, reps: dict[int, tuple[str, str]]) -> dict[int, tuple[str, str]]:
    """Reps by id, with the office behind a name that several of them have."""
    times = Counter(name for _code, name in reps.values())
    if all(count == 1 for count in times.values()):
        return reps
    query = select(col(Rep.id), col(Office.name)).join_from(Rep, Office, col(Rep.office_id) == col(Office.id))
    offices = {row[0]: row[1] for row in session.execute(query)}
    return {
        id_: (code, f"{name} ({offices[id_]})" if times[name] > 1 and id_ in offices else name)
        for id_, (code, name) in reps.items()
    }


def purchases(session: Session, period: Period, scope: Scope, no_sale: Sequence[str]) -> list[Bought]:
    """Every customer's purchases in a period: lines with a positive amount, so that no return counts as one."""
    without = case((LINE.c.document.is_(None), LINE.c.date))
    query = (
        select(
            LINE.c.customer_id,
            func.max(LINE.c.date),
            func.count(LINE.c.document.distinct()) + func.count(without.distinct()),
        )
        .select_from(LINE)
        .where(*conditions(period, scope, no_sale), LINE.c.amount > ZERO, LINE.c.customer_id.is_not(None))
        .group_by(LINE.c.customer_id)
    )
    return [Bought(*row) for row in session.execute(_joined(query, "customer", scope))]


@once
def bought_before(session: Session, day: dt.date, no_sale: Sequence[str]) -> set[int]:
    """The customers that had bought before a day, whatever and wherever."""
    if day == dt.date.min:
        return set()
    earlier = Period(dt.date.min, day - dt.timedelta(days=1), "")
    query = (
        select(LINE.c.customer_id)
        .where(*conditions(earlier, Scope(), no_sale), LINE.c.amount > ZERO, LINE.c.customer_id.is_not(None))
        .distinct()
    )
    return {row[0] for row in session.execute(query)}


def _keys() -> dict[str, ColumnElement[Any]]:
    return {
        "customer": LINE.c.customer_id,
        "product": LINE.c.product_id,
        "rep": func.coalesce(LINE.c.rep_id, col(Customer.rep_id)),
        "office": func.coalesce(LINE.c.office_id, col(Customer.office_id)),
        "region": func.coalesce(LINE.c.region_id, col(Office.region_id)),
    }


def _joined(query: Select[Any], by: str, scope: Scope) -> Select[Any]:
    """With the customer, and the office, beside the line where they are asked for."""
    if by in ("rep", "office", "region") or {scope.rep, scope.channel, scope.industry} != {None}:
        query = query.outerjoin(Customer, LINE.c.customer_id == col(Customer.id))
    if by == "region":
        query = query.outerjoin(Office, func.coalesce(LINE.c.office_id, col(Customer.office_id)) == col(Office.id))
    return query


def _known(units: Any) -> Decimal | None:
    return None if units is None else from_units(int(units))


def _sum(units: Any) -> Decimal:
    return from_units(int(units or 0))


def net_by_batch(session: Session) -> dict[int, Decimal]:
    """What each batch changed net sales by: the lines that it brought, without those that it ended."""
    counted = conditions(None, Scope(), policy.section("sales", SalesPolicy).no_sale_statuses, ended=True)
    found: dict[int, Decimal] = {}
    for batch, sign in ((LINE.c.batch_id, 1), (LINE.c.ended_batch_id, -1)):
        query = select(batch, func.sum(LINE.c.amount)).where(batch.is_not(None), *counted).group_by(batch)
        for number, net in session.execute(query).all():
            found[number] = found.get(number, ZERO) + sign * net
    return found
