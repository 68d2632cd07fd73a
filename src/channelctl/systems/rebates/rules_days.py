"""On which days each version of a policy counts, and into which parts all the rules' days fall."""

import datetime as dt
import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace

from channelctl.period import Period
from channelctl.systems.rebates.rules import Rule

Span = tuple[dt.date, dt.date]
_DAY = dt.timedelta(days=1)
_PARTS = re.compile(r"\d+|\D+")


def order(word: str) -> tuple[tuple[int, int, str], ...]:
    """How versions and rules stand in order: 2 before 10, A2 before A10."""
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in _PARTS.findall(word))


def in_order(rules: Iterable[Rule]) -> list[Rule]:
    """By policy, version and rule."""
    return sorted(rules, key=lambda one: (one.policy, order(one.version), order(one.rule)))


def standing(rules: Iterable[Rule]) -> list[Rule]:
    """The rules with the days on which they count: those that no higher version of their policy holds."""
    found: list[Rule] = []
    taken: dict[str, list[Span]] = {}
    versions: dict[tuple[str, str], list[Rule]] = {}
    for rule in in_order(rules):
        versions.setdefault((rule.policy, rule.version), []).append(rule)
    for (policy, _version), own in reversed(versions.items()):
        higher = taken.setdefault(policy, [])
        whole = [(one.valid_from, one.last_day or dt.date.max) for one in own]
        found += [replace(one, days=_without(span, higher)) for one, span in zip(own, whole, strict=True)]
        higher += whole
    return in_order(found)


def _without(span: Span, others: Iterable[Span]) -> tuple[Span, ...]:
    """What is left of a span without others."""
    left = [span]
    for first, last in others:
        parts: list[Span] = []
        for start, end in left:
            if last < start or first > end:
                parts.append((start, end))
                continue
            if start < first:
                parts.append((start, first - _DAY))
            if last < end:
                parts.append((last + _DAY, end))
        left = parts
    return tuple(left)


def edges(windows: Iterable[Period], rules: Iterable[Rule], last: dt.date) -> list[dt.date]:
    """The days on which a window or a rule begins, or is over: between two of them nothing changes.

    From the first day of the first window through `last`.
    """
    known = list(windows)
    first = min(one.start for one in known)
    spans = [(one.start, one.end) for one in known] + [span for rule in rules for span in rule.spans]
    days = {day for start, end in spans for day in (start, _after(end)) if first <= day <= last}
    return sorted(days | {first})


def _after(day: dt.date) -> dt.date:
    return day if day == dt.date.max else day + _DAY


def parts_of(span: Span, marks: Sequence[dt.date], last: dt.date) -> range:
    """The numbers of the parts through a day that a span is made of; part 0 lies before the first mark."""
    if span[0] > last:
        return range(0)
    return range(bisect_right(marks, span[0]), bisect_right(marks, min(span[1], last)) + 1)
