"""Rows of a sheet of sales as columns of exact values, and which of the rows are sale lines."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import compress
from typing import Any, NamedTuple

from channelctl import policy
from channelctl.i18n import _, ngettext
from channelctl.sheets import convert, wording
from channelctl.sheets.failed import EXCEL_ERRORS, excel_error
from channelctl.sheets.problems import Flaw
from channelctl.sheets.sections import Sections
from channelctl.sheets.target import Row, Target
from channelctl.sheets.wording import Texts
from channelctl.systems.sales.control import SUMMED, Sums
from channelctl.systems.sales.rows_amounts import Amounts
from channelctl.systems.sales.rows_fields import MONEY, RETURNED, TEXTS, Column
from channelctl.systems.sales.rows_items import Items
from channelctl.systems.sales.rows_judge import Judge
from channelctl.systems.sales.rows_net import Nets
from channelctl.systems.sales.rows_returns import Returns
from channelctl.systems.sales.rules import SalesPolicy, tax_rate


class Lines(NamedTuple):
    """Sale lines: the sheet row of each, and their columns by field."""

    numbers: list[int]
    columns: dict[str, Column]


class Reader:
    """Reads a sheet's rows a chunk at a time; reports what cannot be read, and what people should know of the rest."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self._places = {name: column.index for name, column in target.layout.columns.items()}
        self._texts = {name: Texts() for name in TEXTS if name in self._places and name != "document"}
        limits = policy.section("sales", SalesPolicy)
        self.no_sale = frozenset(limits.no_sale_statuses)
        named = target.layout.columns
        self._sums = Sums({name: named[name].factor for name in SUMMED if name in named}, self.no_sale)
        self._amounts = Amounts(target)
        self._returns = Returns(target, self._sums, limits.return_words)
        self._nets = Nets(target)
        self._items = Items(target)
        self._judge = Judge(target, self._sums)
        self._first_rounded: tuple[str, Any] | None = None
        self._sections = Sections(target)

    def read(self, rows: list[Row]) -> Lines:
        """Convert and judge a chunk: the rows that are sale lines, and can be read."""
        cells = [row for _number, row in rows]
        numbers = [number for number, _row in rows]
        columns, flaws, suspects, rounded = self._convert(cells)
        statuses = columns["status"] if "status" in self._places else None
        written = {name: columns[name] for name in self._sums.whole}
        columns = self._amounts.complete(dict(columns), flaws, suspects)
        self._returns.look(rows)
        keep = [True] * len(rows)
        start = 0
        for place in sorted(suspects | set(flaws)):
            self._sums.add(written, start, place, statuses)
            start = place
            verdict = self._judge.verdict(cells[place], columns, written, place, flaws.get(place))
            if verdict is None:
                continue
            keep[place] = False
            if verdict in ("heading", "note", "error"):
                self.target.refuse_another(numbers[place], cells[place])
            if verdict == "note":
                self._sections.see(numbers[place], [word for cell in cells[place] if (word := wording.text(cell))])
            if verdict == "total":
                self._judge.check_total(numbers[place], cells[place], written, place)
            if verdict == "error":
                self._refuse(numbers[place], cells[place], flaws[place])
                continue
            start = place + 1
            if verdict != "blank":
                self.target.counts.skipped += 1
        self._sums.add(written, start, len(rows), statuses)
        for name, places, raw in rounded:
            self._note_rounding([place for place in places if keep[place]], name, raw)
        kept = [number if keeps else None for number, keeps in zip(numbers, keep, strict=True)]
        self._amounts.note(kept)
        self._nets.note(kept, rows, columns)
        sold = columns["amount"]
        if "returned" in self._places:
            sold = [None if back else amount for amount, back in zip(sold, columns["returned"], strict=True)]
        self._returns.note(kept, rows, sold)
        self._items.look(kept, rows, columns["amount"])
        if not all(keep):
            columns = {name: list(compress(values, keep)) for name, values in columns.items()}
            numbers = list(compress(numbers, keep))
        if numbers:
            self._sections.pass_line(numbers[-1])
        return Lines(numbers, columns)

    def _column(self, cells: Sequence[list[Any]], name: str) -> Column | None:
        index = self._places.get(name)
        if index is None:
            return None
        try:
            return [row[index] for row in cells]
        except IndexError:
            return [row[index] if index < len(row) else "" for row in cells]

    def _convert(
        self, cells: Sequence[list[Any]]
    ) -> tuple[dict[str, Column], dict[int, dict[str, Flaw]], set[int], list[tuple[str, list[int], Column]]]:
        """The chunk's columns as values; flaws by row and field; rows that may be no sale line; what was rounded."""
        count = len(cells)
        columns: dict[str, Column] = {}
        flaws: dict[int, dict[str, Flaw]] = {}
        suspects: set[int] = set()
        all_rounded: list[tuple[str, list[int], Column]] = []
        dates, raw_dates = self.target.dates, self._column(cells, "date") or []
        columns["date"] = [dates[cell] for cell in raw_dates]
        if None in columns["date"]:
            for place, day in enumerate(columns["date"]):
                if day is None:
                    suspects.add(place)
                    flaw = dates.flaws.get(raw_dates[place]) or Flaw("E201", _("the date is blank"))
                    flaws.setdefault(place, {})["date"] = flaw
        for name in ("quantity", *MONEY, *RETURNED):
            raw = self._column(cells, name)
            if raw is None:
                columns[name] = [None] * count
                continue
            factor = self.target.layout.columns[name].factor
            columns[name], bad, rounded = convert.units(raw, factor)
            for place, flaw in bad.items():
                flaws.setdefault(place, {})[name] = flaw
            if rounded:
                all_rounded.append((name, rounded, raw))
        for name in TEXTS:
            raw = self._column(cells, name)
            if raw is None:
                columns[name] = [None] * count
                continue
            if name == "document":
                columns[name] = values = wording.texts(raw)
                failed = not EXCEL_ERRORS.isdisjoint(values)
            else:
                texts = self._texts[name]
                columns[name] = values = list(map(texts.__getitem__, raw))
                failed = bool(texts.errors)
                if texts.totals:
                    suspects.update(place for place, value in enumerate(values) if value in texts.totals)
            for place, value in enumerate(values) if failed else ():
                if value is not None and value in EXCEL_ERRORS:
                    flaws.setdefault(place, {})[name] = excel_error(value)
        self._returns.turn(columns)
        columns["tax_rate"] = self._rates(cells, flaws) if "tax_rate" in self._places else [None] * count
        if self.target.layout.office:
            columns["office"] = [self.target.layout.office] * count
        named = [columns[name] for name in ("customer_code", "customer", "product_code", "product", "document")]
        if all(None in column for column in named):
            suspects.update(place for place, names in enumerate(zip(*named, strict=True)) if not any(names))
        return columns, flaws, suspects, all_rounded

    def _rates(self, cells: Sequence[list[Any]], flaws: dict[int, dict[str, Flaw]]) -> list[Decimal | None]:
        """Tax rates as fractions; only where one is needed is it a flaw that it cannot be read."""
        rates: list[Decimal | None] = []
        for cell in self._column(cells, "tax_rate") or ():
            bare = cell.strip().rstrip("%％") if isinstance(cell, str) else cell
            figure = convert.number(bare)
            percent = isinstance(cell, str) and bare != cell.strip()
            known = figure / 100 if percent and isinstance(figure, Decimal) else figure
            rates.append(tax_rate(known) if isinstance(known, Decimal) else None)
        return rates

    def _note_rounding(self, places: list[int], name: str, raw: Column) -> None:
        self._sums.rounded += len(places)
        if places and self._first_rounded is None:
            self._first_rounded = (name, raw[places[0]])

    def _refuse(self, number: int, cells: list[Any], flaws: Mapping[str, Flaw]) -> None:
        self.target.counts.rejected += 1
        self._sums.lose(flaws)
        for name, flaw in flaws.items():
            index = self._places.get(name)
            self.target.report(flaw, number, name, cells[index] if index is not None and index < len(cells) else "")

    def finish(self) -> None:
        """Check the totals that stand above their rows, and say what a person should know of the figures."""
        report = self.target.report
        for number, name, flaw in self._sums.finish():
            report(flaw, number, name)
        refused = self._items.say()
        self._returns.say_signs()
        self._amounts.say_made()
        self._returns.say(refused)
        self._amounts.say()
        if self._first_rounded:
            count, (name, cell) = self._sums.rounded, self._first_rounded
            text = ngettext("{count} figure rounded to 1/10,000", "{count} figures rounded to 1/10,000", count)
            report(Flaw("W101", text.format(count=count)), None, name, cell)
        self._amounts.say_unequal()
