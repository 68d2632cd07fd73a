"""Making, upgrading and copying the database: it is whole under its name, or not there at all."""

import datetime as dt
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from channelctl import copying, db, drafts, making_file, making_server, places, reported, settings, sqlite, versions
from channelctl.errors import RefusedError
from channelctl.i18n import _, reason
from channelctl.places import Server

T = TypeVar("T")


def create() -> bool:
    """Make the database if there is none; True if it was made. It appears whole under its name, or not at all."""
    target = db.place()
    if isinstance(target, Server):
        return making_server.create(target) is not None
    return making_file.create(target)


def with_database(
    work: Callable[[], T], wrote: Callable[[T], bool], dry_run: bool = False
) -> tuple[T, db.Place | None]:
    """Do work that may be the first to write; returns its result, and where the database is if that made one.

    A new database takes its name only if something was written to it: refused sheets and dry runs leave none.
    """
    target = db.place()
    if isinstance(target, Server):
        if not dry_run or making_server.is_there(target):
            return _on_server(target, work, wrote)
        # What would happen is tried on a file that passes.
        with tempfile.TemporaryDirectory() as folder:
            return _in_file(Path(folder) / "channel.db", work, wrote, dry_run)
    return _in_file(target, work, wrote, dry_run)


def _on_server(target: Server, work: Callable[[], T], wrote: Callable[[T], bool]) -> tuple[T, Server | None]:
    made, written = making_server.create(target), False
    if made is None:
        return work(), None
    try:
        result = work()
        written = wrote(result)
    finally:
        if not written and made == making_server.DATABASE:
            making_server.unmake(target)
    return result, target if written else None


def _in_file(target: Path, work: Callable[[], T], wrote: Callable[[T], bool], dry_run: bool) -> tuple[T, Path | None]:
    named = settings.current.database
    with making_file.unfinished(target, Path(tempfile.gettempdir()) if dry_run else target.parent) as draft:
        if draft is None:
            return work(), None
        settings.current.database, settings.current.draft_of = str(draft), None if dry_run else target
        try:
            result = work()
        finally:
            settings.current.database, settings.current.draft_of = named, None
        if dry_run or not wrote(result):
            return result, None
        if making_file.publish(draft, target):
            return result, target
    return work(), None


def upgrade() -> Path | None:
    """Bring an older database to this version's schema; returns the backup made first, None if nothing was to do."""
    found = db.revision()
    if found == versions.HEAD:
        return None
    where = db.place()
    if not found or found > versions.HEAD:
        db.check_version()
    elif not versions.is_known(found):
        raise reported.damaged(where, _("schema {found}").format(found=found))
    kept = backup(beside(where, f"before-{versions.HEAD}"), found)
    if isinstance(where, Server):
        making_server.upgrade(where)
    else:
        making_file.migrate(where, where, versions.HEAD)
        db.warn_of_share()
    return kept


def beside(where: db.Place, what: str) -> Path:
    """The name of a copy: beside a file, in the folder for a user's data where the database is on a server."""
    if not isinstance(where, Server):
        return where.with_name(f"{where.name}.{what}")
    folder = places.data_folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder / f"{drafts.plain(where.name)}.{what}"


def default_backup(day: dt.date) -> Path:
    """The name of a backup that was given none."""
    where = db.place()
    if isinstance(where, Server):
        return beside(where, f"{day}.backup")
    return where.with_name(f"{where.stem}-{day}.backup")


def backup(target: Path, revision: str | None = None) -> Path:
    """A checked copy of the database under `target` or, where that is taken, under the next free name; mode 0600."""
    draft, where = None, db.place()
    try:
        draft = drafts.new(target.parent)
        if isinstance(where, Server):
            making_file.migrate(draft, target, revision or versions.HEAD)
            copying.into_file(where, draft, target)
        else:
            making_file.copy(where, draft)
        return drafts.named(draft, target)
    except OSError as error:
        raise RefusedError(
            _("cannot write the backup {path}: {reason}").format(path=target, reason=reason(error))
        ) from error
    finally:
        if draft is not None:
            drafts.forget(draft)


def scrub() -> None:
    """Write the database anew without what was deleted from it."""
    where = db.place()
    if isinstance(where, Server):
        making_server.scrub(where)
    else:
        making_file.scrub(where)


def copies() -> list[Path]:
    """The copies of the database that lie beside it: from backups, upgrades and restores."""
    where = db.place()
    if isinstance(where, Server):
        where = beside(where, "db")
    found = [*where.parent.glob("*.backup*"), *where.parent.glob("*.before-*")]
    return sorted(file for file in found if file != where and sqlite.is_ours(file))


def restore(source: Path) -> Path | None:
    """Put a backup in the database's place, whole; returns the copy kept of what was there, None if nothing was.

    Raises:
        DatabaseError: the backup is missing, damaged or of a newer version, one of the two files is not ours, or the
            database on a server is of another version. Nothing was changed then.
    """
    target = db.place()
    if not isinstance(target, Server) and sqlite.is_there(target) and not sqlite.is_ours(target):
        raise reported.foreign(target)
    with _as_database(source):
        if db.revision() > versions.HEAD:
            db.check_version()
    return _restore_there(source, target) if isinstance(target, Server) else making_file.restore(source, target, backup)


def _restore_there(source: Path, target: Server) -> Path | None:
    """Fill a database on a server with a backup, which is brought up to date in a copy where it is older."""
    with tempfile.TemporaryDirectory() as folder:
        draft = drafts.new(Path(folder))
        making_file.copy(source, draft)
        making_file.migrate(draft, source, versions.HEAD)
        if not making_server.is_there(target):
            making_server.fill(draft, target)
            return None
        db.check_version()
        kept = backup(beside(target, "before-restore"))
        making_server.refill(draft, target)
        return kept


@contextmanager
def _as_database(where: Path) -> Iterator[None]:
    """Speak of another file as the database."""
    named = settings.current.database
    settings.current.database = str(where)
    try:
        yield
    finally:
        settings.current.database = named
