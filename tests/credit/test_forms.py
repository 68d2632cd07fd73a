"""The forms of a survey and an application: a page to print, and a sheet to bring what was written on it."""

import openpyxl
import pytest

from channelctl import i18n
from channelctl.columns import Col
from channelctl.records import kinds
from tests.conftest import Run
from tests.credit.granting import begin, by
from tests.making import report

SIGNED = ("Filled in by: signature, date", "Checked by: signature, date", "Company stamp")
PAGES = [("credit-investigation", "credit investigation", 24), ("credit-application", "credit application", 14)]


@pytest.mark.parametrize(("kind", "title", "fields"), PAGES)
def test_a_form_is_one_upright_page_with_a_line_for_each_field(ch: Run, kind: str, title: str, fields: int) -> None:
    assert ch("template", kind, "-o", "form.xlsx").code == 0
    page = openpyxl.load_workbook("form.xlsx")["Blank form"]
    setup = page.page_setup
    assert (setup.orientation, setup.paperSize) == ("portrait", 9)
    # One page by one is what a workbook means that says nothing else.
    assert (setup.fitToWidth, setup.fitToHeight) == (None, None)
    assert page.sheet_properties.pageSetUpPr.fitToPage
    lines = [page.cell(row, 1).value for row in range(1, page.max_row + 1)]
    known = kinds()[kind.replace("-", "_")].columns.values()
    assert lines == [
        title,
        *(f"{place}. {_label(col)}{' *' * col.required}" for place, col in enumerate(known, 1)),
        "* must be filled in",
        *SIGNED,
    ]
    assert len(lines) == fields + 2 + len(SIGNED)
    assert page.print_area == f"'Blank form'!$A$1:$B${len(lines)}"


def test_whoever_answers_for_a_form_signs_it_in_a_box_of_its_own(ch: Run) -> None:
    assert ch("template", "credit-application", "-o", "form.xlsx").code == 0
    page = openpyxl.load_workbook("form.xlsx")["Blank form"]
    for row in range(page.max_row - len(SIGNED) + 1, page.max_row + 1):
        assert (page.cell(row, 2).value, page.cell(row, 2).border.bottom.style) == (None, "thin")
        assert page.row_dimensions[row].height > page.row_dimensions[2].height


def _label(col: Col) -> str:
    return f"{col.label} (CNY)" if col.kind == "money" else col.label


def test_what_is_to_be_chosen_from_stands_in_its_box(ch: Run) -> None:
    assert ch("template", "credit-application", "-o", "form.xlsx").code == 0
    page = openpyxl.load_workbook("form.xlsx")["Blank form"]
    said = {row[0].value: row[1].value for row in page.iter_rows(min_row=2) if row[1].value}
    assert said == {"9. Pooled": "yes / no", "12. Decision": "approved, refused"}


def test_other_templates_have_no_such_page(ch: Run) -> None:
    assert ch("template", "receivable", "-o", "form.xlsx").code == 0
    assert openpyxl.load_workbook("form.xlsx").sheetnames == ["receivables", "Notes"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_is_not_read_with_the_sheet(ch: Run, language: str) -> None:
    begin(ch)
    assert ch("--lang", language, "template", "credit-application", "-o", "form.xlsx").code == 0
    book = openpyxl.load_workbook("form.xlsx")
    sheet, page = book.worksheets[0], book.worksheets[2]
    for place, value in enumerate(("SQ1", "K1", None, "2024-06-03", "wang", 1000, *[None] * 8), 1):
        sheet.cell(2, place).value = value
    page["B3"] = "K2"
    book.save("form.xlsx")
    i18n.use("en")
    done = by("wang", ch, "import", "form.xlsx")
    assert done.code == 0
    assert f"sheet {page.title} is a page to print: not read\n" in done.err
    assert [row["number"] for row in report(ch, "credit", "application", "list")["rows"]] == ["SQ1"]
    assert len(report(ch, "customer", "list")["rows"]) == 3
