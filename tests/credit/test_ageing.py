"""`channelctl credit` ageing, overdue and risk, as a user runs them."""

from decimal import Decimal

import pytest

from channelctl.errors import UsageError
from channelctl.systems.credit import rules_ageing
from tests.conftest import Run
from tests.credit.owed import customers, invoices, payments, take
from tests.making import holds_to_schema, policy, report

D = Decimal


@pytest.fixture
def two(ch: Run) -> Run:
    """Two customers: one with documents of every age, one with money on account."""
    take(
        ch,
        customers(("C1", "南京", ""), ("C2", "", ""), ("C3", "苏州", "")),
        invoices(
            ("C1", "F1", "2024-01-02", "发票", 100, "2024-02-01"),
            ("C1", "F2", "2024-03-01", "发票", 200, "2024-03-31"),
            ("C1", "F3", "2024-04-01", "发票", 300, "2024-05-01"),
            ("C1", "F4", "2024-05-01", "发票", 400, "2024-05-31"),
            ("C1", "F5", "2024-05-02", "发票", 500, "2024-06-01"),
            ("C2", "F6", "2024-05-02", "发票", 50, "2024-05-20"),
            ("C3", "F7", "2024-04-02", "发票", 70, "2024-05-16"),
        ),
        payments(("C1", "P1", "2024-03-02", 40, ""), ("C2", "P2", "2024-05-30", 80, "")),
    )
    return ch


def test_the_ageing_as_it_is_printed(two: Run) -> None:
    done = two("credit", "ageing", "--as-of", "2024-05-31")
    assert (done.code, done.err) == (0, "")
    assert [line.split() for line in done.out.splitlines()[3:]] == [
        ["─" * len(done.out.splitlines()[3])],
        ["C1", "客户C1", "900.00", "300.00", "0.00", "200.00", "60.00", "0.00", "1,460.00"],
        ["C3", "客户C3", "0.00", "70.00", "0.00", "0.00", "0.00", "0.00", "70.00"],
        ["C2", "客户C2", "0.00", "0.00", "0.00", "0.00", "0.00", "-30.00", "-30.00"],
        ["total", "900.00", "370.00", "0.00", "200.00", "60.00", "-30.00", "1,500.00"],
        [],
        ["Past", "due:", "630.00", "of", "1,530.00", "open", "(41.2", "%)."],
    ]


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ((), [D(900), D(370), D(0), D(200), D(60), D(-30), D(1500)]),
        (("--as-of", "2024-06-01"), [D(500), D(470), D(300), D(200), D(60), D(-30), D(1500)]),
        (("--buckets", "15,45"), [D(900), D(70), D(300), D(260), D(-30), D(1500)]),
        (("--buckets", "14，45, 61"), [D(900), D(0), D(370), D(200), D(60), D(-30), D(1500)]),
        (("--date", "document"), [D(0), D(900), D(370), D(0), D(260), D(-30), D(1500)]),
        (("--by", "office"), [D(900), D(370), D(0), D(200), D(60), D(-30), D(1500)]),
        (("--by", "rep"), [D(900), D(370), D(0), D(200), D(60), D(-30), D(1500)]),
        (("--as-of", "2024-03-01"), [D(200), D(100), D(0), D(0), D(0), D(0), D(300)]),
        (("--as-of", "2024-03-02"), [D(200), D(60), D(0), D(0), D(0), D(0), D(260)]),
    ],
)
def test_totals(two: Run, words: tuple[str, ...], parts: list[Decimal]) -> None:
    day = () if "--as-of" in words else ("--as-of", "2024-05-31")
    found = holds_to_schema(two, "credit_ageing", "credit", "ageing", *day, *words)
    assert list(map(D, map(str, found["totals"].values()))) == parts
    for row in report(two, "credit", "ageing", *day, *words)["rows"]:
        _code, _name, *figures, outstanding = row.values()
        assert sum(figures) == outstanding


def test_by_the_documents_own_days_what_is_of_that_day_is_said_so(two: Run) -> None:
    words = ("credit", "ageing", "--as-of", "2024-05-31", "--date", "document")
    out = two(*words).out
    assert ("That day, CNY" in out, "Not due" in out) == (True, False)
    chinese = two("--lang", "zh", *words).out
    assert ("当天" in chinese, "未到期" in chinese) == (True, False)
    assert "Not due" in two("credit", "ageing", "--as-of", "2024-05-31").out


def test_by_office_customers_without_one_are_a_row(two: Run) -> None:
    rows = report(two, "credit", "ageing", "--as-of", "2024-05-31", "--by", "office")["rows"]
    assert [(row["name"], row["outstanding"]) for row in rows] == [
        ("南京", D(1460)), ("苏州", D(70)), ("without an office", D(-30)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ("0, 30", "buckets.0: 0 is below 1"),
        ("30, 36501", "buckets.1: 36501 is above 36500"),
        ("60, 30", "buckets needs days, each after the one before"),
        ("", "buckets needs days, each after the one before"),
        ("1, 2, 3, 4, 5, 6, 7, 8", "buckets takes at most 7 days"),
    ],
)
def test_a_policy_whose_buckets_are_none_is_refused_wherever_they_count(two: Run, days: str, said: str) -> None:
    policy(f"[credit]\nbuckets = [{days}]\n")
    for words in (("credit", "ageing"), ("credit", "statement", "C1")):
        done = two(*words)
        assert (done.code, done.out) == (3, "")
        assert said in done.err.splitlines()[0]


def test_the_policy_has_buckets_of_its_own(two: Run) -> None:
    policy("[credit]\nbuckets = [10, 20]\n")
    found = report(two, "credit", "ageing", "--as-of", "2024-05-31")
    assert [one["label"] for one in found["columns"]][2:6] == ["Not due", "1–10 days", "11–20 days", "> 20 days"]
    assert found["params"]["buckets"] == [10, 20]


def test_nothing_open(two: Run) -> None:
    done = two("credit", "ageing", "--as-of", "2023-12-31")
    assert (done.code, done.err) == (0, "nothing is open on 2023-12-31\n")
    done = two("credit", "overdue", "--as-of", "2024-02-01")
    assert (done.code, done.err) == (0, "nothing is past due on 2024-02-01\n")


@pytest.mark.parametrize(
    "text", ["", "30,", "60,30", "30,30", "0,30", "-1", "x", "1.5", "1,2,3,4,5,6,7,8", "99999", "٣"]
)
def test_what_makes_no_buckets(text: str) -> None:
    with pytest.raises(UsageError, match="makes no buckets"):
        rules_ageing.buckets(text, (30,))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("ageing", "--by", "week"), "--by takes no “week”\nThere are: customer|office|rep"),
        (("ageing", "--date", "paid"), "--date takes no “paid”\nThere are: due|document"),
        (("ageing", "--buckets", "x"), "“x” makes no buckets"),
        (("ageing", "--as-of", "soon"), "“soon” is not a date"),
        (("overdue", "--office", "nowhere"), "nowhere"),
        (("risk", "C9"), "C9"),
    ],
)
def test_wrong_options(two: Run, words: tuple[str, ...], said: str) -> None:
    done = two("credit", *words)
    assert done.code == 2
    assert said in done.err


@pytest.mark.parametrize(
    ("days", "level"), [(0, 0), (1, 1), (14, 1), (15, 2), (29, 2), (30, 3), (59, 3), (60, 4), (999, 4)]
)
def test_levels_of_reminders(days: int, level: int) -> None:
    assert rules_ageing.level(days, (1, 15, 30, 60)) == level


def test_what_is_past_due_by_level(two: Run) -> None:
    words = ("credit", "overdue", "--as-of", "2024-05-31")
    holds_to_schema(two, "credit_overdue", *words)
    rows = report(two, *words)["rows"]
    told = [(one["level"], one["customer_code"], one["number"], one["days_late"], one["open"]) for one in rows]
    assert told == [
        (4, "C1", "F1", 120, D(60)),
        (4, "C1", "F2", 61, D(200)),
        (3, "C1", "F3", 30, D(300)),
        (2, "C3", "F7", 15, D(70)),
    ]
    assert {one["customer_code"] for one in report(two, *words, "--office", "苏州")["rows"]} == {"C3"}
    done = two(*words)
    assert done.out.splitlines()[-1] == (
        "4 documents of 2 customers past due, 630.00 in all: 2 of level 4, 1 of level 3, 1 of level 2."
    )


def test_days_before_the_first_reminder_are_level_0(two: Run) -> None:
    policy("[credit]\ndunning = [16, 100]\n")
    rows = report(two, "credit", "overdue", "--as-of", "2024-05-31")["rows"]
    assert [(one["level"], one["number"]) for one in rows] == [(2, "F1"), (1, "F2"), (1, "F3"), (0, "F7")]


def test_how_a_customer_has_paid(ch: Run) -> None:
    bills = [("C1", f"F{place}", "2024-01-01", "发票", 10, "2024-01-31") for place in range(5)]
    paid = [("C1", f"P{place}", day, 10, f"F{place}") for place, day in enumerate(
        ["2024-01-10", "2024-01-31", "2024-02-01", "2024-02-10", "2024-03-01"])]  # fmt: skip
    take(ch, invoices(*bills, ("C2", "G1", "2024-01-01", "发票", 10, "2024-01-31")), payments(*paid))
    found = holds_to_schema(ch, "credit_risk", "credit", "risk", "C1")
    assert found["rows"] == [
        {
            "customer_code": "C1", "customer": "客户C1", "documents": 5, "late": 3, "late_share": 0.6,
            "mean_days_late": 8.2, "days_when_late": 13.666666666667, "longest": 30, "known": True,
        }
    ]  # fmt: skip
    early = ch("credit", "risk", "C1", "--as-of", "2024-02-29", "--format", "json").data["rows"][0]
    assert (early["documents"], early["late"], early["late_share"], early["known"]) == (4, 2, None, False)
    none = ch("credit", "risk", "C2")
    assert none.err == "1 customer with fewer than 5 paid documents: its risk is unknown\n"
    assert [one["customer_code"] for one in report(ch, "credit", "risk")["rows"]] == ["C1"]


def test_a_known_day_and_the_day_asked_for_are_two_things(two: Run) -> None:
    take(two, payments(("C1", "P9", "2024-05-01", 100, ""), name="late"))
    now = report(two, "credit", "ageing", "--as-of", "2024-05-31")["totals"]["outstanding"]
    first = report(two, "credit", "ageing", "--as-of", "2024-05-31", "--known", "3")["totals"]["outstanding"]
    assert (now, first) == (D(1400), D(1500))
