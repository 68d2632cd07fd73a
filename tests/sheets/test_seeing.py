"""What a sheet is whose rows are no single lines: months, days and products across, running totals, open dates."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelctl.sheets.layout import Layout, Unrecognised
from channelctl.sheets.shapes.seeing import see
from channelctl.sheets.shapes.shape import Dated, Matrix
from tests.sheets.lines import ENDS

KNOWN = {"product": frozenset(("i9300", "x980"))}


def seen(rows: Sequence[Any], sheet: str = "Sheet1", file: str = "销售2024", **mapping: str) -> Layout | Unrecognised:
    return see(rows, mapping, None, [file, sheet], (), KNOWN)


def matrix(found: Layout | Unrecognised) -> Matrix:
    assert isinstance(found, Layout), found
    assert found.kind.name == "sales"
    assert isinstance(found.shape, Matrix)
    return found.shape


def days(found: Layout | Unrecognised) -> list[str]:
    return [place.day for place in matrix(found).places]


def why(found: Layout | Unrecognised) -> str:
    assert isinstance(found, Unrecognised), found
    assert found.why
    assert found.hint
    return found.why


HEAD = ["客户编码", "客户名称", "办事处", "1月", "2月", "3月", "合计"]
ROW = ["C1", "甲", "杭州", 1.5, 2.0, 3.0, 6.5]


@pytest.mark.parametrize(
    "rows",
    [
        [["2024年客户销售额（万元）"], HEAD, ROW],
        [["单位：万元"], HEAD, ROW],
        [["", "", "", "销售额（万元）"], HEAD, ROW],
        [[*HEAD[:3], "1月(万元)", "2月(万元)", "3月(万元)", "合计"], ROW],
        [[*HEAD[:3], "1月销售额/万元", "2月销售额/万元", "3月销售额/万元", "合计"], ROW],
        [["2024年", "", "单位：万元"], [], [*HEAD[:3], "2024-01", "2024/2", "Mar-24", "合计"], ROW],
        [["单位：万元"], [*HEAD[:3], dt.date(2024, 1, 1), dt.date(2024, 2, 1), dt.date(2024, 3, 1), "合计"], ROW],
        [["单位：万元"], [*HEAD[:3], "2024年", "", "", "合计"], ["", "", "", "1月", "2月", "3月", ""], ROW],
    ],
)
def test_months_across(rows: list[list[Any]]) -> None:
    found = seen(rows)
    assert days(found) == ENDS
    assert isinstance(found, Layout)
    assert {name: found.columns[name].index for name in ("customer_code", "customer", "office")} == {
        "customer_code": 0, "customer": 1, "office": 2,
    }  # fmt: skip
    assert found.columns["amount"].factor == 10_000
    assert found.columns["amount"].where == "D:F"
    assert [(one.column, one.field, one.places) for one in matrix(found).sums] == [(6, "amount", (0, 1, 2))]
    assert dict(found.unread) == {}


def test_quantity_and_amount_under_each_month() -> None:
    rows = [
        ["客户名称", "2024年1月", "", "2024年2月", "", "合计", ""],
        ["", "数量", "金额", "数量", "金额", "数量", "金额"],
        ["甲", 1.0, 2.0, 1.0, 2.0, 2.0, 4.0],
    ]
    shape = matrix(seen(rows, file="x"))
    assert [(place.day, dict(place.columns)) for place in shape.places] == [
        ("2024-01-31", {"quantity": 1, "amount": 2}),
        ("2024-02-29", {"quantity": 3, "amount": 4}),
    ]
    assert [(one.column, one.field) for one in shape.sums] == [(5, "quantity"), (6, "amount")]


@pytest.mark.parametrize(
    "head",
    [
        [f"{day}日" for day in range(1, 32)],
        [f"5/{day}" for day in range(1, 32)],
        [*range(1, 32)],
        [*map(str, range(1, 32))],
    ],
)
def test_days_across(head: list[Any]) -> None:
    rows = [["2024年5月 单位：元"], ["客户", *head, "本月累计"], ["甲", *[1.0] * 31, 31.0]]
    found = seen([[float(cell) if isinstance(cell, int) else cell for cell in row] for row in rows])
    assert days(found) == [f"2024-05-{day:02d}" for day in range(1, 32)]
    assert [one.column for one in matrix(found).sums] == [32]


@pytest.mark.parametrize(
    ("group", "first"), [("月份", "2024-01-31"), ("日期", "2024-05-01"), ("2024年5月", "2024-05-01")]
)
@pytest.mark.parametrize("numbers", [[1.0, 2.0, 3.0], ["1", "2", "3"]])
def test_bare_numbers_across_are_what_their_group_says(group: str, first: str, numbers: list[Any]) -> None:
    found = seen([["客户", group, "", ""], ["", *numbers], ["甲", 7.0, 8.0, 9.0]], "销售额", "2024年5月")
    assert (len(days(found)), days(found)[0]) == (3, first)


def test_a_few_bare_numbers_across_are_nothing() -> None:
    found = seen([["单位：元"], ["客户", 1.0, 2.0, 3.0], ["甲", 7.0, 8.0, 9.0]], "2024年5月销售")
    assert not (isinstance(found, Layout) and found.kind.name == "sales")


def test_known_products_across_with_the_day_in_each_row() -> None:
    found = seen([["日期", "客户名称", "I9300", "X980", "合计"], ["2024-05-03", "甲", 1.0, 2.0, 3.0]], "销售额")
    assert [(place.day, place.product) for place in matrix(found).places] == [("", "I9300"), ("", "X980")]
    assert isinstance(found, Layout)
    assert found.columns["date"].index == 0


def test_unknown_products_across_are_known_by_their_group() -> None:
    rows = [["客户名称", "产品型号", "", ""], ["", "A1", "A2", "合计"], ["甲", 1.0, 2.0, 3.0]]
    shape = matrix(seen(rows, "2024年5月销售额"))
    assert [(place.day, place.product) for place in shape.places] == [("2024-05-31", "A1"), ("2024-05-31", "A2")]
    assert [one.places for one in shape.sums] == [(0, 1)]


def test_months_over_products() -> None:
    rows = [["客户名称", "1月", "", ""], ["", "I9300", "X980", "合计"], ["甲", 1.0, 2.0, 3.0]]
    shape = matrix(seen(rows, "销售额"))
    assert [(place.day, place.product) for place in shape.places] == [("2024-01-31", "I9300"), ("2024-01-31", "X980")]
    assert [one.places for one in shape.sums] == [(0, 1)]


def test_what_is_of_another_year_or_a_target_is_left_out() -> None:
    rows = [
        ["客户名称", "规划等级", "销售额", "", "去年同期", "", "目标", ""],
        ["", "", "1月", "2月", "1月", "2月", "1月", "2月"],
        ["甲", "V1", 1.0, 2.0, 3.0, 4.0, 5.0, 6.0],
    ]
    found = seen(rows)
    assert [place.columns["amount"] for place in matrix(found).places] == [2, 3]
    assert isinstance(found, Layout)
    assert list(found.unread) == [4, 5, 6, 7]


def test_quarters_among_months_are_sums() -> None:
    found = seen([["客户", "1月", "2月", "3月", "一季度", "4月", "1-4月", "全年"], ["甲", *[1.0] * 7]], "销售额")
    assert days(found) == [*ENDS, "2024-04-30"]
    assert [(one.column, one.places) for one in matrix(found).sums] == [
        (7, (0, 1, 2, 3)),
        (4, (0, 1, 2)),
        (6, (0, 1, 2, 3)),
    ]


def test_running_totals_across() -> None:
    assert matrix(seen([["客户", "1月累计", "1-2月累计", "1-3月累计"], ["甲", 1.0, 2.0, 3.0]], "销售额")).running
    rows = [["客户", "截至5月10日累计", "截至5月20日累计"], ["甲", 1.0, 2.0]]
    assert days(seen(rows, "销售额")) == ["2024-05-10", "2024-05-20"]


PURE: list[list[Any]] = [["客户", "1月", "2月"], ["甲", 1.0, 2.0]]
LACKING: list[tuple[list[list[Any]], str, str, str]] = [
    (PURE, "Sheet1", "2024", "nothing says whether they are amounts or quantities"),
    (PURE, "数量与金额", "2024", "nothing says whether they are amounts or quantities"),
    (PURE, "销量(台)", "2024", "they are quantities"),
    (PURE, "销售额", "x", "B 1月 names no year"),
    (PURE, "2023与2024销售额", "x", "B 1月 names no year"),
    ([["客户", "1日", "2日"], ["甲", 1.0, 2.0]], "销售额", "2024", "B 1日 names no year, or no month"),
    ([["客户", "一季度", "二季度"], ["甲", 1.0, 2.0]], "销售额", "2024", "B 一季度 holds more than a month"),
    ([["客户", "4月", "2-3月"], ["甲", 1.0, 2.0]], "销售额", "2024", "C 2-3月 holds more than a month"),
    ([["客户", "1-3月", "1-4月"], ["甲", 1.0, 2.0]], "销售额", "2024", "B 1-3月 holds more than a month"),
    ([["客户", "截至4月30日", "截至5月10日"], ["甲", 1.0, 2.0]], "销售额", "2024", "holds more than a month"),
    ([["客户", "1月", "1月"], ["甲", 1.0, 2.0]], "销售额", "2024", "B 1月 and C 1月 say the same"),
    ([["客户", "1月", "2日"], ["甲", 1.0, 2.0]], "销售额", "2024", "months and days stand side by side"),
    ([["客户", "1月(元)", "2月(万元)"], ["甲", 1.0, 2.0]], "销售", "2024", "not all in one unit"),
    ([["单位：元"], *PURE], "", "2024", "nothing says that they are sales"),
    ([["客户", "I9300", "X980"], ["甲", 1.0, 2.0]], "销售额", "2024", "of which day or month"),
    ([["客户", dt.date(2024, 5, 1)], ["甲", 1.0]], "销售额", "x", "may be the month or its first day"),
    ([["客户", "累计销售额"], ["甲", 1.0]], "销售", "x", "does not say from when on"),
    ([["客户", "日期", "本年累计销售额"], ["甲", "2024-05-10", 1.0]], "销售", "x", "runs up more than a month"),
    ([["客户", "本月累计销售额"], ["甲", 1.0]], "销售", "x", "no column with the date"),
    ([["客户", "销售额"], ["甲", 1.0]], "销售", "x", "no column with the date"),
    ([["客户", "日期", "金额"], ["甲", "5-3", 1.0]], "销售", "x", "without a year, or without a month"),
    ([["客户", "日期", "金额"], ["甲", "3日", 1.0]], "销售", "2024", "without a year, or without a month"),
]


@pytest.mark.parametrize(("rows", "sheet", "file", "says"), LACKING)
def test_what_is_open_is_refused_with_what_it_takes(rows: list[list[Any]], sheet: str, file: str, says: str) -> None:
    assert says in why(seen(rows, sheet, file))


def test_map_says_what_the_figures_are() -> None:
    found = see(PURE, {"1月": "金额"}, None, ["2024", ""], (), KNOWN)
    assert days(found) == ENDS[:2]
    one = see([["客户", "1月", "2月", "3月"], ["甲", 1.0, 2.0, 3.0]], {"2月": "-"}, None, ["2024", "销售额"], (), KNOWN)
    assert days(one) == [ENDS[0], ENDS[2]]


@pytest.mark.parametrize(
    ("rows", "sheet", "kind"),
    [
        ([["客户编码", "客户名称", "办事处", "1月", "2月"], ["C1", "甲", "杭州", 1.0, 2.0]], "销售目标", "customer"),
        ([["客户编码", "客户名称", "办事处", "2022年", "2023年"], ["C1", "甲", "杭州", 1.0, 2.0]], "客户", "customer"),
        ([["客户编码", "客户名称", "办事处", "5月"], ["C1", "甲", "杭州", 1.0]], "客户", "customer"),
        ([["客户编码", "客户名称", "渠道", "累计金额"], ["C1", "甲", "直供", 1.0]], "客户2024-05", "customer"),
        ([["月份", "办事处", "客户", "目标"], ["2024-05", "杭州", "甲", 1.0]], "销售", "plan"),
        ([["日期", "客户", "金额", "1月"], ["2024-05-03", "甲", 1.0, 2.0]], "销售", "sales"),
    ],
)
def test_what_is_a_list_stays_one(rows: list[list[Any]], sheet: str, kind: str) -> None:
    found = seen(rows, sheet)
    assert isinstance(found, Layout)
    assert found.kind.name == kind
    assert found.shape is None


OTHERS = ["回款", "5月应收", "库存", "销售目标", "销售费用", "产品价格表", "销售返利", "业务员工资", "2024 Budget"]


@pytest.mark.parametrize("sheet", OTHERS)
@pytest.mark.parametrize(
    "rows",
    [
        [["单位：元"], ["客户", "1月", "2月"], ["甲", 1.0, 2.0]],
        [["单位：元"], ["产品", "1月", "2月"], ["X980", 1.0, 2.0]],
        [["办事处", "客户", "金额"], ["杭州", "甲", 1.0]],
        [["月份", "客户", "金额"], ["1月", "甲", 1.0]],
        [["客户", "本月累计金额"], ["甲", 1.0]],
    ],
)
def test_what_is_no_sales_is_not_taken_for_some(rows: list[list[Any]], sheet: str) -> None:
    found = seen(rows, sheet, "2024年5月")
    assert not (isinstance(found, Layout) and found.kind.name == "sales")


def test_kind_says_that_figures_are_sales() -> None:
    assert days(see([["单位：元"], *PURE], {}, "sales", ["2024", "费用"], (), KNOWN)) == ENDS[:2]


@pytest.mark.parametrize(
    ("rows", "sheet", "shape"),
    [
        ([["日期", "客户", "金额"], ["3日", "甲", 1.0]], "5月", (2024, 5)),
        ([["日期", "客户", "金额"], ["5-3", "甲", 1.0], ["5月4日", "甲", 1.0]], "", (2024, 0)),
        ([["日期", "客户", "金额"], [3.0, "甲", 1.0]], "5月", (2024, 5)),
    ],
)
def test_days_take_the_year_from_a_title_or_name(rows: list[list[Any]], sheet: str, shape: tuple[int, int]) -> None:
    found = seen(rows, sheet)
    assert isinstance(found, Layout)
    assert isinstance(found.shape, Dated)
    assert (found.shape.year, found.shape.month) == shape
    assert found.columns["date"].where == "A"


def test_running_totals_beside_the_figures_are_left() -> None:
    found = seen([["日期", "客户", "金额", "本月累计金额", "金额(累计)"], ["2024-05-10", "甲", 2.0, 3.0, 4.0]])
    assert isinstance(found, Layout)
    assert (found.columns["amount"].index, list(found.unread)) == (2, [3, 4])
    assert found.remarks == ("running totals beside the figures themselves are not read: D 本月累计金额, E 金额(累计)",)


@pytest.mark.parametrize("merged", [(), ((0, 2, 0, 3), (0, 4, 0, 5))])
def test_a_group_of_running_totals_is_not_read_for_the_day(merged: tuple[tuple[int, int, int, int], ...]) -> None:
    rows: list[list[Any]] = [
        ["日期", "客户", "本月累计", "", "当日", ""],
        ["", "", "数量", "金额", "数量", "金额"],
        ["2024-05-20", "甲", *[1.0] * 4],
    ]
    found = see(rows, {}, None, ["销售", ""], merged, KNOWN)
    assert isinstance(found, Layout)
    assert (found.columns["quantity"].index, found.columns["amount"].index) == (4, 5)


def test_three_heading_rows_with_merged_cells() -> None:
    rows: list[list[Any]] = [
        ["日期", "客户名称", "销售", "", "", ""],
        ["", "", "数量", "单价", "金额", ""],
        ["", "", "", "", "含税", "不含税"],
        ["2024-05-03", "甲", 1.0, 113.0, 113.0, 100.0],
    ]
    merged = [(0, 0, 2, 0), (0, 1, 2, 1), (0, 2, 0, 5), (1, 2, 2, 2), (1, 3, 2, 3), (1, 4, 1, 5)]
    found = see(rows, {}, None, ["x", ""], merged, KNOWN)
    assert isinstance(found, Layout)
    assert (found.row, {name: column.index for name, column in found.columns.items()}) == (
        2,
        {"date": 0, "customer": 1, "quantity": 2, "unit_price": 3, "amount_taxed": 4, "amount": 5},
    )


def test_a_group_ends_where_its_merged_cells_end() -> None:
    rows: list[list[Any]] = [
        ["日期", "客户", "金额", "", ""],
        ["", "", "含税", "不含税", "其他"],
        ["2024-05-03", "甲", 113.0, 100.0, 7.0],
    ]
    found = see(rows, {}, None, ["x", ""], [(0, 2, 0, 3)], KNOWN)
    assert isinstance(found, Layout)
    assert dict(found.unread) == {4: "其他"}


CELL = st.sampled_from(
    ["", "客户", "日期", "金额", "数量", "1月", "2月", "1-2月", "合计", "一季度", "I9300", "甲", 1.0, 31.0, 2024.1]
) | st.text(max_size=6)


@given(st.lists(st.lists(CELL | st.floats() | st.dates(), max_size=6), max_size=6), st.text(max_size=8))
def test_no_sheet_makes_it_fail(rows: list[list[Any]], name: str) -> None:
    assert isinstance(see(rows, {}, None, [name, "2024年5月"], (), KNOWN), Layout | Unrecognised)
