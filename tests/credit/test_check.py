"""`credit check` as other programs ask it: exact words, figures and exit codes."""

from pathlib import Path

import pytest

from tests.conftest import Run
from tests.credit.owed import answer, deliveries, invoices, limits, orders, payments, take
from tests.making import holds_to_schema, policy, report
from tests.tables import everything

HEAD = "credit check on 2024-06-03\n\n"


@pytest.fixture
def owing(ch: Run) -> None:
    """C1 owes 700 of 1,000, none of it due; C2 owes 100 since 24 days of 1,000; C3 is cash only; C4 has no limit."""
    take(
        ch,
        invoices(
            ("C1", "F1", "2024-05-10", "发票", 700, "2024-06-30"),
            ("C2", "F2", "2024-04-10", "发票", 100, "2024-05-10"),
        ),
        limits(("C1", "2024-01-01", 1000, "", ""), ("C2", "2024-01-01", 1000, "", ""), ("C3", "2024-01-01", 0, "", "")),
        payments(("C4", "B1", "2024-06-01", 50, "")),
    )


@pytest.mark.parametrize(
    ("words", "code", "out"),
    [
        (
            ("C1", "99.99"),
            0,
            "Code                  C1\nCustomer              客户C1\nAmount, CNY           99.99\n"
            "Verdict               pass\nLimit, CNY            1,000.00\nExposure, CNY         700.00\n"
            "Exposure after, CNY   799.99\nAvailable, CNY        300.00\nOverdue, CNY          0.00\n"
            "Status                ok\n\n"
            "pass; exposure 700.00 + 99.99 = 799.99 of 1,000.00\n",
        ),
        (
            ("C1", "300"),
            0,
            "Code                  C1\nCustomer              客户C1\nAmount, CNY           300.00\n"
            "Verdict               warn\nReason                near the limit\nLimit, CNY            1,000.00\n"
            "Exposure, CNY         700.00\nExposure after, CNY   1,000.00\nAvailable, CNY        300.00\n"
            "Overdue, CNY          0.00\nStatus                ok\n\n"
            "warn: near the limit; exposure 700.00 + 300.00 = 1,000.00 of 1,000.00\n",
        ),
        (
            ("客户C1", "300.01"),
            1,
            "Code                  C1\nCustomer              客户C1\nAmount, CNY           300.01\n"
            "Verdict               hold\nReason                above the limit\nLimit, CNY            1,000.00\n"
            "Exposure, CNY         700.00\nExposure after, CNY   1,000.01\nAvailable, CNY        300.00\n"
            "Overdue, CNY          0.00\nStatus                ok\n\n"
            "To let it through once: channelctl credit release C1 300.01 --until DAY --reason TEXT\n"
            "hold: above the limit; exposure 700.00 + 300.01 = 1,000.01 of 1,000.00\n",
        ),
        (
            ("C4", "50.01"),
            1,
            "Code                  C4\nCustomer              客户C4\nAmount, CNY           50.01\n"
            "Verdict               hold\nReason                no limit: cash only\nExposure, CNY         -50.00\n"
            "Exposure after, CNY   0.01\nAvailable, CNY        50.00\nOverdue, CNY          0.00\n"
            "Status                ok\n\n"
            "To let it through once: channelctl credit release C4 50.01 --until DAY --reason TEXT\n"
            "hold: no limit: cash only; exposure -50.00 + 50.01 = 0.01, limit: none\n",
        ),
    ],
)
@pytest.mark.usefixtures("owing")
def test_a_check_says_its_figures_and_the_verdict_last(ch: Run, words: tuple[str, ...], code: int, out: str) -> None:
    done = ch("credit", "check", *words)
    assert (done.code, done.out, done.err) == (code, HEAD + out, "")


@pytest.mark.parametrize("words", [("C1", "-5"), ("C1", "-5.50"), ("C1", "--as-of", "2024-06-03", "-1,000")])
def test_an_amount_below_nothing_is_no_option(ch: Run, words: tuple[str, ...]) -> None:
    done = ch("credit", "check", *words)
    said = f"channelctl: error: the amount must be 0 or more, not {words[-1]}\n"
    assert (done.code, done.out, done.err) == (2, "", f"{said}For help: channelctl credit check --help\n")


@pytest.mark.usefixtures("owing")
def test_who_owes_without_a_limit_is_not_above_one(ch: Run) -> None:
    take(ch, invoices(("C4", "F4", "2024-06-01", "发票", 80, "2024-07-01"), name="more"))
    take(ch, invoices(("C3", "F3", "2024-06-01", "发票", 7, "2024-07-01"), name="evenmore"))
    assert ch("credit", "status").out.splitlines()[-3:-1] == [
        "1 customer above the limit, 7.00 in all",
        "1 customer owes 30.00 without credit",
    ]
    assert ch("credit", "status", "C4").out.endswith("; 30.00 without credit\n")
    assert ch("credit", "status", "C3").out.endswith("; 7.00 too much\n")


@pytest.mark.parametrize(
    ("rules", "words", "expected"),
    [
        ("", ("C2", "1"), (0, "warn", "past_due")),
        ("grace_days = 24", ("C2", "1"), (0, "pass", None)),
        ("grace_days = 23", ("C2", "1"), (0, "warn", "past_due")),
        ("block_overdue_days = 24", ("C2", "1"), (0, "warn", "past_due")),
        ("block_overdue_days = 23", ("C2", "1"), (1, "hold", "overdue_days")),
        ("block_overdue_amount = 99", ("C2", "1"), (1, "hold", "overdue_amount")),
        ("block_overdue_amount = 100", ("C2", "1"), (0, "warn", "past_due")),
        ('no_limit = "unlimited"', ("C3", "0.01"), (1, "hold", "cash_only")),
        ('no_limit = "unlimited"', ("C4", "1000000"), (0, "pass", None)),
        ("", ("C3", "0"), (0, "pass", None)),
        ("", ("C4", "50"), (0, "pass", None)),
        ("", ("C1", "1", "--as-of", "2024-07-01"), (0, "warn", "past_due")),
    ],
)
@pytest.mark.usefixtures("owing")
def test_a_check_goes_by_the_policy_and_the_day(
    ch: Run, rules: str, words: tuple[str, ...], expected: tuple[int, str, str | None]
) -> None:
    policy(f"[credit]\n{rules}\n")
    assert answer(ch, *words) == expected


@pytest.mark.usefixtures("owing")
def test_no_limit_and_a_limit_of_nothing_are_told_apart(ch: Run) -> None:
    limits_ = {code: report(ch, "credit", "check", code, "1")["rows"][0]["limit"] for code in ("C3", "C4")}
    assert limits_ == {"C3": 0, "C4": None}
    policy('[credit]\nno_limit = "unlimited"\n')
    assert ch("credit", "check", "C4", "5").out.endswith("pass; exposure -50.00 + 5.00 = -45.00, no limit\n")


@pytest.mark.usefixtures("owing")
def test_a_check_holds_to_its_schema_and_writes_nothing(ch: Run, tmp_path: Path) -> None:
    before = everything(tmp_path / "channel.db")
    holds_to_schema(ch, "credit_check", "credit", "check", "C1", "10")
    holds_to_schema(ch, "credit_check", "credit", "check", "C4", "10000")
    assert everything(tmp_path / "channel.db") == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("C1", "abc"), "“abc” is not an amount\nWrite it as 50000 or 50,000.00.\n"),
        (("C1", ""), "“” is not an amount\nWrite it as 50000 or 50,000.00.\n"),
        (("C1", "nan"), "“nan” is not an amount\nWrite it as 50000 or 50,000.00.\n"),
        (("C1", "(5)"), "the amount of a delivery cannot be below 0: -5.00\nA return needs no check.\n"),
        (
            ("C1", "5", "--document", "X"),
            "--document says what a release is used for\nGive it with --release NUMBER.\n",
        ),
    ],
)
@pytest.mark.usefixtures("owing")
def test_what_cannot_be_asked_is_said(ch: Run, words: tuple[str, ...], said: str) -> None:
    done = ch("credit", "check", *words)
    assert (done.code, done.out, done.err) == (2, "", f"channelctl: error: {said}")


@pytest.mark.usefixtures("owing")
def test_amounts_are_read_as_people_write_them(ch: Run) -> None:
    amounts = ["1,234.5", "￥1234.50", "1234.5元", "0.12345万"]
    found = [report(ch, "credit", "check", "C1", word)["rows"][0]["amount"] for word in amounts]
    assert [str(one) for one in found] == ["1234.50", "1234.50", "1234.50", "1234.50"]


# --- holds by hand ---------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("owing")
def test_a_hold_stops_deliveries_from_its_first_day_to_its_last(ch: Run) -> None:
    done = ch("credit", "hold", "add", "C1", "2024-06-02", "until=2024-06-05", "reason=价格争议")
    assert (done.code, done.err) == (0, "")
    days = ["2024-06-01", "2024-06-02", "2024-06-05", "2024-06-06"]
    assert [answer(ch, "C1", 1, "--as-of", day) for day in days] == [
        (0, "pass", None),
        (1, "hold", "held"),
        (1, "hold", "held"),
        (0, "pass", None),
    ]
    assert ch("credit", "check", "C1", "1").out.splitlines()[-1] == (
        "hold: on hold (价格争议); exposure 700.00 + 1.00 = 701.00 of 1,000.00"
    )
    assert ch("credit", "status", "C1").out.splitlines()[-1] == "C1 is blocked, on hold (价格争议); 300.00 left"


@pytest.mark.usefixtures("owing")
def test_holds_are_listed_changed_and_removed(ch: Run) -> None:
    assert ch("credit", "hold", "add", "C1", "2024-06-02", "reason=争议").code == 0
    assert [row["customer_code"] for row in report(ch, "credit", "hold", "list")["rows"]] == ["C1"]
    assert ch("credit", "hold", "set", "C1", "2024-06-02", "until=2024-06-02").code == 0
    assert answer(ch, "C1", 1) == (0, "pass", None)
    assert ch("credit", "hold", "remove", "C1", "2024-06-02").code == 0
    assert report(ch, "credit", "hold", "list")["rows"] == []
    assert answer(ch, "C1", 1, "--as-of", "2024-06-02") == (0, "pass", None)


@pytest.mark.usefixtures("owing")
def test_a_hold_keeps_nothing_from_being_invoiced_paid_or_delivered(ch: Run) -> None:
    policy("[credit]\nsale_documents = true\nblock_overdue_days = 0\n")
    for code in ("C1", "C2", "C3"):
        assert ch("credit", "hold", "add", code, "2024-06-01", "reason=停").code == 0
    take(ch, deliveries(("2024-06-02", "S1", "C1", 5000), ("2024-06-02", "S3", "C3", 10)))
    take(
        ch,
        invoices(
            ("C1", "F9", "2024-06-03", "发票", 5000, ""),
            ("C2", "F8", "2024-06-03", "发票", 90_000, ""),
            ("C3", "F7", "2024-06-03", "发票", 10, ""),
            name="later",
        ),
        orders(("C2", "D1", "2024-06-03", 5)),
        payments(("C2", "B9", "2024-06-03", 100, "F2"), name="paid"),
    )
    assert {row["number"] for row in report(ch, "receivable", "list")["rows"]} == {"F1", "F2", "F7", "F8", "F9"}
    assert answer(ch, "C2", 1) == (1, "hold", "held")
