"""Tables of rows written as files, in every dress that an import takes."""

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

Rows = Sequence[Any]


def book(
    path: Path, sheets: Mapping[str, Rows], merge: Iterable[tuple[str, str]] = (), hidden: Sequence[str] = ()
) -> Path:
    """A workbook by xlsxwriter: text stays text, dates are dates; `merge` is (sheet, range), shown by its first."""
    import xlsxwriter

    out = xlsxwriter.Workbook(str(path), {"strings_to_numbers": False, "strings_to_formulas": False})
    day = out.add_format({"num_format": "yyyy-mm-dd"})
    made = {name: out.add_worksheet(name) for name in sheets}
    for name, rows in sheets.items():
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, dt.date):
                    made[name].write_datetime(number, column, dt.datetime.combine(cell, dt.time()), day)
                elif isinstance(cell, str):
                    made[name].write_string(number, column, cell)
                elif cell is not None:
                    made[name].write(number, column, float(cell) if isinstance(cell, Decimal) else cell)
    for name, where in merge:
        first = where.partition(":")[0]
        column, row = ord(first[0]) - 65, int(first[1:]) - 1
        made[name].merge_range(where, sheets[name][row][column])
    for name in hidden:
        made[name].hide()
        next(sheet for other, sheet in made.items() if other not in hidden).activate()
    out.close()
    return path


def xlsx(path: Path, rows: Rows, sheet: str = "销售") -> Path:
    """One sheet."""
    return book(path, {sheet: rows})


def xlsm(path: Path, rows: Rows) -> Path:
    """One sheet by openpyxl, in a workbook that may hold macros."""
    import openpyxl

    out = openpyxl.Workbook()
    sheet = out.active
    assert sheet is not None
    for row in rows:
        sheet.append([float(cell) if isinstance(cell, Decimal) else cell for cell in row])
    out.save(path)
    return path


def xls(path: Path, rows: Rows) -> Path:
    """One sheet of the old binary format."""
    import xlwt

    out = xlwt.Workbook()
    sheet = out.add_sheet("销售")
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            if isinstance(cell, dt.date):
                sheet.write(number, column, cell, day)
            elif cell is not None:
                sheet.write(number, column, float(cell) if isinstance(cell, Decimal) else cell)
    out.save(str(path))
    return path


def ods(path: Path, rows: Rows) -> Path:
    """One sheet of an OpenDocument spreadsheet."""
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import Table, TableCell, TableRow
    from odf.text import P

    out = OpenDocumentSpreadsheet()
    table = Table(name="销售")
    for row in rows:
        line = TableRow()
        for cell in row:
            if cell is None or cell == "":
                line.addElement(TableCell())
                continue
            if isinstance(cell, dt.date):
                made = TableCell(valuetype="date", datevalue=cell.isoformat())
            elif isinstance(cell, str):
                made = TableCell(valuetype="string")
            else:
                made = TableCell(valuetype="float", value=str(cell))
            made.addElement(P(text=str(cell)))
            line.addElement(made)
        table.addElement(line)
    out.spreadsheet.addElement(table)
    out.save(str(path))
    return path


def text(rows: Rows, sign: str = ",") -> str:
    """The rows as CSV text."""
    out = io.StringIO()
    csv.writer(out, delimiter=sign, lineterminator="\r\n").writerows(
        [["" if cell is None else cell for cell in row] for row in rows]
    )
    return out.getvalue()


def comma(path: Path, rows: Rows, encoding: str = "utf-8", sign: str = ",") -> Path:
    """A CSV."""
    path.write_bytes(text(rows, sign).encode(encoding))
    return path


DRESSES: dict[str, Callable[[Path, Rows], Path]] = {
    "xlsx": lambda folder, rows: xlsx(folder / "销售.xlsx", rows),
    "xlsm": lambda folder, rows: xlsm(folder / "销售.xlsm", rows),
    "xls": lambda folder, rows: xls(folder / "销售.xls", rows),
    "ods": lambda folder, rows: ods(folder / "销售.ods", rows),
    "utf-8": lambda folder, rows: comma(folder / "销售.csv", rows),
    "bom": lambda folder, rows: comma(folder / "销售.csv", rows, "utf-8-sig"),
    "gb18030": lambda folder, rows: comma(folder / "销售.csv", rows, "gb18030"),
    "utf-16": lambda folder, rows: comma(folder / "销售.csv", rows, "utf-16"),
    "semicolon": lambda folder, rows: comma(folder / "销售.csv", rows, "utf-8", ";"),
    "tab": lambda folder, rows: comma(folder / "销售.txt", rows, "gb18030", "\t"),
}
