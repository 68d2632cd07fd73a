"""Moving house: a database copied whole into a new place, a file or a server."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from channelctl import copying, db, making_file, making_server, settings
from channelctl.errors import RefusedError, UsageError
from channelctl.i18n import _
from channelctl.places import Place, Server, place_of


def places(source: str, target: str) -> tuple[Place, Place]:
    """What the two words name.

    Raises:
        UsageError: one names nothing, or both name the same.
        DatabaseError: one is a URL of an engine that is not known.
    """
    for word in (source, target):
        if not word.strip():
            raise UsageError(
                _("an empty word names no database"),
                _("Give a path or a URL: channelctl db copy channel.db postgresql://user@host/name"),
            )
    found = place_of(source), place_of(target)
    if _known(found[0]) == _known(found[1]):
        raise UsageError(
            _("{path} cannot be copied into itself").format(path=found[0]), _("Name another place to copy it to.")
        )
    return found


def _known(where: Place) -> str:
    return str(where) if isinstance(where, Server) else str(where.absolute())


def copy(source: Place, target: Place) -> list[copying.CopiedRow]:
    """Copy all of a database into a new one; it is there whole, compared table by table, or not at all.

    Raises:
        RefusedError: the target is there already, or cannot be made.
        DatabaseError: one of them cannot be used as it is.
    """
    with _as_database(source):
        db.check_version()
    return making_server.fill(source, target) if isinstance(target, Server) else _into_file(source, target)


def _into_file(source: Place, target: Path) -> list[copying.CopiedRow]:
    with making_file.unfinished(target, target.parent) as draft:
        if draft is not None:
            done = copying.into_file(source, draft, target)
            if making_file.publish(draft, target):
                _warn_of_share(target)
                return done
    raise RefusedError(
        _("{path} is there already; it was left as it is").format(path=target),
        _("Copy into a new one: name a file that is not there yet."),
    )


def _warn_of_share(target: Path) -> None:
    with _as_database(target):
        db.warn_of_share()


@contextmanager
def _as_database(where: Place) -> Iterator[None]:
    """Speak of another place as the database."""
    named = settings.current.database
    settings.current.database = where.url if isinstance(where, Server) else str(where)
    try:
        yield
    finally:
        settings.current.database = named
