"""How long stock lasts: what is on the shelf, what goes off it a week, and which of the two is amiss."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, NamedTuple

from channelctl.columns import Col
from channelctl.i18n import _
from channelctl.money import show_figure, to_fen
from channelctl.systems.stock.rules import ZERO, Count, Item, Moved, StockPolicy, between

OUT, LOW, OVER, DEAD, OK = "out", "low", "over", "dead", "ok"
STATES = (OUT, LOW, OVER, DEAD, OK)
_PLACES = 12
SELL_OUT, SELL_IN = "sell_out", "sell_in"
CUSTOMER, PRODUCT, OFFICE = BY = ("customer", "product", "office")


def state_text(word: str) -> str:
    """A state as people say it."""
    said = {OUT: _("out of stock"), LOW: _("low"), OVER: _("over-stock"), DEAD: _("dead"), OK: _("enough")}
    return said.get(word, word)


def rate_text(word: str) -> str:
    """What a rate is of, as people say it."""
    return {SELL_OUT: _("sell-out"), SELL_IN: _("sell-in")}.get(word, word)


# What a row of a product at a customer and one of several say alike.
_State = Annotated[str, Col("状态", "State", words=state_text)]
_Stock = Annotated[Decimal, Col("库存", "Stock", kind="quantity")]
_Sold = Annotated[Decimal, Col("期间销量", "Units sold", kind="quantity", wide=True)]
_PerWeek = Annotated[Decimal, Col("周均", "A week", kind="quantity", words=show_figure)]
_Weeks = Annotated[Decimal | None, Col("可销周数", "Weeks", kind="quantity", words=show_figure)]
_Excess = Annotated[Decimal, Col("超储台数", "Excess", kind="quantity", words=show_figure)]


class CoverRow(NamedTuple):
    """A product at a customer: its stock, what goes a week, how many weeks that lasts (None: nothing goes).

    `excess` is what lies beyond the weeks that are too many. `below` is what the stock would be below 0 by the figures
    it is worked out from, as a figure above 0.
    """

    customer_code: Annotated[str, Col("客户编码", "Customer code", kind="code")]
    customer: Annotated[str, Col("客户", "Customer")]
    office_code: Annotated[str, Col("办事处编码", "Office code", kind="code", wide=True)]
    office: Annotated[str, Col("办事处", "Office", wide=True)]
    product_code: Annotated[str, Col("产品编码", "Product code", kind="code", wide=True)]
    product: Annotated[str, Col("型号", "Product")]
    state: _State
    stock: _Stock
    units: _Sold
    per_week: _PerWeek
    weeks: _Weeks
    excess: _Excess
    counted_on: Annotated[dt.date, Col("盘点日期", "Counted on", kind="date")]
    rate_of: Annotated[str, Col("周均依据", "Rate of", words=rate_text)]
    below: Annotated[Decimal, Col("算成负数", "Below 0", kind="quantity", wide=True)]


class GroupRow(NamedTuple):
    """The same of all products at a customer, of a product at all customers, or of an office, states counted."""

    code: Annotated[str, Col("编码", "Code", kind="code")]
    name: Annotated[str, Col("名称", "Name")]
    state: _State
    stock: _Stock
    units: _Sold
    per_week: _PerWeek
    weeks: _Weeks
    excess: _Excess
    out: Annotated[int, Col("断货", "Out", kind="count")]
    low: Annotated[int, Col("偏低", "Low", kind="count")]
    over: Annotated[int, Col("超储", "Over", kind="count")]
    dead: Annotated[int, Col("呆滞", "Dead", kind="count")]
    ok: Annotated[int, Col("正常", "Enough", kind="count")]


def cover(
    item: Item,
    counts: Iterable[Count],
    bought: Sequence[Moved],
    sold: Sequence[Moved],
    reports: bool,
    as_of: dt.date,
    limits: StockPolicy,
) -> CoverRow | None:
    """How long the stock of a product at a customer lasts; None where nobody knows it, or nothing lies and goes.

    Of a customer that reports sell-out, the stock is the last count with what came and went since. Of any other, what
    it buys is taken for what it sells: the rate is of sell-in, and the count stands as it is.
    """
    first = as_of - dt.timedelta(days=limits.count_days)
    last = max((one for one in counts if first < one.date <= as_of), default=None)
    if last is None:
        return None
    stock = last.quantity
    if reports:
        stock += between(bought, last.date, as_of) - between(sold, last.date, as_of)
    went = sold if reports else bought
    units = max(ZERO, between(went, as_of - dt.timedelta(weeks=limits.weeks), as_of))
    held, below = max(ZERO, stock), max(ZERO, -stock)
    if not held and not units:
        return None
    return CoverRow(
        *item,
        state=state(held, units, limits),
        stock=held,
        units=units,
        per_week=rate(units, limits.weeks),
        weeks=lasts(held, units, limits.weeks),
        excess=excess(held, units, limits),
        counted_on=last.date,
        rate_of=SELL_OUT if reports else SELL_IN,
        below=below,
    )


def state(stock: Decimal, units: Decimal, limits: StockPolicy) -> str:
    """What is amiss with a stock of which so many units went in the policy's weeks; compared without a rounding."""
    if units <= 0:
        return DEAD if stock > 0 else OK
    if stock <= 0:
        return OUT
    turned = stock * limits.weeks
    return LOW if turned < limits.low * units else OVER if turned > limits.over * units else OK


def rate(units: Decimal, weeks: int) -> Decimal:
    """Units a week, to 0.01."""
    return to_fen(units / weeks)


def lasts(stock: Decimal, units: Decimal, weeks: int) -> Decimal | None:
    """Weeks that a stock lasts, to 12 decimals; None where nothing goes."""
    if units <= 0:
        return None
    return Decimal(int(Fraction(stock) * weeks / Fraction(units) * 10**_PLACES + Fraction(1, 2))).scaleb(-_PLACES)


def excess(stock: Decimal, units: Decimal, limits: StockPolicy) -> Decimal:
    """What lies beyond the weeks that are too many: of what does not go at all, everything."""
    return to_fen(max(ZERO, stock - limits.over * units / limits.weeks))


def grouped(rows: Iterable[CoverRow], by: str, limits: StockPolicy) -> list[GroupRow]:
    """Stock and what goes by customer, product or office, in the order of their states; `excess` adds up."""
    sums: dict[tuple[str, str], list[CoverRow]] = {}
    for row in rows:
        sums.setdefault(_key(by)(row), []).append(row)
    return sorted((_group(key, own, limits) for key, own in sums.items()), key=_place)


def _key(by: str) -> Callable[[CoverRow], tuple[str, str]]:
    return {
        CUSTOMER: lambda row: (row.customer_code, row.customer),
        PRODUCT: lambda row: (row.product_code, row.product),
        OFFICE: lambda row: (row.office_code, row.office),
    }[by]


def _group(key: tuple[str, str], rows: Sequence[CoverRow], limits: StockPolicy) -> GroupRow:
    stock, units = (sum((getattr(row, name) for row in rows), ZERO) for name in ("stock", "units"))
    out, low, over, dead, ok = (sum(row.state == name for row in rows) for name in STATES)
    return GroupRow(
        *key,
        state=state(stock, units, limits),
        stock=stock,
        units=units,
        per_week=rate(units, limits.weeks),
        weeks=lasts(stock, units, limits.weeks),
        excess=sum((row.excess for row in rows), ZERO),
        out=out,
        low=low,
        over=over,
        dead=dead,
        ok=ok,
    )


def in_order(rows: Iterable[CoverRow]) -> list[CoverRow]:
    """By state, the gravest first; within one what goes fastest, or lies in excess most."""
    return sorted(rows, key=lambda row: (*_place(row), row.customer_code, row.product_code))


def _place(row: CoverRow | GroupRow) -> tuple[int, Decimal, str]:
    much = row.excess if row.state in (OVER, DEAD) else row.units
    return STATES.index(row.state), -much, row[0]
