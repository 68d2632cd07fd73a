"""Refused rows come back as a workbook: as they were, marked, ready to be mended and imported."""

import datetime as dt
from pathlib import Path

import openpyxl

from tests.conftest import Run

HEAD = ["日期", "客户编码", "客户", "数量", "金额"]


def workbook(path: Path, rows: list[list[object]]) -> Path:
    """A sheet with a title that says 万元."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "5月"
    for row in (["5月销售", "", "", "", "单位：万元"], HEAD, *rows):
        sheet.append(row)
    book.save(path)
    return path


def test_mend_and_import(ch: Run, tmp_path: Path) -> None:
    """The bad rows alone, with title, heading and reasons; corrected there, they go in."""
    file = workbook(
        tmp_path / "sales.xlsx",
        [
            [dt.datetime(2024, 5, 1), "00123", "甲", 3, 1.5],
            ["2024-05-32", "00124", "-乙[red]", 2, 0.25],
            [dt.datetime(2024, 5, 3), "00125", "丙", "三台", "贰"],
        ],
    )
    done = ch("import", file, "--partial")
    assert done.code == 1
    assert "Rejected rows: sales.rejected.xlsx. Correct them there and import that file.\n" in done.out
    book = openpyxl.load_workbook(tmp_path / "sales.rejected.xlsx")
    sheet = book["5月"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0][:5] == ["5月销售", None, None, None, "单位：万元"]
    assert rows[1] == [*HEAD, "Problem"]
    assert rows[2] == [
        "2024-05-32", "00124", "-乙[red]", 2, 0.25,
        "row 4: 日期: 2024-05-32 is not a date; dates are written like 2024-05-03",
    ]  # fmt: skip
    assert rows[3][:5] == [dt.datetime(2024, 5, 3), "00125", "丙", "三台", "贰"]
    assert [cell.data_type for cell in sheet[3]][:3] == ["s", "s", "s"]
    marked = {cell.coordinate for row in sheet.iter_rows() for cell in row if cell.fill.fgColor.rgb == "FFF8CBAD"}
    assert marked == {"A3", "D4", "E4"}
    sheet["A3"], sheet["D4"], sheet["E4"] = dt.datetime(2024, 5, 31), 3, 2
    book.save(tmp_path / "sales.rejected.xlsx")
    mended = ch("import", "sales.rejected.xlsx", "--format", "json")
    assert mended.code == 0
    assert [(row["new"], row["net_sales"]) for row in mended.data["rows"]] == [(2, 22500)]
    assert ch("tier", "--all-time", "--format", "json").data["totals"]["net_sales"] == 37500


def test_the_file_being_mended_is_never_overwritten(ch: Run, tmp_path: Path) -> None:
    """What is still bad goes into a file of the next free name."""
    file = workbook(tmp_path / "sales.xlsx", [["?", "1", "甲", 1, 1], ["!", "2", "乙", 1, 1]])
    assert ch("import", file, "--partial").code == 1
    first = (tmp_path / "sales.rejected.xlsx").read_bytes()
    again = ch("import", "sales.rejected.xlsx", "--partial")
    assert again.code == 1
    assert again.out.endswith("sales.rejected.xlsx: no row of it could be taken; nothing was written.\n")
    assert (tmp_path / "sales.rejected.xlsx").read_bytes() == first
    assert (tmp_path / "sales.rejected-2.xlsx").exists()


def test_nothing_is_written_by_a_refusal_or_a_dry_run(ch: Run, tmp_path: Path) -> None:
    """Only --partial makes the file."""
    file = workbook(tmp_path / "sales.xlsx", [["?", "1", "甲", 1, 1], [dt.datetime(2024, 5, 1), "2", "乙", 1, 1]])
    assert ch("import", file).code == 3
    assert ch("import", file, "--partial", "--dry-run").code == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["sales.xlsx"]
