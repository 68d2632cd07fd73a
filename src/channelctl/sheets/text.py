"""CSV and its relatives: the encoding, the delimiter, and rows one at a time."""

import codecs
import csv
import hashlib
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, BinaryIO

from channelctl.errors import RefusedError, UsageError
from channelctl.i18n import _
from channelctl.sheets.guard import DEFAULT_LIMITS, Limits
from channelctl.sheets.traces import Traces

DELIMITERS = ",\t;|"
_CHUNK = 1 << 20
_LONGEST_LINE = 16 << 20
_SNIFFED_LINES = 20
_SNIFFED_CHARACTERS = 1 << 16
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_QUOTED = re.compile(r'(?:^|(?<=[,;\t|\n\r]))"(?:[^"]|"")*+"')
_SEPARATOR_LINE = re.compile(r"sep=([,;|\t:^~#])\Z", re.IGNORECASE)
_SIGN, _SIGN_BYTE = re.compile(r"[,;|\t\r\n]"), re.compile(rb"[,;|\t\r\n]")
_UTF8_FOR_SURE = 8


@dataclass(frozen=True, slots=True)
class Decoded:
    """What a first pass over a text file found; `lines` is an upper bound of its rows."""

    encoding: str
    sha256: str
    lines: int


@dataclass(frozen=True, slots=True)
class TextSheet:
    """The one sheet of a CSV.

    Its rows are records: one cell with line breaks makes the record's number smaller than the line's.
    """

    file: BinaryIO
    file_name: str
    encoding: str
    delimiter: str
    height: int
    limits: Limits = DEFAULT_LIMITS
    name: str = ""
    hidden: bool = False
    number: int = 1
    merged: Sequence[tuple[int, int, int, int]] = ()
    traces: Traces = field(default_factory=Traces)

    def rows(self) -> Iterator[list[Any]]:
        """Every record from the first on; a blank line is an empty list, and so is a `sep=;` line."""
        csv.field_size_limit(self.limits.cell)
        text = _open(self.file, self.encoding)
        records = csv.reader(text, delimiter=self.delimiter, strict=True)
        start = 1
        try:
            for row in islice(records, 1):
                yield [] if _SEPARATOR_LINE.match(self.delimiter.join(row)) else row
            start = records.line_num + 1
            for row in records:
                yield row
                start = records.line_num + 1
        except csv.Error as error:
            raise self._broken(start, records.line_num, str(error)) from None

    def _broken(self, start: int, line: int, reason: str) -> RefusedError:
        where = f"{self.file_name}:{start}" if start == line else f"{self.file_name}:{start}-{line}"
        if "field larger" in reason:
            return RefusedError(
                _("{where}: a cell of more than {count} characters").format(where=where, count=f"{self.limits.cell:,}"),
                _("A quotation mark that is opened and never closed does this; look at that line."),
            )
        return RefusedError(
            _("{where}: the quotation marks do not match").format(where=where),
            _('A cell that begins with " must end with ", and a " inside it is written twice.'),
        )


def decode(file: BinaryIO, name: str, encoding: str | None = None) -> Decoded:
    """Find the encoding that the whole file follows strictly: told, by its mark, UTF-8, GB18030; never a guess."""
    file.seek(0)
    head = file.read(4096)
    codec = _told(encoding, head) if encoding else _marked(head)
    if codec:
        return _whole(file, name, codec)
    try:
        return _whole(file, name, "utf-8")
    except _UndecodableError as first:
        if first.is_the_encoding:
            raise
        try:
            found = _whole(file, name, "gb18030")
        except _UndecodableError as second:
            raise _neither(name, max(first.line, second.line)) from None
        if not _is_chinese(file):
            raise _neither(name, first.line) from None
        return found


def sheet(file: BinaryIO, name: str, found: Decoded, limits: Limits = DEFAULT_LIMITS) -> TextSheet:
    """The rows of a text file that was decoded before."""
    return TextSheet(file, name, found.encoding, delimiter(opening(file, found.encoding)), found.lines, limits)


def opening(file: BinaryIO, encoding: str) -> str:
    """The first characters, enough to tell what the text is."""
    return _open(file, encoding).read(_SNIFFED_CHARACTERS)


def delimiter(text: str) -> str:
    """The sign that divides most lines into the same number of cells; a comma where none does.

    Excel's own `sep=;` in the first line decides.
    """
    lines = text.splitlines()
    if lines and (told := _SEPARATOR_LINE.match(lines[0])):
        return told[1]
    bare = [line for line in _QUOTED.sub("", text).splitlines() if line.strip()][:_SNIFFED_LINES]
    return max(DELIMITERS, key=lambda sign: _agreement(bare, sign))


def has_cells(text: str) -> bool:
    """Whether some line is divided at all."""
    return any(sign in text for sign in DELIMITERS)


def _agreement(lines: list[str], sign: str) -> tuple[int, int]:
    """How many lines agree on a number of cells, and on how many."""
    counts = Counter(count for line in lines if (count := line.count(sign)))
    return max(((lines_so, count) for count, lines_so in counts.items()), default=(0, 0))


class _Pass(io.RawIOBase):
    """One reading of a file that others read too: it keeps its own place."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._at = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        self._file.seek(self._at)
        piece = self._file.read(len(buffer))
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)


class _UndecodableError(RefusedError):
    """The file does not follow an encoding; `is_the_encoding` where it is that one all the same, but damaged."""

    def __init__(self, name: str, line: int, offset: int, encoding: str, is_the_encoding: bool) -> None:
        super().__init__(
            _("{name}:{line}: byte {offset} is not {encoding} text").format(
                name=name, line=line, offset=f"{offset:,}", encoding=encoding.upper()
            ),
            _("Open the file where it was made and save it as “CSV UTF-8”, or say its encoding: --encoding big5"),
        )
        self.line = line
        self.is_the_encoding = is_the_encoding


def _open(file: BinaryIO, encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BufferedReader(_Pass(file), 1 << 18), _codec(encoding, file), newline="")


def _codec(encoding: str, file: BinaryIO) -> str:
    """UTF-8 with or without its mark."""
    file.seek(0)
    return "utf-8-sig" if encoding == "utf-8" and file.read(3) == codecs.BOM_UTF8 else encoding


def _marked(head: bytes) -> str | None:
    for mark, codec in _BOMS:
        if head.startswith(mark):
            return codec
    even, odd = head[::2].count(0), head[1::2].count(0)
    likely = "utf-16-le" if odd > 4 * even else "utf-16-be" if even > 4 * odd else ""
    if likely and 2 * len(_SIGN.findall(head.decode(likely, "replace"))) > len(_SIGN_BYTE.findall(head)):
        return likely
    return None


def _told(encoding: str, head: bytes) -> str:
    """The codec for a name somebody typed; a mark at the start only ever refines it."""
    try:
        io.TextIOWrapper(io.BytesIO(), encoding=encoding)
        codec = codecs.lookup(encoding).name
        codecs.getincrementaldecoder(codec)
    except (LookupError, ValueError):
        raise UsageError(
            _("“{value}” is not an encoding").format(value=encoding),
            _("Known ones are utf-8, gb18030, big5, utf-16, windows-1252."),
        ) from None
    marked = next((found for mark, found in _BOMS if head.startswith(mark)), None)
    return marked if marked and codec.partition("-")[0] == "utf" and marked[:6] == codec[:6] else codec


def _whole(file: BinaryIO, name: str, codec: str) -> Decoded:
    """Decode all of it, keeping nothing."""
    marked = codec == "utf-8-sig"
    codec = "utf-8" if marked else codec
    decoder = codecs.getincrementaldecoder(codec)()
    digest = hashlib.sha256()
    offset = lines = returns = foreign = run = 0
    file.seek(0)
    while True:
        chunk = file.read(_CHUNK)
        digest.update(chunk)
        pending = decoder.getstate()[0]
        try:
            text = decoder.decode(chunk, final=not chunk)
        except UnicodeError as error:
            start = error.start if isinstance(error, UnicodeDecodeError) else 0
            foreign += _foreign((pending + chunk)[:start])
            at = offset - len(pending) + start
            sure = marked or (codec == "utf-8" and foreign >= _UTF8_FOR_SURE)
            raise _UndecodableError(name, lines_before(file, codec, at), at, codec, sure) from None
        if "\0" in text:
            raise _nul(name, lines_before(file, codec, offset) + text[: text.index("\0")].count("\n"))
        run = len(text) - end if (end := max(text.rfind("\n"), text.rfind("\r"))) >= 0 else run + len(text)
        if run > _LONGEST_LINE:
            raise _endless(name, lines_before(file, codec, offset))
        foreign += _foreign(chunk) if foreign < _UTF8_FOR_SURE else 0
        lines += text.count("\n")
        returns += text.count("\r")
        offset += len(chunk)
        if not chunk:
            return Decoded(codec, digest.hexdigest(), max(lines, returns) + 1)


def _is_chinese(file: BinaryIO) -> bool:
    """Whether what GB18030 makes of the bytes is likely Chinese.

    In Chinese few characters have a second byte below 0x80; in Latin-1, where a letter follows the é, almost all do, in
    Big5 four of ten.
    """
    seen: set[str] = set()
    text = _open(file, "gb18030")
    while piece := text.read(_CHUNK):
        seen.update(piece)
    pairs = [raw for sign in seen if len(raw := sign.encode("gb18030")) == 2]
    return 4 * sum(raw[1] < 0x80 for raw in pairs) <= len(pairs)


def _foreign(text: bytes) -> int:
    """Characters of three bytes or more in valid UTF-8: GB18030 text does not form eight of them by chance."""
    return sum(text.count(bytes((lead,))) for lead in range(0xE0, 0xF5)) if not text.isascii() else 0


def lines_before(file: BinaryIO, codec: str, offset: int) -> int:
    """The number, from 1, of the line that the byte at `offset` stands in."""
    decoder = codecs.getincrementaldecoder(codec)("replace")
    file.seek(0)
    line = 1
    while offset > 0 and (chunk := file.read(min(_CHUNK, offset))):
        line += decoder.decode(chunk).count("\n")
        offset -= len(chunk)
    return line


def _nul(name: str, line: int) -> RefusedError:
    return RefusedError(
        _("{name}:{line}: holds a NUL character, which text never does").format(name=name, line=line),
        _("Export the file again; if it is a workbook, give it its own ending (.xlsx, .xls, .ods)."),
    )


def _endless(name: str, line: int) -> RefusedError:
    return RefusedError(
        _("{name}:{line}: a line of more than {count} characters").format(
            name=name, line=line, count=f"{_LONGEST_LINE:,}"
        ),
        _("This is not a table of rows; export the file again."),
    )


def _neither(name: str, line: int) -> RefusedError:
    return RefusedError(
        _("{name}:{line}: neither UTF-8 nor GB18030 text").format(name=name, line=line),
        _("Open the file where it was made and save it as “CSV UTF-8”, or say its encoding: --encoding big5"),
    )
