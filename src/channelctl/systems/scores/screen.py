"""How scores are put before a person."""

from channelctl.i18n import _, ngettext
from channelctl.report import Report, Table
from channelctl.report.cells import percent
from channelctl.systems.scores.rules import ClassRow, PlannedRow, ScoreRow, region_total
from channelctl.systems.scores.store import Scored


def report(found: Scored) -> Report:
    """A row per office, and the classes behind it."""
    return Report(
        "score",
        ScoreRow,
        found.asked,
        _title(found),
        params=_params(found),
        closing=_closing(found),
        sections={"classes": Table(ClassRow, found.classes, _("Planned against actual customers per class"))},
    )


def explained(found: Scored) -> Report:
    """A row per planned customer."""
    rows = [row for customers in found.customers.values() for row in customers]
    return Report("score", PlannedRow, rows, _title(found), params=_params(found), closing=_closing(found))


def _params(found: Scored) -> dict[str, object]:
    return {"month": found.month, "office": found.office, "from": found.period.start, "to": found.period.end}


def _title(found: Scored) -> str:
    who = found.office or _("all {count} offices with a plan").format(count=len(found.everyone))
    parts = [who, found.period.label, _("plan {month}").format(month=found.month)]
    if found.last_day is not None:
        parts.append(_("data to {day}").format(day=found.last_day))
    return " · ".join(parts)


def _closing(found: Scored) -> list[str]:
    lines: list[str] = []
    rows = [row for customers in found.customers.values() for row in customers]
    below = [row for row in rows if row.achieved < 1]
    if below:
        idle = sum(row.net_sales <= 0 for row in below)
        text = ngettext(
            "{count} planned customer below 1.0: {idle} no purchase, {short} below target (--explain)",
            "{count} planned customers below 1.0: {idle} no purchase, {short} below target (--explain)",
            len(below),
        )
        lines.append(text.format(count=len(below), idle=idle, short=len(below) - idle))
    open_ = sum(row.class_ is None and row.target is None for row in rows)
    if open_:
        text = ngettext(
            "{count} planned customer has no class and no target; counted by purchase",
            "{count} planned customers have no class and no target; counted by purchase",
            open_,
        )
        lines.append(text.format(count=open_))
    total = region_total(found.everyone)
    region = percent(total) if total is not None else ""
    if found.office is not None and found.asked:
        mine = found.asked[0]
        lines.append(
            _("Score {score}   rank {rank} of {offices}   all offices {region}").format(
                score=percent(mine.cooperation_rate), rank=mine.rank, offices=len(found.everyone), region=region
            )
        )
    else:
        lines.append(_("All offices together: {region}").format(region=region))
    return lines
