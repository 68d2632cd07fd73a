"""Rows of a sheet of records: which of them are records, and what each says, names of others as their ids."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from channelctl.i18n import _, ngettext
from channelctl.records import Guard, Held, dotted
from channelctl.records.resolve import Resolver
from channelctl.sheets import convert, headings, taxed, wording
from channelctl.sheets.layout import place
from channelctl.sheets.problems import Flaw
from channelctl.sheets.target import Row, Target

# What a totals row says where a name belongs: 25家.
_COUNTED = re.compile(r"共?\s*\d")


class RowReader:
    """Reads the rows of any kind that are records; a row with a flaw is refused whole."""

    def __init__(self, target: Target) -> None:
        self.target, self.kind = target, target.kind
        self._rounded: list[tuple[str, Any]] = []
        self._readers = {name: self._reader(name, col.kind) for name, col in self.kind.columns.items()}
        self._taken: list[tuple[int, dict[str, Any]]] = []
        self.guard: Guard | None = dotted(self.kind.held)(target.session) if self.kind.held else None
        self.held: Held | None = None

    def _reader(self, name: str, kind: str) -> Callable[[Any], Any]:
        """What reads the cells of a field, its figures in yuan or pieces whatever unit their column is in."""
        column = self.target.layout.columns.get(name)
        factor = column.factor if column is not None else None
        return convert.one(kind, self.target.dates, factor, lambda cell: self._rounded.append((name, cell)))

    def say_figures(self) -> None:
        """Say how many figures had more decimals than are kept, and which may lack their tax."""
        if field := taxed.doubtful(self.target.layout):
            text = _("{column} stands beside a tax: it is read as with tax")
            column = place(self.target.layout.columns[field])
            self.target.report(Flaw(taxed.OPEN, text.format(column=column)), None, field)
        if self._rounded:
            count, (name, cell) = len(self._rounded), self._rounded[0]
            text = ngettext("{count} figure rounded to 1/10,000", "{count} figures rounded to 1/10,000", count)
            self.target.report(Flaw("W101", text.format(count=count)), None, name, cell)

    def add(self, rows: list[Row]) -> None:
        """Read each row; a row with a flaw is refused whole."""
        for number, cells in rows:
            self.target.refuse_another(number, cells)
            if self._is_row(cells):
                self.take(number, cells)

    def take(self, number: int, cells: list[Any]) -> None:
        """Read a row that is a record, whatever its words look like."""
        values = self.read(number, cells)
        if values is None:
            self.target.counts.rejected += 1
        else:
            self._taken.append((number, values))

    def _is_row(self, cells: list[Any]) -> bool:
        """Not a blank row, a totals row, a repeated heading or a signature line."""
        words = [word for cell in cells if (word := wording.text(cell))]
        if not words:
            return False
        columns = self.target.layout.columns
        filled = [
            name for name, column in columns.items() if column.index < len(cells) and wording.text(cells[column.index])
        ]
        heading = all(
            headings.key(wording.text(cells[columns[name].index]) or "") == headings.key(columns[name].heading)
            for name in filled
        )
        colon = ":" in words[0] or "：" in words[0]
        alone = len(words) == 1 and len(columns) > 1 and (colon or (len(words[0]) > 8 and filled != ["name"]))
        note = alone or (wording.is_signature(words[0]) and (colon or len(words) == 1))
        if (heading and filled) or self._is_total(words[0], cells) or note or not filled:
            self.target.counts.skipped += 1
            return False
        return True

    def _is_total(self, first: str, cells: list[Any]) -> bool:
        """Whether a label says so, in front or for a name, and no code and name say otherwise (Total sells oil)."""
        columns = self.target.layout.columns
        words = {name: wording.text(cells[c.index]) or "" for name, c in columns.items() if c.index < len(cells)}
        if not any(wording.is_total(word) for word in (first, words.get("name", ""), words.get("customer", ""))):
            return False
        telling = ("code", "name") if self.kind.named else self.kind.key
        own = [words.get(name, "") for name in (("customer_code",) if "customer" in telling else telling)]
        return not all(own) or all(map(self._says_total, own)) or _COUNTED.match(words.get("name", "")) is not None

    def _says_total(self, word: str) -> bool:
        """Whether a word is that for a total, and no record's code: one may well be 合计, and comes back as such."""
        kind = self.kind.name if self.kind.named else "customer"
        return wording.is_total(word) and self.target.resolver(kind).of_code(word) is None

    def read(self, number: int, cells: list[Any]) -> dict[str, Any] | None:
        """The row's values by column of the table; None where something is wrong, which is reported."""
        values: dict[str, Any] = {}
        bad = False
        for name, column in self.target.layout.columns.items():
            cell = cells[column.index] if column.index < len(cells) else ""
            value = self._readers[name](cell)
            if isinstance(value, Flaw):
                self.target.report(value, number, name, cell)
                bad = True
            elif value is not None:
                values[name] = value
        if self.target.layout.month and "month" not in values:
            values["month"] = self.target.layout.month
        if bad:
            return None
        self._compose(values)
        for name, col in self.kind.columns.items():
            coded = f"{name}_code" in values or (name == "name" and "code" in values)
            if col.required and name not in values and not coded:
                self.target.report(Flaw("E201", _("{column} is blank").format(column=col.label)), number, name)
                return None
        return self._resolve(number, values)

    def _compose(self, values: dict[str, Any]) -> None:
        """A name out of first and last name, where the sheet has them apart."""
        first, last = values.pop("first_name", None), values.pop("last_name", None)
        if "name" not in values and (first or last):
            western = f"{first or ''}{last or ''}".isascii()
            values["name"] = f"{first or ''} {last or ''}".strip() if western else f"{last or ''}{first or ''}"

    def _resolve(self, number: int, values: dict[str, Any]) -> dict[str, Any] | None:
        """Codes and names of other records become their ids; of a row that is refused none is made."""
        out: dict[str, Any] = {}
        named: dict[str, tuple[str | None, str | None]] = {}
        for name, value in values.items():
            ref, field = self.kind.columns[name].ref, name.removesuffix("_code")
            if field != name and field in self.kind.columns:
                named.setdefault(field, (value, values.get(field)))
            elif ref == self.kind.name:
                out[f"~{name}"] = value
            elif ref:
                named.setdefault(name, (values.get(f"{name}_code"), value))
            else:
                out[name.rstrip("_")] = value
        flaws = {name: self._resolver(name).refusal(*words) for name, words in named.items()}
        for name, flaw in flaws.items():
            if flaw is not None:
                self.target.report(flaw, number, name, named[name][1] or named[name][0])
        if any(flaws.values()) or self._is_held_unseen(number, out, named):
            return None
        for name, words in named.items():
            out[f"{name}_id"] = self._resolver(name).resolve(*words, trace=(self.target.sheet_id, number))
        self.complete(number, out)
        return out

    def _is_held_unseen(
        self, number: int, values: Mapping[str, Any], named: Mapping[str, tuple[str | None, str | None]]
    ) -> bool:
        """Whether a row is held that names somebody not known yet, who is not made for a row that is refused."""
        if self.guard is None:
            return False
        found = {name: self._resolver(name).known(*words) for name, words in named.items()}
        known = {f"{name}_id": id_ for name, id_ in found.items() if id_ is not None}
        return len(known) < len(found) and self._is_held(number, None, {**values, **known})

    def _is_held(self, number: int, before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> bool:
        """Whether the record may not become what the row says, which is reported."""
        found = self.guard(before, after) if self.guard is not None else None
        if found is None:
            return False
        self.held, key = found, found.field or self.kind.key[0]
        self.target.report(Flaw(found.code, found.reason), number, key, after.get(key))
        return True

    def _resolver(self, name: str) -> Resolver:
        return self.target.resolver(self.kind.columns[name].ref)

    def complete(self, number: int, values: dict[str, Any]) -> None:
        """What a kind adds to its rows: words brought to those of the policy, with remarks on unknown ones."""
        if self.kind.tidy:
            for flaw, name in dotted(self.kind.tidy)(values):
                self.target.report(flaw, number, name, values.get(name.rstrip("_")))
