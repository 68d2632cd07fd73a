"""What a workbook says of its rows and days: hidden ones, and the year it counts from."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run
from tests.sheets import made, written
from tests.sheets.lines import SIMPLE, line, query
from tests.tables import address

# Hidden rows, columns, filters

HIDDEN = [SIMPLE, *(line(customer=f"客户{number}") for number in range(6))]


def hidden(path: Path, rows: tuple[int, ...], columns: str = "", filtered: bool = False) -> Path:
    import openpyxl

    written.xlsm(path, HIDDEN)
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    for row in rows:
        sheet.row_dimensions[row].hidden = True
    for column in columns:
        sheet.column_dimensions[column].hidden = True
    if filtered:
        sheet.auto_filter.ref = "A1:E7"
        sheet.auto_filter.add_filter_column(1, ["客户1"])
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("rows", "columns", "filtered", "said"),
    [
        ((3,), "", False, ["Sheet: 1 hidden row is read too"]),
        ((3, 5, 6), "", False, ["Sheet: 3 hidden rows are read too"]),
        ((3, 5), "", True, ["Sheet: 2 hidden rows are read too (a filter is on)"]),
        ((), "", True, []),
        ((1,), "", False, []),
        ((9, 12), "", False, []),
        ((), "D", False, ["Sheet: a hidden column is read too: 数量"]),
        ((), "BD", False, ["Sheet: hidden columns are read too: 客户名称, 数量"]),
        ((), "H", False, []),
        ((), "", False, []),
    ],
)
def test_what_is_hidden_is_read_and_said(
    rows: tuple[int, ...], columns: str, filtered: bool, said: list[str], ch: Run, tmp_path: Path
) -> None:
    done = ch("import", hidden(tmp_path / "a.xlsx", rows, columns, filtered))
    assert done.code == 0
    assert done.err.splitlines() == [f"new database: {address(tmp_path / 'channel.db')}", *said]
    assert query(tmp_path, "select count(*), sum(amount) from sale_line") == [(6, 6_000_000)]


# Days counted from 1904

SERIAL = (dt.date(2024, 5, 3) - dt.date(1904, 1, 1)).days


def of_1904_xlsx(path: Path, rows: list[list[Any]]) -> Path:
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path), {"date_1904": True})
    sheet = book.add_worksheet("销售")
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return path


def of_1904_xls(path: Path, rows: list[list[Any]]) -> Path:
    import xlwt

    book = xlwt.Workbook()
    book.dates_1904 = True
    sheet = book.add_sheet("销售")
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            sheet.write(number, column, cell)
    book.save(str(path))
    return path


def of_1904_ods(path: Path, rows: list[list[Any]]) -> Path:
    def change(name: str, old: bytes) -> bytes:
        start = (
            b'<table:calculation-settings><table:null-date table:date-value="1904-01-01"/></table:calculation-settings>'
        )
        return old.replace(b"<office:spreadsheet>", b"<office:spreadsheet>" + start) if name == "content.xml" else old

    return made.bent(written.ods(path.with_name("plain.ods"), rows), path, change)


@pytest.mark.parametrize("make", [of_1904_xlsx, of_1904_xls, of_1904_ods])
def test_bare_serials_count_from_the_workbook_s_own_day(
    make: Callable[[Path, list[list[Any]]], Path], ch: Run, tmp_path: Path
) -> None:
    ending = make.__name__.rpartition("_")[2]
    path = make(tmp_path / f"a.{ending}", [SIMPLE, line(day=SERIAL), line(day=SERIAL + 1)])
    assert ch("import", path).code == 0
    assert query(tmp_path, "select date from sale_line order by 1") == [("2024-05-03",), ("2024-05-04",)]
