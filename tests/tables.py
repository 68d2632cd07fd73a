"""The databases of tests on whichever engine runs: named, looked into, copied and taken away.

A test names its database by a path. On SQLite that is the file; on PostgreSQL a database of the server of the run,
whose name is made from the path.
"""

import hashlib
import os
import sqlite3
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Protocol, cast

import pytest

from tests import parking

SERVER = "CHANNELCTL_TEST_SERVER"

# What tells of batches and files stays when a batch is taken back, and which office has seen a customer; all else is to
# be as it was.
OF_BATCHES = ("batch", "source_sheet", "change", "audit_entry", "kept_file", "customer_seen")

Row = tuple[Any, ...]
_named: dict[str, Path] = {}
_kept: list[str] = []
_going: dict[str, Future[None]] = {}


class Kept:
    """A database put by, to be put under other names."""

    def __init__(self, content: bytes | str) -> None:
        self.content = content


class Cursor(Protocol):
    """What a statement has found."""

    @property
    def rowcount(self) -> int: ...
    def fetchall(self) -> list[Row]: ...
    def fetchone(self) -> Any: ...
    def __iter__(self) -> Iterator[Row]: ...


class Connection(Protocol):
    """As much of a connection as tests need on both engines."""

    def execute(self, sql: str, values: Sequence[Any] = ..., /) -> Cursor: ...


def on_server() -> bool:
    """Whether this run is on PostgreSQL."""
    return SERVER in os.environ


def examples(many: int) -> int:
    """How often a property is tried: on a server, where each costs more, a third as often as on a file."""
    return many if not on_server() else max(2, many // 3)


def address(path: str | Path) -> str:
    """What CHANNELCTL_DB and --db take for the database of a path, and what the program calls it."""
    return str(path) if not on_server() else f"{os.environ[SERVER]}/{_name(path)}"


def is_there(path: str | Path) -> bool:
    """Whether it was made."""
    if not on_server():
        return Path(path).exists()
    return bool(_server().execute("SELECT 1 FROM pg_database WHERE datname = %s", (_name(path),)).fetchone())


def names(folder: Path) -> list[str]:
    """What lies in a folder, a database on the server among it."""
    found = {path.name for path in folder.iterdir()}
    if on_server():
        found |= {path.name for path in [*_named.values()] if path.parent == folder.absolute() and is_there(path)}
    return sorted(found)


@contextmanager
def connected(path: str | Path) -> Iterator[Connection]:
    """Straight into a database, past the program; what is changed there stays. Values stand for question marks."""
    if not on_server():
        with closing(sqlite3.connect(path)) as connection, connection:
            yield cast(Connection, connection)
        return
    with parking.connection(address(path)) as server:
        yield cast(Connection, _Server(server))


def rows(path: str | Path, sql: str, *values: object) -> list[Row]:
    """What a question of one statement finds."""
    with connected(path) as connection:
        return connection.execute(sql, values).fetchall()


def execute(path: str | Path, sql: str, *values: object) -> None:
    """One statement that changes something."""
    with connected(path) as connection:
        connection.execute(sql, values)


def refusals() -> type[Exception]:
    """What an engine raises where a rule of the database forbids a statement."""
    if not on_server():
        return sqlite3.IntegrityError
    import psycopg

    return psycopg.Error


def table_names(connection: Connection) -> list[str]:
    """The tables of the program."""
    if on_server():
        sql = (
            "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace"
            " AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY relname"
        )
    else:
        sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    return [str(name) for (name,) in connection.execute(sql)]


def columns(connection: Connection, table: str) -> list[str]:
    """The names of a table's columns, as they stand."""
    if on_server():
        sql = (
            "SELECT attname FROM pg_attribute WHERE attrelid = ?::regclass AND attnum > 0 AND NOT attisdropped"
            " ORDER BY attnum"
        )
    else:
        sql = "SELECT name FROM pragma_table_info(?) ORDER BY cid"
    return [str(name) for (name,) in connection.execute(sql, (table,))]


def traces(path: str | Path) -> bytes:
    """All that still tells of what was written: of a file every byte, its journal's too."""
    if on_server():
        return repr(_all(path)).encode()
    where = Path(path)
    return b"".join(file.read_bytes() for file in where.parent.glob(f"{where.name}*"))


def contents(path: str | Path) -> dict[str, list[Row]]:
    """Every table's rows but those that tell of batches."""
    return {name: found for name, found in _all(path).items() if name not in OF_BATCHES}


def everything(path: str | Path) -> object:
    """What differs as soon as anything was written: a file's bytes, every row of every table on a server."""
    return Path(path).read_bytes() if not on_server() else _all(path)


def _all(path: str | Path) -> dict[str, list[Row]]:
    if not Path(path).exists() and not on_server():
        raise FileNotFoundError(path)
    with connected(path) as connection:
        found = {
            name: connection.execute(f'SELECT * FROM "{name}" ORDER BY 1').fetchall()
            for name in table_names(connection)
        }
    # Rows alike in the first column come in the order of a file's numbers, but in any on a server.
    return {name: sorted(rows, key=repr) for name, rows in found.items()} if on_server() else found


def keep(path: str | Path) -> Kept:
    """Put a database by as it is now."""
    if not on_server():
        return Kept(Path(path).read_bytes())
    name = f"kept_{os.getpid()}_{len(_kept)}"
    _kept.append(name)
    return Kept(_copy(_name(path), name))


def put(kept: Kept, path: str | Path) -> None:
    """Have the database of a path be what was put by."""
    if isinstance(kept.content, bytes):
        Path(path).write_bytes(kept.content)
    else:
        parking.let_go()
        _drop(_name(path), _server())
        _copy(kept.content, _name(path))


def remove(path: str | Path) -> None:
    """Take a database away, if it is there."""
    if on_server():
        parking.let_go()
        _drop(_name(path), _server())
    else:
        Path(path).unlink(missing_ok=True)


def remove_all(but: Path | None = None, below: Path | None = None) -> None:
    """Take away the databases of this process on the server but those in a folder, and of these those below another.

    The server does so while the next test runs, unless that has one of the same name.
    """
    going = [
        name
        for name, path in _named.items()
        if but is None or not path.is_relative_to(but) or (below is not None and path.is_relative_to(below))
    ]
    for name in going:
        del _named[name]
    parking.let_go()
    for name in [*going, *(_kept if but is None else ())]:
        _going[name] = _aside().submit(_drop, name, _other_server())
    for name, dropping in list(_going.items()):
        if but is None or dropping.done():
            dropping.result()
            del _going[name]


def _drop(name: str, server: Any) -> None:
    _wait_for(name, server)
    server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@cache
def _aside() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, "drop")


@cache
def _other_server() -> Any:
    return _connected()


def _name(path: str | Path) -> str:
    whole = Path(path).absolute()
    name = f"t_{hashlib.sha256(os.fsencode(whole)).hexdigest()[:12]}"
    _named[name] = whole
    if name in _going:
        _going.pop(name).result()
    return name


def _copy(source: str, name: str) -> str:
    _leave(source)
    _server().execute(f'CREATE DATABASE "{name}" {_like(source)}')
    return name


def _leave(name: str) -> None:
    """Let go of a database."""
    parking.let_go()
    _wait_for(name, _server())


def _wait_for(name: str, server: Any) -> None:
    """Until all have left a database: the server itself looks but ten times a second whether they have."""
    for _attempt in range(50):
        if not server.execute("SELECT 1 FROM pg_stat_activity WHERE datname = %s", (name,)).fetchone():
            return
        time.sleep(0.001)


def _like(source: str) -> str:
    """File by file: through the server's log it takes three times as long."""
    return f'TEMPLATE "{source}" STRATEGY file_copy'


@cache
def _server() -> Any:
    """A connection beside the tests, by which databases come and go."""
    return _connected()


def _connected() -> Any:
    import psycopg

    return psycopg.connect(f"{os.environ[SERVER]}/postgres", autocommit=True)


def version() -> str:
    """What the databases are on."""
    if not on_server():
        return f"SQLite {sqlite3.sqlite_version}"
    return f"PostgreSQL {_server().execute('SHOW server_version').fetchone()[0]}"


@cache
def model() -> str:
    """What makes a new database a copy of one that was migrated already, which is much quicker than to migrate it."""
    from channelctl import making

    name = f"model_{os.getpid()}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CHANNELCTL_DB", f"{os.environ[SERVER]}/{name}")
        assert making.create()
    _kept.append(name)
    parking.let_go()
    return _like(name)


class _Server:
    """psycopg's connection, asked as sqlite3's is."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def execute(self, sql: str, values: Sequence[Any] = ()) -> Any:
        return self._connection.execute(sql.replace("%", "%%").replace("?", "%s"), values)
