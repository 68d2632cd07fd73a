"""Terms of payment as people write them, and the day that they make due."""

import calendar
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelctl.systems.credit.rules_terms import Terms, due, parse
from tests.conftest import Run
from tests.credit.granting import begin, by, surveyed

DAY = dt.date(2024, 1, 31)
DAYS = st.dates(dt.date(1950, 1, 1), dt.date(2100, 12, 31))


@pytest.mark.parametrize(
    ("text", "terms", "day"),
    [
        ("30", Terms(30), "2024-03-01"),
        ("30.0", Terms(30), "2024-03-01"),
        ("30天", Terms(30), "2024-03-01"),
        ("３０ 天", Terms(30), "2024-03-01"),
        ("30 days", Terms(30), "2024-03-01"),
        ("net 30", Terms(30), "2024-03-01"),
        ("NET30", Terms(30), "2024-03-01"),
        ("账期60天", Terms(60), "2024-03-31"),
        ("货到30天", Terms(30), "2024-03-01"),
        ("30日内付款", Terms(30), "2024-03-01"),
        ("0", Terms(), "2024-01-31"),
        ("现款", Terms(), "2024-01-31"),
        ("现金", Terms(), "2024-01-31"),
        ("COD", Terms(), "2024-01-31"),
        ("款到发货", Terms(), "2024-01-31"),
        ("月结", Terms(month_end=True), "2024-01-31"),
        ("月结30天", Terms(30, month_end=True), "2024-03-01"),
        ("月结 30", Terms(30, month_end=True), "2024-03-01"),
        ("EOM+30", Terms(30, month_end=True), "2024-03-01"),
        ("30 days EOM", Terms(30, month_end=True), "2024-03-01"),
        ("次月25日", Terms(day=25, months=1), "2024-02-25"),
        ("次月30号", Terms(day=30, months=1), "2024-02-29"),
        ("次月底", Terms(day=31, months=1), "2024-02-29"),
        ("每月25日", Terms(day=25), "2024-02-25"),
        ("每月31日", Terms(day=31), "2024-01-31"),
    ],
)
def test_terms_are_read_as_people_write_them(text: str, terms: Terms, day: str) -> None:
    assert parse(text) == terms
    assert due(DAY, terms) == dt.date.fromisoformat(day)


@pytest.mark.parametrize(
    "text", ["", "面议", "-5", "2/10 net 30", "次月32日", "每月0日", "25日", "4000", "3个月", "0.5"]
)
def test_what_is_no_terms_is_refused_with_what_may_be_written(text: str) -> None:
    flaw = parse(text)
    assert not isinstance(flaw, Terms)
    assert flaw == (
        "E369",
        f"terms “{text}” cannot be read; write 30, net 30, 月结, 月结30天, 次月25日, 每月25日 or 现款",
    )


@given(DAYS, st.integers(0, 400))
def test_days_net_are_counted_from_the_document(day: dt.date, days: int) -> None:
    assert due(day, Terms(days)) - day == dt.timedelta(days=days)


@given(DAYS, st.integers(0, 120))
def test_after_a_months_end_all_documents_of_a_month_are_due_at_once(day: dt.date, days: int) -> None:
    last = day.replace(day=calendar.monthrange(day.year, day.month)[1])
    assert due(day, Terms(days, month_end=True)) == due(last, Terms(days)) >= day


@given(DAYS, st.integers(1, 31), st.sampled_from([0, 1]))
def test_a_fixed_day_is_the_next_one_or_that_of_the_next_month(day: dt.date, fixed: int, months: int) -> None:
    found = due(day, Terms(day=fixed, months=months))
    length = calendar.monthrange(found.year, found.month)[1]
    assert found.day == min(fixed, length)
    ahead = (found.year - day.year) * 12 + found.month - day.month
    assert ahead == 1 if months else found >= day and ahead in (0, 1)


@pytest.mark.parametrize(
    ("terms", "days"), [("30", 30), ("现款", 0), ("月结", 15), ("月结30天", 45), ("次月25日", 40), ("每月25日", 15)]
)
def test_how_long_a_document_waits_on_the_average(terms: str, days: int) -> None:
    found = parse(terms)
    assert isinstance(found, Terms)
    assert found.mean_days == days


def test_terms_that_cannot_be_read_are_not_applied_for(ch: Run) -> None:
    begin(ch)
    surveyed(ch)
    done = by("wang", ch, "credit", "apply", "K1", "1000", "--terms", "面议")
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        "channelctl: error: terms “面议” cannot be read; write 30, net 30, 月结, 月结30天, 次月25日, 每月25日 or 现款\n"
    )
