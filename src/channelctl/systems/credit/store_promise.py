"""Promises to pay, held against the payments that came in."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from sqlalchemy import func, select
from sqlmodel import Session, col

from channelctl.money import from_units
from channelctl.records import kinds
from channelctl.records import store as records
from channelctl.systems.credit import rules_promise, store_ledger
from channelctl.systems.credit.rules import CreditPolicy
from channelctl.systems.credit.rules_promise import NOTHING, Came, Judged, Promised, PromiseRow
from channelctl.systems.credit.store_ledger_asked import PAID, RECEIVED, REFUND, SETTLED, asked
from channelctl.systems.credit.store_ledger_books import books
from channelctl.systems.credit.tables import Payment, PaymentApplication, Promise
from channelctl.systems.customers.tables import Customer

KIND = "promise"


def promises(
    session: Session, words: Mapping[str, str | None], state: str | None, as_of: dt.date, policy: CreditPolicy
) -> list[PromiseRow]:
    """The promises made by a day whose fields hold the words given, with what became of them; oldest due first.

    Raises:
        UsageError: there is no such field or state.
    """
    wanted = rules_promise.wanted(state)
    rows = [row for row in records.filtered(session, kinds()[KIND], words) if row.made_on <= as_of]
    ids = {row[0]: row[1] for row in session.execute(select(col(Customer.code), col(Customer.id)))}
    judged = _judged(session, {ids[row.customer_code] for row in rows}, as_of, policy)
    found = []
    for row in rows:
        one = judged[ids[row.customer_code], row.made_on, row.due_on, row.document]
        if wanted is None or one.state == wanted:
            found.append(
                PromiseRow(
                    row.customer_code, row.customer, row.made_on, row.due_on, row.amount, one.paid, one.state,
                    row.document, row.given_by, row.remark,
                )
            )  # fmt: skip
    return sorted(found, key=lambda row: (row.due_on, row.customer_code, row.made_on))


def _judged(
    session: Session, customers: set[int], as_of: dt.date, policy: CreditPolicy
) -> dict[tuple[int, dt.date, dt.date, str | None], Judged]:
    """What became of every promise of some customers, by customer, days and document."""
    made: dict[int, list[Promised]] = {}
    query = select(Promise).where(col(Promise.made_on) <= as_of).order_by(col(Promise.id))
    for one in session.execute(query).scalars():
        if one.customer_id in customers:
            said = Promised(one.id or 0, one.made_on, one.due_on, one.amount, one.document)
            made.setdefault(one.customer_id, []).append(said)
    found = {}
    for customer_id, own in made.items():
        applied = {
            one.id: _applied(session, customer_id, one, as_of, policy) for one in own if one.document is not None
        }
        judged = rules_promise.judge(own, _came(session, customer_id, as_of, policy), applied, as_of)
        for one in own:
            found[customer_id, one.made_on, one.due_on, one.document] = judged[one.id]
    return found


def _came(session: Session, customer_id: int, as_of: dt.date, policy: CreditPolicy) -> list[Came]:
    """The money of a customer by a day, with the documents that it is for by word or name."""
    names = dict(
        session.execute(
            select(col(Payment.number), col(Payment.document)).where(col(Payment.customer_id) == customer_id)
        ).all()
    )
    by_hand: dict[str, dict[str, Decimal]] = {}
    said = select(
        col(PaymentApplication.payment), col(PaymentApplication.document), col(PaymentApplication.amount)
    ).where(col(PaymentApplication.customer_id) == customer_id)
    for payment, document, amount in session.execute(said):
        by_hand.setdefault(payment, {})[document] = amount
    found = []
    for one in store_ledger.movements(session, customer_id, as_of, policy):
        if one.what == REFUND:
            found.append(Came(one.date, {names.get(one.number): -one.debit}))
        elif one.what in (RECEIVED, SETTLED):
            found.append(Came(one.date, {one.number: one.credit}))
        elif one.what == PAID:
            found.append(Came(one.date, _parts(one.credit, names.get(one.number), by_hand.get(one.number, {}))))
    return found


def _parts(amount: Decimal, named: str | None, by_hand: Mapping[str, Decimal]) -> dict[str | None, Decimal]:
    """A payment by the documents it is for: by word first, the rest by its own name or by none."""
    parts: dict[str | None, Decimal] = {}
    for document, said in by_hand.items():
        parts[document] = min(said, amount)
        amount -= parts[document]
    parts[named] = parts.get(named, NOTHING) + amount
    return parts


def _applied(session: Session, customer_id: int, one: Promised, as_of: dt.date, policy: CreditPolicy) -> Decimal:
    """What was paid of the document of a promise in its days, without what was credited or written off by name."""
    last = min(one.due_on, as_of)
    first = one.made_on - dt.timedelta(days=1)
    before = _paid_by(session, customer_id, one.document or "", first, policy)
    after = _paid_by(session, customer_id, one.document or "", last, policy)
    credited = _credited(session, customer_id, one.document or "", one.made_on, last, policy)
    return max(NOTHING, after - before - credited)


def _paid_by(session: Session, customer_id: int, document: str, day: dt.date, policy: CreditPolicy) -> Decimal:
    """What of a document is no longer open at the end of a day; nothing where there is no such document yet."""
    moved = store_ledger.movements(session, customer_id, day, policy)
    amount = sum((one.debit for one in moved if one.number == document and one.what != REFUND), NOTHING)
    items = store_ledger.open_items(session, day, policy, [customer_id])
    return amount - sum((one.open for one in items if one.number == document and one.type_ != REFUND), NOTHING)


def _credited(
    session: Session, customer_id: int, document: str, first: dt.date, last: dt.date, policy: CreditPolicy
) -> Decimal:
    """What credit notes, returns and write-offs that name a document took off it in some days."""
    one = books(session, asked(last, policy, [customer_id])).credits.c
    query = select(func.sum(one.amount)).where(one.document == document, one.date >= first, one.what != PAID)
    return from_units(int(session.execute(query).scalar() or 0))
