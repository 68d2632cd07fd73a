"""The XML of a sheet gone through a second time, for what a parser leaves out."""

import re
from collections.abc import Mapping
from typing import Protocol
from xml.parsers import expat

from channelctl.sheets.extent import MalformedError, column_number
from channelctl.sheets.failed import UNSAVED, failure
from channelctl.sheets.shown import PLAIN, Shown
from channelctl.sheets.traces import Traces, reason

_LONGEST_ROW = 1 << 20
_TRUE = ("1", "true")
_FILLED = re.compile(rb"<v[^>]*>\s*[^<\s]|<t[^>]*>\s*[^<\s]|\0")
_GARBLED = re.compile(rb"<v[^>]*>[^<]*<!")
_CELL = re.compile(rb'<c r="([A-Z]+)(\d+)"([^>]*)>')
_KIND = re.compile(rb'\st="(\w+)"')
_VALUE = re.compile(rb"<v[^>]*?(?:/>|>\s*([^<]*?)\s*</v>)")
_CLOSED = rb"\s*(?:<v[^>]*?(?:/>|>\s*%s\s*</v>)\s*)?</c>"
_HIDDEN_ROW = re.compile(
    rb'<row(?=[^>]*\shidden="(?:1|true)")[^>]*?\sr="(\d+)"[^>]*(?<!/)>(?:(?!</row>).)*?<(?:v|is)\b', re.DOTALL
)
_HIDDEN_COLUMN = re.compile(rb'<col(?=[^>]*\shidden="(?:1|true)")\s[^>]*>')
_MIN, _MAX = re.compile(rb'\smin="(\d+)"'), re.compile(rb'\smax="(\d+)"')
_TABLE_VALUES = {f"office:{name}value" for name in ("", "date-", "time-", "boolean-")}
_FIGURE = re.compile(
    rb'<c r="([A-Z]+)(\d+)"(?![^>]*\st="(?!n"))(?:[^>]*?\ss="(\d+)")?[^>]*(?<!/)>'
    rb"(?:<f[^>]*(?:/>|>[^<]*</f>))?<v[^>]*>[^<]"
)
_FILTER = re.compile(rb'<filterColumn|<sheetPr[^>]* filterMode="(?:1|true)"')


class Scan(Protocol):
    """Takes a part of a workbook in pieces."""

    def feed(self, chunk: bytes, last: bool = False) -> None:
        """The next bytes."""


class Plain:
    """A worksheet whose cells all begin as `<c r="A1"`: found by searching, at the pace of unpacking."""

    def __init__(self, traces: Traces, uncalculated: bool, formats: Mapping[int, Shown] | None = None) -> None:
        self._traces, self._uncalculated, self._formats = traces, uncalculated, formats
        value = b"0?" if uncalculated else b""
        self._unsaved = [re.compile(begin + _CLOSED % value) for begin in (b"</f>", rb"<f(?:\s[^<>]*)?/>")]
        self._tail = b""
        self._begun = False

    def feed(self, chunk: bytes, last: bool = False) -> None:
        """The next bytes, of which a row that goes on is kept for the next time."""
        text = self._tail + chunk
        end = len(text) if last else _whole(text)
        traces = self._traces
        traces.filled = traces.filled or _FILLED.search(text) is not None
        if last or not self._begun:
            traces.filtered = traces.filtered or _FILTER.search(text) is not None
        found: list[tuple[int, int, str]] = []
        if _holds(text, b"e", b't="e"'):
            found += self._errors(text, end)
        if _holds(text, b"f", b"<f"):
            found += self._formulas(text, end)
        for row, column, word in sorted(found):
            traces.mark(row, column, word)
        traces.garbled = traces.garbled or (_holds(text, b"!", b"<!") and _GARBLED.search(text) is not None)
        if _holds(text, b"d", b'hidden="'):
            self._hidden(text, end)
        if self._formats:
            self._figures(text, end, self._formats)
        self._begun = self._begun or end > 0
        self._tail = text[end:]

    def _errors(self, text: bytes, end: int) -> list[tuple[int, int, str]]:
        found = []
        at = text.find(b't="e"', 0, end)
        while at >= 0:
            start = text.rfind(b'<c r="', 0, at)
            cell = _CELL.match(text, start) if start >= 0 else None
            if cell and cell.end() > at:
                closed = cell.end() if cell[3].endswith(b"/") else text.find(b"</c>", cell.end())
                value = _VALUE.search(text, cell.end(), closed)
                word = reason("e", False, (value[1] or b"").decode("utf-8", "replace") if value else None, False)
                found.append((int(cell[2]), column_number(cell[1].decode()), word))
            at = text.find(b't="e"', at + 1, end)
        return found

    def _formulas(self, text: bytes, end: int) -> list[tuple[int, int, str]]:
        found = []
        for pattern in self._unsaved:
            for match in pattern.finditer(text, 0, end):
                start = text.rfind(b'<c r="', 0, match.start())
                cell = _CELL.match(text, start) if start >= 0 else None
                if cell is None:
                    continue
                kind = _KIND.search(cell[3])
                value = _VALUE.search(text, match.start(), match.end())
                said = (value[1] or b"").decode() if value else None
                if kind and kind[1] == b"e":
                    continue
                if word := reason(kind[1].decode() if kind else None, True, said, self._uncalculated):
                    found.append((int(cell[2]), column_number(cell[1].decode()), word))
        return found

    def _figures(self, text: bytes, end: int, formats: Mapping[int, Shown]) -> None:
        for letters, row, style in _FIGURE.findall(text, 0, end):
            self._traces.show(int(row), column_number(letters.decode()), formats.get(int(style or 0), PLAIN))

    def _hidden(self, text: bytes, end: int) -> None:
        for row in _HIDDEN_ROW.finditer(text, 0, end):
            self._traces.hidden_rows.append(int(row[1]))
        for column in () if self._begun else _HIDDEN_COLUMN.finditer(text, 0, end):
            first, last = _MIN.search(column[0]), _MAX.search(column[0])
            if first and last:
                self._traces.hidden_columns.append((int(first[1]), int(last[1])))


def _holds(text: bytes, letter: bytes, word: bytes) -> bool:
    """Whether the word is there; most sheets lack its rarest letter, and that is found out ten times as fast."""
    return letter in text and word in text


def _whole(text: bytes) -> int:
    """Where the last row begins, or, in one that is very long, the last cell."""
    end = max(text.rfind(b"<row "), 0)
    if len(text) - end > _LONGEST_ROW:
        end = max(text.rfind(b"<c r="), end)
    return end if len(text) - end <= _LONGEST_ROW else len(text)


class _Followed:
    """XML gone through tag by tag; children say what the tags mean."""

    def __init__(self) -> None:
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._said

    def feed(self, chunk: bytes, last: bool = False) -> None:
        """The next bytes."""
        try:
            self._parser.Parse(chunk, last)
        except (expat.ExpatError, ValueError, KeyError, OverflowError) as error:
            raise MalformedError(str(error)) from None

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        raise NotImplementedError

    def _end(self, name: str) -> None:
        raise NotImplementedError

    def _said(self, text: str) -> None:
        raise NotImplementedError


class Exact(_Followed):
    """A worksheet written in any other way: with prefixes, single quotes, or cells that do not say where they are."""

    def __init__(self, traces: Traces, uncalculated: bool, formats: Mapping[int, Shown] | None = None) -> None:
        super().__init__()
        self._traces, self._uncalculated, self._formats = traces, uncalculated, formats
        self._row = self._column = 0
        self._parser.CommentHandler = lambda _text: self._garble()
        self._parser.StartCdataSectionHandler = self._garble
        self._hidden = self._formula = self._inside = False
        self._kind: str | None = None
        self._value: str | None = None
        self._style = 0

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name == "row":
            self._row, self._column = int(attributes.get("r") or self._row + 1), 0
            self._hidden = attributes.get("hidden") in _TRUE
        elif name == "c":
            place = attributes.get("r")
            if place is None:
                self._column += 1
            else:
                letters = place.rstrip("0123456789")
                self._row, self._column = int(place[len(letters) :]), column_number(letters)
            self._kind, self._formula, self._value = attributes.get("t"), False, None
            self._style = int(attributes.get("s", 0))
        elif name == "f":
            self._formula = True
        elif name in ("v", "is"):
            self._value, self._inside = "", name == "v"
            self._hide()
        elif name == "t":
            self._inside = self._value is not None
        elif name == "col" and attributes.get("hidden") in _TRUE:
            self._traces.hidden_columns.append((int(attributes["min"]), int(attributes["max"])))
        elif name == "filterColumn" or (name == "sheetPr" and attributes.get("filterMode") in _TRUE):
            self._traces.filtered = True

    def _garble(self) -> None:
        """Of a value the parser takes only what stands before a comment, and nothing of such a section."""
        self._traces.garbled = self._traces.garbled or self._inside

    def _hide(self) -> None:
        if self._hidden:
            self._traces.hidden_rows.append(self._row)
            self._hidden = False

    def _said(self, text: str) -> None:
        if self._inside and self._value is not None:
            self._value += text

    def _end(self, name: str) -> None:
        name = name.rpartition(":")[2]
        if name in ("v", "t"):
            self._inside = False
        elif name == "c":
            value = None if self._value is None else self._value.strip()
            if word := reason(self._kind, self._formula, value, self._uncalculated):
                self._traces.mark(self._row, self._column, word)
            if self._formats and value and self._kind in (None, "n"):
                self._traces.show(self._row, self._column, self._formats.get(self._style, PLAIN))
            self._traces.filled = self._traces.filled or bool(value)


class Tables(_Followed):
    """The tables of an ods; `all` has one for each, by its name."""

    def __init__(self) -> None:
        super().__init__()
        self.all: dict[str, Traces] = {}
        self._traces = Traces()
        self._row = self._column = 0
        self._rows = self._columns = 1
        self._hidden = self._inside = self._shown = False
        self._epoch_1904 = False
        self._cell: dict[str, str] | None = None
        self._text = ""

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name in ("table:table-cell", "table:covered-table-cell"):
            self._column += self._columns
            self._columns = int(attributes.get("table:number-columns-repeated", 1))
            self._cell, self._text, self._shown = attributes, "", False
        elif name == "text:p":
            self._inside = self._shown = self._cell is not None
        elif name == "table:table-row":
            self._row += self._rows
            self._rows = int(attributes.get("table:number-rows-repeated", 1))
            self._column, self._columns = 1, 0
            self._hidden = self._is_hidden(attributes)
        elif name == "table:table-column":
            self._column += self._columns
            self._columns = int(attributes.get("table:number-columns-repeated", 1))
            if self._is_hidden(attributes):
                self._traces.hidden_columns.append((self._column, self._column + self._columns - 1))
        elif name == "table:table":
            self._traces = self.all[attributes.get("table:name", "")] = Traces(self._epoch_1904)
            self._row, self._rows, self._column, self._columns = 1, 0, 1, 0
        elif name == "table:null-date":
            self._epoch_1904 = attributes.get("table:date-value", "").startswith("1904")

    def _is_hidden(self, attributes: dict[str, str]) -> bool:
        how = attributes.get("table:visibility")
        self._traces.filtered = self._traces.filtered or how == "filter"
        return how in ("collapse", "filter")

    def _said(self, text: str) -> None:
        if self._inside:
            self._text += text

    def _end(self, name: str) -> None:
        if name == "text:p":
            self._inside = False
        elif name in ("table:table-cell", "table:covered-table-cell") and self._cell is not None:
            self._judge(self._cell)
            self._cell = None

    def _judge(self, cell: dict[str, str]) -> None:
        kind, formula = cell.get("office:value-type"), "table:formula" in cell
        if kind is None and not formula:
            return
        self._traces.filled = True
        if self._hidden:
            self._traces.hidden_rows.extend(range(self._row, self._row + self._rows))
            self._hidden = False
        word = ""
        if cell.get("calcext:value-type") == "error" or (formula and failure(self._text)):
            word = reason("e", True, self._text, False)
        elif formula and not self._shown and kind != "string" and not cell.keys() & _TABLE_VALUES:
            word = UNSAVED
        for row in range(self._row, self._row + self._rows) if word else ():
            for column in range(self._column, self._column + self._columns):
                self._traces.mark(row, column, word)
