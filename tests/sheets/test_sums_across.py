"""Columns that sum up others: periods of several months beside months, parts of a month beside days."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from channelctl.sheets.layout import Layout, Unrecognised
from channelctl.sheets.shapes.seeing import see
from tests.conftest import Result, Run
from tests.sheets import written
from tests.sheets.lines import by_customer, errors, told

MONTHS = ["2024年客户销售额（元）"]
DAYS = ["2024年5月客户销售额（元）"]
SUMS: list[tuple[list[Any], list[Any], str]] = [
    (["1月", "2月", "3月", "一季度", "4月"], [1, 2, 3, 6, 4], "E 一季度"),
    (["1月", "2月", "3月", "1-3月", "4月"], [1, 2, 3, 6, 4], "E 1-3月"),
    (["1月", "2月", "3月", "2-3月"], [1, 2, 3, 5], "E 2-3月"),
    (["1月", "2月", "一季度", "三季度"], [1, 2, 3, ""], "D 一季度, E 三季度"),
    (["1月", "2月", "3月", "一季度小计"], [1, 2, 3, 6], "E 一季度小计"),
    (["1月", "2月", "小计", "3月", "4月", "小计", "合计"], [1, 2, 3, 3, 4, 7, 10], "D 小计, G 小计"),
]


@pytest.mark.parametrize(("head", "figures", "said"), SUMS, ids=[case[2] for case in SUMS])
def test_a_period_beside_its_months_only_checks_them(
    take: Callable[..., Result], tmp_path: Path, head: list[Any], figures: list[Any], said: str
) -> None:
    done = take([MONTHS, ["客户", *head], ["甲", *figures]])
    months = [figure for word, figure in zip(head, figures, strict=True) if word in ("1月", "2月", "3月", "4月")]
    assert (done.code, sum(by_customer(tmp_path).values())) == (0, sum(months))
    assert f"销售额: sums of other columns, only checked: {said}" in done.data["notes"]


PARTS: list[tuple[list[Any], list[Any], str]] = [
    (["1日", "2日", "上旬小计", "11日", "12日", "中旬小计", "合计"], [1, 2, 3, 4, 5, 9, 12], "D 上旬小计, G 中旬小计"),
    (["上旬", "1日", "2日", "11日"], [3, 1, 2, 4], "B 上旬"),
    (["1日", "2日", "本周小计", "6日", "7日", "本周小计", "合计"], [1, 2, 3, 4, 5, 9, 12], "D 本周小计, G 本周小计"),
]


@pytest.mark.parametrize(("head", "figures", "said"), PARTS, ids=[case[2] for case in PARTS])
def test_a_part_of_the_month_beside_its_days_only_checks_them(
    take: Callable[..., Result], tmp_path: Path, head: list[Any], figures: list[Any], said: str
) -> None:
    done = take([DAYS, ["客户", *head], ["甲", *figures]])
    days = [figure for word, figure in zip(head, figures, strict=True) if word.endswith("日")]
    assert (done.code, sum(by_customer(tmp_path).values())) == (0, sum(days))
    assert f"销售额: sums of other columns, only checked: {said}" in done.data["notes"]


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        ([DAYS, ["客户", "1日", "2日", "上旬小计", "11日"], ["甲", 1, 2, 7, 4]], "E401 D 上旬小计: 7, 3"),
        ([DAYS, ["客户", "1日", "2日", "周小计", "3日", "周小计"], ["甲", 1, 2, 3, 4, 7]], "E401 F 周小计: 7, 4"),
        ([MONTHS, ["客户", "1月", "2月", "三季度"], ["甲", 1, 2, 5]], "E401 D 三季度: 5, 0"),
        ([MONTHS, ["客户", "1月", "2月", "一季度"], ["甲", 1, 2, 9]], "E401 D 一季度: 9, 3"),
    ],
)
def test_a_part_that_is_not_its_sum_is_said(take: Callable[..., Result], rows: list[list[Any]], wrong: str) -> None:
    done = take(rows)
    ((code, _row, column),) = errors(done)
    said, own = wrong.partition(": ")[2].split(", ")
    assert (f"{code} {column}", done.code) == (wrong.partition(":")[0], 3)
    assert f"the row's total is {said}, its figures add up to {own}" in done.out


LOST = [
    (["1-3月", "4月", "5月"], "B 1-3月", "1, 2, 3"),
    (["1-2月", "3月"], "B 1-2月", "1, 2"),
    (["一季度", "4月"], "B 一季度", "1, 2, 3"),
    (["上半年", "7月", "8月"], "B 上半年", "1, 2, 3, 4, 5, 6"),
    (["4月", "2-3月"], "C 2-3月", "2, 3"),
    (["4月", "一季度小计"], "C 一季度小计", "1, 2, 3"),
]


@pytest.mark.parametrize(("head", "column", "months"), LOST, ids=[case[1] for case in LOST])
def test_a_period_that_alone_holds_its_months_is_refused(
    take: Callable[..., Result], tmp_path: Path, head: list[str], column: str, months: str
) -> None:
    rows = [MONTHS, ["客户", *head], ["甲", *range(10, 10 * len(head) + 10, 10)]]
    done = take(rows)
    assert done.code == 3
    assert done.data["problems"][0]["message"].endswith(
        f"{column} holds more than a month, and the months {months} have no columns of their own:"
        " sales are counted by the month"
    )
    left = take(rows, "销售2024.xlsx", "销售额", "--map", f"{column.split()[1]}=-")
    assert told(left)[::6] == (len(head) - 1, 0)


def test_what_to_do_with_it_is_said(ch: Run, tmp_path: Path) -> None:
    done = ch("import", written.comma(tmp_path / "a.csv", [MONTHS, ["客户", "1-3月", "4月"], ["甲", 1, 2]]))
    assert (done.code, done.out) == (
        3,
        "a.csv: B 1-3月 holds more than a month, and the months 1, 2, 3 have no columns of their own:"
        " sales are counted by the month; nothing was written\n"
        "  Put a column for each of these months in its place.\n"
        '  Or leave it out, and its sales with it: --map "1-3月=-"\n',
    )


@pytest.mark.parametrize("word", ["1-5月", "5月累计", "上半年"])
def test_figures_since_the_start_of_the_year_beside_the_month(
    take: Callable[..., Result], tmp_path: Path, word: str
) -> None:
    done = take([MONTHS, ["客户", "5月", word], ["甲", 1, 6]])
    assert by_customer(tmp_path) == {("甲", "2024-05-31"): 1}
    assert f"销售额: other months are in it too, so it is not read: C {word}" in done.data["notes"]


WORDS = "客户 日期 1月 2-3月 上半年 1日 上旬小计 下旬 周小计 小计 销售 退货 净额 X980 1-3月退货 甲".split()
TITLES = ["2024年5月客户日销售额", "客户日销售额"]
CELL = st.sampled_from(["", *WORDS, *TITLES, 1.0, 2.0, 7.0, 31.0])


@given(st.lists(st.lists(CELL, max_size=7), max_size=5))
@example([["日期"], ["", "客户", 31.0]])
def test_no_sheet_makes_it_fail(rows: list[list[Any]]) -> None:
    found = see(rows, {}, None, ["销售额", "2024年2月"], (), {"product": frozenset(["x980"])})
    assert isinstance(found, Layout | Unrecognised)
