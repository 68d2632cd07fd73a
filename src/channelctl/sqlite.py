"""SQLite: how it is opened, and what it reports. What differs between engines lives here and nowhere else."""

import os
import sqlite3
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from channelctl import settings
from channelctl.errors import BusyError, ChannelctlError, DatabaseError, RefusedError
from channelctl.i18n import _, reason

if TYPE_CHECKING:
    import sqlalchemy as sa
    from sqlmodel import Session

APPLICATION_ID = 0x6368636C  # "chcl"
_WAIT_SECONDS = 30.0
_MAGIC = b"SQLite format 3\0"
_ID_AT = slice(68, 72)


def is_there(where: Path) -> bool:
    """Whether there is anything under that name.

    Raises:
        DatabaseError: nobody but those with more rights can tell.
    """
    try:
        where.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except (OSError, ValueError) as error:
        raise cannot_open(where, error) from error
    return True


def is_ours(where: Path) -> bool:
    """Whether a file's first bytes say so. SQLite is not asked: opening another program's file could change it."""
    try:
        if not where.is_file():
            return False
        with where.open("rb") as file:
            head = file.read(100)
    except OSError as error:
        raise cannot_open(where, error) from error
    return head.startswith(_MAGIC) and int.from_bytes(head[_ID_AT], "big") == APPLICATION_ID


def engine(where: Path, write: bool) -> "sa.Engine":
    """An engine whose every transaction begins at once; bound values stand in none of its errors."""
    import sqlalchemy as sa

    made = sa.create_engine(
        "sqlite://", creator=lambda: connect(where, write), poolclass=sa.pool.NullPool, hide_parameters=True
    )
    begin = "BEGIN IMMEDIATE" if write else "BEGIN"
    sa.event.listen(made, "begin", lambda connection: connection.exec_driver_sql(begin))
    return made


def connect(where: Path, write: bool) -> sqlite3.Connection:
    """A connection that never creates a file, keeps foreign keys and survives a power cut after commit."""
    connection = sqlite3.connect(_uri(where), uri=True, timeout=_wait(), isolation_level=None)
    try:
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA temp_store=MEMORY")
        if write:
            connection.execute("PRAGMA journal_mode=TRUNCATE")
            connection.execute("PRAGMA cache_size=-65536")
    except BaseException:
        connection.close()
        raise
    return connection


def _uri(where: Path) -> str:
    """The path as SQLite takes it, with any sign in it, on Windows also on another machine."""
    whole = where.resolve().as_posix()
    return f"file://{'' if whole.startswith('/') else '/'}{quote(os.fsencode(whole))}?mode=rw"


def _wait() -> float:
    return _WAIT_SECONDS if settings.current.wait is None else settings.current.wait


def bulk_insert(opened: "Session", table: "sa.Table", names: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> int:
    """Insert stored values (whole units, ISO days) by column name, as fast as the engine can; returns how many."""
    insert = _insert_sql(table, names)
    raw = opened.connection().connection.dbapi_connection
    assert isinstance(raw, sqlite3.Connection)  # noqa: S101
    return raw.executemany(insert, rows).rowcount


def take_indexes(opened: "Session", table: "sa.Table") -> list[str]:
    """Drop the indexes of an empty table before a bulk load; returns what `run` takes to make them again.

    Sorting once at the end costs less than half of keeping them in order line by line. It is part of the transaction.
    """
    raw = opened.connection().connection.dbapi_connection
    assert isinstance(raw, sqlite3.Connection)  # noqa: S101
    if raw.execute(f'SELECT 1 FROM "{table.name}" LIMIT 1').fetchone():  # noqa: S608  our own name
        return []
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL"
    found = raw.execute(query, (table.name,)).fetchall()
    for name, _sql in found:
        raw.execute(f'DROP INDEX "{name}"')
    return [sql for _name, sql in found]


def run(opened: "Session", statements: Iterable[str]) -> None:
    """Run statements in the session's transaction."""
    raw = opened.connection().connection.dbapi_connection
    assert isinstance(raw, sqlite3.Connection)  # noqa: S101
    for statement in statements:
        raw.execute(statement)


def _insert_sql(table: "sa.Table", names: Sequence[str]) -> str:
    columns = ", ".join(f'"{table.columns[name].name}"' for name in names)
    return f'INSERT INTO "{table.name}" ({columns}) VALUES ({", ".join("?" * len(names))})'  # noqa: S608  our own names


def overwrite(source: Path, target: Path) -> None:
    """Make a database's contents another's, in one transaction that readers see all of or nothing of.

    Raises:
        BusyError: somebody held the database for longer than the wait.
    """
    until = time.monotonic() + _wait()

    def patience(status: int, _left: int, _all: int) -> None:
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and time.monotonic() > until:
            raise sqlite3.OperationalError("database is locked")

    opened = [connect(source, write=False), connect(target, write=True)]
    try:
        opened[0].backup(opened[1], progress=patience, sleep=0.05)
    except sqlite3.Error as error:
        raise said(error, target, write=True) or damaged(target, str(error)) from error
    finally:
        for connection in opened:
            connection.close()


def said(error: BaseException, where: Path, write: bool = False) -> ChannelctlError | None:
    """What SQLite reported, as an error that says what to do; None for what only a mistake of ours brings about."""
    error = getattr(error, "orig", None) or error
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL):
        return BusyError(
            _("{path} is being written by somebody else").format(path=where),
            _("Try again, or wait longer: --wait SECONDS"),
        )
    if code == sqlite3.SQLITE_READONLY or (write and code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM)):
        return RefusedError(
            _("{path} or its folder may not be written to; nothing was changed").format(path=where),
            _("Ask for the right to write there, or work on a copy: --db PATH"),
        )
    if code == sqlite3.SQLITE_FULL or (write and code == sqlite3.SQLITE_IOERR):
        return RefusedError(
            _("{path} cannot be written, the disk or your share of it is full; nothing was changed").format(path=where),
            _("Make room and run it again."),
        )
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_IOERR):
        return damaged(where, str(error))
    if code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return cannot_open(where, OSError(str(error)))
    if _is_of_the_file(error):
        return damaged(where, str(error))
    return None


def _is_of_the_file(error: BaseException) -> bool:
    """Whether a table is missing that the file's version has, or a text in it is none."""
    return isinstance(error, sqlite3.OperationalError) and str(error).startswith(("no such ", "Could not decode"))


def damaged(where: Path, reason: str) -> DatabaseError:
    """What SQLite reads there cannot be right."""
    return DatabaseError(
        _("{path} is damaged ({reason}); it was left as it is").format(path=where, reason=reason),
        _("Restore a backup, or name another: --db PATH"),
    )


def cannot_open(where: Path, error: Exception) -> DatabaseError:
    """The system does not let us at the file."""
    return DatabaseError(
        _("{path} cannot be opened: {reason}").format(path=where, reason=reason(error)),
        _("Check the path and your rights to it."),
    )
