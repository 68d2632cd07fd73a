"""Pictures of a month's progress and of the months before it."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from channelctl.columns import Col
from channelctl.i18n import _, either
from channelctl.money import show, show_quantity
from channelctl.report.cells import percent
from channelctl.report.charts import Bars, Chart, Lines, Point, Series
from channelctl.systems.progress.rules import amount, month_end, to_date
from channelctl.systems.progress.rules_trend import TrendMonth, cumulated
from channelctl.systems.progress.store import Progress

MOST_BARS = 12
_DAY = Col("日", "Day", kind="count")
_MONTH = Col("月份", "Month", kind="month")
_NET = Col("净销售额", "Net sales", kind="money")
_UNITS = Col("数量", "Quantity", kind="quantity")
_NAME = Col("名称", "Name")
_ATTAINED = Col("完成率", "Attained", kind="share")


def progress(found: Progress) -> Sequence[Chart]:
    """The days of the month beside last month and the target's pace; for offices and reps attainment as bars."""
    bars = _bars(found.found.rows) if found.by in ("office", "rep") else None
    return (_days(found), *([bars] if bars is not None else []))


def _bars(rows: Sequence[Any]) -> Bars | None:
    """Who has a target, the best first; of many the best and the worst six."""
    told = sorted((row for row in rows if row.attainment is not None), key=lambda row: (-row.attainment, row.code))
    if len(told) < 2:
        return None
    some = told if len(told) <= MOST_BARS else [*told[: MOST_BARS // 2], *told[-MOST_BARS // 2 :]]
    title = _("Attainment")
    if len(some) < len(told):
        title = _("Attainment of the best and worst {shown} of {all}").format(shown=len(some), all=f"{len(told):,}")
    bars = [(row.name, row.attainment) for row in some]
    return Bars(title, either("；", "; ").join(f"{name} {percent(one)}" for name, one in bars), _NAME, _ATTAINED, bars)


def _days(found: Progress) -> Lines:
    """What the days have come to, this month and last; where there is a target, how it would be reached evenly."""
    first, last = found.day.replace(day=1), month_end(found.day)
    before = to_date(last, -1)[0]
    this = cumulated(found.nets, first, found.day)
    then = cumulated(found.nets, before, month_end(before))
    days = max(last.day, month_end(before).day)
    series = [Series(_("this month"), _points(this)), Series(_("last month"), _points(then))]
    if found.target and found.pace.work_days:
        series.append(Series(_("target, by work days"), _points(_even(found, first, last))))
    y = _UNITS if found.measure == "quantity" else _NET
    say = show_quantity if found.measure == "quantity" else show
    text = _("Up to day {day}: {this} this month, {last} last month").format(
        day=found.day.day, this=say(this[-1]), last=say(then[to_date(found.day, -1)[1].day - 1])
    )
    return Lines(_("The month day by day"), text, _DAY, y, series, [str(day) for day in range(1, days + 1)])


def _even(found: Progress, first: dt.date, last: dt.date) -> list[Decimal]:
    """The target, by the part of the work days that is over at the end of each day."""
    target = Fraction(found.target or 0)
    days = [first + dt.timedelta(days=place) for place in range((last - first).days + 1)]
    return [amount(target * found.calendar.count(last=day) / found.pace.work_days) for day in days]


def _points(values: Sequence[Decimal]) -> list[Point]:
    return [Point(place, value) for place, value in enumerate(values)]


def trend(rows: Sequence[TrendMonth]) -> Sequence[Chart]:
    """The months beside those of the year before, a gap where nothing is known of them."""
    if len(rows) < 2:
        return ()
    now = [Point(place, row.net_sales) for place, row in enumerate(rows)]
    then = [Point(place, row.last_year) for place, row in enumerate(rows)]
    series = [Series(_("net sales"), now)]
    if any(point.y is not None for point in then):
        series.append(Series(_("a year before"), then))
    text = f"{rows[0].month} {show(rows[0].net_sales)} → {rows[-1].month} {show(rows[-1].net_sales)}"
    return (Lines(_("Net sales by month"), text, _MONTH, _NET, series, [row.month for row in rows]),)
