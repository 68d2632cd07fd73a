"""`payment apply` and `unapply`: which document a payment is for, never beyond what it has left or what is open."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelctl.systems.credit.store_desk import Desk, Document, Money
from tests.conftest import Run
from tests.credit.owed import invoices, payments, take
from tests.making import holds_to_schema, report, sheet

D = Decimal


@pytest.fixture(autouse=True)
def ledger(ch: Run) -> None:
    """Two invoices and a credit note of K1, one payment for whatever is due first and one for A2; K2's B1; a refund."""
    take(
        ch,
        invoices(
            ("K1", "A1", "2024-03-01", "发票", 1000, "2024-03-31"),
            ("K1", "A2", "2024-04-01", "发票", 500, "2024-05-01"),
            ("K2", "B1", "2024-03-01", "发票", 70, "2024-03-31"),
        ),
        payments(
            ("K1", "P1", "2024-04-10", 600, ""),
            ("K1", "P2", "2024-05-10", 300, "A2"),
            ("K1", "R1", "2024-05-12", -50, ""),
        ),
    )


def opened(ch: Run) -> dict[str, Any]:
    """What is open of K1's documents."""
    return {row["number"]: row["open"] for row in report(ch, "credit", "statement", "K1")["open"]}


def kept(ch: Run) -> list[tuple[Any, ...]]:
    rows = report(ch, "payment", "application", "list")["rows"]
    return [(row["payment"], row["document"], row["amount"]) for row in rows]


def test_a_payment_goes_where_it_is_told_and_back(ch: Run) -> None:
    before = opened(ch)
    assert before == {"A1": 400, "A2": 200, "R1": 50}
    done = ch("payment", "apply", "K1", "P1", "A2", 150)
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        "payment · K1 客户K1 · P1 · 2024-04-10\n"
        "\n"
        "Document   Type      Date         Due          Amount, CNY   From this payment, CNY   Open, CNY\n"
        "───────────────────────────────────────────────────────────────────────────────────────────────\n"
        "A2         invoice   2024-04-01   2024-05-01        500.00                   150.00       50.00\n"
        "total                                                                        150.00\n"
        "\n"
        "payment P1: 600.00, for documents by word 150.00, left 450.00\n"
        "What is left goes to what is due first.\n"
    )
    assert opened(ch) == {"A1": 550, "A2": 50, "R1": 50}
    assert ch("payment", "apply", "K1", "P1", "A2").code == 0
    assert kept(ch) == [("P1", "A2", 200)]
    assert opened(ch) == {"A1": 600, "R1": 50}
    back = ch("payment", "unapply", "K1", "P1", "A2")
    assert (back.code, back.err) == (0, "the payment is for no document by somebody's word\n")
    assert back.out.endswith("payment P1: 600.00, for documents by word 0.00, left 600.00\nWhat is left goes to what is due first.\n")  # fmt: skip # noqa: E501
    assert (opened(ch), kept(ch)) == (before, [])
    holds_to_schema(ch, "payment_apply", "payment", "apply", "K1", "P2", "A1", 5)


def test_a_payment_below_nothing_is_called_a_refund_or_returned_payment(ch: Run) -> None:
    out = ch("credit", "statement", "K1").out
    assert out.count("refund or returned payment") == 2
    (row,) = [row for row in report(ch, "credit", "statement", "K1")["rows"] if row["number"] == "R1"]
    assert row["what"] == "refund"


def test_the_word_counts_more_than_the_name_on_the_payment(ch: Run) -> None:
    done = ch("payment", "apply", "K1", "P2", "A1", 100)
    assert done.out.endswith("left 200.00\nWhat is left goes to A2, as the payment says.\n")
    assert opened(ch) == {"A1": 300, "A2": 300, "R1": 50}


def test_each_step_can_be_undone(ch: Run) -> None:
    before = opened(ch)
    assert ch("payment", "apply", "K1", "P1", "A2", 10).code == 0
    assert ch("payment", "apply", "K1", "P1", "A2", 20).code == 0
    assert ch("payment", "unapply", "K1", "P1").code == 0
    assert ch("batch", "undo", 5).code == 0
    assert kept(ch) == [("P1", "A2", 30)]
    assert ch("batch", "undo", 4).code == 0
    assert ch("batch", "undo", 3).code == 0
    assert (opened(ch), kept(ch)) == (before, [])


def test_what_is_applied_by_word_is_not_removed(ch: Run) -> None:
    take(ch, invoices(("K1", "A3", "2024-05-20", "发票", 80, "2024-06-19"), name="more"))
    take(ch, payments(("K1", "P3", "2024-05-21", 60, ""), name="money"))
    assert ch("payment", "apply", "K1", "P3", "A3").code == 0
    refused = (
        "cannot be removed: payment P3 is for A3 by somebody's word\n"
        "Take that back first: channelctl payment unapply K1 P3 A3\n"
    )
    for kind, number in (("payment", "P3"), ("receivable", "A3")):
        done = ch(kind, "remove", "K1", number)
        assert (done.code, done.out, done.err) == (3, "", f"channelctl: error: {number} {refused}")
    for batch in (3, 4):
        done = ch("batch", "undo", batch)
        assert (done.code, done.err.splitlines()[1]) == (
            3, "  batch 5 applied payment P3 to A3: channelctl payment unapply K1 P3 A3"
        )  # fmt: skip
    assert kept(ch) == [("P3", "A3", 60)]
    assert ch("payment", "unapply", "K1", "P3").code == 0
    assert ch("payment", "remove", "K1", "P3").code == ch("receivable", "remove", "K1", "A3").code == 0
    again = ch("batch", "undo", 6)
    assert (again.code, again.err.splitlines()[1]) == (3, "  payment P3, which it was about, is gone since")
    assert kept(ch) == []


def test_a_word_is_not_restored_above_what_the_payment_has_left(ch: Run) -> None:
    assert ch("payment", "apply", "K1", "P1", "A2", 200).code == 0
    assert ch("payment", "unapply", "K1", "P1").code == 0
    assert ch("payment", "apply", "K1", "P1", "A1", 500).code == 0
    again = ch("batch", "undo", 4)
    assert (again.code, again.err.splitlines()[1]) == (
        3, "  payment P1 has not that much left for A2 any more"
    )  # fmt: skip
    assert kept(ch) == [("P1", "A1", 500)]
    assert [ch("batch", "undo", batch).code for batch in (5, 4)] == [0, 0]
    assert kept(ch) == [("P1", "A2", 200)]


def test_a_sheet_of_payments_with_what_they_are_for_is_undone_whole(ch: Run) -> None:
    applied = sheet("applied", "客户编码 核销回款单号 核销应收单号 核销金额", [("K1", "P1", "A2", 5)])
    take(ch, applied)
    assert [ch("batch", "undo", batch).code for batch in (1, 2, 3, 2, 1)] == [3, 3, 0, 0, 0]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("P1", "A2", "200.01"), 3, "200.01 for A2 is more than is open of it, 200.00\n"),
        (("P1", "A1", 601), 3, "601.00 of payment P1 is more than it has left, 600.00\nApply less of it.\n"),
        (("P1", "B1"), 3, "B1 is a document of K2 客户K2\nThere are: A1, A2\n"),
        (("P1", "Z"), 2, "there is no document Z of this customer that a payment could be for\nThere are: A1, A2\n"),
        (("P1", "R1"), 2, "there is no document R1 of this customer that a payment could be for\n"),
        (("P9", "A1"), 2, "there is no payment P9 of this customer\nThere are: P1, P2, R1\n"),
        (("R1", "A1"), 3, "R1 is money that went back: it pays nothing\n"),
        (("R1", "A1", 5), 3, "R1 is money that went back: it pays nothing\n"),
        (("P1", "A1", 0), 2, "what is applied is more than 0, not 0.00\n"),
        (("P1", "A1", "some"), 2, "Payment amount: "),
        (("P1", "A1", "-5"), 2, "the amount must be 0 or more, not -5\n"),
    ],
)
def test_nothing_is_applied_beyond_what_there_is(ch: Run, words: tuple[object, ...], code: int, said: str) -> None:
    done = ch("payment", "apply", "K1", *words)
    assert (done.code, done.out) == (code, "")
    assert done.err.startswith(f"channelctl: error: {said}")
    assert kept(ch) == []


def test_what_has_nothing_left_or_open_is_said(ch: Run) -> None:
    assert ch("payment", "apply", "K1", "P1", "A1").code == 0
    again = ch("payment", "apply", "K1", "P1", "A2")
    assert (again.code, again.err) == (
        3,
        "channelctl: error: payment P1 has nothing left\nchannelctl payment unapply frees what it is for.\n",
    )
    take(ch, payments(("K1", "P3", "2024-05-20", 1000, ""), name="more"))
    assert ch("payment", "apply", "K1", "P3", "A1").code == 0
    take(ch, payments(("K1", "P4", "2024-05-20", 1000, ""), name="evenmore"))
    full = ch("payment", "apply", "K1", "P4", "A1")
    assert (full.code, full.err) == (
        3,
        "channelctl: error: nothing of A1 is open that no payment or credit is for by word or name\n",
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("P1",), "payment P1 is for no document by somebody's word\n"),
        (("P2", "A1"), "payment P2 is not for A1\nIt is for: A2\n"),
        (("P9",), "there is no payment P9 of this customer\n"),
    ],
)
def test_what_is_not_applied_cannot_be_taken_back(ch: Run, words: tuple[str, ...], said: str) -> None:
    assert ch("payment", "apply", "K1", "P2", "A2", 10).code == 0
    done = ch("payment", "unapply", "K1", *words)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"channelctl: error: {said}")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("P1", "A1", 400), ("P1", "A2", 201)], "201.00 of payment P1 is more than it has left, 200.00"),
        ([("P1", "A1", 600), ("P2", "A1", 300), ("P2", "A2", 1)], "1.00 of payment P2 is more than it has left, 0.00"),
        ([("P1", "B1", 1)], "there is no document B1 of this customer"),
        ([("P7", "A1", 1)], "there is no payment P7 of this customer"),
        ([("P1", "A1", -1)], "what is applied is more than 0, not -1.00"),
    ],
)
def test_a_sheet_is_held_to_the_same_row_by_row(ch: Run, rows: list[tuple[str, str, int]], said: str) -> None:
    headings = "客户编码 客户 核销回款单号 核销应收单号 核销金额"
    done = ch("import", sheet("applied", headings, [("K1", "客户K1", *row) for row in rows]))
    assert done.code == 3
    assert "E357" in done.err + done.out
    assert said in done.err + done.out


def test_it_holds_on_every_day_on_which_both_are_there(ch: Run) -> None:
    assert ch("payment", "apply", "K1", "P1", "A2", 200).code == 0
    early = report(ch, "credit", "statement", "K1", "--as-of", "2024-04-10")["open"]
    assert {row["number"]: row["open"] for row in early} == {"A1": 600, "A2": 300}


units = st.integers(1, 10**6).map(lambda fen: D(fen).scaleb(-2))


class Paper(Desk):
    """A desk without a database."""

    def __init__(self, documents: list[Decimal], money: list[Decimal]) -> None:
        import datetime as dt

        day = dt.date(2024, 5, 1)
        self.documents = {f"D{n}": Document("invoice", day, day, one, one) for n, one in enumerate(documents)}
        self.payments = {f"P{n}": Money(n, day, one, None) for n, one in enumerate(money)}
        self.applied: dict[tuple[str, str], Decimal] = {}
        self._kept: dict[tuple[str, str], Decimal] = {}


@given(
    st.lists(units, min_size=1, max_size=4),
    st.lists(units, min_size=1, max_size=4),
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), units), max_size=20),
)
def test_whatever_is_tried_nothing_is_applied_twice(
    documents: list[Decimal], money: list[Decimal], tries: list[tuple[int, int, Decimal]]
) -> None:
    desk = Paper(documents, money)
    for place, other, amount in tries:
        payment, document = f"P{place % len(money)}", f"D{other % len(documents)}"
        if desk.amiss(payment, document, amount) is None:
            desk.applied[payment, document] = amount
        for name, one in desk.payments.items():
            assert sum(part for (own, _document), part in desk.applied.items() if own == name) <= one.amount
        for name, found in desk.documents.items():
            assert sum(part for (_own, document), part in desk.applied.items() if document == name) <= found.amount
