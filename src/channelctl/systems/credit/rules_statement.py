"""A customer's statement: from the balance before its days to the one after them, what is open, and how old that is."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, NamedTuple, Protocol

from channelctl.columns import Col
from channelctl.errors import UsageError
from channelctl.i18n import _, ngettext
from channelctl.money import show
from channelctl.period import Period, day
from channelctl.systems.credit.rules_documents import INVOICED, type_text

NOTHING = Decimal("0.00")
OPENING, DEBITS, CREDITS, CLOSING = "opening", "debits", "credits", "closing"
NOT_DUE, UNAPPLIED, OUTSTANDING = "not_due", "unapplied", "outstanding"
SALE = "sale"
_APART = re.compile(r"[,、，;；\s]+")

_Told = tuple[dt.date, str, str, Decimal, Decimal]


def summary_words(what: str) -> str:
    """A line of the summary as a person reads it."""
    known = {
        OPENING: _("opening balance"),
        DEBITS: _("charged"),
        INVOICED: _("sale documents invoiced"),
        CREDITS: _("paid or credited"),
        CLOSING: _("closing balance"),
    }
    return known[what]


def age_words(age: str) -> str:
    """A bucket of the ageing as a person reads it; its own word is "1-30", the last one's "90-"."""
    known = {NOT_DUE: _("not due"), UNAPPLIED: _("unapplied"), OUTSTANDING: _("outstanding")}
    if age in known:
        return known[age]
    first, _dash, last = age.partition("-")
    if not last:
        return _("over {days} days past due").format(days=first)
    return _("{first}–{last} days past due").format(first=first, last=last)


class SummaryRow(NamedTuple):
    """A line from the opening to the closing balance; those before it add up to the closing balance.

    `invoiced` is there where invoices took the place of sale documents from before the span, which they turn round.
    """

    what: Annotated[str, Col("项目", "Item", kind="code", words=summary_words)]
    amount: Annotated[Decimal, Col("金额", "Amount", kind="money")]


class StatementRow(NamedTuple):
    """What moved the balance on a day, and the balance after it."""

    date: Annotated[dt.date, Col("日期", "Date", kind="date")]
    what: Annotated[str, Col("摘要", "What", kind="code", words=type_text)]
    number: Annotated[str, Col("单号", "Number", kind="code")]
    debit: Annotated[Decimal, Col("借方", "Debit", kind="money")]
    credit: Annotated[Decimal, Col("贷方", "Credit", kind="money")]
    balance: Annotated[Decimal, Col("余额", "Balance", kind="money")]
    invoice: Annotated[str | None, Col("转入发票", "Invoiced as", kind="code")] = None


class OpenRow(NamedTuple):
    """A document that is not paid in full; one not due yet has no days."""

    number: Annotated[str, Col("单号", "Number", kind="code")]
    type_: Annotated[str, Col("类型", "Type", kind="code", words=type_text)]
    date: Annotated[dt.date, Col("日期", "Date", kind="date")]
    due_date: Annotated[dt.date, Col("到期日", "Due", kind="date")]
    amount: Annotated[Decimal, Col("金额", "Amount", kind="money")]
    open: Annotated[Decimal, Col("未付", "Open", kind="money")]
    days: Annotated[int | None, Col("逾期天数", "Days past due", kind="count")]


class AgeRow(NamedTuple):
    """What is open of one age; those before it add up to outstanding."""

    age: Annotated[str, Col("账龄", "Age", kind="code", words=age_words)]
    amount: Annotated[Decimal, Col("金额", "Amount", kind="money")]


class FileRow(NamedTuple):
    """A statement that was written to a file of its own."""

    customer_code: Annotated[str, Col("编码", "Code", kind="code")]
    customer: Annotated[str, Col("客户", "Customer")]
    balance: Annotated[Decimal, Col("期末余额", "Closing balance", kind="money")]
    file: Annotated[str, Col("文件", "File")]


class Moved(Protocol):
    """A movement as the ledger tells it."""

    @property
    def date(self) -> dt.date: ...
    @property
    def what(self) -> str: ...
    @property
    def number(self) -> str: ...
    @property
    def debit(self) -> Decimal: ...
    @property
    def credit(self) -> Decimal: ...


class Span(NamedTuple):
    """The days of a statement; `first` None: from the first movement on."""

    first: dt.date | None
    last: dt.date

    @property
    def words(self) -> str:
        """The span as a person reads it."""
        if self.first is None:
            return _("to {last}").format(last=self.last)
        return _("{first} to {last}").format(first=self.first, last=self.last)


class Balanced(NamedTuple):
    """The balance before a span and the movements in it, each with the balance after it."""

    opening: Decimal
    rows: list[StatementRow]

    @property
    def debits(self) -> Decimal:
        """All debits of the span."""
        return sum((row.debit for row in self.rows), NOTHING)

    @property
    def credits(self) -> Decimal:
        """All credits of the span."""
        return sum((row.credit for row in self.rows), NOTHING)

    @property
    def invoiced(self) -> list[StatementRow]:
        """The sale documents from before the span that an invoice took the place of."""
        return [row for row in self.rows if row.what == INVOICED]

    @property
    def closing(self) -> Decimal:
        """The balance after the span."""
        return self.opening + self.debits - self.credits


def span(first: str | None, last: str | None, as_of: dt.date) -> Span:
    """The days asked for, each a day or a month; none of them lies after `as_of`.

    Raises:
        UsageError: one is neither, or they end before they begin.
    """
    start = _days(first).start if first is not None else None
    end = min(_days(last).end, as_of) if last is not None else as_of
    if start is not None and end < start:
        raise UsageError(
            _("the days end ({last}) before they begin ({first})").format(first=start, last=end),
            _("Write it as --from 2024-01 --to 2024-05"),
        )
    return Span(start, end)


def _days(text: str) -> Period:
    """A month, or else a day."""
    try:
        return Period.month(text)
    except UsageError:
        pass
    try:
        found = day(text)
    except UsageError:
        raise UsageError(
            _("“{value}” is neither a month nor a day").format(value=text), _("Write it as 2024-05 or 2024-05-31.")
        ) from None
    return Period.between(found, found)


def balanced(
    before: Sequence[Moved], movements: Sequence[Moved], days: Span, invoices: Mapping[str, str] | None = None
) -> Balanced:
    """The movements in a span, from the balance before it, as it was known then (`before`).

    `invoices` are the numbers of sale documents, each with that of the invoice that names it.
    What was put otherwise since, such as a sale document that an invoice of the span took the place of, is turned round
    on the first day: so every statement begins with the balance that the one before it ended with.
    """
    opening = sum((one.debit - one.credit for one in before), NOTHING)
    rows: list[StatementRow] = []
    balance = opening
    for date, what, number, debit, credit in _in_span(before, movements, days, invoices or {}):
        balance += debit - credit
        invoice = (invoices or {}).get(number) if what == INVOICED else None
        rows.append(StatementRow(date, what, number, debit, credit, balance, invoice))
    return Balanced(opening, rows)


def _in_span(
    before: Sequence[Moved], movements: Sequence[Moved], days: Span, invoices: Mapping[str, str]
) -> Iterator[_Told]:
    told = [_told(one) for one in movements]
    if days.first is not None:
        then = Counter(_told(one) for one in before)
        now = Counter(one for one in told if one[0] < days.first)
        for one in sorted((now - then).elements()):
            yield (days.first, *one[1:])
        for _date, what, number, debit, credit in sorted((then - now).elements()):
            turned = INVOICED if what == SALE and number in invoices else what
            yield days.first, turned, number, credit, debit
    yield from (one for one in told if days.first is None or one[0] >= days.first)


def parts(document: str) -> list[str]:
    """The documents that a cell names, side by side."""
    return [word for word in _APART.split(document) if word]


def naming(invoices: Iterable[tuple[str, str | None]]) -> dict[str, str]:
    """The sale documents that invoices (number, documents) stand for, each with the invoice's number."""
    found: dict[str, str] = {}
    for number, documents in invoices:
        for name in (number, documents or "", *_APART.split(documents or "")):
            if name:
                found.setdefault(name, number)
    return found


def _told(one: Moved) -> _Told:
    return one.date, one.what, one.number, one.debit, one.credit


def summary(found: Balanced) -> list[SummaryRow]:
    """From the opening to the closing balance."""
    turned = sum((row.debit for row in found.invoiced), NOTHING), sum((row.credit for row in found.invoiced), NOTHING)
    figures = {OPENING: found.opening, DEBITS: found.debits - turned[0]}
    if found.invoiced:
        figures[INVOICED] = turned[0] - turned[1]
    figures |= {CREDITS: turned[1] - found.credits, CLOSING: found.closing}
    return [SummaryRow(what, amount) for what, amount in figures.items()]


def ages(rows: Sequence[OpenRow], outstanding: Decimal, buckets: Sequence[int]) -> list[AgeRow]:
    """What is open by its age: not due, each bucket, beyond the last, and what is on account."""
    parts = {NOT_DUE: NOTHING} | {f"{low + 1}-{high}": NOTHING for low, high in pairwise((0, *buckets)) if high > low}
    parts[f"{buckets[-1]}-"] = NOTHING
    names, ends = [*parts], [0, *(high for high in buckets if high > 0)]
    for row in rows:
        place = sum(1 for end in ends if (row.days or 0) > end)
        parts[names[place]] += row.open
    parts[UNAPPLIED] = outstanding - sum(parts.values(), NOTHING)
    parts[OUTSTANDING] = outstanding
    return [AgeRow(age, amount) for age, amount in parts.items()]


def overdue_line(rows: Sequence[OpenRow]) -> str | None:
    """How much is past due and for how long; None where nothing is."""
    late = [row for row in rows if row.days]
    days = max((row.days for row in late if row.days), default=0)
    if not days:
        return None
    text = ngettext(
        "{amount} is past due, the oldest by {count} day", "{amount} is past due, the oldest by {count} days", days
    )
    return text.format(amount=show(sum((row.open for row in late), NOTHING)), count=f"{days:,}")
