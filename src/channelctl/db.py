"""Where the database is, and the only way to it. What differs between engines lives here and nowhere else."""

import os
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from channelctl import settings
from channelctl.errors import BusyError, DatabaseError, RefusedError
from channelctl.i18n import _

if TYPE_CHECKING:
    import sqlalchemy as sa
    from sqlmodel import Session

T = TypeVar("T")

HEAD = "0001"
APPLICATION_ID = 0x6368636C  # "chcl"
_WAIT_SECONDS = 30.0


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
    return path().exists()


@contextmanager
def session(write: bool = False) -> Iterator["Session"]:
    """A session on the database, checked to be ours and of this version; with `write` one immediate transaction.

    Leaving it commits, an exception (Ctrl-C too) rolls all of it back.

    Raises:
        DatabaseError: missing, foreign, damaged or of another version.
        BusyError: somebody else wrote for longer than the wait.
    """
    from sqlalchemy.exc import DatabaseError as EngineError
    from sqlmodel import Session

    check_version()
    engine = _engine(path(), write)
    try:
        with Session(engine, expire_on_commit=False) as opened:
            yield opened
            opened.commit()
    except EngineError as error:
        raise _said(error.orig, path()) from error
    except sqlite3.Error as error:
        raise _said(error, path()) from error
    finally:
        engine.dispose()


def create() -> bool:
    """Make the database if there is none; True if it was made. It appears whole under its name, or not at all."""
    target = path()
    if target.exists():
        check_version()
        return False
    unfinished = target.with_name(f".{target.name}.{os.getpid()}.new")
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _make(unfinished)
        _into_place(unfinished, target)
    except OSError as error:
        raise _cannot_create(target, error) from error
    finally:
        _forget(unfinished)
    return True


def with_database(work: Callable[[], T], wrote: Callable[[T], bool], dry_run: bool = False) -> tuple[T, Path | None]:
    """Do work that may be the first to write; returns its result, and the path of the database if that made one.

    A new database takes its name only if something was written to it: refused sheets and dry runs leave no file.
    """
    target = path()
    if target.exists():
        return work(), None
    folder = target.parent if not dry_run else Path(tempfile.gettempdir())
    unfinished = folder / f".{target.name}.{os.getpid()}.new"
    named = settings.current.database
    try:
        if not dry_run:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _make(unfinished)
        settings.current.database = str(unfinished)
        result = work()
        if dry_run or not wrote(result):
            return result, None
        made = _into_place(unfinished, target)
    except OSError as error:
        raise _cannot_create(target, error) from error
    finally:
        settings.current.database = named
        _forget(unfinished)
    return (result, target) if made else (work(), None)


def _forget(unfinished: Path) -> None:
    """Remove a file of ours and its journal."""
    for file in (unfinished, unfinished.with_name(f"{unfinished.name}-journal")):
        file.unlink(missing_ok=True)


def _make(unfinished: Path) -> None:
    os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    _migrate(unfinished)


def _cannot_create(target: Path, error: OSError) -> RefusedError:
    return RefusedError(
        _("cannot create the database {path}: {reason}").format(path=target, reason=error.strerror),
        _("Choose a folder you may write to: --db PATH"),
    )


def _into_place(unfinished: Path, target: Path) -> bool:
    """Give the new file its name; False where another channelctl was faster."""
    try:
        if os.name == "nt":
            unfinished.rename(target)
            return True
        os.link(unfinished, target)
    except FileExistsError:
        return False
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return True


def revision() -> str | None:
    """The schema revision the database is at, by plain SQL; None where there is no such table.

    Raises:
        DatabaseError: the file is not a channelctl database or cannot be read.
    """
    where = path()
    if not where.exists():
        raise DatabaseError(
            _("there is no database at {path}").format(path=where),
            _("channelctl import FILE or channelctl init makes one; --db PATH names another."),
        )
    foreign = DatabaseError(
        _("{path} is not a channelctl database; it was left as it is").format(path=where),
        _("Name another one: --db PATH"),
    )
    if where.is_dir() or where.stat().st_size == 0:
        raise foreign
    try:
        connection = _open(where, write=False)
    except sqlite3.Error as error:
        raise _said(error, where) from error
    try:
        if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
            raise foreign
        found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return str(found[0]) if found else None
    except sqlite3.OperationalError as error:
        if "no such table" in str(error):
            raise foreign from error
        raise _said(error, where) from error
    except sqlite3.DatabaseError as error:
        raise foreign from error
    finally:
        connection.close()


def check_version() -> None:
    """Refuse a database that this version cannot use as it stands."""
    found = revision()
    if found == HEAD:
        return
    if found is not None and found > HEAD:
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


def upgrade() -> Path | None:
    """Bring an older database to this version's schema; returns the backup made first, None if nothing was to do."""
    found = revision()
    if found == HEAD:
        return None
    if found is not None and found > HEAD:
        check_version()
    kept = backup(path().with_name(f"{path().name}.before-{HEAD}"))
    _migrate(path())
    return kept


def backup(target: Path) -> Path:
    """A checked copy of the database under `target` or, where that is taken, under the next free name; mode 0600."""
    name, count = target, 1
    while name.exists():
        count += 1
        name = target.with_name(f"{target.name}-{count}")
    unfinished = name.with_name(f".{name.name}.{os.getpid()}.new")
    try:
        os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        source, copy = _open(path(), write=False), _open(unfinished, write=True)
        try:
            source.backup(copy)
            whole = copy.execute("PRAGMA quick_check").fetchone()[0] == "ok"
        finally:
            source.close()
            copy.close()
        if not whole:
            raise DatabaseError(_("{path} is damaged; it was left as it is").format(path=path()))
        unfinished.rename(name)
    except OSError as error:
        raise RefusedError(
            _("cannot write the backup {path}: {reason}").format(path=name, reason=error.strerror)
        ) from error
    finally:
        _forget(unfinished)
    return name


def bulk_insert(opened: "Session", table: "sa.Table", names: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> int:
    """Insert stored values (whole units, ISO days) by column name, as fast as the engine can; returns how many."""
    insert = _insert_sql(table, names)
    raw = opened.connection().connection.dbapi_connection
    assert isinstance(raw, sqlite3.Connection)  # noqa: S101
    return raw.executemany(insert, rows).rowcount


def _insert_sql(table: "sa.Table", names: Sequence[str]) -> str:
    columns = ", ".join(f'"{table.columns[name].name}"' for name in names)
    return f'INSERT INTO "{table.name}" ({columns}) VALUES ({", ".join("?" * len(names))})'  # noqa: S608  our own names


def _engine(where: Path, write: bool) -> "sa.Engine":
    import sqlalchemy as sa

    engine = sa.create_engine(
        "sqlite://", creator=lambda: _open(where, write), poolclass=sa.pool.NullPool, hide_parameters=True
    )
    begin = "BEGIN IMMEDIATE" if write else "BEGIN"
    sa.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    return engine


def _open(where: Path, write: bool) -> sqlite3.Connection:
    """A connection that never creates a file, keeps foreign keys and survives a power cut after commit."""
    uri = f"{where.resolve().as_uri()}?mode=rw"
    connection = sqlite3.connect(uri, uri=True, timeout=_wait(), isolation_level=None)
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA temp_store=MEMORY")
    if write:
        connection.execute("PRAGMA journal_mode=TRUNCATE")
        connection.execute("PRAGMA cache_size=-65536")
    return connection


def _wait() -> float:
    return _WAIT_SECONDS if settings.current.wait is None else settings.current.wait


def _said(error: BaseException | None, where: Path) -> DatabaseError | BusyError | RefusedError:
    """What SQLite reported, as an error that says what to do."""
    text = str(error)
    if "locked" in text or "busy" in text:
        return BusyError(
            _("{path} is being written by somebody else").format(path=where),
            _("Try again, or wait longer: --wait SECONDS"),
        )
    if "readonly" in text or "read-only" in text:
        return RefusedError(
            _("{path} or its folder may not be written to; nothing was changed").format(path=where),
            _("Ask for the right to write there, or work on a copy: --db PATH"),
        )
    if "full" in text or "disk I/O" in text:
        return RefusedError(
            _("the disk of {path} is full; nothing was changed").format(path=where), _("Make room and run it again.")
        )
    if "unable to open" in text:
        return DatabaseError(
            _("{path} cannot be opened").format(path=where), _("Check the path and your rights to it.")
        )
    return DatabaseError(
        _("{path} cannot be read: {reason}").format(path=where, reason=text),
        _("Restore a backup, or name another: --db PATH"),
    )


def _migrations() -> Path:
    """The migration scripts: inside the installed package, else beside the source tree."""
    installed = Path(__file__).parent / "_migrations"
    return installed if installed.is_dir() else Path(__file__).parents[2] / "migrations"


def _migrate(where: Path) -> None:
    """Run the migrations not yet run, each in one immediate transaction, with foreign keys checked at its end."""
    import sqlalchemy as sa
    from alembic import command
    from alembic.config import Config

    engine = _engine(where, write=True)
    config = Config()
    config.set_main_option("script_location", str(_migrations()))
    try:
        with engine.connect() as connection:
            raw = connection.connection.dbapi_connection
            assert isinstance(raw, sqlite3.Connection)  # noqa: S101
            raw.execute("PRAGMA foreign_keys=OFF")
            connection.begin()
            raw.execute(f"PRAGMA application_id={APPLICATION_ID}")
            config.attributes["connection"] = connection
            command.upgrade(config, HEAD)
            broken = connection.execute(sa.text("PRAGMA foreign_key_check")).first()
            if broken is not None:
                raise DatabaseError(_("{path} holds broken references; it was left as it is").format(path=where))
            connection.commit()
    except sa.exc.DatabaseError as error:
        raise _said(error.orig, where) from error
    finally:
        engine.dispose()
