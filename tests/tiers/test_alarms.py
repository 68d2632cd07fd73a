"""Customers to look after."""

import datetime as dt
from decimal import Decimal

import pytest

from channelctl import i18n
from channelctl.columns import columns
from channelctl.period import Period
from channelctl.report import Report, table
from channelctl.systems.tiers.rules_alarms import (
    AlarmPolicy,
    AlarmRow,
    RepAlarms,
    Watched,
    alarm_text,
    fallen,
    last_text,
    quiet,
    shrunk,
    span_before,
    with_last,
)
from tests.conftest import Run
from tests.making import holds_to_schema, policy, report, sheet
from tests.tiers.made import month, region

D = Decimal
WORDS = ("tier", "alarms", "--month", "2024-05")


@pytest.fixture
def filled(ch: Run) -> None:
    """K1 falls, K2 buys exactly 30 % less, K3 a little less than that, K4 nothing since March."""
    assert ch("import", region()).code == 0
    assert ch("import", month("2024-03", {"K4": 5})).code == 0
    assert ch("import", month("2024-04", {"K1": 200, "K2": 100, "K3": 10})).code == 0
    assert ch("import", month("2024-05", {"K1": 7, "K2": 70, "K3": "7.01"})).code == 0


def told(ch: Run, *more: str) -> list[tuple[str, str, str]]:
    rows = report(ch, *WORDS, *more)["rows"]
    return [(row["rep"], row["customer_code"], row["alarm"]) for row in rows]


@pytest.mark.usefixtures("filled")
def test_alarms_are_listed_rep_by_rep_and_are_findings(ch: Run) -> None:
    for when in ("2024-04", "2024-05"):
        assert ch("tier", "--month", when, "--apply").code == 0
    found = ch(*WORDS)
    assert (found.code, found.err) == (1, "")
    assert found.out == (
        "alarms · to 2024-05-31\n"
        "\n"
        "Rep    Code   Customer   Alarm                 Tier   Net before, CNY   Net sales, CNY   Last bought\n"
        "────────────────────────────────────────────────────────────────────────────────────────────────────\n"
        "王伟   K1     恒达       fell from A to B      B               200.00             7.00   2024-05-10\n"
        "王伟   K1     恒达       sales fell by 96.5%   B               200.00             7.00   2024-05-10\n"
        "王伟   K2     五星       sales fell by 30.0%   A               100.00            70.00   2024-05-10\n"
        "\n"
        "fell a tier: 1, from the run to 2024-04-30 to the run to 2024-05-31\n"
        "sales down by 30.0% or more: 2, 2024-05-01 to 2024-05-31 against 2024-04-01 to 2024-04-30\n"
        "silent for 30 days (A), 60 (B), 90 (C) or more: 0\n"
        "3 alarms about 2 of 4 customers on file.\n"
    )


@pytest.mark.usefixtures("filled")
def test_every_sort_can_be_had_for_a_rep_and_an_office(ch: Run) -> None:
    assert told(ch) == [("王伟", "K1", "down"), ("王伟", "K2", "down")]
    policy("[tiers.alarms]\nsilent_days = [30, 60, 60]\n")
    assert told(ch) == [("王伟", "K1", "down"), ("王伟", "K2", "down"), ("李敏", "K4", "silent")]
    assert told(ch, "--rep", "李敏") == told(ch, "--office", "宁波") == [("李敏", "K4", "silent")]
    assert told(ch, "--office", "宁波", "--rep", "王伟") == []
    holds_to_schema(ch, "tier_alarms", *WORDS)


@pytest.mark.usefixtures("filled")
def test_silence_is_told_in_days_and_who_never_bought_by_that_word(ch: Run) -> None:
    policy("[tiers.alarms]\nsilent_days = [30, 60, 60]\n")
    (line,) = (line for line in ch(*WORDS).out.splitlines() if " K4 " in line)
    assert [cell.strip() for cell in line.split("   ") if cell.strip()][3:] == ["silent for 82 days", "C", "2024-03-10"]
    assert ch("import", sheet("new", "客户编码 客户名称 办事处", [("K5", "新店", "杭州")])).code == 0
    for when, tier in (("2024-04", "A"), ("2024-05", "C")):
        assert ch("tier", "--month", when, "--apply").code == 0
        words = ("--since", f"{when}-01", "--until", f"{when}-28", "--reason", "x")
        assert ch("tier", "set", "K5", tier, *words).code == 0
    rows = {(row["customer_code"], row["alarm"]): row for row in report(ch, *WORDS)["rows"]}
    assert rows["K4", "silent"]["days"] == 82
    assert rows["K1", "fell"]["last_sale"] == "2024-05-10"
    assert rows["K1", "fell"]["days"] == 21
    assert ("K5", "silent") not in rows


def test_a_blank_last_purchase_is_never() -> None:
    assert last_text(None) == "never"
    assert last_text(DAY) == "2024-05-31"
    row = AlarmRow(None, None, None, "K3", "国美", "fell", "A", "C", D(1), D(0), D(-1), None, None)
    assert with_last([row], {"K1": DAY}, DAY) == [row]
    assert with_last([row], {"K3": DAY - dt.timedelta(3)}, DAY)[0][11:13] == (DAY - dt.timedelta(3), 3)
    shown = table.body(Report("tier_alarms", AlarmRow, [row], ""), table.Page())
    assert shown.splitlines()[2].split()[-1] == "never"


@pytest.mark.usefixtures("filled")
def test_without_alarms_there_is_nothing_to_find(ch: Run) -> None:
    policy('[tiers.alarms]\ndrop = "1"\nsilent_days = [400, 400, 400]\n')
    found = ch(*WORDS)
    assert (found.code, found.out.splitlines()[-1]) == (0, "0 alarms about 0 of 4 customers on file.")
    assert found.err == "falls need two runs of one method: channelctl tier --apply\n"


@pytest.mark.usefixtures("filled")
def test_a_closed_customer_is_watched_no_more(ch: Run) -> None:
    assert ch("customer", "set", "K1", "closed_on=2024-05-05").code == 0
    assert told(ch) == [("王伟", "K2", "down")]


@pytest.mark.usefixtures("filled")
def test_a_tier_set_by_hand_decides_how_long_is_too_long(ch: Run) -> None:
    assert ("李敏", "K4", "silent") not in told(ch)
    words = ("--reason", "重点培育", "--since", "2024-05-01", "--until", "2024-05-31")
    assert ch("tier", "set", "K4", "A", *words).code == 0
    assert ("李敏", "K4", "silent") in told(ch)


@pytest.mark.usefixtures("filled")
def test_the_default_is_the_last_days_against_those_before(ch: Run) -> None:
    found = report(ch, "tier", "alarms")
    spans = [found["params"][name] for name in ("before_from", "before_to", "from", "to")]
    assert spans == ["2023-11-13", "2024-02-10", "2024-02-11", "2024-05-10"]
    assert "sales begin on 2024-03-10: the span before (2023-11-13 to 2024-02-10) is not whole" in found["notes"]


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ('drop = "0"', "0 is not above 0"),
        ("days = 0", "0 is below 1"),
        ("silent_days = [30, 60]", "silent_days"),
        ("silence = 3", "silence"),
    ],
)
def test_an_impossible_policy_is_refused(setting: str, said: str, ch: Run) -> None:
    assert ch("init").code == 0
    policy(f"[tiers.alarms]\n{setting}\n")
    found = ch("tier", "alarms")
    assert (found.code, found.out) == (3, "")
    assert said in found.err


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2024-05-01", "2024-05-31", ("2024-04-01", "2024-04-30")),
        ("2024-03-01", "2024-03-31", ("2024-02-01", "2024-02-29")),
        ("2024-01-01", "2024-03-31", ("2023-10-01", "2023-12-31")),
        ("2024-01-01", "2024-12-31", ("2023-01-01", "2023-12-31")),
        ("2024-05-01", "2024-05-20", ("2024-04-11", "2024-04-30")),
        ("2024-05-02", "2024-05-31", ("2024-04-02", "2024-05-01")),
        ("2024-05-07", "2024-05-07", ("2024-05-06", "2024-05-06")),
    ],
)
def test_the_span_before_is_of_the_same_length(start: str, end: str, expected: tuple[str, str]) -> None:
    found = span_before(Period.between(dt.date.fromisoformat(start), dt.date.fromisoformat(end)))
    assert (found.start.isoformat(), found.end.isoformat()) == expected


ONE = Watched("K1", "甲", None, None, None, "B")
DAY = dt.date(2024, 5, 31)


@pytest.mark.parametrize(
    ("before", "now", "change"),
    [
        ("100", "70", "-0.3"),
        ("100", "70.0001", None),
        ("0.0003", "0.0002", "-0.333333333333"),
        ("100", "-20", "-1.2"),
        ("100", None, "-1"),
        ("0", "-5", None),
        ("-10", "-50", None),
    ],
)
def test_sales_are_down_by_the_policys_part_or_more(before: str, now: str | None, change: str | None) -> None:
    rows = shrunk([ONE], {"K1": D(before)}, {"K1": D(now)} if now else {}, AlarmPolicy())
    assert [row.change for row in rows] == ([D(change)] if change else [])


@pytest.mark.parametrize(
    ("tier", "days", "alarm"), [("A", 29, 0), ("A", 30, 1), ("B", 59, 0), ("B", 60, 1), ("C", 89, 0), ("C", 90, 1)]
)
def test_silence_is_judged_by_the_tier(tier: str, days: int, alarm: int) -> None:
    last = {"K1": DAY - dt.timedelta(days=days)}
    assert [row.days for row in quiet([ONE._replace(tier=tier)], last, DAY, AlarmPolicy())] == [days] * alarm
    assert quiet([ONE], {}, DAY, AlarmPolicy()) == []


@pytest.mark.parametrize(
    ("was", "tier", "alarm"), [("A", "B", 1), ("A", "C", 1), ("B", "C", 1), ("B", "B", 0), ("C", "A", 0)]
)
def test_a_fall_is_a_worse_tier_in_the_later_run(was: str, tier: str, alarm: int) -> None:
    rows = fallen([ONE], {"K1": (was, D(10))}, {"K1": (tier, D(5))})
    assert [(row.was, row.tier, row.change) for row in rows] == [(was, tier, D("-0.5"))] * alarm
    assert fallen([ONE], {}, {"K1": ("C", D(0))}) == []


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("alarm", ["fell", "down", "silent"])
def test_an_alarm_is_called_the_same_in_the_list_and_in_the_count(alarm: str, language: str) -> None:
    with i18n.speaking(language):
        assert columns(RepAlarms)[alarm].label.lower() == alarm_text(alarm)
