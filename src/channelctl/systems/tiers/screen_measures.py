"""How tiers by quantity or profit, or of products, reps, offices and regions, are put before a person."""

from collections.abc import Sequence
from decimal import Decimal

from channelctl.i18n import _, ngettext
from channelctl.money import show, show_quantity
from channelctl.period import Period
from channelctl.report import Report, Table
from channelctl.report.cells import percent
from channelctl.systems.sales.store import Scope
from channelctl.systems.tiers import screen_facts
from channelctl.systems.tiers.rules import TierPolicy, TierRow, facts, points_of
from channelctl.systems.tiers.rules_curve import CurvePoint
from channelctl.systems.tiers.rules_measures import (
    AMOUNT,
    PROFIT,
    QUANTITY,
    MeasuredRow,
    MeasuredSummary,
    known_part,
    measured_rows,
    shown,
    summed,
    total,
)
from channelctl.systems.tiers.screen_pareto import pareto
from channelctl.systems.tiers.store_measures import FoundBy


def report(
    method: str,
    measure: str,
    by: str,
    period: Period,
    scope: Scope,
    rows: Sequence[TierRow],
    found: FoundBy,
    limits: TierPolicy,
) -> Report:
    """The tier report of any dimension by any measure."""
    told = facts(rows, limits)
    sections = {"tiers": Table(MeasuredSummary, summed(rows, found.entries, limits))}
    if method == "curve":
        sections["curve"] = Table(CurvePoint, points_of(rows))
    return Report(
        "tier",
        MeasuredRow,
        measured_rows(rows, found.entries),
        " · ".join(screen_facts.title(method, period, scope, told, limits, measure, by)),
        params=screen_facts.params(method, period, scope, limits, measure, by),
        totals={
            "net_sales": total(found.all, AMOUNT),
            "quantity": total(found.all, QUANTITY),
            "profit": total(found.all, PROFIT),
            "cost_known": known_part(found.all),
            "entries": len(rows),
            "lines": found.lines,
            "lines_without": found.without.lines,
        },
        notes=_notes(period, measure, found),
        closing=screen_facts.closing(told, limits, measure, by),
        sections=sections,
        charts=pareto(method, rows, told, measure, by),
        only=shown(measure),
    )


def _notes(period: Period, measure: str, found: FoundBy) -> list[str]:
    if not found.lines and (period.first is None or period.last is None):
        return [_("no sales ({period})").format(period=period.label)]
    if not found.lines:
        return [_("no sales in this period ({start} to {end})").format(start=period.start, end=period.end)]
    return [*_without(measure, found), *_part(measure, found)]


def _without(measure: str, found: FoundBy) -> list[str]:
    """The lines that stand in no tier, and what they come to."""
    if not found.without.lines:
        return []
    value = found.without.by(measure)
    amount = _("not known") if value is None else show_quantity(value) if measure == QUANTITY else show(value)
    text = ngettext(
        "{count} line names no {kind}: {amount} that counts in the total, in no tier",
        "{count} lines name no {kind}: {amount} that count in the total, in no tier",
        found.without.lines,
    )
    return [text.format(count=f"{found.without.lines:,}", kind=found.kind, amount=amount)]


def _part(measure: str, found: FoundBy) -> list[str]:
    """What part of the sales the measure is known of, where it is not all."""
    if measure == PROFIT:
        part = known_part(found.all)
        if part is None or part == 1:
            return []
        return [_("costs are known of {share} of the turnover; the profit is of that part").format(share=_floor(part))]
    uncounted = found.lines - sum(one.counted for one in found.all)
    if measure != QUANTITY or not uncounted:
        return []
    text = ngettext(
        "{count} line has no quantity; the quantity is that of the others",
        "{count} lines have no quantity; the quantity is that of the others",
        uncounted,
    )
    return [text.format(count=f"{uncounted:,}")]


def _floor(part: Decimal) -> str:
    """In percent; what is not all is not said to be all."""
    return percent(min(part, Decimal("0.999")))
