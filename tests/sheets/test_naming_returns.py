"""What names and titles say of returns, and what the columns of a sheet say against it."""

from pathlib import Path
from typing import Any

import pytest

from channelctl.sheets import naming_returns
from channelctl.sheets.naming_returns import Said
from tests.conftest import Run
from tests.sheets import written

NONE = Said()


@pytest.mark.parametrize(
    ("titles", "sheet", "file", "said"),
    [
        ([], "退货", "5月", Said("sheet")),
        ([], "Returns", "may", Said("sheet")),
        ([], "杭州退货明细", "5月", Said("sheet")),
        ([], "", "退货_2024-05", Said("file")),
        ([], "Sheet1", "5月退货单", Said("file")),
        ([], "Sheet1", "杭州退货明细", Said("file")),
        ([], "订单", "5月", NONE),
        ([], "销售", "退货", NONE),
        ([], "sales", "returns", NONE),
        ([], "退货率", "5月", NONE),
        ([], "不含退货", "5月", NONE),
        ([], "净退货", "5月", NONE),
        ([], "Sheet1", "无退货_5月", NONE),
        ([], "Sheet1", "销售明细-已扣退货", NONE),
        ([], "Sheet1", "退货已冲减_5月销售", NONE),
        ([], "Sheet1", "return_visits_sales", NONE),
        ([], "Sheet1", "46b_退货率", NONE),
        ([], "含退货", "5月", Said(some="sheet")),
        ([], "退货及换货", "5月", Said(some="sheet")),
        ([], "Sheet1", "5月销售及退货", Said(some="file")),
        ([], "Sheet1", "45_退货数负", Said(some="file")),
        ([], "Sheet1", "23_是否退货", NONE),
        (["2024年5月退货明细"], "Sheet1", "5月", Said("title")),
        (["说明：退货以红字列示"], "Sheet1", "5月", Said(some="title")),
        (["5月销售明细"], "Sheet1", "退货", NONE),
    ],
)
def test_a_name_says_returns_alone_or_not_at_all(titles: list[str], sheet: str, file: str, said: Said) -> None:
    """The nearest of sheet, title and file that speaks decides; a doubt is kept apart from a word."""
    assert naming_returns.said(titles, sheet, file) == said


def test_a_title_stands_alone_above_the_heading() -> None:
    rows = [["2024年5月退货明细", "", ""], ["", "退货", ""], ["甲", "退货", ""]]
    assert naming_returns.titles(rows, ["客户", "退货(数量)"]) == ["2024年5月退货明细"]


LINE = ["2024-05-03", "恒达", 2, 100]
SHORT = ["日期", "客户", "数量", "金额"]


@pytest.mark.parametrize(
    ("name", "sheet", "rows", "net", "codes"),
    [
        ("退货", "Sheet1", [SHORT, LINE], -100, ["W125"]),
        ("5月", "退货", [SHORT, LINE], -100, ["W125"]),
        ("5月", "Sheet1", [["5月退货明细"], SHORT, LINE], -100, ["W125"]),
        ("5月", "退货", [SHORT, ["2024-05-03", "恒达", -2, -100]], -100, []),
        ("5月", "退货", [[*SHORT, "是否退货"], [*LINE, "否"]], 100, []),
        ("5月", "退货", [[*SHORT, "类型"], [*LINE, "退货"]], -100, ["W125"]),
        ("5月", "退货", [[*SHORT, "类型"], [*LINE, "退货"], ["2024-05-03", "恒达", 5, 300, "销售"]], 200, ["W112"]),
        ("5月", "退货", [[*SHORT, "退货金额"], [*LINE, 30]], 70, ["W112"]),
        ("无退货_5月", "Sheet1", [SHORT, LINE], 100, []),
        ("5月销售及退货", "Sheet1", [SHORT, LINE], 100, ["W126"]),
        ("5月销售及退货", "Sheet1", [SHORT, LINE, ["2024-05-04", "恒达", -1, -50]], 50, []),
    ],
)
def test_the_sheet_itself_goes_before_its_name(
    ch: Run, tmp_path: Path, name: str, sheet: str, rows: list[list[Any]], net: int, codes: list[str]
) -> None:
    file = written.book(tmp_path / f"{name}.xlsx", {sheet: rows})
    data = ch("import", file, "--format", "json").data
    assert [one["code"] for one in data["problems"]] == codes
    assert sum(row["amount"] for row in ch("export", "sales", "--format", "json").data["rows"]) == net


def test_the_remark_names_the_place_of_the_word(ch: Run, tmp_path: Path) -> None:
    file = written.book(tmp_path / "退货.xlsx", {"Sheet1": [SHORT, LINE]})
    [problem] = ch("import", file, "--format", "json").data["problems"]
    assert problem["message"] == (
        "the file's name says returns: 1 positive line is booked as negative; if it is a sale, change that"
    )
