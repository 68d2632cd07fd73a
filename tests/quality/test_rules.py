"""When data are old, and how ages are written."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelctl.errors import UsageError
from channelctl.systems.quality import rules
from channelctl.systems.quality.rules import Dated, Limit

TODAY = dt.date(2024, 5, 13)
KNOWN = ["sales", "stock_count"]


def worked(first: dt.date, last: dt.date) -> int:
    """Days from Monday to Friday."""
    span = (first + dt.timedelta(days=place) for place in range((last - first).days + 1))
    return sum(day.weekday() < 5 for day in span)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2d", Limit(2, False)),
        ("0d", Limit(0, False)),
        ("3wd", Limit(3, True)),
        ("1w", Limit(7, False)),
        (" 2 D ", Limit(2, False)),
        ("10WD", Limit(10, True)),
    ],
)
def test_an_age_is_days_work_days_or_weeks(text: str, found: Limit) -> None:
    assert rules.limit(text, "--warn") == found


@pytest.mark.parametrize("text", ["", "2", "d", "-1d", "2 days", "1.5d", "2m", "12345d", "２天"])
def test_what_is_no_age(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        rules.limit(text, "--error")
    assert caught.value.message == f"--error takes an age, not “{text}”"
    assert caught.value.hint == "2d is two days, 3wd three work days, 1w a week."


@pytest.mark.parametrize(
    ("last", "limit", "passed"),
    [
        ("2024-05-11", "2d", False),
        ("2024-05-10", "2d", True),
        ("2024-05-13", "0d", False),
        ("2024-05-12", "0d", True),
        ("2024-05-10", "1wd", False),  # Friday: the Monday alone is worked
        ("2024-05-10", "0wd", True),
        ("2024-05-09", "1wd", True),
        ("2024-05-06", "1w", False),
        ("2024-05-05", "1w", True),
        (None, "999d", True),
        (None, "999wd", True),
    ],
)
def test_data_are_old_when_they_are_older_than_the_age(last: str | None, limit: str, passed: bool) -> None:
    day = dt.date.fromisoformat(last) if last else None
    assert rules.limit(limit, "--warn").passed(day, TODAY, worked) is passed


def dated(kind: str, last: dt.date | None) -> Dated:
    return Dated(kind, kind, None, None, last, None, None)


@pytest.mark.parametrize(
    ("age", "warn", "error", "state"),
    [
        (1, "2d", "4d", "ok"),
        (3, "2d", "4d", "warn"),
        (5, "2d", "4d", "error"),
        (5, None, "4d", "error"),
        (3, None, "4d", "ok"),
        (5, "2d", None, "warn"),
        (5, None, None, None),
        (None, "2d", "4d", "error"),
        (None, None, None, None),
    ],
)
def test_the_state_of_what_is_watched(age: int | None, warn: str | None, error: str | None, state: str | None) -> None:
    last = TODAY - dt.timedelta(days=age) if age is not None else None
    older, stale = (rules.limit(text, "--warn") if text else None for text in (warn, error))
    (row, other) = rules.fresh(
        [dated("sales", last), dated("stock_count", last)], TODAY, ["sales"], older, stale, worked
    )  # fmt: skip
    assert (row.state, row.days) == (state, age)
    assert other.state is None


@given(
    ages=st.lists(st.integers(0, 400) | st.none(), min_size=1, max_size=5),
    warn=st.integers(0, 99),
    more=st.integers(0, 99),
)
def test_what_is_older_is_never_the_fresher(ages: list[int | None], warn: int, more: int) -> None:
    found = [dated("sales", None if age is None else TODAY - dt.timedelta(days=age)) for age in ages]
    rows = rules.fresh(found, TODAY, ["sales"], Limit(warn, False), Limit(warn + more, False), worked)
    rank = {"ok": 0, "warn": 1, "error": 2}
    pairs = sorted((9999 if row.days is None else row.days, rank[row.state or ""]) for row in rows)
    assert [state for _days, state in pairs] == sorted(state for _days, state in pairs)


@pytest.mark.parametrize(
    ("words", "by", "found"),
    [
        ("sales", "kind", ["sales"]),
        ("sales,stock-count", "kind", ["sales", "stock_count"]),
        (" sales ， stock_count ,", "kind", ["sales", "stock_count"]),
        ("sales", "office", ["sales"]),
    ],
)
def test_what_is_watched_is_named_with_commas(words: str, by: str, found: list[str]) -> None:
    assert rules.watched(words, by, KNOWN) == found


@pytest.mark.parametrize(
    ("words", "by", "message"),
    [
        ("nope", "kind", "“nope” is no kind of data with days"),
        ("", "kind", "--kind names no data"),
        (",", "kind", "--kind names no data"),
        ("sales", "rep", "--by is kind or office, not “rep”"),
        ("stock_count", "office", "--kind stock_count: by office it is the sales that are watched"),
    ],
)
def test_what_cannot_be_watched(words: str, by: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        rules.watched(words, by, KNOWN)
    assert caught.value.message == message
