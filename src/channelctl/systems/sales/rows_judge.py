"""Which rows of a sheet of sales are no sale lines: blank ones, totals, headings, notes; and which cannot be read."""

from collections.abc import Mapping, Sequence
from typing import Any

from channelctl.sheets import headings, wording
from channelctl.sheets.problems import Flaw
from channelctl.sheets.target import Target
from channelctl.systems.sales.control import Sums
from channelctl.systems.sales.rows_fields import TEXTS, Column


class Judge:
    """Says of a row what it is, and holds totals against the rows above them."""

    def __init__(self, target: Target, sums: Sums) -> None:
        self.target = target
        self._places = {name: column.index for name, column in target.layout.columns.items()}
        self._sums = sums

    def verdict(
        self,
        cells: list[Any],
        columns: Mapping[str, Column],
        written: Mapping[str, Column],
        place: int,
        flaws: Mapping[str, Flaw] | None,
    ) -> str | None:
        """None for a sale line, else why it is none: blank, total, heading, note, error."""
        words = [word for cell in cells if isinstance(cell, str) and (word := wording.text(cell))]
        if not words and all(cell == "" for cell in cells):
            return "blank"
        dated = columns["date"][place] is not None
        if self._is_total(words, columns, place, dated):
            return "total"
        if not flaws:
            return None
        heading = [
            headings.key(wording.text(cells[column.index]) or "") == headings.key(column.heading)
            for column in self.target.layout.columns.values()
            if column.index < len(cells)
        ]
        if sum(heading) * 2 > len(heading):
            return "heading"
        if wording.is_unreadable(words, [flaw.code for flaw in flaws.values()], flaws.get("date")):
            return "error"
        figures = columns["amount"][place] is not None or columns["quantity"][place] is not None
        few = not dated and len(words) <= 3 and not self._fills(cells, flaws)
        if not figures and (few or wording.is_signature(words[0] if words else "")):
            return "note"
        named = ("customer_code", "customer", "document", "product")
        blank = all(columns[name][place] is None for name in named)
        if not dated and "date" in flaws and flaws["date"].code == "E201" and figures and blank:
            if not columns["amount"][place] and not columns["quantity"][place]:
                return "note"
            said = {name: values[place] for name, values in written.items() if values[place] is not None}
            if any(self._sums.is_sum(name, said[name]) for name in _telling(said)):
                return "total"
        return "error"

    def _fills(self, cells: Sequence[Any], flaws: Mapping[str, Flaw]) -> bool:
        """Whether a word stands for the day and another for a figure: a line that cannot be read, however short."""
        said = {
            name: wording.text(cells[self._places[name]])
            for name in ("date", "amount", "quantity")
            if name in flaws and name in self._places and self._places[name] < len(cells)
        }
        day = said.pop("date", None)
        return day is not None and any(word is not None and word != day for word in said.values())

    def _is_total(self, words: Sequence[str], columns: Mapping[str, Column], place: int, dated: bool) -> bool:
        """Whether a label says so, and no day with a customer or document says otherwise (Total sells oil)."""
        read = [columns[name][place] for name in TEXTS]
        if not any(wording.is_total(word) for word in (*words[:2], *filter(None, read))):
            return False
        own = [columns[name][place] for name in ("customer_code", "customer", "document")]
        if not dated:
            return True
        if any(name is not None and not wording.is_total(name) for name in own):
            return False
        return own[0] is None or self.target.resolver("customer").of_code(own[0]) is None

    def check_total(self, number: int, cells: list[Any], written: Mapping[str, Column], place: int) -> None:
        """A row that sums up the sheet or a part of it must say what the rows above add up to, voided ones or not."""
        labels = [word for cell in cells if isinstance(cell, str) and (word := wording.text(cell))]
        said = {
            name: (cells[self._places[name]], values[place])
            for name, values in written.items()
            if values[place] is not None
        }
        for name, flaw in self._sums.check(number, labels, said):
            self.target.report(flaw, number, name, said[name][0])
        self._sums.close_part()


def _telling(said: Mapping[str, int]) -> list[str]:
    """The columns by which a row without a label is known as a total: an amount, and only without any a quantity."""
    amounts = [name for name in said if "quantity" not in name]
    return amounts or list(said)
