"""Dates that stand in several columns: 年, 月 and 日, or month and day below a title with the year."""

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run
from tests.sheets import written

LINE: list[Any] = ["甲", 100]
HEAD: list[Any] = ["客户", "金额"]


def brought(ch: Run, path: Path, rows: list[list[Any]], **more: Any) -> tuple[int, list[str], list[Any]]:
    """Exit code, days of the lines that were read, and code, row and column of each problem."""
    done = ch("import", written.book(path, {"明细": rows}, **more), "--format", "json")
    said = [(one["code"], one["row"], one["column"]) for one in done.data["problems"]]
    if done.code:
        return done.code, [], said
    found = ch("tier", "explain", "甲", "--all-time", "--format", "json").data["rows"]
    return done.code, sorted(row["date"] for row in found), said


@pytest.mark.parametrize(
    ("heads", "dates", "days"),
    [
        (["年", "月", "日"], [[2024, 5, 3], [2023, 12, 31]], ["2023-12-31", "2024-05-03"]),
        (["年份", "月份", "日"], [["2024年", "5月", "3日"]], ["2024-05-03"]),
        (["年", "月", "日"], [["2024", "05", "03"], ["2024", "5", "29"]], ["2024-05-03", "2024-05-29"]),
        (["月份", "日"], [["2024-05", 3], ["2024年6月", "4号"]], ["2024-05-03", "2024-06-04"]),
        (["年", "月"], [[2024, 2], [2023, 2]], ["2023-02-28", "2024-02-29"]),
    ],
)
def test_year_month_and_day(heads: list[str], dates: list[list[Any]], days: list[str], ch: Run, tmp_path: Path) -> None:
    rows = [[*heads, *HEAD], *([*one, *LINE] for one in dates)]
    assert brought(ch, tmp_path / "a.xlsx", rows) == (0, days, [])


def test_month_and_day_below_a_title_with_the_year(ch: Run, tmp_path: Path) -> None:
    rows = [["2024年销售流水"], ["月", "日", *HEAD], [4, 30, *LINE], [5, 1, *LINE]]
    assert brought(ch, tmp_path / "a.xlsx", rows) == (0, ["2024-04-30", "2024-05-01"], [])


def test_a_month_merged_over_its_days(ch: Run, tmp_path: Path) -> None:
    rows = [["2024年销售流水"], ["月", "日", *HEAD], [5, 1, *LINE], [None, 2, *LINE], ["合计", None, None, 200]]
    found = brought(ch, tmp_path / "a.xlsx", rows, merge=[("明细", "A3:A4")])
    assert found == (0, ["2024-05-01", "2024-05-02"], [])


def test_a_day_that_the_month_has_not(ch: Run, tmp_path: Path) -> None:
    rows = [["年", "月", "日", *HEAD], [2024, 2, 30, *LINE]]
    done = ch("import", written.book(tmp_path / "a.xlsx", {"明细": rows}), "--format", "json")
    assert done.code == 3
    [said] = done.data["problems"]
    assert (said["code"], said["row"], said["column"], said["value"]) == ("E202", 2, "A 年 月 日", "2024-02-30")


def test_days_that_are_none_are_said(ch: Run, tmp_path: Path) -> None:
    """The rows are of months then, and what stands under 日 is not left unread without a word."""
    rows = [["2024年"], ["月", "日", *HEAD], [5, 31, *LINE], [5, 45, *LINE]]
    done = ch("import", written.book(tmp_path / "a.xlsx", {"明细": rows}))
    assert done.code == 0
    assert "明细: the column B 日 is not read as days" in done.err
