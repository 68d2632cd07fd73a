"""Returns in columns of their own beside each month, day or product: taken off, never unread, never counted twice."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelctl.sheets.layout import Layout, Unrecognised
from channelctl.sheets.shapes.seeing import see
from channelctl.sheets.shapes.shape import Matrix
from tests.conftest import Result
from tests.sheets.lines import by_customer, errors, sold, told
from tests.tables import is_there

JAN, FEB = ("甲", "2024-01-31"), ("甲", "2024-02-29")
TITLE = ["2024年客户销售额（元）"]
PAIR = ["", "销售", "退货", "销售", "退货"]
GROUPS = ["客户", "1月", "", "2月", ""]
READ: list[tuple[str, list[list[Any]], list[str]]] = [
    ("under each month", [TITLE, GROUPS, PAIR], ["A2:A3", "B2:C2", "D2:E2"]),
    ("under groups that are not merged", [TITLE, GROUPS, PAIR], []),
    ("with their amounts named", [TITLE, GROUPS, ["", "销售额", "退货额", "金额", "退货金额"]], ["B2:C2", "D2:E2"]),
    ("taken off by their name", [TITLE, GROUPS, ["", "销售", "减：退货", "销售", "其中：退货"]], ["B2:C2", "D2:E2"]),
    ("in one heading", [TITLE, ["客户", "1月销售", "1月退货", "2月销售", "2月退货"]], []),
    ("in one heading with their amounts named", [TITLE, ["客户", "1月销售额", "1月退货额", "2月金额", "2月红冲"]], []),
]


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(("heads", "merge"), [case[1:] for case in READ], ids=[case[0] for case in READ])
def test_returns_beside_the_sales_of_a_month_come_off(
    take: Callable[..., Result], tmp_path: Path, heads: list[list[Any]], merge: list[str], sign: int
) -> None:
    """Whichever sign they are kept in, and where nothing was sold."""
    rows = [
        *heads,
        ["甲", 100, sign * 10, "", sign * 30],
        ["乙", 50, "", 30, 0],
        ["合计", 150, sign * 10, 30, sign * 30],
    ]
    done = take(rows, "a.xlsx", "Sheet1", merge=merge)
    assert told(done) == (4, 4, 0, 0, 0, 1, 0)
    assert by_customer(tmp_path) == {JAN: 90, FEB: -30, ("乙", "2024-01-31"): 50, ("乙", "2024-02-29"): 30}
    assert [code for code, _row, _column in errors(done)] == ["W112"]


def test_sales_and_returns_may_be_groups_over_the_months(take: Callable[..., Result], tmp_path: Path) -> None:
    rows = [TITLE, ["客户", "销售", "", "退货", ""], ["", "1月", "2月", "1月", "2月"], ["甲", 100, 200, 10, 0]]
    assert told(take(rows, merge=["B2:C2", "D2:E2"]))[:2] == (2, 2)
    assert by_customer(tmp_path) == {JAN: 90, FEB: 200}


@pytest.mark.parametrize(
    ("rows", "key"),
    [
        ([["2024年5月销售额"], ["客户", "1日", "", "2日", ""], PAIR], ("2024-05-01", None)),
        ([["2024年5月销售额"], ["客户", "型号", "", "", ""], ["", "A1", "", "A2", ""], PAIR], ("2024-05-31", "A1")),
    ],
)
def test_returns_beside_days_and_products(
    take: Callable[..., Result], tmp_path: Path, rows: list[list[Any]], key: tuple[Any, ...]
) -> None:
    done = take([*rows, ["甲", 100, 10, 200, 0]], "a.xlsx", "Sheet1")
    assert told(done)[:2] == (2, 2)
    assert {(day, product): net for day, _o, _c, product, _q, net, _r in sold(tmp_path)}[key] == 90


NET = ["", "销售", "退货", "净额", "销售", "退货", "净额"]
WIDE = ["客户", "1月", "", "", "2月", "", ""]
MERGED = ["B2:D2", "E2:G2"]


def test_what_is_left_of_both_only_checks_them(take: Callable[..., Result], tmp_path: Path) -> None:
    assert told(take([TITLE, WIDE, NET, ["甲", 100, 10, 90, 200, 0, 200]], merge=MERGED))[:2] == (2, 2)
    assert by_customer(tmp_path) == {JAN: 90, FEB: 200}


def test_what_is_left_must_be_what_it_says(take: Callable[..., Result]) -> None:
    done = take([TITLE, WIDE, NET, ["甲", 100, 10, 100, 200, 0, 200]], merge=MERGED)
    assert (errors(done)[0], done.code) == (("E401", 4, "D 1月 净额"), 3)
    assert "the row's total is 100, its figures add up to 90" in done.out


def test_where_only_the_net_stands_returns_are_off_already(take: Callable[..., Result], tmp_path: Path) -> None:
    rows = [TITLE, GROUPS, ["", "退货", "净额", "退货", "净额"], ["甲", 10, 90, 0, 200]]
    assert told(take(rows, merge=["B2:C2", "D2:E2"])) == (2, 2, 0, 0, 0, 0, 0)
    assert by_customer(tmp_path) == {JAN: 90, FEB: 200}


@pytest.mark.parametrize(("total", "code"), [(285, 0), (300, 0), (286, 3)])
def test_a_row_s_total_may_be_of_sales_or_of_what_is_left(take: Callable[..., Result], total: int, code: int) -> None:
    head = ["客户", "1月销售", "1月退货", "2月销售", "2月退货", "合计"]
    assert take([TITLE, head, ["甲", 100, 10, 200, 5, total]]).code == code


def test_a_return_of_the_other_sign_is_one_taken_back(take: Callable[..., Result], tmp_path: Path) -> None:
    """By the first return that stands in the sheet, as in a list."""
    head = ["客户", "1月销售", "1月退货", "合计"]
    rows = [TITLE, head, ["甲", 100, 10, 90], ["乙", 100, -10, 110]]
    assert take(rows).code == 0
    assert by_customer(tmp_path) == {JAN: 90, ("乙", "2024-01-31"): 110}
    assert errors(take([*rows[:3], ["乙", 100, -10, 90]], "b.xlsx"))[0] == ("E401", 4, "D 合计")


def test_quantities_and_amounts_each_have_their_returns(take: Callable[..., Result], tmp_path: Path) -> None:
    rows = [
        ["2024年"],
        ["客户", "1月", "", "", "", "合计", "", "", ""],
        ["", *["数量", "金额", "退货数量", "退货金额"] * 2],
        ["甲", 10, 100, 1, 10, 10, 100, 1, 10],
    ]
    assert told(take(rows, "a.xlsx", "Sheet1", merge=["B2:E2", "F2:I2"]))[-1] == 0
    assert [line[4:6] for line in sold(tmp_path)] == [(Decimal(9), Decimal(90))]


def test_returns_beside_quantities_are_pieces_and_cost_their_price(take: Callable[..., Result], tmp_path: Path) -> None:
    rows = [["2024年销量（台）"], ["客户", "单价", "1月", ""], ["", "", "销售", "退货"], ["甲", 10, 100, 10]]
    assert take(rows, "a.xlsx", "Sheet1", merge=["C2:D2"]).code == 0
    assert [line[4:6] for line in sold(tmp_path)] == [(Decimal(90), Decimal(900))]


def test_a_list_of_prices_and_returned_pieces(take: Callable[..., Result], tmp_path: Path) -> None:
    rows = [
        ["日期", "客户", "数量", "单价", "退货数量"],
        ["2024-05-01", "甲", 10, 10, 2],
        ["2024-05-01", "乙", "", 10, 2],
    ]
    take(rows)
    assert by_customer(tmp_path) == {("甲", "2024-05-01"): 80, ("乙", "2024-05-01"): -20}


def test_the_next_such_table_adds_only_what_is_new(take: Callable[..., Result], tmp_path: Path) -> None:
    rows = [TITLE, GROUPS, PAIR, ["甲", 100, 10, 200, 0]]
    take(rows)
    assert told(take(rows, "b.xlsx")) == (2, 0, 0, 2, 0, 0, 0)
    assert told(take([*rows[:3], ["甲", 100, 20, 200, 0]])) == (2, 0, 1, 1, 0, 0, 0)
    assert by_customer(tmp_path) == {JAN: 80, FEB: 200}


def test_the_heading_on_the_next_page_is_passed_over(take: Callable[..., Result]) -> None:
    rows = [TITLE, GROUPS, PAIR, ["甲", 100, 10, 200, 0], GROUPS, PAIR, ["乙", 1, 0, 2, 0]]
    assert told(take(rows, merge=["B2:C2", "D2:E2"])) == (4, 4, 0, 0, 0, 2, 0)


REFUSED: list[tuple[list[list[Any]], str]] = [
    (
        [GROUPS, ["", "手机", "配件", "手机", "配件"], ["甲", 100, 10, 200, 0]],
        "C 配件 holds figures below 1月, and no heading of its own says which",
    ),
    ([GROUPS, ["甲", 100, 10, 200, 0]], "C holds figures below 1月, and no heading of its own says which"),
    (
        [["客户", "1月", "", ""], ["", "数量", "金额", "退货"], ["甲", 10, 100, 1]],
        "D 1月 退货 does not say whether it holds amounts or quantities",
    ),
    (
        [["客户", "1月", "", ""], ["", "数量", "金额", "退货数量"], ["甲", 10, 100, 1]],
        "D 1月 退货数量 counts what came back, and nothing says what that was worth",
    ),
    ([["客户", "1月正常", "1月退货"], ["甲", 100, 10]], "returns stand under C 1月退货, and no sales beside them"),
    (
        [["客户", "1月销售额", "1月净额", "2月净额", "1月退货额"], ["甲", 100, 90, 50, 10]],
        "D 2月净额 is net of returns, and others are not",
    ),
]


@pytest.mark.parametrize(("rows", "says"), REFUSED, ids=[says for _rows, says in REFUSED])
def test_what_cannot_be_told_is_refused_and_never_left_unread(
    take: Callable[..., Result], tmp_path: Path, rows: list[list[Any]], says: str
) -> None:
    done = take([TITLE, *rows], "a.xlsx", "Sheet1")
    assert done.code == 3
    assert says in done.data["problems"][0]["message"]
    assert not is_there(tmp_path / "channel.db")


@pytest.mark.parametrize(
    ("head", "told_", "net"),
    [
        (["", "数量", "金额", "退货"], "退货=returned", 93),
        (["", "数量", "金额", "退货"], "退货=-", 100),
        (["", "手机", "配件", "库存"], "配件=-", None),
        (["", "数量", "金额", "退货数量"], "退货数量=-", 100),
    ],
)
def test_map_says_what_a_column_holds(
    take: Callable[..., Result], tmp_path: Path, head: list[str], told_: str, net: int | None
) -> None:
    rows = [TITLE, ["客户", "1月", "", ""], head, ["甲", 10, 100, 7]]
    done = take(rows, "a.xlsx", "Sheet1", "--map", told_)
    assert done.code == (3 if net is None else 0)
    assert by_customer(tmp_path) == {JAN: net} if net else "D 库存 holds figures" in done.out


def test_rates_and_reasons_of_returns_are_none(take: Callable[..., Result], tmp_path: Path) -> None:
    rows = [TITLE, ["客户", "1月", "", ""], ["", "销售额", "退货率", "退货原因"], ["甲", 100, 0.1, 3]]
    assert told(take(rows, merge=["B2:D2"])) == (1, 1, 0, 0, 0, 0, 0)
    assert by_customer(tmp_path) == {JAN: 100}


WORD = st.sampled_from(
    ["销售", "退货", "净额", "金额", "数量", "退货额", "退货数量", "库存", "手机", "", "合计", "小计"]
)


@given(st.lists(WORD, min_size=4, max_size=4), st.sampled_from([("1月", "2月"), ("1日", "2日"), ("1-3月", "4月")]))
def test_no_column_of_figures_is_left_without_a_word(words: list[str], over: tuple[str, str]) -> None:
    """Each is read, checked or shown as not read; or the sheet is none of sales."""
    rows: list[list[object]] = [
        ["2024年5月销售额"],
        ["客户", over[0], "", over[1], ""],
        ["", *words],
        ["甲", 1.0, 2.0, 3.0, 4.0],
    ]
    found = see(rows, {}, None, ["a", "Sheet1"], ((1, 1, 1, 2), (1, 3, 1, 4)), None)
    assert isinstance(found, Layout | Unrecognised)
    if isinstance(found, Layout) and isinstance(found.shape, Matrix):
        read = {index for place in found.shape.places for index in place.columns.values()}
        known = read | {one.column for one in found.shape.sums} | set(found.unread)
        said = {index for index in range(1, 5) if any(f" {'ABCDE'[index]} " in remark for remark in found.remarks)}
        assert {1, 2, 3, 4} <= known | said
