"""Dates in every style, impossible ones, open ones, serials, and the two epochs."""

import datetime as dt
from pathlib import Path
from typing import Any

from tests.corpus.kit import BASE, HEAD, LINES, TABLE, Case, Verdict, bad, csv, drawn, filled, refused, xlsx
from tests.corpus.kit import with_column as column

MAY = ["2024-05-03", "2024-05-04", "2024-05-05", "2024-05-06"]


def style(name: str, *cells: Any, options: tuple[str, ...] = ()) -> Case:
    """The four days of the table, written otherwise."""
    return Case(name, xlsx(column(0, "日期", cells)), BASE, options)


def wrong(name: str, cell: Any) -> Case:
    """A first date that is none."""
    return Case(name, xlsx(column(0, "日期", [cell, *MAY[1:]])), bad(3, "E202 A2"))


STYLES = (
    style("ISO dates", *MAY),
    style("dates with points", "2024.5.3", "2024.5.4", "2024.05.05", "2024.5.6"),
    style("dates with slashes", "2024/5/3", "2024/5/4", "2024/05/05", "2024/5/6"),
    style("Chinese dates", "2024年5月3日", "2024年5月4日", "2024年05月05日", "2024 年 5 月 6 日"),
    style("Chinese dates with 号", "2024年5月3号", "2024年5月4号", "2024年5月5号", "2024年5月6号"),
    style("eight digits", "20240503", "20240504", "20240505", "20240506"),
    style("eight digits as numbers", 20240503, 20240504, 20240505, 20240506),
    style("serials", 45415, 45416, 45417, 45418),
    style("serials as text", "45415", "45416", "45417", "45418"),
    style("serials with a time", 45415.5, 45416.25, 45417.99, 45418.01),
    style("full-width dates", "２０２４－０５－０３", "２０２４／５／４", *MAY[2:]),
    style("dates with a time", "2024-05-03 13:05:59", "2024-05-04T00:00:00", "2024/5/5 9:30", "2024-05-06 23:59"),
    style("dates with a weekday", "2024-05-03 星期五", "2024年5月4日（周六）", *MAY[2:]),
    style("dates with English months", "3 May 2024", "May 4, 2024", "5-May-2024", "6 May 24"),
    style("text and real dates mixed", LINES[0][0], "2024.5.4", 45417, "2024年5月6日"),
    style("blanks around dates", " 2024-05-03 ", "\u30002024-05-04", "2024-05-05\u00a0", MAY[3]),
    style(
        "days and months told by one of them",
        "3/5/2024",
        "4/5/2024",
        "5/5/2024",
        "6/5/2024",
        options=("--dates", "dmy"),
    ),
    style("months first, as told", "5/3/2024", "5/4/2024", "5/5/2024", "5/6/2024", options=("--dates", "mdy")),
    style("years of two digits, as told", "3.5.24", "4.5.24", "5.5.24", "6.5.24", options=("--dates", "dmy")),
    style("years of two digits in front, as told", "24-5-3", "24-5-4", "24-5-5", "24-5-6", options=("--dates", "ymd")),
    style("shielded dates", '="2024-05-03"', *MAY[1:]),
)

OPEN = (
    Case(
        "days and months that stay open",
        csv(column(0, "日期", ["3/5/2024", "4/5/2024", "5/5/2024", "6/5/2024"])),
        refused("--dates dmy"),
    ),
    Case(
        "one of 25 days settles the column",
        csv([*column(0, "日期", ["3/5/2024", "4/5/2024", "5/5/2024", "6/5/2024"]), ["25/5/2024", *LINES[0][1:]]]),
        BASE.but(taken=5, net="1067.6667", quantity="8"),
    ),
    Case(
        "orders that contradict each other",
        csv(column(0, "日期", ["25/5/2024", "5/25/2024", "5/5/2024", "6/5/2024"])),
        refused(),
    ),
    Case(
        "two digits that could be anything",
        csv(column(0, "日期", ["03-05-04", "04-05-06", "05-06-07", "06-07-08"])),
        refused("--dates"),
    ),
)

WRONG = (
    wrong("29 February of a common year", "2018-02-29"),
    wrong("31 April", "2024-04-31"),
    wrong("a thirteenth month", "2024-13-01"),
    wrong("day zero", "2024-05-00"),
    wrong("the zeroth of nothing", "0000-00-00"),
    wrong("seven digits", "2024053"),
    wrong("six digits", 202405),
    wrong("an eight-digit number that is no date", 20241399),
    wrong("a time only", dt.time(13, 5)),
    wrong("Excel's day 0", "1900-01-00"),
    wrong("Excel's 29 February 1900", 60),
    wrong("a small number", 3),
    wrong("a negative number", -5),
    wrong("a month only", "2024年5月"),
    wrong("a day only", "3日"),
    wrong("a quarter", "2024Q2"),
    wrong("a period", "2024-05-01~2024-05-07"),
    wrong("yesterday", "昨天"),
    wrong("the year 99999", "99999-01-01"),
    Case("a blank date", xlsx(column(0, "日期", [None, *MAY[1:]])), bad(3, "E201 A2")),
    Case("29 February of a leap year", xlsx(column(0, "日期", ["2024-02-29", *MAY[1:]])), BASE),
    Case(
        "several bad dates",
        xlsx(column(0, "日期", ["2024-02-30", MAY[1], "昨天", ""])),
        bad(1, "E202 A2", "E202 A4", "E201 A5"),
    ),
)

TRUE = "2024-05-03"


def old_epoch(out: Any, sheet: Any) -> None:
    filled()(out, sheet)


def days(folder: Path) -> Path:
    return folder


CASES = (
    *STYLES,
    *OPEN,
    *WRONG,
    Case("the 1904 date system", drawn(filled(), date_1904=True), BASE),
    Case(
        "the 1904 date system with bare serials",
        drawn(
            filled(
                [
                    ["日期", *HEAD[1:]],
                    *([serial, *row[1:]] for serial, row in zip((43953, 43954, 43955, 43956), LINES, strict=True)),
                ]
            ),
            date_1904=True,
        ),
        BASE,
    ),
    Case(
        "real dates with a time",
        drawn(
            lambda out, sheet: (
                filled(TABLE)(out, sheet),
                sheet.write_datetime(
                    1, 0, dt.datetime(2024, 5, 3, 13, 5), out.add_format({"num_format": "yyyy-mm-dd hh:mm"})
                ),
            )
        ),
        BASE,
    ),
    Case(
        "months of a plan in every style",
        xlsx(
            [
                ["月份", "办事处", "客户编码", "目标"],
                *(
                    [cell, "杭州", f"C{n}", 5]
                    for n, cell in enumerate(
                        ["2024-05", "2024年5月", "202405", "2024.5", "2024/05", dt.date(2024, 5, 1)]
                    )
                ),
            ],
            "规划.xlsx",
        ),
        Verdict(kinds=("plan",), taken=6),
    ),
    Case(
        "a month of a plan that is none",
        xlsx(
            [["月份", "办事处", "客户编码", "目标"], ["五月", "杭州", "C1", 5], ["2024-05", "杭州", "C2", 5]],
            "规划.xlsx",
        ),
        bad(1, "E207 A2", kinds=("plan",)),
    ),
)
