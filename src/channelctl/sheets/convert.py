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
from channelctl.sheets.failed import EXCEL_ERRORS, cut, excel_error, failure
from channelctl.sheets.problems import Flaw

Flaws = dict[int, Flaw]

_NUMBER = re.compile(r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d*)?(?:e[-+]?\d{1,2})?", re.IGNORECASE)
# Texts that a float holds so nearly that 1/10,000ths of it, below _SURE, round to what is written.
_SHORT_NUMBER = re.compile(r"[-+]?(?:\d{1,11}|\d{1,3}(?:,\d{3}){1,3})(?:\.\d{1,4})?", re.ASCII)
_SURE = 1e15
_BLANK_MARKS = frozenset(("-", "--", "—", "——", "/", "\\", "–"))
LARGEST = 9 * 10**15
_SCALE = 10_000.0
_MOST_PLAIN = 10**15
_CUT_FROM = 10**15
_FAILED = frozenset(("E208", "E209"))
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
_TRUE = frozenset(("是", "y", "yes", "true", "1", "√", "✓", "t", "核心", "对"))
_GAP = re.compile(r"(?<=^[-+]) +|(?<=\d) (?=\d{3}(?!\d))| +(?=-$)")
_AS_TEXT = re.compile(r'="(.*)"', re.DOTALL)
_FALSE = frozenset(("否", "n", "no", "false", "0", "×", "x", "f", "非核心"))
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
# What an export puts a quotation mark before, so that no spreadsheet runs it.
_NEUTRALISED = ("=", "+", "-", "@")
# Blanks around a text, and signs of no width, in whatever order.
_EDGES = re.compile(r"\A[\s\ufeff\u200b]+|[\s\ufeff\u200b]+\Z")
_LINE_BREAK = re.compile(r"\s*[\r\n\t]+\s*")


class OpenOrder(Exception):
    """A text date such as 3/5/2024 was met before the column's day and month order is settled."""


def text(cell: Any) -> str | None:
    """A cell as text: 1003.0 is 1003, ="007" is 007; blanks around and control characters go; nothing left is None.

    A number of more digits than a spreadsheet keeps is one of EXCEL_ERRORS: 2.0240503E+17.
    """
    if type(cell) is str:
        clean = cell.strip()
        if not clean.isprintable():
            clean = _EDGES.sub("", _CONTROL.sub("", _LINE_BREAK.sub(" ", clean)))
        if clean[:2] == '="':
            clean = _bare(clean)
        if clean[:1] == "'" and clean[1:2] in _NEUTRALISED:
            clean = clean[1:]
        return clean or None
    if cell is None:
        return None
    if type(cell) is float:
        if cell.is_integer():
            return str(int(cell)) if abs(cell) < _CUT_FROM else cut(cell)
        return format(Decimal(f"{cell:.15g}"), "f")
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(" ")
    return str(cell)


def texts(cells: Sequence[Any]) -> list[str | None]:
    """A column as texts."""
    try:
        whole = "".join(cells)
    except TypeError:
        return [text(cell) for cell in cells]
    # Most columns of codes hold nothing to clean: a blank is the only one of the signs looked for that is printable.
    if whole.isprintable() and not any(sign in whole for sign in " ='"):
        return [cell or None for cell in cells]
    return [text(cell) for cell in cells]


def _bare(cell: str) -> str:
    """Without blanks around, and out of the ="007" by which a CSV keeps Excel from taking a code for a number."""
    bare = cell.strip().strip("\ufeff\u200b")
    quoted = _AS_TEXT.fullmatch(bare) if bare[:2] == '="' else None
    return _EDGES.sub("", quoted[1]) if quoted else bare


class Texts(dict[Any, str | None]):
    """Cells to texts, each distinct cell cleaned once; `totals` label a totals row, `errors` are of EXCEL_ERRORS."""

    def __init__(self) -> None:
        super().__init__()
        self.totals: set[str] = set()
        self.errors: set[str] = set()

    def __missing__(self, cell: Any) -> str | None:
        clean = text(cell)
        if clean is not None and is_total(clean):
            self.totals.add(clean)
        elif clean is not None and clean in EXCEL_ERRORS:
            self.errors.add(clean)
        self[cell] = clean
        return clean


_TOTAL = re.compile(
    r"(?:.{0,12}?)(?:[小合总累共小合總纍]\s*[计計]|总额|總額)\s*(?:金额|金額|数量|數量)?\s*(?:[(（].{0,12}[)）])?\s*[:：]?"
    r"|(?:承|接|过|转|過|轉)(?:前|上|次|下)[页頁]"
    r"|(?:.{0,12} )?(?:grand |sub)?[ -]?totals?\s*:?",
    re.IGNORECASE,
)


def is_total(label: str) -> bool:
    """小计, 合计：, 华东 小计, Grand Total; and what is carried over from page to page, 承前页."""
    return len(label) < 24 and _TOTAL.fullmatch(label) is not None


_SIGNATURE = re.compile(
    r"(?:制表|制单|填表|编制|审核|复核|审批|批准|核准|主管|经理|部门经理|财务|会计|出纳|经办|签字|签名|签章|盖章|打印|导出|注|备注|说明)"
    r"(?:人|员|时间|日期)?\s*[:：].*"
    r"|(?:制表|制单|填表|审核|复核|审批|批准|核准|经办|签字|签名|签章|盖章|打印|导出)(?:人|员|时间|日期)?"
    r"|(?:prepared|approved|checked|reviewed|printed|exported)(?: (?:by|on))?\b.*",
    re.IGNORECASE | re.DOTALL,
)


def is_signature(label: str) -> bool:
    """制表：王伟, 审核人, 打印时间：…, Prepared by …: what stands below a table."""
    return _SIGNATURE.fullmatch(label) is not None


def is_unreadable(words: Sequence[str], codes: Sequence[str], day: Flaw | None) -> bool:
    """Whether a row with flaws is a record whose formulas failed, however little else it says.

    Formulas filled down below the last record, which have no day and no word beside them, are none.
    """
    if _FAILED.isdisjoint(codes) or is_signature(words[0] if words else ""):
        return False
    return (day is not None and day.code in _FAILED) or any(word not in EXCEL_ERRORS for word in words)


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
    plain = unicodedata.normalize("NFKC", _bare(cell)).replace("−", "-").strip()
    if plain == "" or plain in _BLANK_MARKS:
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
        plain = unicodedata.normalize("NFKC", _bare(cell)).strip()
        if plain in _BLANK_MARKS or plain == "":
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


def one(kind: str, dates: Dates) -> Callable[[Any], Any]:
    """The reading of a single cell of a column kind: exact Decimals, ISO days, texts; a Flaw where it cannot be."""

    def amount(cell: Any) -> Any:
        value = number(cell)
        if isinstance(value, Decimal):
            if not value.is_finite() or abs(value) * 10_000 > LARGEST:
                return Flaw("E205", _("{value} is too large").format(value=text(cell)))
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
