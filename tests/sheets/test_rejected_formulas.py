"""A formula that was not worked out comes back as a blank, with what to do about it there."""

from pathlib import Path

import openpyxl

from tests.conftest import Run

HEAD = ["日期", "客户", "数量", "金额", "备注"]


def test_a_formula_not_worked_out_is_to_be_filled_in(ch: Run, tmp_path: Path) -> None:
    """Its cell is blank and marked; one that is not read is blank."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "5月"
    for row in (HEAD, ["2024-05-01", "甲乙丙", 1, 10, ""], ["2024-05-02", "丁戊己", 2, "=C3*50", "=A1"]):
        sheet.append(row)
    book.save(tmp_path / "sales.xlsx")
    assert ch("import", tmp_path / "sales.xlsx", "--partial").code == 1
    book = openpyxl.load_workbook(tmp_path / "sales.rejected.xlsx")
    sheet = book["5月"]
    said = "its formula was not worked out in the file: put the value in here"
    assert [cell.value for cell in sheet[2]] == ["2024-05-02", "丁戊己", 2, None, None, f"row 3: 金额: {said}"]
    comment = sheet["D2"].comment
    assert comment is not None
    assert comment.text == said
    marked = {cell.coordinate for row in sheet.iter_rows() for cell in row if cell.fill.fgColor.rgb == "FFF8CBAD"}
    assert marked == {"D2"}
    sheet["D2"] = 100
    book.save(tmp_path / "sales.rejected.xlsx")
    mended = ch("import", "sales.rejected.xlsx", "--format", "json")
    assert [(row["new"], row["net_sales"]) for row in mended.data["rows"]] == [(1, 100)]
