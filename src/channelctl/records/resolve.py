"""From the codes and names in a sheet, or typed, to the records they mean."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import func, or_, select
from sqlmodel import Session, col

from channelctl import db, postgres
from channelctl.errors import UsageError
from channelctl.i18n import _, listed
from channelctl.records import Kind, aliases, kinds
from channelctl.records.aliases import Aliases
from channelctl.records.bounds import Bounds
from channelctl.records.doubts import Alike, Doubts, Known, Twins
from channelctl.records.likeness import Likeness
from channelctl.records.names import name_key, pinyin
from channelctl.sheets.problems import Flaw
from channelctl.storage import Change, stored_values

GENERATED = "N"
_CODES_SAID = 5


def is_generated(code: str) -> bool:
    """Whether a code was made for want of one: N00001 and on."""
    return code[:1] == GENERATED and code[1:].isdecimal()


class Resolver:
    """The records of one kind by code and name; makes those that a sheet names and the database lacks.

    A code finds its record; a name finds the one so called. New ones wait for `flush`; without a batch none is made.
    """

    def __init__(self, session: Session, kind: Kind, batch_id: int = 0, create: bool = True) -> None:
        self._session, self.kind, self._batch_id, self._create = session, kind, batch_id, create
        self._model = kind.model()
        table = self._model.__table__
        self.by_code: dict[str, int] = {}
        self.by_name: dict[str, list[int]] = {}
        self._names: dict[str, str] = {}
        self._office: dict[int, int | None] = {}
        self._generated: set[int] = set()
        self._pending: list[dict[str, Any]] = []
        self._twins = Twins(kind)
        self._likeness: Likeness | None = None
        self._doubts: Doubts | None = None
        self.aliases = Aliases(session, kind)
        office = table.c.get("office_id") if kind.name == "rep" else None
        columns = [table.c.id, table.c.code, table.c.name, table.c.name_key]
        for row in session.execute(select(*columns, *([office] if office is not None else []))):
            self._remember(row[0], row[1], row[2], row[3])
            if office is not None:
                self._office[row[0]] = row[4]
        self._next_id = self._first_new = last_id(session, kind) + 1 if batch_id else 0
        taken = [int(code[1:]) for code in (*self.by_code, *self.aliases.by_text) if is_generated(code)]
        self.bounds = Bounds(session, kind)
        self._next_code = 1 + max(self.bounds.last_code(GENERATED), *taken, 0) if batch_id else 0
        self.created = 0
        self.namesakes: list[str] = []

    def _remember(self, id_: int, code: str, name: str, key: str) -> None:
        self.by_code[code] = id_
        self.by_name.setdefault(key, []).append(id_)
        self._names[code] = name
        if is_generated(code):
            self._generated.add(id_)

    def find(self, word: str) -> int | Flaw | None:
        """The record of a code, an alias or a name; None where there is none, a Flaw where a name fits several."""
        if word in self.by_code:
            return self.by_code[word]
        alias, ids = self.aliases.of(word), self.by_name.get(name_key(word, self.kind.name), [])
        if alias is not None:
            ids = [alias] if not ids or alias in ids else [alias, *ids]
        if len(ids) > 1:
            codes = [code for code, id_ in self.by_code.items() if id_ in ids]
            return Flaw("E301", _("“{name}” fits several: {codes}").format(name=word, codes=listed(sorted(codes)[:5])))
        return ids[0] if ids else None

    def resolve(
        self,
        code: str | None,
        name: str | None,
        attributes: Callable[[], Mapping[str, Any]] = dict,
        trace: tuple[int | None, int | None] = (None, None),
    ) -> int | Flaw | None:
        """The record of a row's code and name, made if need be; None where the row names none."""
        if code is not None:
            known = self.of_code(code)
            return self.bounds.own(known) if known is not None else self._new(code, name or code, attributes, trace)
        if name is None:
            return None
        found = self.find(name)
        return self.bounds.own(found) if found is not None else self._new(None, name, attributes, trace)

    def refusal(self, code: str | None, name: str | None) -> Flaw | None:
        """Why a row that names this is refused; None where it is not. Makes nothing."""
        if code is None and name is None:
            return None
        found = self.find(name or "") if code is None else self.of_code(code)
        if found is not None:
            return own if isinstance(own := self.bounds.own(found), Flaw) else None
        return self.unknown(code or name or "", name or code or "", code is not None)

    def known(self, code: str | None, name: str | None) -> int | None:
        """The record that a row's code and name mean; None where there is none yet."""
        found = self.of_code(code) if code is not None else self.find(name or "")
        return found if isinstance(found, int) else None

    def of_code(self, code: str) -> int | None:
        """The record of a code, its own or an alias."""
        return self.by_code.get(code, self.aliases.by_text.get(code))

    def aliased(self, code: str | None, name: str | None) -> int | None:
        """The record that a row means by an alias, and not by the record's own code or name."""
        if code is not None:
            return None if code in self.by_code else self.aliases.by_text.get(code)
        if name is None or name in self.by_code:
            return None
        alias, found = self.aliases.of(name), self.find(name)
        return alias if alias == found and alias not in self.by_name.get(name_key(name, self.kind.name), ()) else None

    def rep_of(self, name: str, office_id: int | None, trace: tuple[int | None, int | None]) -> int | Flaw:
        """The rep of that name in that office: two offices can each have a 王伟."""
        if name in self.by_code:
            return self.by_code[name]
        ids = self.by_name.get(name_key(name), ())
        for id_ in ids:
            if self._office.get(id_) == office_id or (len(ids) == 1 and None in (self._office.get(id_), office_id)):
                return id_
        made = self._new(None, name, lambda: {"office_id": office_id}, trace)
        if not isinstance(made, Flaw):
            self._office[made] = office_id
        return made

    def generated_like(self, name: str) -> int | None:
        """The one record of that name whose code was generated for want of one."""
        ids = self.by_name.get(name_key(name, self.kind.name), ())
        return ids[0] if len(ids) == 1 and ids[0] in self._generated else None

    def name_of(self, id_: int | None) -> str:
        """What a record is called, "" for none."""
        return next((self._names[code] for code, one in self.by_code.items() if one == id_), "")

    def renamed(self, id_: int, old: tuple[str, str], new: tuple[str, str]) -> None:
        """A record goes by another code and name from now on."""
        del self.by_code[old[0]], self._names[old[0]]
        self.by_name[name_key(old[1], self.kind.name)].remove(id_)
        self._generated.discard(id_)
        self._remember(id_, *new, name_key(new[1], self.kind.name))

    def new_code(self) -> str:
        """The next generated code, N00001 and on."""
        while self.of_code(f"{GENERATED}{self._next_code:05d}") is not None:
            self._next_code += 1
        return f"{GENERATED}{self._next_code:05d}"

    def _new(
        self,
        code: str | None,
        name: str,
        attributes: Callable[[], Mapping[str, Any]],
        trace: tuple[int | None, int | None],
    ) -> int | Flaw:
        flaw = self.unknown(code or name, name, code is not None)
        if flaw is not None:
            return flaw
        self.created += 1
        return self.add(code, name, attributes(), trace)

    def unknown(self, word: str, name: str = "", coded: bool = False) -> Flaw | None:
        """What is wrong with a word that no record has.

        Where records are made as sheets name them nothing is, unless it is a name near that of a known record.
        """
        if flaw := self.bounds.new(word, coded):
            return flaw
        if self._create:
            return None if coded else self.doubt(name or word)
        near = self.near(name or word)
        hint = _("; nearest: {names}").format(names=listed(near)) if near else ""
        return Flaw("E311", _("no {kind} “{name}”{near}").format(kind=self.kind.one, name=word, near=hint))

    def add(
        self, code: str | None, name: str, attributes: Mapping[str, Any], trace: tuple[int | None, int | None]
    ) -> int:
        """A new record, with a generated code where it has none."""
        id_, given, code = self._next_id, code, code or self.new_code()
        self._next_id += 1
        key = name_key(name, self.kind.name)
        if key in self.by_name and name != code:
            self.namesakes.append(name)
        full, initials = pinyin(name)
        values = {"id": id_, "batch_id": self._batch_id, "sheet_id": trace[0], "row_no": trace[1], "code": code}
        values |= {"name": name, "name_key": key, "pinyin": full, "initials": initials}
        self._pending.append({**values, **attributes})
        coded = code == given
        if coded and self.kind.near:
            self._twins.see(code, name, trace[1], self._names)
        if self._create and self.kind.near and not (coded and self._doubts is None):
            self._settle_doubts().add(Known(id_, code, [name]), trace[1], coded)
        self._remember(id_, code, name, key)
        return id_

    def doubt(self, name: str) -> Flaw | None:
        """What is wrong with a name without a code that no record has, where records are made of such names."""
        if not self._create or not self.kind.near:
            return None
        return self._settle_doubts().flaw(name)

    def alike(self) -> list[Alike]:
        """The new records near each other, and those with the code of another but for case, each said once."""
        return [*self._twins.told(), *(self._doubts.told() if self._doubts is not None else ())]

    def _settle_doubts(self) -> Doubts:
        """Every name so far, made ready when the first name without a code and a record comes."""
        if self._doubts is None:
            more: dict[int, list[str]] = {}
            for alias, id_ in self.aliases.by_text.items():
                more.setdefault(id_, []).append(alias)
            known = [Known(id_, code, [self._names[code], *more.get(id_, ())]) for code, id_ in self.by_code.items()]
            on_file = [one for one in known if one.id < self._first_new]
            self._doubts = Doubts(self.kind, on_file, [one for one in known if one.id >= self._first_new])
        return self._doubts

    def near(self, word: str) -> list[str]:
        """Up to three records like the word, as a person would name them."""
        if self._likeness is None:
            self._likeness = Likeness.of(self._names)
        return self._likeness.nearest(word)

    def flush(self) -> None:
        """Write the new records."""
        if not self._pending:
            return
        table = self._model.__table__
        names = list(dict.fromkeys(key for row in self._pending for key in row))
        db.bulk_insert(self._session, table, names, stored_values(names, self._pending))
        self._pending.clear()


def last_id(session: Session, kind: Kind) -> int:
    """The highest number that a record of the kind has or had: it is not given away again."""
    table = kind.model().__table__
    if db.on_server(session):
        return postgres.last_id(session, table, kind.name)
    gone = select(func.max(col(Change.record_id))).where(col(Change.kind) == kind.name)
    return max(session.execute(query).scalar() or 0 for query in (select(func.max(table.c.id)), gone))


def next_id(session: Session, kind_name: str) -> int:
    """The number of the next record of a kind: above all that there are and were."""
    return 1 + last_id(session, kinds()[kind_name])


def lookup(session: Session, kind_name: str, word: str) -> int:
    """The id of the record whose code or unique name a person typed.

    Raises:
        UsageError: there is none (near ones are named), or the name fits several.
    """
    kind = kinds()[kind_name]
    model = kind.model()
    table = model.__table__
    word = word.strip()
    found = session.execute(select(table.c.id).where(table.c.code == word)).scalar()
    if found is not None:
        return int(found)
    alias = aliases.one(session, kind, word)
    same = or_(table.c.name_key == name_key(word, kind_name), func.lower(table.c.code) == word.lower())
    if alias is not None:
        same = or_(same, table.c.id == alias[1])
    rows = session.execute(select(table.c.id, table.c.code, table.c.name_key).where(same).order_by(table.c.code)).all()
    bearing = (alias[1], name_key(word, kind_name)) if alias is not None else None
    if alias is not None and (len(rows) == 1 or any((row[0], row[2]) == bearing for row in rows)):
        return alias[1]
    if len(rows) == 1:
        return int(rows[0][0])
    if rows:
        codes = listed(row[1] for row in rows[:_CODES_SAID]) + (" …" if len(rows) > _CODES_SAID else "")
        raise UsageError(
            _("“{name}” fits several: {codes}").format(name=word, codes=codes), _("Give the code instead of the name.")
        )
    known = {row[0]: row[1] for row in session.execute(select(table.c.code, table.c.name).order_by(table.c.code))}
    near = Likeness.of(known).nearest(word)
    if near:
        hint = _("Did you mean {names}?").format(names=listed(near))
    elif known:
        hint = _("channelctl {kind} list shows all {count}.").format(kind=kind.noun, count=len(known))
    else:
        hint = _("There is none yet: channelctl {kind} add, or import a sheet.").format(kind=kind.noun)
    raise UsageError(_("no {kind} “{name}”").format(kind=kind.one, name=word), hint)


def names(session: Session, kind_name: str) -> list[str]:
    """The names of all records of a kind, by code."""
    table = kinds()[kind_name].model().__table__
    return [row[0] for row in session.execute(select(table.c.name).order_by(table.c.code))]
