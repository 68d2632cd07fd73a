"""How long stock lasts, and what is out, low, too much or dead."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelctl.systems.stock.rules import Count, Item, Moved, StockPolicy
from channelctl.systems.stock.rules_cover import STATES, CoverRow, cover, grouped, in_order, state
from tests.conftest import Run
from tests.making import EXPECTED, holds_to_schema, policy, report
from tests.stock.moving import moved

ITEM = Item("C1", "甲", "HZ", "杭州", "P1", "X1")
AS_OF = dt.date(2024, 5, 31)
POLICY = StockPolicy()


def ago(days: int) -> dt.date:
    return AS_OF - dt.timedelta(days=days)


def moves(*pairs: tuple[int, int]) -> list[Moved]:
    return [Moved(ago(days), Decimal(units)) for days, units in pairs]


@pytest.mark.parametrize(
    ("stock", "units", "expected"),
    [
        (0, 8, "out"), (1, 8, "low"), (2, 8, "ok"), (16, 8, "ok"), (17, 8, "over"), (5, 0, "dead"), (5, -3, "dead"),
        (0, 0, "ok"), (-2, 8, "out"),
    ],
)  # fmt: skip
def test_the_edges_of_the_states_are_enough(stock: int, units: int, expected: str) -> None:
    """8 units in 4 weeks are 2 a week: a week's stock is 2, eight weeks' 16."""
    assert state(Decimal(stock), Decimal(units), POLICY) == expected


@pytest.mark.parametrize(
    ("counts", "bought", "sold", "reports", "figures"),
    [
        # stock, a week, weeks, excess, state, rate of, below
        ([(0, 10)], [], [(1, 8)], True, ("10", "2.00", "5.00", "0", "ok", "sell_out", "0")),
        ([(10, 10)], [(9, 6)], [(9, 8)], True, ("8", "2.00", "4.00", "0", "ok", "sell_out", "0")),
        # the day of the count is in it, the first day of four weeks is 27 days ago
        ([(10, 10)], [(10, 6)], [(10, 8), (27, 4), (28, 9)], True,
         ("10", "3.00", "3.333333333333", "0", "ok", "sell_out", "0")),
        ([(10, 3)], [], [(5, 8)], True, ("0", "2.00", "0.00", "0", "out", "sell_out", "5")),
        ([(10, 20)], [], [(40, 8)], True, ("20", "0.00", None, "20.00", "dead", "sell_out", "0")),
        ([(0, 20)], [], [(1, 8)], True, ("20", "2.00", "10.00", "4.00", "over", "sell_out", "0")),
        # who reports nothing sells what it buys, and its count stands
        ([(10, 10)], [(9, 6), (27, 2)], [], False, ("10", "2.00", "5.00", "0", "ok", "sell_in", "0")),
        ([(10, 10)], [(9, -6)], [], False, ("10", "0.00", None, "10.00", "dead", "sell_in", "0")),
        # the last count, and none of more than 62 days ago
        ([(40, 99), (20, 10)], [], [(1, 8)], True, ("2", "2.00", "1.00", "0", "ok", "sell_out", "0")),
        ([(61, 10)], [], [(1, 8)], True, ("2", "2.00", "1.00", "0", "ok", "sell_out", "0")),
        ([(62, 10)], [], [(1, 8)], True, None),
        ([(0, 0)], [], [], True, None),
        ([], [], [(1, 8)], True, None),
    ],
)  # fmt: skip
def test_stock_and_what_goes_a_week(
    counts: Any, bought: Any, sold: Any, reports: bool, figures: tuple[str | None, ...] | None
) -> None:
    known = [Count(ago(days), Decimal(units)) for days, units in counts]
    row = cover(ITEM, known, moves(*bought), moves(*sold), reports, AS_OF, POLICY)
    if figures is None:
        assert row is None
        return
    assert row is not None
    *numbers, state_, rate_of, below = figures
    found = (row.stock, row.per_week, row.weeks, row.excess)
    assert found == tuple(None if one is None else Decimal(one) for one in numbers)
    assert (row.state, row.rate_of, row.below) == (state_, rate_of, Decimal(str(below)))


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 40), st.sampled_from("AB")), max_size=9), st.randoms())
def test_groups_add_up_and_no_order_matters(made: Any, chance: Any) -> None:
    rows: list[CoverRow] = []
    for place, (stock, units, office) in enumerate(made):
        item = ITEM._replace(product_code=f"P{place}", office_code=office)
        row = cover(item, [Count(AS_OF, Decimal(stock))], [], moves((1, units)), True, AS_OF, POLICY)
        rows += [] if row is None else [row]
    ordered, groups = in_order(rows), grouped(rows, "office", POLICY)
    for name in ("stock", "units", "excess"):
        assert sum(getattr(row, name) for row in rows) == sum(getattr(one, name) for one in groups)
    assert sum(getattr(one, name) for one in groups for name in STATES) == len(rows)
    assert [STATES.index(row.state) for row in ordered] == sorted(STATES.index(row.state) for row in rows)
    chance.shuffle(rows)
    assert (in_order(rows), grouped(rows, "office", POLICY)) == (ordered, groups)


def shown(ch: Run, *words: object) -> list[tuple[object, ...]]:
    names = ("customer_code", "product", "stock", "per_week", "state", "rate_of")
    return [tuple(row[name] for name in names) for row in report(ch, "stock", "cover", *words)["rows"]]


def test_what_comes_later_changes_nothing_before(ch: Run) -> None:
    moved(
        ch, [("2024-05-15", "C1", "X1", 10)], [("2024-05-16", "C1", "X1", 4)], [("2024-05-20", "C1", "X1", 8)],
    )  # fmt: skip
    assert shown(ch, "--as-of", "2024-05-15") == [("C1", "X1", 10, 0, "dead", "sell_in")]
    assert shown(ch, "--as-of", "2024-05-19") == [("C1", "X1", 10, 1, "over", "sell_in")]
    before = ch("stock", "cover", "--as-of", "2024-05-20").out
    assert shown(ch, "--as-of", "2024-05-20") == [("C1", "X1", 6, 2, "ok", "sell_out")]
    later = [("2024-05-21", "C1", "X1", 1)]
    moved(ch, later, later, later)
    assert ch("stock", "cover", "--as-of", "2024-05-20").out == before
    assert shown(ch, "--as-of", "2024-05-21") == [("C1", "X1", 1, 2.25, "low", "sell_out")]


def test_a_product_that_a_report_does_not_name_lies_still(ch: Run) -> None:
    counted = [("2024-05-31", "C1", model, 10) for model in ("X1", "X2")]
    moved(ch, counted, [("2024-05-30", "C1", "X2", 9)], [("2024-05-30", "C1", "X1", 8), ("2024-05-30", "C1", "X3", 1)])
    found = report(ch, "stock", "cover", "--as-of", "2024-05-31")
    assert [(row["product"], row["state"]) for row in found["rows"]] == [("X2", "dead"), ("X1", "ok")]
    assert found["notes"] == [
        "1 product that goes there has no count: its stock is not known",
        "the sell-out reaches to 2024-05-30 only",
    ]
    assert [row["product"] for row in report(ch, "stock", "cover")["rows"]] == []
    one = shown(ch, "--product", "X2", "--as-of", "2024-05-31")
    assert one == [("C1", "X2", 10, 0, "dead", "sell_out")]


def test_the_policy_says_what_is_few_and_many(ch: Run) -> None:
    moved(ch, [("2024-05-31", "C1", "X1", 10)], (), [("2024-05-31", "C1", "X1", 8)])
    assert shown(ch, "--as-of", "2024-05-31")[0][4] == "ok"
    policy('[stock]\nover = "4"\n')
    assert shown(ch, "--as-of", "2024-05-31")[0][4] == "over"
    policy('[stock]\nlow = "6"\n')
    assert shown(ch, "--as-of", "2024-05-31")[0][4] == "low"
    policy("[stock]\nweeks = 1\n")
    assert shown(ch, "--as-of", "2024-05-31")[0][3] == 8
    policy('[stock]\nlow = "9"\n')
    refused = ch("stock", "cover")
    assert refused.code == 3
    assert "low (9) is above over (8)" in refused.err


@pytest.mark.usefixtures("sample")
def test_the_sample_is_out_and_over_where_it_was_made_so(ch: Run) -> None:
    rows = holds_to_schema(ch, "stock_cover", "stock", "cover", "--as-of", "2024-05-31")["rows"]
    for name in ("out", "over"):
        found = [f"{row['customer_code']} {row['product']}" for row in rows if row["state"] == name]
        assert sorted(found) == EXPECTED["stock"][name]
    assert ch("stock", "cover").out.splitlines()[-2:] == [
        "out of stock 3, low 8, over-stock 1, dead 0, enough 46",
        "1,041 units last 2.45 weeks; 4 units are beyond 8 weeks.",
    ]


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize("by", ["customer", "product", "office"])
def test_every_way_of_summing_up_comes_to_the_same(ch: Run, by: str) -> None:
    whole, parts = report(ch, "stock", "cover"), holds_to_schema(ch, "stock_cover", "stock", "cover", "--by", by)
    assert len(parts["rows"]) > 1
    assert {name: float(figure) for name, figure in whole["totals"].items()} == parts["totals"]
    assert sum(row["stock"] for row in parts["rows"]) == whole["totals"]["stock"]
    assert sum(row[name] for row in parts["rows"] for name in STATES) == len(whole["rows"])


@pytest.mark.usefixtures("sample")
def test_the_figures_that_stand_for_the_report(ch: Run) -> None:
    from channelctl import db
    from channelctl.systems.stock import screen_cover, store, store_cover

    with db.session() as session:
        whose = store.asked(session)
        found = store_cover.cover(session, whose, AS_OF, POLICY)
    figures = {
        one.name: (one.value, one.said) for one in screen_cover.report(found, whose, AS_OF, None, POLICY).figures
    }
    rows = report(ch, "stock", "cover")["rows"]
    out = [row for row in rows if row["state"] == "out"]
    assert figures["out_of_stock"] == (len(out), f"at {len({row['customer_code'] for row in out})} customers")
    assert figures["over_stock"] == (sum(row["excess"] for row in rows), "1 product")
    assert figures["weeks_of_cover"] == (Decimal("2.452296819788"), "")


def test_no_count_is_said_and_a_word_that_there_is_not_is_refused(ch: Run) -> None:
    moved(ch, (), [("2024-05-31", "C1", "X1", 10)])
    found = ch("stock", "cover")
    assert (found.code, found.err) == (0, "no stock was counted in the 62 days before: channelctl stock list\n")
    wrong = ch("stock", "cover", "--by", "rep")
    assert (wrong.code, wrong.out) == (2, "")
    assert wrong.err == "channelctl: error: --by knows no “rep”\nThere are: customer, product, office\n"
