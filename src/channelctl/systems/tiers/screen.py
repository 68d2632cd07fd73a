"""How tiers are put before a person."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from channelctl.i18n import _, ngettext
from channelctl.money import show
from channelctl.period import Period
from channelctl.report import Report, Table
from channelctl.report.cells import percent
from channelctl.systems.sales.rules import OF_ONE, SourceLine
from channelctl.systems.sales.store import Scope
from channelctl.systems.tiers.rules import (
    NET_RETURNS,
    NO_SALES,
    RAISED,
    TIE,
    Standing,
    TierPolicy,
    TierRow,
    TierSummary,
    facts,
    plain_percent,
    points_of,
    standing,
    summary,
)
from channelctl.systems.tiers.rules_curve import CurvePoint
from channelctl.systems.tiers.rules_rfm import RfmRow, rfm
from channelctl.systems.tiers.rules_segments import segment_text
from channelctl.systems.tiers.screen_facts import closing as _closing
from channelctl.systems.tiers.screen_facts import figures, nothing, sheet_name
from channelctl.systems.tiers.screen_facts import params as _params
from channelctl.systems.tiers.screen_facts import title as _title
from channelctl.systems.tiers.screen_pareto import pareto
from channelctl.systems.tiers.store import Behind, Found


def report(
    method: str, period: Period, scope: Scope, rows: Sequence[TierRow], found: Found, limits: TierPolicy
) -> Report:
    """The tier report: the three tiers summed up, then the customers."""
    told = facts(rows, limits)
    sections = {"tiers": Table(TierSummary, summary(rows, limits), sheet=sheet_name("tiers"))}
    if method == "curve":
        sections["curve"] = Table(CurvePoint, points_of(rows), sheet=sheet_name("curve"))
    return Report(
        "tier",
        TierRow,
        rows,
        " · ".join(_title(method, period, scope, told, limits)),
        params=_params(method, period, scope, limits),
        totals={
            "net_sales": found.net,
            "customers": len(rows),
            "lines": found.lines,
            "lines_without_customer": found.without_customer.lines,
        },
        notes=notes(period, found),
        closing=_closing(told, limits),
        sections=sections,
        charts=pareto(method, rows, told),
        figures=figures(rows, told) if rows else (),
    )


def explained(
    method: str,
    period: Period,
    scope: Scope,
    rows: Sequence[TierRow],
    behind: Behind,
    limits: TierPolicy,
    include_inactive: bool,
    found: Found,
) -> Report:
    """A customer's tier: its place in the list, then every line behind its net sales, and those that do not count."""
    own = standing(behind.code, rows, len(behind.lines), method, limits)
    net = sum((line.amount for line in behind.lines), Decimal("0.00"))
    return Report(
        "tier_explain",
        SourceLine,
        behind.lines,
        " · ".join([f"{behind.code} {behind.name}", *_title(method, period, scope, facts(rows, limits), limits)]),
        params={"customer": behind.code, **_params(method, period, scope, limits)},
        totals={"amount": net, "lines": len(behind.lines)},
        notes=_unlisted(behind, period, include_inactive) if own is None else [],
        closing=_why(own, len(rows), method, limits, found) if own is not None else [],
        sections={
            "standing": Table(Standing, [] if own is None else [own]),
            "not_counted": Table(SourceLine, behind.not_counted, _("Not counted: the status is no sale")),
        },
        only=OF_ONE,
    )


def _unlisted(behind: Behind, period: Period, include_inactive: bool) -> list[str]:
    """Why a customer has no tier."""
    if include_inactive:
        text = _("{customer} has no sales from {start} to {end} and was not on file at the end: it has no tier")
    else:
        text = _("{customer} has no sales from {start} to {end}: it has no tier; --include-inactive lists it as C")
    if period.first is None or period.last is None:
        text = _("{customer} has no sales ({period}): it has no tier")
    return [text.format(customer=behind.code, start=period.start, end=period.end, period=period.label)]


def _why(own: Standing, listed: int, method: str, limits: TierPolicy, found: Found) -> list[str]:
    """What its net sales are made of, and what makes it the tier."""
    made = _made(own, listed)
    if method == "rfm" and own.reason not in (NO_SALES, NET_RETURNS, TIE, RAISED):
        place = next(row for row in rfm(found.customers, limits.rfm, limits.segments) if row.rank == own.rank)
        return [made, *_scored(place)]
    return judged(own, made, method, limits)


def _made(own: Standing, listed: int) -> str:
    """How many lines its net sales are of, and where they put it."""
    return ngettext(
        "{count} line makes net sales of {net}: rank {rank} of {listed}",
        "{count} lines make net sales of {net}: rank {rank} of {listed}",
        own.lines,
    ).format(count=f"{own.lines:,}", net=show(own.net_sales), rank=own.rank, listed=listed)


def judged(own: Standing, made: str, method: str, limits: TierPolicy) -> list[str]:
    """What its figure is made of, said before, and what makes it the tier."""
    if own.reason == NO_SALES:
        return [_("{customer} is C: it has no sales in the period").format(customer=own.customer_code)]
    if own.reason == NET_RETURNS:
        return [made, _("{customer} is C: its returns are not less than its sales").format(customer=own.customer_code)]
    if own.reason == TIE:
        text = _("{customer} is {tier}: it sold as much as the customer before it, which is {tier}")
        return [made, text.format(customer=own.customer_code, tier=own.tier)]
    if own.reason == RAISED:
        text = _("{customer} is {tier}: it makes {share} of sales alone, which raises it")
        return [
            made,
            text.format(customer=own.customer_code, tier=own.tier, share=percent(own.share or Decimal(0))),
        ]
    return [made, _judged(own, method, limits)]


def _scored(row: RfmRow) -> list[str]:
    """What a customer's scores are made of, and the segment they mean."""
    bought = ngettext(
        "bought {count} time, the last {days} days before the end: recency {r}, frequency {f}, money {m} (5 is best)",
        "bought {count} times, the last {days} days before the end: recency {r}, frequency {f}, money {m} (5 is best)",
        row.frequency or 0,
    ).format(count=f"{row.frequency:,}", days=row.recency_days, r=row.r, f=row.f, m=row.m)
    first = _("a first-time buyer") if row.first_time else _("a repeat buyer")
    text = _("{customer} is {tier}: segment “{segment}”, {first}")
    return [
        bought,
        text.format(customer=row.customer_code, tier=row.tier, segment=segment_text(row.segment), first=first),
    ]


def _judged(own: Standing, method: str, limits: TierPolicy) -> str:
    """The share that decided, beside the cuts."""
    if method == "share":
        share = own.share
        text = (
            _("{customer} is {tier}: it makes {share} of sales; A begins at {a}, B at {b}")
            if limits.share_edge == "include"
            else _("{customer} is {tier}: it makes {share} of sales; A begins above {a}, B above {b}")
        )
    elif method == "abc" and own.share_before == 0:
        share, text = own.share, _("{customer} is A: the first always is")
    elif method == "abc" and limits.boundary == "reach":
        share = own.share_before
        text = _("{customer} is {tier}: those before it make {share} of sales; A is below {a}, B below {b}")
    elif method == "abc":
        share = own.cumulative_share
        text = _("{customer} is {tier}: it and those before it make {share} of sales; A is up to {a}, B up to {b}")
    else:
        return _on_curve(own)
    a, b = (f"{plain_percent(cut or Decimal(0))}%" for cut in (own.cut_a, own.cut_b))
    said = _beside(share or Decimal(0), own)
    return text.format(customer=own.customer_code, tier=own.tier, share=said, a=a, b=b)


def _on_curve(own: Standing) -> str:
    """Where it lies on the curve of cumulative sales."""
    text = _("{customer} is {tier}: it and those before it make {share} of sales; by the curve A ends at {a}, B at {b}")
    share, a, b = (percent(part or Decimal(0)) for part in (own.cumulative_share, own.cut_a, own.cut_b))
    return text.format(customer=own.customer_code, tier=own.tier, share=share, a=a, b=b)


def _beside(share: Decimal, own: Standing) -> str:
    """In percent, with as many decimals as it takes to stand on the right side of the cuts."""
    for places in range(1, 15):
        shown = share.quantize(Decimal(1).scaleb(-places - 2), ROUND_HALF_UP)
        if all((shown == cut) == (share == cut) for cut in (own.cut_a, own.cut_b)):
            return f"{shown * 100:.{places}f}%"
    return percent(share)


def notes(period: Period, found: Found) -> list[str]:
    """That there are no sales, or which stand in no tier."""
    if not found.lines:
        return [nothing(period, found.data_end)]
    without = found.without_customer
    if not without.lines:
        return []
    text = ngettext(
        "{count} line names no customer: {amount} that counts in the total, in no tier",
        "{count} lines name no customer: {amount} that count in the total, in no tier",
        without.lines,
    )
    return [text.format(count=without.lines, amount=show(without.net))]
