"""What customers bought from us."""

import datetime as dt
from decimal import Decimal

import sqlalchemy as sa
from sqlmodel import Field

from channelctl.storage import BIG, STRICT, Day, Traced, Units
from channelctl.systems.catalog import tables as _catalog  # noqa: F401  foreign keys need their tables
from channelctl.systems.customers import tables as _customers  # noqa: F401

LIVE = sa.text("ended_batch_id IS NULL")


class SaleLine(Traced, table=True):
    """One sell-in line; a corrected one ends with the batch that brought its next version."""

    __tablename__ = "sale_line"
    id: int | None = Field(default=None, primary_key=True)
    ended_batch_id: int | None = Field(default=None, foreign_key="batch.id")
    date: dt.date = Field(sa_type=Day)
    document: str | None = Field(default=None, sa_type=sa.Text)
    line_no: str | None = Field(default=None, sa_type=sa.Text)
    region_id: int | None = Field(default=None, foreign_key="region.id")
    office_id: int | None = Field(default=None, foreign_key="office.id")
    customer_id: int | None = Field(default=None, foreign_key="customer.id")
    rep_id: int | None = Field(default=None, foreign_key="rep.id")
    product_id: int | None = Field(default=None, foreign_key="product.id")
    quantity: Decimal | None = Field(default=None, sa_type=Units)
    unit_price: Decimal | None = Field(default=None, sa_type=Units)
    amount: Decimal = Field(sa_type=Units)
    amount_taxed: Decimal | None = Field(default=None, sa_type=Units)
    tax: Decimal | None = Field(default=None, sa_type=Units)
    cost: Decimal | None = Field(default=None, sa_type=Units)
    status: str | None = Field(default=None, sa_type=sa.Text)
    original_document: str | None = Field(default=None, sa_type=sa.Text)
    line_key: int | None = Field(default=None, sa_type=BIG)
    content_key: int = Field(sa_type=BIG)

    __table_args__ = (
        sa.Index(
            "ix_sale_line_customer", "customer_id", "date", "amount", "status", sqlite_where=LIVE, postgresql_where=LIVE
        ),
        sa.Index("ix_sale_line_date", "date", sqlite_where=LIVE, postgresql_where=LIVE),
        sa.Index(
            "ix_sale_line_line_key",
            "line_key",
            sqlite_where=sa.text("line_key IS NOT NULL AND ended_batch_id IS NULL"),
            postgresql_where=sa.text("line_key IS NOT NULL AND ended_batch_id IS NULL"),
        ),
        sa.Index("ix_sale_line_content_key", "content_key", sqlite_where=LIVE, postgresql_where=LIVE),
        sa.Index("ix_sale_line_batch", "batch_id"),
        STRICT,
    )
