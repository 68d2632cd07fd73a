"""What drawings answer: where, what, and within what lines."""

from decimal import Decimal
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelctl.columns import Col
from channelctl.report import pages, svg
from channelctl.report.charts import Bars, Chart, Lines, Point, Series
from tests.report.test_charts import ALL, BARS, CURVE, HEAT, MONEY, PART, RATE, SALES, TREND, tree

D = Decimal
MONTH = Col("月份", "Month")


def spots(chart: Chart) -> list[ElementTree.Element]:
    return tree(chart).findall(".//g[@class='spot']")


def said(chart: Chart) -> list[str]:
    return [spot.attrib["aria-label"] for spot in spots(chart)]


def strips(chart: Chart) -> list[tuple[Decimal, Decimal]]:
    """From where to where each spot answers, across."""
    boxes = [spot.find("rect") for spot in spots(chart)]
    return [(D(box.attrib["x"]), D(box.attrib["x"]) + D(box.attrib["width"])) for box in boxes if box is not None]


@pytest.mark.parametrize(
    ("chart", "expected"),
    [
        (CURVE, [f"Share of customers {x} · Share of net sales {y}" for x, y in (("0%", "0%"), ("20%", "50%"))]),
        (TREND, ["2024-03 · 杭州 25.0% · 无锡 & <b> 30.0%", "2024-04 · 杭州 50.0%"]),
        (HEAT, ["A → A · 6 · 75.0%", "A → B · 2 · 25.0%", "B → A · 1 · 0.1%"]),
        (BARS, ["杭州 1,000.00", "WX 250.00", "NB -5.00"]),
    ],
)
def test_each_place_says_what_is_there(chart: Chart, expected: list[str]) -> None:
    assert said(chart)[: len(expected)] == expected


def test_the_unit_is_the_pages() -> None:
    assert 'aria-label="杭州 0.10"' in svg.figure(BARS, 1, "wan")


@pytest.mark.parametrize("chart", ALL)
def test_what_is_said_is_what_is_shown(chart: Chart) -> None:
    for spot in spots(chart):
        shown = [text.text for text in spot.findall("./g[@class='tip']/text")]
        assert " · ".join(map(str, shown)) == spot.attrib["aria-label"]


@given(st.lists(st.integers(0, 10**6), min_size=2, max_size=200, unique=True))
def test_strips_lie_side_by_side_from_end_to_end(places: list[int]) -> None:
    last = max(places)
    points = [Point(D(place) / last, D(place) / last) for place in sorted(places)]
    found = strips(Lines("t", "t", PART, SALES, [Series("", points)]))
    assert 1 <= len(found) <= 40
    assert (found[0][0], found[-1][1]) == (D(64), D(696))
    assert all(abs(one[1] - other[0]) <= D("0.02") for one, other in pairwise(found))


@pytest.mark.parametrize(("count", "stops"), [(1, 1), (60, 60), (61, 0)])
def test_tab_does_not_stop_at_more_places_than_a_person_would_pass(count: int, stops: int) -> None:
    bars = Bars("t", "t", MONTH, MONEY, [(str(place), D(place)) for place in range(count)])
    assert len(spots(bars)) == count
    assert sum("tabindex" in spot.attrib for spot in spots(bars)) == stops


@pytest.mark.parametrize(("count", "lines"), [(2, 3), (19, 20), (20, 21), (50, 21)])
def test_of_very_many_lines_the_rest_is_counted(count: int, lines: int) -> None:
    series = [Series(f"office {place}", [Point(0, D(place))]) for place in range(count)]
    tip = spots(Lines("t", "t", MONTH, MONEY, series, ["2024-05"]))[0].findall("./g[@class='tip']/text")
    assert len(tip) == lines
    assert (tip[-1].text == f"… +{count - 19}") == (count > 19)


@pytest.mark.parametrize("wide", ["x" * 100, "南京" * 50])
def test_long_names_are_cut_in_the_box_and_whole_for_who_listens(wide: str) -> None:
    bars = Bars("t", "t", MONTH, MONEY, [(wide, D(1))])
    assert said(bars) == [f"{wide} 1.00"]
    box = spots(bars)[0].find("./g[@class='tip']/rect")
    assert box is not None and D(box.attrib["x"]) >= 0 and D(box.attrib["x"]) + D(box.attrib["width"]) <= 720


@pytest.mark.parametrize("chart", ALL)
def test_a_still_drawing_carries_its_look_and_answers_nothing(chart: Chart) -> None:
    still = svg.figure(chart, 1, "yuan", pages.drawing_style())
    assert 'class="spot"' not in still and "tabindex" not in still
    assert "var(" not in still and f".drawing .s1 {{ stroke: {pages.PRINT['s1']}; }}" in still


def test_a_rate_without_a_line_says_nothing() -> None:
    empty = Lines("t", "t", MONTH, RATE, [Series("", [Point(0, None)])], ["2024-05"])
    assert spots(empty) == []
