"""Sums of sale lines and activations by customer, group of products and part of the time."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    Subquery,
    and_,
    case,
    func,
    literal,
    select,
    tuple_,
    type_coerce,
)
from sqlmodel import Session, col

from channelctl import policy
from channelctl.storage import BIG
from channelctl.systems.rebates.rules import RebatePolicy
from channelctl.systems.rebates.tables import Activation
from channelctl.systems.sales.rules import SalesPolicy
from channelctl.systems.sales.store import LINE, Scope, conditions


class Cell(NamedTuple):
    """Units and net sales, in 1/10,000ths, of a customer's lines of a group of products in a part of the time."""

    customer: int
    group: int
    part: int
    paid: bool
    quantity: int
    amount: int


class Asked(NamedTuple):
    """Which lines: through a day, by groups of products (those in none are group 0), in parts between `marks`.

    Lines before the first mark are part 0, and summed for the groups in `before` only.
    """

    marks: Sequence[dt.date]
    last: dt.date
    groups: Mapping[int, Sequence[int]]
    before: Sequence[int]
    paid: bool
    customer: int | None


def counted(customer: int | None, last: dt.date) -> list[ColumnElement[bool]]:
    """The conditions of lines that rebates are counted by."""
    no_sale = policy.section("sales", SalesPolicy).no_sale_statuses
    found = [*conditions(None, Scope(), no_sale), LINE.c.date <= last]
    return [*found, LINE.c.customer_id.is_not(None) if customer is None else LINE.c.customer_id == customer]


def is_paid(line: FromClause = LINE) -> ColumnElement[Any]:
    """1 for a line whose status says that it is paid, else 0."""
    return case((line.c.status.in_(policy.section("rebates", RebatePolicy).paid_statuses), 1), else_=0)


def named_paid(named: Subquery) -> ColumnElement[Any]:
    """Like `is_paid`; a return that names a document of `named_days` follows that."""
    return func.coalesce(named.c.paid, is_paid())


def named_days(customer: int | None, paid: bool = True) -> Subquery:
    """The first day of each document that a return of its customer names, and whether any of its lines is paid.

    Without `paid` that is not looked at.
    """
    original, ended = LINE.alias("original"), LINE.c.ended_batch_id.is_(None)
    returns = select(LINE.c.customer_id, LINE.c.original_document).where(
        ended, LINE.c.original_document.is_not(None), LINE.c.customer_id.is_not(None)
    )
    where = [original.c.ended_batch_id.is_(None)]
    if customer is None:
        # A column looked at through a function is no reason to look each return up by the index of customers.
        owner: ColumnElement[Any] = func.coalesce(original.c.customer_id, original.c.customer_id)
        where.append(tuple_(owner, original.c.document).in_(returns.distinct()))
    else:
        where += [original.c.customer_id == customer, original.c.document.is_not(None)]
    first = func.min(original.c.date, type_=LINE.c.date.type).label("first")
    query = select(original.c.customer_id.label("customer_id"), original.c.document.label("document"), first)
    if paid:
        query = query.add_columns(func.max(is_paid(original)).label("paid"))
    return query.where(*where).group_by(original.c.customer_id, original.c.document).subquery("named")


def is_named(named: Subquery) -> ColumnElement[bool]:
    """Whether a line takes goods back from a document of `named_days`."""
    return and_(named.c.customer_id == LINE.c.customer_id, named.c.document == LINE.c.original_document)


def cells(session: Session, asked: Asked) -> Iterator[Cell]:
    """The sums of the lines; one that names a document counts on that document's day."""
    where = counted(asked.customer, asked.last)
    plain = [*where, LINE.c.original_document.is_(None)]
    day: ColumnElement[Any] = LINE.c.date
    yield from _sums(session, _query(asked, day).where(*plain, day >= asked.marks[0]))
    early = [product for group in asked.before for product in asked.groups[group]]
    if early:
        query = _query(asked, day).where(*plain, day < asked.marks[0], LINE.c.product_id.in_(early))
        yield from _sums(session, query)
    returns = [*where, LINE.c.original_document.is_not(None)]
    if session.execute(select(LINE.c.id).where(*returns).limit(1)).first() is not None:
        named = named_days(asked.customer, asked.paid)
        day = func.coalesce(named.c.first, LINE.c.date)
        query = _query(asked, day, named).select_from(LINE.outerjoin(named, is_named(named))).where(*returns)
        yield from _sums(session, query)


def _sums(session: Session, query: Select[Any]) -> Iterator[Cell]:
    for customer, group, part, paid, quantity, amount in session.execute(query):
        yield Cell(customer, group, part, bool(paid), int(quantity or 0), int(amount))


def _query(asked: Asked, day: ColumnElement[Any], named: Subquery | None = None) -> Select[Any]:
    paid: ColumnElement[Any] = literal(1)
    if asked.paid:
        paid = is_paid() if named is None else named_paid(named)
    by = (
        LINE.c.customer_id,
        _group(asked.groups).label("product_group"),
        _part(day, asked.marks, 0).label("part"),
        paid.label("paid"),
    )
    sums = (func.sum(type_coerce(LINE.c[name], BIG)) for name in ("quantity", "amount"))
    return select(*by, *sums).group_by(*by)


def _group(groups: Mapping[int, Sequence[int]]) -> ColumnElement[Any]:
    """The group of a line's product; 0 for those in none."""
    listed = [(LINE.c.product_id.in_(products), group) for group, products in groups.items() if products]
    return case(*listed, else_=0) if listed else literal(0)


def _part(day: ColumnElement[Any], marks: Sequence[dt.date], first: int) -> ColumnElement[Any]:
    """How many of the marks are not after a day, by halving."""
    if not marks:
        return literal(first)
    middle = len(marks) // 2
    return case(
        (day < marks[middle], _part(day, marks[:middle], first)),
        else_=_part(day, marks[middle + 1 :], first + middle + 1),
    )


class Registered(NamedTuple):
    """Units, in 1/10,000ths, that a customer registered of a product under a plan in a part of the time."""

    customer: int
    product: int
    plan: str
    part: int
    quantity: int


def registered(session: Session, marks: Sequence[dt.date], last: dt.date, customer: int | None) -> list[Registered]:
    """The sums of the activations through a day."""
    date: ColumnElement[Any] = Activation.__table__.c.date  # type: ignore[attr-defined]
    by = (
        col(Activation.customer_id),
        col(Activation.product_id),
        col(Activation.plan),
        _part(date, marks, 0).label("part"),
    )
    query = select(*by, func.sum(type_coerce(col(Activation.quantity), BIG))).where(date <= last).group_by(*by)
    if customer is not None:
        query = query.where(col(Activation.customer_id) == customer)
    return [Registered(row[0], row[1], row[2], row[3], int(row[4])) for row in session.execute(query)]
