"""Statements: what was settled and paid out for a customer, from one balance to another; and settlements there were."""

import datetime as dt
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, NamedTuple

from channelctl.columns import Col
from channelctl.errors import UsageError
from channelctl.i18n import _, listed
from channelctl.money import show, show_quantity
from channelctl.period import Period
from channelctl.systems.rebates import rules_settle
from channelctl.systems.rebates.rules import FIXED, PERCENT, Rule
from channelctl.systems.rebates.rules_settle import NOTHING, Account, late_words, window_words
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
    policy: Annotated[str, Col("政策", "Policy", kind="code")]
    name: Annotated[str, Col("政策名称", "Name")]
    version: Annotated[str, Col("版本", "Version", kind="code")]
    rule: Annotated[str, Col("规则", "Rule", kind="code")]
    window: Annotated[str, Col("周期", "Window", kind="code", words=window_words)]
    base: Annotated[Decimal, Col("计量", "Base", kind="quantity")]
    bracket: Annotated[str, Col("所在档", "Bracket", kind="code")]
    entitlement: Annotated[Decimal, Col("应得返利", "Entitlement", kind="money")]
    before: Annotated[Decimal, Col("已结算", "Settled before", kind="money")]
    amount: Annotated[Decimal, Col("本次结算", "This settlement", kind="money")]
    late: Annotated[bool, Col("迟到变动", "Late change", kind="flag", words=late_words)]


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
    settled = sum((line.amount for line in lines if not line.late), NOTHING)
    late = sum((line.amount for line in lines if line.late), NOTHING)
    planned = sum((one.amount for one in paid if one.state == rules_settle.PLANNED), NOTHING)
    out = sum((one.amount for one in paid), NOTHING) - planned
    left = opening + settled + late - out - planned
    figures = {OPENING: opening, SETTLED: settled, LATE: late, PAID: -out, PLANNED: -planned, CLOSING: left}
    return [SummaryRow(what, amount) for what, amount in (*figures.items(), (PAYABLE, max(NOTHING, left)))]


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


def bracket_words(rule: Rule | None, base: Decimal) -> str:
    """The bracket that a base stands in, with the rule's cap and minimum: from 1,000 units: 80 yuan a unit."""
    if rule is None:
        return ""
    found = next((one for one in reversed(rule.breakpoints) if one.at <= base), None)
    if found is None:
        first = figure_text(rule.basis, rule.breakpoints[0].at) if rule.breakpoints else ""
        return _("below {at}").format(at=first) if first else ""
    if rule.unit == PERCENT:
        rate = f"{show_quantity(found.rate * 100)}%"
    else:
        text = _("{rate} yuan in all") if rule.unit == FIXED else _("{rate} yuan a unit")
        whole = found.rate == found.rate.to_integral()
        rate = text.format(rate=show_quantity(found.rate) if whole else show(found.rate))
    said = _("from {at}: {rate}").format(at=figure_text(rule.basis, found.at), rate=rate) if found.at else rate
    limits = []
    if rule.cap is not None:
        limits.append(_("at most {cap}").format(cap=show(rule.cap)))
    if rule.minimum is not None:
        limits.append(_("nothing below {minimum}").format(minimum=show(rule.minimum)))
    return listed([said, *limits])
