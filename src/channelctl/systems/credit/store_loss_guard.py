"""Why a sheet may not say that a debt was given up, or that money came in for one: above what there is of it."""

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from sqlalchemy import Executable, func, select
from sqlmodel import Session, col

from channelctl import policy as policies
from channelctl.i18n import _
from channelctl.money import show
from channelctl.records import Guard, Held
from channelctl.systems.credit import store_ledger
from channelctl.systems.credit.rules import CreditPolicy
from channelctl.systems.credit.rules_loss import NOTHING
from channelctl.systems.credit.store_desk import FOREVER, Desk
from channelctl.systems.credit.store_ledger_asked import WRITEOFF
from channelctl.systems.credit.store_standing import tell
from channelctl.systems.credit.tables import CreditRecovery, CreditWriteoff
from channelctl.systems.customers.tables import Customer

ABOVE_OPEN, ABOVE_LOSS = "E358", "E359"


def held(session: Session) -> Guard:
    """Why a write-off may not be made or changed: it is above what is open, or below what came in for it."""
    books = _Open(session)
    recovered = _recovered(session)

    def guard(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> Held | None:
        number = str((after or before or {}).get("number"))
        found = _below(number, after, recovered.get(number, NOTHING))
        if found is not None or after is None:
            return found
        names = ("customer_id", "date", "document", "amount")
        if before is not None and all(before.get(name) == after.get(name) for name in names):
            return None
        return books.take(before, after)

    return guard


def _recovered(session: Session) -> dict[str, Decimal]:
    one = CreditRecovery
    query = select(col(one.writeoff), func.sum(one.amount)).group_by(col(one.writeoff))
    return {row[0]: row[1] for row in session.execute(query)}


def _below(number: str, after: Mapping[str, Any] | None, recovered: Decimal) -> Held | None:
    """A write-off that would be less than what came in for it."""
    if not recovered or (after is not None and Decimal(after.get("amount") or 0) >= recovered):
        return None
    said = _("{amount} came in for write-off {number}: it cannot be less, or be removed")
    return Held(
        ABOVE_LOSS,
        said.format(amount=show(recovered), number=number),
        _("Remove the recovery first: channelctl credit recovery remove NUMBER"),
        "amount",
    )


class _Open:
    """What of customers' debts can be given up, as write-offs are taken one after the other.

    New ones are written once all were taken, changed ones at once.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._policy = policies.section("credit", CreditPolicy)
        self._taken: dict[tuple[int, str | None], Decimal] = {}
        self._codes = {row[0]: row[1] for row in session.execute(select(col(Customer.id), col(Customer.code)))}

    def take(self, before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> Held | None:
        """Take a write-off off what is open, or say why it cannot be."""
        amount = Decimal(after.get("amount") or 0)
        if amount <= 0:
            said = _("a write-off is more than 0, not {amount}").format(amount=show(amount))
            return Held(
                ABOVE_OPEN,
                said,
                _("What comes in for a debt given up: channelctl credit recover NUMBER AMOUNT"),
                "amount",
            )
        customer_id, document = after.get("customer_id"), after.get("document") or None
        if customer_id is None:
            return _above(amount, NOTHING, _("a new customer"), document)
        with self._without(before):
            free = self._open(customer_id, document, after["date"])
        free -= self._taken.get((customer_id, document), NOTHING)
        if amount > free:
            return _above(amount, max(NOTHING, free), self._codes.get(customer_id, ""), document)
        if before is None:
            for key in {(customer_id, None), (customer_id, document)}:
                self._taken[key] = self._taken.get(key, NOTHING) + amount
        return None

    @contextmanager
    def _without(self, before: Mapping[str, Any] | None) -> Iterator[None]:
        """With the books as they would be if the write-off that is to be changed were not there."""
        if before is None:
            yield
            return
        point = self._session.begin_nested()
        try:
            self._session.execute(WRITEOFF.delete().where(WRITEOFF.c.number == before["number"]))
            yield
        finally:
            point.rollback()

    def _open(self, customer_id: int, document: str | None, day: dt.date) -> Decimal:
        """What is open on the day of a write-off and has not been paid since."""
        free = min(self._outstanding(customer_id, day), self._outstanding(customer_id, FOREVER))
        if document is None:
            return free
        items = store_ledger.open_items(self._session, day, self._policy, [customer_id])
        own = sum((one.open for one in items if one.number == document), NOTHING)
        known = Desk(self._session, customer_id, self._policy).documents.get(document)
        return min(free, own, known.rest if known is not None else own)

    def _outstanding(self, customer_id: int, day: dt.date) -> Decimal:
        found = store_ledger.positions(self._session, day, self._policy, [customer_id]).get(customer_id)
        return max(NOTHING, found.open - found.on_account) if found is not None else NOTHING


def _above(amount: Decimal, free: Decimal, customer: str, document: str | None) -> Held:
    said = (
        _("a write-off of {amount} is more than is open of {document}, {free}")
        if document is not None
        else _("a write-off of {amount} is more than is open of {customer}, {free}")
    )
    return Held(
        ABOVE_OPEN,
        said.format(amount=show(amount), free=show(free), document=document, customer=customer),
        _("channelctl credit statement CUSTOMER shows what is open."),
        "amount",
    )


def held_recovery(session: Session) -> Guard:
    """Why a recovery may not be made or changed: it is above what was written off, or for nothing that was."""
    query = select(col(CreditWriteoff.number), col(CreditWriteoff.amount), col(CreditWriteoff.date))
    lost = {row[0]: (row[1], row[2]) for row in session.execute(query)}
    one = CreditRecovery
    said = session.execute(select(col(one.number), col(one.writeoff), col(one.amount)))
    known = {row[0]: (row[1], row[2]) for row in said}

    def guard(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> Held | None:
        if after is None:
            known.pop(str((before or {}).get("number")), None)
            return None
        number, amount = str(after.get("number")), Decimal(after.get("amount") or 0)
        writeoff = str(after.get("writeoff"))
        others = sum((part for own, (name, part) in known.items() if name == writeoff and own != number), NOTHING)
        found = _amiss(writeoff, amount, after["date"], lost.get(writeoff), others)
        if found is None:
            known[number] = (writeoff, amount)
        return found

    return guard


def _amiss(
    writeoff: str, amount: Decimal, day: dt.date, lost: tuple[Decimal, dt.date] | None, others: Decimal
) -> Held | None:  # fmt: skip
    if lost is None:
        said = _("there is no write-off {number}").format(number=writeoff)
        return Held(ABOVE_LOSS, said, _("channelctl credit writeoffs list shows all."), "writeoff")
    written_off, on = lost
    if amount <= 0:
        return Held(ABOVE_LOSS, _("a recovery is more than 0, not {amount}").format(amount=show(amount)), "", "amount")
    if day < on:
        said = _("{day} is before the debt was given up ({on})").format(day=day, on=on)
        return Held(ABOVE_LOSS, said, _("What came in before that is a payment."), "date")
    if amount > written_off - others:
        said = _("{amount} is more than is lost with write-off {number}, {left}")
        left = show(max(NOTHING, written_off - others))
        return Held(
            ABOVE_LOSS,
            said.format(amount=show(amount), number=writeoff, left=left),
            _("What is beyond it is a payment: channelctl payment add"),
            "amount",
        )
    return None


def later(session: Session, batch: int) -> Iterator[str]:
    """What came in later for debts that a batch, which is to be undone, gave up."""
    own = select(col(CreditWriteoff.number)).where(col(CreditWriteoff.batch_id) == batch)
    query: Executable = (
        select(col(CreditRecovery.batch_id).label("other"), col(CreditRecovery.writeoff).label("number"))
        .where(col(CreditRecovery.writeoff).in_(own), col(CreditRecovery.batch_id) > batch)
        .order_by(col(CreditRecovery.id))
    )
    yield from dict.fromkeys(tell(session, query, _("batch {other} kept what came in for write-off {number}")))
