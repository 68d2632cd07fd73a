"""A customer's books in a database of their own, and the same worked out by hand."""

import datetime as dt
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import sqlalchemy as sa
from sqlalchemy.pool import StaticPool
from sqlmodel import Session, SQLModel

from channelctl import db
from channelctl.systems.credit.tables import CreditWriteoff, Payment, PaymentApplication, Receivable
from channelctl.systems.customers.tables import Customer
from channelctl.systems.sales.tables import SaleLine
from tests import running, tables

_TABLES = (
    *("batch", "source_sheet", "region", "office", "rep", "customer", "product", "sale_line", "receivable", "payment"),
    *("payment_application", "credit_writeoff", "credit_limit"),
)
FIRST = dt.date(2024, 1, 1)


def day(number: int) -> dt.date:
    """The so-manieth day of 2024."""
    return FIRST + dt.timedelta(days=number - 1)


class Bill(NamedTuple):
    """A receivable; days by their number."""

    number: str
    date: int
    due: int
    amount: int
    received: int | None = None
    settled: int | None = None
    type_: str = "invoice"
    document: str | None = None


class Money(NamedTuple):
    """A payment; below 0 it went back."""

    number: str
    date: int
    amount: int
    document: str | None = None


class Sold(NamedTuple):
    """A line of a sale document."""

    document: str | None
    date: int
    amount: int
    status: str | None = None
    original: str | None = None
    taxed: int | None = None
    tax: int | None = None


@dataclass(frozen=True)
class Account:
    """Everything about a customer."""

    bills: Sequence[Bill] = ()
    paid: Sequence[Money] = ()
    chosen: Sequence[tuple[str, str, int]] = ()
    lost: Sequence[Money] = ()
    sold: Sequence[Sold] = ()

    def until(self, last: int) -> "Account":
        """Without anything that happened later."""
        bills = [
            one._replace(settled=one.settled if one.settled is not None and one.settled <= last else None)
            for one in self.bills
            if one.date <= last
        ]
        paid, lost = ([one for one in part if one.date <= last] for part in (self.paid, self.lost))
        sold = [one for one in self.sold if one.date <= last]
        return replace(self, bills=bills, paid=paid, lost=lost, sold=sold)


@dataclass
class Hand:
    """What is open by document, what is on account."""

    open: dict[str, int] = field(default_factory=dict)
    on_account: int = 0
    short: dict[str, int] = field(default_factory=dict, compare=False)


def by_hand(account: Account, last: int) -> Hand:
    """The account at the end of a day, one credit after the other, as a bookkeeper does it."""
    now = account.until(last)
    debits = [one for one in now.bills if one.type_ != "credit_note"]
    back = [Bill(one.number, one.date, one.date, -one.amount, type_="refund") for one in now.paid if one.amount < 0]
    rest = {one.number: one.amount for one in debits}
    left = {one.number: one.amount for one in now.paid if one.amount > 0}
    pool = 0

    def apply(document: str | None, amount: int) -> int:
        taken = min(rest.get(document or "", 0), amount)
        if taken:
            rest[document or ""] -= taken
        return amount - taken

    for payment, document, amount in now.chosen:
        if document in rest and payment in left:
            taken = min(left[payment], amount)
            left[payment] -= taken
            pool += apply(document, taken)
    for one in debits:
        pool += apply(one.number, one.received or 0)
    for paid in now.paid:
        pool += apply(paid.document, left.get(paid.number, 0))
    for note in (one for one in now.bills if one.type_ == "credit_note"):
        pool += apply(note.document, note.amount)
    for loss in now.lost:
        pool += apply(loss.document, loss.amount)
    found = Hand(short=dict(rest))
    for settled in sorted({max(one.settled, one.date) for one in debits if one.settled is not None}):
        # On that day the desk looks what the money for nothing in particular has left of the document.
        bills = [one._replace(settled=None if _closes(one) >= settled else one.settled) for one in now.bills]
        then = by_hand(replace(now, bills=bills), settled)
        for one in debits:
            if _closes(one) == settled:
                had = then.short[one.number] - then.open.get(one.number, 0)
                taken = min(had, rest[one.number], max(pool, 0))
                pool, rest[one.number] = pool - taken, 0
    for one in sorted([*debits, *back], key=lambda bill: (bill.due, bill.date, bill.number)):
        short = rest[one.number] if one.type_ != "refund" else one.amount
        taken = min(short, pool)
        pool -= taken
        if short > taken:
            found.open[one.number] = short - taken
    found.on_account = pool
    return found


def _closes(one: Bill) -> int:
    """The day that closes a document, if it is settled."""
    return max(one.settled, one.date) if one.settled is not None else 0


@contextmanager
def kept(account: Account) -> Iterator[Session]:
    """The account of customer 1 in a database."""
    with _on_server() if tables.on_server() else _in_memory() as session:
        session.execute(
            sa.text("INSERT INTO batch VALUES (1, '2024-01-01T00:00:00', 't', 'x', '', 0, '', '', 0, NULL)")
        )
        session.add(Customer(id=1, batch_id=1, code="C1", name="店", name_key="店"))
        session.flush()
        session.add_all(_rows(account))
        session.flush()
        yield session
        session.rollback()


@contextmanager
def _in_memory() -> Iterator[Session]:
    engine = sa.create_engine("sqlite://", poolclass=StaticPool)
    SQLModel.metadata.create_all(engine, [SQLModel.metadata.tables[name] for name in _TABLES])
    with Session(engine) as session:
        yield session
    engine.dispose()


@contextmanager
def _on_server() -> Iterator[Session]:
    """One for all accounts of a test: each is taken back."""
    where = Path(tempfile.gettempdir()) / f"books-{os.getpid()}"
    if not tables.is_there(where):
        tables.put(running.empty(), where)
        tables.execute(where, "SELECT channelctl_months(?)", [f"2024-{month:02}" for month in range(1, 13)])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CHANNELCTL_DB", tables.address(where))
        with db.session(write=True) as session:
            yield session


def _rows(account: Account) -> Iterator[SQLModel]:
    own: dict[str, Any] = {"batch_id": 1, "customer_id": 1}
    for one in account.bills:
        yield Receivable(
            **own,
            number=one.number,
            date=day(one.date),
            type_=one.type_,
            amount=Decimal(one.amount),
            due_date=day(one.due),
            due_given=True,
            received=None if one.received is None else Decimal(one.received),
            settled_on=None if one.settled is None else day(one.settled),
            document=one.document,
        )
    for paid in account.paid:
        amount = Decimal(paid.amount)
        yield Payment(**own, number=paid.number, date=day(paid.date), amount=amount, document=paid.document)
    for payment, document, units in account.chosen:
        yield PaymentApplication(**own, payment=payment, document=document, amount=Decimal(units))
    for loss in account.lost:
        words: dict[str, Any] = {"number": loss.number, "document": loss.document, "handler": "a"}
        yield CreditWriteoff(**own, **words, date=day(loss.date), amount=Decimal(loss.amount))
    for place, line in enumerate(account.sold):
        yield SaleLine(
            **own,
            document=line.document,
            date=day(line.date),
            amount=Decimal(line.amount),
            amount_taxed=None if line.taxed is None else Decimal(line.taxed),
            tax=None if line.tax is None else Decimal(line.tax),
            status=line.status,
            original_document=line.original,
            content_key=place,
        )
