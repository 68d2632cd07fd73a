"""Cells to days and months."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelctl.sheets import convert, days
from channelctl.sheets.days import Dates, OpenOrder
from channelctl.sheets.problems import Flaw

NAN, INFINITY = float("nan"), float("inf")


# Days

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
    assert days.orders(column) == possible


def test_what_stays_open_is_shown_both_ways() -> None:
    assert days.undecided(["2024-05-03", "5/5/2024", "3/5/2024"]) == (
        "3/5/2024",
        {"dmy": "2024-05-03", "mdy": "2024-03-05"},
    )
    assert days.undecided(["24/05/03", "24/05/31"]) == ("24/05/03", {"dmy": "2003-05-24", "ymd": "2024-05-03"})
    assert days.undecided(["5/5/2024", "25/5/2024"]) is None


@given(
    st.lists(st.dates(dt.date(2000, 1, 1), dt.date(2039, 12, 31)), min_size=1, max_size=20),
    st.sampled_from(["dmy", "mdy"]),
    st.sampled_from("/-."),
)
def test_a_settled_column_is_never_read_wrongly(meant: list[dt.date], order: str, sign: str) -> None:
    parts = {"d": "%d", "m": "%m", "y": "%Y"}
    column = [day.strftime(sign.join(parts[letter] for letter in order)) for day in meant]
    possible = days.orders(column)
    assert order in possible
    if len(possible) == 1:
        dates = Dates(order)
        assert [dates[cell] for cell in column] == [day.isoformat() for day in meant]


# Months


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
    assert days.month(cell) == month


@pytest.mark.parametrize("cell", ["2024-13", "2024-00", "5月", "2024", 2024.0, 2024.1, "五月", "20245", "202413", True])
def test_what_is_no_month_is_a_flaw(cell: Any) -> None:
    found = days.month(cell)
    assert isinstance(found, Flaw)
    assert found.code == "E207"
