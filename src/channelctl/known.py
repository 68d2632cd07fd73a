"""The data as it was known by a day or a batch: every table seen without what later batches brought, changed or took.

Views of the connection's own stand before the tables of the same name, so that every query reads the past unchanged.
Batches that were undone are as if they had never been. A login that a server holds to a part sees the past of what it
sees today.
"""

import json
import re
from collections.abc import Iterator, Mapping
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING, Any, NamedTuple

from channelctl import db, held
from channelctl.errors import UsageError
from channelctl.i18n import _
from channelctl.period import day as day_of
from channelctl.records import kinds
from channelctl.settings import Known

if TYPE_CHECKING:
    from sqlmodel import Session

_ENDED = "ended_batch_id"


class _Table(NamedTuple):
    """A table of the database: its columns, the references that its rows do not outlive, and those to any record."""

    name: str
    columns: list[str]
    owners: list[tuple[str, str]]
    others: list[tuple[str, str]]


class _Past:
    """A session's own tables and views, and the questions asked before they stand in front of the others."""

    def __init__(self, session: "Session", batch: int = 0) -> None:
        self._session = session
        self.batch = batch
        self.whole = held.may_everywhere(session, "read")
        self.home, self.own = db.schemas(session)

    def rows(self, query: str, **values: Any) -> list[Any]:
        """What a query gives; {home} stands for where the tables are, {own} for where the session's are."""
        import sqlalchemy as sa

        text = query.replace("{home}", self.home).replace("{own}", self.own)
        found = self._session.connection().execute(sa.text(text), values)
        return list(found) if found.returns_rows else []

    def value(self, query: str, **values: Any) -> Any:
        """The first value that a query gives."""
        return self.rows(query, **values)[0][0]

    def restored(self, table: _Table) -> str:
        """Where rows of a table stand that were otherwise than they are now."""
        return f'{self.own}."known_{table.name}"'

    def sees(self, name: str, record: int) -> bool:
        """Whether a record was there, of a table that has been seen to before; of its own it is whether it is there."""
        return self.whole or bool(self.rows(f'SELECT 1 FROM "{name}" WHERE id = :id', id=record))  # noqa: S608  our own names


def look_back(session: "Session", word: str) -> Known:
    """Let a session see what was known by a day or a batch; returns which batch that is.

    Raises:
        UsageError: the word is neither, nothing was imported by then, or there is no such batch any more.
    """
    past = _Past(session)
    found = _moment(past, word)
    if found.batch == past.value("SELECT max(id) FROM {home}.batch"):
        return found
    past.batch = found.batch
    for table in list(_tables(session)):
        _see(past, table)
    return found


def _moment(past: _Past, word: str) -> Known:
    plain = word.strip()
    if re.fullmatch(r"[0-9]{1,7}", plain):
        return _batch(past, int(plain))
    try:
        asked = day_of(plain)
    except UsageError:
        raise UsageError(
            _("--known takes a day or a batch, not “{value}”").format(value=word),
            _("Write it as 2024-05-31, or as the number of a batch: channelctl batch list"),
        ) from None
    # Up to the first one that is later: a batch that was dated back does not change what was known by then.
    standing = "FROM {home}.batch WHERE undone_by IS NULL"
    limit = past.value(f"SELECT min(id) {standing} AND substr(at, 1, 10) > :day", day=asked.isoformat())
    batch = past.value(f"SELECT max(id) {standing}" + (" AND id < :limit" if limit else ""), **_given(limit=limit))
    if batch is None:
        raise UsageError(
            _("nothing had been imported by {day}").format(day=asked),
            _("The first batch, {batch}, is of {day}.").format(batch=limit, day=_date(past, limit))
            if limit is not None
            else _("No batch is there yet."),
        )
    return Known(asked, batch)


def _given(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _batch(past: _Past, number: int) -> Known:
    rows = past.rows("SELECT undone_by FROM {home}.batch WHERE id = :number", number=number)
    if not rows:
        last = past.value("SELECT max(id) FROM {home}.batch")
        raise UsageError(
            _("there is no batch {batch}").format(batch=number),
            _("The last one is {batch}: channelctl batch list").format(batch=last)
            if last is not None
            else _("No batch is there yet."),
        )
    if rows[0][0] is not None:
        text = _("batch {batch} was undone by batch {by}: it is as if it had never been")
        raise UsageError(text.format(batch=number, by=rows[0][0]), _instead(past, number))
    return Known(day_of(_date(past, number)), number)


def _instead(past: _Past, number: int) -> str:
    """What to name instead of a batch that was undone: the one before it that was not, by its day."""
    query = "SELECT max(id) FROM {home}.batch WHERE undone_by IS NULL AND id < :number"
    before = past.value(query, number=number)
    if before is None:
        return _("These are there: channelctl batch list")
    text = _("channelctl batch list shows the others; a day will do too: --known {day}")
    return text.format(day=_date(past, before))


def _date(past: _Past, batch: int) -> str:
    return str(past.value("SELECT substr(at, 1, 10) FROM {home}.batch WHERE id = :batch", batch=batch))


def _tables(session: "Session") -> Iterator[_Table]:
    """The tables whose rows belong to a batch, themselves or by the row that they go with; those referred to first."""
    import sqlalchemy as sa

    seen = sa.inspect(session.connection())
    parts = db.parts(session)
    names = [name for name in seen.get_table_names() if name not in parts]
    columns, keys = seen.get_multi_columns(filter_names=names), seen.get_multi_foreign_keys(filter_names=names)
    found, records = {}, {str(kind.model().__tablename__) for kind in kinds().values()}
    for place, listed in columns.items():
        owned = [key for key in keys[place] if key["options"].get("ondelete") == "CASCADE"]
        owners = [(key["constrained_columns"][0], key["referred_table"]) for key in owned]
        every = [(key["constrained_columns"][0], key["referred_table"]) for key in keys[place]]
        others = [one for one in every if one[1] in records]
        found[place[1]] = _Table(place[1], [column["name"] for column in listed], owners, others)
    order = TopologicalSorter({name: {one for _column, one in table.others} - {name} for name, table in found.items()})
    for table in map(found.__getitem__, order.static_order()):
        if table.name == "batch" or "batch_id" in table.columns:
            yield table
        elif any("batch_id" in found[owner].columns for _column, owner in table.owners):
            yield table


def _see(past: _Past, table: _Table) -> None:
    """Put a view before a table that later batches had to do with."""
    batch = past.batch
    if table.name == "batch":
        return _view(past, table, f"id <= {batch}")
    if "batch_id" not in table.columns:
        owned = [
            f'"{column}" IN (SELECT id FROM {{home}}."{owner}" WHERE batch_id <= {batch})'  # noqa: S608  our own names
            for column, owner in table.owners
        ]
        return _view(past, table, " AND ".join(owned))
    where = []
    if _any(past, table, f"batch_id > {batch}"):
        # The + keeps the batch's index out of it: what a report asks for has better ones.
        where.append(f"+batch_id <= {batch}")
    restored = _restored(past, table)
    if _ENDED in table.columns and _any(past, table, f"{_ENDED} > {batch}"):
        where.append(f"({_ENDED} IS NULL OR {_ENDED} <= {batch})")
        restored = restored or _make(past, table)
        now = ", ".join("NULL" if name == _ENDED else f'"{name}"' for name in table.columns)
        there = past.restored(table)
        past.rows(
            f'INSERT INTO {there} ({_listed(table)}) SELECT {now} FROM {{home}}."{table.name}"'  # noqa: S608  our own names
            f" WHERE {_ENDED} > {batch} AND batch_id <= {batch} AND id NOT IN (SELECT id FROM {there})"
        )
    if restored:
        where.append(f"id NOT IN (SELECT id FROM {past.restored(table)})")  # noqa: S608  our own names
    if where:
        _view(past, table, " AND ".join(where), restored)
    return None


def _listed(table: _Table) -> str:
    return ", ".join(f'"{name}"' for name in table.columns)


def _any(past: _Past, table: _Table, where: str) -> bool:
    return bool(past.rows(f'SELECT 1 FROM {{home}}."{table.name}" WHERE {where} LIMIT 1'))  # noqa: S608  our own names


def _view(past: _Past, table: _Table, where: str, restored: bool = False) -> None:
    rows = f'SELECT {_listed(table)} FROM {{home}}."{table.name}" WHERE {where}'  # noqa: S608  our own names
    if restored:
        rows += f" UNION ALL SELECT {_listed(table)} FROM {past.restored(table)}"  # noqa: S608  our own names
    past.rows(f'CREATE TEMP VIEW "{table.name}" AS {rows}')


def _make(past: _Past, table: _Table) -> bool:
    """A table of the session's own with the same columns."""
    like = f'SELECT {_listed(table)} FROM {{home}}."{table.name}" LIMIT 0'  # noqa: S608  our own names
    past.rows(f'CREATE TEMP TABLE "known_{table.name}" AS {like}')
    return True


def _restored(past: _Past, table: _Table) -> bool:
    """Set the records that later batches changed or removed beside the table as they were; False without any."""
    names = [kind.name for kind in kinds().values() if kind.model().__tablename__ == table.name]
    query = (
        "SELECT record_id, before FROM {home}.change WHERE kind = :kind AND batch_id > :batch"
        " AND batch_id IN (SELECT id FROM {home}.batch WHERE undone_by IS NULL) ORDER BY id DESC"
    )
    before: dict[int, dict[str, Any]] = {}
    for name in names:
        for record, text in past.rows(query, kind=name, batch=past.batch):
            # From the last change back: the first one has the last word.
            before.setdefault(record, {}).update(json.loads(text))
    if not before:
        return False
    _make(past, table)
    for record, values in before.items():
        then = _then(past, table, record, values)
        if then is None or not _stood(then, past.batch):
            # Made later: what hides it is that its batch is.
            continue
        if (then.get(_ENDED) or 0) > past.batch:
            then[_ENDED] = None
        kept = {f"v{place}": then.get(name) for place, name in enumerate(table.columns)}
        marks = ", ".join(f":{name}" for name in kept)
        past.rows(f"INSERT INTO {past.restored(table)} ({_listed(table)}) VALUES ({marks})", **kept)  # noqa: S608  our own names
    return True


def _then(past: _Past, table: _Table, record: int, values: Mapping[str, Any]) -> dict[str, Any] | None:
    """A record as it was; None where it went with one that is gone and that whoever asks may not know of.

    What has been made a part of another since counts for that one, where only that one is seen.
    """
    own = f'SELECT {_listed(table)} FROM {{home}}."{table.name}" WHERE id = :id'  # noqa: S608  our own names
    rows = past.rows(own, id=record)
    now: Mapping[str, Any] = dict(zip(table.columns, rows[0], strict=True)) if rows else {}
    then = {**now, **values, "id": record}
    for column, other in table.others:
        named = values.get(column)
        if named is not None and named != now.get(column) and not past.sees(other, named):
            if not now:
                return None
            then[column] = now[column]
    return then


def _stood(then: dict[str, Any], batch: int) -> bool:
    return then.get("batch_id") is not None and then["batch_id"] <= batch
