"""The trend of scores as a picture."""

from decimal import Decimal

import pytest

from channelctl.report.charts import Bars, Lines
from channelctl.systems.scores.rules_trend import TrendRow
from channelctl.systems.scores.screen_chart import MOST_OFFICES, trend

D = Decimal


def row(month: str, office: str, rate: str) -> TrendRow:
    return TrendRow(month, office, f"office {office}", 1, D(rate), None, None, 1, 1, False)


ROWS = [
    row("2024-02", "A", "0.5"), row("2024-03", "A", "0.6"), row("2024-05", "A", "0.7"),
    row("2024-03", "B", "0.9"), row("2024-05", "B", "0.8"),
]  # fmt: skip
MONTHS = ["2024-02", "2024-03", "2024-05"]


def test_an_office_a_line_the_best_first_with_gaps_where_there_was_no_plan() -> None:
    [found] = trend(ROWS, MONTHS, True)
    assert isinstance(found, Lines)
    assert found.steps == ["2024-02", "2024-03", "2024-04", "2024-05"]
    assert [(one.name, [point.y for point in one.points]) for one in found.series] == [
        ("office B", [None, D("0.9"), None, D("0.8")]),
        ("office A", [D("0.5"), D("0.6"), None, D("0.7")]),
    ]
    assert found.text == "office B 2024-03 90.0% → 2024-05 80.0%; office A 2024-02 50.0% → 2024-05 70.0%"


def test_one_office_needs_no_name() -> None:
    [found] = trend(ROWS[:3], MONTHS, False)
    assert isinstance(found, Lines)
    assert [one.name for one in found.series] == [""]


def test_one_month_is_a_bar_each() -> None:
    [found] = trend([ROWS[2], ROWS[4]], ["2024-05"], True)
    assert isinstance(found, Bars)
    assert found.bars == [("office B", D("0.8")), ("office A", D("0.7"))]


@pytest.mark.parametrize("months", [MONTHS, ["2024-05"]])
def test_of_many_offices_the_best_and_the_worst(months: list[str]) -> None:
    rows = [row(month, f"{place:03}", f"0.{place:03}") for place in range(300) for month in months]
    [found] = trend(rows, months, True)
    assert found.title == "Trend of the best and worst 12 of 300 offices"
    names = [one.name for one in found.series] if isinstance(found, Lines) else [name for name, _rate in found.bars]  # type: ignore[union-attr]
    assert len(names) == MOST_OFFICES
    assert names == [f"office {place:03}" for place in (*range(299, 293, -1), *range(5, -1, -1))]


def test_one_office_in_one_month_and_no_office_are_no_picture() -> None:
    assert trend(ROWS[:1], MONTHS[:1], False) == ()
    assert trend([], MONTHS, True) == ()
