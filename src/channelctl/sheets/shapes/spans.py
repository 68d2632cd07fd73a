"""What headings, titles and names say of time: 2024年1月, 1-3月累计, 截至5月10日, Jan-24, 5/1, Q2."""

import calendar
import datetime as dt
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from channelctl.sheets import headings
from channelctl.sheets.wording import is_signature

_CHINESE = {"十二": 12, "十一": 11, "十": 10, **dict(zip("一二三四五六七八九", range(1, 10), strict=True))}
_NAME = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?"
)
_MONTH_NAMES = {name[:3]: number for number, name in enumerate(_NAME.split("|"), 1)}
_Y, _M, _D = r"(?P<y>20\d{2}|\d{2}(?=年))", r"(?P<m>\d{1,2})", r"(?P<d>\d{1,2})"
_RANGE = re.compile(rf"(?:(?P<y>20\d{{2}})年)?1月?[-~至到—–]{_M}月份?")
_SEVERAL = re.compile(r"(?:(?P<y>20\d{2})年?)?(?P<first>\d{1,2})月?[-~至到—–](?P<last>\d{1,2})月份?")
_TENTHS = {"上": range(1, 11), "中": range(11, 21), "下": range(21, 32)}
_TENTH = re.compile(r"(?:\d+月|本月)?([上中下])旬(?:小计|合计|累计|销售额|金额|数量)?")
_SHAPES = (
    re.compile(r"(?:(?P<y>20\d{2})年?[-./]?)?(?:第?(?P<q>[1-4])季度?|q(?P<q2>[1-4])(?!\d))"),
    re.compile(r"(?:(?P<y>20\d{2})年?)?(?:(?P<first>上)|(?P<second>下))半年"),
    re.compile(rf"(?P<y>20\d{{2}})[-./年]{_M}[-./月]{_D}[日号]?(?!\d)"),
    re.compile(r"(?P<y>20\d{2})(?P<m>0[1-9]|1[0-2])(?P<d>[0-3]\d)(?!\d)"),
    re.compile(rf"{_Y}[-./年]{_M}(?!\d)(?:月份?)?"),
    re.compile(r"(?P<y>20\d{2})(?P<m>0[1-9]|1[0-2])(?!\d)"),
    re.compile(rf"{_M}月{_D}(?!\d)[日号]?"),
    re.compile(rf"{_M}[-./]{_D}(?:[日号]|$)"),
    re.compile(rf"{_M}月份?(?!\d)"),
    re.compile(rf"{_D}[日号](?!\d)"),
    re.compile(rf"(?P<name>{_NAME})[-./' ]?(?P<y>20\d{{2}}|\d{{2}})?(?!\d)"),
    re.compile(rf"(?P<y>20\d{{2}})[-./ ]?(?P<name>{_NAME})"),
    re.compile(r"(?P<y>20\d{2})年?度?(?!\d)"),
)
_SINCE = re.compile(r"^(?:截[至止]到?|到)")
_RUNNING = re.compile(r"累计|累积|(?<![a-z])(?:[ymq]td|to date|cumulative|cum)(?![a-z])")
_NOT_NOW = re.compile(
    r"去年|上年|前年|往年|同期|上月|上周|上期|同比|环比|增长|增幅|占比|比重|差异|目标|任务|计划|预算|指标|预测|完成率|达成"
    r"|last (?:year|month)|previous|prior|target|budget|plan(?:ned)?|forecast|quota|growth|share|yoy"
)
_ASIDE = re.compile(
    r"(?:去年|上年|前年|上月|上期)?(?:同期|同比|环比)?(?:销售额?|累计|数)?(?:增长|增幅|增减|占比|比重|完成|达成|差异)?(?:率|额|量)?"
    r"|平均值?|均值|目标|任务|average|share|growth(?: rate)?|last year|yoy|mom|target"
)
_YEAR = re.compile(r"(?<!\d)(20\d{2})(?=年|[-./_ 、)\]]|$|\D|(?:0[1-9]|1[0-2])(?:[0-3]\d)?(?!\d))")
_BARE_MONTH = re.compile(r"(?<![\d~至到-])(1[0-2]|0?[1-9])月")
_DAY = re.compile(
    r"(?<!\d)(?:(20\d{2})[-./年](\d{1,2})[-./月](\d{1,2})(?!\d)|(\d{1,2})月(\d{1,2})(?!\d)|(20\d{2})([01]\d)([0-3]\d)(?!\d))"
)
_LONGER = re.compile(r"(?<!\d)\d{1,2}月?[-~至到—–]+\d{1,2}月|季度|半年|(?<![a-z])q[1-4](?!\d)")
_TIMES = re.compile(
    r"\.rejected(?:-\d+)?|(?<!\d)20\d{2}[-._/年]?(?:\d{1,2}(?!\d))?[-/_月]?(?:\d{1,2}(?!\d))?日?|(?<!\d)20\d{4}(?:\d{2})?(?!\d)"
    r"|(?<![0-9a-z])(?:0[1-9]|1[0-2])[0-3]\d(?!\d)|(?<![0-9a-z])\d{1,2}[-.]\d{1,2}(?![0-9a-z])"
    r"|\d{1,2}(?:[-~至到]\d{1,2})?(?:月份?|[日号]|季度?)|(?:十[一二]?|[一二三四五六七八九])月|\(\d+\)"
    r"|(?:sheet|工作表)\d+|截[至止]到?|副本|\s|[-_~至到]"
)


class Span(NamedTuple):
    """A stretch of time: `unit` is day, month, quarter, half, year, several (months) or number (a bare 1 to 31).

    `running` counts from the start of the month or year; `rest` is what the heading says besides; several months go
    from `first` to `last`.
    """

    unit: str
    year: int | None = None
    number: int = 0
    day: int = 0
    running: bool = False
    rest: str = ""
    is_cell: bool = False
    first: int = 0
    last: int = 0

    @property
    def months(self) -> range:
        """The months of its year that it covers."""
        if self.unit == "month":
            return range(1 if self.running else self.number, self.number + 1)
        if self.first:
            return range(self.first, self.last + 1)
        size = {"quarter": 3, "half": 6, "year": 12}.get(self.unit, 0)
        return range((self.number - 1) * size + 1, self.number * size + 1) if size else range(0)

    def last_day(self, year: int, month: int) -> dt.date | None:
        """The day, or the month's last, the open parts filled in; None for a day that there is not."""
        year = self.year or year
        try:
            if self.unit == "month":
                return dt.date(year, self.number, calendar.monthrange(year, self.number)[1])
            return dt.date(year, self.number or month, self.day)
        except (ValueError, calendar.IllegalMonthError):
            return None


@lru_cache(maxsize=16384, typed=True)
def read(cell: Any) -> Span | None:
    """The span that a heading names, None where it names none."""
    if isinstance(cell, dt.date):
        return Span("day", cell.year, cell.month, cell.day, is_cell=True)
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        if 1 <= cell <= 31 and cell == int(cell):
            return Span("number", None, 0, int(cell))
        cell = f"{cell:.15g}"
        if re.fullmatch(r"20\d\d\.1", cell):
            return Span("several")
    if not isinstance(cell, str) or not cell.strip() or len(cell) > 60:
        return None
    plain = re.sub(r"(十[一二]?|[一二三四五六七八九])(?=月)", lambda found: str(_CHINESE[found[1]]), _plain(cell))
    plain = re.sub(r"第?([一二三四])(?=季)", lambda found: str(_CHINESE[found[1]]), plain).replace("元月", "1月")
    since = _SINCE.match(plain)
    plain = plain[since.end() :] if since else plain
    if re.fullmatch(r"\d{1,2}", plain):
        return Span("number", None, 0, int(plain)) if 1 <= int(plain) <= 31 else None
    if found := _RANGE.match(plain):
        return _span(found, plain, True)
    if found := _SEVERAL.match(plain):
        year, first, last = (int(part or 0) for part in found.groups())
        first, last = (first, last) if 1 <= first < last <= 12 else (0, 0)
        return Span("several", year or None, rest=plain[found.end() :], first=first, last=last)
    for shape in _SHAPES:
        if found := shape.match(plain):
            return _span(found, plain, bool(since))
    return None


def _plain(cell: str) -> str:
    return re.sub(r"\s+", "", headings.simplify(cell))


def _span(found: re.Match[str], plain: str, running: bool) -> Span | None:
    part = found.groupdict()
    year = int(part["y"]) if part.get("y") else None
    year = year + 2000 if year is not None and year < 100 else year
    rest = plain[found.end() :]
    running = running or bool(_RUNNING.search(rest))
    rest = _RUNNING.sub("", rest).strip("-_:()（）") if _RUNNING.search(rest) else rest
    if quarter := part.get("q") or part.get("q2"):
        return Span("quarter", year, int(quarter), 0, running, rest)
    if "first" in part:
        return Span("half", year, 1 if part["first"] else 2, 0, running, rest)
    month = _MONTH_NAMES[part["name"][:3]] if part.get("name") else int(part.get("m") or 0)
    day = int(part.get("d") or 0)
    if month > 12 or day > 31 or not (month or day or year):
        return None
    if day:
        return Span("day", year, month, day, running, rest)
    return Span("month", year, month, 0, running, rest) if month else Span("year", year, 1, 0, running, rest)


def tenth(word: str) -> range:
    """The days of the month that 上旬, 中旬小计 or 下旬 stands for; none for other words."""
    found = _TENTH.fullmatch(headings.key(word))
    return _TENTHS[found[1]] if found else range(0)


def is_running(word: str) -> bool:
    """累计, 本月累计, MTD: a figure since the start of the month or the year."""
    return bool(_RUNNING.search(headings.simplify(word)))


def of_month(word: str) -> bool:
    """本月累计, MTD: a figure since the start of the month."""
    return is_running(word) and bool(re.search(r"[本当]?月|mtd|month", headings.simplify(word)))


def of_year(word: str) -> bool:
    """年累计, YTD, 1-5月累计: a figure since the start of the year."""
    return is_running(word) and bool(re.search(r"年|ytd|qtd|季|year|1-\d+月", headings.simplify(word)))


def without_running(word: str) -> str:
    """本月累计销售额 → 销售额."""
    plain = _RUNNING.sub("", re.sub(r"[本当]?[年月]|month|year|[(（)）\[\]]", "", headings.simplify(word)))
    return plain.strip(" -_/:")


def is_other(word: str) -> bool:
    """去年同期, 目标, 同比: a figure of another time or kind than the sales themselves."""
    return bool(_NOT_NOW.search(headings.simplify(word)))


def is_aside(label: str) -> bool:
    """同比, 占比%, 去年同期: what names a row of shares or comparisons, not somebody's."""
    return bool(_ASIDE.fullmatch(re.sub(r"[\s%()（）:：-]", "", headings.simplify(label))))


def year_said(texts: Sequence[str]) -> int | None:
    """The one year that the first text with any names."""
    for text in texts:
        found = set(_YEAR.findall(headings.simplify(text)))
        found |= {f"20{year}" for year in re.findall(r"(?<!\d)(\d{2})年", headings.simplify(text))}
        if found:
            return int(found.pop()) if len(found) == 1 else None
    return None


def month_said(texts: Sequence[str]) -> str | None:
    """2024-05 where a text names it, or one names the month and one the year."""
    for text in texts:
        if found := _month_of(text):
            return found
    year = year_said(texts)
    for text in texts if year else ():
        if _LONGER.search(_digits(text)):
            return None
        months = {int(number) for number in _BARE_MONTH.findall(_digits(text))}
        if months:
            return f"{year}-{months.pop():02d}" if len(months) == 1 else None
    return None


def day_said(texts: Sequence[str]) -> str | None:
    """The day that the first text with any names; of several in one month the last, as in 5月1日至5月10日."""
    year = year_said(texts)
    for text in texts:
        days: set[dt.date] = set()
        for found in _DAY.finditer(re.sub(r"\s+", "", headings.simplify(text))):
            own = found[1] or found[6] or year or 0
            month, day = found[2] or found[4] or found[7], found[3] or found[5] or found[8]
            try:
                days.add(dt.date(int(own), int(month), int(day)))
            except ValueError:
                continue
        if days:
            return max(days).isoformat() if len({(day.year, day.month) for day in days}) == 1 else None
    return None


def when(texts: Sequence[str]) -> str | None:
    """The day that the nearest text tells, or the last one of the month that it tells."""
    year = year_said(texts)
    for text in texts:
        month = _month_of(text)
        if _LONGER.search(re.sub(r"\s", "", _digits(text))):
            return None
        if found := day_said([text, str(year)] if year else [text]) or (month and _month_end(month)):
            return found
    month = month_said(texts)
    return _month_end(month) if month else None


def _month_of(text: str) -> str | None:
    """The one month that a text names with its year, None where it speaks of several."""
    return None if _LONGER.search(re.sub(r"\s", "", _digits(text))) else headings.title_month(text)


def _month_end(month: str) -> str:
    day = Span("month", int(month[:4]), int(month[5:])).last_day(0, 0)
    return day.isoformat() if day else ""


def spoken(rows: Iterable[Sequence[Any]]) -> list[str]:
    """The texts of title rows, without who made the sheet and when."""
    return [
        cell
        for row in rows
        for cell in row
        if isinstance(cell, str) and cell.strip() and not is_signature(cell.strip())
    ]


def series(texts: Iterable[str]) -> str:
    """What stays of names and titles from one month's sheet to the next: all but the times in them."""
    return "|".join(sorted({plain for text in texts if (plain := _TIMES.sub("", headings.simplify(text)))}))


def _digits(text: str) -> str:
    return re.sub(
        r"(十[一二]?|[一二三四五六七八九])(?=月)", lambda found: str(_CHINESE[found[1]]), headings.simplify(text)
    )
