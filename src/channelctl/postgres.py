"""PostgreSQL: how it is opened, how much is stored at once, and how what writes is let in one by one."""

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from channelctl import ordering, settings, threads
from channelctl.errors import DatabaseError
from channelctl.i18n import _
from channelctl.places import Server
from channelctl.threads import under_way

if TYPE_CHECKING:
    import psycopg
    import sqlalchemy as sa
    from sqlmodel import Session

# What a new database is made from: nothing of anybody's, its text by code point.
MODEL = "TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
COMMENT = "channelctl"
GATE = 1667785580
HOME, OWN = "public", "pg_temp"
# Longer than a file is waited for: those who write are let in in the order they came, also after sheets of minutes.
_WAIT_SECONDS = 300.0
_CONNECT_SECONDS = 30
_TABLE_SECONDS = 5.0
BY_MONTH = {"sale_line": "date"}
_MONTHS = "months that there are"
_STORED = "lines stored at once"
_TRANSACTION = "transaction's number"
_MANY = 1_000
_STARTING = 5
_SLEEP = 0.4
_NAME_MOST = 63


def driver() -> Any:
    """psycopg.

    Raises:
        DatabaseError: it is not installed.
    """
    try:
        import psycopg
    except ImportError as error:
        raise DatabaseError(
            _("PostgreSQL needs a driver that is not installed here"),
            _('Install it: pip install "channelctl[postgres]"'),
        ) from error
    return psycopg


def connect(where: Server, write: bool) -> "psycopg.Connection[Any]":
    """A connection; a server that is starting, or that refuses for a moment, is asked again: nothing was sent yet.

    Raises:
        psycopg.Error: it cannot be had.
    """
    psycopg = driver()
    for attempt in range(_STARTING):
        try:
            found = _open(psycopg, where)
            break
        except psycopg.OperationalError as error:
            if attempt == _STARTING - 1 or not _may_come(error):
                raise
            time.sleep(_SLEEP)
    level = psycopg.IsolationLevel
    found.isolation_level = level.READ_COMMITTED if write else level.REPEATABLE_READ
    # A statement that is prepared is planned for any values: of hundreds of keys each would be looked for in every row.
    found.prepare_threshold = None
    found.adapters.register_loader("numeric", _whole())
    return found  # type: ignore[no-any-return]


def _open(psycopg: Any, where: Server) -> Any:
    more = {"application_name": _application(), "connect_timeout": str(max(2, int(min(wait(), _CONNECT_SECONDS))))}
    asked = where.asked
    more = {name: value for name, value in more.items() if name not in asked}
    try:
        return psycopg.connect(where.url, **more)
    except psycopg.OperationalError as error:
        password = _from_keyring(where) if "no password supplied" in str(error) else None
        if password is None:
            raise
        return psycopg.connect(where.url, password=password, **more)
    except psycopg.ProgrammingError as error:
        raise DatabaseError(
            _("{path} cannot be read: {reason}").format(path=where, reason=str(error).strip()),
            _("A URL looks like this: {url}").format(url="postgresql://USER@HOST:5432/NAME?sslmode=verify-full"),
        ) from None


def _from_keyring(where: Server) -> str | None:
    """The password that the system's keyring keeps for channelctl under this URL, where there is a keyring."""
    try:
        import keyring

        kept: str | None = keyring.get_password("channelctl", str(where))
    except Exception:
        return None
    return kept


def _may_come(error: BaseException) -> bool:
    """Whether a server that did not take a connection may do so soon."""
    state, text = getattr(error, "sqlstate", None), str(error)
    return state in ("57P03", "53300") or "starting up" in text or "too many clients" in text


def _application() -> str:
    """What the server's list of connections shows: the command's own words, no option's value."""
    words = [word for word in settings.current.command if word.isalpha()]
    return " ".join(["channelctl", *words])[:_NAME_MOST]


def wait() -> float:
    """For how many seconds somebody else's writing is waited for."""
    return _WAIT_SECONDS if settings.current.wait is None else settings.current.wait


def _whole() -> Any:
    """Sums of whole numbers come as such."""
    from psycopg.types.numeric import NumericLoader

    class Whole(NumericLoader):
        def load(self, data: Any) -> Any:
            found = super().load(data)
            return int(found) if found.is_finite() and found == found.to_integral_value() else found

    return Whole


def engine(where: Server, write: bool, first: "list[psycopg.Connection[Any]] | None" = None) -> "sa.Engine":
    """An engine whose writing transactions are let in one by one; bound values stand in none of its errors.

    Connections in `first` are taken before new ones are made.
    """
    import sqlalchemy as sa

    made = sa.create_engine(
        "postgresql+psycopg://",
        creator=lambda: first.pop() if first else connect(where, write),
        poolclass=sa.pool.NullPool,
        hide_parameters=True,
        use_native_hstore=False,
    )
    ordering.apply(made)
    sa.event.listen(made, "begin", _enter if write else _read)
    if write:
        threads.attend(made, driver().Error)
    return made


def _enter(connection: "sa.Connection") -> None:
    """Wait for the gate; the transaction's number tells afterwards whether it was committed."""
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = {max(1, round(wait() * 1000))}")
    connection.info[_TRANSACTION] = connection.exec_driver_sql("SELECT channelctl_gate()").scalar_one()
    # To compile a question to many months takes longer than to answer it, where one writes.
    connection.exec_driver_sql(f"{_bound()}; SET LOCAL jit = off")


def _read(connection: "sa.Connection") -> None:
    connection.exec_driver_sql(_bound())


def _bound() -> str:
    """For how long a table is waited for that somebody keeps to himself: VACUUM FULL, an administrator's LOCK TABLE.

    What the server itself looks after tables with gives way within a second or two, however short the wait is.
    """
    return f"SET LOCAL lock_timeout = {round(max(wait(), _TABLE_SECONDS) * 1000)}"


def revision(raw: "psycopg.Connection[Any]") -> str | None:
    """The schema revision of a database, "" where nothing of anybody's is in it; None where it is another program's."""
    ours = "SELECT obj_description(to_regclass('alembic_version'), 'pg_class')"
    if raw.execute(ours).fetchone() == (COMMENT,):
        row = raw.execute("SELECT version_num FROM alembic_version").fetchone()
        found = None if row is None else str(row[0])
    else:
        taken = (
            "SELECT 1 FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v')"
        )
        found = None if raw.execute(f"{taken} LIMIT 1").fetchone() else ""
    raw.rollback()
    return found


def transaction(opened: "Session") -> int | None:
    """The number by which the server tells what became of a writing session's transaction."""
    found: int | None = opened.connection().info.get(_TRANSACTION)
    return found


def was_committed(where: Server, transaction: int) -> bool | None:
    """What became of a transaction whose end nobody told; None where the server cannot be asked."""
    psycopg, known = driver(), {"committed": True, "aborted": False}
    with suppress(psycopg.Error), connect(where, write=False) as connection:
        connection.autocommit = True
        for _attempt in range(_STARTING):
            said = connection.execute("SELECT pg_xact_status(%s::text::xid8)", (str(transaction),)).fetchone()
            if said and said[0] in known:
                return known[said[0]]
            # It is still at it, or has not yet seen that nobody is there any more.
            time.sleep(_SLEEP)
    return None


def connection_of(opened: "Session") -> "psycopg.Connection[Any]":
    """The driver's own connection under a session, once nothing is under way on it."""
    under_way(opened.connection()).wait()
    found: psycopg.Connection[Any] = opened.connection().connection.dbapi_connection  # type: ignore[assignment]
    return found


def bulk_insert(opened: "Session", table: "sa.Table", names: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> int:
    """Copy stored values in by column name; returns how many.

    Many are copied by a thread: what goes wrong is raised by the session's next statement, or its end.
    """
    raw, lines = connection_of(opened), list(rows)
    if not lines:
        return 0
    day = BY_MONTH.get(table.name)
    if day is not None:
        place = list(names).index(day)
        _have_months(opened, {line[place][:7] for line in lines})
    stored: Counter[str] = opened.info.setdefault(_STORED, Counter())
    stored[table.name] += len(lines)
    columns = ", ".join(f'"{table.columns[name].name}"' for name in names)
    if len(lines) >= _MANY and threads.allowed():
        under_way(opened.connection()).start(lambda: _store(raw, table.name, columns, lines))
    else:
        _store(raw, table.name, columns, lines)
    return len(lines)


def look_over(opened: "Session") -> None:
    """Have the server count what is in tables that much was stored in: until then it plans as if there were little."""
    stored: Counter[str] = opened.info.get(_STORED, Counter())
    for name in [name for name, count in stored.items() if count >= _MANY]:
        opened.connection().exec_driver_sql(f'ANALYZE "{name}"')
        del stored[name]


def _store(raw: "psycopg.Connection[Any]", name: str, columns: str, lines: Sequence[tuple[Any, ...]]) -> None:
    """Copy lines in; those whom row-level security holds copy into a table of their own first."""
    with raw.cursor() as cursor:
        held = cursor.execute("SELECT row_security_active(%s)", (name,)).fetchone()
        if held == (False,):
            copy(cursor, name, columns, lines)
            return
        kept = f"load_{name}"
        like = f'SELECT {columns} FROM "{name}" LIMIT 0'  # noqa: S608  our own names
        cursor.execute(f'CREATE TEMP TABLE "{kept}" ON COMMIT DROP AS {like}')
        copy(cursor, kept, columns, lines)
        taken = f'SELECT {columns} FROM {OWN}."{kept}"'  # noqa: S608  our own names
        cursor.execute(f'INSERT INTO "{name}" ({columns}) {taken}')
        cursor.execute(f'DROP TABLE {OWN}."{kept}"')


def copy(cursor: Any, name: str, columns: str, lines: Iterable[tuple[Any, ...]]) -> None:
    """Copy rows of stored values into a table."""
    with cursor.copy(f'COPY "{name}" ({columns}) FROM STDIN') as copy:
        for line in lines:
            copy.write_row(line)


def _have_months(opened: "Session", months: set[str]) -> None:
    """See to it that there is a part of the table for each of these months."""
    known: set[str] = opened.info.setdefault(_MONTHS, set())
    if months - known:
        connection_of(opened).execute("SELECT channelctl_months(%s)", (sorted(months - known),))
        known |= months


def last_id(opened: "Session", table: "sa.Table", kind: str) -> int:
    """The last number that a record of a kind has or had, also where this login may not see the record."""
    row = connection_of(opened).execute("SELECT channelctl_last_id(%s, %s)", (table.name, kind)).fetchone()
    assert row is not None  # noqa: S101
    return int(row[0])


def last_entry(opened: "Session") -> tuple[int, str] | None:
    """Number and seal of the log's last entry, also where this login may not see it."""
    return connection_of(opened).execute("SELECT id, seal FROM channelctl_last_entry()").fetchone()


def state(opened: "Session") -> str:
    """What changes whenever somebody has written."""
    row = connection_of(opened).execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text").fetchone()
    assert row is not None  # noqa: S101
    return str(row[0])
