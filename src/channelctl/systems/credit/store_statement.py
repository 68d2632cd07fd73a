"""Customers' statements, from the ledger."""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import select, union
from sqlmodel import Session, col

from channelctl.systems.credit import rules_statement, store_ledger
from channelctl.systems.credit.rules import CreditPolicy
from channelctl.systems.credit.rules_documents import CREDIT_NOTE
from channelctl.systems.credit.rules_statement import NOTHING, AgeRow, Balanced, OpenRow, Span
from channelctl.systems.credit.store_ledger import Movement
from channelctl.systems.credit.store_ledger_asked import AT_ONCE
from channelctl.systems.credit.tables import CreditWriteoff, Payment, Receivable
from channelctl.systems.customers.store_own import own_customer
from channelctl.systems.customers.tables import Customer
from channelctl.systems.sales.store import LINE, customers_seen


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
    id_ = own_customer(session, word)
    (found,) = _each(session, _parties(session, [id_]), span, policy, buckets)
    return found


def statements(session: Session, span: Span, policy: CreditPolicy, buckets: tuple[int, ...]) -> list[Statement]:
    """The statements of all customers whose balance moved in the span, or was not 0 before it."""
    on_books, seen = _on_books(session, policy), customers_seen(session)
    parties = _parties(session, on_books if seen is None else on_books & seen)
    some = (parties[start : start + AT_ONCE] for start in range(0, len(parties), AT_ONCE))
    each = (one for few in some for one in _each(session, few, span, policy, buckets))
    return [one for one in each if one.balanced.rows or one.balanced.opening]


def _on_books(session: Session, policy: CreditPolicy) -> set[int]:
    """The customers that have a document, a payment or a write-off of their own."""
    each = [select(col(table.customer_id)) for table in (Receivable, Payment, CreditWriteoff)]
    if policy.sale_documents:
        each.append(select(LINE.c.customer_id).where(LINE.c.ended_batch_id.is_(None), LINE.c.customer_id.is_not(None)))
    return set(session.execute(union(*each)).scalars())


def _parties(session: Session, ids: Collection[int]) -> list[_Party]:
    """The customers by code."""
    query = select(col(Customer.id), col(Customer.code), col(Customer.name)).order_by(col(Customer.code))
    if len(ids) == 1:
        query = query.where(col(Customer.id).in_(ids))
    return [_Party(*row) for row in session.execute(query) if row[0] in ids]


def _open(session: Session, span: Span, policy: CreditPolicy, ids: Collection[int]) -> dict[int, list[OpenRow]]:
    """What is open at the end of the span by customer, oldest due first."""
    found: dict[int, list[OpenRow]] = {}
    for one in store_ledger.open_items(session, span.last, policy, ids):
        days = (span.last - one.due_date).days if one.due_date < span.last else None
        row = OpenRow(one.number, one.type_, one.date, one.due_date, one.amount, one.open, days)
        found.setdefault(one.customer_id, []).append(row)
    return found


def _each(
    session: Session, parties: Sequence[_Party], span: Span, policy: CreditPolicy, buckets: tuple[int, ...]
) -> Iterator[Statement]:
    """The statements of some customers, out of books that are read once for all of them."""
    ids = [one.id for one in parties]
    moved, open_ = store_ledger.movements_of(session, ids, span.last, policy), _open(session, span, policy, ids)
    before: dict[int, list[Movement]] = {}
    if span.first is not None and span.first > dt.date.min:
        before = store_ledger.movements_of(session, ids, span.first - dt.timedelta(days=1), policy)
    invoices = _invoices(session, [id_ for id_, one in before.items() if one], span)
    for party in parties:
        known, rows = before.get(party.id, []), open_.get(party.id, [])
        found = rules_statement.balanced(known, moved[party.id], span, invoices.get(party.id, {}))
        ages = rules_statement.ages(rows, found.closing, buckets)
        yield Statement(party.code, party.name, span, found, rows, ages)


def _invoices(session: Session, ids: Collection[int], span: Span) -> dict[int, dict[str, str]]:
    """By customer the documents that invoices up to the end of the span name, each with the first that does."""
    one = Receivable
    query = select(col(one.customer_id), col(one.number), col(one.document)).where(
        col(one.customer_id).in_(ids), col(one.date) <= span.last, col(one.type_) != CREDIT_NOTE
    )
    named: dict[int, list[tuple[str, str | None]]] = {}
    for id_, number, document in session.execute(query.order_by(col(one.date), col(one.id))):
        named.setdefault(id_, []).append((number, document))
    return {id_: rules_statement.naming(own) for id_, own in named.items()}


def total(found: Collection[Statement]) -> Decimal:
    """What all of them come to at the end."""
    return sum((one.balanced.closing for one in found), NOTHING)
