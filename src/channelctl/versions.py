"""Which version of the tables a database has."""

import sqlite3
from pathlib import Path

from channelctl import postgres, reported, reported_server, sqlite
from channelctl.errors import DatabaseError
from channelctl.i18n import _
from channelctl.places import Place, Server, place

HEAD = "0012"


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
    check_revision(place(), revision())


def check_revision(where: Place, found: str | None) -> None:
    """Refuse a revision that this version cannot use."""
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


def is_known(found: str) -> bool:
    """Whether this version, or one before it, made tables of this revision."""
    return found in {f"{number:04}" for number in range(1, int(HEAD) + 1)}


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
