"""Rows of a sheet of records: made where new, changed where different, left where the same; a blank changes nothing."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select, update

from channelctl import audit, db
from channelctl.i18n import _
from channelctl.records import kinds
from channelctl.records.names import name_key, pinyin
from channelctl.records.resolve import is_generated, last_id
from channelctl.records.rows import RowReader
from channelctl.records.superiors import Superiors
from channelctl.sheets.problems import Flaw
from channelctl.sheets.target import Target
from channelctl.storage import stored_values


class RecordLoader(RowReader):
    """Loads any kind whose rows are records."""

    def __init__(self, target: Target) -> None:
        super().__init__(target)
        self.model = self.kind.model()
        self.table = self.model.__table__
        self._keys = tuple(self._column(name) for name in self.kind.key)
        self._records: dict[int, dict[str, Any]] = {}
        self._by_key: dict[tuple[Any, ...], int] = {}
        self._given: dict[int, dict[str, Any]] = {}
        self._given_in: dict[int, int] = {}
        self._same: set[int] = set()
        self._next_id = 0
        self._inserts: list[dict[str, Any]] = []
        self._own_refs: list[tuple[int, int, str, str]] = []
        self._codes: frozenset[str] = frozenset()

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
        for number, values in Superiors(self.target).sound(self._taken):
            self._save(number, values)
        self._taken.clear()
        self._flush()
        for number, id_, name, word in self._own_refs:
            self._refer(number, id_, name, word)
        self._flush()
        self.say_figures()

    def _is_held_row(self, number: int, id_: int | None, values: Mapping[str, Any]) -> bool:
        """Whether the record is held and the row would make it, or make it another."""
        if id_ is None:
            return self._is_held(number, None, values)
        record = self._records[id_]
        if id_ in self._given or all(record.get(name) == value for name, value in values.items()):
            return False
        return self._is_held(number, record, {**record, **values})

    def _column(self, name: str) -> str:
        return f"{name}_id" if self.kind.columns[name].ref else name.rstrip("_")

    def _read_records(self) -> None:
        names = [column.name for column in self.table.columns]
        for row in self.target.session.execute(select(self.table)):
            record = dict(zip(names, row, strict=True))
            self._records[record["id"]] = record
            self._by_key[self._key(record)] = record["id"]
        self._next_id = last_id(self.target.session, self.kind)

    def _key(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        return tuple(values.get(name) for name in self._keys)

    def _save(self, number: int, values: dict[str, Any]) -> None:
        counts = self.target.counts
        own = {name[1:]: values.pop(name) for name in [*values] if name.startswith("~")}
        if self._is_of_another_name(number, values):
            counts.existing += 1
            return
        id_ = self._find(values)
        if id_ is None and self.kind.named:
            code = values.get("code")
            id_ = self.target.resolver(self.kind.name).bounds.new(code or "", code is not None)
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
                said = _("row {row} holds the same record with other contents").format(row=int(self._given_in[id_]))
                self.target.report(Flaw("E302", said), number, self.kind.key[0])
                counts.rejected += 1
                return
            counts.existing += 1
        else:
            self._change(id_, values)
        self._given[id_] = values
        self._given_in.setdefault(id_, number)
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
