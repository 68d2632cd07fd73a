"""Batches: what each brought, and taking one back whole, as if it had never been."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col

from channelctl.columns import Col
from channelctl.deeds import command_text
from channelctl.errors import UsageError
from channelctl.i18n import _, either
from channelctl.records import dotted, kind_label, kinds
from channelctl.storage import Batch, Change, SourceSheet

# The tables that tell of batches themselves: undoing one leaves them.
OF_BATCHES = ("batch", "source_sheet", "change", "audit_entry", "kept_file")
# What is written beside the kinds of records; its rows name no batch, only their changes do.
MAP = "map"
_NOTHING = "{}"


def last_import(session: Session) -> Batch | None:
    """The last import that stands."""
    standing = sa.select(Batch).where(col(Batch.command) == "import", col(Batch.undone_by).is_(None))
    found: Batch | None = session.execute(standing.order_by(col(Batch.id).desc()).limit(1)).scalar()
    return found


class BatchRow(NamedTuple):
    """A batch: one import of a file, or one command that wrote.

    `net_sales` are those of the file's rows, `net_change` is what the batch changed those of the database by: lines
    that were there count nothing, of corrected ones the difference.
    """

    batch: Annotated[int, Col("批次", "Batch", kind="count")]
    at: Annotated[str, Col("时间", "At")]
    user: Annotated[str, Col("用户", "User")]
    command: Annotated[str, Col("命令", "Command", words=command_text)]
    file: Annotated[str | None, Col("文件", "File")]
    rows: Annotated[int | None, Col("行数", "Rows", kind="count")]
    net_sales: Annotated[Decimal | None, Col("净销售额", "Net sales", kind="money")]
    net_change: Annotated[Decimal | None, Col("净销售额变动", "Change in net sales", kind="money")]
    undone_by: Annotated[int | None, Col("撤销于批次", "Undone by", kind="count")]


def documents() -> list[Any]:
    """The tables of what a batch concluded, which is nobody's record: it goes with its batch."""
    of_kinds = {kind.model().__table__ for kind in kinds().values()}
    return [
        table
        for table in SQLModel.metadata.sorted_tables
        if "batch_id" in table.c and table not in of_kinds and table.name not in OF_BATCHES
    ]


def _label(name: str | None) -> str:
    table = SQLModel.metadata.tables.get(name or "")
    if table is not None and table.info:
        return either(table.info["zh"], table.info["en"])
    return _("mappings") if name == MAP else kind_label(name)


class ContentRow(NamedTuple):
    """What a batch holds of a kind: records made, lines that were corrected, records changed or removed."""

    kind: Annotated[str, Col("类型", "Kind", words=_label)]
    made: Annotated[int, Col("新增", "Made", kind="count")]
    changed: Annotated[int, Col("更正", "Changed", kind="count")]
    removed: Annotated[int, Col("删除", "Removed", kind="count")]


class StaysRow(NamedTuple):
    """What was worked out from a batch that was taken back, by another batch and of which days: it stays as it was."""

    kind: Annotated[str, Col("类型", "Kind", words=_label)]
    batch: Annotated[int, Col("批次", "Batch", kind="count")]
    first_day: Annotated[dt.date, Col("起始日", "From", kind="date")]
    last_day: Annotated[dt.date, Col("截止日", "To", kind="date")]


def listed(session: Session) -> list[BatchRow]:
    """Every batch, the latest first."""
    rows, amount = sa.func.sum(SourceSheet.rows), sa.func.sum(col(SourceSheet.net_sales))
    query = (
        sa.select(Batch, rows, amount)
        .outerjoin(SourceSheet, col(SourceSheet.batch_id) == col(Batch.id))
        .group_by(*Batch.__table__.c)  # type: ignore[attr-defined]
        .order_by(col(Batch.id).desc())
    )
    changes: dict[int, Decimal] = {}
    for kind in kinds().values():
        changes |= dotted(kind.nets)(session) if kind.nets else {}

    def change(one: Batch, net: Any) -> Decimal | None:
        nothing = None if net is None or one.undone_by is not None else Decimal("0.00")
        return changes.get(one.id or 0, nothing)

    return [
        BatchRow(one.id or 0, one.at, one.user, one.command, one.file_name, count, net, change(one, net), one.undone_by)
        for one, count, net in session.execute(query)
    ]


def columns_of(rows: Sequence[BatchRow]) -> list[str]:
    """The columns for people: what a batch changed only where that is not all of its file."""
    same = all(row.net_change in (None, row.net_sales) for row in rows)
    return [name for name in BatchRow._fields if not (same and name == "net_change")]


def content(session: Session, batch: int) -> list[ContentRow]:
    """What a batch brought, kind by kind."""
    one(session, batch)
    found: list[ContentRow] = []
    for kind in kinds().values():
        table = kind.model().__table__
        made = _count(session, sa.select(sa.func.count()).select_from(table).where(table.c.batch_id == batch))
        ended = versions = 0
        if "ended_batch_id" in table.c:
            ended = _count(session, sa.select(sa.func.count()).where(table.c.ended_batch_id == batch))
            versions = _versions(session, table, batch) if made and ended else 0
        ours = sa.select(sa.func.count()).where(col(Change.batch_id) == batch, col(Change.kind) == kind.name)
        changed = _count(session, ours.where(col(Change.after).is_not(None)))
        removed = _count(session, ours.where(col(Change.after).is_(None)))
        if made or ended or changed or removed:
            found.append(ContentRow(kind.name, made - versions, changed + versions, removed + ended - versions))
    for table in documents():
        if count := _count(session, sa.select(sa.func.count()).select_from(table).where(table.c.batch_id == batch)):
            found.append(ContentRow(table.name, count, 0, 0))
    maps = _maps(session, batch)
    return [*found, maps] if maps.made or maps.changed or maps.removed else found


def _versions(session: Session, table: Any, batch: int) -> int:
    """How many of the lines that a batch ended stand again in a version that it brought."""
    keys = ((table.c.line_key,), (table.c.content_key,), (table.c.sheet_id, table.c.row_no))
    again = [sa.tuple_(*key).in_(sa.select(*key).where(table.c.batch_id == batch)) for key in keys]
    return _count(session, sa.select(sa.func.count()).where(table.c.ended_batch_id == batch, sa.or_(*again)))


def _maps(session: Session, batch: int) -> ContentRow:
    """What a batch did to the mappings that are kept."""
    ours = sa.select(sa.func.count()).where(col(Change.batch_id) == batch, col(Change.kind) == MAP)
    made = _count(session, ours.where(col(Change.before) == _NOTHING))
    removed = _count(session, ours.where(col(Change.after).is_(None)))
    return ContentRow(MAP, made, _count(session, ours) - made - removed, removed)


def sharing(session: Session, batch: int) -> list[str]:
    """The files of later imports that held sale lines known by then, which this batch may have brought."""
    table = kinds()["sales"].model().__table__
    brought = sa.select(sa.func.count()).where(table.c.batch_id == col(Batch.id)).scalar_subquery()
    query = (
        sa.select(col(Batch.file_name))
        .join(SourceSheet, col(SourceSheet.batch_id) == col(Batch.id))
        .where(col(Batch.id) > batch, col(Batch.undone_by).is_(None), col(SourceSheet.kind) == "sales")
        .group_by(col(Batch.id), col(Batch.file_name), col(Batch.rejected))
        .having(sa.func.sum(SourceSheet.rows) - col(Batch.rejected) > brought)
        .order_by(col(Batch.id))
    )
    return [row[0] for row in session.execute(query) if row[0]]


def sheets(session: Session, batch: int) -> Sequence[SourceSheet]:
    """The sheets of a batch's file that were read."""
    query = sa.select(SourceSheet).where(col(SourceSheet.batch_id) == batch).order_by(col(SourceSheet.id))
    return list(session.execute(query).scalars())


def one(session: Session, batch: int) -> Batch:
    found = session.get(Batch, batch)
    if found is None:
        raise UsageError(
            _("there is no batch {batch}").format(batch=batch), _("channelctl batch list shows those there are.")
        )
    return found


def _count(session: Session, query: Any) -> int:
    return int(session.execute(query).scalar() or 0)
