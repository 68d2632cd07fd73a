"""Who is planned, and for how much."""

from decimal import Decimal

import sqlalchemy as sa
from sqlmodel import Field

from channelctl.storage import STRICT, Flag, Traced, Units
from channelctl.systems.customers import tables as _customers  # noqa: F401  foreign keys need their tables


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
