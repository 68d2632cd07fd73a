"""Cells to exact numbers."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from channelctl.sheets import convert
from channelctl.sheets.days import Dates
from channelctl.sheets.problems import Flaw

UNIT = 10_000
NAN, INFINITY = float("nan"), float("inf")
NUMBERS: list[tuple[Any, str | None]] = [
    (1234.5, "1234.5"),
    (1234, "1234"),
    (0.0, "0"),
    (-0.0, "0"),
    ("0", "0"),
    ("1234.50", "1234.50"),
    ("1,234.50", "1234.50"),
    ("1,234,567", "1234567"),
    ("1，234．５０", "1234.50"),
    ("１２３４．５", "1234.5"),
    (" 1234.5 ", "1234.5"),
    ("　1234.5　", "1234.5"),
    ("1 234 567.89", "1234567.89"),
    ("1\u00a0234.5", "1234.5"),
    ("￥1,234.50", "1234.50"),
    ("¥ 1,234.50", "1234.50"),
    ("￥-5", "-5"),
    ("-￥5", "-5"),
    ("RMB 1,234.50", "1234.50"),
    ("CNY1234.5", "1234.5"),
    ("$1,234.50", "1234.50"),
    ("1234.5元", "1234.5"),
    ("1,234.50 元", "1234.50"),
    ("3台", "3"),
    ("1.2万", "12000"),
    ("1.2万元", "12000"),
    ("-1.5", "-1.5"),
    ("－1.5", "-1.5"),
    ("−1.5", "-1.5"),
    ("- 1.5", "-1.5"),
    ("+1.5", "1.5"),
    ("(1,234.50)", "-1234.50"),
    ("（1,234.50）", "-1234.50"),
    ("(￥1,234.50)", "-1234.50"),
    ("￥(1,234.50)", "-1234.50"),
    ("1,234.50-", "-1234.50"),
    ("1.5e3", "1500"),
    (".5", "0.5"),
    ("5.", "5"),
    ("007", "7"),
    ('="1,234.50"', "1234.50"),
    (1272.1399999999999, "1272.14"),
    (0.1 + 0.2, "0.3"),
    (16117548.237000013, "16117548.237"),
    ("", None),
    ("  ", None),
    (None, None),
    ("-", None),
    ("--", None),
    ("—", None),
    ("－", None),
    ("/", None),
]


@pytest.mark.parametrize(("cell", "value"), NUMBERS, ids=repr)
def test_a_number_is_read_in_every_form(cell: Any, value: str | None) -> None:
    found = convert.number(cell)
    assert not isinstance(found, Flaw)
    assert found == (None if value is None else Decimal(value))


@pytest.mark.parametrize(
    "cell",
    [
        "三台",
        "abc",
        "1.234,56",
        "1,23",
        "1,2345",
        "12,34.5",
        "1 2",
        "1\n2",
        "1.2.3",
        "--5",
        "-5-",
        "(-5)",
        "(5",
        "5)",
        "()",
        "1-2",
        "12%",
        "1e999",
        "￥",
        "元",
        "万",
        ".",
        "+",
        "nan",
        "inf",
        "Infinity",
        "=A1*2",
        "0x10",
        "1_000",
        "½台台",
        True,
        False,
        NAN,
        INFINITY,
        -INFINITY,
        dt.date(2024, 5, 3),
        dt.time(1, 2),
    ],
    ids=repr,
)
def test_what_is_no_number_is_a_flaw(cell: Any) -> None:
    found = convert.number(cell)
    assert isinstance(found, Flaw)
    assert found.code == "E204"


@pytest.mark.parametrize("cell", [9e12, -9e12, 1e15, 1e300, "9e12", "1e99", "900000000000.0001", "1" * 400])
def test_what_is_too_large_is_refused_rather_than_rounded(cell: Any) -> None:
    values, flaws, rounded = convert.units([1.0, cell])
    assert values == [UNIT, None]
    assert {place: flaw.code for place, flaw in flaws.items()} == {1: "E205"}
    assert rounded == []
    assert convert.one("money", Dates())(cell).code == "E205"


def test_the_largest_amount_is_kept_exactly() -> None:
    assert convert.units(["900000000000", "-899999999999.9999"])[0] == [9 * 10**15, -(9 * 10**15) + 1]


def exact(units: int, decimals: int = 4) -> Decimal:
    return Decimal(units).scaleb(-decimals)


@given(st.integers(-(10**13), 10**13))
@example(12721400)
@example(161175482370)
@example(10**13 - 1)
def test_a_float_gives_the_decimal_it_was_typed_as(units: int) -> None:
    values, flaws, rounded = convert.units([float(exact(units))])
    assert (values, flaws, rounded) == ([units], {}, [])


@given(st.integers(-(10**13), 10**13), st.integers(-3, 3))
def test_the_noise_of_arithmetic_is_not_kept(units: int, steps: int) -> None:
    import math

    cell = float(exact(units))
    for _step in range(abs(steps)):
        cell = math.nextafter(cell, math.copysign(math.inf, steps))
    if abs(units) > 10**12 or f"{cell:.15g}" != f"{float(exact(units)):.15g}":
        return
    assert convert.units([cell])[0] == [units]


@given(st.integers(-(10**13), 10**13), st.sampled_from([1_000, 10_000, 1_000_000]))
def test_a_unit_in_the_heading_is_applied_exactly(units: int, factor: int) -> None:
    cell = exact(units) / factor
    if len(cell.as_tuple().digits) > 15:
        return
    for way in (float(cell), f"{cell:f}"):
        assert convert.units([way], Decimal(factor)) == ([units], {}, [])


@given(st.decimals(-(10**9), 10**9, places=4), st.data())
def test_every_way_of_writing_a_number_gives_that_number(value: Decimal, data: st.DataObject) -> None:
    positive = f"{abs(value):,f}"
    wide = str.maketrans("0123456789.,", "０１２３４５６７８９．，")
    plain = [
        positive,
        positive.replace(",", ""),
        positive.translate(wide),
        f"￥{positive}",
        f"{positive}元",
        f" {positive} ",
    ]
    if value < 0:
        plain = [
            f"-{positive}",
            f"({positive})",
            f"（￥{positive}）",
            f"{positive}-",
            f"－{positive}",
            f"￥-{positive}",
        ]
    way = data.draw(st.sampled_from(plain))
    assert convert.number(way) == value
    assert convert.units([way])[0] == [int(value.scaleb(4))]


@pytest.mark.parametrize(
    ("cell", "units"),
    [
        (0.00005, 1),
        ("0.00004", 0),
        ("-0.00005", -1),
        (129.69605, 1296961),
        ("1.000049999", 10000),
    ],
)
def test_more_than_four_decimals_are_rounded_half_up_and_said(cell: Any, units: int) -> None:
    assert convert.units([1.0, cell, ""]) == ([UNIT, units, None], {}, [1])


def test_a_column_says_which_cells_are_wrong() -> None:
    values, flaws, rounded = convert.units([1.5, "", "三", NAN, "-", 1e300, "2"])
    assert values == [15_000, None, None, None, None, None, 20_000]
    assert {place: flaw.code for place, flaw in flaws.items()} == {2: "E204", 3: "E204", 5: "E205"}
    assert rounded == []


@given(st.text(max_size=20) | st.floats() | st.integers() | st.booleans() | st.none() | st.datetimes() | st.times())
def test_no_cell_makes_a_reader_fail(cell: Any) -> None:
    for kind in ("money", "quantity", "date", "month", "flag", "text", "code"):
        reader = convert.one(kind, Dates("ymd"))
        found = reader(cell)
        if isinstance(found, Flaw):
            assert found.code.startswith("E2")
            assert found.message
    values, flaws, _rounded = convert.units([cell])
    assert (values[0] is None) or not flaws
