"""Files made for the tests of reading: honest ones by the usual writers, and bent ones."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

WORKSHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
MIB = 1 << 20
Cells = Mapping[tuple[int, int], Any]

# Data that start at C5, with a gap below and a second column that ends earlier; keys are (row, column) from 0.
FROM_C5: Cells = {(4, 2): "客户", (4, 3): "金额", (5, 2): "苏宁", (5, 3): 12.5, (7, 2): "国美"}
FROM_C5_ROWS = [[], [], [], [], ["", "", "客户", "金额"], ["", "", "苏宁", 12.5], [], ["", "", "国美"]]


def xlsx(path: Path, cells: Cells = FROM_C5, merge: str = "", more: Sequence[str] = (), hidden: str = "") -> Path:
    """One sheet “数据” with these cells, then empty sheets; a sheet named “chart” holds a chart only."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("数据")
    for (row, column), value in cells.items():
        sheet.write(row, column, value)
    if merge:
        sheet.merge_range(merge, "合并")
    for name in more:
        if name == "chart":
            chart = book.add_chart({"type": "column"})
            chart.add_series({"values": "=数据!$D$6:$D$6"})
            book.add_chartsheet(name).set_chart(chart)
        else:
            book.add_worksheet(name)
    if hidden:
        book.get_worksheet_by_name(hidden).hide()
        book.worksheets_objs[-1].activate()
    book.close()
    return path


def xls(path: Path, cells: Cells = FROM_C5, merge: tuple[int, int, int, int] | None = None) -> Path:
    """A real BIFF file with the sheet “数据”."""
    import xlwt

    book = xlwt.Workbook()
    sheet = book.add_sheet("数据")
    for (row, column), value in cells.items():
        sheet.write(row, column, value)
    if merge:
        first_row, first_column, last_row, last_column = merge
        sheet.write_merge(first_row, last_row, first_column, last_column, "合并")
    book.save(str(path))
    return path


def ods(path: Path, cells: Cells = FROM_C5) -> Path:
    """A spreadsheet by odfpy: gaps are repeated cells and rows, as office programs write them."""
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import Table, TableCell, TableRow
    from odf.text import P

    document = OpenDocumentSpreadsheet()
    table = Table(name="数据")
    at = 0
    for number in sorted({row for row, _column in cells}):
        if number > at:
            table.addElement(TableRow(numberrowsrepeated=number - at))
        row, place = TableRow(), 0
        for column, value in sorted((column, value) for (this, column), value in cells.items() if this == number):
            if column > place:
                row.addElement(TableCell(numbercolumnsrepeated=column - place))
            text = isinstance(value, str)
            cell = TableCell(valuetype="string") if text else TableCell(valuetype="float", value=value)
            cell.addElement(P(text=str(value)))
            row.addElement(cell)
            place = column + 1
        table.addElement(row)
        at = number + 1
    document.spreadsheet.addElement(table)
    document.save(str(path))
    return path


def bent(source: Path, target: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """The zip again, each member as `change` returns it, without those for which it returns None."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if (content := change(name, old.read(name))) is not None:
                new.writestr(name, content)
    return target


def with_sheet(source: Path, target: Path, sheet_data: bytes, prefix: bytes = b"") -> Path:
    """The workbook with this instead of what stands inside `sheetData`."""
    xml = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
    return bent(source, target, lambda name, old: prefix + xml % sheet_data if name == WORKSHEET else old)


def swollen(source: Path, target: Path, member: str, pieces: Iterable[bytes]) -> Path:
    """The workbook with one member written from pieces, which need not fit into memory."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name != member:
                new.writestr(name, old.read(name))
        with new.open(member, "w") as out:
            for piece in pieces:
                out.write(piece)
    return target


def understated(path: Path, member: str) -> None:
    """Let the directory claim that the member unpacks to a few bytes, with a checksum that fits them."""
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo(member)
        with archive.open(member) as opened:
            start = opened.read(100)
    content = bytearray(path.read_bytes())
    at = content.rindex(b"PK\1\2")
    while content[at + 46 : at + 46 + len(member)] != member.encode():
        at = content.rindex(b"PK\1\2", 0, at)
    content[at + 16 : at + 20] = struct.pack("<I", zlib.crc32(start))
    content[at + 24 : at + 28] = struct.pack("<I", len(start))
    assert info.file_size > len(start)
    path.write_bytes(content)


def zipped(members: Mapping[str, bytes]) -> bytes:
    """A zip file with these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def ole(*names: str) -> bytes:
    """The start of an old Office file with these streams named in its directory."""
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + b"\0" * 504
        + b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in ("Root Entry", *names))
    )


def trimmed(rows: Iterable[Sequence[Any]]) -> list[list[Any]]:
    """Rows without the blanks at their ends: formats differ in how far they fill up."""
    rows_out = []
    for row in rows:
        cells = list(row)
        while cells and cells[-1] == "":
            cells.pop()
        rows_out.append(cells)
    return rows_out


def rows_of(path: Path, **options: Any) -> list[list[Any]]:
    """What is read of the one sheet of a file."""
    from channelctl.sheets.read import open_book

    with open_book(path, **options) as book:
        (sheet,) = book.sheets
        return trimmed(sheet.rows())
