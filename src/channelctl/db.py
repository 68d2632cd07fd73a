"""Where the database is, a file or a server, and the only way to it."""

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from channelctl import held, keeping, postgres, reported, reported_server, settings, sqlite
from channelctl.dialects import (
    bulk_insert,
    look_over,
    make_indexes,
    on_server,
    overwrite_deleted,
    parts,
    schemas,
    set_apart,
    take_indexes,
)
from channelctl.errors import ChannelctlError, UsageError
from channelctl.i18n import _
from channelctl.places import Place, Server, data_folder, path, place, place_of, share_warning, warn_of_share
from channelctl.versions import HEAD, check_revision, check_version, exists, revision

if TYPE_CHECKING:
    import sqlalchemy as sa
    from sqlmodel import Session

__all__ = [
    "HEAD",
    "Place",
    "bulk_insert",
    "check_version",
    "data_folder",
    "exists",
    "kept",
    "look_over",
    "make_indexes",
    "on_server",
    "overwrite_deleted",
    "parts",
    "path",
    "place",
    "place_of",
    "rest",
    "revision",
    "schemas",
    "session",
    "set_apart",
    "share_warning",
    "take_indexes",
    "warn_of_share",
]


@contextmanager
def session(write: bool = False) -> Iterator["Session"]:
    """A session on the database, checked to be ours and of this version; with `write` one immediate transaction.

    Leaving it commits, an exception (Ctrl-C too) rolls all of it back. Under --known it sees what was known by then,
    under --engine exported facts.

    Raises:
        UsageError: it is to write where only reading was asked for; nothing was known by then.
        DatabaseError: missing, foreign, damaged or of another version; moved, deleted or replaced meanwhile.
        BusyError: somebody else wrote for longer than the wait.
    """
    if settings.current.engine:
        from channelctl import engines

        with engines.session(settings.current.engine, settings.current.facts, HEAD, write) as opened:
            yield opened
        return
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
    engine, settings.current.login, settings.current.owner = sqlite.engine(where, write), "", ""
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
        check_revision(where, postgres.revision(first[0]))
        held.enter(first[0])
        engine = postgres.engine(where, write, first)
        with _session(engine, kept) as opened:
            if settings.current.asked:
                _look_back(opened)
            yield opened
            if write and opened.in_transaction():
                look_over(opened)
                transaction = postgres.transaction(opened)
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
