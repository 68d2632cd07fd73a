"""Promises to pay: open, kept or broken; no money keeps two of them."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelctl.systems.credit.rules_promise import BROKEN, KEPT, NOTHING, OPEN, Came, Promised, judge
from tests.conftest import Run
from tests.credit.owed import invoices, payments, take
from tests.making import holds_to_schema, policy, report, sheet

D = Decimal


def may(day: int) -> dt.date:
    return dt.date(2024, 5, day)


def came(day: int, amount: int, document: str | None = None) -> Came:
    return Came(may(day), {document: D(amount)})


def promised(place: int, made: int, due: int, amount: int, document: str | None = None) -> Promised:
    return Promised(place, may(made), may(due), D(amount), document)


@pytest.mark.parametrize(
    ("promises", "money", "applied", "day", "expected"),
    [
        ([promised(1, 5, 10, 100)], [], {}, 10, [(0, OPEN)]),
        ([promised(1, 5, 10, 100)], [], {}, 11, [(0, BROKEN)]),
        ([promised(1, 5, 10, 100)], [came(10, 100)], {}, 10, [(100, KEPT)]),
        ([promised(1, 5, 10, 100)], [came(5, 40), came(10, 60)], {}, 31, [(100, KEPT)]),
        ([promised(1, 5, 10, 100)], [came(10, 99)], {}, 10, [(99, OPEN)]),
        ([promised(1, 5, 10, 100)], [came(10, 99)], {}, 11, [(99, BROKEN)]),
        ([promised(1, 5, 10, 100)], [came(4, 100), came(11, 100)], {}, 31, [(0, BROKEN)]),
        ([promised(1, 5, 10, 100)], [came(10, 100)], {}, 9, [(0, OPEN)]),
        ([promised(1, 5, 10, 100)], [came(6, 100), came(8, -100)], {}, 31, [(0, BROKEN)]),
        ([promised(1, 5, 10, 100)], [came(8, -30)], {}, 31, [(0, BROKEN)]),
        ([promised(1, 5, 10, 100)], [came(6, 20), came(8, -30)], {}, 31, [(0, BROKEN)]),
        ([promised(1, 5, 10, 100)], [came(6, 130), came(8, -30)], {}, 31, [(100, KEPT)]),
        ([promised(1, 5, 10, 100)], [came(6, 100), came(20, -100)], {}, 31, [(100, KEPT)]),
        ([promised(1, 1, 20, 100), promised(2, 1, 10, 100)], [came(5, 100)], {}, 31, [(0, BROKEN), (100, KEPT)]),
        ([promised(1, 1, 10, 60), promised(2, 1, 20, 40)], [came(5, 100)], {}, 31, [(60, KEPT), (40, KEPT)]),
        ([promised(1, 1, 10, 60), promised(2, 1, 20, 50)], [came(5, 100)], {}, 31, [(60, KEPT), (40, BROKEN)]),
        ([promised(1, 5, 10, 100, "A")], [came(6, 100)], {}, 31, [(0, BROKEN)]),
        ([promised(1, 5, 10, 100, "A")], [came(6, 100)], {1: D(100)}, 31, [(100, KEPT)]),
        ([promised(1, 5, 10, 100, "A")], [came(6, 100, "B")], {1: D(100)}, 31, [(0, BROKEN)]),
        (
            [promised(1, 1, 10, 50), promised(2, 1, 20, 50, "A")],
            [came(5, 50, "A"), came(6, 50)],
            {2: D(50)},
            31,
            [(50, KEPT), (50, KEPT)],
        ),
    ],
)
def test_a_promise_is_kept_by_money_of_its_days_that_keeps_no_other(
    promises: list[Promised],
    money: list[Came],
    applied: dict[int, Decimal],
    day: int,
    expected: list[tuple[int, str]],
) -> None:
    found = judge(promises, money, applied, may(day))
    assert [tuple(found[one.id]) for one in promises] == expected


days = st.integers(1, 31)
amounts = st.integers(1, 50)


@given(
    st.lists(st.tuples(days, days, amounts), max_size=6),
    st.lists(st.tuples(days, st.integers(-20, 60), st.sampled_from([None, "A"])), max_size=8),
    days,
)
def test_no_money_keeps_two_promises(
    said: list[tuple[int, int, int]], money: list[tuple[int, int, str | None]], day: int
) -> None:
    promises = [promised(n, min(a, b), max(a, b), amount) for n, (a, b, amount) in enumerate(said)]
    payments = [came(*one) for one in money]
    found = judge(promises, payments, {}, may(day))
    assert all(0 <= found[one.id].paid <= one.amount for one in promises)
    assert all((found[one.id].state == KEPT) == (found[one.id].paid == one.amount) for one in promises)
    assert all(found[one.id].state != OPEN or one.due_on >= may(day) for one in promises)
    assert sum((one.paid for one in found.values()), NOTHING) <= sum(
        max(0, amount) for at, amount, _name in money if at <= day
    )


@pytest.fixture
def ledger(ch: Run) -> None:
    """K1 owes A1, A2 and A3, pays 300 for A2 in May; 500 of A3 is credited. Three promises of K1, one of K2."""
    take(
        ch,
        invoices(
            ("K1", "A1", "2024-03-01", "发票", 1000, "2024-03-31"),
            ("K1", "A2", "2024-04-01", "发票", 500, "2024-05-01"),
            ("K1", "A3", "2024-04-02", "发票", 500, "2024-05-02"),
            ("K2", "B1", "2024-03-01", "发票", 70, "2024-03-31"),
        ),
        payments(("K1", "P2", "2024-05-10", 300, "A2")),
        sheet(
            "promises",
            "客户编码 客户 承诺日期 承诺付款日 承诺金额 承诺单据",
            [
                ("K1", "客户K1", "2024-05-01", "2024-05-15", 250, "A2"),
                ("K1", "客户K1", "2024-05-01", "2024-05-20", 500, "A3"),
                ("K1", "客户K1", "2024-05-05", "2024-06-15", 50, ""),
                ("K2", "客户K2", "2024-05-05", "2024-06-02", 70, ""),
            ],
        ),
    )
    words = ("K1", "N3", "date=2024-05-06", "type=红字发票", "amount=500", "document=A3")
    assert ch("receivable", "add", *words).code == 0


@pytest.mark.usefixtures("ledger")
def test_promises_are_listed_with_what_became_of_them(ch: Run) -> None:
    done = ch("promise", "list")
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        "promises to pay · 4 promises · as of 2024-06-03\n"
        "\n"
        "Code   Customer   Made on      Due on       Promised, CNY   Paid in time, CNY   State    Document   Given by"
        "   Remark\n"
        "────────────────────────────────────────────────────────────────────────────────────────────────────────────"
        "─────────\n"
        "K1     客户K1     2024-05-01   2024-05-15          250.00              250.00   kept     A2\n"
        "K1     客户K1     2024-05-01   2024-05-20          500.00                0.00   broken   A3\n"
        "K2     客户K2     2024-05-05   2024-06-02           70.00                0.00   broken\n"
        "K1     客户K1     2024-05-05   2024-06-15           50.00               50.00   kept\n"
        "\n"
        "0 open, 2 kept, 2 broken\n"
    )
    holds_to_schema(ch, "promise_list", "promise", "list")


@pytest.mark.usefixtures("ledger")
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("--state", "broken"), [("K1", "broken"), ("K2", "broken")]),
        (("--state", "kept", "customer=K1"), [("K1", "kept"), ("K1", "kept")]),
        (("--state", "open"), []),
        (("--customer", "K2"), [("K2", "broken")]),
        (("--as-of", "2024-05-09"), [("K1", "open"), ("K1", "open"), ("K2", "open"), ("K1", "open")]),
        (("--as-of", "2024-05-04"), [("K1", "open"), ("K1", "open")]),
        (("--no-document", "--state", "broken"), [("K2", "broken")]),
    ],
)
def test_they_can_be_asked_for_by_state_field_and_day(ch: Run, words: tuple[str, ...], expected: list[Any]) -> None:
    rows = report(ch, "promise", "list", *words)["rows"]
    assert [(row["customer_code"], row["state"]) for row in rows] == expected


@pytest.mark.usefixtures("ledger")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--state", "late"), "a promise is never “late”\n--state open, kept, broken\n"),
        (("K1",), "“K1” is not FIELD=VALUE\nWrite it as customer=C00012\n"),
    ],
)
def test_what_cannot_be_asked_for_is_said(ch: Run, words: tuple[str, ...], said: str) -> None:
    done = ch("promise", "list", *words)
    assert (done.code, done.out, done.err) == (2, "", f"channelctl: error: {said}")


def test_without_a_promise_there_is_nothing_to_list(ch: Run) -> None:
    assert ch("init").code == 0
    done = ch("promise", "list")
    assert (done.code, done.err) == (0, "there is no such promise\n")


def test_a_write_off_keeps_no_promise(ch: Run) -> None:
    take(ch, invoices(("K1", "A1", "2024-03-01", "发票", 100, "2024-03-31")))
    assert ch("promise", "add", "K1", "2024-05-01", "2024-06-30", "amount=100", "document=A1").code == 0
    assert ch("credit", "writeoff", "K1", 100, "--handler", "王伟", "--reason", "x").code == 0
    assert [row["state"] for row in report(ch, "promise", "list")["rows"]] == ["open"]


def test_a_settled_date_is_money_of_that_day(ch: Run) -> None:
    take(
        ch,
        sheet(
            "settled",
            "客户编码 客户 应收单号 单据日期 应收金额 到期日 结清日期",
            [("K1", "客户K1", "A1", "2024-03-01", 100, "2024-03-31", "2024-05-10")],
        ),
    )
    assert ch("promise", "add", "K1", "2024-05-01", "2024-05-15", "amount=100", "document=A1").code == 0
    assert [row["state"] for row in report(ch, "promise", "list")["rows"]] == ["kept"]


def test_goods_that_went_back_keep_no_promise(ch: Run) -> None:
    policy("[credit]\nsale_documents = true\n")
    heading = "日期 单据编号 行号 客户编码 客户名称 型号 数量 含税金额 原单据号"
    rows = [
        ("2024-04-20", "S1", 1, "K1", "客户K1", "X1", 1, 100, ""),
        ("2024-05-10", "R1", 1, "K1", "客户K1", "X1", -1, -100, "S1"),
    ]
    take(ch, sheet("sales", heading, rows))
    assert ch("promise", "add", "K1", "2024-05-01", "2024-05-31", "amount=100", "document=S1").code == 0
    (row,) = report(ch, "promise", "list")["rows"]
    assert (row["state"], row["paid"]) == ("broken", 0)
