"""How far a month has come, put before a person."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from channelctl.columns import columns, in_points
from channelctl.i18n import _, either, ngettext
from channelctl.money import show, show_quantity
from channelctl.period import month_label
from channelctl.report import Figure, Report
from channelctl.report.cells import percent, visible
from channelctl.systems.progress import screen_charts
from channelctl.systems.progress.rules import ProgressRow, ProgressUnits
from channelctl.systems.progress.store import Ended, Progress
from channelctl.systems.sales.store import Scope

_FIGURES = (("today", ""), ("month_to_date", "up"), ("attainment", "up"), ("time_gone", ""), ("forecast", "up"))


def without(by: str) -> str:
    """What the row of lines is called that name no office, rep, customer or product."""
    return {
        "office": _("without an office"),
        "rep": _("without a rep"),
        "customer": _("without a customer"),
        "product": _("without a product"),
    }[by]


def by_label(by: str) -> str:
    """What the rows are of, as titles say it."""
    return {
        "office": either("按办事处", "by office"),
        "rep": either("按人员", "by rep"),
        "customer": either("按客户", "by customer"),
        "product": either("按产品", "by product"),
    }[by]


def title(what: str, day: dt.date, scope: Scope, *more: str) -> str:
    """What it is, as of which day, of what."""
    return " · ".join([what, *more, _("as of {day}").format(day=day), *scope.labels])


def yuan(value: Decimal) -> str:
    """An amount within a sentence, which is in yuan whatever the unit of the table."""
    return either(f"{show(value)} 元", f"{show(value)} CNY")


def ended(found: Ended | None, day: dt.date) -> list[str]:
    """That the data end before a day."""
    if found is None:
        return []
    text = ngettext(
        "the data end on {last}: {count} work day up to {day} is without data, and counts as a day without sales",
        "the data end on {last}: {count} work days up to {day} are without data, and count as days without sales",
        found.work_days,
    )
    return [text.format(last=found.last, count=f"{found.work_days:,}", day=day)]


def filled(row: type, rows: Sequence[Any], *names: str) -> Sequence[str]:
    """The columns for people to see, without those of `names` that are blank in every row; () where none is."""
    blank = {name for name in names if all(getattr(one, name) is None for one in rows)}
    return [name for name, _col in visible(row) if name not in blank] if rows and blank else ()


def progress(found: Progress, scope: Scope) -> Report:
    """A row per record; below them how the whole month stands."""
    rows, totals = found.found
    row = ProgressUnits if found.measure == "quantity" else ProgressRow
    month = month_label(found.day.year, found.day.month)
    return Report(
        "progress",
        row,
        rows,
        title(_("Progress of {month}").format(month=month), found.day, scope, by_label(found.by)),
        params={"as_of": found.day, "by": found.by, "measure": found.measure, **scope.params()},
        totals=totals if rows else {},
        notes=_notes(found),
        closing=_closing(found, totals) if rows else [],
        charts=screen_charts.progress(found) if rows else (),
        figures=_figures(row, totals) if rows else (),
        only=filled(row, rows, "on_year"),
    )


def _figures(row: type, totals: Any) -> list[Figure]:
    """The month's few figures, the month to date beside the same days of last month."""
    cols = columns(row)
    before = {"month_to_date": totals["last_month"]}
    return [
        Figure(name, cols[name], totals[name], before.get(name), good)
        for name, good in _FIGURES
        if totals[name] is not None
    ]


def _notes(found: Progress) -> list[str]:
    """What the figures lack."""
    notes = [*ended(found.ended, found.day), *([found.calendar.remark] if found.calendar.remark else [])]
    if not found.found.rows:
        return [*notes, _("there are no sales and no targets in the days that are compared")]
    if found.unmeasured:
        text = ngettext(
            "{count} line of the month has no quantity: it counts as 0",
            "{count} lines of the month have no quantity: they count as 0",
            found.unmeasured,
        )
        notes.append(text.format(count=f"{found.unmeasured:,}"))
    if found.measure == "amount" and found.target is None:
        notes.append(_("no target is set for the month: channelctl target add, or channelctl template plan"))
    return notes


def _closing(found: Progress, totals: Any) -> list[str]:
    """The time gone, how far the target is reached, and where the month will end."""
    lines = [_gone(found, totals)]
    say = show_quantity if found.measure == "quantity" else yuan
    if totals["attainment"] is not None:
        text = _("Attained: {attained} of {target}, {gap} points on time gone.")
        gap = in_points(totals["gap"]) or "–"
        lines.append(text.format(attained=percent(totals["attainment"]), target=say(totals["target"]), gap=gap))
    if totals["forecast"] is not None:
        lines.append(_forecast(totals["forecast"], totals["forecast_attainment"], say))
    return lines


def _gone(found: Progress, totals: Any) -> str:
    pace = found.pace
    if totals["time_gone"] is None:
        return _("The month has no work day.")
    text = _("Time gone: {gone} of {days} work days ({share}).")
    return text.format(gone=pace.gone, days=pace.work_days, share=percent(totals["time_gone"]))


def _forecast(forecast: Decimal, of_target: Decimal | None, say: Any) -> str:
    if of_target is None:
        return _("At this rate the month ends at {forecast}.").format(forecast=say(forecast))
    text = _("At this rate the month ends at {forecast}, {share} of the target.")
    return text.format(forecast=say(forecast), share=percent(of_target))
