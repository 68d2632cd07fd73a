"""Reading, adding, changing and removing single records of any kind."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, case, delete, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from channelctl import audit
from channelctl.errors import UsageError
from channelctl.i18n import _
from channelctl.records import Kind, dotted, kinds
from channelctl.records.names import name_key
from channelctl.records.resolve import lookup
from channelctl.sheets.convert import Dates
from channelctl.sheets.recognise import Column, Layout, target_field
from channelctl.sheets.target import Target


class Reference(NamedTuple):
    """A field that points at another kind, and that kind's table under a name of its own."""

    field: str
    table: Any


def _select(kind: Kind) -> tuple[Select[Any], list[str], dict[str, ColumnElement[Any]]]:
    """A query for rows of the kind with the names of what they refer to; its fields; and field -> what to compare."""
    table = kind.model().__table__
    source: Any = table
    chosen: list[ColumnElement[Any]] = []
    fields: list[str] = []
    compare: dict[str, ColumnElement[Any]] = {}
    for field, column in kind.columns.items():
        if column.ref and f"{field}_id" in table.c:
            other = kinds()[column.ref].model().__table__.alias(f"{field}_ref")
            source = source.outerjoin(other, table.c[f"{field}_id"] == other.c.id)
            fields.append(field)
            chosen.append(other.c.name)
            compare[field] = table.c[f"{field}_id"]
            if f"{field}_code" in kind.columns:
                fields.append(f"{field}_code")
                chosen.append(other.c.code)
        elif field.rstrip("_") in table.c:
            fields.append(field)
            chosen.append(table.c[field.rstrip("_")])
            compare[field] = table.c[field.rstrip("_")]
    return select(*chosen).select_from(source), fields, compare


def _rows(session: Session, kind: Kind, query: Select[Any], fields: Sequence[str]) -> list[Any]:
    blank = dict.fromkeys(kind.columns)
    return [kind.row(**{**blank, **dict(zip(fields, row, strict=True))}) for row in session.execute(query)]


def listed(session: Session, kind: Kind, filters: Mapping[str, str | None]) -> list[Any]:
    """The records whose fields hold the words given (None: hold nothing), by key."""
    query, fields, compare = _select(kind)
    table = kind.model().__table__
    for field, word in filters.items():
        if field not in compare:
            raise unknown_field(kind, field)
        if word is None:
            query = query.where(compare[field].is_(None))
        elif kind.columns[field].ref:
            query = query.where(compare[field] == lookup(session, kind.columns[field].ref, word))
        else:
            query = query.where(compare[field] == _value(kind, field, word))
    order = [table.c.code] if kind.named else [*(table.c[_stored_name(kind, name)] for name in kind.key)]
    return _rows(session, kind, query.order_by(*order), fields)


def _value(kind: Kind, field: str, word: str) -> Any:
    """A word as the field keeps it, so that channel=直供 finds direct."""
    from channelctl.sheets import convert
    from channelctl.sheets.problems import Flaw

    value = convert.one(kind.columns[field].kind, Dates("dmy"))(word)
    if isinstance(value, Flaw):
        raise UsageError(f"{kind.columns[field].label}: {value.message}")
    if kind.tidy:
        values = {field.rstrip("_"): value}
        list(dotted(kind.tidy)(values))
        value = values[field.rstrip("_")]
    return value


def _stored_name(kind: Kind, field: str) -> str:
    return f"{field}_id" if kind.columns[field].ref else field.rstrip("_")


def one(session: Session, kind: Kind, words: Sequence[str]) -> tuple[int, Any]:
    """The record that a code or name, or the parts of a key, mean: its id and its row."""
    table = kind.model().__table__
    if len(words) != len(kind.key):
        parts = " ".join(kind.columns[name].label for name in kind.key)
        raise UsageError(_("a {kind} is told by: {parts}").format(kind=kind.one, parts=parts))
    if kind.named:
        id_ = lookup(session, kind.name, words[0])
    else:
        query = select(table.c.id)
        for name, word in zip(kind.key, words, strict=True):
            ref = kind.columns[name].ref
            query = query.where(
                table.c[_stored_name(kind, name)] == (lookup(session, ref, word) if ref else _value(kind, name, word))
            )
        found = session.execute(query).scalar()
        if found is None:
            raise UsageError(
                _("no {kind} “{name}”").format(kind=kind.one, name=" ".join(words)),
                _("channelctl {kind} list shows what there is.").format(kind=kind.name.replace("_", "-")),
            )
        id_ = int(found)
    query, fields, _compare = _select(kind)
    return id_, _rows(session, kind, query.where(table.c.id == id_), fields)[0]


def find(session: Session, kind: Kind, word: str) -> list[Any]:
    """The records whose code, name, pinyin or initials hold the word; the closest first."""
    query, fields, _compare = _select(kind)
    table = kind.model().__table__
    plain, key = word.strip().casefold(), name_key(word)
    escaped = [text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") for text in (plain, key)]
    exact = or_(table.c.code == word.strip(), table.c.name_key == key, table.c.initials == plain)
    starts = or_(
        table.c.code.ilike(f"{escaped[0]}%", escape="\\"),
        table.c.name_key.like(f"{escaped[1]}%", escape="\\"),
        table.c.pinyin.like(f"{escaped[0]}%", escape="\\"),
        table.c.initials.like(f"{escaped[0]}%", escape="\\"),
    )
    holds = or_(
        table.c.name_key.like(f"%{escaped[1]}%", escape="\\"),
        table.c.pinyin.like(f"%{escaped[0]}%", escape="\\"),
        table.c.initials.like(f"%{escaped[0]}%", escape="\\"),
    )
    rank = case((exact, 0), (starts, 1), else_=2)
    query = query.where(or_(exact, starts, holds)).order_by(rank, table.c.code)
    return _rows(session, kind, query, fields)


def add(session: Session, kind: Kind, values: Mapping[str, str]) -> Any:
    """A new record from typed words; returns its row."""
    target = _write(session, kind, values, f"{kind.name} add")
    if not target.counts.new:
        raise UsageError(
            _("there is such a {kind} already").format(kind=kind.one),
            _("channelctl {kind} set changes it.").format(kind=kind.name.replace("_", "-")),
        )
    if kind.named:
        code = values.get("code") or max(target.resolver(kind.name).by_code.items(), key=lambda item: item[1])[0]
        return one(session, kind, [code])[1]
    return one(session, kind, [values[name] for name in kind.key])[1]


def change(session: Session, kind: Kind, words: Sequence[str], values: Mapping[str, str]) -> tuple[Any, bool]:
    """Change fields of a record; an empty word clears one. Returns its row and whether anything changed."""
    id_, row = one(session, kind, words)
    table = kind.model().__table__
    if any(name in values for name in kind.key):
        raise UsageError(
            _("what tells a record from others cannot be changed: {name}").format(name=", ".join(kind.key))
        )
    cleared = {name for name, word in values.items() if not word.strip()}
    for name in cleared:
        if kind.columns[name].required:
            raise UsageError(_("{column} cannot be blank").format(column=kind.columns[name].label))
    key = {"code": row.code} if kind.named else dict(zip(kind.key, words, strict=True))
    given = {name: word for name, word in values.items() if name not in cleared}
    changed = False
    if given:
        changed = _write(session, kind, {**key, **given}, f"{kind.name} set").counts.changed > 0
    held = [name for name in cleared if getattr(row, name) is not None]
    if held:
        audit.open_batch(session, f"{kind.name} set")
        session.execute(
            update(table).where(table.c.id == id_).values({_stored_name(kind, name): None for name in held})
        )
        changed = True
    return one(session, kind, [row.code] if kind.named else words)[1], changed


def remove(session: Session, kind: Kind, words: Sequence[str]) -> Any:
    """Remove a record that nothing refers to; returns what it was."""
    id_, row = one(session, kind, words)
    table = kind.model().__table__
    audit.open_batch(session, f"{kind.name} remove")
    try:
        session.execute(delete(table).where(table.c.id == id_))
    except IntegrityError:
        session.rollback()
        raise UsageError(
            _("{name} cannot be removed: other records refer to it").format(name=" ".join(words)),
            _("A customer that has gone is closed: channelctl customer set CODE closed_on=2024-05-31")
            if kind.name == "customer"
            else "",
        ) from None
    return row


def _write(session: Session, kind: Kind, values: Mapping[str, str], command: str) -> Target:
    """The words through the same reading as a sheet's row; unknown offices, reps and customers are refused."""
    columns = {name: Column(place, kind.columns[name].label, "name") for place, name in enumerate(values)}
    batch = audit.open_batch(session, command)
    target = Target(session, batch, None, "", "", Layout(kind, 0, columns), False, Dates("dmy"))
    loader = dotted(kind.loader or "channelctl.records.load:RecordLoader")(target)
    loader.add([(0, list(values.values()))])
    loader.finish()
    for problem in target.problems:
        if problem.is_error:
            raise UsageError(f"{problem.column.partition(' ')[2]}: {problem.message}")
    return target


def unknown_field(kind: Kind, word: str) -> UsageError:
    """There is no such field; which there are."""
    names = ", ".join(name.rstrip("_") for name in kind.columns)
    return UsageError(
        _("a {kind} has no field “{name}”").format(kind=kind.one, name=word),
        _("Its fields are: {names}").format(names=names),
    )


def field_named(kind: Kind, word: str) -> str:
    """The field that a typed name means, by its English or Chinese name."""
    found = target_field(kind, word)
    if not found:
        raise unknown_field(kind, word)
    return found
