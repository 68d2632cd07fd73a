"""The log as it is read: the entries asked for, and one in full."""

import datetime as dt
import difflib
from dataclasses import dataclass
from typing import Annotated, Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col

from channelctl import audit, changes
from channelctl.changes import ChangeRow
from channelctl.columns import Col
from channelctl.deeds import action_text, command_text
from channelctl.errors import UsageError
from channelctl.i18n import _, listed
from channelctl.records import kind_label, kinds
from channelctl.records.resolve import lookup
from channelctl.storage import AuditEntry, Batch


class AuditRow(NamedTuple):
    """An entry of the log."""

    entry: Annotated[int, Col("序号", "Entry", kind="count")]
    at: Annotated[str, Col("时间", "At")]
    user: Annotated[str, Col("用户", "User")]
    command: Annotated[str, Col("命令", "Command", words=command_text)]
    batch: Annotated[int, Col("批次", "Batch", kind="count")]
    action: Annotated[str, Col("动作", "Action", words=action_text)]
    kind: Annotated[str | None, Col("类型", "Kind", words=kind_label)]
    record: Annotated[int | None, Col("记录", "Record", kind="count")]
    digest: Annotated[str | None, Col("摘要", "Digest", wide=True)]
    seal: Annotated[str, Col("校验码", "Seal", wide=True)]


class EntryRow(NamedTuple):
    """An entry in full; `as_sealed` says whether what is kept is what was sealed, None where nothing is kept.

    `whole` is None for whoever does not see every entry before it.
    """

    entry: Annotated[int, Col("序号", "Entry", kind="count")]
    at: Annotated[str, Col("时间", "At")]
    user: Annotated[str, Col("用户", "User")]
    command: Annotated[str, Col("命令", "Command", words=command_text)]
    action: Annotated[str, Col("动作", "Action", words=action_text)]
    kind: Annotated[str | None, Col("类型", "Kind", words=kind_label)]
    record: Annotated[int | None, Col("记录", "Record", kind="count")]
    name: Annotated[str | None, Col("名称", "Name")]
    batch: Annotated[int, Col("批次", "Batch", kind="count")]
    file: Annotated[str | None, Col("文件", "File")]
    size: Annotated[int | None, Col("字节数", "Bytes", kind="count")]
    sha256: Annotated[str | None, Col("SHA-256 校验值", "SHA-256")]
    undid: Annotated[int | None, Col("撤销的批次", "Undid batch", kind="count")]
    undone_by: Annotated[int | None, Col("撤销于批次", "Undone by", kind="count")]
    erased_in: Annotated[int | None, Col("清除于序号", "Erased in entry", kind="count")]
    digest: Annotated[str | None, Col("摘要", "Digest")]
    as_sealed: Annotated[bool | None, Col("内容与摘要相符", "As sealed", kind="flag")]
    seal: Annotated[str, Col("校验码", "Seal")]
    whole: Annotated[bool | None, Col("至此日志完整", "Log whole up to here", kind="flag")]


class Entry(NamedTuple):
    """An entry, the columns it changed, and the first break in the log up to it."""

    row: EntryRow
    changes: list[ChangeRow]
    broken_at: int | None


@dataclass(frozen=True)
class Filter:
    """Which entries are meant; None is all. `record` is the number of a record of `kind`; days are inclusive."""

    batch: int | None = None
    kind: str | None = None
    record: int | None = None
    user: str | None = None
    first: dt.date | None = None
    last: dt.date | None = None


def filtered(
    session: Session,
    batch: int | None,
    kind: str | None,
    record: str | None,
    user: str | None,
    days: tuple[dt.date | None, dt.date | None],
) -> Filter:
    """The filter that the options name.

    Raises:
        UsageError: a batch, kind, record or user that there is not.
    """
    if record is not None and kind is None:
        raise UsageError(_("--record needs --kind"), _("--kind customer --record C00012"))
    name = _kind_named(session, kind) if kind is not None else None
    id_ = _record_named(session, name, record) if record is not None and name is not None else None
    if batch is not None and session.get(Batch, batch) is None:
        raise UsageError(
            _("there is no batch {batch}").format(batch=batch), _("channelctl batch list shows those there are.")
        )
    if user is not None:
        users = _distinct(session, col(AuditEntry.user))
        if user not in users:
            raise UsageError(
                _("no entry is by “{user}”").format(user=user), _("There are: {words}").format(words=listed(users))
            )
    return Filter(batch, name, id_, user, *days)


def _kind_named(session: Session, word: str) -> str:
    name = word.replace("-", "_")
    known = [*kinds(), *_distinct(session, col(AuditEntry.kind))]
    if name in known:
        return name
    near = difflib.get_close_matches(name, known, 1)
    hint = _("Did you mean {word}?").format(word=near[0]) if near else ""
    raise UsageError(
        _("there is no kind “{value}”").format(value=word),
        hint or _("The kinds are: {names}").format(names=listed(one.command for one in kinds().values())),
    )


def _record_named(session: Session, kind: str, word: str) -> int:
    """A code or name as it is today, else the number that the list shows."""
    if kind not in kinds() or not kinds()[kind].named:
        if word.isdecimal():
            return int(word)
        raise UsageError(
            _("--record is a whole number, such as 42"), _("channelctl audit list shows the number of each record.")
        )
    try:
        return lookup(session, kind, word)
    except UsageError:
        if word.isdecimal():
            return int(word)
        raise


def _distinct(session: Session, column: Any) -> list[str]:
    query = sa.select(column).where(column.is_not(None)).distinct().order_by(column)
    return [row[0] for row in session.execute(query)]


def listed_entries(session: Session, asked: Filter) -> list[AuditRow]:
    """The entries asked for, the latest first."""
    query = sa.select(AuditEntry).order_by(col(AuditEntry.id).desc())
    for column, value in (
        (AuditEntry.batch_id, asked.batch),
        (AuditEntry.kind, asked.kind),
        (AuditEntry.record_id, asked.record),
        (AuditEntry.user, asked.user),
    ):
        if value is not None:
            query = query.where(col(column) == value)
    if asked.first is not None:
        query = query.where(col(AuditEntry.at) >= asked.first.isoformat())
    if asked.last is not None:
        query = query.where(col(AuditEntry.at) < (asked.last + dt.timedelta(days=1)).isoformat())
    return [
        AuditRow(e.id or 0, e.at, e.user, e.command, e.batch_id, e.action, e.kind, e.record_id, e.digest, e.seal)
        for e in session.execute(query).scalars()
    ]


def shown(session: Session, number: int) -> Entry:
    """An entry with what it changed; that of a batch with the versions it brought, or with what its undoing restored.

    Raises:
        UsageError: there is no such entry.
    """
    for kind in kinds().values():
        kind.model()
    entry = session.get(AuditEntry, number)
    if entry is None:
        raise UsageError(
            _("the log has no entry {entry}").format(entry=number), _("channelctl audit list shows those there are.")
        )
    batch = session.get(Batch, entry.batch_id)
    undid = session.execute(sa.select(col(Batch.id)).where(col(Batch.undone_by) == entry.batch_id)).scalar()
    told = _of_record(session, entry) if entry.kind is not None else _of_batch(session, entry, batch, undid)
    checked = audit.may_check(session)
    broken = next((place for place in audit.broken(session) if place <= number), None) if checked else None
    row = EntryRow(
        entry=number,
        at=entry.at,
        user=entry.user,
        command=entry.command,
        action=entry.action,
        kind=entry.kind,
        record=entry.record_id,
        name=told.name,
        batch=entry.batch_id,
        file=batch.file_name if batch else None,
        size=batch.file_size if batch else None,
        sha256=batch.file_sha256 if batch else None,
        undid=undid,
        undone_by=batch.undone_by if batch else None,
        erased_in=told.erased_in,
        digest=entry.digest,
        as_sealed=told.as_sealed,
        seal=entry.seal,
        whole=broken is None if checked else None,
    )
    return Entry(row, told.changes, broken)


class _Told(NamedTuple):
    """What is kept beside an entry."""

    name: str | None
    changes: list[ChangeRow]
    as_sealed: bool | None
    erased_in: int | None = None


def _of_record(session: Session, entry: AuditEntry) -> _Told:
    """The change of one record; one that was erased since cannot be what was sealed."""
    name = changes.name_of(session, entry.kind or "", entry.record_id or 0)
    found = audit.change_of(session, entry) if entry.digest is not None else None
    if found is None:
        return _Told(name, [], None)
    rows = list(changes.of_record(session, found.change))
    if found.digest == entry.digest:
        return _Told(name, rows, True)
    later = sa.select(col(AuditEntry.id)).where(
        col(AuditEntry.id) > entry.id,
        col(AuditEntry.action) == "erased",
        col(AuditEntry.kind) == entry.kind,
        col(AuditEntry.record_id) == entry.record_id,
    )
    erased = session.execute(later.order_by(col(AuditEntry.id)).limit(1)).scalar()
    return _Told(name, rows, None if erased is not None else False, erased)


def _of_batch(session: Session, entry: AuditEntry, batch: Batch | None, undid: int | None) -> _Told:
    """The lines that a batch corrected, or what an undoing brought back."""
    as_sealed = None if batch is None or entry.digest is None else batch.file_sha256 == entry.digest
    rows = changes.versions(session, entry.batch_id) if undid is None else changes.restored(session, undid)
    return _Told(None, list(rows), as_sealed)
