"""Counts against what was bought and sold on between them."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelctl.systems.stock.rules import Count, Item, Moved
from channelctl.systems.stock.rules_check import check, in_order
from tests.conftest import Run
from tests.making import EXPECTED, holds_to_schema, report
from tests.stock.moving import moved

ITEM = Item("C1", "甲", "HZ", "杭州", "P1", "X1")
FIRST = dt.date(2024, 5, 1)


def day(number: int) -> dt.date:
    return FIRST + dt.timedelta(days=number - 1)


def moves(*pairs: tuple[int, int]) -> list[Moved]:
    return [Moved(day(number), Decimal(units)) for number, units in pairs]


def count(number: int, units: int, sold: int | None = None) -> Count:
    return Count(day(number), Decimal(units), None if sold is None else Decimal(sold))


@pytest.mark.parametrize(
    ("counts", "bought", "sold", "reported", "figures", "by"),
    [
        # before, sell-in, sell-out, expected, counted, difference
        ([count(1, 10), count(10, 12)], [(5, 6)], [(5, 4)], [], (10, 6, 4, 12, 12, 0), "sell_out"),
        ([count(1, 10), count(10, 9)], [(5, 6)], [(5, 4)], [], (10, 6, 4, 12, 9, -3), "sell_out"),
        ([count(1, 10), count(10, 15)], [(5, 6)], [(5, 4)], [], (10, 6, 4, 12, 15, 3), "sell_out"),
        # the day of the first count is before it, that of the last within
        ([count(1, 10), count(10, 12)], [(1, 9), (10, 6), (11, 9)], [(1, 9), (10, 4)], [],
         (10, 6, 4, 12, 12, 0), "sell_out"),
        # no sell-out of it: by the sheet, by a report that does not name it, by what the counts leave
        ([count(1, 10), count(10, 11, 5)], [(5, 6)], [], [5], (10, 6, 5, 11, 11, 0), "sheet"),
        ([count(1, 10, 99), count(5, 9, 2), count(10, 11, 3)], [(5, 6)], [], [], (10, 6, 5, 11, 11, 0), "sheet"),
        ([count(1, 10), count(5, 9), count(10, 11, 3)], [(5, 6)], [], [], (10, 6, 5, 11, 11, 0), "remainder"),
        ([count(1, 10), count(10, 11)], [(5, 6)], [], [5], (10, 6, 0, 16, 11, -5), "sell_out"),
        ([count(1, 10), count(10, 11)], [(5, 6)], [], [1, 11], (10, 6, 5, 11, 11, 0), "remainder"),
        ([count(1, 10), count(10, 18)], [(5, 6)], [], [], (10, 6, 0, 16, 18, 2), "remainder"),
        # returns to us, returns from whom it was sold to
        ([count(1, 10), count(10, 8)], [(5, -2)], [(5, -1), (6, 1)], [], (10, -2, 0, 8, 8, 0), "sell_out"),
    ],
)  # fmt: skip
def test_what_should_be_there(
    counts: list[Count], bought: Any, sold: Any, reported: list[int], figures: tuple[int, ...], by: str
) -> None:
    row = check(ITEM, counts, moves(*bought), moves(*sold), [day(one) for one in reported])
    assert row is not None
    found = (row.before, row.sell_in, row.sell_out, row.expected, row.counted, row.difference)
    assert (tuple(map(int, found)), row.sold_by) == (figures, by)


@pytest.mark.parametrize("counts", [[], [count(1, 10)]])
def test_one_count_agrees_with_nothing(counts: list[Count]) -> None:
    assert check(ITEM, counts, [], [], []) is None


movements = st.lists(st.tuples(st.integers(1, 30), st.integers(-50, 50)), max_size=12)


@given(st.integers(0, 500), movements, movements, st.integers(-20, 20), st.randoms(use_true_random=False))
def test_stock_that_moves_is_found_again_whatever_the_order(
    opening: int, came: Any, went: Any, lost: int, chance: Any
) -> None:
    went = [*went, (30, 1)]
    closing = opening + sum(units for _day, units in came) - sum(units for _day, units in went) - lost
    counts, bought, sold = [count(0, opening), count(30, closing)], moves(*came), moves(*went)
    row = check(ITEM, counts, bought, sold, [])
    assert row is not None
    assert row.difference == -lost
    assert row.before + row.sell_in - row.sell_out == row.expected == row.counted - row.difference
    for some in (counts, bought, sold):
        chance.shuffle(some)
    assert check(ITEM, counts, bought, sold, []) == row


@given(st.lists(st.tuples(st.integers(-9, 9), st.sampled_from("ABC")), max_size=8), st.randoms(use_true_random=False))
def test_the_largest_difference_comes_first_whichever_way_it_goes(made: Any, chance: Any) -> None:
    rows = []
    for place, (off, code) in enumerate(made):
        item = ITEM._replace(customer_code=code, product_code=f"P{place}")
        row = check(item, [count(1, 20), count(2, 20 + off)], [], [], [day(2)])
        assert row is not None
        rows.append(row)
    found = in_order(rows)
    assert [abs(row.difference) for row in found] == sorted((abs(row.difference) for row in rows), reverse=True)
    chance.shuffle(rows)
    assert in_order(rows) == found


def short(ch: Run, *words: object) -> list[tuple[object, ...]]:
    names = ("customer_code", "from", "to", "before", "sell_in", "sell_out", "counted", "difference")
    return [tuple(row[name] for name in names) for row in report(ch, "stock", "check", *words)["rows"]]


def test_the_last_two_counts_or_those_that_a_month_begins_and_ends_with(ch: Run) -> None:
    counted = [
        (f"2024-{when}", "C1", "X1", units) for when, units in (("04-28", 5), ("05-15", 8), ("05-31", 6), ("06-02", 9))
    ]
    moved(ch, counted, [("2024-05-10", "C1", "X1", 10)], [("2024-05-12", "C1", "X1", 7), ("2024-05-20", "C1", "X1", 1)])
    assert short(ch, "--as-of", "2024-05-31") == [("C1", "2024-05-15", "2024-05-31", 8, 0, 1, 6, -1)]
    assert short(ch, "--month", "2024-05") == [("C1", "2024-04-28", "2024-05-31", 5, 10, 8, 6, -1)]
    assert short(ch, "--month", "2024-05", "--as-of", "2024-05-20") == [
        ("C1", "2024-04-28", "2024-05-15", 5, 10, 7, 8, 0)
    ]
    assert short(ch, "--as-of", "2024-06-03")[0][1:3] == ("2024-05-31", "2024-06-02")
    assert short(ch, "--as-of", "2024-05-01") == []


def test_what_comes_later_changes_nothing_before(ch: Run) -> None:
    moved(ch, [("2024-05-01", "C1", "X1", 5), ("2024-05-15", "C1", "X1", 8)], [("2024-05-10", "C1", "X1", 10)])
    before = ch("stock", "check", "--as-of", "2024-05-15").out
    later = [("2024-05-16", "C1", "X1", 1)]
    moved(ch, later, later, later)
    assert ch("stock", "check", "--as-of", "2024-05-15").out == before
    assert ch("stock", "check", "--as-of", "2024-05-16").out != before


def test_the_sheets_own_movements_speak_where_no_sell_out_does(ch: Run) -> None:
    counted = [("2024-05-01", "C1", "X1", 5, ""), ("2024-05-15", "C1", "X1", 8, 6)]
    moved(ch, counted, [("2024-05-10", "C1", "X1", 10)], also="本期销售")
    row = report(ch, "stock", "check", "--as-of", "2024-05-15")["rows"][0]
    assert (row["sell_out"], row["difference"], row["sold_by"]) == (6, -1, "sheet")


def test_what_the_sheet_says_came_is_held_against_our_sell_in(ch: Run) -> None:
    counted = [
        ("2024-05-01", "C1", "X1", 5, "", ""), ("2024-05-15", "C1", "X1", 35, 30, 0),
        ("2024-05-01", "C1", "X2", 5, "", ""), ("2024-05-15", "C1", "X2", 9, 4, 0),
        ("2024-05-01", "C1", "X3", 5, "", ""), ("2024-05-15", "C1", "X3", 11, 4, 0),
    ]  # fmt: skip
    moved(ch, counted, [("2024-05-10", "C1", "X2", 4), ("2024-05-10", "C1", "X3", 6)], also="本期进货 本期销售")
    rows = report(ch, "stock", "check", "--as-of", "2024-05-15")["rows"]
    found = {row["product"]: (row["sell_in"], row["received"], row["not_ours"], row["difference"]) for row in rows}
    assert found == {"X1": (0, 30, 30, 30), "X2": (4, 4, 0, 0), "X3": (6, 4, -2, 0)}
    shown = ch("stock", "check", "--as-of", "2024-05-15").out
    assert "Received, by the sheet   Less sell-in" in shown
    assert shown.splitlines()[-1] == (
        "of 2 products the stock sheets' received is not our sell-in: 30 units more, 2 fewer."
    )


def test_a_sheet_that_does_not_say_what_came_all_the_time_claims_nothing(ch: Run) -> None:
    counted = [(f"2024-05-{day}", "C1", "X1", 5, came) for day, came in (("01", ""), ("10", ""), ("20", 9))]
    moved(ch, counted, also="本期进货")
    row = report(ch, "stock", "check", "--month", "2024-05")["rows"][0]
    assert (row["received"], row["not_ours"]) == (None, None)
    assert "by the sheet" not in ch("stock", "check", "--month", "2024-05").out
    assert report(ch, "stock", "check", "--as-of", "2024-05-20")["rows"][0]["not_ours"] == 9


@pytest.mark.usefixtures("sample")
def test_voided_lines_were_never_bought(ch: Run) -> None:
    row = next(
        row
        for row in report(ch, "stock", "check")["rows"]
        if (row["customer_code"], row["product"]) == ("C00001", "K520")
    )
    assert row["expected"] - row["counted"] == 3


@pytest.mark.usefixtures("sample")
def test_the_sample_is_three_short_at_one_customer(ch: Run) -> None:
    data = holds_to_schema(ch, "stock_check", "stock", "check", "--month", "2024-05")
    off = {f"{row['customer_code']} {row['product']}": row["difference"] for row in data["rows"] if row["difference"]}
    assert off == EXPECTED["stock"]["differences"]
    found = ch("stock", "check", "--customer", "C00001")
    assert found.code == 1
    assert found.out.splitlines()[-1] == "1 of 5 products differ: 3 units missing, 0 too many."
    assert ch("stock", "check", "--office", "杭州").code == 0


@pytest.mark.usefixtures("sample")
def test_offices_make_up_the_whole(ch: Run) -> None:
    whole = report(ch, "stock", "check")["rows"]
    parts = [
        row
        for office in ("NJ", "HZ", "SZ", "NB", "WX")
        for row in report(ch, "stock", "check", "--office", office)["rows"]
    ]
    assert sorted(map(str, parts)) == sorted(map(str, whole))
    products = {row["product_code"] for row in whole}
    parts = [row for code in products for row in report(ch, "stock", "check", "--product", code)["rows"]]
    assert sorted(map(str, parts)) == sorted(map(str, whole))


def test_nothing_counted_is_said(ch: Run) -> None:
    moved(ch, [("2024-05-01", "C1", "X1", 5)])
    found = ch("stock", "check")
    assert (found.code, found.err) == (
        0,
        "nothing was counted twice: channelctl stock list\n"
        "1 product was counted once only: nothing to compare it with\n",
    )
    assert ch("stock", "check", "--customer", "C9").code == 2
