"""Rows of a sheet of records: made where new, changed where different, left where the same; a blank changes nothing."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import select, update

from channelctl import audit, db
from channelctl.i18n import _
from channelctl.records import Guard, Held, dotted, kinds
from channelctl.records.names import name_key, pinyin
from channelctl.records.resolve import Resolver, is_generated, last_id
from channelctl.sheets import convert, headings
from channelctl.sheets.problems import Flaw
from channelctl.sheets.target import Row, Target
from channelctl.storage import stored_values

# What a totals row says where a name belongs: 25家.
_COUNTED = re.compile(r"共?\s*\d")


class RecordLoader:
    """Loads any kind whose rows are records."""

    def __init__(self, target: Target) -> None:
        self.target, self.kind = target, target.kind
        self.model = self.kind.model()
        self.table = self.model.__table__
        self._readers = {name: convert.one(col.kind, target.dates) for name, col in self.kind.columns.items()}
        self._keys = tuple(self._column(name) for name in self.kind.key)
        self._records: dict[int, dict[str, Any]] = {}
        self._by_key: dict[tuple[Any, ...], int] = {}
        self._given: dict[int, dict[str, Any]] = {}
        self._same: set[int] = set()
        self._next_id = 0
        self._inserts: list[dict[str, Any]] = []
        self._own_refs: list[tuple[int, int, str, str]] = []
        self._taken: list[tuple[int, dict[str, Any]]] = []
        self._codes: frozenset[str] = frozenset()
        self.guard: Guard | None = dotted(self.kind.held)(target.session) if self.kind.held else None
        self.held: Held | None = None

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

    @property
    def taken(self) -> Sequence[tuple[int, Mapping[str, Any]]]:
        """The rows read so far with their sheet row numbers, by column of the table; `finish` saves them."""
        return self._taken

    def fits(self, number: int, values: Mapping[str, Any], record: Mapping[str, Any]) -> bool:
        """Whether a row, with what its record holds already, makes one that its kind allows; else that is reported."""
        return True

    def finish(self) -> None:
        """Save the rows; those that refer to rows of their own kind afterwards, in whatever order they stood."""
        self._read_records()
        self._codes = frozenset(code for _number, values in self._taken if (code := values.get("code")))
        for number, values in self._sound():
            self._save(number, values)
        self._taken.clear()
        self._flush()
        for number, id_, name, word in self._own_refs:
            self._refer(number, id_, name, word)
        self._flush()

    def _is_row(self, cells: list[Any]) -> bool:
        """Not a blank row, a totals row, a repeated heading or a signature line."""
        words = [word for cell in cells if (word := convert.text(cell))]
        if not words:
            return False
        columns = self.target.layout.columns
        filled = [
            name for name, column in columns.items() if column.index < len(cells) and convert.text(cells[column.index])
        ]
        heading = all(
            headings.key(convert.text(cells[columns[name].index]) or "") == headings.key(columns[name].heading)
            for name in filled
        )
        colon = ":" in words[0] or "：" in words[0]
        alone = len(words) == 1 and len(columns) > 1 and (colon or (len(words[0]) > 8 and filled != ["name"]))
        note = alone or (convert.is_signature(words[0]) and (colon or len(words) == 1))
        if (heading and filled) or self._is_total(words[0], cells) or note or not filled:
            self.target.counts.skipped += 1
            return False
        return True

    def _is_total(self, first: str, cells: list[Any]) -> bool:
        """Whether a label says so, in front or for a name, and no code and name say otherwise (Total sells oil)."""
        columns = self.target.layout.columns
        words = {name: convert.text(cells[c.index]) or "" for name, c in columns.items() if c.index < len(cells)}
        if not any(convert.is_total(word) for word in (first, words.get("name", ""), words.get("customer", ""))):
            return False
        telling = ("code", "name") if self.kind.named else self.kind.key
        own = [words.get(name, "") for name in (("customer_code",) if "customer" in telling else telling)]
        return not all(own) or all(map(self._says_total, own)) or _COUNTED.match(words.get("name", "")) is not None

    def _says_total(self, word: str) -> bool:
        """Whether a word is that for a total, and no record's code: one may well be 合计, and comes back as such."""
        kind = self.kind.name if self.kind.named else "customer"
        return convert.is_total(word) and self.target.resolver(kind).of_code(word) is None

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
                values[name] = value * column.factor if column.factor and isinstance(value, Decimal) else value
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

    def _is_held_row(self, number: int, id_: int | None, values: Mapping[str, Any]) -> bool:
        """Whether the record is held and the row would make it, or make it another."""
        if id_ is None:
            return self._is_held(number, None, values)
        record = self._records[id_]
        if id_ in self._given or all(record.get(name) == value for name, value in values.items()):
            return False
        return self._is_held(number, record, {**record, **values})

    def _is_held(self, number: int, before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> bool:
        """Whether the record may not become what the row says, which is reported."""
        found = self.guard(before, after) if self.guard is not None else None
        if found is None:
            return False
        self.held, key = found, self.kind.key[0]
        self.target.report(Flaw(found.code, found.reason), number, key, after.get(key))
        return True

    def _resolver(self, name: str) -> Resolver:
        return self.target.resolver(self.kind.columns[name].ref)

    def complete(self, number: int, values: dict[str, Any]) -> None:
        """What a kind adds to its rows: words brought to those of the policy, with remarks on unknown ones."""
        if self.kind.tidy:
            for flaw, name in dotted(self.kind.tidy)(values):
                self.target.report(flaw, number, name, values.get(name.rstrip("_")))

    def _column(self, name: str) -> str:
        return f"{name}_id" if self.kind.columns[name].ref else name.rstrip("_")

    def _read_records(self) -> None:
        names = [column.name for column in self.table.columns]
        for row in self.target.session.execute(select(self.table)):
            record = dict(zip(names, row, strict=True))
            self._records[record["id"]] = record
            self._by_key[self._key(record)] = record["id"]
        self._next_id = max(max(self._records, default=0), last_id(self.target.session, self.kind))

    def _key(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        return tuple(values.get(name) for name in self._keys)

    def _sound(self) -> list[tuple[int, dict[str, Any]]]:
        """The rows without those that refer to a record of their own kind that is not to be had, or is not one."""
        if not any(name[0] == "~" for _number, values in self._taken for name in values):
            return self._taken
        resolver = self.target.resolver(self.kind.name)
        rows = [(values.get("code"), values.get("name")) for _number, values in self._taken]
        new = {(code, name) for code, name in rows if (code or name) and not (code and resolver.of_code(code))}
        codes = {code for code, _name in new if code}
        names = Counter(
            name_key(name, self.kind.name)
            for code, name in new
            if name and resolver.find(name) is None and (code or resolver.doubt(name) is None)
        )
        sound = []
        for number, values in self._taken:
            words = {
                name: word
                for name, word in values.items()
                if name[0] == "~" and (word not in codes or word == values.get("code"))
            }
            flaws = {
                name: flaw
                for name, word in words.items()
                if (flaw := self._its_own(word, values, names) or self._unfit(word, names))
            }
            for name, flaw in flaws.items():
                self.target.report(flaw, number, name[1:], values[name])
            if flaws:
                self.target.counts.rejected += 1
            else:
                sound.append((number, values))
        return sound

    def _its_own(self, word: str, values: Mapping[str, Any], names: Mapping[str, int]) -> Flaw | None:
        """Whether a word for a record's superior means the record itself, unless one of the two is an alias."""
        resolver = self.target.resolver(self.kind.name)
        code, name = values.get("code"), values.get("name")
        if any(resolver.aliased(*words) is not None for words in ((code, name), (None, word))):
            return None
        found, key = resolver.find(word), name_key(word, self.kind.name)
        coming = found is None and key == name_key(name or "", self.kind.name) and names.get(key, 0) == 1
        if word == code or coming or (isinstance(found, int) and found == resolver.find(code or name or "")):
            return Flaw("E303", _("a {kind} cannot be its own").format(kind=self.kind.one))
        return None

    def _unfit(self, word: str, names: Mapping[str, int]) -> Flaw | None:
        """What is wrong with a word for a record of this kind, `names` being those that come with the sheet."""
        resolver = self.target.resolver(self.kind.name)
        found, coming = resolver.find(word), names.get(name_key(word, self.kind.name), 0)
        if isinstance(found, Flaw):
            return found
        if coming > 1:
            return Flaw("E301", _("“{name}” fits several rows of this sheet").format(name=word))
        return resolver.unknown(word) if found is None and not coming else None

    def _save(self, number: int, values: dict[str, Any]) -> None:
        counts = self.target.counts
        own = {name[1:]: values.pop(name) for name in [*values] if name.startswith("~")}
        if self._is_of_another_name(number, values):
            counts.existing += 1
            return
        id_ = self._find(values)
        if isinstance(id_, Flaw):
            self.target.report(id_, number, "name", values.get("name"))
            counts.rejected += 1
            return
        if self.guard is not None and self._is_held_row(number, id_, values):
            counts.rejected += 1
            return
        if id_ is None:
            id_ = self._insert(number, values)
            counts.new += 1
        elif id_ in self._given:
            if any(self._given[id_].get(name) != value for name, value in values.items()):
                key = self.kind.key[0]
                self.target.report(
                    Flaw("E302", _("the same record stands in this sheet with other contents")), number, key
                )
                counts.rejected += 1
                return
            counts.existing += 1
        else:
            self._change(id_, values)
        self._given[id_] = values
        self._own_refs += [(number, id_, name, word) for name, word in own.items()]

    def _is_of_another_name(self, number: int, values: Mapping[str, Any]) -> bool:
        """Whether a row goes by an alias: the file of the record it stands for is kept under its own code and name."""
        if not self.kind.aliases:
            return False
        resolver, field = self.target.resolver(self.kind.name), "code" if "code" in values else "name"
        alias = resolver.aliased(values.get("code"), values.get("name"))
        if alias is None:
            return False
        text = _("“{name}” stands for {code}, whose file was left as it is")
        known = next(own for own, id_ in resolver.by_code.items() if id_ == alias)
        self.target.report(Flaw("W111", text.format(name=values[field], code=known)), number, field, values[field])
        return True

    def _find(self, values: dict[str, Any]) -> int | Flaw | None:
        """The record a row speaks of."""
        if not self.kind.named:
            return self._by_key.get(self._key(values))
        resolver = self.target.resolver(self.kind.name)
        code, name = values.get("code"), values.get("name")
        if code is not None:
            known = resolver.by_code.get(code)
            return known if known is not None or name is None else self._awaiting_code(code, name, values)
        if self.kind.name == "contact":
            ids = resolver.by_name.get(name_key(str(name)), ())
            same = [id_ for id_ in ids if self._records[id_]["customer_id"] == values.get("customer_id")]
            return same[0] if same else None
        found = resolver.find(str(name))
        return resolver.doubt(str(name)) if found is None else found

    def _awaiting_code(self, code: str, name: str, values: Mapping[str, Any]) -> int | None:
        """The record of that name whose generated code gives way to this real one.

        Never a customer's, as equal names with other codes are other customers, nor a person's elsewhere, nor that of a
        record that stands in the sheet itself.
        """
        resolver = self.target.resolver(self.kind.name)
        id_ = resolver.generated_like(name)
        if id_ is None or is_generated(code) or self.kind.name == "customer":
            return None
        record = self._records[id_]
        if record["code"] in self._codes:
            return None
        for place in ("customer_id", "office_id"):
            if None not in (record.get(place), values.get(place)) and record[place] != values[place]:
                return None
        return id_

    def _insert(self, number: int, values: dict[str, Any]) -> int:
        target = self.target
        if self.kind.named:
            resolver = target.resolver(self.kind.name)
            name = values.get("name") or values["code"]
            rest = {key: value for key, value in values.items() if key not in ("code", "name")}
            id_ = resolver.add(values.get("code"), name, rest, (target.sheet_id, number))
        else:
            id_ = self._next_id = self._next_id + 1
            trace = {"id": id_, "batch_id": target.batch_id, "sheet_id": target.sheet_id, "row_no": number}
            self._inserts.append({**trace, **values})
            self._by_key[self._key(values)] = id_
        self._records[id_] = {"id": id_, **values}
        return id_

    def _change(self, id_: int, values: dict[str, Any]) -> None:
        record = self._records[id_]
        different = {name: value for name, value in values.items() if record.get(name) != value}
        if not different:
            self.target.counts.existing += 1
            self._same.add(id_)
            return
        searched = "name_key" in self.table.c
        if searched and "name" in different:
            full, initials = pinyin(different["name"])
            different |= {"name_key": name_key(different["name"], self.kind.name), "pinyin": full, "initials": initials}
        self._amend(id_, different)
        if searched and different.keys() & {"code", "name"}:
            now = record | different
            self.target.resolver(self.kind.name).renamed(
                id_, (record["code"], record["name"]), (now["code"], now["name"])
            )
        record |= different
        self.target.counts.changed += 1

    def _refer(self, number: int, id_: int, name: str, word: str) -> None:
        """Point a record at another of its own kind."""
        found = self.target.resolver(self.kind.name).resolve(None, word, trace=(self.target.sheet_id, number))
        if isinstance(found, Flaw):
            self.target.report(found, number, name, word)
            self.target.counts.rejected += 1
            return
        column = f"{name}_id"
        if found != id_ and self._records[id_].get(column) != found:
            self.target.resolver(self.kind.name).flush()
            self._amend(id_, {column: found})
            self._records[id_][column] = found
            self._count_changed(id_)

    def _amend(self, id_: int, values: dict[str, Any]) -> None:
        """Change a record; one that this batch made itself has no earlier state to keep."""
        target = self.target
        self._flush_named()
        if self._records[id_].get("batch_id", target.batch_id) == target.batch_id:
            target.session.execute(update(self.table).where(self.table.c.id == id_).values(values))
        else:
            audit.amend(target.session, target.batch_id, self.kind.name, self.table, id_, values)

    def _count_changed(self, id_: int) -> None:
        """A record taken for the same so far is a changed one; new and changed ones are counted already."""
        if id_ in self._same:
            self._same.discard(id_)
            self.target.counts.existing -= 1
            self.target.counts.changed += 1

    def _flush_named(self) -> None:
        """Write the records that rows named and the database lacked, those first that others refer to."""
        for name in kinds():
            if name in self.target.resolvers:
                self.target.resolvers[name].flush()

    def _flush(self) -> None:
        """Write all that waits."""
        self._flush_named()
        if self._inserts:
            names = list(dict.fromkeys(key for row in self._inserts for key in row))
            stored = stored_values(names, self._inserts)
            db.bulk_insert(self.target.session, self.table, names, stored)
            self._inserts.clear()
