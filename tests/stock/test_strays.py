"""Goods sold outside a customer's territory."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelctl.systems.stock.rules_strays import Territory, same_places, stems, strays
from tests.conftest import Run
from tests.making import EXPECTED, holds_to_schema, report, sheet
from tests.stock.moving import moved

NANJING = Territory(("云浦县", "南京办事处", "南京市"), "江东省")
BEIJING = Territory(("北京市", "北京办"), "北京")
ABROAD = Territory(("Nanjing", "Nanjing Office"), "Jiangdong Province")


@pytest.mark.parametrize(
    ("place", "names"),
    [
        ("南京", ["南京"]), ("南京市", ["南京"]), ("南京办事处", ["南京"]), ("南京办", ["南京"]),
        ("南京分公司", ["南京"]),
        ("江东省南京市云浦县", ["江东", "南京", "云浦"]), ("江东省 南京", ["江东", "南京"]),
        ("江东-南京", ["江东", "南京"]),
        ("市北区", ["市北"]), ("苏州", ["苏州"]), ("苏州市", ["苏州"]), ("阿克苏地区", ["阿克苏"]),
        ("延边自治州", ["延边"]), ("NANJING CITY", ["nanjing"]), ("New York", ["new york"]), ("A", ["a"]), ("", []),
    ],
)  # fmt: skip
def test_the_names_in_a_place(place: str, names: list[str]) -> None:
    assert stems(place) == names


@pytest.mark.parametrize(
    ("place", "territory", "outside"),
    [
        ("南京", NANJING, False), ("南京市", NANJING, False), ("江东省南京市", NANJING, False),
        ("江东南京", NANJING, False),
        ("云浦", NANJING, False), ("南京市云浦县", NANJING, False), ("江东省", NANJING, False),
        ("江东", NANJING, False),
        ("杭州", NANJING, True), ("杭州市", NANJING, True), ("江东省杭州市", NANJING, True),
        ("江东杭州", NANJING, True),
        ("北江省", NANJING, True),
        ("北京市", BEIJING, False), ("北京市朝阳区", BEIJING, False), ("天津", BEIJING, True),
        ("Nanjing city", ABROAD, False), ("NANJING, Jiangdong", ABROAD, False), ("Hangzhou", ABROAD, True),
    ],
)  # fmt: skip
def test_a_place_is_outside_where_no_name_of_it_is_the_customers(
    place: str, territory: Territory, outside: bool
) -> None:
    assert strays(place, territory) is outside


@given(st.text(alphabet="南京苏州市省区县 办", max_size=8), st.text(alphabet="南京苏州市省区县 办", max_size=8))
def test_where_a_customer_is_it_never_strays(city: str, office: str) -> None:
    territory = Territory(tuple(filter(None, (city, office))), "江东省")
    assert not strays(city, territory)
    assert not strays(f"江东省{city}", territory)


@pytest.mark.parametrize(
    ("wordings", "said"),
    [
        ({"合肥市": 7, "安徽省合肥市": 3, "合肥": 1}, ["合肥市", "合肥市", "合肥市"]),
        ({"合肥市": 1, "安徽合肥": 3, "安徽省合肥市": 2}, ["安徽合肥"] * 3),
        ({"合肥": 1, "合肥市": 1}, ["合肥市", "合肥市"]),
        ({"鼓楼区": 9, "南京市鼓楼区": 1}, ["鼓楼区", "鼓楼区"]),
        ({"鼓楼区": 9, "南京市鼓楼区": 1, "徐州市鼓楼区": 1}, ["鼓楼区", "南京市鼓楼区", "徐州市鼓楼区"]),
        ({"河北省": 2, "天津市河北区": 1}, ["河北省", "天津市河北区"]),
        ({"南京市": 2, "南京市云浦县": 1, "云浦": 1}, ["南京市", "南京市云浦县", "南京市云浦县"]),
        ({"York": 2, "New York": 1, "NEW YORK": 3}, ["York", "NEW YORK", "NEW YORK"]),
        ({"市": 1, "A": 1}, ["市", "A"]),
        ({}, []),
    ],
)
def test_wordings_of_one_place_go_by_the_most_frequent(wordings: dict[str, int], said: list[str]) -> None:
    assert list(map(same_places(wordings).get, wordings)) == said


@given(
    st.dictionaries(st.text(alphabet="南京苏州市省区 a", min_size=1, max_size=6), st.integers(1, 9)),
    st.randoms(use_true_random=False),
)
def test_every_wording_goes_by_one_that_goes_by_itself(wordings: dict[str, int], chance: Any) -> None:
    said = same_places(wordings)
    assert set(said) == set(wordings)
    assert all(said[one] == one for one in said.values())
    turned = [*wordings.items()]
    chance.shuffle(turned)
    assert same_places(dict(turned)) == said


def test_a_place_is_one_row_however_it_is_worded(ch: Run) -> None:
    assert ch("import", sheet("who", "客户编码 客户名称 城市", [("C1", "甲", "杭州")])).code == 0
    places = [("合肥市", 4), ("合肥市", 3), ("安徽省合肥市", 3), ("合肥", -1), ("杭州", 9)]
    moved(ch, (), (), [(f"2024-05-{day}", "C1", "X1", units, place) for day, (place, units) in enumerate(places, 10)])
    rows = report(ch, "stock", "strays")["rows"]
    assert [(row["place"], row["units"], row["share"]) for row in rows] == [("合肥市", 9, Decimal("0.5"))]


def test_a_place_unknown_is_told_beside_and_shares_are_of_all_that_was_sold_on(ch: Run) -> None:
    people = [("C1", "甲", "杭州", "杭州市"), ("C2", "乙", "", "")]
    assert ch("import", sheet("who", "客户编码 客户名称 办事处 城市", people)).code == 0
    sold = [("2024-05-18", "C1", "X1", units, place) for units, place in ((3, "南京"), (4, "杭州市"), (5, ""))]
    moved(ch, (), (), [*sold, ("2024-05-18", "C1", "X2", 4, "杭州"), ("2024-05-18", "C2", "X1", 9, "南京")])
    found = report(ch, "stock", "strays", "--month", "2024-05")
    row = found["rows"][0]
    assert len(found["rows"]) == 1
    assert (row["customer_code"], row["territory"], row["place"], row["units"]) == ("C1", "杭州市 / 杭州", "南京", 3)
    assert row["share"] == Decimal("0.1875")
    assert found["notes"] == [
        "of 5 units of 1 customer nobody knows where they went",
        "1 customer has neither city nor office: nothing of it can be outside",
    ]
    only = report(ch, "stock", "strays", "--product", "X1")["rows"][0]
    assert (only["units"], only["share"]) == (3, Decimal("0.1875"))


def test_only_the_days_asked_for_count(ch: Run) -> None:
    assert ch("import", sheet("who", "客户编码 客户名称 城市", [("C1", "甲", "杭州")])).code == 0
    moved(ch, (), (), [(f"2024-05-{day}", "C1", "X1", 1, "南京") for day in (10, 20, 30)])
    spans = {("--to", "2024-05-20"): 2, ("--to", "2024-05-19"): 1, ("--as-of", "2024-05-29"): 2}
    for words, units in spans.items():
        assert report(ch, "stock", "strays", "--from", "2024-05-01", *words)["totals"]["units"] == units
    assert report(ch, "stock", "strays")["totals"]["units"] == 3
    nothing = ch("stock", "strays", "--month", "2024-04")
    assert (nothing.code, nothing.err) == (0, "no sell-out is known of this period: channelctl sell-out list\n")


@pytest.mark.usefixtures("sample")
def test_the_sample_has_one_that_strays(ch: Run) -> None:
    data = holds_to_schema(ch, "stock_strays", "stock", "strays", "--month", "2024-05")
    assert {row["customer_code"]: row["units"] for row in data["rows"]} == EXPECTED["stock"]["strays"]
    assert ch("stock", "strays").out.splitlines()[-1] == ("12 of 1,438 units went outside the territory of 1 customer.")
    assert ch("stock", "strays", "--office", "NJ").err.startswith("nothing went outside\n")
