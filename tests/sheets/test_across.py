"""Tables of months, days and products across, through the command line."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import Result, Run
from tests.sheets import written
from tests.sheets.lines import ENDS, by_customer, errors, sold, told
from tests.tables import address, examples, is_there, remove

# One table

TABLE: list[list[Any]] = [
    ["2024年客户销售额（万元）"],
    ["客户编码", "客户名称", "办事处", "1月", "2月", "3月", "合计"],
    ["C1", "甲", "杭州", 1.5, 2, 3, 6.5],
    ["C2", "乙", "杭州", "-", 0, 3.25, 3.25],
    ["小计", "", "", 1.5, 2, 6.25, 9.75],
    ["C3", "丙", "宁波", -1, "", 1, 0],
    ["合计", "", "", 0.5, 2, 7.25, 9.75],
]


@pytest.mark.parametrize("name", ["a.xlsx", "a.csv"])
def test_a_table_of_months_becomes_lines_of_months(take: Callable[..., Result], tmp_path: Path, name: str) -> None:
    assert told(take(TABLE, name)) == (6, 6, 0, 0, 0, 2, 0)
    assert sold(tmp_path) == [
        ("2024-01-31", "宁波", "丙", None, None, Decimal(-10000), 6),
        ("2024-03-31", "宁波", "丙", None, None, Decimal(10000), 6),
        ("2024-03-31", "杭州", "乙", None, None, Decimal(32500), 4),
        ("2024-01-31", "杭州", "甲", None, None, Decimal(15000), 3),
        ("2024-02-29", "杭州", "甲", None, None, Decimal(20000), 3),
        ("2024-03-31", "杭州", "甲", None, None, Decimal(30000), 3),
    ]


def test_how_a_table_was_read_is_shown(ch: Run, tmp_path: Path) -> None:
    done = ch("import", written.comma(tmp_path / "a.csv", TABLE), "--columns")
    assert done.out == (
        "Import\n\n"
        "File    Kind    Rows   New   Skipped   Net sales, CNY\n"
        "─────────────────────────────────────────────────────\n"
        "a.csv   sales      6     6         2        97,500.00\n\n"
        "a.csv · heading in row 2 · read as sales (7 of 7 columns)\n"
        "  A 客户编码 → customer_code (its name)  C1\n"
        "  B 客户名称 → customer (its name)  甲\n"
        "  C 办事处 → office (its name)  杭州\n"
        "  D:F 1月 … 3月 → date (from the headings)  2024-01-31\n"
        "  D:F 1月 … 3月 → amount ×10000 (a line for each column)  1.5\n"
        "made because the sheet names them: offices 2, customers 3\n"
        "a.csv: batch 1\n"
    )
    assert "a.csv: months stand across: each figure is a sale of its month's last day\n" in done.err


def test_the_next_table_adds_only_what_is_new(take: Callable[..., Result], tmp_path: Path) -> None:
    take(TABLE)
    moved = [TABLE[0], ["客户编码", "客户名称", "办事处", "1月", "2月", "3月", "4月"]]
    moved += [["C3", "丙", "宁波", -1, "", 1, 5], ["C1", "甲", "杭州", 1.5, 2, 3, ""]]
    assert told(take(moved)) == (6, 1, 0, 5, 0, 0, 0)
    assert told(take([row[:4] + row[5:] for row in moved], "another name.xlsx")) == (5, 0, 0, 5, 0, 0, 0)
    assert sum(by_customer(tmp_path).values()) == Decimal(97500 + 50000)


def test_a_changed_figure_is_a_new_version(take: Callable[..., Result], ch: Run, tmp_path: Path) -> None:
    take(TABLE[:3], "销售2024年3月.xlsx")
    before = sold(tmp_path)
    changed = [TABLE[0], TABLE[1], ["C1", "甲", "杭州", 1.5, 2, 3.5, 7]]
    done = take(changed, "销售2024年4月.xlsx")
    assert told(done) == (3, 0, 1, 2, 0, 0, 0)
    assert by_customer(tmp_path)["甲", "2024-03-31"] == Decimal(35000)
    assert len(sold(tmp_path)) == 3
    assert ch("batch", "undo", 2).code == 0
    assert sold(tmp_path) == before


def test_a_changed_figure_of_another_table_is_said_to_stand_beside(take: Callable[..., Result], tmp_path: Path) -> None:
    take(TABLE[:3])
    done = take([TABLE[0], TABLE[1], ["C1", "甲", "杭州", 1.5, 2, 3.5, 7]], "手机.xlsx")
    assert (told(done), errors(done)) == ((3, 1, 0, 2, 0, 0, 0), [("W116", None, "")])
    replaced = take(
        [TABLE[0], TABLE[1], ["C1", "甲", "杭州", 1.5, 2, 4, 7.5]], "手机2.xlsx", "销售额", "--overlap", "replace"
    )
    assert by_customer(tmp_path)["甲", "2024-03-31"] == Decimal(40000), replaced.out


def test_a_table_beside_the_lines_it_sums_up_is_said(take: Callable[..., Result]) -> None:
    take([["日期", "客户编码", "客户名称", "金额"], ["2024-03-05", "C1", "甲", 10000], ["2024-04-05", "C2", "乙", 1]])
    done = take(TABLE[:4], "b.xlsx")
    assert errors(done) == [("W116", None, "")]
    assert "in 1 case a customer has other sales in a month of this table" in done.out


def test_sums_must_be_what_they_say(take: Callable[..., Result]) -> None:
    rows = [
        *TABLE[:2],
        ["C1", "甲", "杭州", 1.5, 2, 3, 6.51],
        ["C2", "乙", "", 1, 0, 0, 1],
        ["合计", "", "", 2.5, 2, 4, 8.5],
    ]
    done = take(rows)
    assert (told(done), errors(done)) == ((4, 4, 0, 0, 0, 1, 3), [("E401", 3, "G 合计"), ("E401", 5, "F 3月")])
    said = [p["message"] for p in done.data["problems"]]
    assert said == [
        "the row's total is 6.51, its figures add up to 6.5",
        "the sheet's total is 4, the rows above it add up to 3",
    ]


def test_a_total_may_be_rounded_to_the_digits_it_shows(take: Callable[..., Result]) -> None:
    head = ["客户名称", "2024年1月金额", "2024年2月金额", "合计"]
    assert take([head, ["甲", "1.26", "2.28", "3.5"]], "销售1.csv").code == 0
    assert take([head, ["乙", "1.26", "2.28", "3.4"]], "销售2.csv").code == 3


def test_a_bad_figure_is_said_at_its_cell_and_mended_in_the_workbook_of_rejected_rows(
    take: Callable[..., Result], ch: Run, tmp_path: Path
) -> None:
    done = take(
        [*TABLE[:2], ["C1", "甲", "杭州", 1.5, "两万", 3, ""], ["C2", "乙", "杭州", 1, 1, 1, 3]],
        "a.xlsx",
        "Sheet1",
        "--partial",
    )
    assert (told(done), errors(done)) == ((6, 5, 0, 0, 1, 0, 1), [("E204", 3, "E 2月")])
    import openpyxl

    book = openpyxl.load_workbook(tmp_path / "a.rejected.xlsx")
    sheet = book.worksheets[0]
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert cells[2][:7] == ["C1", "甲", "杭州", 1.5, "两万", 3, None]
    sheet["E3"] = 2
    book.save(tmp_path / "a.rejected.xlsx")
    done = ch("import", tmp_path / "a.rejected.xlsx", "--format", "json")
    assert told(done) == (3, 1, 0, 2, 0, 0, 0)
    assert by_customer(tmp_path)["甲", "2024-02-29"] == 20000


def test_a_row_that_names_nobody_is_a_total_or_an_error(take: Callable[..., Result]) -> None:
    rows = [*TABLE[:2], ["C1", "甲", "杭州", 1, 2, 3, 6], ["C2", "乙", "杭州", 1, 2, 3, 6]]
    assert told(take([*rows, ["", "", "", 2, 4, 6, 12]], "a.xlsx")) == (6, 6, 0, 0, 0, 1, 0)
    done = take([*rows, ["", "", "杭州", 2, 4, 7, 13]], "b.xlsx")
    assert (told(done)[4:], errors(done)) == ((1, 0, 3), [("E201", 5, "A 客户编码")])


@pytest.mark.parametrize("label", ["同比增长率(%)", "占比", "去年同期", "平均"])
def test_a_row_of_shares_or_comparisons_is_skipped(take: Callable[..., Result], label: str) -> None:
    done = take([*TABLE[:3], ["", label, "", 0.1, 0.2, 0.3, 0.6]])
    assert told(done) == (3, 3, 0, 0, 0, 1, 0)


def test_quantities_and_amounts_under_products_under_merged_headings(
    take: Callable[..., Result], tmp_path: Path
) -> None:
    rows = [
        ["2024年5月销售统计"],
        ["客户", "型号", "", "", "", "合计", ""],
        ["", "A1", "", "A2", "", "", ""],
        ["", "数量", "金额", "数量", "金额", "数量", "金额"],
        ["甲", 1, 100, "", "", 1, 100],
        ["乙", "", "", 2, 300.5, 2, 300.5],
    ]
    assert told(take(rows, "a.xlsx", "5月", merge=["B2:E2", "F2:G3", "B3:C3", "D3:E3", "A2:A4"]))[:2] == (2, 2)
    assert [line[:6] for line in sold(tmp_path)] == [
        ("2024-05-31", None, "乙", "A2", Decimal(2), Decimal("300.5")),
        ("2024-05-31", None, "甲", "A1", Decimal(1), Decimal(100)),
    ]


def test_products_across_go_by_those_on_file(take: Callable[..., Result], tmp_path: Path) -> None:
    take([["产品编码", "型号"], ["P1", "X980"], ["P2", "I9300"]], "产品.xlsx", "产品")
    rows = [
        ["日期", "客户", "X980", "I9300", "备注"],
        ["2024-05-03", "甲", 5, 7.5, "急"],
        ["2024-05-04", "甲", "", 1, ""],
    ]
    assert told(take(rows, "a.xlsx", "销售额"))[:2] == (3, 3)
    assert [(line[0], line[3], line[5]) for line in sold(tmp_path)] == [
        ("2024-05-03", "I9300", Decimal("7.5")),
        ("2024-05-03", "X980", Decimal(5)),
        ("2024-05-04", "I9300", Decimal(1)),
    ]


def test_quantities_count_by_a_price_beside_them(take: Callable[..., Result], tmp_path: Path) -> None:
    done = take([["客户", "单价", "1月", "2月"], ["甲", 10, 3, ""]], "2024.xlsx", "销量")
    assert (errors(done), sold(tmp_path)[0][4:6]) == ([("W106", None, "B 单价")], (Decimal(3), Decimal(30)))


def test_running_totals_across_are_differences(take: Callable[..., Result], tmp_path: Path) -> None:
    head = ["客户", "1月累计", "1-2月累计", "1-3月累计"]
    rows = [head, ["甲", 10, 25.5, 25.5], ["乙", "", 5, 3], ["合计", 10, 30.5, 28.5]]
    assert told(take(rows)) == (4, 4, 0, 0, 0, 1, 0)
    assert by_customer(tmp_path) == {
        ("甲", "2024-01-31"): 10,
        ("甲", "2024-02-29"): Decimal("15.5"),
        ("乙", "2024-02-29"): 5,
        ("乙", "2024-03-31"): -2,
    }


def test_a_row_of_running_totals_with_a_bad_figure_is_left_whole(take: Callable[..., Result], tmp_path: Path) -> None:
    rows = [["客户", "1月累计", "1-2月累计", "1-3月累计"], ["甲", 10, "x", 30], ["乙", 1, 2, 3]]
    assert told(take(rows, "2024.xlsx", "销售额", "--partial")) == (4, 3, 0, 0, 1, 0, 1)
    assert {customer for customer, _day in by_customer(tmp_path)} == {"乙"}


# Several tables


@pytest.mark.parametrize(
    "rows",
    [
        [
            *TABLE[:4],
            [],
            ["客户编码", "客户名称", "办事处", "4月", "5月", "6月", "合计"],
            ["C1", "甲", "杭州", 1, 1, 1, 3],
        ],
        [*TABLE[:4], [], ["销售数量（台）"], TABLE[1], ["C1", "甲", "杭州", 1, 1, 1, 3]],
        [*TABLE[:4], [], ["产品", "数量", "金额"], ["I9300", 1, 500]],
        [["日期", "客户", "金额"], ["2024-05-03", "甲", 1], [], ["日期", "客户", "数量"], ["2024-05-03", "甲", 1]],
        [["日期", "客户", "金额"], ["2024-05-03", "甲", 1], [], ["产品", "型号", "库存"], ["2024-05-03", "甲", 1]],
        [["日期", "客户", "金额"], ["2024-05-03", "甲", 1], [], ["日期", "金额", "客户"], ["2024-05-03", 1, "甲"]],
        [["客户编码", "客户名称", "渠道"], ["C1", "甲", "直供"], [], ["产品编码", "型号", "品牌"], ["P1", "X", "三星"]],
    ],
)
def test_another_table_below_is_refused_never_misread(
    take: Callable[..., Result], tmp_path: Path, rows: list[list[Any]]
) -> None:
    done = take(rows, "a.xlsx", "2024", "--partial")
    assert done.code == 3
    assert "another table begins in row" in done.out
    assert not is_there(tmp_path / "channel.db")


@pytest.mark.parametrize("rows", [TABLE, [["日期", "客户", "金额"], ["2024-05-03", "甲", 1]]])
def test_the_same_heading_on_the_next_page_is_passed_over(take: Callable[..., Result], rows: list[list[Any]]) -> None:
    heading = next(n for n, row in enumerate(rows) if "客户" in "".join(map(str, row[:2])) and n < 2)
    last = next(n for n, row in enumerate(rows) if n > heading)
    done = take([*rows[: last + 1], [], *rows[: last + 1]])
    assert (done.code, done.data["rows"][0]["skipped"]) in ((0, 1), (0, 2))


def test_a_table_of_months_beside_the_lines_is_not_read_again(ch: Run, tmp_path: Path) -> None:
    lines = [["日期", "客户编码", "客户名称", "金额"], ["2024-01-05", "C1", "甲", 15000]]
    done = ch("import", written.book(tmp_path / "a.xlsx", {"客户月度": TABLE, "明细": lines}), "--format", "json")
    assert [(row["sheet"], row["net_sales"]) for row in done.data["rows"]] == [("明细", 15000)]
    assert any("sheet 客户月度 sums up sales, and others hold the lines: not read" in one for one in done.data["notes"])


def test_a_table_that_lacks_something_beside_others_is_said(ch: Run, tmp_path: Path) -> None:
    sheets: dict[str, list[list[Any]]] = {"销售额": TABLE, "数量": [["客户", "1月", "2月"], ["甲", 1, 2]]}
    done = ch("import", written.book(tmp_path / "2024.xlsx", sheets), "--format", "json")
    assert {row["sheet"]: row["kind"] for row in done.data["rows"]} == {"数量": None, "销售额": "sales"}
    assert "sheet 数量 was not read: figures stand under B 1月, C 2月 …, but they are quantities" in done.out


# Whatever the table

FIGURE = st.integers(-(10**9), 10**9).map(lambda units: Decimal(units).scaleb(-2))


@settings(max_examples=examples(20))
@given(
    st.dictionaries(
        st.sampled_from(["甲", "乙", "丙", "丁", "合计商贸"]),
        st.lists(FIGURE | st.none(), min_size=3, max_size=3),
        min_size=1,
    )
)
def test_every_figure_becomes_its_line_once(table: dict[str, list[Decimal | None]]) -> None:
    import tempfile

    from tests.conftest import forget

    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("CHANNELCTL_DB", address(Path(folder) / "channel.db"))
        forget()
        rows = [
            ["客户", "2024-01", "2024-02", "2024-03"],
            *([name, *map(str_, figures)] for name, figures in table.items()),
        ]
        path = written.comma(Path(folder) / "销售额.csv", rows)
        for expected in (sum(bool(figure) for figures in table.values() for figure in figures), 0):
            assert imported(path) == expected
            path = path.rename(path.with_name(f"销售额{expected}.csv"))
        if any(figure for figures in table.values() for figure in figures):
            assert by_customer(Path(folder)) == {
                (name, day): figure
                for name, figures in table.items()
                for day, figure in zip(ENDS, figures, strict=True)
                if figure
            }
        remove(Path(folder) / "channel.db")


def str_(figure: Decimal | None) -> str:
    return "" if figure is None else str(figure)


def imported(path: Path) -> int:
    """The new lines of an import."""
    from channelctl import making
    from channelctl.sheets.load import load_file
    from channelctl.sheets.results import Options

    done, _made = making.with_database(lambda: load_file(path, Options()), lambda result: bool(result.batch), False)
    assert done.error is None or "no rows" in done.error.message or done.rows == []
    return sum(row.new for row in done.rows)
