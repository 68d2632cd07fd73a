"""Where the database is, and the only way to it."""

import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING

from channelctl import keeping, reported, settings, shares, sqlite
from channelctl.errors import DatabaseError, UsageError
from channelctl.i18n import _
from channelctl.sqlite import bulk_insert, make_indexes, run, set_apart, take_indexes

if TYPE_CHECKING:
    from sqlmodel import Session

__all__ = [
    "HEAD",
    "bulk_insert",
    "check_version",
    "data_folder",
    "exists",
    "kept",
    "make_indexes",
    "path",
    "rest",
    "revision",
    "run",
    "session",
    "set_apart",
    "take_indexes",
    "warn_of_share",
]

HEAD = "0006"


def path() -> Path:
    """The SQLite file in use: --db, CHANNELCTL_DB, else channel.db in the user's data folder."""
    chosen = settings.current.database or os.environ.get("CHANNELCTL_DB", "").strip()
    if not chosen:
        return data_folder() / "channel.db"
    if chosen.startswith("sqlite:///"):
        return Path(chosen.removeprefix("sqlite:///"))
    if "://" in chosen:
        scheme = chosen.partition("://")[0]
        raise DatabaseError(
            _("{scheme} is not an engine this version knows").format(scheme=scheme),
            _("Give the path of a SQLite file: --db channel.db"),
        )
    return Path(chosen)


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
    """Whether there is a file where the database should be."""
    return sqlite.is_there(path())


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
    if keeper is not None and not write and keeper.reads == (path(), settings.current.asked):
        yield keeper.session()
        return
    with _opened(write, check=keeper is None) as opened:
        yield opened


@contextmanager
def _opened(write: bool = False, check: bool = True, kept: bool = False) -> Iterator["Session"]:
    """A session of its own; one that is kept goes on with its connection after a commit.

    `check` is not for while another is open: looking into the file lets go of the locks this process has on it.
    """
    from sqlalchemy.exc import DatabaseError as EngineError
    from sqlmodel import Session

    if check:
        check_version()
    where = path()
    marked = reported.mark(where)
    engine = sqlite.engine(where, write)
    if write:
        warn_of_share()
    try:
        with (
            ExitStack() as held,
            Session(held.enter_context(engine.connect()) if kept else engine, expire_on_commit=False) as opened,
        ):
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


class _Keeper:
    """The one session for all that is read meanwhile of a database as it is, or as it was known."""

    def __init__(self) -> None:
        self.reads = path(), settings.current.asked
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
        return reported.mark(path()), sqlite.state(opened)


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

    settings.current.known = known.look_back(sqlite.connection_of(opened), settings.current.asked)
    opened.info["known"] = settings.current.known


def warn_of_share() -> None:
    """Have it said once, when the command is over, that the database is on another machine."""
    warning = shares.warning(path())
    if warning is not None and warning not in settings.current.remarks:
        settings.current.remarks.append(warning)


def revision() -> str:
    """The schema revision the database is at, by plain SQL.

    Not to be called while a session is open: closing the file would let go of the locks this process has on it.

    Raises:
        DatabaseError: missing, not a channelctl database, or it cannot be read.
    """
    where = path()
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
    found = revision()
    if found == HEAD:
        return
    if found > HEAD:
        raise DatabaseError(
            _("{path} was made by a newer channelctl (schema {found}, this one knows {known})").format(
                path=path(), found=found, known=HEAD
            ),
            _("Install the newer channelctl, or name another database: --db PATH"),
        )
    raise DatabaseError(
        _("{path} is of an older channelctl (schema {found}, now {known})").format(
            path=path(), found=found, known=HEAD
        ),
        _("channelctl db upgrade brings it up to date; a backup is made first."),
    )
