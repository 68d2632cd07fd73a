"""What customers have on their shelves."""

import datetime as dt
from decimal import Decimal

import sqlalchemy as sa
from sqlmodel import Field

from channelctl.storage import STRICT, Day, Traced, Units
from channelctl.systems.catalog import tables as _catalog  # noqa: F401  foreign keys need their tables
from channelctl.systems.customers import tables as _customers  # noqa: F401


class StockCount(Traced, table=True):
    """How many of a product a customer held at the end of a day."""

    __tablename__ = "stock_count"
    id: int | None = Field(default=None, primary_key=True)
    date: dt.date = Field(sa_type=Day)
    customer_id: int = Field(foreign_key="customer.id", index=True)
    product_id: int = Field(foreign_key="product.id", index=True)
    quantity: Decimal = Field(sa_type=Units)
    opening: Decimal | None = Field(default=None, sa_type=Units)
    received: Decimal | None = Field(default=None, sa_type=Units)
    sold: Decimal | None = Field(default=None, sa_type=Units)

    __table_args__ = (sa.UniqueConstraint("date", "customer_id", "product_id"), STRICT)


class SellOut(Traced, table=True):
    """How many of a product a customer sold on in a day, and where to, as its sheet names the place."""

    __tablename__ = "sell_out"
    id: int | None = Field(default=None, primary_key=True)
    date: dt.date = Field(sa_type=Day)
    customer_id: int = Field(foreign_key="customer.id", index=True)
    product_id: int = Field(foreign_key="product.id", index=True)
    place: str = Field(default="", sa_type=sa.Text)
    quantity: Decimal = Field(sa_type=Units)
    amount: Decimal | None = Field(default=None, sa_type=Units)

    __table_args__ = (sa.UniqueConstraint("date", "customer_id", "product_id", "place"), STRICT)
