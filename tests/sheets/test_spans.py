"""What headings, titles and names say of time."""

import datetime as dt
from typing import Any

import pytest

from channelctl.sheets.shapes import spans

MONTH, DAY = "month", "day"
SPANS: list[tuple[Any, tuple[Any, ...] | None]] = [
    ("1月", (MONTH, None, 1, 0)),
    (" 12 月份 ", (MONTH, None, 12, 0)),
    ("一月", (MONTH, None, 1, 0)),
    ("十二月", (MONTH, None, 12, 0)),
    ("２０２４年１月", (MONTH, 2024, 1, 0)),
    ("24年3月", (MONTH, 2024, 3, 0)),
    ("2024-01", (MONTH, 2024, 1, 0)),
    ("2024/1", (MONTH, 2024, 1, 0)),
    ("2024.12", (MONTH, 2024, 12, 0)),
    ("202401", (MONTH, 2024, 1, 0)),
    (202401.0, (MONTH, 2024, 1, 0)),
    ("Jan-24", (MONTH, 2024, 1, 0)),
    ("Sept 2024", (MONTH, 2024, 9, 0)),
    ("may", (MONTH, None, 5, 0)),
    ("1日", (DAY, None, 0, 1)),
    ("31号", (DAY, None, 0, 31)),
    ("5/1", (DAY, None, 5, 1)),
    ("5月31日", (DAY, None, 5, 31)),
    ("2024-05-03", (DAY, 2024, 5, 3)),
    ("20240503", (DAY, 2024, 5, 3)),
    (dt.date(2024, 5, 3), (DAY, 2024, 5, 3)),
    ("一季度", ("quarter", None, 1, 0)),
    ("2024年第二季度", ("quarter", 2024, 2, 0)),
    ("2024Q3", ("quarter", 2024, 3, 0)),
    ("下半年", ("half", None, 2, 0)),
    ("2024年", ("year", 2024, 1, 0)),
    ("2-3月", ("several", None, 0, 0)),
    (2024.1, ("several", None, 0, 0)),
    (3.0, ("number", None, 0, 3)),
    ("03", ("number", None, 0, 3)),
    ("13月", None),
    ("金额", None),
    ("I9300", None),
    ("9300", None),
    ("24-01", None),
    ("", None),
    (32.0, None),
    (True, None),
    (None, None),
]


@pytest.mark.parametrize(("heading", "span"), SPANS, ids=repr)
def test_a_heading_says_a_span_of_time(heading: Any, span: tuple[Any, ...] | None) -> None:
    found = spans.read(heading)
    assert (found and found[:4]) == span


@pytest.mark.parametrize(
    ("heading", "unit", "number", "day"),
    [("1-3月", MONTH, 3, 0), ("1月至5月累计", MONTH, 5, 0), ("2月累计", MONTH, 2, 0), ("截至5月10日累计", DAY, 5, 10)],
)
def test_a_running_total_is_known_for_one(heading: str, unit: str, number: int, day: int) -> None:
    found = spans.read(heading)
    assert found is not None
    assert (found.unit, found.number, found.day, found.running) == (unit, number, day, True)


@pytest.mark.parametrize(
    ("texts", "day"),
    [
        (["2024年5月销售", "导出20240603"], "2024-05-31"),
        (["截至5月20日", "销售2024"], "2024-05-20"),
        (["5月1日至5月20日", "2024"], "2024-05-20"),
        (["日报20240520"], "2024-05-20"),
        (["5月", "2024年"], "2024-05-31"),
        (["2024年度", "二月"], "2024-02-29"),
        (["2024年1-3月销售"], None),
        (["2024年一季度"], None),
        (["5月"], None),
        (["9300"], None),
    ],
)
def test_titles_and_names_say_when(texts: list[str], day: str | None) -> None:
    assert spans.when(texts) == day


def test_who_made_a_sheet_and_when_is_no_title() -> None:
    assert spans.spoken([["2024年5月", 3.0, ""], ["制表：王伟 2024-06-01"], ["打印时间：2024-06-02"]]) == ["2024年5月"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (["销售2024年5月", "5月", "截至5月20日"], ["销售2024年6月(1)", "6月", "截至6月5日"]),
        (["销售_2024-05.rejected", "Sheet1"], ["销售_2024-06", "Sheet2"]),
    ],
)
def test_a_series_goes_by_what_is_not_time(one: list[str], other: list[str]) -> None:
    assert spans.series(one) == spans.series(other) != ""


def test_a_model_number_is_no_time() -> None:
    assert spans.series(["I9300"]) != spans.series(["I7100"])
