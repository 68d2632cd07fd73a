"""Exposure, pools and status: every part with tax, the most severe word first, and 0 never read as no limit."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelctl.systems.credit.rules import CreditPolicy
from channelctl.systems.credit.rules_exposure import (
    ABOVE,
    ABOVE_POOL,
    AMOUNT,
    BLOCKED,
    CASH,
    CLOSE,
    CLOSE_POOL,
    DAYS,
    HELD,
    HOLD,
    NEAR,
    NOTHING,
    OK,
    OVER,
    OVERDUE,
    PASS,
    PAST_DUE,
    POOL,
    UNSAID,
    WARN,
    Ceiling,
    Hold,
    Parts,
    Standing,
    ceilings,
    check,
    judge,
    needed,
)
from channelctl.systems.credit.rules_status import status_row
from tests.conftest import Run
from tests.credit.owed import customers, deliveries, invoices, limits, orders, payments, status, take
from tests.making import holds_to_schema, policy, report

D = Decimal
TODAY = dt.date(2024, 6, 3)
STOPPED = Hold(dt.date(2024, 5, 1), None, "争议")


def made(
    owed: object = 0,
    limit: object = None,
    *,
    overdue: object = 0,
    days: int = 0,
    pools: tuple[tuple[object, object], ...] = (),
    hold: Hold | None = None,
    **rules: Any,
) -> tuple[Standing, CreditPolicy]:
    """A customer that owes so much under a limit (None: none said), in pools of so much that owe so much."""
    due = TODAY - dt.timedelta(days=days) if days else None
    parts = Parts(documents=D(str(owed)), overdue=D(str(overdue)), oldest_due=due)
    own = None if limit is None else D(str(limit))
    above = [Ceiling(POOL, f"P{at}", D(str(most)), D(str(all_))) for at, (most, all_) in enumerate(pools)]
    found = CreditPolicy(**rules)
    return Standing("C", "客户", None, TODAY, own, parts, ceilings("C", own, False, parts, above, found), hold), found


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        (made(0, 1000), (OK, None)),
        (made("799.99", 1000), (OK, None)),
        (made(800, 1000), (NEAR, CLOSE)),
        (made(1000, 1000), (NEAR, CLOSE)),
        (made("1000.0001", 1000), (OVER, ABOVE)),
        (made(800, 1000, near="0.9"), (OK, None)),
        # 0 is cash only, whatever no limit means; money on account may be bought for.
        (made(0, 0), (OK, None)),
        (made(1, 0), (OVER, CASH)),
        (made(1, 0, no_limit="unlimited"), (OVER, CASH)),
        (made(-5, 0), (OK, None)),
        (made(0, None), (OK, None)),
        (made(1, None), (OVER, UNSAID)),
        (made(10**9, None, no_limit="unlimited"), (OK, None)),
        # Overdue is more severe than over, and says it where it is over too.
        (made(500, 1000, overdue=1, days=1), (OVERDUE, PAST_DUE)),
        (made(1500, 1000, overdue=1, days=1), (OVERDUE, ABOVE)),
        (made(500, 1000, overdue=1, days=1, hold=STOPPED), (BLOCKED, HELD)),
        (made(0, 1000, hold=STOPPED), (BLOCKED, HELD)),
        # Both thresholds are kept at their edge and passed beyond it.
        (made(500, 1000, overdue=500, days=60, block_overdue_days=60), (OVERDUE, PAST_DUE)),
        (made(500, 1000, overdue=500, days=61, block_overdue_days=60), (BLOCKED, DAYS)),
        (made(500, 1000, overdue=500, days=1, block_overdue_amount=500), (OVERDUE, PAST_DUE)),
        (made(500, 1000, overdue="500.01", days=1, block_overdue_amount=500), (BLOCKED, AMOUNT)),
        (made(500, 1000, days=3, block_overdue_days=0), (OK, None)),
        # Pools: without a limit of one's own only they count, with one both do.
        (made(50, None, pools=((1000, 500),)), (OK, None)),
        (made(50, None, pools=((1000, 1001),)), (OVER, ABOVE_POOL)),
        (made(50, None, pools=((1000, 900),)), (NEAR, CLOSE_POOL)),
        (made(50, 40, pools=((1000, 500),)), (OVER, ABOVE)),
        (made(50, 100, pools=((1000, 1500),)), (OVER, ABOVE_POOL)),
        (made(50, 40, pools=((1000, 1500),)), (OVER, ABOVE_POOL)),
        (made(50, None, pools=((1000, 500), (400, 600))), (OVER, ABOVE_POOL)),
    ],
)
def test_the_most_severe_word_is_said_with_its_reason(
    given_: tuple[Standing, CreditPolicy], expected: tuple[str, str | None]
) -> None:
    assert judge(*given_)[:2] == expected


@pytest.mark.parametrize(
    ("given_", "more", "expected"),
    [
        (made(500, 1000), "299.99", (PASS, None)),
        (made(500, 1000), 300, (WARN, CLOSE)),
        (made(500, 1000), 500, (WARN, CLOSE)),
        (made(500, 1000), "500.01", (HOLD, ABOVE)),
        (made(0, 0), "0.01", (HOLD, CASH)),
        (made(0, 0, no_limit="unlimited"), "0.01", (HOLD, CASH)),
        (made(-100, 0), 100, (PASS, None)),
        (made(-100, 0), "100.01", (HOLD, CASH)),
        (made(0, None), 1, (HOLD, UNSAID)),
        (made(0, None, no_limit="unlimited"), 10**9, (PASS, None)),
        (made(100, 1000, overdue=50, days=5), 1, (WARN, PAST_DUE)),
        (made(100, None, overdue=50, days=5, no_limit="unlimited"), 1, (WARN, PAST_DUE)),
        (made(100, 1000, overdue=50, days=5), 901, (HOLD, ABOVE)),
        (made(100, 1000, overdue=50, days=5, block_overdue_days=4), 1, (HOLD, DAYS)),
        (made(100, 1000, hold=STOPPED), 0, (HOLD, HELD)),
        (made(1001, 1000), 0, (HOLD, ABOVE)),
        (made(0, 100, pools=((1000, 950),)), 60, (HOLD, ABOVE_POOL)),
        (made(0, 100, pools=((1000, 750),)), 60, (WARN, CLOSE_POOL)),
    ],
)
def test_a_check_says_what_comes_of_it(
    given_: tuple[Standing, CreditPolicy], more: object, expected: tuple[str, str | None]
) -> None:
    one, rules = given_
    assert check(one, D(str(more)), rules)[:2] == expected


def test_who_lets_more_through_must_be_allowed_all_that_is_owed_then() -> None:
    assert needed(made(500, 1000)[0], D(600)) == 1100
    assert needed(made(50, 100, pools=((1000, 950),))[0], D(60)) == 1010
    # A pool that it fits into is nobody's matter.
    assert needed(made(50, 100, pools=((10_000, 950),))[0], D(60)) == 110


AMOUNTS = st.integers(-10_000_0000, 10_000_0000).map(lambda units: D(units).scaleb(-4))
LIMITS = st.one_of(st.none(), st.just(D(0)), st.integers(0, 10_000_0000).map(lambda units: D(units).scaleb(-4)))
NONE_MEANS = st.sampled_from(["cash", "unlimited"])


@given(AMOUNTS, LIMITS, AMOUNTS, AMOUNTS, NONE_MEANS)
def test_who_may_have_more_may_have_less(owed: D, limit: D | None, more: D, less: D, none: str) -> None:
    one, rules = made(owed, limit, no_limit=none)
    low, high = sorted((abs(less), abs(more)))
    worse = {PASS: 0, WARN: 1, HOLD: 2}
    assert worse[check(one, low, rules).verdict] <= worse[check(one, high, rules).verdict]


@given(AMOUNTS, LIMITS, AMOUNTS, NONE_MEANS)
def test_a_check_holds_exactly_beyond_what_is_left(owed: D, limit: D | None, more: D, none: str) -> None:
    one, rules = made(owed, limit, no_limit=none)
    left = status_row(one, rules).available
    assert (check(one, abs(more), rules).verdict == HOLD) == (left is not None and abs(more) > left)
    assert (left is None) == (limit is None and none == "unlimited")


@given(AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS, LIMITS)
def test_the_parts_of_a_row_make_its_exposure(docs: D, account: D, sent: D, ordered: D, limit: D | None) -> None:
    parts, rules = Parts(docs, account, sent, ordered), CreditPolicy()
    row = status_row(
        Standing("C", "", None, TODAY, limit, parts, ceilings("C", limit, False, parts, [], rules), None), rules
    )
    assert row.documents + row.on_account + row.uninvoiced + row.open_orders == row.exposure
    assert row.available == (limit or NOTHING) - row.exposure


# --- from sheets -----------------------------------------------------------------------------------------------------

VECTOR = {
    "limit": 500_000, "exposure": 485_000, "documents": 285_000, "on_account": 0, "uninvoiced": 60_000,
    "open_orders": 140_000, "available": 15_000, "overdue": 0, "status": "near", "reason": "near_limit",
}  # fmt: skip


@pytest.fixture
def vector(ch: Run) -> None:
    """320,000 invoiced, 20,000 paid, 15,000 credited, 60,000 delivered, 140,000 ordered, of 500,000."""
    policy("[credit]\nsale_documents = true\n")
    take(
        ch,
        deliveries(("2024-06-01", "S9", "C1", 60_000)),
        invoices(
            ("C1", "F1", "2024-05-10", "发票", 320_000, "2024-06-30"),
            ("C1", "H1", "2024-05-12", "红字发票", 15_000, ""),
        ),
        payments(("C1", "B1", "2024-05-15", 20_000, "")),
        orders(("C1", "D1", "2024-05-25", 140_000)),
        limits(("C1", "2024-01-01", 500_000, "", "")),
    )


@pytest.mark.usefixtures("vector")
def test_exposure_is_everything_with_tax_and_what_is_left_is_near_nothing(ch: Run) -> None:
    row = status(ch)["C1"]
    assert {name: row[name] for name in VECTOR} == VECTOR
    assert ch("credit", "status", "C1").out == (
        "credit on 2024-06-03 · C1 客户C1\n\n"
        "Code                  C1\n"
        "Customer              客户C1\n"
        "Limit, CNY            500,000.00\n"
        "Exposure, CNY         485,000.00\n"
        "Open documents, CNY   285,000.00\n"
        "On account, CNY       0.00\n"
        "Not invoiced, CNY     60,000.00\n"
        "Open orders, CNY      140,000.00\n"
        "Available, CNY        15,000.00\n"
        "Overdue, CNY          0.00\n"
        "Status                near\n"
        "Reason                near the limit\n"
        "\n"
        "C1 is near the limit; 15,000.00 left\n"
    )


@pytest.mark.usefixtures("vector")
def test_the_past_knows_nothing_of_what_came_later(ch: Run) -> None:
    days = {"2024-05-09": None, "2024-05-14": 305_000, "2024-05-24": 285_000, "2024-05-31": 425_000}
    found = {day: status(ch, "--as-of", day)["C1"] for day in days}
    assert {day: row["exposure"] or None for day, row in found.items()} == days
    assert status(ch, "--as-of", "2024-07-30")["C1"]["status"] == "overdue"
    assert status(ch, "--as-of", "2024-07-30")["C1"]["oldest_days"] == 30


@pytest.mark.usefixtures("vector")
def test_a_status_holds_to_its_schema_in_every_form(ch: Run) -> None:
    holds_to_schema(ch, "credit_status", "credit", "status")
    holds_to_schema(ch, "credit_status", "credit", "status", "C1")
    for form in ("csv", "md", "html"):
        assert ch("credit", "status", "--format", form).code == 0


def test_grace_days_make_late_what_is_later_than_they_are(ch: Run) -> None:
    policy("[credit]\ngrace_days = 5\nblock_overdue_days = 10\n")
    take(
        ch,
        invoices(
            ("C1", "F1", "2024-05-01", "发票", 100, "2024-05-29"),
            ("C2", "F2", "2024-05-01", "发票", 100, "2024-05-28"),
            ("C2", "F3", "2024-05-01", "发票", 70, "2024-05-30"),
            ("C3", "F4", "2024-05-01", "发票", 100, "2024-05-23"),
        ),
        limits(*((code, "2024-01-01", 1000, "", "") for code in ("C1", "C2", "C3"))),
    )
    rows = status(ch)
    assert {code: (row["overdue"], row["oldest_days"], row["status"]) for code, row in rows.items()} == {
        "C1": (0, 5, "ok"),
        "C2": (100, 6, "overdue"),
        "C3": (100, 11, "blocked"),
    }


def test_grace_of_more_days_than_there_are_makes_nothing_late(ch: Run) -> None:
    policy("[credit]\ngrace_days = 999999999\n")
    take(
        ch, invoices(("C1", "F1", "2024-05-01", "发票", 100, "2024-05-23")), limits(("C1", "2024-01-01", 1000, "", ""))
    )
    assert (status(ch)["C1"]["overdue"], status(ch)["C1"]["status"]) == (0, "ok")


def test_nobody_is_told_of_where_there_is_nothing(ch: Run, sample: object) -> None:
    take(ch, customers(("C1", "", "")))
    done = ch("credit", "status", "--as-of", "2000-01-01")
    assert (done.code, done.out, done.err) == (
        0,
        "credit on 2000-01-01\n",
        "nobody has a limit, an open document or a hold\n",
    )


def test_a_limit_that_has_expired_is_none(ch: Run) -> None:
    take(
        ch,
        invoices(("C1", "F1", "2024-05-01", "发票", 100, "2024-07-01")),
        limits(("C1", "2024-01-01", 1000, "2024-06-02", "")),
    )
    assert status(ch, "--as-of", "2024-06-02")["C1"]["available"] == 900
    row = status(ch)["C1"]
    assert (row["limit"], row["available"], row["status"], row["reason"]) == (None, -100, "over", "no_limit")
    policy('[credit]\nno_limit = "unlimited"\n')
    row = status(ch)["C1"]
    assert (row["limit"], row["available"], row["status"], row["reason"]) == (None, None, "ok", None)


@pytest.fixture
def group(ch: Run) -> None:
    """G has a pool of 1,000 for itself and all below it: A, with a limit of its own, and B below A, without one."""
    take(
        ch,
        customers(("G", "杭州", ""), ("A", "杭州", "客户G"), ("B", "温州", "客户A"), ("Z", "温州", "")),
        invoices(
            ("G", "F1", "2024-05-01", "发票", 100, "2024-07-01"),
            ("A", "F2", "2024-05-01", "发票", 250, "2024-07-01"),
            ("B", "F3", "2024-05-01", "发票", 400, "2024-07-01"),
        ),
        limits(("G", "2024-01-01", 1000, "", "是"), ("A", "2024-01-01", 300, "", ""), ("Z", "2024-01-01", 50, "", "")),
    )


@pytest.mark.usefixtures("group")
def test_a_pool_holds_for_all_below_beside_what_they_have_themselves(ch: Run) -> None:
    data = report(ch, "credit", "status")
    assert {
        row["customer_code"]: (row["limit"], row["exposure"], row["available"], row["pool"]) for row in data["rows"]
    } == {
        "G": (1000, 100, 250, "G"),
        "A": (300, 250, 50, None),
        "B": (None, 400, 250, "G"),
        "Z": (50, 0, 50, None),
    }
    assert [{**row} for row in data["pools"]] == [
        {"customer_code": "G", "customer": "客户G", "members": 3, "limit": 1000, "exposure": 750, "available": 250}
    ]
    assert {code: row["status"] for code, row in status(ch).items()} == {"G": "ok", "A": "near", "B": "ok", "Z": "ok"}


@pytest.mark.usefixtures("group")
def test_one_of_a_group_is_shown_with_its_pool_and_an_office_with_its_own(ch: Run) -> None:
    for code in ("G", "A", "B"):
        assert report(ch, "credit", "status", code)["rows"] == [
            row for row in report(ch, "credit", "status")["rows"] if row["customer_code"] == code
        ]
        assert [row["exposure"] for row in report(ch, "credit", "status", code)["pools"]] == [750]
    assert report(ch, "credit", "status", "Z")["pools"] == []
    assert set(status(ch, "--office", "温州")) == {"B", "Z"}


@pytest.mark.parametrize(
    ("code", "amount", "expected"),
    [
        ("B", 250, (0, "warn", "near_pool")),
        ("B", "250.01", (1, "hold", "above_pool")),
        ("A", 50, (0, "warn", "near_limit")),
        ("A", 51, (1, "hold", "above_limit")),
        ("G", 251, (1, "hold", "above_pool")),
        ("G", 1, (0, "pass", None)),
    ],
)
@pytest.mark.usefixtures("group")
def test_a_check_asks_the_pool_too(ch: Run, code: str, amount: object, expected: tuple[int, str, str | None]) -> None:
    done = ch("credit", "check", code, amount, "--format", "json")
    row = done.data["rows"][0]
    assert (done.code, row["verdict"], row["reason"]) == expected
    assert row["pool"] == ("G" if expected[2] in ("near_pool", "above_pool") or code == "G" else None)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("check", "B", 100), "warn: near the pooled limit; exposure of pool G 750.00 + 100.00 = 850.00 of 1,000.00"),
        (("check", "A", 10), "warn: near the limit; exposure 250.00 + 10.00 = 260.00 of 300.00"),
        (("status", "B"), "B is ok; 250.00 left of the limit of pool G"),
        (("status", "A"), "A is near the limit; 50.00 left"),
    ],
)
@pytest.mark.usefixtures("group")
def test_the_last_line_says_whose_limit_it_is(ch: Run, words: tuple[object, ...], said: str) -> None:
    assert ch("credit", *words).out.splitlines()[-1] == said


@pytest.mark.usefixtures("group")
def test_too_much_for_a_pool_is_said_of_the_pool(ch: Run) -> None:
    take(ch, invoices(("B", "F4", "2024-05-01", "发票", 300, "2024-07-01")))
    assert ch("credit", "status", "B").out.splitlines()[-1] == (
        "B is over, above the pooled limit; 50.00 too much for the limit of pool G"
    )


def test_unknown_customers_and_offices_are_errors(ch: Run) -> None:
    take(ch, customers(("C1", "杭州", "")))
    assert ch("credit", "status", "C9").code == 2
    assert ch("credit", "status", "--office", "nowhere").code == 2
    assert ch("credit", "check", "C9", "1").code == 2
