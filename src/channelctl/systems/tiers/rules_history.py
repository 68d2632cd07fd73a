"""Tiers that were applied: held back within a band, set by hand beside, and told by date."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Final, Literal, NamedTuple

from channelctl.columns import Col
from channelctl.i18n import _
from channelctl.money import to_units
from channelctl.systems.tiers.rules import TIE, TIERS, Tier, TierPolicy, TierRow, reason_text

HELD, BY_HAND = "held", "set_by_hand"
RUN: Final = "run"
MARK: Final = "mark"
# The methods that grade by a share beside two cuts, by their cuts' names in the policy.
CUTS = {"abc": ("a_until", "b_until"), "share": ("share_a", "share_b")}


def why_text(reason: str | None) -> str:
    """Why a customer has the tier in force, as a person reads it."""
    return {HELD: _("held by the band"), BY_HAND: _("set by hand")}.get(reason or "") or reason_text(reason)


def event_text(event: str) -> str:
    """What happened on a day, as a person reads it."""
    return {RUN: _("run"), MARK: _("set by hand")}[event]


def method_word(method: str | None) -> str:
    """A method in a word."""
    return {"share": _("share"), "curve": _("curve")}.get(method or "", method or "")


class Graded(NamedTuple):
    """A customer's tier of a run, by code: `computed` is what the run gave, `tier` what holds."""

    customer_code: str
    tier: Tier
    computed: Tier
    net: Decimal
    reason: str | None


class Mark(NamedTuple):
    """A tier set by hand; it holds from `since` to `until`, both included."""

    customer_code: str
    tier: Tier
    reason: str
    since: dt.date
    until: dt.date
    batch: int


class Run(NamedTuple):
    """A grading that was applied; `cuts` are those of its policy, None by a method without."""

    id: int
    batch: int
    method: str
    first_day: dt.date
    last_day: dt.date
    scope: str
    policy: str
    cuts: tuple[Decimal, Decimal] | None


class Grade(NamedTuple):
    """What a run gave a customer."""

    run: Run
    customer_code: str
    tier: Tier
    computed: Tier
    net: Decimal
    reason: str | None


class HistoryRow(NamedTuple):
    """A run or a tier set by hand; `in_force` is the tier that held on that day, `computed` what the sales gave.

    `customer_code` is the one it had, which may since have become a part of another.
    """

    date: Annotated[dt.date, Col("日期", "Date", kind="date")]
    event: Annotated[Literal["run", "mark"], Col("事项", "Event", words=event_text)]
    customer_code: Annotated[str, Col("编码", "Code", kind="code", wide=True)]
    method: Annotated[str | None, Col("方法", "Method", words=method_word)]
    first_day: Annotated[dt.date | None, Col("起始日", "From", kind="date")]
    net_sales: Annotated[Decimal | None, Col("净销售额", "Net sales", kind="money")]
    cut_a: Annotated[Decimal | None, Col("A 级分界", "Cut of A", kind="share")]
    cut_b: Annotated[Decimal | None, Col("B 级分界", "Cut of B", kind="share")]
    computed: Annotated[Tier | None, Col("计算等级", "Computed", kind="tier")]
    in_force: Annotated[Tier, Col("生效等级", "In force", kind="tier")]
    reason: Annotated[str | None, Col("原因", "Why", words=why_text)]
    note: Annotated[str | None, Col("说明", "Note")]
    until: Annotated[dt.date | None, Col("有效期至", "Until", kind="date")]
    batch: Annotated[int, Col("批次", "Batch", kind="count")]


class Force(NamedTuple):
    """The tier that a customer has on a day: by a mark or by a run, whichever holds; both None: none yet."""

    mark: Mark | None
    grade: Grade | None

    @property
    def tier(self) -> Tier | None:
        """The mark's tier, else the run's."""
        return self.mark.tier if self.mark is not None else self.grade.tier if self.grade is not None else None


def held(rows: Sequence[TierRow], before: Mapping[str, Tier], method: str, policy: TierPolicy) -> list[Graded]:
    """Every row's tier, held at that of the run before until its share has passed the cut by more than the band.

    It moves tier by tier: over the cuts passed by more than the band, and no further. Where no share decided (net
    returns, no sales, the first customer, a method without shares) nothing is held.
    """
    shares = _deciding(rows, method, policy) if policy.hold and method in CUTS else {}
    found = []
    for row in rows:
        tier = row.tier
        was, share = before.get(row.customer_code), shares.get(row.customer_code)
        if was is not None and was != tier and share is not None:
            tier = _moved(was, tier, share, method, policy)
        found.append(Graded(row.customer_code, tier, row.tier, row.net_sales, HELD if tier != row.tier else row.reason))
    return found


def _deciding(rows: Sequence[TierRow], method: str, policy: TierPolicy) -> dict[str, Fraction]:
    """The exact share that decided each customer's tier; of equal customers that share one, that of the first."""
    sold = [(row, to_units(row.net_sales)) for row in rows if row.net_sales > 0]
    base, before = sum(net for _row, net in sold), 0
    found: dict[str, Fraction] = {}
    part: int | None = None
    for place, (row, net) in enumerate(sold):
        if not (place and policy.ties == "share" and net == sold[place - 1][1]):
            part = net if method == "share" else before if policy.boundary == "reach" else before + net
            if method == "abc" and place == 0:
                part = None
        if part is not None and row.reason in (None, TIE):
            found[row.customer_code] = Fraction(part, base)
        before += net
    return found


def _moved(was: Tier, goal: Tier, share: Fraction, method: str, policy: TierPolicy) -> Tier:
    place, end = TIERS.index(was), TIERS.index(goal)
    step = 1 if end > place else -1
    cuts = [Fraction(getattr(policy, name)) for name in CUTS[method]]
    while place != end:
        passed = share - cuts[min(place, place + step)]
        if (passed if (step > 0) == (method == "abc") else -passed) <= policy.hold:
            break
        place += step
    return TIERS[place]


def mark_on(marks: Sequence[Mark], day: dt.date) -> Mark | None:
    """The tier set by hand that holds on a day: of several the one set last."""
    return max((mark for mark in marks if mark.since <= day <= mark.until), key=lambda mark: mark.since, default=None)


def grade_on(grades: Sequence[Grade], day: dt.date) -> Grade | None:
    """What the last run up to a day gave; of one run the first told."""
    reached = [grade for grade in grades if grade.run.last_day <= day]
    return max(reached, key=_applied, default=None)


def _applied(grade: Grade) -> tuple[dt.date, int]:
    return grade.run.last_day, grade.run.id


def told(grades: Sequence[Grade], marks: Sequence[Mark]) -> list[HistoryRow]:
    """Every run and mark of a customer by date, a run before what was set by hand on its last day."""
    rows: list[tuple[tuple[dt.date, int, int], HistoryRow]] = []
    for grade in grades:
        run, mark = grade.run, mark_on(marks, grade.run.last_day)
        cut_a, cut_b = run.cuts or (None, None)
        row = HistoryRow(
            run.last_day,
            RUN,
            grade.customer_code,
            run.method,
            run.first_day,
            grade.net,
            cut_a,
            cut_b,
            grade.computed,
            mark.tier if mark is not None else grade.tier,
            BY_HAND if mark is not None else grade.reason,
            mark.reason if mark is not None else None,
            mark.until if mark is not None else None,
            run.batch,
        )
        rows.append(((run.last_day, 0, run.id), row))
    for mark in marks:
        last = grade_on(grades, mark.since)
        row = HistoryRow(
            mark.since,
            MARK,
            mark.customer_code,
            None,
            None,
            None,
            None,
            None,
            last.computed if last is not None else None,
            mark.tier,
            BY_HAND,
            mark.reason,
            mark.until,
            mark.batch,
        )
        rows.append(((mark.since, 1, mark.batch), row))
    return [row for _place, row in sorted(rows, key=lambda pair: pair[0])]
