"""What a customer earns back by a rule of a sales policy: brackets, estimates and shares, exact to the fen."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from pydantic import BaseModel, Field

from channelctl.money import to_fen, to_units
from channelctl.period import Period

PICKUP, VOLUME, CONTRACT, OTHER = "pickup", "volume", "contract", "other"
MONTH, QUARTER, HALF, YEAR, WHOLE = "month", "quarter", "half", "year", "whole"
QUANTITY, AMOUNT, ACTIVATION = "quantity", "amount", "activation"
ALL_UNITS, STEPPED = "all_units", "stepped"
PER_UNIT, PERCENT, FIXED = "per_unit", "percent", "fixed"
BOTH, BEST, PRIORITY = "both", "best", "priority"

ZERO = Decimal("0.00")
_NEAR = Decimal("1E-9")


class RebatePolicy(BaseModel, extra="forbid", frozen=True):
    """[rebates]: statuses that say a document is paid; days of stock beyond which a dealer is over-stocked.

    A day's purchases are the mean of the last `purchase_days`.
    """

    paid_statuses: tuple[str, ...] = ("已付款", "已收款", "已回款", "已结清", "paid")
    overstock_days: int = Field(default=60, ge=1)
    purchase_days: int = Field(default=90, ge=1)


SECTION = RebatePolicy


class Base(NamedTuple):
    """What a rule looks at: net units and net sales; of a contract rule activations in the window and units matched.

    `unmatched` are the activations up to the window's last day that no unit picked up by then stands against.
    """

    quantity: Decimal = ZERO
    amount: Decimal = ZERO
    activated: Decimal = ZERO
    matched: Decimal = ZERO
    unmatched: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Breakpoint:
    """From `at` on, the edge included, a unit earns `rate` yuan, a yuan the fraction `rate`, or all of it `rate`."""

    at: Decimal
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of a version of a policy; an empty scope is any. `last_day` None: until further notice.

    `days` are the spans in which no higher version of the policy holds; None: all from `valid_from` to `last_day`.
    Channels and classes are the policy's words; customers, products and categories are as the sheet writes them.
    """

    policy: str
    version: str
    rule: str
    name: str
    type_: str
    valid_from: dt.date
    last_day: dt.date | None
    window: str
    basis: str
    method: str
    unit: str
    breakpoints: tuple[Breakpoint, ...]
    channels: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    customers: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    plan: str = ""
    paid_only: bool = False
    cap: Decimal | None = None
    minimum: Decimal | None = None
    meeting: str = BOTH
    priority: int = 0
    remark: str = ""
    days: tuple[tuple[dt.date, dt.date], ...] | None = None

    @property
    def spans(self) -> tuple[tuple[dt.date, dt.date], ...]:
        """The days on which the rule counts: first and last of each span."""
        if self.days is not None:
            return self.days
        return ((self.valid_from, self.last_day or dt.date.max),)

    @property
    def contract(self) -> bool:
        """Whether it pays for registrations under an operator plan."""
        return self.basis == ACTIVATION


class Earned(NamedTuple):
    """What a customer has earned by a rule in a window; `instead` names the policy that pays in its place.

    `rival` is what the rule would have to earn more than in the window for its own policy to pay.
    """

    rule: Rule
    window: Period
    customer_id: int
    customer_code: str
    customer: str
    base: Base
    entitlement: Decimal
    instead: str = ""
    rival: Decimal = ZERO

    @property
    def due(self) -> Decimal:
        """What this rule pays: nothing where another policy pays instead."""
        return ZERO if self.instead else self.entitlement


def measured(rule: Rule, base: Base) -> Decimal:
    """The figure that is held against the break points."""
    return {QUANTITY: base.quantity, AMOUNT: base.amount, ACTIVATION: base.matched}[rule.basis]


def paid_on(rule: Rule, base: Base) -> Decimal:
    """The figure that the rate is paid on: units, net sales; 1 where the rate is the sum itself."""
    if rule.unit == FIXED:
        return Decimal(1)
    if rule.unit == PERCENT:
        return base.amount
    return base.matched if rule.contract else base.quantity


def reached(rule: Rule, base: Base) -> Breakpoint | None:
    """The highest break point that is reached."""
    return reached_by(rule, measured(rule, base))


def reached_by(rule: Rule, figure: Decimal) -> Breakpoint | None:
    """The highest break point that a figure reaches: at its edge; a fixed sum is for more than nothing."""
    if rule.unit == FIXED and figure <= 0:
        return None
    return next((one for one in reversed(rule.breakpoints) if one.at <= figure), None)


def next_breakpoint(rule: Rule, base: Base) -> Breakpoint | None:
    """The lowest break point not reached yet; None where there is none above."""
    figure = measured(rule, base)
    return next((one for one in rule.breakpoints if one.at > figure), None)


def entitlement(rule: Rule, base: Base) -> Decimal:
    """What the base earns, to the fen and never below 0: at most the cap, nothing where it is less than the minimum.

    All units: the rate of the bracket reached on all of it. Stepped: each rate on what lies between its break point and
    the next; where the break points are of one figure and the rates on another, by the share of the first.
    """
    earns = to_fen(_capped(rule, max(_earns(rule, base), ZERO)))
    return ZERO if rule.minimum is not None and earns < rule.minimum else earns


def by_rates(rule: Rule, base: Base) -> Decimal:
    """What the base earns by the rates alone, to the fen: without the cap and the minimum."""
    return to_fen(max(_earns(rule, base), ZERO))


def _capped(rule: Rule, earns: Decimal) -> Decimal:
    return earns if rule.cap is None else min(earns, rule.cap)


def _earns(rule: Rule, base: Base) -> Decimal:
    bracket = reached(rule, base)
    if bracket is None:
        return ZERO
    if rule.method == ALL_UNITS or rule.unit == FIXED:
        return bracket.rate * paid_on(rule, base)
    figure, on = measured(rule, base), paid_on(rule, base)
    if not figure:
        return bracket.rate * on
    ends = [*(one.at for one in rule.breakpoints[1:]), figure]
    steps = sum(
        (
            (min(end, figure) - one.at) * one.rate
            for one, end in zip(rule.breakpoints, ends, strict=True)
            if one.at < figure
        ),
        ZERO,
    )
    return steps if on == figure else steps * on / figure


def by_line(rule: Rule, bases: Sequence[Base]) -> list[Decimal]:
    """What each line has of the entitlement of all, to the fen: by its share, the largest remainders first."""
    if not bases:
        return []
    whole = int(entitlement(rule, total(bases)).scaleb(2))
    figure = measured if rule.unit == FIXED else paid_on
    weights = [to_units(figure(rule, one)) for one in bases]
    if (weight := sum(weights)) <= 0:
        weights, weight = [1] * len(bases), len(bases)
    shares = [divmod(whole * one, weight) for one in weights]
    left = whole - sum(share for share, _rest in shares)
    first = set(sorted(range(len(shares)), key=lambda place: (-shares[place][1], place))[:left])
    return [Decimal(share + (place in first)).scaleb(-2) for place, (share, _rest) in enumerate(shares)]


def total(bases: Sequence[Base]) -> Base:
    """The bases of several lines as one."""
    return Base(*(sum(figures, ZERO) for figures in zip(*bases, strict=True))) if bases else Base()


def projected(base: Base, window: Period, through: dt.date) -> Base:
    """The base at the end of the window if it goes on as it has through a day: by calendar days."""
    days, gone = _progress(window, through)
    return Base(*(figure * days / gone for figure in base)) if gone else base


def estimate(rule: Rule, base: Base, window: Period, through: dt.date) -> Decimal:
    """What the base so far earns at the bracket that its run rate leads to, to the fen; a fixed sum is whole.

    At most the cap, and nothing where all of the window earns less than the minimum. Where rates do not fall it is
    never below what the base has earned already.
    """
    days, gone = _progress(window, through)
    if not gone:
        return ZERO
    whole = projected(base, window, through)
    likely = max(_earns(rule, whole), ZERO)
    if rule.unit != FIXED:
        likely = likely * gone / days
    # A quotient multiplied again is off by what no fen may be rounded by.
    likely = to_fen(_capped(rule, likely.quantize(_NEAR)))
    if rule.minimum is not None and to_fen(_capped(rule, _earns(rule, whole))) < rule.minimum:
        likely = ZERO
    rates = [one.rate for one in rule.breakpoints]
    return max(likely, entitlement(rule, base)) if rates == sorted(rates) else likely


def _progress(window: Period, through: dt.date) -> tuple[int, int]:
    """Days of a window, and how many of them are over at the end of a day; one without an end is over each day."""
    gone = max((min(through, window.end) - window.start).days + 1, 0)
    return (gone, gone) if window.last is None else ((window.end - window.start).days + 1, gone)
