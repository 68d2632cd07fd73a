"""SQLite: how it is opened, and what it reports. What differs between engines lives here and nowhere else."""

import os
import sqlite3
import time
from collections.abc import Iterable, Sequence
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from channelctl import settings, threads
from channelctl.reported import cannot_open, check_mark, damaged, mark, said
from channelctl.threads import under_way

if TYPE_CHECKING:
    import sqlalchemy as sa
    from sqlmodel import Session

HOME, OWN = "main", "temp"
APPLICATION_ID = 0x6368636C  # "chcl"
_WAIT_SECONDS = 30.0
_MAGIC = b"SQLite format 3\0"
_ID_AT = slice(68, 72)
_MANY = 1_000
_CACHE_KIB, _SORTED_KIB = 65_536, 1_000


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
    if write:
        threads.attend(made, sqlite3.Error)
    return made


def connect(where: Path, write: bool) -> sqlite3.Connection:
    """A connection that never creates a file, keeps foreign keys and survives a power cut after commit."""
    connection = sqlite3.connect(_uri(where), uri=True, timeout=_wait(), isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA synchronous=FULL")
        if write:
            connection.execute("PRAGMA journal_mode=TRUNCATE")
            connection.execute(f"PRAGMA cache_size=-{_CACHE_KIB}")
            # Indexes are sorted in files: in memory it takes longer, and as much of it as the indexes are large.
            connection.execute("PRAGMA temp_store=FILE")
            connection.execute("PRAGMA threads=2")
        else:
            connection.execute("PRAGMA temp_store=MEMORY")
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
    """Insert stored values (whole units, ISO days) by column name, as fast as the engine can; returns how many.

    Many rows are inserted by a thread: what goes wrong is raised by the session's next statement, or its end.
    """
    lines = list(rows)
    connection = opened.connection()
    raw, inserts = connection_of(opened), under_way(connection)
    if len(lines) < _MANY or not threads.allowed():
        inserts.wait()
        raw.executemany(_insert_sql(table, names, 1), lines)
    else:
        inserts.start(lambda: _insert(raw, table, names, lines))
    return len(lines)


def _insert(raw: sqlite3.Connection, table: "sa.Table", names: Sequence[str], lines: Sequence[tuple[Any, ...]]) -> None:
    """As many rows a statement as may be: only while one runs is the interpreter free for others."""
    most = raw.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER) // len(names)
    many = -(-len(lines) // -(-len(lines) // most))
    for start in range(0, len(lines), many):
        some = lines[start : start + many]
        raw.execute(_insert_sql(table, names, len(some)), list(chain.from_iterable(some)))


def connection_of(opened: "Session") -> sqlite3.Connection:
    """The engine's own connection under a session."""
    found = opened.connection().connection.dbapi_connection
    assert isinstance(found, sqlite3.Connection)  # noqa: S101
    return found


def state(opened: "Session") -> int:
    """What changes whenever another connection has written to the file."""
    return int(connection_of(opened).execute("PRAGMA data_version").fetchone()[0])


def in_files(opened: "Session") -> None:
    """Keep what a session makes for itself in files: it may be much."""
    connection_of(opened).execute("PRAGMA temp_store=FILE")


def set_apart(opened: "Session", table: "sa.Table", names: Sequence[str]) -> None:
    """Have a session read a copy of a table, in files of its own, that has an index of these columns more."""
    raw, copy = connection_of(opened), f"apart_{table.name}"
    columns = {row[1]: row[2] for row in raw.execute(f'PRAGMA main.table_info("{table.name}")')}
    made = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
    listed = ", ".join(f'"{name}"' for name in columns)
    query = "SELECT sql FROM main.sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql LIKE '%WHERE%'"
    indexes = [sql for (sql,) in raw.execute(query, (table.name,))]
    raw.execute(f"CREATE TEMP TABLE {copy} ({made})")
    raw.execute(f"PRAGMA temp.cache_size=-{_CACHE_KIB}")
    raw.execute(f'INSERT INTO {copy} SELECT {listed} FROM "{table.name}" ORDER BY {names[0]}')  # noqa: S608  our own names
    raw.execute(f'DROP VIEW IF EXISTS temp."{table.name}"')
    raw.execute(f'ALTER TABLE {copy} RENAME TO "{table.name}"')
    raw.execute(f'CREATE INDEX temp.apart ON "{table.name}" ({", ".join(names)})')
    for sql in indexes:
        raw.execute(sql.replace("CREATE INDEX ", "CREATE INDEX temp.", 1))


def take_indexes(opened: "Session", table: "sa.Table") -> list[str]:
    """Drop the indexes of an empty table before a bulk load; returns what `make_indexes` takes to make them again.

    Sorting once at the end costs less than half of keeping them in order line by line. It is part of the transaction.
    """
    raw = connection_of(opened)
    under_way(opened.connection()).wait()
    if raw.execute(f'SELECT 1 FROM "{table.name}" LIMIT 1').fetchone():  # noqa: S608  our own name
        return []
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL"
    found = raw.execute(query, (table.name,)).fetchall()
    for name, _sql in found:
        raw.execute(f'DROP INDEX "{name}"')
    return [sql for _name, sql in found]


def run(opened: "Session", statements: Iterable[str]) -> None:
    """Run statements in the session's transaction."""
    raw = connection_of(opened)
    under_way(opened.connection()).wait()
    for statement in statements:
        raw.execute(statement)


def make_indexes(opened: "Session", statements: Sequence[str]) -> None:
    """Make what `take_indexes` dropped, in the session's transaction.

    SQLite sorts as many entries at a time as its cache would hold: those that fit a processor's own are sorted in two
    thirds of the time.
    """
    raw = connection_of(opened)
    under_way(opened.connection()).wait()
    if not statements:
        return
    raw.execute(f"PRAGMA cache_size=-{_SORTED_KIB}")
    try:
        for statement in statements:
            raw.execute(statement)
    finally:
        raw.execute(f"PRAGMA cache_size=-{_CACHE_KIB}")


def _insert_sql(table: "sa.Table", names: Sequence[str], rows: int) -> str:
    columns = ", ".join(f'"{table.columns[name].name}"' for name in names)
    row = f"({', '.join('?' * len(names))})"
    return f'INSERT INTO "{table.name}" ({columns}) VALUES {", ".join([row] * rows)}'  # noqa: S608  our own names


def overwrite(source: Path, target: Path) -> None:
    """Make a database's contents another's, in one transaction that readers see all of or nothing of.

    Raises:
        BusyError: somebody held the database for longer than the wait.
    """
    until = time.monotonic() + _wait()

    def patience(status: int, _left: int, _all: int) -> None:
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and time.monotonic() > until:
            raise sqlite3.OperationalError("database is locked")

    marked = mark(target)
    try:
        with closing(connect(source, write=False)) as old, closing(connect(target, write=True)) as new:
            old.backup(new, progress=patience, sleep=0.05)
    except sqlite3.Error as error:
        raise said(error, target, write=True) or damaged(target, str(error)) from error
    check_mark(target, marked)
