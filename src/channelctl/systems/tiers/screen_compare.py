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
from channelctl.systems.tiers.rules_compare import (
    CountByRow,
    CountRow,
    DifferingByRow,
    DifferingRow,
    Way,
    counts,
    differing,
    differing_by,
)
from channelctl.systems.tiers.rules_measures import AMOUNT, CUSTOMER, PROFIT, QUANTITY
from channelctl.systems.tiers.screen import notes
from channelctl.systems.tiers.screen_facts import boundary_text, counted, method_text
from channelctl.systems.tiers.screen_measures import notes as notes_by
from channelctl.systems.tiers.store import Found
from channelctl.systems.tiers.store_measures import FoundBy


def report(
    ways: tuple[Way, Way],
    gradings: tuple[Sequence[TierRow], Sequence[TierRow]],
    period: Period,
    scope: Scope,
    found: Found,
) -> Report:
    """Who differs, below how many stand where."""
    rows = differing(*gradings)
    return Report(
        "tier_compare",
        DifferingRow,
        rows,
        _title(ways, gradings[0], period, scope),
        params=_params(ways, period, scope),
        totals={"customers": len(gradings[0]), "differing": len(rows)},
        notes=notes(period, found),
        closing=[_closing(rows, gradings[0])] if gradings[0] else [],
        sections={"counts": Table(CountRow, counts(*gradings))},
    )


def report_by(
    ways: tuple[Way, Way],
    gradings: tuple[Sequence[TierRow], Sequence[TierRow]],
    measure: str,
    by: str,
    period: Period,
    scope: Scope,
    found: FoundBy,
) -> Report:
    """Two gradings of customers, products, reps, offices or regions by a measure."""
    rows = differing(*gradings)
    left = {QUANTITY: ("profit",), PROFIT: ("quantity",)}.get(measure, ("quantity", "profit"))
    return Report(
        "tier_compare",
        DifferingByRow,
        differing_by(rows, found.entries),
        _title(ways, gradings[0], period, scope, measure, by),
        params={**_params(ways, period, scope), "measure": measure, "by": by},
        totals={"entries": len(gradings[0]), "differing": len(rows)},
        notes=notes_by(period, measure, found),
        closing=[_closing_by(rows, gradings[0])] if gradings[0] else [],
        sections={"counts": Table(CountByRow, [CountByRow(*row[:5]) for row in counts(*gradings)])},
        only=[name for name in DifferingByRow._fields if name not in left],
    )


def _title(
    ways: tuple[Way, Way],
    graded: Sequence[TierRow],
    period: Period,
    scope: Scope,
    measure: str = AMOUNT,
    by: str = CUSTOMER,
) -> str:
    """Both ways, when, whose sales, and how many."""
    first, second = (_way(one, measure) for one in ways)
    count = facts(graded).customers
    against = _("{first} against {second}").format(first=first, second=second)
    return " · ".join([against, period.label, *scope.labels, counted(by, count).format(count=count)])


def _params(ways: tuple[Way, Way], period: Period, scope: Scope) -> dict[str, object]:
    names = {"first": ways[0].word, "second": ways[1].word}
    return {**names, "from": period.first, "to": period.last, **scope.params()}


def _closing_by(rows: Sequence[DifferingRow], graded: Sequence[TierRow]) -> str:
    """How many differ, and which way."""
    if not rows:
        return _("Both give all {count} the same tier.").format(count=f"{len(graded):,}")
    higher = sum(row.second_tier < row.first_tier for row in rows)
    text = ngettext(
        "{count} of {all} differs: {higher} higher and {lower} lower by the second.",
        "{count} of {all} differ: {higher} higher and {lower} lower by the second.",
        len(rows),
    )
    lower = len(rows) - higher
    return text.format(count=f"{len(rows):,}", all=f"{len(graded):,}", higher=f"{higher:,}", lower=f"{lower:,}")


def _way(way: Way, measure: str) -> str:
    name = method_text(way.method, measure)
    if way.boundary is None:
        return name
    return either("{name}（{boundary}）", "{name} ({boundary})").format(name=name, boundary=boundary_text(way.boundary))


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
