"""A connection of the kind SQLAlchemy speaks to, over an engine that speaks another SQL than PostgreSQL.

What a store asks is compiled for PostgreSQL as always; here it becomes the engine's own SQL, values and all.
"""

import sys
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

from channelctl.engines.libraries import library
from channelctl.errors import UsageError
from channelctl.i18n import _

if TYPE_CHECKING:
    import sqlalchemy as sa

Answer = tuple[Sequence[str], Sequence[Sequence[Any]]]


class Engine(Protocol):
    """Something that answers SQL of a dialect: with the names of the columns, and the rows."""

    dialect: str

    def ask(self, sql: str, tables: Collection[str]) -> Answer:
        """Run a query, which reads these tables."""

    def close(self) -> None:
        """Let go of what it holds."""


apilevel, threadsafety, paramstyle = "2.0", 1, "named"


class Error(Exception):
    """What a driver must have; engines raise errors of ours."""


class Connection:
    """A connection that only reads: there is nothing to commit."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def cursor(self) -> "Cursor":
        return Cursor(self.engine)

    def commit(self) -> None: ...

    def rollback(self) -> None: ...

    def close(self) -> None: ...


class Cursor:
    """One query and its rows."""

    arraysize = 1
    rowcount = -1
    lastrowid = None

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._rows: list[Any] = []
        self.description: list[tuple[Any, ...]] | None = None

    def execute(self, sql: str, values: Mapping[str, Any] | None = None) -> None:
        names, rows = self._engine.ask(*translated(sql, values or {}, self._engine.dialect))
        self.description = [(name, *[None] * 6) for name in names]
        self._rows = list(reversed(rows))

    def executemany(self, sql: str, values: Sequence[Mapping[str, Any]]) -> None:
        raise _only_reads()

    def fetchone(self) -> Any:
        return self._rows.pop() if self._rows else None

    def fetchmany(self, size: int | None = None) -> list[Any]:
        return [self._rows.pop() for _row in range(min(size or self.arraysize, len(self._rows)))]

    def fetchall(self) -> list[Any]:
        rows, self._rows = self._rows[::-1], []
        return rows

    def close(self) -> None:
        self._rows = []


def translated(sql: str, values: Mapping[str, Any], dialect: str) -> tuple[str, set[str]]:
    """A query for PostgreSQL, with these values in it, as another dialect has it; and the tables it names.

    Where none stands first or last by its own words, NULL comes first as in SQLite; text goes by code point anyway.
    """
    exp = library("sqlglot.expressions", "duckdb")
    tree = _parsed(sql).copy()
    if not isinstance(tree, exp.Query):
        raise _only_reads()
    for one in list(tree.find_all(exp.Placeholder)):
        one.replace(exp.convert(_value(values[one.name])))
    for one in list(tree.find_all(exp.Collate)):
        one.replace(one.this)
    for one in list(tree.find_all(exp.Coalesce)):
        if all(other == one.this for other in one.expressions):
            one.replace(one.this)
    for one in list(tree.find_all(exp.Group)):
        _name_any(exp, one)
    return tree.sql(dialect=dialect, identify=True), {one.name for one in tree.find_all(exp.Table)}


def _name_any(exp: Any, group: Any) -> None:
    """Where rows are grouped by a table's key, take any of its other columns: PostgreSQL knows that they are alike."""
    select = group.parent
    for place in (*select.expressions, select.args.get("order"), select.args.get("having")):
        for column in list(place.find_all(exp.Column)) if place is not None else ():
            inside = column.find_ancestor(exp.AggFunc, exp.Select)
            if inside is select and column not in group.expressions:
                column.replace(exp.AnyValue(this=column.copy()))


def _value(value: Any) -> Any:
    """Text that is none, like half of a sign, equals nothing that is stored."""
    return value.encode("utf-8", "backslashreplace").decode() if isinstance(value, str) else value


@cache
def _parsed(sql: str) -> Any:
    return library("sqlglot", "duckdb").parse_one(sql, dialect=_postgres())


@cache
def _postgres() -> Any:
    """PostgreSQL as we send it: what says nothing of NULL means it to come first."""
    postgres = library("sqlglot.dialects.postgres", "duckdb").Postgres
    return type("Sent", (postgres,), {"NULL_ORDERING": "nulls_are_small"})


def _only_reads() -> UsageError:
    return UsageError(
        _("nothing can be written to exported facts"), _("Run the command on the database, without --engine.")
    )


def over(engine: Engine) -> "sa.Engine":
    """SQLAlchemy's engine over one of ours: it compiles for PostgreSQL, and asks no server about itself."""
    import sqlalchemy as sa
    from sqlalchemy.dialects.postgresql.base import PGDialect

    dialect = PGDialect(  # type: ignore[no-untyped-call]
        dbapi=sys.modules[__name__], paramstyle=paramstyle
    )
    pool = sa.pool.NullPool(lambda: Connection(engine), dialect=dialect)  # type: ignore[arg-type]
    return sa.Engine(pool, dialect, sa.make_url("postgresql://"), hide_parameters=True)
