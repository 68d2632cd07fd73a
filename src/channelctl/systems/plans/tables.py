"""Who is planned, and for how much."""

import datetime as dt
from decimal import Decimal

import sqlalchemy as sa
from sqlmodel import Field

from channelctl.storage import STRICT, Base, Day, Flag, Traced, Units
from channelctl.systems.customers import tables as _customers  # noqa: F401  foreign keys need their tables

_FROZEN = {**STRICT, "info": {"zh": "冻结的规划", "en": "frozen plans"}}


class PlanLine(Traced, table=True):
    """A planned customer of an office and month, as it stood when it was planned."""

    __tablename__ = "plan_line"
    id: int | None = Field(default=None, primary_key=True)
    month: str = Field(sa_type=sa.Text)
    office_id: int = Field(foreign_key="office.id")
    customer_id: int = Field(foreign_key="customer.id")
    class_: str | None = Field(default=None, sa_type=sa.Text, sa_column_kwargs={"name": "class"})
    core: bool | None = Field(default=None, sa_type=Flag)
    target: Decimal | None = Field(default=None, sa_type=Units)

    __table_args__ = (sa.UniqueConstraint("month", "office_id", "customer_id"), STRICT)


class ClassTarget(Traced, table=True):
    """The monthly target of a class where a planned customer has none of its own."""

    __tablename__ = "class_target"
    id: int | None = Field(default=None, primary_key=True)
    class_: str = Field(sa_type=sa.Text, sa_column_kwargs={"name": "class"})
    month: str = Field(sa_type=sa.Text)
    target: Decimal = Field(sa_type=Units)

    __table_args__ = (sa.UniqueConstraint("class", "month"), STRICT)


class PlanVersion(Base, table=True):
    """An office's plan for a month as it was frozen: the first time, and again with each change that was approved."""

    __tablename__ = "plan_version"
    id: int | None = Field(default=None, primary_key=True)
    batch_id: int = Field(foreign_key="batch.id", index=True)
    month: str = Field(sa_type=sa.Text)
    office_id: int = Field(foreign_key="office.id")
    number: int
    approved_on: dt.date | None = Field(default=None, sa_type=Day)
    reason: str | None = Field(default=None, sa_type=sa.Text)

    __table_args__ = (sa.UniqueConstraint("month", "office_id", "number"), _FROZEN)


class PlanVersionLine(Base, table=True):
    """A planned customer of a frozen plan, by the code it had."""

    __tablename__ = "plan_version_line"
    version_id: int = Field(foreign_key="plan_version.id", ondelete="CASCADE", primary_key=True)
    customer_code: str = Field(sa_type=sa.Text, primary_key=True)
    class_: str | None = Field(default=None, sa_type=sa.Text, sa_column_kwargs={"name": "class"})
    core: bool = Field(sa_type=Flag)
    target: Decimal | None = Field(default=None, sa_type=Units)


class OfficeTarget(Traced, table=True):
    """What an office is to sell in a month: the target, and two levels above it."""

    __tablename__ = "office_target"
    id: int | None = Field(default=None, primary_key=True)
    month: str = Field(sa_type=sa.Text)
    office_id: int = Field(foreign_key="office.id")
    target: Decimal = Field(sa_type=Units)
    sprint: Decimal | None = Field(default=None, sa_type=Units)
    challenge: Decimal | None = Field(default=None, sa_type=Units)

    __table_args__ = (sa.UniqueConstraint("month", "office_id"), STRICT)
