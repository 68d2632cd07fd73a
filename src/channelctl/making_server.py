"""Making, upgrading, copying and filling a database on a server: in one transaction, or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from channelctl import copying, migrating, postgres, reported_server, versions
from channelctl.errors import DatabaseError, RefusedError
from channelctl.i18n import _
from channelctl.places import Server
from channelctl.sides import Database

if TYPE_CHECKING:
    import psycopg
    import sqlalchemy as sa

DATABASE, TABLES = "database", "tables"
HOMES = ("postgres", "template1")
# Of whose rows it is noted which offices see the customers in them: at the end, of all at once.
_NOTED = ("plan_line", "sale_line", "score_mark")
# How each rule between tables, and each index that keeps none, is taken away and made again.
_RULES = """
    SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),
        format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
    FROM pg_constraint
    WHERE contype = 'f' AND conparentid = 0 AND connamespace = current_schema()::regnamespace
"""
_INDEXES = """
    SELECT format('DROP INDEX %s', indexrelid::regclass), replace(pg_get_indexdef(indexrelid), ' ON ONLY ', ' ON ')
    FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
    WHERE relnamespace = current_schema()::regnamespace AND NOT relispartition
        AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
"""


def create(where: Server) -> str | None:
    """Make the database if there is none, and what is in it; what of both was made, None where nothing was.

    Raises:
        DatabaseError: the server cannot be reached, or another program's tables are in the database.
        RefusedError: this login may not make it.
    """
    with said(where, write=True):
        found, made = _found(where)
        if found is None:
            raise reported_server.foreign(where)
        new = _migrate(where, empty=True) if found == "" else made == DATABASE
    return made if new else None


def is_there(where: Server) -> bool:
    """Whether there is a database with something in it."""
    with said(where):
        try:
            with postgres.connect(where, write=False) as connection:
                return postgres.revision(connection) != ""
        except postgres.driver().Error as error:
            if reported_server.is_missing(error, where):
                return False
            raise


def _found(where: Server) -> tuple[str | None, str]:
    """The revision of a database, which is made empty where there is none; what making its tables would make."""
    try:
        with postgres.connect(where, write=False) as connection:
            return postgres.revision(connection), TABLES
    except postgres.driver().Error as error:
        if not where.name or not reported_server.is_missing(error, where):
            raise
    made = DATABASE
    with _beside(where) as connection:
        try:
            connection.execute(f"CREATE DATABASE {_quoted(where.name)} {postgres.MODEL}")
        except (postgres.driver().errors.DuplicateDatabase, postgres.driver().errors.UniqueViolation):
            made = TABLES
    with postgres.connect(where, write=False) as connection:
        return postgres.revision(connection), made


@contextmanager
def _beside(where: Server) -> Iterator["psycopg.Connection[Any]"]:
    """A connection to the server that works outside of any database of ours."""
    driver = postgres.driver()
    for home in HOMES:
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
    """Take a database away that was made a moment ago, unless somebody has written to it since.

    A server that is told to drop one waits until those who are connected have left, whatever they stored in it. Under
    another name nobody comes to it any more, so what is in it then stays as it is.
    """
    with suppress(postgres.driver().Error, DatabaseError), _beside(where) as connection:
        if _holds_data(where):
            return
        aside = where.other(f"{where.name[:40]}_{os.getpid()}")
        connection.execute(f"ALTER DATABASE {_quoted(where.name)} RENAME TO {_quoted(aside.name)}")
        if _holds_data(aside):
            connection.execute(f"ALTER DATABASE {_quoted(aside.name)} RENAME TO {_quoted(where.name)}")
        else:
            connection.execute(f"DROP DATABASE {_quoted(aside.name)}")


def _holds_data(where: Server) -> bool:
    with postgres.connect(where, write=False) as connection:
        found = postgres.revision(connection)
        return found is None or (found != "" and bool(connection.execute("SELECT 1 FROM batch LIMIT 1").fetchone()))


def _migrate(where: Server, empty: bool = False) -> bool:
    """Run the migrations not yet run in one transaction; False where somebody was faster."""
    with _alone(where) as connection:
        if empty and _is_taken(connection):
            return False
        _make_tables(connection)
    return True


@contextmanager
def _alone(where: Server) -> Iterator["sa.Connection"]:
    """A transaction that nobody else writes beside, also where there are no tables yet."""
    import sqlalchemy as sa

    engine = postgres.engine(where, write=False)
    try:
        with engine.connect().execution_options(isolation_level="READ COMMITTED") as connection:
            connection.execute(sa.text(f"SET LOCAL lock_timeout = {max(1, round(postgres.wait() * 1000))}"))
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(:gate)"), {"gate": postgres.GATE})
            connection.execute(sa.text("SET LOCAL lock_timeout = 0"))
            yield connection
            _commit(where, connection)
    finally:
        engine.dispose()


def _commit(where: Server, connection: "sa.Connection") -> None:
    """Commit; where the connection breaks meanwhile, the server is asked what came of it."""
    import sqlalchemy as sa

    number = int(connection.execute(sa.text("SELECT pg_current_xact_id()::text")).scalar_one())
    try:
        connection.commit()
    except sa.exc.DBAPIError as error:
        committed = postgres.was_committed(where, number) if reported_server.is_lost(error) else False
        if committed is None:
            raise reported_server.unknown_end(where) from error
        if not committed:
            raise


def _make_tables(connection: "sa.Connection") -> None:
    import sqlalchemy as sa

    migrating.run(connection, versions.HEAD)
    connection.execute(sa.text(f"COMMENT ON TABLE alembic_version IS '{postgres.COMMENT}'"))


def _is_taken(connection: "sa.Connection") -> bool:
    import sqlalchemy as sa

    return connection.execute(sa.text("SELECT to_regclass('alembic_version') IS NOT NULL")).scalar_one() is True


def upgrade(where: Server) -> None:
    """Bring an older schema to this version's."""
    with said(where, write=True):
        _migrate(where)


def fill(source: Path | Server, where: Server) -> list[copying.CopiedRow]:
    """Copy a database into one on a server that holds nothing yet, and is made where it is not there.

    Tables and rows come in one transaction, and a database that was made for it goes again where that fails.

    Raises:
        RefusedError: it holds something.
        DatabaseError: it is another program's, or an older version's.
    """
    with said(where, write=True):
        found, made = _found(where)
        if found is None:
            raise reported_server.foreign(where)
        try:
            with _alone(where) as connection:
                if not _is_taken(connection):
                    _make_tables(connection)
                _check_empty(where, connection)
                return _fill(source, where, connection)
        except BaseException:
            if made == DATABASE:
                unmake(where)
            raise


def _check_empty(where: Server, connection: "sa.Connection") -> None:
    import sqlalchemy as sa

    versions.check_revision(
        where, str(connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one())
    )
    if connection.execute(sa.text("SELECT 1 FROM batch LIMIT 1")).first():
        raise RefusedError(
            _("{path} holds data already; it was left as it is").format(path=where),
            _("Copy into a new one: name a database that is not there yet."),
        )


def _fill(source: Path | Server, where: Server, connection: "sa.Connection") -> list[copying.CopiedRow]:
    """Copy all tables; what keeps them in order is made anew at the end: that is quicker than row by row."""
    raw = _raw(connection)
    made_anew = [statement for query in (_RULES, _INDEXES) for row in raw.execute(query) for statement in row]
    for taken in made_anew[::2]:
        raw.execute(taken)
    for table in _NOTED:
        raw.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    with copying.reading(source) as side:
        target = Database(raw, where)
        done = copying.between(side, target, copying.alike(side, target, source), where)
    try:
        for statement in reversed(made_anew[1::2]):
            raw.execute(statement)
    except postgres.driver().errors.ForeignKeyViolation as error:
        raise copying.broken_references(source, str(error.diag.table_name)) from error
    for table in _NOTED:
        raw.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    raw.execute("SELECT channelctl_see()")
    raw.execute("ANALYZE")
    return done


def _raw(connection: "sa.Connection") -> "psycopg.Connection[Any]":
    return connection.connection.dbapi_connection  # type: ignore[return-value]


def refill(source: Path, where: Server) -> None:
    """Put a copy's contents in the place of a database's own, in one transaction."""
    from channelctl import members

    with said(where, write=True), _alone(where) as connection:
        raw = _raw(connection)
        with copying.reading(source) as side:
            names = ", ".join(f'"{table.name}"' for table in side.tables())
        # The log may not be cut but by its owner, here where another takes its place.
        with members.kept(raw):
            raw.execute("ALTER TABLE audit_entry DISABLE TRIGGER USER")
            raw.execute(f"TRUNCATE {names}")
            raw.execute("ALTER TABLE audit_entry ENABLE TRIGGER USER")
            _fill(source, where, connection)


def scrub(where: Server) -> None:
    """Write the tables anew without what was deleted from them."""
    with said(where, write=True), postgres.connect(where, write=True) as connection:
        connection.autocommit = True
        connection.execute("VACUUM (FULL)")


@contextmanager
def said(where: Server, write: bool = False) -> Iterator[None]:
    """What the server reports as errors that say what to do."""
    from sqlalchemy.exc import DBAPIError

    try:
        yield
    except (DBAPIError, postgres.driver().Error) as error:
        said = reported_server.said(error, where, write)
        if said is None:
            raise
        raise said from error
