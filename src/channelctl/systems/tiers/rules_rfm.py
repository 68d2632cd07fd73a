"""Customers by when they last bought, how often and for how much: scores, and the segments that they mean."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Annotated, NamedTuple

from channelctl.columns import Col
from channelctl.systems.tiers.rules_basis import (
    NET_RETURNS,
    NO_SALES,
    CustomerSales,
    Purchases,
    Tier,
    in_order,
    in_units,
    ratio,
)
from channelctl.systems.tiers.rules_segments import SCORES, Place, RfmCuts, Segment, segment_of, segment_text

_NEVER = Purchases(dt.date.min, 0, 0, False)
_TOP = len(SCORES)


class RfmRow(NamedTuple):
    """A customer's scores, 5 the best, and segment; net returns and no sales have segments of their own, no scores.

    `frequency` is the number of documents with a purchase, returns not counted; `recency_days` from the last purchase
    to the period's end, or to the last day with sales where that is earlier.
    """

    rank: Annotated[int, Col("#", "#", kind="count")]
    customer_code: Annotated[str, Col("编码", "Code", kind="code")]
    customer: Annotated[str, Col("客户", "Customer")]
    last_purchase: Annotated[dt.date | None, Col("最近购买", "Last purchase", kind="date")]
    recency_days: Annotated[int | None, Col("距今天数", "Days since", kind="count")]
    frequency: Annotated[int | None, Col("购买次数", "Purchases", kind="count")]
    net_sales: Annotated[Decimal, Col("净销售额", "Net sales", kind="money")]
    first_time: Annotated[bool | None, Col("首次购买", "First-time", kind="flag")]
    r: Annotated[int | None, Col("R 分", "R", kind="count")]
    f: Annotated[int | None, Col("F 分", "F", kind="count")]
    m: Annotated[int | None, Col("M 分", "M", kind="count")]
    segment: Annotated[str, Col("客户群", "Segment", words=segment_text)]
    tier: Annotated[Tier, Col("级", "Tier", kind="tier")]
    set_tier: Annotated[Tier | None, Col("手工等级", "Set by hand", kind="tier", wide=True)] = None

    @property
    def reason(self) -> str | None:
        """Why it has no scores."""
        return self.segment if self.r is None else None


class SegmentSummary(NamedTuple):
    """A segment's customers and sales; customers without a line are left out, shares of sales are of the base."""

    segment: Annotated[str, Col("客户群", "Segment", words=segment_text)]
    tier: Annotated[Tier, Col("级", "Tier", kind="tier")]
    customers: Annotated[int, Col("客户数", "Customers", kind="count")]
    customers_share: Annotated[Decimal | None, Col("客户占比", "Share of customers", kind="share")]
    net_sales: Annotated[Decimal, Col("净销售额", "Net sales", kind="money")]
    sales_share: Annotated[Decimal | None, Col("销售占比", "Share of sales", kind="share", bar=True)]


def rfm(sales: Iterable[CustomerSales], cuts: RfmCuts, segments: Mapping[str, Segment]) -> list[RfmRow]:
    """Every customer in the first segment that takes its scores, the largest first."""
    sold, outside = in_order(sales)
    bought = [one.purchases or _NEVER for one in sold]
    scores = zip(
        *(
            _recency([one.days for one in bought], cuts.recency),
            _scored([one.times for one in bought], cuts.frequency),
            _scored([one.net_sales for one in sold], cuts.monetary),
        ),
        strict=True,
    )
    rows = []
    for rank, (one, own, (r, f, m)) in enumerate(zip(sold, bought, scores, strict=True), 1):
        segment = segment_of(Place(r, f, m, own.first_time), segments) or ""
        rows.append(
            RfmRow(rank, one.customer_code, one.customer, own.last, own.days, own.times, one.net_sales,
                   own.first_time, r, f, m, segment, segments[segment].tier)
        )  # fmt: skip
    return [*rows, *(_outside(rank, one) for rank, one in enumerate(outside, len(sold) + 1))]


def segments_of(rows: Sequence[RfmRow], segments: Mapping[str, Segment]) -> list[SegmentSummary]:
    """A row a segment in the policy's order, empty ones too, then those with net returns if there are any."""
    active = [row for row in rows if row.segment != NO_SALES]
    units = in_units([row.net_sales for row in active])
    base = sum(net for net in units if net > 0)
    tiers: dict[str, Tier] = {name: segment.tier for name, segment in segments.items()}
    if any(row.segment == NET_RETURNS for row in active):
        tiers[NET_RETURNS] = "C"
    found = []
    for name, tier in tiers.items():
        mine = [(row.net_sales, net) for row, net in zip(active, units, strict=True) if row.segment == name]
        sold = sum((net_sales for net_sales, _net in mine), Decimal("0.00"))
        share = ratio(sum(net for _net_sales, net in mine if net > 0), base)
        found.append(SegmentSummary(name, tier, len(mine), ratio(len(mine), len(active)), sold, share))
    return found


def buyers(rows: Sequence[RfmRow], first_time: bool) -> tuple[int, Decimal | None]:
    """How many of those with positive sales are first-time buyers, or are not, and their share of sales."""
    sold = [row for row in rows if row.r is not None]
    units = in_units([row.net_sales for row in sold])
    mine = [net for row, net in zip(sold, units, strict=True) if row.first_time is first_time]
    return len(mine), ratio(sum(mine), sum(units))


def fifths(values: Sequence[int | Decimal]) -> list[int]:
    """The fifth, 5 the highest, in which the middle of the places falls that equal values take together."""
    places: dict[int | Decimal, int] = {}
    below = 0
    for value, equal in sorted(Counter(values).items()):
        places[value] = 1 + _TOP * (2 * below + equal) // (2 * len(values))
        below += equal
    return [places[value] for value in values]


def _scored(values: Sequence[int | Decimal], cuts: Sequence[int | Decimal]) -> list[int]:
    """By the cuts, each reached at its edge; without any, by fifths."""
    return [1 + sum(value >= cut for cut in cuts) for value in values] if cuts else fifths(values)


def _recency(days: Sequence[int], cuts: Sequence[int]) -> list[int]:
    """The fewer days the better."""
    return [_TOP - sum(day > cut for cut in cuts) for day in days] if cuts else fifths([-day for day in days])


def _outside(rank: int, one: CustomerSales) -> RfmRow:
    own = one.purchases
    last, days, times, first = own or (None, None, None, None)
    segment = NET_RETURNS if one.lines else NO_SALES
    return RfmRow(
        rank, one.customer_code, one.customer, last, days, times, one.net_sales, first, None, None, None, segment, "C"
    )
