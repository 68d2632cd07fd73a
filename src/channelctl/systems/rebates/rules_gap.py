"""How far customers are from the next break point of a rule, what it is worth, and whether they get there by itself."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, NamedTuple

from channelctl.columns import Col
from channelctl.money import show_figure, to_fen
from channelctl.systems.rebates.rules import (
    AMOUNT,
    FIXED,
    PERCENT,
    QUANTITY,
    ZERO,
    Base,
    Earned,
    Rule,
    entitlement,
    measured,
    next_breakpoint,
    projected,
)
from channelctl.systems.rebates.rules_words import basis_text

_FIELDS = {QUANTITY: "quantity", AMOUNT: "amount"}


class Shelf(NamedTuple):
    """What a customer has of a rule's products, None where no count is known, and buys of them a day.

    `counted_on` is the day of the oldest count that the stock is made of.
    """

    stock: Decimal | None
    bought_a_day: Decimal
    counted_on: dt.date | None = None


class GapRow(NamedTuple):
    """A customer short of a break point; base, threshold and short are of the rule's own measure, as `basis` names it.

    `worth` is what reaching it adds to what is earned so far, `worth_per_unit` that by each unit short; None where
    nothing was bought yet by which it could be told. `overstocks` is whether stock and what is short together last
    longer than the policy's days; None where no stock is known.
    """

    customer_code: Annotated[str, Col("编码", "Code", kind="code")]
    customer: Annotated[str, Col("客户", "Customer")]
    policy: Annotated[str, Col("政策", "Policy", kind="code")]
    version: Annotated[str, Col("版本", "Version", kind="code", wide=True)]
    rule: Annotated[str, Col("规则", "Rule", kind="code", wide=True)]
    name: Annotated[str, Col("政策名称", "Policy name", wide=True)]
    window: Annotated[str, Col("期间", "Window")]
    basis: Annotated[str, Col("计量", "Measure", words=basis_text)]
    base: Annotated[Decimal, Col("已有", "So far", kind="quantity", words=show_figure)]
    threshold: Annotated[Decimal, Col("下一门槛", "Next", kind="quantity", words=show_figure)]
    short: Annotated[Decimal, Col("还差", "Short", kind="quantity", words=show_figure)]
    short_units: Annotated[Decimal | None, Col("还差台数", "Units short", kind="quantity", wide=True)]
    entitlement: Annotated[Decimal, Col("已得返利", "Earned", kind="money")]
    worth: Annotated[Decimal | None, Col("达到可增", "Worth", kind="money")]
    worth_per_unit: Annotated[Decimal | None, Col("每差一台可增", "Worth a unit", kind="money")]
    per_day: Annotated[Decimal, Col("日均", "A day", kind="quantity", words=show_figure)]
    days_left: Annotated[int | None, Col("剩余天数", "Days left", kind="count")]
    projected: Annotated[Decimal, Col("预计期末", "Projected", kind="quantity", words=show_figure)]
    reaches: Annotated[bool, Col("可自然达到", "By itself", kind="flag")]
    stock: Annotated[Decimal | None, Col("库存", "Stock", kind="quantity")]
    counted_on: Annotated[dt.date | None, Col("盘点日期", "Counted on", kind="date", wide=True)]
    overstocks: Annotated[bool | None, Col("会积压", "Over-stocks", kind="flag")]


def gap(earned: Earned, shelf: Shelf, as_of: dt.date, overstock_days: int) -> GapRow | None:
    """How far it is to the next break point; None where there is none above.

    Where another policy pays in this one's place, only what is more than that is gained.
    """
    rule, base, rival = earned.rule, earned.base, earned.rival
    following = next_breakpoint(rule, base)
    if following is None or following.at <= 0:
        return None
    figure = measured(rule, base)
    short = following.at - figure
    there = raised(rule, base, following.at)
    worth = None if there is None else max(entitlement(rule, there), rival) - max(earned.entitlement, rival)
    units = _in_units(rule, base, short)
    going = measured(rule, projected(base, earned.window, as_of))
    days = (as_of - earned.window.start).days + 1
    return GapRow(
        *(earned.customer_code, earned.customer, rule.policy, rule.version, rule.rule, rule.name),
        window=earned.window.label,
        basis=rule.basis,
        base=figure,
        threshold=following.at,
        short=short,
        short_units=None if units is None else to_fen(units),
        entitlement=earned.due,
        worth=worth,
        worth_per_unit=None if worth is None or not units else worth / units,
        per_day=to_fen(figure / days),
        days_left=None if earned.window.last is None else (earned.window.end - as_of).days,
        projected=to_fen(going),
        reaches=going >= following.at,
        stock=shelf.stock,
        counted_on=shelf.counted_on,
        overstocks=_overstocks(shelf, units, overstock_days),
    )


def raised(rule: Rule, base: Base, at: Decimal) -> Base | None:
    """The base as it will be at a break point, at the price so far; None where that is not known but decides."""
    field, figure = _FIELDS.get(rule.basis, "matched"), measured(rule, base)
    other = "amount" if rule.unit == PERCENT else "matched" if rule.contract else "quantity"
    if other == field or rule.unit == FIXED:
        return base._replace(**{field: at})
    if figure <= 0 or getattr(base, other) <= 0:
        return None
    return base._replace(**{field: at, other: getattr(base, other) * at / figure})


def in_order(rows: list[GapRow]) -> list[GapRow]:
    """Those first that are worth most by each unit short; what cannot be told comes last."""
    known = [row for row in rows if row.worth_per_unit is not None]
    rest = [row for row in rows if row.worth_per_unit is None]
    known.sort(key=lambda row: (-(row.worth_per_unit or ZERO), *_place(row)))
    return [*known, *sorted(rest, key=_place)]


def _place(row: GapRow) -> tuple[str, ...]:
    return row.customer_code, row.policy, row.rule, row.window


def _in_units(rule: Rule, base: Base, short: Decimal) -> Decimal | None:
    """What is short in units: of an amount at the price so far."""
    if rule.basis != AMOUNT:
        return short
    return short * base.quantity / base.amount if base.quantity > 0 and base.amount > 0 else None


def _overstocks(shelf: Shelf, units: Decimal | None, days: int) -> bool | None:
    if shelf.stock is None or units is None:
        return None
    return shelf.stock + units > days * shelf.bought_a_day
