"""What a parser does not tell of a sheet: formulas that failed or were never worked out, hidden rows, a filter."""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any

from channelctl.i18n import _, listed, ngettext
from channelctl.sheets.failed import EXCEL_ERRORS, UNSAVED
from channelctl.sheets.shown import Shown

_WORDS = sorted(frozenset.__iter__(EXCEL_ERRORS))
_ANY_ERROR = "#VALUE!"
_ROW, _COLUMN, _WORD = 1 << 20, 1 << 6, 1


@dataclass(slots=True)
class Traces:
    """What was found in a sheet besides its values.

    `filled` says that some cell holds a value, `garbled` that the parser loses a part of some, `epoch_1904` that days
    are counted from 1904; hidden rows are numbers from 1 and only those with a value, hidden columns ranges from 1,
    both ends in; `last_row` is that of the last cell that should hold a value and does not. `shown` is column -> how
    its figures are shown -> the last row (both from 1) shown so, of sheets with formats that change what they show.
    """

    epoch_1904: bool = False
    filled: bool = False
    garbled: bool = False
    filtered: bool = False
    hidden_rows: "array[int]" = field(default_factory=lambda: array("L"))
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    _marks: "array[int]" = field(default_factory=lambda: array("Q"))
    last_row: int = 0
    shown: dict[int, dict[Shown, int]] = field(default_factory=dict)
    _in_order: bool = True

    def mark(self, row: int, column: int, word: str) -> None:
        """The cell, counted from 1, has no value, for the reason that is one of EXCEL_ERRORS."""
        code = row * _ROW + column * _COLUMN + _WORDS.index(word)
        self._in_order = self._in_order and (not self._marks or code > self._marks[-1])
        self._marks.append(code)
        self.last_row = max(self.last_row, row)

    def show(self, row: int, column: int, way: Shown) -> None:
        """A figure, its place counted from 1, is shown in this way."""
        self.shown.setdefault(column, {})[way] = row

    def over(self, rows: Iterator[list[Any]], height: int) -> Iterator[list[Any]]:
        """The rows with the reason in place of each cell without a value, on to the last such cell."""
        if not self._marks:
            return rows
        if not self._in_order:
            self._marks = array("Q", sorted(self._marks))
            self._in_order = True
        return self._over(islice(chain(rows, iter(list, None)), max(height, self.last_row)))

    def _over(self, rows: Iterator[list[Any]]) -> Iterator[list[Any]]:
        marks = iter(self._marks)
        at = next(marks, None)
        for number, row in enumerate(rows, 1):
            while at is not None and at // _ROW == number:
                column = at % _ROW // _COLUMN
                row.extend([""] * (column - len(row)))
                row[column - 1] = _WORDS[at % _COLUMN]
                at = next(marks, None)
            yield row

    def remarks(self, sheet: str, heading: int, columns: dict[int, str]) -> list[str]:
        """That what is hidden was read too: rows below the heading (from 1), columns (0-based) of those read."""
        out: list[str] = []
        if count := sum(number > heading for number in self.hidden_rows):
            said = ngettext(
                "{sheet}: {count} hidden row is read too", "{sheet}: {count} hidden rows are read too", count
            )
            filtered = _(" (a filter is on)") if self.filtered else ""
            out.append(said.format(sheet=sheet, count=f"{count:,}") + filtered)
        hidden = [
            heading
            for index, heading in sorted(columns.items())
            if any(first <= index + 1 <= last for first, last in self.hidden_columns)
        ]
        if hidden:
            said = ngettext(
                "{sheet}: a hidden column is read too: {names}",
                "{sheet}: hidden columns are read too: {names}",
                len(hidden),
            )
            out.append(said.format(sheet=sheet, names=listed(hidden)))
        return out


def reason(kind: str | None, formula: bool, value: str | None, uncalculated: bool) -> str:
    """Why a cell of an xlsx has no value, "" where it has one or is blank.

    `value` is None where the cell has no `v`. Excel keeps the empty text that a formula gives as an empty `v` of the
    kind "str". Some programs write 0 for what they did not work out, in a workbook that asks to be `uncalculated`.
    """
    if kind == "e":
        return value if value in _WORDS else _ANY_ERROR if value else UNSAVED
    if not formula:
        return ""
    if not value:
        return UNSAVED if uncalculated or value is None or kind != "str" else ""
    return UNSAVED if uncalculated and value == "0" else ""
