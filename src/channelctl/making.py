"""Making, upgrading and copying the database: a file is whole under its name, or not there at all."""

import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from channelctl import db, settings, sqlite
from channelctl.errors import DatabaseError, RefusedError
from channelctl.i18n import _, reason

T = TypeVar("T")


def create() -> bool:
    """Make the database if there is none; True if it was made. It appears whole under its name, or not at all."""
    target = db.path()
    with _unfinished(target, target.parent) as draft:
        made = draft is not None and _publish(draft, target)
    if not made:
        db.check_version()
    return made


def with_database(work: Callable[[], T], wrote: Callable[[T], bool], dry_run: bool = False) -> tuple[T, Path | None]:
    """Do work that may be the first to write; returns its result, and the path of the database if that made one.

    A new database takes its name only if something was written to it: refused sheets and dry runs leave no file.
    """
    target = db.path()
    named = settings.current.database
    with _unfinished(target, Path(tempfile.gettempdir()) if dry_run else target.parent) as draft:
        if draft is None:
            return work(), None
        settings.current.database = str(draft)
        try:
            result = work()
        finally:
            settings.current.database = named
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
    kept = backup(db.path().with_name(f"{db.path().name}.before-{db.HEAD}"))
    _migrate(db.path(), db.path())
    return kept


def backup(target: Path) -> Path:
    """A checked copy of the database under `target` or, where that is taken, under the next free name; mode 0600."""
    draft = None
    try:
        draft = _draft(target.parent)
        _copy(db.path(), draft)
        name, count = target, 1
        while not _into_place(draft, name):
            count += 1
            name = target.with_name(f"{target.name}-{count}")
    except OSError as error:
        raise RefusedError(
            _("cannot write the backup {path}: {reason}").format(path=target, reason=reason(error))
        ) from error
    finally:
        if draft is not None:
            _forget(draft)
    return name


@contextmanager
def _unfinished(target: Path, folder: Path) -> Iterator[Path | None]:
    """An empty database under a passing name in `folder`, gone afterwards; None where the target is there already."""
    if sqlite.is_there(target):
        yield None
        return
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = _draft(folder)
    except OSError as error:
        raise _cannot_create(target, error) from error
    try:
        _migrate(draft, target)
        yield draft
    finally:
        _forget(draft)


def _draft(folder: Path) -> Path:
    """An empty file of our own, mode 0600, under a name that nobody else has."""
    handle, name = tempfile.mkstemp(prefix=".channelctl-", suffix=".new", dir=folder)
    os.close(handle)
    return Path(name)


def _forget(draft: Path) -> None:
    """Remove a file of ours and its journal."""
    for file in (draft, draft.with_name(f"{draft.name}-journal")):
        with suppress(OSError):
            file.unlink(missing_ok=True)


def _cannot_create(target: Path, error: OSError) -> RefusedError:
    return RefusedError(
        _("cannot create the database {path}: {reason}").format(path=target, reason=reason(error)),
        _("Choose a folder you may write to: --db PATH"),
    )


def _publish(draft: Path, target: Path) -> bool:
    """Let a finished database appear; False where somebody was faster."""
    try:
        return _into_place(draft, target)
    except OSError as error:
        raise _cannot_create(target, error) from error


def _into_place(draft: Path, target: Path) -> bool:
    """Give a finished file its name, never another's; False where that is taken."""
    try:
        if os.name == "nt":
            draft.rename(target)
        else:
            os.link(draft, target)
    except FileExistsError:
        return False
    except OSError:
        # No hard links here: two at once may both find the name free, and the later one keeps it.
        if sqlite.is_there(target):
            return False
        draft.rename(target)
    _settle(target.parent)
    return True


def _settle(folder: Path) -> None:
    """Make a new name in the folder survive a power cut, where folders can be synced."""
    if os.name == "nt":
        return
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _copy(source: Path, draft: Path) -> None:
    opened: list[sqlite3.Connection] = []
    try:
        opened += [sqlite.connect(source, write=False), sqlite.connect(draft, write=True)]
        opened[0].backup(opened[1])
        whole = opened[1].execute("PRAGMA quick_check").fetchone()[0] == "ok"
    except sqlite3.Error as error:
        raise sqlite.said(error, source, write=True) or sqlite.damaged(source, str(error)) from error
    finally:
        for connection in opened:
            connection.close()
    if not whole:
        raise sqlite.damaged(source, "quick_check")


def _migrations() -> Path:
    """The migration scripts: inside the installed package, else beside the source tree."""
    installed = Path(__file__).parent / "_migrations"
    return installed if installed.is_dir() else Path(__file__).parents[2] / "migrations"


def _migrate(where: Path, named: Path) -> None:
    """Run the migrations not yet run in one immediate transaction, with foreign keys checked at its end.

    What goes wrong is said of `named`: a new database is made under a passing name.
    """
    import sqlalchemy as sa
    from alembic import command
    from alembic.config import Config

    engine = sqlite.engine(where, write=True)
    config = Config()
    config.set_main_option("script_location", str(_migrations()).replace("%", "%%"))
    try:
        with engine.connect() as connection:
            raw = connection.connection.dbapi_connection
            assert isinstance(raw, sqlite3.Connection)  # noqa: S101
            raw.execute("PRAGMA foreign_keys=OFF")
            connection.begin()
            raw.execute(f"PRAGMA application_id={sqlite.APPLICATION_ID}")
            config.attributes["connection"] = connection
            command.upgrade(config, db.HEAD)
            broken = connection.execute(sa.text("PRAGMA foreign_key_check")).first()
            if broken is not None:
                raise DatabaseError(_("{path} holds broken references; it was left as it is").format(path=named))
            connection.commit()
    except sa.exc.DatabaseError as error:
        said = sqlite.said(error, named, write=True)
        if said is None:
            raise
        raise said from error
    finally:
        engine.dispose()


def restore(source: Path) -> Path | None:
    """Put a backup in the database's place, whole; returns the copy kept of what was there, None if nothing was.

    Raises:
        DatabaseError: the backup is missing, damaged, not ours or of a newer version; nothing was changed.
    """
    target = db.path()
    with _as_database(source):
        if db.revision() > db.HEAD:
            db.check_version()
    draft = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = _draft(target.parent)
        _copy(source, draft)
        if not sqlite.is_there(target) and _into_place(draft, target):
            return None
        kept = backup(target.with_name(f"{target.name}.before-restore"))
        sqlite.overwrite(draft, target)
        return kept
    except OSError as error:
        raise _cannot_create(target, error) from error
    finally:
        if draft is not None:
            _forget(draft)


@contextmanager
def _as_database(where: Path) -> Iterator[None]:
    """Speak of another file as the database."""
    named = settings.current.database
    settings.current.database = str(where)
    try:
        yield
    finally:
        settings.current.database = named
