"""Making, upgrading and copying a database that is a file: it is whole under its name, or not there at all."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from channelctl import db, drafts, migrating, reported, sqlite, versions
from channelctl.errors import DatabaseError, RefusedError
from channelctl.i18n import _, reason


def create(target: Path) -> bool:
    """Make the database if there is none; True if it was made."""
    with unfinished(target, target.parent) as draft:
        made = draft is not None and publish(draft, target)
    if made:
        db.warn_of_share()
    else:
        db.check_version()
    return made


@contextmanager
def unfinished(target: Path, folder: Path) -> Iterator[Path | None]:
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
        migrate(draft, target, versions.HEAD)
        yield draft
    finally:
        drafts.forget(draft)


def _cannot_create(target: Path, error: OSError) -> RefusedError:
    return RefusedError(
        _("cannot create the database {path}: {reason}").format(path=target, reason=reason(error)),
        _("Choose a folder you may write to: --db PATH"),
    )


def publish(draft: Path, target: Path) -> bool:
    """Let a finished database appear; False where somebody was faster."""
    try:
        return drafts.into_place(draft, target)
    except OSError as error:
        raise _cannot_create(target, error) from error


def copy(source: Path, draft: Path) -> None:
    """Copy a database, also while others write to it, and check the copy."""
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


def migrate(where: Path, named: Path, revision: str) -> None:
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


def scrub(where: Path) -> None:
    """Write the database anew without what was deleted from it; nothing of that stays in it or in its journal."""
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


def restore(source: Path, target: Path, backup: Callable[[Path], Path]) -> Path | None:
    """Put a database in the place of another, of which `backup` keeps a copy; that copy, None without any."""
    draft = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = drafts.new(target.parent)
        copy(source, draft)
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
