"""Two records that are one: what belonged to the first becomes the second's, and its code and name stand for that."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session

from channelctl import audit
from channelctl.columns import Col
from channelctl.errors import RefusedError, UsageError
from channelctl.i18n import _, listed
from channelctl.records import Kind, dotted, kind_label, kinds
from channelctl.records.aliases import table_of
from channelctl.records.names import alias_key, name_key
from channelctl.records.resolve import lookup
from channelctl.report import Report

_SHOWN = 5
# What stays the record's own: where it came from, what it is called, whom it hangs from, and that it is no more.
_OWN = (
    "id",
    "batch_id",
    "sheet_id",
    "row_no",
    "code",
    "name",
    "name_key",
    "pinyin",
    "initials",
    "parent_id",
    "closed_on",
)
_ALIAS = "alias"


class MovedRow(NamedTuple):
    """How many rows of a kind go from one record to another."""

    kind: Annotated[str, Col("类型", "Kind", words=kind_label)]
    rows: Annotated[int, Col("条数", "Rows", kind="count")]


class Merged(NamedTuple):
    """What a merge did: the batch, both records, what moved, which blank fields were filled, which aliases made."""

    batch: int
    gone: Mapping[str, Any]
    stays: Mapping[str, Any]
    moved: list[MovedRow]
    filled: list[str]
    aliases: list[str]


def merge(session: Session, kind: Kind, word: str, into: str, dry_run: bool = False) -> Merged:
    """Make the first record a part of the second; a dry run takes everything back that it did.

    Raises:
        UsageError: either is not there, or both are the same.
        RefusedError: both have a row that there can be only one of; says which, and what to do.
    """
    table = kind.model().__table__
    old, new = (_record(session, table, lookup(session, kind.name, each)) for each in (word, into))
    if old["id"] == new["id"]:
        raise UsageError(_("“{word}” and “{into}” are one {kind} already").format(word=word, into=into, kind=kind.one))
    in_the_way = [line for where in _columns(table) for line in _collisions(session, where, old, new)]
    if in_the_way:
        raise RefusedError(
            _("{old} cannot be merged into {new}: both have what there can be only one of").format(
                old=old["code"], new=new["code"]
            ),
            "\n".join(in_the_way[:_SHOWN]),
        )
    batch = audit.open_batch(session, f"{kind.noun} merge")
    filled = _fill(session, batch, kind, table, old, new)
    moved = [
        MovedRow(where.kind.name, count)
        for where in _columns(table)
        if (count := _move(session, batch, where, old, new))
    ]
    audit.remove(session, batch, kind.name, table, old["id"])
    aliases = _add_aliases(session, batch, kind, old, new)
    session.flush()
    if dry_run:
        session.rollback()
    return Merged(batch, old, new, _summed(moved), filled, aliases)


class _Where(NamedTuple):
    """A column of a kind's table that names records of the merged kind."""

    kind: Kind
    table: Any
    column: Any


def _columns(table: Any) -> Iterator[_Where]:
    """Every column that refers to the table."""
    for kind in kinds().values():
        theirs = kind.model().__table__
        for column in theirs.c:
            if any(key.column.table is table for key in column.foreign_keys):
                yield _Where(kind, theirs, column)


def _record(session: Session, table: Any, id_: int) -> dict[str, Any]:
    row = session.execute(sa.select(table).where(table.c.id == id_)).one()
    return dict(zip(table.c.keys(), row, strict=True))


def _collisions(session: Session, where: _Where, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    """The commands that remove rows of the old record which the new one has too."""
    for names in _unique(where):
        theirs = where.table.alias()
        same = [theirs.c[name].is_not_distinct_from(where.table.c[name]) for name in names]
        query = sa.select(where.table).where(where.column == old["id"])
        query = query.where(sa.exists().where(theirs.c[where.column.name] == new["id"], *same)).order_by(
            where.table.c.id
        )
        for row in session.execute(query):
            yield _removal(session, where, dict(zip(where.table.c.keys(), row, strict=True)))


def _unique(where: _Where) -> list[list[str]]:
    """The other columns with which the column tells a row from any other: by the table, or by the kind's key."""
    keys = {
        frozenset(one.columns.keys()) for one in where.table.constraints if isinstance(one, sa.UniqueConstraint)
    } | {frozenset(_stored(where.kind.columns[field], field) for field in fields) for fields in _keys(where.kind)}
    return sorted(sorted(key - {where.column.name}) for key in keys if where.column.name in key)


def _keys(kind: Kind) -> list[tuple[str, ...]]:
    """The fields that tell records of a kind apart, and those of which a merge may not make two the same."""
    return [kind.key, kind.once] if kind.once else [kind.key]


def _removal(session: Session, where: _Where, row: Mapping[str, Any]) -> str:
    words = []
    for field in where.kind.key:
        ref = where.kind.columns[field].ref
        if not ref:
            words.append(_quoted(str(row[field.rstrip("_")])))
            continue
        if row[f"{field}_id"] is None:
            words.append(_quoted(""))
            continue
        named = kinds()[ref].model().__table__
        code = session.execute(sa.select(named.c.code).where(named.c.id == row[f"{field}_id"])).scalar_one()
        words.append(_quoted(code))
    return _("  {kind}: take one away first: {command}").format(
        kind=where.kind.label, command=f"channelctl {where.kind.noun} remove {' '.join(words)}"
    )


def _quoted(word: str) -> str:
    """A word as it is typed."""
    return word if word and not set(word) & {" ", '"'} else f'"{word}"'


def _fill(
    session: Session, batch: int, kind: Kind, table: Any, old: Mapping[str, Any], new: Mapping[str, Any]
) -> list[str]:
    """What the old record's file knows and the new one's does not.

    Where the new one hung below the old, it rises to where that was.
    """
    values = {
        name: value for name, value in old.items() if name not in _OWN and value is not None and new[name] is None
    }
    filled = [column.label for name, column in kind.columns.items() if _stored(column, name) in values]
    below = old["id"] in _above(session, table, new)
    free = new["parent_id"] is None and new["id"] not in _above(session, table, old)
    if old["parent_id"] != new["parent_id"] and (below or free):
        values["parent_id"] = old["parent_id"]
    if values:
        audit.amend(session, batch, kind.name, table, new["id"], values)
    return filled


def _stored(column: Col, name: str) -> str:
    return f"{name}_id" if column.ref else name.rstrip("_")


def _above(session: Session, table: Any, record: Mapping[str, Any]) -> set[int]:
    """The ids of the record's parent, its parent's parent and so on."""
    found: set[int] = set()
    parent = record.get("parent_id")
    while parent is not None and parent not in found:
        found.add(parent)
        parent = session.execute(sa.select(table.c.parent_id).where(table.c.id == parent)).scalar()
    return found


def _move(session: Session, batch: int, where: _Where, old: Mapping[str, Any], new: Mapping[str, Any]) -> int:
    """Let the rows that name the old record name the new one; returns how many."""
    ids = session.execute(sa.select(where.table.c.id).where(where.column == old["id"]).order_by(where.table.c.id))
    changes: dict[int, dict[str, Any]] = {row[0]: {where.column.name: new["id"]} for row in ids}
    if where.kind.rekey:
        for id_, more in dotted(where.kind.rekey)(session, changes):
            changes[id_] |= more
    audit.amend_all(session, batch, where.kind.name, where.table, changes)
    return len(changes)


def _summed(moved: list[MovedRow]) -> list[MovedRow]:
    names = list(dict.fromkeys(row.kind for row in moved))
    return [MovedRow(name, sum(row.rows for row in moved if row.kind == name)) for name in names]


def _add_aliases(session: Session, batch: int, kind: Kind, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """The old code, and the old name where no other record bears it, stand for the new record from now on."""
    table, theirs = kind.model().__table__, table_of(kind)
    bearers = sa.select(table.c.id).where(table.c.name_key == name_key(old["name"], kind.name)).limit(1)
    words = [old["code"]] if session.execute(bearers).first() else [old["name"], old["code"]]
    taken = {row[0] for row in session.execute(sa.select(theirs.c.key))}
    words = [word for key, word in {alias_key(word): word for word in words}.items() if key not in taken]
    for word in reversed(words):
        values = {"batch_id": batch, _ALIAS: word, "key": alias_key(word), f"{kind.name}_id": new["id"]}
        session.execute(sa.insert(theirs).values(values))
    return words


def report(done: Merged, dry_run: bool) -> Report:
    """What a merge did, or would do."""
    pair = f"{done.gone['code']} {done.gone['name']} → {done.stays['code']} {done.stays['name']}"
    title = _("Dry run, nothing was written: {pair}") if dry_run else _("merged: {pair}")
    closing = []
    if done.filled:
        closing.append(_("filled in: {fields}").format(fields=listed(done.filled)))
    if done.aliases:
        closing.append(
            _("stand for {code} from now on: {aliases}").format(code=done.stays["code"], aliases=listed(done.aliases))
        )
    if not dry_run:
        closing.append(_("Batch {batch}. Undo: channelctl batch undo {batch}").format(batch=done.batch))
    params = {"customer": done.gone["code"], "into": done.stays["code"], "dry_run": dry_run}
    return Report("customer_merge", MovedRow, done.moved, title.format(pair=pair), params=params, closing=closing)
