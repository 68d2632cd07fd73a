"""Bad debt: giving debts up, what comes in for them later, and who answers for the rest to the fen."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelctl.errors import RefusedError
from channelctl.money import to_fen
from channelctl.systems.credit.rules import CreditPolicy
from channelctl.systems.credit.rules_loss import NOTHING, Lost, liability, persons, share
from tests.conftest import Run
from tests.credit.owed import customers, invoices, limits, payments, take
from tests.making import holds_to_schema, policy, report, sheet

D = Decimal
SHARES = "[credit]\nhandler_share = 0.30\napprover_share = 0.20\n"
POLICY = CreditPolicy(handler_share=D("0.30"), approver_share=D("0.20"))
LATEST = "2024-05-31"


@pytest.fixture
def owed(ch: Run) -> None:
    """K1 owes 150,000 within a limit of 100,000; K2 5,000 in cash only; K3 has no limit, K4 one that had expired."""
    take(
        ch,
        invoices(
            ("K1", "A1", "2024-02-01", "发票", 130000, "2024-03-01"),
            ("K1", "A2", "2024-03-01", "发票", 20000, "2024-04-01"),
            ("K2", "B1", "2024-02-01", "发票", 5000, "2024-03-01"),
            ("K3", "C1", "2024-02-01", "发票", 700, "2024-03-01"),
            ("K4", "D1", "2024-02-01", "发票", 900, "2024-03-01"),
        ),
        limits(
            ("K1", "2024-01-01", 100000, "", ""),
            ("K2", "2024-01-01", 0, "", ""),
            ("K4", "2023-01-01", 9000, "2023-12-31", ""),
        ),
    )
    policy(SHARES)


def give_up(ch: Run, *words: object) -> Any:
    return ch("credit", "writeoff", *words, "--handler", "王伟", "--reason", "破产")


def shares(ch: Run, *words: object) -> list[tuple[Any, ...]]:
    names = ("customer_code", "loss", "inside", "handler_share", "approver_share", "company_share")
    return [tuple(row[name] for name in names) for row in report(ch, "credit", "liability", *words)["rows"]]


@pytest.mark.usefixtures("owed")
def test_a_debt_is_given_up_and_counts_as_paid_and_as_lost(ch: Run) -> None:
    done = give_up(ch, "K1", 130000, "--document", "A1", "--approver", "李总")
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        "write-off · HX20240603-1 · K1 客户K1\n"
        "\n"
        "Number             HX20240603-1\n"
        "Date               2024-06-03\n"
        "Code               K1\n"
        "Customer           客户K1\n"
        "Document           A1\n"
        "Written off, CNY   130,000.00\n"
        "Recovered, CNY     0.00\n"
        "Loss, CNY          130,000.00\n"
        "Handler            王伟\n"
        "Approver           李总\n"
        "Reason             破产\n"
        "\n"
        "Lost 130,000.00\n"
    )
    found = report(ch, "credit", "statement", "K1")
    assert [row["number"] for row in found["open"]] == ["A2"]
    assert found["rows"][-1]["what"] == "writeoff"
    assert shares(ch) == [("K1", 130000, 100000, 60000, 20000, 50000)]
    holds_to_schema(ch, "credit_writeoff_made", "credit", "recover", "HX20240603-1", 10)
    holds_to_schema(ch, "credit_liability", "credit", "liability")


@pytest.mark.usefixtures("owed")
def test_what_each_answers_for_is_summed_up(ch: Run) -> None:
    assert give_up(ch, "K1", 130000, "--document", "A1", "--approver", "李总").code == 0
    assert give_up(ch, "K2", 5000).code == 0
    done = ch("credit", "liability")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(
        "liability for bad debt · 2 write-offs · to 2024-06-03\n"
        "\n"
        "by person\n"
        "Person   As         Write-offs   Share, CNY\n"
        "───────────────────────────────────────────\n"
        "王伟     handler             2    65,000.00\n"
        "李总     approver            1    20,000.00\n"
    )
    assert done.out.endswith("Lost 135,000.00: handlers 65,000.00, approvers 20,000.00, company 50,000.00\n")


@pytest.mark.parametrize(
    ("code", "amount"), [("K2", 5000), ("K3", 700), ("K4", 900)], ids=["cash only", "none", "expired"]
)
@pytest.mark.usefixtures("owed")
def test_without_a_limit_in_force_the_handler_bears_all_of_it(ch: Run, code: str, amount: int) -> None:
    policy("")
    assert give_up(ch, code, amount, "--approver", "李总").code == 0
    assert shares(ch) == [(code, amount, 0, amount, 0, 0)]


@pytest.mark.usefixtures("owed")
def test_write_offs_under_one_limit_use_it_up_in_order_of_day(ch: Run) -> None:
    assert give_up(ch, "K1", 20000, "--document", "A2", "--approver", "李总", "--on", "2024-06-02").code == 0
    assert give_up(ch, "K1", 90000, "--document", "A1", "--approver", "李总", "--on", "2024-06-01").code == 0
    assert shares(ch) == [("K1", 90000, 90000, 27000, 18000, 45000), ("K1", 20000, 10000, 13000, 2000, 5000)]
    assert shares(ch, "--from", "2024-06-02") == [("K1", 20000, 10000, 13000, 2000, 5000)]
    assert shares(ch, "--to", "2024-05") == []
    assert ch("credit", "recover", "HX20240601-1", 20000).code == 0
    assert shares(ch)[1] == ("K1", 20000, 20000, 6000, 4000, 10000)
    assert shares(ch, "--as-of", "2024-06-02")[1] == ("K1", 20000, 10000, 13000, 2000, 5000)


@pytest.mark.usefixtures("owed")
def test_the_limit_is_that_of_the_documents_own_day(ch: Run) -> None:
    take(ch, invoices(("K5", "E1", "2024-01-05", "发票", 100, "2024-02-05"), name="early"))
    take(ch, limits(("K5", "2024-02-01", 1000, "", "")))
    assert give_up(ch, "K5", 60, "--document", "E1").code == 0
    assert give_up(ch, "K5", 40).code == 0
    assert shares(ch) == [("K5", 60, 0, 60, 0, 0), ("K5", 40, 40, 12, 0, 28)]
    note = "HX20240603-2: nobody is known to have approved the credit, the company bears the approver's part\n"
    assert ch("credit", "liability").err == note


def test_a_limit_for_all_below_covers_a_customer_without_one(ch: Run) -> None:
    take(
        ch,
        customers(("G", "杭州", ""), ("K1", "杭州", "客户G"), ("K2", "杭州", "客户G")),
        invoices(
            ("K1", "A", "2024-02-01", "发票", 80, "2024-03-01"), ("K2", "B", "2024-02-01", "发票", 80, "2024-03-01")
        ),
        limits(("G", "2024-01-01", 100, "", "是")),
    )
    policy(SHARES)
    assert give_up(ch, "K1", 80, "--approver", "李总").code == 0
    assert give_up(ch, "K2", 80, "--approver", "李总").code == 0
    assert shares(ch) == [("K1", 80, 80, 24, 16, 40), ("K2", 80, 20, 66, 4, 10)]


@pytest.mark.usefixtures("owed")
@pytest.mark.parametrize("text", ["", "[credit]\nhandler_share = 0.30\n", "[credit]\napprover_share = 0\n"])
def test_who_bears_how_much_is_never_guessed(ch: Run, text: str) -> None:
    policy(text)
    assert give_up(ch, "K1", 100).code == 0
    done = ch("credit", "liability")
    assert (done.code, done.out, done.err) == (
        3,
        "",
        "channelctl: error: the policy does not say which part of a loss inside the limit handler and approver bear\n"
        "Set both in the policy file, under [credit]: handler_share = 0.30 and approver_share = 0.20\n",
    )


@pytest.mark.usefixtures("owed")
@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("K2", "5000.01"), 3, "a write-off of 5,000.01 is more than is open of K2, 5,000.00"),
        (("K1", 20001, "--document", "A2"), 3, "a write-off of 20,001.00 is more than is open of A2, 20,000.00"),
        (("K1", 1, "--document", "B1"), 3, "a write-off of 1.00 is more than is open of B1, 0.00"),
        (("K1", 1, "--on", "2024-01-31"), 3, "a write-off of 1.00 is more than is open of K1, 0.00"),
        (("K1", 0), 3, "a write-off is more than 0, not 0.00"),
        (("K1", -5), 2, ""),
        (("K9", 1), 2, "no customer “K9”"),
        (("K1", "many"), 2, ""),
        (("K1", 1, "--on", "2024-06-04"), 2, "2024-06-04 is yet to come: today is 2024-06-03"),
    ],
)
def test_more_than_is_open_is_never_given_up(ch: Run, words: tuple[object, ...], code: int, said: str) -> None:
    done = give_up(ch, *words)
    assert (done.code, done.out) == (code, "")
    assert said in done.err
    assert ch("credit", "writeoffs", "list", "--format", "json").data["rows"] == []


@pytest.mark.usefixtures("owed")
def test_what_was_paid_since_cannot_be_given_up_for_an_earlier_day(ch: Run) -> None:
    take(ch, payments(("K2", "P1", "2024-05-20", 4000, "")))
    done = give_up(ch, "K2", 1001, "--on", "2024-05-01")
    assert (done.code, "more than is open of K2, 1,000.00" in done.err) == (3, True)
    assert give_up(ch, "K2", 1000, "--on", "2024-05-01").code == 0


@pytest.mark.usefixtures("owed")
def test_recoveries_lessen_the_loss_and_never_exceed_it(ch: Run) -> None:
    assert give_up(ch, "K2", 5000).code == 0
    assert ch("credit", "recover", "HX20240603-1", "1999.99", "--remark", "法院").code == 0
    over = ch("credit", "recover", "HX20240603-1", "3000.02")
    assert (over.code, over.out, over.err) == (
        3,
        "",
        "channelctl: error: 3,000.02 is more than is lost with write-off HX20240603-1, 3,000.01\n"
        "What is beyond it is a payment: channelctl payment add\n",
    )
    assert shares(ch) == [("K2", D("3000.01"), 0, D("3000.01"), 0, 0)]
    assert report(ch, "credit", "statement", "K2")["summary"][-1]["amount"] == 0
    gone = ch("credit", "writeoffs", "remove", "HX20240603-1")
    assert (gone.code, "1,999.99 came in for write-off HX20240603-1" in gone.err) == (3, True)
    undone = ch("batch", "undo", 3)
    assert (undone.code, "batch 4 kept what came in for write-off HX20240603-1" in undone.err) == (3, True)
    assert ch("batch", "undo", 4).code == 0
    assert ch("batch", "undo", 3).code == 0
    assert shares(ch) == []


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("HX9", 1), 2, "no write-off “HX9”\nchannelctl credit writeoffs list shows all.\n"),
        (("HX20240601-1", 0), 3, "a recovery is more than 0, not 0.00"),
        (("HX20240601-1", 1, "--on", LATEST), 3, "2024-05-31 is before the debt was given up (2024-06-01)"),
    ],
)
@pytest.mark.usefixtures("owed")
def test_what_is_no_recovery_is_said(ch: Run, words: tuple[object, ...], code: int, said: str) -> None:
    assert give_up(ch, "K2", 5000, "--on", "2024-06-01").code == 0
    done = ch("credit", "recover", *words)
    assert (done.code, done.out) == (code, "")
    assert said in done.err


@pytest.mark.usefixtures("owed")
def test_a_sheet_is_held_to_the_same_row_by_row(ch: Run) -> None:
    lost = sheet(
        "lost",
        "核销编号 核销日期 客户编码 客户 呆账金额 经办人",
        [("W1", LATEST, "K2", "客户K2", 3000, "王伟"), ("W2", LATEST, "K2", "客户K2", 2001, "王伟")],
    )
    done = ch("import", lost)
    assert done.code == 3
    assert "E358" in done.err + done.out
    assert "a write-off of 2,001.00 is more than is open of K2, 2,000.00" in done.err + done.out


@pytest.mark.usefixtures("owed")
def test_a_write_off_that_names_its_document_later_gives_its_own_amount_back_first(ch: Run) -> None:
    take(ch, payments(("K1", "P1", "2024-05-20", 130000, "")))
    assert give_up(ch, "K1", 20000).code == 0
    refused = ch("credit", "writeoffs", "set", "HX20240603-1", "document=A1")
    assert (refused.code, refused.out) == (3, "")
    assert "a write-off of 20,000.00 is more than is open of A1, 0.00" in refused.err
    assert [row["document"] for row in report(ch, "credit", "writeoffs", "list")["rows"]] == [None]
    assert ch("credit", "writeoffs", "set", "HX20240603-1", "document=A2").code == 0
    assert ch("credit", "writeoffs", "set", "HX20240603-1", "amount=15000").code == 0
    assert ch("credit", "writeoffs", "set", "HX20240603-1", "amount=20000.01").code == 3
    found = report(ch, "credit", "writeoffs", "list")["rows"]
    assert [(row["document"], row["amount"]) for row in found] == [("A2", 15000)]
    assert report(ch, "credit", "statement", "K1")["summary"][-1]["amount"] == 5000


@pytest.mark.usefixtures("owed")
@pytest.mark.parametrize(("second", "code"), [(3000, 0), ("3000.01", 3)])
def test_what_a_sheet_lowers_is_free_for_its_next_rows(ch: Run, second: object, code: int) -> None:
    heading = "核销编号 核销日期 客户编码 客户 呆账金额 经办人"
    assert ch("import", sheet("first", heading, [("W1", LATEST, "K2", "客户K2", 3000, "王伟")])).code == 0
    rows = [("W1", LATEST, "K2", "客户K2", 2000, "王伟"), ("W2", LATEST, "K2", "客户K2", second, "王伟")]
    assert ch("import", sheet("second", heading, rows)).code == code
    left = {row["number"]: row["amount"] for row in report(ch, "credit", "writeoffs", "list")["rows"]}
    assert left == ({"W1": 2000, "W2": 3000} if code == 0 else {"W1": 3000})


@pytest.mark.usefixtures("owed")
def test_the_number_of_what_was_removed_is_not_given_again(ch: Run) -> None:
    assert give_up(ch, "K2", 5000).code == 0
    assert ch("credit", "recover", "HX20240603-1", 10).code == 0
    assert ch("credit", "recovery", "remove", "SH20240603-1").code == 0
    assert ch("credit", "writeoffs", "remove", "HX20240603-1").code == 0
    assert give_up(ch, "K2", 4000).code == 0
    assert ch("credit", "recover", "HX20240603-2", 10).code == 0
    assert [row["number"] for row in report(ch, "credit", "writeoffs", "list")["rows"]] == ["HX20240603-2"]
    assert [row["number"] for row in report(ch, "credit", "recovery", "list")["rows"]] == ["SH20240603-2"]


figures = st.integers(0, 10**11).map(lambda fen: D(fen).scaleb(-2))
fractions = st.tuples(st.integers(0, 1000), st.integers(0, 1000)).map(sorted)


@given(figures, figures, fractions, st.booleans())
def test_shares_add_up_to_the_loss_to_the_fen(loss: Decimal, free: Decimal, parts: list[int], known: bool) -> None:
    handler, approver = D(parts[0]).scaleb(-3), D(parts[1] - parts[0]).scaleb(-3)
    found = share(loss, free, handler, approver, known)
    assert found.handler + found.approver + found.company == loss
    assert min(found) >= 0
    assert all(part == to_fen(part) for part in found)
    assert found.inside == min(loss, free)
    if known and handler + approver == 1:
        assert found.company == 0


@pytest.mark.parametrize(
    ("loss", "parts", "shares"),
    [
        ("52685.11", ("0.30", "0.20"), ("15805.53", "10537.02", "26342.56")),
        ("600.11", ("0.30", "0.20"), ("180.03", "120.02", "300.06")),
        ("0.05", ("0.30", "0.30"), ("0.02", "0.02", "0.01")),
        ("0.01", ("0.50", "0.50"), ("0.01", "0.00", "0.00")),
    ],
)
def test_each_share_is_rounded_by_itself_and_the_company_takes_the_rest(
    loss: str, parts: tuple[str, str], shares: tuple[str, str, str]
) -> None:
    handler, approver = map(D, parts)
    found = share(D(loss), D(loss), handler, approver)
    assert (found.handler, found.approver, found.company) == tuple(map(D, shares))


def lost(place: int, amount: Decimal, recovered: Decimal, limit: Decimal | None) -> Lost:
    day = dt.date(2024, 1, 1) + dt.timedelta(days=place % 5)
    names = ("王伟", "李总" if place % 3 else None, None)
    return Lost(f"W{place}", day, "K", "客户", None, amount, min(recovered, amount), names[0], names[1], None, limit, 1)


@given(st.lists(st.tuples(figures, figures), max_size=8), st.none() | figures)
def test_all_shares_add_up_and_no_limit_is_used_twice(
    amounts: list[tuple[Decimal, Decimal]], limit: Decimal | None
) -> None:
    rows = liability([lost(place, *pair, limit) for place, pair in enumerate(amounts)], POLICY)
    for row in rows:
        assert row.handler_share + row.approver_share + row.company_share == row.loss == row.amount - row.recovered
    total = sum((row.loss for row in rows), NOTHING)
    assert sum((row.inside for row in rows), NOTHING) == min(total, limit or NOTHING)
    borne = sum((row.company_share for row in rows), NOTHING) + sum((one.amount for one in persons(rows)), NOTHING)
    assert borne == total


def test_the_fractions_are_asked_for_only_where_something_lies_inside_a_limit() -> None:
    assert liability([lost(1, D(5), NOTHING, None)], CreditPolicy())[0].handler_share == 5
    with pytest.raises(RefusedError):
        liability([lost(1, D(5), NOTHING, D(1))], CreditPolicy())
