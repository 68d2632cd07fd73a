"""What sheets and files are named for: offices, returns, sums of the others."""

from pathlib import Path

import pytest
import xlsxwriter

from channelctl.sheets import places
from tests.conftest import Run


@pytest.mark.parametrize(
    ("name", "known", "office"),
    [
        ("华东", (), "华东"),
        ("杭州办事处", (), "杭州"),
        ("苏州销售明细", (), "苏州"),
        ("Sheet1", (), ""),
        ("5月", (), ""),
        ("直供", (), ""),
        ("下沙", ("下沙",), "下沙"),
        ("下沙销售", ("下沙",), "下沙"),
    ],
)
def test_an_office_is_a_place_or_one_that_is_known(name: str, known: tuple[str, ...], office: str) -> None:
    """Months, channels and default names are none."""
    assert places.office(name, known) == office


@pytest.mark.parametrize(
    ("names", "returns"),
    [
        (("5月", "退货"), True),
        (("退货_2024-05", ""), True),
        (("退货_2024-05", "Sheet1"), True),
        (("5月", "销售及退货"), False),
        (("退货", "销售"), False),
        (("returns", "sales"), False),
        (("may", "Returns"), True),
        (("5月", "订单"), False),
    ],
)
def test_returns_are_named_alone(names: tuple[str, ...], returns: bool) -> None:
    """The sheet's name goes before the file's; sales and returns together are sales with red lines."""
    assert places.holds_returns(names) is returns


def test_a_sheet_per_office_a_summary_and_returns(ch: Run, tmp_path: Path) -> None:
    """Each line gets its sheet's office, the summary stays out, returns go by the customers' own office."""
    file = tmp_path / "5月.xlsx"
    book = xlsxwriter.Workbook(str(file))
    sheets = {
        "华东": [("2024-05-01", "甲", 100)],
        "西南": [("2024-05-01", "甲", 50), ("2024-05-02", "乙", 7)],
        "汇总": [("2024-05-01", "全部", 157)],
        "退货": [("2024-05-03", "甲", 20), ("2024-05-03", "乙", -1)],
    }
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for place, row in enumerate([("日期", "客户", "金额"), *rows]):
            sheet.write_row(place, 0, row)
    book.close()
    result = ch("import", file)
    assert result.code == 0
    assert result.err.splitlines()[1:] == [
        "sheet 汇总 sums up the others: not read",
        "sheet 华东: its name is taken for the office",
        "sheet 西南: its name is taken for the office",
        "退货 is named for returns: its amounts are booked as negative",
    ]
    nets = {
        office: ch("tier", "--all-time", "--office", office, "--format", "json").data["totals"]["net_sales"]
        for office in ("华东", "西南")
    }
    assert nets == {"华东": 80, "西南": 56}
    total = ch("tier", "--all-time", "--format", "json").data["totals"]["net_sales"]
    assert total == 136
    again = ch("import", file, "--format", "json").data
    assert [row["existing"] for row in again["rows"] if row["kind"]] == [1, 2, 2]
