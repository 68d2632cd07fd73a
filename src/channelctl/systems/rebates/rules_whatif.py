"""What rebate rules cost in a period, by customer and policy, also those whose own days lie elsewhere."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Annotated, NamedTuple

from channelctl.columns import Col
from channelctl.period import Period
from channelctl.systems.rebates.rules import ZERO, Earned, Rule
from channelctl.systems.rebates.rules_days import in_order


class CostRow(NamedTuple):
    """What a customer earns by all rules in a period."""

    customer_code: Annotated[str, Col("编码", "Code", kind="code")]
    customer: Annotated[str, Col("客户", "Customer")]
    rebate: Annotated[Decimal, Col("返利", "Rebate", kind="money")]


class PolicyCost(NamedTuple):
    """What a policy pays in a period, and to how many."""

    policy: Annotated[str, Col("政策", "Policy", kind="code")]
    name: Annotated[str, Col("政策名称", "Name")]
    customers: Annotated[int, Col("客户数", "Customers", kind="count")]
    rebate: Annotated[Decimal, Col("返利", "Rebate", kind="money")]


def months(first: str, last: str) -> Period:
    """From the first day of one month to the last of another.

    Raises:
        UsageError: one of them is no month, or they stand the wrong way round.
    """
    start, end = Period.month(first), Period.month(last)
    return start if start == end else Period.between(start.start, end.end)


def costs(found: Iterable[Earned]) -> list[CostRow]:
    """What each customer with a base earns, those first that earn most."""
    sums: dict[tuple[str, str], Decimal] = defaultdict(lambda: ZERO)
    for row in found:
        sums[row.customer_code, row.customer] += row.due
    rows = [CostRow(*customer, rebate) for customer, rebate in sums.items()]
    return sorted(rows, key=lambda row: (-row.rebate, row.customer_code))


def by_policy(found: Iterable[Earned]) -> list[PolicyCost]:
    """What each policy pays, by its code."""
    sums: dict[str, Decimal] = defaultdict(lambda: ZERO)
    names: dict[str, str] = {}
    paid: dict[str, set[str]] = defaultdict(set)
    for row in found:
        policy = row.rule.policy
        names[policy] = names.get(policy) or row.rule.name
        sums[policy] += row.due
        if row.due:
            paid[policy].add(row.customer_code)
    return [PolicyCost(policy, names[policy], len(paid[policy]), sums[policy]) for policy in sorted(sums)]


def as_if_in(rules: Sequence[Rule], period: Period) -> tuple[list[Rule], list[str]]:
    """The rules with those of policies that hold on no day of a period as if their last version held in all of it.

    Returns them, and the codes of these policies.
    """
    holding = {rule.policy for rule in rules if _touches(rule, period)}
    moved = sorted({rule.policy for rule in rules} - holding)
    last = {rule.policy: rule.version for rule in in_order(rules)}
    kept = [
        rule if rule.policy in holding else replace(rule, valid_from=period.start, last_day=period.end, days=None)
        for rule in rules
        if rule.policy in holding or rule.version == last[rule.policy]
    ]
    return kept, moved


def _touches(rule: Rule, period: Period) -> bool:
    return any(first <= period.end and end >= period.start for first, end in rule.spans)
