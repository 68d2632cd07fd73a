"""Payments without numbers that are corrected: both count, and it is said which may be one."""

from collections.abc import Sequence

import pytest

from tests.conftest import Run
from tests.making import sheet

PAID = "客户编码 客户 回款日期 回款金额"
EARLIER = [("C1", "甲", "2024-05-03", 500), ("C1", "甲", "2024-05-20", 80), ("C2", "乙", "2024-05-03", 500)]


def remarks(ch: Run, rows: Sequence[Sequence[object]], headings: str = PAID) -> list[tuple[str, str]]:
    data = ch("import", sheet("later", headings, rows), "--format", "json").data
    return [(one["code"], one["message"]) for one in data["problems"]]


ONE = (
    "1 payment without a number stands beside an earlier one of its customer that the sheet does not hold, of the same"
    " day or amount: both count ({})"
)


@pytest.mark.parametrize(
    ("rows", "beside"),
    [
        (EARLIER, ""),
        ([*EARLIER, ("C1", "甲", "2024-05-03", 40)], ""),
        ([*EARLIER, ("C1", "甲", "2024-05-03", 500)], ""),
        ([("C1", "甲", "2024-05-03", 550), *EARLIER[1:]], "C1 2024-05-03/500"),
        ([("C1", "甲", "2024-05-04", 500), *EARLIER[1:], ("C2", "乙", "2024-05-01", 1)], "C1 2024-05-03/500"),
        ([("C1", "甲", "2024-06-03", 500)], ""),
        ([("C1", "甲", "2024-05-03", -500)], ""),
        ([("C3", "丙", "2024-05-03", 550)], ""),
    ],
)
def test_a_payment_beside_an_earlier_one_that_is_gone_from_the_sheet_is_said(
    ch: Run, rows: list[tuple[object, ...]], beside: str
) -> None:
    assert ch("import", sheet("first", PAID, EARLIER)).code == 0
    assert remarks(ch, rows) == ([("W139", ONE.format(beside))] if beside else [])


def test_several_are_counted_and_each_earlier_one_once(ch: Run) -> None:
    assert ch("import", sheet("first", PAID, EARLIER)).code == 0
    rows = [("C1", "甲", "2024-05-03", 1), ("C1", "甲", "2024-05-03", 2), ("C2", "乙", "2024-05-03", 3)]
    [(code, said)] = remarks(ch, rows)
    assert (code, said.startswith("2 payments without numbers stand beside earlier ones")) == ("W139", True)
    assert said.endswith("(C1 2024-05-03/500, C2 2024-05-03/500)")


def test_the_earlier_payment_is_taken_away_as_it_is_named(ch: Run) -> None:
    assert ch("import", sheet("first", PAID, EARLIER)).code == 0
    corrected = [("C1", "甲", "2024-05-03", 550), *EARLIER[1:]]
    assert remarks(ch, corrected) == [("W139", ONE.format("C1 2024-05-03/500"))]
    assert ch("payment", "remove", "C1", "2024-05-03/500").code == 0
    rows = ch("payment", "list", "--format", "json").data["rows"]
    assert sorted((row["customer_code"], row["amount"]) for row in rows) == [("C1", 80), ("C1", 550), ("C2", 500)]


def test_payments_with_numbers_are_changed_and_not_said(ch: Run) -> None:
    headings = f"{PAID} 回款单号"
    assert ch("import", sheet("first", headings, [(*EARLIER[0], "K1")])).code == 0
    assert remarks(ch, [("C1", "甲", "2024-05-03", 550, "K1")], headings) == []
    assert [row["amount"] for row in ch("payment", "list", "--format", "json").data["rows"]] == [550]
