"""What stock is worked out from: counts, sell-in and sell-out of the customers that are asked about."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, func, select, type_coerce
from sqlmodel import Session, col

from channelctl import policy
from channelctl.keeping import once
from channelctl.money import from_units
from channelctl.period import Period
from channelctl.storage import BIG
from channelctl.systems.catalog.tables import Product
from channelctl.systems.customers.store_own import own_customer
from channelctl.systems.customers.tables import Customer
from channelctl.systems.org.tables import Office
from channelctl.systems.sales import store as sales
from channelctl.systems.sales.rules import SalesPolicy
from channelctl.systems.stock.rules import Count, Item, Moved
from channelctl.systems.stock.tables import SellOut, StockCount

COUNT = StockCount.__table__  # type: ignore[attr-defined]
OUT = SellOut.__table__  # type: ignore[attr-defined]

# A customer and a product.
Pair = tuple[int, int]
Movements = dict[Pair, list[Moved]]


class Latest(NamedTuple):
    """A customer's last count of a product: how many, and when."""

    quantity: Decimal
    date: dt.date


@dataclass(frozen=True)
class Asked:
    """Whose stock is asked for: that of customers by their own office, rep and so on, of one product or of all."""

    scope: sales.Scope
    customer: int | None = None
    code: str | None = None

    @property
    def labels(self) -> list[str]:
        """What a title says of it."""
        return [*self.scope.labels, *([self.code] if self.code is not None else [])]

    def params(self) -> dict[str, str | None]:
        """The options by their codes."""
        return {**self.scope.params(), **({"customer": self.code} if self.code is not None else {})}

    def of(self, customer: ColumnElement[Any], product: ColumnElement[Any]) -> list[ColumnElement[bool]]:
        """What a row of a customer and a product must meet."""
        found = [] if self.scope.product is None else [product == self.scope.product]
        if self.customer is not None:
            found.append(customer == self.customer)
        if own := sales.own_customers(self.scope):
            found.append(customer.in_(select(col(Customer.id)).where(*own)))
        return found


def asked(session: Session, customer: str | None = None, **options: str | None) -> Asked:
    """What the options name by codes and names.

    Raises:
        UsageError: a code or name that there is not.
    """
    scope = sales.scope(session, **options)
    if customer is None:
        return Asked(scope)
    id_ = own_customer(session, customer)
    code = session.execute(select(col(Customer.code)).where(col(Customer.id) == id_)).scalar_one()
    return Asked(scope, id_, code)


def last_day(session: Session) -> dt.date | None:
    """The last day with sales; where there are none, that of the last count."""
    found = sales.last_date(session, no_sale())
    return found or session.execute(select(func.max(COUNT.c.date))).scalar()


@once
def last_sold_on(session: Session, day: dt.date | None = None) -> dt.date | None:
    """The last day with sell-out, up to one."""
    query = select(func.max(OUT.c.date))
    return session.execute(query if day is None else query.where(OUT.c.date <= day)).scalar()


def no_sale() -> Sequence[str]:
    """The statuses of lines that are no sale."""
    return policy.section("sales", SalesPolicy).no_sale_statuses


@once
def last_counts(session: Session, day: dt.date) -> dict[int, dict[int, Latest]]:
    """The last count of each product up to a day, by customer."""
    customer, product = COUNT.c.customer_id, COUNT.c.product_id
    latest = (
        select(customer, product, func.max(COUNT.c.date).label("day"))
        .where(COUNT.c.date <= day)
        .group_by(customer, product)
        .subquery()
    )
    same = and_(latest.c.customer_id == customer, latest.c.product_id == product, latest.c.day == COUNT.c.date)
    found: dict[int, dict[int, Latest]] = {}
    for owner, id_, *last in session.execute(
        select(customer, product, COUNT.c.quantity, COUNT.c.date).join_from(COUNT, latest, same)
    ):
        found.setdefault(owner, {})[id_] = Latest(*last)
    return found


def counts(session: Session, whose: Asked, period: Period) -> dict[Pair, list[Count]]:
    """The counts of a period."""
    columns = [COUNT.c[name] for name in ("customer_id", "product_id", "date", "quantity", "sold", "received")]
    where = whose.of(COUNT.c.customer_id, COUNT.c.product_id)
    query = select(*columns).where(COUNT.c.date.between(period.start, period.end), *where)
    found: dict[Pair, list[Count]] = defaultdict(list)
    for customer, product, *count in session.execute(query).all():
        found[customer, product].append(Count(*count))
    return found


def sell_in(session: Session, whose: Asked, period: Period) -> Movements:
    """Net units bought by day, customer and product, of the customers that ever counted."""
    line, known = sales.LINE.c, select(COUNT.c.customer_id)
    where = sales.conditions(period, sales.Scope(), no_sale())
    where += [line.customer_id.in_(known), *whose.of(line.customer_id, line.product_id)]
    return _moved(session, (line.customer_id, line.product_id, line.date), line.quantity, where)


def sell_out(session: Session, whose: Asked, period: Period) -> Movements:
    """Units sold on by day, customer and product."""
    where = [OUT.c.date.between(period.start, period.end), *whose.of(OUT.c.customer_id, OUT.c.product_id)]
    return _moved(session, (OUT.c.customer_id, OUT.c.product_id, OUT.c.date), OUT.c.quantity, where)


def _moved(
    session: Session,
    by: Sequence[ColumnElement[Any]],
    quantity: ColumnElement[Any],
    where: Sequence[ColumnElement[bool]],
) -> Movements:
    told = [column.is_not(None) for column in (by[1], quantity)]
    query = select(*by, func.sum(type_coerce(quantity, BIG))).where(*where, *told).group_by(*by)
    found: Movements = defaultdict(list)
    for customer, product, day, units in session.execute(query).all():
        found[customer, product].append(Moved(day, from_units(int(units))))
    return found


def reporting(session: Session, whose: Asked, period: Period) -> dict[int, set[dt.date]]:
    """The days of a period on which customers sold on anything, of whatever product."""
    of_customers = Asked(sales.Scope(**{**vars(whose.scope), "product": None}), whose.customer)
    where = of_customers.of(OUT.c.customer_id, OUT.c.product_id)
    query = select(OUT.c.customer_id, OUT.c.date).where(OUT.c.date.between(period.start, period.end), *where).distinct()
    found: dict[int, set[dt.date]] = defaultdict(set)
    for customer, day in session.execute(query).all():
        found[customer].add(day)
    return found


class Items:
    """What each customer and product is called."""

    def __init__(self, session: Session) -> None:
        self._customers = _people(session)
        products = select(col(Product.id), col(Product.code), col(Product.name))
        self._products = {row[0]: (row[1], row[2]) for row in session.execute(products)}

    def __getitem__(self, pair: Pair) -> Item:
        customer, product = pair
        return Item(*self._customers[customer], *self._products[product])


@once
def _people(session: Session) -> dict[int, tuple[str, str, str, str]]:
    """Every customer's code and name by id, with those of its office."""
    query = select(
        col(Customer.id), col(Customer.code), col(Customer.name), col(Office.code), col(Office.name)
    ).outerjoin(Office, col(Customer.office_id) == col(Office.id))
    return {id_: (*own, code or "", name or "") for id_, *own, code, name in session.execute(query)}
