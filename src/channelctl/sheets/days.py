"""Cells as days and months, however a sheet writes them."""

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from channelctl.i18n import _
from channelctl.sheets.failed import failure
from channelctl.sheets.problems import Flaw
from channelctl.sheets.wording import BLANK_MARKS, bare, text

_DIGITS_15 = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\d{6})?")
_YMD = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*[日号]?(?:[ T]*\d{1,2}[:时]\d{1,2}.*)?")
_MONTH = re.compile(r"(\d{4})(?:\s*[-./年]\s*(\d{1,2})|(\d{2}))\s*月?份?")
_WEEKDAY = re.compile(r"\s*[(\[]?\s*(?:星期|周|礼拜)[一二三四五六日天]\s*[)\]]?\s*$")
_SHORT = re.compile(r"(\d{1,2})\s*[-./]\s*(\d{1,2})\s*[-./]\s*(\d{4}|\d{1,2})(?:[ T]+\d{1,2}:\d{1,2}.*)?")
_NAMED = re.compile(
    r"(\d{1,2})[-\s]([a-z]{3})[a-z]*[-\s,]+(\d{4}|\d{2})|([a-z]{3})[a-z]*\.?\s+(\d{1,2}),?\s+(\d{4})", re.I
)
_MONTH_NAMES = {name: n for n, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_ORDERS = ("dmy", "mdy", "ymd")
# Outside these a date column's figure is no day of business: a quantity in the wrong column, Excel's empty date, or
# a month, for 202405 would be a day in 2454.
_FIRST_SERIAL, _LAST_SERIAL, _FIRST_YEAR, _FIRST_MONTH = 10_000, 99_999, 1900, "1990"
_CENTURY = 70
_EPOCH = {False: dt.date(1899, 12, 30), True: dt.date(1904, 1, 1)}


class OpenOrder(Exception):
    """A text date such as 3/5/2024 was met before the column's day and month order is settled."""


class Dates(dict[Any, str | None]):
    """Cells to ISO days, each distinct cell read once; `flaws` holds the cells that are no date.

    `order` is "dmy", "mdy" or "ymd" for texts such as 3/5/2024; while it is None such a text raises OpenOrder.
    """

    def __init__(self, order: str | None = None, epoch_1904: bool = False) -> None:
        super().__init__()
        self.order = order
        self.epoch_1904 = epoch_1904
        self.flaws: dict[Any, Flaw] = {}

    def __missing__(self, cell: Any) -> str | None:
        day = self._read(cell)
        if isinstance(day, Flaw):
            self.flaws[cell] = day
            day = None
        self[cell] = day
        return day

    def _read(self, cell: Any) -> str | Flaw | None:
        if isinstance(cell, dt.date):
            return cell.isoformat()[:10] if cell.year > _FIRST_YEAR else _no_date(cell)
        if isinstance(cell, float | int) and not isinstance(cell, bool):
            return self._serial(float(cell))
        if cell is None or (isinstance(cell, str) and not cell.strip()):
            return None
        if not isinstance(cell, str):
            return _no_date(cell)
        plain = unicodedata.normalize("NFKC", bare(cell)).strip()
        if plain in BLANK_MARKS or plain == "":
            return None
        return self._text(_WEEKDAY.sub("", plain), cell)

    def _serial(self, cell: float) -> str | Flaw:
        if 19000101 <= cell <= 99991231 and cell.is_integer():
            return self._text(str(int(cell)), cell)
        if _FIRST_SERIAL <= cell < _LAST_SERIAL + 1:
            return (_EPOCH[self.epoch_1904] + dt.timedelta(days=int(cell))).isoformat()
        return _no_date(cell)

    def _text(self, plain: str, cell: Any) -> str | Flaw:
        found = _YMD.fullmatch(plain) or _DIGITS_15.fullmatch(plain)
        if found:
            return _day(found[1], found[2], found[3], cell)
        named = _NAMED.fullmatch(plain)
        if named:
            day, month, year = (named[1], named[2], named[3]) if named[1] else (named[5], named[4], named[6])
            return _day(year, _MONTH_NAMES.get(month.lower(), 0), day, cell)
        short = _SHORT.fullmatch(plain)
        if short:
            orders = (self.order,) if self.order else _ORDERS
            days = {day for order in orders if isinstance(day := _in_order(order, short.groups(), cell), str)}
            if len(days) > 1:
                raise OpenOrder
            return days.pop() if days else _no_date(cell)
        if re.fullmatch(r"\d{5}(?:\.\d+)?", plain):
            return self._serial(float(plain))
        return _no_date(cell)


def orders(cells: Sequence[Any]) -> set[str]:
    """The orders of day, month and year that every short text date of the column allows, impossible ones left out."""
    possible = set(_ORDERS)
    if str not in {*map(type, cells)}:
        return possible
    for cell in cells:
        short = _SHORT.fullmatch(unicodedata.normalize("NFKC", cell).strip()) if isinstance(cell, str) else None
        allowed = {order for order in _ORDERS if _allows(order, short.groups())} if short else None
        if allowed:
            possible &= allowed
    return possible


def undecided(cells: Sequence[Any]) -> tuple[str, dict[str, str]] | None:
    """The first text date that the column's possible orders read as different days, and the day each makes of it."""
    possible = orders(cells) or set(_ORDERS)
    for cell in cells:
        short = _SHORT.fullmatch(unicodedata.normalize("NFKC", cell).strip()) if isinstance(cell, str) else None
        if short:
            read = {order: _in_order(order, short.groups(), cell) for order in _ORDERS if order in possible}
            days = {order: day for order, day in read.items() if isinstance(day, str)}
            if len(set(days.values())) > 1:
                return cell.strip(), days
    return None


def _allows(order: str, groups: Sequence[str]) -> bool:
    """Whether the three numbers are a day in this order."""
    return isinstance(_in_order(order, groups, ""), str)


def _in_order(order: str, groups: Sequence[str], cell: Any) -> str | Flaw:
    """The day that three numbers name in this order; a year has two digits or four."""
    parts = dict(zip(order, groups, strict=True))
    if len(parts["y"]) not in (2, 4) or len(parts["m"]) > 2 or len(parts["d"]) > 2:
        return _no_date(cell)
    return _day(parts["y"], parts["m"], parts["d"], cell)


def _day(year: str, month: str | int, day: str, cell: Any) -> str | Flaw:
    full = int(year) + (0 if len(year) > 2 else 2000 if int(year) < _CENTURY else 1900)
    try:
        return dt.date(full, int(month), int(day)).isoformat() if full > _FIRST_YEAR else _no_date(cell)
    except ValueError:
        return _no_date(cell)


def _no_date(cell: Any) -> Flaw:
    said = _("{value} is not a date; dates are written like 2024-05-03")
    return failure(cell) or Flaw("E202", said.format(value=text(cell)))


def month(cell: Any, epoch_1904: bool = False) -> str | Flaw | None:
    """2024-05 out of a date, 2024-05, 2024年5月, 202405; the number 2024.1 may be January or, cut short, October."""
    if isinstance(cell, dt.date):
        return f"{cell.year}-{cell.month:02d}"
    plain = text(cell)
    if plain is None:
        return None
    found = _MONTH.fullmatch(unicodedata.normalize("NFKC", plain))
    number = int(found[2] or found[3]) if found else 0
    october = isinstance(cell, float) and plain.endswith(".1")
    if found and 1 <= number <= 12 and not october:
        return f"{found[1]}-{number:02d}"
    day = None if october else Dates("ymd", epoch_1904)[cell]
    if day and day > _FIRST_MONTH:
        return day[:7]
    return failure(cell) or Flaw("E207", _("“{value}” is not a month; it is written as 2024-05").format(value=plain))
