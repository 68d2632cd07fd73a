"""A database to be copied from or into, as the text that PostgreSQL's COPY takes and gives.

A line is a row, tabs stand between its cells, \\N is nothing, and a backslash comes before what would be mistaken: the
same rows are the same bytes, whatever engine keeps them.
"""

import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from channelctl import postgres, reported, reported_server
from channelctl.errors import RefusedError
from channelctl.i18n import _
from channelctl.places import Server

_AT_ONCE = 5_000
_BYTES_AT_ONCE = 1 << 18
_OWN = ("alembic_version", "customer_seen", "member")
_BYTES = ("BLOB", "bytea")
_SIGNS = {"\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v"}
_WRITTEN = {written[1]: sign for sign, written in _SIGNS.items()}
# How a cell begins in what SQLite puts together: no text of ours holds the sign 0.
_FIRST, _FIRST_NULL, _NEXT, _NEXT_NULL = (b"\0" + mark for mark in (b">", b"<", b"+", b"-"))
_BEGINNINGS = ((_FIRST, b"\n"), (_FIRST_NULL, b"\n\\N"), (_NEXT, b"\t"), (_NEXT_NULL, b"\t\\N"))


class Column(NamedTuple):
    """A column as both engines have it."""

    name: str
    is_bytes: bool


class Table(NamedTuple):
    """A table: its columns by name, and those that its rows are told apart and put in order by."""

    name: str
    columns: Sequence[Column]
    key: Sequence[str]

    @property
    def listed(self) -> str:
        """Its columns, for a statement."""
        return _listed([column.name for column in self.columns])

    def place(self, name: str) -> int:
        """Where a column stands."""
        return [column.name for column in self.columns].index(name)


class Side(Protocol):
    """A database that is read from or written to, by its driver."""

    def tables(self) -> list[Table]:
        """Its tables, by name."""

    def lines(self, table: Table) -> Iterator[bytes]:
        """A table's rows in order, some whole lines at a time."""

    def store(self, table: Table, chunks: Iterable[bytes]) -> None:
        """Add rows."""


class File:
    """A SQLite file."""

    def __init__(self, connection: sqlite3.Connection, where: Path) -> None:
        self._connection = connection
        self._where = where

    def tables(self) -> list[Table]:
        """As Side has it."""
        query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name"
        with self._said():
            names = [name for (name,) in self._connection.execute(query) if name not in _OWN]
            return [self._table(name) for name in names]

    def _table(self, name: str) -> Table:
        rows = self._connection.execute(f'PRAGMA table_info("{name}")').fetchall()
        key = sorted((row for row in rows if row[5]), key=lambda row: row[5])
        columns = sorted(Column(row[1], row[2] in _BYTES) for row in rows)
        return Table(name, columns, [row[1] for row in key])

    def lines(self, table: Table) -> Iterator[bytes]:
        """As Side has it; SQLite puts a row's cells together, which takes half as long as to do it here."""
        cells = [_cell(column, not place) for place, column in enumerate(table.columns)]
        query = f'SELECT CAST({" || ".join(cells)} AS BLOB) FROM "{table.name}" ORDER BY {_listed(table.key)}'  # noqa: S608  our own names
        with self._said():
            cursor = self._connection.execute(query)
        while True:
            with self._said():
                rows = cursor.fetchmany(_AT_ONCE)
            if not rows:
                return
            yield self._written(table, [row for (row,) in rows])

    def _written(self, table: Table, rows: Sequence[bytes]) -> bytes:
        text = b"".join(rows)
        if text.count(b"\0") != len(rows) * len(table.columns):
            raise self._with_zero(table)
        for sign, written in _SIGNS.items():
            text = text.replace(sign.encode(), written.encode())
        for begun, written_so in _BEGINNINGS:
            text = text.replace(begun, written_so)
        try:
            text.decode()
        except UnicodeDecodeError as error:
            raise reported.damaged(self._where, f"{table.name}: {error.reason}") from error
        return text[1:] + b"\n"

    def _with_zero(self, table: Table) -> RefusedError:
        """Names the first cell whose text holds the sign 0, which no server keeps."""
        place = table.name
        for column in table.columns:
            has = f"typeof(\"{column.name}\") = 'text' AND instr(CAST(\"{column.name}\" AS BLOB), x'00')"
            query = f'SELECT {_listed(table.key)} FROM "{table.name}" WHERE {has} LIMIT 1'  # noqa: S608  our own names
            row = self._connection.execute(query).fetchone()
            if row is not None:
                place = f"{table.name}.{column.name}, {table.key[0]} {row[0]}"
                break
        return RefusedError(
            _("{path} holds a text with the sign number 0 in it ({place}); nothing was copied").format(
                path=self._where, place=place
            ),
            _("Correct that record there, then run it again."),
        )

    def store(self, table: Table, chunks: Iterable[bytes]) -> None:
        """As Side has it."""
        marks = ", ".join("?" * len(table.columns))
        insert = f'INSERT INTO "{table.name}" ({table.listed}) VALUES ({marks})'  # noqa: S608  our own names
        content = [place for place, column in enumerate(table.columns) if column.is_bytes]
        for chunk in chunks:
            rows = [_cells(line) for line in chunk.decode()[:-1].split("\n")]
            for place in content:
                for row in rows:
                    row[place] = bytes.fromhex(row[place][2:]) if row[place] is not None else None
            with self._said():
                self._connection.executemany(insert, rows)

    @contextmanager
    def _said(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise reported.said(error, self._where) or reported.damaged(self._where, str(error)) from error


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _cell(column: Column, first: bool) -> str:
    """A cell and its beginning, as SQLite puts them together."""
    begun, nothing = (_FIRST, _FIRST_NULL) if first else (_NEXT, _NEXT_NULL)
    value = f"'\\x' || lower(hex(\"{column.name}\"))" if column.is_bytes else f'"{column.name}"'
    there = f"char({', '.join(map(str, begun))}) || {value}"
    if column.is_bytes:
        there = f'CASE WHEN "{column.name}" IS NOT NULL THEN {there} END'
    return f"coalesce({there}, char({', '.join(map(str, nothing))}))"


def _cells(line: str) -> list[Any]:
    """The values of a line; numbers stay text, of which a column of numbers makes them."""
    return [cell if "\\" not in cell else _plain(cell) for cell in line.split("\t")]


def _plain(cell: str) -> str | None:
    return None if cell == "\\N" else re.sub(r"\\(.)", lambda found: _WRITTEN[found[1]], cell)


class Database:
    """A database on a server."""

    def __init__(self, connection: Any, where: Server) -> None:
        self._connection = connection
        self._where = where
        # What is to be copied must be seen whole, and come in the same words from every server.
        for name, value in (("client_encoding", "UTF8"), ("bytea_output", "hex"), ("row_security", "off")):
            connection.execute(f"SET {name} = {value}")

    def tables(self) -> list[Table]:
        """As Side has it."""
        query = """
            SELECT t.relname, a.attname, a.atttypid::regtype::text, array_position(i.indkey::int[], a.attnum::int)
            FROM pg_class t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
            JOIN pg_index i ON i.indrelid = t.oid AND i.indisprimary
            WHERE t.relnamespace = current_schema()::regnamespace AND t.relkind IN ('r', 'p') AND NOT t.relispartition
            ORDER BY t.relname COLLATE "C", a.attname COLLATE "C"
        """
        found: dict[str, list[tuple[Any, ...]]] = {}
        with self._said():
            for name, *column in self._connection.execute(query):
                found.setdefault(name, []).append(tuple(column))
        return [_table_of(name, columns) for name, columns in found.items() if name not in _OWN]

    def lines(self, table: Table) -> Iterator[bytes]:
        """As Side has it."""
        query = f'SELECT {table.listed} FROM "{table.name}" ORDER BY {_listed(table.key)}'  # noqa: S608  our own names
        with self._said(), self._connection.cursor() as cursor, cursor.copy(f"COPY ({query}) TO STDOUT") as copy:
            some, size = [], 0
            for line in copy:
                some.append(bytes(line))
                size += len(line)
                if size > _BYTES_AT_ONCE:
                    yield b"".join(some)
                    some, size = [], 0
        if some:
            yield b"".join(some)

    def store(self, table: Table, chunks: Iterable[bytes]) -> None:
        """As Side has it."""
        day = postgres.BY_MONTH.get(table.name)
        known: set[str] = set()
        for chunk in chunks:
            with self._taken(table):
                if day:
                    self._have_months(_months(chunk, table.place(day)), known)
                with (
                    self._connection.cursor() as cursor,
                    cursor.copy(f'COPY "{table.name}" ({table.listed}) FROM STDIN') as copy,
                ):
                    copy.write(chunk)

    def _have_months(self, months: set[str], known: set[str]) -> None:
        if months - known:
            self._connection.execute("SELECT channelctl_months(%s)", (sorted(months - known),))
            known |= months

    @contextmanager
    def _said(self) -> Iterator[None]:
        try:
            yield
        except postgres.driver().Error as error:
            said = reported_server.said(error, self._where)
            if said is None:
                raise
            raise said from error

    @contextmanager
    def _taken(self, table: Table) -> Iterator[None]:
        """What a server does not take, as an error that names the table and the server's reason."""
        errors = postgres.driver()
        try:
            with self._said():
                yield
        except (errors.DataError, errors.IntegrityError, errors.errors.RaiseException) as error:
            raise RefusedError(
                _("{table} holds what {path} cannot keep: {reason}; nothing was copied").format(
                    table=table.name, path=self._where, reason=error.diag.message_primary
                ),
                _("Correct that record there, then run it again."),
            ) from error


def _table_of(name: str, columns: Sequence[tuple[Any, ...]]) -> Table:
    key = sorted((place, column) for column, _type, place in columns if place is not None)
    return Table(
        name, [Column(column, kind in _BYTES) for column, kind, _place in columns], [one for _place, one in key]
    )


def _months(chunk: bytes, place: int) -> set[str]:
    return {line.split(b"\t", place + 1)[place][:7].decode("utf-8", "replace") for line in chunk[:-1].split(b"\n")}
