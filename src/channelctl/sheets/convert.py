"""Cells to exact values, a column at a time. A cell that cannot be read becomes a Flaw under its index."""

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from channelctl import money
from channelctl.i18n import _
from channelctl.sheets.days import Dates, month
from channelctl.sheets.failed import EXCEL_ERRORS, excel_error, failure
from channelctl.sheets.problems import Flaw
from channelctl.sheets.wording import BLANK_MARKS, bare, text

Flaws = dict[int, Flaw]
_NUMBER = re.compile(r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d*)?(?:e[-+]?\d{1,2})?", re.IGNORECASE)
# Texts that a float holds so nearly that 1/10,000ths of it, below _SURE, round to what is written.
_SHORT_NUMBER = re.compile(r"[-+]?(?:\d{1,11}|\d{1,3}(?:,\d{3}){1,3})(?:\.\d{1,4})?", re.ASCII)
_SURE = 1e15
LARGEST = 9 * 10**15
_SCALE = 10_000.0
_MOST_PLAIN = 10**15
_TRUE = frozenset(
    ("是", "y", "yes", "true", "1", "√", "✓", "t", "核心", "对", "上班", "班", "补班", "工作", "工作日", "调休")
)
_GAP = re.compile(r"(?<=^[-+]) +|(?<=\d) (?=\d{3}(?!\d))| +(?=-$)")
_FALSE = frozenset(
    ("否", "n", "no", "false", "0", "×", "x", "f", "非核心", "休", "休息", "休息日", "放假", "公休", "节假日")
)


def number(cell: Any) -> Decimal | Flaw | None:
    """A cell as an exact number: separators, ￥, full-width digits, (1) or 1- for negatives, 1.2万."""
    if type(cell) is float and math.isfinite(cell):
        return Decimal(f"{cell:.15g}")
    if cell is None or cell == "":
        return None
    if isinstance(cell, bool) or not isinstance(cell, str | int):
        return _no_number(cell)
    if isinstance(cell, int):
        return Decimal(cell)
    plain = unicodedata.normalize("NFKC", bare(cell)).replace("−", "-").strip()
    if plain == "" or plain in BLANK_MARKS:
        return None
    plain = re.sub(r"^([-+(]?)\s*(?:¥|rmb|cny|\$)\s*", r"\1", plain, flags=re.I)
    negative = plain[:1] == "(" and plain[-1] == ")" and not ({"-", "+"} & {*plain})
    if negative:
        plain = plain[1:-1].strip()
    factor = 1
    ending = re.search(r"\s*(万元|万|元|台|个|件|吨|只|套|箱)$", plain)
    if ending:
        factor = 10_000 if ending[1].startswith("万") else 1
        plain = plain[: ending.start()]
    plain = _GAP.sub("", plain)
    if plain.endswith("-") and not plain.startswith("-"):
        plain = "-" + plain[:-1]
    if not _NUMBER.fullmatch(plain) or not any(c.isdigit() for c in plain):
        return _no_number(cell)
    try:
        value = Decimal(plain.replace(",", "")) * factor
    except InvalidOperation:
        return _no_number(cell)
    return -value if negative else value


def _no_number(cell: Any) -> Flaw:
    said = _("“{value}” is not a number; digits are needed, such as 1,234.50")
    return failure(cell) or Flaw("E204", said.format(value=cell.strip() if isinstance(cell, str) else text(cell)))


def units(cells: Sequence[Any], factor: Decimal | None = None) -> tuple[list[int | None], Flaws, list[int]]:
    """A column as whole 1/10,000ths; also the flaws, and the places of values that had to be rounded."""
    scale = 10_000.0 * (float(factor) if factor else 1.0)
    if scale == _SCALE and (plain := _plain_units(cells)) is not None:
        return plain, {}, []
    keeps_decimals = not factor or factor == int(factor)
    out: list[int | None] = []
    flaws: Flaws = {}
    rounded: list[int] = []
    for place, cell in enumerate(cells):
        if type(cell) is float:
            scaled = cell * scale
            if -9e15 < scaled < 9e15:
                whole = round(scaled)
                off = scaled - whole
                if -1e-6 < off < 1e-6 or abs(off) <= abs(scaled) * 4e-16:
                    out.append(whole)
                    continue
        elif cell == "":
            out.append(None)
            continue
        elif keeps_decimals and type(cell) is str and _SHORT_NUMBER.fullmatch(cell):
            scaled = float(cell.replace(",", "")) * scale
            if -_SURE < scaled < _SURE:
                out.append(round(scaled))
                continue
        value = number(cell)
        if isinstance(value, Flaw):
            flaws[place] = value
            value = None
        elif value is not None:
            value = value * factor if factor else value
            if not value.is_finite() or abs(value) * 10_000 > LARGEST:
                flaws[place] = Flaw("E205", _("{value} is too large").format(value=text(cell)))
                value = None
            elif not money.is_exact(value):
                rounded.append(place)
        out.append(None if value is None else money.to_units(value))
    return out, flaws, rounded


def _plain_units(cells: Sequence[Any]) -> list[int | None] | None:
    """A column of nothing but numbers that whole 1/10,000ths say exactly; None for any other."""
    if {*map(type, cells)} != {float}:
        return None
    try:
        whole = [round(cell * _SCALE) for cell in cells]
    except (ValueError, OverflowError):
        return None
    if max(whole) > _MOST_PLAIN or min(whole) < -_MOST_PLAIN:
        return None
    return whole if [one / _SCALE for one in whole] == cells else None


def flag(cell: Any) -> bool | Flaw | None:
    """Yes, no, or blank."""
    plain = text(cell)
    if plain is None:
        return None
    word = unicodedata.normalize("NFKC", plain).casefold()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    return failure(cell) or Flaw("E206", _("“{value}” is neither yes (是) nor no (否)").format(value=plain))


def one(
    kind: str, dates: Dates, factor: Decimal | None = None, on_rounded: Callable[[Any], None] | None = None
) -> Callable[[Any], Any]:
    """The reading of a single cell of a column kind: exact Decimals, ISO days, texts; a Flaw where it cannot be.

    Figures are multiplied by `factor` before they are rounded to 1/10,000, of which `on_rounded` is told.
    """

    def amount(cell: Any) -> Any:
        value = number(cell)
        if isinstance(value, Decimal):
            value = value * factor if factor else value
            if not value.is_finite() or abs(value) * 10_000 > LARGEST:
                return Flaw("E205", _("{value} is too large").format(value=text(cell)))
            if on_rounded is not None and not money.is_exact(value):
                on_rounded(cell)
            return money.from_units(money.to_units(value))
        return value

    def word(cell: Any) -> Any:
        plain = text(cell)
        return excel_error(plain) if plain is not None and plain in EXCEL_ERRORS else plain

    def day(cell: Any) -> Any:
        found = dates[cell]
        return dates.flaws.get(cell) or (dt.date.fromisoformat(found) if found else None)

    readers: dict[str, Callable[[Any], Any]] = {
        "money": amount,
        "quantity": amount,
        "score": amount,
        "date": day,
        "month": lambda cell: month(cell, dates.epoch_1904),
        "flag": flag,
    }
    return readers.get(kind, word)
