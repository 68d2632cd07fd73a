"""What customers owe and have paid, how much credit they have and who granted it, and what was lost."""

import datetime as dt
from decimal import Decimal

import sqlalchemy as sa
from sqlmodel import Field

from channelctl.storage import STRICT, Base, Day, Flag, Traced, Units
from channelctl.systems.customers import tables as _customers  # noqa: F401  foreign keys need their tables

_DECISION = {**STRICT, "info": {"zh": "授信审批", "en": "credit decisions"}}
_RELEASE = {**STRICT, "info": {"zh": "放行单", "en": "credit releases"}}
_USE = {**STRICT, "info": {"zh": "放行使用", "en": "uses of credit releases"}}
# Columns that say who did something: erasing that person takes the name out of them.
_PERSON = {"info": {"person": True}}


class Receivable(Traced, table=True):
    """An invoice, opening balance or credit note, with tax; a credit note's amount is kept positive."""

    id: int | None = Field(default=None, primary_key=True)
    customer_id: int = Field(foreign_key="customer.id")
    number: str = Field(sa_type=sa.Text)
    date: dt.date = Field(sa_type=Day)
    type_: str = Field(sa_type=sa.Text, sa_column_kwargs={"name": "type"})
    amount: Decimal = Field(sa_type=Units)
    tax: Decimal | None = Field(default=None, sa_type=Units)
    terms: str | None = Field(default=None, sa_type=sa.Text)
    due_date: dt.date = Field(sa_type=Day)
    due_given: bool = Field(sa_type=Flag)
    document: str | None = Field(default=None, sa_type=sa.Text)
    settled_on: dt.date | None = Field(default=None, sa_type=Day)
    received: Decimal | None = Field(default=None, sa_type=Units)
    disputed: bool | None = Field(default=None, sa_type=Flag)
    remark: str | None = Field(default=None, sa_type=sa.Text)

    __table_args__ = (
        sa.UniqueConstraint("customer_id", "number"),
        sa.Index("ix_receivable_due", "customer_id", "due_date", "date"),
        STRICT,
    )


class Payment(Traced, table=True):
    """Money that came in; a negative amount is a refund, or a cheque that came back."""

    id: int | None = Field(default=None, primary_key=True)
    customer_id: int = Field(foreign_key="customer.id")
    number: str = Field(sa_type=sa.Text)
    date: dt.date = Field(sa_type=Day)
    amount: Decimal = Field(sa_type=Units)
    document: str | None = Field(default=None, sa_type=sa.Text)
    method: str | None = Field(default=None, sa_type=sa.Text)
    remark: str | None = Field(default=None, sa_type=sa.Text)

    __table_args__ = (sa.UniqueConstraint("customer_id", "number"), STRICT)


class PaymentApplication(Traced, table=True):
    """Which document so much of a payment is for, by somebody's word."""

    __tablename__ = "payment_application"
    id: int | None = Field(default=None, primary_key=True)
    customer_id: int = Field(foreign_key="customer.id", index=True)
    payment: str = Field(sa_type=sa.Text)
    document: str = Field(sa_type=sa.Text)
    amount: Decimal = Field(sa_type=Units)
    remark: str | None = Field(default=None, sa_type=sa.Text)

    __table_args__ = (sa.UniqueConstraint("customer_id", "payment", "document"), STRICT)


class OpenOrder(Traced, table=True):
    """What is ordered and still to be delivered, with tax."""

    __tablename__ = "open_order"
    id: int | None = Field(default=None, primary_key=True)
    customer_id: int = Field(foreign_key="customer.id")
    number: str = Field(sa_type=sa.Text)
    date: dt.date = Field(sa_type=Day)
    amount: Decimal = Field(sa_type=Units)
    closed_on: dt.date | None = Field(default=None, sa_type=Day)
    remark: str | None = Field(default=None, sa_type=sa.Text)

    __table_args__ = (sa.UniqueConstraint("customer_id", "number"), STRICT)


class CreditLimit(Traced, table=True):
    """Limit and terms of a customer from a day on; `source` is `opening`, or the number of the application."""

    __tablename__ = "credit_limit"
    id: int | None = Field(default=None, primary_key=True)
    customer_id: int = Field(foreign_key="customer.id")
    valid_from: dt.date = Field(sa_type=Day)
    limit_amount: Decimal | None = Field(default=None, sa_type=Units)
    terms: str | None = Field(default=None, sa_type=sa.Text)
    expires_on: dt.date | None = Field(default=None, sa_type=Day)
    pooled: bool | None = Field(default=None, sa_type=Flag)
    source: str = Field(sa_type=sa.Text)
    approved_by: str | None = Field(default=None, sa_type=sa.Text, sa_column_kwargs=_PERSON)
    remark: str | None = Field(default=None, sa_type=sa.Text)

    __table_args__ = (sa.UniqueConstraint("customer_id", "valid_from", "source"), STRICT)


class CreditInvestigation(Traced, table=True):
    """A survey of a customer's credit, as its form says it."""

    __tablename__ = "credit_investigation"
    id: int | None = Field(default=None, primary_key=True)
    number: str = Field(sa_type=sa.Text, unique=True)
    customer_id: int = Field(foreign_key="customer.id", index=True)
    date: dt.date = Field(sa_type=Day)
    investigator: str | None = Field(default=None, sa_type=sa.Text, sa_column_kwargs=_PERSON)
    ownership: str | None = Field(default=None, sa_type=sa.Text)
    legal_representative: str | None = Field(default=None, sa_type=sa.Text, sa_column_kwargs=_PERSON)
    founded_on: dt.date | None = Field(default=None, sa_type=Day)
    registered_capital: Decimal | None = Field(default=None, sa_type=Units)
    premises: str | None = Field(default=None, sa_type=sa.Text)
    staff: Decimal | None = Field(default=None, sa_type=Units)
    brands: str | None = Field(default=None, sa_type=sa.Text)
    yearly_sales: Decimal | None = Field(default=None, sa_type=Units)
    assets: Decimal | None = Field(default=None, sa_type=Units)
    debts: Decimal | None = Field(default=None, sa_type=Units)
    bank: str | None = Field(default=None, sa_type=sa.Text)
    bank_rating: str | None = Field(default=None, sa_type=sa.Text)
    payment_record: str | None = Field(default=None, sa_type=sa.Text)
    other_suppliers: str | None = Field(default=None, sa_type=sa.Text)
    litigation: str | None = Field(default=None, sa_type=sa.Text)
    guarantee: str | None = Field(default=None, sa_type=sa.Text)
    reputation: str | None = Field(default=None, sa_type=sa.Text)
    opinion: str | None = Field(default=None, sa_type=sa.Text)
    remark: str | None = Field(default=None, sa_type=sa.Text)


class CreditApplication(Traced, table=True):
    """What somebody asks to be granted to a customer."""

    __tablename__ = "credit_application"
    id: int | None = Field(default=None, primary_key=True)
    number: str = Field(sa_type=sa.Text, unique=True)
    customer_id: int = Field(foreign_key="customer.id", index=True)
    date: dt.date = Field(sa_type=Day)
    applicant: str = Field(sa_type=sa.Text, sa_column_kwargs=_PERSON)
    limit_amount: Decimal = Field(sa_type=Units)
    terms: str | None = Field(default=None, sa_type=sa.Text)
    expires_on: dt.date | None = Field(default=None, sa_type=Day)
    pooled: bool | None = Field(default=None, sa_type=Flag)
    investigation: str | None = Field(default=None, sa_type=sa.Text)
    reason: str | None = Field(default=None, sa_type=sa.Text)
    decision: str | None = Field(default=None, sa_type=sa.Text)
    decided_on: dt.date | None = Field(default=None, sa_type=Day)
    decided_by: str | None = Field(default=None, sa_type=sa.Text, sa_column_kwargs=_PERSON)


class CreditDecision(Base, table=True):
    """An application approved or refused: once, by somebody else than the applicant."""

    __tablename__ = "credit_decision"
    id: int | None = Field(default=None, primary_key=True)
    batch_id: int = Field(foreign_key="batch.id", index=True)
    application: str = Field(sa_type=sa.Text, unique=True)
    customer_code: str = Field(sa_type=sa.Text)
    approved: bool = Field(sa_type=Flag)
    decided_on: dt.date = Field(sa_type=Day)
    decided_by: str = Field(sa_type=sa.Text, sa_column_kwargs=_PERSON)
    role: str | None = Field(default=None, sa_type=sa.Text)
    limit_amount: Decimal | None = Field(default=None, sa_type=Units)
    reason: str | None = Field(default=None, sa_type=sa.Text)

    __table_args__ = _DECISION


class CreditHold(Traced, table=True):
    """Deliveries to a customer stopped by hand, from a day on."""

    __tablename__ = "credit_hold"
    id: int | None = Field(default=None, primary_key=True)
    customer_id: int = Field(foreign_key="customer.id")
    since: dt.date = Field(sa_type=Day)
    until: dt.date | None = Field(default=None, sa_type=Day)
    reason: str = Field(sa_type=sa.Text)

    __table_args__ = (sa.UniqueConstraint("customer_id", "since"), STRICT)


class CreditRelease(Base, table=True):
    """One delivery let through in spite of a hold: by whom, why, for how much and until when; it serves once."""

    __tablename__ = "credit_release"
    id: int | None = Field(default=None, primary_key=True)
    batch_id: int = Field(foreign_key="batch.id", unique=True)
    customer_code: str = Field(sa_type=sa.Text, index=True)
    amount: Decimal = Field(sa_type=Units)
    given_on: dt.date = Field(sa_type=Day)
    until: dt.date = Field(sa_type=Day)
    approver: str = Field(sa_type=sa.Text, sa_column_kwargs=_PERSON)
    role: str | None = Field(default=None, sa_type=sa.Text)
    reason: str = Field(sa_type=sa.Text)

    __table_args__ = _RELEASE


class CreditReleaseUse(Base, table=True):
    """The one delivery that a release served for."""

    __tablename__ = "credit_release_use"
    release_id: int = Field(foreign_key="credit_release.id", ondelete="CASCADE", primary_key=True)
    batch_id: int = Field(foreign_key="batch.id", index=True)
    used_on: dt.date = Field(sa_type=Day)
    amount: Decimal = Field(sa_type=Units)
    used_by: str = Field(sa_type=sa.Text, sa_column_kwargs=_PERSON)
    document: str | None = Field(default=None, sa_type=sa.Text)

    __table_args__ = _USE


class CreditWriteoff(Traced, table=True):
    """A debt given up, with who sold on credit and who approved the credit."""

    __tablename__ = "credit_writeoff"
    id: int | None = Field(default=None, primary_key=True)
    number: str = Field(sa_type=sa.Text, unique=True)
    customer_id: int = Field(foreign_key="customer.id", index=True)
    date: dt.date = Field(sa_type=Day)
    document: str | None = Field(default=None, sa_type=sa.Text)
    amount: Decimal = Field(sa_type=Units)
    handler: str = Field(sa_type=sa.Text, sa_column_kwargs=_PERSON)
    approver: str | None = Field(default=None, sa_type=sa.Text, sa_column_kwargs=_PERSON)
    reason: str | None = Field(default=None, sa_type=sa.Text)


class CreditRecovery(Traced, table=True):
    """Money that came in for a debt given up."""

    __tablename__ = "credit_recovery"
    id: int | None = Field(default=None, primary_key=True)
    number: str = Field(sa_type=sa.Text, unique=True)
    writeoff: str = Field(sa_type=sa.Text, index=True)
    date: dt.date = Field(sa_type=Day)
    amount: Decimal = Field(sa_type=Units)
    remark: str | None = Field(default=None, sa_type=sa.Text)


class Promise(Traced, table=True):
    """A customer's word to pay so much by a day."""

    id: int | None = Field(default=None, primary_key=True)
    customer_id: int = Field(foreign_key="customer.id")
    made_on: dt.date = Field(sa_type=Day)
    due_on: dt.date = Field(sa_type=Day)
    amount: Decimal = Field(sa_type=Units)
    document: str | None = Field(default=None, sa_type=sa.Text)
    given_by: str | None = Field(default=None, sa_type=sa.Text, sa_column_kwargs=_PERSON)
    remark: str | None = Field(default=None, sa_type=sa.Text)

    __table_args__ = (sa.UniqueConstraint("customer_id", "made_on", "due_on", "document"), STRICT)
