from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from channelctl.errors import RefusedError
from channelctl.systems.plans.rules import PlanPolicy, is_core, spread

D = Decimal


def test_the_province_plans_174_direct_customers_and_two_distributors() -> None:
    policy = PlanPolicy()
    assert [policy.province[name] for name in policy.classes] == [9, 19, 25, 30, 91]
    assert policy.province_direct == 174
    assert policy.province["distribution"] == 2


@pytest.mark.parametrize(
    ("class_", "marked", "core"),
    [
        ("VKA", None, True),
        ("V1", None, True),
        ("V2", None, False),
        (None, None, False),
        ("other", None, False),
        ("V4", True, True),
        (None, True, True),
        ("VKA", False, False),
    ],
)
def test_a_mark_set_by_hand_wins_over_the_class(class_: str | None, marked: bool | None, core: bool) -> None:
    assert is_core(class_, marked, PlanPolicy()) is core


def test_core_classes_are_policy() -> None:
    policy = PlanPolicy(core_classes=("VKA",))
    assert is_core("VKA", None, policy)
    assert not is_core("V1", None, policy)


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ({"core_classes": ["V9"]}, "“V9” is not among the classes"),
        ({"province": {"V1": 3, "VIP": 1}}, "“VIP” is not among the classes"),
        ({"province": {"V1": -1}}, "greater than or equal to 0"),
        ({"classes": ["VKA", "V1", "V1", "V2", "V3", "V4"]}, "listed twice"),
        ({"core": ["V1"]}, "Extra inputs"),
    ],
)
def test_an_impossible_policy_is_refused(section: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError) as error:
        PlanPolicy.model_validate(section)
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        ("100", "1 1 1", "33.34 33.33 33.33"),
        ("100", "1 2 3", "16.67 33.33 50.00"),
        ("0.05", "1 1 1", "0.02 0.02 0.01"),
        ("0.01", "0 1 1 0", "0.00 0.01 0.00 0.00"),
        ("1200000", "1 1 1 1 1 1 1 1 1 1 1 1", " ".join(["100000.00"] * 12)),
        ("-100", "1 1 1", "-33.34 -33.33 -33.33"),
        ("0", "1 1", "0.00 0.00"),
        ("1.0001", "1 1", "0.5001 0.5000"),
        ("7", "0.25 0.75", "1.75 5.25"),
    ],
)
def test_the_largest_remainders_get_what_is_left(total: str, weights: str, parts: str) -> None:
    given_out = spread(D(total), [D(weight) for weight in weights.split()])
    assert [str(part) for part in given_out] == parts.split()


@pytest.mark.parametrize(
    ("total", "weights", "said"),
    [
        ("100", ["0", "0"], "add up to 0"),
        ("100", [], "add up to 0"),
        ("100", ["1", "-1", "3"], "negative"),
        ("0.00001", ["1"], "more than four decimals"),
    ],
)
def test_what_cannot_be_spread_is_refused(total: str, weights: list[str], said: str) -> None:
    with pytest.raises(RefusedError, match=said):
        spread(D(total), [D(weight) for weight in weights])


fen = st.integers(-(10**13), 10**13).map(lambda units: D(units).scaleb(-2))
units = st.integers(-(10**13), 10**13).map(lambda units: D(units).scaleb(-4))
weight_lists = st.lists(st.integers(0, 10**6).map(lambda units: D(units).scaleb(-3)), min_size=1, max_size=24).filter(
    any
)


@given(fen | units, weight_lists)
def test_the_parts_add_up_exactly_and_none_is_a_unit_off(total: Decimal, weights: list[Decimal]) -> None:
    parts = spread(total, weights)
    assert sum(parts) == total
    unit = D("0.01") if total == total.quantize(D("0.01")) else D("0.0001")
    whole = sum(weights)
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part * whole - total * weight) < unit * whole
        assert part == part.quantize(unit)
        assert weight or part == 0
