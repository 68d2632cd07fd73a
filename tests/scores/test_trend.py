"""Scores month by month, and each month's change on the one before and on last year's."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event
from sqlalchemy.engine import Engine

from channelctl.systems.scores.rules import change_text
from channelctl.systems.scores.rules_trend import step
from tests.conftest import Run
from tests.making import holds_to_schema, policy, report, sheet
from tests.scores.months import PLAN, SALES, offices, plan, sold

D = Decimal
MONTHS = ("2023-05", "2024-03", "2024-05", "2024-04")
NETS = {
    "2023-05": {"K1": 80, "K2": 80, "K3": 100, "K5": 20},
    "2024-03": {"K1": 100, "K2": 100, "K3": 50},
    "2024-04": {"K1": 60, "K2": 60, "K3": 50, "K4": 50, "K5": 30},
    "2024-05": {"K1": 50, "K2": 50, "K3": 80, "K5": 90},
}


@pytest.fixture
def months(ch: Run) -> None:
    """Four months of three offices; nothing is planned in June."""
    assert ch("import", offices(), *(plan(month) for month in MONTHS)).code == 0
    assert ch("import", *(sold(month, NETS[month]) for month in MONTHS)).code == 0


@pytest.mark.usefixtures("months")
def test_an_office_month_by_month(ch: Run) -> None:
    done = ch("score", "trend", "--office", "杭州")
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        "cooperation rate by month · 杭州 · 2024-03 – 2024-05\n"
        "\n"
        "Month     Planned   Cooperation rate                      On month   Core quality   Rank   Offices   Closed\n"
        "───────────────────────────────────────────────────────────────────────────────────────────────────────────\n"
        "2024-03         2             100.0%   ████████████████                     50.0%      1         3   no\n"
        "2024-04         2              60.0%   █████████▋           ▼ 40.0          30.0%      1         3   no\n"
        "2024-05         2              50.0%   ████████             ▼ 10.0          25.0%      2         3   no\n"
        "\n"
        "All offices together in 2024-05: 54.0%\n"
    )


@pytest.mark.usefixtures("months")
def test_all_offices_have_the_months_across(ch: Run) -> None:
    done = ch("score", "trend", "--from", "2023-05", "--to", "2024-04")
    assert done.err == "no plan: 2023-06, 2023-07, 2023-08, 2023-09, 2023-10, 2023-11, 2023-12, 2024-01, 2024-02\n"
    assert done.out == (
        "cooperation rate by month · all offices · 2023-05 – 2024-04\n"
        "\n"
        "Code   Office        2023-05   2024-03   2024-04   Change\n"
        "─────────────────────────────────────────────────────────\n"
        "HZ     杭州            80.0%    100.0%     60.0%   ▼ 20.0\n"
        "NB     宁波            50.0%     25.0%     50.0%      0.0\n"
        "WX     无锡            20.0%      0.0%     30.0%   ▲ 10.0\n"
        "       all offices     56.0%     50.0%     50.0%    ▼ 6.0\n"
        "\n"
        "All offices together in 2024-04: 50.0%\n"
    )


@pytest.mark.usefixtures("months")
def test_every_month_of_a_trend_is_that_months_score(ch: Run) -> None:
    rows = report(ch, "score", "trend", "--from", "2023-05")["rows"]
    for month in MONTHS:
        scores = {row["office_code"]: row for row in report(ch, "score", "--month", month)["rows"]}
        told = {row["office_code"]: row for row in rows if row["month"] == month}
        assert set(told) == set(scores)
        for code, row in told.items():
            for name in ("planned", "cooperation_rate", "core_quality", "rank"):
                assert row[name] == scores[code][name]
            assert row["change"] == scores[code]["on_month"]
    holds_to_schema(ch, "score_trend", "score", "trend")


@pytest.mark.usefixtures("months")
def test_the_first_month_shown_is_compared_with_the_one_before(ch: Run) -> None:
    rows = report(ch, "score", "trend", "--office", "HZ", "--from", "2024-05")["rows"]
    assert [(row["month"], row["change"]) for row in rows] == [("2024-05", D("-0.1"))]


@pytest.mark.usefixtures("months")
def test_a_score_says_its_change_on_last_month_and_on_last_year(ch: Run) -> None:
    rows = {row["office"]: row for row in report(ch, "score", "--month", "2024-05")["rows"]}
    assert {office: (row["on_month"], row["on_year"]) for office, row in rows.items()} == {
        "杭州": (D("-0.1"), D("-0.3")),
        "宁波": (D("-0.1"), D("-0.1")),
        "无锡": (D("0.6"), D("0.7")),
    }
    march = report(ch, "score", "--month", "2024-03")["rows"]
    assert {(row["on_month"], row["on_year"]) for row in march} == {(None, None)}
    lines = ch("score", "--month", "2024-05").out.splitlines()
    assert next(line for line in lines if line.startswith("Code   Office")).split("   ")[-4:] == [
        "On month", "On year", "Core quality", "Rank",
    ]  # fmt: skip
    one = ch("score", "--month", "2024-05", "--office", "无锡").out.splitlines()
    assert one[-2] == "Cooperation rate on last month ▲ 60.0 points, on that month of last year ▲ 70.0 points"
    assert "On month" not in ch("score", "--month", "2024-03").out


@pytest.mark.usefixtures("months")
def test_an_office_that_was_not_planned_last_month_has_no_change(ch: Run) -> None:
    assert ch("plan", "remove", "2024-04", "无锡", "K5").code == 0
    rows = {row["office"]: row["on_month"] for row in report(ch, "score", "--month", "2024-05")["rows"]}
    assert rows == {"杭州": D("-0.1"), "宁波": D("-0.1"), "无锡": None}
    trend = report(ch, "score", "trend", "--office", "无锡")["rows"]
    assert [(row["month"], row["change"]) for row in trend] == [("2024-03", None), ("2024-05", None)]


@pytest.mark.usefixtures("months")
def test_a_day_cuts_the_trend(ch: Run) -> None:
    rows = report(ch, "score", "trend", "--office", "HZ", "--as-of", "2024-04-02")["rows"]
    assert [(row["month"], row["cooperation_rate"]) for row in rows] == [
        ("2023-05", D("0.8")),
        ("2024-03", 1),
        ("2024-04", 0),
    ]


@pytest.mark.usefixtures("months")
@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--from", "2024-05", "--to", "2024-03"], 2, "the last month (2024-03) lies before the first (2024-05)"),
        (["--from", "soon"], 2, "“soon” is not a month"),
        (["--office", "赣州"], 2, "no office “赣州”"),
        (["--from", "2022-01", "--to", "2022-12"], 3, "there is no plan for 2022-12, so there is no score"),
    ],
)
def test_what_has_no_trend(ch: Run, words: list[str], code: int, said: str) -> None:
    found = ch("score", "trend", *words)
    assert (found.code, found.out) == (code, "")
    assert said in found.err


def test_without_a_plan_there_is_no_trend(ch: Run) -> None:
    assert ch("import", offices()).code == 0
    found = ch("score", "trend")
    assert (found.code, found.out) == (3, "")
    assert "there is no plan yet, so there is no score" in found.err


@pytest.mark.parametrize("count", [3, 40])
def test_the_sales_are_summed_by_one_query_however_many_offices_there_are(ch: Run, count: int) -> None:
    many = {f"办{n}": (f"K{n}", f"L{n}") for n in range(count)}
    sales = sheet("s", SALES, [("2024-05-03", "S1", 1, "K1", "客户K1", "办1", 9)])
    assert ch("import", plan("2024-05", many), sales).code == 0
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        assert ch("score", "--month", "2024-05").code == 0
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert len([one for one in asked if "sale_line" in one and "GROUP BY" in one]) == 1
    assert len(asked) < 25, "no query for each office"


# --- markets ---------------------------------------------------------------------------------------------------------


def test_coverage_counts_every_customer_of_a_level_once(ch: Run) -> None:
    levels = {"K1": "T1", "K2": "T2", "K3": "T1", "K4": "T4", "K5": "T9", "K6": "T1", "K7": "", "K8": "T1"}
    gone = {"K3": "2024-05-31", "K8": "2024-05-31"}
    customers = sheet(
        "customers",
        "客户编码 客户名称 办事处 市场级别 停用日期",
        [(code, f"客户{code}", "杭州", level, gone.get(code, "")) for code, level in levels.items()],
    )
    twice = sheet("twice", PLAN, [("2024-05", "宁波", "K1", "客户K1", "V1", "", 100)])
    assert ch("import", offices(), customers, plan("2024-05"), twice, sold("2024-05", NETS["2024-05"])).code == 0
    done = ch("score", "--month", "2024-05")
    assert done.err == "1 customer is of a market level that the policy does not know: T9\n"
    assert "Markets T1, T2, T3: 3 of 4 customers planned, 3 buying (75.0%)\n" in done.out
    found = report(ch, "score", "--month", "2024-05")["levels"]
    assert [(row["level"], row["planned"], row["customers"], row["buying"], row["known"]) for row in found] == [
        ("T1", 2, 3, 2, True),
        ("T2", 1, 1, 1, True),
        ("T4", 1, 1, 0, True),
        ("T9", 1, 1, 1, False),
        (None, 0, 1, 0, False),
    ]
    one = report(ch, "score", "--month", "2024-05", "--office", "宁波")["levels"]
    assert [(row["level"], row["planned"], row["customers"], row["buying"]) for row in one] == [
        ("T1", 2, 2, 1),
        ("T4", 1, 1, 0),
    ]
    policy('[scores]\ncovered = ["T1"]\n')
    assert "Markets T1: 2 of 3 customers planned, 2 buying (66.7%)\n" in ch("score", "--month", "2024-05").out


# --- small rules -----------------------------------------------------------------------------------------------------


@given(st.integers(1901, 9000), st.integers(1, 12), st.integers(-24, 24))
def test_steps_of_months_go_there_and_back(year: int, month: int, by: int) -> None:
    here = f"{year}-{month:02d}"
    there = step(here, by)
    assert step(there, -by) == here
    assert (there > here) == (by > 0)


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (None, ""),
        ("0", "0.0"),
        ("0.0004", "0.0"),
        ("-0.0004", "0.0"),
        ("0.0005", "▲ 0.1"),
        ("-0.0005", "▼ 0.1"),
        ("0.125", "▲ 12.5"),
    ],
)
def test_a_change_reads_in_points(change: str | None, text: str) -> None:
    assert change_text(None if change is None else D(change)) == text
