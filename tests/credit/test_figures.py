"""Figures of receivables and payments: with tax, in the sheet's unit, and held against the sheet's own total."""

from collections.abc import Sequence
from decimal import Decimal

import pytest

from tests.conftest import Run
from tests.making import report, sheet

WHO = "客户 应收单号 单据日期 到期日"
ROW = ("甲", "F1", "2024-05-03", "2024-06-02")
D = Decimal


def amounts(ch: Run, noun: str = "receivable") -> list[Decimal]:
    return [row["amount"] for row in report(ch, noun, "list")["rows"]]


def codes(ch: Run, headings: str, rows: Sequence[Sequence[object]], *words: str) -> list[str]:
    found = ch("import", sheet("owed", headings, rows), "--kind", "receivable", *words, "--format", "json").data
    return [one["code"] for one in found["problems"]]


@pytest.mark.parametrize(
    ("headings", "figures", "amount", "said"),
    [
        ("金额 税额 价税合计", (100, 13, 113), 113, []),
        ("价税合计 税额 金额", (113, 13, 100), 113, []),
        ("金额 税率 税额 价税合计", (100, "13%", 13, 113), 113, []),
        ("发票金额 税额 价税合计", (100, 13, 113), 113, []),
        ("金额 含税金额", (100, 113), 113, []),
        ("金额(不含税) 税额 金额(含税)", (100, 13, 113), 113, []),
        ("Amount Tax Total", (100, 13, 113), 113, []),
        ("金额(万元) 税额(万元) 价税合计(元)", ("0.01", "0.0013", 113), 113, []),
        ("应收金额 税额 价税合计", (113, 13, 114), 113, []),
        ("金额 合计", (100, 113), 100, []),
        ("金额 税额", (100, 13), 100, ["W142"]),
        ("开票金额 税率", (100, "13%"), 100, ["W142"]),
        ("应收金额 税额", (113, 13), 113, []),
        ("发票金额 其中税额", (113, 13), 113, []),
        ("金额", (100,), 100, []),
    ],
)
def test_of_an_amount_a_tax_and_their_sum_the_sum_is_read(
    ch: Run, headings: str, figures: Sequence[object], amount: int, said: list[str]
) -> None:
    assert codes(ch, f"{WHO} {headings}", [(*ROW, *figures)]) == said
    assert amounts(ch) == [amount]


def test_the_column_that_is_read_for_another_is_said(ch: Run) -> None:
    done = ch("import", sheet("owed", f"{WHO} 金额 税额 价税合计", [(*ROW, 100, 13, 113)]), "--kind", "receivable")
    assert "owed.csv: G 价税合计 is read, as it is with tax; E 金额 is not\n" in done.err


def test_what_somebody_has_said_of_a_column_is_left(ch: Run) -> None:
    assert codes(ch, f"{WHO} 金额 税额 价税合计", [(*ROW, 100, 13, 113)], "--map", "金额=amount") == []
    assert amounts(ch) == [100]


@pytest.mark.parametrize(
    ("cell", "amount", "said"),
    [
        ("1.112253", "11122.53", []),
        ("0.000123", "1.23", []),
        ("1.11225312", "11122.5312", []),
        ("1.112253125", "11122.5313", ["W101"]),
    ],
)
def test_figures_in_10000_yuan_keep_their_cents(ch: Run, cell: str, amount: str, said: list[str]) -> None:
    assert codes(ch, f"{WHO} 应收金额(万元)", [(*ROW, cell)]) == said
    assert amounts(ch) == [D(amount)]


def test_so_do_payments_and_limits(ch: Run) -> None:
    assert ch("import", sheet("paid", "客户 回款日期 回款金额(万元)", [("甲", "2024-05-03", "1.112253")])).code == 0
    assert amounts(ch, "payment") == [D("11122.53")]
    assert ch("import", sheet("limits", "客户 信用额度(万元) 账期", [("甲", "0.000123", "30")])).code == 0
    assert [row["limit_amount"] for row in report(ch, "credit", "limit", "list")["rows"]] == [D("1.23")]


@pytest.mark.parametrize(
    ("total", "code"),
    [("213", 0), ("213.00", 0), ("200", 3), ("", 0)],
)
def test_a_total_is_held_against_the_column_that_is_read(ch: Run, total: str, code: int) -> None:
    rows = [(*ROW, 100, 13, 113), ("甲", "F2", "2024-05-04", "2024-06-02", 88, 12, 100), ("合计", *[""] * 5, total)]
    done = ch("import", sheet("owed", f"{WHO} 金额 税额 价税合计", rows), "--kind", "receivable")
    assert done.code == code, done.err
    assert ("E401" in done.out) == bool(code)


@pytest.mark.parametrize(("total", "code"), [("70", 0), ("130", 0), ("99", 3)])
def test_a_total_may_take_credit_notes_off_or_not(ch: Run, total: str, code: int) -> None:
    rows = [(*ROW, "发票", 100), ("甲", "F2", "2024-05-04", "2024-05-04", "红字发票", 30), ("合计", *[""] * 4, total)]
    done = ch("import", sheet("owed", f"{WHO} 应收类型 应收金额", rows))
    assert done.code == code, done.err


def test_payments_add_up_too(ch: Run) -> None:
    rows = [("甲", "2024-05-03", 100), ("甲", "2024-05-04", 50), ("合计", "", 160)]
    done = ch("import", sheet("paid", "客户 回款日期 回款金额", rows))
    assert done.code == 3
    assert "E401" in done.out


def test_of_cells_that_name_several_documents_only_those_that_are_not_there_are_told(ch: Run) -> None:
    owed = [("甲", name, "2024-05-03", "2024-06-02", 100) for name in ("F1", "F2")]
    assert ch("import", sheet("owed", f"{WHO} 应收金额", owed)).code == 0
    paid = [("甲", "2024-05-05", 10, "F1、F2"), ("甲", "2024-05-06", 10, "F1、F3"), ("甲", "2024-05-07", 10, "F4")]
    found = ch("import", sheet("paid", "客户 回款日期 回款金额 付款单据", paid), "--format", "json").data["problems"]
    assert [(one["code"], one["message"]) for one in found] == [
        ("W136", "1 payment names several documents at once; it goes to what is oldest due: F1、F2"),
        ("W136", "2 documents that payments name are not there; they go to what is oldest due: F3, F4"),
    ]
