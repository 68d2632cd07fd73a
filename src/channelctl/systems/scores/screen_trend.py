"""How offices are shown month by month."""

from channelctl.i18n import _, listed
from channelctl.report import Report, Table
from channelctl.report.cells import percent
from channelctl.systems.scores import screen_chart, screen_figures
from channelctl.systems.scores.rules_trend import TrendRow, across
from channelctl.systems.scores.store_trend import Trend


def report(found: Trend) -> Report:
    """One office a row per month; all of them a row per office, with the months across, for people."""
    months = list(found.totals)
    first, last = months[0], months[-1]
    whole = found.region or _("all offices")
    who = found.office or whole
    sections = {}
    if found.office is None:
        made, rows = across(found.rows, found.totals, whole)
        sections["across"] = Table(made, rows)
    notes = [_("no plan: {months}").format(months=listed(found.missing))] if found.missing else []
    notes += screen_figures.partly_seen(found.partly_seen)
    closing = [_("Closed: {months}").format(months=listed(found.closed))] if found.closed else []
    if (total := found.totals[last]) is not None:
        text = _("All offices together in {month}: {rate}")
        if found.region is not None:
            text = _("{region} in {month}: {rate}")
        closing.append(text.format(region=found.region, month=last, rate=percent(total)))
    return Report(
        "score_trend",
        TrendRow,
        found.rows,
        " · ".join([_("cooperation rate by month"), who, first if first == last else f"{first} – {last}"]),
        params={
            "office": found.office,
            **({"region": found.region} if found.region is not None else {}),
            "from": first,
            "to": last,
        },
        notes=notes,
        closing=closing,
        sections=sections,
        data_only=found.office is None,
        charts=screen_chart.trend(found.rows, months, found.office is None),
    )
