"""Two gradings of the same sales side by side: who differs, and how many stand where."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Annotated, NamedTuple

from channelctl.columns import Col
from channelctl.errors import UsageError
from channelctl.i18n import _, listed
from channelctl.systems.tiers.rules import METHODS, TierPolicy, TierRow, check_method
from channelctl.systems.tiers.rules_basis import TIERS, Tier
from channelctl.systems.tiers.rules_measures import Measured

_BOUNDARIES = ("reach", "within")
CHOICES = (*METHODS, *(f"abc:{boundary}" for boundary in _BOUNDARIES))


class Way(NamedTuple):
    """A method, and the boundary if one is named: abc:within."""

    method: str
    boundary: str | None

    @property
    def word(self) -> str:
        """As it is typed."""
        return self.method if self.boundary is None else f"{self.method}:{self.boundary}"

    def policy(self, limits: TierPolicy) -> TierPolicy:
        """The policy with its boundary."""
        return limits if self.boundary is None else limits.model_copy(update={"boundary": self.boundary})


class DifferingRow(NamedTuple):
    """A customer that two methods grade differently."""

    rank: Annotated[int, Col("#", "#", kind="count")]
    customer_code: Annotated[str, Col("编码", "Code", kind="code")]
    customer: Annotated[str, Col("客户", "Customer")]
    net_sales: Annotated[Decimal, Col("净销售额", "Net sales", kind="money")]
    share: Annotated[Decimal | None, Col("占比", "Share", kind="share")]
    cumulative_share: Annotated[Decimal | None, Col("累计", "Cumulative", kind="share")]
    first_tier: Annotated[Tier, Col("第一种", "First", kind="tier")]
    second_tier: Annotated[Tier, Col("第二种", "Second", kind="tier")]


class DifferingByRow(NamedTuple):
    """A customer, product, rep, office or region that two methods grade differently by a measure."""

    rank: Annotated[int, Col("#", "#", kind="count")]
    code: Annotated[str, Col("编码", "Code", kind="code")]
    name: Annotated[str, Col("名称", "Name")]
    net_sales: Annotated[Decimal, Col("净销售额", "Net sales", kind="money")]
    quantity: Annotated[Decimal | None, Col("数量", "Quantity", kind="quantity")]
    profit: Annotated[Decimal | None, Col("毛利", "Profit", kind="money")]
    share: Annotated[Decimal | None, Col("占比", "Share", kind="share")]
    cumulative_share: Annotated[Decimal | None, Col("累计", "Cumulative", kind="share")]
    first_tier: Annotated[Tier, Col("第一种", "First", kind="tier")]
    second_tier: Annotated[Tier, Col("第二种", "Second", kind="tier")]


class CountByRow(NamedTuple):
    """How many of those with a tier by the first method have which by the second."""

    first_tier: Annotated[Tier, Col("第一种", "First", kind="tier")]
    a: Annotated[int, Col("第二种 A", "Second A", kind="count")]
    b: Annotated[int, Col("第二种 B", "Second B", kind="count")]
    c: Annotated[int, Col("第二种 C", "Second C", kind="count")]
    entries: Annotated[int, Col("个数", "Count", kind="count")]


class CountRow(NamedTuple):
    """How many of those with a tier by the first method have which by the second."""

    first_tier: Annotated[Tier, Col("第一种", "First", kind="tier")]
    a: Annotated[int, Col("第二种 A", "Second A", kind="count")]
    b: Annotated[int, Col("第二种 B", "Second B", kind="count")]
    c: Annotated[int, Col("第二种 C", "Second C", kind="count")]
    customers: Annotated[int, Col("客户数", "Customers", kind="count")]
    net_sales: Annotated[Decimal, Col("净销售额", "Net sales", kind="money")]


def way(word: str) -> Way:
    """What a word means: a method, abc also with a boundary.

    Raises:
        UsageError: there is no such method or boundary.
    """
    method, colon, boundary = word.partition(":")
    if not colon:
        check_method(method)
        return Way(method, None)
    if method != "abc" or boundary not in _BOUNDARIES:
        raise UsageError(
            _("“{value}” is not a method").format(value=word),
            _("One of: {choices}.").format(choices=listed(CHOICES)),
        )
    return Way(method, boundary)


def differing(first: Sequence[TierRow], second: Sequence[TierRow]) -> list[DifferingRow]:
    """The customers with two tiers, in the order of the list."""
    other = _tiers(second)
    return [
        DifferingRow(*row[:6], row.tier, other[row.customer_code])
        for row in first
        if other[row.customer_code] != row.tier
    ]


def counts(first: Sequence[TierRow], second: Sequence[TierRow]) -> list[CountRow]:
    """A row for each tier of the first method; they add up to all customers."""
    other = _tiers(second)
    found = []
    for tier in TIERS:
        mine = [row for row in first if row.tier == tier]
        a, b, c = (sum(other[row.customer_code] == theirs for row in mine) for theirs in TIERS)
        found.append(CountRow(tier, a, b, c, len(mine), sum((row.net_sales for row in mine), Decimal("0.00"))))
    return found


def differing_by(rows: Sequence[DifferingRow], entries: Sequence[Measured]) -> list[DifferingByRow]:
    """Rows that differ with everything their lines come to."""
    by_code = {one.code: one for one in entries}
    found = []
    for row in rows:
        one = by_code[row.customer_code]
        figures = one.net_sales, one.quantity, one.profit
        found.append(DifferingByRow(*row[:3], *figures, *row[4:6], row.first_tier, row.second_tier))
    return found


def _tiers(rows: Sequence[TierRow]) -> Mapping[str, Tier]:
    return {row.customer_code: row.tier for row in rows}
