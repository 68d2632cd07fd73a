"""Making, upgrading, copying and filling a database on a server: in one transaction, or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from channelctl import copying, db, migrating, postgres, reported_server
from channelctl.errors import RefusedError
from channelctl.i18n import _
from channelctl.postgres import Server

if TYPE_CHECKING:
    import psycopg
    import sqlalchemy as sa

_HOMES = ("postgres", "template1")


def create(where: Server) -> bool:
    """Make the database if there is none, and what is in it; True if anything was made.

    Raises:
        DatabaseError: the server cannot be reached, or another program's tables are in the database.
        RefusedError: this login may not make it.
    """
    with _said(where, write=True):
        found = _found(where)
        if found is None:
            raise reported_server.foreign(where)
        if found == "":
            return _migrate(where, empty=True)
    return False


def is_there(where: Server) -> bool:
    """Whether there is a database with something in it."""
    with _said(where):
        try:
            with postgres.connect(where, write=False) as connection:
                return postgres.revision(connection) != ""
        except postgres.driver().Error as error:
            if reported_server.is_missing(error, where):
                return False
            raise


def _found(where: Server) -> str | None:
    """The revision of a database, which is made empty where there is none."""
    try:
        with postgres.connect(where, write=False) as connection:
            return postgres.revision(connection)
    except postgres.driver().Error as error:
        if not where.name or not reported_server.is_missing(error, where):
            raise
    with _beside(where) as connection, suppress(postgres.driver().errors.DuplicateDatabase):
        like = "" if postgres.TEMPLATE != "template0" else " ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
        connection.execute(f'CREATE DATABASE {_quoted(where.name)} TEMPLATE "{postgres.TEMPLATE}"{like}')
    with postgres.connect(where, write=False) as connection:
        return postgres.revision(connection)


@contextmanager
def _beside(where: Server) -> Iterator["psycopg.Connection[Any]"]:
    """A connection to the server that works outside of any database of ours."""
    driver = postgres.driver()
    for home in _HOMES:
        with suppress(driver.OperationalError):
            connection = postgres.connect(where.other(home), write=False)
            break
    else:
        raise reported_server.missing(where)
    with connection:
        connection.autocommit = True
        yield connection


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def unmake(where: Server) -> None:
    """Take a database away that was made a moment ago, unless somebody has written to it since."""
    driver = postgres.driver()
    with suppress(driver.Error), _beside(where) as connection:
        with postgres.connect(where, write=True) as inside:
            if inside.execute("SELECT 1 FROM batch LIMIT 1").fetchone():
                return
        connection.execute(f"DROP DATABASE {_quoted(where.name)}")


def _migrate(where: Server, empty: bool = False) -> bool:
    """Run the migrations not yet run in one transaction; False where somebody was faster."""
    import sqlalchemy as sa

    engine = postgres.engine(where, write=False)
    with engine.connect().execution_options(isolation_level="READ COMMITTED") as connection:
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:gate)"), {"gate": postgres.GATE})
        if empty and _is_taken(connection):
            return False
        migrating.run(connection, db.HEAD)
        connection.execute(sa.text(f"COMMENT ON TABLE alembic_version IS '{postgres.COMMENT}'"))
        connection.commit()
    engine.dispose()
    return True


def _is_taken(connection: "sa.Connection") -> bool:
    import sqlalchemy as sa

    return connection.execute(sa.text("SELECT to_regclass('alembic_version') IS NOT NULL")).scalar_one() is True


def upgrade(where: Server) -> None:
    """Bring an older schema to this version's."""
    with _said(where, write=True):
        _migrate(where)


def fill(source: Path | Server, where: Server) -> list[copying.CopiedRow]:
    """Copy a database into one on a server that holds nothing yet, in one transaction.

    Raises:
        RefusedError: it holds something.
    """
    with _said(where, write=True), postgres.connect(where, write=True) as connection:
        connection.execute("SELECT channelctl_gate()")
        if connection.execute("SELECT 1 FROM batch LIMIT 1").fetchone():
            raise RefusedError(
                _("{path} holds data already; it was left as it is").format(path=where),
                _("Copy into a new one: name a database that is not there yet."),
            )
        return _fill(source, where, connection)


def _fill(source: Path | Server, where: Server, connection: "psycopg.Connection[Any]") -> list[copying.CopiedRow]:
    with copying.reading(source) as side:
        tables = copying.in_order(side.tables())
        done = copying.between(side, copying.Database(connection), tables, str(where))
    connection.execute("ANALYZE")
    return done


def refill(source: Path, where: Server) -> None:
    """Put a copy's contents in the place of a database's own, in one transaction."""
    with _said(where, write=True), postgres.connect(where, write=True) as connection:
        connection.execute("SELECT channelctl_gate()")
        with copying.reading(source) as side:
            names = ", ".join(f'"{table.name}"' for table in side.tables())
        # The log may not be cut but by its owner, here where another takes its place.
        connection.execute("ALTER TABLE audit_entry DISABLE TRIGGER USER")
        connection.execute(f"TRUNCATE {names}")
        connection.execute("ALTER TABLE audit_entry ENABLE TRIGGER USER")
        _fill(source, where, connection)


def scrub(where: Server) -> None:
    """Write the tables anew without what was deleted from them."""
    with _said(where, write=True), postgres.connect(where, write=True) as connection:
        connection.autocommit = True
        connection.execute("VACUUM (FULL)")


@contextmanager
def _said(where: Server, write: bool = False) -> Iterator[None]:
    """What the server reports as errors that say what to do."""
    from sqlalchemy.exc import DBAPIError

    try:
        yield
    except (DBAPIError, postgres.driver().Error) as error:
        said = reported_server.said(error, where, write)
        if said is None:
            raise
        raise said from error
