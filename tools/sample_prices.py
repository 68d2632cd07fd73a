"""What the sample's price list says of its sales and stock: counted from what was drawn and without channelctl."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from tools.sample_region import Customer, Line
from tools.sample_terms import CHANGED, COUNTED, LISTS, Held, Priced, price_rows

_SIDES = {"above": 1, "below": -1}


def prices(months: dict[str, list[Line]], stock: list[Held]) -> dict[str, object]:
    """By month, sale lines off their list price and what that comes to; what the fall costs on stock, by customer."""
    rows = price_rows()
    protection: dict[str, Decimal] = defaultdict(Decimal)
    for held in stock:
        if held.date == COUNTED[0]:
            before, now = (_price(rows, held.customer, held.model, day) for day in (COUNTED[0], CHANGED))
            protection[held.customer.code] += held.quantity * max(Decimal(), before - now)
    return {
        "off_list": {month: _off_list(rows, lines) for month, lines in months.items()},
        "protection": {
            "date": CHANGED.isoformat(),
            "customers": {code: str(worth) for code, worth in sorted(protection.items()) if worth},
        },
    }


def _off_list(rows: list[Priced], lines: Iterable[Line]) -> dict[str, object]:
    sold = [(line, line.customer) for line in lines if line.customer and line.status != "作废"]
    off = [(line, line.price - _price(rows, customer, line.model, line.date)) for line, customer in sold]
    found: dict[str, object] = {"compared": len(sold)}
    for side, sign in _SIDES.items():
        found[side] = sum(difference * sign > Decimal("0.01") for _line, difference in off)
    effect = sum(
        (difference * line.quantity for line, difference in off if abs(difference) > Decimal("0.01")), Decimal()
    )
    return {**found, "effect": str(effect.quantize(Decimal("0.01")))}


def _price(rows: list[Priced], customer: Customer, model: str, day: dt.date) -> Decimal:
    """The last price listed for the customer's channel by a day."""
    own = [
        row for row in rows if (row.model, row.channel) == (model, LISTS[customer.channel]) and row.valid_from <= day
    ]
    last = max(own, key=lambda row: row.valid_from)
    price = last.dealer if customer.channel == "联通" else last.distribution
    assert price is not None  # noqa: S101
    return price
