"""What the sample region's larger customers sold on in May, and what stock and sell-out must come to.

Counted from what was drawn and without channelctl.
"""

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from tools.sample_region import OFFICES, Customer, Line
from tools.sample_terms import COUNTED, Held, bought_until

SELL_OUT_HEADINGS = "零售日期 客户编码 客户名称 型号 销往 零售数量".split()
# They report nothing; of what they sold on, only their counts tell.
SILENT = ("C00018", "C00044")
# Who sold some of a model in another office's city, and whose report leaves some units out.
STRAYED, LEFT_OUT = ("C00016", "X930", "南京市", 12), ("C00001", "K520", 3)
_DAYS = ((dt.date(2024, 5, 5), dt.date(2024, 5, 10), dt.date(2024, 5, 15)),
         (dt.date(2024, 5, 20), dt.date(2024, 5, 25), dt.date(2024, 5, 30)))  # fmt: skip
_WEEKS, _OVER = 4, 8


@dataclass(frozen=True, slots=True)
class SoldOn:
    """Units of a model that a customer sold on in a day, and where to as its report names the place."""

    date: dt.date
    customer: Customer
    model: str
    place: str
    quantity: int


def make_sell_out(lines: list[Line], stock: list[Held], rng: random.Random) -> list[SoldOn]:
    """What left the shelves of those that report: what came less what their counts of the 15th and the 31st found."""
    held = {(row.customer, row.model, row.date): row.quantity for row in stock}
    rows: list[SoldOn] = []
    for customer, model in sorted({(row.customer, row.model) for row in stock}, key=lambda one: (one[0].code, one[1])):
        if customer.code in SILENT:
            continue
        before = 0
        for day, days in zip(COUNTED, _DAYS, strict=True):
            found = held.get((customer, model, day))
            here = before + _bought(lines, customer, model, day)
            if found is not None:
                rows += _spread(customer, model, days, here - found, rng)
                before = found - _bought(lines, customer, model, day)
    return [row for row in _told(rows) if row.quantity]


def _bought(lines: list[Line], customer: Customer, model: str, day: dt.date) -> int:
    return bought_until(lines, day).get((customer, model), 0)


def _spread(
    customer: Customer, model: str, days: tuple[dt.date, ...], units: int, rng: random.Random
) -> Iterator[SoldOn]:
    """Over the days of a half month, in the customer's city; now and then nobody wrote where."""
    parts = [units // 3, units // 3, units - 2 * (units // 3)]
    for day, quantity in zip(days, parts, strict=True):
        place = rng.choice(
            (f"{customer.city}市", f"{customer.city}市", f"江东省{customer.city}市", customer.office, "")
        )
        yield SoldOn(day, customer, model, place if customer.city in OFFICES else customer.city, quantity)


def _told(rows: list[SoldOn]) -> Iterator[SoldOn]:
    """With some of one model sold elsewhere, and some of another left out of the report."""
    code, model, place, units = STRAYED
    last = max((row for row in rows if (row.customer.code, row.model) == (code, model)), key=lambda row: row.quantity)
    short = max((row for row in rows if (row.customer.code, row.model) == LEFT_OUT[:2]), key=lambda row: row.date)
    for row in rows:
        if row is last:
            yield replace(row, quantity=row.quantity - units)
            yield replace(row, place=place, quantity=units)
        elif row is short:
            yield replace(row, quantity=row.quantity - LEFT_OUT[2])
        else:
            yield row


def stock_figures(lines: list[Line], stock: list[Held], sold: list[SoldOn]) -> dict[str, object]:
    """Between the counts of May what is missing; at its end by customer and model weeks of cover, and who is out."""
    held = {(row.customer.code, row.model, row.date): row.quantity for row in stock}
    went: dict[tuple[str, str], int] = defaultdict(int)
    lately: dict[tuple[str, str], int] = defaultdict(int)
    for row in sold:
        key = row.customer.code, row.model
        went[key] += row.quantity if row.date > COUNTED[0] else 0
        lately[key] += row.quantity if row.date > COUNTED[1] - dt.timedelta(weeks=_WEEKS) else 0
    customers = {row.customer.code: row.customer for row in stock}
    wrong: dict[str, int] = {}
    out, over = [], []
    for code, model, day in sorted(held):
        if day != COUNTED[1]:
            continue
        now, units = held[code, model, day], lately[code, model]
        if code in SILENT:
            units = _since(lines, customers[code], model, COUNTED[1] - dt.timedelta(weeks=_WEEKS))
        before = held.get((code, model, COUNTED[0]))
        if before is not None and code not in SILENT:
            due = before + _since(lines, customers[code], model, COUNTED[0]) - went[code, model]
            wrong |= {f"{code} {model}": now - due} if now != due else {}
        out += [f"{code} {model}"] if not now and units > 0 else []
        over += [f"{code} {model}"] if units > 0 and Decimal(now * _WEEKS) > _OVER * units else []
    strayed = [row for row in sold if row.place == STRAYED[2] and row.customer.office != "南京"]
    return {
        "sell_out": sum(row.quantity for row in sold),
        "differences": wrong,
        "out": out,
        "over": over,
        "strays": {row.customer.code: row.quantity for row in strayed},
    }


def _since(lines: list[Line], customer: Customer, model: str, day: dt.date) -> int:
    """Net units bought after a day of May or April, until the last count."""
    return sum(
        line.quantity
        for line in lines
        if line.customer == customer and line.model == model and line.status != "作废" and day < line.date <= COUNTED[1]
    )
