"""How tiers are put before a person."""

from collections.abc import Sequence

from channelctl.i18n import _, either, ngettext
from channelctl.money import show
from channelctl.period import Period
from channelctl.report import Report, Table
from channelctl.report.cells import percent
from channelctl.systems.sales.store import Scope
from channelctl.systems.tiers.rules import Facts, TierPolicy, TierRow, TierSummary, facts, summary
from channelctl.systems.tiers.store import Found


def report(
    method: str, period: Period, scope: Scope, rows: Sequence[TierRow], found: Found, limits: TierPolicy
) -> Report:
    """The tier report: the three tiers summed up, then the customers."""
    told = facts(rows, limits)
    return Report(
        "tier",
        TierRow,
        rows,
        " · ".join(_title(method, period, scope, told, limits)),
        params={
            "method": method,
            "from": period.start,
            "to": period.end,
            **scope.params(),
            "a_until": limits.a_until,
            "b_until": limits.b_until,
            "boundary": limits.boundary,
        },
        totals={
            "net_sales": found.net,
            "customers": len(rows),
            "lines": found.lines,
            "lines_without_customer": found.without_customer.lines,
        },
        notes=_notes(period, found),
        closing=_closing(told, limits),
        sections={"tiers": Table(TierSummary, summary(rows, limits))},
    )


def _title(method: str, period: Period, scope: Scope, told: Facts, limits: TierPolicy) -> list[str]:
    names = {"abc": _("ABC by net sales"), "share": _("Tiers by share of sales")}
    cuts = (limits.a_until, limits.b_until) if method == "abc" else (limits.share_a, limits.share_b)
    shown = [f"{(cut * 100).normalize():f}{either('', ' ')}%" for cut in cuts]
    customers = ngettext("{count} customer with sales", "{count} customers with sales", told.customers)
    return [
        names[method],
        period.label,
        *scope.labels,
        customers.format(count=told.customers),
        _("cut-offs {first} and {second}").format(first=shown[0], second=shown[1]),
    ]


def _notes(period: Period, found: Found) -> list[str]:
    if not found.lines:
        return [_("no sales in this period ({start} to {end})").format(start=period.start, end=period.end)]
    without = found.without_customer
    if not without.lines:
        return []
    text = ngettext(
        "{count} line names no customer: {amount} that counts in the total, in no tier",
        "{count} lines name no customer: {amount} that count in the total, in no tier",
        without.lines,
    )
    return [text.format(count=without.lines, amount=show(without.net))]


def _closing(told: Facts, limits: TierPolicy) -> list[str]:
    if told.customers_to_cut_share is None or told.top_share is None or told.first_share is None:
        return []
    return [
        _(
            "{count} of {customers} customers ({share}) reach {cut} of net sales; "
            "the top {part} ({top}) come to {top_share}."
        ).format(
            count=told.customers_to_cut,
            customers=told.customers,
            share=percent(told.customers_to_cut_share),
            cut=percent(told.cut),
            part=percent(limits.rule_of_thumb.customers[0]),
            top=told.top_customers,
            top_share=percent(told.top_share),
        ),
        _("The first customer alone makes {share}; concentration (HHI) {hhi}.").format(
            share=percent(told.first_share), hhi=f"{told.hhi:,.0f}"
        ),
    ]
