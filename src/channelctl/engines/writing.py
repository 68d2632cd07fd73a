"""Writing a lake: from one state of the database, whole or not at all."""

import glob
import os
import shutil
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby, islice
from pathlib import Path
from typing import TYPE_CHECKING

from channelctl import clock, db, drafts, settings
from channelctl.engines import facts
from channelctl.engines.facts import ABSENT, LEFT_OUT, LINES, MANIFEST, File, Lake, Month, Table, Type
from channelctl.engines.files import Row, writer
from channelctl.errors import ChannelctlError, RefusedError, UsageError
from channelctl.i18n import _, listed, reason
from channelctl.locking import locked

if TYPE_CHECKING:
    import sqlalchemy as sa
    from sqlmodel import Session

_AT_ONCE = 50_000
_WAIT_SECONDS = 5.0
_IS_SALE = "is_sale"


def export(folder: Path, format: str, no_sale: Collection[str]) -> Lake:
    """Write all that reports read into a folder; lines whose status is one of `no_sale` are marked.

    Raises:
        UsageError: the folder is the one that we are in.
        RefusedError: it holds something else than a lake, or it cannot be written.
    """
    target = folder.resolve()
    if target in (Path.cwd(), *Path.cwd().parents):
        raise UsageError(
            _("{path} is where you are").format(path=folder), _("Name a folder of its own: --output lake/")
        )
    wait = _WAIT_SECONDS if settings.current.wait is None else settings.current.wait
    with _refusing(folder):
        if not target.parent.is_dir():
            raise RefusedError(
                _("there is no folder {folder}").format(folder=target.parent), _("Make it first, or name another.")
            )
        with locked(target.parent / f"{target.name}.facts", wait):
            _recover(target)
            _check(target, folder)
            draft = Path(tempfile.mkdtemp(prefix=f".{target.name}-", suffix=".new", dir=target.parent))
            try:
                lake = _written(draft, format, no_sale)
                _swap(draft, target)
            finally:
                shutil.rmtree(draft, ignore_errors=True)
    return lake


@contextmanager
def _refusing(folder: Path) -> Iterator[None]:
    """Say what the system will not write, as a refusal."""
    try:
        yield
    except ChannelctlError:
        raise
    except OSError as error:
        raise RefusedError(
            _("{file} cannot be written: {reason}").format(file=folder, reason=reason(error)),
            _("What was there before is there still."),
        ) from error


def _check(target: Path, named: Path) -> None:
    """Refuse a folder with anything in it that no lake has."""
    if not os.path.lexists(target):
        return
    if not target.is_dir():
        raise RefusedError(_("{file} is not a folder").format(file=named), _("Name a folder: --output lake/"))
    there = {
        file.relative_to(target).as_posix() for file in target.rglob("*") if file.is_symlink() or not file.is_dir()
    }
    if not there:
        return
    lake = facts.found(target)
    own = {file.path for table in lake.tables.values() for file in table.files} | {MANIFEST} if lake else set()
    foreign = sorted(there - own)
    if foreign:
        raise RefusedError(
            _("{folder} holds what is no export of facts: {names}").format(folder=named, names=listed(foreign[:3])),
            _("Nothing was touched. Name a new folder: --output lake/"),
        )


def _swap(draft: Path, target: Path) -> None:
    """Put a whole lake in the place of what is there."""
    before = _before(target)
    if target.exists():
        target.rename(before)
    try:
        draft.rename(target)
    except BaseException:
        if before.exists():
            before.rename(target)
        raise
    drafts.settle(target.parent)
    shutil.rmtree(before, ignore_errors=True)


def _before(target: Path) -> Path:
    """Where a lake stands while the next one takes its name."""
    return target.with_name(f".{target.name}.before")


def _recover(target: Path) -> None:
    """Bring back the lake, and remove the drafts, of a run that was killed."""
    before = _before(target)
    if before.is_dir():
        if target.exists():
            shutil.rmtree(before)
        else:
            before.rename(target)
    for left in target.parent.glob(f".{glob.escape(target.name)}-*.new"):
        shutil.rmtree(left, ignore_errors=True)


def _written(draft: Path, format: str, no_sale: Collection[str]) -> Lake:
    """Write every table's files, and the manifest last."""
    with db.session() as session:
        tables = {table.name: _table(session, table, draft, format, no_sale) for table in _tables()}
    lake = Lake(db.HEAD, clock.today().isoformat(), format, dict(sorted(tables.items())))
    handle = os.open(draft / MANIFEST, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(lake.json().encode())
        file.flush()
        os.fsync(file.fileno())
    for folder in (*draft.rglob("*"), draft):
        if folder.is_dir():
            drafts.settle(folder)
    return lake


def _tables() -> "list[sa.Table]":
    from sqlmodel import SQLModel

    from channelctl.records import kinds

    for kind in kinds().values():
        kind.model()
    return [table for table in SQLModel.metadata.sorted_tables if table.name not in LEFT_OUT]


def _table(session: "Session", table: "sa.Table", draft: Path, format: str, no_sale: Collection[str]) -> Table:
    columns = _columns(table)
    (draft / table.name).mkdir(mode=0o700)
    with _rows(session, table, columns) as rows:
        if table.name == LINES:
            return _lines(rows, columns, draft, format, no_sale)
        path, count = f"{table.name}/part-0.{format}", 0
        opened = writer(format, draft / path, columns)
        while some := list(islice(rows, _AT_ONCE)):
            opened.write(some)
            count += len(some)
        return Table(count, columns, (File(path, count, opened.close()),))


def _columns(table: "sa.Table") -> dict[str, Type]:
    import sqlalchemy as sa

    from channelctl.storage import Day

    absent = ABSENT.get(table.name, ())
    return {
        column.name: "text" if isinstance(column.type, sa.Text | Day) else "integer"
        for column in table.columns
        if column.name not in absent
    }


@contextmanager
def _rows(session: "Session", table: "sa.Table", columns: Mapping[str, Type]) -> Iterator[Iterator[Row]]:
    """A table's rows as they are stored; sale lines by day, without those that were corrected."""
    import sqlalchemy as sa

    from channelctl.storage import BIG

    plain = [sa.type_coerce(table.c[name], sa.Text() if type_ == "text" else BIG) for name, type_ in columns.items()]
    query = sa.select(*plain).order_by(*table.primary_key.columns)
    if table.name == LINES:
        query = sa.select(*plain).where(table.c.ended_batch_id.is_(None)).order_by(table.c.date, table.c.id)
    with session.connection().execution_options(yield_per=_AT_ONCE).execute(query) as result:
        yield (tuple(row) for row in result)


def _lines(
    rows: Iterator[Row], columns: Mapping[str, Type], draft: Path, format: str, no_sale: Collection[str]
) -> Table:
    """Sale lines, which come by day, a file for each month."""
    names = list(columns)
    day, amount, status = (names.index(name) for name in ("date", "amount", "status"))
    months: dict[str, Month] = {}
    files: list[File] = []
    for month, own in groupby(rows, key=lambda row: row[day][:7]):
        path = f"{LINES}/month={month}/part-0.{format}"
        (draft / path).parent.mkdir(mode=0o700)
        opened, counted = writer(format, draft / path, {**columns, _IS_SALE: "integer"}), Month()
        while some := [(*row, int(row[status] not in no_sale)) for row in islice(own, _AT_ONCE)]:
            opened.write(some)
            counted = _with(counted, some, amount)
        months[month] = counted
        files.append(File(path, counted.rows, opened.close()))
    return Table(sum(one.rows for one in months.values()), {**columns, _IS_SALE: "integer"}, tuple(files), months)


def _with(month: Month, rows: Sequence[Row], amount: int) -> Month:
    return Month(
        month.rows + len(rows),
        month.amount + sum(row[amount] for row in rows),
        month.net_sales + sum(row[amount] for row in rows if row[-1]),
    )
