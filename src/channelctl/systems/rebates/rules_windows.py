"""The windows over which rules count, cut to the days of their versions, and how they are called."""

import calendar
import datetime as dt
from collections.abc import Iterator

from channelctl.i18n import _, either
from channelctl.period import Period, month_label
from channelctl.systems.rebates.rules import HALF, MONTH, QUARTER, WHOLE, YEAR, Rule

_DAY = dt.timedelta(days=1)
_MONTHS = {MONTH: 1, QUARTER: 3, HALF: 6, YEAR: 12}


def windows(rule: Rule, first: dt.date, last: dt.date) -> list[Period]:
    """The rule's windows that touch a period, whole as far as the rule's days reach."""
    return [window for span in rule.spans for window in _windows(rule.window, span, first, last)]


def _windows(kind: str, span: tuple[dt.date, dt.date], first: dt.date, last: dt.date) -> Iterator[Period]:
    day, end = max(first, span[0]), min(last, span[1])
    while day <= end:
        start, until = _calendar(kind, day, span)
        start, until = max(start, span[0]), min(until, span[1])
        yield Period(start, until, _label(start, until))
        if until == dt.date.max:
            return
        day = until + _DAY


def _calendar(kind: str, day: dt.date, span: tuple[dt.date, dt.date]) -> tuple[dt.date, dt.date]:
    """The window of a kind that a day is in, before it is cut to the rule's days."""
    if kind == WHOLE:
        return span
    length = _MONTHS[kind]
    first = (day.month - 1) // length * length + 1
    last = first + length - 1
    return dt.date(day.year, first, 1), dt.date(day.year, last, calendar.monthrange(day.year, last)[1])


def calendar_part(start: dt.date, end: dt.date) -> tuple[str, int] | None:
    """Which month, quarter, half or whole of its year the days are, from 1 on; None where they are none."""
    if start.day != 1 or start.year != end.year or end.day != calendar.monthrange(end.year, end.month)[1]:
        return None
    months = end.month - start.month + 1
    kind = next((kind for kind, length in _MONTHS.items() if length == months), None)
    return None if kind is None or end.month % months else (kind, end.month // months)


def _label(start: dt.date, end: dt.date) -> str:
    """May 2024, Q2 2024, H1 2024, 2024, or from day to day."""
    match calendar_part(start, end):
        case (kind, number) if kind == MONTH:
            return month_label(start.year, number)
        case (kind, number) if kind == QUARTER:
            return Period.quarter(f"{start.year}-Q{number}").label
        case (kind, number) if kind == HALF:
            return either(f"{start.year}年{'上下'[number - 1]}半年", f"H{number} {start.year}")
        case (kind, _number) if kind == YEAR:
            return Period.year(f"{start.year}").label
        case _:
            return Period.between(start, end).label


def before(rule: Rule, window: Period) -> Period | None:
    """The days before a window that are as long as it, or the calendar's window that they end; None: there are none."""
    if window.first is None or (rule.window == WHOLE and window.last is None):
        return None
    eve = window.start - _DAY
    if rule.window != WHOLE:
        start, _end = _calendar(rule.window, eve, (eve, eve))
    else:
        start = eve - min(window.end - window.start, eve - dt.date.min)
    return Period(start, eve, "")


def window_key(window: Period) -> str:
    """How a window is kept with what was settled in it: 2024-05-01/2024-05-31."""
    return f"{window.start}/{window.end}"


def days_of(window: str) -> tuple[dt.date, dt.date]:
    """The first and last day of a window as settlements keep it."""
    first, _slash, last = window.partition("/")
    return dt.date.fromisoformat(first), dt.date.fromisoformat(last)


def window_words(window: str) -> str:
    """A window as a person reads it beside months: 2024-05, 2024-Q2, 2024-H1, 2024, else from day to day."""
    first, last = days_of(window)
    if last == dt.date.max:
        return _("from {first}").format(first=first)
    match calendar_part(first, last):
        case (kind, _number) if kind == MONTH:
            return f"{first:%Y-%m}"
        case (kind, number) if kind == QUARTER:
            return f"{first.year:04d}-Q{number}"
        case (kind, number) if kind == HALF:
            return f"{first.year:04d}-H{number}"
        case (kind, _number) if kind == YEAR:
            return f"{first.year:04d}"
        case _:
            return _("{first} to {last}").format(first=first, last=last)
