import random
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from channelctl.columns import columns
from channelctl.money import to_units
from channelctl.systems.plans.rules import PlanPolicy
from channelctl.systems.scores import rules
from channelctl.systems.scores.rules import (
    ClassRow,
    PlannedRow,
    PlannedSales,
    ScorePolicy,
    ScoreRow,
    achieved,
    by_class,
    rank,
    rate_of,
    region_total,
    score_office,
)

D = Decimal
DEFAULT = ScorePolicy()
STEPPED = ScorePolicy(mode="stepped")
BINARY = ScorePolicy(mode="binary")


def planned(
    code: str,
    net: str,
    target: str | None = "100",
    *,
    class_: str | None = "V2",
    core: bool = False,
    channel: str | None = "direct",
) -> PlannedSales:
    return PlannedSales(code, f"客户{code}", class_, core, None if target is None else D(target), channel, D(net))


def office(*customers: PlannedSales, code: str = "NJ", policy: ScorePolicy = DEFAULT) -> ScoreRow:
    return score_office(code, f"{code}办事处", "2024-05", customers, {}, policy)[0]


FIVE = (
    planned("K1", "100"),
    planned("K2", "250", core=True),
    planned("K3", "50", core=True),
    planned("K4", "0"),
    planned("K5", "100"),
)


# --- one customer ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("net", "target", "class_target", "expected"),
    [
        ("50", "100", None, ("0.5", "own_target")),
        ("100", "100", None, ("1", "own_target")),
        ("250", "100", None, ("1", "own_target")),
        ("0", "100", None, ("0", "own_target")),
        ("-30", "100", None, ("0", "own_target")),
        ("1", "3", None, ("0.333333333333", "own_target")),
        ("2", "3", None, ("0.666666666667", "own_target")),
        ("50", "100", "50", ("0.5", "own_target")),
        ("50", None, "200", ("0.25", "class_target")),
        ("50", "0", "200", ("0.25", "class_target")),
        ("50", "-5", "200", ("0.25", "class_target")),
        ("0.0001", None, None, ("1", "purchase")),
        ("0", None, None, ("0", "purchase")),
        ("-1", None, None, ("0", "purchase")),
        ("50", "0", "0", ("1", "purchase")),
        ("0", "0", "-1", ("0", "purchase")),
    ],
)
def test_a_score_by_own_target_then_class_then_purchase(
    net: str, target: str | None, class_target: str | None, expected: tuple[str, str]
) -> None:
    score, rule = achieved(D(net), _maybe(target), _maybe(class_target), DEFAULT)
    assert (score, rule) == (D(expected[0]), expected[1])
    assert score.as_tuple().exponent == -12


@pytest.mark.parametrize(
    ("policy", "scores"),
    [
        (DEFAULT, "0 0.4999 0.5 0.7999 0.8 0.9999 1 1"),
        (BINARY, "0 0 0 0 0 0 1 1"),
        (STEPPED, "0 0 0.5 0.5 0.8 0.8 1 1"),
        (ScorePolicy(floor=D("0.8")), "0 0 0 0 0.8 0.9999 1 1"),
        (ScorePolicy(mode="stepped", floor=D("0.6")), "0 0 0 0.5 0.8 0.8 1 1"),
        (ScorePolicy(mode="stepped", steps=((D("0.6"), D("0.7")),)), "0 0 0 0.7 0.7 0.7 0.7 0.7"),
        (ScorePolicy(mode="binary", floor=D(1)), "0 0 0 0 0 0 1 1"),
    ],
)
def test_modes_and_floor(policy: ScorePolicy, scores: str) -> None:
    nets = ["0", "4999", "5000", "7999", "8000", "9999", "10000", "12000"]
    found = [achieved(D(net), D(10_000), None, policy)[0] for net in nets]
    assert found == [D(score) for score in scores.split()]


@pytest.mark.parametrize("policy", [DEFAULT, BINARY, STEPPED, ScorePolicy(floor=D("0.5"))])
def test_a_purchase_without_a_target_is_full_in_every_mode(policy: ScorePolicy) -> None:
    assert achieved(D("0.01"), None, None, policy) == (D(1), "purchase")


def test_an_edge_is_judged_on_the_exact_ratio() -> None:
    almost = D("999999999999999.9999")
    assert achieved(almost, D(10) ** 15, None, BINARY)[0] == 0
    assert achieved(almost, D(10) ** 15, None, DEFAULT)[0] == 1


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ({"steps": []}, "at least one step"),
        ({"steps": [[0, "0.1"]]}, "ratio above 0"),
        ({"steps": [["0.8", "0.8"], ["0.5", "0.9"]]}, "must ascend: [0.5, 0.9] after [0.8, 0.8]"),
        ({"steps": [["0.5", "0.5"], ["0.5", "0.6"]]}, "must ascend"),
        ({"steps": [["0.5", "0.5"], ["0.8", "0.4"]]}, "must ascend"),
        ({"steps": [["0.5", "1.1"]]}, "less than or equal to 1"),
        ({"steps": [["1.2", "1"]]}, "less than or equal to 1"),
        ({"floor": "-0.1"}, "greater than or equal to 0"),
        ({"floor": "1.1"}, "less than or equal to 1"),
        ({"mode": "guess"}, "mode"),
        ({"core_base": "all"}, "core_base"),
        ({"ceiling": 1}, "Extra inputs"),
    ],
)
def test_an_impossible_policy_is_refused(section: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError) as error:
        ScorePolicy.model_validate(section)
    assert said in str(error.value)


# --- one office ------------------------------------------------------------------------------------------------------


def test_five_planned_customers() -> None:
    row = office(*FIVE)
    assert (row.office_code, row.office, row.month, row.rank) == ("NJ", "NJ办事处", "2024-05", None)
    assert (row.planned, row.achieved) == (5, D("3.5"))
    assert (row.core_planned, row.core_achieved) == (2, D("1.5"))
    assert row.cooperation_rate == D("0.70")
    assert row.core_quality == D("0.30")
    assert row.core_only_quality == D("0.75")


def test_core_quality_over_core_customers_is_a_policy_choice() -> None:
    row = office(*FIVE, policy=ScorePolicy(core_base="core"))
    assert (row.core_quality, row.core_only_quality, row.cooperation_rate) == (D("0.75"), D("0.75"), D("0.70"))


def test_without_core_customers() -> None:
    row = office(planned("K1", "100"))
    assert (row.core_planned, row.core_achieved, row.core_quality, row.core_only_quality) == (0, D(0), D(0), None)
    assert office(planned("K1", "100"), policy=ScorePolicy(core_base="core")).core_quality is None


def test_an_empty_plan_has_no_score() -> None:
    with pytest.raises(ValueError, match="empty plan"):
        office()


def test_scores_are_added_before_they_are_rounded() -> None:
    row = office(*(planned(f"K{n}", "1", "3") for n in range(3)))
    assert row.achieved == 1
    assert row.cooperation_rate == D("0.333333333333")


def test_every_planned_customer_is_explained() -> None:
    customers = [
        planned("K3", "50", None, class_=None),
        planned("K2", "30", None, class_="V1", core=True),
        planned("K1", "-20", "100", class_="VKA", core=True),
        planned("K4", "0", "0", class_="V4"),
    ]
    row, lines = score_office("NJ", "南京", "2024-05", customers, {"V1": D(120), "VKA": D(500)}, DEFAULT)
    assert [(line.customer_code, line.target, line.net_sales, line.achieved, line.rule) for line in lines] == [
        ("K1", D(100), D(-20), D(0), "own_target"),
        ("K2", D(120), D(30), D("0.25"), "class_target"),
        ("K3", None, D(50), D(1), "purchase"),
        ("K4", None, D(0), D(0), "purchase"),
    ]
    assert [(line.class_, line.core) for line in lines] == [("VKA", True), ("V1", True), (None, False), ("V4", False)]
    assert sum(line.achieved for line in lines) == row.achieved == D("1.25")


def test_the_columns_are_the_contract() -> None:
    assert " ".join(columns(ScoreRow)) == (
        "office_code office month planned achieved cooperation_rate"
        " core_planned core_achieved core_quality core_only_quality rank on_month on_year restated_rate restated_change"
    )
    assert " ".join(columns(PlannedRow)) == (
        "customer_code customer class_ core target net_sales achieved rule restated"
    )
    assert " ".join(columns(ClassRow)) == "class_ province_plan planned customers buying achieved cooperation_rate"


def test_every_rule_has_a_text() -> None:
    assert len({rules.rule_text(rule) for rule in ("own_target", "class_target", "purchase", "hand")}) == 4


# --- the offices together --------------------------------------------------------------------------------------------


def _offices(**nets: str) -> list[ScoreRow]:
    return [office(planned("K1", net), code=code) for code, net in nets.items()]


@pytest.mark.parametrize(
    ("nets", "ranks"),
    [
        ({"A": "50", "B": "80", "C": "80", "D": "100"}, [("D", 1), ("B", 2), ("C", 2), ("A", 4)]),
        ({"C": "100", "A": "120", "B": "10"}, [("A", 1), ("C", 1), ("B", 3)]),
        ({"B": "0", "A": "0"}, [("A", 1), ("B", 1)]),
        ({"A": "7"}, [("A", 1)]),
        ({}, []),
    ],
)
def test_equal_offices_share_a_rank(nets: dict[str, str], ranks: list[tuple[str, int]]) -> None:
    assert [(row.office_code, row.rank) for row in rank(_offices(**nets))] == ranks


def test_a_full_score_is_exactly_one_and_first() -> None:
    full = office(*(planned(f"K{n}", "1", "1") for n in range(7)), code="Z")
    ranked = rank([*_offices(A="99.9999"), full])
    assert [(row.office_code, row.rank) for row in ranked] == [("Z", 1), ("A", 2)]
    assert ranked[0].cooperation_rate == 1


def test_the_same_rate_from_other_numbers_is_the_same_rank() -> None:
    two_thirds = office(planned("K1", "2", "3"), code="A")
    four_sixths = office(*(planned(f"K{n}", "100" if n < 4 else "0") for n in range(6)), code="B")
    assert [row.rank for row in rank([two_thirds, four_sixths])] == [1, 1]


def test_the_region_weighs_offices_by_their_planned_customers() -> None:
    rows = [office(*FIVE), office(planned("K1", "0"), planned("K2", "0"), planned("K3", "100"), code="SZ")]
    assert region_total(rows) == D("0.5625")
    assert region_total([]) is None


def test_classes_stand_in_the_policys_order_with_the_province_plan() -> None:
    customers = [
        planned("K1", "100", class_="VKA", core=True),
        planned("K2", "50", class_="V1"),
        planned("K3", "0", class_="V1"),
        planned("K4", "100", class_=None),
        planned("K5", "10", class_=None, channel="distribution"),
        planned("K6", "100", class_="特级"),
        planned("K7", "-5", class_="V4", channel="distribution"),
    ]
    lines = score_office("NJ", "南京", "2024-05", customers, {}, DEFAULT)[1]
    found = by_class(lines, {"VKA": 3, "V2": 4, "V9": 1, None: 2, "distribution": 1}, PlanPolicy())
    assert [tuple(row) for row in found] == [
        ("VKA", 9, 1, 3, 1, D(1), D(1)),
        ("V1", 19, 2, 0, 1, D("0.5"), D("0.25")),
        ("V2", 25, 0, 4, 0, D(0), None),
        ("V3", 30, 0, 0, 0, D(0), None),
        ("V4", 91, 1, 0, 0, D(0), D(0)),
        ("distribution", 2, 1, 1, 1, D("0.1"), D("0.1")),
        ("V9", None, 0, 1, 0, D(0), None),
        ("特级", None, 1, 0, 1, D(1), D(1)),
        (None, None, 1, 2, 1, D(1), D(1)),
    ]


def test_without_customers_only_the_policys_classes_are_listed() -> None:
    found = by_class([], {}, PlanPolicy())
    assert [row.class_ for row in found] == ["VKA", "V1", "V2", "V3", "V4", "distribution"]
    assert sum(row.province_plan or 0 for row in found) == 176


# --- what always holds -----------------------------------------------------------------------------------------------

money = st.integers(-2_000_000, 9_000_000).map(lambda units: D(units).scaleb(-4))
classes = st.sampled_from(["VKA", "V1", "V4", "other", None])
customers = st.builds(
    PlannedSales,
    customer_code=st.just(""),
    customer=st.just("客户"),
    class_=classes,
    core=st.booleans(),
    target=st.none() | money,
    channel=st.none(),
    net_sales=money,
    mark=st.none() | st.decimals(0, 1, places=4),
)
plans = st.lists(customers, min_size=1, max_size=12).map(
    lambda rows: [row._replace(customer_code=f"K{n:02d}") for n, row in enumerate(rows)]
)
policies = st.builds(
    ScorePolicy,
    mode=st.sampled_from(["ratio", "binary", "stepped"]),
    floor=st.sampled_from([D(0), D("0.3"), D(1)]),
    core_base=st.sampled_from(["planned", "core"]),
)
CLASS_TARGETS = {"VKA": D(300), "V1": D(0)}


@given(plans, policies)
def test_rates_stay_between_nothing_and_full(plan: list[PlannedSales], policy: ScorePolicy) -> None:
    row, lines = score_office("NJ", "南京", "2024-05", plan, CLASS_TARGETS, policy)
    assert row.planned == len(lines) == len(plan)
    assert 0 <= row.core_achieved <= row.achieved <= row.planned
    for value in (row.cooperation_rate, row.core_quality, row.core_only_quality, *(line.achieved for line in lines)):
        assert value is None or 0 <= value <= 1
    assert abs(sum(line.achieved for line in lines) - row.achieved) <= len(plan) * D("1e-12")
    assert abs(row.cooperation_rate * row.planned - row.achieved) <= row.planned * D("1e-12")


@given(plans, policies)
def test_the_rate_alone_is_the_rate_of_the_office(plan: list[PlannedSales], policy: ScorePolicy) -> None:
    units = [
        (to_units(one.net_sales), None if one.target is None else to_units(one.target), one.class_, one.mark)
        for one in plan
    ]
    targets = {class_: to_units(target) for class_, target in CLASS_TARGETS.items()}
    row, _lines = score_office("NJ", "南京", "2024-05", plan, CLASS_TARGETS, policy)
    assert rate_of(units, targets, policy) == row.cooperation_rate


@given(st.lists(st.tuples(money, money.filter(lambda target: target > 0)), min_size=1, max_size=12))
def test_the_sum_of_scores_is_that_of_plain_fractions(sold: list[tuple[Decimal, Decimal]]) -> None:
    row = office(*(planned(f"K{n}", str(net), str(target)) for n, (net, target) in enumerate(sold)))
    parts = [Fraction(net) / Fraction(target) for net, target in sold]
    exact = sum((min(max(part, Fraction(0)), Fraction(1)) for part in parts), Fraction(0))
    assert abs(Fraction(row.achieved) - exact) <= Fraction(1, 2 * 10**12)
    assert abs(Fraction(row.cooperation_rate) - exact / len(sold)) <= Fraction(1, 2 * 10**12)


@given(plans, policies, st.randoms())
def test_the_order_of_the_plan_does_not_matter(
    plan: list[PlannedSales], policy: ScorePolicy, chance: random.Random
) -> None:
    shuffled = chance.sample(plan, len(plan))
    assert score_office("NJ", "", "2024-05", shuffled, CLASS_TARGETS, policy) == score_office(
        "NJ", "", "2024-05", plan, CLASS_TARGETS, policy
    )


@given(plans, policies, classes, st.none() | money)
def test_a_customer_without_sales_never_raises_the_rate(
    plan: list[PlannedSales], policy: ScorePolicy, class_: str | None, target: Decimal | None
) -> None:
    silent = PlannedSales("Z", "Z", class_, False, target, None, D(0))
    before = score_office("NJ", "", "2024-05", plan, CLASS_TARGETS, policy)[0]
    after = score_office("NJ", "", "2024-05", [*plan, silent], CLASS_TARGETS, policy)[0]
    assert after.achieved == before.achieved
    assert after.planned == before.planned + 1
    if before.achieved:
        assert after.cooperation_rate < before.cooperation_rate
    else:
        assert after.cooperation_rate == 0


@given(money, money, policies, st.integers(1, 5_000_000))
def test_more_sales_never_lower_a_score(net: Decimal, target: Decimal, policy: ScorePolicy, more: int) -> None:
    before = achieved(net, target, None, policy)[0]
    assert achieved(net + D(more).scaleb(-4), target, None, policy)[0] >= before


@given(plans, policies)
def test_what_each_customer_adds_makes_the_rates(plan: list[PlannedSales], policy: ScorePolicy) -> None:
    row, customers = score_office("NJ", "南京", "2024-05", plan, CLASS_TARGETS, policy)
    parts = rules.parts(row, customers, policy)
    assert [part.customer_code for part in parts] == [one.customer_code for one in customers]
    off = D(len(parts) + 1).scaleb(-12)
    assert abs(sum((part.cooperation_part for part in parts), D(0)) - row.cooperation_rate) <= off
    assert abs(sum((part.core_part for part in parts), D(0)) - (row.core_quality or 0)) <= off
    assert all(part.core_part == 0 for part in parts if not part.core)


@given(st.lists(plans, min_size=1, max_size=5))
def test_a_rank_counts_the_offices_that_are_better(several: list[list[PlannedSales]]) -> None:
    rows = rank(office(*plan, code=f"O{n}") for n, plan in enumerate(several))
    for row in rows:
        assert row.rank == 1 + sum(other.cooperation_rate > row.cooperation_rate for other in rows)
    whole = region_total(rows)
    exact = sum((Fraction(row.achieved) for row in rows), Fraction(0)) / sum(len(plan) for plan in several)
    assert whole is not None
    assert abs(Fraction(whole) - exact) <= Fraction(1, 10**12)


def _maybe(value: str | None) -> Decimal | None:
    return None if value is None else D(value)
