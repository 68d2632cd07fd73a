"""Releases: what one must say, what it may serve for, and what became of it."""

import datetime as dt
import re
from decimal import Decimal
from typing import Annotated, Final, Literal, NamedTuple

from channelctl.columns import Col
from channelctl.errors import UsageError
from channelctl.i18n import _
from channelctl.money import show

OPEN: Final = "open"
USED: Final = "used"
EXPIRED: Final = "expired"
State = Literal["open", "used", "expired"]


def state_text(state: str) -> str:
    """What became of a release."""
    return {OPEN: _("unused"), USED: _("used"), EXPIRED: _("expired")}[state]


class Asked(NamedTuple):
    """What is to be let through: goods for how much, until which day, and why."""

    amount: Decimal
    until: dt.date
    reason: str


class ReleaseRow(NamedTuple):
    """One delivery that may be made in spite of a hold, and what became of that."""

    number: Annotated[str, Col("放行单号", "Number", kind="code")]
    customer_code: Annotated[str, Col("客户编码", "Code", kind="code")]
    customer: Annotated[str, Col("客户", "Customer")]
    amount: Annotated[Decimal, Col("金额", "Amount", kind="money")]
    given_on: Annotated[dt.date, Col("批准日期", "Given on", kind="date")]
    until: Annotated[dt.date, Col("有效期至", "Until", kind="date")]
    approver: Annotated[str, Col("批准人", "Approver")]
    role: Annotated[str | None, Col("角色", "Role")]
    reason: Annotated[str, Col("原因", "Reason")]
    state: Annotated[State, Col("状态", "State", words=state_text)]
    used_on: Annotated[dt.date | None, Col("使用日期", "Used on", kind="date")]
    used_amount: Annotated[Decimal | None, Col("使用金额", "Used for", kind="money")]
    document: Annotated[str | None, Col("单号", "Document", kind="code")]
    used_by: Annotated[str | None, Col("使用人", "Used by")]


def number_of(word: str) -> int | None:
    """The number of a release, as R12 or 12."""
    found = re.fullmatch(r"[Rr]?0*([0-9]{1,12})", word.strip(), re.ASCII)
    return int(found[1]) if found else None


def state_of(until: dt.date, is_used: bool, day: dt.date) -> State:
    """What has become of a release by a day; it serves up to and on its last."""
    if is_used:
        return USED
    return EXPIRED if day > until else OPEN


def written(asked: Asked, day: dt.date) -> None:
    """Refuse a release that does not say all that it must.

    Raises:
        UsageError: nothing to let through, no reason, or a last day that has gone.
    """
    if asked.amount <= 0:
        raise UsageError(_("a release is for more than 0, not {amount}").format(amount=show(asked.amount)))
    if not asked.reason.strip():
        raise UsageError(_("a release needs a reason"), "--reason TEXT")
    if asked.until < day:
        raise UsageError(
            _("a release until {until} has expired: today is {today}").format(until=asked.until, today=day),
            _("Give a day that is yet to come: --until DAY"),
        )


def refusal(row: ReleaseRow, code: str, amount: Decimal) -> tuple[str, str] | None:
    """Why a release does not serve for a delivery, and what to do; None where it does."""
    hint = _("channelctl credit release {code} {amount} --until DAY --reason TEXT gives another.").format(
        code=code, amount=amount
    )
    if row.state == USED:
        text = _("release {number} was used on {day} by {user}, for {amount}: it serves once")
        return text.format(
            number=row.number, day=row.used_on, user=row.used_by, amount=show(row.used_amount or Decimal(0))
        ), hint
    if row.customer_code != code:
        text = _("release {number} is for {other}, not for {code}")
        return text.format(number=row.number, other=row.customer_code, code=code), hint
    if row.state == EXPIRED:
        return _("release {number} expired on {day}").format(number=row.number, day=row.until), hint
    if amount > row.amount:
        text = _("release {number} is for {amount}, not for {more}")
        return text.format(number=row.number, amount=show(row.amount), more=show(amount)), hint
    return None
