"""Lists by the month, headings on every page, and the day's sales beside the month's so far."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Result
from tests.sheets.lines import by_customer, errors, told


@pytest.mark.parametrize("amount", ["金额", "销售额", "含税金额"])
@pytest.mark.parametrize("months", [("1月", "2月"), ("2024-01", "2024-02"), (1, 2)])
@pytest.mark.parametrize("office", [[], ["办事处"]])
def test_months_customers_and_amounts_are_sales(
    take: Callable[..., Result], tmp_path: Path, amount: str, months: tuple[Any, ...], office: list[str]
) -> None:
    where = ["杭州"] * len(office)
    rows = [["月份", *office, "客户", amount], [months[0], *where, "甲", 5], [months[1], *where, "乙", 7]]
    done = take(rows, "a.xlsx", "2024年")
    assert [row["kind"] for row in done.data["rows"]] == ["sales"]
    assert by_customer(tmp_path) == {("甲", "2024-01-31"): 5, ("乙", "2024-02-29"): 7}


@pytest.mark.parametrize(
    ("head", "sheet"),
    [
        (["月份", "办事处", "客户", "目标"], "2024年"),
        (["月份", "办事处", "客户", "目标金额"], "2024年"),
        (["月份", "办事处", "客户", "金额"], "目标"),
        (["月份", "办事处", "客户", "规划等级", "金额"], "2024年"),
    ],
)
def test_targets_stay_a_plan(take: Callable[..., Result], head: list[str], sheet: str) -> None:
    done = take([head, ["2024-01", "杭州", "甲", *["V1"] * (len(head) - 4), 5]], "a.xlsx", sheet)
    assert [row["kind"] for row in done.data["rows"]] == ["plan"]


def test_the_day_s_sales_beside_the_month_s_so_far(take: Callable[..., Result], tmp_path: Path) -> None:
    rows = [["日期", "客户", "当日销售额", "本月累计"], ["2024-05-03", "甲", 1, 1], ["2024-05-04", "甲", 2, 3]]
    done = take(rows, "a.xlsx", "Sheet1")
    assert by_customer(tmp_path) == {("甲", "2024-05-03"): 1, ("甲", "2024-05-04"): 2}
    assert "Sheet1: running totals beside the figures themselves are not read: D 本月累计" in done.data["notes"]


def test_the_day_s_sales_beside_the_month_s_of_a_day_in_the_name(take: Callable[..., Result], tmp_path: Path) -> None:
    take([["客户", "当日销售额", "本月累计"], ["甲", 1, 9]], "日报20240503.xlsx", "Sheet1")
    assert by_customer(tmp_path) == {("甲", "2024-05-03"): 1}


PAGES: list[tuple[list[Any], list[Any], list[Any]]] = [
    (["日期", "客户", "金额"], ["5-3", "甲", 5], ["5-4", "乙", 7]),
    (["日期", "金额", "客户"], ["3日", 5, "甲"], ["4日", 7, "乙"]),
    (["月份", "客户", "金额"], ["4月", "甲", 5], ["5月", "乙", 7]),
    (["客户", "金额"], ["甲", 5], ["乙", 7]),
    (["日期", "客户", "本月累计金额"], ["2024-05-03", "甲", 5], ["2024-05-03", "乙", 7]),
]


@pytest.mark.parametrize(("head", "one", "two"), PAGES, ids=lambda row: "-".join(map(str, row)))
def test_the_heading_on_the_next_page_is_passed_over(
    take: Callable[..., Result], tmp_path: Path, head: list[Any], one: list[Any], two: list[Any]
) -> None:
    title = ["2024年5月销售"]
    done = take([title, head, one, [], title, head, two], "a.xlsx", "Sheet1")
    assert (told(done)[:2], done.code) == ((2, 2), 0)
    assert sorted(by_customer(tmp_path).values()) == [5, 7]


@pytest.mark.parametrize("word", ["销售退货", "退货", "退货单", "红字发票", "Sales return"])
def test_a_text_that_is_a_type_says_return(take: Callable[..., Result], tmp_path: Path, word: str) -> None:
    rows = [["日期", "客户", "摘要", "金额"], ["2024-05-03", "甲", "销售", 20], ["2024-05-03", "乙", word, 5]]
    done = take(rows)
    assert by_customer(tmp_path) == {("甲", "2024-05-03"): 20, ("乙", "2024-05-03"): -5}
    assert errors(done) == [("W112", None, "C 摘要")]


@pytest.mark.parametrize("word", ["退货未到", "5月货款，退货另计", "不退货", "补发4月退货", "销售"])
def test_a_text_that_only_speaks_of_returns_is_none(take: Callable[..., Result], tmp_path: Path, word: str) -> None:
    take([["日期", "客户", "摘要", "金额"], ["2024-05-03", "甲", word, 20]])
    assert by_customer(tmp_path) == {("甲", "2024-05-03"): 20}


@pytest.mark.parametrize("heading", ["业务类型", "类型", "单据类型"])
def test_a_type_goes_before_a_text(take: Callable[..., Result], tmp_path: Path, heading: str) -> None:
    rows = [["日期", "客户", "摘要", heading, "金额"], ["2024-05-03", "甲", "货款", "销售退货", 20]]
    take(rows)
    assert by_customer(tmp_path) == {("甲", "2024-05-03"): -20}
