"""How segments are put before a person."""

from collections.abc import Sequence
from decimal import Decimal

from channelctl.i18n import _, ngettext
from channelctl.period import Period
from channelctl.report import Report, Table
from channelctl.report.cells import percent
from channelctl.systems.sales.store import Scope
from channelctl.systems.tiers import screen_facts
from channelctl.systems.tiers.rules import TierPolicy, TierRow, TierSummary, facts, summary
from channelctl.systems.tiers.rules_rfm import RfmRow, SegmentSummary, buyers, rfm, segments_of
from channelctl.systems.tiers.screen import notes
from channelctl.systems.tiers.store import Found

_METHOD = "rfm"


def report(period: Period, scope: Scope, graded: Sequence[TierRow], found: Found, limits: TierPolicy) -> Report:
    """The tier report by segments: segments and tiers summed up, then the customers with their scores."""
    listed = {row.customer_code for row in graded}
    rows = [row for row in rfm(found.customers, limits.rfm, limits.segments) if row.customer_code in listed]
    told = facts(graded, limits)
    return Report(
        "tier",
        RfmRow,
        rows,
        " · ".join(screen_facts.title(_METHOD, period, scope, told, limits)),
        params=screen_facts.params(_METHOD, period, scope, limits),
        totals={
            "net_sales": found.net,
            "customers": len(rows),
            "lines": found.lines,
            "lines_without_customer": found.without_customer.lines,
        },
        notes=notes(period, found),
        closing=[*_buyers(rows), *screen_facts.closing(told, limits)],
        sections={
            "segments": Table(SegmentSummary, segments_of(rows, limits.segments)),
            "tiers": Table(TierSummary, summary(graded, limits)),
        },
    )


def _buyers(rows: Sequence[RfmRow]) -> list[str]:
    """How many bought for the first time, how many had bought before."""
    found = [buyers(rows, first_time) for first_time in (True, False)]
    if not any(count for count, _share in found):
        return []
    first = ngettext(
        "{count} first-time buyer makes {share} of net sales", "{count} first-time buyers make {share} of net sales",
        found[0][0],
    )  # fmt: skip
    repeat = ngettext(
        "{count} repeat buyer makes {share}.", "{count} repeat buyers make {share}.", found[1][0]
    )  # fmt: skip
    said = [
        text.format(count=f"{count:,}", share=percent(share or Decimal(0)))
        for text, (count, share) in zip((first, repeat), found, strict=True)
    ]
    return [_("{first}; {second}").format(first=said[0], second=said[1])]
