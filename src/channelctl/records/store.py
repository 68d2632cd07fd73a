"""Reading, adding, changing and removing single records of any kind."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, Text, case, exists, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from channelctl import audit, i18n
from channelctl.errors import RefusedError, UsageError
from channelctl.i18n import _, listed
from channelctl.records import Kind, aliases, dotted, kinds, noted
from channelctl.records.names import name_key
from channelctl.records.resolve import lookup
from channelctl.sheets import convert
from channelctl.sheets.days import Dates, OpenOrder
from channelctl.sheets.layout import Column, Layout
from channelctl.sheets.naming import target_field
from channelctl.sheets.problems import Flaw, Problem
from channelctl.sheets.target import Target


class Query(NamedTuple):
    """A query for rows of a kind with the names of what they refer to; field -> what a filter compares; its order."""

    select: Select[Any]
    fields: list[str]
    compare: dict[str, ColumnElement[Any]]
    order: list[ColumnElement[Any]]


class Written(NamedTuple):
    """A record as it is now, whether that is new, the remarks on words that were kept as they are, and the batch."""

    row: Any
    changed: bool
    remarks: list[str]
    batch: int


def _query(kind: Kind, unfound: Mapping[str, Sequence[int]] | None = None) -> Query:
    table = kind.model().__table__
    source: Any = table
    chosen: dict[str, ColumnElement[Any]] = {}
    compare: dict[str, ColumnElement[Any]] = {}
    order: dict[str, ColumnElement[Any]] = {}
    for field, column in kind.columns.items():
        if column.ref and f"{field}_id" in table.c:
            other = kinds()[column.ref].model().__table__.alias(f"{field}_ref")
            source = source.outerjoin(other, table.c[f"{field}_id"] == other.c.id)
            by_code = None if f"{field}_code" in kind.columns else (unfound or {}).get(column.ref)
            name = case((other.c.id.in_(by_code), other.c.code), else_=other.c.name) if by_code else other.c.name
            chosen[field], compare[field], order[field] = name, table.c[f"{field}_id"], other.c.code
            if f"{field}_code" in kind.columns:
                chosen[f"{field}_code"] = compare[f"{field}_code"] = other.c.code
        elif field.rstrip("_") in table.c:
            chosen[field] = compare[field] = order[field] = table.c[field.rstrip("_")]
    query = select(*chosen.values()).select_from(source)
    return Query(query, list(chosen), compare, [order[name] for name in kind.key])


def _rows(session: Session, kind: Kind, query: Select[Any], fields: Sequence[str]) -> list[Any]:
    blank = dict.fromkeys(kind.columns)
    return [kind.row(**{**blank, **dict(zip(fields, row, strict=True))}) for row in session.execute(query)]


def exported(session: Session, kind: Kind, where: Sequence[ColumnElement[bool]] = ()) -> list[Any]:
    """The rows of a kind for a sheet that imports again: where a name would find another record, or none, its code."""
    refs = {column.ref for column in kind.columns.values() if column.ref}
    found = _query(kind, {ref: _unfound(session, ref) for ref in refs})
    table = kind.model().__table__
    query = found.select.where(*where).order_by(table.c.code if kind.named else table.c.id)
    return _rows(session, kind, query, found.fields)


def _unfound(session: Session, ref: str) -> list[int]:
    """The records of a kind that their names do not find: several have the name, or it is another's code or alias."""
    table = kinds()[ref].model().__table__
    other = table.alias("other")
    shared = select(table.c.name_key).group_by(table.c.name_key).having(func.count() > 1)
    coded = exists().where(other.c.code == table.c.name, other.c.id != table.c.id)
    meant = [table.c.name_key.in_(shared), coded]
    if kinds()[ref].aliases:
        others = session.execute(select(aliases.table_of(kinds()[ref]).c.alias))
        meant.append(table.c.name_key.in_([name_key(row[0]) for row in others]))
    query = select(table.c.id).where(or_(*meant))
    return [row[0] for row in session.execute(query)]


def filtered(session: Session, kind: Kind, filters: Mapping[str, str | None]) -> list[Any]:
    """The records whose fields hold the words given (None or blank: hold nothing), by key."""
    query, fields, compare, order = _query(kind)
    for field, word in filters.items():
        if field not in compare:
            raise unknown_field(kind, field)
        if word is None or not word.strip():
            query = query.where(_is_blank(compare[field]))
        elif kind.columns[field].ref:
            query = query.where(compare[field] == lookup(session, kind.columns[field].ref, word))
        else:
            query = query.where(compare[field] == typed(kind, field, word))
    return _rows(session, kind, query.order_by(*order), fields)


def typed(kind: Kind, field: str, word: str) -> Any:
    """A word as the field keeps it, so that channel=直供 finds direct."""
    try:
        value = convert.one(kind.columns[field].kind, Dates())(word)
    except OpenOrder:
        raise _open_order(word) from None
    if isinstance(value, Flaw):
        raise UsageError(_("{name}: {reason}").format(name=kind.columns[field].label, reason=value.message))
    if kind.tidy:
        values = {field.rstrip("_"): value}
        list(dotted(kind.tidy)(values))
        value = values[field.rstrip("_")]
    return value


def _open_order(word: str) -> UsageError:
    return UsageError(
        _("day and month cannot be told apart in “{value}”").format(value=word), _("Write it as 2024-05-31.")
    )


def _is_blank(column: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether a field holds nothing: no value, or where a part of the key may be any, no word."""
    return or_(column.is_(None), column == "") if isinstance(column.type, Text) else column.is_(None)


def _stored_name(kind: Kind, field: str) -> str:
    return f"{field}_id" if kind.columns[field].ref else field.rstrip("_")


def one(session: Session, kind: Kind, words: Sequence[str]) -> tuple[int, Any]:
    """The record that a code or name, or the parts of a key, mean: its id and its row."""
    table = kind.model().__table__
    words = _whole_key(kind, words)
    if len(words) != len(kind.key):
        parts = i18n.listed(kind.columns[name].label for name in kind.key)
        raise UsageError(_("a {kind} is named by all of: {parts}").format(kind=kind.one, parts=parts))
    if kind.named:
        id_ = lookup(session, kind.name, words[0])
    else:
        query = select(table.c.id)
        for name, word in zip(kind.key, words, strict=True):
            ref, column = kind.columns[name].ref, table.c[_stored_name(kind, name)]
            if not word.strip():
                query = query.where(_is_blank(column))
                continue
            query = query.where(column == (lookup(session, ref, word) if ref else typed(kind, name, word)))
        found = session.execute(query).scalar()
        if found is None:
            raise UsageError(
                _("no {kind} “{name}”").format(kind=kind.one, name=" ".join(filter(None, words))),
                _("channelctl {kind} list shows what there is.").format(kind=kind.noun),
            )
        id_ = int(found)
    whole = _query(kind)
    return id_, _rows(session, kind, whole.select.where(table.c.id == id_), whole.fields)[0]


def _whole_key(kind: Kind, words: Sequence[str]) -> list[str]:
    """The parts of a key, blank for the last ones where they were left out and need not be there."""
    table = kind.model().__table__
    left = kind.key[len(words) :]
    columns = [table.c[_stored_name(kind, name)] for name in left]
    blank = bool(words) and all(column.nullable or column.default is not None for column in columns)
    return [*words, *("" for _name in left)] if blank else [*words]


def find(session: Session, kind: Kind, word: str) -> list[Any]:
    """The records whose code, name, pinyin or initials hold the word; the closest first.

    A record that has no name of its own is found by those it refers to, and by its own words.
    """
    query = _query(kind)
    table = kind.model().__table__
    if kind.named:
        holds, rank = _holds(kind, table, word)
        return _rows(session, kind, query.select.where(holds).order_by(rank, table.c.code), query.fields)
    found: list[ColumnElement[bool]] = []
    for field in kind.key:
        ref = kind.columns[field].ref
        if ref:
            other = kinds()[ref].model().__table__
            theirs = select(other.c.id).where(_holds(kinds()[ref], other, word)[0])
            found.append(table.c[f"{field}_id"].in_(theirs))
        else:
            found.append(func.lower(table.c[field.rstrip("_")]) == word.strip().casefold())
    return _rows(session, kind, query.select.where(or_(*found)).order_by(*query.order), query.fields)


def _holds(kind: Kind, table: Any, word: str) -> tuple[ColumnElement[bool], ColumnElement[int]]:
    """Whether a named record holds the word, and how close it is: the whole, a beginning, a part."""
    key = name_key(word, kind.name)
    part = name_key(word).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    code = func.lower(table.c.code)
    exact = or_(code == key, table.c.name_key == key, table.c.initials == key)
    searched = (code, table.c.name_key, table.c.pinyin, table.c.initials)
    starts = or_(*(column.like(f"{part}%", escape="\\") for column in searched))
    holds = or_(exact, *(column.like(f"%{part}%", escape="\\") for column in searched))
    if kind.aliases:
        other = aliases.table_of(kind)
        alias = func.lower(other.c.key).like(f"%{part}%", escape="\\")
        holds = or_(holds, table.c.id.in_(select(other.c[f"{kind.name}_id"]).where(alias)))
    return holds, case((exact, 0), (starts, 1), else_=2)


def add(session: Session, kind: Kind, values: Mapping[str, str], verb: str = "add", held: bool = True) -> Written:
    """A new record from typed words; one that is held is refused, unless that is settled (`held` no)."""
    target = _write(session, kind, values, audit.open_batch(session, f"{kind.noun} {verb}"), held)
    if not target.counts.new:
        raise UsageError(
            _("there is such a {kind} already").format(kind=kind.one),
            _("channelctl {kind} set changes it.").format(kind=kind.noun),
        )
    if kind.named:
        code = values.get("code") or max(target.resolver(kind.name).by_code.items(), key=lambda item: item[1])[0]
        return Written(one(session, kind, [code])[1], True, _remarks(session, target.batch_id, target), target.batch_id)
    # By its batch: a loader may fill in parts of the key that were not typed.
    whole = _query(kind)
    made = whole.select.where(kind.model().__table__.c.batch_id == target.batch_id)
    row = _rows(session, kind, made, whole.fields)[0]
    return Written(row, True, _remarks(session, target.batch_id, target), target.batch_id)


def change(
    session: Session,
    kind: Kind,
    words: Sequence[str],
    values: Mapping[str, str],
    verb: str = "set",
    held: bool = True,
) -> Written:
    """Change fields of a record; an empty word clears one. What is held is refused, unless that is settled."""
    words = words if kind.named else _whole_key(kind, words)
    id_, row = one(session, kind, words)
    cleared, given = _checked(session, kind, id_, values)
    key = {"code": row.code} if kind.named else dict(zip(kind.key, words, strict=True))
    for name, column in kind.columns.items():
        code = f"{name}_code"
        if column.required and code in kind.columns and not {name, code} & {*key, *given}:
            key[code] = getattr(row, code)
        elif column.required and not kind.named and name not in {*key, *given}:
            key[name] = str(getattr(row, name))
    batch = audit.open_batch(session, f"{kind.noun} {verb}")
    filled = [name for name in cleared if getattr(row, name) is not None]
    if filled:
        table = kind.model().__table__
        blanks = {_stored_name(kind, name): None for name in filled}
        if held:
            _refuse_held(session, kind, id_, blanks)
        audit.amend(session, batch, kind.name, table, id_, blanks)
    target = _write(session, kind, {**key, **given}, batch, held) if given else None
    changed = bool(filled) or (target is not None and target.counts.changed > 0)
    now = one(session, kind, [row.code] if kind.named else words)[1]
    return Written(now, changed, _remarks(session, batch, target), batch)


def _refuse_held(session: Session, kind: Kind, id_: int, changes: Mapping[str, Any] | None) -> None:
    """Refuse to change columns of a record that is held, or to remove it (`changes` None)."""
    if not kind.held:
        return
    table = kind.model().__table__
    row = dict(zip(table.c.keys(), session.execute(select(table).where(table.c.id == id_)).one(), strict=True))
    found = dotted(kind.held)(session)(row, None if changes is None else {**row, **changes})
    if found is not None:
        raise RefusedError(found.reason, found.hint)


def _checked(session: Session, kind: Kind, id_: int, values: Mapping[str, str]) -> tuple[list[str], dict[str, str]]:
    """The fields to clear, and those to fill.

    Raises:
        UsageError: a field that tells the record from others, that it cannot do without, that it does not keep, or that
            would make it its own superior.
    """
    table = kind.model().__table__
    cleared: list[str] = []
    given: dict[str, str] = {}
    for name, word in values.items():
        code_of = name.removesuffix("_code") if name != "code" else name
        field = code_of if code_of in kind.columns else name
        column = kind.columns[field]
        if field in kind.key:
            raise UsageError(
                _("what tells a record from others cannot be changed: {name}").format(name=i18n.listed(kind.key))
            )
        if _stored_name(kind, field) not in table.c:
            raise unknown_field(kind, field)
        if not word.strip():
            if column.required or not table.c[_stored_name(kind, field)].nullable:
                raise UsageError(_("{column} cannot be blank").format(column=column.label))
            cleared.append(field)
            continue
        if column.ref == kind.name and lookup(session, kind.name, word) == id_:
            raise UsageError(_("{column}: a {kind} cannot be its own").format(column=column.label, kind=kind.one))
        given[name] = word
    return cleared, given


def remove(session: Session, kind: Kind, words: Sequence[str], verb: str = "remove", held: bool = True) -> Written:
    """Remove a record that nothing refers to; returns what it was. What is held is refused, unless that is settled."""
    id_, row = one(session, kind, words)
    table = kind.model().__table__
    if held:
        _refuse_held(session, kind, id_, None)
    batch = audit.open_batch(session, f"{kind.noun} {verb}")
    try:
        audit.remove(session, batch, kind.name, table, id_)
    except IntegrityError:
        session.rollback()
        raise UsageError(
            _("{name} cannot be removed: other records refer to it ({kinds})").format(
                name=" ".join(words), kinds=listed(_referring(session, kind, id_))
            ),
            _("A customer that has gone is closed: channelctl customer set CODE closed_on=2024-05-31")
            if kind.name == "customer"
            else "",
        ) from None
    return Written(row, True, _remarks(session, batch, None), batch)


def _referring(session: Session, kind: Kind, id_: int) -> list[str]:
    """Which kinds of record refer to one, and how many of each."""
    table = kind.model().__table__
    found = []
    for other in kinds().values():
        theirs = other.model().__table__
        columns = [column for column in theirs.c if any(key.column.table is table for key in column.foreign_keys)]
        if columns:
            query = select(func.count()).select_from(theirs).where(or_(*(column == id_ for column in columns)))
            if count := session.execute(query).scalar():
                found.append(f"{other.label} {count:,}")
    return found


def _write(session: Session, kind: Kind, values: Mapping[str, str], batch: int, held: bool) -> Target:
    """The words through the same reading as a sheet's row; unknown offices, reps and customers are refused."""
    columns = {name: Column(place, kind.columns[name].label, "name") for place, name in enumerate(values)}
    target = Target(session, batch, None, "", "", Layout(kind, 0, columns), False, Dates())
    loader = dotted(kind.loader or "channelctl.records.load:RecordLoader")(target)
    if not held:
        loader.guard = None
    try:
        loader.take(0, list(values.values()))
    except OpenOrder:
        dates = [word for name, word in values.items() if kind.columns[name].kind == "date"]
        raise _open_order(", ".join(dates)) from None
    loader.finish()
    if loader.held is not None:
        raise RefusedError(loader.held.reason, loader.held.hint)
    for problem in target.problems:
        if problem.is_error:
            raise UsageError(_said(problem))
    return target


def _remarks(session: Session, batch: int, target: Target | None) -> list[str]:
    """What is to be said of the words that were written, and of the batch."""
    return [*(_said(problem) for problem in (target.problems if target else ())), *noted(session, batch)]


def _said(problem: Problem) -> str:
    heading = problem.column.partition(" ")[2]
    return _("{name}: {reason}").format(name=heading, reason=problem.message) if heading else problem.message


def unknown_field(kind: Kind, word: str) -> UsageError:
    """There is no such field; which there are."""
    names = i18n.listed(name.rstrip("_") for name in kind.columns)
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
