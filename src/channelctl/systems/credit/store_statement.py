"""Customers' statements, from the ledger."""

import datetime as dt
from collections.abc import Collection
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import select, union
from sqlmodel import Session, col

from channelctl.records.resolve import lookup
from channelctl.systems.credit import rules_statement, store_ledger
from channelctl.systems.credit.rules import CreditPolicy
from channelctl.systems.credit.rules_documents import CREDIT_NOTE
from channelctl.systems.credit.rules_statement import NOTHING, AgeRow, Balanced, OpenRow, Span
from channelctl.systems.credit.tables import CreditWriteoff, Payment, Receivable
from channelctl.systems.customers.tables import Customer


class Statement(NamedTuple):
    """What moved a customer's balance in a span of days, what is open after it, and how old that is."""

    code: str
    name: str
    span: Span
    balanced: Balanced
    open: list[OpenRow]
    ages: list[AgeRow]


class _Party(NamedTuple):
    id: int
    code: str
    name: str


def statement(session: Session, word: str, span: Span, policy: CreditPolicy, buckets: tuple[int, ...]) -> Statement:
    """The statement of a customer.

    Raises:
        UsageError: there is no such customer.
    """
    id_ = lookup(session, "customer", word)
    (party,) = _parties(session, [id_])
    return _statement(session, party, _open(session, span, policy, [id_]).get(id_, []), span, policy, buckets)


def statements(session: Session, span: Span, policy: CreditPolicy, buckets: tuple[int, ...]) -> list[Statement]:
    """The statements of all customers whose balance moved in the span, or was not 0 before it."""
    ids = _on_books(session) | set(store_ledger.positions(session, span.last, policy))
    open_ = _open(session, span, policy, None)
    found = [
        _statement(session, party, open_.get(party.id, []), span, policy, buckets) for party in _parties(session, ids)
    ]
    return [one for one in found if one.balanced.rows or one.balanced.opening]


def _on_books(session: Session) -> set[int]:
    """The customers that have a document, a payment or a write-off of their own."""
    each = (select(col(table.customer_id)) for table in (Receivable, Payment, CreditWriteoff))
    return set(session.execute(union(*each)).scalars())


def _parties(session: Session, ids: Collection[int]) -> list[_Party]:
    """The customers by code."""
    query = select(col(Customer.id), col(Customer.code), col(Customer.name)).order_by(col(Customer.code))
    if len(ids) == 1:
        query = query.where(col(Customer.id).in_(ids))
    return [_Party(*row) for row in session.execute(query) if row[0] in ids]


def _open(
    session: Session, span: Span, policy: CreditPolicy, ids: Collection[int] | None
) -> dict[int, list[OpenRow]]:  # fmt: skip
    """What is open at the end of the span by customer, oldest due first."""
    found: dict[int, list[OpenRow]] = {}
    for one in store_ledger.open_items(session, span.last, policy, ids):
        days = (span.last - one.due_date).days
        row = OpenRow(one.number, one.type_, one.date, one.due_date, one.amount, one.open, days)
        found.setdefault(one.customer_id, []).append(row)
    return found


def _statement(
    session: Session,
    party: _Party,
    rows: list[OpenRow],
    span: Span,
    policy: CreditPolicy,
    buckets: tuple[int, ...],
) -> Statement:
    moved = store_ledger.movements(session, party.id, span.last, policy)
    before = []
    if span.first is not None and span.first > dt.date.min:
        before = store_ledger.movements(session, party.id, span.first - dt.timedelta(days=1), policy)
    found = rules_statement.balanced(before, moved, span, _invoices(session, party.id, span) if before else {})
    ages = rules_statement.ages(rows, found.closing, buckets)
    return Statement(party.code, party.name, span, found, rows, ages)


def _invoices(session: Session, customer_id: int, span: Span) -> dict[str, str]:
    """The customer's documents that invoices up to the end of the span name, each with the first that does."""
    one = Receivable
    query = select(col(one.number), col(one.document)).where(
        col(one.customer_id) == customer_id, col(one.date) <= span.last, col(one.type_) != CREDIT_NOTE
    )
    return rules_statement.naming(tuple(row) for row in session.execute(query.order_by(col(one.date), col(one.id))))


def total(found: Collection[Statement]) -> Decimal:
    """What all of them come to at the end."""
    return sum((one.balanced.closing for one in found), NOTHING)
