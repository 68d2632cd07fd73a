"""What a product costs a customer a unit: list, invoice, and what of each rebate falls on it."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import select
from sqlmodel import Session, col

from channelctl import policy
from channelctl.errors import RefusedError
from channelctl.i18n import _
from channelctl.period import Period
from channelctl.records.resolve import lookup
from channelctl.systems.catalog.tables import Product
from channelctl.systems.customers.store_own import own_customer
from channelctl.systems.customers.tables import Customer
from channelctl.systems.prices import store as prices
from channelctl.systems.prices.rules import Book, Buyer
from channelctl.systems.prices.store_audit import as_day, day_of_price
from channelctl.systems.rebates import rules_waterfall, store_accrual
from channelctl.systems.rebates.rules import ZERO, Earned, estimate
from channelctl.systems.rebates.rules_accrual import AccruedLine
from channelctl.systems.rebates.rules_waterfall import Share, StepRow
from channelctl.systems.sales import store as sales
from channelctl.systems.sales.rules import SalesPolicy


class Waterfall(NamedTuple):
    """The steps, and what they were taken from: units bought in the month so far, and the type of the list price."""

    code: str
    name: str
    product_code: str
    product: str
    period: Period
    type_: str | None
    units: Decimal
    steps: list[StepRow]


def waterfall(session: Session, model: str, customer: str, day: dt.date | None) -> Waterfall:
    """From the retail price of a product to a customer's margin, as of a day; by default the last with sales.

    Raises:
        UsageError: there is no such product or customer, or the name fits several.
        RefusedError: there are no sales by which the day could be told.
    """
    product, buyer = lookup(session, "product", model), own_customer(session, customer)
    on = day or sales.last_date(session, policy.section("sales", SalesPolicy).no_sale_statuses)
    if on is None:
        raise RefusedError(_("there are no sales yet, so there is no day to go by"), _("Name one: --as-of 2024-05-31"))
    period = Period.month(f"{on:%Y-%m}").cut(on)
    query = select(col(Customer.code), col(Customer.name), col(Customer.channel), col(Customer.class_))
    code, name, channel, class_ = session.execute(query.where(col(Customer.id) == buyer)).one()
    words = select(col(Product.code), col(Product.name)).where(col(Product.id) == product)
    product_code, product_name = session.execute(words).one()
    book, whose = prices.book(session), Buyer(buyer, channel, class_)
    found = book.price(product, whose, on)
    listed = found.price if found is not None else None
    bought = _bought(session, product, buyer, period)
    units = _units(bought)
    steps = rules_waterfall.waterfall(
        found.row.retail if found is not None else None,
        listed,
        _listed_then(book, product, whose, bought, listed),
        sum((one.paid for one in bought), ZERO) / units if units else None,
        _rebates(session, product, product_code, buyer, period),
    )
    type_ = found.type_ if found is not None else None
    return Waterfall(code, name, product_code, product_name, period, type_, units, steps)


class _Bought(NamedTuple):
    """Units of a line, what was paid for them, and the day whose list price they are held against."""

    units: Decimal
    paid: Decimal
    day: dt.date


def _bought(session: Session, product: int, customer: int, period: Period) -> list[_Bought]:
    """What was invoiced in a period, at the prices of the lines where they say them; returns left out."""
    line = sales.LINE.c
    no_sale = policy.section("sales", SalesPolicy).no_sale_statuses
    query = select(line.quantity, line.unit_price, line.amount, day_of_price()).where(
        *sales.conditions(period, sales.Scope(), no_sale),
        line.customer_id == customer,
        line.product_id == product,
        line.quantity > ZERO,
    )
    return [
        _Bought(quantity, amount if price is None else quantity * price, as_day(day))
        for quantity, price, amount, day in session.execute(query)
    ]


def _units(bought: Sequence[_Bought]) -> Decimal:
    return sum((one.units for one in bought), ZERO)


def _listed_then(
    book: Book, product: int, whose: Buyer, bought: Sequence[_Bought], listed: Decimal | None
) -> Decimal | None:
    """The list price of the days of purchase, a unit on the average; on a day without one, that of now."""
    if listed is None or not bought:
        return None
    worth = ZERO
    for one in bought:
        found = book.price(product, whose, one.day)
        worth += one.units * (listed if found is None or found.price is None else found.price)
    return worth / _units(bought)


def _rebates(session: Session, product: int, product_code: str, customer: int, period: Period) -> list[Share]:
    """What each rule that pays for the product pays a unit of it, in the window that the period's last day is in."""
    rules, day = store_accrual.in_force(session), period.end
    shares: list[Share] = []
    for row in store_accrual.earned(session, rules, day, day, customer):
        lines = [] if row.instead else store_accrual.lines(session, row, day)
        own = [line for line in lines if line.product_code == product_code]
        if own:
            bought = _bought(session, product, customer, Period(row.window.start, day, ""))
            shares.append(_share(row, lines, own, _units(bought), day))
    return shares


def _share(
    row: Earned, lines: Sequence[AccruedLine], own: Sequence[AccruedLine], bought: Decimal, day: dt.date
) -> Share:
    """The product's part of what a rule pays, a unit: by what its lines earn, else by what they count."""
    name = "entitlement" if row.entitlement else "counted"
    part, whole = (sum((getattr(line, name) for line in some), ZERO) for some in (own, lines))
    net = sum((line.quantity or ZERO for line in own), ZERO)
    units = bought if row.rule.contract else net
    floor, likely = (
        rules_waterfall.per_unit(earned, part, whole, units)
        for earned in (row.entitlement, estimate(row.rule, row.base, row.window, day))
    )
    return Share(row.rule.type_, row.rule.name, floor, likely)
