"""Moving house: every table of a database copied to another one, of the same engine or not, and compared there."""

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Annotated, Any, NamedTuple, Protocol

from channelctl import postgres, sqlite
from channelctl.columns import Col
from channelctl.errors import DatabaseError
from channelctl.i18n import _
from channelctl.postgres import Server

_AT_ONCE = 5_000
_OWN = ("alembic_version", "member")
_BY_MONTH = {"sale_line": "date"}


class CopiedRow(NamedTuple):
    """A table that was copied, and what its rows come to on both sides."""

    table: Annotated[str, Col("表", "Table")]
    rows: Annotated[int, Col("行数", "Rows", kind="count")]
    digest: Annotated[str, Col("校验值", "Digest")]


class Table(NamedTuple):
    """A table as both sides have it: its columns, and those that its rows are told apart and put in order by."""

    name: str
    columns: Sequence[str]
    key: Sequence[str]

    @property
    def query(self) -> str:
        """All of it, in order."""
        return f'SELECT {_listed(self.columns)} FROM "{self.name}" ORDER BY {_listed(self.key)}'  # noqa: S608  our own names


class Side(Protocol):
    """A database that is read from or written to, by its driver."""

    def rows(self, table: Table) -> Iterator[Sequence[tuple[Any, ...]]]:
        """Its rows in order, some at a time."""

    def store(self, table: Table, chunks: Iterable[Sequence[tuple[Any, ...]]]) -> None:
        """Add rows."""


class File:
    """A SQLite file."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def tables(self) -> list[Table]:
        """Its tables, by name."""
        query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name"
        found = []
        for (name,) in self._connection.execute(query).fetchall():
            columns = self._connection.execute(f'PRAGMA table_info("{name}")').fetchall()
            key = sorted((row for row in columns if row[5]), key=lambda row: row[5])
            found.append(Table(name, [row[1] for row in columns], [row[1] for row in key]))
        return [table for table in found if table.name not in _OWN]

    def rows(self, table: Table) -> Iterator[Sequence[tuple[Any, ...]]]:
        """As Side has it."""
        cursor = self._connection.execute(table.query)
        while chunk := cursor.fetchmany(_AT_ONCE):
            yield chunk

    def store(self, table: Table, chunks: Iterable[Sequence[tuple[Any, ...]]]) -> None:
        """As Side has it."""
        marks = ", ".join("?" * len(table.columns))
        insert = f'INSERT INTO "{table.name}" ({_listed(table.columns)}) VALUES ({marks})'  # noqa: S608  our own names
        for chunk in chunks:
            self._connection.executemany(insert, chunk)


class Database:
    """A database on a server."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def rows(self, table: Table) -> Iterator[Sequence[tuple[Any, ...]]]:
        """As Side has it."""
        with self._connection.cursor(name="copied") as cursor:
            cursor.execute(table.query)
            while chunk := cursor.fetchmany(_AT_ONCE):
                yield chunk

    def store(self, table: Table, chunks: Iterable[Sequence[tuple[Any, ...]]]) -> None:
        """As Side has it."""
        day = _BY_MONTH.get(table.name)
        place = table.columns.index(day) if day else 0
        known: set[str] = set()
        for chunk in chunks:
            months = {row[place][:7] for row in chunk} - known if day else set()
            if months:
                self._connection.execute("SELECT channelctl_months(%s)", (sorted(months),))
                known |= months
            with self._connection.cursor() as cursor:
                postgres.copy(cursor, table.name, _listed(table.columns), chunk)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def between(source: Side, target: Side, tables: Sequence[Table], named: str) -> list[CopiedRow]:
    """Copy tables, those first that others refer to, and read them back; both sides' transactions are the caller's.

    Raises:
        DatabaseError: what is read back is not what was copied.
    """
    done = []
    for table in tables:
        seen = _Seen()
        target.store(table, seen.watch(source.rows(table)))
        stored = _Seen()
        for _chunk in stored.watch(target.rows(table)):
            pass
        if stored.said != seen.said:
            raise DatabaseError(
                _("{table} is not in {path} as it was: {rows} rows of {of}; nothing was kept").format(
                    table=table.name, path=named, rows=stored.rows, of=seen.rows
                )
            )
        done.append(CopiedRow(table.name, seen.rows, seen.said[1]))
    return done


class _Seen:
    """How many rows went by, and what they come to, whatever they came in."""

    def __init__(self) -> None:
        self.rows = 0
        self._digest = hashlib.sha256()

    def watch(self, chunks: Iterable[Sequence[tuple[Any, ...]]]) -> Iterator[Sequence[tuple[Any, ...]]]:
        for chunk in chunks:
            self.rows += len(chunk)
            self._digest.update("".join(map(repr, map(tuple, chunk))).encode("utf-8", "surrogatepass"))
            yield chunk

    @property
    def said(self) -> tuple[int, str]:
        return self.rows, self._digest.hexdigest()[:16]


def in_order(tables: Sequence[Table]) -> list[Table]:
    """Tables so that each stands after those it refers to."""
    from sqlmodel import SQLModel

    from channelctl.records import kinds

    for kind in kinds().values():
        kind.model()
    place = {table.name: number for number, table in enumerate(SQLModel.metadata.sorted_tables)}
    return sorted(tables, key=lambda table: place[table.name])


@contextmanager
def reading(where: Path | Server) -> Iterator[Side]:
    """One state of a database, to be copied."""
    if isinstance(where, Server):
        with postgres.connect(where, write=False) as connection:
            yield Database(connection)
        return
    with closing(sqlite.connect(where, write=False)) as opened:
        opened.execute("BEGIN")
        yield File(opened)


def into_file(source: Path | Server, draft: Path, named: Path) -> list[CopiedRow]:
    """Copy all of a database into an empty file of ours, in one transaction."""
    with closing(sqlite.connect(draft, write=True)) as opened, reading(source) as side:
        opened.execute("PRAGMA foreign_keys=OFF")
        opened.execute("BEGIN IMMEDIATE")
        file = File(opened)
        done = between(side, file, in_order(file.tables()), str(named))
        opened.execute("COMMIT")
    return done
