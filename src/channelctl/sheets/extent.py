"""How far a sheet reaches and how much of that is filled, found out before a parser sets aside memory for it.

Parsers keep a sheet as one rectangle: a single cell in XFD1048576 asks for half a terabyte and ends the process.
"""

import re
from functools import cache
from typing import NamedTuple
from xml.parsers import expat

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
_OVERLAP = 64
_LONGEST_TOKEN = 8 << 20
_REPEATED_SPACES = 32_767

_ROW_LEVELS = (
    (9_999, rb"\d{1,4}"),
    (99_999, rb"\d{1,5}"),
    (199_999, rb"(?:1\d{5}|\d{1,5})"),
    (499_999, rb"(?:[1-4]\d{5}|\d{1,5})"),
    (699_999, rb"(?:[1-6]\d{5}|\d{1,5})"),
    (999_999, rb"\d{1,6}"),
    (MOST_ROWS, rb"(?:\d{1,6}|10[0-3]\d{4}|104[0-7]\d{3}|1048[0-4]\d\d|10485[0-6]\d|104857[0-6])"),
)
_COLUMN_LEVELS = (
    (26, rb"[A-Z]"),
    (78, rb"[AB]?[A-Z]"),
    (130, rb"[A-D]?[A-Z]"),
    (234, rb"[A-H]?[A-Z]"),
    (442, rb"[A-P]?[A-Z]"),
    (702, rb"[A-Z]{1,2}"),
    (MOST_COLUMNS, rb"(?:[A-Z]{1,2}|[A-W][A-Z]{2}|X[A-E][A-Z]|XF[A-D])"),
)
_PLAIN_CELL = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"')
_PREFIXED_CELL = re.compile(rb":c[\s/>]")
_REFERENCE = re.compile(r"([A-Za-z]+)([0-9]+)")


class Extent(NamedTuple):
    """The last filled row and column of a sheet (from 1) and how many cells are filled."""

    rows: int
    columns: int
    filled: int


class BeyondError(Exception):
    """A cell lies outside the largest sheet there is."""


class MalformedError(Exception):
    """The XML is not well-formed, or not what a spreadsheet program writes."""


def column_number(letters: str) -> int:
    """1 for A, 16384 for XFD."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """A for 1, XFD for 16384."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@cache
def _outside(row_level: int, column_level: int) -> re.Pattern[bytes]:
    """Finds a cell that is not written plainly, or lies outside the levels."""
    inside = _COLUMN_LEVELS[column_level][1] + _ROW_LEVELS[row_level][1]
    return re.compile(rb'<c(?! r="' + inside + rb'")[\s/>]')


class Glance:
    """An upper bound of a worksheet's extent from its bytes, in a tenth of the time a parser needs.

    `unclear` is set where the cells are written in a way that only a parser can follow. No more than some `enough`
    cells are counted.
    """

    def __init__(self, enough: int = MOST_ROWS * MOST_COLUMNS) -> None:
        self.unclear = False
        self._enough = enough
        self._row_level = self._column_level = 0
        self._cells = 0
        self._tail = b""

    @property
    def extent(self) -> Extent:
        """At least as far as the last cell reaches; cells of small sheets are not counted."""
        return Extent(_ROW_LEVELS[self._row_level][0], _COLUMN_LEVELS[self._column_level][0], self._cells)

    def feed(self, chunk: bytes, last: bool = False) -> None:
        """The next bytes of the worksheet."""
        if self.unclear:
            return
        text = self._tail + chunk
        end = len(text) if last else max(len(text) - _OVERLAP, 0)
        if b":" in text and b":c" in text and _PREFIXED_CELL.search(text):
            self.unclear = True
        at = 0
        while not self.unclear:
            found = _outside(self._row_level, self._column_level).search(text, at)
            if found is None or found.start() >= end:
                break
            at = found.start()
            self._widen(text, at)
        if (self._row_level > 1 or self._column_level) and self._cells < self._enough:
            self._cells += text.count(b"<c ", 0, end)
        self._tail = text[end:]

    def _widen(self, text: bytes, at: int) -> None:
        before = self._row_level, self._column_level
        if cell := _PLAIN_CELL.match(text, at):
            row, column = int(cell[2]), column_number(cell[1].decode())
            while self._row_level < len(_ROW_LEVELS) - 1 and row > _ROW_LEVELS[self._row_level][0]:
                self._row_level += 1
            while self._column_level < len(_COLUMN_LEVELS) - 1 and column > _COLUMN_LEVELS[self._column_level][0]:
                self._column_level += 1
        self.unclear = before == (self._row_level, self._column_level)


class _Exact:
    """A well-formedness check that follows the cells; children say what the elements mean."""

    def __init__(self) -> None:
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._fed = 0
        self._done: list[Extent] = []
        self._rows = self._columns = self._filled = 0

    def feed(self, chunk: bytes, last: bool = False) -> None:
        """The next bytes of the member."""
        try:
            self._parser.Parse(chunk, last)
        except (expat.ExpatError, ValueError, OverflowError) as error:
            raise MalformedError(str(error)) from None
        self._fed += len(chunk)
        if not last and self._fed - self._parser.CurrentByteIndex > _LONGEST_TOKEN:
            raise MalformedError("a single tag of many megabytes")

    @property
    def extents(self) -> list[Extent]:
        """Of each sheet in the member."""
        return [*self._done, Extent(self._rows, self._columns, self._filled)]

    def _next_sheet(self) -> None:
        self._done = self.extents
        self._rows = self._columns = self._filled = 0

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        raise NotImplementedError

    def _mark(self, row: int, column: int) -> None:
        if row > MOST_ROWS or column > MOST_COLUMNS:
            raise BeyondError
        self._rows, self._columns = max(self._rows, row), max(self._columns, column)
        self._filled += 1


class WorksheetExtent(_Exact):
    """The extent of one worksheet of an xlsx; cells that carry only a format do not count."""

    def __init__(self) -> None:
        super().__init__()
        self._row = self._column = 0
        self._open = False

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.partition(":")[2] or name
        if name == "c":
            self._cell(attributes.get("r"))
        elif name in ("v", "is", "f") and self._open:
            self._mark(self._row, self._column)
            self._open = False
        elif name == "row":
            self._row = int(attributes.get("r") or self._row + 1)
            self._column = 0
            if self._row > MOST_ROWS:
                raise BeyondError

    def _cell(self, reference: str | None) -> None:
        if reference is None:
            self._column += 1
        elif found := _REFERENCE.fullmatch(reference):
            self._row, self._column = int(found[2]), column_number(found[1])
        else:
            raise MalformedError(reference)
        self._open = True


class TableExtent(_Exact):
    """The extents of the tables of an ods; a repeated cell counts as one."""

    def __init__(self) -> None:
        super().__init__()
        self._row = self._column = 0
        self._row_repeat = self._column_repeat = 1
        self._open = False

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "text:p":
            self._fill()
        elif name in ("table:table-cell", "table:covered-table-cell"):
            self._column += self._column_repeat
            self._column_repeat = int(attributes.get("table:number-columns-repeated", 1))
            self._open = True
            if "office:value-type" in attributes or "table:formula" in attributes:
                self._fill()
        elif name == "table:table-row":
            self._row += self._row_repeat
            self._row_repeat = int(attributes.get("table:number-rows-repeated", 1))
            self._column, self._column_repeat = 0, 0
        elif name == "table:table":
            self._next_sheet()
            self._row = self._row_repeat = 0
        elif name == "text:s" and int(attributes.get("text:c", 1)) > _REPEATED_SPACES:
            raise BeyondError

    def _fill(self) -> None:
        if self._open:
            self._mark(self._row + self._row_repeat, self._column + self._column_repeat)
            self._open = False
