"""Cells to exact values."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from channelctl.sheets import convert
from channelctl.sheets.convert import Dates, OpenOrder
from channelctl.sheets.failed import UNSAVED
from channelctl.sheets.problems import Flaw

UNIT = 10_000
NAN, INFINITY = float("nan"), float("inf")


# Dates

DATES: list[tuple[Any, str | None]] = [
    (dt.date(2024, 5, 3), "2024-05-03"),
    (dt.datetime.fromisoformat("2024-05-03T17:30"), "2024-05-03"),
    (45415.0, "2024-05-03"),
    (45415, "2024-05-03"),
    (45415.75, "2024-05-03"),
    ("45415", "2024-05-03"),
    ("45415.5", "2024-05-03"),
    (20240503.0, "2024-05-03"),
    (20240503, "2024-05-03"),
    ("20240503", "2024-05-03"),
    ("20240503173000", "2024-05-03"),
    ("2024-05-03", "2024-05-03"),
    ("2024-5-3", "2024-05-03"),
    ("2024/5/3", "2024-05-03"),
    ("2024/05/03 17:30:00", "2024-05-03"),
    ("2024-05-03T17:30:00Z", "2024-05-03"),
    ("2024-05-03T17:30:00.000+08:00", "2024-05-03"),
    ("2024-05-03 08:00:00.000", "2024-05-03"),
    ("2024-05-03 24:00", "2024-05-03"),
    ("2024.5.3", "2024-05-03"),
    ("2024.05.03", "2024-05-03"),
    ("2024年5月3日", "2024-05-03"),
    ("2024年05月03日", "2024-05-03"),
    ("2024年5月3号", "2024-05-03"),
    ("2024 年 5 月 3 日", "2024-05-03"),
    ("2024年5月3日 17时30分", "2024-05-03"),
    ("2024年5月3日 星期五", "2024-05-03"),
    ("2024-05-03（周五）", "2024-05-03"),
    ("２０２４年５月３日", "2024-05-03"),
    ("２０２４．５．３", "2024-05-03"),
    ("　2024-05-03　", "2024-05-03"),
    ('="2024-05-03"', "2024-05-03"),
    ("3-May-2024", "2024-05-03"),
    ("3 May 2024", "2024-05-03"),
    ("03-MAY-24", "2024-05-03"),
    ("May 3, 2024", "2024-05-03"),
    ("2024-02-29", "2024-02-29"),
    (dt.date(9999, 12, 31), "9999-12-31"),
    ("", None),
    ("　", None),
    (None, None),
    ("-", None),
    ("—", None),
]


@pytest.mark.parametrize(("cell", "day"), DATES, ids=repr)
def test_a_date_is_read_in_every_form(cell: Any, day: str | None) -> None:
    dates = Dates()
    assert dates[cell] == day
    assert dates.flaws == {}


@pytest.mark.parametrize(
    "cell",
    [
        "2018-02-29",
        "2024-04-31",
        "2024-05-32",
        "2024/13/5",
        "0000-00-00",
        "0000-00-00 00:00:00",
        60.0,
        "2024-13-01",
        "2024-00-10",
        "2024年2月30日",
        "20240230",
        20240230.0,
        "5月3日",
        "昨天",
        "合计",
        "2024-05",
        "2024",
        "31-Foo-2024",
        "0024-05-03",
        "1,234.50",
        3.0,
        12.5,
        0.0,
        -45415.0,
        2_958_466.0,
        NAN,
        INFINITY,
        True,
        dt.time(8, 0),
        dt.date(1899, 12, 31),
        dt.datetime.fromisoformat("1900-01-01"),
    ],
    ids=repr,
)
def test_what_is_no_day_is_a_flaw(cell: Any) -> None:
    dates = Dates()
    assert dates[cell] is None
    assert [flaw.code for flaw in dates.flaws.values()] == ["E202"]


@given(st.dates(dt.date(1950, 1, 1), dt.date(2100, 12, 31)), st.data())
def test_every_way_of_writing_a_day_gives_that_day(day: dt.date, data: st.DataObject) -> None:
    serial = (day - dt.date(1899, 12, 30)).days
    y, m, d = day.year, day.month, day.day
    ways = [
        day,
        dt.datetime.combine(day, dt.time(23, 59, 59)),
        float(serial),
        serial,
        str(serial),
        serial + 0.999,
        int(f"{day:%Y%m%d}"),
        f"{day:%Y%m%d}",
        *(f"{y}{a}{m}{a}{d}" for a in "-./"),
        *(f"{y}{a}{m:02}{a}{d:02} 00:00:00" for a in "-./"),
        f"{y}年{m}月{d}日",
        f"{y}年{m:02}月{d:02}日",
        f"{day:%d-%b-%Y}",
        f"{day:%B} {d}, {y}",
    ]
    way = data.draw(st.sampled_from(ways))
    assert Dates()[way] == day.isoformat()


@given(st.dates(dt.date(1930, 1, 1), dt.date(2090, 12, 31)))
def test_a_1904_workbook_counts_from_another_day(day: dt.date) -> None:
    serial = float((day - dt.date(1904, 1, 1)).days)
    if serial >= 10_000:
        assert Dates(epoch_1904=True)[serial] == day.isoformat()
        month = convert.one("month", Dates(epoch_1904=True))(serial)
        assert month == day.isoformat()[:7] or day.year < 1990


@pytest.mark.parametrize(
    ("order", "cell", "day"),
    [
        ("dmy", "3/5/2024", "2024-05-03"),
        ("mdy", "3/5/2024", "2024-03-05"),
        ("dmy", "03.05.24", "2024-05-03"),
        ("mdy", "03-05-24", "2024-03-05"),
        ("ymd", "24/5/3", "2024-05-03"),
        ("ymd", "99.12.31", "1999-12-31"),
        ("dmy", "31.12.69", "2069-12-31"),
        ("dmy", "3/5/4", None),
        ("mdy", "2/24/2003 0:00", "2003-02-24"),
        ("dmy", "3/5/2024 12:00:00 AM", "2024-05-03"),
        ("dmy", "2024/5/3", "2024-05-03"),
        ("mdy", "2024/5/3", "2024-05-03"),
        ("mdy", "13/5/2024", None),
        ("dmy", "5/13/2024", None),
        ("ymd", "3/5/2024", None),
        ("dmy", "30/2/2024", None),
    ],
)
def test_a_told_order_is_kept_to(order: str, cell: str, day: str | None) -> None:
    assert Dates(order)[cell] == day


@pytest.mark.parametrize("cell", ["3/5/2024", "03-05-24", "1.2.2024", "10/11/12"])
def test_without_an_order_such_a_date_stays_open(cell: str) -> None:
    with pytest.raises(OpenOrder):
        Dates()[cell]


@pytest.mark.parametrize(
    ("cell", "day"), [("25/5/2024", "2024-05-25"), ("5/25/2024", "2024-05-25"), ("5/5/2024", "2024-05-05")]
)
def test_a_date_that_can_be_one_day_only_is_that_day(cell: str, day: str) -> None:
    assert Dates()[cell] == day


@pytest.mark.parametrize(
    ("column", "possible"),
    [
        (["3/5/2024", "4/5/2024"], {"dmy", "mdy"}),
        (["3/5/2024", "25/5/2024"], {"dmy"}),
        (["3/5/2024", "5/25/2024"], {"mdy"}),
        (["3/5/2024", "25/5/2024", "31/2/2024"], {"dmy"}),
        (["24/05/03", "24/05/31"], {"dmy", "ymd"}),
        (["24/05/03", "99/05/03"], {"ymd"}),
        (["24/5/3", "24/12/31"], {"ymd"}),
        (["25/5/2024", "5/25/2024"], set()),
        (["2024/5/3", "2024-05-03", 45415.0, "", None, "合计"], {"dmy", "mdy", "ymd"}),
        ([], {"dmy", "mdy", "ymd"}),
    ],
)
def test_the_whole_column_settles_the_order(column: list[Any], possible: set[str]) -> None:
    assert convert.orders(column) == possible


def test_what_stays_open_is_shown_both_ways() -> None:
    assert convert.undecided(["2024-05-03", "5/5/2024", "3/5/2024"]) == (
        "3/5/2024",
        {"dmy": "2024-05-03", "mdy": "2024-03-05"},
    )
    assert convert.undecided(["24/05/03", "24/05/31"]) == ("24/05/03", {"dmy": "2003-05-24", "ymd": "2024-05-03"})
    assert convert.undecided(["5/5/2024", "25/5/2024"]) is None


@given(
    st.lists(st.dates(dt.date(2000, 1, 1), dt.date(2039, 12, 31)), min_size=1, max_size=20),
    st.sampled_from(["dmy", "mdy"]),
    st.sampled_from("/-."),
)
def test_a_settled_column_is_never_read_wrongly(days: list[dt.date], order: str, sign: str) -> None:
    parts = {"d": "%d", "m": "%m", "y": "%Y"}
    column = [day.strftime(sign.join(parts[letter] for letter in order)) for day in days]
    possible = convert.orders(column)
    assert order in possible
    if len(possible) == 1:
        dates = Dates(order)
        assert [dates[cell] for cell in column] == [day.isoformat() for day in days]


# Numbers

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


# Texts


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("00123", "00123"),
        (123.0, "123"),
        (123, "123"),
        (1003.5, "1003.5"),
        (6.9e14, "690000000000000"),
        (999_999_999_999_999.0, "999999999999999"),
        (1e15, "1E+15"),
        (202405030000000123.0, "2.0240503E+17"),
        ("202405030000000123", "202405030000000123"),
        ("NA", "NA"),
        ("None", "None"),
        ("null", "null"),
        ("N/A", "N/A"),
        ('="00123"', "00123"),
        ('=""', None),
        ("=A1", "=A1"),
        (" 甲　", "甲"),
        ("甲\n乙", "甲 乙"),
        ("甲\r\n\t乙", "甲 乙"),
        ("\ufeff甲\u200b", "甲"),
        ("\x1b[31m甲\x07", "[31m甲"),
        ("甲\u202e乙", "甲乙"),
        ("[red]甲[/red]", "[red]甲[/red]"),
        (True, "TRUE"),
        (dt.date(2024, 5, 3), "2024-05-03"),
        (dt.datetime.fromisoformat("2024-05-03"), "2024-05-03"),
        (dt.datetime.fromisoformat("2024-05-03T08:30"), "2024-05-03 08:30:00"),
        ("", None),
        ("   ", None),
        ("\x00", None),
        (None, None),
    ],
    ids=repr,
)
def test_a_cell_as_text(cell: Any, text: str | None) -> None:
    assert convert.text(cell) == text


@pytest.mark.parametrize(
    "label",
    [
        *"小计 合计 总计 累计 共计 合计： 合计: 华东小计 南京办事处小计： 合计（元） 本月合计 本页小计".split(),
        *"合计金额 客户合计 小計 總計 Total TOTAL: Subtotal Sub-total total".split(),
        *(
            "合 计",
            "合　计",
            "总　计：",
            "總　計",
            "华东 小计",
            "本日 合计",
            "Grand Total",
            "Sub Total",
            "East Total",
            "Totals:",
        ),
    ],
)
def test_a_label_of_a_totals_row(label: str) -> None:
    assert convert.is_total(label)


@pytest.mark.parametrize(
    "label",
    ["合计科技", "总计划部", "南京合计通讯有限公司", "Total Sells Oil", "Totality", "会计", "设计", "统计局", "", "计"],
)
def test_not_every_word_with_a_total_in_it_is_one(label: str) -> None:
    assert not convert.is_total(label)


@pytest.mark.parametrize(
    ("label", "signs"),
    [
        ("制表：王伟", True),
        ("审核人", True),
        ("打印时间：2024-06-01 10:00", True),
        ("注：本表不含退货", True),
        ("部门经理：", True),
        ("Prepared by Li", True),
        ("主管", False),
        ("会计", False),
        ("注塑机", False),
        ("杭州恒达", False),
    ],
)
def test_what_stands_below_a_table(label: str, signs: bool) -> None:
    assert convert.is_signature(label) == signs


# Cells that a formula left without a value


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        *((error, "E208") for error in ("#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!")),
        (" #N/A ", "E208"),
        ("Err:502", "E208"),
        (UNSAVED, "E209"),
    ],
)
@pytest.mark.parametrize("kind", ["money", "quantity", "date", "month", "flag", "text", "code"])
def test_a_failed_formula_is_said_to_be_one_in_every_column(kind: str, cell: str, code: str) -> None:
    flaw = convert.one(kind, Dates())(cell)
    assert isinstance(flaw, Flaw)
    assert flaw.code == code
    assert convert.units([1.0, cell, ""])[1][1].code == code
    texts = convert.Texts()
    assert texts[cell] in texts.errors


@pytest.mark.parametrize("cell", [1e15, 202405030000000123.0, -3.2e17, 1e300, "2.02405E+17", "1.00E+05", "2.0e+17"])
def test_a_number_cut_short_is_no_code(cell: Any) -> None:
    assert convert.one("code", Dates())(cell).code == "E210"
    assert not convert.EXCEL_ERRORS.isdisjoint(["SO1", convert.text(cell), None])


@pytest.mark.parametrize(
    "cell", [999_999_999_999_999.0, "202405030000000123", "1E5", "E+17", "A1.5E+17", "#1店", "=A1"]
)
def test_what_only_looks_like_one_is_a_code(cell: Any) -> None:
    assert isinstance(convert.one("code", Dates())(cell), str)
    assert convert.EXCEL_ERRORS.isdisjoint(["SO1", convert.text(cell), None])


# Months and flags


@pytest.mark.parametrize(
    ("cell", "month"),
    [
        ("2024-05", "2024-05"),
        ("2024-5", "2024-05"),
        ("2024/05", "2024-05"),
        ("2024.5", "2024-05"),
        (2024.5, "2024-05"),
        (2024.12, "2024-12"),
        ("2024.1", "2024-01"),
        ("2024年5月", "2024-05"),
        ("2024年5月份", "2024-05"),
        ("２０２４年５月", "2024-05"),
        ("202405", "2024-05"),
        (202405.0, "2024-05"),
        (202405, "2024-05"),
        (dt.date(2024, 5, 1), "2024-05"),
        (dt.datetime.fromisoformat("2024-05-31T01:00"), "2024-05"),
        (45413.0, "2024-05"),
        ("2024-05-31", "2024-05"),
        ("", None),
        (None, None),
    ],
    ids=repr,
)
def test_a_month_is_read_in_every_form(cell: Any, month: str | None) -> None:
    assert convert.month(cell) == month


@pytest.mark.parametrize("cell", ["2024-13", "2024-00", "5月", "2024", 2024.0, 2024.1, "五月", "20245", "202413", True])
def test_what_is_no_month_is_a_flaw(cell: Any) -> None:
    found = convert.month(cell)
    assert isinstance(found, Flaw)
    assert found.code == "E207"


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        *((cell, True) for cell in ("是", "Y", "yes", "TRUE", "√", 1.0, 1, "１", True)),
        *((cell, False) for cell in ("否", "N", "no", "false", "×", 0.0, 0, False)),
        ("", None),
        (None, None),
    ],
    ids=repr,
)
def test_a_flag(cell: Any, value: bool | None) -> None:
    assert convert.flag(cell) is value


@pytest.mark.parametrize("cell", ["也许", 2.0, "-", "yes and no"])
def test_what_is_neither_yes_nor_no_is_a_flaw(cell: Any) -> None:
    found = convert.flag(cell)
    assert isinstance(found, Flaw)
    assert found.code == "E206"
