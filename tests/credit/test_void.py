"""Documents and payments whose status says that they are void."""

from pathlib import Path

import pytest

from tests.conftest import Run
from tests.making import policy, report, sheet
from tests.tables import contents

OWED = "客户编码 客户 应收单号 单据日期 应收金额"
PAID = "客户编码 客户 回款单号 回款日期 回款金额"
MAY = "2024-05-03"


@pytest.mark.parametrize("kind", ["receivable", "payment"])
@pytest.mark.parametrize(
    ("heading", "word", "kept"),
    [
        ("状态", "作废", False),
        ("单据状态", "已取消", False),
        ("Status", "VOID", False),
        ("是否作废", "是", False),
        ("作废标志", "Y", False),
        ("是否作废", "否", True),
        ("状态", "已审核", True),
        ("状态", "", True),
        ("状态", "是", True),
    ],
)
def test_what_is_void_does_not_come_in_nor_is_its_customer_made(
    ch: Run, kind: str, heading: str, word: str, kept: bool
) -> None:
    rows = [("C1", "甲", "N1", MAY, 100, ""), ("C2", "乙", "N2", MAY, 50, word)]
    headings = {"receivable": OWED, "payment": PAID}[kind]
    done = ch("import", sheet("void", f"{headings} {heading}", rows), "--kind", kind, "--format", "json")
    found = done.data["rows"][0]
    assert (done.code, found["new"], found["skipped"]) == (0, 1 + kept, 1 - kept)
    said = [] if kept else [("W140", "1 row (row 3) is void by its status: it was left out")]
    assert [(one["code"], one["message"]) for one in done.data["problems"]] == said
    assert [row["number"] for row in report(ch, kind, "list")["rows"]] == ["N1", "N2"][: 1 + kept]
    assert len(report(ch, "customer", "list")["rows"]) == 1 + kept


def test_the_words_are_the_policys(ch: Run) -> None:
    policy('[credit]\nno_document_statuses = ["废"]\n')
    rows = [("C1", "甲", "N1", MAY, 100, "作废"), ("C1", "甲", "N2", MAY, 50, "废")]
    assert ch("import", sheet("void", f"{OWED} 状态", rows)).code == 0
    assert [row["number"] for row in report(ch, "receivable", "list")["rows"]] == ["N1"]


@pytest.mark.parametrize(("headings", "kind"), [(OWED, "receivable"), (PAID, "payment")])
def test_what_became_void_since_is_refused_until_it_is_taken_away(ch: Run, headings: str, kind: str) -> None:
    row = ("C1", "甲", "N1", MAY, 100)
    assert ch("import", sheet("first", headings, [row])).code == 0
    before = contents(Path("channel.db"))
    void = sheet("void", f"{headings} 状态", [(*row, "作废")])
    done = ch("import", void, "--format", "json")
    said = f"N1 is void here and in the books there: channelctl {kind} remove C1 N1"
    assert [(one["row"], one["code"], one["message"]) for one in done.data["problems"]] == [(2, "E370", said)]
    assert (done.code, contents(Path("channel.db"))) == (3, before)
    assert ch(kind, "remove", "C1", "N1").code == 0
    assert ch("import", void).code == 0
    assert report(ch, kind, "list")["rows"] == []


def test_a_void_item_is_no_part_of_its_document(ch: Run) -> None:
    headings = f"{OWED} 产品 状态"
    rows = [("C1", "甲", "F1", MAY, amount, product, status) for amount, product, status in (
        (100, "P1", ""), (50, "P2", "作废"), (7, "P3", ""),
    )]  # fmt: skip
    assert ch("import", sheet("void", headings, rows), "--kind", "receivable", "--format", "json").code == 3
    rows[1] = ("C1", "甲", "F2", MAY, 50, "P2", "作废")
    assert ch("import", sheet("apart", headings, rows), "--kind", "receivable").code == 0
    assert [row["amount"] for row in report(ch, "receivable", "list")["rows"]] == [107]
