"""What a customer's payments are for by somebody's word, held against what they have left and what is open."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlmodel import Session, col

from channelctl import policy as policies
from channelctl.i18n import _, listed
from channelctl.money import from_units, show
from channelctl.records import Guard, Held
from channelctl.systems.credit.rules import CreditPolicy
from channelctl.systems.credit.rules_payment import NOTHING
from channelctl.systems.credit.store_ledger_asked import asked
from channelctl.systems.credit.store_ledger_books import books
from channelctl.systems.credit.tables import Payment, PaymentApplication

BEYOND = "E357"
# The books with everything in them, whatever its day.
FOREVER = dt.date.max
_NEAR = 5


class Document(NamedTuple):
    """What a payment can be for; `rest` is what neither word nor name has paid of it yet."""

    type_: str
    date: dt.date
    due_date: dt.date
    amount: Decimal
    rest: Decimal


class Money(NamedTuple):
    """A payment: its amount, and the document that its own row names."""

    id: int
    date: dt.date
    amount: Decimal
    document: str | None


class Desk:
    """A customer's documents and payments, and what is for what by somebody's word, as it changes."""

    def __init__(self, session: Session, customer_id: int, policy: CreditPolicy) -> None:
        one = books(session, asked(FOREVER, policy, [customer_id])).documents.c
        columns = (one.target, one.type, one.date, one.due, one.amount, one.rest)
        self.documents = {
            row[0]: Document(row[1], row[2], row[3], from_units(row[4]), from_units(row[5]))
            for row in session.execute(select(*columns).where(one.target.is_not(None)))
        }
        paid = select(
            col(Payment.number), col(Payment.id), col(Payment.date), col(Payment.amount), col(Payment.document)
        ).where(col(Payment.customer_id) == customer_id)
        self.payments = {row[0]: Money(*row[1:]) for row in session.execute(paid)}
        said = (
            select(col(PaymentApplication.payment), col(PaymentApplication.document), col(PaymentApplication.amount))
            .where(col(PaymentApplication.customer_id) == customer_id)
            .order_by(col(PaymentApplication.id))
        )
        self.applied = {(row[0], row[1]): row[2] for row in session.execute(said)}
        self._kept = dict(self.applied)

    def of(self, payment: str) -> dict[str, Decimal]:
        """The documents that a payment is for."""
        return {document: amount for (own, document), amount in self.applied.items() if own == payment}

    def left(self, payment: str, but: str | None = None) -> Decimal:
        """What of a payment is for no document by somebody's word, or for this one."""
        used = sum((amount for document, amount in self.of(payment).items() if document != but), NOTHING)
        return max(NOTHING, self.payments[payment].amount - used)

    def room(self, payment: str, document: str) -> Decimal:
        """What the payment can pay of a document: what no other payment or credit is for by word or name."""
        one = self.documents[document]
        before = sum((amount for (_own, name), amount in self._kept.items() if name == document), NOTHING)
        others = sum(
            (amount for (own, name), amount in self.applied.items() if name == document and own != payment), NOTHING
        )
        if self.payments[payment].document == document:
            before += max(NOTHING, self.payments[payment].amount - sum(self._of_kept(payment), NOTHING))
        return max(NOTHING, min(one.amount, one.rest + before) - others)

    def _of_kept(self, payment: str) -> list[Decimal]:
        return [amount for (own, _document), amount in self._kept.items() if own == payment]

    def amiss(self, payment: str, document: str, amount: Decimal, before: Decimal = NOTHING) -> Held | None:
        """Why a payment may not be for so much of a document, in addition to what it is for it `before`."""
        found = self.payments.get(payment)
        if found is None:
            return _held(
                _("there is no payment {payment} of this customer").format(payment=payment),
                near(self.payments),
                "payment",
            )
        if found.amount <= 0:
            return _held(_("{payment} is money that went back: it pays nothing").format(payment=payment), "", "payment")
        if document not in self.documents:
            return _held(
                _("there is no document {document} of this customer that a payment could be for").format(
                    document=document
                ),
                near(self.documents),
                "document",
            )
        if amount <= 0:
            return _held(
                _("what is applied is more than 0, not {amount}").format(amount=show(amount)),
                _("To take it back: channelctl payment unapply CUSTOMER PAYMENT DOCUMENT"),
            )
        left, room = self.left(payment, document) - before, self.room(payment, document) - before
        if amount > left:
            text = _("{amount} of payment {payment} is more than it has left, {left}")
            return _held(text.format(amount=show(amount), payment=payment, left=show(left)), _("Apply less of it."))
        if amount > room:
            text = _("{amount} for {document} is more than is open of it, {room}")
            return _held(
                text.format(amount=show(amount), document=document, room=show(room)),
                _("What other payments are for it by word or name does not count as open: payment unapply frees it."),
            )
        return None


def _held(reason: str, hint: str, field: str = "amount") -> Held:
    return Held(BEYOND, reason, hint, field)


def near(known: Mapping[str, Any]) -> str:
    """Which numbers there are, the first few."""
    words = sorted(known)
    if not words:
        return _("There is none yet.")
    said = listed(words[:_NEAR]) + (" …" if len(words) > _NEAR else "")
    return _("There are: {words}").format(words=said)


def held(session: Session) -> Guard:
    """Why a sheet may not say that a payment is for a document: above what is left of the one or open of the other."""
    policy = policies.section("credit", CreditPolicy)
    desks: dict[int, Desk] = {}

    def guard(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> Held | None:
        row = after or before or {}
        customer_id, payment, document = row.get("customer_id"), str(row.get("payment")), str(row.get("document"))
        if customer_id is None:
            return _held(_("there is no payment {payment} of this customer").format(payment=payment), "", "payment")
        desk = desks.setdefault(customer_id, Desk(session, customer_id, policy))
        if after is None:
            desk.applied.pop((payment, document), None)
            return None
        amount = Decimal(after.get("amount") or 0)
        found = desk.amiss(payment, document, amount)
        if found is None:
            desk.applied[payment, document] = amount
        return found

    return guard
