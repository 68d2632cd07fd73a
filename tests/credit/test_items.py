"""Invoices with a row for each item: one document of the sum, and what may not be added up."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import running
from tests.conftest import Run
from tests.making import report, sheet
from tests.running import run
from tests.tables import contents, examples

ITEMS = "客户 发票号 开票日期 到期日 产品 数量 应收金额 税额 关联单号 备注"
MAY, JUNE, JULY = "2024-05-03", "2024-06-02", "2024-07-02"


def item(number: str, product: str, amount: object, *, customer: str = "甲", **other: object) -> Sequence[object]:
    """A row of an invoice."""
    rest = {"day": MAY, "due": JUNE, "tax": "", "document": "", "remark": "", **other}
    return (
        customer, number, rest["day"], rest["due"], product, 1, amount, rest["tax"], rest["document"], rest["remark"]
    )  # fmt: skip


def imported(ch: Run, rows: Sequence[Sequence[object]], headings: str = ITEMS, name: str = "owed") -> tuple[Any, Any]:
    """New, changed, there already, refused; and the problems."""
    data = ch("import", sheet(name, headings, rows), "--format", "json").data
    row = data["rows"][0]
    counts = tuple(row[field] for field in ("new", "changed", "existing", "rejected"))
    return counts, [(one["row"], one["code"], one["message"]) for one in data["problems"]]


def documents(ch: Run, *fields: str) -> list[tuple[object, ...]]:
    return [tuple(row[name] for name in fields) for row in report(ch, "receivable", "list")["rows"]]


def test_the_items_of_an_invoice_are_one_document_which_is_said(ch: Run) -> None:
    rows = [
        item("F1", "P1", 100, tax=13, document="XS1", remark="急"),
        item("F2", "P1", 7),
        item("F1", "P2", "50.05", tax="6.5", document="XS2", remark="急"),
        item("F1", "折扣", -10, tax="-1.3", document="XS1"),
        item("F1", "P1", 3, customer="乙"),
    ]
    said = "2 rows (rows 4, 5) were added to others of the same number, customer and day: items of those"
    assert imported(ch, rows) == ((3, 0, 0, 0), [(None, "W138", said)])
    assert documents(ch, "customer", "number", "type", "amount", "due_date") == [
        ("甲", "F1", "invoice", Decimal("140.05"), JUNE),
        ("甲", "F2", "invoice", 7, JUNE),
        ("乙", "F1", "invoice", 3, JUNE),
    ]
    row = next(row for row in report(ch, "export", "receivable")["rows"] if row["amount"] == Decimal("140.05"))
    assert (row["tax"], row["document"], row["remark"]) == (Decimal("18.2"), "XS1、XS2", "急")


def test_the_same_items_again_add_nothing_and_a_further_one_changes_the_sum(ch: Run) -> None:
    rows = [item("F1", "P1", 100), item("F1", "P2", 50)]
    assert imported(ch, rows)[0] == (1, 0, 0, 0)
    assert imported(ch, rows[::-1], name="again")[0] == (0, 0, 1, 0)
    assert imported(ch, [*rows, item("F1", "P3", 1)], name="more")[0] == (0, 1, 0, 0)
    assert documents(ch, "amount") == [(151,)]


def test_items_below_zero_in_sum_are_a_credit_note(ch: Run) -> None:
    rows = [item("F1", "P1", -100, tax=-13), item("F1", "P2", 40, tax="5.2"), item("F2", "P1", 1)]
    assert imported(ch, rows)[0] == (2, 0, 0, 0)
    assert documents(ch, "number", "type", "amount") == [("F1", "credit_note", 60), ("F2", "invoice", 1)]


def test_a_discount_in_an_invoice_is_no_credit_note_and_one_alone_is(ch: Run) -> None:
    headings = "客户 发票号 开票日期 应收类型 产品 应收金额"
    rows = [("甲", "F1", MAY, "发票", "P1", 100), ("甲", "F1", MAY, "发票", "折扣", -10)]
    assert [code for _row, code, _said in imported(ch, rows, headings)[1]] == ["W138"]
    assert documents(ch, "type", "amount") == [("invoice", 90)]
    alone = [("甲", "F2", MAY, "发票", "折扣", -10)]
    assert [(row, code) for row, code, _said in imported(ch, alone, headings, "alone")[1]] == [(2, "W128")]


@pytest.mark.parametrize(
    ("other", "column"),
    [({"day": "2024-05-04"}, "Document date"), ({"due": JULY}, "Due date")],
)
def test_rows_that_speak_of_their_document_differently_are_refused_all_of_them(
    ch: Run, other: dict[str, str], column: str
) -> None:
    rows = [item("F1", "P1", 100), item("F1", "P2", 50, **other), item("F2", "P1", 7)]
    said = f"row 2 holds document F1 with another {column}"
    assert imported(ch, rows) == ((1, 0, 0, 2), [(3, "E302", said)])
    assert ch("import", "owed.csv", "--partial").code == 1
    assert documents(ch, "number", "amount") == [("F2", 7)]


def test_a_document_of_which_an_item_cannot_be_read_is_refused_whole(ch: Run) -> None:
    rows = [item("F1", "P1", 100), item("F1", "P2", "x"), item("F2", "P1", 7), item("F2", "P2", 1)]
    counts, problems = imported(ch, rows)
    said = "row 3 holds an item of document F1 that cannot be read: without it the sum would be wrong"
    assert (counts, problems[0][:2], problems[1]) == ((1, 0, 0, 2), (3, "E204"), (2, "E302", said))
    assert ch("import", "owed.csv", "--partial").code == 1
    assert documents(ch, "number", "amount") == [("F2", 8)]


def test_one_amount_for_all_items_may_be_the_whole_documents_and_is_refused(ch: Run) -> None:
    rows = [item("F1", "P1", 100), item("F1", "P2", 100)]
    counts, problems = imported(ch, rows)
    assert (counts, [(row, code) for row, code, _said in problems]) == ((0, 0, 0, 2), [(3, "E302")])
    assert problems[0][2] == (
        "row 2 holds document F1 with the same amount and another item: if it is the whole document's, keep one of the"
        " rows; if it is each item's, write one row with their sum"
    )


def test_equal_items_add_up_where_the_sheet_has_others_by_item(ch: Run) -> None:
    rows = [item("F1", "P1", 100), item("F1", "P2", 100), item("F2", "P1", 1), item("F2", "P2", 2)]
    assert imported(ch, rows)[0] == (2, 0, 0, 0)
    assert documents(ch, "number", "amount") == [("F1", 200), ("F2", 3)]


def test_a_total_written_beside_every_item_counts_once(ch: Run) -> None:
    rows = [("甲", "F1", MAY, "P1", 100), ("甲", "F1", MAY, "P2", 100)]
    assert imported(ch, rows, "客户 发票号 开票日期 产品 发票总额") == ((1, 0, 1, 0), [])
    assert documents(ch, "amount") == [(100,)]


def test_rows_without_items_do_not_add_up(ch: Run) -> None:
    rows = [("甲", "F1", MAY, 100), ("甲", "F1", MAY, 50)]
    counts, problems = imported(ch, rows, "客户 发票号 开票日期 应收金额")
    assert (counts, [(row, code) for row, code, _said in problems]) == ((1, 0, 0, 1), [(3, "E302")])


@settings(max_examples=examples(20))
@given(
    st.lists(
        st.tuples(st.sampled_from("甲乙"), st.sampled_from(("F1", "F2")), st.integers(-500, 900)),
        min_size=2,
        max_size=12,
    )
)
def test_what_customers_owe_is_the_sum_of_the_items_in_any_order(rows: list[tuple[str, str, int]]) -> None:
    wanted: dict[tuple[str, str], int] = {}
    for customer, number, amount in rows:
        wanted[customer, number] = wanted.get((customer, number), 0) + amount
    # A document of two amounts, by which the sheet is one of items.
    table = [item(number, f"P{n}", amount, customer=customer) for n, (customer, number, amount) in enumerate(rows)]
    table += [item("F9", "P1", 1, customer="丙"), item("F9", "P2", 2, customer="丙")]
    with running.folder():
        assert run("import", sheet("first", ITEMS, table)).code == 0
        before = contents(Path("channel.db"))["receivable"]
        assert run("import", sheet("second", ITEMS, table[::-1])).code == 0
        assert contents(Path("channel.db"))["receivable"] == before
        kept = {
            (row["customer"], row["number"]): row["amount"] * (-1 if row["type"] == "credit_note" else 1)
            for row in run("receivable", "list", "--format", "json").data["rows"]
        }
    assert kept == {**wanted, ("丙", "F9"): 3}
