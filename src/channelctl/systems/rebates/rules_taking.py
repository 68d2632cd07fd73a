"""For which rules a customer's sales count, and which of several policies pays where only the best one does."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import combinations
from typing import NamedTuple

from channelctl.period import Period
from channelctl.systems.rebates.rules import BEST, PRIORITY, ZERO, Earned, Rule

# A policy and the first and last day of a window of it.
Node = tuple[str, str, str]


class Place(NamedTuple):
    """A rule and a window of it, by their numbers."""

    rule: int
    window: int


class Takers(NamedTuple):
    """What sales count for: windows of rules, contract rules (in all windows), and policies of which the best pays."""

    places: tuple[Place, ...]
    contracts: tuple[int, ...]
    rivals: tuple[tuple[Node, Node], ...]


def takers(
    rules: Sequence[Rule],
    in_scope: Iterable[int],
    windows: Mapping[int, int],
    contracts: Iterable[int],
    nodes: Mapping[Place, Node],
) -> Takers:
    """Of the rules whose scope sales are in: those that count them.

    `windows` are the windows of the rules that hold on the day, by rule. By priority only the policy that comes first
    counts them; a contract rule counts registrations, and neither gives way nor takes away.
    """
    scope = list(in_scope)
    kept = [one for one in scope if not rules[one].contract]
    by_priority = [one for one in kept if rules[one].meeting == PRIORITY and one in windows]
    if by_priority:
        first = min((rules[one].priority, rules[one].policy) for one in by_priority)[1]
        kept = [one for one in kept if rules[one].meeting != PRIORITY or rules[one].policy == first]
    places = tuple(Place(one, windows[one]) for one in kept if windows.get(one, -1) >= 0)
    paying = [Place(one, windows[one]) for one in [*kept, *contracts] if windows.get(one, -1) >= 0]
    best = sorted({nodes[place] for place in paying if rules[place.rule].meeting == BEST})
    return Takers(places, tuple(contracts), tuple(pair for pair in combinations(best, 2) if pair[0][0] != pair[1][0]))


def first_by_priority(rules: Iterable[Rule], day: dt.date, is_paid: bool) -> str:
    """Of rules whose scope a line is in: the policy that comes first by priority on its day; empty where none does."""
    meeting = [
        (rule.priority, rule.policy)
        for rule in rules
        if rule.meeting == PRIORITY
        and not rule.contract
        and (is_paid or not rule.paid_only)
        and any(first <= day <= last for first, last in rule.spans)
    ]
    return min(meeting, default=(0, ""))[1]


def apart(one: Rule, other: Rule) -> bool:
    """Whether no sale can count for both rules, by the words of their scopes."""
    own, theirs = (
        (each.channels, each.classes, each.customers, each.products, each.categories) for each in (one, other)
    )
    return any(words and more and not {*words} & {*more} for words, more in zip(own, theirs, strict=True))


def node(policy: str, window: Period) -> Node:
    """A policy in a window."""
    return policy, window.start.isoformat(), window.end.isoformat()


def best_only(rows: Sequence[Earned], rivals: Mapping[int, set[tuple[Node, Node]]]) -> list[Earned]:
    """The rows, those of a policy that gives way to a better one with that one's name.

    `rivals` are, by customer, the policies in windows of which only the best pays: the largest first, equal ones by
    code. Where their windows are of unequal length, all that meet in the longest of them are taken together.
    """
    sums: dict[int, dict[Node, Decimal]] = {}
    for row in rows:
        if row.rule.meeting == BEST and row.customer_id in rivals:
            own = sums.setdefault(row.customer_id, {})
            one = node(row.rule.policy, row.window)
            own[one] = own.get(one, ZERO) + row.entitlement
    losers = {customer: _losers(own, rivals[customer]) for customer, own in sums.items()}
    return [_told(row, losers.get(row.customer_id, {})) if row.rule.meeting == BEST else row for row in rows]


def _told(row: Earned, losers: Mapping[Node, "_Lost"]) -> Earned:
    lost = losers.get(node(row.rule.policy, row.window))
    if lost is None:
        return row
    return row._replace(instead=lost.policy, rival=max(ZERO, lost.ahead + row.entitlement))


class _Lost(NamedTuple):
    """The policy that pays in the place of one that gives way, and by how much it is ahead of it."""

    policy: str
    ahead: Decimal


def _losers(sums: Mapping[Node, Decimal], pairs: Iterable[tuple[Node, Node]]) -> dict[Node, _Lost]:
    """The policies that give way, each with the one that pays instead."""
    against: dict[Node, set[Node]] = {}
    for one, other in pairs:
        if one in sums and other in sums:
            against.setdefault(one, set()).add(other)
            against.setdefault(other, set()).add(one)
    groups: dict[Node, list[Node]] = {}
    for one, (first, last) in _frames(against).items():
        groups.setdefault((one[0], first, last), []).append(one)
    worth = {group: sum((sums[one] for one in own), ZERO) for group, own in groups.items()}
    order = sorted(groups, key=lambda one: (-worth[one], one))
    paying: dict[Node, Node] = {}
    for group in order:
        if not any(other in paying for one in groups[group] for other in against[one]):
            paying |= dict.fromkeys(groups[group], group)
    lost: dict[Node, _Lost] = {}
    for group in order:
        for one in groups[group]:
            better = min((paying[other] for other in against[one] if other in paying), key=order.index, default=None)
            if better is None:
                paying[one] = group
            elif worth[better] > 0:
                lost[one] = _Lost(better[0], worth[better] - worth[group])
    return lost


def _frames(against: Mapping[Node, set[Node]]) -> dict[Node, tuple[str, str]]:
    """The longest window that each meets in: its own, or one of another policy that meets it there."""
    found: dict[Node, tuple[str, str]] = {}
    for one in sorted(against, key=lambda one: (-_length(one), one)):
        if one in found:
            continue
        frame = found[one] = one[1:]
        reach = [one]
        while reach:
            for other in against[reach.pop()]:
                if other not in found and other[1] <= frame[1] and frame[0] <= other[2]:
                    found[other] = frame
                    reach.append(other)
    return found


def _length(one: Node) -> int:
    """The days of a policy's window."""
    return (dt.date.fromisoformat(one[2]) - dt.date.fromisoformat(one[1])).days
