"""How two gradings beside each other are put before a person."""

from collections.abc import Sequence
from decimal import Decimal

from channelctl.i18n import _, either, ngettext
from channelctl.period import Period
from channelctl.report import Report, Table
from channelctl.report.cells import percent
from channelctl.systems.sales.store import Scope
from channelctl.systems.tiers.rules import TierRow, facts
from channelctl.systems.tiers.rules_basis import in_units, ratio
from channelctl.systems.tiers.rules_compare import CountRow, DifferingRow, Way, counts, differing
from channelctl.systems.tiers.screen import notes
from channelctl.systems.tiers.screen_facts import counted, method_text
from channelctl.systems.tiers.store import Found


def report(
    ways: tuple[Way, Way],
    gradings: tuple[Sequence[TierRow], Sequence[TierRow]],
    period: Period,
    scope: Scope,
    found: Found,
) -> Report:
    """Who differs, below how many stand where."""
    rows = differing(*gradings)
    told = facts(gradings[0])
    first, second = (_way(one) for one in ways)
    return Report(
        "tier_compare",
        DifferingRow,
        rows,
        " · ".join(
            [
                _("{first} against {second}").format(first=first, second=second),
                period.label,
                *scope.labels,
                counted("customer", told.customers).format(count=told.customers),
            ]
        ),
        params={
            "first": ways[0].word,
            "second": ways[1].word,
            "from": period.first,
            "to": period.last,
            **scope.params(),
        },
        totals={"customers": len(gradings[0]), "differing": len(rows)},
        notes=notes(period, found),
        closing=[_closing(rows, gradings[0])] if gradings[0] else [],
        sections={"counts": Table(CountRow, counts(*gradings))},
    )


def _way(way: Way) -> str:
    name = method_text(way.method)
    if way.boundary is None:
        return name
    return either("{name}（{boundary}）", "{name} ({boundary})").format(name=name, boundary=way.boundary)


def _closing(rows: Sequence[DifferingRow], graded: Sequence[TierRow]) -> str:
    """How many differ, which way, and how much of the sales that is."""
    if not rows:
        return _("Both give all {count} customers the same tier.").format(count=f"{len(graded):,}")
    *mine, whole = in_units([*(row.net_sales for row in rows), _base(graded)])
    higher = sum(row.second_tier < row.first_tier for row in rows)
    text = ngettext(
        "{count} of {all} customers differs, with {share} of net sales: "
        "{higher} higher and {lower} lower by the second.",
        "{count} of {all} customers differ, with {share} of net sales: "
        "{higher} higher and {lower} lower by the second.",
        len(rows),
    )
    share = ratio(sum(net for net in mine if net > 0), whole)
    return text.format(
        count=f"{len(rows):,}",
        all=f"{len(graded):,}",
        share=percent(share or Decimal(0)),
        higher=f"{higher:,}",
        lower=f"{len(rows) - higher:,}",
    )


def _base(graded: Sequence[TierRow]) -> Decimal:
    return sum((row.net_sales for row in graded if row.net_sales > 0), Decimal("0.00"))
