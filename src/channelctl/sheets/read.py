"""A file becomes sheets of raw rows; nothing here knows what a column means."""

import datetime as dt
import difflib
import hashlib
import os
import re
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO, Protocol, Self

from channelctl.errors import RefusedError
from channelctl.i18n import _, listed, reason
from channelctl.sheets import guard, text
from channelctl.sheets.binary import Binary
from channelctl.sheets.extent import MOST_COLUMNS, MalformedError
from channelctl.sheets.guard import DEFAULT_LIMITS, Limits
from channelctl.sheets.inspect import Inspector, inspector
from channelctl.sheets.traces import Traces
from channelctl.sheets.trial import survives

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
        _check_path(path, name)
        file: BinaryIO = path.open("rb", buffering=0)
    except OSError as error:
        raise _unreadable(name, error) from None
    return _opened(file, name, encoding, limits)


def open_stream(name: str, stream: BinaryIO, *, encoding: str | None = None, limits: Limits = DEFAULT_LIMITS) -> Book:
    """Open what comes from a pipe, by way of a temporary file that only its owner sees and that goes with the book."""
    file: BinaryIO = tempfile.TemporaryFile()
    try:
        shutil.copyfileobj(stream, file, 1 << 20)
        file.flush()
    except OSError as error:
        file.close()
        raise _unreadable(name, error) from None
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
        raise _unreadable(name, error) from None
    except BaseException:
        file.close()
        raise


def _check_path(path: Path, name: str) -> None:
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        raise RefusedError(_("there is no file {name}").format(name=path), _near(path)) from None
    except ValueError:
        raise RefusedError(_("{name} is not the name of a file").format(name=repr(name))) from None
    if stat.S_ISDIR(mode):
        raise RefusedError(
            _("{name} is a folder").format(name=path), _("Name the files in it: {name}/*.xlsx").format(name=path)
        )
    if not stat.S_ISREG(mode):
        raise RefusedError(
            _("{name} is a pipe or a device, not a file").format(name=path),
            _("To read from a pipe, give - as the file's name."),
        )


def _near(path: Path) -> str:
    """Names in the same folder that are like the one asked for."""
    try:
        names = [entry.name for entry in islice(path.parent.iterdir(), 10_000)]
    except OSError:
        return _("There is no folder {name} either.").format(name=path.parent)
    near = difflib.get_close_matches(path.name, names, n=3)
    if not near:
        return _("Check the folder and the spelling.")
    return _("Near it: {names}").format(names=listed(near))


def _unreadable(name: str, error: OSError) -> RefusedError:
    if isinstance(error, PermissionError):
        return RefusedError(
            _("{name} may not be read by you").format(name=name),
            _("Ask its owner for the right to read it; if it is open in another program, close it there."),
        )
    return RefusedError(_("{name} cannot be read: {reason}").format(name=name, reason=reason(error)))


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
        _check_ole(file, name)
        return _workbook(file, name, size, Binary(file))
    if what := _other_kind(head):
        raise guard.not_a_workbook(name, what)
    return _text(file, name, size, encoding, limits)


def _other_kind(head: bytes) -> str:
    """What a file is that begins with a well-known signature of something else."""
    kinds = (
        (b"\x89PNG", _("a picture (PNG)")),
        (b"\xff\xd8\xff", _("a picture (JPEG)")),
        (b"GIF8", _("a picture (GIF)")),
        (b"%PDF", _("a PDF")),
        (b"{\\rtf", _("a text document (RTF)")),
        (b"Rar!", _("a RAR archive")),
        (b"7z\xbc\xaf", _("a 7z archive")),
        (b"\x1f\x8b", _("a gzip archive")),
        (b"SQLite format 3\0", _("a database")),
        (b"\x7fELF", _("a program")),
        (b"MZ\x90", _("a program")),
        (b"\x09\x00\x04\x00", _("a workbook of Excel 2")),
        (b"\x09\x02\x06\x00", _("a workbook of Excel 3")),
        (b"\x09\x04\x06\x00", _("a workbook of Excel 4")),
        (b"\x09\x08\x08\x00", _("a workbook of Excel 5 without its envelope")),
        (b"\x09\x08\x10\x00", _("a workbook of Excel 97 without its envelope")),
    )
    return next((what for signature, what in kinds if head.startswith(signature)), "")


def _check_ole(file: BinaryIO, name: str) -> None:
    """Old Office files share one envelope; the names inside tell what it holds."""
    found: set[str] = set()
    names = ("Workbook", "Book", "EncryptedPackage", "WordDocument", "PowerPoint Document")
    tail = b""
    file.seek(0)
    while chunk := file.read(1 << 20):
        piece = tail + chunk
        found.update(inner for inner in names if ("\0" + inner + "\0").encode("utf-16-le")[1:] in piece)
        tail = piece[-128:]
    if "EncryptedPackage" in found:
        raise guard.protected(name)
    if "WordDocument" in found:
        raise guard.not_a_workbook(name, _("a Word document"))
    if "PowerPoint Document" in found:
        raise guard.not_a_workbook(name, _("a PowerPoint presentation"))
    if not found:
        raise guard.damaged(name)
    if not survives(file):
        raise guard.damaged(name)


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
        raise _disguised(name, ending, _("a web page"))
    if opening.lstrip().startswith("<?xml"):
        raise _disguised(name, ending, _("an XML file"))
    if not opening.strip():
        raise RefusedError(_("{name} is empty").format(name=name), _("Export it again."))
    if is_workbook and not text.has_cells(opening):
        raise guard.not_a_workbook(name, _("plain text"))
    if not is_workbook and ending not in TEXT_ENDINGS:
        raise guard.not_a_workbook(name, _("a {ending} file").format(ending=ending))
    sheet = text.sheet(file, name, found, limits)
    for line, row in enumerate(islice(sheet.rows(), _LOOKED_AT), 1):
        if len(row) > MOST_COLUMNS:
            raise _wide(name, line, len(row))
    return Book(name, size, found.sha256, [sheet], found.encoding, file)


def _wide(name: str, line: int, columns: int) -> RefusedError:
    return RefusedError(
        _("{name}:{line}: {columns} columns; a sheet has no more than {most}").format(
            name=name, line=line, columns=f"{columns:,}", most=f"{MOST_COLUMNS:,}"
        ),
        _("This is not a table of rows; export the file again."),
    )


def _disguised(name: str, ending: str, what: str) -> RefusedError:
    return RefusedError(
        _("{name} is {what} saved with the ending {ending}").format(name=name, what=what, ending=ending or "-"),
        _("Open it in Excel and save it as .xlsx."),
    )


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


def _unread(name: str, sheet: str) -> RefusedError:
    return RefusedError(
        _("{name}: sheet {sheet} holds cells that cannot be read").format(name=name, sheet=sheet),
        _("Open it in Excel and save it again."),
    )


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
            raise _unread(self.file_name, self.name)
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
