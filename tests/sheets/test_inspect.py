"""The second look: what a parser leaves out of a sheet is never taken for a blank or for 0."""

import datetime as dt
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelctl.errors import RefusedError
from channelctl.sheets.read import open_book
from channelctl.sheets.scan import Exact, Plain
from channelctl.sheets.traces import Traces
from tests.conftest import Run
from tests.sheets import made, written

HEAD = ["日期", "客户名称", "型号", "数量", "金额"]
DAY = dt.date(2024, 5, 3)


def line(customer: Any = "甲", net: Any = 100, day: Any = DAY, count: Any = 1) -> list[Any]:
    return [day, customer, "I9300", count, net]


def problems(data: Any) -> list[tuple[Any, ...]]:
    return [(p["code"], p["row"], p["column"], p["value"]) for p in data["problems"] if p["code"][0] == "E"]


def query(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(folder / "channel.db")) as found:
        return found.execute(sql).fetchall()


def rows_of(path: Path) -> list[list[Any]]:
    with open_book(path) as book:
        return made.trimmed(book.sheets[0].rows())


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made.xlsx(tmp_path_factory.mktemp("good") / "good.xlsx")


def asking(source: Path, target: Path, calculation: bytes) -> Path:
    """The workbook with this in place of what it says of its calculation."""
    import re

    def change(name: str, old: bytes) -> bytes:
        return re.sub(rb"<calcPr[^>]*/>", calculation, old) if name == "xl/workbook.xml" else old

    return made.bent(source, target, change)


# One cell of an xlsx: beside it stands a 7

CELLS: list[tuple[str, Any]] = [
    ("<v>5</v>", 5.0),
    ("<f>1+4</f><v>5</v>", 5.0),
    ("<f>1-1</f><v>0</v>", 0.0),
    ('<f t="shared" si="0"/><v>5</v>', 5.0),
    ("<f>1+4</f>", "=?"),
    ("<f>1+4</f><v/>", "=?"),
    ("<f>1+4</f><v />", "=?"),
    ("<f>1+4</f><v></v>", "=?"),
    ("<f>1+4</f>\n  <v> </v>\n", "=?"),
    ("<f/>", "=?"),
    ('<f t="shared" si="0"/>', "=?"),
    ('<f t="shared" ref="A1:A9" si="0">1+4</f>', "=?"),
    ("", ""),
    ("<v/>", ""),
]
KINDS: list[tuple[str, str, Any]] = [
    ("e", "<v>#N/A</v>", "#N/A"),
    ("e", "<f>NA()</f><v>#N/A</v>", "#N/A"),
    ("e", '<f t="shared" si="0"/><v>#DIV/0!</v>', "#DIV/0!"),
    ("e", "<f>A2&gt;B2</f><v>#REF!</v>", "#REF!"),
    ("e", "<f>NA()</f>", "=?"),
    ("e", "", "=?"),
    ("str", '<f>IF(1,"","x")</f><v></v>', ""),
    ("str", '<f>IF(1,"","x")</f><v/>', ""),
    ("str", "<f>T(1)</f>", "=?"),
    ("str", '<f>"a"</f><v>a</v>', "a"),
    ("b", "<f>1=1</f><v>1</v>", True),
    ("inlineStr", '<is><t>t="e" hidden="1"</t></is>', 't="e" hidden="1"'),
]
EVERY = [("", inside, value) for inside, value in CELLS] + KINDS
WAYS: dict[str, Callable[[str, str], str]] = {
    "plainly": lambda kind, inside: f'<row r="1"><c r="A1"{kind}>{inside}</c><c r="B1"><v>7</v></c></row>',
    "with a style": lambda kind, inside: f'<row r="1"><c r="A1" s="3"{kind}>{inside}</c><c r="B1"><v>7</v></c></row>',
    "in single quotes": lambda kind, inside: (
        f"<row r='1'><c r='A1'{kind}>{inside}</c><c r='B1'><v>7</v></c></row>".replace('t="e">', "t='e'>")
    ),
    "style first": lambda kind, inside: f'<row r="1"><c s="3" r="A1"{kind}>{inside}</c><c r="B1"><v>7</v></c></row>',
    "without places": lambda kind, inside: f"<row><c{kind}>{inside}</c><c><v>7</v></c></row>",
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("kind", "inside", "value"), EVERY)
def test_a_cell_without_a_value_is_no_blank(
    kind: str, inside: str, value: Any, way: str, good: Path, tmp_path: Path
) -> None:
    xml = WAYS[way](f' t="{kind}"' if kind else "", inside)
    path = made.with_sheet(good, tmp_path / "a.xlsx", xml.encode())
    assert rows_of(asking(path, tmp_path / "b.xlsx", b"")) == [[value, 7.0]]


def test_with_a_prefix_too(good: Path, tmp_path: Path) -> None:
    xml = (
        '<x:worksheet xmlns:x="http:' + "//schemas.openxmlformats.org/spreadsheetml/2006/main"
        '"><x:sheetData><x:row r="1" hidden="1"><x:c r="A1"><x:f>1</x:f></x:c><x:c r="B1" t="e"><x:v>#N/A</x:v></x:c>'
        '<x:c r="C1"><x:v>7</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    )
    path = made.bent(good, tmp_path / "a.xlsx", lambda name, old: xml.encode() if name == made.WORKSHEET else old)
    with open_book(path) as book:
        assert list(book.sheets[0].rows()) == [["=?", "#N/A", 7.0]]
        assert list(book.sheets[0].traces.hidden_rows) == [1]


@pytest.mark.parametrize(("asks", "value"), [(b'<calcPr fullCalcOnLoad="1"/>', "=?"), (b"<calcPr/>", 0.0)])
def test_a_zero_in_a_workbook_that_asks_to_be_worked_out_is_none(
    asks: bytes, value: Any, good: Path, tmp_path: Path
) -> None:
    xml = b'<row r="1"><c r="A1"><f>B1*2</f><v>0</v></c><c r="B1"><v>0</v></c><c r="C1"><f>1</f><v>1</v></c></row>'
    path = asking(made.with_sheet(good, tmp_path / "a.xlsx", xml), tmp_path / "b.xlsx", asks)
    assert rows_of(path) == [[value, 0.0, 1.0]]


def test_rows_and_columns_of_nothing_else_are_there_too(good: Path, tmp_path: Path) -> None:
    xml = (
        b'<row r="2"><c r="B2"><v>7</v></c><c r="D2"><f>1</f></c></row><row r="4"><c r="C4" t="e"><v>#N/A</v></c></row>'
    )
    with open_book(made.with_sheet(good, tmp_path / "a.xlsx", xml)) as book:
        (sheet,) = book.sheets
        assert made.trimmed(sheet.rows()) == [[], ["", 7.0, "", "=?"], [], ["", "", "#N/A"]]
        assert made.trimmed(sheet.rows()) == made.trimmed(sheet.rows())
        assert sheet.height == 4
    only = b'<row r="3"><c r="B3"><f>1</f></c></row>'
    assert rows_of(made.with_sheet(good, tmp_path / "b.xlsx", only)) == [[], [], ["", "=?"]]


# Both scans agree

PLACES = st.tuples(st.integers(1, 40), st.integers(1, 30))
INSIDES = st.sampled_from([(f' t="{kind}"' if kind else "", inside) for kind, inside, _value in EVERY])


def letters(column: int) -> str:
    return chr(64 + column) if column < 27 else "A" + chr(64 + column - 26)


def closed(inside: str) -> str:
    return f">{inside}</c>" if inside else "/>"


def seen(traces: Traces) -> tuple[Any, ...]:
    rows = [[cell for cell in row] for row in traces.over(iter(()), 0)]
    return rows, list(traces.hidden_rows), sorted(traces.hidden_columns), traces.filtered, traces.filled


@given(
    cells=st.dictionaries(PLACES, INSIDES, max_size=40),
    hidden=st.sets(st.integers(1, 40)),
    columns=st.sets(st.integers(1, 30), max_size=3),
    filtered=st.booleans(),
    uncalculated=st.booleans(),
    size=st.integers(1, 500),
)
def test_searching_finds_what_following_finds(
    cells: dict[tuple[int, int], tuple[str, str]],
    hidden: set[int],
    columns: set[int],
    filtered: bool,
    uncalculated: bool,
    size: int,
) -> None:
    body = "".join(
        f'<row r="{row}"{" hidden=" + chr(34) + "1" + chr(34) if row in hidden else ""} ht="15">'
        + "".join(
            f'<c r="{letters(column)}{row}"{cells[row, column][0]}' + closed(cells[row, column][1])
            for this, column in sorted(cells)
            if this == row
        )
        + "</row>"
        for row in sorted({row for row, _column in cells})
    )
    cols = "".join(f'<col min="{one}" max="{one + 1}" width="9" hidden="1"/>' for one in sorted(columns))
    after = '<autoFilter ref="A1:B9">' + "<filterColumn colId='0'/>" * filtered + "</autoFilter>"
    xml = f"<worksheet><cols>{cols}</cols><sheetData>{body}</sheetData>{after}</worksheet>".encode()
    plain, exact = Traces(), Traces()
    for scan in (Plain(plain, uncalculated), Exact(exact, uncalculated)):
        for start in range(0, len(xml), size):
            scan.feed(xml[start : start + size])
        scan.feed(b"", last=True)
    assert seen(plain) == seen(exact)
    assert exact.filtered == filtered


def test_a_large_sheet_is_looked_through_while_it_is_parsed(tmp_path: Path, good: Path) -> None:
    def pieces() -> Any:
        yield b"<worksheet><sheetData>"
        for first in range(1, 60_001, 1000):
            cells = b"".join(
                b'<row r="%d"%s><c r="A%d"><v>%d</v></c><c r="B%d"><f>A%d</f>%s</c></row>'
                % (row, b' hidden="1"' * (row % 7 == 0), row, row, row, row, b"<v>1</v>" * (row % 9999 != 0))
                for row in range(first, first + 1000)
            )
            yield cells
        yield b"</sheetData></worksheet>"

    path = made.swollen(good, tmp_path / "large.xlsx", made.WORKSHEET, pieces())
    with open_book(path) as book:
        (sheet,) = book.sheets
        unsaved = [number for number, row in enumerate(sheet.rows(), 1) if row[1] == "=?"]
        assert unsaved == [9999, 19998, 29997, 39996, 49995, 59994]
        assert list(sheet.traces.hidden_rows) == list(range(7, 60_001, 7))


def test_a_sheet_of_which_the_parser_sees_nothing_is_refused(good: Path, tmp_path: Path) -> None:
    twice = made.bent(
        good,
        tmp_path / "twice.xlsx",
        lambda name, old: old.replace(b"<sheetData>", b"<sheetData/><sheetData>") if name == made.WORKSHEET else old,
    )
    with zipfile_of(good) as archive:
        sheet = archive.read(made.WORKSHEET)
    elsewhere = made.bent(good, tmp_path / "wide.xlsx", moved)
    with zipfile_of(elsewhere, "a") as archive:
        archive.writestr("sheets/s.xml", sheet.decode().replace("UTF-8", "UTF-16").encode("utf-16"))
    cut = made.with_sheet(good, tmp_path / "cut.xlsx", b'<row r="1"><c r="A1"><v>1<!-- x -->2</v></c></row>')
    section = made.with_sheet(good, tmp_path / "cdata.xlsx", b"<row r='1'><c r='A1'><v><![CDATA[12]]></v></c></row>")
    for path in (twice, elsewhere, cut, section):
        with pytest.raises(RefusedError) as caught:
            rows_of(path)
        assert caught.value.message == f"{path.name}: sheet 数据 holds cells that cannot be read"
        assert caught.value.hint == "Open it in Excel and save it again."


def zipfile_of(path: Path, mode: Any = "r") -> Any:
    import zipfile

    return zipfile.ZipFile(path, mode)


def moved(name: str, old: bytes) -> bytes | None:
    """The workbook with its sheet in another folder."""
    if name == "xl/_rels/workbook.xml.rels":
        return old.replace(b"worksheets/sheet1.xml", b"/sheets/s.xml")
    return None if name == made.WORKSHEET else old


def test_a_sheet_in_another_folder_is_looked_through_too(good: Path, tmp_path: Path) -> None:
    path = made.bent(good, tmp_path / "a.xlsx", moved)
    sheet = b'<worksheet><sheetData><row r="1"><c r="A1"><f>1</f></c></row></sheetData></worksheet>'
    with zipfile_of(path, "a") as archive:
        archive.writestr("sheets/s.xml", sheet)
    assert rows_of(path) == [["=?"]]


# Formulas and errors, as somebody imports them


def test_a_formula_that_was_never_worked_out_refuses_its_row(ch: Run, tmp_path: Path) -> None:
    path = written.xlsm(tmp_path / "a.xlsm", [HEAD, line(net=5), line(net="=D3*100"), line("=A1")])
    done = ch("import", path, "--format", "json")
    assert (done.code, problems(done.data)) == (3, [("E209", 3, "E 金额", "=?"), ("E209", 4, "B 客户名称", "=?")])
    assert "a formula whose result is not in the file; open it in Excel, save it, import it again" in done.out
    done = ch("import", path, "--partial", "--format", "json")
    assert (done.code, done.data["rows"][0]["new"], done.data["rows"][0]["rejected"]) == (1, 1, 2)
    assert query(tmp_path, "select amount from sale_line") == [(50_000,)]


def test_a_column_of_such_formulas_is_said_once(ch: Run, tmp_path: Path) -> None:
    rows = [line(net=f"=D{number}*100") for number in range(2, 1_202)]
    path = written.xlsm(tmp_path / "a.xlsm", [HEAD, *rows])
    done = ch("import", path)
    lines = [said for said in done.out.splitlines() if "E209" in said]
    assert lines == [
        "  a.xlsm!Sheet!E2  E209  金额: a formula whose result is not in the file; open it in Excel, save it, import it"
        " again (and 1,199 rows more like this)",
        "  What a code means: channelctl explain E209",
    ]
    assert len(problems(ch("import", path, "--format", "json").data)) == 1_200
    assert done.code == 3


def test_a_formula_in_any_column_that_is_read_counts(ch: Run, tmp_path: Path) -> None:
    rows = [[*HEAD, "销售代表", "备注"], [*line(), "=A1", "=A1"], [*line(), "张三", "=A1"]]
    done = ch("import", written.xlsm(tmp_path / "a.xlsm", rows), "--format", "json")
    assert (done.code, problems(done.data)) == (3, [("E209", 2, "F 销售代表", "=?")])


def test_a_sheet_of_formulas_only_is_refused_whole(ch: Run, tmp_path: Path) -> None:
    rows = [[f"=Data!{column}{row}" for column in "ABCDE"] for row in range(2, 5)]
    done = ch("import", written.xlsm(tmp_path / "a.xlsm", [HEAD, *rows]), "--format", "json")
    assert done.code == 3
    assert sorted({row for _code, row, _column, _value in problems(done.data)}) == [2, 3, 4]
    assert not (tmp_path / "channel.db").exists()


def test_formulas_filled_down_below_the_last_record_are_none(ch: Run, tmp_path: Path) -> None:
    filled = [["", "", "", "", f"=D{row}*100"] for row in range(3, 30)]
    done = ch("import", written.xlsm(tmp_path / "a.xlsm", [HEAD, line(), *filled]), "--format", "json")
    assert (done.code, problems(done.data)) == (0, [])
    assert (done.data["rows"][0]["new"], done.data["rows"][0]["skipped"]) == (1, 27)


def test_a_row_whose_day_failed_is_no_remark(ch: Run, tmp_path: Path) -> None:
    path = written.xlsm(tmp_path / "a.xlsm", [HEAD, line(), ["=TODAY()", "乙", "", "", "=D3*100"]])
    done = ch("import", path, "--format", "json")
    assert (done.code, problems(done.data)) == (3, [("E209", 3, "A 日期", "=?"), ("E209", 3, "E 金额", "=?")])


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!"])
@pytest.mark.parametrize("place", range(5))
def test_an_error_in_any_cell_that_is_read_refuses_its_row(error: str, place: int, ch: Run, tmp_path: Path) -> None:
    bad = line()
    bad[place] = error
    path = written.xlsm(tmp_path / "a.xlsm", [HEAD, line(net=5), bad])
    assert b't="e"' in zipfile_of(path).read("xl/worksheets/sheet1.xml")
    done = ch("import", path, "--format", "json")
    assert (done.code, problems(done.data)) == (3, [("E208", 3, f"{'ABCDE'[place]} {HEAD[place]}", error)])


def test_the_rejected_rows_show_the_error(ch: Run, tmp_path: Path) -> None:
    path = written.xlsm(tmp_path / "a.xlsm", [HEAD, line(), line(net="#N/A"), line(net="=D4")])
    assert ch("import", path, "--partial").code == 1
    kept = [row[4] for row in rows_of(tmp_path / "a.rejected.xlsx")[1:]]
    assert [str(cell).lstrip("'") for cell in kept] == ["#N/A", "=?"]
    again = ch("import", tmp_path / "a.rejected.xlsx", "--format", "json")
    assert [code for code, *_where in problems(again.data)] == ["E208", "E209"]


# Other workbooks

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
    assert rows_of(ods(tmp_path, blank + row)) == [[], [], [], [value, 7.0]]


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
            rows_of(bad)
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
    assert rows_of(tmp_path / "a.xls") == [[7, "#DIV/0!"]]


# Hidden rows, columns, filters

HIDDEN = [HEAD, *(line(f"客户{number}") for number in range(6))]


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
    assert done.err.splitlines() == [f"new database: {tmp_path / 'channel.db'}", *said]
    assert query(tmp_path, "select count(*), sum(amount) from sale_line") == [(6, 6_000_000)]


# Days counted from 1904

SERIAL = (DAY - dt.date(1904, 1, 1)).days


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
    path = make(tmp_path / f"a.{ending}", [HEAD, line(day=SERIAL), line(day=SERIAL + 1)])
    assert ch("import", path).code == 0
    assert query(tmp_path, "select date from sale_line order by 1") == [("2024-05-03",), ("2024-05-04",)]


# Days that are none, and numbers cut short


def test_impossible_days_are_said_row_by_row_in_one_run(ch: Run, tmp_path: Path) -> None:
    days = ["2018-02-29", "2024-04-31", "2024/13/5", "0000-00-00", "2024-05-03", "2024年2月30日", "20240431", 60]
    done = ch("import", written.xlsx(tmp_path / "a.xlsx", [HEAD, *(line(day=day) for day in days)]), "--format", "json")
    assert done.code == 3
    assert problems(done.data) == [
        ("E202", row, "A 日期", str(day)) for row, day in enumerate(days, 2) if day != "2024-05-03"
    ]


@pytest.mark.parametrize(
    "cell", ["2024-05-03T08:00:00Z", "2024-05-03 08:00:00.000", "2024-05-03 24:00", "2024/5/3 0:00"]
)
def test_a_time_of_day_does_not_matter(cell: str, ch: Run, tmp_path: Path) -> None:
    assert ch("import", written.xlsx(tmp_path / "a.xlsx", [HEAD, line(day=cell)])).code == 0
    assert query(tmp_path, "select date from sale_line") == [("2024-05-03",)]


def test_a_code_kept_as_a_number_of_more_than_15_digits_is_refused(ch: Run, tmp_path: Path) -> None:
    head = [*HEAD, "单据编号", "客户编码"]
    rows = [
        [*line(), 202405030000000123, "C1"],
        [*line(), "202405030000000123", "320102199001011234"],
        [*line(), 20240503000123, 320102199001011234],
    ]
    done = ch("import", written.xlsx(tmp_path / "a.xlsx", [head, *rows]), "--format", "json")
    assert (done.code, problems(done.data)) == (
        3,
        [("E210", 2, "F 单据编号", "2.0240503E+17"), ("E210", 4, "G 客户编码", "3.20102199001011E+17")],
    )
    assert ch("import", tmp_path / "a.xlsx", "--partial").code == 1
    assert query(tmp_path, "select s.document, c.code from sale_line s join customer c on c.id = s.customer_id") == [
        ("202405030000000123", "320102199001011234")
    ]


@pytest.mark.parametrize("code", ["2.02405E+17", "1.00E+05", "2.02405030000000e+17"])
def test_so_is_one_that_a_csv_keeps_as_excel_shows_it(code: str, ch: Run, tmp_path: Path) -> None:
    path = written.comma(tmp_path / "a.csv", [[*HEAD, "单据编号"], [*line(), code], [*line(), "SO1"]])
    done = ch("import", path, "--format", "json")
    assert (done.code, problems(done.data)) == (3, [("E210", 2, "F 单据编号", code)])
