"""Where the curve of cumulative sales itself says that A and B end: the computed ABC analysis of Ultsch and Lötsch.

Ultsch A., Lötsch J.: Computed ABC Analysis for Rational Selection of Most Informative Variables in Multivariate Data,
PLoS ONE 10(6), 2015. There the curve is a spline through the data, here it is the data: a point behind each customer.
"""

from collections.abc import Sequence
from decimal import Decimal
from itertools import accumulate
from typing import Annotated, NamedTuple

from channelctl.columns import Col
from channelctl.i18n import _
from channelctl.systems.tiers.rules_basis import Tier, ratio

PARETO, BREAK_EVEN, SUBMARGINAL = "pareto", "break_even", "submarginal"


class Curve(NamedTuple):
    """How many customers, the largest first, lie up to each point.

    `pareto` is the point nearest to (0, 1), all sales from nobody; `break_even` the last whose own sales are not below
    the mean, where the slope falls below 1; `submarginal` the point nearest to (x, 1) above the later of the two.
    """

    pareto: int
    break_even: int
    submarginal: int

    @property
    def a_ends(self) -> int:
        """A ends at the earlier of Pareto and break-even point."""
        return min(self.pareto, self.break_even)


def point_text(point: str) -> str:
    """A point of the curve as a person reads it."""
    words = {PARETO: _("Pareto point"), BREAK_EVEN: _("break-even point"), SUBMARGINAL: _("submarginal point")}
    return words[point]


class CurvePoint(NamedTuple):
    """A point of the curve; `ends` is the tier that ends there, both A and B may end at one."""

    point: Annotated[str, Col("点", "Point", words=point_text)]
    entries: Annotated[int, Col("个数", "Count", kind="count")]
    entries_share: Annotated[Decimal | None, Col("个数占比", "Share of the count", kind="share")]
    sales_share: Annotated[Decimal | None, Col("累计占比", "Cumulative share", kind="share")]
    ends: Annotated[Tier | None, Col("止于此的级", "Tier that ends", kind="tier")]


def curve_of(units: Sequence[int]) -> Curve | None:
    """The points of positive sales in whole numbers, the largest first; of several nearest points it is the first."""
    if not units:
        return None
    count, base = len(units), sum(units)
    reached = list(accumulate(units))
    pareto = _nearest(0, reached, base)
    break_even = sum(1 for sold in units if sold * count >= base)
    return Curve(pareto, break_even, _nearest(max(pareto, break_even), reached, base))


def curve_points(units: Sequence[int]) -> list[CurvePoint]:
    """The points as rows, in the order in which customers come to them."""
    curve = curve_of(units)
    if curve is None:
        return []
    reached, base = list(accumulate(units)), sum(units)
    ends: dict[str, Tier] = {SUBMARGINAL: "B", PARETO if curve.pareto == curve.a_ends else BREAK_EVEN: "A"}
    named = [(PARETO, curve.pareto), (BREAK_EVEN, curve.break_even), (SUBMARGINAL, curve.submarginal)]
    return [
        CurvePoint(point, place, ratio(place, len(units)), ratio(reached[place - 1], base), ends.get(point))
        for point, place in sorted(named, key=lambda one: one[1])
    ]


def _nearest(at: int, reached: Sequence[int], base: int) -> int:
    """How many customers lie up to the point nearest to (at / n, 1); both distances in n-ths of the base."""
    count = len(reached)
    across, short = (range(1, count + 1), [base - sold for sold in reached])
    far = [((place - at) * base) ** 2 + (count * left) ** 2 for place, left in zip(across, short, strict=True)]
    return far.index(min(far)) + 1
