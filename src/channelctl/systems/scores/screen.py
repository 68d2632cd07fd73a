"""How scores are put before a person."""

from decimal import Decimal

from channelctl.i18n import _, ngettext
from channelctl.money import to_fen
from channelctl.report import Report, Table
from channelctl.report.cells import percent
from channelctl.systems.sales.rules import OF_ONE, OF_SEVERAL, SourceLine
from channelctl.systems.scores.rules import (
    PURCHASE,
    ClassRow,
    MeasureRow,
    PlannedPart,
    PlannedRow,
    PlanPlace,
    ScoreRow,
    class_text,
    region_total,
)
from channelctl.systems.scores.store import Explained, Scored


def report(found: Scored) -> Report:
    """A row per office, and the classes behind it; people see one office as a line per measure."""
    one = found.asked[0] if found.office is not None else None
    classes = Table(ClassRow, found.classes, _("Planned against actual customers per class"), data_only=one is not None)
    sections = {"measures": Table(MeasureRow, _measures(one, found))} if one else {}
    return Report(
        "score",
        ScoreRow,
        found.asked,
        _title(found),
        params=_params(found),
        notes=_notes(found),
        closing=_closing(found),
        sections={**sections, "classes": classes},
        data_only=one is not None,
    )


def explained(found: Scored) -> Report:
    """A row per planned customer."""
    rows = [row for customers in found.customers.values() for row in customers]
    return Report(
        "score", PlannedRow, rows, _title(found), params=_params(found), notes=_notes(found), closing=_closing(found)
    )


def behind(told: Explained) -> Report:
    """What each customer adds, where its plan row stands, then every sale line."""
    found = told.found
    net = sum((line.amount for line in told.lines), Decimal("0.00"))
    title = _title(found) if told.one is None else _title(found, f"{told.one} {told.parts[0].customer}")
    return Report(
        "score_explain",
        SourceLine,
        told.lines,
        title,
        params={"customer": told.one, **_params(found)},
        totals={"amount": net, "lines": len(told.lines)},
        notes=[] if told.lines else [_idle(found)],
        closing=_added(told),
        sections={
            "planned": Table(PlannedPart, told.parts),
            "places": Table(PlanPlace, told.places, _("Where the plan stands")),
            "not_counted": Table(SourceLine, told.not_counted, _("Not counted: the status is no sale")),
        },
        only=OF_SEVERAL if told.one is None else OF_ONE,
    )


def _idle(found: Scored) -> str:
    return _("no planned customer bought anything: {period}").format(period=found.period.label)


def _added(told: Explained) -> list[str]:
    """What was asked about adds so much to the rates of each office."""
    lines: list[str] = []
    for row in told.found.asked:
        mine = [one for one in told.parts if one.office_code == row.office_code]
        if not mine:
            continue
        text = ngettext(
            "{office}: {count} planned customer, score {score} of {planned}; cooperation rate {part} of {rate},"
            " core quality {core_part} of {core_rate}",
            "{office}: {count} planned customers, score {score} of {planned}; cooperation rate {part} of {rate},"
            " core quality {core_part} of {core_rate}",
            len(mine),
        )
        lines.append(
            text.format(
                office=row.office,
                count=len(mine),
                score=to_fen(sum((one.achieved for one in mine), Decimal(0))),
                planned=row.planned,
                part=percent(sum((one.cooperation_part for one in mine), Decimal(0))),
                rate=percent(row.cooperation_rate),
                core_part=percent(sum((one.core_part for one in mine), Decimal(0))),
                core_rate=percent(row.core_quality or Decimal(0)),
            )
        )
    return lines


def _measures(row: ScoreRow, found: Scored) -> list[MeasureRow]:
    """The office's cooperation rate, that of each planned class, and the quality of its core customers."""
    on_file, buying = sum(one.customers for one in found.classes), sum(one.buying for one in found.classes)
    core = ngettext("core quality, {count} core customer", "core quality, {count} core customers", row.core_planned)
    core_base = row.core_planned if found.over_core else row.planned
    lines = [
        MeasureRow(_("channel cooperation"), row.achieved, row.planned, row.cooperation_rate, on_file, buying),
        MeasureRow(core.format(count=row.core_planned), row.core_achieved, core_base, row.core_quality, None, None),
    ]
    lines[1:1] = [
        MeasureRow(f"  {class_text(one.class_)}", one.achieved, one.planned, one.cooperation_rate, *one[3:5])
        for one in found.classes
        if one.planned
    ]
    return lines


def _notes(found: Scored) -> list[str]:
    if any(row.net_sales for customers in found.customers.values() for row in customers):
        return []
    return [_idle(found)]


def _params(found: Scored) -> dict[str, object]:
    return {"month": found.month, "office": found.office, "from": found.period.start, "to": found.period.end}


def _title(found: Scored, customer: str = "") -> str:
    one = found.asked[0]
    who = (
        f"{one.office} {one.office_code}"
        if found.office is not None
        else _("all {count} offices with a plan").format(count=len(found.everyone))
    )
    whose = [customer] if customer and found.office is None else [customer, who] if customer else [who]
    parts = [*whose, found.period.label, _("plan {month}").format(month=found.month)]
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
    open_ = sum(row.rule == PURCHASE for row in rows)
    if open_:
        text = ngettext(
            "{count} planned customer has no target, nor has its class; counted by purchase",
            "{count} planned customers have no target, nor have their classes; counted by purchase",
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
