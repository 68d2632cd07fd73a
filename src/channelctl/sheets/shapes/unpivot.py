"""Rows of a sheet of another shape become rows of a list: one for each figure, in made columns past the sheet's own."""

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from channelctl.i18n import _
from channelctl.sheets import convert, headings, recognise
from channelctl.sheets.problems import CONTROL, Flaw
from channelctl.sheets.sections import Sections
from channelctl.sheets.shapes import grouped, measures, spans, to_date
from channelctl.sheets.shapes.days_alone import completed
from channelctl.sheets.shapes.lists import is_heading
from channelctl.sheets.shapes.shape import At, Dated, Grouped, Matrix, Sum, ToDate, padded
from channelctl.sheets.target import Row, Target
from channelctl.sheets.wording import is_total, text

Figures = dict[tuple[int, str], Decimal | Flaw]
_MOST_SAID = 5
_ZERO = Decimal(0)
_HALF = Decimal("0.5")


def lines(rows: Iterator[Row], target: Target) -> Iterator[Row]:
    """The rows below the heading as the lines they hold, in order; what is none of them is counted or reported."""
    shape = target.layout.shape
    if isinstance(shape, Matrix):
        return _Matrix(shape, target).lines(rows)
    if isinstance(shape, ToDate):
        return to_date.lines(shape, rows, target)
    if isinstance(shape, Grouped):
        return grouped.lines(shape, rows, target)
    return _dated(shape, rows, target) if isinstance(shape, Dated) else rows


def _dated(shape: Dated, rows: Iterator[Row], target: Target) -> Iterator[Row]:
    for number, cells in rows:
        if is_heading(target.layout, cells):
            target.counts.skipped += 1
            continue
        row = padded(cells, shape.width)
        nameless = shape.day and not any(text(row[index]) for index in shape.names)
        yield number, [*row, "" if nameless else completed(shape, row)]


class _Matrix:
    """The rows of a sheet with periods or products across."""

    def __init__(self, shape: Matrix, target: Target) -> None:
        self.shape, self.target = shape, target
        self._all: Counter[tuple[int, str]] = Counter()
        self._since: Counter[tuple[int, str]] = Counter()
        self._unequal = 0
        self._sign = 0
        self._notes: list[str] = []
        self._sections = Sections(target)

    def lines(self, rows: Iterator[Row]) -> Iterator[Row]:
        """A line for each place of a row that holds a figure."""
        for number, cells in rows:
            row = padded(cells, self.shape.width)
            figures = self._figures(row)
            if not self._is_row(number, row, figures):
                continue
            self._notes.clear()
            self._sections.pass_line(number)
            self._look_at_returns(figures)
            self._check_sums(number, row, figures)
            for key, value in figures.items():
                if isinstance(value, Decimal):
                    self._all[key] += value  # type: ignore[assignment]
                    self._since[key] += value  # type: ignore[assignment]
            yield from self._of_row(number, row, figures)

    def _figures(self, row: Sequence[Any]) -> Figures:
        """What stands at each place, by place and field; blanks are left out."""
        found: Figures = {}
        for number, place in enumerate(self.shape.places):
            for name, index in place.columns.items():
                cell = row[index]
                value = convert.number(cell) if cell != "" else None
                if value is not None:
                    found[number, name] = value
        return found

    # -- rows that hold no sales -------------------------------------------------------------------------------------

    def _is_row(self, number: int, row: Sequence[Any], figures: Figures) -> bool:
        if self._is_heading(number, row, figures):
            self.target.counts.skipped += 1
            return False
        words = [word for cell in row if isinstance(cell, str) and (word := text(cell))]
        if not figures:
            self._sections.see(number, words)
            self._notes += words
            return False
        labels = [word for index in self.shape.labels if (word := text(row[index]))]
        own = [word for index in self.shape.own if (word := text(row[index])) and not _is_no_name(word)]
        if own:
            return True
        if any(map(_is_no_name, (*labels, *words[:2]))):
            if any(map(is_total, (*labels, *words[:2]))):
                self._check_total(number, figures)
                self._since.clear()
        elif self._adds_up(figures):
            self._since.clear()
        else:
            self._refuse_nameless(number)
            return False
        self.target.counts.skipped += 1
        return False

    def _is_heading(self, number: int, row: Sequence[Any], figures: Figures) -> bool:
        """Whether a row is the heading once more; another table's heading ends the import.

        What stands between the tables may say that the figures below are others.
        """
        marks = [(cell, word) for cell in row if (word := text(cell))]
        again = self._repeats(row)
        if not again and any(isinstance(value, Decimal) for value in figures.values()):
            return False
        across = {word for cell, word in marks if spans.read(cell) is not None or self._measures(word)}
        same = self.target.layout.heads.issuperset(recognise.marks(row))
        if not again and len(across) < 2 and not (across and same):
            return False
        if same and self._notes_agree():
            return True
        raise self.target.another(number)

    def _repeats(self, row: Sequence[Any]) -> bool:
        """Whether the row's names are the headings of their columns."""
        columns = {column.index: column.heading for column in self.target.layout.columns.values()}
        named = [(word, columns[index]) for index in self.shape.labels if (word := text(row[index]))]
        return bool(named) and all(headings.key(word) == headings.key(heading) for word, heading in named)

    def _measures(self, word: str) -> bool:
        return measures.of_heading(self.target.kind, word) is not None

    def _notes_agree(self) -> bool:
        """Whether the texts since the last row say nothing else of the figures than the ones above the heading."""
        known = {word for _index, word in self.target.layout.heads}
        return not measures.said([note for note in self._notes if headings.key(note) not in known])

    def _refuse_nameless(self, number: int) -> None:
        name = next((name for name in self.target.layout.columns if name.startswith("customer")), "")
        self.target.report(Flaw("E201", _("the row names nobody, and is no total of the rows above")), number, name)
        self.target.counts.rejected += 1

    # -- sums --------------------------------------------------------------------------------------------------------

    def _adds_up(self, figures: Figures) -> bool:
        """Whether a row without a name is the sum of those above it, in every figure."""
        for key, value in figures.items():
            sums = (Decimal(self._all[key]), Decimal(self._since[key]))
            if isinstance(value, Flaw) or all(abs(value - own) > _tolerance(value) for own in sums):
                return False
        return True

    def _check_total(self, number: int, figures: Figures) -> None:
        if self.target.counts.rejected:
            return
        for (place, name), value in figures.items():
            sums = (Decimal(self._all[place, name]), Decimal(self._since[place, name]))
            if isinstance(value, Flaw) or all(abs(value - own) > _tolerance(value) for own in sums):
                said = self.shape.places[place].said[name]
                what = _("the sheet's total is {said}, the rows above it add up to {own}").format(
                    said=_plain(value), own=_plain(sums[0])
                )
                self._say(number, what, said)

    def _check_sums(self, number: int, row: Sequence[Any], figures: Figures) -> None:
        """The row's own totals must be those of its figures."""
        for one in self.shape.sums:
            said = convert.number(row[one.column])
            values = [figures.get((place, one.field), _ZERO) for place in one.places]
            if said is None or isinstance(said, Flaw) or any(isinstance(value, Flaw) for value in values):
                continue
            own = sum((value for value in values if isinstance(value, Decimal)), _ZERO)
            back = [figures.get((place, one.returned), _ZERO) for place in one.places]
            if any(isinstance(value, Flaw) for value in back):
                continue
            returned = self._sign * sum((value for value in back if isinstance(value, Decimal)), _ZERO)
            possible = (own - returned,) if one.net else (own, own - returned)
            if all(abs(said - value) > _tolerance(said, row[one.column]) for value in possible):
                self._report_sum(number, one, said, min(possible, key=lambda value: abs(said - value)))

    def _look_at_returns(self, figures: Figures) -> None:
        """The first return says which sign they are kept in."""
        back = (value for (_place, name), value in figures.items() if name in measures.RETURNED)
        first = next((value for value in back if isinstance(value, Decimal) and value), _ZERO)
        self._sign = self._sign or (first > 0) - (first < 0)

    def _report_sum(self, number: int, one: Sum, said: Decimal, own: Decimal) -> None:
        self._unequal += 1
        what = _("the row's total is not the sum of its figures")
        if self._unequal <= _MOST_SAID:
            what = _("the row's total is {said}, its figures add up to {own}").format(
                said=_plain(said), own=_plain(own)
            )
        self._say(number, what, one.heading)

    def _say(self, number: int, what: str, column: str) -> None:
        field = next(iter(self.shape.places[0].columns))
        self.target.report(Flaw(CONTROL, what), At.place(number, {field: column}), field)

    # -- lines -------------------------------------------------------------------------------------------------------

    def _of_row(self, number: int, row: list[Any], figures: Figures) -> Iterator[Row]:
        before: dict[tuple[str, str], Decimal] = {}
        broken = self.shape.running and any(isinstance(value, Flaw) for value in figures.values())
        for place, one in enumerate(self.shape.places):
            values = {name: figures[place, name] for name in one.columns if (place, name) in figures}
            if not any(self._counts(value) for value in values.values()) and not (self.shape.running and values):
                continue
            if broken and not any(isinstance(value, Flaw) for value in values.values()):
                continue
            made: dict[str, Any] = {"date": one.day, "product": one.product, "line_no": one.day}
            made |= {name: row[index] for name, index in one.columns.items()}
            if self.shape.running and not broken:
                for name, value in values.items():
                    assert isinstance(value, Decimal)  # noqa: S101
                    made[name] = format(value - before.get((one.product, name), _ZERO), "f")
                    before[one.product, name] = value
                if not any(Decimal(made[name]) for name in values):
                    continue
            yield At.place(number, one.said), [*row, *(made.get(name, "") for name in self.shape.fields)]

    @staticmethod
    def _counts(value: Decimal | Flaw) -> bool:
        return isinstance(value, Flaw) or value != 0


def _is_no_name(word: str) -> bool:
    return is_total(word) or spans.is_aside(word)


def _tolerance(said: Decimal, cell: Any = None) -> Decimal:
    """Half a unit of the last digit that is shown; a workbook's number may have noughts after its last digit."""
    exponent = said.as_tuple().exponent
    last = exponent if isinstance(exponent, int) else 0
    return _HALF.scaleb(last if isinstance(cell, str) else min(last, -2))


def _plain(value: Decimal | Flaw) -> str:
    return f"{value:,f}" if isinstance(value, Decimal) else value.message
