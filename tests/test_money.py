"""Exact amounts: whole units inside, decimals outside, nothing lost between."""

from decimal import Decimal as N

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelctl import money

stored = st.integers(min_value=-(2**63), max_value=2**63 - 1)


@pytest.mark.parametrize(
    ("units", "text"),
    [(0, "0.00"), (10_000, "1.00"), (12_300, "1.23"), (12_340, "1.234"), (12_345, "1.2345"), (1, "0.0001"),
     (-50, "-0.005"), (100, "0.01"), (10**15, "100000000000.00"), (161_175_482_370, "16117548.237")],
)  # fmt: skip
def test_units_have_two_to_four_decimals(units: int, text: str) -> None:
    assert str(money.from_units(units)) == text


@given(stored)
def test_what_is_stored_reads_back_whole(units: int) -> None:
    value = money.from_units(units)
    assert money.to_units(value) == units
    assert 2 <= -int(value.as_tuple().exponent) <= 4
    assert money.is_exact(value)


@given(st.lists(stored, max_size=50))
def test_a_sum_of_amounts_is_the_amount_of_the_sum(units: list[int]) -> None:
    assert sum(map(money.from_units, units), N(0)) == N(sum(units)).scaleb(-4)


@pytest.mark.parametrize(
    ("text", "units"),
    [("0.00005", 1), ("0.00004999", 0), ("-0.00005", -1), ("1.23456", 12_346), ("1E+3", 10_000_000),
     ("12345678901234567890.1234", 123456789012345678901234)],
)  # fmt: skip
def test_a_fifth_decimal_is_rounded_away_from_zero(text: str, units: int) -> None:
    assert money.to_units(N(text)) == units


@pytest.mark.parametrize(("text", "exact"), [("1.2345", True), ("1.23450", True), ("1.23456", False), ("1E+3", True)])
def test_exact_is_at_most_four_decimals(text: str, exact: bool) -> None:
    assert money.is_exact(N(text)) is exact


@pytest.mark.parametrize(
    ("text", "fen"),
    [("0.005", "0.01"), ("0.0049", "0.00"), ("-0.005", "-0.01"), ("2.675", "2.68"), ("16117548.237", "16117548.24")],
)
def test_fen_are_rounded_half_away_from_zero(text: str, fen: str) -> None:
    assert str(money.to_fen(N(text))) == fen


@pytest.mark.parametrize(
    ("text", "unit", "shown"),
    [
        ("1234.5", "yuan", "1,234.50"),
        ("-1234567.891", "yuan", "-1,234,567.89"),
        ("0", "yuan", "0.00"),
        ("-0.001", "yuan", "0.00"),
        ("-0.00", "yuan", "0.00"),
        ("12345678.9", "wan", "1,234.57"),
        ("-40", "wan", "0.00"),
        ("50", "wan", "0.01"),
    ],
)
def test_how_money_is_shown(text: str, unit: str, shown: str) -> None:
    assert money.show(N(text), unit) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [("1204", "1,204"), ("1204.00", "1,204"), ("3.250", "3.25"), ("-0.5", "-0.5"), ("0", "0"), ("-0.00", "0"),
     ("1E+6", "1,000,000"), ("1234567.8901", "1,234,567.8901")],
)  # fmt: skip
def test_how_a_quantity_is_shown(text: str, shown: str) -> None:
    assert money.show_quantity(N(text)) == shown


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        ("1736856.255", "1,736,856.26"),
        ("1204", "1,204"),
        ("3.5", "3.50"),
        ("-0.001", "0"),
        ("60000.00", "60,000"),
        ("0.004", "0"),
    ],
)
def test_a_figure_of_yuan_or_units_is_said_to_the_fen(figure: str, said: str) -> None:
    assert money.show_figure(N(figure)) == said
    assert money.show_figure(None) == ""
