"""Control sums: what a sheet says its rows add up to, against what they do."""

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

from channelctl import money
from channelctl.i18n import _
from channelctl.sheets import convert
from channelctl.sheets.problems import CONTROL, Flaw
from channelctl.systems.sales.rules import is_grand_total

# The columns that a totals row sums up.
SUMMED = ("quantity", "amount", "amount_taxed", "tax", "returned_quantity", "returned")
_HALF_A_FEN = 50
_LOOKED_BACK = 2_000
Column = list[Any]


class Sums:
    """Running sums of the columns of a sheet, as they are written in it, and where the sums of its parts ended."""

    def __init__(self, factors: Mapping[str, Decimal | None], no_sale: Collection[str]) -> None:
        self.whole = dict.fromkeys(factors, 0)
        self.rows = 0
        self._factors, self._no_sale = factors, no_sale
        self._void = dict.fromkeys(factors, 0)
        self._turned = dict.fromkeys(factors, 0)
        self._ends: dict[str, list[int]] = {name: [0] for name in factors}
        self._unknown: set[str] = set()
        self._open: list[tuple[int, Mapping[str, tuple[Any, int]]]] = []
        self.rounded = 0

    def add(self, columns: Mapping[str, Column], start: int, end: int, statuses: Column | None) -> None:
        """Take the rows from `start` up to `end`."""
        if end <= start:
            return
        self.rows += end - start
        for name in self.whole:
            self.whole[name] += sum(filter(None, columns[name][start:end]))
            if statuses is not None:
                part = zip(columns[name][start:end], statuses[start:end], strict=True)
                self._void[name] += sum(value for value, status in part if value and status in self._no_sale)

    def turn(self, name: str, value: int) -> None:
        """A figure was written with the other sign than it is booked with."""
        if name in self._turned:
            self._turned[name] += value

    def lose(self, names: Collection[str]) -> None:
        """A row was refused for its figures in these columns: their sums are not known from here on."""
        self._unknown.update(names)

    def is_sum(self, name: str, value: int | None) -> bool:
        """Whether a figure is what the rows above it, or those since an earlier total, add up to."""
        return bool(value and name in self.whole and self._fits(name, value, _HALF_A_FEN))

    def close_part(self) -> None:
        """A totals row: a part of the sheet ends here."""
        for name, whole in self.whole.items():
            self._ends[name].append(whole)

    def check(self, row: int, words: Sequence[str], said: Mapping[str, tuple[Any, int]]) -> list[tuple[str, Flaw]]:
        """What is wrong with a totals row of these labels and figures (field -> cell, value), by field.

        One that stands above all rows is looked at when the sheet ends.
        """
        if not any(map(is_grand_total, words)):
            return []
        if not self.rows:
            self._open.append((row, said))
            return []
        return self._wrong(said)

    def finish(self) -> list[tuple[int, str, Flaw]]:
        """What is wrong with the totals that stand above their rows: (row, field, flaw)."""
        if len(self._open) != 1 or not self.rows:
            return []
        row, said = self._open[0]
        return [(row, name, flaw) for name, flaw in self._wrong(said)]

    def _wrong(self, said: Mapping[str, tuple[Any, int]]) -> list[tuple[str, Flaw]]:
        text = _("the sheet's total is {said}, the rows above it add up to {own}")
        return [
            (name, Flaw(CONTROL, text.format(said=_shown(name, value), own=_shown(name, self.whole[name]))))
            for name, (cell, value) in said.items()
            if name not in self._unknown and not self._fits(name, value, self._tolerance(name, cell))
        ]

    def _tolerance(self, name: str, cell: Any) -> int:
        """Half a unit of the last digit that the total shows, and what the rounding of its rows can amount to."""
        value = convert.number(cell)
        digits = -int(value.as_tuple().exponent) if isinstance(value, Decimal) else 2
        half = 5_000 * (self._factors[name] or 1) * Decimal(10) ** -max(digits, 0)
        return max(int(half), _HALF_A_FEN) + self.rounded

    def _fits(self, name: str, value: int, tolerance: int) -> bool:
        whole = self.whole[name]
        sums = [whole, whole - self._void[name], whole - self._turned[name]]
        sums += [whole - end for end in self._ends[name][-_LOOKED_BACK:]]
        return any(abs(value - one) <= tolerance for one in sums)


def _shown(name: str, units: int) -> str:
    show = money.show_quantity if name.endswith("quantity") else money.show
    return show(money.from_units(units))
