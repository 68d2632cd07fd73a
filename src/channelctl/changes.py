"""What a write did to records, column by column: before and after, as people say it."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col

from channelctl.columns import Col
from channelctl.records import Kind, kind_label, kinds
from channelctl.report import cells
from channelctl.storage import Change


class ChangeRow(NamedTuple):
    """A column of a record before and after; of a new record there is no before, of a removed one no after."""

    kind: Annotated[str, Col("类型", "Kind", words=kind_label)]
    record: Annotated[str, Col("记录", "Record")]
    field: Annotated[str, Col("字段", "Field", wide=True)]
    column: Annotated[str, Col("列", "Column")]
    before: Annotated[str | None, Col("原值", "Before")]
    after: Annotated[str | None, Col("现值", "After")]


def of_record(session: Session, change: Change, back: bool = False) -> Iterator[ChangeRow]:
    """The columns of a change that a sheet can have; `back` for one that was taken back."""
    before: dict[str, Any] = json.loads(change.before)
    after: dict[str, Any] = json.loads(change.after or "{}")
    kind = kinds().get(change.kind)
    name = name_of(session, change.kind, change.record_id)
    for field in dict.fromkeys((*before, *after)):
        old, new = (_said(session, kind, field, values.get(field)) for values in (before, after))
        if old != new and _label(kind, field):
            yield ChangeRow(change.kind, name, field, _label(kind, field), *((new, old) if back else (old, new)))


def name_of(session: Session, kind_name: str, id_: int) -> str:
    """A record as people call it today, or called it when it was removed."""
    kind = kinds().get(kind_name)
    return _called(session, kind, _record(session, kind, id_), id_) if kind is not None else f"#{id_}"


def restored(session: Session, batch: int) -> Iterator[ChangeRow]:
    """What undoing a batch brought back."""
    query = sa.select(Change).where(col(Change.batch_id) == batch).order_by(col(Change.id).desc())
    for change in session.execute(query).scalars():
        yield from of_record(session, change, back=True)


def versions(session: Session, batch: int) -> Iterator[ChangeRow]:
    """What a batch corrected: the lines that it ended beside their next versions; one without any was replaced."""
    for kind in kinds().values():
        table = kind.model().__table__
        if "ended_batch_id" not in table.c:
            continue
        by = table.c.ended_batch_id == batch
        ended = _read(session, table, by)
        if not ended:
            continue
        same = [column.in_(sa.select(column).where(by)) for column in (table.c.line_key, table.c.content_key)]
        made = _read(session, table, table.c.batch_id == batch, sa.or_(*same))
        for old, new in _paired(ended, made):
            name = _called(session, kind, old, old["id"])
            for field in old:
                before = _said(session, kind, field, old[field])
                after = _said(session, kind, field, new[field]) if new is not None else None
                if before != after and _label(kind, field):
                    yield ChangeRow(kind.name, name, field, _label(kind, field), before, after)


def _read(session: Session, table: Any, *where: Any) -> list[Mapping[str, Any]]:
    """Rows of a table as they are stored, in the order they came."""
    plain = [sa.type_coerce(column, sa.types.NullType()).label(column.name) for column in table.c]
    rows = session.execute(sa.select(*plain).where(*where).order_by(table.c.id))
    return [dict(zip(table.c.keys(), row, strict=True)) for row in rows]


def _paired(
    ended: Sequence[Mapping[str, Any]], made: Iterable[Mapping[str, Any]]
) -> list[tuple[Mapping[str, Any], Mapping[str, Any] | None]]:
    """Each ended line with the one that came for it: of the same document and line number, else of the same content."""
    waiting: dict[tuple[str, Any], list[Mapping[str, Any]]] = {}
    for line in made:
        for key in ("line_key", "content_key"):
            waiting.setdefault((key, line[key]), []).append(line)
    used: set[int] = set()
    pairs: dict[int, Mapping[str, Any]] = {}
    for key in ("line_key", "content_key"):
        for old in ended:
            if old["id"] in pairs or old[key] is None:
                continue
            new = next((line for line in waiting.get((key, old[key]), ()) if line["id"] not in used), None)
            if new is not None:
                used.add(new["id"])
                pairs[old["id"]] = new
    return [(old, pairs.get(old["id"])) for old in ended]


def _record(session: Session, kind: Kind, id_: int) -> Mapping[str, Any]:
    """A record as it is, or as it was when it was removed."""
    table = kind.model().__table__
    found = _read(session, table, table.c.id == id_)
    if found:
        return found[0]
    query = sa.select(col(Change.before)).where(
        col(Change.kind) == kind.name, col(Change.record_id) == id_, col(Change.after).is_(None)
    )
    gone = session.execute(query.order_by(col(Change.id).desc()).limit(1)).scalar()
    return json.loads(gone) if gone else {}


def _called(session: Session, kind: Kind, values: Mapping[str, Any], id_: int) -> str:
    """A record by its code and name, or by the parts of its key."""
    fields = ("code", "name") if kind.named else [_stored_name(kind, name) for name in kind.key]
    words = [_said(session, kind, field, values.get(field)) for field in fields]
    return " ".join(word for word in words if word) or f"#{id_}"


def _stored_name(kind: Kind, field: str) -> str:
    return f"{field}_id" if kind.columns[field].ref else field.rstrip("_")


def _label(kind: Kind | None, column: str) -> str:
    """The heading of a column of the table, "" for one that no sheet has; what is no record has all of its own."""
    if kind is None:
        return column
    return next((known.label for field, known in kind.columns.items() if _stored_name(kind, field) == column), "")


def _said(session: Session, kind: Kind | None, field: str, value: Any) -> str | None:
    """A stored value as it was meant: amounts in yuan, records by code and name, days and flags as such."""
    column = kind.model().__table__.c.get(field) if kind is not None else None
    if value is None or column is None:
        return None if value is None else cells.raw(value)
    for key in column.foreign_keys:
        other = key.column.table
        if {"code", "name"} <= set(other.c.keys()):
            found = session.execute(sa.select(other.c.code, other.c.name).where(other.c.id == value)).first()
            return " ".join(found) if found is not None else f"#{value}"
    if isinstance(column.type, sa.types.TypeDecorator):
        value = column.type.process_result_value(value, session.get_bind().dialect)
    return cells.raw(value)
