"""What products cost, by channel and from when."""

import datetime as dt
from decimal import Decimal

import sqlalchemy as sa
from sqlmodel import Field

from channelctl.storage import STRICT, Day, Traced, Units
from channelctl.systems.catalog import tables as _catalog  # noqa: F401  foreign keys need their tables
from channelctl.systems.customers import tables as _customers  # noqa: F401


class Price(Traced, table=True):
    """A row of the price list: a product's prices from a day on, for a channel, class or customer; NULL: not offered.

    `channel` and `class` are empty for any; the prices hold through `last_day`, else until the next row of the same
    product, channel, class and customer.
    """

    id: int | None = Field(default=None, primary_key=True)
    product_id: int = Field(foreign_key="product.id")
    channel: str = Field(default="", sa_type=sa.Text)
    class_: str = Field(default="", sa_type=sa.Text, sa_column_kwargs={"name": "class"})
    customer_id: int | None = Field(default=None, foreign_key="customer.id", index=True)
    valid_from: dt.date = Field(sa_type=Day)
    last_day: dt.date | None = Field(default=None, sa_type=Day)
    distribution_price: Decimal | None = Field(default=None, sa_type=Units)
    dealer_price: Decimal | None = Field(default=None, sa_type=Units)
    consignment_price: Decimal | None = Field(default=None, sa_type=Units)
    retail_price: Decimal | None = Field(default=None, sa_type=Units)
    announced_on: dt.date | None = Field(default=None, sa_type=Day)
    remark: str | None = Field(default=None, sa_type=sa.Text)

    __table_args__ = (sa.Index("ix_price_product", "product_id", "valid_from"), STRICT)
