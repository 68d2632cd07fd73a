"""Sell-out by where it went, beside where the customers belong."""

from collections import defaultdict
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import func, select
from sqlmodel import Session, col

from channelctl.period import Period
from channelctl.systems.customers.tables import Customer
from channelctl.systems.org.tables import Office, Region
from channelctl.systems.stock import rules_strays, store
from channelctl.systems.stock.rules import ZERO
from channelctl.systems.stock.rules_strays import StrayRow, Territory


class Strayed(NamedTuple):
    """What went outside; units whose place nobody knows, and of how many customers; customers without a territory."""

    rows: list[StrayRow]
    units: Decimal
    unplaced: Decimal
    unplaced_customers: int
    nowhere: int


def strays(session: Session, whose: store.Asked, period: Period) -> Strayed:
    """The sell-out of a period that went outside the customers' territories."""
    wholes, found = _wholes(session, whose, period), _placed(session, whose, period)
    territories, items = _territories(session), store.Items(session)
    rows: list[StrayRow] = []
    unplaced: dict[int, Decimal] = defaultdict(Decimal)
    nowhere: set[int] = set()
    for (customer, product, place), units in found.items():
        territory = territories[customer]
        if not place:
            unplaced[customer] += units
        elif not territory.known:
            nowhere.add(customer)
        elif rules_strays.strays(place, territory):
            item, whole = items[customer, product], wholes[customer]
            share = units / whole if whole > 0 else None
            rows.append(
                StrayRow(
                    *(item.customer_code, item.customer, territory.said, place),
                    *(item.product_code, item.product, units, share),
                )
            )
    return Strayed(
        rules_strays.in_order(rows),
        sum(found.values(), ZERO),
        sum(unplaced.values(), ZERO),
        len(unplaced),
        len(nowhere),
    )


def _placed(session: Session, whose: store.Asked, period: Period) -> dict[tuple[int, int, str], Decimal]:
    by = store.OUT.c.customer_id, store.OUT.c.product_id, store.OUT.c.place
    where = whose.of(by[0], by[1])
    query = (
        select(*by, func.sum(store.OUT.c.quantity))
        .where(store.OUT.c.date.between(period.start, period.end), *where)
        .group_by(*by)
    )
    return {(customer, product, place): units for customer, product, place, units in session.execute(query)}


def _wholes(session: Session, whose: store.Asked, period: Period) -> dict[int, Decimal]:
    """All that each customer sold on in the period, of whatever product."""
    query = (
        select(store.OUT.c.customer_id, func.sum(store.OUT.c.quantity))
        .where(store.OUT.c.date.between(period.start, period.end))
        .group_by(store.OUT.c.customer_id)
    )
    return {customer: units for customer, units in session.execute(query)}


def _territories(session: Session) -> dict[int, Territory]:
    query = (
        select(col(Customer.id), col(Customer.city), col(Office.name), col(Office.city), col(Region.name))
        .outerjoin(Office, col(Customer.office_id) == col(Office.id))
        .outerjoin(Region, col(Office.region_id) == col(Region.id))
    )
    return {
        id_: Territory(tuple(place for place in places if place), region or "")
        for id_, *places, region in session.execute(query)
    }
