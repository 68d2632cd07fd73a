"""What a newcomer's sheets held: one receipt of several documents, decisions, nonsense, sums of documents."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.credit.granting import applied, begin, by, granted
from tests.making import report, sheet
from tests.sheets import written

MAY = "2024-05-03"
OWED = "客户 应收单号 单据日期 应收金额"
PAID = "客户 回款单号 回款日期 回款金额 付款单据"
PROMISED = "客户 承诺日期 承诺付款日 承诺金额 承诺单据"

Row = Sequence[object]


def found(ch: Run, path: Path) -> tuple[list[tuple[int | None, str]], list[tuple[int, int, int]]]:
    """The problems of an import by row and code, and what was new, changed and there already."""
    data = ch("import", path, "--format", "json").data
    return (
        [(one["row"], one["code"]) for one in data["problems"]],
        [(one["new"], one["changed"], one["existing"]) for one in data["rows"]],
    )


def payments(ch: Run) -> list[tuple[object, ...]]:
    rows = report(ch, "payment", "list")["rows"]
    return sorted((row["number"], row["document"], row["amount"]) for row in rows)


# --- one receipt for several documents --------------------------------------------------------------------------------


@pytest.fixture
def owed(ch: Run) -> None:
    """Three documents of a customer."""
    assert ch("import", sheet("owed", OWED, [("甲", f"B{n}", MAY, 100) for n in (3, 4, 5)])).code == 0


@pytest.mark.usefixtures("owed")
def test_a_receipt_of_several_documents_is_a_payment_for_each(ch: Run) -> None:
    rows = [("甲", "P7", MAY, 100, "B3"), ("甲", "P7", MAY, 100, "B4")]
    assert found(ch, sheet("paid", PAID, rows)) == ([(None, "W135")], [(2, 0, 0)])
    assert payments(ch) == [("P7", "B3", 100), ("P7#2", "B4", 100)]
    assert found(ch, sheet("again", PAID, [*rows, ("甲", "P8", MAY, 1, "B5")]))[1] == [(1, 0, 2)]
    assert found(ch, sheet("more", PAID, [*rows, ("甲", "P7", MAY, 5, "B5")]))[1] == [(1, 0, 2)]
    assert payments(ch) == [("P7", "B3", 100), ("P7#2", "B4", 100), ("P7#3", "B5", 5), ("P8", "B5", 1)]
    assert ch("export", "payment", "--output", "out.csv").code == 0
    assert found(ch, Path("out.csv"))[1] == [(0, 0, 4)]


@pytest.mark.usefixtures("owed")
def test_further_documents_of_a_receipt_keep_their_numbers_in_any_order(ch: Run) -> None:
    rows = [("甲", "P7", MAY, 100, f"B{n}") for n in (3, 4, 5)]
    assert found(ch, sheet("paid", PAID, rows))[1] == [(3, 0, 0)]
    assert found(ch, sheet("turned", PAID, [rows[2], rows[0], rows[1]]))[1] == [(0, 0, 3)]
    assert found(ch, sheet("one", PAID, [rows[1]]))[1] == [(0, 0, 1)]
    assert found(ch, sheet("mended", PAID, [("甲", "P7", MAY, 100, "B9")])) == ([(None, "W136")], [(0, 1, 0)])
    assert payments(ch) == [("P7", "B9", 100), ("P7#2", "B4", 100), ("P7#3", "B5", 100)]
    assert ch("payment", "set", "甲", "P7", "document=B4").code == 0
    assert payments(ch) == [("P7", "B4", 100), ("P7#2", "B4", 100), ("P7#3", "B5", 100)]


@pytest.mark.usefixtures("owed")
@pytest.mark.parametrize(
    ("second", "said"),
    [
        (("甲", "P7", MAY, 100, "B3"), "row 2 holds the same payment P7: take one of the two out, or give it a number"),
        (("甲", "P7", MAY, 50, "B3"), "row 2 holds payment P7 too: rows of one receipt name different documents"),
        (("甲", "P7", "2024-05-04", 100, "B4"), "row 2 holds payment P7 too: rows of one receipt name different"),
    ],
)
def test_the_same_payment_twice_is_refused_by_both_rows(ch: Run, second: Row, said: str) -> None:
    done = ch("import", sheet("paid", PAID, [("甲", "P7", MAY, 100, "B3"), second]))
    assert done.code == 3
    assert f"paid.csv:3  E302  回款单号: {said}" in done.out
    assert payments(ch) == []


# --- documents that are not there -------------------------------------------------------------------------------------


def test_a_document_that_is_not_there_is_said_once_it_cannot_come_any_more(ch: Run) -> None:
    rows = [("甲", "P1", MAY, 50, "B3、B4"), ("甲", "P2", MAY, 50, "B3"), ("甲", "P3", MAY, 1, "")]
    owing = sheet("z_owed", OWED, [("甲", "B3", MAY, 100)])
    done = ch("import", sheet("paid", PAID, rows), owing)
    assert "W136" in done.out
    assert "1 document that payments name is not there; they go to what is oldest due: B4\n" in done.out
    assert done.out.count("W136  ") == 1
    again = ch("import", sheet("paid2", PAID, [("甲", "P4", MAY, 1, "B3")]))
    assert "W136" not in again.out


def test_it_is_said_of_a_payment_by_hand_too(ch: Run) -> None:
    assert ch("import", sheet("owed", OWED, [("甲", "B3", MAY, 100)])).code == 0
    words = ("payment", "add", "甲")
    assert "not there" not in (done := ch(*words, "P1", f"date={MAY}", "amount=5", "document=B3")).out + done.err
    assert "is not there; they go to what is oldest due: B9\n" in (
        (done := ch(*words, "P2", f"date={MAY}", "amount=5", "document=B9")).out + done.err
    )


# --- decisions --------------------------------------------------------------------------------------------------------


def test_what_was_decided_stays_decided_when_it_is_exported_and_imported(ch: Run) -> None:
    begin(ch)
    refused = applied(ch, "K1", "1000")
    assert by("lisi", ch, "credit", "refuse", refused, "--reason", "no").code == 0
    assert ch("export", "credit-application", "--output", "out.csv").code == 0
    assert found(ch, Path("out.csv"))[1] == [(0, 0, 1)]
    assert ch("export", "credit-investigation", "--output", "survey.csv").code == 0
    there = ("--db", "other.db")
    assert ch("import", "survey.csv", "out.csv", *there).code == 0
    row = report(ch, "credit", "application", "list", *there)["rows"][0]
    assert (row["decision"], row["decided_on"], row["decided_by"]) == ("refused", "2024-06-03", "lisi")
    done = by("lisi", ch, "credit", "approve", refused, *there)
    assert (done.code, done.err.splitlines()[0]) == (
        3, f"channelctl: error: {refused} came decided: refused (batch 2)"
    )  # fmt: skip
    kept = by("wang", ch, "credit", "application", "set", refused, "limit_amount=1", *there)
    assert (kept.code, kept.err.splitlines()[0]) == (
        3, f"channelctl: error: application {refused} came decided (batch 2) and stays as it is"
    )  # fmt: skip


def test_a_decision_taken_back_leaves_the_application_waiting(ch: Run) -> None:
    begin(ch)
    number = granted(ch, "K1", "1000")
    assert report(ch, "credit", "application", "list")["rows"][0]["decision"] == "approved"
    assert ch("batch", "undo", "4").code == 0
    assert report(ch, "credit", "application", "list")["rows"][0]["decision"] is None
    assert by("lisi", ch, "credit", "approve", number).code == 0


def test_no_sheet_decides_an_application_that_waits(ch: Run) -> None:
    begin(ch)
    number = applied(ch, "K1", "1000")
    rows = [(number, "K1", "2024-06-03", "wang", 1000, "批准")]
    done = ch("import", sheet("form", "申请编号 客户编码 申请日期 申请人 申请额度 审批结果", rows))
    assert done.code == 3
    assert f"E354  审批结果: application {number} waits to be decided; no sheet decides it" in done.out


# --- nonsense ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headings", "row", "code", "heading"),
    [
        ("客户 信用额度", ("甲", -5), "E360", "信用额度"),
        ("申请编号 客户 申请日期 申请人 申请额度", ("SX1", "甲", MAY, "wang", -1), "E360", "申请额度"),
        ("客户 停货日期 停货截止日期 停货原因", ("甲", "2024-06-09", "2024-06-01", "逾期"), "E361", "停货截止日期"),
        (PROMISED, ("甲", "2024-06-09", "2024-06-01", 5, ""), "E362", "承诺付款日"),
        (PROMISED, ("甲", "2024-06-09", "2024-06-19", 0, ""), "E363", "承诺金额"),
        (PAID, ("甲", "P1", MAY, 0, ""), "E363", "回款金额"),
        ("客户 订单号 订单日期 未交金额", ("甲", "D1", MAY, -5), "E367", "未交金额"),
    ],
)
def test_what_cannot_be_is_refused_at_its_own_column(ch: Run, headings: str, row: Row, code: str, heading: str) -> None:
    done = ch("import", sheet("rows", headings, [row]))
    assert done.code == 3
    assert f"rows.csv:2  {code}  {heading}: " in done.out


@pytest.mark.usefixtures("owed")
@pytest.mark.parametrize(
    "words",
    [
        ("credit", "hold", "add", "甲", "2024-06-09", "until=2024-06-01", "reason=x"),
        ("promise", "add", "甲", "2024-06-09", "2024-06-01", "amount=5"),
        ("promise", "add", "甲", "2024-06-09", "2024-06-19", "amount=0"),
        ("open-order", "add", "甲", "D1", f"date={MAY}", "amount=-5"),
        ("payment", "add", "甲", "P1", f"date={MAY}", "amount=0"),
    ],
)
def test_nor_is_it_taken_by_hand(ch: Run, words: tuple[str, ...]) -> None:
    assert ch(*words).code == 2


@pytest.mark.usefixtures("owed")
def test_a_hold_that_is_there_does_not_come_to_end_before_it_began(ch: Run) -> None:
    assert ch("credit", "hold", "add", "甲", "2024-06-09", "reason=x").code == 0
    assert ch("credit", "hold", "set", "甲", "2024-06-09", "until=2024-06-08").code == 2
    assert ch("credit", "hold", "set", "甲", "2024-06-09", "until=2024-06-09").code == 0


# --- promises by document ---------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("owed")
def test_promises_of_the_same_days_are_told_apart_by_their_documents(ch: Run) -> None:
    rows = [("甲", MAY, "2024-06-05", 10, "B3"), ("甲", MAY, "2024-06-05", 20, "B4"), ("甲", MAY, "2024-06-05", 5, "")]
    assert found(ch, sheet("words", PROMISED, rows)) == ([], [(3, 0, 0)])
    assert found(ch, sheet("again", f"{PROMISED} 备注", [(*row, "") for row in rows]))[1] == [(0, 0, 3)]
    assert ch("promise", "set", "甲", MAY, "2024-06-05", "amount=7").code == 0
    assert ch("promise", "set", "甲", MAY, "2024-06-05", "B4", "amount=8").code == 0
    assert ch("promise", "remove", "甲", MAY, "2024-06-05", "B3").code == 0
    kept = report(ch, "promise", "list")["rows"]
    assert [(row["document"], row["amount"]) for row in kept] == [(None, 7), ("B4", 8)]


# --- order, columns, sums ---------------------------------------------------------------------------------------------


def test_what_stands_on_documents_is_read_after_them(ch: Run) -> None:
    files = [
        sheet("a_recovered", "收回编号 核销编号 收回日期 收回金额", [("SH1", "HX1", "2024-06-10", 5)]),
        sheet("b_lost", "核销编号 核销日期 客户 核销单据 呆账金额 经办人", [("HX1", MAY, "甲", "B4", 50, "王伟")]),
        sheet("c_applied", "客户 核销回款单号 核销应收单号 核销金额", [("甲", "P7", "B3", 40)]),
        sheet("d_paid", PAID, [("甲", "P7", MAY, 40, "")]),
        sheet("e_owed", OWED, [("甲", "B3", MAY, 100), ("甲", "B4", MAY, 100)]),
    ]  # fmt: skip
    done = ch("import", *files, "--format", "json")
    assert done.code == 0, done.out
    assert [row["kind"] for row in done.data["rows"]] == [
        "payment", "receivable", "payment_application", "credit_writeoff", "credit_recovery",
    ]  # fmt: skip


@pytest.mark.usefixtures("owed")
@pytest.mark.parametrize(
    ("headings", "row", "said"),
    [
        ("客户 核销回款单号 核销应收单号 核销金额", ("甲", "P9", "B3", 1), "E357  核销回款单号: "),
        ("客户 核销回款单号 核销应收单号 核销金额", ("甲", "P1", "B9", 1), "E357  核销应收单号: "),
        ("客户 核销回款单号 核销应收单号 核销金额", ("甲", "P1", "B3", 9), "E357  核销金额: "),
        ("核销编号 核销日期 客户 核销单据 呆账金额 经办人", ("HX1", MAY, "甲", "B4", 500, "王伟"), "E358  呆账金额: "),
        ("收回编号 核销编号 收回日期 收回金额", ("SH1", "HX9", MAY, 5), "E359  核销编号: "),
    ],
)
def test_a_refusal_names_the_column_that_is_amiss(ch: Run, headings: str, row: Row, said: str) -> None:
    assert ch("payment", "add", "甲", "P1", f"date={MAY}", "amount=5").code == 0
    done = ch("import", sheet("rows", headings, [row]))
    assert done.code == 3
    assert f"rows.csv:2  {said}" in done.out


@pytest.mark.parametrize(
    ("headings", "row"),
    [
        ("客户 期初余额 本期应收 本期回款 期末余额", ("甲", 100, 200, 50, 250)),
        ("客户 应收余额 1-30天 31-60天 61-90天 90天以上", ("甲", 100, 20, 30, 50, 0)),
        ("Customer Balance 0-30 31-60 61-90 >90", ("A", 100, 20, 30, 50, 0)),
    ],
)
def test_balances_and_ageings_are_no_list_of_documents(ch: Run, headings: str, row: Row) -> None:
    done = ch("import", sheet("sums", headings, [row]))
    assert (done.code, "no list of documents" in done.err + done.out) == (3, True)
    assert "sales" not in done.err + done.out


def test_a_customers_rep_is_called_as_in_its_file(ch: Run) -> None:
    assert ch("import", sheet("customers", "客户编码 客户名称 客户经理", [("C1", "甲", "王伟")])).code == 0
    assert ch("import", sheet("owed", OWED, [("甲", "B3", MAY, 100)])).code == 0
    late = ch("credit", "overdue", "--as-of", "2024-09-01", "--lang", "zh")
    assert ("客户经理" in late.out, "业务员" in late.out) == (True, False)


def test_balances_beside_documents_are_left_out(ch: Run) -> None:
    book = written.book(
        Path("book.xlsx"),
        {
            "应收": [OWED.split(), ["甲", "F1", MAY, 100]],
            "余额": ["客户 期初余额 本期应收 本期回款 期末余额".split(), ["甲", 1, 2, 3, 0]],
        },
    )
    done = ch("import", book)
    assert done.code == 0
    assert "sheet 余额: balances or an ageing, no list of documents, not read" in done.out + done.err
