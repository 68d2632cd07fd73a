"""What is odd about rebate policies, before somebody is paid by them."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import combinations, pairwise
from typing import Annotated, Literal, NamedTuple

from channelctl.columns import Col
from channelctl.i18n import _, listed
from channelctl.money import show, show_quantity
from channelctl.systems.rebates.rules import (
    ALL_UNITS,
    BEST,
    CONTRACT,
    FIXED,
    PERCENT,
    PRIORITY,
    STEPPED,
    WHOLE,
    Rule,
)
from channelctl.systems.rebates.rules_days import Span, in_order
from channelctl.systems.rebates.rules_policy import by_version, days_text
from channelctl.systems.rebates.rules_taking import apart
from channelctl.systems.rebates.rules_windows import windows
from channelctl.systems.rebates.rules_words import window_text

Check = Literal["brackets", "percent", "versions", "scope", "window", "meeting", "terms", "idle"]
# A rate below this share of net sales is more likely a fraction that was read as percent: 0.02 as 0.02 %.
_SMALL, _ALL = Decimal("0.001"), Decimal(1)


def check_text(check: str) -> str:
    """What is odd, as a person reads it."""
    return {
        "brackets": _("brackets"),
        "percent": _("percentages"),
        "versions": _("versions"),
        "scope": _("scope"),
        "window": _("window"),
        "meeting": _("meeting"),
        "terms": _("terms"),
        "idle": _("nothing counts"),
    }[check]


class LintRow(NamedTuple):
    """Something odd about a rule, or about a version of a policy as a whole."""

    check: Annotated[Check, Col("检查", "Finding", words=check_text)]
    policy: Annotated[str, Col("政策", "Policy", kind="code")]
    version: Annotated[str, Col("版本", "Version", kind="code")]
    rule: Annotated[str | None, Col("规则", "Rule", kind="code")]
    said: Annotated[str, Col("说明", "What")]


class Seen(NamedTuple):
    """What the data say of a rule: words of its scope that mean nothing, by field; whether anything counts for it."""

    unknown: Mapping[str, Sequence[str]]
    counts: bool


def lint(rules: Sequence[Rule], seen: Mapping[Rule, Seen]) -> list[LintRow]:
    """All that is odd, by policy, version and rule."""
    found = [
        LintRow(check, one.policy, one.version, one.rule, said)
        for one in in_order(rules)
        for check, said in _rule(one, seen.get(one))
    ]
    found += [*_versions(rules), *_priorities(rules), *_unequal(rules)]
    places = {(one.policy, one.version, one.rule): place for place, one in enumerate(in_order(rules))}
    first = {(policy, version): place for (policy, version, _number), place in reversed(places.items())}

    def place(row: LintRow) -> tuple[int, int]:
        return first[row.policy, row.version], places.get((row.policy, row.version, row.rule or ""), -1)

    return sorted(found, key=place)


def unknown(found: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    """What is to be said of words of a scope that mean nothing, by field."""
    fields = {
        "channel": _("no customer is of channel {words}"),
        "class": _("no customer is of class {words}"),
        "customers": _("no customer, or more than one, is called {words}"),
        "products": _("no product, or more than one, is called {words}"),
        "category": _("no product is of category {words}"),
    }
    for field, text in fields.items():
        if words := found.get(field):
            yield field, text.format(words=listed(words))


def _rule(rule: Rule, seen: Seen | None) -> Iterator[tuple[Check, str]]:
    yield from _brackets(rule)
    yield from _window(rule)
    yield from _terms(rule)
    if seen is None:
        return
    for _field, said in unknown(seen.unknown):
        yield "scope", said
    if not seen.counts and rule.spans:
        said = _("no registration counts for it") if rule.contract else _("no sale counts for it")
        yield "idle", said


def _brackets(rule: Rule) -> Iterator[tuple[Check, str]]:
    """Rates that fall, so that more units earn less; percentages that are none."""
    if rule.method == ALL_UNITS or rule.unit == FIXED:
        for lower, upper in pairwise(rule.breakpoints):
            if upper.rate < lower.rate:
                said = _("from {at} on the rate falls: there more earns less than just below")
                yield "brackets", said.format(at=show_quantity(upper.at))
    if rule.unit == FIXED and rule.method == STEPPED:
        yield "brackets", _("a fixed sum cannot be stepped: the sum of the bracket reached is paid")
    if any(not one.rate for one in rule.breakpoints):
        yield "brackets", _("a rate is 0")
    if rule.unit != PERCENT:
        return
    for one in rule.breakpoints:
        percent = show_quantity(one.rate * 100)
        if 0 < one.rate < _SMALL:
            said = _("the rate is {percent} %: if {hundredfold} % is meant, write {hundredfold}%")
            yield "percent", said.format(percent=percent, hundredfold=show_quantity(one.rate * 10_000))
        elif one.rate >= _ALL:
            yield "percent", _("the rate is {percent} % of net sales").format(percent=percent)


def _window(rule: Rule) -> Iterator[tuple[Check, str]]:
    """A policy over before one of its windows is."""
    if rule.last_day is None or not rule.spans:
        return
    whole = windows(_as_written(rule), rule.valid_from, rule.last_day)
    calendar = windows(_as_written(rule, endless=True), rule.valid_from, rule.last_day)
    if len(whole) == 1 and whole[0].end < calendar[-1].end:
        said = _("its days, {days}, are shorter than its window ({window})")
        yield "window", said.format(days=days_text([(rule.valid_from, rule.last_day)]), window=window_text(rule.window))


def _as_written(rule: Rule, endless: bool = False) -> Rule:
    last = dt.date.max if endless or rule.last_day is None else rule.last_day
    if rule.window == WHOLE:
        last = rule.last_day or last
    return replace(rule, days=((rule.valid_from, last),))


def _terms(rule: Rule) -> Iterator[tuple[Check, str]]:
    if rule.type_ == CONTRACT and not rule.contract:
        yield "terms", _("a contract rebate that does not count registrations")
    if rule.contract and not rule.plan:
        yield "terms", _("it names no operator plan: registrations under any plan count")
    if rule.cap is not None and rule.minimum is not None and rule.cap < rule.minimum:
        said = _("the cap, {cap}, is below the least that is paid, {minimum}: it never pays")
        yield "terms", said.format(cap=show(rule.cap), minimum=show(rule.minimum))


def _versions(rules: Sequence[Rule]) -> Iterator[LintRow]:
    """Versions whose days another holds too."""
    known = by_version(rules)
    for (policy, version), own in known.items():
        if not any(one.spans for one in own):
            yield LintRow("versions", policy, version, None, _("it never counts: higher versions hold all its days"))
            continue
        written = [(one.valid_from, one.last_day or dt.date.max) for one in own]
        lost = [span for span in written if not any(span in one.spans for one in own)]
        if lost:
            counts = days_text(span for one in own for span in one.spans)
            said = _("a higher version holds some of its days: it counts {days}")
            yield LintRow("versions", policy, version, None, said.format(days=counts))


def _priorities(rules: Sequence[Rule]) -> Iterator[LintRow]:
    """Policies of one priority on the same days."""
    ranked = [one for one in in_order(rules) if one.meeting == PRIORITY and not one.contract]
    for one, other in combinations(ranked, 2):
        if one.policy != other.policy and one.priority == other.priority and _meet(one.spans, other.spans):
            said = _("policy {other} has the same priority, {priority}: {policy} comes first by its code")
            yield LintRow(
                "meeting",
                one.policy,
                one.version,
                one.rule,
                said.format(other=other.policy, priority=one.priority, policy=min(one.policy, other.policy)),
            )


def _unequal(rules: Sequence[Rule]) -> Iterator[LintRow]:
    """Policies of which only the best pays, over windows of unequal length."""
    best = [one for one in in_order(rules) if one.meeting == BEST]
    for one, other in combinations(best, 2):
        if one.policy == other.policy or one.window == other.window or apart(one, other):
            continue
        if _meet(one.spans, other.spans):
            said = _(
                "policy {other} is counted by another window ({theirs}, here {own}): of the two that one pays which has"
                " earned more in the longer window as a whole"
            )
            said = said.format(other=other.policy, theirs=window_text(other.window), own=window_text(one.window))
            yield LintRow("meeting", one.policy, one.version, one.rule, said)


def _meet(spans: Iterable[Span], others: Sequence[Span]) -> bool:
    return any(first <= last_ and first_ <= last for first, last in spans for first_, last_ in others)
