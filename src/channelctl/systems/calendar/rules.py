"""Which days are worked: Monday to Friday, but for what is decreed and what is set by hand."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Annotated, NamedTuple

from channelctl.columns import Col
from channelctl.i18n import _, either

DECREED, OWN = "decreed", "own"
_WEEK, _WORKED = 7, 5
# A year has seven public holidays, the Spring Festival by February and National Day in October: what is set by hand
# and is fewer days is no year's calendar, and what does not reach so far tells nothing of the months beyond.
_A_YEAR, _FIRST_FEAST, _LAST_FEAST, _DECEMBER = 7, 2, 10, 12
_DAY = dt.timedelta(days=1)


def name_text(name: str | None) -> str:
    """A day's name; those of the public holidays in the language in force."""
    known = {
        "元旦": either("元旦", "New Year"),
        "春节": either("春节", "Spring Festival"),
        "清明": either("清明", "Qingming"),
        "劳动节": either("劳动节", "Labour Day"),
        "端午": either("端午", "Dragon Boat Festival"),
        "中秋": either("中秋", "Mid-Autumn Festival"),
        "国庆节": either("国庆节", "National Day"),
        "抗战胜利70周年": either("抗战胜利70周年", "70 years of victory"),
    }
    return known.get(name or "", name or "")


def by_text(by: str) -> str:
    """Who says so, as a person reads it."""
    return _("set by hand") if by == OWN else _("decree")


def weekday_text(place: int) -> str:
    """Monday is 1."""
    days = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
    return either("周" + "一二三四五六日"[place - 1], days[place - 1])


class Other(NamedTuple):
    """A day of which somebody says whether it is worked; `own` are those set by hand."""

    working: bool
    name: str | None
    own: bool


class MonthDays(NamedTuple):
    """The days of a month that are in the span."""

    month: Annotated[str, Col("月份", "Month", kind="month")]
    first_day: Annotated[dt.date, Col("起", "From", kind="date", wide=True)]
    last_day: Annotated[dt.date, Col("止", "To", kind="date", wide=True)]
    days: Annotated[int, Col("天数", "Days", kind="count")]
    work_days: Annotated[int, Col("工作日", "Work days", kind="count")]
    days_off: Annotated[int, Col("休息日", "Days off", kind="count")]
    holidays: Annotated[int, Col("其中周一至周五放假", "Of them Monday to Friday", kind="count")]
    worked_weekends: Annotated[int, Col("周末上班", "Weekend days worked", kind="count")]


class OtherDay(NamedTuple):
    """A day that is otherwise than Monday to Friday has it; `weekday` counts from Monday, 1."""

    date: Annotated[dt.date, Col("日期", "Date", kind="date")]
    weekday: Annotated[int, Col("星期", "Weekday", words=weekday_text)]
    working: Annotated[bool, Col("上班", "Worked", kind="flag")]
    name: Annotated[str | None, Col("名称", "Name", words=name_text)]
    by: Annotated[str, Col("依据", "By", words=by_text)]


@dataclass(frozen=True)
class WorkDays:
    """The days of a span that are worked: Monday to Friday, but for `others`.

    `unknown` are the years, and the months of years set by hand in part, of which nobody says what is off.
    """

    first: dt.date
    last: dt.date
    others: Mapping[dt.date, Other]
    unknown: Sequence[str] = ()

    def worked(self, day: dt.date) -> bool:
        """Whether a day is worked."""
        other = self.others.get(day)
        return is_weekday(day) if other is None else other.working

    def count(self, first: dt.date | None = None, last: dt.date | None = None) -> int:
        """The work days of the span, or from one day of it to another, both included."""
        start, end = max(first or self.first, self.first), min(last or self.last, self.last)
        moved = sum(
            one.working - is_weekday(day) for day, one in self.others.items() if start <= day <= end
        )  # fmt: skip
        return weekdays(start, end) + moved

    @property
    def remark(self) -> str | None:
        """That the holidays of years, or of months, are not known; None where all are."""
        if not self.unknown:
            return None
        text = _(
            "the public holidays of {years} are not known: Monday to Friday are counted as worked. To load a year:"
            " channelctl calendar load FILE"
        )
        return text.format(years=", ".join(self.unknown))


def is_weekday(day: dt.date) -> bool:
    """Monday to Friday."""
    return day.weekday() < _WORKED


def weekdays(first: dt.date, last: dt.date) -> int:
    """How many days from Monday to Friday there are from one day to another; none where the last is before."""
    if last < first:
        return 0
    weeks, rest = divmod((last - first).days + 1, _WEEK)
    return weeks * _WORKED + sum((first.weekday() + one) % _WEEK < _WORKED for one in range(rest))


def calendar(first: dt.date, last: dt.date, decreed: Mapping[dt.date, Other], own: Mapping[dt.date, Other]) -> WorkDays:
    """What holds from one day to another: own days before decreed ones; a year or months with neither are unknown."""
    others = {day: one for day, one in {**decreed, **own}.items() if first <= day <= last}
    return WorkDays(first, last, dict(sorted(others.items())), _unknown(first, last, decreed, own))


def _unknown(first: dt.date, last: dt.date, decreed: Iterable[dt.date], own: Iterable[dt.date]) -> list[str]:
    """The years, and of years that are set by hand in part the months, of a span of which nobody says what is off."""
    known, by_hand = {day.year for day in decreed}, sorted(own)
    years: list[int] = []
    months: list[str] = []
    for year in range(first.year, last.year + 1):
        if year in known:
            continue
        mine = [day.month for day in by_hand if day.year == year]
        if len(mine) < _A_YEAR:
            years.append(year)
            continue
        early = (1, mine[0] - 1 if mine[0] > _FIRST_FEAST else 0)
        late = (mine[-1] + 1 if mine[-1] < _LAST_FEAST else _DECEMBER + 1, _DECEMBER)
        asked = first.month if year == first.year else 1, last.month if year == last.year else _DECEMBER
        months += [
            f"{year}-{start:02}" if start == end else f"{year}-{start:02}–{end:02}"
            for start, end in (early, late)
            if start <= end and start <= asked[1] and asked[0] <= end
        ]
    return [*_runs(years), *months]


def _runs(years: Sequence[int]) -> Iterator[str]:
    """2027–2029 of years that follow each other."""
    for _place, run in groupby(enumerate(years), lambda pair: pair[1] - pair[0]):
        first, *rest = (year for _number, year in run)
        yield f"{first}–{rest[-1]}" if rest else str(first)


def by_month(found: WorkDays) -> list[MonthDays]:
    """A row per month of the span."""
    return [_month(found, first, last) for first, last in _months(found.first, found.last)]


def otherwise(found: WorkDays) -> list[OtherDay]:
    """The days that are otherwise than Monday to Friday has it, and those of own that say what holds anyway."""
    return [
        OtherDay(day, day.isoweekday(), one.working, one.name, OWN if one.own else DECREED)
        for day, one in found.others.items()
        if one.own or one.working != is_weekday(day)
    ]


def _month(found: WorkDays, first: dt.date, last: dt.date) -> MonthDays:
    days, worked = (last - first).days + 1, found.count(first, last)
    moved = [(day, one.working) for day, one in found.others.items() if first <= day <= last]
    off = sum(not working and is_weekday(day) for day, working in moved)
    extra = sum(working and not is_weekday(day) for day, working in moved)
    return MonthDays(f"{first:%Y-%m}", first, last, days, worked, days - worked, off, extra)


def _months(first: dt.date, last: dt.date) -> Iterator[tuple[dt.date, dt.date]]:
    """The first and last day of each month, the span's own at its ends."""
    start = first
    while start <= last:
        following = (start.replace(day=1) + dt.timedelta(days=31)).replace(day=1)
        yield start, min(last, following - _DAY)
        start = following
