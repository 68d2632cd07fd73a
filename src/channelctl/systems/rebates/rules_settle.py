"""Settling: what of an entitlement is left to settle, in which order months are, and what is due to a customer."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Annotated, NamedTuple

from channelctl.columns import Col
from channelctl.errors import RefusedError
from channelctl.i18n import _
from channelctl.money import show_figure
from channelctl.period import Period
from channelctl.systems.rebates.rules import ZERO
from channelctl.systems.rebates.rules_windows import days_of, window_words

_LAST_DAYS = dt.timedelta(days=7)
# How far a payout has got.
PLANNED, ISSUED, DONE, VOID = "planned", "issued", "done", "void"


class Key(NamedTuple):
    """What is settled as one: a customer's entitlement by a rule in a window."""

    customer_code: str
    policy: str
    rule: str
    window: str


class Kept(NamedTuple):
    """What was settled of a key so far, the last time by which version."""

    version: str
    amount: Decimal


class Due(NamedTuple):
    """What a customer has earned by a rule in a window as it stands now; the base as the rule's thresholds count it."""

    key: Key
    version: str
    base: Decimal
    entitlement: Decimal


class Line(NamedTuple):
    """A line of a settlement: the entitlement, what was settled before, and the rest.

    `late`: the window was settled to its end by an earlier final settlement.
    """

    key: Key
    version: str
    base: Decimal
    entitlement: Decimal
    before: Decimal
    late: bool

    @property
    def amount(self) -> Decimal:
        """What this settlement adds; below 0 it takes back."""
        return self.entitlement - self.before


class Done(NamedTuple):
    """A settlement there is."""

    month: str
    through: dt.date
    final: bool
    batch: int


class Turn(NamedTuple):
    """The settlement that comes next: through which day, whether the month's last, and what it looks back to.

    `since` is the first day of the first month that was ever settled; `open_` are months from there on that lack their
    last settlement; `covered` is the day through which final settlements have settled all.
    """

    period: Period
    through: dt.date
    final: bool
    since: dt.date
    open_: list[str]
    covered: dt.date

    @property
    def month(self) -> str:
        """The month as settlements keep it."""
        return f"{self.period.start:%Y-%m}"


class Account(NamedTuple):
    """What was settled for a customer, what of it was paid out (issued or done), and what is planned to be."""

    settled: Decimal = ZERO
    paid: Decimal = ZERO
    planned: Decimal = ZERO

    @property
    def taken(self) -> Decimal:
        """What payouts take of it, the planned ones too."""
        return self.paid + self.planned

    @property
    def balance(self) -> Decimal:
        """What is left; below 0 it is carried forward."""
        return self.settled - self.taken

    @property
    def payable(self) -> Decimal:
        """What may be paid out."""
        return max(ZERO, self.balance)


def turn(period: Period, as_of: dt.date, done: Sequence[Done]) -> Turn:
    """The settlement of a month as it may be made.

    Raises:
        RefusedError: the month has not begun, is settled to its end or through that day, or a later one was settled.
    """
    month = f"{period.start:%Y-%m}"
    if as_of < period.start:
        raise RefusedError(
            _("{month} has not begun: it is {day}").format(month=month, day=as_of),
            _("A month is settled while it runs, or when it is over."),
        )
    through = min(period.end, as_of)
    for one in done:
        _refuse(one, month, through)
    since = min((dt.date.fromisoformat(f"{one.month}-01") for one in done), default=period.start)
    closed = {one.month for one in done if one.final}
    open_ = [name for name in _months(since, period.start) if name not in closed]
    return Turn(period, through, through == period.end, since, open_, covered(done))


def covered(done: Iterable[Done]) -> dt.date:
    """The day through which final settlements have settled all: what changes in windows that ended by it is late."""
    return max((one.through for one in done if one.final), default=dt.date.min)


def require_sales(turn: Turn, reach: dt.date | None) -> None:
    """Refuse to settle a month for good whose last days may not be in yet; sales `reach` to a day.

    Raises:
        RefusedError: there is no sale in the month's last days, nor a later one.
    """
    if not turn.final or (reach is not None and reach >= turn.period.end - _LAST_DAYS):
        return
    hint = _("Import the sales first; --as-of DAY makes an interim one. If there are no more: --force")
    if reach is None:
        raise RefusedError(_("{month} cannot be settled to its end: there are no sales").format(month=turn.month), hint)
    text = _("{month} cannot be settled to its end: the last day with sales is {day}")
    raise RefusedError(text.format(month=turn.month, day=reach), hint)


def _refuse(one: Done, month: str, through: dt.date) -> None:
    """Refuse what a settlement stands in the way of."""
    undo = _("To do it again: channelctl batch undo {batch}").format(batch=one.batch)
    if one.month > month:
        raise RefusedError(
            _("{later} is settled already (batch {batch}): months are settled in order").format(
                later=one.month, batch=one.batch
            ),
            _("What is left of {month} goes into the next settlement.").format(month=month),
        )
    if one.month == month and one.final:
        raise RefusedError(
            _("{month} is settled (batch {batch}): late changes go into the next settlement").format(
                month=month, batch=one.batch
            ),
            undo,
        )
    if one.month == month and one.through >= through:
        raise RefusedError(
            _("{month} is settled through {day} (batch {batch})").format(month=month, day=one.through, batch=one.batch),
            _("Settle it through a later day: --as-of DAY. {undo}").format(undo=undo),
        )


def _months(first: dt.date, before: dt.date) -> list[str]:
    """The months from one to another, without the last."""
    numbers = range(first.year * 12 + first.month - 1, before.year * 12 + before.month - 1)
    return [f"{number // 12:04d}-{number % 12 + 1:02d}" for number in numbers]


def lines(dues: Iterable[Due], settled: Mapping[Key, Kept], turn: Turn) -> list[Line]:
    """What a settlement holds: every window of the month with a base, and of earlier windows those that changed.

    What was settled and is no longer earned at all (the window was cut by a new version) is taken back.
    """
    found: list[Line] = []
    seen: set[Key] = set()
    for due in dues:
        seen.add(due.key)
        before = settled[due.key].amount if due.key in settled else ZERO
        found.append(Line(due.key, due.version, due.base, due.entitlement, before, _late(due.key, turn)))
    for key, kept in settled.items():
        if key not in seen:
            found.append(Line(key, kept.version, ZERO, ZERO, kept.amount, _late(key, turn)))
    return sorted(line for line in found if _tells(line))


def _late(key: Key, turn: Turn) -> bool:
    return days_of(key.window)[1] <= turn.covered


def _tells(line: Line) -> bool:
    """Whether a line belongs in a settlement."""
    return bool(line.amount) or (not line.late and bool(line.base or line.entitlement or line.before))


def is_nothing(found: Sequence[Line], final: bool) -> bool:
    """Whether there is nothing to settle: no line, or before the month's end no difference."""
    return not found if final else not any(line.amount for line in found)


def late_words(late: bool) -> str:
    """Whether a line changes what was settled of an earlier window."""
    return _("late change") if late else ""


# Columns of a line of a settlement, on the settlement's own screen and on a customer's statement.
POLICY = Col("政策", "Policy", kind="code")
VERSION = Col("版本", "Version", kind="code")
RULE = Col("规则", "Rule", kind="code")
WINDOW = Col("周期", "Window", kind="code", words=window_words)
BASE = Col("计量", "Base", kind="quantity", words=show_figure)
ENTITLEMENT = Col("应得返利", "Entitlement", kind="money")
BEFORE = Col("已结算", "Settled before", kind="money")
AMOUNT = Col("本次结算", "This settlement", kind="money")
LATE = Col("迟到变动", "Late change", kind="flag", words=late_words)


class LineRow(NamedTuple):
    """A line of a settlement, for a customer by a rule in a window."""

    customer_code: Annotated[str, Col("客户编码", "Customer code", kind="code")]
    customer: Annotated[str, Col("客户", "Customer")]
    policy: Annotated[str, POLICY]
    version: Annotated[str, VERSION]
    rule: Annotated[str, RULE]
    window: Annotated[str, WINDOW]
    base: Annotated[Decimal, BASE]
    entitlement: Annotated[Decimal, ENTITLEMENT]
    before: Annotated[Decimal, BEFORE]
    amount: Annotated[Decimal, AMOUNT]
    late: Annotated[bool, LATE]


class CustomerRow(NamedTuple):
    """What a settlement comes to for a customer, and where its balance then stands."""

    customer_code: Annotated[str, Col("编码", "Code", kind="code")]
    customer: Annotated[str, Col("客户", "Customer")]
    entitlement: Annotated[Decimal, ENTITLEMENT]
    before: Annotated[Decimal, BEFORE]
    amount: Annotated[Decimal, AMOUNT]
    late_changes: Annotated[Decimal, Col("其中迟到变动", "Of it late changes", kind="money")]
    balance: Annotated[Decimal, Col("余额", "Balance", kind="money")]
    payable: Annotated[Decimal, Col("可兑付", "Payable", kind="money")]


def by_customer(found: Iterable[Line], names: Mapping[str, str], accounts: Mapping[str, Account]) -> list[CustomerRow]:
    """What lines come to customer by customer; `accounts` are as they stand with these lines in them."""
    sums: dict[str, CustomerRow] = {}
    for line in found:
        code = line.key.customer_code
        account = accounts.get(code, Account())
        one = sums.get(code)
        if one is None:
            name = names.get(code, code)
            one = CustomerRow(code, name, ZERO, ZERO, ZERO, ZERO, account.balance, account.payable)
        sums[code] = one._replace(
            entitlement=one.entitlement + line.entitlement,
            before=one.before + line.before,
            amount=one.amount + line.amount,
            late_changes=one.late_changes + (line.amount if line.late else ZERO),
        )
    return [sums[code] for code in sorted(sums)]


def line_row(line: Line, names: Mapping[str, str]) -> LineRow:
    """A line as it is shown."""
    key = line.key
    return LineRow(
        key.customer_code, names.get(key.customer_code, key.customer_code), key.policy, line.version, key.rule,
        key.window, line.base, line.entitlement, line.before, line.amount, line.late,
    )  # fmt: skip
