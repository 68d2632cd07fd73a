"""Batches: what each brought, and taking one back whole, as if it had never been."""

import json
from collections.abc import Iterable, Sequence
from typing import Annotated, Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col

from channelctl import audit
from channelctl.columns import Col
from channelctl.errors import RefusedError, UsageError
from channelctl.i18n import _, ngettext
from channelctl.records import Kind, kind_label, kinds
from channelctl.storage import Batch, Change, SourceSheet

# The tables that tell of batches themselves: undoing one leaves them.
_OF_BATCHES = ("batch", "source_sheet", "change", "audit_entry")
_SHOWN = 5


class BatchRow(NamedTuple):
    """A batch: one import of a file, or one command that wrote."""

    batch: Annotated[int, Col("批次", "Batch", kind="count")]
    at: Annotated[str, Col("时间", "At")]
    user: Annotated[str, Col("用户", "User")]
    command: Annotated[str, Col("命令", "Command")]
    file: Annotated[str | None, Col("文件", "File")]
    rows: Annotated[int | None, Col("行数", "Rows", kind="count")]
    net_sales: Annotated[Any, Col("净销售额", "Net sales", kind="money")]
    undone_by: Annotated[int | None, Col("撤销于批次", "Undone by", kind="count")]


class ContentRow(NamedTuple):
    """What a batch holds of a kind: records made, lines that were corrected, records changed or removed."""

    kind: Annotated[str, Col("类型", "Kind", words=kind_label)]
    made: Annotated[int, Col("新增", "Made", kind="count")]
    changed: Annotated[int, Col("更正", "Changed", kind="count")]
    removed: Annotated[int, Col("删除", "Removed", kind="count")]


def listed(session: Session) -> list[BatchRow]:
    """Every batch, the latest first."""
    rows, amount = sa.func.sum(SourceSheet.rows), sa.func.sum(col(SourceSheet.net_sales))
    query = (
        sa.select(Batch, rows, amount)
        .outerjoin(SourceSheet, col(SourceSheet.batch_id) == col(Batch.id))
        .group_by(col(Batch.id))
        .order_by(col(Batch.id).desc())
    )
    return [
        BatchRow(one.id or 0, one.at, one.user, one.command, one.file_name, count, net, one.undone_by)
        for one, count, net in session.execute(query)
    ]


def content(session: Session, batch: int) -> list[ContentRow]:
    """What a batch brought, kind by kind."""
    _one(session, batch)
    found: list[ContentRow] = []
    for kind in kinds().values():
        table = kind.model().__table__
        made = _count(session, sa.select(sa.func.count()).select_from(table).where(table.c.batch_id == batch))
        ended = 0
        if "ended_batch_id" in table.c:
            query = sa.select(sa.func.count()).select_from(table).where(table.c.ended_batch_id == batch)
            ended = _count(session, query)
        ours = sa.select(sa.func.count()).where(col(Change.batch_id) == batch, col(Change.kind) == kind.name)
        changed = _count(session, ours.where(col(Change.after).is_not(None)))
        removed = _count(session, ours.where(col(Change.after).is_(None)))
        if made or ended or changed or removed:
            found.append(ContentRow(kind.name, made - ended, changed + ended, removed))
    return found


def undo(session: Session, batch: int) -> list[ContentRow]:
    """Take a batch back: what it made goes, what it changed or removed is as it was before.

    Raises:
        UsageError: there is no such batch, or it was undone before.
        RefusedError: later work builds on it; says what.
    """
    one = _one(session, batch)
    if one.undone_by is not None:
        raise UsageError(_("batch {batch} was undone before, by batch {by}").format(batch=batch, by=one.undone_by))
    if one.command == "batch undo":
        raise UsageError(_("an undoing cannot be undone"), _("Import the file again instead."))
    for kind in kinds().values():
        kind.model()
    in_the_way = list(_later(session, batch))
    if in_the_way:
        shown = "\n".join(f"  {line}" for line in in_the_way[:_SHOWN])
        raise RefusedError(
            _("batch {batch} cannot be undone: later work builds on it").format(batch=batch),
            shown + "\n" + _("Undo those batches first, the latest first: channelctl batch undo N"),
        )
    before = content(session, batch)
    by = audit.open_batch(session, "batch undo")
    for kind in reversed(list(kinds().values())):
        _unmake(session, kind, batch)
    _bring_back(session, batch)
    one.undone_by = by
    session.flush()
    return before


def _one(session: Session, batch: int) -> Batch:
    found = session.get(Batch, batch)
    if found is None:
        raise UsageError(
            _("there is no batch {batch}").format(batch=batch), _("channelctl batch list shows those there are.")
        )
    return found


def _count(session: Session, query: Any) -> int:
    return int(session.execute(query).scalar() or 0)


def _later(session: Session, batch: int) -> Iterable[str]:
    """What other batches did to the records that this one made or changed."""
    for kind in kinds().values():
        table = kind.model().__table__
        if "ended_batch_id" in table.c:
            query = sa.select(table.c.ended_batch_id, sa.func.count()).where(
                table.c.batch_id == batch, table.c.ended_batch_id.is_not(None), table.c.ended_batch_id != batch
            )
            for other, count in session.execute(query.group_by(table.c.ended_batch_id)):
                yield _("batch {other} corrected {count} of its {kind}").format(
                    other=other, count=count, kind=kind.label
                )
        own = sa.select(table.c.id).where(table.c.batch_id == batch)
        amended = sa.select(col(Change.batch_id), sa.func.count()).where(
            col(Change.kind) == kind.name, col(Change.batch_id) > batch, _not_undone(col(Change.batch_id))
        )
        touched = sa.select(col(Change.record_id)).where(col(Change.kind) == kind.name, col(Change.batch_id) == batch)
        amended = amended.where(sa.or_(col(Change.record_id).in_(own), col(Change.record_id).in_(touched)))
        for other, count in session.execute(amended.group_by(col(Change.batch_id))):
            yield _("batch {other} changed {count} of its {kind}").format(other=other, count=count, kind=kind.label)
        yield from _referring(session, kind, batch)


def _not_undone(column: Any) -> Any:
    return column.in_(sa.select(col(Batch.id)).where(col(Batch.undone_by).is_(None)))


def _referring(session: Session, kind: Kind, batch: int) -> Iterable[str]:
    """Rows of other batches that refer to records that this one made."""
    table = kind.model().__table__
    own = sa.select(table.c.id).where(table.c.batch_id == batch)
    for other in SQLModel.metadata.sorted_tables:
        if other.name in _OF_BATCHES or "batch_id" not in other.c:
            continue
        for column in other.c:
            if any(key.column.table is table for key in column.foreign_keys):
                query = (
                    sa.select(other.c.batch_id, sa.func.count())
                    .where(column.in_(own), other.c.batch_id != batch)
                    .group_by(other.c.batch_id)
                )
                for by, count in session.execute(query):
                    text = ngettext(
                        "{count} row of batch {other} names {kind} that it made",
                        "{count} rows of batch {other} name {kind} that it made",
                        count,
                    )
                    yield text.format(count=count, other=by, kind=kind.label)


def _unmake(session: Session, kind: Kind, batch: int) -> None:
    """Remove what the batch made, and let the versions that it ended hold again."""
    table = kind.model().__table__
    own_kind = [column for column in table.c if any(key.column.table is table for key in column.foreign_keys)]
    for column in own_kind:
        session.execute(sa.update(table).where(table.c.batch_id == batch).values({column.name: None}))
    session.execute(sa.delete(table).where(table.c.batch_id == batch))
    if "ended_batch_id" in table.c:
        session.execute(sa.update(table).where(table.c.ended_batch_id == batch).values(ended_batch_id=None))


def _bring_back(session: Session, batch: int) -> None:
    """Restore changed and removed records, those first that others refer to, the last change first."""
    changes = session.execute(
        sa.select(Change).where(col(Change.batch_id) == batch).order_by(col(Change.id).desc())
    ).scalars()
    order = list(kinds())
    for change in sorted(changes, key=lambda one: order.index(one.kind)):
        table = kinds()[change.kind].model().__table__
        values: dict[str, Any] = json.loads(change.before)
        plain = sa.table(table.name, *(sa.column(name) for name in values))
        if change.after is None:
            session.execute(sa.insert(plain).values(values))
        else:
            session.execute(sa.update(plain).where(sa.column("id") == change.record_id).values(values))


def sheets(session: Session, batch: int) -> Sequence[SourceSheet]:
    """The sheets of a batch's file that were read."""
    query = sa.select(SourceSheet).where(col(SourceSheet.batch_id) == batch).order_by(col(SourceSheet.id))
    return list(session.execute(query).scalars())
