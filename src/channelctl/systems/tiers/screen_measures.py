"""How tiers by quantity or profit, or of products, reps, offices and regions, are put before a person."""

from collections.abc import Sequence
from decimal import Decimal

from channelctl.i18n import _, ngettext
from channelctl.money import show, show_quantity
from channelctl.period import Period
from channelctl.report import Report, Table
from channelctl.report.cells import percent
from channelctl.systems.sales.rules import OF_ONE, SourceLine
from channelctl.systems.sales.store import Scope
from channelctl.systems.tiers import screen_facts
from channelctl.systems.tiers.rules import Standing, TierPolicy, TierRow, facts, points_of, standing
from channelctl.systems.tiers.rules_basis import NO_PROFIT, UNKNOWN
from channelctl.systems.tiers.rules_curve import CurvePoint
from channelctl.systems.tiers.rules_measures import (
    AMOUNT,
    CUSTOMER,
    PROFIT,
    QUANTITY,
    MeasuredRow,
    MeasuredStanding,
    MeasuredSummary,
    known_part,
    measured_rows,
    measured_standing,
    shown,
    summed,
    total,
)
from channelctl.systems.tiers.screen import judged
from channelctl.systems.tiers.screen_pareto import pareto
from channelctl.systems.tiers.store import Behind
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
    tiers = summed(rows, found.entries, limits)
    only = tuple(
        name for name in MeasuredSummary._fields if name != "profit" or any(one.profit is not None for one in tiers)
    )
    sections = {"tiers": Table(MeasuredSummary, tiers, only=only, sheet=screen_facts.sheet_name("tiers"))}
    if method == "curve":
        sections["curve"] = Table(CurvePoint, points_of(rows), sheet=screen_facts.sheet_name("curve"))
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
        notes=notes(period, measure, found),
        closing=screen_facts.closing(told, limits, measure, by),
        sections=sections,
        charts=pareto(method, rows, told, measure, by),
        only=shown(measure),
    )


def explained(
    method: str,
    measure: str,
    by: str,
    period: Period,
    scope: Scope,
    rows: Sequence[TierRow],
    behind: Behind,
    found: FoundBy,
    limits: TierPolicy,
) -> Report:
    """The tier of a customer, product, rep, office or region by any measure: its place, then every line behind it."""
    own = standing(behind.code, rows, len(behind.lines), method, limits)
    lines = behind.lines
    places = [] if own is None else [measured_standing(own, found.entries)]
    title = screen_facts.title(method, period, scope, facts(rows, limits), limits, measure, by)
    return Report(
        "tier_explain",
        SourceLine,
        lines,
        " · ".join([f"{behind.code} {behind.name}", *title]),
        params={by: behind.code, **screen_facts.params(method, period, scope, limits, measure, by)},
        totals={
            "quantity": sum((one.quantity for one in lines if one.quantity is not None), Decimal(0)),
            "amount": sum((one.amount for one in lines), Decimal("0.00")),
            "lines": len(lines),
        },
        notes=_unlisted(behind, period) if own is None else _part(measure, found),
        closing=_why(own, len(rows), measure, method, limits) if own is not None else [],
        sections={
            "standing": Table(MeasuredStanding, places, only=_of_measure(measure)),
            "not_counted": Table(SourceLine, behind.not_counted, _("Not counted: the status is no sale")),
        },
        only=_columns(measure, by),
    )


def _columns(measure: str, by: str) -> list[str]:
    """The columns of lines for people: whose they are where that is not what is explained, and the cost of a profit."""
    shown_ = [name for name in OF_ONE if name != "product" or by != "product"]
    shown_ = shown_ if by == CUSTOMER else ["customer_code", *shown_]
    place = shown_.index("amount") + 1
    return [*shown_[:place], *(["cost"] if measure == PROFIT else []), *shown_[place:]]


def _of_measure(measure: str) -> list[str]:
    """The columns of a place that people see."""
    left = {QUANTITY: "profit", PROFIT: "quantity"}.get(measure)
    dull = {"cut_a", "cut_b", "profit" if left is None else left}
    return [name for name in MeasuredStanding._fields if name not in dull]


def _unlisted(behind: Behind, period: Period) -> list[str]:
    text = _("{customer} has no sales from {start} to {end}: it has no tier")
    if period.first is None or period.last is None:
        text = _("{customer} has no sales ({period}): it has no tier")
    return [text.format(customer=behind.code, start=period.start, end=period.end, period=period.label)]


def _why(own: Standing, listed: int, measure: str, method: str, limits: TierPolicy) -> list[str]:
    """What its figure is made of, and what makes it the tier."""
    if own.reason == UNKNOWN:
        text = _("{customer} is C: nothing is known of {measure}")
        return [text.format(customer=own.customer_code, measure=screen_facts.measure_text(measure))]
    if own.reason == NO_PROFIT:
        return [_("{customer} is C: it makes no profit").format(customer=own.customer_code)]
    made = ngettext(
        "{count} line: {measure} comes to {value}, rank {rank} of {listed}",
        "{count} lines: {measure} comes to {value}, rank {rank} of {listed}",
        own.lines,
    )
    value = show_quantity(own.net_sales) if measure == QUANTITY else show(own.net_sales)
    names = {"count": f"{own.lines:,}", "measure": screen_facts.measure_text(measure), "value": value}
    said = made.format(**names, rank=own.rank, listed=listed)
    if measure == AMOUNT or own.reason is not None:
        return judged(own, said, method, limits)
    return [said, _placed(own, names["measure"])]


def _placed(own: Standing, measure: str) -> str:
    """Its own share of a measure, that of those before it, and the cuts."""
    text = _("{customer} is {tier}: it makes {share} of {measure}, those before it {before}; the cuts are {a} and {b}")
    shares = (own.share, own.share_before, own.cut_a, own.cut_b)
    share, before, a, b = (percent(part or Decimal(0)) for part in shares)
    names = {"customer": own.customer_code, "tier": own.tier, "measure": measure}
    return text.format(**names, share=share, before=before, a=a, b=b)


def notes(period: Period, measure: str, found: FoundBy) -> list[str]:
    """That there are no sales, which lines stand in no tier, and what the measure is not known of."""
    if not found.lines:
        return [screen_facts.nothing(period, found.data_end)]
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
