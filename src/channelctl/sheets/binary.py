"""The second look at an .xls: its records gone through for what a parser leaves out."""

import re
import struct
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from channelctl.sheets.traces import Traces

_LARGEST = 256 << 20
_END_OF_CHAIN = 0xFFFFFFFA
_ENTRY = 128
_BOUNDSHEET, _DATEMODE, _EOF = 0x85, 0x22, 0x0A
_BOF = (0x0809, 0x0409, 0x0209)
_ROW, _COLINFO, _FILTERMODE, _BOOLERR, _FORMULA = 0x0208, 0x7D, 0x9B, 0x0205, 0x06
# Records of cells with a value: numbers, texts, formulas.
_CELLS = frozenset((_FORMULA, _BOOLERR, 0x0203, 0x0204, 0x00BD, 0x00D6, 0x00FD, 0x027E))
_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
_HIDDEN_ROW, _HIDDEN_COLUMN = 0x20, 0x01
# The bytes of a record that says something: without one of them there is no need to go through all of them.
_SUSPECT = re.compile(
    rb"\x05\x02\x08\x00.{7}\x01|\x06\x00.{8}\x02.[\x00\x07\x0f\x17\x1d\x24\x2a]...\xff\xff"
    rb"|\x7d\x00[\x0b\x0c]\x00.{8}[%b]|\x08\x02\x10\x00.{12}[%b]"
    % (
        b"".join(re.escape(bytes((flags,))) for flags in range(256) if flags & _HIDDEN_COLUMN),
        b"".join(re.escape(bytes((flags,))) for flags in range(256) if flags & _HIDDEN_ROW),
    ),
    re.DOTALL,
)


class Binary:
    """The sheets of an .xls; a file that is put together in an unusual way tells nothing."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._all: dict[str, Traces] | None = None
        self._other = Traces()

    def begin(self, sheet: str) -> None:
        """Waits until it is asked."""

    def traces(self, sheet: str) -> Traces:
        """What was found in the sheet."""
        if self._all is None:
            try:
                self._all = self._read()
            except (struct.error, IndexError, ValueError):
                self._all = {}
        return self._all.get(sheet, self._other)

    def close(self) -> None:
        """Nothing is under way."""

    def _read(self) -> dict[str, Traces]:
        data = _stream(self._file)
        starts: dict[str, int] = {}
        for record in _records(data, 0):
            if record.id == _DATEMODE:
                self._other = Traces(epoch_1904=data[record.start] == 1)
            elif record.id == _BOUNDSHEET:
                offset, length, wide = struct.unpack_from("<IxxBB", data, record.start)
                letters = data[record.start + 8 : record.start + 8 + length * (1 + (wide & 1))]
                starts[letters.decode("utf-16-le" if wide & 1 else "latin-1")] = offset
        if not _SUSPECT.search(data):
            return {}
        found = {name: Traces(epoch_1904=self._other.epoch_1904) for name in starts}
        for name, start in starts.items():
            _sheet(data, start, found[name])
        return found


class _Record(NamedTuple):
    """A record's number, and where its content starts."""

    id: int
    start: int


def _records(data: bytes, at: int) -> Iterator[_Record]:
    """The records from a beginning to its end, without those of the charts in between."""
    depth = 0
    header = struct.Struct("<HH").unpack_from
    while True:
        number, length = header(data, at)
        if number in _BOF:
            depth += 1
        elif number == _EOF:
            depth -= 1
            if depth <= 0:
                return
        elif depth == 1:
            yield _Record(number, at + 4)
        at += 4 + length


def _sheet(data: bytes, start: int, traces: Traces) -> None:
    hidden: set[int] = set()
    two = struct.Struct("<HH").unpack_from
    for number, at in _records(data, start):
        if number in _CELLS:
            row, column = two(data, at)
            if row in hidden:
                traces.hidden_rows.append(row + 1)
                hidden.remove(row)
            if number == _BOOLERR and data[at + 7] == 1:
                traces.mark(row + 1, column + 1, _ERRORS.get(data[at + 6], "#VALUE!"))
            elif number == _FORMULA and data[at + 12 : at + 14] == b"\xff\xff" and data[at + 6] == 2:
                traces.mark(row + 1, column + 1, _ERRORS.get(data[at + 8], "#VALUE!"))
        elif number == _ROW and data[at + 12] & _HIDDEN_ROW:
            hidden.add(two(data, at)[0])
        elif number == _COLINFO and data[at + 8] & _HIDDEN_COLUMN:
            first, last = two(data, at)
            traces.hidden_columns.append((first + 1, last + 1))
        elif number == _FILTERMODE:
            traces.filtered = True


def _stream(file: BinaryIO) -> bytes:
    """The workbook inside the envelope that old Office files share: sectors, chained by a table of their own."""
    file.seek(0)
    whole = file.read(_LARGEST + 1)
    if len(whole) > _LARGEST:
        raise ValueError
    size = 1 << struct.unpack_from("<H", whole, 30)[0]
    directory, _cut, small, small_chains = struct.unpack_from("<IIII", whole, 48)
    more, count = struct.unpack_from("<II", whole, 68)
    tables = list(_numbers(whole[76:512]))
    for _part in range(min(count, len(whole) // size)):
        *further, more = _numbers(whole[(more + 1) * size : (more + 2) * size])
        tables += further
    table = b"".join(whole[(at + 1) * size : (at + 2) * size] for at in tables if at < _END_OF_CHAIN)
    large = _Chains(whole[size:], size, _numbers(table))
    entries = large.follow(directory)
    for at in range(0, len(entries), _ENTRY):
        length = struct.unpack_from("<H", entries, at + 64)[0]
        if entries[at : at + max(length - 2, 0)].decode("utf-16-le", "replace") in ("Workbook", "Book"):
            start, bytes_ = struct.unpack_from("<II", entries, at + 116)
            if bytes_ >= small:
                return large.follow(start)[:bytes_]
            inner = large.follow(struct.unpack_from("<I", entries, 116)[0])
            return _Chains(inner, 64, _numbers(large.follow(small_chains))).follow(start)[:bytes_]
    raise ValueError


def _numbers(content: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(content) // 4}I", content)


class _Chains(NamedTuple):
    """Sectors of one size, and for each the number of the one that follows it."""

    content: bytes
    size: int
    next: tuple[int, ...]

    def follow(self, number: int) -> bytes:
        """The content of a chain."""
        parts: list[bytes] = []
        while number < _END_OF_CHAIN and len(parts) <= len(self.next):
            parts.append(self.content[number * self.size : (number + 1) * self.size])
            number = self.next[number]
        return b"".join(parts)
