"""A report as a workbook, read back by another library."""

import datetime as dt
import io
import re
import warnings
import zipfile
from typing import Any

import pytest

from channelctl.errors import RefusedError
from channelctl.report import Table, xlsx
from tests.report.rows import LINES, Sum, bare, line, report

DAY = dt.datetime(2024, 5, 3)


def read(data: bytes) -> Any:
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl knows no data bars of Excel 2010
        return load_workbook(io.BytesIO(data))


def xml(data: bytes, part: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        return book.read(part).decode()


def test_the_sheet_holds_real_numbers_and_dates() -> None:
    sheet = read(xlsx.render(report())).worksheets[0]
    assert [[cell.value for cell in row] for row in sheet.iter_rows(max_col=11)] == [
        ["Lines · May 2024", *[None] * 10],
        [None] * 11,
        ["#", "Code", "Customer", "Net sales (CNY)", "Share", "Units", "Since", "Core", "Class", "Tier", "Remark"],
        [1, "C00001", "南京苏宁电器有限公司", 12345.678, 0.8, 1204, DAY, "yes", "V1", "A", "first"],
        [2, "00123", "Lee & Sons", 2469.1356, 0.16, 3.25, None, "no", None, "B", None],
        [3, "C00003", None, -0.5, None, None, None, None, None, "C", None],
        [None, "total", None, 14814.3136, *[None] * 7],
        [None] * 11,
        ["1 line names no customer", *[None] * 10],
        ["All is said.", *[None] * 10],
    ]
    assert [sheet.cell(4, place).number_format for place in (1, 4, 5, 6, 7)] == [
        "#,##0", "#,##0.00", "0.0%", "#,##0", "yyyy-mm-dd",
    ]  # fmt: skip
    assert sheet.cell(5, 6).number_format == "#,##0.00##"


def test_the_sheet_is_ready_to_work_with() -> None:
    sheet = read(xlsx.render(report())).worksheets[0]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A4", "A3:K6")
    assert sheet["A3"].font.b and sheet["D7"].font.b and not sheet["D6"].font.b
    assert sheet.column_dimensions["C"].width == pytest.approx(22, abs=1)
    rules = {str(place.sqref): [rule.type for rule in place.rules] for place in sheet.conditional_formatting}
    below = {place: ["cellIs"] for place in ("D4:D6", "F4:F6")}
    assert rules == below | {"E4:E6": ["cellIs", "dataBar"], "J4:J6": ["cellIs"] * 3}


def test_it_prints_on_a4_across_one_page_wide_with_room_for_its_remarks() -> None:
    long = "a remark that is longer than the table is wide " * 3
    narrow, wide = (read(xlsx.render(bare(line(), closing=[text]))).worksheets[0] for text in ("", long))
    assert (narrow.page_setup.paperSize, narrow.page_setup.orientation) == ("9", "landscape") or (
        narrow.page_setup.paperSize,
        narrow.page_setup.orientation,
    ) == (9, "landscape")
    assert narrow.sheet_properties.pageSetUpPr.fitToPage
    assert narrow.print_title_rows == "$3:$3"
    columns = [sheet.print_area.rpartition("$")[0].rpartition("$")[0] for sheet in (narrow, wide)]
    assert columns[0] <= columns[1]


@pytest.mark.parametrize(("rows", "high"), [(1, 1), (40, 1), (60, 0)])
def test_few_rows_are_one_page_and_many_as_many_as_they_take(rows: int, high: int) -> None:
    sheet = read(xlsx.render(bare(*[line()] * rows))).worksheets[0]
    found = sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight
    assert tuple(1 if one is None else int(one) for one in found) == (1, high)


def test_columns_that_nobody_asked_for_are_folded_away_under_a_sign_of_their_own() -> None:
    from io import BytesIO

    data = BytesIO()
    book = xlsx.workbook(data)
    sheet = book.add_worksheet("x")
    xlsx.table_sheet(sheet, xlsx.formats(book), xlsx.main_table(report()), report().totals, (), {"customer", "amount"})
    book.close()
    back = read(data.getvalue()).worksheets[0]
    hidden = [letter for letter, one in back.column_dimensions.items() if one.hidden]
    assert hidden
    assert not back.column_dimensions["A"].hidden and not back.column_dimensions["C"].hidden
    assert back["C7"].value == "total"


def test_each_section_has_a_sheet_of_its_own() -> None:
    book = read(xlsx.render(report()))
    assert book.sheetnames == ["Lines · May 2024", "Tiers"]
    assert [cell.value for cell in book["Tiers"][4]] == ["A", 12345.678]


@pytest.mark.usefixtures("chinese")
def test_chinese_headings_name_the_currency_as_import_reads_it() -> None:
    sheet = read(xlsx.render(report())).worksheets[0]
    assert [cell.value for cell in sheet[3]][3:5] == ["净销售额（元）", "占比"]
    assert sheet["B7"].value == "合计"


@pytest.mark.parametrize(
    "payload",
    ["=1+1", '=HYPERLINK("http://x","y")', "+1", "-1", "@A1", "http://x.cn", "{=1}", "00123", "_x001B_"],
)
def test_text_stays_text(payload: str) -> None:
    data = xlsx.render(bare(line(payload), closing=[payload]))
    sheet = read(data).worksheets[0]
    assert sheet["C4"].value == payload
    assert "<f>" not in xml(data, "xl/worksheets/sheet1.xml")
    assert "hyperlink" not in xml(data, "xl/worksheets/sheet1.xml")
    assert 't="s"' in re.findall(r'<c r="C4"[^>]*>', xml(data, "xl/worksheets/sheet1.xml"))[0]


def test_control_characters_are_left_out() -> None:
    sheet = read(xlsx.render(bare(line("a\x1b[2Jb\x00\u202ec\nd\ufffe")))).worksheets[0]
    assert sheet["C4"].value == "a[2Jbc d"


def test_a_text_longer_than_a_cell_is_cut_and_says_so() -> None:
    value = read(xlsx.render(bare(line("x" * 40_000)))).worksheets[0]["C4"].value
    assert len(value) == 32_767 and value.endswith("x…")


def test_more_rows_than_a_sheet_holds_are_refused() -> None:
    with pytest.raises(RefusedError, match="1,048,576 rows are more than"):
        xlsx.render(bare(*[LINES[0]] * 1_048_576))


def test_dates_before_a_workbook_knows_days_are_text() -> None:
    assert read(xlsx.render(bare(line(since=dt.date(1899, 1, 1))))).worksheets[0]["G4"].value == "1899-01-01"


def test_the_same_report_makes_the_same_bytes() -> None:
    assert xlsx.render(report()) == xlsx.render(report())
    assert xlsx.render(report()) != xlsx.render(report(closing=["Other."]))


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Sales [a]/b\\c:d*e?f", "Sales a b c d e f"),
        ("'quoted'", "quoted"),
        ("History", "History_"),
        ("", "report"),
        ("x" * 40, "x" * 31),
        ("ABC by net sales · May 2024 · 123 customers", "ABC by net sales · May 2024"),
        ("😀" * 20, "😀" * 15),
        ("Products at customers by the state of stock", "Products at customers by the…"),
        ("Products at customers by it all x", "Products at customers by it all"),
        ("a " + "x" * 40, "a " + "x" * 29),
        ("a\x00b", "ab"),
    ],
)
def test_sheet_names(title: str, name: str) -> None:
    assert xlsx.sheet_name(title, set()) == name


def test_sheet_names_are_told_apart() -> None:
    taken: set[str] = set()
    assert [xlsx.sheet_name("Tiers" + "x" * 40, taken) for _n in range(3)] == [
        "Tiers" + "x" * 26, "Tiers" + "x" * 24 + " 2", "Tiers" + "x" * 24 + " 3",
    ]  # fmt: skip
    assert xlsx.sheet_name("TIERS" + "x" * 26, taken).endswith(" 4")


def test_an_empty_report_is_a_workbook_too() -> None:
    sheet = read(xlsx.render(bare(notes=["no sales"], sections={"tiers": Table(Sum, [])}))).worksheets[0]
    assert sheet["C3"].value == "Customer"
    assert sheet["A6"].value == "no sales"


def test_totals_of_no_column_make_no_row() -> None:
    sheet = read(xlsx.render(bare(*LINES, totals={"customers": 3}))).worksheets[0]
    assert sheet.max_row == 6
