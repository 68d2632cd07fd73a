"""`credit statement`: from one balance to another, what is open and how old that is, on screens, paper and in books."""

import datetime as dt
import html
import re
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelctl import db
from channelctl.systems.credit import store_statement
from channelctl.systems.credit.rules import CreditPolicy
from channelctl.systems.credit.rules_statement import (
    NOTHING,
    OUTSTANDING,
    UNAPPLIED,
    OpenRow,
    Span,
    ages,
    balanced,
    span,
    summary,
)
from tests.conftest import Run
from tests.credit.owed import deliveries, invoices, payments, take
from tests.making import holds_to_schema, policy, report

D = Decimal
TODAY = dt.date(2024, 6, 3)


@pytest.fixture
def ledger(ch: Run) -> None:
    """Three invoices of K1, a credit note, a payment for whatever is due first and one by name; an invoice of K2."""
    take(
        ch,
        invoices(
            ("K1", "A1", "2024-03-01", "发票", 1000, "2024-03-31"),
            ("K1", "A2", "2024-04-01", "发票", 500, "2024-05-01"),
            ("K1", "A3", "2024-05-20", "发票", 800, "2024-06-19"),
            ("K1", "N1", "2024-05-25", "红字发票", 100, ""),
            ("K2", "B1", "2024-05-31", "发票", "99.99", "2024-06-30"),
        ),
        payments(("K1", "P1", "2024-04-10", 600, ""), ("K1", "P2", "2024-05-10", 300, "A2")),
    )


def sums(ch: Run, *words: object) -> dict[str, Any]:
    return {row["what"]: row["amount"] for row in report(ch, "credit", "statement", *words)["summary"]}


@pytest.mark.usefixtures("ledger")
def test_a_statement_goes_from_the_opening_to_the_closing_balance(ch: Run) -> None:
    done = ch("credit", "statement", "K1", "--from", "2024-05")
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        "statement of account · K1 客户K1 · 2024-05-01 to 2024-06-03\n"
        "\n"
        "balance\n"
        "Item               Amount, CNY\n"
        "──────────────────────────────\n"
        "opening balance         900.00\n"
        "charged                 800.00\n"
        "paid or credited       -400.00\n"
        "closing balance       1,300.00\n"
        "\n"
        "open documents\n"
        "Number   Type      Date         Due          Amount, CNY   Open, CNY   Days past due\n"
        "────────────────────────────────────────────────────────────────────────────────────\n"
        "A1       invoice   2024-03-01   2024-03-31      1,000.00      300.00              64\n"
        "A2       invoice   2024-04-01   2024-05-01        500.00      200.00              33\n"
        "A3       invoice   2024-05-20   2024-06-19        800.00      800.00\n"
        "\n"
        "Ageing on 2024-06-03\n"
        "Age                     Amount, CNY\n"
        "───────────────────────────────────\n"
        "not due                      800.00\n"
        "1–30 days past due             0.00\n"
        "31–60 days past due          200.00\n"
        "61–90 days past due          300.00\n"
        "over 90 days past due          0.00\n"
        "unapplied                      0.00\n"
        "outstanding                1,300.00\n"
        "\n"
        "Date         What          Number   Debit, CNY   Credit, CNY   Balance, CNY\n"
        "───────────────────────────────────────────────────────────────────────────\n"
        "2024-05-10   payment       P2             0.00        300.00         600.00\n"
        "2024-05-20   invoice       A3           800.00          0.00       1,400.00\n"
        "2024-05-25   credit note   N1             0.00        100.00       1,300.00\n"
        "             total                      800.00        400.00       1,300.00\n"
        "\n"
        "500.00 is past due, the oldest by 64 days\n"
        "Closing balance 1,300.00\n"
    )
    holds_to_schema(ch, "credit_statement", "credit", "statement", "K1")


@pytest.mark.usefixtures("ledger")
def test_statements_month_by_month_join_up_to_the_ledger(ch: Run) -> None:
    months = ("2024-03", "2024-04", "2024-05", "2024-06")
    parts = [sums(ch, "K1", "--from", month, "--to", month) for month in months]
    assert [one["closing"] for one in parts] == [1000, 900, 1300, 1300]
    assert [one["opening"] for one in parts] == [0, 1000, 900, 1300]
    whole = sums(ch, "K1")
    assert whole == {"opening": 0, "debits": 2300, "credits": -1000, "closing": 1300}
    assert sum(one["debits"] for one in parts) == whole["debits"]
    assert sum(one["credits"] for one in parts) == whole["credits"]


@pytest.mark.usefixtures("ledger")
def test_a_day_in_the_past_sees_nothing_that_came_later(ch: Run) -> None:
    found = report(ch, "credit", "statement", "K1", "--as-of", "2024-05-09")
    assert [row["number"] for row in found["rows"]] == ["A1", "A2", "P1"]
    assert [(row["number"], row["open"], row["days"]) for row in found["open"]] == [("A1", 400, 39), ("A2", 500, 8)]
    assert {row["age"]: row["amount"] for row in found["ageing"]} == {
        "not_due": 0, "1-30": 500, "31-60": 400, "61-90": 0, "90-": 0, "unapplied": 0, "outstanding": 900,
    }  # fmt: skip


def test_money_on_account_is_below_nothing(ch: Run) -> None:
    take(
        ch,
        invoices(("K1", "A1", "2024-05-01", "发票", 100, "2024-05-31")),
        payments(("K1", "P", "2024-05-02", 150, "")),
    )
    found = report(ch, "credit", "statement", "K1")
    assert found["open"] == []
    assert found["ageing"][-2:] == [{"age": "unapplied", "amount": -50}, {"age": "outstanding", "amount": -50}]
    out = ch("credit", "statement", "K1").out
    assert "\nunapplied                    -50.00\noutstanding                  -50.00\n" in out
    assert out.endswith("\n\nClosing balance -50.00\n")


def test_an_invoice_takes_the_place_of_a_delivery_without_moving_the_opening_balance(ch: Run) -> None:
    policy("[credit]\nsale_documents = true\n")
    take(ch, deliveries(("2024-05-20", "S1", "K1", 100)))
    take(ch, invoices(("K1", "F1", "2024-06-01", "发票", 110, "2024-06-30")))
    assert ch("receivable", "set", "K1", "F1", "document=S1").code == 0
    may, june = (report(ch, "credit", "statement", "K1", "--from", month, "--to", month) for month in ("2024-05", "2024-06"))  # fmt: skip # noqa: E501
    assert may["summary"][-1]["amount"] == june["summary"][0]["amount"] == 100
    names = ("what", "number", "debit", "credit", "balance", "invoice")
    assert [tuple(row[name] for name in names) for row in june["rows"]] == [
        ("invoiced", "S1", 0, 100, 0, "F1"),
        ("invoice", "F1", 110, 0, 110, None),
    ]
    assert {row["what"]: row["amount"] for row in june["summary"]} == {
        "opening": 100, "debits": 110, "invoiced": -100, "credits": 0, "closing": 110,
    }  # fmt: skip
    out = ch("credit", "statement", "K1", "--from", "2024-06").out
    assert "sale documents invoiced       -100.00\npaid or credited                 0.00\n" in out
    assert "2024-06-01   sale document invoiced   S1             0.00        100.00           0.00   F1\n" in out
    assert "Invoiced as" not in ch("credit", "statement", "K1").out


def test_several_deliveries_that_one_invoice_names_are_told_from_payments(ch: Run) -> None:
    policy("[credit]\nsale_documents = true\n")
    take(ch, deliveries(("2024-05-20", "S1", "K1", 100), ("2024-05-21", "S2", "K1", 30), ("2024-05-22", "S3", "K1", 7)))
    take(ch, invoices(("K1", "F1", "2024-06-01", "发票", 130, "2024-06-30")))
    assert ch("receivable", "set", "K1", "F1", "document=S1、S2").code == 0
    take(ch, payments(("K1", "P1", "2024-06-02", 20, "")))
    june = report(ch, "credit", "statement", "K1", "--from", "2024-06")
    assert [row["amount"] for row in june["summary"]] == [137, 130, -130, -20, 117]
    assert [(row["number"], row["invoice"]) for row in june["rows"][:2]] == [("S1", "F1"), ("S2", "F1")]


@pytest.mark.usefixtures("ledger")
@pytest.mark.parametrize(
    ("lang", "words"),
    [("en", ("opening balance", "Days past due", "credit note")), ("zh", ("摘要", "逾期天数", "借方", "客户K1"))],
)
def test_a_page_of_it_can_be_printed_and_says_the_same_in_both_languages(
    ch: Run, lang: str, words: tuple[str, ...]
) -> None:
    assert ch("--lang", lang, "credit", "statement", "K1", "--output", "x.html").code == 0
    page = Path("x.html").read_text("utf-8")
    assert "@media print" in page
    for text in (*words, "1,300.00", "2,300.00", "2024-06-19"):
        assert text in page


@pytest.mark.usefixtures("ledger")
def test_a_workbook_of_it_holds_the_figures_as_numbers(ch: Run) -> None:
    assert ch("credit", "statement", "K1", "--output", "x.xlsx").code == 0
    lines, sums_, open_, ageing = openpyxl.load_workbook("x.xlsx").worksheets
    balances = next(column for column in lines.iter_cols() if column[2].value == "Balance (CNY)")
    assert [cell.value for cell in balances[3:9]] == [1000, 1500, 900, 600, 1400, 1300]
    assert [row[1].value for row in sums_.iter_rows(min_row=4, max_row=7)] == [0, 2300, -1000, 1300]
    assert [row[5].value for row in open_.iter_rows(min_row=4, max_row=6)] == [300, 200, 800]
    assert ageing.cell(ageing.max_row, 2).value == 1300


FROM = {
    "company": "江苏恒达 & 商贸",
    "address": "珠江路 88 号",
    "phone": "025-1",
    "bank": "工行",
    "account": "4301 01",
}
SENDER = "[sender]\n" + "".join(f'{name} = "{value}"\n' for name, value in FROM.items())
HEAD = ["江苏恒达 & 商贸", "Address: 珠江路 88 号", "Phone: 025-1", "Bank: 工行", "Account: 4301 01"]
SIGNED = "Company stamp {0}    Signature {0}    Date {0}".format("_" * 18)


def column_a(name: str) -> list[Any]:
    sheet = openpyxl.load_workbook(name).worksheets[0]
    return [row[0].value for row in sheet.iter_rows(max_col=1)]


@pytest.mark.usefixtures("ledger")
def test_a_page_says_who_sends_it_and_on_which_day_and_has_room_to_sign_and_a_slip(ch: Run) -> None:
    policy(SENDER)
    assert ch("credit", "statement", "K1", "--to", "2024-05", "--output", "x.html").code == 0
    page = Path("x.html").read_text("utf-8")
    head, body = page.split("<h1>")
    assert all(html.escape(line) in head for line in HEAD)
    assert "Date of issue: 2024-05-31" in body
    assert "2024-06-03" not in page
    before, slip = body.split('<section class="slip"')
    assert [before.count(f"<li>{word}</li>") for word in ("Company stamp", "Signature", "Date")] == [1, 1, 1]
    said = re.findall("<(?:p|li)>(.*)</(?:p|li)>", slip)
    assert said == [
        "To 江苏恒达 &amp; 商贸",
        "K1 客户K1 on the statement of account · to 2024-05-31 · Closing balance 1,300.00:",
        "□ The balance agrees with our books.",
        "□ The balance differs. By our books it is as follows:",
        "Balance by our books (CNY)",
        "Company stamp",
        "Signature",
        "Date",
    ]


@pytest.mark.usefixtures("ledger")
def test_a_workbook_says_so_too_and_has_no_empty_column(ch: Run) -> None:
    policy(SENDER)
    assert ch("credit", "statement", "K1", "--to", "2024-05", "--output", "x.xlsx").code == 0
    sheet = openpyxl.load_workbook("x.xlsx").worksheets[0]
    assert [cell.value for cell in sheet[3] if cell.value] == [
        "Date", "What", "Number", "Debit (CNY)", "Credit (CNY)", "Balance (CNY)",
    ]  # fmt: skip
    found = column_a("x.xlsx")
    assert found[1] == " · ".join([*HEAD, "Date of issue: 2024-05-31"])
    assert found[found.index("Closing balance 1,300.00") :] == [
        "Closing balance 1,300.00",
        None,
        SIGNED,
        None,
        "Reply slip",
        "To 江苏恒达 & 商贸",
        "K1 客户K1 on the statement of account · to 2024-05-31 · Closing balance 1,300.00:",
        "□ The balance agrees with our books.",
        "□ The balance differs. By our books it is as follows:",
        f"Balance by our books (CNY) {'_' * 18}",
        SIGNED,
    ]
    assert sheet.print_area.endswith(f"${len(found)}")


@pytest.mark.usefixtures("ledger")
def test_without_a_sender_there_is_room_to_sign_and_nothing_about_one(ch: Run) -> None:
    words = ("credit", "statement", "K1", "--to", "2024-05")
    assert ch(*words, "--output", "x.xlsx").code == 0
    found = column_a("x.xlsx")
    assert found[1] == "Date of issue: 2024-05-31"
    assert found.count(SIGNED) == 2
    assert not any(str(line).startswith("To ") for line in found)
    assert ch(*words, "--output", "x.html").code == 0
    assert "<header" not in Path("x.html").read_text("utf-8")


@pytest.mark.usefixtures("ledger")
def test_programs_are_told_who_sends_it_and_screens_are_not(ch: Run) -> None:
    plain = ch("credit", "statement", "K1").out
    assert report(ch, "credit", "statement", "K1")["params"]["sender"] == dict.fromkeys(FROM, "")
    policy(SENDER)
    params = report(ch, "credit", "statement", "K1", "--to", "2024-05")["params"]
    assert params["issued"] == "2024-05-31"
    assert params["sender"] == FROM
    assert ch("credit", "statement", "K1").out == plain


def test_a_line_that_says_its_invoice_has_that_column_in_the_workbook_too(ch: Run) -> None:
    policy("[credit]\nsale_documents = true\n")
    take(ch, deliveries(("2024-05-20", "S1", "K1", 100)))
    take(ch, invoices(("K1", "F1", "2024-06-01", "发票", 110, "2024-06-30")))
    assert ch("receivable", "set", "K1", "F1", "document=S1").code == 0
    assert ch("credit", "statement", "K1", "--from", "2024-06", "--output", "x.xlsx").code == 0
    sheet = openpyxl.load_workbook("x.xlsx").worksheets[0]
    assert [row[6].value for row in sheet.iter_rows(min_row=3, max_row=5)] == ["Invoiced as", "F1", None]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("K9",), "channelctl: error: no customer “K9”"),
        (
            ("K1", "--from", "2024-06", "--to", "2024-05"),
            "channelctl: error: the days end (2024-05-31) before they begin (2024-06-01)\n"
            "Write it as --from 2024-01 --to 2024-05\n",
        ),
        (
            ("K1", "--from", "May"),
            "channelctl: error: “May” is neither a month nor a day\nWrite it as 2024-05 or 2024-05-31.\n",
        ),
        (("K1", "--as-of", "May"), "channelctl: error: “May” is not a date\n"),
    ],
)
@pytest.mark.usefixtures("ledger")
def test_what_makes_no_statement_is_said(ch: Run, words: tuple[str, ...], said: str) -> None:
    done = ch("credit", "statement", *words)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(said)


@pytest.mark.usefixtures("ledger")
def test_a_customer_without_a_document_has_a_statement_of_nothing(ch: Run) -> None:
    assert ch("customer", "add", "K5", "客户K5").code == 0
    done = ch("credit", "statement", "K5")
    assert (done.code, done.err) == (0, "nothing moved the balance of this customer in these days\n")
    assert set(sums(ch, "K5").values()) == {0}


@pytest.mark.usefixtures("ledger")
def test_it_can_be_had_as_it_was_known(ch: Run) -> None:
    take(ch, payments(("K1", "P3", "2024-05-30", 1300, ""), name="late"))
    assert sums(ch, "K1")["closing"] == 0
    assert sums(ch, "K1", "--known", 2)["closing"] == 1300


@pytest.mark.usefixtures("ledger")
@pytest.mark.parametrize("ending", ["xlsx", "html"])
def test_every_customers_statement_goes_into_a_file_of_its_own(ch: Run, ending: str) -> None:
    Path("out").mkdir()
    assert ch("customer", "add", "K5", "客户K5").code == 0
    rows = holds_to_schema(ch, "credit_statements", "credit", "statements", "out", "--as", ending)["rows"]
    assert [(row["customer_code"], row["balance"], row["file"]) for row in rows] == [
        ("K1", 1300, f"statement_K1.{ending}"),
        ("K2", 99.99, f"statement_K2.{ending}"),
    ]
    assert sorted(path.name for path in Path("out").iterdir()) == [row["file"] for row in rows]
    assert ch("credit", "statement", "K1", "--output", f"one.{ending}").code == 0
    assert Path("out", f"statement_K1.{ending}").read_bytes() == Path(f"one.{ending}").read_bytes()


@pytest.mark.usefixtures("ledger")
def test_statements_need_a_folder_and_a_form_that_there_is(ch: Run) -> None:
    assert ch("credit", "statements", "nowhere").code == 3
    Path("out").mkdir()
    done = ch("credit", "statements", "out", "--as", "pdf")
    assert (done.code, done.err) == (
        2,
        "channelctl: error: “pdf” is not a form of statements\n--as xlsx, --as html\n",
    )
    assert list(Path("out").iterdir()) == []


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        (None, None, (None, TODAY)),
        ("2024-05", None, (dt.date(2024, 5, 1), TODAY)),
        ("2024-05", "2024-05", (dt.date(2024, 5, 1), dt.date(2024, 5, 31))),
        ("2024-05-10", "2024-05-10", (dt.date(2024, 5, 10), dt.date(2024, 5, 10))),
        ("2024-05-10", "2024-06", (dt.date(2024, 5, 10), TODAY)),
        (None, "2024年4月", (None, dt.date(2024, 4, 30))),
    ],
)
def test_a_month_is_meant_whole_and_nothing_lies_after_today(
    first: str | None, last: str | None, days: tuple[dt.date | None, dt.date]
) -> None:
    assert span(first, last, TODAY) == days


class Move(NamedTuple):
    """A movement as the ledger tells it."""

    date: dt.date
    what: str
    number: str
    debit: Decimal
    credit: Decimal


money = st.integers(0, 10**12).map(lambda units: D(units).scaleb(-4))
days = st.dates(dt.date(2024, 1, 1), dt.date(2024, 12, 31))
moves = st.lists(
    st.one_of(
        st.builds(Move, days, st.just("invoice"), st.sampled_from("ABC"), money, st.just(NOTHING)),
        st.builds(Move, days, st.just("payment"), st.sampled_from("PQR"), st.just(NOTHING), money),
    ),
    max_size=12,
).map(sorted)


def upto(found: list[Move], day: dt.date) -> list[Move]:
    return [one for one in found if one.date <= day]


@given(moves, days, days)
def test_opening_and_movements_make_closing_and_statements_join(
    found: list[Move], one: dt.date, other: dt.date
) -> None:
    first, last = sorted((one, other))
    eve = first - dt.timedelta(days=1)
    earlier = balanced([], upto(found, eve), Span(None, eve))
    got = balanced(upto(found, eve), upto(found, last), Span(first, last))
    assert got.opening == earlier.closing
    assert got.opening + got.debits - got.credits == got.closing
    assert got.closing == sum((each.debit - each.credit for each in upto(found, last)), NOTHING)
    assert [row.balance for row in got.rows][-1:] in ([], [got.closing])
    figures = [row.amount for row in summary(got)]
    assert sum(figures[:3]) == figures[3]


@given(moves, moves, days)
def test_what_was_put_otherwise_since_is_turned_round(then: list[Move], now: list[Move], first: dt.date) -> None:
    before = upto(then, first - dt.timedelta(days=1))
    got = balanced(before, now, Span(first, dt.date(2024, 12, 31)))
    assert got.opening == sum((each.debit - each.credit for each in before), NOTHING)
    assert got.closing == sum((each.debit - each.credit for each in now), NOTHING)
    assert all(row.date >= first for row in got.rows)


@given(
    st.lists(st.tuples(st.integers(-400, 4000), money), max_size=10),
    money,
    st.sampled_from([(30, 60, 90), (15, 45), (0, 30), (0,), (1,), (7, 8, 9, 1000)]),
)
def test_the_ages_and_what_is_unapplied_make_what_is_outstanding(
    open_: list[tuple[int, Decimal]], over: Decimal, buckets: tuple[int, ...]
) -> None:
    rows = [
        OpenRow("N", "invoice", TODAY, TODAY - dt.timedelta(days=days), amount, amount, days) for days, amount in open_
    ]
    outstanding = sum((row.open for row in rows), NOTHING) - over
    found = {row.age: row.amount for row in ages(rows, outstanding, buckets)}
    assert found.pop(OUTSTANDING) == outstanding == sum(found.values())
    assert found[UNAPPLIED] == -over
    assert found["not_due"] == sum((row.open for row in rows if (row.days or 0) <= 0), NOTHING)
    beyond = sum((row.open for row in rows if (row.days or 0) > max(buckets[-1], 0)), NOTHING)
    assert found[f"{buckets[-1]}-"] == beyond


def test_a_delivery_that_went_back_whole_has_its_statement(ch: Run, tmp_path: Path) -> None:
    policy("[credit]\nsale_documents = true\n")
    take(ch, deliveries(("2024-05-20", "S1", "K1", 100), ("2024-05-22", "R1", "K1", -100)))
    words = ("credit", "statements", tmp_path, "--from", "2024-05", "--to", "2024-05")
    (row,) = report(ch, *words)["rows"]
    assert row["customer_code"] == "K1"
    assert sums(ch, "K1", "--from", "2024-05", "--to", "2024-05") == {
        "opening": 0, "debits": 100, "credits": -100, "closing": 0,
    }  # fmt: skip


def test_all_statements_are_the_single_ones(ch: Run) -> None:
    take(
        ch,
        invoices(*((f"K{n}", f"A{n}", f"2024-0{1 + n % 4}-01", "发票", 100 + n, "2024-05-01") for n in range(1, 8))),
        payments(*((f"K{n}", f"P{n}", f"2024-0{2 + n % 4}-15", 60, "" if n % 2 else f"A{n}") for n in range(1, 8))),
    )
    own, span = CreditPolicy(), Span(dt.date(2024, 3, 1), dt.date(2024, 6, 3))
    with db.session() as session, mock.patch.object(store_statement, "AT_ONCE", 3):
        found = store_statement.statements(session, span, own, own.buckets)
        assert found == [store_statement.statement(session, one.code, span, own, own.buckets) for one in found]
    assert [one.code for one in found] == [f"K{n}" for n in range(1, 8)]
