"""Workbooks to fill in."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import pytest
from openpyxl import load_workbook

from channelctl.columns import Col, columns
from channelctl.records import kinds
from channelctl.sheets.template import example_row, is_example, write_template

DAY = dt.datetime(2024, 5, 3)


@dataclass(frozen=True)
class Sale:
    """A row to fill in."""

    code: Annotated[str, Col("编码", "Code", ("编号", "no"), kind="code", example="00123")]
    day: Annotated[dt.date, Col("日期", "Date", kind="date", required=True, example="2024-05-03", note="A day.")]
    office: Annotated[str | None, Col("办事处", "Office", ref="office", example="杭州")]
    amount: Annotated[Decimal, Col("金额", "Amount", kind="money", required=True, example="12504.00")]
    pieces: Annotated[int | None, Col("件数", "Pieces", kind="count", example="3")]
    core: Annotated[bool | None, Col("核心", "Core", kind="flag", example="是")]
    status: Annotated[str | None, Col("状态", "Status", choices=("open", "done"))]
    month: Annotated[str | None, Col("月份", "Month", kind="month")]


def made(lookups: Mapping[str, Sequence[str]] | None = None, row: type = Sale) -> Any:
    path = Path("sale.xlsx")
    write_template(path, "Sale", row, lookups or {})
    return load_workbook(path)


def rules(sheet: Any) -> dict[str, tuple[str, str, str | None]]:
    found = sheet.data_validations.dataValidation
    return {str(rule.sqref).split(":")[0]: (rule.type, rule.formula1, rule.errorStyle) for rule in found}


def test_headings_mark_what_is_required() -> None:
    sheet = made()["Sale"]
    heads = list(sheet[1])
    assert [cell.value for cell in heads] == ["Code", "Date", "Office", "Amount", "Pieces", "Core", "Status", "Month"]
    assert [cell.font.b for cell in heads] == [False, True, False, True, False, False, False, False]
    assert heads[1].fill.start_color.rgb != heads[0].fill.start_color.rgb
    assert heads[1].comment.text == "required\na date: 2024-05-31\nA day."
    assert sheet.freeze_panes == "A2"


@pytest.mark.usefixtures("chinese")
def test_headings_follow_the_language() -> None:
    book = made()
    assert [cell.value for cell in book.worksheets[0][1]][:3] == ["编码", "日期", "办事处"]
    assert book.sheetnames == ["Sale", "说明"]
    assert rules(book.worksheets[0])["F2"] == ("list", '"是,否"', None)


def test_the_example_row_has_real_values_and_says_so_in_a_comment_only() -> None:
    sheet = made()["Sale"]
    assert [cell.value for cell in sheet[2]] == [
        "00123", DAY, "杭州", 12504, 3, "yes", None, None,
    ]  # fmt: skip
    assert sheet["A2"].comment.text == "example row: overwrite or delete"
    assert sheet["A2"].font.i and sheet["A2"].font.color.rgb == "FF7F7F7F"
    assert sheet.max_row == 2


def test_cells_to_fill_in_are_formatted_by_kind() -> None:
    columns_ = made()["Sale"].column_dimensions
    assert [columns_[letter].number_format for letter in "ABDEH"] == ["@", "yyyy-mm-dd", "#,##0.00##", "0", "@"]


def test_rules_hold_the_cells() -> None:
    assert rules(made({"office": ["杭州", "南京"]})["Sale"]) == {
        "B2": ("date", "1", None),
        "C2": ("list", '"杭州,南京"', "warning"),
        "D2": ("decimal", "-1000000000000", None),
        "E2": ("whole", "-1000000000", None),
        "F2": ("list", '"yes,no"', None),
        "G2": ("list", '"open,done"', None),
    }


@pytest.mark.parametrize(
    "names", [[f"办事处{n}" for n in range(100)], ["杭州,宁波"], ["=1+1"], [' "x" '], ["杭州", "-"]], ids=str
)
def test_lists_that_a_rule_cannot_hold_stand_on_a_hidden_sheet(names: list[str]) -> None:
    book = made({"office": names})
    assert book.sheetnames == ["Sale", "Notes", "Lists"]
    assert book["Lists"].sheet_state == "hidden"
    assert rules(book["Sale"])["C2"] == ("list", f"'Lists'!$A$1:$A${len(names)}", "warning")
    assert [cell.value for cell in book["Lists"]["A"]] == names
    assert {cell.data_type for cell in book["Lists"]["A"]} == {"s"}


def test_the_notes_explain_each_column() -> None:
    rows = list(made()["Notes"].iter_rows(values_only=True))
    assert rows[0] == ("column", "needed", "what to write", "other headings understood", "remark")
    assert rows[1] == ("Code", "optional", "a code; zeros in front are kept", "编码, 编号, no", None)
    assert rows[2] == ("Date", "required", "a date: 2024-05-31", "日期", "A day.")
    assert len(rows) == 9


def test_the_example_row_is_known_again() -> None:
    assert example_row(Sale) == {
        "code": "00123", "day": "2024-05-03", "office": "杭州", "amount": "12504.00", "pieces": "3", "core": "yes",
    }  # fmt: skip
    read = dict(zip(columns(Sale), (cell.value for cell in made()["Sale"][2]), strict=True))
    assert is_example(Sale, read)
    assert is_example(Sale, {**read, "amount": "12,504.00", "pieces": 3.0, "status": ""})
    others = {"amount": 12505.0, "office": "南京", "status": "open", "day": dt.date(2024, 5, 4), "code": None}
    assert not any(is_example(Sale, {**read, field: other}) for field, other in others.items())


def test_the_same_template_has_the_same_bytes() -> None:
    made({"office": ["a,b"]})
    first = Path("sale.xlsx").read_bytes()
    made({"office": ["a,b"]})
    assert Path("sale.xlsx").read_bytes() == first


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_every_kind_of_record_has_a_template(kind: str) -> None:
    row = kinds()[kind].row
    sheet = made({}, row)["Sale"]
    assert [cell.value for cell in sheet[1]] == [col.label for col in columns(row).values()]
