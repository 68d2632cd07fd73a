"""What stands around tiers of every method: the title, the parameters, and what the list says as a whole."""

import datetime as dt
from collections.abc import Sequence

from channelctl.columns import Col
from channelctl.i18n import _, either, ngettext
from channelctl.period import Period
from channelctl.report import Figure
from channelctl.report.cells import percent
from channelctl.systems.sales.store import Scope
from channelctl.systems.tiers.rules import RAISABLE, TIERS, Facts, TierPolicy, TierRow, cuts, plain_percent
from channelctl.systems.tiers.rules_measures import AMOUNT, CUSTOMER, PROFIT, QUANTITY


def title(
    method: str,
    period: Period,
    scope: Scope,
    told: Facts,
    limits: TierPolicy,
    measure: str = AMOUNT,
    by: str = CUSTOMER,
) -> list[str]:
    """The parts of the title: what by, when, whose sales, how many, and where the tiers end."""
    return [
        _names(measure)[method],
        period.label,
        *scope.labels,
        counted(by, told.customers).format(count=told.customers),
        *_ends(method, limits),
    ]


def params(
    method: str, period: Period, scope: Scope, limits: TierPolicy, measure: str = AMOUNT, by: str = CUSTOMER
) -> dict[str, object]:
    """What was asked for, and the policy that decided; measure and dimension where they are not the usual ones."""
    given = {"measure": measure, "by": by} if (measure, by) != (AMOUNT, CUSTOMER) else {}
    return {
        "method": method,
        **given,
        "from": period.first,
        "to": period.last,
        **scope.params(),
        "a_until": limits.a_until,
        "b_until": limits.b_until,
        "boundary": limits.boundary,
        **({"share_raises": True} if limits.share_raises and method in RAISABLE else {}),
    }


def closing(told: Facts, limits: TierPolicy, measure: str = AMOUNT, by: str = CUSTOMER) -> list[str]:
    """How many make most of it, what the top makes, and how much depends on the first."""
    if told.customers_to_cut_share is None or told.top_share is None or told.first_share is None:
        return []
    if by == CUSTOMER:
        first = _("The first customer alone makes {share}; concentration (HHI) {hhi}.")
        reached = _(
            "{count} of {customers} customers ({share}) reach {cut} of {measure}; "
            "the top {part} ({top}) come to {top_share}."
        )
    else:
        first = _("The first alone makes {share}; concentration (HHI) {hhi}.")
        reached = _(
            "{count} of {customers} ({share}) reach {cut} of {measure}; the top {part} ({top}) come to {top_share}."
        )
    return [
        reached.format(
            count=told.customers_to_cut,
            customers=told.customers,
            share=percent(told.customers_to_cut_share),
            cut=percent(told.cut),
            measure=measure_text(measure),
            part=percent(limits.rule_of_thumb.customers[0]),
            top=told.top_customers,
            top_share=percent(told.top_share),
        ),
        first.format(share=percent(told.first_share), hhi=f"{told.hhi:,.0f}"),
    ]


def figures(rows: Sequence[TierRow], told: Facts) -> list[Figure]:
    """How many customers are A, and how much depends on the first."""
    best = [row for row in rows if row.tier == TIERS[0]]
    of = counted(CUSTOMER, told.customers).format(count=f"{told.customers:,}")
    found = [
        Figure(
            "a_customers", Col("A 级客户", "A customers", kind="count"), len(best), said=_("of {all}").format(all=of)
        )
    ]
    if told.first_share is not None:
        share = Col("第一大客户占比", "Share of the first customer", kind="share")
        found.append(Figure("first_share", share, told.first_share, said=rows[0].customer))
    return found


def nothing(period: Period, data_end: dt.date | None) -> str:
    """That a period has no sales; where it begins after the last of them, when that was."""
    if period.first is None or period.last is None:
        return _("no sales ({period})").format(period=period.label)
    if data_end is not None and data_end < period.start:
        text = _("no sales in this period ({start} to {end}): the data ends on {day}")
        return text.format(start=period.start, end=period.end, day=data_end)
    return _("no sales in this period ({start} to {end})").format(start=period.start, end=period.end)


def measure_text(measure: str) -> str:
    """What is measured, within a sentence."""
    return {AMOUNT: _("net sales"), QUANTITY: _("the quantity"), PROFIT: _("the profit")}[measure]


def counted(by: str, count: int) -> str:
    """So many customers, products … with sales; holds {count}."""
    return {
        CUSTOMER: ngettext("{count} customer with sales", "{count} customers with sales", count),
        "product": ngettext("{count} product with sales", "{count} products with sales", count),
        "rep": ngettext("{count} rep with sales", "{count} reps with sales", count),
        "office": ngettext("{count} office with sales", "{count} offices with sales", count),
        "region": ngettext("{count} region with sales", "{count} regions with sales", count),
    }[by]


def sheet_name(section: str) -> str:
    """What the sheet of a section is called in a workbook."""
    return either({"tiers": "分级汇总", "segments": "分群汇总", "curve": "曲线分界点"}[section], section)


def method_text(method: str, measure: str = AMOUNT) -> str:
    """A method of grading by a measure, as titles say it."""
    return _names(measure)[method]


def boundary_text(boundary: str) -> str:
    """Which share the cuts judge: the one before a customer, or the one with it."""
    return {"reach": _("reach"), "within": _("within")}[boundary]


def _names(measure: str) -> dict[str, str]:
    return {
        AMOUNT: {
            "abc": _("ABC by net sales"),
            "share": _("Tiers by share of sales"),
            "curve": _("ABC by the curve of net sales"),
            "rfm": _("Tiers by recency, frequency and money (RFM)"),
        },
        QUANTITY: {
            "abc": _("ABC by quantity"),
            "share": _("Tiers by share of the quantity"),
            "curve": _("ABC by the curve of the quantity"),
        },
        PROFIT: {
            "abc": _("ABC by profit"),
            "share": _("Tiers by share of the profit"),
            "curve": _("ABC by the curve of the profit"),
        },
    }[measure]


def _ends(method: str, limits: TierPolicy) -> Sequence[str]:
    """The policy's cuts where the method has any."""
    if method == "rfm":
        given = limits.rfm.recency, limits.rfm.frequency, limits.rfm.monetary
        if not any(given):
            return [_("scores by fifths")]
        return [_("scores by the policy's cuts") if all(given) else _("scores by the policy's cuts and by fifths")]
    first, second = cuts(method, limits)
    if first is None or second is None:
        return []
    shown = [f"{plain_percent(cut)}{either('', ' ')}%" for cut in (first, second)]
    return [_("cut-offs {first} and {second}").format(first=shown[0], second=shown[1])]
