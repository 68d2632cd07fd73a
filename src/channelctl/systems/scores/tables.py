"""Scores set by hand, and months that were closed."""

from decimal import Decimal

import sqlalchemy as sa
from sqlmodel import Field

from channelctl.storage import STRICT, Base, Traced, Units
from channelctl.systems.plans import tables as _plans  # noqa: F401  foreign keys need their tables

_CLOSED = {**STRICT, "info": {"zh": "已关账月份", "en": "closed months"}}


class ScoreMark(Traced, table=True):
    """A planned customer's score of a month set by hand, from 0 to 1, and why."""

    __tablename__ = "score_mark"
    id: int | None = Field(default=None, primary_key=True)
    month: str = Field(sa_type=sa.Text)
    office_id: int = Field(foreign_key="office.id")
    customer_id: int = Field(foreign_key="customer.id")
    score: Decimal = Field(sa_type=Units)
    reason: str = Field(sa_type=sa.Text)

    __table_args__ = (sa.UniqueConstraint("month", "office_id", "customer_id"), STRICT)


class ScoreClose(Base, table=True):
    """A month whose scores stay what they were: the policy they were made by, and the last batch by then."""

    __tablename__ = "score_close"
    id: int | None = Field(default=None, primary_key=True)
    batch_id: int = Field(foreign_key="batch.id", unique=True)
    month: str = Field(sa_type=sa.Text, unique=True)
    policy: str = Field(sa_type=sa.Text)
    known: int

    __table_args__ = _CLOSED


class ScoreClosed(Base, table=True):
    """An office's figures of a closed month and those of its planned customers, as JSON, by their codes."""

    __tablename__ = "score_closed"
    close_id: int = Field(foreign_key="score_close.id", ondelete="CASCADE", primary_key=True)
    office_code: str = Field(sa_type=sa.Text, primary_key=True)
    figures: str = Field(sa_type=sa.Text)
    customers: str = Field(sa_type=sa.Text)
