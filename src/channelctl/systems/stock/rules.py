"""The numbers of stock that a business may change, and what counts and movements are made of."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple, Self

from pydantic import BaseModel, Field, model_validator

from channelctl.i18n import _

ZERO = Decimal("0.00")


class StockPolicy(BaseModel, extra="forbid", frozen=True):
    """[stock]: the weeks that a rate is the mean of, the weeks of cover that are few or many, how long a count speaks.

    Fewer weeks than `low` are few, more than `over` many; both edges are neither.
    """

    weeks: int = Field(default=4, ge=1, le=520)
    low: Decimal = Field(default=Decimal(1), ge=0)
    over: Decimal = Field(default=Decimal(8), gt=0)
    count_days: int = Field(default=62, ge=1, le=3660)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.low > self.over:
            raise ValueError(_("low ({low}) is above over ({over})").format(low=self.low, over=self.over))
        return self


SECTION = StockPolicy


class Item(NamedTuple):
    """A product at a customer, with the customer's own office."""

    customer_code: str
    customer: str
    office_code: str
    office: str
    product_code: str
    product: str


class Count(NamedTuple):
    """What was there at the end of a day, and what its sheet says was sold on and received since the count before."""

    date: dt.date
    quantity: Decimal
    sold: Decimal | None = None
    received: Decimal | None = None


class Moved(NamedTuple):
    """Units that came or went on a day, returns below 0."""

    date: dt.date
    quantity: Decimal


def between(moved: Iterable[Moved], after: dt.date, until: dt.date) -> Decimal:
    """What was moved on the days after one and until another."""
    return sum((one.quantity for one in moved if after < one.date <= until), ZERO)
