"""What a rule pays: the published cases, and what holds of every rule."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelctl import i18n
from channelctl.period import Period
from channelctl.systems.rebates.rules import (
    Base,
    Breakpoint,
    Rule,
    by_line,
    entitlement,
    estimate,
    next_breakpoint,
    projected,
    reached,
    total,
)
from channelctl.systems.rebates.rules_days import standing
from channelctl.systems.rebates.rules_read import Unfit, refuse_fractions, rule_of
from channelctl.systems.rebates.rules_windows import windows
from channelctl.systems.rebates.rules_words import FIELDS, offered, word_of

D = Decimal
MAY = Period.month("2024-05")


def points(*pairs: tuple[Any, Any]) -> tuple[Breakpoint, ...]:
    return tuple(Breakpoint(D(str(at)), D(str(rate))) for at, rate in pairs)


SAMPLE = Rule(
    *("DL2024", "1", "1", "达量返利", "volume", dt.date(2024, 5, 1), dt.date(2024, 12, 31)),
    *("month", "quantity", "all_units", "per_unit", points((400, 20), (1000, 80))),
)
STEPPED = replace(SAMPLE, method="stepped")
PERCENT = replace(SAMPLE, basis="amount", unit="percent")


def units(count: Any, amount: Any = 0) -> Base:
    return Base(D(str(count)), D(str(amount)))


def money(amount: Any, count: Any = 0) -> Base:
    return Base(D(str(count)), D(str(amount)))


@pytest.mark.parametrize(
    ("rule", "sold", "pays"),
    [
        *(
            (SAMPLE, *case)
            for case in ((399, 0), (400, 8000), (999, 19980), (1000, 80000), (1200, 96000), (850, 17000))
        ),
        *((STEPPED, *case) for case in ((400, 0), (401, 20), (1000, 12000), (1200, 28000))),
        (SAMPLE, -5, 0),
        (SAMPLE, 0, 0),
    ],
)
def test_the_sample_policy(rule: Rule, sold: int, pays: int) -> None:
    assert entitlement(rule, units(sold)) == pays


def test_unit_1000_is_worth_60020_and_150_returned_take_63000_back() -> None:
    assert entitlement(SAMPLE, units(1000)) - entitlement(SAMPLE, units(999)) == D("60020")
    assert entitlement(SAMPLE, units(850)) - entitlement(SAMPLE, units(1000)) == D("-63000")


# Published: Dynamics 365; SAP's interim settlement; the brackets that a well-known module pays 70 and 1,120 for;
# NetSuite's marginal rebates in percent and by unit; and volume rebates of other vendors.
DYNAMICS = replace(PERCENT, breakpoints=points((0, "0.10"), (1000, "0.25")))
SAP = replace(PERCENT, breakpoints=points((5000, "0.02"), (25000, "0.04")))
BRACKETS = replace(PERCENT, method="stepped", breakpoints=points((0, "0.1"), (100, "0.2"), (300, "0.3")))
NETSUITE = replace(PERCENT, method="stepped", breakpoints=points((0, "0.05"), (100, "0.10"), (350, "0.15")))
BY_UNIT = replace(NETSUITE, unit="per_unit", breakpoints=points((0, 5), (100, 10), (350, 15)))
PASSED = replace(PERCENT, breakpoints=points((1000000, "0.05")))
TARGET = replace(PERCENT, unit="fixed", breakpoints=points((100000, 1000)))


@pytest.mark.parametrize(
    ("rule", "base", "pays"),
    [
        (replace(DYNAMICS, method="stepped"), money(2000), "350"),
        (DYNAMICS, money(2000), "500"),
        (SAP, money(3000), "0"),
        (SAP, money(7000), "140"),
        (SAP, money(27000), "1080"),
        (BRACKETS, money(300), "50"),
        (BRACKETS, money(3800), "1100"),
        (NETSUITE, money(60), "3"),
        (NETSUITE, money(200), "15"),
        (BY_UNIT, money(60, 2), "10"),
        (BY_UNIT, money(200, 1), "7.5"),
        (PASSED, money(1200000), "60000"),
        (TARGET, money(110000), "1000"),
        (TARGET, money(90000), "0"),
        (replace(TARGET, method="stepped"), money(110000), "1000"),
    ],
)
def test_published_cases(rule: Rule, base: Base, pays: str) -> None:
    assert entitlement(rule, base) == D(pays)


@pytest.mark.parametrize(
    ("more", "base", "pays"),
    [
        ({"cap": D("50000")}, units(1000), "50000"),
        ({"minimum": D("8000.01")}, units(400), "0"),
        ({"minimum": D("8000")}, units(400), "8000"),
        ({"breakpoints": points((0, "0.335"))}, units(1), "0.34"),
        ({"unit": "percent", "breakpoints": points((400, "0.02"))}, units(400, 100000), "2000"),
        ({"unit": "percent", "breakpoints": points((400, "0.02"))}, units(399, 100000), "0"),
        ({"basis": "activation", "breakpoints": points((0, 100))}, Base(D(9), D(900), D(7), D(4), D(3)), "400"),
        ({"unit": "percent", "method": "stepped", "breakpoints": points((0, "0.02"))}, units(0, 100), "2"),
    ],
)
def test_terms(more: dict[str, Any], base: Base, pays: str) -> None:
    assert entitlement(replace(SAMPLE, **more), base) == D(pays)


@pytest.mark.parametrize(
    ("sold", "at", "following"),
    [(0, None, 400), (399, None, 400), (400, 400, 1000), (999, 400, 1000), (1000, 1000, None)],
)
def test_break_points_are_reached_at_the_edge(sold: int, at: int | None, following: int | None) -> None:
    now, ahead = reached(SAMPLE, units(sold)), next_breakpoint(SAMPLE, units(sold))
    assert (now and now.at, ahead and ahead.at) == (at, following)


@pytest.mark.parametrize(
    ("sold", "day", "likely"),
    [(300, 20, "6000.00"), (200, 20, "0.00"), (700, 20, "56000.00"), (400, 31, "8000.00")],
)
def test_the_estimate_pays_the_base_so_far_at_the_bracket_of_the_run_rate(sold: int, day: int, likely: str) -> None:
    assert estimate(SAMPLE, units(sold), MAY, dt.date(2024, 5, day)) == D(likely)
    assert projected(units(sold), MAY, dt.date(2024, 5, 31)) == units(sold)


@pytest.mark.parametrize(
    ("rule", "sold", "day", "sure", "likely"),
    [
        (replace(SAMPLE, breakpoints=points((300, 25)), cap=D(5000)), 370, 20, "5000.00", "5000.00"),
        (replace(SAMPLE, breakpoints=points((300, 25)), cap=D(5000)), 250, 20, "0.00", "5000.00"),
        (replace(SAMPLE, cap=D(500000)), 700, 20, "14000.00", "56000.00"),
        (replace(SAMPLE, breakpoints=points((0, "0.7"))), "834.47", 23, "584.13", "584.13"),
        (replace(SAMPLE, breakpoints=points((0, 1)), minimum=D(50)), 30, 20, "0.00", "0.00"),
        (replace(SAMPLE, breakpoints=points((0, 1)), minimum=D(50)), 40, 20, "0.00", "40.00"),
        (replace(SAMPLE, breakpoints=points((0, 30), (1000, 10))), 700, 20, "21000.00", "7000.00"),
        (replace(SAMPLE, breakpoints=points((400, 9000)), unit="fixed"), 400, 10, "9000.00", "9000.00"),
        (replace(SAMPLE, breakpoints=points((100, 3000), (400, 9000)), unit="fixed"), 150, 10, "3000.00", "9000.00"),
        (replace(SAMPLE, breakpoints=points((400, 9000)), unit="fixed", cap=D(5000)), 150, 10, "0.00", "5000.00"),
        (replace(SAMPLE, breakpoints=points((400, 9000)), unit="fixed"), 120, 10, "0.00", "0.00"),
    ],
)
def test_the_estimate_is_prorated_before_it_is_capped_and_never_below_what_is_sure(
    rule: Rule, sold: Any, day: int, sure: str, likely: str
) -> None:
    base = units(sold)
    assert (entitlement(rule, base), estimate(rule, base, MAY, dt.date(2024, 5, day))) == (D(sure), D(likely))


@pytest.mark.parametrize(
    ("thresholds", "rates", "said"),
    [
        ("50，100", "5", "2 thresholds, but 1 rates: “，” parts figures; a thousand is written 1,000 or 1000"),
        ("1000", "5，8", "1 thresholds, but 2 rates: “，” parts figures; a thousand is written 1,000 or 1000"),
        ("50/100", "5", "2 thresholds, but 1 rates"),
    ],
)
def test_a_wide_comma_parts_figures(thresholds: str, rates: str, said: str) -> None:
    with pytest.raises(Unfit) as error:
        rule_of({**ROW, "thresholds": thresholds, "rates": rates})
    assert str(error.value) == said
    read = rule_of({**ROW, "thresholds": "1,000，2000", "rates": "5，8"})
    assert read.breakpoints == points((1000, 5), (2000, 8))


# Windows and versions


@pytest.mark.parametrize(
    ("window", "since", "until", "asked", "found"),
    [
        ("month", "2024-05-01", "2024-12-31", ("2024-05-01", "2024-05-31"), ["2024-05-01/2024-05-31"]),
        (
            *("month", "2024-05-10", "2024-06-20", ("2024-01-01", "2024-12-31")),
            ["2024-05-10/2024-05-31", "2024-06-01/2024-06-20"],
        ),
        ("quarter", "2024-04-01", "2024-12-31", ("2024-05-20", "2024-05-20"), ["2024-04-01/2024-06-30"]),
        (
            *("quarter", "2024-05-01", "2024-12-31", ("2024-05-20", "2024-07-01")),
            ["2024-05-01/2024-06-30", "2024-07-01/2024-09-30"],
        ),
        ("whole", "2024-04-15", "2024-12-31", ("2024-05-20", "2024-05-20"), ["2024-04-15/2024-12-31"]),
        ("month", "2024-05-01", "2024-12-31", ("2024-01-01", "2024-04-30"), []),
        ("month", "2024-05-01", None, ("2030-02-01", "2030-02-28"), ["2030-02-01/2030-02-28"]),
    ],
)  # fmt: skip
def test_windows(window: str, since: str, until: str | None, asked: tuple[str, str], found: Sequence[str]) -> None:
    day = dt.date.fromisoformat
    rule = replace(SAMPLE, window=window, valid_from=day(since), last_day=None if until is None else day(until))
    assert [f"{one.start}/{one.end}" for one in windows(rule, day(asked[0]), day(asked[1]))] == found


def test_a_window_is_called_by_its_month_or_quarter() -> None:
    day = dt.date
    labels = [
        windows(replace(SAMPLE, window=kind, valid_from=start), day(2024, 5, 20), day(2024, 5, 20))[0].label
        for kind, start in (("month", day(2024, 5, 1)), ("quarter", day(2024, 4, 1)), ("month", day(2024, 5, 2)))
    ]
    assert labels == ["May 2024", "Q2 2024", "2024-05-02 to 2024-05-31"]


def test_on_each_day_the_highest_version_that_holds_it_counts() -> None:
    day = dt.date
    second = replace(SAMPLE, version="2", valid_from=day(2024, 5, 16), last_day=day(2024, 6, 30))
    tenth = replace(SAMPLE, version="10", valid_from=day(2024, 6, 30), last_day=None)
    other = replace(SAMPLE, policy="TH", version="9")
    found = {(one.policy, one.version): one for one in standing([tenth, other, SAMPLE, second])}
    assert found["DL2024", "1"].spans == ((day(2024, 5, 1), day(2024, 5, 15)),)
    assert found["DL2024", "2"].spans == ((day(2024, 5, 16), day(2024, 6, 29)),)
    assert found["DL2024", "10"].spans == ((day(2024, 6, 30), day.max),)
    assert found["TH", "9"].spans == ((day(2024, 5, 1), day(2024, 12, 31)),)
    may = [windows(one, MAY.start, MAY.end) for one in (found["DL2024", "1"], found["DL2024", "2"])]
    assert [[(one.start.day, one.end.day) for one in own] for own in may] == [[(1, 15)], [(16, 31)]]


def test_a_version_within_another_leaves_the_days_on_both_sides() -> None:
    day = dt.date
    inner = replace(SAMPLE, version="2", valid_from=day(2024, 6, 1), last_day=day(2024, 6, 30))
    outer = standing([SAMPLE, inner])[0]
    assert outer.spans == ((day(2024, 5, 1), day(2024, 5, 31)), (day(2024, 7, 1), day(2024, 12, 31)))


# Reading

ROW: dict[str, Any] = {"policy": "P", "type": "volume", "valid_from": dt.date(2024, 5, 1), "rates": "20"}


@pytest.mark.parametrize(
    ("row", "unit", "basis", "found"),
    [
        ({}, "per_unit", "quantity", [(0, 20)]),
        ({"thresholds": "400/1000", "rates": "20/80"}, "per_unit", "quantity", [(400, 20), (1000, 80)]),
        ({"thresholds": "1000/400", "rates": "80/20"}, "per_unit", "quantity", [(400, 20), (1000, 80)]),
        ({"thresholds": "≥400台；≥1,000台", "rates": "20元/80元"}, "per_unit", "quantity", [(400, 20), (1000, 80)]),
        ({"thresholds": "50万、100万", "rates": "2%/4%"}, "percent", "amount", [(500000, ".02"), (1000000, ".04")]),
        ({"rates": "2", "unit": "percent"}, "percent", "amount", [(0, ".02")]),
        ({"rates": "0.5%", "basis": "quantity"}, "percent", "quantity", [(0, ".005")]),
        ({"rates": "100", "type": "contract"}, "per_unit", "activation", [(0, 100)]),
        ({"rates": "1000", "thresholds": "100000", "unit": "fixed"}, "fixed", "quantity", [(100000, 1000)]),
    ],
)
def test_thresholds_and_rates_are_read(row: dict[str, Any], unit: str, basis: str, found: Sequence[Any]) -> None:
    rule = rule_of(ROW | row)
    assert (rule.unit, rule.basis) == (unit, basis)
    assert rule.breakpoints == points(*found)
    assert (rule.version, rule.rule, rule.window, rule.method, rule.meeting) == ("1", "1", "month", "all_units", "both")


@pytest.mark.parametrize(
    ("row", "code", "field", "said"),
    [
        ({"thresholds": "400/1000"}, "E342", "rates", "2 thresholds, but 1 rates"),
        ({"thresholds": "400/400", "rates": "1/2"}, "E342", "thresholds", "the same threshold twice: “400/400”"),
        ({"thresholds": "5%", "rates": "1"}, "E342", "thresholds", "a threshold is no percentage: “5%”"),
        ({"rates": "2%/4"}, "E342", "rates", "some rates of “2%/4” have a percent sign, others have none"),
        ({"rates": "2%", "unit": "per_unit"}, "E342", "rates", "the rates are in percent, the rebate is not"),
        ({"rates": "二十"}, "E342", "rates", "“二十” is not a row of figures: write 20/80"),
        ({"rates": "-5"}, "E342", "rates", "“-5”: a figure here cannot be negative"),
        ({"rates": "5", "thresholds": "满"}, "E342", "thresholds", "“满” is not a row of figures: write 400/1000"),
        ({"last_day": dt.date(2024, 4, 30)}, "E343", "last_day", "it ends (2024-04-30) before it begins (2024-05-01)"),
        ({"window": "whole"}, "E343", "last_day", "a rule over the whole policy needs a last day"),
        (
            {"type": "contract", "rates": "2%"},
            "E343",
            "unit",
            "registrations have no net sales of which to pay percent",
        ),
        ({"meeting": "priority"}, "E343", "priority", "by priority, but without a priority: 1 comes first"),
        ({"priority": "high"}, "E343", "priority", "a priority is a whole number, 1 first: “high”"),
        ({"cap": D(-1)}, "E343", "cap", "it cannot be negative"),
    ],
)
def test_what_is_no_rule_is_refused(row: dict[str, Any], code: str, field: str, said: str) -> None:
    with pytest.raises(Unfit) as error:
        rule_of(ROW | row)
    assert (error.value.flaw.code, error.value.field, error.value.flaw.message) == (code, field, said)


@pytest.mark.parametrize(
    ("rates", "unit", "write"),
    [
        ("0.02", "percent", "2%, or 0.02%"),
        ("0.19/3", "percent", "19%/300%, or 0.19%/3%"),
        ("0.005/0.01", None, "0.5%/1%, or 0.005元/0.01元/台"),
        ("0.09", "per_unit", "9%, or 0.09元/台"),
        ("0.2", "percent", None),
        ("0.1", None, None),
        ("0", None, None),
        ("0.02%", "percent", None),
        ("0.02%", None, None),
        ("0.02元/台", None, None),
        ("0.02元/0.04元/台", "per_unit", None),
        ("0.02", "fixed", None),
    ],
)
def test_a_small_rate_without_a_sign_is_refused(rates: str, unit: str | None, write: str | None) -> None:
    row = ROW | {"rates": rates, "unit": unit, "thresholds": "1/2" if "/" in rates.replace("元/台", "") else None}
    assert len(rule_of(row).breakpoints) == 1 + ("1/2" == row["thresholds"])
    if write is None:
        refuse_fractions(row)
        return
    with pytest.raises(Unfit, match="kept by Excel as a fraction") as error:
        refuse_fractions(row)
    assert error.value.flaw.message.endswith(f": write {write} if that is meant")


@pytest.mark.parametrize("written", ["en", "zh"])
@pytest.mark.parametrize("read", ["en", "zh"])
def test_what_a_template_offers_is_read_in_either_language(
    written: str, read: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(i18n, "_catalogue", i18n._catalogue)
    monkeypatch.setattr(i18n, "_language", i18n._language)
    i18n.use(written)
    words = {field: offered(field) for field in FIELDS}
    i18n.use(read)
    for field, own in FIELDS.items():
        assert [word_of(field, word) for word in words[field]] == [*own.known], field


def test_every_word_of_a_field_is_read_as_what_it_is_kept_as() -> None:
    for field, own in FIELDS.items():
        for kept, others in own.known.items():
            assert {word_of(field, word) for word in (kept, own.said(kept), *others)} == {kept}, (field, kept)


# What holds of every rule

figures = st.integers(0, 10**6).map(lambda fen: Decimal(fen).scaleb(-2))
bases = st.tuples(
    st.integers(-50, 500).map(Decimal), st.integers(-(10**7), 10**8).map(lambda fen: Decimal(fen).scaleb(-2))
).map(lambda pair: Base(*pair))
ats = st.lists(st.integers(0, 5000), min_size=1, max_size=5, unique=True).map(sorted)


@st.composite
def rules(draw: st.DrawFn, rising: bool = False) -> Rule:
    at = draw(ats)
    rates = draw(
        st.lists(st.integers(0, 9000).map(lambda fen: Decimal(fen).scaleb(-2)), min_size=len(at), max_size=len(at))
    )
    rates = sorted(rates) if rising else rates
    unit = draw(st.sampled_from(("per_unit", "percent", "fixed")))
    return replace(
        SAMPLE,
        basis=draw(st.sampled_from(("quantity", "amount"))),
        method=draw(st.sampled_from(("all_units", "stepped"))),
        unit=unit,
        breakpoints=points(*zip(at, [rate / 100 if unit == "percent" else rate for rate in rates], strict=True)),
        cap=draw(st.none() | figures),
        minimum=draw(st.none() | figures),
    )


@given(rules(rising=True), figures, figures)
def test_all_units_is_never_below_stepped(rule: Rule, quantity: Decimal, amount: Decimal) -> None:
    base = Base(quantity, amount)
    plain = replace(rule, cap=None, minimum=None)
    assert entitlement(replace(plain, method="all_units"), base) >= entitlement(replace(plain, method="stepped"), base)


@given(rules(), st.lists(bases, min_size=1, max_size=30))
def test_lines_add_up_to_what_is_earned(rule: Rule, lines: list[Base]) -> None:
    parts = by_line(rule, lines)
    assert len(parts) == len(lines)
    assert sum(parts) == entitlement(rule, total(lines))
    assert all(part == part.quantize(D("0.01")) for part in parts)


@given(rules(), st.lists(bases, min_size=1, max_size=30), st.randoms())
def test_the_order_of_lines_does_not_matter(rule: Rule, lines: list[Base], random: Any) -> None:
    shuffled = [*lines]
    random.shuffle(shuffled)
    assert entitlement(rule, total(shuffled)) == entitlement(rule, total(lines))
    assert sum(by_line(rule, shuffled)) == sum(by_line(rule, lines))


@given(rules(), st.lists(bases, min_size=1, max_size=12))
def test_interim_settlements_come_to_the_final_one(rule: Rule, days: list[Base]) -> None:
    settled = D(0)
    for end in range(1, len(days) + 1):
        settled += entitlement(rule, total(days[:end])) - settled
    assert settled == entitlement(rule, total(days))


@given(rules(), bases)
def test_what_is_earned_is_within_its_cap_and_above_its_minimum_or_nothing(rule: Rule, base: Base) -> None:
    earns = entitlement(rule, base)
    assert earns >= 0
    assert rule.cap is None or earns <= rule.cap
    assert earns == 0 or rule.minimum is None or earns >= rule.minimum


@pytest.mark.parametrize(("units", "got"), [(0, "0.00"), (-3, "0.00"), (1, "5000.00"), (9, "5000.00")])
def test_a_fixed_sum_is_for_more_than_nothing(units: int, got: str) -> None:
    """All that was bought went back: the edge of a rule without a threshold is no reason to pay."""
    rule, base = replace(SAMPLE, unit="fixed", breakpoints=points((0, 5000))), Base(D(units), D(units))
    assert (str(entitlement(rule, base)), reached(rule, base) is not None) == (got, units > 0)
    assert sum(by_line(rule, [base, Base(D(2)), Base(D(-2))])) == D(got)


def test_a_wide_comma_parts_figures_where_a_narrow_one_is_within_them() -> None:
    row = {"policy": "P", "type": "volume", "valid_from": dt.date(2024, 5, 1)}
    parted = rule_of({**row, "thresholds": "400，1,000", "rates": "20，80"})
    assert parted.breakpoints == points((400, 20), (1000, 80))
    assert rule_of({**row, "thresholds": "1,000", "rates": "80"}).breakpoints == points((1000, 80))
