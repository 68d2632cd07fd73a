"""For which rules a customer's sales count, and which of several policies pays where only the best one does."""

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


def node(policy: str, window: Period) -> Node:
    """A policy in a window."""
    return policy, window.start.isoformat(), window.end.isoformat()


def best_only(rows: Sequence[Earned], rivals: Mapping[int, set[tuple[Node, Node]]]) -> list[Earned]:
    """The rows, those of a policy that gives way to a better one with that one's name.

    `rivals` are, by customer, the policies in windows of which only the best pays: the largest first, equal ones by
    code.
    """
    sums: dict[int, dict[Node, Decimal]] = {}
    for row in rows:
        if row.rule.meeting == BEST and row.customer_id in rivals:
            own = sums.setdefault(row.customer_id, {})
            one = node(row.rule.policy, row.window)
            own[one] = own.get(one, ZERO) + row.entitlement
    losers = {customer: _losers(own, rivals[customer]) for customer, own in sums.items()}
    return [
        row._replace(instead=losers.get(row.customer_id, {}).get(node(row.rule.policy, row.window), ""))
        if row.rule.meeting == BEST
        else row
        for row in rows
    ]


def _losers(sums: Mapping[Node, Decimal], pairs: Iterable[tuple[Node, Node]]) -> dict[Node, str]:
    """The policies that give way, each with the one that pays instead."""
    against: dict[Node, set[Node]] = {}
    for one, other in pairs:
        against.setdefault(one, set()).add(other)
        against.setdefault(other, set()).add(one)
    paying: list[Node] = []
    lost: dict[Node, str] = {}
    for one in sorted(sums, key=lambda one: (-sums[one], one)):
        better = next((other for other in paying if other in against.get(one, ())), None)
        if better is None:
            paying.append(one)
        elif sums[better] > 0:
            lost[one] = better[0]
    return lost
