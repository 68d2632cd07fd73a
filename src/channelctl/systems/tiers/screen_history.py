"""How applied tiers, those set by hand and their history are put before a person."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from channelctl.i18n import _, ngettext
from channelctl.report import Report
from channelctl.systems.tiers.rules import NO_SALES, TierPolicy
from channelctl.systems.tiers.rules_basis import plain_percent
from channelctl.systems.tiers.rules_history import HistoryRow, Mark, why_text
from channelctl.systems.tiers.rules_known import code_of, known
from channelctl.systems.tiers.store_history import Applied, Told


def applied(report: Report, done: Applied, limits: TierPolicy) -> Report:
    """A tier report with the batch that keeps it."""
    if not done.new:
        text = _("applied before: batch {batch} holds the same tiers; nothing was written")
        return replace(
            report,
            params={**report.params, "applied": done.batch},
            closing=[*report.closing, text.format(batch=done.batch)],
        )
    idle = sum(one.reason == NO_SALES for one in done.graded)
    lines = [
        ngettext(
            "{count} customer has its tier from now on, {idle} of them without sales.",
            "{count} customers have their tier from now on, {idle} of them without sales.",
            len(done.graded),
        ).format(count=f"{len(done.graded):,}", idle=f"{idle:,}")
    ]
    if done.held:
        text = ngettext(
            "{count} customer keeps the tier of the run before: its share is within {band} of the cut.",
            "{count} customers keep the tier of the run before: their share is within {band} of the cut.",
            done.held,
        )
        lines.append(text.format(count=done.held, band=f"{plain_percent(limits.hold)}%"))
    lines.append(_("applied: batch {batch}. Undo: channelctl batch undo {batch}").format(batch=done.batch))
    return replace(
        report, params={**report.params, "applied": done.batch}, closing=[*report.closing, *lines]
    )  # fmt: skip


def beside(report: Report, marks: Mapping[str, Mark]) -> Report:
    """A tier report with the tiers set by hand beside the computed ones; people see the column if there are any."""
    rows = [
        row._replace(set_tier=marks[row.customer_code].tier) if row.customer_code in marks else row
        for row in report.rows
    ]
    count = sum(row.set_tier is not None for row in rows)
    if not count:
        return report
    shown = report.only or tuple(name for name in report.row.__annotations__ if name != "set_tier")
    text = ngettext(
        "{count} customer has a tier set by hand; here it stands beside the computed one and changes no figure: "
        "channelctl tier history CUSTOMER",
        "{count} customers have a tier set by hand; here it stands beside the computed one and changes no figure: "
        "channelctl tier history CUSTOMER",
        count,
    )
    return replace(report, rows=rows, only=(*shown, "set_tier"), notes=[*report.notes, text.format(count=count)])


def known_for(report: Report, marks: Mapping[str, str]) -> Report:
    """A tier report with what customers are to be known for: a column more, if there is anything."""
    count = sum(code_of(row) in marks for row in report.rows)
    if not count:
        return report
    rows = [known(row, marks.get(code_of(row))) for row in report.rows]
    text = ngettext(
        "{count} customer is overdue or blocked: channelctl credit status",
        "{count} customers are overdue or blocked: channelctl credit status",
        count,
    )
    shown = report.only or tuple(name for name in report.row.__annotations__ if name != "set_tier")
    return replace(
        report,
        row=type(rows[0]),
        rows=rows,
        only=(*shown, "credit"),
        notes=[*report.notes, text.format(count=f"{count:,}")],
    )


def history(told: Told) -> Report:
    """Every run and tier set by hand of a customer by date, and what holds."""
    merged = any(row.customer_code != told.code for row in told.rows)
    dull = {"customer_code"} - ({"customer_code"} if merged else set())
    dull |= {"note", "until"} - ({"note", "until"} if any(row.until for row in told.rows) else set())
    return Report(
        "tier_history",
        HistoryRow,
        told.rows,
        " · ".join([_("tiers of a customer"), f"{told.code} {told.name}"]),
        params={"customer": told.code, "as_of": told.day, "in_force": told.force.tier},
        closing=[_standing(told)],
        only=tuple(name for name in HistoryRow._fields if name not in dull),
    )


def _standing(told: Told) -> str:
    """The tier on the day that was asked about, and why."""
    mark, grade = told.force.mark, told.force.grade
    if mark is not None:
        text = _("{customer} is {tier} on {day}: set by hand until {until}, {reason}; computed: {computed}")
        return text.format(
            customer=told.code,
            tier=mark.tier,
            day=told.day,
            until=mark.until,
            reason=mark.reason,
            computed=grade.tier if grade is not None else "-",
        )
    if grade is None:
        return _("{customer} has no tier on {day}: channelctl tier --apply gives everybody one").format(
            customer=told.code, day=told.day
        )
    text = _("{customer} is {tier} on {day}: by the run to {last}, batch {batch}")
    said = text.format(
        customer=told.code, tier=grade.tier, day=told.day, last=grade.run.last_day, batch=grade.run.batch
    )
    why = why_text(grade.reason)
    return f"{said} ({why})" if why else said


def marked(row: Any, changed: bool, today: dt.date) -> Report:
    """A tier set by hand, what was done, and whether it holds no more or not yet."""
    what = [
        _("{tier} by hand from {since} to {until}").format(tier=row.tier, since=row.since, until=row.until),
        *([] if changed else [_("nothing to change: it is so already")]),
    ]
    notes = []
    if row.until < today:
        notes.append(_("it ended before today ({until}): it holds no more").format(until=row.until))
    title = " · ".join([f"{row.customer_code} {row.customer}", *what])
    return Report("tier_mark", type(row), [row], title, notes=notes, card=True)
