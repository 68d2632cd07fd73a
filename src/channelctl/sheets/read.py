"""A file becomes sheets of raw rows; nothing here knows what a column means."""

import datetime as dt
import hashlib
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO, Protocol, Self

from channelctl.errors import RefusedError
from channelctl.i18n import _
from channelctl.sheets import guard, refusing, text
from channelctl.sheets.binary import Binary
from channelctl.sheets.extent import MOST_COLUMNS, MalformedError
from channelctl.sheets.guard import DEFAULT_LIMITS, Limits
from channelctl.sheets.inspect import Inspector, inspector
from channelctl.sheets.traces import Traces

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

Cell = str | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta

WORKBOOK_ENDINGS = (".xlsx", ".xlsm", ".xls", ".ods", ".xltx", ".xlsb", ".et")
TEXT_ENDINGS = (".csv", ".txt", ".tsv", ".tab", "")
_LOOKED_AT = 100
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WEB_PAGE = re.compile(r"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|meta|body|table|div|style)\b", re.I | re.S)


class Sheet(Protocol):
    """One sheet of a file; `number` is its place in the workbook from 1, `name` is empty for a CSV."""

    @property
    def name(self) -> str: ...
    @property
    def hidden(self) -> bool: ...
    @property
    def number(self) -> int: ...
    @property
    def height(self) -> int:
        """Rows up to the last used one, or a few more: for a progress bar."""

    @property
    def merged(self) -> Sequence[tuple[int, int, int, int]]:
        """First row, first column, last row, last column of each merged range, from 0."""

    @property
    def traces(self) -> Traces:
        """What there is in the sheet besides its values."""

    def rows(self) -> Iterator[list[Cell]]:
        """Every row from row 1 and column A on, "" for a blank; each call is a fresh pass.

        A cell whose formula failed, or was never worked out, holds one of failed.EXCEL_ERRORS. Of a CSV these are
        records: with line breaks inside cells their number is smaller than the line's.
        """


@dataclass(slots=True)
class Book:
    """An open file: its sheets in order, and what its bytes are known by; `encoding` is None for a workbook."""

    name: str
    size: int
    sha256: str
    sheets: list[Sheet]
    encoding: str | None
    _file: BinaryIO = field(repr=False)

    def content(self) -> Iterator[bytes]:
        """The file's bytes, piece by piece."""
        at = 0
        while piece := self._piece(at):
            yield piece
            at += len(piece)

    def _piece(self, at: int) -> bytes:
        if os.name != "nt":
            # Not by moving the file's position, which those that read sheets rely on.
            return os.pread(self._file.fileno(), 1 << 20, at)
        self._file.seek(at)
        return self._file.read(1 << 20)

    def close(self) -> None:
        """Let go of the file; its sheets cannot be read from then on."""
        workbooks = [sheet for sheet in self.sheets if isinstance(sheet, _WorkbookSheet)]
        for sheet in workbooks:
            sheet.shelf.sheet = None
        if workbooks:
            workbooks[0].inspector.close()
            workbooks[0].workbook.close()
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_book(path: Path, *, encoding: str | None = None, limits: Limits = DEFAULT_LIMITS) -> Book:
    """Open a workbook or CSV by what it holds, whatever its ending says; RefusedError for all that cannot be read."""
    name = path.name or str(path)
    try:
        refusing.check_path(path, name)
        file: BinaryIO = path.open("rb", buffering=0)
    except OSError as error:
        raise refusing.unreadable(name, error) from None
    return _opened(file, name, encoding, limits)


def open_stream(name: str, stream: BinaryIO, *, encoding: str | None = None, limits: Limits = DEFAULT_LIMITS) -> Book:
    """Open what comes from a pipe, by way of a temporary file that only its owner sees and that goes with the book."""
    file: BinaryIO = tempfile.TemporaryFile()
    try:
        shutil.copyfileobj(stream, file, 1 << 20)
        file.flush()
    except OSError as error:
        file.close()
        raise refusing.unreadable(name, error) from None
    except BaseException:
        file.close()
        raise
    return _opened(file, name, encoding, limits)


def open_pipe(path: Path, *, encoding: str | None = None, limits: Limits = DEFAULT_LIMITS) -> Book:
    """Open what comes through standard input, under the name given."""
    if sys.stdin is None:
        raise RefusedError(_("nothing comes from the pipe: standard input is closed"))
    return open_stream(path.name, sys.stdin.buffer, encoding=encoding, limits=limits)


def _opened(file: BinaryIO, name: str, encoding: str | None, limits: Limits) -> Book:
    try:
        return _read(file, name, encoding, limits)
    except OSError as error:
        file.close()
        raise refusing.unreadable(name, error) from None
    except BaseException:
        file.close()
        raise


def _read(file: BinaryIO, name: str, encoding: str | None, limits: Limits) -> Book:
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    head = file.read(4096)
    if not head:
        raise RefusedError(_("{name} is empty").format(name=name), _("Export it again."))
    if head.startswith((b"PK\3\4", b"PK\5\6", b"PK\7\x08")):
        found = guard.check_zip(file, name, size, limits)
        return _workbook(file, name, size, inspector(file, found))
    if head.startswith(_OLE):
        refusing.check_ole(file, name)
        return _workbook(file, name, size, Binary(file))
    if what := refusing.other_kind(head):
        raise guard.not_a_workbook(name, what)
    return _text(file, name, size, encoding, limits)


def _text(file: BinaryIO, name: str, size: int, encoding: str | None, limits: Limits) -> Book:
    ending = Path(name).suffix.lower()
    is_workbook = ending in WORKBOOK_ENDINGS
    try:
        found = text.decode(file, name, encoding)
    except RefusedError:
        if is_workbook and not encoding:
            raise guard.damaged(name) from None
        raise
    opening = text.opening(file, found.encoding)
    if _WEB_PAGE.match(opening):
        raise refusing.disguised(name, ending, _("a web page"))
    if opening.lstrip().startswith("<?xml"):
        raise refusing.disguised(name, ending, _("an XML file"))
    if not opening.strip():
        raise RefusedError(_("{name} is empty").format(name=name), _("Export it again."))
    if is_workbook and not text.has_cells(opening):
        raise guard.not_a_workbook(name, _("plain text"))
    if not is_workbook and ending not in TEXT_ENDINGS:
        raise guard.not_a_workbook(name, _("a {ending} file").format(ending=ending))
    sheet = text.sheet(file, name, found, limits)
    for line, row in enumerate(islice(sheet.rows(), _LOOKED_AT), 1):
        if len(row) > MOST_COLUMNS:
            raise refusing.wide(name, line, len(row))
    return Book(name, size, found.sha256, [sheet], found.encoding, file)


def _workbook(file: BinaryIO, name: str, size: int, inspector: Inspector) -> Book:
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    file.seek(0)
    try:
        workbook = CalamineWorkbook.from_filelike(file)
        listed = [(index, it) for index, it in enumerate(workbook.sheets_metadata) if it.typ == SheetTypeEnum.WorkSheet]
    except BaseException as error:
        raise _refusal(name, error) from None
    if not listed:
        raise RefusedError(
            _("{name} holds no sheet with cells").format(name=name), _("Open it in Excel and save it again.")
        )
    shelf = _Shelf()
    sheets: list[Sheet] = [
        _WorkbookSheet(it.name, it.visible != SheetVisibleEnum.Visible, index + 1, name, workbook, shelf, inspector)
        for index, it in listed
    ]
    return Book(name, size, digest, sheets, None, file)


def _refusal(name: str, error: BaseException) -> BaseException:
    """The parser's error in our words; anything that is not the parser's stays itself."""
    from python_calamine import CalamineError, PasswordError

    if isinstance(error, PasswordError):
        return guard.protected(name)
    if isinstance(error, CalamineError | MalformedError) or type(error).__name__ == "PanicException":
        return guard.damaged(name)
    return error


@dataclass(slots=True)
class _Shelf:
    """The parsed sheet of a workbook that was asked for last; one at a time, for they are large."""

    number: int = 0
    sheet: "CalamineSheet | None" = None


@dataclass(frozen=True, slots=True)
class _WorkbookSheet:
    name: str
    hidden: bool
    number: int
    file_name: str
    workbook: "CalamineWorkbook"
    shelf: _Shelf
    inspector: Inspector

    @property
    def height(self) -> int:
        end = self._parsed().end
        return max(end[0] + 1 if end else 0, self.traces.last_row)

    @property
    def traces(self) -> Traces:
        try:
            return self.inspector.traces(self.name)
        except MalformedError:
            raise guard.damaged(self.file_name) from None

    @property
    def merged(self) -> Sequence[tuple[int, int, int, int]]:
        return [(*first, *last) for first, last in self._parsed().merged_cell_ranges or ()]

    def rows(self) -> Iterator[list[Cell]]:
        sheet = self._parsed()
        traces = self.traces
        if traces.garbled or (sheet.start is None and traces.filled):
            raise refusing.unread(self.file_name, self.name)
        return traces.over(self._values(sheet), self.height)

    def _values(self, sheet: "CalamineSheet") -> Iterator[list[Cell]]:
        if sheet.start is None:
            return
        left: list[Cell] = [""] * sheet.start[1]
        try:
            if left:
                for row in sheet.iter_rows():
                    yield left + row
            else:
                yield from sheet.iter_rows()
        except BaseException as error:
            raise _refusal(self.file_name, error) from None

    def _parsed(self) -> "CalamineSheet":
        if self.shelf.sheet is None or self.shelf.number != self.number:
            self.shelf.sheet = None
            try:
                self.inspector.begin(self.name)
                self.shelf.sheet = self.workbook.get_sheet_by_index(self.number - 1)
            except BaseException as error:
                raise _refusal(self.file_name, error) from None
            self.shelf.number = self.number
        return self.shelf.sheet
