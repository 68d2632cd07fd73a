"""Where the database is, and the only way to it."""

import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from channelctl import reported, settings, shares, sqlite
from channelctl.errors import DatabaseError, UsageError
from channelctl.i18n import _
from channelctl.sqlite import bulk_insert, make_indexes, run, take_indexes

if TYPE_CHECKING:
    from sqlmodel import Session

__all__ = [
    "HEAD",
    "bulk_insert",
    "check_version",
    "data_folder",
    "exists",
    "make_indexes",
    "path",
    "revision",
    "run",
    "session",
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
    from sqlalchemy.exc import DatabaseError as EngineError
    from sqlmodel import Session

    if write and settings.current.read_only:
        raise UsageError(
            _("nothing can be written under another policy, or from what was known earlier"),
            _("Run the command itself, without --known."),
        )
    check_version()
    where = path()
    marked = reported.mark(where)
    engine = sqlite.engine(where, write)
    if write:
        warn_of_share()
    try:
        with Session(engine, expire_on_commit=False) as opened:
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
