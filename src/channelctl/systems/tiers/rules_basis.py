"""What every way of grading stands on: tiers, customers with their sales, and exact whole-number arithmetic."""

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from math import lcm
from typing import Literal, NamedTuple, Protocol

Tier = Literal["A", "B", "C"]

TIERS: tuple[Tier, ...] = ("A", "B", "C")
NET_RETURNS, NO_SALES, TIE, RAISED = "net_returns", "no_sales", "tie", "raised"
NO_PROFIT, UNKNOWN = "no_profit", "unknown"
_PLACES = 16


class Purchases(NamedTuple):
    """A customer's purchases in a period, returns not counted.

    `days` from the last one to the period's end; `times` documents, days where lines name none; `first_time` where
    there was none before the period.
    """

    last: dt.date
    days: int
    times: int
    first_time: bool


class CustomerSales(NamedTuple):
    """A customer's net sales in a period; `lines` 0 is a customer that is listed without having bought."""

    customer_code: str
    customer: str
    net_sales: Decimal
    lines: int
    purchases: Purchases | None = None


class Graded(Protocol):
    """A row of any way of grading."""

    @property
    def tier(self) -> Tier:
        """Its tier."""

    @property
    def net_sales(self) -> Decimal:
        """What it was graded by, or its net sales."""

    @property
    def reason(self) -> str | None:
        """What else decided."""


def in_order(sales: Iterable[CustomerSales]) -> tuple[list[CustomerSales], list[CustomerSales]]:
    """Those with positive sales, the largest first and equal ones by code; the others, those without a line last."""
    by_code = sorted(sales, key=lambda one: (one.customer_code, one.customer))
    ordered = sorted(by_code, key=lambda one: one.net_sales, reverse=True)
    outside = [one for one in ordered if one.net_sales <= 0]
    return [one for one in ordered if one.net_sales > 0], sorted(outside, key=lambda one: one.lines == 0)


def beyond(cut: Decimal, part: int, whole: int) -> int:
    """Below 0, 0 or above 0 as `part` is less than, just or more than the share `cut` of `whole`."""
    over, under = cut.as_integer_ratio()
    return part * under - over * whole


def in_units(amounts: Sequence[Decimal]) -> list[int]:
    """The amounts as whole numbers of their common unit, so that sums and comparisons are exact."""
    ratios = [amount.as_integer_ratio() for amount in amounts]
    unit = lcm(*{under for _over, under in ratios})
    return [over * (unit // under) for over, under in ratios]


def ratio(part: int, whole: int, places: int = _PLACES) -> Decimal | None:
    """`part` of `whole`, rounded half up; None of nothing."""
    if whole == 0:
        return None
    return Decimal((2 * part * 10**places + whole) // (2 * whole)).scaleb(-places)


def plain_percent(value: Decimal) -> str:
    """A share in percent with as many decimals as it has: 12.5."""
    return f"{(value * 100).normalize():f}"
