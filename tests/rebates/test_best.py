"""Of several policies only the best pays: also where they are counted over windows of unequal length."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelctl.period import Period
from channelctl.systems.rebates.rules import Base, Breakpoint, Earned, Rule
from channelctl.systems.rebates.rules_taking import best_only, node
from tests.conftest import Run
from tests.making import report, sheet
from tests.rebates.ledger import balance, settle, sold, take

D = Decimal
HEADS = "政策 返利类型 开始日期 结束日期 周期 计量 返利方式 达量门槛 返利 型号 叠加"
YEAR = ("2024-01-01", "2024-12-31")
MONTHLY = ("MM", "达量返利", *YEAR, "月", "台数", "元/台", "", "5", "", "取高")
QUARTERLY = ("QM", "达量返利", *YEAR, "季", "净额", "百分比", "", "1", "", "取高")
LEAP = ("QM", "达量返利", *YEAR, "季", "台数", "元/台", "0/90", "1/20", "", "取高")
SALES = [(f"2024-0{month}-02", f"S{month}", "C1", 30) for month in (1, 2, 3)]
MONTHS = [Period.month(f"2024-{month:02d}") for month in range(1, 7)]
QUARTERS = [Period.quarter("2024-Q1"), Period.quarter("2024-Q2")]


def policies(*rows: Sequence[object], name: str = "policies") -> Any:
    return sheet(name, HEADS, rows)


def told(ch: Run, month: str) -> dict[str, Decimal]:
    rows = report(ch, "rebate", "accrue", "--month", month)["rows"]
    return {row["policy"]: row["due"] for row in rows}


@pytest.mark.parametrize(
    ("quarterly", "balances", "march"),
    [
        (QUARTERLY, [D(300), D(600), D(900)], {"MM": D(0), "QM": D(900)}),
        (("QM", *QUARTERLY[1:8], "0.4%", "", "取高"), [D(150), D(300), D(450)], {"MM": D(150), "QM": D(0)}),
        (LEAP, [D(150), D(300), D(1800)], {"MM": D(0), "QM": D(1800)}),
    ],
)
def test_the_months_of_a_quarter_together_are_held_against_it(
    ch: Run, quarterly: Sequence[object], balances: list[Decimal], march: dict[str, Decimal]
) -> None:
    take(ch, policies(MONTHLY, quarterly), sold("sales", *SALES))
    found = []
    for month in ("2024-01", "2024-02", "2024-03"):
        settle(ch, month)
        found.append(balance(ch, "C1")["closing"])
    assert (found, told(ch, "2024-03")) == (balances, march)


def test_a_policy_that_gave_way_says_on_the_statement_which_pays(ch: Run) -> None:
    take(ch, policies(MONTHLY, QUARTERLY), sold("sales", *SALES[:1]))
    settle(ch, "2024-01")
    rows = report(ch, "rebate", "statement", "C1")["rows"]
    assert {(row["policy"], row["bracket"], row["entitlement"]) for row in rows} == {
        ("MM", "5 yuan a unit, policy QM pays instead", 0),
        ("QM", "1%", 300),
    }


def test_lint_names_windows_of_unequal_length(ch: Run) -> None:
    other = ("XX", *MONTHLY[1:9], "", "取高")
    take(ch, policies(MONTHLY, QUARTERLY, other), sold("sales", *SALES[:1]))
    found = [row for row in report(ch, "rebate", "policy", "lint")["rows"] if row["check"] == "meeting"]
    assert [(row["policy"], row["said"].partition(":")[0]) for row in found] == [
        ("MM", "policy QM is counted by another window (quarter, here month)"),
        ("QM", "policy XX is counted by another window (month, here quarter)"),
    ]


def test_what_reaching_a_break_point_of_a_month_adds_to_the_quarter(ch: Run) -> None:
    month = ("MM", *MONTHLY[1:7], "0/100", "5/90", "", "取高")
    quarter = ("QM", *LEAP[1:7], "", "10", "", "取高")
    take(ch, policies(month, quarter), sold("sales", *SALES))
    rows = report(ch, "rebate", "gap", "--as-of", "2024-03-20")["rows"]
    # January and February 150 each, March 9,000: 9,300 instead of the quarter's 900.
    assert [(row["policy"], row["worth"]) for row in rows] == [("MM", 8400)]


def earned(policy: str, window: Period, pays: int) -> Earned:
    """What a policy of which only the best pays has earned in a window."""
    rule = Rule(
        *(policy, "1", "1", policy, "volume", dt.date(2024, 1, 1), None, "month", "quantity", "all_units", "per_unit"),
        (Breakpoint(D(0), D(1)),),
        meeting="best",
    )
    return Earned(rule, window, 1, "C1", "店", Base(D(pays)), D(pays))


figures = st.integers(0, 400)


@given(st.lists(figures, min_size=6, max_size=6), st.lists(figures, min_size=2, max_size=2), st.sets(st.integers(0, 5)))
def test_a_pair_pays_no_less_than_either_alone_over_the_longer_window(
    months: list[int], quarters: list[int], met: set[int]
) -> None:
    rows = [earned("M", window, pays) for window, pays in zip(MONTHS, months, strict=True)]
    rows += [earned("Q", window, pays) for window, pays in zip(QUARTERS, quarters, strict=True)]
    pairs = {(node("M", MONTHS[place]), node("Q", QUARTERS[place // 3])) for place in met}
    found = best_only(rows, {1: pairs})
    for number, quarter in enumerate(QUARTERS):
        own = [row for row in found if row.window.start >= quarter.start and row.window.end <= quarter.end]
        alone = {name: sum(row.entitlement for row in own if row.rule.policy == name) for name in ("M", "Q")}
        free = sum(months[place] for place in range(number * 3, number * 3 + 3) if place not in met)
        paid = sum(row.due for row in own)
        assert paid == free + max(alone["M"] - free, alone["Q"])
        assert paid >= max(alone.values())
        for row in own:
            assert not row.instead or row.entitlement <= row.rival


@given(st.lists(figures, min_size=2, max_size=4), st.data())
def test_over_equal_windows_the_largest_pays_and_of_two_that_meet_never_both(pays: list[int], data: Any) -> None:
    rows = [earned(f"P{number}", MONTHS[0], one) for number, one in enumerate(pays)]
    every = list(combinations([node(row.rule.policy, row.window) for row in rows], 2))
    pairs = data.draw(st.sets(st.sampled_from(every)))
    found = {row.rule.policy: row for row in best_only(rows, {1: pairs})}
    for one, other in pairs:
        assert not (found[one[0]].due and found[other[0]].due)
    lost = {name: row.instead for name, row in found.items() if row.instead}
    for name, better in lost.items():
        assert found[better].due >= found[name].entitlement
        assert any({name, better} == {one[0], other[0]} for one, other in pairs)
    best = max(found.values(), key=lambda row: row.entitlement)
    assert best.entitlement in {row.due for row in found.values()}
