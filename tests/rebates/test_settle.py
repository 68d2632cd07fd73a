"""Settling: entitlement less what was settled before, month after month, and nothing of it twice."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelctl.errors import RefusedError
from channelctl.period import Period
from channelctl.systems.rebates.rules import (
    ALL_UNITS,
    AMOUNT,
    FIXED,
    PER_UNIT,
    PERCENT,
    QUANTITY,
    STEPPED,
    Base,
    Breakpoint,
    Rule,
    entitlement,
)
from channelctl.systems.rebates.rules_settle import (
    Account,
    Done,
    Due,
    Kept,
    Key,
    Line,
    is_nothing,
    lines,
    turn,
)
from channelctl.systems.rebates.rules_statement import OPENING, PAYABLE, StatementRow, bracket_words, summary
from channelctl.systems.rebates.rules_windows import window_key, window_words

D = Decimal
DAY = dt.date.fromisoformat
YEAR = (DAY("2024-01-01"), DAY("2024-12-31"))


def rule(points: Sequence[tuple[object, object]], basis: str = QUANTITY, unit: str = PER_UNIT, **more: object) -> Rule:
    found = tuple(Breakpoint(D(str(at)), D(str(rate))) for at, rate in points)
    base = {"method": ALL_UNITS, "window": "month", "name": "政策", "type_": "volume", **more}
    return Rule("P", "1", "1", valid_from=YEAR[0], last_day=YEAR[1], basis=basis, unit=unit, breakpoints=found, **base)  # type: ignore[arg-type]


SAMPLE = rule([(400, 20), (1000, 80)])
SAP = rule([(5000, "0.02"), (25000, "0.04")], AMOUNT, PERCENT, window="quarter")


def window(month: str) -> str:
    return window_key(Period.quarter(month) if "Q" in month else Period.month(month))


def due(one: Rule, span: str, base: object) -> Due:
    figure = D(str(base))
    whole = Base(quantity=figure) if one.basis == QUANTITY else Base(amount=figure)
    return Due(Key("C1", one.policy, one.rule, window(span)), one.version, figure, entitlement(one, whole))


class Ledger:
    """Settlements one after another, as the database keeps them."""

    def __init__(self) -> None:
        self.settled: dict[Key, Kept] = {}
        self.done: list[Done] = []

    def settle(self, month: str, dues: Sequence[Due], as_of: str = "2030-01-01") -> list[Line]:
        now = turn(Period.month(month), DAY(as_of), self.done)
        found = lines(dues, self.settled, now)
        for line in found:
            before = self.settled.get(line.key, Kept("", D(0))).amount
            self.settled[line.key] = Kept(line.version, before + line.amount)
        self.done.append(Done(now.month, now.through, now.final, len(self.done) + 1))
        return found

    @property
    def sum(self) -> Decimal:
        return sum((one.amount for one in self.settled.values()), D(0))


def test_interim_settlements_of_a_quarter_as_published() -> None:
    ledger = Ledger()
    amounts = []
    for month, base in (("2024-10", 3000), ("2024-11", 7000), ("2024-12", 27000)):
        (line,) = ledger.settle(month, [due(SAP, "2024-Q4", base)])
        amounts.append(line.amount)
    assert amounts == [0, 140, 940]
    assert ledger.sum == 1080


def test_what_a_return_takes_back_is_carried_forward() -> None:
    ledger = Ledger()
    (first,) = ledger.settle("2024-05", [due(SAMPLE, "2024-05", 1000)])
    assert first.amount == 80_000
    (late,) = ledger.settle("2024-06", [due(SAMPLE, "2024-05", 850)])
    assert [late.entitlement, late.before, late.amount] == [17_000, 80_000, -63_000]
    assert late.late
    account = Account(settled=ledger.sum, paid=D(80_000))
    assert [account.balance, account.payable] == [-63_000, 0]
    ledger.settle("2024-07", [due(SAMPLE, "2024-05", 850), due(SAMPLE, "2024-07", 1000)])
    account = Account(settled=ledger.sum, paid=D(80_000))
    assert [account.balance, account.payable] == [17_000, 17_000]


points = st.lists(
    st.tuples(st.integers(0, 2000), st.integers(0, 100)), min_size=1, max_size=4, unique_by=lambda point: point[0]
).map(sorted)
sales = st.lists(st.tuples(st.integers(1, 31), st.integers(-500, 900)), max_size=12)


@given(points=points, sold=sales, days=st.sets(st.integers(1, 30)), method=st.sampled_from([ALL_UNITS, STEPPED]))
def test_interim_settlements_and_one_final_settlement_come_to_the_same(
    points: list[tuple[int, int]], sold: list[tuple[int, int]], days: set[int], method: str
) -> None:
    one = rule(points, method=method)

    def by(day: int) -> list[Due]:
        base = sum(units for on, units in sold if on <= day)
        return [due(one, "2024-05", base)]

    often, once = Ledger(), Ledger()
    for day in sorted(days):
        often.settle("2024-05", by(day), f"2024-05-{day:02d}")
    often.settle("2024-05", by(31))
    once.settle("2024-05", by(31))
    assert often.sum == once.sum == by(31)[0].entitlement


@given(bases=st.lists(st.integers(0, 1500), min_size=2, max_size=6))
def test_whatever_arrives_late_the_ledger_comes_to_what_is_earned(bases: list[int]) -> None:
    ledger = Ledger()
    for place, base in enumerate(bases, 1):
        found = ledger.settle(f"2024-{place:02d}", [due(SAMPLE, "2024-01", base)])
        assert all(line.late == (place > 1) for line in found)
        assert ledger.sum == due(SAMPLE, "2024-01", base).entitlement


def test_what_a_new_version_takes_out_of_a_window_is_taken_back() -> None:
    ledger = Ledger()
    ledger.settle("2024-05", [due(SAMPLE, "2024-05", 1000)])
    cut = Due(Key("C1", "P", "1", "2024-05-01/2024-05-14"), "1", D(400), D(8000))
    new = Due(Key("C1", "P", "1", "2024-05-15/2024-05-31"), "2", D(600), D(18000))
    found = ledger.settle("2024-06", [cut, new])
    assert [(line.key.window, line.version, line.amount) for line in found] == [
        ("2024-05-01/2024-05-14", "1", D(8000)),
        ("2024-05-01/2024-05-31", "1", D(-80000)),
        ("2024-05-15/2024-05-31", "2", D(18000)),
    ]
    assert ledger.sum == 26_000
    assert ledger.settle("2024-07", [cut, new]) == []


def test_a_window_of_the_month_is_told_even_where_it_earned_nothing_a_late_one_only_if_it_changed() -> None:
    ledger = Ledger()
    (line,) = ledger.settle("2024-05", [due(SAMPLE, "2024-05", 399)])
    assert [line.base, line.amount] == [399, 0]
    assert ledger.settle("2024-06", [due(SAMPLE, "2024-05", 350), due(SAMPLE, "2024-06", 0)]) == []


ZERO = Line(Key("C1", "P", "1", window("2024-05")), "1", D(400), D(8000), D(8000), False)


@pytest.mark.parametrize(
    ("found", "final", "nothing"),
    [
        ([], True, True),
        ([], False, True),
        ([ZERO], False, True),
        ([ZERO], True, False),
        ([ZERO._replace(before=D(1))], False, False),
    ],
)
def test_there_is_nothing_to_settle_without_lines_and_before_the_end_without_differences(
    found: list[Line], final: bool, nothing: bool
) -> None:
    assert is_nothing(found, final) == nothing


def test_what_was_left_of_a_window_is_late_only_once_a_final_settlement_covered_it() -> None:
    ledger = Ledger()
    ledger.settle("2024-05", [due(SAMPLE, "2024-05", 400)], "2024-05-20")
    (rest,) = ledger.settle("2024-06", [due(SAMPLE, "2024-05", 1000)])
    assert (rest.amount, rest.late) == (Decimal(72_000), False)
    (change,) = ledger.settle("2024-07", [due(SAMPLE, "2024-05", 999)])
    assert (change.amount, change.late) == (Decimal(-60_020), True)


APRIL = Done("2024-04", DAY("2024-04-30"), True, 3)
HALF_MAY = Done("2024-05", DAY("2024-05-15"), False, 4)
MAY = Done("2024-05", DAY("2024-05-31"), True, 5)


@pytest.mark.parametrize(
    ("month", "as_of", "done", "through", "final", "since", "open_"),
    [
        ("2024-05", "2024-05-31", [], "2024-05-31", True, "2024-05-01", []),
        ("2024-05", "2024-06-03", [], "2024-05-31", True, "2024-05-01", []),
        ("2024-05", "2024-05-30", [], "2024-05-30", False, "2024-05-01", []),
        ("2024-05", "2024-05-01", [APRIL], "2024-05-01", False, "2024-04-01", []),
        ("2024-05", "2024-05-16", [APRIL, HALF_MAY], "2024-05-16", False, "2024-04-01", []),
        ("2024-07", "2024-08-01", [APRIL, HALF_MAY], "2024-07-31", True, "2024-04-01", ["2024-05", "2024-06"]),
        ("2025-01", "2025-02-01", [MAY._replace(month="2024-11")], "2025-01-31", True, "2024-11-01", ["2024-12"]),
    ],
)
def test_a_month_is_settled_to_its_end_or_as_far_as_it_has_come(
    month: str, as_of: str, done: list[Done], through: str, final: bool, since: str, open_: list[str]
) -> None:
    found = turn(Period.month(month), DAY(as_of), done)
    assert (found.month, found.through, found.final) == (month, DAY(through), final)
    assert (found.since, found.open_) == (DAY(since), open_)


@pytest.mark.parametrize(
    ("month", "as_of", "done", "said"),
    [
        ("2024-07", "2024-06-30", [], "2024-07 has not begun: it is 2024-06-30"),
        ("2024-05", "2024-06-30", [MAY], "2024-05 is settled (batch 5): late changes go into the next settlement"),
        ("2024-05", "2024-05-20", [MAY], "2024-05 is settled (batch 5): late changes go into the next settlement"),
        ("2024-04", "2024-06-30", [HALF_MAY], "2024-05 is settled already (batch 4): months are settled in order"),
        ("2024-05", "2024-05-15", [APRIL, HALF_MAY], "2024-05 is settled through 2024-05-15 (batch 4)"),
        ("2024-05", "2024-05-14", [HALF_MAY], "2024-05 is settled through 2024-05-15 (batch 4)"),
    ],
)
def test_nothing_is_settled_twice_nor_out_of_order(month: str, as_of: str, done: list[Done], said: str) -> None:
    with pytest.raises(RefusedError) as refused:
        turn(Period.month(month), DAY(as_of), done)
    assert refused.value.message == said
    assert refused.value.hint


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("2024-05-01", "2024-05-31", "2024-05"),
        ("2024-02-01", "2024-02-29", "2024-02"),
        ("2024-10-01", "2024-12-31", "2024-Q4"),
        ("2024-02-01", "2024-04-30", "2024-02-01 to 2024-04-30"),
        ("2024-05-01", "2024-05-14", "2024-05-01 to 2024-05-14"),
        ("2024-01-01", "9999-12-31", "from 2024-01-01"),
    ],
)
def test_a_window_is_called_as_people_call_it(first: str, last: str, said: str) -> None:
    assert window_words(f"{first}/{last}") == said


@pytest.mark.parametrize(
    ("one", "base", "said"),
    [
        (SAMPLE, 399, "below 400 units"),
        (SAMPLE, 400, "from 400 units: 20 yuan a unit"),
        (SAMPLE, 1200, "from 1,000 units: 80 yuan a unit"),
        (SAP, 7000, "from 5,000 yuan: 2%"),
        (rule([(0, "12.5")]), 3, "12.50 yuan a unit"),
        (rule([(100000, 1000)], AMOUNT, "fixed"), 110000, "from 100,000 yuan: 1,000 yuan in all"),
        (rule([(1, 25)]), 1, "from 1 unit: 25 yuan a unit"),
        (rule([(300, 25)], cap=D(5000)), 575, "from 300 units: 25 yuan a unit, at most 5,000.00"),
        (
            rule([(300, "0.02")], AMOUNT, PERCENT, cap=D(900), minimum=D(100)),
            300,
            "from 300 yuan: 2%, at most 900.00, nothing below 100.00",
        ),
        (rule([(9, 1)], "activation"), 2, "below 9 registrations"),
        (SAMPLE, 0, "below 400 units"),
        (SAMPLE, -1, "the net is below 0: nothing is earned"),
        (rule([(0, 66)]), -1, "the net is below 0: nothing is earned"),
        (rule([(0, 66)]), 0, "the net is 0"),
        (
            replace(rule([(30, 15), (80, "30.5"), (200, 40)]), method="stepped"),
            119,
            "from 30 units: 15 yuan a unit; from 80 units: 30.50 yuan a unit (each on what is above it)",
        ),
        (replace(rule([(0, 15), (80, 20)]), method="stepped"), 79, "15 yuan a unit"),
        (replace(rule([(30, 5000)], unit=FIXED), method="stepped"), 79, "from 30 units: 5,000 yuan in all"),
        (None, 5, ""),
    ],
)
def test_the_bracket_that_a_base_stands_in_is_told(one: Rule | None, base: int, said: str) -> None:
    assert bracket_words(one, D(base)) == said


amounts = st.decimals(-100_000, 100_000, places=2)


@given(opening=amounts, settled=st.lists(st.tuples(amounts, st.booleans()), max_size=6))
def test_a_summary_adds_up(opening: Decimal, settled: list[tuple[Decimal, bool]]) -> None:
    rows = [
        StatementRow(
            "2024-05", DAY("2024-05-31"), True, "P", "", "1", "1", window("2024-05"), D(0), "", one, D(0), one, late
        )
        for one, late in settled
    ]
    found = {row.what: row.amount for row in summary(opening, rows, [])}
    payable, closing = found.pop(PAYABLE), found.pop("closing")
    assert sum(found.values()) == closing == opening + sum(one for one, _late in settled)
    assert found[OPENING] == opening
    assert payable == max(D(0), closing)


def test_where_a_fixed_sum_is_not_reached_there_is_no_bracket() -> None:
    fixed = rule([(0, 5000)], unit=FIXED)
    assert [bracket_words(fixed, D(units)) for units in (-1, 0, 1)] == [
        "the net is below 0: nothing is earned",
        "the net is 0",
        "5,000 yuan in all",
    ]
