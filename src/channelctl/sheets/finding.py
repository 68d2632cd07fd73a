"""Which sheets of a book can be read, as what, and why the others cannot."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from channelctl.errors import RefusedError
from channelctl.i18n import _, either, listed
from channelctl.records import kinds
from channelctl.sheets import convert, headings, places
from channelctl.sheets.policy import ImportPolicy
from channelctl.sheets.read import Book, Sheet
from channelctl.sheets.recognise import Layout, Unrecognised, fingerprint, is_summary, recognise, sales_gap
from channelctl.sheets.results import FileResult, ImportRow, Options

Maps = Mapping[str, Mapping[str, str]]


class Found(NamedTuple):
    """A sheet and how it is read."""

    sheet: Sheet
    layout: Layout


def find(
    book: Book,
    options: Options,
    limits: ImportPolicy,
    saved: Maps,
    offices: Collection[str],
    result: FileResult,
) -> list[Found]:
    """The sheets that can be read, those first that others refer to; a remark for each that cannot."""
    found: list[Found] = []
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
            found.append(Found(sheet, layout))
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
    named = [Found(part.sheet, _by_name(part, offices, result)) for part in found]
    return sorted(named, key=lambda part: order.index(part.layout.kind.name))


def _by_name(part: Found, offices: Collection[str], result: FileResult) -> Layout:
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
    missing, unknown_headings = sales_gap(what.found)
    lacks = {"date": _("a date"), "amount": _("an amount, or quantity and price")}
    names = [lacks.get(field, _("a customer, product, document or office")) for field in missing]
    return RefusedError(
        _("{file}{where}: no heading row was recognised; the likeliest holds: {headings}").format(
            file=file, where=where, headings=found
        ),
        _(
            "As sales it lacks: {missing}.\n"
            "Headings not understood: {unknown}\n"
            'Say which of them it is: --map "HEADING={field}"'
        ).format(
            missing=listed(names),
            unknown=listed(unknown_headings[:12]),
            field=missing[0] if missing else "date",
        ),
    )


def _remembered(head: Sequence[Sequence[Any]], saved: Maps) -> Mapping[str, str]:
    """The mapping kept for a sheet with the headings of one of these rows."""
    for row in head if saved else ():
        words = [word for cell in row if isinstance(cell, str) and (word := convert.text(cell))]
        kept = saved.get(fingerprint(words))
        if kept is not None:
            return kept
    return {}
