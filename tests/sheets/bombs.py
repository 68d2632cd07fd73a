"""Workbooks with a member that unpacks to far more than a workbook of its size does."""

from collections.abc import Callable, Iterator
from itertools import repeat
from pathlib import Path

from tests.sheets import made

Pieces = Callable[[int], Iterator[bytes]]


def bomb(source: Path, target: Path, pieces: Pieces, mebibytes: int = 300) -> Path:
    """The workbook with as much as that in the member which such pieces make up."""
    member = made.STRINGS if pieces is strings else made.WORKSHEET
    return made.swollen(source, target, member, pieces(mebibytes))


def spaces(mebibytes: int) -> Iterator[bytes]:
    return _filled(b"<worksheet><sheetData>", b" ", b"</sheetData></worksheet>", mebibytes)


def rows(mebibytes: int) -> Iterator[bytes]:
    return _filled(b"<worksheet><sheetData>", b"<row/>", b"</sheetData></worksheet>", mebibytes)


def one_cell(mebibytes: int) -> Iterator[bytes]:
    start = b'<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>'
    return _filled(start, b"x", b"</t></is></c></row></sheetData></worksheet>", mebibytes)


def attribute(mebibytes: int) -> Iterator[bytes]:
    return _filled(b'<worksheet a="', b"x", b'"><sheetData/></worksheet>', mebibytes)


def strings(mebibytes: int) -> Iterator[bytes]:
    return _filled(b"<sst>", b"<si><t>x</t></si>", b"</sst>", mebibytes)


def _filled(start: bytes, piece: bytes, end: bytes, mebibytes: int) -> Iterator[bytes]:
    yield start
    yield from repeat(piece * (made.MIB // len(piece)), mebibytes)
    yield end
