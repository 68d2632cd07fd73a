"""Where the database is, a file or a server, and the only way to it."""

import os
import sqlite3
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from channelctl import keeping, postgres, reported, reported_server, settings, shares, sqlite
from channelctl.errors import ChannelctlError, DatabaseError, UsageError
from channelctl.i18n import _
from channelctl.postgres import Server

if TYPE_CHECKING:
    import sqlalchemy as sa
    from sqlmodel import Session

HEAD = "0007"
Place = Path | Server


def place() -> Place:
    """The database in use: --db, CHANNELCTL_DB, else the file channel.db in the user's data folder."""
    chosen = settings.current.database or os.environ.get("CHANNELCTL_DB", "").strip()
    if not chosen:
        return data_folder() / "channel.db"
    return place_of(chosen)


def place_of(chosen: str) -> Place:
    """What a path or a URL names.

    Raises:
        DatabaseError: it is a URL of another kind.
    """
    if chosen.startswith("sqlite:///"):
        return Path(chosen.removeprefix("sqlite:///"))
    named = postgres.server(chosen)
    if named is not None:
        return named
    if "://" in chosen:
        scheme = chosen.partition("://")[0]
        raise DatabaseError(
            _("{scheme} is not an engine this version knows").format(scheme=scheme),
            _("Give the path of a SQLite file, or a URL: --db channel.db or --db postgresql://user@host/name"),
        )
    return Path(chosen)


def path() -> Path:
    """The database in use where it is a file.

    Raises:
        UsageError: it is on a server.
    """
    found = place()
    if isinstance(found, Server):
        raise UsageError(
            _("{path} is no file").format(path=found), _("This works on a database in a file only: --db PATH")
        )
    return found


def data_folder() -> Path:
    """The folder where the system keeps a user's data."""
    if os.name == "nt":
        base = os.environ.get("LOCALAPPDATA", "")
    elif sys.platform == "darwin":
        base = _home("Library/Application Support")
    else:
        base = os.environ.get("XDG_DATA_HOME", "") or _home(".local/share")
    if not base:
        raise DatabaseError(
            _("this system names no folder for your data"), _("Say where the database is: --db PATH or CHANNELCTL_DB.")
        )
    return Path(base) / "channelctl"


def _home(below: str) -> str:
    """A folder below the user's own, "" where the system names none."""
    try:
        return str(Path.home() / below)
    except RuntimeError:
        return ""


def exists() -> bool:
    """Whether there is a database where it should be.

    Raises:
        DatabaseError: nobody can tell.
    """
    where = place()
    if isinstance(where, Path):
        return sqlite.is_there(where)
    try:
        return _revision_there(where) != ""
    except DatabaseError as error:
        if str(error) == str(reported_server.missing(where)):
            return False
        raise


@contextmanager
def session(write: bool = False) -> Iterator["Session"]:
    """A session on the database, checked to be ours and of this version; with `write` one immediate transaction.

    Leaving it commits, an exception (Ctrl-C too) rolls all of it back. Under --known it sees what was known by then.

    Raises:
        UsageError: it is to write where only reading was asked for; nothing was known by then.
        DatabaseError: missing, foreign, damaged or of another version; moved, deleted or replaced meanwhile.
        BusyError: somebody else wrote for longer than the wait.
    """
    if write and settings.current.read_only:
        raise UsageError(
            _("nothing can be written in a pack of reports, under another policy, or from what was known earlier"),
            _("Run the command by itself, without --known."),
        )
    keeper = _keeper.get()
    if keeper is not None and not write and keeper.reads == (place(), settings.current.asked):
        yield keeper.session()
        return
    with _opened(write, check=keeper is None) as opened:
        yield opened


def _opened(write: bool = False, check: bool = True, kept: bool = False) -> AbstractContextManager["Session"]:
    """A session of its own; one that is kept goes on with its connection after a commit.

    `check` is not for while another is open: looking into the file lets go of the locks this process has on it.
    """
    where = place()
    return _of_server(where, write, kept) if isinstance(where, Server) else _of_file(where, write, check, kept)


@contextmanager
def _of_file(where: Path, write: bool, check: bool, kept: bool) -> Iterator["Session"]:
    from sqlalchemy.exc import DatabaseError as EngineError

    if check:
        check_version()
    marked = reported.mark(where)
    engine = sqlite.engine(where, write)
    if write:
        warn_of_share()
    try:
        with _session(engine, kept) as opened:
            if kept:
                sqlite.in_files(opened)
            if settings.current.asked:
                _look_back(opened)
            yield opened
            writes = write and opened.in_transaction()
            if writes:
                reported.check_mark(where, marked)
            opened.commit()
        if writes:
            reported.check_mark(where, marked)
    except (EngineError, sqlite3.Error) as error:
        if write:
            reported.check_mark(where, marked)
        said = reported.said(error, settings.current.draft_of or where, write)
        if said is None:
            raise
        raise said from error
    finally:
        engine.dispose()


@contextmanager
def _of_server(where: Server, write: bool, kept: bool) -> Iterator["Session"]:
    from sqlalchemy.exc import DatabaseError as EngineError

    driver = postgres.driver()
    first: list[Any] = []
    engine, transaction = None, None
    try:
        first.append(postgres.connect(where, write))
        _check_revision(where, postgres.revision(first[0]))
        engine = postgres.engine(where, write, first)
        with _session(engine, kept) as opened:
            if settings.current.asked:
                _look_back(opened)
            yield opened
            transaction = postgres.transaction(opened) if write and opened.in_transaction() else None
            opened.commit()
    except (EngineError, driver.Error) as error:
        said = _ended(error, where, write, transaction)
        if said is None:
            raise
        if said is not True:
            raise said from error
    finally:
        for connection in first:
            connection.close()
        if engine is not None:
            engine.dispose()


def _ended(
    error: Exception, where: Server, write: bool, transaction: int | None
) -> ChannelctlError | Literal[True] | None:
    """What an error of the server's means; True where all was committed and only the word of it got lost."""
    if transaction is not None and reported_server.is_lost(error):
        committed = postgres.was_committed(where, transaction)
        if committed is None:
            return reported_server.unknown_end(where)
        if committed:
            return True
    return reported_server.said(error, where, write)


@contextmanager
def _session(engine: "sa.Engine", kept: bool) -> Iterator["Session"]:
    from sqlmodel import Session

    with (
        ExitStack() as held,
        Session(held.enter_context(engine.connect()) if kept else engine, expire_on_commit=False) as opened,
    ):
        yield opened


class _Keeper:
    """The one session for all that is read meanwhile of a database as it is, or as it was known."""

    def __init__(self) -> None:
        self.reads = place(), settings.current.asked
        self.held = ExitStack()
        self._opened: Session | None = None
        self._seen: object = None

    def session(self) -> "Session":
        """The session; a new one if what it has found may be out of date."""
        if self._opened is not None and not self._opened.in_transaction() and self._state(self._opened) != self._seen:
            self._opened = None
            self.held.close()
        if self._opened is None:
            self._opened = opened = self.held.enter_context(_opened(kept=True))
            keeping.keep(opened)
            self._seen = self._state(opened)
        settings.current.known = self._opened.info.get("known", settings.current.known)
        return self._opened

    def rest(self) -> None:
        """Let others write before the next is read."""
        if self._opened is not None:
            self._opened.commit()

    @staticmethod
    def _state(opened: "Session") -> object:
        where = place()
        return postgres.state(opened) if isinstance(where, Server) else (reported.mark(where), sqlite.state(opened))


_keeper: ContextVar[_Keeper | None] = ContextVar("keeper", default=None)


@contextmanager
def kept() -> Iterator[None]:
    """Have all that is read until it is over read by one connection, which remembers what `keeping.once` marks.

    What is read between two calls of `rest` is of one state of the database.
    """
    keeper = _Keeper()
    before = _keeper.set(keeper)
    try:
        with keeper.held:
            yield
    finally:
        _keeper.reset(before)


def rest() -> None:
    """Let others write to a database that is kept."""
    keeper = _keeper.get()
    if keeper is not None:
        keeper.rest()


def _look_back(opened: "Session") -> None:
    """Let a session see only what was known by the day or batch that was asked for; its `info` tells which that is."""
    from channelctl import known

    settings.current.known = known.look_back(opened, settings.current.asked)
    opened.info["known"] = settings.current.known


def warn_of_share() -> None:
    """Have it said once, when the command is over, that the database is on another machine."""
    warning = share_warning()
    if warning is not None and warning not in settings.current.remarks:
        settings.current.remarks.append(warning)


def share_warning() -> str | None:
    """What to say of a database in a file on another machine."""
    where = place()
    return None if isinstance(where, Server) else shares.warning(where)


def revision() -> str:
    """The schema revision the database is at, by plain SQL; "" for a database on a server with nothing in it.

    Not to be called while a session is open on a file: closing that would let go of the locks this process has on it.

    Raises:
        DatabaseError: missing, not a channelctl database, or it cannot be read.
    """
    where = place()
    return _revision_there(where) if isinstance(where, Server) else _revision_of(where)


def _revision_there(where: Server) -> str:
    driver = postgres.driver()
    try:
        with postgres.connect(where, write=False) as connection:
            found = postgres.revision(connection)
    except driver.Error as error:
        said = reported_server.said(error, where)
        if said is None:
            raise
        raise said from error
    if found is None:
        raise reported_server.foreign(where)
    return found


def _revision_of(where: Path) -> str:
    if not sqlite.is_there(where):
        raise DatabaseError(
            _("there is no database at {path}").format(path=where),
            _("channelctl import FILE or channelctl init makes one; --db PATH names another."),
        )
    if not sqlite.is_ours(where):
        raise reported.foreign(where)
    try:
        connection = sqlite.connect(where, write=False)
        try:
            return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])
        finally:
            connection.close()
    except (sqlite3.Error, TypeError) as error:
        raise reported.said(error, where) or reported.damaged(where, str(error)) from error


def check_version() -> None:
    """Refuse a database that this version cannot use as it stands."""
    _check_revision(place(), revision())


def _check_revision(where: Place, found: str | None) -> None:
    if found == HEAD:
        return
    if isinstance(where, Server) and not found:
        raise reported_server.foreign(where) if found is None else reported_server.missing(where)
    if found is not None and found > HEAD:
        raise DatabaseError(
            _("{path} was made by a newer channelctl (schema {found}, this one knows {known})").format(
                path=where, found=found, known=HEAD
            ),
            _("Install the newer channelctl, or name another database: --db PATH"),
        )
    raise DatabaseError(
        _("{path} is of an older channelctl (schema {found}, now {known})").format(path=where, found=found, known=HEAD),
        _("channelctl db upgrade brings it up to date; a backup is made first."),
    )


def on_server(opened: "Session") -> bool:
    """Whether a session is on a server."""
    return opened.get_bind().dialect.name == "postgresql"


def bulk_insert(opened: "Session", table: "sa.Table", names: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> int:
    """Insert stored values (whole units, ISO days) by column name, as fast as the engine can; returns how many.

    Many rows are inserted into a file by a thread: what goes wrong is raised by the session's next statement, or its
    end.
    """
    return (postgres if on_server(opened) else sqlite).bulk_insert(opened, table, names, rows)


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
