"""Dates that lack something or stand in several columns: 5月3日, 3日, and columns headed 年, 月 and 日."""

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from channelctl.sheets import days, headings
from channelctl.sheets.problems import Flaw
from channelctl.sheets.shapes import spans
from channelctl.sheets.shapes.measures import Seen
from channelctl.sheets.shapes.shape import Dated
from channelctl.sheets.shapes.spans import Span
from channelctl.sheets.wording import is_total, text

_DAY_ALONE = re.compile(r"(\d{1,2})\s*[日号]?")
_MONTH_DAY = re.compile(r"(\d{1,2})\s*(?:[-./]|月)\s*(\d{1,2})\s*[日号]?")
_ISO = re.compile(r"\d{4}-\d\d-\d\d")
_YEAR = re.compile(r"((?:19|20)\d\d)\s*年?")
_YEARS = frozenset(("年", "年份", "年度", "year"))
_DAYS = frozenset(("日", "日子", "几号", "day"))


def parts_of(cell: Any) -> tuple[int, int] | None:
    """Month (0 where the cell has none) and day of a date without a year."""
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        return (0, int(cell)) if cell == int(cell) and 1 <= cell <= 31 else None
    if not isinstance(cell, str):
        return None
    plain = unicodedata.normalize("NFKC", cell).strip()
    if found := _DAY_ALONE.fullmatch(plain):
        return (0, int(found[1])) if 1 <= int(found[1]) <= 31 else None
    found = _MONTH_DAY.fullmatch(plain)
    return (int(found[1]), int(found[2])) if found and 1 <= int(found[1]) <= 12 and 1 <= int(found[2]) <= 31 else None


def column(words: Mapping[int, str]) -> int | None:
    """The column that is headed as days of a month."""
    return next((index for index, word in words.items() if headings.key(word) in _DAYS), None)


def holds(seen: Seen, row: int, index: int, named: Sequence[int]) -> bool:
    """Whether the first rows hold days of a month in a column; blanks are of merged cells or of no line."""
    inside = {n for box in seen.merged if box[1] == index for n in range(box[0] + 1, box[2] + 1)}
    found = []
    for number, cells in enumerate(seen.rows[row + 1 :], row + 1):
        word = text(cells[index]) if index < len(cells) else None
        if word is not None and not is_total(word):
            found.append(parts_of(cells[index]))
        elif word is None and number not in inside:
            who = [one for place in named if place < len(cells) and (one := text(cells[place]))]
            found += [None] if who and not any(map(is_total, who)) else []
    return bool(found) and all(parts is not None and parts[0] == 0 for parts in found)


def year_column(seen: Seen, row: int, words: Mapping[int, str]) -> int | None:
    """The column that is headed as years, and holds one in the first row that has anything there."""
    index = next((index for index, word in words.items() if headings.key(word) in _YEARS), None)
    if index is None:
        return None
    cells = (cells[index] for cells in seen.rows[row + 1 :] if index < len(cells))
    first = next((cell for cell in cells if text(cell) is not None), None)
    return index if _year_of(first) else None


def _year_of(cell: Any) -> int:
    """The year in a cell, 0 where there is none."""
    found = _YEAR.fullmatch(unicodedata.normalize("NFKC", text(cell) or ""))
    return int(found[1]) if found else 0


def is_day(cell: Any) -> bool:
    """Whether a cell holds a whole date."""
    if isinstance(cell, dt.date):
        return True
    try:
        return days.Dates()[cell] is not None
    except days.OpenOrder:
        return True


def completed(shape: Dated, row: Sequence[Any]) -> Any:
    """The ISO day of a row; where its cell holds no such date, the cell as it is."""
    if shape.day:
        return shape.day
    cell = row[shape.column] if shape.column is not None else ""
    year = shape.year if shape.year_column is None else _year_of(row[shape.year_column])
    if shape.months:
        return _month_end(year, cell)
    parts = parts_of(cell)
    if parts is None:
        return cell
    month = parts[0] or shape.month
    if shape.month_column is not None:
        end = _month_end(year, row[shape.month_column])
        if not isinstance(end, str) or not _ISO.fullmatch(end):
            return end
        year, month = int(end[:4]), int(end[5:7])
    try:
        return dt.date(year, month, parts[1]).isoformat() if month else cell
    except ValueError:
        return f"{year}-{month:02d}-{parts[1]:02d}" if shape.month_column is not None else cell


def _month_end(year: int, cell: Any) -> Any:
    found = days.month(cell)
    if found is None:
        return cell
    span = spans.read(cell) if isinstance(found, Flaw) else Span("month", int(found[:4]), int(found[5:]))
    if span is not None and span.unit == "number" and span.day <= 12:
        span = Span("month", None, span.day)
    if span is None or span.unit != "month" or span.running or not (span.year or year):
        return cell
    day = span.last_day(year, 0)
    return day.isoformat() if day else cell
