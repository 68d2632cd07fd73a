"""How scores are put before a person."""

from decimal import Decimal

from channelctl.i18n import _, listed, ngettext
from channelctl.money import to_fen
from channelctl.report import Report, Table
from channelctl.report.cells import percent
from channelctl.systems.plans.rules import class_text
from channelctl.systems.sales.rules import OF_ONE, OF_SEVERAL, SourceLine
from channelctl.systems.scores import screen_figures
from channelctl.systems.scores.rules import (
    HAND,
    PURCHASE,
    ClassRow,
    MeasureRow,
    PlannedPart,
    PlannedRow,
    PlanPlace,
    ScoreRow,
    change_text,
    region_total,
)
from channelctl.systems.scores.rules_close import ChangedRow
from channelctl.systems.scores.rules_markets import LevelRow
from channelctl.systems.scores.screen_close import closed_lines, since_lines
from channelctl.systems.scores.store import Scored
from channelctl.systems.scores.store_explain import Explained

_OFFICE = ("office_code", "office", "planned", "achieved", "cooperation_rate")
_CUSTOMER = ("customer_code", "customer", "class", "core", "target", "net_sales", "achieved")


def report(found: Scored) -> Report:
    """A row per office, and the classes behind it; people see one office as a line per measure."""
    one = found.asked[0] if found.office is not None else None
    classes = Table(ClassRow, found.classes, _("Planned against actual customers per class"), data_only=one is not None)
    levels = Table(LevelRow, found.levels, _("Markets by level"), data_only=one is not None or not _leveled(found))
    sections = {"measures": Table(MeasureRow, _measures(one, found))} if one else {}
    return Report(
        "score",
        ScoreRow,
        found.asked,
        _title(found),
        params=_params(found),
        notes=_notes(found),
        closing=_closing(found),
        sections={**sections, "classes": classes, "levels": levels},
        only=_office_columns(found),
        data_only=one is not None,
        figures=screen_figures.figures(found),
    )


def explained(found: Scored) -> Report:
    """A row per planned customer."""
    rows = [row for customers in found.customers.values() for row in customers]
    return Report(
        "score",
        PlannedRow,
        rows,
        _title(found),
        params=_params(found),
        notes=_notes(found),
        closing=_closing(found),
        only=(*_CUSTOMER, *(["restated"] if found.closed is not None else []), "rule"),
    )


def _office_columns(found: Scored) -> list[str]:
    """What people see of an office: changes where there is something to compare with, restated where it is closed."""
    rows = found.everyone
    changes = [name for name in ("on_month", "on_year") if any(getattr(row, name) is not None for row in rows)]
    restated = ["restated_rate", "restated_change"] if found.closed is not None else []
    return [*_OFFICE, *changes, *restated, "core_quality", "rank"]


def _leveled(found: Scored) -> bool:
    """Whether anybody has a market level."""
    return any(row.level is not None for row in found.levels)


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
        notes=[*([] if told.lines else [_idle(found)]), *screen_figures.partly_seen(found.partly_seen)],
        closing=[*_by_hand(told), *_approved(told), *_added(told), *since_lines(told)],
        sections={
            "planned": Table(PlannedPart, told.parts),
            "places": Table(PlanPlace, told.places, _("Where the plan stands")),
            "not_counted": Table(SourceLine, told.not_counted, _("Not counted: the status is no sale")),
            "changed": Table(ChangedRow, told.changed, _("Changed since the month was closed")),
        },
        only=OF_SEVERAL if told.one is None else OF_ONE,
    )


def _idle(found: Scored) -> str:
    return _("no planned customer bought anything: {period}").format(period=found.period.label)


def _by_hand(told: Explained) -> list[str]:
    """The scores set by hand, each with its reason."""
    text = _("{office}, {customer}: {score} set by hand: {reason}")
    return [
        text.format(office=one.office, customer=one.customer_code, score=to_fen(one.score), reason=one.reason)
        for one in told.places
        if one.score is not None
    ]


def _approved(told: Explained) -> list[str]:
    """What stands in the plan by an approval, each with its reason."""
    text = _("{office}, {customer}: approved: {reason}")
    return [
        text.format(office=one.office, customer=one.customer_code, reason=one.reason)
        for one in told.places
        if one.score is None and one.reason is not None
    ]


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
    unknown = [row for row in found.levels if not row.known and row.level is not None]
    notes = []
    if unknown:
        text = ngettext(
            "{count} customer is of a market level that the policy does not know: {levels}",
            "{count} customers are of market levels that the policy does not know: {levels}",
            sum(row.customers for row in unknown),
        )
        levels = listed(row.level or "" for row in unknown)
        notes.append(text.format(count=sum(row.customers for row in unknown), levels=levels))
    if not any(row.net_sales for customers in found.customers.values() for row in customers):
        notes.append(_idle(found))
    return [*notes, *screen_figures.partly_seen(found.partly_seen)]


def _params(found: Scored) -> dict[str, object]:
    days = {"from": found.period.start, "to": found.period.end}
    whose = {"office": found.office, **({"region": found.region} if found.region is not None else {})}
    return {"month": found.month, **whose, **days}


def _title(found: Scored, customer: str = "") -> str:
    one = found.asked[0]
    if found.office is not None:
        who = f"{one.office} {one.office_code}"
    elif found.region is not None:
        text = ngettext(
            "{region}, {count} office with a plan", "{region}, {count} offices with a plan", len(found.asked)
        )
        who = text.format(region=found.region, count=len(found.asked))
    else:
        who = _("all {count} offices with a plan").format(count=len(found.everyone))
    whose = [customer] if customer and found.office is None else [customer, who] if customer else [who]
    parts = [*whose, found.period.label, _("plan {month}").format(month=found.month)]
    if found.last_day is not None:
        parts.append(_("data to {day}").format(day=found.last_day))
    if found.closed is not None:
        parts.append(_("closed {day} (batch {batch})").format(day=found.closed.day, batch=found.closed.batch))
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
    by_hand = sum(row.rule == HAND for row in rows)
    if by_hand:
        text = ngettext("{count} score was set by hand", "{count} scores were set by hand", by_hand)
        lines.append(text.format(count=by_hand))
    lines += [*_covered(found), *_changes(found), *closed_lines(found)]
    total = region_total(found.everyone)
    region = percent(total) if total is not None else ""
    if found.office is not None and found.asked:
        mine = found.asked[0]
        lines.append(
            _("Score {score}   rank {rank} of {offices}   all offices {region}").format(
                score=percent(mine.cooperation_rate), rank=mine.rank, offices=len(found.everyone), region=region
            )
        )
    elif found.region is not None:
        text = _("{region}: {rate}   all offices {whole}")
        lines.append(text.format(region=found.region, rate=percent(region_total(found.asked) or 0), whole=region))
    else:
        lines.append(_("All offices together: {region}").format(region=region))
    return lines


def _covered(found: Scored) -> list[str]:
    """How far the plan reaches into the levels that the policy names."""
    row = found.covered
    if row.coverage is None:
        return []
    text = _("Markets {levels}: {planned} of {customers} customers planned, {buying} buying ({coverage})")
    return [
        text.format(
            levels=found.covered_words,
            planned=row.planned,
            customers=row.customers,
            buying=row.buying,
            coverage=percent(row.coverage),
        )
    ]


def _changes(found: Scored) -> list[str]:
    """One office's change on last month and last year, as far as there were plans."""
    if found.office is None:
        return []
    one = found.asked[0]
    known = [
        (_("on last month {points} points"), one.on_month),
        (_("on that month of last year {points} points"), one.on_year),
    ]
    said = [text.format(points=change_text(change)) for text, change in known if change is not None]
    return [_("Cooperation rate {changes}").format(changes=listed(said))] if said else []
