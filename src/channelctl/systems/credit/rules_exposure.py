"""What a customer's credit comes to: exposure, what is left of the limit, status, and whether more may be delivered."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Final, Literal, NamedTuple

from channelctl.i18n import _, ngettext
from channelctl.money import show
from channelctl.systems.credit.rules import CreditPolicy

NOTHING = Decimal("0.00")
OK: Final = "ok"
NEAR: Final = "near"
OVER: Final = "over"
OVERDUE: Final = "overdue"
BLOCKED: Final = "blocked"
PASS: Final = "pass"  # noqa: S105  a verdict
WARN: Final = "warn"
HOLD: Final = "hold"
HELD, DAYS, AMOUNT, PAST_DUE = "held", "overdue_days", "overdue_amount", "past_due"
ABOVE, ABOVE_POOL, CASH, UNSAID = "above_limit", "above_pool", "cash_only", "no_limit"
CLOSE, CLOSE_POOL, RELEASED, UNSEEN = "near_limit", "near_pool", "released", "pool_not_seen"
OWN, POOL, NONE = "own", "pool", "none"
Status = Literal["ok", "near", "over", "overdue", "blocked"]
Verdict = Literal["pass", "warn", "hold"]
# From the least to the most severe.
STATUSES: tuple[Status, ...] = (OK, NEAR, OVER, OVERDUE, BLOCKED)


def status_text(status: str | None) -> str:
    """A status as people say it; nothing where nobody can tell."""
    words = {OK: _("ok"), NEAR: _("near"), OVER: _("over"), OVERDUE: _("overdue"), BLOCKED: _("blocked")}
    return words[status] if status is not None else ""


def verdict_text(verdict: str) -> str:
    """What a check says."""
    return {PASS: _("pass"), WARN: _("warn"), HOLD: _("hold")}[verdict]


def reason_text(reason: str | None) -> str:
    """Why a status or a verdict is what it is."""
    words = {
        HELD: _("on hold"),
        DAYS: _("overdue for too long"),
        AMOUNT: _("too much is overdue"),
        PAST_DUE: _("past due"),
        ABOVE: _("above the limit"),
        ABOVE_POOL: _("above the pooled limit"),
        CASH: _("cash only: the limit is 0"),
        UNSAID: _("no limit: cash only"),
        CLOSE: _("near the limit"),
        CLOSE_POOL: _("near the pooled limit"),
        RELEASED: _("released"),
        UNSEEN: _("its pool is not seen whole"),
    }
    return words.get(reason or "", "")


class Parts(NamedTuple):
    """What exposure is made of, and what of it is past due and its days of grace."""

    documents: Decimal = NOTHING
    on_account: Decimal = NOTHING
    uninvoiced: Decimal = NOTHING
    open_orders: Decimal = NOTHING
    overdue: Decimal = NOTHING
    oldest_due: dt.date | None = None

    @property
    def exposure(self) -> Decimal:
        """What is open, less what came in for no document, with what is delivered or ordered and not invoiced."""
        return self.documents - self.on_account + self.uninvoiced + self.open_orders

    @property
    def is_nothing(self) -> bool:
        """Whether there is nothing open, on account or ordered."""
        return not (self.documents or self.on_account or self.uninvoiced or self.open_orders)


class Ceiling(NamedTuple):
    """A limit that exposure stays below: one's own, that of a pool one is in (its code), or for want of any 0."""

    kind: str
    code: str
    limit: Decimal
    exposure: Decimal

    @property
    def left(self) -> Decimal:
        """What may still be bought."""
        return self.limit - self.exposure


class Hold(NamedTuple):
    """Deliveries stopped by hand."""

    since: dt.date
    until: dt.date | None
    reason: str


class Standing(NamedTuple):
    """A customer on a day; without ceilings it may buy without a limit. `limit` is its own, None where none is said.

    Of one whose pool is not `whole`, as others in it are not seen, no ceiling is known.
    """

    code: str
    name: str
    office: str | None
    day: dt.date
    limit: Decimal | None
    parts: Parts
    ceilings: tuple[Ceiling, ...]
    hold: Hold | None
    whole: bool = True

    @property
    def tightest(self) -> Ceiling | None:
        """The limit of which the least is left."""
        return min(self.ceilings, key=lambda one: one.left, default=None)

    @property
    def oldest_days(self) -> int | None:
        """Days past due of the oldest open document that is."""
        due = self.parts.oldest_due
        return (self.day - due).days if due is not None and due < self.day else None


class Found(NamedTuple):
    """A status, why (None where all is well), and the limit that says so, or of which the least is left.

    Without a status nobody can tell.
    """

    status: Status | None
    reason: str | None
    ceiling: Ceiling | None


class Checked(NamedTuple):
    """What is said of a delivery, why, and the limit that says so."""

    verdict: Verdict
    reason: str | None
    ceiling: Ceiling | None


def ceilings(
    code: str, own: Decimal | None, pooled: bool, parts: Parts, pools: Sequence[Ceiling], policy: CreditPolicy
) -> tuple[Ceiling, ...]:
    """The limits that a customer stands under: its own, unless that is a pool's, and every pool that it is in.

    Where there is none at all, cash only is a limit of 0, and 0 is never no limit.
    """
    alone = own is not None and not pooled
    found = [*([Ceiling(OWN, code, own, parts.exposure)] if alone and own is not None else []), *pools]
    if not found and policy.no_limit == "cash":
        found = [Ceiling(NONE, code, NOTHING, parts.exposure)]
    return tuple(found)


def judge(one: Standing, policy: CreditPolicy) -> Found:
    """The most severe that can be said of a customer; of one that is overdue and above a limit, why it is above."""
    stopped = blocked(one, policy)
    if stopped is not None:
        return Found(BLOCKED, stopped, one.tightest)
    within = _within(one, NOTHING, policy) if one.whole else Found(None, UNSEEN, None)
    if one.parts.overdue <= 0:
        return within
    if within.status == OVER:
        return within._replace(status=OVERDUE)
    return Found(OVERDUE, PAST_DUE, one.tightest)


def blocked(one: Standing, policy: CreditPolicy) -> str | None:
    """Why nothing more may be delivered, whatever the limit; None where it may."""
    if one.hold is not None:
        return HELD
    if one.parts.overdue <= 0:
        return None
    days, amount = policy.block_overdue_days, policy.block_overdue_amount
    if days is not None and (one.oldest_days or 0) > days:
        return DAYS
    return AMOUNT if amount is not None and one.parts.overdue > amount else None


def _within(one: Standing, more: Decimal, policy: CreditPolicy) -> Found:
    """Where a customer is with so much more, beside the limits it stands under; the tightest that says so is named."""
    nearest = sorted(one.ceilings, key=lambda ceiling: ceiling.left)
    for ceiling in nearest:
        if ceiling.left < more:
            return Found(OVER, _above(ceiling), ceiling)
    for ceiling in nearest:
        if ceiling.limit > 0 and ceiling.exposure + more >= policy.near * ceiling.limit:
            return Found(NEAR, CLOSE_POOL if ceiling.kind == POOL else CLOSE, ceiling)
    return Found(OK, None, one.tightest)


def _above(ceiling: Ceiling) -> str:
    if ceiling.kind == POOL:
        return ABOVE_POOL
    if ceiling.kind == NONE:
        return UNSAID
    return ABOVE if ceiling.limit else CASH


def check(one: Standing, more: Decimal, policy: CreditPolicy) -> Checked:
    """Whether goods for so much, with tax, may be delivered."""
    stopped = blocked(one, policy)
    if stopped is not None:
        return Checked(HOLD, stopped, one.tightest)
    after = _within(one, more, policy)
    if after.status == OVER:
        return Checked(HOLD, after.reason, after.ceiling)
    if one.parts.overdue > 0:
        return Checked(WARN, PAST_DUE, one.tightest)
    if after.status == NEAR:
        return Checked(WARN, after.reason, after.ceiling)
    return Checked(PASS, None, one.tightest)


def told_text(one: Standing, policy: CreditPolicy) -> str:
    """What is said of a customer that is overdue or blocked."""
    said = []
    if one.hold is not None:
        said.append(_("on hold since {day}: {reason}").format(day=one.hold.since, reason=one.hold.reason))
    if one.parts.overdue > 0:
        text = ngettext("overdue {amount}, {count} day", "overdue {amount}, {count} days", one.oldest_days or 0)
        said.append(text.format(amount=show(one.parts.overdue), count=one.oldest_days))
    if one.hold is None and blocked(one, policy) is not None:
        said.append(_("blocked"))
    return _("credit: {text}").format(text=" · ".join(said))


def needed(one: Standing, more: Decimal) -> Decimal:
    """What somebody must be allowed to grant to let so much more through: the exposure after it.

    Where that is above a pool's limit too, it is the pool's.
    """
    above = [ceiling.exposure + more for ceiling in one.ceilings if ceiling.kind == POOL and ceiling.left < more]
    return max([one.parts.exposure + more, *above])
