"""Whom we sell to, and whom we talk to there."""

import datetime as dt

import sqlalchemy as sa
from sqlmodel import Field

from channelctl.storage import Day, Flag, Named, Traced
from channelctl.systems.org import tables as _org  # noqa: F401  foreign keys need their tables


class Customer(Named, table=True):
    """A dealer, distributor, operator shop, chain or terminal, with its file."""

    id: int | None = Field(default=None, primary_key=True)
    office_id: int | None = Field(default=None, foreign_key="office.id", index=True)
    rep_id: int | None = Field(default=None, foreign_key="rep.id", index=True)
    parent_id: int | None = Field(default=None, foreign_key="customer.id", index=True)
    channel: str | None = Field(default=None, sa_type=sa.Text)
    platform: str | None = Field(default=None, sa_type=sa.Text)
    class_: str | None = Field(default=None, sa_type=sa.Text, sa_column_kwargs={"name": "class"})
    market_level: str | None = Field(default=None, sa_type=sa.Text)
    core: bool | None = Field(default=None, sa_type=Flag)
    industry: str | None = Field(default=None, sa_type=sa.Text)
    size: str | None = Field(default=None, sa_type=sa.Text)
    scope: str | None = Field(default=None, sa_type=sa.Text)
    province: str | None = Field(default=None, sa_type=sa.Text)
    city: str | None = Field(default=None, sa_type=sa.Text)
    address: str | None = Field(default=None, sa_type=sa.Text)
    phone: str | None = Field(default=None, sa_type=sa.Text)
    legal_representative: str | None = Field(default=None, sa_type=sa.Text)
    business_scope: str | None = Field(default=None, sa_type=sa.Text)
    market_share: str | None = Field(default=None, sa_type=sa.Text)
    competitors: str | None = Field(default=None, sa_type=sa.Text)
    culture: str | None = Field(default=None, sa_type=sa.Text)
    needs: str | None = Field(default=None, sa_type=sa.Text)
    opened_on: dt.date | None = Field(default=None, sa_type=Day)
    closed_on: dt.date | None = Field(default=None, sa_type=Day)
    remark: str | None = Field(default=None, sa_type=sa.Text)


class CustomerAlias(Traced, table=True):
    """Another name or code that stands for a customer; `key` is the name as names are compared."""

    __tablename__ = "customer_alias"
    id: int | None = Field(default=None, primary_key=True)
    alias: str = Field(sa_type=sa.Text)
    key: str = Field(sa_type=sa.Text, unique=True)
    customer_id: int = Field(foreign_key="customer.id", index=True)


class Contact(Named, table=True):
    """A person at a customer and their part in its decisions."""

    id: int | None = Field(default=None, primary_key=True)
    customer_id: int = Field(foreign_key="customer.id", index=True)
    position: str | None = Field(default=None, sa_type=sa.Text)
    role: str | None = Field(default=None, sa_type=sa.Text)
    phone: str | None = Field(default=None, sa_type=sa.Text)
    email: str | None = Field(default=None, sa_type=sa.Text)
    birthday: str | None = Field(default=None, sa_type=sa.Text)
    likes: str | None = Field(default=None, sa_type=sa.Text)
    counterpart_id: int | None = Field(default=None, foreign_key="rep.id")
    remark: str | None = Field(default=None, sa_type=sa.Text)
