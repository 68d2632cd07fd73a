"""What is due to customers, and payouts held against it."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlmodel import Session, col

from channelctl.i18n import _
from channelctl.money import show, show_quantity, to_fen
from channelctl.records import Guard, Held
from channelctl.systems.customers.tables import Customer
from channelctl.systems.rebates.rules import ZERO
from channelctl.systems.rebates.rules_settle import DONE, ISSUED, PLANNED, VOID, Account
from channelctl.systems.rebates.rules_words import state_text
from channelctl.systems.rebates.tables import RebatePayout, RebateSettled, RebateSettlement
from channelctl.systems.scores import store_closed

_TOLD = ("reference", "remark")
ABOVE, SETTLED, AMOUNT = "E347", "E348", "E349"


class _Payout(NamedTuple):
    """What a payout takes of a customer's balance."""

    customer_id: int
    amount: Decimal


def accounts(session: Session) -> dict[str, Account]:
    """What was settled for each customer and paid out to it; codes that became aliases count for their customers."""
    settled: dict[str, Decimal] = {}
    owners = store_closed.current(session)
    sums = select(col(RebateSettled.customer_code), func.sum(RebateSettled.amount)).group_by(
        col(RebateSettled.customer_code)
    )
    for code, amount in session.execute(sums):
        own = owners[code][0] if code in owners else code
        settled[own] = settled.get(own, ZERO) + amount
    paid, planned = _paid(session, (ISSUED, DONE)), _paid(session, (PLANNED,))
    return {
        code: Account(settled.get(code, ZERO), paid.get(code, ZERO), planned.get(code, ZERO))
        for code in sorted({*settled, *paid, *planned})
    }


def _paid(session: Session, states: Sequence[str]) -> dict[str, Decimal]:
    """What the payouts in some states come to for each customer."""
    query = (
        select(col(Customer.code), func.sum(RebatePayout.amount))
        .join(Customer, col(Customer.id) == col(RebatePayout.customer_id))
        .where(col(RebatePayout.state).in_(states))
        .group_by(col(Customer.code))
    )
    return {row[0]: row[1] for row in session.execute(query)}


def held(session: Session) -> Guard:
    """Why a payout may not be made or changed: it is above the balance, or it is over and done with."""
    codes = {row[0]: row[1] for row in session.execute(select(col(Customer.id), col(Customer.code)))}
    known, began = accounts(session), session.execute(select(func.min(col(RebateSettlement.through)))).scalar_one()
    query = select(col(RebatePayout.number), col(RebatePayout.customer_id), col(RebatePayout.amount))
    taken = {row[0]: _Payout(row[1], row[2]) for row in session.execute(query.where(col(RebatePayout.state) != VOID))}

    def guard(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> Held | None:
        found = _over(before, after) or _amiss(after) or _early(before, after, began)
        if found is not None or after is None:
            return found
        number = str(after.get("number"))
        old = taken.pop(number, None)
        if (after.get("state") or PLANNED) == VOID:
            return None
        new = _Payout(int(after.get("customer_id") or 0), Decimal(after.get("amount") or 0))
        code = codes.get(new.customer_id, "")
        others = sum((one.amount for one in taken.values() if one.customer_id == new.customer_id), ZERO)
        free = max(ZERO, Account(known.get(code, Account()).settled, others).balance)
        if new.amount > free and (old is None or old != new or _issues(before, after)):
            if old is not None:
                taken[number] = old
            return _above(code, new.amount, free, Account(known.get(code, Account()).settled, others))
        taken[number] = new
        return None

    return guard


def _issues(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> bool:
    """Whether a payout that was only planned goes out."""
    return before is not None and before["state"] == PLANNED and after["state"] != PLANNED


def _above(code: str, amount: Decimal, free: Decimal, others: Account) -> Held:
    reason = _(
        "a payout of {amount} to {customer} is above what is payable, {payable} "
        "(settled {settled}, paid or planned {paid})"
    ).format(
        amount=show(amount), customer=code or _("a new customer"), payable=show(free), settled=show(others.settled),
        paid=show(others.taken),
    )  # fmt: skip
    return Held(ABOVE, reason, _("channelctl rebate statement {customer} shows how it comes about.").format(
        customer=code or "CUSTOMER"
    ))  # fmt: skip


def _over(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> Held | None:
    """Why a payout may not become what it is to be, seeing what it is: done or void stays so, issued is not planned."""
    if before is None:
        return None
    state, number = before["state"], before["number"]
    undo = _("What was entered wrongly is taken back whole: channelctl batch undo {batch}").format(
        batch=before["batch_id"]
    )
    if after is None:
        if state == PLANNED:
            return None
        said = _("payout {number} is {state} and cannot be removed").format(number=number, state=state_text(state))
        void = _("channelctl rebate payout set {number} state=void").format(number=number)
        return Held(SETTLED, said, void if state == ISSUED else undo)
    changed = {name for name, value in after.items() if before.get(name) != value} - {*_TOLD}
    if state in (DONE, VOID) and changed:
        said = _("payout {number} is {state}: only its reference and remark may change")
        return Held(SETTLED, said.format(number=number, state=state_text(state)), undo)
    if state == ISSUED and after["state"] == PLANNED:
        said = _("payout {number} is issued and cannot be planned again").format(number=number)
        return Held(SETTLED, said, _("Make it void and add another: state=void"))
    return None


def _amiss(after: Mapping[str, Any] | None) -> Held | None:
    """A payout of nothing or less, or of parts of a fen."""
    amount = after.get("amount") if after is not None else None
    if amount is None:
        return None
    if amount != to_fen(amount):
        said = _("a payout is in yuan and fen, not {amount}").format(amount=show_quantity(amount))
        return Held(AMOUNT, said, _("Write it with two decimals at most: {amount}").format(amount=to_fen(amount)))
    if amount > 0:
        return None
    return Held(
        AMOUNT,
        _("a payout is more than 0, not {amount}").format(amount=show(amount)),
        _("What is taken back is settled, not paid out: channelctl rebate settle --month MONTH"),
    )


def _early(
    before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, began: dt.date | None
) -> Held | None:  # fmt: skip
    """A payout dated before anything was settled."""
    if after is None or began is None or (before is not None and before["date"] == after["date"]):
        return None
    day = after["date"]
    if day is None or str(day) >= began.isoformat() or (after.get("state") or PLANNED) == VOID:
        return None
    return Held(
        AMOUNT,
        _("a payout on {day} is before anything was settled").format(day=day),
        _("The first settlement is through {began}: date it that day or later.").format(began=began),
    )


def remarks(session: Session, batch: int) -> Iterator[str]:
    """What a settlement that is to be undone leaves paid out above the balance."""
    ours = (
        select(col(RebateSettled.customer_code), func.sum(RebateSettled.amount))
        .join(RebateSettlement, col(RebateSettlement.id) == col(RebateSettled.settlement_id))
        .where(col(RebateSettlement.batch_id) == batch)
        .group_by(col(RebateSettled.customer_code))
        .order_by(col(RebateSettled.customer_code))
    )
    rows = [(row[0], row[1]) for row in session.execute(ours)]
    if not rows:
        return
    known, owners = accounts(session), store_closed.current(session)
    for code, amount in rows:
        own = owners[code][0] if code in owners else code
        one = known.get(own, Account())
        left = one._replace(settled=one.settled - amount)
        if left.balance < 0 and left.taken:
            yield _("{customer}: paid or planned {paid}, settled without this batch {settled}").format(
                customer=own, paid=show(left.taken), settled=show(left.settled)
            )
