"""What the engines do in ways of their own, by the session that it is done in."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from channelctl import postgres, sqlite

if TYPE_CHECKING:
    import sqlalchemy as sa
    from sqlmodel import Session


def on_server(opened: "Session") -> bool:
    """Whether a session is on a server."""
    return opened.get_bind().dialect.name == "postgresql"


def bulk_insert(opened: "Session", table: "sa.Table", names: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> int:
    """Insert stored values (whole units, ISO days) by column name, as fast as the engine can; returns how many.

    Many rows are inserted into a file by a thread: what goes wrong is raised by the session's next statement, or its
    end.
    """
    if on_server(opened):
        return postgres.bulk_insert(opened, table, names, rows)
    return sqlite.bulk_insert(opened, table, names, rows)


def look_over(opened: "Session") -> None:
    """Have the engine count what was stored: a server plans by it what is asked next."""
    if on_server(opened):
        postgres.look_over(opened)


def take_indexes(opened: "Session", table: "sa.Table") -> list[str]:
    """Drop the indexes of an empty table of a file before a bulk load; returns what `make_indexes` takes."""
    return [] if on_server(opened) else sqlite.take_indexes(opened, table)


def make_indexes(opened: "Session", statements: Sequence[str]) -> None:
    """Make what `take_indexes` dropped, in the session's transaction."""
    if statements:
        sqlite.make_indexes(opened, statements)


def set_apart(opened: "Session", table: "sa.Table", names: Sequence[str]) -> None:
    """Have a session read a copy of a table that has an index of these columns more; a server needs none."""
    if not on_server(opened):
        sqlite.set_apart(opened, table, names)


def overwrite_deleted(opened: "Session") -> None:
    """Have what a session deletes written over in the file."""
    if not on_server(opened):
        sqlite.run(opened, ["PRAGMA secure_delete=ON"])


def schemas(opened: "Session") -> tuple[str, str]:
    """Where the tables are, and where what a session makes for itself is, which stands before them."""
    engine = postgres if on_server(opened) else sqlite
    return engine.HOME, engine.OWN


def parts(opened: "Session") -> set[str]:
    """The parts in which a server keeps tables; a login has rights on the tables alone, and asks them."""
    if not on_server(opened):
        return set()
    query = "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relispartition"
    return {name for (name,) in opened.connection().exec_driver_sql(query)}
