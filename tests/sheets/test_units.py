"""A column of texts as whole 1/10,000ths: the short way that plain figures take gives what exact arithmetic gives."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from channelctl.sheets import convert
from channelctl.sheets.problems import Flaw

FACTORS = [None, *map(Decimal, ("1", "1000", "10000", "1000000", "100000000", "0.5", "0.001", "1.5"))]
TYPED = st.from_regex(r"[-+]?(?:[0-9]{0,13}|[0-9]{1,4}(?:,[0-9]{2,4}){1,4})(?:\.[0-9]{0,7})?", fullmatch=True)
ODD = st.text("0123456789.,-+eE_ \n()万٣５", max_size=9)


def exactly(cell: str, factor: Decimal | None) -> tuple[int | None, str | None, bool]:
    """By fractions: the 1/10,000ths rounded half away from zero, the flaw's code, whether anything was rounded."""
    value = convert.number(cell)
    if isinstance(value, Flaw):
        return None, value.code, False
    if value is None:
        return None, None, False
    whole = Fraction(value) * Fraction(factor or 1) * 10_000
    if abs(whole) > convert.LARGEST:
        return None, "E205", False
    units = int(abs(whole) + Fraction(1, 2))
    return (units if whole >= 0 else -units), None, whole.denominator != 1


def read(cell: Any, factor: Decimal | None = None) -> tuple[int | None, str | None, bool]:
    values, flaws, rounded = convert.units([cell], factor)
    return values[0], flaws[0].code if flaws else None, bool(rounded)


@given(TYPED | ODD, st.sampled_from(FACTORS))
@example("99999999999.9999", None)
@example("-999,999,999,999.9999", None)
@example("99999999999.9999", Decimal(10_000))
@example("0.07", None)
@example("1.0000000001", None)
@example("1.00000", None)
@example("1.0001", Decimal("0.5"))
@example("1_000", None)
@example("1e5", None)
@example("1e-400", None)
@example("1,23", None)
@example("12\n", None)
@example("-0", None)
def test_a_text_gives_what_exact_arithmetic_gives(cell: str, factor: Decimal | None) -> None:
    assert read(cell, factor) == exactly(cell, factor)


@given(st.integers(-(10**15) + 1, 10**15 - 1), st.booleans())
@example(10**15 - 1, False)
@example(-(10**15) + 1, True)
def test_every_figure_of_four_decimals_is_kept(units: int, grouped: bool) -> None:
    value = Decimal(units).scaleb(-4)
    assert read(f"{value:,f}" if grouped else f"{value:f}") == (units, None, False)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("1.00005", (10_001, None, True)),
        ("-1.00005", (-10_001, None, True)),
        ("1.000049999", (10_000, None, True)),
        ("1.0000000001", (10_000, None, True)),
        ("1.50000", (15_000, None, False)),
        ("900000000000", (9 * 10**15, None, False)),
        ("900000000000.0001", (None, "E205", False)),
        ("1_000", (None, "E204", False)),
        ("1,23", (None, "E204", False)),
        ("inf", (None, "E204", False)),
        ("nan", (None, "E204", False)),
    ],
)
def test_what_is_not_plain_is_rounded_or_refused_as_ever(
    cell: str, expected: tuple[int | None, str | None, bool]
) -> None:
    assert read(cell) == expected


@pytest.mark.parametrize("cell", ["29", "-1", "+7", "109069.0", "0.07", "12345.6789", "1,234.50", "-9,999,999.9"])
def test_plain_figures_cost_no_decimals(monkeypatch: pytest.MonkeyPatch, cell: str) -> None:
    expected = exactly(cell, None)
    monkeypatch.setattr(convert, "number", lambda cell: pytest.fail(f"{cell} went the long way"))
    assert read(cell) == expected
    assert read(cell, Decimal(10_000)) == ((expected[0] or 0) * 10_000, None, False)
