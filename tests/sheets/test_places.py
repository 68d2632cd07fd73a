"""What sheets and files are named for: offices, sums of the others."""

from pathlib import Path

import pytest
import xlsxwriter

from channelctl.sheets import places
from tests.conftest import Run
from tests.sheets import written


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


def test_a_sheet_per_office_a_summary_and_returns(ch: Run, tmp_path: Path) -> None:
    """Each line gets its sheet's office, the summary stays out, returns go by the customers' own office."""
    file = tmp_path / "5月.xlsx"
    book = xlsxwriter.Workbook(str(file))
    sheets = {
        "华东": [("2024-05-01", "甲", 100)],
        "西南": [("2024-05-01", "甲", 50), ("2024-05-02", "乙", 7)],
        "汇总": [("2024-05-01", "全部", 157)],
        "退货": [("2024-05-03", "甲", 20), ("2024-05-03", "乙", 1)],
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


FLAT = [["日期", "客户", "金额"], ["2024-05-01", "甲", 100]]


@pytest.mark.parametrize(
    ("title", "sheet", "file", "known", "told"),
    [
        ([], "", "销售_杭州办_2024-05", (), ("杭州", "file")),
        ([], "", "杭州", (), ("杭州", "file")),
        ([], "5月", "2024年5月杭州销售明细", (), ("杭州", "file")),
        ([], "宁波", "杭州", (), ("宁波", "sheet")),
        ([], "5月 宁波", "杭州", (), ("宁波", "sheet")),
        ([], "", "杭州宁波对比", (), None),
        ([], "", "杭州-宁波", (), None),
        ([], "", "下沙_5月", (), None),
        ([], "", "下沙_5月", ("下沙",), ("下沙", "file")),
        ([], "1", "2", ("1", "2"), None),
        ([], "Sheet1", "sales", (), None),
        ([["办事处：下沙"]], "宁波", "杭州", (), ("下沙", "title")),
        ([["办事处", "下沙", "日期：2024-05"]], "5月", "杭州", (), ("下沙", "title")),
        ([["销售部门：下沙  制表：王伟"]], "", "", (), ("下沙", "title")),
        ([["办事处：", ""], ["", "制表人"]], "", "", (), None),
        ([["江东省杭州办事处2024年5月销售明细"]], "5月", "sales", (), ("杭州", "title")),
        ([["杭州办事处与宁波办事处销售明细"]], "5月", "sales", (), None),
        ([["杭州办事处销售明细"]], "宁波", "sales", (), ("宁波", "sheet")),
    ],
)
def test_the_office_of_a_whole_sheet(
    title: list[list[str]], sheet: str, file: str, known: tuple[str, ...], told: tuple[str, str] | None
) -> None:
    """A label in the title goes before the sheet's name, that before a title's words, and these before the file's."""
    assert places.told(title, sheet, file, known) == told


@pytest.mark.parametrize(
    ("name", "title", "said"),
    [
        ("销售_杭州办_2024-05.csv", [], "销售_杭州办_2024-05.csv: the office 杭州 is taken from the file's name"),
        ("may.csv", [["办事处：杭州"]], "may.csv: the office 杭州 is taken from the title"),
    ],
)
def test_an_office_in_the_files_name_or_a_title(
    name: str, title: list[list[str]], said: str, ch: Run, tmp_path: Path
) -> None:
    done = ch("import", written.comma(tmp_path / name, [*title, *FLAT]))
    assert (done.code, done.err.splitlines()[1:]) == (0, [said])
    assert [row["name"] for row in ch("office", "list", "--format", "json").data["rows"]] == ["杭州"]
    assert ch("tier", "--all-time", "--office", "杭州", "--format", "json").data["totals"]["net_sales"] == 100


def test_a_file_per_office_goes_in_as_a_folder(ch: Run, tmp_path: Path) -> None:
    (tmp_path / "may").mkdir()
    for place, name in enumerate(("杭州", "宁波", "台州"), 1):
        written.comma(tmp_path / "may" / f"{name}.csv", [FLAT[0], ["2024-05-01", "甲", place]])
    assert ch("import", "may").code == 0
    for place, name in enumerate(("杭州", "宁波", "台州"), 1):
        data = ch("tier", "--all-time", "--office", name, "--format", "json").data
        assert data["totals"]["net_sales"] == place


def test_a_column_for_the_office_goes_before_every_name(ch: Run, tmp_path: Path) -> None:
    rows = [["日期", "客户", "办事处", "金额"], ["2024-05-01", "甲", "宁波", 1]]
    done = ch("import", written.comma(tmp_path / "杭州.csv", rows))
    assert (done.code, len(done.err.splitlines())) == (0, 1)
    assert [row["name"] for row in ch("office", "list", "--format", "json").data["rows"]] == ["宁波"]
