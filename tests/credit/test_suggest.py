"""Suggested limits: mean month with tax × days of the terms / 30 × how the customer has paid."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelctl.systems.credit.rules import CreditPolicy
from channelctl.systems.credit.rules_suggest import Buyer, months_before, suggest
from tests.conftest import Run
from tests.credit.granting import begin
from tests.making import holds_to_schema, report, sheet

D = Decimal
POLICY = CreditPolicy(risk_documents=4)


@pytest.mark.parametrize(
    ("as_of", "count", "first", "last"),
    [
        ("2024-05-31", 6, "2023-12-01", "2024-05-31"),
        ("2024-05-30", 6, "2023-11-01", "2024-04-30"),
        ("2024-06-01", 1, "2024-05-01", "2024-05-31"),
        ("2024-02-29", 12, "2023-03-01", "2024-02-29"),
        ("0001-06-30", 6, "0001-01-01", "0001-06-30"),
        ("9999-12-31", 12, "9999-01-01", "9999-12-31"),
    ],
)
def test_the_months_are_whole_ones(as_of: str, count: int, first: str, last: str) -> None:
    found = months_before(dt.date.fromisoformat(as_of), count)
    assert (str(found.start), str(found.end)) == (first, last)


@pytest.mark.parametrize(
    ("documents", "late", "share", "factor", "suggested"),
    [
        (3, 0, None, "0.5000", "5000.00"),
        (4, 0, "0.0000", "1.0000", "10000.00"),
        (4, 1, "0.2500", "0.7500", "7500.00"),
        (4, 4, "1.0000", "0.2000", "2000.00"),
        (0, 0, None, "0.5000", "5000.00"),
    ],
)
def test_the_factor_falls_with_the_share_of_late_documents(
    documents: int, late: int, share: str | None, factor: str, suggested: str
) -> None:
    row = suggest(Buyer("K1", "甲", D("60000.00"), "30", documents, late, None), POLICY)
    assert row.late_share == (D(share) if share is not None else None)
    assert (row.factor, row.suggested) == (D(factor), D(suggested))


@pytest.mark.parametrize(
    ("terms", "words", "days", "suggested"),
    [
        ("60", "60", 60, "10000.00"),
        ("现款", "现款", 0, "0.00"),
        ("月结30天", "月结30天", 45, "7500.00"),
        (None, "30", 30, "5000.00"),
        ("面议", "30", 30, "5000.00"),
    ],
)
def test_longer_terms_need_more_credit(terms: str | None, words: str, days: int, suggested: str) -> None:
    row = suggest(Buyer("K1", "甲", D("60000.00"), terms, 0, 0, None), POLICY)
    assert (row.terms, row.days, row.suggested) == (words, days, D(suggested))


def test_who_returned_more_than_was_bought_gets_nothing() -> None:
    row = suggest(Buyer("K1", "甲", D("-600.00"), "30", 9, 0, D("0.00")), POLICY)
    assert (row.month, row.suggested, row.limit) == (D("-100.00"), D("0.00"), D("0.00"))


@given(st.integers(0, 10**9), st.integers(0, 90), st.integers(0, 50), st.data())
def test_a_suggestion_is_never_below_the_floor_nor_above_what_the_terms_need(
    fen: int, days: int, documents: int, data: st.DataObject
) -> None:
    late = data.draw(st.integers(0, documents))
    row = suggest(Buyer("K1", "甲", D(fen) / 100, str(days), documents, late, None), POLICY)
    whole = D(fen) / 100 / POLICY.suggest_months * days / 30
    assert whole * POLICY.risk_floor - D("0.01") <= row.suggested <= whole + D("0.01")


@pytest.fixture
def sold(ch: Run) -> None:
    """K1 bought 6,780 with tax (6,000 without) on three documents, K2 1,200 without any word of tax; K3 nothing."""
    begin(ch, "tax_rate = 0.13\nrisk_documents = 2\n")
    headings = "日期 单据编号 客户编码 产品型号 数量 金额 价税合计"
    rows = [
        ("2024-01-10", "A1", "K1", "X1", 1, "2000", "2260"),
        ("2024-03-10", "A2", "K1", "X1", 1, "2000", "2260"),
        ("2024-05-31", "A3", "K1", "X1", 1, "2000", "2260"),
        ("2023-11-30", "A0", "K1", "X1", 1, "9000", "10170"),
        ("2024-05-20", "B1", "K2", "X1", 1, "1200", ""),
    ]
    assert ch("import", sheet("sales", headings, rows)).code == 0
    bills = [
        ("K1", "F1", "2024-01-10", "2260", "2024-02-09"),
        ("K1", "F2", "2024-03-10", "2260", "2024-04-09"),
        ("K1", "F3", "2024-05-31", "2260", "2024-06-30"),
    ]
    assert ch("import", sheet("bills", "客户编码 发票号 开票日期 应收金额 到期日", bills)).code == 0
    money = [("K1", "P1", "2024-02-09", "2260"), ("K1", "P2", "2024-04-10", "2260")]
    assert ch("import", sheet("money", "客户编码 回款单号 回款日期 回款金额", money)).code == 0


@pytest.mark.usefixtures("sold")
def test_a_suggestion_shows_every_part(ch: Run) -> None:
    done = ch("credit", "suggest", "K1", "--as-of", "2024-05-31")
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        "suggested limits · 2023-12-01 to 2024-05-31 · K1 客户K1\n"
        "\n"
        "Code                      K1\n"
        "Customer                  客户K1\n"
        "Net sales with tax, CNY   6,780.00\n"
        "Mean month, CNY           1,130.00\n"
        "Terms                     30\n"
        "Days                      30\n"
        "Paid documents            2\n"
        "Paid late                 1\n"
        "Late share                50.0%\n"
        "Risk factor               50.0%\n"
        "Suggested limit, CNY      565.00\n"
        "\n"
        "1 customer: mean month × days / 30 × risk factor\n"
    )


@pytest.mark.usefixtures("sold")
def test_what_is_paid_later_is_not_seen_on_an_earlier_day(ch: Run) -> None:
    row = report(ch, "credit", "suggest", "K1", "--as-of", "2024-03-31")["rows"][0]
    assert (row["sales"], row["documents"], row["late"], row["factor"]) == (
        D("14690.00"),
        1,
        0,
        D("0.5"),
    )


@pytest.mark.usefixtures("sold")
def test_everybody_who_bought_is_suggested_one_with_the_policys_tax(ch: Run) -> None:
    data = holds_to_schema(ch, "credit_suggest", "credit", "suggest", "--as-of", "2024-05-31")
    assert [(row["customer_code"], row["sales"], row["suggested"]) for row in data["rows"]] == [
        ("K1", 6780, 565), ("K2", 1356, 113)
    ]  # fmt: skip
    assert data["totals"] == {"sales": 8136, "suggested": 678}
    office = report(ch, "credit", "suggest", "--office", "杭州", "--as-of", "2024-05-31")
    assert len(office["rows"]) == 2
    both = ch("credit", "suggest", "K1", "--office", "杭州")
    assert (both.code, both.err.splitlines()[0]) == (
        2, "channelctl: error: CUSTOMER and --office both say whose limit it is"
    )  # fmt: skip


@pytest.mark.usefixtures("sold")
def test_without_a_tax_rate_it_says_that_tax_is_missing(ch: Run) -> None:
    begin(ch)
    done = ch("credit", "suggest", "K2", "--as-of", "2024-05-31")
    assert done.err == "sales whose tax is not known count without it: [credit] tax_rate in the policy file adds it\n"
    assert ch("credit", "suggest", "K1", "--as-of", "2024-05-31").err == ""


@pytest.mark.usefixtures("sold")
def test_before_there_were_so_many_months_nothing_is_suggested(ch: Run) -> None:
    done = ch("credit", "suggest", "--as-of", "0001-06-29")
    assert (done.code, done.out, done.err) == (
        2,
        "",
        "channelctl: error: there are no 6 whole months up to 0001-06-29\n"
        "Take a later day, or fewer months: [credit] suggest_months in the policy file\n",
    )
