"""The computed ABC analysis: its points, its tiers, and what `tier --method curve` says."""

import csv
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelctl.systems.tiers.rules import CustomerSales, TierPolicy, curve, grade, points_of
from channelctl.systems.tiers.rules_curve import Curve, curve_of, curve_points
from tests.conftest import Run
from tests.making import holds_to_schema, report, sheet
from tests.tiers.test_rules import letters, published, sales

D = Decimal
SPLIT = TierPolicy(ties="split")
units = st.lists(st.integers(1, 60) | st.integers(1, 10**9), min_size=1, max_size=40).map(
    lambda found: sorted(found, reverse=True)
)


@pytest.mark.parametrize(
    ("sold", "points"),
    [
        ([7], (1, 1, 1)),
        ([5, 5], (1, 2, 2)),
        ([50, 30, 15, 4, 1], (2, 2, 2)),
        ([90, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], (1, 1, 1)),
        ([10, 9, 8, 7, 6, 5, 4, 3, 2, 1], (4, 5, 6)),
        ([20, 5, 5, 3, 2, 1], (2, 1, 3)),
    ],
)
def test_the_points_of_a_curve(sold: list[int], points: tuple[int, int, int]) -> None:
    assert curve_of(sold) == Curve(*points)


def test_without_positive_sales_there_is_no_curve() -> None:
    assert curve_of([]) is None
    assert curve_points([]) == []
    assert letters(curve(sales(0, -3), SPLIT)) == "CC"
    assert curve([], SPLIT) == []


def test_a_ends_at_the_earlier_point_and_b_at_the_submarginal_one() -> None:
    rows = curve(sales(20, 5, 5, 3, 2, 1, -5), SPLIT)
    assert letters(rows) == "ABBCCCC"
    assert [(one.point, one.entries, one.ends) for one in points_of(rows)] == [
        ("break_even", 1, "A"),
        ("pareto", 2, None),
        ("submarginal", 3, "B"),
    ]
    assert letters(curve(sales(10, 3, 3, 3, 2, 2), SPLIT)) == "ABBCCC"
    shared = curve(sales(10, 3, 3, 3, 2, 2), TierPolicy())
    assert letters(shared) == "ABBBCC"
    assert [row.reason for row in shared] == [None, None, None, "tie", None, None]


def test_the_policys_cuts_do_not_matter() -> None:
    customers = sales(50, 30, 15, 4, 1)
    other = TierPolicy(a_until=D("0.1"), b_until=D("0.2"), boundary="within", ties="split")
    assert curve(customers, other) == curve(customers, SPLIT)


def test_the_swiss_towns_fall_as_the_authors_grid_has_them() -> None:
    """Their package looks for the points in steps of 0.001 of all towns; so near ours must lie."""
    with published("worked_examples/SwissInhabitants.csv").open(encoding="utf-8", newline="") as file:
        people = {row["code"]: int(float(row["Year1900"])) for row in csv.DictReader(file)}
    largest = sorted(people.values(), reverse=True)
    pareto, break_even, submarginal = on_a_grid(largest)
    found = curve_of(largest)
    assert found == Curve(735, 642, 1076)
    step = len(largest) / 1000
    for ours, theirs in zip(found, (pareto, break_even, submarginal), strict=True):
        assert abs(ours - theirs * step) < step
    towns = [CustomerSales(code, code, D(count), 1) for code, count in people.items()]
    assert Counter(row.tier for row in curve(towns, SPLIT)) == {"A": 642, "B": 434, "C": 1820}


def on_a_grid(largest: list[int], steps: int = 1000) -> tuple[int, int, int]:
    """Pareto, break-even and submarginal point among the steps, in floating point as the authors count."""
    reached, base, count = [0, *accumulate(largest)], sum(largest), len(largest)
    places = [step * count / steps for step in range(steps + 1)]
    below = [min(int(place), count - 1) for place in places]
    height = [(reached[low] + (place - low) * largest[low]) / base for place, low in zip(places, below, strict=True)]
    slope = [
        (height[min(step + 1, steps)] - height[max(step - 1, 0)]) / ((min(step + 1, steps) - max(step - 1, 0)) / steps)
        for step in range(steps + 1)
    ]

    def nearest(across: float) -> int:
        return min(range(steps + 1), key=lambda step: (step / steps - across) ** 2 + (1 - height[step]) ** 2)

    pareto, flat = nearest(0), min(range(steps + 1), key=lambda step: abs(slope[step] - 1))
    return pareto, flat, nearest(max(pareto, flat) / steps)


# --- what always holds -----------------------------------------------------------------------------------------------


@given(units)
def test_the_points_are_nearest_by_fractions_too(sold: list[int]) -> None:
    found = curve_of(sold)
    assert found is not None
    count, base = len(sold), sum(sold)
    points = [(Fraction(place, count), Fraction(up, base)) for place, up in enumerate(accumulate(sold), 1)]
    far = [x * x + (1 - y) * (1 - y) for x, y in points]
    assert found.pareto == far.index(min(far)) + 1
    assert found.break_even == len([one for one in sold if one >= Fraction(base, count)])
    at = points[max(found.pareto, found.break_even) - 1][0]
    far = [(x - at) ** 2 + (1 - y) ** 2 for x, y in points]
    assert found.submarginal == far.index(min(far)) + 1


@given(units)
def test_the_curve_rises_and_bends_down(sold: list[int]) -> None:
    found = curve_points(sold)
    assert [one.entries for one in found] == sorted(one.entries for one in found)
    shares = [one.sales_share or D(0) for one in found]
    assert shares == sorted(shares)
    assert all((one.sales_share or D(0)) >= (one.entries_share or D(0)) - D("1e-15") for one in found)
    assert found[-1].point == "submarginal" or found[-1].entries >= found[0].entries


@given(units)
def test_a_is_never_empty_and_never_ends_behind_b(sold: list[int]) -> None:
    found = curve_of(sold)
    assert found is not None
    assert 1 <= found.a_ends <= found.submarginal <= len(sold)
    assert letters(curve(sales(*sold), SPLIT)) == (
        "A" * found.a_ends + "B" * (found.submarginal - found.a_ends) + "C" * (len(sold) - found.submarginal)
    )


@given(units, st.sampled_from([2, 7, 10_000]))
def test_another_currency_and_another_copy_of_all_change_no_point(sold: list[int], factor: int) -> None:
    assert curve_of([one * factor for one in sold]) == curve_of(sold)
    found, twice = curve_of(sold), curve_of([one for one in sold for _copy in (1, 2)])
    assert found is not None and twice is not None
    assert twice.break_even == 2 * found.break_even
    assert abs(twice.pareto - 2 * found.pareto) <= 1


# --- the command -----------------------------------------------------------------------------------------------------


def test_the_command_shows_the_points(ch: Run) -> None:
    nets = (20, 5, 5, 3, 2, 1)
    rows = [("2024-05-03", f"K{place:02d}", f"客户{place}", net) for place, net in enumerate(nets)]
    assert ch("import", sheet("sales", "日期 客户编码 客户名称 金额", rows)).code == 0
    found = ch("tier", "--method", "curve", "--month", "2024-05")
    assert (found.code, found.err) == (0, "")
    assert found.out.splitlines()[0] == "ABC by the curve of net sales · May 2024 · 6 customers with sales"
    points = [line.split() for line in found.out.splitlines() if "point" in line]
    assert points == [
        ["break-even", "point", "1", "16.7%", "55.6%", "A"],
        ["Pareto", "point", "2", "33.3%", "69.4%"],
        ["submarginal", "point", "3", "50.0%", "83.3%", "B"],
    ]
    data = holds_to_schema(ch, "tier", "tier", "--method", "curve", "--month", "2024-05")
    assert "".join(row["tier"] for row in data["rows"]) == "ABBCCC"
    assert [point["point"] for point in data["curve"]] == ["break_even", "pareto", "submarginal"]


@pytest.mark.usefixtures("sample")
def test_explain_says_where_it_lies_on_the_curve(ch: Run) -> None:
    found = ch("tier", "explain", "C00058", "--month", "2024-05", "--method", "curve")
    assert found.out.splitlines()[-1] == (
        "C00058 is C: it and those before it make 92.7% of sales; by the curve A ends at 80.8%, B at 89.1%"
    )
    listed = report(ch, "tier", "--month", "2024-05", "--method", "curve")
    own = report(ch, "tier", "explain", "C00058", "--month", "2024-05", "--method", "curve")["standing"][0]
    ends = {point["ends"]: point["sales_share"] for point in listed["curve"]}
    assert (own["cut_a"], own["cut_b"]) == (ends["A"], ends["B"])


def test_grading_by_name_is_the_same() -> None:
    assert grade("curve", sales(3, 2, 1), SPLIT) == curve(sales(3, 2, 1), SPLIT)
