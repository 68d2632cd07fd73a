"""Files into the database: one transaction a file, all of it or nothing, every bad row said at once."""

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from sqlalchemy import select
from sqlmodel import Session, col

from channelctl import audit, db, errors, policy
from channelctl.columns import Col
from channelctl.errors import ChannelctlError, RefusedError, UsageError
from channelctl.i18n import _, either, listed
from channelctl.records import Kind, dotted, kind_label, kinds
from channelctl.sheets import convert, headings, places
from channelctl.sheets.guard import Limits
from channelctl.sheets.policy import ImportPolicy
from channelctl.sheets.problems import Problem
from channelctl.sheets.read import Book, Sheet, open_book
from channelctl.sheets.recognise import Layout, Unrecognised, check_mapping, fingerprint, is_summary, recognise
from channelctl.sheets.target import Counts, Target, net
from channelctl.sheets.template import is_example
from channelctl.storage import Batch, SavedMap, SourceSheet

CHUNK = 5_000
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Options:
    """What the command line asked of an import."""

    mapping: Mapping[str, str] = field(default_factory=dict)
    save_map: str = ""
    kind: str | None = None
    create: bool = True
    partial: bool = False
    dry_run: bool = False
    dates: str | None = None
    encoding: str | None = None


class ImportRow(NamedTuple):
    """What became of one sheet."""

    file: Annotated[str, Col("文件", "File")]
    sheet: Annotated[str, Col("工作表", "Sheet")]
    kind: Annotated[str | None, Col("类型", "Kind", words=kind_label)]
    rows: Annotated[int, Col("行数", "Rows", kind="count")]
    new: Annotated[int, Col("新增", "New", kind="count")]
    changed: Annotated[int, Col("更正", "Changed", kind="count")]
    existing: Annotated[int, Col("已存在", "Known", kind="count")]
    rejected: Annotated[int, Col("退回", "Rejected", kind="count")]
    skipped: Annotated[int, Col("略过", "Skipped", kind="count")]
    net_sales: Annotated[Any, Col("净销售额", "Net sales", kind="money")]
    batch: Annotated[int | None, Col("批次", "Batch", kind="count", wide=True)]


class CreatedRow(NamedTuple):
    """Records made because a file's sheets name them and the database lacked them."""

    file: Annotated[str, Col("文件", "File")]
    kind: Annotated[str, Col("类型", "Kind")]
    records: Annotated[int, Col("条数", "Records", kind="count")]


@dataclass
class FileResult:
    """What became of one file: its sheets, problems, remarks, and the records it made besides."""

    file: str
    rows: list[ImportRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    layouts: list[tuple[str, Layout, Sequence[Any]]] = field(default_factory=list)
    created: dict[str, int] = field(default_factory=dict)
    error: ChannelctlError | None = None
    batch: int | None = None
    known_since: tuple[int, str] | None = None
    refused: bool = False
    path: Path = Path()
    rejected_file: Path | None = None

    @property
    def exit_code(self) -> int:
        """3 where the file was refused, 1 where rows were, else 0."""
        if self.error is not None or self.refused:
            return errors.REFUSED
        return errors.FINDINGS if any(problem.is_error for problem in self.problems) else errors.DONE


class _Sheets(NamedTuple):
    sheet: Sheet
    layout: Layout


def load_file(path: Path, options: Options, progress: Progress | None = None) -> FileResult:
    """Import one file. What is wrong with the file as a whole is in `error`; nothing of it was written then."""
    result = FileResult(path.name, path=path)
    try:
        check_mapping(options.mapping)
        limits = policy.section("import", ImportPolicy)
        guard = Limits(
            members=limits.max_members, unpacked=limits.max_unpacked_mib * 1024 * 1024, ratio=limits.max_ratio
        )
        with open_book(path, encoding=options.encoding, limits=guard) as book:
            _load(book, options, limits, result, progress)
    except UsageError:
        raise
    except RefusedError as error:
        result.error = error
        result.rows, result.created, result.batch = [], {}, None
        result.problems.append(Problem("E100", result.file, "", None, "", "", error.message))
    return result


def _load(book: Book, options: Options, limits: ImportPolicy, result: FileResult, progress: Progress | None) -> None:
    with db.session(write=True) as session:
        saved = _saved_maps(session)
        known = _known(session, book, options)
        if known is not None:
            _report_known(session, known, result)
            session.rollback()
            return
        found = _recognise(book, options, limits, saved, _office_names(session), result)
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


def _write_rejected(found: Sequence[_Sheets], result: FileResult) -> None:
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


def _recognise(
    book: Book,
    options: Options,
    limits: ImportPolicy,
    saved: Sequence[SavedMap],
    offices: Collection[str],
    result: FileResult,
) -> list[_Sheets]:
    """The sheets that can be read, those first that others refer to; a remark for each that cannot."""
    found: list[_Sheets] = []
    unknown: list[tuple[Sheet, Unrecognised]] = []
    words: set[str] = set()
    for sheet in book.sheets:
        head = list(islice(sheet.rows(), limits.heading_within_rows))
        if sheet.hidden:
            result.remarks.append(_("hidden sheet {sheet}: not read").format(sheet=sheet.name))
            continue
        if not any(cell != "" for row in head for cell in row):
            continue
        names = [Path(result.file).stem, sheet.name]
        words.update(cell for row in head for cell in row if isinstance(cell, str))
        layout = recognise(head, options.mapping or _remembered(head, saved), options.kind, names)
        if isinstance(layout, Unrecognised):
            unknown.append((sheet, layout))
        else:
            found.append(_Sheets(sheet, layout))
    if not found:
        raise _unrecognised(result.file, unknown)
    plain = {key for word in words for key in (headings.key(word), headings.read(word).key)}
    for heading in options.mapping:
        if headings.key(heading) not in plain:
            result.remarks.append(
                _("--map: no sheet of {file} has the heading “{heading}”").format(file=result.file, heading=heading)
            )
    for part in [part for part in found if len(book.sheets) > 1 and is_summary(part.sheet.name)]:
        if len(found) > 1:
            found.remove(part)
            result.remarks.append(_("sheet {sheet} sums up the others: not read").format(sheet=part.sheet.name))
    for sheet, what in unknown:
        if is_summary(sheet.name):
            continue
        result.remarks.append(_why_not(sheet.name, what))
        result.rows.append(ImportRow(result.file, sheet.name, None, 0, 0, 0, 0, 0, 0, None, None))
    order = list(kinds())
    named = [_Sheets(part.sheet, _by_name(part, offices, result)) for part in found]
    return sorted(named, key=lambda part: order.index(part.layout.kind.name))


def _by_name(part: _Sheets, offices: Collection[str], result: FileResult) -> Layout:
    """A sheet of sales with what its name says: the office where no column does, and that all of it is returns."""
    sheet, layout = part
    if layout.kind.name != "sales":
        return layout
    if not {"office", "office_code", "region"} & set(layout.columns):
        office = places.office(sheet.name, offices)
        if office:
            layout = replace(layout, office=office)
            result.remarks.append(_("sheet {sheet}: its name is taken for the office").format(sheet=sheet.name))
    if places.holds_returns([Path(result.file).stem, sheet.name]):
        layout = replace(layout, returns=True)
        where = sheet.name or result.file
        result.remarks.append(_("{sheet} is named for returns: its amounts are booked as negative").format(sheet=where))
    return layout


def _why_not(sheet: str, what: Unrecognised) -> str:
    if what.flags_returns:
        return _("sheet {sheet} marks documents as returned but has no amounts: nothing was booked from it").format(
            sheet=sheet
        )
    if what.other:
        return _("sheet {sheet}: no sales by its word “{word}”, not read (--kind sales reads it)").format(
            sheet=sheet, word=what.other
        )
    return _("sheet {sheet}: no heading that channelctl knows, not read (found: {headings})").format(
        sheet=sheet, headings=listed(what.found[:8])
    )


def _unrecognised(file: str, unknown: Sequence[tuple[Sheet, Unrecognised]]) -> RefusedError:
    if not unknown:
        return RefusedError(_("{file} holds no rows").format(file=file), _("Is it the right file?"))
    sheet, what = max(unknown, key=lambda pair: len(pair[1].found))
    found = listed(what.found[:20])
    if not found:
        return RefusedError(
            _("{file} holds no headings").format(file=file), _("channelctl template sales makes a sheet to fill in.")
        )
    where = either(f"（{sheet.name}）", f" ({sheet.name})") if sheet.name else ""
    if what.other:
        return RefusedError(
            _("{file}{where}: looks like sales, but its word “{word}” says payments or stock").format(
                file=file, where=where, word=what.other
            ),
            _("If its rows are sale lines all the same: channelctl import {file} --kind sales").format(file=file),
        )
    return RefusedError(
        _("{file}{where}: no heading row was recognised; the likeliest holds: {headings}").format(
            file=file, where=where, headings=found
        ),
        _(
            "A sale sheet needs a date, an amount (or quantity and price), a customer, product, document or office.\n"
            "Say which column is which: --map “{heading}”=date\n"
            "Fields: date, amount, customer, office, product, quantity …"
        ).format(heading=what.found[0]),
    )


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


def _saved_maps(session: Session) -> list[SavedMap]:
    return list(session.execute(select(SavedMap)).scalars())


def _remembered(head: Sequence[Sequence[Any]], saved: Sequence[SavedMap]) -> Mapping[str, str]:
    """The mapping kept for a sheet with the headings of one of these rows."""
    by_print = {line: one for one in saved for line in one.fingerprint.splitlines()}
    for row in head if by_print else ():
        words = [word for cell in row if isinstance(cell, str) and (word := convert.text(cell))]
        one = by_print.get(fingerprint(words))
        if one is not None:
            mapping: dict[str, str] = json.loads(one.mapping)
            return mapping
    return {}


def _save_map(session: Session, options: Options, layouts: Sequence[Layout]) -> None:
    used = [layout for layout in layouts if any(c.matched == "--map" for c in layout.columns.values())]
    if not used:
        raise UsageError(_("--save-map {name}: no --map applied to this file").format(name=options.save_map))
    old = session.execute(select(SavedMap).where(col(SavedMap.name) == options.save_map)).scalar()
    row = old or SavedMap(name=options.save_map, fingerprint="", mapping="")
    row.fingerprint = "\n".join(dict.fromkeys(layout.fingerprint for layout in used))
    row.mapping = json.dumps(dict(options.mapping), ensure_ascii=False)
    session.add(row)
