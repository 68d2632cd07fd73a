"""Making, upgrading and copying the database: it is whole under its name, or not there at all."""

import datetime as dt
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TypeVar

from channelctl import copying, db, drafts, making_server, migrating, reported, settings, sqlite
from channelctl.errors import DatabaseError, RefusedError
from channelctl.i18n import _, reason
from channelctl.postgres import Server

T = TypeVar("T")


def create() -> bool:
    """Make the database if there is none; True if it was made. It appears whole under its name, or not at all."""
    target = db.place()
    if isinstance(target, Server):
        return making_server.create(target)
    with _unfinished(target, target.parent) as draft:
        made = draft is not None and _publish(draft, target)
    if made:
        db.warn_of_share()
    else:
        db.check_version()
    return made


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
        target = Path(tempfile.gettempdir()) / "channel.db"
    return _in_file(target, work, wrote, dry_run)


def _on_server(target: Server, work: Callable[[], T], wrote: Callable[[T], bool]) -> tuple[T, Server | None]:
    if not making_server.create(target):
        return work(), None
    written = False
    try:
        result = work()
        written = wrote(result)
    finally:
        if not written:
            making_server.unmake(target)
    return result, target if written else None


def _in_file(target: Path, work: Callable[[], T], wrote: Callable[[T], bool], dry_run: bool) -> tuple[T, Path | None]:
    named = settings.current.database
    with _unfinished(target, Path(tempfile.gettempdir()) if dry_run else target.parent) as draft:
        if draft is None:
            return work(), None
        settings.current.database, settings.current.draft_of = str(draft), None if dry_run else target
        try:
            result = work()
        finally:
            settings.current.database, settings.current.draft_of = named, None
        if dry_run or not wrote(result):
            return result, None
        if _publish(draft, target):
            return result, target
    return work(), None


def upgrade() -> Path | None:
    """Bring an older database to this version's schema; returns the backup made first, None if nothing was to do."""
    found = db.revision()
    if found == db.HEAD:
        return None
    if found > db.HEAD:
        db.check_version()
    where = db.place()
    kept = backup(beside(where, f"before-{db.HEAD}"), found)
    if isinstance(where, Server):
        making_server.upgrade(where)
    else:
        _migrate(where, where)
        db.warn_of_share()
    return kept


def beside(where: db.Place, what: str) -> Path:
    """The name of a copy: beside a file, in the folder for a user's data where the database is on a server."""
    if not isinstance(where, Server):
        return where.with_name(f"{where.name}.{what}")
    folder = db.data_folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder / f"{drafts.plain(where.name)}.{what}"


def default_backup(day: dt.date) -> Path:
    """The name of a backup that was given none."""
    where = db.place()
    if isinstance(where, Server):
        return beside(where, f"{day}.backup")
    return where.with_name(f"{where.stem}-{day}.backup")


def backup(target: Path, revision: str = db.HEAD) -> Path:
    """A checked copy of the database under `target` or, where that is taken, under the next free name; mode 0600."""
    draft, where = None, db.place()
    try:
        draft = drafts.new(target.parent)
        if isinstance(where, Server):
            _migrate(draft, target, revision)
            copying.into_file(where, draft, target)
        else:
            _copy(where, draft)
        return drafts.named(draft, target)
    except OSError as error:
        raise RefusedError(
            _("cannot write the backup {path}: {reason}").format(path=target, reason=reason(error))
        ) from error
    finally:
        if draft is not None:
            drafts.forget(draft)


@contextmanager
def _unfinished(target: Path, folder: Path) -> Iterator[Path | None]:
    """An empty database under a passing name in `folder`, gone afterwards; None where the target is there already."""
    if sqlite.is_there(target):
        yield None
        return
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = drafts.new(folder)
    except OSError as error:
        raise _cannot_create(target, error) from error
    try:
        _migrate(draft, target)
        yield draft
    finally:
        drafts.forget(draft)


def _cannot_create(target: Path, error: OSError) -> RefusedError:
    return RefusedError(
        _("cannot create the database {path}: {reason}").format(path=target, reason=reason(error)),
        _("Choose a folder you may write to: --db PATH"),
    )


def _publish(draft: Path, target: Path) -> bool:
    """Let a finished database appear; False where somebody was faster."""
    try:
        return drafts.into_place(draft, target)
    except OSError as error:
        raise _cannot_create(target, error) from error


def _copy(source: Path, draft: Path) -> None:
    opened: list[sqlite3.Connection] = []
    try:
        opened += [sqlite.connect(source, write=False), sqlite.connect(draft, write=True)]
        opened[0].backup(opened[1])
        whole = opened[1].execute("PRAGMA quick_check").fetchone()[0] == "ok"
    except sqlite3.Error as error:
        raise reported.said(error, source, write=True) or reported.damaged(source, str(error)) from error
    finally:
        for connection in opened:
            connection.close()
    if not whole:
        raise reported.damaged(source, "quick_check")


def _migrate(where: Path, named: Path, revision: str = db.HEAD) -> None:
    """Run the migrations not yet run in one immediate transaction, with foreign keys checked at its end.

    What goes wrong is said of `named`: a new database is made under a passing name.
    """
    import sqlalchemy as sa

    engine = sqlite.engine(where, write=True)
    try:
        with engine.connect() as connection:
            raw = connection.connection.dbapi_connection
            assert isinstance(raw, sqlite3.Connection)  # noqa: S101
            raw.execute("PRAGMA foreign_keys=OFF")
            connection.begin()
            raw.execute(f"PRAGMA application_id={sqlite.APPLICATION_ID}")
            migrating.run(connection, revision)
            broken = connection.execute(sa.text("PRAGMA foreign_key_check")).first()
            if broken is not None:
                raise DatabaseError(_("{path} holds broken references; it was left as it is").format(path=named))
            connection.commit()
    except (sa.exc.DatabaseError, sqlite3.Error) as error:
        said = reported.said(error, named, write=True)
        if said is None:
            raise
        raise said from error
    finally:
        engine.dispose()


def scrub() -> None:
    """Write the database anew without what was deleted from it; nothing of that stays in it or in its journal."""
    where = db.place()
    if isinstance(where, Server):
        making_server.scrub(where)
        return
    try:
        with closing(sqlite.connect(where, write=True)) as connection:
            connection.execute("PRAGMA secure_delete=ON")
            connection.execute("VACUUM")
    except sqlite3.Error as error:
        why = reported.said(error, where, write=True) or reported.damaged(where, str(error))
        raise type(why)(
            _("the values are blank now, but {path} could not be written anew without their traces: {reason}").format(
                path=where, reason=error
            ),
            _("Run it again once that is settled."),
        ) from error


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
        DatabaseError: the backup is missing, damaged or of a newer version, or one of the two files is not ours.
            Nothing was changed then.
    """
    target = db.place()
    if not isinstance(target, Server) and sqlite.is_there(target) and not sqlite.is_ours(target):
        raise reported.foreign(target)
    with _as_database(source):
        if db.revision() > db.HEAD:
            db.check_version()
    return _restore_there(source, target) if isinstance(target, Server) else _restore_here(source, target)


def _restore_there(source: Path, target: Server) -> Path | None:
    """Fill a database on a server with a backup, which is brought up to date in a copy where it is older."""
    with tempfile.TemporaryDirectory() as folder:
        draft = drafts.new(Path(folder))
        _copy(source, draft)
        _migrate(draft, source)
        if making_server.create(target):
            making_server.fill(draft, target)
            return None
        kept = backup(beside(target, "before-restore"))
        making_server.refill(draft, target)
        return kept


def _restore_here(source: Path, target: Path) -> Path | None:
    draft = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = drafts.new(target.parent)
        _copy(source, draft)
        db.warn_of_share()
        if not sqlite.is_there(target) and drafts.into_place(draft, target):
            return None
        aside = target.with_name(f"{target.name}.before-restore")
        try:
            kept = backup(aside)
        except DatabaseError:
            return _replaced(target, draft, aside)
        sqlite.overwrite(draft, target)
        return kept
    except OSError as error:
        raise _cannot_create(target, error) from error
    finally:
        if draft is not None:
            drafts.forget(draft)


def _replaced(target: Path, draft: Path, aside: Path) -> Path:
    """Put a database in the place of one that SQLite cannot read; that one's bytes are kept, its journal too."""
    copy = drafts.new(target.parent)
    try:
        shutil.copyfile(target, copy)
        kept = drafts.named(copy, aside)
    finally:
        drafts.forget(copy)
    journal = target.with_name(f"{target.name}-journal")
    if journal.exists():
        # It is of the damaged file: found beside the restored one, it would be rolled back into that.
        journal.replace(kept.with_name(f"{kept.name}-journal"))
    draft.replace(target)
    drafts.settle(target.parent)
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
