"""Sheets whose rows are no single lines: months, days and products across, running totals, open dates."""

import datetime as dt
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channelctl.sheets.recognise import Layout, Unrecognised
from channelctl.sheets.shapes import spans
from channelctl.sheets.shapes.seeing import see
from channelctl.sheets.shapes.shape import Dated, Matrix
from tests.conftest import Result, Run
from tests.sheets import written

Line = tuple[Any, ...]
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


# What a heading says of time

MONTH, DAY = "month", "day"
SPANS: list[tuple[Any, tuple[Any, ...] | None]] = [
    ("1月", (MONTH, None, 1, 0)),
    (" 12 月份 ", (MONTH, None, 12, 0)),
    ("一月", (MONTH, None, 1, 0)),
    ("十二月", (MONTH, None, 12, 0)),
    ("２０２４年１月", (MONTH, 2024, 1, 0)),
    ("24年3月", (MONTH, 2024, 3, 0)),
    ("2024-01", (MONTH, 2024, 1, 0)),
    ("2024/1", (MONTH, 2024, 1, 0)),
    ("2024.12", (MONTH, 2024, 12, 0)),
    ("202401", (MONTH, 2024, 1, 0)),
    (202401.0, (MONTH, 2024, 1, 0)),
    ("Jan-24", (MONTH, 2024, 1, 0)),
    ("Sept 2024", (MONTH, 2024, 9, 0)),
    ("may", (MONTH, None, 5, 0)),
    ("1日", (DAY, None, 0, 1)),
    ("31号", (DAY, None, 0, 31)),
    ("5/1", (DAY, None, 5, 1)),
    ("5月31日", (DAY, None, 5, 31)),
    ("2024-05-03", (DAY, 2024, 5, 3)),
    ("20240503", (DAY, 2024, 5, 3)),
    (dt.date(2024, 5, 3), (DAY, 2024, 5, 3)),
    ("一季度", ("quarter", None, 1, 0)),
    ("2024年第二季度", ("quarter", 2024, 2, 0)),
    ("2024Q3", ("quarter", 2024, 3, 0)),
    ("下半年", ("half", None, 2, 0)),
    ("2024年", ("year", 2024, 1, 0)),
    ("2-3月", ("several", None, 0, 0)),
    (2024.1, ("several", None, 0, 0)),
    (3.0, ("number", None, 0, 3)),
    ("03", ("number", None, 0, 3)),
    ("13月", None),
    ("金额", None),
    ("I9300", None),
    ("9300", None),
    ("24-01", None),
    ("", None),
    (32.0, None),
    (True, None),
    (None, None),
]


@pytest.mark.parametrize(("heading", "span"), SPANS, ids=repr)
def test_a_heading_says_a_span_of_time(heading: Any, span: tuple[Any, ...] | None) -> None:
    found = spans.read(heading)
    assert (found and found[:4]) == span


@pytest.mark.parametrize(
    ("heading", "unit", "number", "day"),
    [("1-3月", MONTH, 3, 0), ("1月至5月累计", MONTH, 5, 0), ("2月累计", MONTH, 2, 0), ("截至5月10日累计", DAY, 5, 10)],
)
def test_a_running_total_is_known_for_one(heading: str, unit: str, number: int, day: int) -> None:
    found = spans.read(heading)
    assert found is not None
    assert (found.unit, found.number, found.day, found.running) == (unit, number, day, True)


@pytest.mark.parametrize(
    ("texts", "day"),
    [
        (["2024年5月销售", "导出20240603"], "2024-05-31"),
        (["截至5月20日", "销售2024"], "2024-05-20"),
        (["5月1日至5月20日", "2024"], "2024-05-20"),
        (["日报20240520"], "2024-05-20"),
        (["5月", "2024年"], "2024-05-31"),
        (["2024年度", "二月"], "2024-02-29"),
        (["2024年1-3月销售"], None),
        (["2024年一季度"], None),
        (["5月"], None),
        (["9300"], None),
    ],
)
def test_titles_and_names_say_when(texts: list[str], day: str | None) -> None:
    assert spans.when(texts) == day


def test_who_made_a_sheet_and_when_is_no_title() -> None:
    assert spans.spoken([["2024年5月", 3.0, ""], ["制表：王伟 2024-06-01"], ["打印时间：2024-06-02"]]) == ["2024年5月"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (["销售2024年5月", "5月", "截至5月20日"], ["销售2024年6月(1)", "6月", "截至6月5日"]),
        (["销售_2024-05.rejected", "Sheet1"], ["销售_2024-06", "Sheet2"]),
    ],
)
def test_a_series_goes_by_what_is_not_time(one: list[str], other: list[str]) -> None:
    assert spans.series(one) == spans.series(other) != ""


def test_a_model_number_is_no_time() -> None:
    assert spans.series(["I9300"]) != spans.series(["I7100"])


# What a sheet is

HEAD = ["客户编码", "客户名称", "办事处", "1月", "2月", "3月", "合计"]
ROW = ["C1", "甲", "杭州", 1.5, 2.0, 3.0, 6.5]
ENDS = ["2024-01-31", "2024-02-29", "2024-03-31"]


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


# Through the command line


def sold(folder: Path) -> list[Line]:
    """Day, office, customer, product, quantity and amount of the lines that hold."""
    with closing(sqlite3.connect(folder / "channel.db")) as found:
        rows = found.execute(
            "select s.date, o.name, coalesce(c.name, ''), p.name, s.quantity, s.amount, s.row_no from sale_line s"
            " left join office o on o.id = s.office_id left join customer c on c.id = s.customer_id"
            " left join product p on p.id = s.product_id where s.ended_batch_id is null order by 3, 1, 4, 6"
        ).fetchall()
    return [
        (*row[:4], *(None if n is None else Decimal(n).scaleb(-4).normalize() for n in row[4:6]), row[6])
        for row in rows
    ]


def by_customer(folder: Path) -> dict[tuple[str, str], Decimal]:
    """Net by customer and day."""
    found: dict[tuple[str, str], Decimal] = {}
    for day, _office, customer, _product, _quantity, amount, _row in sold(folder):
        found[customer, day] = found.get((customer, day), Decimal(0)) + amount
    return found


@pytest.fixture
def take(ch: Run, tmp_path: Path) -> Callable[..., Result]:
    """Write rows as a workbook or, with .csv, as text, and import it as JSON."""

    def run(
        rows: Sequence[Any], name: str = "销售2024.xlsx", sheet: str = "销售额", *words: str, merge: Any = ()
    ) -> Result:
        path = tmp_path / name
        path.unlink(missing_ok=True)
        if name.endswith(".csv"):
            written.comma(path, rows)
        else:
            written.book(path, {sheet: rows}, [(sheet, where) for where in merge])
        return ch("import", path, "--format", "json", *words)

    return run


def told(done: Result) -> tuple[Any, ...]:
    """Rows, new, changed, known, rejected and skipped of the one sheet, and the exit code."""
    (row,) = done.data["rows"]
    return (*(row[name] for name in ("rows", "new", "changed", "existing", "rejected", "skipped")), done.code)


def errors(done: Result) -> list[tuple[Any, ...]]:
    return [(p["code"], p["row"], p["column"]) for p in done.data["problems"]]


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
        "  D:F 1月 … 3月 → date (across)  2024-01-31\n"
        "  D:F 1月 … 3月 → amount ×10000 (across)  1.5\n"
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
    assert not (tmp_path / "channel.db").exists()


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


@settings(max_examples=20)
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
        patch.setenv("CHANNELCTL_DB", f"{folder}/channel.db")
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
