"""Statements: what was settled and paid out for a customer, from one balance to another; and settlements there were."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Annotated, NamedTuple

from channelctl.columns import Col
from channelctl.errors import UsageError
from channelctl.i18n import _, listed
from channelctl.money import show, show_quantity
from channelctl.period import Period
from channelctl.systems.rebates import rules_settle
from channelctl.systems.rebates.rules import BEST, FIXED, PERCENT, STEPPED, ZERO, Breakpoint, Rule, reached_by
from channelctl.systems.rebates.rules_settle import Account
from channelctl.systems.rebates.rules_taking import apart
from channelctl.systems.rebates.rules_windows import days_of
from channelctl.systems.rebates.rules_words import figure_text, form_text, state_text

_UNSAFE = re.compile(r"[^\w-]")
_LONGEST = 60
OPENING, SETTLED, LATE, PAID, PLANNED = "opening", "settled", "late_changes", "paid", "planned"
CLOSING, PAYABLE = "closing", "payable"


def state_words(final: bool) -> str:
    """Whether a settlement is the last of its month."""
    return _("final") if final else _("interim")


def what_words(what: str) -> str:
    """A line of the summary as a person reads it."""
    known = {
        OPENING: _("opening balance"),
        SETTLED: _("settled"),
        LATE: _("late changes"),
        PAID: _("paid out"),
        PLANNED: _("planned payouts"),
        CLOSING: _("closing balance"),
        PAYABLE: _("payable"),
    }
    return known[what]


class SummaryRow(NamedTuple):
    """A line from the opening to the closing balance; those before it add up to closing."""

    what: Annotated[str, Col("项目", "Item", kind="code", words=what_words)]
    amount: Annotated[Decimal, Col("金额", "Amount", kind="money")]


class StatementRow(NamedTuple):
    """What a settlement settled by a rule in a window; entitlement - settled before = this settlement."""

    month: Annotated[str, Col("结算月份", "Settlement", kind="month")]
    through: Annotated[dt.date, Col("截至", "Through", kind="date")]
    final: Annotated[bool, Col("状态", "State", kind="flag", words=state_words)]
    policy: Annotated[str, rules_settle.POLICY]
    name: Annotated[str, Col("政策名称", "Name")]
    version: Annotated[str, rules_settle.VERSION]
    rule: Annotated[str, rules_settle.RULE]
    window: Annotated[str, rules_settle.WINDOW]
    base: Annotated[Decimal, rules_settle.BASE]
    bracket: Annotated[str, Col("所在档", "Bracket", kind="code")]
    entitlement: Annotated[Decimal, rules_settle.ENTITLEMENT]
    before: Annotated[Decimal, rules_settle.BEFORE]
    amount: Annotated[Decimal, rules_settle.AMOUNT]
    late: Annotated[bool, rules_settle.LATE]


class PaidRow(NamedTuple):
    """A payout on a statement."""

    date: Annotated[dt.date, Col("日期", "Date", kind="date")]
    number: Annotated[str, Col("编号", "Number", kind="code")]
    form: Annotated[str, Col("形式", "Form", kind="code", words=form_text)]
    state: Annotated[str, Col("状态", "State", kind="code", words=state_text)]
    amount: Annotated[Decimal, Col("金额", "Amount", kind="money")]
    reference: Annotated[str | None, Col("凭证", "Reference")]
    remark: Annotated[str | None, Col("备注", "Remark")]


class FileRow(NamedTuple):
    """A statement that was written to a file of its own."""

    customer_code: Annotated[str, Col("编码", "Code", kind="code")]
    customer: Annotated[str, Col("客户", "Customer")]
    balance: Annotated[Decimal, Col("期末余额", "Closing balance", kind="money")]
    file: Annotated[str, Col("文件", "File")]


class BalanceRow(NamedTuple):
    """Where a customer's account stands; settled - paid - planned = balance."""

    customer_code: Annotated[str, Col("编码", "Code", kind="code")]
    customer: Annotated[str, Col("客户", "Customer")]
    settled: Annotated[Decimal, Col("已结算", "Settled", kind="money")]
    planned: Annotated[Decimal, Col("计划兑付", "Planned", kind="money")]
    paid: Annotated[Decimal, Col("已兑付", "Paid out", kind="money")]
    balance: Annotated[Decimal, Col("余额", "Balance", kind="money")]
    payable: Annotated[Decimal, Col("可兑付", "Payable", kind="money")]


class HistoryRow(NamedTuple):
    """A settlement: of which month, what it came to for how many customers, and who made it."""

    month: Annotated[str, Col("月份", "Month", kind="month")]
    through: Annotated[dt.date, Col("截至", "Through", kind="date")]
    final: Annotated[bool, Col("状态", "State", kind="flag", words=state_words)]
    customers: Annotated[int, Col("客户数", "Customers", kind="count")]
    windows: Annotated[str, Col("周期", "Windows")]
    earned: Annotated[Decimal, Col("增加", "Earned", kind="money")]
    taken_back: Annotated[Decimal, Col("扣回", "Taken back", kind="money")]
    amount: Annotated[Decimal, Col("结算额", "Settled", kind="money")]
    late_changes: Annotated[Decimal, Col("其中迟到变动", "Of it late changes", kind="money")]
    user: Annotated[str, Col("用户", "User")]
    at: Annotated[str, Col("时间", "At", wide=True)]
    batch: Annotated[int, Col("批次", "Batch", kind="count")]


class Span(NamedTuple):
    """The months that a statement runs from and to; None: from the first on, to what there is."""

    first: Period | None
    last: Period | None

    @property
    def words(self) -> str:
        """The span as a person reads it."""
        if self.first is None and self.last is None:
            return _("all settlements")
        if self.first is None or self.last is None:
            text = _("from {first}") if self.last is None else _("to {last}")
            return text.format(first=_month(self.first), last=_month(self.last))
        return _("{first} to {last}").format(first=_month(self.first), last=_month(self.last))

    def opens(self, month: str) -> bool:
        """Whether a settlement is of an earlier month."""
        return self.first is not None and month < _month(self.first)

    def holds(self, month: str) -> bool:
        """Whether a settlement is of one of the months."""
        return not self.opens(month) and (self.last is None or month <= _month(self.last))


def _month(period: Period | None) -> str:
    return f"{period.start:%Y-%m}" if period is not None else ""


def span(first: str | None, last: str | None) -> Span:
    """The months asked for.

    Raises:
        UsageError: one is no month, or they end before they begin.
    """
    found = Span(Period.month(first) if first is not None else None, Period.month(last) if last is not None else None)
    if found.first is not None and found.last is not None and found.last.start < found.first.start:
        raise UsageError(
            _("the statement ends ({last}) before it begins ({first})").format(first=first, last=last),
            _("Write it as --from 2024-01 --to 2024-05"),
        )
    return found


def summary(opening: Decimal, lines: Sequence[StatementRow], paid: Sequence[PaidRow]) -> list[SummaryRow]:
    """From the opening balance to the closing one, and what of that may be paid out."""
    settled = sum((line.amount for line in lines if not line.late), ZERO)
    late = sum((line.amount for line in lines if line.late), ZERO)
    planned = sum((one.amount for one in paid if one.state == rules_settle.PLANNED), ZERO)
    out = sum((one.amount for one in paid), ZERO) - planned
    left = opening + settled + late - out - planned
    figures = {OPENING: opening, SETTLED: settled, LATE: late, PAID: -out, PLANNED: -planned, CLOSING: left}
    return [SummaryRow(what, amount) for what, amount in (*figures.items(), (PAYABLE, max(ZERO, left)))]


def closing(opening: Decimal, lines: Sequence[StatementRow], paid: Sequence[PaidRow]) -> Decimal:
    """The balance that a statement ends with."""
    return next(row.amount for row in summary(opening, lines, paid) if row.what == CLOSING)


def file_names(codes: Sequence[str], ending: str, stem: str = "rebates") -> list[str]:
    """A file name for each customer: its code with nothing in it that could name another folder, each once."""
    found: list[str] = []
    taken: set[str] = set()
    for code in codes:
        base = name = f"{stem}_{_UNSAFE.sub('_', code)[:_LONGEST]}"
        number = 1
        while name.casefold() in taken:
            number += 1
            name = f"{base}_{number}"
        taken.add(name.casefold())
        found.append(f"{name}.{ending}")
    return found


def balance_row(code: str, name: str, account: Account) -> BalanceRow:
    """An account as it is shown."""
    return BalanceRow(
        code, name, account.settled, account.planned, account.paid, account.balance, account.payable
    )  # fmt: skip


class Settled(NamedTuple):
    """What a settlement settled for a customer, as it is held against the other lines of that settlement."""

    rule: Rule
    window: str
    base: Decimal
    entitlement: Decimal


def instead(one: Settled, others: Iterable[Settled]) -> str:
    """The policy that pays in the place of one which reached a bracket; empty where none does."""
    rule, bracket = one.rule, reached_by(one.rule, one.base)
    if rule.meeting != BEST or one.entitlement or one.base <= 0 or bracket is None:
        return ""
    sums: dict[str, Decimal] = {}
    for other in others:
        if other.rule.meeting == BEST and other.rule.policy != rule.policy and _meet(one, other):
            sums[other.rule.policy] = sums.get(other.rule.policy, ZERO) + other.entitlement
    return min((name for name, paid in sums.items() if paid > 0), key=lambda name: (-sums[name], name), default="")


def _meet(one: Settled, other: Settled) -> bool:
    """Whether a sale may count for both: their windows overlap, and no part of their scopes excludes the other's."""
    (first, last), (start, end) = days_of(one.window), days_of(other.window)
    return first <= end and start <= last and not apart(one.rule, other.rule)


def bracket_words(rule: Rule | None, base: Decimal, better: str = "") -> str:
    """The bracket that a base stands in, with the rule's cap and minimum: from 1,000 units: 80 yuan a unit.

    Of a stepped rule every bracket that pays on it; `better` is the policy that pays instead.
    """
    if rule is None:
        return ""
    if base < 0:
        return _("the net is below 0: nothing is earned")
    found = reached_by(rule, base)
    if found is None or (not base and not found.at):
        first = rule.breakpoints[0].at
        return _("below {at}").format(at=figure_text(rule.basis, first)) if base < first else _("the net is 0")
    brackets = [found]
    if rule.method == STEPPED and rule.unit != FIXED:
        brackets = [one for one in rule.breakpoints if one.at <= found.at]
    said = "; ".join(_bracket(rule, one) for one in brackets)
    if rule.method == STEPPED and rule.unit != FIXED and found.at:
        said = _("{brackets} ({how})").format(brackets=said, how=_("each on what is above it"))
    limits = []
    if rule.cap is not None:
        limits.append(_("at most {cap}").format(cap=show(rule.cap)))
    if rule.minimum is not None:
        limits.append(_("nothing below {minimum}").format(minimum=show(rule.minimum)))
    if better:
        limits.append(_("policy {policy} pays instead").format(policy=better))
    return listed([said, *limits])


def _bracket(rule: Rule, one: Breakpoint) -> str:
    if rule.unit == PERCENT:
        rate = f"{show_quantity(one.rate * 100)}%"
    else:
        text = _("{rate} yuan in all") if rule.unit == FIXED else _("{rate} yuan a unit")
        whole = one.rate == one.rate.to_integral()
        rate = text.format(rate=show_quantity(one.rate) if whole else show(one.rate))
    return _("from {at}: {rate}").format(at=figure_text(rule.basis, one.at), rate=rate) if one.at else rate
