"""Sell-out by where it went, beside where the customers belong."""

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import func, select
from sqlmodel import Session, col

from channelctl.period import Period
from channelctl.systems.customers.tables import Customer
from channelctl.systems.org.tables import Office, Region
from channelctl.systems.stock import rules_strays, store
from channelctl.systems.stock.rules import ZERO, Item
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
    wordings, found = _wordings(session, period), _placed(session, whose, period)
    wholes = {customer: sum((one.units for one in places.values()), ZERO) for customer, places in wordings.items()}
    known = {customer: _same(places) for customer, places in wordings.items()}
    territories, items = _territories(session), store.Items(session)
    unplaced: dict[int, Decimal] = defaultdict(Decimal)
    nowhere: set[int] = set()
    outside: dict[tuple[int, int, str], Decimal] = defaultdict(Decimal)
    for (customer, product, place), units in found.items():
        territory = territories[customer]
        if not place:
            unplaced[customer] += units
        elif not territory.known:
            nowhere.add(customer)
        elif rules_strays.strays(place, territory):
            outside[customer, product, known[customer][place]] += units
    rows = [
        _row(items[customer, product], territories[customer], place, units, wholes[customer])
        for (customer, product, place), units in outside.items()
    ]
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


class _Wording(NamedTuple):
    """How often a customer's sell-out names a place in these words, and the units of all that."""

    times: int
    units: Decimal


def _wordings(session: Session, period: Period) -> dict[int, dict[str, _Wording]]:
    """How each customer names the places of all that it sold on in the period, of whatever product."""
    query = (
        select(store.OUT.c.customer_id, store.OUT.c.place, func.count(), func.sum(store.OUT.c.quantity))
        .where(store.OUT.c.date.between(period.start, period.end))
        .group_by(store.OUT.c.customer_id, store.OUT.c.place)
    )
    found: dict[int, dict[str, _Wording]] = defaultdict(dict)
    for customer, place, *wording in session.execute(query):
        found[customer][place] = _Wording(*wording)
    return found


def _same(places: Mapping[str, _Wording]) -> dict[str, str]:
    """What each place goes by, however it is worded."""
    return rules_strays.same_places({place: one.times for place, one in places.items() if place})


def _row(item: Item, territory: Territory, place: str, units: Decimal, whole: Decimal) -> StrayRow:
    share = units / whole if whole > 0 else None
    return StrayRow(
        *(item.customer_code, item.customer, territory.said, place, item.product_code, item.product, units, share)
    )


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
