"""How far customers are from the next break point, and what it is worth."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelctl.packs.asking import ask
from channelctl.period import Period
from channelctl.systems.rebates.rules import Base, Breakpoint, Earned, Rule, entitlement, measured
from channelctl.systems.rebates.rules_gap import GapRow, Shelf, gap, in_order, raised
from channelctl.systems.rebates.rules_windows import before
from tests.conftest import Run
from tests.making import EXPECTED, holds_to_schema, policy, report, sheet
from tests.rebates.regions import LINES, brought, region
from tests.rebates.regions import SAMPLE as SAMPLE_ROW

D = Decimal
MAY = Period.month("2024-05")
POINTS = (Breakpoint(D(400), D(20)), Breakpoint(D(1000), D(80)))
SAMPLE = Rule(
    *("DL2024", "1", "1", "达量返利", "volume", dt.date(2024, 5, 1), dt.date(2024, 5, 31)),
    *("month", "quantity", "all_units", "per_unit", POINTS),
)
BY_AMOUNT = replace(
    SAMPLE,
    basis="amount",
    unit="percent",
    breakpoints=(Breakpoint(D(500000), D("0.01")), Breakpoint(D(800000), D("0.02"))),
)
UNKNOWN = Shelf(None, D(0))


def earned(rule: Rule, base: Base, instead: str = "", rival: int = 0) -> Earned:
    return Earned(rule, MAY, 1, "C1", "店", base, entitlement(rule, base), instead, D(rival))


def row(rule: Rule, base: Base, day: int = 20, shelf: Shelf = UNKNOWN, days: int = 60) -> GapRow:
    found = gap(earned(rule, base), shelf, dt.date(2024, 5, day), days)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("units", "threshold", "short", "got", "worth"),
    [
        (D(0), D(400), D(400), D(0), D(8000)),
        (D(-5), D(400), D(405), D(0), D(8000)),
        (D(399), D(400), D(1), D(0), D(8000)),
        (D(400), D(1000), D(600), D(8000), D(72000)),
        (D(970), D(1000), D(30), D(19400), D(60600)),
        (D(999), D(1000), D(1), D(19980), D(60020)),
    ],
)
def test_the_sample_policy(units: Decimal, threshold: Decimal, short: Decimal, got: Decimal, worth: Decimal) -> None:
    found = row(SAMPLE, Base(units, units * 2000))
    assert (found.threshold, found.short, found.entitlement, found.worth) == (threshold, short, got, worth)
    assert found.worth_per_unit == worth / short


@pytest.mark.parametrize("units", [D(1000), D(1200)])
def test_at_the_top_there_is_no_gap(units: Decimal) -> None:
    assert gap(earned(SAMPLE, Base(units)), UNKNOWN, dt.date(2024, 5, 20), 60) is None


def test_a_rule_from_the_first_unit_has_no_gap() -> None:
    pickup = replace(SAMPLE, breakpoints=(Breakpoint(D(0), D(15)),))
    assert gap(earned(pickup, Base(D(-3))), UNKNOWN, dt.date(2024, 5, 20), 60) is None


@pytest.mark.parametrize(
    ("units", "day", "per_day", "left", "projected", "reaches"),
    [
        (D(310), 10, D(31), 21, D(961), True),
        (D(620), 20, D(31), 11, D(961), False),
        (D(660), 20, D(33), 11, D(1023), True),
        (D(999), 31, D("32.23"), 0, D(999), False),
        (D(100), 1, D(100), 30, D(3100), True),
    ],
)
def test_the_run_rate(units: Decimal, day: int, per_day: Decimal, left: int, projected: Decimal, reaches: bool) -> None:
    found = row(SAMPLE, Base(units), day)
    assert (found.per_day, found.days_left, found.projected, found.reaches) == (per_day, left, projected, reaches)


def test_an_amount_is_short_in_yuan_and_in_units_at_the_price_so_far() -> None:
    found = row(BY_AMOUNT, Base(D(200), D(400000)))
    assert (found.short, found.short_units, found.worth, found.worth_per_unit) == (D(100000), D(50), D(5000), D(100))


@pytest.mark.parametrize("rule", [replace(SAMPLE, unit="percent"), replace(BY_AMOUNT, unit="per_unit")])
def test_what_cannot_be_told_without_a_price_is_not_guessed(rule: Rule) -> None:
    found = row(rule, Base(D(0), D(0)))
    assert (found.worth, found.worth_per_unit) == (None, None)
    assert found.short == rule.breakpoints[0].at


@pytest.mark.parametrize(
    ("rule", "base", "there"),
    [
        (SAMPLE, Base(D(500), D(7)), Base(D(1000), D(7))),
        (replace(SAMPLE, unit="percent"), Base(D(500), D(1000)), Base(D(1000), D(2000))),
        (replace(SAMPLE, unit="fixed"), Base(D(0), D(0)), Base(D(1000), D(0))),
        (replace(BY_AMOUNT, unit="per_unit"), Base(D(4), D(500)), Base(D(8), D(1000))),
        (replace(SAMPLE, basis="activation"), Base(matched=D(3)), Base(matched=D(1000))),
    ],
)
def test_the_base_at_a_break_point(rule: Rule, base: Base, there: Base) -> None:
    assert raised(rule, base, D(1000)) == there


@pytest.mark.parametrize(
    ("stock", "a_day", "flag"),
    [
        (None, D(5), None),
        (D(270), D(5), False),
        (D(271), D(5), True),
        (D(0), D("0.5"), False),
        (D(1), D("0.5"), True),
    ],
)
def test_stock_and_what_is_short_may_last_sixty_days(stock: Decimal | None, a_day: Decimal, flag: bool | None) -> None:
    found = row(SAMPLE, Base(D(970)), shelf=Shelf(stock, a_day))
    assert (found.stock, found.overstocks) == (stock, flag)


def test_only_what_is_more_than_the_policy_that_pays_now_is_gained() -> None:
    found = gap(earned(SAMPLE, Base(D(900)), "JD2024", 50000), UNKNOWN, dt.date(2024, 5, 20), 60)
    assert found is not None
    assert (found.entitlement, found.worth) == (D(0), D(30000))
    found = gap(earned(SAMPLE, Base(D(900)), "JD2024", 90000), UNKNOWN, dt.date(2024, 5, 20), 60)
    assert found is not None
    assert found.worth == 0


def test_worth_most_by_unit_short_first() -> None:
    near, far = row(SAMPLE, Base(D(999))), row(SAMPLE, Base(D(401)))
    untold = row(replace(SAMPLE, unit="percent"), Base())
    assert in_order([untold, far, near]) == [near, far, untold]


@given(st.decimals(-50, 999, places=1), st.integers(1, 31), st.sampled_from(["all_units", "stepped"]))
def test_reaching_is_worth_the_difference(units: Decimal, day: int, method: str) -> None:
    rule = replace(SAMPLE, method=method)
    base = Base(units, units * 2000)
    found = row(rule, base, day)
    there = raised(rule, base, found.threshold)
    assert there is not None
    assert measured(rule, there) == found.threshold == found.base + found.short
    assert found.short > 0
    assert found.worth is not None
    assert found.worth >= 0
    assert found.entitlement + found.worth == entitlement(rule, there)


# --- the command ------------------------------------------------------------------------------------------------------


def test_on_the_screen(ch: Run) -> None:
    region(ch)
    said = ch("rebate", "gap", "--as-of", "2024-05-20")
    assert (said.code, said.err) == (0, "the sales reach to 2024-05-09 only\n")
    assert said.out == (
        "Short of the next break point · as of 2024-05-20\n"
        "\n"
        "Code    Customer   Policy   Window     Measure   So far    Next   Short   Worth, CNY   Worth a unit, CNY"
        "   Days left   Projected   By itself\n"
        "────────────────────────────────────────────────────────────────────────────────────────────────────────"
        "────────────────────────────────────\n"
        "C1      恒达通讯   DL       May 2024   units        999   1,000       1    60,020.00           60,020.00"
        "          11    1,548.45   yes\n"
        "C2      信通电讯   DL       May 2024   units        360     400      40     8,000.00              200.00"
        "          11         558   yes\n"
        "C3      远方手机   DL       May 2024   units         20     400     380     8,000.00               21.05"
        "          11          31   no\n"
        "total                                                                      76,020.00\n"
        "\n"
        "3 break points ahead, 2 of them reached by themselves; reaching all is worth 76,020.00.\n"
        "Worth most a unit: C1 恒达通讯, 1 short of 1,000 units, worth 60,020.00.\n"
    )


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("", "C1 C2 C3"),
        ("--within 40", "C1 C2"),
        ("--within 39.5", "C1"),
        ("--within 0", ""),
        ("--office 宁波", "C2 C3"),
        ("--office 宁波 --within 40", "C2"),
        ("--customer C3", "C3"),
        ("--customer 信通电讯", "C2"),
        ("--as-of 2024-05-02", "C1"),
        ("--as-of 2024-05-04", "C1 C2"),
        ("--as-of 2024-06-01", "C1 C2 C3"),
        ("--as-of 2024-06-01 --office 宁波", "C2 C3"),
        ("--as-of 2024-06-01 --customer C2", "C2"),
        ("--as-of 2024-06-01 --within 399", ""),
        ("--as-of 2024-07-01", ""),
        ("--as-of 2024-04-30", ""),
    ],
)
def test_who_is_listed(words: str, expected: str, ch: Run) -> None:
    region(ch)
    found = report(ch, "rebate", "gap", *words.split())
    assert " ".join(row["customer_code"] for row in found["rows"]) == expected


def test_who_bought_in_the_window_before_is_short_of_all_of_it(ch: Run) -> None:
    """C1 has begun; C2 has not yet; C3 sent back all that it bought in May."""
    more = [
        ("2024-05-28", "R1", "", "C3", "远方手机", "宁波", "A108", -20, 500, -10_000, ""),
        ("2024-06-02", "S9", "", "C1", "恒达通讯", "杭州", "K310", 390, 2000, 780_000, ""),
    ]
    region(ch, lines=[*LINES, *more])
    rows = report(ch, "rebate", "gap", "--as-of", "2024-06-02")["rows"]
    names = ("customer_code", "base", "threshold", "short", "worth", "projected", "reaches")
    assert [tuple(row[name] for name in names) for row in rows] == [
        ("C1", 390, 400, 10, 8000, 5850, True),
        ("C2", 0, 400, 400, 8000, 0, False),
    ]


def test_who_buys_for_another_policy_by_priority_is_not_short_of_this_one(ch: Run) -> None:
    first, second = ((code, *SAMPLE_ROW[1:-2], "按优先级", number) for code, number in (("A", 1), ("B", 2)))
    region(ch, first, second)
    rows = report(ch, "rebate", "gap", "--as-of", "2024-06-01")["rows"]
    assert [(row["customer_code"], row["policy"]) for row in rows] == [("C1", "A"), ("C2", "A"), ("C3", "A")]


def test_what_counted_for_a_policy_that_is_over_does_not_count_for_the_next(ch: Run) -> None:
    """Till the 15th all that is bought counts for A, which comes first by priority."""
    first, second = ((code, *SAMPLE_ROW[1:-2], "按优先级", number) for code, number in (("A", 1), ("B", 2)))
    over = (*first[:6], "2024-05-15", *first[7:])
    more = ("2024-05-18", "S9", "", "C2", "信通电讯", "宁波", "K310", 30, 2000, 60_000, "")
    region(ch, over, second, lines=[*LINES, more])
    rows = report(ch, "rebate", "gap", "--as-of", "2024-05-20")["rows"]
    assert [(row["customer_code"], row["policy"], row["base"]) for row in rows] == [("C2", "B", 30)]


def test_what_no_day_is_left_for_is_no_headline(ch: Run) -> None:
    """DL ends with May, Q with June."""
    region(ch, SAMPLE_ROW, ("Q", *SAMPLE_ROW[1:5], "2024-04-01", "2024-06-30", "季", *SAMPLE_ROW[8:]))
    day_before, last = (["rebate", "gap", "--as-of", f"2024-05-{day}"] for day in (30, 31))
    both = {one.name: one.value for one in ask(day_before).figures}
    assert both["break_points"] == len(report(ch, *day_before)["rows"]) == 6
    rows = report(ch, *last)["rows"]
    left = [row for row in rows if row["days_left"]]
    assert (len(rows), len(left)) == (6, 3)
    figures = {one.name: one.value for one in ask(last).figures}
    assert figures == {"break_points": 3, "break_points_worth": sum(Decimal(str(row["worth"])) for row in left)}
    said = ch(*last).out.splitlines()
    assert [line for line in said if line.startswith("3 ")] == [said[-3], "3 more have no day left."]
    assert said[-1] == "3 more have no day left."


def test_at_the_end_of_every_policy_there_is_no_headline_at_all(ch: Run) -> None:
    region(ch)
    last = ["rebate", "gap", "--as-of", "2024-05-31"]
    assert list(ask(last).figures) == []
    assert ch(*last).out.endswith("\n\n3 break points were not reached: no day is left.\n")


@pytest.mark.parametrize(
    ("window", "first", "last", "start", "end"),
    [
        ("month", "2024-05-01", "2024-05-31", "2024-04-01", "2024-04-30"),
        ("month", "2024-05-16", "2024-05-31", "2024-05-01", "2024-05-15"),
        ("quarter", "2024-04-01", "2024-06-30", "2024-01-01", "2024-03-31"),
        ("half", "2024-01-01", "2024-06-30", "2023-07-01", "2023-12-31"),
        ("year", "2024-01-01", "2024-12-31", "2023-01-01", "2023-12-31"),
        ("whole", "2024-05-11", "2024-05-20", "2024-05-01", "2024-05-10"),
        ("whole", "0001-01-03", "2024-05-20", "0001-01-01", "0001-01-02"),
    ],
)
def test_the_window_before(window: str, first: str, last: str, start: str, end: str) -> None:
    found = before(replace(SAMPLE, window=window), Period.between(*map(dt.date.fromisoformat, (first, last))))
    assert found is not None
    assert (str(found.start), str(found.end)) == (start, end)


def test_before_all_days_and_before_an_endless_policy_there_is_none() -> None:
    assert before(SAMPLE, Period(dt.date.min, MAY.end, "")) is None
    assert before(replace(SAMPLE, window="whole"), Period(MAY.start, dt.date.max, "")) is None


def test_a_single_row_says_what_it_counts_and_when(ch: Run) -> None:
    region(ch, (*SAMPLE_ROW[:8], "净额", *SAMPLE_ROW[9:11], "1000000/2000000", *SAMPLE_ROW[12:]))
    said = ch("rebate", "gap", "--as-of", "2024-05-20", "--customer", "C2").out.splitlines()
    assert said[2].split()[:5] == ["Code", "Customer", "Policy", "Window", "Measure"]
    assert said[4].split()[:7] == ["C2", "信通电讯", "DL", "May", "2024", "net", "sales"]
    assert said[-1] == "Worth most a unit: C2 信通电讯, 370,000 short of 1,000,000 yuan, worth 11,428.57."


@pytest.mark.parametrize(
    ("words", "note"),
    [
        ("--as-of 2024-04-30", "no rebate rule holds on 2024-04-30: channelctl rebate policy list"),
        ("--as-of 2024-07-01", "nobody is short of a break point"),
        ("--as-of 2024-05-09", None),
    ],
)
def test_why_there_is_nothing(words: str, note: str | None, ch: Run) -> None:
    region(ch)
    said = ch("rebate", "gap", *words.split())
    assert (said.code, said.err) == (0, f"{note}\n" if note else "")


def test_without_rules_or_sales(ch: Run) -> None:
    assert ch("init").code == 0
    assert ch("rebate", "gap").err == "there are no sales yet\n"
    brought(ch, sheet("sales", "日期 客户编码 客户名称 数量 金额", [("2024-05-02", "C1", "店", 1, 2)]))
    said = ch("rebate", "gap")
    assert (said.code, said.err) == (
        0,
        "there are no rebate rules yet: channelctl rebate policy import FILE\n",
    )


@pytest.mark.parametrize("words", ["--customer C9", "--office 温州", "--as-of gestern", "--within -1"])
def test_what_there_is_not(words: str, ch: Run) -> None:
    region(ch)
    assert ch("rebate", "gap", *words.split()).code == 2


@pytest.mark.parametrize(
    ("within", "said"), [("abc", "--within is a number, such as 42.5"), ("-1", "--within cannot be negative")]
)
def test_how_far_short_is_a_number(within: str, said: str, ch: Run) -> None:
    done = ch("rebate", "gap", "--within", within)
    assert (done.code, done.err.splitlines()[0]) == (2, f"channelctl: error: {said}")


def test_stock_of_the_rules_products_and_purchases_of_ninety_days(ch: Run) -> None:
    region(ch, (*SAMPLE_ROW[:13], "K310", *SAMPLE_ROW[14:]))
    counts = [
        ("2024-05-01", "C1", "K310", 9999),
        ("2024-05-15", "C1", "K310", 700),
        ("2024-05-15", "C1", "A108", 5000),
        ("2024-05-25", "C1", "K310", 1),
        ("2024-05-15", "C2", "K310", 101),
    ]
    brought(ch, sheet("stock", "日期 客户编码 型号 库存数量", counts))
    rows = {row["customer_code"]: row for row in report(ch, "rebate", "gap", "--as-of", "2024-05-20")["rows"]}
    # 999 units in 90 days are 11.1 a day: 666 in 60. 300 are 200 in 60, and 101 and 100 short are one more.
    assert [(rows[code]["stock"], rows[code]["overstocks"]) for code in ("C1", "C2")] == [(700, True), (101, True)]
    assert rows["C1"]["counted_on"] == "2024-05-15"
    policy("[rebates]\noverstock_days = 64\n")
    rows = {row["customer_code"]: row for row in report(ch, "rebate", "gap", "--as-of", "2024-05-20")["rows"]}
    assert [rows[code]["overstocks"] for code in ("C1", "C2")] == [False, False]


def test_a_quarters_window_counts_its_earlier_months(ch: Run) -> None:
    rule = (*SAMPLE_ROW[:5], "2024-04-01", "2024-12-31", "季", *SAMPLE_ROW[8:])
    april = ("2024-04-20", "S0", "", "C3", "远方手机", "宁波", "A108", 100, 500, 50_000, "")
    region(ch, rule, lines=[*LINES, april])
    rows = {row["customer_code"]: row for row in report(ch, "rebate", "gap", "--as-of", "2024-05-20")["rows"]}
    assert (rows["C3"]["base"], rows["C3"]["days_left"], rows["C3"]["window"]) == (120, 41, "Q2 2024")


def test_json_holds_to_its_schema(ch: Run) -> None:
    region(ch)
    data = holds_to_schema(ch, "rebate_gap", "rebate", "gap", "--as-of", "2024-05-20")
    assert data["totals"] == {"rows": 3, "worth": 76020}


@pytest.mark.usefixtures("sample")
def test_the_sample_region(ch: Run) -> None:
    wanted = EXPECTED["rebates"]["2024-05"]["gap"]
    found = report(ch, "rebate", "gap", "--as-of", wanted["as_of"], "--within", "100")
    short = {row["customer_code"]: row["short"] for row in found["rows"] if row["policy"] == "DL2024"}
    assert short == wanted["DL2024"]
    assert short
