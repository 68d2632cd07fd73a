"""What the system and SQLite report of a database file, as errors that say what to do."""

import sqlite3
from contextlib import suppress
from pathlib import Path

from channelctl import settings
from channelctl.errors import BusyError, ChannelctlError, DatabaseError, RefusedError
from channelctl.holder import holder
from channelctl.i18n import _, reason
from channelctl.places import Place


def said(error: BaseException, where: Path, write: bool = False) -> ChannelctlError | None:
    """What SQLite reported, as an error that says what to do; None for what only a mistake of ours brings about."""
    error = getattr(error, "orig", None) or error
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL):
        return _busy(where)
    if code == sqlite3.SQLITE_READONLY or (write and code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM)):
        return RefusedError(
            _("{path} or its folder may not be written to; nothing was changed").format(path=where),
            _("Ask for the right to write there, or work on a copy: --db PATH"),
        )
    if code == sqlite3.SQLITE_FULL or (write and code == sqlite3.SQLITE_IOERR):
        return RefusedError(
            _("{path} cannot be written, the disk or your share of it is full; nothing was changed").format(path=where),
            _("Make room and run it again."),
        )
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_IOERR):
        return damaged(where, str(error))
    if code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return cannot_open(where, OSError(str(error)))
    if _is_of_the_file(error):
        return damaged(where, str(error))
    return None


def _busy(where: Path) -> BusyError:
    """Somebody has held it for longer than the wait."""
    who, writes = holder(where)
    text = _("{path} is being written by {who}") if writes else _("{path} is being read by {who}")
    return BusyError(text.format(path=where, who=who), _("Try again, or wait longer: --wait SECONDS"))


def _is_of_the_file(error: BaseException) -> bool:
    """Whether a table is missing that the file's version has, or is there before its time, or a text in it is none."""
    words = ("no such ", "Could not decode", "duplicate column")
    return isinstance(error, sqlite3.OperationalError) and (
        str(error).startswith(words) or str(error).endswith(" already exists")
    )


def damaged(where: Place, reason: str) -> DatabaseError:
    """What is read there cannot be right."""
    return DatabaseError(
        _("{path} is damaged ({reason}); it was left as it is").format(path=where, reason=reason),
        _("Restore a backup, or name another: --db PATH"),
    )


def foreign(where: Path) -> DatabaseError:
    """Another program's file, or no database at all."""
    return DatabaseError(
        _("{path} is not a channelctl database; it was left as it is").format(path=where),
        _("Name another one: --db PATH"),
    )


def cannot_open(where: Path, error: Exception) -> DatabaseError:
    """The system does not let us at the file."""
    return DatabaseError(
        _("{path} cannot be opened: {reason}").format(path=where, reason=reason(error)),
        _("Check the path and your rights to it."),
    )


def mark(where: Path) -> tuple[int, int]:
    """What tells the file under a name from another one that takes its place.

    Raises:
        DatabaseError: it is no longer there, or cannot be seen.
    """
    try:
        found = where.stat()
    except OSError as error:
        raise cannot_open(where, error) from error
    return found.st_dev, found.st_ino


def check_mark(where: Path, marked: tuple[int, int]) -> None:
    """Refuse to have written to a file that is no longer the one under its name.

    SQLite looks at that only before its first write; a file deleted afterwards would take all that it says is stored
    with it.
    """
    with suppress(DatabaseError):
        if mark(where) == marked:
            return
    raise DatabaseError(
        _("{path} was deleted, moved or replaced while it was written to; what was being written is not in it").format(
            path=settings.current.draft_of or where
        ),
        _("Put it back or restore a backup, then run it again."),
    )
