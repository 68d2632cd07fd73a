"""Running totals, and days that a sheet says elsewhere, through the command line."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Result, Run
from tests.sheets.lines import by_customer, errors, told


def test_a_list_of_running_totals_is_differences_within_the_month(take: Callable[..., Result], tmp_path: Path) -> None:
    rows = [
        ["日期", "客户", "本月累计销售额(万元)"],
        ["2024-05-20", "甲", 3],
        ["2024-05-10", "甲", 1],
        ["2024-05-10", "乙", 2],
        ["2024-06-01", "甲", 0.5],
        ["2024-05-20", "乙", 2],
    ]
    assert told(take(rows, "a.xlsx", "销售"))[:2] == (4, 4)
    assert by_customer(tmp_path) == {
        ("甲", "2024-05-10"): 10000,
        ("甲", "2024-05-20"): 20000,
        ("甲", "2024-06-01"): 5000,
        ("乙", "2024-05-10"): 20000,
    }
    more = [*rows, ["2024-06-02", "甲", 0.75]]
    assert told(take(more, "b.xlsx", "销售"))[:4] == (5, 1, 0, 4)


def to_date(day: str, *figures: Any) -> list[list[Any]]:
    return [
        ["日期", "客户", "本月累计金额"],
        *([day, name, figure] for name, figure in zip("甲乙丙", figures, strict=False)),
    ]


def test_the_next_sheet_to_date_takes_the_place_of_the_last(
    take: Callable[..., Result], ch: Run, tmp_path: Path
) -> None:
    assert told(take(to_date("2024-05-10", 100, 50), "累计0510.xlsx", "销售"))[:2] == (2, 2)
    assert told(take(to_date("2024-05-20", 150, 50, 7), "累计0520.xlsx", "销售"))[:4] == (3, 1, 2, 0)
    assert by_customer(tmp_path) == {("甲", "2024-05-20"): 150, ("乙", "2024-05-20"): 50, ("丙", "2024-05-20"): 7}
    again = to_date("2024-05-10", 100, 50)
    assert told(take([again[0], again[2], again[1]], "累计0510(1).xlsx", "销售"))[:4] == (2, 0, 0, 2)
    assert told(take(to_date("2024-06-05", 9), "累计0605.xlsx", "销售"))[:2] == (1, 1)
    assert sum(by_customer(tmp_path).values()) == 216
    for batch in (3, 2):
        assert ch("batch", "undo", batch).code == 0
    assert by_customer(tmp_path) == {("甲", "2024-05-10"): 100, ("乙", "2024-05-10"): 50}


def test_one_column_to_date_in_a_table_does_the_same(take: Callable[..., Result], tmp_path: Path) -> None:
    for day, figure in (("10", 100), ("20", 150)):
        take([["客户", f"截至5月{day}日累计"], ["甲", figure]], f"销售2024-05-{day}.xlsx")
    assert by_customer(tmp_path) == {("甲", "2024-05-20"): 150}


def test_a_figure_to_date_without_a_date_column(take: Callable[..., Result], tmp_path: Path) -> None:
    rows = [["销售月报", "", "截至2024年5月20日"], ["客户", "本月累计销售额"], ["甲", 5], ["合计", 5]]
    assert told(take(rows, "a.xlsx", "Sheet1")) == (1, 1, 0, 0, 0, 1, 0)
    assert by_customer(tmp_path) == {("甲", "2024-05-20"): 5}


@pytest.mark.parametrize(
    ("rows", "sheet", "day"),
    [
        (
            [["客户名称", "型号", "数量", "金额"], ["甲", "X980", 1, 5], ["合计", "", 1, 5]],
            "2024年5月20日",
            "2024-05-20",
        ),
        (
            [["客户编码", "客户名称", "办事处", "金额"], ["C1", "甲", "杭州", 5], ["", "", "", 5]],
            "5月销售",
            "2024-05-31",
        ),
        ([["月份", "客户名称", "金额"], ["5月", "甲", 5]], "销售", "2024-05-31"),
        ([["月份", "办事处", "客户名称", "金额"], ["2024-05", "杭州", "甲", 5]], "销售", "2024-05-31"),
        ([["月份", "客户名称", "金额"], [dt.date(2024, 5, 1), "甲", 5]], "销售", "2024-05-31"),
        ([["月份", "客户名称", "金额"], [5, "甲", 5]], "销售", "2024-05-31"),
        ([["日期", "客户名称", "金额"], ["3日", "甲", 5], ["合计", "", 5]], "5月", "2024-05-03"),
        ([["日期", "客户名称", "金额"], ["5-3", "甲", 5], ["", "", 5]], "销售", "2024-05-03"),
        ([["日期", "客户名称", "金额"], ["5月3日", "甲", 5], ["制表：王伟"]], "销售", "2024-05-03"),
    ],
)
def test_a_list_takes_its_day_from_where_it_stands(
    take: Callable[..., Result], tmp_path: Path, rows: list[list[Any]], sheet: str, day: str
) -> None:
    assert told(take(rows, "销售2024.xlsx", sheet))[:2] == (1, 1)
    assert by_customer(tmp_path) == {("甲", day): 5}


@pytest.mark.parametrize("cell", ["31日", "2月30日", "x日", "13-1"])
def test_a_day_that_there_is_not_is_said_by_row(take: Callable[..., Result], cell: str) -> None:
    done = take([["日期", "客户名称", "金额"], ["3日", "甲", 5], [cell, "甲", 5]], "销售2024.xlsx", "4月")
    assert errors(done) == [("E202", 3, "A 日期")]
