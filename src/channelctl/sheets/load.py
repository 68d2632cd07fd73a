"""Files into the database: one transaction a file, all of it or nothing, every bad row said at once."""

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from channelctl import audit, db, policy, threads
from channelctl.errors import RefusedError, UsageError
from channelctl.i18n import _
from channelctl.records import Kind, dotted, kinds, names, noted
from channelctl.sheets import dating, days, keeping, maps
from channelctl.sheets.finding import Found, find
from channelctl.sheets.guard import Limits
from channelctl.sheets.layout import Layout
from channelctl.sheets.naming import check_mapping
from channelctl.sheets.policy import ImportPolicy
from channelctl.sheets.problems import Problem
from channelctl.sheets.read import Book, Sheet, open_book, open_pipe
from channelctl.sheets.results import FileResult, ImportRow, Options
from channelctl.sheets.shapes import unpivot
from channelctl.sheets.suggesting.known import Names
from channelctl.sheets.target import Counts, Target, net, net_change
from channelctl.sheets.template import is_example
from channelctl.storage import Batch, SourceSheet

CHUNK = 5_000
_LARGE = 1024 * 1024
Progress = Callable[[str, int, int], None]


def load_file(path: Path, options: Options, progress: Progress | None = None) -> FileResult:
    """Import one file. What is wrong with the file as a whole is in `error`; nothing of it was written then."""
    piped = str(path) == "-"
    path = Path(_("pipe")) if piped else path
    result = FileResult(path.name, path=path, piped=piped)
    try:
        check_mapping(options.mapping)
        limits = policy.section("import", ImportPolicy)
        guard = Limits(
            members=limits.max_members, unpacked=limits.max_unpacked_mib * 1024 * 1024, ratio=limits.max_ratio
        )
        opened = open_pipe if piped else open_book
        with opened(path, encoding=options.encoding, limits=guard) as book:
            if book.size > _LARGE and threads.allowed():
                # While a large sheet is parsed, which needs no interpreter, what is needed next is got ready.
                threading.Thread(target=_get_ready, daemon=True).start()
            _load(book, options, limits, result, progress)
    except UsageError:
        raise
    except RefusedError as error:
        result.error = error
        result.rows, result.created, result.batch = [], {}, None
        result.problems.append(Problem("E100", result.file, "", None, "", "", error.message))
    return result


def _get_ready() -> None:
    """Load what takes long to load; what goes wrong is met again by who needs it."""
    with suppress(Exception):
        import_module("channelctl.systems.sales.load")
        names.get_ready()


def _load(book: Book, options: Options, limits: ImportPolicy, result: FileResult, progress: Progress | None) -> None:
    with db.session(write=True) as session:
        known = None if options.save_map else _known(session, book, options)
        if known is not None:
            _report_known(session, known, result)
            session.rollback()
            return
        found = find(book, options, limits, maps.remembered(session), Names(session), result)
        batch = audit.open_batch(session, "import", result.file, book.size, book.sha256, _settings(options))
        if limits.keep_files and not options.dry_run:
            keeping.keep(session, batch, book)
        common = _Common()
        parts = [_load_sheet(session, batch, one, options, result, common, progress) for one in found]
        for close in common.closing:
            close()
        for part in parts:
            part.target.look_again(session)
            _sum_up(part, result)
        session.flush()
        made = {name: one.created for name, one in common.resolvers.items()}
        result.created = {name: made[name] for name in kinds() if made.get(name)}
        if not any(row.rows or row.skipped for row in result.rows):
            raise RefusedError(
                _("{file} has headings but no rows below them").format(file=result.file), _("Is it the right file?")
            )
        bad = any(problem.is_error for problem in result.problems)
        result.refused = bad and not options.partial
        wrote = any(row.new or row.changed or row.removed for row in result.rows) or any(result.created.values())
        if options.save_map and not result.refused:
            layouts = [layout for _sheet, layout in found]
            wrote = maps.keep(session, batch, options.save_map, layouts, options.mapping) or wrote
        if wrote and not result.refused:
            said = _("{name}: {reason}")
            result.remarks += [said.format(name=result.file, reason=one) for one in noted(session, batch)]
        if result.refused or options.dry_run or not wrote:
            session.rollback()
        else:
            audit.count_rejected(session, batch, sum(row.rejected for row in result.rows))
            result.batch = batch
    if result.known_since is None:
        result.rows = [row._replace(batch=result.batch) for row in result.rows]
    if bad and options.partial and not options.dry_run:
        _write_rejected(found, result)


def _write_rejected(found: Sequence[Found], result: FileResult) -> None:
    """The refused rows, as they are in the file, into a workbook beside it."""
    from channelctl.sheets import rejects

    sheets: list[rejects.Rejected] = []
    for sheet, layout in found:
        wrong: dict[int, list[Problem]] = {}
        for problem in result.problems:
            if problem.is_of_row and problem.sheet == sheet.name and problem.row is not None:
                wrong.setdefault(problem.row, []).append(problem)
        if wrong:
            head = list(islice(sheet.rows(), layout.row + 1))
            rows = [(number, cells) for number, cells in enumerate(sheet.rows(), 1) if number in wrong]
            sheets.append(rejects.Rejected(sheet.name, head, rows, wrong))
    if not sheets:
        return
    try:
        result.rejected_file = rejects.write(result.path, sheets)
    except RefusedError as error:
        result.remarks.append(_("the refused rows could not be written: {reason}").format(reason=error.message))


@dataclass
class _Common:
    """What the sheets of a file have in common while they are loaded."""

    resolvers: dict[str, Any] = field(default_factory=dict)
    shared: dict[str, Any] = field(default_factory=dict)
    closing: list[Callable[[], None]] = field(default_factory=list)


class _Part(NamedTuple):
    """A sheet that was loaded: its row in the database, and the first of its own."""

    target: Target
    row: SourceSheet
    first: Sequence[Any]


def _load_sheet(
    session: Session,
    batch: int,
    found: Found,
    options: Options,
    result: FileResult,
    common: _Common,
    progress: Progress | None,
) -> _Part:
    sheet, layout = found
    kind = layout.kind
    row = SourceSheet(batch_id=batch, name=sheet.name, kind=kind.name, heading_row=layout.row + 1)
    session.add(row)
    session.flush()
    assert row.id is not None  # noqa: S101
    order = options.dates if options.dates is None or len(options.dates) == 3 else None
    dates = days.Dates(order, sheet.traces.epoch_1904)
    target = Target(
        session, batch, row.id, result.file, sheet.name, layout, options.create, dates,
        common.resolvers, options.overlap, common.shared, common.closing,
    )  # fmt: skip
    loader = dotted(kind.loader)(target) if kind.loader else dotted("channelctl.records.load:RecordLoader")(target)
    first: Sequence[Any] = ()
    try:
        for chunk in chunks(sheet, layout, target):
            if dates.order is None:
                dating.settle(chunk, sheet, layout, dates)
            first = first or chunk[0][1]
            loader.add(chunk)
            if progress is not None:
                progress(sheet.name or result.file, chunk[-1][0], sheet.height)
    except days.OpenOrder:
        raise dating.left_open(result.file, sheet, layout) from None
    loader.finish()
    target.report_alike()
    columns = {column.index: column.heading for column in layout.columns.values()}
    result.remarks += sheet.traces.remarks(sheet.name or result.file, layout.row + 1, columns)
    return _Part(target, row, first)


def _sum_up(part: _Part, result: FileResult) -> None:
    """Keep with the sheet, and with the result, what became of its rows."""
    target, counts = part.target, part.target.counts
    part.row.rows = counts.rows
    if target.kind.name == "sales":
        part.row.net_sales = net(counts)
    result.problems += target.problems
    result.doubtful += [target] if target.doubts else []
    result.layouts.append((target.sheet, target.layout, part.first))
    result.rows.append(_row(target.file, target.sheet, target.kind, counts))


def _row(file: str, sheet: str, kind: Kind, counts: Counts) -> ImportRow:
    amount, change = (net(counts), net_change(counts)) if kind.name == "sales" else (None, None)
    return ImportRow(
        file,
        sheet,
        kind.name,
        counts.rows,
        counts.new,
        counts.changed,
        counts.existing,
        counts.rejected,
        counts.skipped,
        amount,
        None,
        counts.removed,
        change,
    )


def chunks(sheet: Sheet, layout: Layout, target: Target) -> Iterator[list[tuple[int, list[Any]]]]:
    """The rows below the heading with their sheet row numbers; cells merged downwards hold their value in each row."""
    rows = enumerate(sheet.rows(), 1)
    below: Iterator[tuple[int, list[Any]]] = islice(rows, layout.row + 1, None)
    texts = layout.texts
    merged = [box for box in sheet.merged if box[2] > box[0] and box[1] in texts and box[2] > layout.row]
    if merged:
        below = _filled(below, merged)
    if layout.shape is not None:
        below = unpivot.lines(below, target)
    first = True
    while chunk := list(islice(below, CHUNK)):
        if first and _is_example(chunk[0][1], layout):
            chunk = chunk[1:]
        first = False
        if chunk:
            yield chunk


def _is_example(cells: Sequence[Any], layout: Layout) -> bool:
    """Whether a row is the one a template brings to show how it is filled in; its columns are all there still."""
    if layout.row or layout.unread or len(layout.columns) < len(layout.kind.columns):
        return False
    by_field = {name: cells[c.index] for name, c in layout.columns.items() if c.index < len(cells)}
    return is_example(layout.kind.row, by_field)


def _filled(
    rows: Iterator[tuple[int, list[Any]]], merged: Sequence[tuple[int, int, int, int]]
) -> Iterator[tuple[int, list[Any]]]:
    starts = {(box[0], box[1]): box[2] for box in merged}
    open_: dict[int, tuple[int, Any]] = {}
    for number, cells in rows:
        for place, cell in enumerate(cells):
            if (number - 1, place) in starts:
                open_[place] = (starts[number - 1, place], cell)
        for place, (last, cell) in open_.items():
            if number - 1 <= last and place < len(cells) and cells[place] == "":
                cells[place] = cell
        yield number, cells


def _settings(options: Options) -> str:
    chosen = {"kind": options.kind, "dates": options.dates, "encoding": options.encoding, "map": dict(options.mapping)}
    chosen["overlap"] = "" if options.overlap == "skip" else options.overlap
    return json.dumps({key: value for key, value in chosen.items() if value}, ensure_ascii=False, sort_keys=True)


def _known(session: Session, book: Book, options: Options) -> Batch | None:
    """The batch that imported this very content with these settings, all of it, none of which was taken back since."""
    query = select(Batch).where(col(Batch.file_sha256) == book.sha256, col(Batch.settings) == _settings(options))
    query = query.where(col(Batch.rejected) == 0, col(Batch.undone_by).is_(None))
    # What an earlier batch held of the file went with it, if that was taken back since: read again, it is brought anew.
    earlier = aliased(Batch)
    gone = exists().where(col(earlier.id) < col(Batch.id), col(earlier.undone_by) > col(Batch.id))
    query = query.where(~gone).order_by(col(Batch.id)).limit(1)
    found: Batch | None = session.execute(query).scalar()
    return found


def _report_known(session: Session, batch: Batch, result: FileResult) -> None:
    sheets = session.execute(select(SourceSheet).where(col(SourceSheet.batch_id) == batch.id)).scalars()
    result.rows += [
        ImportRow(
            result.file, s.name, s.kind, s.rows, 0, 0, s.rows, 0, 0, s.net_sales, batch.id, 0,
            None if s.net_sales is None else Decimal("0.00"),
        )
        for s in sheets
    ]  # fmt: skip
    assert batch.id is not None  # noqa: S101
    result.known_since, result.batch = (batch.id, batch.at[:10]), batch.id
