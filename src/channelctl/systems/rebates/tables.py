"""What customers earn back by the sales policy, what of it was settled, and what was paid out."""

import datetime as dt
from decimal import Decimal

import sqlalchemy as sa
from sqlmodel import Field

from channelctl.storage import STRICT, Base, Day, Flag, Traced, Units
from channelctl.systems.catalog import tables as _catalog  # noqa: F401  foreign keys need their tables
from channelctl.systems.customers import tables as _customers  # noqa: F401

_SETTLEMENT = {**STRICT, "info": {"zh": "返利结算", "en": "rebate settlements"}}


class RebateRule(Traced, table=True):
    """A rule of a version of a rebate policy, as its sheet says it; an empty word of scope is any."""

    __tablename__ = "rebate_rule"
    id: int | None = Field(default=None, primary_key=True)
    policy: str = Field(sa_type=sa.Text)
    version: str = Field(sa_type=sa.Text)
    rule: str = Field(sa_type=sa.Text)
    name: str | None = Field(default=None, sa_type=sa.Text)
    type_: str = Field(sa_type=sa.Text, sa_column_kwargs={"name": "type"})
    valid_from: dt.date = Field(sa_type=Day)
    last_day: dt.date | None = Field(default=None, sa_type=Day)
    window: str | None = Field(default=None, sa_type=sa.Text)
    basis: str | None = Field(default=None, sa_type=sa.Text)
    method: str | None = Field(default=None, sa_type=sa.Text)
    unit: str | None = Field(default=None, sa_type=sa.Text)
    thresholds: str | None = Field(default=None, sa_type=sa.Text)
    rates: str = Field(sa_type=sa.Text)
    channel: str | None = Field(default=None, sa_type=sa.Text)
    class_: str | None = Field(default=None, sa_type=sa.Text, sa_column_kwargs={"name": "class"})
    customers: str | None = Field(default=None, sa_type=sa.Text)
    products: str | None = Field(default=None, sa_type=sa.Text)
    category: str | None = Field(default=None, sa_type=sa.Text)
    plan: str | None = Field(default=None, sa_type=sa.Text)
    paid_only: bool | None = Field(default=None, sa_type=Flag)
    cap: Decimal | None = Field(default=None, sa_type=Units)
    minimum: Decimal | None = Field(default=None, sa_type=Units)
    meeting: str | None = Field(default=None, sa_type=sa.Text)
    priority: str | None = Field(default=None, sa_type=sa.Text)
    remark: str | None = Field(default=None, sa_type=sa.Text)

    __table_args__ = (sa.UniqueConstraint("policy", "version", "rule"), STRICT)


class Activation(Traced, table=True):
    """Units that a customer registered under a named operator plan on a day."""

    id: int | None = Field(default=None, primary_key=True)
    date: dt.date = Field(sa_type=Day)
    customer_id: int = Field(foreign_key="customer.id", index=True)
    product_id: int = Field(foreign_key="product.id", index=True)
    plan: str = Field(sa_type=sa.Text)
    quantity: Decimal = Field(sa_type=Units)

    __table_args__ = (sa.UniqueConstraint("date", "customer_id", "product_id", "plan"), STRICT)


class RebateSettlement(Base, table=True):
    """A month's settlement: through which day sales count, whether it is the last of the month, and by what data."""

    __tablename__ = "rebate_settlement"
    id: int | None = Field(default=None, primary_key=True)
    batch_id: int = Field(foreign_key="batch.id", unique=True)
    month: str = Field(sa_type=sa.Text)
    through: dt.date = Field(sa_type=Day)
    final: bool = Field(sa_type=Flag)
    policy: str = Field(sa_type=sa.Text)
    known: int

    __table_args__ = (sa.UniqueConstraint("month", "through"), _SETTLEMENT)


class RebateSettled(Base, table=True):
    """What a settlement found a customer to have earned by a rule in a window, and what of it was settled before."""

    __tablename__ = "rebate_settled"
    settlement_id: int = Field(foreign_key="rebate_settlement.id", ondelete="CASCADE", primary_key=True)
    customer_code: str = Field(sa_type=sa.Text, primary_key=True)
    policy: str = Field(sa_type=sa.Text, primary_key=True)
    rule: str = Field(sa_type=sa.Text, primary_key=True)
    window: str = Field(sa_type=sa.Text, primary_key=True)
    version: str = Field(sa_type=sa.Text)
    base: Decimal = Field(sa_type=Units)
    entitlement: Decimal = Field(sa_type=Units)
    before: Decimal = Field(sa_type=Units)
    amount: Decimal = Field(sa_type=Units)


class RebatePayout(Traced, table=True):
    """A payment of settled rebates: as credit note, goods or offset, and how far it has got."""

    __tablename__ = "rebate_payout"
    id: int | None = Field(default=None, primary_key=True)
    number: str = Field(sa_type=sa.Text, unique=True)
    date: dt.date = Field(sa_type=Day)
    customer_id: int = Field(foreign_key="customer.id", index=True)
    amount: Decimal = Field(sa_type=Units)
    form: str = Field(sa_type=sa.Text)
    state: str = Field(sa_type=sa.Text)
    reference: str | None = Field(default=None, sa_type=sa.Text)
    remark: str | None = Field(default=None, sa_type=sa.Text)
