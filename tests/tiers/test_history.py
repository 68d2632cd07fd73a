"""Tiers set by hand and what is told of a customer's tiers."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelctl.systems.tiers.rules_history import Grade, Mark, grade_on, mark_on, told
from channelctl.systems.tiers.rules_history import Run as TierRun
from tests.conftest import Run
from tests.making import holds_to_schema, report, sheet
from tests.tables import contents
from tests.tiers.made import month, region

SET = ("tier", "set", "K3", "A", "--reason", "框架协议", "--until", "2024-12-31")


@pytest.fixture
def applied(ch: Run) -> None:
    """Two months with sales, each applied."""
    assert ch("import", region()).code == 0
    for when, nets in (("2024-04", {"K1": 70, "K2": 20, "K3": 10}), ("2024-05", {"K1": 70, "K3": 30})):
        assert ch("import", month(when, nets)).code == 0
        assert ch("tier", "--month", when, "--apply").code == 0


def in_force(ch: Run, code: str, *more: str) -> str | None:
    found: str | None = report(ch, "tier", "history", code, *more)["params"]["in_force"]
    return found


@pytest.mark.usefixtures("applied")
def test_the_history_tells_every_run_and_mark_by_date(ch: Run) -> None:
    assert ch("tier", "set", "K2", "b", "--reason", "新店开业", "--until", "2024-12-31").code == 0
    found = ch("tier", "history", "五星")
    assert (found.code, found.err) == (0, "")
    assert found.out == (
        "tiers of a customer · K2 五星\n"
        "\n"
        "Date         Event         Method   From         Net sales, CNY   Cut of A   Cut of B   Computed   In force"
        "   Why           Note       Until        Batch\n"
        "─────────────────────────────────────────────────────────────────────────────────────────────────────────"
        "────────────────────────────────────────────────\n"
        "2024-04-30   run           abc      2024-04-01            20.00      80.0%      95.0%   A          A       "
        "                                             3\n"
        "2024-05-31   run           abc      2024-05-01             0.00      80.0%      95.0%   C          C       "
        "   no sales                                  5\n"
        "2024-06-03   set by hand                                                                C          B       "
        "   set by hand   新店开业   2024-12-31       6\n"
        "\n"
        "K2 is B on 2024-06-03: set by hand until 2024-12-31, 新店开业; computed: C\n"
    )
    holds_to_schema(ch, "tier_history", "tier", "history", "K2")


@pytest.mark.usefixtures("applied")
def test_a_tier_set_by_hand_stands_beside_the_computed_one(ch: Run) -> None:
    plain = report(ch, "tier", "--month", "2024-04")
    assert {row["set_tier"] for row in plain["rows"]} == {None}
    assert "Set by hand" not in ch("tier", "--month", "2024-04").out
    assert ch(*SET).code == 0
    beside = report(ch, "tier", "--month", "2024-04")
    assert [(row["customer_code"], row["tier"], row["set_tier"]) for row in beside["rows"]] == [
        ("K1", "A", None),
        ("K2", "A", None),
        ("K3", "B", "A"),
    ]
    assert beside["tiers"] == plain["tiers"], "what is set by hand changes no figure"
    found = ch("tier", "--month", "2024-04")
    assert found.out.splitlines()[8].endswith("Tier   Reason   Set by hand")
    assert (
        "1 customer has a tier set by hand; here it stands beside the computed one and changes no figure" in found.err
    )
    assert "Set by hand" not in ch("tier", "--month", "2024-04", "--as-of", "2024-04-30").out


@pytest.mark.usefixtures("applied")
@pytest.mark.parametrize("since_until", [("2024-05-01", "2024-05-31"), ("2024-06-03", "2024-06-03")])
def test_an_expired_one_holds_no_more_and_is_no_floor(since_until: tuple[str, str], ch: Run) -> None:
    """Defect 9 of known systems: a tier set by hand that stays for ever."""
    since, until = since_until
    words = ("tier", "set", "K2", "A", "--reason", "试点", "--since", since, "--until", until)
    assert ch(*words).code == 0
    assert [in_force(ch, "K2", "--as-of", day) for day in (since, until)] == ["A", "A"]
    after = (dt.date.fromisoformat(until) + dt.timedelta(days=1)).isoformat()
    assert in_force(ch, "K2", "--as-of", after) == "C"
    assert ch("import", month("2024-06", {"K1": 100, "K2": 1})).code == 0
    assert ch("tier", "--month", "2024-06", "--apply").code == 0
    assert in_force(ch, "K2", "--as-of", "2024-06-30") == "C"


@pytest.mark.usefixtures("applied")
def test_of_two_that_hold_the_later_one_counts_and_the_same_day_is_changed(ch: Run) -> None:
    assert ch(*SET, "--since", "2024-05-01").code == 0
    assert ch("tier", "set", "K3", "C", "--reason", "欠款", "--until", "2024-06-10").code == 0
    assert [in_force(ch, "K3", "--as-of", day) for day in ("2024-06-02", "2024-06-10", "2024-06-11")] == ["A", "C", "A"]
    changed = ch("tier", "set", "K3", "B", "--reason", "欠款", "--until", "2024-06-10")
    assert changed.out.splitlines()[0] == "K3 国美 · B by hand from 2024-06-03 to 2024-06-10"
    assert [row["tier"] for row in report(ch, "tier", "mark", "list")["rows"]] == ["A", "B"]
    same = ch("tier", "set", "K3", "B", "--reason", "欠款", "--until", "2024-06-10")
    assert same.out.splitlines()[0].endswith(" · nothing to change: it is so already")
    assert report(ch, "batch", "list")["rows"][0]["command"] == "tier mark set"
    assert ch("batch", "undo", 8).code == 0
    assert in_force(ch, "K3") == "C"


@pytest.mark.usefixtures("applied")
def test_one_that_is_over_already_is_said(ch: Run) -> None:
    found = ch("tier", "set", "K3", "A", "--reason", "补记", "--since", "2024-01-01", "--until", "2024-03-31")
    assert (found.code, found.err) == (0, "it ended before today (2024-03-31): it holds no more\n")


@pytest.mark.usefixtures("applied")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["K3", "A", "--until", "2024-12-31"], "--reason TEXT is missing"),
        (["K3", "A", "--reason", "框架"], "--until DAY is missing"),
        (["K3", "A", "--reason", "  ", "--until", "2024-12-31"], "Reason is blank"),
        (["K3", "D", "--reason", "框架", "--until", "2024-12-31"], "“D” is not a tier: A, B or C"),
        (
            ["K3", "A", "--reason", "框架", "--until", "2024-06-02"],
            "it ends (2024-06-02) before it begins (2024-06-03)\nWithout --since it begins today. "
            "For a past period: --since 2024-05-01\n",
        ),
        (["K3", "A", "--reason", "框架", "--until", "soon"], "“soon” is not a date"),
        (["K9", "A", "--reason", "框架", "--until", "2024-12-31"], "no customer “K9”"),
    ],
)
def test_what_cannot_be_set_is_refused(words: list[str], said: str, ch: Run, tmp_path: Path) -> None:
    before = contents(tmp_path / "channel.db")
    found = ch("tier", "set", *words)
    assert (found.code, found.out) == (2, "")
    assert said in found.err
    assert contents(tmp_path / "channel.db") == before


@pytest.mark.usefixtures("applied")
def test_a_sheet_of_them_is_read_checked_exported_and_changes_nothing_again(ch: Run, tmp_path: Path) -> None:
    path = sheet(
        "手工等级",
        "客户编码 客户名称 手工等级 原因 生效日期 有效期至",
        [
            ("K1", "恒达", "Ａ级", "框架协议", "2024-06-01", "2024-12-31"),
            ("K2", "五星", "D", "写错", "2024-06-01", "2024-12-31"),
            ("K3", "国美", "c", "倒着写", "2024-06-01", "2024-05-31"),
            ("K4", "联众", "b", "", "2024-06-01", "2024-12-31"),
        ],
    )
    found = ch("import", path, "--partial")
    assert found.code == 1
    for said in ("E211  手工等级: “D” is not a tier", "E315", "E201"):
        assert said in found.out
    assert ch("export", "tier-mark", "-o", "again.csv").code == 0
    assert "K1,恒达,A,框架协议,2024-06-01,2024-12-31" in Path("again.csv").read_text("utf-8-sig")
    before = contents(tmp_path / "channel.db")
    again = report(ch, "import", "again.csv")["rows"][0]
    assert (again["kind"], again["new"], again["changed"]) == ("tier_mark", 0, 0)
    assert contents(tmp_path / "channel.db") == before


@pytest.mark.usefixtures("applied")
def test_single_fields_can_be_changed_and_one_can_be_removed(ch: Run) -> None:
    assert ch(*SET).code == 0
    assert ch("tier", "mark", "set", "K3", "2024-06-03", "tier=b").code == 0
    assert in_force(ch, "K3") == "B"
    assert ch("tier", "mark", "set", "K3", "2024-06-03", "reason=").code == 2
    assert ch("tier", "mark", "remove", "K3", "2024-06-03").code == 0
    assert in_force(ch, "K3") == "A"


@pytest.mark.usefixtures("applied")
def test_a_merged_customer_keeps_the_history_of_both(ch: Run) -> None:
    assert ch("tier", "set", "K2", "B", "--reason", "试点", "--until", "2024-12-31").code == 0
    assert ch("customer", "merge", "K2", "K1").code == 0
    found = report(ch, "tier", "history", "K1")
    assert [(row["date"], row["customer_code"], row["computed"]) for row in found["rows"]] == [
        ("2024-04-30", "K1", "A"),
        ("2024-04-30", "K2", "A"),
        ("2024-05-31", "K1", "A"),
        ("2024-05-31", "K2", "C"),
        ("2024-06-03", "K1", "A"),
    ]
    assert found["params"]["in_force"] == "B", "what was set by hand goes with it"
    assert ch("tier", "mark", "remove", "K1", "2024-06-03").code == 0
    assert in_force(ch, "K1") == in_force(ch, "K2") == "A"
    assert "Code" in ch("tier", "history", "K1").out.splitlines()[2]


@pytest.mark.usefixtures("applied")
def test_an_erased_customer_leaves_no_name_behind(ch: Run, tmp_path: Path) -> None:
    assert ch("erase", "customer", "K2", "--yes").code == 0
    assert "五星" not in str({name: rows for name, rows in contents(tmp_path / "channel.db").items() if "tier" in name})
    assert [row["computed"] for row in report(ch, "tier", "history", "K2")["rows"]] == ["A", "C"]


def test_without_a_run_nobody_has_a_tier(ch: Run) -> None:
    assert ch("import", region()).code == 0
    found = ch("tier", "history", "K1")
    assert (found.code, found.out) == (
        0,
        "tiers of a customer · K1 恒达\n\nK1 has no tier on 2024-06-03: channelctl tier --apply gives everybody one\n",
    )


DAYS = st.integers(0, 40).map(lambda days: dt.date(2024, 1, 1) + dt.timedelta(days=days))
MARKS = st.lists(st.tuples(DAYS, st.integers(0, 10), st.sampled_from("ABC")), max_size=6, unique_by=lambda one: one[0])
RUNS = st.lists(st.tuples(DAYS, st.sampled_from("ABC"), st.sampled_from("ABC")), max_size=6)


@given(MARKS, RUNS)
def test_what_is_told_in_force_is_what_held_on_that_day(given: list[Any], runs: list[Any]) -> None:
    marks = [Mark("K1", tier, "", day, day + dt.timedelta(days=days), 1) for day, days, tier in given]
    grades = [
        Grade(TierRun(number, number, "abc", day, day, "{}", "{}", None), "K1", tier, computed, 0, None)  # type: ignore[arg-type]
        for number, (day, tier, computed) in enumerate(runs, 1)
    ]
    rows = told(grades, marks)
    assert [row.date for row in rows] == sorted(row.date for row in rows)
    assert len(rows) == len(marks) + len(grades)
    for row in rows:
        mark = mark_on(marks, row.date)
        if row.event == "mark":
            assert mark is not None and row.in_force == mark.tier
        elif mark is None:
            assert row.in_force == grades[row.batch - 1].tier
    for mark in marks:
        after = mark.until + dt.timedelta(days=1)
        assert mark_on([mark], mark.until) is mark and mark_on([mark], after) is None
        last = grade_on(grades, after)
        assert last is None or last.run.last_day <= after
