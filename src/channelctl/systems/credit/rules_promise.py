"""Promises to pay: which of them the payments that came in have kept."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Annotated, NamedTuple

from channelctl.columns import Col
from channelctl.errors import UsageError
from channelctl.i18n import _, listed

NOTHING = Decimal("0.00")
OPEN, KEPT, BROKEN = "open", "kept", "broken"
STATES = (OPEN, KEPT, BROKEN)


def state_words(state: str) -> str:
    """The state of a promise as a person reads it."""
    return {OPEN: _("open"), KEPT: _("kept"), BROKEN: _("broken")}[state]


class PromiseRow(NamedTuple):
    """A promise with what came in for it in its days, and what became of it."""

    customer_code: Annotated[str, Col("编码", "Code", kind="code")]
    customer: Annotated[str, Col("客户", "Customer")]
    made_on: Annotated[dt.date, Col("承诺日期", "Made on", kind="date")]
    due_on: Annotated[dt.date, Col("承诺付款日", "Due on", kind="date")]
    amount: Annotated[Decimal, Col("承诺金额", "Promised", kind="money")]
    paid: Annotated[Decimal, Col("期内到账", "Paid in time", kind="money")]
    state: Annotated[str, Col("状态", "State", kind="code", words=state_words)]
    document: Annotated[str | None, Col("单号", "Document", kind="code")]
    given_by: Annotated[str | None, Col("承诺人", "Given by")]
    remark: Annotated[str | None, Col("备注", "Remark")]


class Promised(NamedTuple):
    """A promise of a customer."""

    id: int
    made_on: dt.date
    due_on: dt.date
    amount: Decimal
    document: str | None


class Came(NamedTuple):
    """Money of a customer by the documents it is for; None: for none by name. Below 0 it went back."""

    date: dt.date
    parts: Mapping[str | None, Decimal]


class Judged(NamedTuple):
    """What came in for a promise in its days, and what became of it."""

    paid: Decimal
    state: str


def wanted(state: str | None) -> str | None:
    """The state asked for.

    Raises:
        UsageError: there is no such state.
    """
    if state is None or state in STATES:
        return state
    known = {state_words(one): one for one in STATES}
    if state in known:
        return known[state]
    raise UsageError(
        _("a promise is never “{state}”").format(state=state), _("--state {words}").format(words=listed(STATES))
    )


def judge(
    promises: Sequence[Promised], payments: Sequence[Came], applied: Mapping[int, Decimal], as_of: dt.date
) -> dict[int, Judged]:
    """What became of a customer's promises by a day.

    The oldest due takes first, and what it takes serves for no other. A promise that names a document takes what is
    for that by name, then other money that is for none by name, but not more than was applied to it (`applied`).
    Money that went back in the days of a promise counts against it, down to nothing.
    """
    pool = [(one.date, dict(one.parts)) for one in sorted(payments, key=lambda one: one.date) if one.date <= as_of]
    found: dict[int, Judged] = {}
    for one in sorted(promises, key=lambda one: (one.due_on, one.made_on, one.id)):
        parts = [left for day, left in pool if one.made_on <= day <= one.due_on]
        most = one.amount if one.document is None else min(one.amount, applied.get(one.id, NOTHING))
        paid = _take(parts, one.document, most)
        kept = paid >= one.amount
        found[one.id] = Judged(paid, KEPT if kept else OPEN if as_of <= one.due_on else BROKEN)
    return found


def _take(parts: Sequence[dict[str | None, Decimal]], document: str | None, most: Decimal) -> Decimal:
    """What the parts of payments have for a promise, at most so much, taken away from them."""
    back = _emptied(parts, document)
    left = max(NOTHING, most) + back
    for names in ((document,), (None,)) if document is not None else (_names(parts),):
        for part in parts:
            for name in [name for name in names if part.get(name, NOTHING) > 0]:
                taken = min(left, part[name])
                part[name] -= taken
                left -= taken
    return max(NOTHING, max(NOTHING, most) - left)


def _names(parts: Sequence[dict[str | None, Decimal]]) -> tuple[str | None, ...]:
    """Every document that the parts are for, none by name first."""
    return (None, *dict.fromkeys(name for part in parts for name in part if name is not None))


def _emptied(parts: Sequence[dict[str | None, Decimal]], document: str | None) -> Decimal:
    """What went back of the payments, once."""
    back = NOTHING
    for part in parts:
        for name in [
            name for name, amount in part.items() if amount < 0 and (not document or name in (document, None))
        ]:
            back -= part[name]
            part[name] = NOTHING
    return back
