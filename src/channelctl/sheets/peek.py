"""The records of a sheet, read as an import reads them, with nothing stored."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from channelctl import policy
from channelctl.errors import RefusedError
from channelctl.i18n import _, listed
from channelctl.records import Kind, dotted, kinds
from channelctl.records.standins import Standin
from channelctl.sheets import dating, days, maps, screen
from channelctl.sheets.finding import Found, find
from channelctl.sheets.guard import Limits
from channelctl.sheets.load import chunks
from channelctl.sheets.policy import ImportPolicy
from channelctl.sheets.read import Book, open_book
from channelctl.sheets.results import FileResult, Options
from channelctl.sheets.suggesting.known import Names
from channelctl.sheets.target import Target

if TYPE_CHECKING:
    from sqlmodel import Session


def records(session: "Session", path: Path, kind: Kind) -> list[Standin]:
    """The records of a kind in a file.

    Raises:
        RefusedError: it cannot be read, holds none of that kind, or has a row that an import would refuse.
    """
    result = FileResult(path.name, path=path)
    limits = policy.section("import", ImportPolicy)
    guard = Limits(members=limits.max_members, unpacked=limits.max_unpacked_mib * 1024 * 1024, ratio=limits.max_ratio)
    options = Options(kind=kind.name, create=False)
    read: list[Standin] = []
    with open_book(path, limits=guard) as book:
        for found in _sheets(session, book, options, limits, result):
            read += _records(session, found, result)
    if any(problem.is_error for problem in result.problems):
        raise RefusedError(
            _("{file} has rows with errors; nothing was worked out by it").format(file=result.file),
            "\n".join(screen.problem_lines(result)),
        )
    if not read:
        text = _("{file} holds no row of the kind {kind}")
        raise RefusedError(text.format(file=result.file, kind=kind.label), _("Is it the right file?"))
    return read


def _sheets(
    session: "Session", book: Book, options: Options, limits: ImportPolicy, result: FileResult
) -> Sequence[Found]:
    """The sheets of the kind asked for; where there is none, what is there instead is named."""
    known = maps.remembered(session)
    try:
        return find(book, options, limits, known, Names(session), result)
    except RefusedError as refused:
        error, wanted = refused, kinds()[options.kind or ""]
        with suppress(RefusedError):
            others = find(book, Options(create=False), limits, known, Names(session), FileResult(result.file))
            held = dict.fromkeys(one.layout.kind.label for one in others if one.layout.kind != wanted)
            if held:
                text = _("{file} holds {found}, not {kind}")
                error = RefusedError(
                    text.format(file=result.file, found=listed(held), kind=wanted.label), _("Is it the right file?")
                )
        raise error from None


def _records(session: "Session", found: Found, result: FileResult) -> list[Standin]:
    sheet, layout = found
    dates = days.Dates(None, sheet.traces.epoch_1904)
    target = Target(session, 0, None, result.file, sheet.name, layout, False, dates)
    loader: Any = dotted(layout.kind.loader or "channelctl.records.load:RecordLoader")(target)
    try:
        for chunk in chunks(sheet, layout, target):
            if dates.order is None:
                dating.settle(chunk, sheet, layout, dates)
            loader.add(chunk)
    except days.OpenOrder:
        raise dating.left_open(result.file, sheet, layout) from None
    rows = [(number, values) for number, values in loader.taken if loader.fits(number, values, {})]
    result.problems += target.problems
    return _placed(rows, result.file, sheet.name, layout.kind)


def _placed(rows: Sequence[tuple[int, Any]], file: str, sheet: str, kind: Kind) -> list[Standin]:
    """Each row with its place; one that says again what stands above it counts once."""
    found: dict[tuple[Any, ...], Standin] = {}
    for number, values in rows:
        place = f"{file}!{sheet}!{number}" if sheet else f"{file}:{number}"
        key = tuple(values.get(name.rstrip("_")) for name in kind.key)
        known = found.setdefault(key, Standin(place, values))
        if known.values != values:
            raise RefusedError(
                _("{place}: the same record stands in {other} with other contents").format(
                    place=place, other=known.place
                ),
                _("Keep one of the rows."),
            )
    return list(found.values())
