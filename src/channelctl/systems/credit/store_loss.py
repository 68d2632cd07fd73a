"""Bad debt: giving a debt up, what comes in for it later, and who answers for the rest."""

import datetime as dt
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import func, select
from sqlmodel import Session, col

from channelctl.errors import RefusedError, UsageError
from channelctl.i18n import _
from channelctl.records import kinds
from channelctl.records import store as records
from channelctl.records.bounds import in_unseen_pools, last_number
from channelctl.storage import Change
from channelctl.systems.credit import rules_loss
from channelctl.systems.credit.rules import CreditPolicy
from channelctl.systems.credit.rules_loss import NOTHING, LossRow, Lost, WriteoffRow
from channelctl.systems.credit.store_limit import Limit, limits
from channelctl.systems.credit.tables import CreditRecovery, CreditWriteoff, Receivable
from channelctl.systems.customers.store_own import own_customer
from channelctl.systems.customers.tables import Customer
from channelctl.systems.sales.store import LINE

WRITEOFF, RECOVERY = "credit_writeoff", "credit_recovery"
# What a number begins with: 核销, 收回.
_WRITTEN_OFF, _RECOVERED = "HX", "SH"


class Given(NamedTuple):
    """A write-off as somebody asks for it."""

    customer: str
    amount: str
    document: str | None
    handler: str
    approver: str | None
    reason: str
    on: dt.date
    today: dt.date


def write_off(session: Session, asked: Given) -> WriteoffRow:
    """Give a debt up.

    Raises:
        UsageError: no such customer, no handler or reason, or a day that is yet to come.
        RefusedError: it is more than is open.
    """
    if not asked.handler.strip():
        raise UsageError(_("a write-off needs a handler: who sold on credit"), "--handler NAME")
    if not asked.reason.strip():
        raise UsageError(_("a write-off needs a reason"), "--reason TEXT")
    _check_day(asked.on, asked.today)
    id_ = own_customer(session, asked.customer)
    code = session.execute(select(col(Customer.code)).where(col(Customer.id) == id_)).scalar_one()
    number = _next(session, CreditWriteoff, WRITEOFF, f"{_WRITTEN_OFF}{asked.on:%Y%m%d}")
    said = {
        "number": number, "date": asked.on.isoformat(), "customer_code": code, "amount": asked.amount,
        "document": asked.document, "handler": asked.handler, "approver": asked.approver, "reason": asked.reason,
    }  # fmt: skip
    given = {name: word.strip() for name, word in said.items() if word is not None and word.strip()}
    records.add(session, kinds()[WRITEOFF], given, "add")
    return writeoff(session, number, asked.today)


def recover(
    session: Session, number: str, amount: str, on: dt.date, remark: str | None, today: dt.date
) -> WriteoffRow:  # fmt: skip
    """Keep that money came in for a debt given up.

    Raises:
        UsageError: no such write-off, or a day that is yet to come.
        RefusedError: it is more than was written off.
    """
    _check_day(on, today)
    number = number.strip()
    writeoff(session, number, today)
    own = _next(session, CreditRecovery, RECOVERY, f"{_RECOVERED}{on:%Y%m%d}")
    said = {"number": own, "writeoff": number, "date": on.isoformat(), "amount": amount, "remark": remark or ""}
    records.add(session, kinds()[RECOVERY], {name: word for name, word in said.items() if word}, "add")
    return writeoff(session, number, dt.date.max)


def _check_day(on: dt.date, today: dt.date) -> None:
    if on > today:
        raise UsageError(
            _("{day} is yet to come: today is {today}").format(day=on, today=today), _("Leave --on out for today.")
        )


def _next(session: Session, table: type[CreditWriteoff | CreditRecovery], kind: str, stem: str) -> str:
    """The first number of a day that nothing has or had, what was removed included: HX20240603-1."""
    taken = set(session.execute(select(col(table.number)).where(col(table.number).startswith(stem))).scalars())
    were = select(col(Change.before)).where(col(Change.kind) == kind, col(Change.before).contains(stem))
    taken |= {str(json.loads(before).get("number")) for before in session.execute(were).scalars()}
    first = 1 + last_number(session, kind, f"{stem}-")
    places = range(first, first + len(taken) + 1)
    return next(number for place in places if (number := f"{stem}-{place}") not in taken)


def writeoff(session: Session, number: str, as_of: dt.date) -> WriteoffRow:
    """A write-off with what came in for it by a day.

    Raises:
        UsageError: there is none of that number.
    """
    one = session.execute(select(CreditWriteoff).where(col(CreditWriteoff.number) == number)).scalars().first()
    if one is None:
        raise UsageError(
            _("no write-off “{number}”").format(number=number), _("channelctl credit writeoffs list shows all.")
        )
    code, name = session.execute(
        select(col(Customer.code), col(Customer.name)).where(col(Customer.id) == one.customer_id)
    ).one()
    recovered = _recovered(session, as_of).get(number, NOTHING)
    return WriteoffRow(
        one.number, one.date, code, name, one.document, one.amount, recovered, one.amount - recovered, one.handler,
        one.approver, one.reason,
    )  # fmt: skip


def _recovered(session: Session, as_of: dt.date) -> dict[str, Decimal]:
    """What came in by a day for each write-off."""
    one = CreditRecovery
    query = (
        select(col(one.writeoff), func.sum(one.amount)).where(col(one.date) <= as_of).group_by(col(one.writeoff))
    )  # fmt: skip
    return {row[0]: row[1] for row in session.execute(query)}


def liability(
    session: Session, first: dt.date | None, last: dt.date | None, as_of: dt.date, policy: CreditPolicy
) -> list[LossRow]:
    """Who answers for the debts given up in some days, with what came in for them by `as_of`.

    Raises:
        RefusedError: the policy does not say who bears how much inside a limit, or others under one are not seen.
    """
    query = (
        select(CreditWriteoff, col(Customer.code), col(Customer.name))
        .join(Customer, col(Customer.id) == col(CreditWriteoff.customer_id))
        .where(col(CreditWriteoff.date) <= as_of)
    )
    recovered, granted = _recovered(session, as_of), _Granted(session, policy)
    losses = []
    for one, code, name in session.execute(query):
        pool, limit = granted.of(one)
        approver = one.approver or (limit.approved_by if limit is not None else None)
        losses.append(
            Lost(
                one.number, one.date, code, name, one.document, one.amount, recovered.get(one.number, NOTHING),
                one.handler, approver, one.reason, limit.amount if limit is not None else None, pool,
            )
        )  # fmt: skip
    rows = rules_loss.liability(losses, policy)
    return [row for row in rows if (first is None or row.date >= first) and (last is None or row.date <= last)]


class _Granted:
    """The limits that were in force for documents given up; each day is read once.

    Raises:
        RefusedError: whoever else used one up, or whose it was, is not seen.
    """

    def __init__(self, session: Session, policy: CreditPolicy) -> None:
        self._session = session
        self._sales = policy.sale_documents
        self._by_day: dict[dt.date, tuple[dict[int, Limit], set[int]]] = {}
        query = select(col(Customer.id), col(Customer.parent_id))
        self._parents: Mapping[int, int | None] = {row[0]: row[1] for row in session.execute(query)}

    def of(self, one: CreditWriteoff) -> tuple[int, Limit | None]:
        """The customer whose limit it was, and the limit: its own, else one of a superior that covers those below."""
        day = self._day(one)
        if day not in self._by_day:
            self._by_day[day] = limits(self._session, day), in_unseen_pools(self._session, day)
        found, unseen = self._by_day[day]
        own = found.get(one.customer_id)
        alone = own is not None and own.amount is not None and not own.pooled
        if one.customer_id in unseen and not alone:
            text = _("{number}: its customer shares a limit with customers of offices that this login does not see")
            raise RefusedError(
                text.format(number=one.number),
                _("Only a login that sees all of them can tell who answers for it: ask there."),
            )
        if own is not None and own.amount is not None:
            return one.customer_id, own
        above, seen = self._parents.get(one.customer_id), {one.customer_id}
        while above is not None and above not in seen:
            limit = found.get(above)
            if limit is not None and limit.pooled and limit.amount is not None:
                return above, limit
            seen.add(above)
            above = self._parents.get(above)
        return one.customer_id, None

    def _day(self, one: CreditWriteoff) -> dt.date:
        """The day of the document given up, where it names one that is known; else its own."""
        if one.document is None:
            return one.date
        bill = select(col(Receivable.date)).where(
            col(Receivable.customer_id) == one.customer_id, col(Receivable.number) == one.document
        )
        found = self._session.execute(bill).scalar()
        if found is None and self._sales:
            sold = select(func.min(LINE.c.date)).where(
                LINE.c.customer_id == one.customer_id,
                LINE.c.document == one.document,
                LINE.c.ended_batch_id.is_(None),
            )
            found = self._session.execute(sold).scalar()
        return found if isinstance(found, dt.date) else one.date
