"""Which document a payment is for, by somebody's word: applying it, and taking that back."""

import datetime as dt
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import select
from sqlmodel import Session, col

from channelctl import audit
from channelctl import policy as policies
from channelctl.errors import RefusedError, UsageError
from channelctl.i18n import _, listed
from channelctl.money import show
from channelctl.systems.credit import store_ledger
from channelctl.systems.credit.rules import CreditPolicy
from channelctl.systems.credit.rules_payment import NOTHING, AppliedRow
from channelctl.systems.credit.store_desk import FOREVER, Desk, Money, near
from channelctl.systems.credit.store_ledger_asked import asked
from channelctl.systems.credit.store_ledger_books import books
from channelctl.systems.credit.tables import PaymentApplication
from channelctl.systems.customers.store_own import own_customer
from channelctl.systems.customers.tables import Customer

KIND = "payment_application"
_TABLE = PaymentApplication.__table__  # type: ignore[attr-defined]


class Applied(NamedTuple):
    """A payment with the documents that it is for by somebody's word."""

    code: str
    name: str
    number: str
    payment: Money
    rows: list[AppliedRow]


def apply(
    session: Session, customer: str, payment: str, document: str, amount: Decimal | None, today: dt.date
) -> Applied:  # fmt: skip
    """Have so much more of a payment be for a document; without an amount as much as the one has and the other needs.

    Raises:
        UsageError: no such customer, payment or document.
        RefusedError: more than the payment has left, or than is open of the document.
    """
    policy = policies.section("credit", CreditPolicy)
    customer_id = own_customer(session, customer)
    desk, payment, document = Desk(session, customer_id, policy), payment.strip(), document.strip()
    _check_known(session, desk, payment, document)
    before = desk.applied.get((payment, document), NOTHING)
    if amount is None:
        amount = min(desk.left(payment), desk.room(payment, document) - before)
        _check_some(desk, payment, document, amount)
    elif amount <= 0:
        raise UsageError(_("what is applied is more than 0, not {amount}").format(amount=show(amount)))
    problem = desk.amiss(payment, document, amount, before)
    if problem is not None:
        raise RefusedError(problem.reason, problem.hint)
    wanted = before + amount
    batch = audit.open_batch(session, "payment apply")
    if before:
        audit.amend(session, batch, KIND, _TABLE, _id(session, customer_id, payment, document), {"amount": wanted})
    else:
        session.add(
            PaymentApplication(
                batch_id=batch, customer_id=customer_id, payment=payment, document=document, amount=wanted
            )
        )
        session.flush()
    return _applied(session, customer_id, payment, policy, today)


def _check_known(session: Session, desk: Desk, payment: str, document: str | None) -> None:
    """Refuse a payment or document that is not the customer's.

    Raises:
        UsageError: it is unknown; whose it is, where it is another's.
    """
    if payment not in desk.payments:
        raise UsageError(
            _("there is no payment {payment} of this customer").format(payment=payment), near(desk.payments)
        )
    if document is None or document in desk.documents:
        return
    one = books(session, asked(FOREVER, policies.section("credit", CreditPolicy), None)).documents.c
    query = (
        select(col(Customer.code), col(Customer.name))
        .join(one.customer_id.table, one.customer_id == col(Customer.id))
        .where(one.target == document)
        .order_by(col(Customer.code))
    )
    other = session.execute(query).first()
    if other is not None:
        raise RefusedError(
            _("{document} is a document of {code} {name}").format(document=document, code=other[0], name=other[1]),
            near(desk.documents),
        )
    raise UsageError(
        _("there is no document {document} of this customer that a payment could be for").format(document=document),
        near(desk.documents),
    )


def _check_some(desk: Desk, payment: str, document: str, amount: Decimal) -> None:
    """Refuse to apply nothing.

    Raises:
        RefusedError: the payment has nothing left, or nothing of the document is open.
    """
    if amount > 0:
        return
    if desk.payments[payment].amount <= 0:
        raise RefusedError(_("{payment} is money that went back: it pays nothing").format(payment=payment))
    if desk.left(payment) <= 0:
        raise RefusedError(
            _("payment {payment} has nothing left").format(payment=payment),
            _("channelctl payment unapply frees what it is for."),
        )
    raise RefusedError(
        _("nothing of {document} is open that no payment or credit is for by word or name").format(document=document)
    )


def unapply(session: Session, customer: str, payment: str, document: str | None, today: dt.date) -> Applied:
    """Have a payment be for a document no more, or for none by somebody's word.

    Raises:
        UsageError: no such customer or payment, or it is not for that document.
    """
    policy = policies.section("credit", CreditPolicy)
    customer_id = own_customer(session, customer)
    desk, payment = Desk(session, customer_id, policy), payment.strip()
    _check_known(session, desk, payment, None)
    known = desk.of(payment)
    gone = [*known] if document is None else [one for one in known if one == document.strip()]
    if not gone:
        raise UsageError(
            _("payment {payment} is for no document by somebody's word").format(payment=payment)
            if document is None or not known
            else _("payment {payment} is not for {document}").format(payment=payment, document=document.strip()),
            _("It is for: {words}").format(words=listed(sorted(known))) if known else "",
        )
    batch = audit.open_batch(session, "payment unapply")
    for one in gone:
        audit.remove(session, batch, KIND, _TABLE, _id(session, customer_id, payment, one))
    return _applied(session, customer_id, payment, policy, today)


def _id(session: Session, customer_id: int, payment: str, document: str) -> int:
    one = PaymentApplication
    query = select(col(one.id)).where(
        col(one.customer_id) == customer_id, col(one.payment) == payment, col(one.document) == document
    )
    return int(session.execute(query).scalar_one() or 0)


def _applied(session: Session, customer_id: int, payment: str, policy: CreditPolicy, today: dt.date) -> Applied:
    """A payment as it is now, with what is open of the documents that it is for."""
    session.flush()
    desk = Desk(session, customer_id, policy)
    code, name = session.execute(
        select(col(Customer.code), col(Customer.name)).where(col(Customer.id) == customer_id)
    ).one()
    open_ = {one.number: one.open for one in store_ledger.open_items(session, today, policy, [customer_id])}
    rows = [
        AppliedRow(number, one.type_, one.date, one.due_date, one.amount, amount, open_.get(number, NOTHING))
        for number, amount in desk.of(payment).items()
        if (one := desk.documents.get(number)) is not None
    ]
    return Applied(code, name, payment, desk.payments[payment], rows)
