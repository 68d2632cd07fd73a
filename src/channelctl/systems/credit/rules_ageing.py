"""How old receivables are: by part of the ageing, and which of them a customer is to be reminded of."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import make_dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Any, NamedTuple

from channelctl.columns import Col
from channelctl.errors import UsageError
from channelctl.i18n import _
from channelctl.systems.credit.rules_documents import type_text

BY = ("customer", "office", "rep")
DATES = ("due", "document")
# The most columns that buckets make.
MOST = 8
_LONGEST = 36500


class OverdueRow(NamedTuple):
    """A document past due; `level` is how many reminders the policy's days call for, 0 none yet."""

    level: Annotated[int, Col("催收级别", "Level", kind="count")]
    customer_code: Annotated[str, Col("编码", "Code", kind="code")]
    customer: Annotated[str, Col("客户", "Customer")]
    office: Annotated[str | None, Col("办事处", "Office")]
    rep: Annotated[str | None, Col("客户经理", "Rep")]
    number: Annotated[str, Col("单据号", "Document", kind="code")]
    type_: Annotated[str, Col("类型", "Type", words=type_text, wide=True)]
    date: Annotated[dt.date, Col("单据日期", "Date", kind="date", wide=True)]
    due_date: Annotated[dt.date, Col("到期日", "Due", kind="date")]
    days_late: Annotated[int, Col("逾期天数", "Days late", kind="count")]
    amount: Annotated[Decimal, Col("单据金额", "Amount", kind="money", wide=True)]
    open: Annotated[Decimal, Col("未收金额", "Open", kind="money")]
    disputed: Annotated[bool, Col("有争议", "Disputed", kind="flag", wide=True)]


def labels(ends: Sequence[int]) -> list[str]:
    """What the parts are called: 1–30, 31–60, > 60."""
    found = [f"{low + 1}–{high}" for low, high in pairwise((0, *ends))]
    return [*found, f"> {ends[-1]}"]


def row_class(ends: Sequence[int], by_due: bool = True) -> type:
    """The columns of an ageing with these buckets: `age_1` is up to the first end, the last one what is older.

    What is before them is not due, or by the documents' own days of that very day.
    """
    first = ("未到期", "Not due") if by_due else ("当天", "That day")
    return _row_class([(f"{label} 天", _("{label} days").format(label=label)) for label in labels(ends)], first)


def _row_class(parts: Sequence[tuple[str, str]], first: tuple[str, str] = ("未到期", "Not due")) -> type:
    fields: list[tuple[str, Any]] = [
        ("code", Annotated[str, Col("编码", "Code", kind="code")]),
        ("name", Annotated[str, Col("名称", "Name")]),
        ("not_due", Annotated[Decimal, Col(*first, kind="money")]),
    ]
    for place, (zh, en) in enumerate(parts, 1):
        fields.append((f"age_{place}", Annotated[Decimal, Col(zh, en, kind="money")]))
    fields += [
        ("unapplied", Annotated[Decimal, Col("未核销", "Unapplied", kind="money")]),
        ("outstanding", Annotated[Decimal, Col("应收余额", "Outstanding", kind="money")]),
    ]
    return make_dataclass("AgeingRow", fields, frozen=True)


def _of(count: int) -> type:
    return _row_class([(f"第 {place} 段", f"Part {place}") for place in range(1, count + 1)])


# What a program may read, by how many parts there are.
Ageing2, Ageing3, Ageing4, Ageing5, Ageing6, Ageing7, Ageing8 = map(_of, range(2, MOST + 1))


def buckets(text: str | None, own: Sequence[int]) -> tuple[int, ...]:
    """The last days of the buckets that a person typed, 30,60,90; else the policy's.

    Raises:
        UsageError: no whole days, each after the one before, or too many.
    """
    words = [] if text is None else [word.strip() for word in text.replace("，", ",").split(",")]
    if not all(word.isdecimal() and word.isascii() and len(word) < len(str(_LONGEST)) + 1 for word in words):
        raise _no_buckets(text or "")
    found = tuple(map(int, words)) or tuple(own)
    if any(low >= high for low, high in pairwise((0, *found))) or found[-1] > _LONGEST or len(found) >= MOST:
        raise _no_buckets(text if text is not None else ",".join(map(str, own)))
    return found


def _no_buckets(text: str) -> UsageError:
    return UsageError(
        _("“{value}” makes no buckets").format(value=text),
        _("Write the last day of each, from the least on, at most {count} of them: --buckets 30,60,90").format(
            count=MOST - 1
        ),
    )


def earlier(day: dt.date, days: int) -> dt.date:
    """The day so many days before, the first there is where there is none."""
    return dt.date.fromordinal(max(day.toordinal() - days, 1))


def chosen(value: str, known: Sequence[str], option: str) -> str:
    """The word of an option that takes one of a few.

    Raises:
        UsageError: it is none of them.
    """
    if value not in known:
        raise UsageError(
            _("{option} takes no “{value}”").format(option=option, value=value),
            _("There are: {words}").format(words="|".join(known)),
        )
    return value


def level(days: int, dunning: Sequence[int]) -> int:
    """How many reminders so many days past due call for."""
    return sum(first <= days for first in dunning)


def in_order(rows: Sequence[OverdueRow]) -> list[OverdueRow]:
    """The highest level first, of one level what is longest past due."""
    return sorted(rows, key=lambda one: (-one.level, -one.days_late, one.customer_code, one.number))
