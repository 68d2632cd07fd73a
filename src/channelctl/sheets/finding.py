"""Which sheets of a book can be read, as what, and why the others cannot."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from channelctl.i18n import _
from channelctl.records import kinds
from channelctl.sheets import headings, naming_returns, paper, places, scaled, wording
from channelctl.sheets.layout import Layout, Merged, Unrecognised, fingerprint
from channelctl.sheets.policy import ImportPolicy
from channelctl.sheets.read import Book, Sheet
from channelctl.sheets.results import FileResult, ImportRow, Options
from channelctl.sheets.shapes.seeing import see
from channelctl.sheets.subject import is_summary, is_total_sheet
from channelctl.sheets.suggesting import unknown
from channelctl.sheets.suggesting.known import Known
from channelctl.sheets.suggesting.suggest import SAMPLE
from channelctl.sheets.suggesting.unknown import Unknown


class Remembered(NamedTuple):
    """A mapping that is kept for sheets with certain headings: heading -> field, and what it is called."""

    name: str
    mapping: Mapping[str, str]


Maps = Mapping[str, Remembered]


class Found(NamedTuple):
    """A sheet and how it is read."""

    sheet: Sheet
    layout: Layout


class _Part(NamedTuple):
    """A sheet that can be read, with its first rows."""

    sheet: Sheet
    layout: Layout
    head: Sequence[Sequence[Any]]


def find(
    book: Book,
    options: Options,
    limits: ImportPolicy,
    saved: Maps,
    known: Known,
    result: FileResult,
) -> list[Found]:
    """The sheets that can be read, those first that others refer to; a remark for each that cannot."""
    found: list[_Part] = []
    others: list[Unknown] = []
    words: set[str] = set()
    for sheet in book.sheets:
        head = list(islice(sheet.rows(), limits.heading_within_rows))
        if sheet.hidden:
            result.remarks.append(_("hidden sheet {sheet}: not read").format(sheet=sheet.name))
            continue
        if not any(cell != "" for row in head for cell in row):
            continue
        if len(book.sheets) > 1 and paper.is_page(sheet.name):
            result.remarks.append(_("sheet {sheet} is a page to print: not read").format(sheet=sheet.name))
            continue
        names = [Path(result.file).stem, sheet.name]
        words.update(cell for row in head for cell in row if isinstance(cell, str))
        layout = _recognised(head, options, saved, names, result, sheet.merged, known)
        if isinstance(layout, Layout) and not unknown.is_doubtful(head, layout, names, options, known):
            where = f"{result.file}!{sheet.name}" if sheet.name else result.file
            layout, remarks = scaled.settled(layout, sheet.traces, where)
            found.append(_Part(sheet, replace(layout, remarks=[*layout.remarks, *remarks]), head))
        else:
            rows = [*head, *islice(sheet.rows(), len(head), len(head) + SAMPLE)]
            others.append(Unknown(sheet, layout, rows, names))
    if not found:
        raise unknown.refusal(result, options, others, known)
    _say_unused(options, words, result)
    for part in [part for part in found if len(book.sheets) > 1 and is_summary(part.sheet.name)]:
        if len(found) > 1:
            found.remove(part)
            result.remarks.append(_("sheet {sheet} sums up the others: not read").format(sheet=part.sheet.name))
    if any(part.layout.kind.name == "sales" and not part.layout.sums_up for part in found):
        for part in [part for part in found if part.layout.sums_up]:
            found.remove(part)
            text = _("sheet {sheet} sums up sales, and others hold the lines: not read (it is, in a file of its own)")
            result.remarks.append(text.format(sheet=part.sheet.name))
    for part in found:
        said = _("{name}: {reason}")
        name = part.sheet.name or result.file
        result.remarks += [said.format(name=name, reason=remark) for remark in part.layout.remarks]
    for one in others:
        if is_total_sheet(one.sheet.name):
            result.remarks.append(_("sheet {sheet} sums up the others: not read").format(sheet=one.sheet.name))
        elif not is_summary(one.sheet.name):
            result.remarks.append(unknown.why_not(one, result, options, known))
            result.rows.append(ImportRow(result.file, one.sheet.name, None, 0, 0, 0, 0, 0, 0, None, None))
    for part in found:
        unknown.left_out(part.head, part.sheet.name, part.layout, result, options, known)
    order = list(kinds())
    named = [Found(part.sheet, _by_name(part, known, result, len(found) > 1)) for part in found]
    return sorted(named, key=lambda part: order.index(part.layout.kind.name))


def _recognised(
    head: Sequence[Sequence[Any]],
    options: Options,
    saved: Maps,
    names: Sequence[str],
    result: FileResult,
    merged: Merged,
    known: Known,
) -> Layout | Unrecognised:
    """How a sheet is read: with --map and, for headings that it leaves open, the mapping kept for such a sheet."""
    memory = _remembered(head, saved)
    mapping = {**memory.mapping, **options.mapping} if memory else options.mapping
    layout = see(head, mapping, options.kind, names, merged, known)
    if isinstance(layout, Unrecognised) or memory is None:
        return layout
    told = {headings.key(heading) for heading in options.mapping}
    kept = {
        name: replace(column, matched="kept")
        for name, column in layout.columns.items()
        if column.matched == "--map" and not {headings.key(column.heading), headings.read(column.heading).key} & told
    }
    if kept:
        where = names[-1] or result.file
        text = _("{where}: read with the mapping “{name}” (channelctl map show {name})")
        result.remarks.append(text.format(where=where, name=memory.name))
    return replace(layout, columns={**layout.columns, **kept})


def _remembered(head: Sequence[Sequence[Any]], saved: Maps) -> Remembered | None:
    """The mapping kept for a sheet with the headings of one of these rows."""
    for row in head if saved else ():
        words = [word for cell in row if isinstance(cell, str) and (word := wording.text(cell))]
        kept = saved.get(fingerprint(words))
        if kept is not None:
            return kept
    return None


def _say_unused(options: Options, words: set[str], result: FileResult) -> None:
    plain = {key for word in words for key in (headings.key(word), headings.read(word).key)}
    for heading in options.mapping:
        if headings.key(heading) not in plain:
            result.remarks.append(
                _("--map: no sheet of {file} has the heading “{heading}”").format(file=result.file, heading=heading)
            )


def _by_name(part: _Part, known: Known, result: FileResult, several: bool) -> Layout:
    """A sheet of sales with what its names and title say: its office if no column does, that all of it is returns."""
    sheet, layout, head = part
    if layout.kind.name != "sales":
        return layout
    if not {"office", "office_code", "region"} & set(layout.columns):
        told = places.told(head[: layout.row], sheet.name, Path(result.file).stem, known["office"])
        if told is not None:
            layout = replace(layout, office=told.office)
            result.remarks.append(_said(told, sheet.name, result.file))
    words = [*(column.heading for column in layout.columns.values()), *layout.unread.values()]
    titles = naming_returns.titles(head[: layout.row], words)
    said = naming_returns.said(titles, sheet.name, Path(result.file).stem)
    return replace(layout, returns=said.all, may_return="" if said.some == "file" and several else said.some)


def _said(told: places.Told, sheet: str, file: str) -> str:
    """Where the office was taken from."""
    if told.by == "title":
        return _("{where}: the office {office} is taken from the title").format(where=sheet or file, office=told.office)
    if told.by == "sheet":
        return _("sheet {sheet}: its name is taken for the office").format(sheet=sheet)
    return _("{file}: the office {office} is taken from the file's name").format(file=file, office=told.office)
