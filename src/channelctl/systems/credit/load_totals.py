"""Sheets of receivables and payments whose totals row is not the sum of their rows."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from channelctl import money
from channelctl.records.load import RecordLoader
from channelctl.sheets import convert, wording
from channelctl.sheets.target import Row, Target
from channelctl.systems.credit.rules_documents import CREDIT_NOTE
from channelctl.systems.sales.control import Sums

_SUMMED = ("amount", "tax", "received", "outstanding")


class TotalsLoader(RecordLoader):
    """Loads records of money; the figures of a grand total are held against the rows, as those are written."""

    def __init__(self, target: Target) -> None:
        super().__init__(target)
        columns = target.layout.columns
        self._factors = {name: columns[name].factor for name in _SUMMED if name in columns}
        self._sums = Sums(self._factors, ())
        self._row = 0

    def add(self, rows: list[Row]) -> None:
        """Read each row, its place known where it turns out to be a total."""
        for row in rows:
            self._row = row[0]
            super().add([row])

    def _is_total(self, first: str, cells: list[Any]) -> bool:
        if not super()._is_total(first, cells):
            return False
        said = {}
        for name in self._factors:
            index = self.target.layout.columns[name].index
            cell = cells[index] if index < len(cells) else ""
            [value], flaws, _rounded = convert.units([cell], self._factors[name])
            if value is not None and not flaws:
                said[name] = (cell, value)
        words = [word for cell in cells if isinstance(cell, str) and (word := wording.text(cell))]
        for name, flaw in self._sums.check(self._row, words, said):
            self.target.report(flaw, self._row, name, said[name][0])
        self._sums.close_part()
        return True

    def read(self, number: int, cells: list[Any]) -> dict[str, Any] | None:
        """The row's values; those of a row that cannot be read are missing from every sum."""
        values = super().read(number, cells)
        if values is None:
            self._sums.lose(_SUMMED)
        return values

    def _compose(self, values: dict[str, Any]) -> None:
        super()._compose(values)
        self._sum(values)

    def _sum(self, values: Mapping[str, Any]) -> None:
        """Add the figures of a row; a credit note written above zero may count the other way in the total."""
        units = {name: money.to_units(values.get(name, Decimal())) for name in self._factors}
        self._sums.add({name: [value] for name, value in units.items()}, 0, 1, None)
        if values.get("type_") == CREDIT_NOTE:
            for name, value in units.items():
                self._sums.turn(name, 2 * value)

    def _leave_out(self) -> None:
        """A row does not come in, and a total may or may not hold it."""
        self._sums.lose(_SUMMED)

    def finish(self) -> None:
        """Save the records; totals that stand above their rows are looked at now."""
        for number, name, flaw in self._sums.finish():
            self.target.report(flaw, number, name)
        super().finish()
