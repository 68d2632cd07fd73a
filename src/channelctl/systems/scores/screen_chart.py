"""The trend of cooperation rates as a picture."""

from collections.abc import Sequence
from decimal import Decimal

from channelctl.columns import Col
from channelctl.i18n import _, either
from channelctl.report.cells import percent
from channelctl.report.charts import Bars, Chart, Lines, Point, Series
from channelctl.systems.scores.rules_trend import TrendRow, step

MOST_OFFICES = 12
_MONTH = Col("月份", "Month", kind="month")
_OFFICE = Col("办事处", "Office")
_RATE = Col("传统渠道合作率", "Cooperation rate", kind="share")
_FROM_ZERO = Col("传统渠道合作率", "Cooperation rate", kind="share", whole=True)


def trend(rows: Sequence[TrendRow], months: Sequence[str], all_of_them: bool) -> Sequence[Chart]:
    """A line per office, a gap where there was no plan; of one month only, a bar each.

    Of more than twelve offices, the best and the worst six of the last month they have.
    """
    offices: dict[str, list[TrendRow]] = {}
    for row in rows:
        offices.setdefault(row.office_code, []).append(row)
    ranked = sorted(offices.values(), key=lambda own: (-own[-1].cooperation_rate, own[0].office_code))
    chosen = ranked if len(ranked) <= MOST_OFFICES else [*ranked[: MOST_OFFICES // 2], *ranked[-MOST_OFFICES // 2 :]]
    if not chosen or (len(months) == 1 and len(chosen) == 1):
        return ()
    title = _title(len(chosen), len(ranked))
    if len(months) == 1:
        return (_bars(title, chosen, months[0]),)
    steps = _steps(months)
    series = [Series(own[0].office if all_of_them else "", _points(own, steps)) for own in chosen]
    text = either("；", "; ").join(map(_said, chosen))
    return (Lines(title, text, _MONTH, _RATE, series, steps),)


def _bars(title: str, offices: Sequence[Sequence[TrendRow]], month: str) -> Bars:
    bars = [(own[0].office, own[0].cooperation_rate) for own in offices]
    text = either("；", "; ").join(f"{name} {month} {percent(rate)}" for name, rate in bars)
    return Bars(title, text, _OFFICE, _FROM_ZERO, bars)


def _title(shown: int, offices: int) -> str:
    if shown == offices:
        return _("Trend")
    return _("Trend of the best and worst {shown} of {offices} offices").format(shown=shown, offices=f"{offices:,}")


def _steps(months: Sequence[str]) -> list[str]:
    """Every month from the first to the last."""
    steps = [months[0]]
    while steps[-1] < months[-1]:
        steps.append(step(steps[-1], 1))
    return steps


def _points(rows: Sequence[TrendRow], steps: Sequence[str]) -> list[Point]:
    rates: dict[str, Decimal] = {row.month: row.cooperation_rate for row in rows}
    return [Point(place, rates.get(month)) for place, month in enumerate(steps)]


def _said(rows: Sequence[TrendRow]) -> str:
    first, last = (f"{row.month} {percent(row.cooperation_rate)}" for row in (rows[0], rows[-1]))
    return f"{rows[0].office} {first} → {last}"
