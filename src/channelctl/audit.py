"""Who wrote what: every write belongs to a batch, and every batch and change is an entry of a sealed log."""

import getpass
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col

from channelctl import clock, db, held, postgres
from channelctl import settings as chosen
from channelctl.errors import RefusedError
from channelctl.i18n import _
from channelctl.storage import AuditEntry, Batch, Change, stored

FIRST_SEAL = "0" * 64
_LAST = "last audit entry"
_AT_ONCE = 500
_SEALED = ("id", "at", "user", "command", "batch_id", "action", "kind", "record_id", "digest")


def user() -> str:
    """The login that the server holds, else CHANNELCTL_USER, the server's login, the operating system's user."""
    named = chosen.current.login or os.environ.get("CHANNELCTL_USER", "").strip() or chosen.current.owner
    if named:
        return named
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return "unknown"


def open_batch(
    session: Session,
    command: str,
    file: str | None = None,
    size: int | None = None,
    sha256: str | None = None,
    settings: str | None = None,
) -> int:
    """A new batch in this transaction; its number."""
    batch = Batch(
        at=clock.now(),
        user=user(),
        command=command,
        file_name=file,
        file_size=size,
        file_sha256=sha256,
        settings=settings,
    )
    session.add(batch)
    session.flush()
    assert batch.id is not None  # noqa: S101
    _append(session, batch, command.rpartition(" ")[2], None, None, sha256)
    return batch.id


def count_rejected(session: Session, batch_id: int, rows: int) -> None:
    """Keep with a batch how many rows of its file were refused."""
    session.get_one(Batch, batch_id).rejected = rows
    session.flush()


def make(session: Session, batch_id: int, kind: str, table: sa.Table, values: Mapping[str, Any]) -> int:
    """Add a record whose row does not name its batch, and keep that before there was nothing; its number."""
    record_id = session.execute(sa.insert(table).values(dict(values)).returning(table.c.id)).scalar_one()
    _keep(session, batch_id, kind, record_id, {}, values)
    return int(record_id)


def amend(
    session: Session, batch_id: int, kind: str, table: sa.Table, record_id: int, values: Mapping[str, Any]
) -> None:
    """Change columns of a record, and keep what they were before this batch and what they are now."""
    columns = [table.c[name] for name in values]
    row = session.execute(sa.select(*columns).where(table.c.id == record_id)).one()
    done = session.execute(sa.update(table).where(table.c.id == record_id).values(dict(values)))
    require(done, table)
    _keep(session, batch_id, kind, record_id, dict(zip(values, row, strict=True)), values)


def amend_all(
    session: Session, batch_id: int, kind: str, table: sa.Table, changes: Mapping[int, Mapping[str, Any]]
) -> None:
    """Change the same columns of many records, each kept as `amend` keeps one."""
    names = list(next(iter(changes.values()), ()))
    ids = list(changes)
    before: dict[int, Mapping[str, Any]] = {}
    for start in range(0, len(ids), _AT_ONCE):
        query = sa.select(table.c.id, *(table.c[name] for name in names))
        for record_id, *row in session.execute(query.where(table.c.id.in_(ids[start : start + _AT_ONCE]))):
            before[record_id] = dict(zip(names, row, strict=True))
    if not before:
        return
    where = table.c.id == sa.bindparam("record")
    update = sa.update(table).where(where).values({name: sa.bindparam(f"new_{name}") for name in names})
    rows = [{"record": id_, **{f"new_{name}": changes[id_][name] for name in names}} for id_ in ids]
    require(session.connection().execute(update, rows), table, len(rows))
    for record_id in ids:
        _keep(session, batch_id, kind, record_id, before[record_id], changes[record_id])


def remove(session: Session, batch_id: int, kind: str, table: sa.Table, record_id: int) -> None:
    """Remove a record, and keep what it was."""
    row = session.execute(sa.select(table).where(table.c.id == record_id)).one()
    require(session.execute(sa.delete(table).where(table.c.id == record_id)), table)
    _keep(session, batch_id, kind, record_id, dict(zip(table.c.keys(), row, strict=True)), None)


def require(done: Any, table: Any, rows: int = 1) -> None:
    """Refuse where a login sees a record that it may not write: the server passes over it and says nothing."""
    if held.is_held() and done.rowcount != rows:
        raise RefusedError(
            _("this login may not change that ({table}); nothing was changed").format(table=table.name),
            _("channelctl db users shows what it may do."),
        )


def note(session: Session, batch_id: int, action: str, kind: str, record_id: int) -> None:
    """Log what was done to a record, and keep nothing of what it was."""
    _append(session, session.get_one(Batch, batch_id), action, kind, record_id, None)


def _keep(
    session: Session,
    batch_id: int,
    kind: str,
    record_id: int,
    before: Mapping[str, Any],
    after: Mapping[str, Any] | None,
) -> None:
    old, new = _text(before), _text(after) if after is not None else None
    session.add(Change(batch_id=batch_id, kind=kind, record_id=record_id, before=old, after=new))
    digest = _digest(old, new)
    action = "removed" if after is None else "changed" if before else "made"
    _append(session, session.get_one(Batch, batch_id), action, kind, record_id, digest)


def _digest(before: str, after: str | None) -> str:
    """What an entry holds of a change."""
    return hashlib.sha256(f"{before}\n{after}".encode()).hexdigest()


def _text(values: Mapping[str, Any]) -> str:
    """Columns as the database keeps them, as JSON."""
    plain = {name: stored(value) for name, value in values.items()}
    return json.dumps(plain, ensure_ascii=False, sort_keys=True)


def _append(
    session: Session, batch: Batch, action: str, kind: str | None, record_id: int | None, digest: str | None
) -> None:
    last = session.info.get(_LAST) or _last(session)
    entry = AuditEntry(
        id=last[0] + 1,
        at=batch.at,
        user=batch.user,
        command=batch.command,
        batch_id=batch.id or 0,
        action=action,
        kind=kind,
        record_id=record_id,
        digest=digest,
        seal="",
    )
    entry.seal = _seal(entry, last[1])
    session.info[_LAST] = (entry.id, entry.seal)
    session.add(entry)


def _last(session: Session) -> tuple[int, str]:
    """Number and seal of the last entry."""
    if db.on_server(session):
        return postgres.last_entry(session) or (0, FIRST_SEAL)
    query = sa.select(col(AuditEntry.id), col(AuditEntry.seal)).order_by(col(AuditEntry.id).desc()).limit(1)
    found = session.execute(query).first()
    return (found[0], found[1]) if found else (0, FIRST_SEAL)


def _seal(entry: AuditEntry, previous: str) -> str:
    """SHA-256 over the seal before and every column of the entry."""
    line = json.dumps([getattr(entry, name) for name in _SEALED], ensure_ascii=False)
    return hashlib.sha256(f"{previous}\n{line}".encode()).hexdigest()


def may_check(session: Session) -> bool:
    """Whether whoever asks sees every entry: each seal is over the one before, so a part of them tells nothing."""
    return held.may_everywhere(session, "read")


def broken(session: Session) -> Iterator[int]:
    """The numbers of entries that are missing or whose seal does not fit; of those who see every entry only."""
    previous, expected = FIRST_SEAL, 1
    for entry in session.execute(sa.select(AuditEntry).order_by(col(AuditEntry.id))).scalars():
        if entry.id != expected or entry.seal != _seal(entry, previous):
            yield expected
        previous, expected = entry.seal, (entry.id or 0) + 1


class Kept(NamedTuple):
    """A change that is kept, and the digest it has today."""

    change: Change
    digest: str


def change_of(session: Session, entry: AuditEntry) -> Kept | None:
    """The change that an entry tells of; None where it is kept no longer."""
    batch, kind, record = entry.batch_id, entry.kind, entry.record_id
    query = (
        sa.select(Change)
        .where(col(Change.batch_id) == batch, col(Change.kind) == kind, col(Change.record_id) == record)
        .order_by(col(Change.id))
    )
    kept = [Kept(one, _digest(one.before, one.after)) for one in session.execute(query).scalars()]
    same = [one for one in kept if one.digest == entry.digest]
    return next(iter(same or kept), None)


def head(session: Session) -> str:
    """The last seal, to be kept elsewhere: a log cut short is found by it."""
    return _last(session)[1]
