"""Files into the database: one transaction a file, all of it or nothing, every bad row said at once."""

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from channelctl import audit, db, policy
from channelctl.errors import RefusedError, UsageError
from channelctl.i18n import _
from channelctl.records import Kind, dotted, kinds, names
from channelctl.sheets import convert
from channelctl.sheets.finding import Found, Maps, find
from channelctl.sheets.guard import Limits
from channelctl.sheets.policy import ImportPolicy
from channelctl.sheets.problems import Problem
from channelctl.sheets.read import Book, Sheet, open_book, open_pipe
from channelctl.sheets.recognise import Layout, check_mapping
from channelctl.sheets.results import FileResult, ImportRow, Options
from channelctl.sheets.target import Counts, Target, net
from channelctl.sheets.template import is_example
from channelctl.storage import Batch, SavedMap, SourceSheet

CHUNK = 5_000
_LARGE = 1024 * 1024
Progress = Callable[[str, int, int], None]


def load_file(path: Path, options: Options, progress: Progress | None = None) -> FileResult:
    """Import one file. What is wrong with the file as a whole is in `error`; nothing of it was written then."""
    piped = str(path) == "-"
    path = Path(_("pipe")) if piped else path
    result = FileResult(path.name, path=path)
    try:
        check_mapping(options.mapping)
        limits = policy.section("import", ImportPolicy)
        guard = Limits(
            members=limits.max_members, unpacked=limits.max_unpacked_mib * 1024 * 1024, ratio=limits.max_ratio
        )
        opened = open_pipe if piped else open_book
        with opened(path, encoding=options.encoding, limits=guard) as book:
            if book.size > _LARGE:
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
    """Load what takes long to load."""
    import_module("channelctl.systems.sales.load")
    names.get_ready()


def _load(book: Book, options: Options, limits: ImportPolicy, result: FileResult, progress: Progress | None) -> None:
    with db.session(write=True) as session:
        saved = _saved_maps(session)
        known = _known(session, book, options)
        if known is not None:
            _report_known(session, known, result)
            session.rollback()
            return
        found = find(book, options, limits, saved, _office_names(session), result)
        batch = audit.open_batch(session, "import", result.file, book.size, book.sha256, _settings(options))
        resolvers: dict[str, Any] = {}
        for sheet, layout in found:
            _load_sheet(session, batch, sheet, layout, options, result, resolvers, progress)
        result.created = {name: resolver.created for name, resolver in resolvers.items() if resolver.created}
        if not any(row.rows or row.skipped for row in result.rows):
            raise RefusedError(
                _("{file} has headings but no rows below them").format(file=result.file), _("Is it the right file?")
            )
        bad = any(problem.is_error for problem in result.problems)
        result.refused = bad and not options.partial
        wrote = any(row.new or row.changed for row in result.rows) or any(result.created.values())
        if options.save_map and not result.refused and not options.dry_run:
            _save_map(session, options, [layout for _sheet, layout in found])
            wrote = True
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
            if problem.is_error and problem.sheet == sheet.name and problem.row is not None:
                wrong.setdefault(problem.row, []).append(problem)
        if wrong:
            head = list(islice(sheet.rows(), layout.row + 1))
            rows = [(number, cells) for number, cells in enumerate(sheet.rows(), 1) if number in wrong]
            sheets.append(rejects.Rejected(sheet.name, head, rows, wrong))
    try:
        result.rejected_file = rejects.write(result.path, sheets)
    except RefusedError as error:
        result.remarks.append(_("the refused rows could not be written: {reason}").format(reason=error.message))


def _load_sheet(
    session: Session,
    batch: int,
    sheet: Sheet,
    layout: Layout,
    options: Options,
    result: FileResult,
    resolvers: dict[str, Any],
    progress: Progress | None,
) -> None:
    kind = layout.kind
    row = SourceSheet(batch_id=batch, name=sheet.name, kind=kind.name, heading_row=layout.row + 1)
    session.add(row)
    session.flush()
    assert row.id is not None  # noqa: S101
    order = options.dates if options.dates is None or len(options.dates) == 3 else None
    dates = convert.Dates(order)
    target = Target(session, batch, row.id, result.file, sheet.name, layout, options.create, dates, resolvers)
    loader = dotted(kind.loader)(target) if kind.loader else dotted("channelctl.records.load:RecordLoader")(target)
    first: Sequence[Any] = ()
    try:
        for chunk in _chunks(sheet, layout):
            if dates.order is None:
                _settle_dates(chunk, sheet, layout, dates)
            first = first or chunk[0][1]
            loader.add(chunk)
            if progress is not None:
                progress(sheet.name or result.file, chunk[-1][0], sheet.height)
    except convert.OpenOrder:
        raise _open_order(result.file, sheet, layout) from None
    loader.finish()
    counts = target.counts
    row.rows = counts.rows
    if kind.name == "sales":
        row.net_sales = net(counts)
    session.flush()
    result.problems += target.problems
    result.layouts.append((sheet.name, layout, first))
    result.rows.append(_row(result.file, sheet.name, kind, counts))


def _row(file: str, sheet: str, kind: Kind, counts: Counts) -> ImportRow:
    amount = net(counts) if kind.name == "sales" else None
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
    )


def _chunks(sheet: Sheet, layout: Layout) -> Iterator[list[tuple[int, list[Any]]]]:
    """The rows below the heading with their sheet row numbers; cells merged downwards hold their value in each row."""
    rows = enumerate(sheet.rows(), 1)
    below: Iterator[tuple[int, list[Any]]] = islice(rows, layout.row + 1, None)
    texts = {
        c.index for name, c in layout.columns.items() if layout.kind.columns[name].kind not in ("money", "quantity")
    }
    merged = [box for box in sheet.merged if box[2] > box[0] and box[1] in texts and box[2] > layout.row]
    if merged:
        below = _filled(below, merged)
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


def _settle_dates(chunk: Sequence[tuple[int, list[Any]]], sheet: Sheet, layout: Layout, dates: convert.Dates) -> None:
    """Where a chunk holds dates such as 3/5/2024, let the whole column say what comes first."""
    places = [c.index for name, c in layout.columns.items() if layout.kind.columns[name].kind == "date"]
    any_order = {"dmy", "mdy", "ymd"}
    for place in places:
        if convert.orders([cells[place] for _n, cells in chunk if place < len(cells)]) != any_order:
            possible = convert.orders(_whole_column(sheet, layout, place))
            if len(possible) == 1:
                dates.order = possible.pop()


def _whole_column(sheet: Sheet, layout: Layout, place: int) -> list[Any]:
    return [cells[place] for cells in islice(sheet.rows(), layout.row + 1, None) if place < len(cells)]


def _open_order(file: str, sheet: Sheet, layout: Layout) -> RefusedError:
    """Day and month stay open: the first such date, and what each order would make of it."""
    where = f"{file}!{sheet.name}" if sheet.name else file
    places = [c.index for name, c in layout.columns.items() if layout.kind.columns[name].kind in ("date", "month")]
    found = [found for place in places if (found := convert.undecided(_whole_column(sheet, layout, place)))]
    cell, days = found[0]
    return RefusedError(
        _("{where}: day and month cannot be told apart in dates such as {cell}").format(where=where, cell=cell),
        _("Say what comes first: {ways}").format(
            ways=_(" or ").join(f"--dates {order} ({day})" for order, day in days.items())
        ),
        "E203",
    )


def _settings(options: Options) -> str:
    chosen = {"kind": options.kind, "dates": options.dates, "encoding": options.encoding, "map": dict(options.mapping)}
    return json.dumps({key: value for key, value in chosen.items() if value}, ensure_ascii=False, sort_keys=True)


def _known(session: Session, book: Book, options: Options) -> Batch | None:
    """The batch that imported this very content with these settings, all of it."""
    query = select(Batch).where(col(Batch.file_sha256) == book.sha256, col(Batch.settings) == _settings(options))
    query = query.where(col(Batch.rejected) == 0, col(Batch.undone_by).is_(None)).order_by(col(Batch.id)).limit(1)
    found: Batch | None = session.execute(query).scalar()
    return found


def _report_known(session: Session, batch: Batch, result: FileResult) -> None:
    sheets = session.execute(select(SourceSheet).where(col(SourceSheet.batch_id) == batch.id)).scalars()
    result.rows += [
        ImportRow(result.file, s.name, s.kind, s.rows, 0, 0, s.rows, 0, 0, s.net_sales, batch.id) for s in sheets
    ]
    assert batch.id is not None  # noqa: S101
    result.known_since = (batch.id, batch.at[:10])
    result.batch = batch.id


def _office_names(session: Session) -> frozenset[str]:
    """The offices there are, as names are compared."""
    table = kinds()["office"].model().__table__
    return frozenset(row[0] for row in session.execute(select(table.c.name_key)))


def _saved_maps(session: Session) -> Maps:
    """The mappings kept, by the headings they are for; one can be for the sheets of several exports."""
    kept = session.execute(select(SavedMap)).scalars()
    return {line: json.loads(one.mapping) for one in kept for line in one.fingerprint.splitlines()}


def _save_map(session: Session, options: Options, layouts: Sequence[Layout]) -> None:
    used = [layout for layout in layouts if any(c.matched == "--map" for c in layout.columns.values())]
    if not used:
        raise UsageError(_("--save-map {name}: no --map applied to this file").format(name=options.save_map))
    old = session.execute(select(SavedMap).where(col(SavedMap.name) == options.save_map)).scalar()
    row = old or SavedMap(name=options.save_map, fingerprint="", mapping="")
    row.fingerprint = "\n".join(dict.fromkeys(layout.fingerprint for layout in used))
    row.mapping = json.dumps(dict(options.mapping), ensure_ascii=False)
    session.add(row)
