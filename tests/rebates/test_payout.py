"""Payouts: never above what is payable, and what is over and done with stays so."""

import pytest

from tests.conftest import Run
from tests.making import holds_to_schema, report, sheet
from tests.rebates.ledger import balance, rules, settle, sold, take

PAYOUTS = "兑付单号 日期 客户编码 客户 兑付金额 兑付形式 兑付状态"
WORDS = {"date": "2024-06-01", "customer": "K1", "amount": "8000", "form": "货补", "state": "计划"}


@pytest.fixture
def settled(ch: Run) -> None:
    """Batches 1 to 3: 8,000 settled for K1, nothing for K2."""
    take(ch, rules(), sold("sales", ("2024-05-10", "A1", "K1", 400), ("2024-05-10", "A2", "K2", 10)))
    settle(ch, "2024-05")


def add(ch: Run, number: str, **words: str) -> tuple[int, str]:
    done = ch("rebate", "payout", "add", number, *(f"{name}={word}" for name, word in {**WORDS, **words}.items()))
    return done.code, done.err


@pytest.mark.usefixtures("settled")
def test_a_payout_is_added_listed_and_taken_off_the_balance(ch: Run) -> None:
    assert add(ch, "F1", amount="5000") == (0, "")
    assert add(ch, "F2", amount="3000", form="贷项", state="已开", reference="HZ001") == (0, "")
    rows = report(ch, "rebate", "payout", "list")["rows"]
    assert [(row["number"], row["customer"], row["amount"], row["form"], row["state"]) for row in rows] == [
        ("F1", "客户K1", 5000, "goods", "planned"),
        ("F2", "客户K1", 3000, "credit_note", "issued"),
    ]
    assert {name: balance(ch, "K1")[name] for name in ("paid", "planned", "closing")} == {
        "paid": -3000,
        "planned": -5000,
        "closing": 0,
    }


ABOVE = (
    "channelctl: error: a payout of {amount} to {code} is above what is payable, {free}"
    " (settled {settled}, paid or planned {paid})\n"
)
HINT = "channelctl rebate statement {code} shows how it comes about.\n"


@pytest.mark.parametrize(
    ("words", "figures"),
    [
        ({"amount": "8000.01"}, ("8,000.01", "K1", "8,000.00", "8,000.00", "0.00")),
        ({"customer": "K2", "amount": "1"}, ("1.00", "K2", "0.00", "0.00", "0.00")),
    ],
)
@pytest.mark.usefixtures("settled")
def test_a_payout_above_what_is_payable_is_refused_with_the_figures(
    ch: Run, words: dict[str, str], figures: tuple[str, ...]
) -> None:
    amount, code, free, whole, paid = figures
    said = ABOVE.format(amount=amount, code=code, free=free, settled=whole, paid=paid) + HINT.format(code=code)
    assert add(ch, "F1", **words) == (3, said)
    assert report(ch, "rebate", "payout", "list")["rows"] == []


@pytest.mark.usefixtures("settled")
def test_what_is_paid_already_counts_and_what_is_void_does_not(ch: Run) -> None:
    assert add(ch, "F1", amount="5000")[0] == 0
    code, said = add(ch, "F2", amount="3001")
    assert code == 3
    assert "above what is payable, 3,000.00 (settled 8,000.00, paid or planned 5,000.00)" in said
    assert ch("rebate", "payout", "set", "F1", "state=作废").code == 0
    assert add(ch, "F2", amount="8000") == (0, "")
    assert balance(ch, "K1")["closing"] == 0
    assert ch("rebate", "payout", "set", "F2", "amount=8000.01").code == 3
    assert ch("rebate", "payout", "set", "F2", "amount=7000").code == 0
    assert balance(ch, "K1")["payable"] == 1000


@pytest.mark.usefixtures("settled")
def test_a_sheet_of_payouts_is_held_against_the_balance_row_by_row(ch: Run) -> None:
    rows = [
        ("F1", "2024-06-01", "K1", "客户K1", 5000, "货补", "已兑付"),
        ("F2", "2024-06-02", "K1", "客户K1", 3000, "抵货款", "计划"),
        ("F3", "2024-06-03", "K1", "客户K1", 0.01, "贷项", "计划"),
        ("F4", "2024-06-03", "K1", "客户K1", -5, "贷项", "计划"),
        ("F5", "2024-06-03", "K9", "客户K9", 5, "贷项", "计划"),
    ]
    done = ch("import", sheet("payouts", PAYOUTS, rows), "--partial")
    assert done.code == 1
    refused = [line.split()[:2] for line in done.out.splitlines() if line.startswith("  payouts.csv:")]
    assert refused == [["payouts.csv:4", "E347"], ["payouts.csv:5", "E349"], ["payouts.csv:6", "E366"]]
    found = balance(ch, "K1")
    assert (found["paid"], found["planned"], found["closing"]) == (-5000, -3000, 0)
    again = ch("import", sheet("payouts2", PAYOUTS, rows[:2]))
    assert again.code == 0


@pytest.mark.parametrize(
    ("state", "words", "said"),
    [
        ("done", ("set", "F1", "amount=4000"), "payout F1 is paid out: only its reference and remark may change"),
        ("done", ("set", "F1", "state=void"), "payout F1 is paid out: only its reference and remark may change"),
        ("done", ("remove", "F1"), "payout F1 is paid out and cannot be removed"),
        ("void", ("set", "F1", "state=planned"), "payout F1 is void: only its reference and remark may change"),
        ("void", ("remove", "F1"), "payout F1 is void and cannot be removed"),
        ("issued", ("set", "F1", "state=planned"), "payout F1 is issued and cannot be planned again"),
        ("issued", ("remove", "F1"), "payout F1 is issued and cannot be removed"),
        ("planned", ("set", "F1", "amount=-1"), "a payout is more than 0, not -1.00"),
    ],
)
@pytest.mark.usefixtures("settled")
def test_a_payout_goes_one_way(ch: Run, state: str, words: tuple[str, ...], said: str) -> None:
    assert add(ch, "F1", amount="5000")[0] == 0
    if state != "planned":
        assert ch("rebate", "payout", "set", "F1", f"state={state}").code == 0
    before = report(ch, "rebate", "payout", "list")["rows"]
    done = ch("rebate", "payout", *words)
    assert (done.code, done.out) == (3, "")
    assert done.err.startswith(f"channelctl: error: {said}\n")
    assert len(done.err.splitlines()) == 2
    assert report(ch, "rebate", "payout", "list")["rows"] == before


@pytest.mark.usefixtures("settled")
def test_steps_forward_notes_and_removing_a_plan_are_free(ch: Run) -> None:
    assert add(ch, "F1")[0] == 0
    for words in (("state=issued",), ("state=done",), ("reference=HZ1", "remark=六月货补")):
        assert ch("rebate", "payout", "set", "F1", *words).code == 0
    settle(ch, "2024-06")
    assert add(ch, "F2", amount="1")[0] == 3
    assert ch("batch", "undo", 6).code == 3
    for batch in (7, 6, 5, 4):
        assert ch("batch", "undo", batch).code in (0, 2), batch


@pytest.mark.usefixtures("settled")
def test_a_plan_that_a_claw_back_left_without_cover_does_not_go_out(ch: Run) -> None:
    assert add(ch, "F1")[0] == 0
    take(ch, sold("late", ("2024-06-02", "R1", "K1", -1, "A1")))
    settle(ch, "2024-06")
    done = ch("rebate", "payout", "set", "F1", "state=issued")
    assert done.code == 3
    assert "above what is payable, 0.00 (settled 0.00, paid or planned 0.00)" in done.err
    assert ch("rebate", "payout", "set", "F1", "remark=暂缓").code == 0
    assert ch("rebate", "payout", "set", "F1", "state=void").code == 0
    assert balance(ch, "K1")["closing"] == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            {"amount": "1000.005"},
            "a payout is in yuan and fen, not 1,000.005\nWrite it with two decimals at most: 1000.01\n",
        ),
        (
            {"amount": "0.0001"},
            "a payout is in yuan and fen, not 0.0001\nWrite it with two decimals at most: 0.00\n",
        ),
        (
            {"date": "2024-05-30"},
            "a payout on 2024-05-30 is before anything was settled\n"
            "The first settlement is through 2024-05-31: date it that day or later.\n",
        ),
    ],
)
@pytest.mark.usefixtures("settled")
def test_parts_of_a_fen_and_days_before_any_settlement_are_refused(ch: Run, words: dict[str, str], said: str) -> None:
    assert add(ch, "F1", **words) == (3, f"channelctl: error: {said}")
    assert report(ch, "rebate", "payout", "list")["rows"] == []
    assert add(ch, "F1", amount="1000.50", date="2024-05-31") == (0, "")
    name, value = next(iter(words.items()))
    assert ch("rebate", "payout", "set", "F1", f"{name}={value}").err == f"channelctl: error: {said}"


@pytest.mark.usefixtures("settled")
def test_a_plan_dated_before_a_settlement_that_was_made_again_can_still_be_voided(ch: Run) -> None:
    assert add(ch, "F1", amount="1", date="2024-05-31")[0] == 0
    assert ch("batch", "undo", 3).code == 0
    settle(ch, "2024-06")
    assert ch("rebate", "payout", "set", "F1", "state=void").code == 0


@pytest.mark.usefixtures("settled")
def test_what_is_planned_stands_beside_what_is_paid_out(ch: Run) -> None:
    assert ch("rebate", "payout", "add", "--help").out.count("Fields: date, customer, amount, form") == 1
    assert add(ch, "F1", amount="5000")[0] == 0
    assert add(ch, "F2", amount="1000", state="已开")[0] == 0
    assert add(ch, "F3", amount="500", state="已兑付")[0] == 0
    assert add(ch, "F4", amount="900", state="作废")[0] == 0
    assert balance(ch, "K1") == {
        "opening": 0,
        "settled": 8000,
        "late_changes": 0,
        "paid": -1500,
        "planned": -5000,
        "closing": 1500,
        "payable": 1500,
    }
    last = ch("rebate", "history", "--customer", "K1").out.splitlines()[-1]
    assert last == "Settled 8,000.00, paid out 1,500.00, planned 5,000.00, balance 1,500.00, payable 1,500.00"
    found = holds_to_schema(ch, "rebate_balances", "rebate", "balances")
    assert found["rows"] == [
        {
            "customer_code": code,
            "customer": f"客户{code}",
            "settled": settled,
            "planned": planned,
            "paid": paid,
            "balance": left,
            "payable": left,
        }
        for code, settled, planned, paid, left in [("K1", 8000, 5000, 1500, 1500), ("K2", 0, 0, 0, 0)]
    ]
    assert found["totals"]["balance"] == 1500
    assert ch("rebate", "balances").out.splitlines()[0] == "balances of rebates · 2 customers"


def test_without_a_settlement_there_are_no_balances(ch: Run) -> None:
    take(ch, rules(), sold("sales", ("2024-05-10", "A1", "K1", 400)))
    assert ch("rebate", "balances").err == "nothing was settled yet\n"


@pytest.mark.usefixtures("settled")
def test_a_settlement_is_for_as_many_customers_here_as_there(ch: Run) -> None:
    lines = [("2024-06-02", f"J{number}", f"K{number}", units) for number, units in ((1, 400), (2, 500), (3, 1))]
    take(ch, sold("june", *lines))
    done = ch("rebate", "settle", "--month", "2024-06")
    assert done.out.splitlines()[-2] == "2024-06 (interim): 18,000.00 for 2 customers"
    assert [row["customers"] for row in report(ch, "rebate", "history")["rows"]] == [1, 2]


@pytest.mark.usefixtures("settled")
def test_a_payout_to_nobody_on_file_is_refused_by_name_and_faults_stand_in_the_order_of_rows(ch: Run) -> None:
    rows = [
        ("F1", "2024-06-01", "", "没有的店", 10, "货补", "计划"),
        ("F2", "2024-06-01", "K1", "", "0.001", "货补", "计划"),
        ("F3", "2024-06-01", "K1", "", 100, "红包", "计划"),
        ("F4", "2024-06-01", "K9", "", 100, "货补", "计划"),
    ]
    done = ch("import", sheet("payouts", PAYOUTS, rows))
    assert done.code == 3
    found = [line.split("  ", 3)[1:] for line in done.out.splitlines() if line.startswith("  payouts.csv:")]
    assert [(place, code) for place, code, *_said in found] == [
        ("payouts.csv:2", "E366"),
        ("payouts.csv:3", "E349"),
        ("payouts.csv:4", "E341"),
        ("payouts.csv:5", "E366"),
    ]
    assert found[0][2] == "客户: there is no customer “没有的店”"
    assert "K9" in found[3][2]
    assert [row["code"] for row in report(ch, "customer", "list")["rows"]] == ["K1", "K2"]
