"""Payments and receivables stay while somebody's word says that the one is for the other."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Executable, select
from sqlmodel import Session, col

from channelctl import policy as policies
from channelctl.i18n import _
from channelctl.money import from_units
from channelctl.records import Guard, Held
from channelctl.storage import Change
from channelctl.systems.credit.rules import CreditPolicy
from channelctl.systems.credit.store_desk import BEYOND, Desk
from channelctl.systems.credit.store_standing import stands_on, tell
from channelctl.systems.credit.tables import Payment, PaymentApplication, Receivable
from channelctl.systems.customers.tables import Customer


def payment_held(session: Session) -> Guard:
    """A payment that is for a document by somebody's word is not removed."""
    return _held(session, "payment")


def document_held(session: Session) -> Guard:
    """A document that a payment is for by somebody's word is not removed."""
    return _held(session, "document")


def _held(session: Session, side: str) -> Guard:
    known: dict[tuple[int, str], tuple[str, str, str]] = {}
    one = PaymentApplication
    query = (
        select(col(one.customer_id), col(one.payment), col(one.document), col(Customer.code))
        .join(Customer, col(Customer.id) == col(one.customer_id))
        .order_by(col(one.id).desc())
    )
    for customer, payment, document, code in session.execute(query):
        known[customer, payment if side == "payment" else document] = (payment, document, code)

    def why(row: Mapping[str, Any], word: tuple[str, str, str]) -> Held:
        payment, document, code = word
        return Held(
            BEYOND,
            _("{number} cannot be removed: payment {payment} is for {document} by somebody's word").format(
                number=row["number"], payment=payment, document=document
            ),
            _("Take that back first: channelctl payment unapply {customer} {payment} {document}").format(
                customer=code, payment=payment, document=document
            ),
        )

    return stands_on(known, lambda row: (row["customer_id"], row["number"]), why, removal_only=True)


def payment_later(session: Session, batch: int) -> Iterator[str]:
    """What other batches said that payments of a batch are for."""
    yield from _later(session, batch, Payment, col(PaymentApplication.payment))


def document_later(session: Session, batch: int) -> Iterator[str]:
    """What other batches said that is for documents of a batch."""
    yield from _later(session, batch, Receivable, col(PaymentApplication.document))


def application_later(session: Session, batch: int) -> Iterator[str]:
    """What is gone or used since of that which a batch took back a word about: undone, it would be about nothing."""
    taken_back = select(col(Change.before)).where(
        col(Change.kind) == "payment_application", col(Change.batch_id) == batch, col(Change.after).is_(None)
    )
    for (text,) in session.execute(taken_back).all():
        row = json.loads(text)
        desk = Desk(session, row["customer_id"], policies.section("credit", CreditPolicy))
        if row["payment"] not in desk.payments:
            yield _("payment {payment}, which it was about, is gone since").format(payment=row["payment"])
        elif row["document"] not in desk.documents:
            yield _("{document}, which it was about, is gone since").format(document=row["document"])
        elif from_units(row["amount"]) > min(desk.left(row["payment"]), desk.room(row["payment"], row["document"])):
            yield _("payment {payment} has not that much left for {document} any more").format(
                payment=row["payment"], document=row["document"]
            )


def _later(session: Session, batch: int, table: Any, number: Any) -> Iterator[str]:
    one = PaymentApplication
    query: Executable = (
        select(
            col(one.batch_id).label("other"), col(one.payment), col(one.document), col(Customer.code).label("customer")
        )
        .join(table, (table.customer_id == col(one.customer_id)) & (table.number == number))
        .join(Customer, col(Customer.id) == col(one.customer_id))
        .where(table.batch_id == batch, col(one.batch_id) != batch)
        .order_by(col(one.id))
    )
    text = _(
        "batch {other} applied payment {payment} to {document}:"
        " channelctl payment unapply {customer} {payment} {document}"
    )
    yield from tell(session, query, text)
