"""A year's target over months and customers: exact at every level, written once, undone whole."""

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelctl.errors import RefusedError, UsageError
from channelctl.systems.plans import rules_spread
from channelctl.systems.plans.rules_spread import Buyer, Levels
from tests.conftest import Run
from tests.making import holds_to_schema, report, sheet

D = Decimal
WEIGHTS = "8,7,8,8,9,9,8,8,9,9,8,9"
SPREAD = ("target", "spread", "--year", "2024", "--office", "东")

amounts = st.integers(1, 10**14).map(lambda units: D(units).scaleb(-4))
twelve = st.lists(st.integers(0, 10**9).map(lambda units: D(units).scaleb(-4)), min_size=12, max_size=12)


@given(amounts, amounts, amounts, twelve.filter(any))
def test_months_add_up_exactly_at_all_three_levels(target: D, more: D, most: D, weights: list[D]) -> None:
    levels = Levels(target, target + more, target + more + most)
    rules_spread.check_levels(levels)
    found = rules_spread.months(2024, levels, weights, [None] * 12)
    assert [one.month for one in found] == [f"2024-{month:02}" for month in range(1, 13)]
    for name, total in levels._asdict().items():
        parts = [getattr(one, name) for one in found]
        assert sum(parts) == total
        assert all(part == 0 for part, weight in zip(parts, weights, strict=True) if weight == 0)


@given(amounts, st.lists(st.integers(-(10**9), 10**9).map(lambda units: D(units).scaleb(-4)), min_size=1, max_size=40))
def test_customers_add_up_to_their_offices_month(target: D, nets: list[D]) -> None:
    buyers = [Buyer(place, f"K{place}", "", net, None) for place, net in enumerate(nets)]
    parts = [one.target for one in rules_spread.of_customers("2024-05", target, buyers)]
    assert sum(parts) == target
    assert min(parts) >= 0
    ranked = sorted(zip(rules_spread.buyer_weights(nets), parts, strict=True))
    step = D("0.01") if target == target.quantize(D("0.01")) else D("0.0001")
    assert all(low[1] <= high[1] + step for low, high in pairwise(ranked))


@pytest.mark.parametrize(
    ("nets", "weights"),
    [
        (["300", "100", "0"], ["300", "100", "100"]),
        (["300", "-5", "200"], ["300", "200", "200"]),
        (["0", "-1"], ["1", "1"]),
    ],
)
def test_who_bought_nothing_weighs_as_the_smallest_buyer(nets: list[str], weights: list[str]) -> None:
    assert rules_spread.buyer_weights([D(net) for net in nets]) == [D(weight) for weight in weights]


@pytest.mark.parametrize(("word", "growth"), [("8%", "0.08"), ("-3.5 %", "-0.035"), ("８％", "0.08"), ("0%", "0")])
def test_growth_is_a_percentage(word: str, growth: str) -> None:
    assert rules_spread.growth_of(word) == D(growth)
    assert rules_spread.grown(D("1000.05"), D("0.085")) == D("1085.05")


@pytest.mark.parametrize("word", ["8", "0.08", "%", "8%%", "acht%"])
def test_growth_without_its_sign_is_refused(word: str) -> None:
    with pytest.raises(UsageError):
        rules_spread.growth_of(word)


@pytest.mark.parametrize(
    "levels", [("0", None, None), ("-1", None, None), ("2", "1", None), ("1", "3", "2"), ("2", None, "1")]
)
def test_levels_that_do_not_rise_are_refused(levels: tuple[str | None, ...]) -> None:
    with pytest.raises(RefusedError):
        rules_spread.check_levels(Levels(*(None if one is None else D(one) for one in levels)))  # type: ignore[arg-type]


@pytest.fixture
def east(ch: Run) -> None:
    """An office with sales in 2023 and a plan for two months of 2024."""
    sales = sheet(
        "销售",
        "日期 办事处 客户编码 客户 金额",
        [
            ("2023-01-05", "东", "K1", "甲", "600.00"),
            ("2023-05-05", "东", "K1", "甲", "100.00"),
            ("2023-05-06", "东", "K2", "乙", "300.00"),
            ("2023-07-06", "东", "K2", "乙", "-50.00"),
            ("2023-07-06", "西", "K3", "丙", "9000.00"),
        ],
    )
    lines = [("2024-05", "东", code, name) for code, name in (("K1", "甲"), ("K2", "乙"), ("K3", "丙"))]
    plan = sheet("plan", "月份 办事处 客户编码 客户", [*lines, ("2024-06", "东", "K1", "甲")])
    assert ch("import", sales, plan).code == 0


@pytest.mark.usefixtures("east")
def test_a_year_by_weights_with_two_levels_and_customers(ch: Run) -> None:
    words = (*SPREAD, "--total", "1200万", "--sprint", "1300万", "--weights", WEIGHTS, "--customers")
    found = holds_to_schema(ch, "target_spread", *words)
    assert [row["target"] for row in found["rows"]] == [int(part) * 120_000 for part in WEIGHTS.split(",")]
    assert sum(row["sprint"] for row in found["rows"]) == 13_000_000
    assert {row["challenge"] for row in found["rows"]} == {None}
    assert [(row["month"], row["customer_code"], row["last_year"], row["target"]) for row in found["customers"]] == [
        ("2024-05", "K1", 700, 630_000),
        ("2024-05", "K2", 250, 225_000),
        ("2024-05", "K3", 0, 225_000),
        ("2024-06", "K1", 700, 1_080_000),
    ]
    targets = {(row["month"], row["customer_code"]): row["target"] for row in report(ch, "plan", "list")["rows"]}
    assert targets["2024-05", "K2"] == 225_000
    assert report(ch, "plan", "check", "--month", "2024-05")["offices"][0]["difference"] == 0


@pytest.mark.usefixtures("east")
def test_last_year_and_its_growth_give_total_and_weights(ch: Run) -> None:
    done = ch(*SPREAD, "--growth", "8%")
    assert done.code == 0
    assert done.err == (
        "net sales of 2023: 950.00\nsales of 2023 are not complete: they go from 2023-01-05 to 2023-07-06\n"
    )
    rows = {row["month"]: row["target"] for row in report(ch, "target", "list")["rows"]}
    assert {month: target for month, target in rows.items() if target} == {
        "2024-01": D("615.60"),
        "2024-05": D("410.40"),
    }
    assert sum(rows.values()) == D("1026.00")


@pytest.mark.usefixtures("east")
def test_spreading_again_changes_what_is_there_and_can_be_undone(ch: Run) -> None:
    assert ch("target", "add", "2024-05", "东", "target=1", "challenge=900").code == 0
    before, plan = report(ch, "target", "list")["rows"], report(ch, "plan", "list")["rows"]
    words = (*SPREAD, "--total", "1200", "--weights", WEIGHTS, "--customers")
    dry = report(ch, *words, "--dry-run")
    assert (report(ch, "target", "list")["rows"], report(ch, "plan", "list")["rows"]) == (before, plan)
    done = report(ch, *words)
    assert done["rows"] == dry["rows"]
    batch = done["params"]["batch"]
    may = next(row for row in report(ch, "target", "list")["rows"] if row["month"] == "2024-05")
    assert (may["target"], may["challenge"]) == (108, 900)
    again = ch(*words)
    assert again.out.endswith("nothing to change: it is so already\n")
    assert report(ch, "batch", "list")["rows"][0]["batch"] == batch
    assert ch("batch", "undo", batch).code == 0
    assert (report(ch, "target", "list")["rows"], report(ch, "plan", "list")["rows"]) == (before, plan)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ([], 2, "give either --total or --growth"),
        (["--total", "1", "--growth", "8%"], 2, "give either --total or --growth"),
        (["--total", "1", "--weights", "1,2"], 2, "--weights takes twelve numbers, not “1,2”"),
        (["--total", "1", "--weights", ",".join("x" * 12)], 2, "--weights takes twelve numbers"),
        (["--total", "1", "--weights", ",".join("0" * 12)], 3, "the weights add up to 0"),
        (["--total", "1", "--weights", "-1" + ",1" * 11], 3, "a weight is negative"),
        (["--total", "much"], 2, "Office target: “much” is not a number"),
        (["--total", "0"], 3, "0.00 is no target: there is nothing to spread"),
        (["--total", "10", "--sprint", "9"], 3, "the sprint target, 9.00, is below the target, 10.00"),
        (["--total", "1", "--office", "北"], 2, "北"),
        (["--total", "1", "--year", "24"], 2, "“24” is not a year"),
        (["--growth", "8%", "--year", "2030"], 3, "东 has no net sales in 2029 to go by"),
    ],
)
@pytest.mark.usefixtures("east")
def test_a_spread_that_cannot_be(ch: Run, words: list[str], code: int, said: str) -> None:
    given = dict(zip(SPREAD[2::2], SPREAD[3::2], strict=True))
    own = [word for name, value in given.items() if name not in words for word in (name, value)]
    done = ch(*SPREAD[:2], *own, *words)
    assert (done.code, done.out) == (code, "")
    assert said in done.err
    assert report(ch, "target", "list")["rows"] == []
