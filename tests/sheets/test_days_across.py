"""Days across that are headed by bare numbers, and titles that say what the figures below them are."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Result
from tests.sheets.lines import by_customer, errors, told
from tests.tables import is_there

TITLE = ["2024年5月客户日销售额"]


@pytest.mark.parametrize(
    "days", [range(1, 8), range(1, 21), range(1, 32), range(16, 32), (6, 7, 8, 9, 10, 13, 14, 15)], ids=str
)
@pytest.mark.parametrize("as_text", [False, True])
@pytest.mark.parametrize(
    ("title", "name", "sheet"),
    [(TITLE, "a.xlsx", "Sheet1"), (["销售额"], "日报.xlsx", "2024年5月"), (["销售额"], "日报2024-05.csv", "")],
)
def test_numbers_are_the_days_of_a_month_that_is_said(
    take: Callable[..., Result],
    tmp_path: Path,
    days: Any,
    as_text: bool,
    title: list[str],
    name: str,
    sheet: str,
) -> None:
    head = [str(day) if as_text else day for day in days]
    done = take([title, ["客户", *head, "合计"], ["甲", *days, sum(days)]], name, sheet)
    assert (told(done)[0], done.code) == (len(days), 0)
    assert by_customer(tmp_path) == {("甲", f"2024-05-{day:02d}"): day for day in days}


@pytest.mark.parametrize(
    ("days", "title"),
    [
        (range(1, 6), "2024年5月销售额"),
        (range(1, 13), "2024年5月销售额"),
        (range(1, 13), "2024年销售额"),
        (range(1, 10), "2024年销售额"),
    ],
)
def test_numbers_that_may_be_weeks_or_months_are_asked_about(
    take: Callable[..., Result], tmp_path: Path, days: Any, title: str
) -> None:
    done = take([[title], ["客户", *days], ["甲", *days]], "a.xlsx", "Sheet1")
    assert done.code == 3
    assert "figures stand under B 1, C 2, D 3 …, and nothing says whether these are days or months" in done.out
    assert not is_there(tmp_path / "channel.db")


def test_twelve_numbers_are_days_where_it_speaks_of_days(take: Callable[..., Result], tmp_path: Path) -> None:
    take([TITLE, ["客户", *range(1, 13)], ["甲", *range(1, 13)]], "a.xlsx", "Sheet1")
    assert max(by_customer(tmp_path)) == ("甲", "2024-05-12")


def test_days_without_a_month_are_refused(take: Callable[..., Result]) -> None:
    done = take([["客户日销售额"], ["客户", *range(1, 32)], ["甲", *range(1, 32)]], "a.xlsx", "Sheet1")
    assert "B 1 names no year, or no month, and nothing else does" in done.data["problems"][0]["message"]


def test_days_that_the_month_does_not_have_must_be_blank(take: Callable[..., Result], tmp_path: Path) -> None:
    rows = [["2024年2月客户日销售额"], ["客户", *range(1, 32)], ["甲", *[1] * 29, "", ""]]
    assert told(take(rows))[:2] == (29, 29)
    filled = [*rows[:2], ["甲", *[1] * 29, 5, ""]]
    assert errors(take(filled, "b.xlsx"))[0] == ("E401", 3, "AE 30")


DAYS = ["1日", "2日", "3日"]
MEASURED: list[list[list[Any]]] = [
    [TITLE, ["客户", *DAYS]],
    [["", "", *TITLE], ["客户", *DAYS]],
    [["客户", *TITLE, "", ""], ["", *DAYS]],
]


@pytest.mark.parametrize("heads", MEASURED)
@pytest.mark.parametrize(("unit", "factor"), [("", 1), ("（万元）", 10_000)])
def test_a_title_above_days_says_what_they_are(
    take: Callable[..., Result], tmp_path: Path, heads: list[list[Any]], unit: str, factor: int
) -> None:
    heads = [[cell + unit if "日销售额" in cell else cell for cell in row] for row in heads]
    assert take([*heads, ["甲", 1, 2, 3]], "a.xlsx", "Sheet1").code == 0
    assert by_customer(tmp_path) == {("甲", f"2024-05-0{day}"): day * factor for day in (1, 2, 3)}


def test_a_group_above_days_says_that_they_are_sales(take: Callable[..., Result], tmp_path: Path) -> None:
    rows = [["客户", "客户日销售额", "", ""], ["", *DAYS], ["甲", 1, 2, 3]]
    assert take(rows, "2024年5月.xlsx", "Sheet1").code == 0
    assert sum(by_customer(tmp_path).values()) == 6
