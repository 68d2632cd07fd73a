"""Sale lines and stock beside the price list."""

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlmodel import Session, col

from channelctl import money, policy
from channelctl.i18n import _, ngettext
from channelctl.period import Period
from channelctl.storage import Batch, SourceSheet
from channelctl.systems.catalog.tables import Product
from channelctl.systems.customers.tables import Customer
from channelctl.systems.prices import rules_audit, store
from channelctl.systems.prices.rules import Book, Buyer
from channelctl.systems.prices.rules_audit import Audited, Holding, SoldLine
from channelctl.systems.prices.rules_lint import Sold
from channelctl.systems.sales.rules import SalesPolicy
from channelctl.systems.sales.store import LINE, Scope, conditions
from channelctl.systems.stock.tables import StockCount

COUNT = StockCount.__table__  # type: ignore[attr-defined]
# Of a batch with more lines than this, an import does not look at prices.
LOOKED_AT = 20_000


def no_sale() -> Sequence[str]:
    """The statuses of lines that are no sale."""
    return policy.section("sales", SalesPolicy).no_sale_statuses


def day_of_price() -> ColumnElement[Any]:
    """The day of the document that a line names, the customer's own; else the line's."""
    first = LINE.alias("first_line")
    named = (
        select(func.min(first.c.date))
        .where(
            first.c.customer_id == LINE.c.customer_id,
            first.c.document == LINE.c.original_document,
            first.c.ended_batch_id.is_(None),
        )
        .correlate(LINE)
        .scalar_subquery()
    )
    return case((LINE.c.original_document.is_not(None), func.coalesce(named, LINE.c.date)), else_=LINE.c.date)


def _sold(where: Sequence[ColumnElement[bool]]) -> Select[Any]:
    return (
        select(
            LINE.c.date, day_of_price(), LINE.c.document, LINE.c.product_id, col(Product.name), LINE.c.customer_id,
            col(Customer.code), col(Customer.name), col(Customer.channel), col(Customer.class_), LINE.c.quantity,
            LINE.c.unit_price, LINE.c.amount, col(Batch.file_name), col(SourceSheet.name), LINE.c.row_no,
        )
        .join_from(LINE, Product, LINE.c.product_id == col(Product.id))
        .join(Batch, LINE.c.batch_id == col(Batch.id))
        .outerjoin(SourceSheet, LINE.c.sheet_id == col(SourceSheet.id))
        .outerjoin(Customer, LINE.c.customer_id == col(Customer.id))
        .where(*where, LINE.c.quantity.is_not(None), LINE.c.quantity != Decimal(0))
        .order_by(LINE.c.date, LINE.c.document, LINE.c.id)
    )  # fmt: skip


def audit(session: Session, period: Period, scope: Scope) -> Audited:
    """The sale lines of a period that are off their list price.

    Raises:
        RefusedError: there is no price list.
    """
    book = store.book(session)
    lines = session.execute(_sold(conditions(period, scope, no_sale())))
    return rules_audit.audit(map(_line, lines), book)


def _line(row: Any) -> SoldLine:
    line = SoldLine(*row)
    return line._replace(day=as_day(line.day), sheet=line.sheet or None)


def as_day(day: Any) -> dt.date:
    """A day as it comes out of an expression of SQL, which may be a text."""
    return day if isinstance(day, dt.date) else dt.date.fromisoformat(day)


def noted(session: Session, batch: int) -> Iterator[str]:
    """How many of a batch's sale lines are off their list price; of very many, how to see it."""
    if store.is_empty(session):
        return
    of_batch = [LINE.c.batch_id == batch, *conditions(None, Scope(), no_sale())]
    first, last, count = session.execute(
        select(func.min(LINE.c.date), func.max(LINE.c.date), func.count()).where(*of_batch)
    ).one()
    if not count:
        return
    show = f"channelctl price audit --from {first} --to {last}"
    if count > LOOKED_AT:
        yield _("W118  lines were not held against the price list, there are many: {show}").format(show=show)
        return
    found = rules_audit.audit(map(_line, session.execute(_sold(of_batch))), store.book(session))
    if found.rows:
        text = ngettext(
            "W118  {count} line is off its list price, {effect} in all: {show}",
            "W118  {count} lines are off their list prices, {effect} in all: {show}",
            len(found.rows),
        )
        yield text.format(count=f"{len(found.rows):,}", effect=signed(found), show=show)


def signed(found: Audited) -> str:
    """What all lines brought more or less than their list prices, with its sign."""
    effect = found.effect
    return f"+{money.show(effect)}" if effect > 0 else money.show(effect)


def sold(session: Session, book: Book) -> Iterator[Sold]:
    """What was sold to whom on which days, since the price list begins."""
    first = book.first_day
    by = (LINE.c.product_id, LINE.c.customer_id, LINE.c.date)
    each = (
        select(*by, func.count().label("lines"))
        .where(*conditions(None, Scope(), no_sale()), LINE.c.date >= first, LINE.c.quantity > Decimal(0))
        .group_by(*by)
        .subquery()
        .c
    )
    query = (
        select(
            each.product_id, col(Product.code), col(Product.name), each.customer_id, col(Customer.channel),
            col(Customer.class_), each.date, each.lines,
        )
        .join(Product, each.product_id == col(Product.id))
        .join(Customer, each.customer_id == col(Customer.id))
        .order_by(each.product_id, each.customer_id, each.date)
    )  # fmt: skip
    for product, code, name, customer, channel, class_, day, lines in session.execute(query):
        yield Sold(product, code, name, Buyer(customer, channel, class_), day, lines)


def holdings(session: Session, products: Sequence[int], day: dt.date, days: int) -> list[Holding]:
    """The last count of each customer's stock in the days before one; None where it bought some then and has none."""
    first = day - dt.timedelta(days=days)
    latest = (
        select(COUNT.c.customer_id, COUNT.c.product_id, func.max(COUNT.c.date).label("day"))
        .where(COUNT.c.product_id.in_(products), COUNT.c.date >= first, COUNT.c.date < day)
        .group_by(COUNT.c.customer_id, COUNT.c.product_id)
        .subquery()
    )
    bought = (
        select(LINE.c.customer_id, LINE.c.product_id)
        .where(
            *conditions(None, Scope(), no_sale()), LINE.c.product_id.in_(products), LINE.c.customer_id.is_not(None),
            LINE.c.date >= first, LINE.c.date < day,
        )
        .group_by(LINE.c.customer_id, LINE.c.product_id)
        .having(func.sum(LINE.c.quantity) > Decimal(0))
    )  # fmt: skip
    pairs = bought.union(select(latest.c.customer_id, latest.c.product_id)).subquery()
    same = and_(latest.c.customer_id == pairs.c.customer_id, latest.c.product_id == pairs.c.product_id)
    counted = and_(
        COUNT.c.customer_id == latest.c.customer_id,
        COUNT.c.product_id == latest.c.product_id,
        COUNT.c.date == latest.c.day,
    )
    query = (
        select(
            pairs.c.customer_id, col(Customer.code), col(Customer.name), col(Customer.channel), col(Customer.class_),
            pairs.c.product_id, col(Product.name), COUNT.c.quantity, COUNT.c.date,
        )
        .join_from(pairs, Customer, pairs.c.customer_id == col(Customer.id))
        .join(Product, pairs.c.product_id == col(Product.id))
        .outerjoin(latest, same)
        .outerjoin(COUNT, counted)
    )  # fmt: skip
    return [Holding(*row) for row in session.execute(query)]
