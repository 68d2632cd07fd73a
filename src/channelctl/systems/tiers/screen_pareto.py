"""The Pareto curve of graded customers, products, reps, offices or regions."""

from collections.abc import Sequence
from decimal import Decimal

from channelctl.columns import Col
from channelctl.i18n import _, either
from channelctl.report.cells import percent
from channelctl.report.charts import Chart, Lines, Mark, Point, Series, thinned
from channelctl.systems.tiers.rules import Facts, TierRow
from channelctl.systems.tiers.rules_basis import TIERS, Tier, ratio
from channelctl.systems.tiers.rules_measures import AMOUNT, CUSTOMER, PROFIT, QUANTITY

_METHODS = ("abc", "curve")
_LEAST = 3
_ENTRIES = {
    True: Col("客户累计占比", "Cumulative share of customers", kind="share", whole=True),
    False: Col("个数累计占比", "Cumulative share of the count", kind="share", whole=True),
}
_SUMS = {
    AMOUNT: Col("净销售额累计占比", "Cumulative share of net sales", kind="share", whole=True),
    QUANTITY: Col("数量累计占比", "Cumulative share of the quantity", kind="share", whole=True),
    PROFIT: Col("毛利累计占比", "Cumulative share of the profit", kind="share", whole=True),
}


def pareto(
    method: str, rows: Sequence[TierRow], told: Facts, measure: str = AMOUNT, by: str = CUSTOMER
) -> Sequence[Chart]:
    """The curve from the largest on, with the points where A and B end; by methods whose tiers follow it."""
    sold = [row.cumulative_share for row in rows if row.cumulative_share is not None]
    if method not in _METHODS or len(sold) < _LEAST:
        return ()
    ends = [(tier, place) for tier in TIERS[:2] if (place := _end(rows, tier, len(sold)))]
    curve = thinned(
        [Point(0, Decimal(0)), *map(Point, range(1, len(sold) + 1), sold)], [place for _tier, place in ends]
    )
    points = [Point(_share(int(point.x), told), point.y) for point in curve]
    if len(sold) < told.customers:
        points.append(Point(Decimal(1), Decimal(1)))
    marks = [
        Mark(tier, _share(place, told), sold[place - 1], _said(tier, place, sold[place - 1], told))
        for tier, place in ends
    ]
    text = either("。", ". ").join([_SUMS[measure].label, *(mark.text for mark in marks)])
    return (
        Lines(_("Pareto curve"), text, _ENTRIES[by == CUSTOMER], _SUMS[measure], [Series("", points)], marks=marks),
    )


def _end(rows: Sequence[TierRow], tier: Tier, count: int) -> int:
    """How many there are up to the last of a tier; 0 if it has none."""
    return max((place for place, row in enumerate(rows[:count], 1) if row.tier == tier), default=0)


def _share(place: int, told: Facts) -> Decimal:
    return ratio(place, told.customers) or Decimal(0)


def _said(tier: Tier, place: int, reached: Decimal, told: Facts) -> str:
    text = (
        _("A: {count} of {all} ({part}) make {share}")
        if tier == "A"
        else _("B: with A {count} of {all} ({part}) make {share}")
    )
    return text.format(
        count=f"{place:,}", all=f"{told.customers:,}", part=percent(_share(place, told)), share=percent(reached)
    )
