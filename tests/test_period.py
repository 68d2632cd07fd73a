"""Spans of days, and the options that name one."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelctl import clock, i18n, options
from channelctl.errors import UsageError
from channelctl.period import Period, day, month_label

D = dt.date
days = st.dates()


@pytest.mark.parametrize(
    "text", ["2024-05", "2024-5", "2024.05", "2024/5", "202405", "2024年5月", "2024年05月", " 2024-05 "]
)
def test_a_month_in_each_way_people_write_it(text: str) -> None:
    assert Period.month(text) == Period(D(2024, 5, 1), D(2024, 5, 31), "May 2024")


@pytest.mark.parametrize(
    "text",
    ["", "2024", "20245", "2024-13", "2024-00", "24-05", "2024-05-01", "0000-05", "1899-12", "9999-01", "May", "五月"],
)
def test_what_is_no_month(text: str) -> None:
    with pytest.raises(UsageError) as error:
        Period.month(text)
    assert (error.value.message, error.value.hint) == (f"“{text}” is not a month", "Write it as 2024-05.")


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2024-Q1", D(2024, 1, 1), D(2024, 3, 31)),
        ("2024q2", D(2024, 4, 1), D(2024, 6, 30)),
        ("2023 Q4", D(2023, 10, 1), D(2023, 12, 31)),
    ],
)
def test_a_quarter(text: str, start: D, end: D) -> None:
    period = Period.quarter(text)
    assert (period.start, period.end) == (start, end)


@pytest.mark.parametrize("text", ["", "2024", "2024-Q5", "2024-Q0", "Q2", "2024-05", "1899-Q1"])
def test_what_is_no_quarter(text: str) -> None:
    with pytest.raises(UsageError, match="is not a quarter"):
        Period.quarter(text)


def test_a_year() -> None:
    assert Period.year("2023") == Period(D(2023, 1, 1), D(2023, 12, 31), "2023")


@pytest.mark.parametrize("text", ["", "24", "20245", "2024-05", "1899", "9999", "this"])
def test_what_is_no_year(text: str) -> None:
    with pytest.raises(UsageError, match="is not a year"):
        Period.year(text)


@given(days)
def test_a_month_holds_its_days_and_no_others(one: D) -> None:
    if not 1900 <= one.year <= 9998:
        with pytest.raises(UsageError):
            Period.month(f"{one:%Y-%m}")
        return
    period = Period.month(f"{one.year:04}-{one.month:02}")
    assert period.start <= one <= period.end
    assert {period.start.month, period.end.month} == {one.month}
    assert (period.end + dt.timedelta(days=1)).day == 1


@pytest.mark.parametrize(
    ("as_of", "start"),
    [
        (D(2024, 5, 31), D(2023, 6, 1)),
        (D(2024, 5, 3), D(2023, 6, 1)),
        (D(2024, 12, 31), D(2024, 1, 1)),
        (D(2024, 2, 29), D(2023, 3, 1)),
        (D(1, 3, 4), D.min),
    ],
)
def test_the_twelve_months_that_end_with_a_day(as_of: D, start: D) -> None:
    period = Period.twelve_months_to(as_of)
    assert (period.start, period.end) == (start, as_of)


def test_a_period_cannot_end_before_it_starts() -> None:
    with pytest.raises(UsageError, match=r"the period ends \(2024-05-01\) before it starts \(2024-05-31\)"):
        Period.between(D(2024, 5, 31), D(2024, 5, 1))


@given(days, days, st.none() | days)
def test_a_cut_takes_away_the_later_days_only(one: D, other: D, as_of: D | None) -> None:
    period = Period.between(min(one, other), max(one, other))
    cut = period.cut(as_of)
    assert cut.start == period.start
    if as_of is None or as_of >= period.end:
        assert cut == period
    elif as_of >= period.start:
        assert cut.end == as_of
    else:
        assert cut.end == max(period.start, D.min + dt.timedelta(days=1)) - dt.timedelta(days=1)


def test_all_time_can_be_cut() -> None:
    cut = Period.all_time().cut(D(2024, 5, 31))
    assert (cut.start, cut.end, cut.label) == (D.min, D(2024, 5, 31), "all time to 2024-05-31")


@pytest.mark.parametrize(
    "text", ["2024-05-03", "2024-5-3", "2024.5.3", "2024/05/03", "20240503", "2024年5月3日", " 2024-05-03 "]
)
def test_a_day_in_each_way_people_write_it(text: str) -> None:
    assert day(text) == D(2024, 5, 3)


@pytest.mark.parametrize(
    "text", ["", "2024-05", "2024-05-32", "2023-02-29", "3/5/2024", "2024503", "today", "0000-01-01"]
)
def test_what_is_no_day(text: str) -> None:
    with pytest.raises(UsageError) as error:
        day(text)
    assert (error.value.message, error.value.hint) == (f"“{text}” is not a date", "Write it as 2024-05-31.")


@given(days)
def test_every_day_reads_back(one: D) -> None:
    assert day(one.isoformat()) == day(f"{one.year:04}{one.month:02}{one.day:02}") == one


ENGLISH = ["May 2024", "Q2 2024", "2024", "2024-05-01 to 2024-05-02", "all time", "12 months to 2024-05-31"]
CHINESE = [
    "2024年5月",
    "2024年第2季度",
    "2024年",
    "2024-05-01 至 2024-05-02",
    "全部时间",
    "截至 2024-05-31 的 12 个月",
]


@pytest.mark.parametrize(("language", "label"), [("en", ENGLISH), ("zh", CHINESE)])
def test_a_period_is_called_what_people_call_it(
    language: str, label: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(i18n, "_language", language)
    periods = [
        Period.month("2024-05"),
        Period.quarter("2024-Q2"),
        Period.year("2024"),
        Period.between(D(2024, 5, 1), D(2024, 5, 2)),
        Period.all_time(),
        Period.twelve_months_to(D(2024, 5, 31)),
    ]
    assert [period.label for period in periods] == label
    assert month_label(2024, 5) == label[0]


LAST = D(2024, 5, 20)


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ({}, D(2023, 6, 1), LAST),
        ({"as_of": "2024-02-10"}, D(2023, 3, 1), D(2024, 2, 10)),
        ({"month": "2024-03"}, D(2024, 3, 1), D(2024, 3, 31)),
        ({"month": "2024-03", "as_of": "2024-03-10"}, D(2024, 3, 1), D(2024, 3, 10)),
        ({"quarter": "2024-Q1"}, D(2024, 1, 1), D(2024, 3, 31)),
        ({"year": "2023"}, D(2023, 1, 1), D(2023, 12, 31)),
        ({"start": "2024-04-01"}, D(2024, 4, 1), LAST),
        ({"start": "2024-06-01"}, D(2024, 6, 1), D(2024, 6, 1)),
        ({"start": "2024-04-01", "end": "2024-04-30"}, D(2024, 4, 1), D(2024, 4, 30)),
        ({"all_time": True}, D.min, D.max),
        ({"all_time": True, "as_of": "2024-05-01"}, D.min, D(2024, 5, 1)),
    ],
)
def test_the_options_name_one_period(asked: dict[str, Any], start: D, end: D) -> None:
    period = options.period_of(LAST, **asked)
    assert (period.start, period.end) == (start, end)


def test_without_any_sale_the_default_ends_today() -> None:
    assert options.period_of(None).end == clock.today() == D(2024, 6, 3)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"month": "2024-05", "year": "2024"}, "--month and --year both name a period"),
        ({"quarter": "2024-Q1", "all_time": True}, "--quarter and --all-time both name a period"),
        ({"start": "2024-01-01", "month": "2024-05"}, "--month and --from both name a period"),
        ({"end": "2024-05-31"}, "--to needs --from"),
        ({"month": "2024-05", "end": "2024-05-31"}, "--to needs --from"),
        ({"start": "2024-05-31", "end": "2024-05-01"}, "the period ends (2024-05-01) before it starts (2024-05-31)"),
        ({"month": "2024-05", "as_of": "2024-04-30"}, "--as-of 2024-04-30 is before the period begins (2024-05-01)"),
        ({"start": "2024-05-02", "as_of": "2024-05-01"}, "--as-of 2024-05-01 is before the period begins (2024-05-02)"),
        ({"month": ""}, "“” is not a month"),
        ({"quarter": ""}, "“” is not a quarter"),
        ({"year": ""}, "“” is not a year"),
        ({"start": ""}, "“” is not a date"),
        ({"start": "2024-05-01", "end": ""}, "“” is not a date"),
        ({"as_of": ""}, "“” is not a date"),
    ],
)
def test_a_period_named_twice_or_by_half_is_refused(asked: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError) as error:
        options.period_of(LAST, **asked)
    assert error.value.message == message


@pytest.mark.parametrize(
    ("text", "moment"), [("2024-05-31", "2024-05-31T00:00:00Z"), (" 20240531 ", "2024-05-31T00:00:00Z")]
)
def test_the_clock_can_be_fixed(text: str, moment: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHANNELCTL_TODAY", text)
    assert clock.today() == D(2024, 5, 31)
    assert clock.now() == moment


def test_else_it_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CHANNELCTL_TODAY")
    assert abs(clock.today() - dt.datetime.now().astimezone().date()) <= dt.timedelta(days=1)
    assert dt.datetime.strptime(clock.now(), "%Y-%m-%dT%H:%M:%S%z").year >= 2024


@pytest.mark.parametrize("text", ["yesterday", "2024-02-30", "31.05.2024"])
def test_a_day_that_is_none_is_wrong_usage(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHANNELCTL_TODAY", text)
    for asked in (clock.today, clock.now):
        with pytest.raises(UsageError, match=f"CHANNELCTL_TODAY is “{text}”, not a date"):
            asked()
