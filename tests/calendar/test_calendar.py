"""Which days are worked: by decree, by hand, and where nobody says."""

import datetime as dt
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelctl.sheets.recognise import recognise
from channelctl.systems.calendar import rules, store
from channelctl.systems.calendar.rules import Other, WorkDays
from tests.conftest import Run
from tests.making import holds_to_schema, report, sheet

DAY = dt.timedelta(days=1)
HEADINGS = "日期 是否上班 名称"

days = st.dates(dt.date(1990, 1, 1), dt.date(2060, 12, 31))
others = st.dictionaries(days, st.builds(Other, st.booleans(), st.none(), st.just(True)), max_size=30)


def each(first: dt.date, last: dt.date) -> list[dt.date]:
    return [first + place * DAY for place in range((last - first).days + 1)]


def known(first: str, last: str) -> WorkDays:
    return rules.calendar(dt.date.fromisoformat(first), dt.date.fromisoformat(last), store.decreed(), {})


@pytest.mark.parametrize(
    ("first", "last", "count"),
    [
        ("2024-05-01", "2024-05-31", 21),
        ("2024-02-01", "2024-02-29", 18),
        ("2024-10-01", "2024-10-31", 19),
        ("2024-05-01", "2024-05-05", 0),
        ("2024-05-11", "2024-05-12", 1),
        ("2020-01-24", "2020-02-02", 0),
        ("2015-09-03", "2015-09-06", 1),
        ("2024-01-01", "2024-12-31", 251),
        ("2025-01-01", "2025-12-31", 248),
        ("2024-05-31", "2024-05-31", 1),
        ("2024-06-01", "2024-06-01", 0),
    ],
)
def test_work_days_as_the_decree_has_them(first: str, last: str, count: int) -> None:
    assert known(first, last).count() == count


def test_the_decree_holds_only_days_that_are_otherwise_and_every_year() -> None:
    decreed = store.decreed()
    assert list(decreed) == sorted(decreed)
    assert all(one.working != rules.is_weekday(day) and one.name and not one.own for day, one in decreed.items())
    years = Counter(day.year for day in decreed)
    assert set(years) == set(range(2004, 2027))
    assert min(years.values()) >= 12
    for year in years:
        found = known(f"{year}-01-01", f"{year}-12-31")
        feasts = [(1, 1), (5, 1), (10, 1), (10, 2), (10, 3)]
        assert not any(found.worked(dt.date(year, *day)) for day in feasts)


@given(days, st.integers(0, 800), others)
def test_counting_is_looking_at_every_day(first: dt.date, length: int, own: dict[dt.date, Other]) -> None:
    last = first + length * DAY
    found = rules.calendar(first, last, store.decreed(), own)
    assert found.count() == sum(map(found.worked, each(first, last)))
    middle = first + length // 2 * DAY
    assert found.count(last=middle) + found.count(middle + DAY) == found.count()
    rows = rules.by_month(found)
    assert (rows[0].first_day, rows[-1].last_day) == (first, last)
    assert sum(row.work_days for row in rows) == found.count()
    assert all(row.days == row.work_days + row.days_off for row in rows)
    assert all(
        row.work_days == rules.weekdays(row.first_day, row.last_day) - row.holidays + row.worked_weekends
        for row in rows
    )


@given(days, others)
def test_what_is_set_by_hand_holds_before_the_decree(day: dt.date, own: dict[dt.date, Other]) -> None:
    found = rules.calendar(day, day, store.decreed(), own)
    decreed = store.decreed().get(day)
    expected = own[day].working if day in own else rules.is_weekday(day) if decreed is None else decreed.working
    assert found.worked(day) is expected


@pytest.mark.parametrize(
    ("first", "last", "own", "years"),
    [
        ("2004-01-01", "2026-12-31", 0, None),
        ("2026-12-01", "2027-01-31", 0, "2027"),
        ("2026-12-01", "2029-01-31", 0, "2027–2029"),
        ("2003-12-31", "2004-01-01", 0, "2003"),
        ("2027-03-01", "2027-03-31", 6, "2027"),
        ("2027-02-01", "2027-02-28", 7, None),
        ("2027-03-01", "2027-03-31", 7, "2027-03–12"),
        ("2026-10-01", "2028-10-31", 7, "2028, 2027-03–12"),
        ("2003-01-01", "2028-10-31", 0, "2003, 2027–2028"),
    ],
)
def test_years_that_nobody_decreed_are_said(first: str, last: str, own: int, years: str | None) -> None:
    hand = {dt.date(2027, 2, 1 + place): Other(False, None, True) for place in range(own)}
    start, end = map(dt.date.fromisoformat, (first, last))
    remark = rules.calendar(start, end, store.decreed(), hand).remark
    assert remark == (
        None
        if years is None
        else f"the public holidays of {years} are not known: Monday to Friday are counted as worked. "
        "To load a year: channelctl calendar load FILE"
    )


@pytest.mark.parametrize(
    ("own", "span", "months"),
    [
        ("01-01 02-05 02-08 02-09 02-10 02-11 10-01", ("2027-01-01", "2027-12-31"), ()),
        ("01-01 02-05 02-08 02-09 02-10 02-11 09-30", ("2027-01-01", "2027-12-31"), ("2027-10–12",)),
        ("01-01 02-05 02-08 02-09 02-10 02-11 09-30", ("2026-01-01", "2027-09-30"), ()),
        ("01-01 02-05 02-08 02-09 02-10 02-11 09-30", ("2027-12-31", "2028-01-01"), ("2028", "2027-10–12")),
        ("02-28 05-01 05-03 10-01 10-04 10-05 10-06", ("2027-01-01", "2027-12-31"), ()),
        ("03-01 05-01 05-03 10-01 10-04 10-05 10-06", ("2027-02-01", "2027-12-31"), ("2027-01–02",)),
        ("04-05 04-06 05-01 05-03 05-04 05-05 05-06", ("2027-01-01", "2027-12-31"), ("2027-01–03", "2027-06–12")),
        ("04-05 04-06 05-01 05-03 05-04 05-05 05-06", ("2027-04-01", "2027-05-31"), ()),
        ("10-01 10-02 10-03 10-04 10-05 10-06 10-07", ("2027-06-01", "2027-12-31"), ("2027-01–09",)),
        ("10-01 10-02 10-03 10-04 10-05 10-06 10-07", ("2027-10-01", "2027-12-31"), ()),
        ("10-01 10-02 10-03 10-04 10-05 10-06", ("2027-10-01", "2027-12-31"), ("2027",)),
    ],
)
def test_a_year_set_by_hand_in_part_is_not_known_beyond_its_days(
    own: str, span: tuple[str, str], months: tuple[str, ...]
) -> None:
    hand = {dt.date.fromisoformat(f"2027-{day}"): Other(False, None, True) for day in own.split()}
    first, last = map(dt.date.fromisoformat, span)
    assert tuple(rules.calendar(first, last, store.decreed(), hand).unknown) == months


@pytest.mark.usefixtures("sample")
def test_a_day_set_by_hand_is_counted_shown_and_removed(ch: Run) -> None:
    assert ch("calendar", "add", "2024-05-18", "working=上班", "name=盘点").code == 0
    done = ch("calendar", "days", "--from", "2024-05-16", "--to", "2024-05-19")
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        "Work days · 2024-05-16 to 2024-05-19\n"
        "\n"
        "Otherwise than Monday to Friday\n"
        "Date         Weekday    Worked   Name   By\n"
        "───────────────────────────────────────────────────\n"
        "2024-05-18   Saturday   yes      盘点   set by hand\n"
        "\n"
        "Month     Days   Work days   Days off   Of them Monday to Friday   Weekend days worked\n"
        "──────────────────────────────────────────────────────────────────────────────────────\n"
        "2024-05      4           3          1                          0                     1\n"
        "\n"
        "3 of 4 days are worked\n"
        "set by hand: 1; to see them: channelctl calendar list\n"
    )
    assert ch("calendar", "set", "2024-05-18", "working=no").code == 0
    assert report(ch, "calendar", "days", "--month", "2024-05")["rows"][0]["work_days"] == 21
    assert ch("calendar", "remove", "2024-05-18").code == 0
    assert report(ch, "calendar", "list")["rows"] == []


@pytest.mark.usefixtures("sample")
def test_a_year_is_loaded_and_taken_back(ch: Run) -> None:
    feast = [(f"2028-01-{day}", "休息", "春节") for day in range(24, 31)] + [("2028-02-05", "调休", "")]
    feast.append(("2028-10-02", "休息", "国庆节"))
    path = sheet("2028", HEADINGS, feast)
    before = report(ch, "calendar", "days", "--year", "2028")
    assert before["notes"] and before["totals"]["work_days"] == 260
    done = ch("calendar", "load", path)
    assert (done.code, done.err, done.out.splitlines()[4]) == (0, "", "2028.csv   calendar days      9     9")
    after = holds_to_schema(ch, "calendar_days", "calendar", "days", "--year", "2028")
    # 24 to 28 January and 2 October are Monday to Friday, 29 and 30 January a weekend; 5 February is a Saturday.
    assert (after["notes"], after["totals"]["work_days"]) == ([], 260 - 6 + 1)
    assert ch("batch", "undo", report(ch, "batch", "list")["rows"][0]["batch"]).code == 0
    assert report(ch, "calendar", "days", "--year", "2028") == before


@pytest.mark.parametrize(
    ("word", "working"),
    [
        *((word, True) for word in ("上班", "工作日", "补班", "调休", "班", "是", "yes", "1")),
        *((word, False) for word in ("休息", "节假日", "放假", "公休", "休", "否", "no", "0")),
    ],
)
def test_the_words_for_a_day(ch: Run, word: str, working: bool) -> None:
    assert ch("import", sheet("days", HEADINGS, [("2027-02-08", word, "")])).code == 0
    assert [row["working"] for row in report(ch, "calendar", "list")["rows"]] == [working]


def test_a_day_needs_a_date_and_a_word_that_says_something(ch: Run) -> None:
    rows = [
        ("", "休息", "春节"),
        ("2027-02-08", "", "春节"),
        ("2027-02-09", "也许", "春节"),
        ("2027-02-32", "休息", ""),
    ]
    assert ch("calendar", "load", sheet("bad", HEADINGS, rows)).code == 3
    told = ch("import", "bad.csv", "--format", "json")
    assert told.code == 3
    assert [(one["row"], one["code"]) for one in told.data["problems"]] == [
        (2, "E201"), (3, "E201"), (4, "E206"), (5, "E202"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("headings", "kind"),
    [
        (HEADINGS, "calendar_day"),
        ("日期 工作日", "calendar_day"),
        ("date workday holiday", "calendar_day"),
        ("日期 名称", None),
        ("日期 客户 型号 数量 金额", "sales"),
    ],
)
def test_a_sheet_is_known_by_its_headings(headings: str, kind: str | None) -> None:
    found = recognise([headings.split()], {})
    assert (found.kind.name if hasattr(found, "kind") else None) == kind


@pytest.mark.usefixtures("sample")
def test_the_template_comes_back_and_so_does_the_export(ch: Run) -> None:
    assert ch("template", "calendar-day", "-o", "own.xlsx").code == 0
    empty = ch("calendar", "load", "own.xlsx")
    assert (empty.code, empty.out.splitlines()[-2].partition(";")[0]) == (
        3,
        "own.xlsx has headings but no rows below them",
    )
    assert ch("calendar", "add", "2027-02-08", "working=休息").code == 0
    assert ch("export", "calendar-day", "-o", "days.csv").code == 0
    again = report(ch, "import", "days.csv")["rows"][0]
    assert (again["new"], again["changed"], again["existing"]) == (0, 0, 1)


def test_a_span_of_two_kinds_is_refused(ch: Run) -> None:
    done = ch("calendar", "days", "--month", "2024-05", "--year", "2024")
    assert (done.code, done.out) == (2, "")
    assert done.err == "channelctl: error: --month and --year both name a period\nGive one of them.\n"
