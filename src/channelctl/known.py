"""The data as it was known by a day or a batch: every table seen without what later batches brought, changed or took.

Views of the connection's own stand before the tables of the same name, so that every query reads the past unchanged.
Batches that were undone are as if they had never been.
"""

import json
import re
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from channelctl.errors import UsageError
from channelctl.i18n import _
from channelctl.period import day as day_of
from channelctl.records import kinds
from channelctl.settings import Known

_ENDED = "ended_batch_id"
_NOT_UNDONE = "batch_id IN (SELECT id FROM main.batch WHERE undone_by IS NULL)"


class _Table(NamedTuple):
    """A table of the file: its columns with their types, and the references that its rows do not outlive."""

    name: str
    columns: dict[str, str]
    owners: list[tuple[str, str]]

    @property
    def names(self) -> str:
        """Its columns, as SQL lists them."""
        return ", ".join(f'"{name}"' for name in self.columns)

    @property
    def restored(self) -> str:
        """Where its rows stand that were otherwise than they are now."""
        return f'temp."known_{self.name}"'


def look_back(connection: sqlite3.Connection, word: str) -> Known:
    """Let a connection see what was known by a day or a batch; returns which batch that is.

    Raises:
        UsageError: the word is neither, nothing was imported by then, or there is no such batch any more.
    """
    found = _moment(connection, word)
    last = connection.execute("SELECT max(id) FROM main.batch").fetchone()[0]
    if found.batch == last:
        return found
    for table in _tables(connection):
        _see(connection, table, found.batch)
    return found


def _moment(connection: sqlite3.Connection, word: str) -> Known:
    plain = word.strip()
    if re.fullmatch(r"[0-9]{1,7}", plain):
        return _batch(connection, int(plain))
    try:
        asked = day_of(plain)
    except UsageError:
        raise UsageError(
            _("--known takes a day or a batch, not “{value}”").format(value=word),
            _("Write it as 2024-05-31, or as the number of a batch: channelctl batch list"),
        ) from None
    # Up to the first one that is later: a batch that was dated back does not change what was known by then.
    later = "SELECT min(id) FROM main.batch WHERE undone_by IS NULL AND substr(at, 1, 10) > ?"
    before = "SELECT max(id) FROM main.batch WHERE undone_by IS NULL AND (:limit IS NULL OR id < :limit)"
    limit = connection.execute(later, (asked.isoformat(),)).fetchone()[0]
    batch = connection.execute(before, {"limit": limit}).fetchone()[0]
    if batch is None:
        raise UsageError(
            _("nothing had been imported by {day}").format(day=asked),
            _("The first batch, {batch}, is of {day}.").format(batch=limit, day=_date(connection, limit))
            if limit is not None
            else _("No batch is there yet."),
        )
    return Known(asked, batch)


def _batch(connection: sqlite3.Connection, number: int) -> Known:
    row = connection.execute("SELECT undone_by FROM main.batch WHERE id = ?", (number,)).fetchone()
    if row is None:
        last = connection.execute("SELECT max(id) FROM main.batch").fetchone()[0]
        raise UsageError(
            _("there is no batch {batch}").format(batch=number),
            _("The last one is {batch}: channelctl batch list").format(batch=last)
            if last is not None
            else _("No batch is there yet."),
        )
    if row[0] is not None:
        raise UsageError(
            _("batch {batch} was undone by batch {by}: it is as if it had never been").format(batch=number, by=row[0]),
            _instead(connection, number),
        )
    return Known(day_of(_date(connection, number)), number)


def _instead(connection: sqlite3.Connection, number: int) -> str:
    """What to name instead of a batch that was undone: the one before it that was not, by its day."""
    query = "SELECT max(id) FROM main.batch WHERE undone_by IS NULL AND id < ?"
    before = connection.execute(query, (number,)).fetchone()[0]
    if before is None:
        return _("These are there: channelctl batch list")
    text = _("channelctl batch list shows the others; a day will do too: --known {day}")
    return text.format(day=_date(connection, before))


def _date(connection: sqlite3.Connection, batch: int) -> str:
    return str(connection.execute("SELECT substr(at, 1, 10) FROM main.batch WHERE id = ?", (batch,)).fetchone()[0])


def _tables(connection: sqlite3.Connection) -> Iterator[_Table]:
    """The tables whose rows belong to a batch, themselves or by the row that they go with."""
    query = "SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    found = {}
    for (name,) in connection.execute(query).fetchall():
        columns = {row[1]: row[2] for row in connection.execute(f'PRAGMA main.table_info("{name}")')}
        keys = connection.execute(f'PRAGMA main.foreign_key_list("{name}")').fetchall()
        found[name] = _Table(name, columns, [(row[3], row[2]) for row in keys if row[6] == "CASCADE"])
    for table in found.values():
        if table.name == "batch" or "batch_id" in table.columns:
            yield table
        elif any("batch_id" in found[owner].columns for _column, owner in table.owners):
            yield table


def _see(connection: sqlite3.Connection, table: _Table, batch: int) -> None:
    """Put a view before a table that later batches had to do with."""
    if table.name == "batch":
        return _view(connection, table, f"id <= {batch}")
    if "batch_id" not in table.columns:
        owned = [
            f'"{column}" IN (SELECT id FROM main."{owner}" WHERE batch_id <= {batch})'  # noqa: S608  our own names
            for column, owner in table.owners
        ]
        return _view(connection, table, " AND ".join(owned))
    where = []
    if _any(connection, table, f"batch_id > {batch}"):
        # The + keeps the batch's index out of it: what a report asks for has better ones.
        where.append(f"+batch_id <= {batch}")
    restored = _restored(connection, table, batch)
    if _ENDED in table.columns and _any(connection, table, f"{_ENDED} > {batch}"):
        where.append(f"({_ENDED} IS NULL OR {_ENDED} <= {batch})")
        restored = restored or _make(connection, table)
        now = ", ".join("NULL" if name == _ENDED else f'"{name}"' for name in table.columns)
        connection.execute(
            f'INSERT INTO {table.restored} SELECT {now} FROM main."{table.name}"'  # noqa: S608  our own names
            f" WHERE {_ENDED} > {batch} AND batch_id <= {batch} AND id NOT IN (SELECT id FROM {table.restored})"
        )
    if restored:
        where.append(f"id NOT IN (SELECT id FROM {table.restored})")  # noqa: S608  our own names
    if where:
        _view(connection, table, " AND ".join(where), restored)
    return None


def _any(connection: sqlite3.Connection, table: _Table, where: str) -> bool:
    query = f'SELECT 1 FROM main."{table.name}" WHERE {where} LIMIT 1'  # noqa: S608  our own names
    return connection.execute(query).fetchone() is not None


def _view(connection: sqlite3.Connection, table: _Table, where: str, restored: bool = False) -> None:
    rows = f'SELECT {table.names} FROM main."{table.name}" WHERE {where}'  # noqa: S608  our own names
    if restored:
        rows += f" UNION ALL SELECT {table.names} FROM {table.restored}"  # noqa: S608  our own names
    connection.execute(f'CREATE TEMP VIEW "{table.name}" AS {rows}')


def _make(connection: sqlite3.Connection, table: _Table) -> bool:
    """A table of the connection's own with the same columns."""
    columns = [f'"{name}" {kind}' + " PRIMARY KEY" * (name == "id") for name, kind in table.columns.items()]
    connection.execute(f"CREATE TEMP TABLE {table.restored.removeprefix('temp.')} ({', '.join(columns)})")
    return True


def _restored(connection: sqlite3.Connection, table: _Table, batch: int) -> bool:
    """Set the records that later batches changed or removed beside the table as they were; False without any."""
    names = [kind.name for kind in kinds().values() if kind.model().__tablename__ == table.name]
    query = (
        "SELECT record_id, before FROM main.change WHERE kind = ? AND batch_id > ?"  # noqa: S608  our own names
        f" AND {_NOT_UNDONE} ORDER BY id DESC"
    )
    before: dict[int, dict[str, Any]] = {}
    for name in names:
        for record, text in connection.execute(query, (name, batch)):
            # From the last change back: the first one has the last word.
            before.setdefault(record, {}).update(json.loads(text))
    if not before:
        return False
    _make(connection, table)
    own = f'SELECT {table.names} FROM main."{table.name}" WHERE id = ?'  # noqa: S608  our own names
    places = ", ".join("?" * len(table.columns))
    for record, values in before.items():
        row = connection.execute(own, (record,)).fetchone()
        then = {**dict(zip(table.columns, row or (), strict=bool(row))), **values, "id": record}
        if not _stood(then, batch):
            # Made later: what hides it is that its batch is.
            continue
        if (then.get(_ENDED) or 0) > batch:
            then[_ENDED] = None
        kept: Sequence[Any] = [then.get(name) for name in table.columns]
        connection.execute(f"INSERT INTO {table.restored} VALUES ({places})", kept)  # noqa: S608  our own names
    return True


def _stood(then: dict[str, Any], batch: int) -> bool:
    return then.get("batch_id") is not None and then["batch_id"] <= batch
