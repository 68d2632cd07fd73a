"""Gradings that were applied, and tiers set by hand."""

import datetime as dt
from decimal import Decimal

import sqlalchemy as sa
from sqlmodel import Field

from channelctl.storage import STRICT, Base, Day, Traced, Units
from channelctl.systems.customers import tables as _customers  # noqa: F401  foreign keys need their tables

_APPLIED = {**STRICT, "info": {"zh": "已应用的分级", "en": "gradings"}}


class TierRun(Base, table=True):
    """A grading that was applied, with what it was made from: period, scope and policy, and the last batch by then."""

    __tablename__ = "tier_run"
    id: int | None = Field(default=None, primary_key=True)
    batch_id: int = Field(foreign_key="batch.id", unique=True)
    method: str = Field(sa_type=sa.Text)
    first_day: dt.date = Field(sa_type=Day)
    last_day: dt.date = Field(sa_type=Day)
    scope: str = Field(sa_type=sa.Text)
    policy: str = Field(sa_type=sa.Text)
    known: int
    customers: int
    net: Decimal = Field(sa_type=Units)

    __table_args__ = _APPLIED


class TierGrade(Base, table=True):
    """A customer's tier of a run, by the code it had; `computed` is what the run gave before it was held back."""

    __tablename__ = "tier_grade"
    run_id: int = Field(foreign_key="tier_run.id", ondelete="CASCADE", primary_key=True)
    customer_code: str = Field(sa_type=sa.Text, primary_key=True)
    tier: str = Field(sa_type=sa.Text)
    computed: str = Field(sa_type=sa.Text)
    net: Decimal = Field(sa_type=Units)
    reason: str | None = Field(default=None, sa_type=sa.Text)

    __table_args__ = (sa.Index("ix_tier_grade_customer_code", "customer_code"), STRICT)


class TierMark(Traced, table=True):
    """A tier set by hand: why, from which day, and the last day it holds."""

    __tablename__ = "tier_mark"
    id: int | None = Field(default=None, primary_key=True)
    customer_id: int = Field(foreign_key="customer.id")
    since: dt.date = Field(sa_type=Day)
    until: dt.date = Field(sa_type=Day)
    tier: str = Field(sa_type=sa.Text)
    reason: str = Field(sa_type=sa.Text)

    __table_args__ = (sa.UniqueConstraint("customer_id", "since"), STRICT)
