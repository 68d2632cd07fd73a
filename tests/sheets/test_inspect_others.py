"""The second look at workbooks of OpenDocument and of the old binary format."""

from pathlib import Path
from typing import Any

import pytest

from channelctl.errors import RefusedError
from channelctl.sheets.read import open_book
from tests.sheets import made

OPEN = (
    '<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x" xmlns:calcext="c"><office:body>'
    '<office:spreadsheet>{before}<table:table table:name="a">{rows}</table:table></office:spreadsheet></office:body>'
    "</office:document-content>"
)
SEVEN = '<table:table-cell office:value-type="float" office:value="7"><text:p>7</text:p></table:table-cell>'


def ods(tmp_path: Path, rows: str, before: str = "") -> Path:
    content = OPEN.format(rows=rows, before=before).encode()
    return made.bent(
        made.ods(tmp_path / "good.ods"),
        tmp_path / "a.ods",
        lambda name, old: content if name == "content.xml" else old,
    )


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (
            'table:formula="of:=NA()" office:value-type="string" calcext:value-type="error"><text:p>#N/A</text:p>',
            "#N/A",
        ),
        ('table:formula="of:=NA()" office:value-type="float" office:value="0"><text:p>#N/A</text:p>', "#N/A"),
        (
            'table:formula="of:=X()" office:value-type="string" calcext:value-type="error"><text:p>Err:508</text:p>',
            "#VALUE!",
        ),
        ('table:formula="of:=1">', "=?"),
        ('table:formula="of:=1" office:value-type="float">', "=?"),
        ('table:formula="of:=1" office:value-type="float" office:value="1"><text:p>1</text:p>', 1.0),
        ('table:formula="of:=&quot;&quot;" office:value-type="string"><text:p/>', ""),
        ('table:formula="of:=&quot;&quot;"><text:p/>', ""),
        ('office:value-type="string"><text:p>#N/A</text:p>', "#N/A"),
        (">", ""),
    ],
)
def test_a_cell_of_an_ods(cell: str, value: Any, tmp_path: Path) -> None:
    row = f"<table:table-row><table:table-cell {cell}</table:table-cell>{SEVEN}</table:table-row>"
    blank = '<table:table-row table:number-rows-repeated="3"/>'
    assert made.rows_of(ods(tmp_path, blank + row)) == [[], [], [], [value, 7.0]]


def test_hidden_rows_and_columns_of_an_ods(tmp_path: Path) -> None:
    columns = '<table:table-column/><table:table-column table:visibility="collapse" table:number-columns-repeated="2"/>'
    rows = "".join(
        f'<table:table-row table:number-rows-repeated="{times}" table:visibility="{how}">{SEVEN}</table:table-row>'
        for times, how in ((1, "visible"), (2, "filter"), (1, "visible"), (1, "collapse"))
    )
    with open_book(ods(tmp_path, columns + rows)) as book:
        traces = book.sheets[0].traces
    assert (list(traces.hidden_rows), traces.hidden_columns, traces.filtered) == ([2, 3, 5], [(2, 3)], True)


def test_what_makes_no_sense_is_damaged(good: Path, tmp_path: Path) -> None:
    columns = '<table:table-column table:number-columns-repeated="x"/>'
    xml = b"<worksheet><cols><col hidden='1'/></cols><sheetData><row><c><v>1</v></c></row></sheetData></worksheet>"
    path = made.bent(good, tmp_path / "a.xlsx", lambda name, old: xml if name == made.WORKSHEET else old)
    for bad in (ods(tmp_path, columns + f"<table:table-row>{SEVEN}</table:table-row>"), path):
        with pytest.raises(RefusedError) as caught:
            made.rows_of(bad)
        assert caught.value.message == f"{bad.name} is damaged and cannot be read"


@pytest.mark.parametrize("size", [1, 3_000], ids=["in small sectors", "in large ones"])
def test_an_xls(size: int, tmp_path: Path) -> None:
    import xlwt

    book = xlwt.Workbook()
    other, sheet = book.add_sheet("别的"), book.add_sheet("销售")
    for row in range(size):
        sheet.write(row, 0, row + 0.5)
    sheet.row(size).set_cell_error(2, 0x2A)
    sheet.row(size).write(0, "x")
    sheet.row(size + 1).set_cell_error(0, 0x07)
    sheet.row(size).hidden = sheet.row(size + 5).hidden = sheet.col(1).hidden = True
    other.write(0, 0, 1)
    book.save(str(tmp_path / "a.xls"))
    with open_book(tmp_path / "a.xls") as found:
        first, second = found.sheets
        assert list(second.rows())[size:] == [["x", "", "#N/A"], ["#DIV/0!", "", ""]]
        assert (list(second.traces.hidden_rows), second.traces.hidden_columns) == ([size + 1], [(2, 2)])
        assert list(first.rows()) == [[1]]
        assert list(first.traces.hidden_rows) == []


def test_a_formula_of_an_xls_that_failed(tmp_path: Path) -> None:
    import struct

    import xlwt

    book = xlwt.Workbook()
    sheet = book.add_sheet("a")
    sheet.write(0, 0, 7)
    sheet.write(0, 1, xlwt.Formula("1/0"))
    book.save(str(tmp_path / "a.xls"))
    content = (tmp_path / "a.xls").read_bytes()
    saved = struct.pack("<Q", 0xFFFF000000000003)
    assert content.count(saved) == 1
    (tmp_path / "a.xls").write_bytes(content.replace(saved, struct.pack("<BxBxxxH", 2, 0x07, 0xFFFF)))
    assert made.rows_of(tmp_path / "a.xls") == [[7, "#DIV/0!"]]
