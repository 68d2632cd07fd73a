"""From the codes and names in a sheet, or typed, to the records they mean."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import func, or_, select
from sqlmodel import Session

from channelctl import db
from channelctl.errors import UsageError
from channelctl.i18n import _, listed
from channelctl.records import Kind, kinds
from channelctl.records.names import name_key, pinyin
from channelctl.sheets.problems import Flaw
from channelctl.storage import stored_values

GENERATED = "N"
_CODES_SAID = 5
_SOUNDS_TRIED = 5_000


def is_generated(code: str) -> bool:
    """Whether a code was made for want of one: N00001 and on."""
    return code[:1] == GENERATED and code[1:].isdecimal()


class Resolver:
    """The records of one kind by code and name; makes those that a sheet names and the database lacks.

    A code finds its record; a name finds the one record so called. New ones wait in memory until `flush`.
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
        self._likeness: Likeness | None = None
        office = table.c.get("office_id") if kind.name == "rep" else None
        columns = [table.c.id, table.c.code, table.c.name, table.c.name_key]
        for row in session.execute(select(*columns, *([office] if office is not None else []))):
            self._remember(row[0], row[1], row[2], row[3])
            if office is not None:
                self._office[row[0]] = row[4]
        self._next_id = max(self.by_code.values(), default=0) + 1
        self._next_code = 1 + max((int(code[1:]) for code in self.by_code if is_generated(code)), default=0)
        self.created = 0
        self.namesakes: list[str] = []

    def _remember(self, id_: int, code: str, name: str, key: str) -> None:
        self.by_code[code] = id_
        self.by_name.setdefault(key, []).append(id_)
        self._names[code] = name
        if is_generated(code):
            self._generated.add(id_)

    def find(self, word: str) -> int | Flaw | None:
        """The record of a code or a name; None where there is none, a Flaw where a name fits several."""
        if word in self.by_code:
            return self.by_code[word]
        ids = self.by_name.get(name_key(word, self.kind.name), ())
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
            known = self.by_code.get(code)
            return known if known is not None else self._new(code, name or code, attributes, trace)
        if name is None:
            return None
        found = self.find(name)
        return found if found is not None else self._new(None, name, attributes, trace)

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

    def renamed(self, id_: int, old: tuple[str, str], new: tuple[str, str]) -> None:
        """A record goes by another code and name from now on."""
        del self.by_code[old[0]], self._names[old[0]]
        self.by_name[name_key(old[1], self.kind.name)].remove(id_)
        self._generated.discard(id_)
        self._remember(id_, *new, name_key(new[1], self.kind.name))

    def new_code(self) -> str:
        """The next generated code, N00001 and on."""
        while f"{GENERATED}{self._next_code:05d}" in self.by_code:
            self._next_code += 1
        return f"{GENERATED}{self._next_code:05d}"

    def _new(
        self,
        code: str | None,
        name: str,
        attributes: Callable[[], Mapping[str, Any]],
        trace: tuple[int | None, int | None],
    ) -> int | Flaw:
        flaw = self.unknown(code or name, name)
        if flaw is not None:
            return flaw
        self.created += 1
        return self.add(code, name, attributes(), trace)

    def unknown(self, word: str, name: str = "") -> Flaw | None:
        """What is wrong with a word that no record has: nothing where records are made as sheets name them."""
        if self._create:
            return None
        near = self.near(name or word)
        hint = _("; nearest: {names}").format(names=listed(near)) if near else ""
        return Flaw("E311", _("no {kind} “{name}”{near}").format(kind=self.kind.one, name=word, near=hint))

    def add(
        self, code: str | None, name: str, attributes: Mapping[str, Any], trace: tuple[int | None, int | None]
    ) -> int:
        """A new record, with a generated code where it has none."""
        id_, code = self._next_id, code or self.new_code()
        self._next_id += 1
        key = name_key(name, self.kind.name)
        if key in self.by_name and name != code:
            self.namesakes.append(name)
        full, initials = pinyin(name)
        values = {"id": id_, "batch_id": self._batch_id, "sheet_id": trace[0], "row_no": trace[1], "code": code}
        values |= {"name": name, "name_key": key, "pinyin": full, "initials": initials}
        self._pending.append({**values, **attributes})
        self._remember(id_, code, name, key)
        return id_

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


class Likeness(NamedTuple):
    """Records prepared for being searched by something like their name, its sound or their code; all by code."""

    names: Mapping[str, str]
    keys: Mapping[str, str]
    sounds: Mapping[str, str]
    codes: Mapping[str, str]

    @classmethod
    def of(cls, names: Mapping[str, str]) -> "Likeness":
        """From code -> name."""
        sounds = {code: pinyin(name)[0] for code, name in names.items()} if len(names) <= _SOUNDS_TRIED else {}
        keys = {code: name_key(name) for code, name in names.items()}
        return cls(names, keys, sounds, {code: code.casefold() for code in names})

    def nearest(self, word: str) -> list[str]:
        """Up to three names like the word, the likest first; codes where codes or equal names are what is like it."""
        from rapidfuzz import fuzz, process

        plain = name_key(word)
        best: dict[str, tuple[float, bool]] = {}
        for asked, choices, scorer, least in (
            (plain, self.keys, fuzz.WRatio, 60),
            (pinyin(word)[0], self.sounds, fuzz.ratio, 75),
            (plain, self.codes, fuzz.ratio, 75),
        ):
            if asked:
                for _text, score, code in process.extract(asked, choices, scorer=scorer, limit=3, score_cutoff=least):
                    best[code] = max(best.get(code, (0.0, False)), (score, choices is self.codes))
        shared = Counter(self.keys[code] for code in best)
        chosen = sorted(best, key=lambda code: (-best[code][0], code))[:3]
        return [code if best[code][1] or shared[self.keys[code]] > 1 else self.names[code] for code in chosen]


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
    same = or_(table.c.name_key == name_key(word, kind_name), func.lower(table.c.code) == word.lower())
    rows = session.execute(select(table.c.id, table.c.code).where(same).order_by(table.c.code)).all()
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
        hint = _("channelctl {kind} list shows all {count}.").format(kind=kind.command, count=len(known))
    else:
        hint = _("There is none yet: channelctl {kind} add, or import a sheet.").format(kind=kind.command)
    raise UsageError(_("no {kind} “{name}”").format(kind=kind.one, name=word), hint)


def names(session: Session, kind_name: str) -> list[str]:
    """The names of all records of a kind, by code."""
    table = kinds()[kind_name].model().__table__
    return [row[0] for row in session.execute(select(table.c.name).order_by(table.c.code))]
