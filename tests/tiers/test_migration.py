"""Who moved between two gradings."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelctl.packs.asking import ask
from channelctl.period import Period
from channelctl.systems.tiers.rules_history import Run as TierRun
from channelctl.systems.tiers.rules_migration import (
    as_long,
    customer_rows,
    graded,
    is_as_long,
    matrix,
    moves,
    sales_rows,
)
from tests.conftest import Run
from tests.making import holds_to_schema, report
from tests.tiers.made import month, region

D = Decimal
WORDS = ("tier", "migration", "--from", "2024-04", "--to", "2024-05")


@pytest.fixture
def filled(ch: Run) -> None:
    """Four customers with sales in April and May."""
    assert ch("import", region()).code == 0
    assert ch("import", month("2024-04", {"K1": 70, "K2": 20, "K3": 10})).code == 0
    assert ch("import", month("2024-05", {"K1": 10, "K2": 20, "K3": 70})).code == 0


def apply(ch: Run) -> None:
    for when in ("2024-04", "2024-05"):
        assert ch("tier", "--month", when, "--apply").code == 0


@pytest.mark.usefixtures("filled")
def test_the_matrix_the_sales_and_the_moves_are_shown(ch: Run) -> None:
    apply(ch)
    found = ch(*WORDS)
    assert (found.code, found.err) == (0, "")
    assert found.out == (
        "migration of tiers · Apr 2024 → May 2024\n"
        "\n"
        "Customers\n"
        "From    Now A   Now B   Now C   Gone   Total\n"
        "────────────────────────────────────────────\n"
        "A           1       1       0      0       2\n"
        "B           1       0       0      0       1\n"
        "C           0       0       1      0       1\n"
        "new         0       0       0      0       0\n"
        "total       2       1       1      0       4\n"
        "\n"
        "Net sales, May 2024\n"
        "From    Now A, CNY   Now B, CNY   Now C, CNY   Gone, CNY   Total, CNY\n"
        "─────────────────────────────────────────────────────────────────────\n"
        "A            20.00        10.00         0.00        0.00        30.00\n"
        "B            70.00         0.00         0.00        0.00        70.00\n"
        "C             0.00         0.00         0.00        0.00         0.00\n"
        "new           0.00         0.00         0.00        0.00         0.00\n"
        "total        90.00        10.00         0.00        0.00       100.00\n"
        "\n"
        "Move   Code   Customer   From   To   Net before, CNY   Net sales, CNY\n"
        "─────────────────────────────────────────────────────────────────────\n"
        "fell   K1     恒达       A      B              70.00            10.00\n"
        "rose   K3     国美       B      A              10.00            70.00\n"
        "\n"
        "2 customers stayed, 1 fell, 1 rose, 0 new, 0 gone.\n"
    )
    data = holds_to_schema(ch, "tier_migration", *WORDS)
    assert (data["params"]["from_batch"], data["params"]["to_batch"]) == (4, 5)


@pytest.mark.usefixtures("filled")
def test_who_came_and_who_went_have_their_own_row_and_column(ch: Run) -> None:
    assert ch("tier", "--month", "2024-04", "--apply").code == 0
    assert ch("customer", "set", "K2", "closed_on=2024-05-20").code == 0
    assert ch("customer", "set", "K4", "closed_on=2024-05-20").code == 0
    assert ch("customer", "add", "K5", "新来的").code == 0
    assert ch("tier", "--month", "2024-05", "--apply").code == 0
    found = report(ch, *WORDS)
    assert [(row["move"], row["customer_code"], row["from"], row["to"]) for row in found["rows"]] == [
        ("fell", "K1", "A", "B"),
        ("rose", "K3", "B", "A"),
        ("new", "K5", None, "C"),
        ("gone", "K4", "C", None),
    ]
    assert [row["gone"] for row in found["customers"]] == [0, 0, 1, 0, 1]
    assert [row["total"] for row in found["customers"]] == [2, 1, 1, 1, 5]
    assert "0 new" not in ch(*WORDS).out


@pytest.mark.usefixtures("filled")
def test_without_runs_it_is_counted_over_twelve_months_and_said(ch: Run) -> None:
    found = report(ch, *WORDS)
    assert found["notes"] == [
        "no run that ends in Apr 2024 was applied: counted now over the 12 months to 2024-04-30",
        "no run that ends in May 2024 was applied: counted now over the 12 months to 2024-05-31",
    ]
    # K1 80, K2 40, K3 80 by the end of May; before it K1 70, K2 20, K3 10.
    assert [(row["customer_code"], row["from"], row["to"], row["net_sales"]) for row in found["rows"]] == [
        ("K2", "A", "B", 40),
        ("K3", "B", "A", 80),
    ]
    assert ch("tier", "--month", "2024-05", "--apply").code == 0
    mixed = report(ch, *WORDS)
    assert (mixed["params"]["from_batch"], mixed["params"]["to_batch"]) == (None, 4)
    assert mixed["notes"] == [
        "no run that ends in Apr 2024 was applied: counted now, as long as the run that ends in May 2024 "
        "(2024-04-01 to 2024-04-30)"
    ]
    # April alone: K1 70, K2 20, K3 10, against K1 10, K2 20, K3 70 of May.
    assert [(row["customer_code"], row["from"], row["to"], row["net_before"]) for row in mixed["rows"]] == [
        ("K1", "A", "B", 70),
        ("K3", "B", "A", 10),
    ]


@pytest.mark.usefixtures("filled")
def test_what_the_figures_are_of_is_said_wherever_they_stand(ch: Run) -> None:
    """April and May alone are by far not what the tiers of 12 months are made of."""
    said = ch(*WORDS).out
    assert said.startswith("migration of tiers · 12 months to 2024-04-30 → 12 months to 2024-05-31\n")
    assert "\nNet sales, 12 months to 2024-05-31\n" in said
    assert "Net sales, May 2024" not in said
    figures = {one.name: one.said for one in ask([*WORDS]).figures}
    assert figures == {
        "tiers_up": "12 months to 2024-05-31 · 0 new",
        "tiers_down": "12 months to 2024-05-31 · 0 gone",
    }


@pytest.mark.usefixtures("filled")
def test_before_anybody_bought_there_are_no_tiers_to_compare(ch: Run) -> None:
    words = ("tier", "migration", "--from", "2022-11", "--to", "2022-12")
    note = (
        "no customer has sales in 12 months to 2022-11-30 or in 12 months to 2022-12-31: there are no tiers to compare"
    )
    done = ch(*words)
    assert (done.code, done.err) == (0, f"{note}\n")
    assert "stayed" not in done.out
    found = report(ch, *words)
    assert (found["rows"], found["customers"], found["sales"], found["notes"]) == ([], [], [], [note])


@pytest.mark.parametrize(
    ("first", "last", "label"),
    [
        ("2024-05-01", "2024-05-31", "May 2024"),
        ("2023-06-01", "2024-05-31", "12 months to 2024-05-31"),
        ("2023-06-01", "2024-05-20", "12 months to 2024-05-20"),
        ("2024-05-01", "2024-05-20", "2024-05-01 to 2024-05-20"),
        ("2024-03-01", "2024-05-31", "2024-03-01 to 2024-05-31"),
        ("0001-01-01", "2024-05-31", "all time to 2024-05-31"),
    ],
)
def test_what_a_run_is_of_has_a_name(first: str, last: str, label: str) -> None:
    days = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
    found = graded(TierRun(1, 1, "abc", days[0], days[1], "{}", "{}", None))
    assert found.label == label
    assert str(found.end) == last


@pytest.mark.parametrize(
    ("days", "start"),
    [
        (None, dt.date(2023, 5, 1)),
        ((dt.date(2024, 5, 1), dt.date(2024, 5, 31)), dt.date(2024, 4, 1)),
        ((dt.date(2024, 5, 1), dt.date(2024, 5, 20)), dt.date(2024, 4, 1)),
        ((dt.date(2023, 6, 1), dt.date(2024, 5, 31)), dt.date(2023, 5, 1)),
        ((dt.date(2024, 3, 1), dt.date(2024, 5, 31)), dt.date(2024, 2, 1)),
        ((dt.date(2024, 5, 22), dt.date(2024, 5, 31)), dt.date(2024, 4, 21)),
        ((dt.date.min, dt.date(2024, 5, 31)), dt.date.min),
        ((dt.date(1, 1, 2), dt.date(2024, 5, 31)), dt.date.min),
        ((dt.date(1, 2, 1), dt.date(2024, 5, 31)), dt.date(1, 1, 1)),
    ],
)
def test_a_side_without_a_run_is_as_long_as_the_other(days: tuple[dt.date, dt.date] | None, start: dt.date) -> None:
    period = as_long(days, Period.month("2024-04"))
    assert (period.start, period.end) == (start, dt.date(2024, 4, 30))


@pytest.mark.usefixtures("filled")
def test_the_last_run_of_a_month_and_of_the_same_method_and_scope_counts(ch: Run) -> None:
    apply(ch)
    assert ch("tier", "--month", "2024-05", "--method", "share", "--apply").code == 0
    assert ch("tier", "--month", "2024-05", "--office", "杭州", "--apply").code == 0
    assert ch("tier", "--month", "2024-05", "--as-of", "2024-05-20", "--apply").code == 0
    assert report(ch, *WORDS)["params"]["to_batch"] == 5
    assert report(ch, *WORDS, "--method", "share")["params"]["to_batch"] == 6
    assert report(ch, *WORDS, "--office", "杭州")["params"]["to_batch"] == 7
    assert ch("import", month("2024-05", {"K4": 1000}, "late")).code == 0
    assert ch("tier", "--month", "2024-05", "--apply").code == 0
    assert report(ch, *WORDS)["params"]["to_batch"] == 10


@pytest.mark.usefixtures("filled")
def test_a_customer_merged_since_is_counted_once_where_it_can_be(ch: Run) -> None:
    assert ch("tier", "--month", "2024-04", "--apply").code == 0
    assert ch("customer", "merge", "K3", "K4").code == 0
    assert ch("tier", "--month", "2024-05", "--apply").code == 0
    found = report(ch, *WORDS)
    assert [(row["move"], row["customer_code"]) for row in found["rows"]] == [
        ("fell", "K1"),
        ("rose", "K4"),
        ("gone", "K3"),
    ], "in April both were graded: K4 by itself, and K3 is no more"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--from", "2024-05", "--to", "2024-05"], "2024-05 is not after 2024-05"),
        (["--from", "2024-05", "--to", "2024-04"], "2024-04 is not after 2024-05"),
        (["--from", "May", "--to", "2024-05"], "“May” is not a month"),
        (["--from", "2024-04"], "--to MONTH is missing"),
        (["--from", "2024-04", "--to", "2024-05", "--method", "abcd"], "“abcd” is not a method"),
    ],
)
def test_what_cannot_be_meant_is_refused(words: list[str], said: str, ch: Run) -> None:
    assert ch("init").code == 0
    found = ch("tier", "migration", *words)
    assert (found.code, found.out) == (2, "")
    assert said in found.err


SIDE = st.dictionaries(
    st.sampled_from([f"K{place}" for place in range(9)]),
    st.tuples(st.sampled_from("ABC"), st.integers(-99, 999).map(D)),
    max_size=9,
)


@given(SIDE, SIDE)
def test_the_matrix_adds_up_to_the_customers_and_sales_of_both(
    before: dict[str, tuple[str, D]], now: dict[str, tuple[str, D]]
) -> None:
    found = matrix(before, now)
    counts, sales = customer_rows(found), sales_rows(found)
    for row in counts[:-1]:
        assert row.a + row.b + row.c + row.gone == row.total
        assert row.from_ == "new" or row.total == sum(tier == row.from_ for tier, _net in before.values())
    assert counts[3].total == len(now.keys() - before.keys())
    whole, sums = counts[-1], sales[-1]
    assert (whole.total, whole.gone) == (len(before.keys() | now.keys()), len(before.keys() - now.keys()))
    for place, tier in enumerate("ABC", 1):
        theirs = [net for own, net in now.values() if own == tier]
        assert (whole[place], sums[place]) == (len(theirs), sum(theirs, D(0)))
    assert (sums.gone, sums.total) == (D(0), sum((net for _tier, net in now.values()), D(0)))
    moved = moves(before, now, {})
    stayed = sum(found.customers.get((tier, tier), 0) for tier in "ABC")
    assert len(moved) + stayed == whole.total
    back = moves(now, before, {})
    for there, home in (("fell", "rose"), ("rose", "fell"), ("new", "gone"), ("gone", "new")):
        assert {row.customer_code for row in moved if row.move == there} == {
            row.customer_code for row in back if row.move == home
        }


UNLIKE = [
    (("2024-04-01", "2024-04-30"), ("2024-05-01", "2024-05-31"), True),
    (("2024-02-01", "2024-02-29"), ("2024-05-01", "2024-05-31"), True),
    (("2024-04-01", "2024-04-30"), ("2024-04-01", "2024-05-31"), False),
    (("2024-03-01", "2024-04-30"), ("2024-05-01", "2024-05-31"), False),
    (("2024-04-01", "2024-04-30"), ("2024-05-01", "2024-05-20"), False),
    (("2024-04-11", "2024-04-30"), ("2024-05-01", "2024-05-20"), True),
    (("0001-01-01", "2024-04-30"), ("2024-05-01", "2024-05-31"), False),
]


@pytest.mark.parametrize(("before", "now", "alike"), UNLIKE)
def test_runs_of_whole_months_are_as_long_by_months_and_others_by_days(
    before: tuple[str, str], now: tuple[str, str], alike: bool
) -> None:
    one, other = (
        TierRun(1, 1, "abc", dt.date.fromisoformat(first), dt.date.fromisoformat(last), "{}", "{}", None)
        for first, last in (before, now)
    )
    assert is_as_long(one, other) is is_as_long(other, one) is alike


def test_a_migration_between_runs_of_other_lengths_says_so(ch: Run) -> None:
    assert ch("import", region()).code == 0
    for when in ("2024-04", "2024-05"):
        assert ch("import", month(when, {"K1": 70, "K2": 20})).code == 0
    assert ch("tier", "--month", "2024-04", "--apply").code == 0
    assert ch("tier", "--from", "2024-04-01", "--to", "2024-05-31", "--apply").code == 0
    words = ("tier", "migration", "--from", "2024-04", "--to", "2024-05")
    assert ch(*words).err == (
        "the two runs are not equally long (2024-04-01 – 2024-04-30, 2024-04-01 – 2024-05-31): "
        "that alone moves customers and sales\n"
    )
    assert ch("tier", "--month", "2024-05", "--apply").code == 0
    assert ch(*words).err == ""
