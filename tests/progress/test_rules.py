"""What a month's figures come to, by tables of cases and by properties."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelctl.columns import columns
from channelctl.errors import UsageError
from channelctl.systems.progress import rules, rules_movers, rules_stopped, rules_trend
from channelctl.systems.progress.rules import Pace, ProgressRow, ProgressUnits, Sums
from channelctl.systems.progress.rules_stopped import Quiet

D = Decimal
DAY = dt.timedelta(days=1)
ZERO = D("0.00")

amounts = st.integers(-(10**12), 10**12).map(lambda units: D(units).scaleb(-4))
positive = st.integers(1, 10**12).map(lambda units: D(units).scaleb(-4))
paces = st.integers(0, 23).flatmap(lambda days: st.builds(Pace, st.integers(0, days), st.just(days)))
sums = st.dictionaries(st.integers(1, 12), st.tuples(amounts, amounts, amounts, amounts), max_size=12).map(
    lambda found: [Sums(id_, *each) for id_, each in found.items()]
)
NAMES = {place: (f"K{place:02}", f"客户{place}") for place in range(1, 13)}


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("as_of", "month", "last_month", "last_year"),
    [
        ("2024-05-20", "2024-05-01 2024-05-20", "2024-04-01 2024-04-20", "2023-05-01 2023-05-20"),
        ("2024-05-31", "2024-05-01 2024-05-31", "2024-04-01 2024-04-30", "2023-05-01 2023-05-31"),
        ("2024-04-30", "2024-04-01 2024-04-30", "2024-03-01 2024-03-31", "2023-04-01 2023-04-30"),
        ("2024-03-31", "2024-03-01 2024-03-31", "2024-02-01 2024-02-29", "2023-03-01 2023-03-31"),
        ("2024-02-29", "2024-02-01 2024-02-29", "2024-01-01 2024-01-31", "2023-02-01 2023-02-28"),
        ("2025-02-28", "2025-02-01 2025-02-28", "2025-01-01 2025-01-31", "2024-02-01 2024-02-29"),
        ("2024-02-28", "2024-02-01 2024-02-28", "2024-01-01 2024-01-28", "2023-02-01 2023-02-28"),
        ("2023-03-30", "2023-03-01 2023-03-30", "2023-02-01 2023-02-28", "2022-03-01 2022-03-30"),
        ("2024-01-01", "2024-01-01 2024-01-01", "2023-12-01 2023-12-01", "2023-01-01 2023-01-01"),
    ],
)
def test_the_days_that_are_compared(as_of: str, month: str, last_month: str, last_year: str) -> None:
    found = rules.spans(day(as_of))
    assert found.day == day(as_of)
    told = [" ".join(map(str, span)) for span in found[1:]]
    assert told == [month, last_month, last_year]


@given(st.dates(dt.date(1900, 1, 1), dt.date(9998, 12, 31)))
def test_every_day_has_its_spans(as_of: dt.date) -> None:
    found = rules.spans(rules.day_within(as_of))
    for first, last in found[1:]:
        assert first.day == 1 and (last.year, last.month) == (first.year, first.month)
        ends = (last + DAY).day == 1
        assert ends if (as_of + DAY).day == 1 else last.day == as_of.day or (last.day < as_of.day and ends)
    assert rules.month_end(as_of) + DAY == rules.month_start(as_of, 1)


@pytest.mark.parametrize("as_of", [dt.date(1, 1, 1), dt.date(1899, 12, 31), dt.date(9999, 1, 1), dt.date.max])
def test_days_at_the_ends_of_time_are_refused(as_of: dt.date) -> None:
    with pytest.raises(UsageError):
        rules.day_within(as_of)


@pytest.mark.parametrize(
    ("net", "target", "pace", "attainment", "gap", "forecast", "of_target"),
    [
        ("600", "1000", (12, 21), "0.6", "0.028571428571", "1050.00", "1.05"),
        ("600", "1000", (21, 21), "0.6", "-0.4", "600.00", "0.6"),
        ("600", "1000", (0, 21), "0.6", "0.6", None, None),
        ("600", "1000", (0, 0), "0.6", None, None, None),
        ("600", None, (10, 20), None, None, "1200.00", None),
        ("-50", "100", (10, 20), "-0.5", "-1.0", "-100.00", "-1"),
        ("100", "300", (3, 7), "0.333333333333", "-0.095238095238", "233.3333", "0.777777777778"),
        ("0", "100", (1, 20), "0", "-0.05", "0.00", "0"),
    ],
)
def test_a_row(
    net: str,
    target: str | None,
    pace: tuple[int, int],
    attainment: str | None,
    gap: str | None,
    forecast: str | None,
    of_target: str | None,
) -> None:
    one = Sums(1, ZERO, D(net), ZERO, ZERO)
    (row,), _totals = rules.progress([one], {} if target is None else {1: D(target)}, NAMES, "", Pace(*pace))
    told = (row.attainment, row.gap, row.forecast, row.forecast_attainment)
    assert told == tuple(None if word is None else D(word) for word in (attainment, gap, forecast, of_target))


@pytest.mark.parametrize(
    ("now", "before", "change", "said"),
    [
        ("120", "100", "0.2", "▲ 20.0%"),
        ("80", "100", "-0.2", "▼ 20.0%"),
        ("100", "100", "0", "0.0%"),
        ("0", "100", "-1", "▼ 100.0%"),
        ("5", "0", None, ""),
        ("5", "-10", None, ""),
        ("100.04", "100", "0.0004", "0.0%"),
    ],
)
def test_a_change(now: str, before: str, change: str | None, said: str) -> None:
    found = rules.change(D(now), D(before))
    assert found == (None if change is None else D(change))
    assert rules.change_text(found) == said


@given(sums, st.dictionaries(st.integers(1, 12), positive, max_size=12), amounts, paces)
def test_rows_add_up_to_the_totals(found: list[Sums], targets: dict[int | None, D], more: D, pace: Pace) -> None:
    every = [*found, Sums(None, ZERO, more, ZERO, ZERO)]
    rows, totals = rules.progress(every, targets, NAMES, "without", pace)
    assert {row.code for row in rows} == {
        *(NAMES[id_][0] for id_ in [*(one.id for one in found), *targets] if id_ is not None),
        "",
    }
    for name in ("today", "month_to_date", "last_month", "last_year"):
        assert sum(getattr(row, name) for row in rows) == totals[name] == sum(getattr(one, name) for one in every)
    assert totals["target"] == (sum(targets.values()) if targets else None)
    if targets:
        assert totals["attainment"] == rules.share(Fraction(totals["month_to_date"]) / Fraction(totals["target"]))
    if pace.gone:
        exact = Fraction(totals["month_to_date"]) * pace.work_days / pace.gone
        assert abs(Fraction(totals["forecast"]) - exact) <= Fraction(1, 20_000)
        # The rows' forecasts are rounded one by one, the total's is not made of them.
        assert abs(sum(row.forecast for row in rows) - totals["forecast"]) <= D("0.0001") * (len(rows) + 1)
    figures = [row.month_to_date for row in rows]
    assert figures == sorted(figures, reverse=True)


def test_quantities_are_told_as_such() -> None:
    one = Sums(1, D(1), D(3), D(2), D(0))
    (row,), _totals = rules.progress([one], {}, NAMES, "", Pace(1, 2), "quantity")
    assert isinstance(row, ProgressUnits)
    kinds = {name: col.kind for name, col in columns(ProgressUnits).items()}
    assert kinds == {
        name: "quantity" if col.kind == "money" else col.kind for name, col in columns(ProgressRow).items()
    }


@given(sums, st.integers(1, 5))
def test_movers_are_the_largest_and_all_of_them_are_summed(found: list[Sums], top: int) -> None:
    told = rules_movers.movers(found, NAMES, "without", top)
    differences = [one.month_to_date - one.last_month for one in found]
    assert told.risen + told.fallen == sum(differences, ZERO)
    assert (told.rises, told.falls) == (sum(one > 0 for one in differences), sum(one < 0 for one in differences))
    rises = [row.difference for row in told.rows if row.direction == "up"]
    falls = [row.difference for row in told.rows if row.direction == "down"]
    assert rises == sorted((one for one in differences if one > 0), reverse=True)[:top]
    assert falls == sorted(one for one in differences if one < 0)[:top]
    assert [row.rank for row in told.rows] == [*range(1, len(rises) + 1), *range(1, len(falls) + 1)]


@pytest.mark.parametrize(
    ("days", "gap"),
    [
        ([], None),
        (["2024-05-01"], None),
        (["2024-05-01", "2024-05-08"], "7"),
        (["2024-05-01", "2024-05-02", "2024-05-10"], "4.5"),
        (["2024-02-28", "2024-02-29", "2024-03-01", "2024-03-31"], "1"),
    ],
)
def test_the_usual_gap_is_the_median(days: list[str], gap: str | None) -> None:
    assert rules_stopped.usual_gap([day(one) for one in days]) == (None if gap is None else D(gap))


def test_who_stopped_stands_by_what_it_bought() -> None:
    quiet = [
        Quiet(1, "K1", "", None, None, day("2024-04-01"), D(5)),
        Quiet(2, "K3", "", None, None, day("2024-03-01"), D(9)),
        Quiet(3, "K2", "", None, None, day("2024-03-31"), D(9)),
    ]
    bought = [(1, day("2024-03-02")), (1, day("2024-04-01")), (2, day("2024-03-01"))]
    rows = rules_stopped.stopped(quiet, bought, day("2024-05-01"))
    assert [(row.code, row.days_since, row.usual_gap) for row in rows] == [
        ("K2", 31, None), ("K3", 61, None), ("K1", 30, D(30)),
    ]  # fmt: skip


def test_a_trend_compares_a_month_to_date_with_the_same_days() -> None:
    nets = {day("2023-01-31"): D(7), day("2023-02-10"): D(50), day("2023-02-28"): D(40), day("2024-01-05"): D(14),
            day("2024-02-10"): D(60), day("2024-02-11"): D(999)}  # fmt: skip
    rows = rules_trend.trend(nets, day("2024-02-10"), 2, day("2023-01-31"))
    assert [(row.month, row.net_sales, row.last_year, row.change, row.to_date) for row in rows] == [
        ("2024-01", D(14), D(7), D(1), False),
        ("2024-02", D(60), D(50), D("0.2"), True),
    ]
    whole = rules_trend.trend(nets, day("2024-02-29"), 1, day("2023-01-31"))
    assert [(row.net_sales, row.last_year, row.to_date) for row in whole] == [(D(1059), D(90), False)]


def test_a_trend_begins_with_the_first_sale_and_knows_nothing_before() -> None:
    nets = {day("2024-03-15"): D(5), day("2024-05-01"): D(6)}
    rows = rules_trend.trend(nets, day("2024-05-31"), 13, day("2024-03-15"))
    assert [(row.month, row.net_sales, row.last_year) for row in rows] == [
        ("2024-03", D(5), None), ("2024-04", ZERO, None), ("2024-05", D(6), None),
    ]  # fmt: skip
    assert [row.month for row in rules_trend.trend({}, day("2024-05-31"), 13, None)] == ["2024-05"]


@given(
    st.dictionaries(st.dates(day("2024-04-20"), day("2024-06-10")), amounts),
    st.dates(day("2024-05-01"), day("2024-05-31")),
)
def test_cumulated_days_end_with_the_month_to_date(nets: dict[dt.date, D], last: dt.date) -> None:
    first = last.replace(day=1)
    found = rules_trend.cumulated(nets, first, last)
    assert len(found) == last.day
    assert found[-1] == sum((net for one, net in nets.items() if first <= one <= last), ZERO)
