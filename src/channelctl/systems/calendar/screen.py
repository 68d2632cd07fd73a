"""How a span's work days are put before a person."""

from channelctl.columns import Col
from channelctl.i18n import _
from channelctl.period import Period
from channelctl.report import Figure, Report, Table
from channelctl.systems.calendar import rules
from channelctl.systems.calendar.rules import MonthDays, OtherDay, WorkDays

_WORK_DAYS = Col("工作日", "Work days", kind="count")
_SUMS = ("days", "work_days", "days_off", "holidays", "worked_weekends")


def days(found: WorkDays, period: Period) -> Report:
    """A row per month, and before it the days that are otherwise than Monday to Friday has it."""
    rows, others = rules.by_month(found), rules.otherwise(found)
    own = sum(one.by == rules.OWN for one in others)
    closing = [_("{count} of {days} days are worked").format(count=f"{found.count():,}", days=f"{_days(rows):,}")]
    if own:
        closing.append(_("set by hand: {count}; to see them: channelctl calendar list").format(count=own))
    return Report(
        "calendar_days",
        MonthDays,
        rows,
        " · ".join([_("Work days"), period.label]),
        params={"from": found.first, "to": found.last},
        totals={name: sum(getattr(row, name) for row in rows) for name in _SUMS} if len(rows) > 1 else {},
        notes=[found.remark] if found.remark else [],
        closing=closing,
        sections={"otherwise": Table(OtherDay, others, _("Otherwise than Monday to Friday"))},
        figures=[Figure("work_days", _WORK_DAYS, found.count())],
    )


def _days(rows: list[MonthDays]) -> int:
    return sum(row.days for row in rows)
