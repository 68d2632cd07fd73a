"""`rebate settle` and `rebate history` as a person runs them."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.making import holds_to_schema, report
from tests.processes import environment, finish, start
from tests.rebates.ledger import SAMPLE, balance, rules, settle, sold, take
from tests.tables import Connection, address, connected, contents, everything

D = Decimal
MAY = ("rebate", "settle", "--month", "2024-05")
APRIL_DAYS, MAY_DAYS, JUNE_DAYS = "2024-04-01/2024-04-30", "2024-05-01/2024-05-31", "2024-06-01/2024-06-30"


@pytest.fixture
def may(ch: Run) -> None:
    """Batches 1 and 2: in May K1 took 1,000 units and K2 399, in April K1 400."""
    take(
        ch,
        rules(),
        sold(
            "sales",
            ("2024-04-10", "A1", "K1", 400),
            ("2024-05-10", "A2", "K1", 600),
            ("2024-05-31", "A3", "K1", 400),
            ("2024-05-20", "A4", "K2", 399),
        ),
    )


@pytest.mark.usefixtures("may")
def test_a_settlement_says_what_it_came_to(ch: Run) -> None:
    dry = ch(*MAY, "--dry-run")
    done = ch(*MAY)
    assert done.code == dry.code == 0
    assert (
        done.err
        == dry.err
        == ("nothing was settled before 2024-05: windows that ended earlier are left out; settle their months first\n")
    )
    assert done.out == (
        "settlement of rebates 2024-05 · final, sales to 2024-05-31\n"
        "\n"
        "Code    Customer   Entitlement, CNY   Settled before, CNY   This settlement, CNY   Of it late changes, CNY"
        "   Balance, CNY   Payable, CNY\n"
        "──────────────────────────────────────────────────────────────────────────────────────────────────────────"
        "──────────────────────────────\n"
        "K1      客户K1            80,000.00                  0.00              80,000.00                      0.00"
        "      80,000.00      80,000.00\n"
        "total                     80,000.00                  0.00              80,000.00                      0.00"
        "\n"
        "\n"
        "1 customer bought what a rule is about, and has reached nothing\n"
        "2024-05 (final): 80,000.00 for 1 customer\n"
        "Batch 3. Take it back: channelctl batch undo 3\n"
    )
    assert dry.out.splitlines()[2:] == done.out.splitlines()[2:-1]
    assert dry.out.startswith("settlement of rebates 2024-05 · final, sales to 2024-05-31 · not written\n")
    shown = ch("batch", "show", 3).out
    assert "rebate settlements" in shown


@pytest.mark.usefixtures("may")
def test_a_dry_run_writes_nothing_and_says_what_the_real_run_does(ch: Run, tmp_path: Path) -> None:
    before = everything(tmp_path / "channel.db")
    predicted = report(ch, *MAY, "--dry-run")
    assert everything(tmp_path / "channel.db") == before
    real = report(ch, *MAY)
    assert (predicted["rows"], predicted["lines"]) == (real["rows"], real["lines"])
    holds_to_schema(ch, "rebate_settle", "rebate", "settle", "--month", "2024-06", "--dry-run")
    holds_to_schema(ch, "rebate_history", "rebate", "history")


@pytest.mark.usefixtures("may")
def test_interim_settlements_and_a_final_one_come_to_the_entitlement(ch: Run) -> None:
    assert settle(ch, "2024-04", "--as-of", "2024-04-30") == [("K1", APRIL_DAYS, 8000, 0, 8000)]
    assert settle(ch, "2024-05", "--as-of", "2024-05-10") == [("K1", MAY_DAYS, 12000, 0, 12000)]
    assert settle(ch, "2024-05", "--as-of", "2024-05-20") == []
    assert settle(ch, "2024-05", "--as-of", "2024-05-30") == []
    assert settle(ch, "2024-05") == [("K1", MAY_DAYS, 80000, 12000, 68000), ("K2", MAY_DAYS, 0, 0, 0)]
    history = report(ch, "rebate", "history")["rows"]
    assert [(row["month"], row["through"], row["final"], row["amount"]) for row in history] == [
        ("2024-04", "2024-04-30", True, 8000),
        ("2024-05", "2024-05-10", False, 12000),
        ("2024-05", "2024-05-31", True, 68000),
    ]
    assert balance(ch, "K1")["closing"] == 88_000


@pytest.mark.usefixtures("may")
def test_nothing_to_settle_is_said_and_nothing_written(ch: Run, tmp_path: Path) -> None:
    before = contents(tmp_path / "channel.db")
    done = ch("rebate", "settle", "--month", "2024-02")
    assert (done.code, done.out.splitlines()[-1]) == (0, "nothing to settle")
    assert contents(tmp_path / "channel.db") == before


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (
            ("--month", "2024-05"),
            3,
            "channelctl: error: 2024-05 is settled (batch 3): late changes go into the next settlement\n"
            "To do it again: channelctl batch undo 3\n",
        ),
        (
            ("--month", "2024-04"),
            3,
            "channelctl: error: 2024-05 is settled already (batch 3): months are settled in order\n"
            "What is left of 2024-04 goes into the next settlement.\n",
        ),
        (
            ("--month", "2024-07"),
            3,
            "channelctl: error: 2024-07 has not begun: it is 2024-06-03\n"
            "A month is settled while it runs, or when it is over.\n",
        ),
        (("--month", "2024-13"), 2, "channelctl: error: “2024-13” is not a month\nWrite it as 2024-05.\n"),
        (
            ("--month", "2024-06", "--as-of", "tomorrow"),
            2,
            "channelctl: error: “tomorrow” is not a date\nWrite it as 2024-05-31.\n",
        ),
        (
            ("--month", "2024-06", "--as-of", "2024-06-04"),
            2,
            "channelctl: error: sales cannot be settled to 2024-06-04: today is 2024-06-03\n"
            "Without --as-of they are settled to today, at most to the month's end.\n",
        ),
    ],
)
@pytest.mark.usefixtures("may")
def test_what_cannot_be_settled_is_refused_with_its_reason(
    ch: Run, tmp_path: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    assert ch(*MAY).code == 0
    before = everything(tmp_path / "channel.db")
    for more in ((), ("--dry-run",)):
        done = ch("rebate", "settle", *words, *more)
        assert (done.code, done.out, done.err) == (code, "", said)
    assert everything(tmp_path / "channel.db") == before


@pytest.mark.usefixtures("may")
def test_a_late_return_takes_back_what_it_earned_in_the_window_of_the_document_it_names(ch: Run) -> None:
    settle(ch, "2024-05")
    done = ch("import", sold("late", ("2024-06-02", "R1", "K1", -150, "A2")))
    assert done.code == 0
    settled = settle(ch, "2024-06", "--as-of", "2024-06-03")
    assert settled == [("K1", MAY_DAYS, 17000, 80000, -63000)]
    told = report(ch, "rebate", "statement", "K1")
    assert [(row["window"], row["amount"], row["late"]) for row in told["rows"]] == [
        (MAY_DAYS, 80000, False),
        (MAY_DAYS, -63000, True),
    ]
    assert balance(ch, "K1") == {
        "opening": 0,
        "settled": 80000,
        "late_changes": -63000,
        "paid": 0,
        "planned": 0,
        "closing": 17000,
        "payable": 17000,
    }


@pytest.mark.usefixtures("may")
def test_what_was_paid_and_is_taken_back_is_carried_forward_and_never_dropped(
    ch: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(ch, "2024-05")
    paid = ch(
        "rebate", "payout", "add", "F1", "date=2024-06-01", "customer=K1", "amount=80000", "form=货补", "state=已兑付"
    )
    assert paid.code == 0, paid.err
    take(ch, sold("late", ("2024-06-02", "R1", "K1", -150, "A2")))
    done = ch("rebate", "settle", "--month", "2024-06")
    assert done.out.splitlines()[-3:] == [
        "1 customer below 0, -63,000.00 in all: it is carried forward",
        "2024-06 (interim): -63,000.00 for 1 customer",
        "Batch 6. Take it back: channelctl batch undo 6",
    ]
    assert (balance(ch, "K1")["closing"], balance(ch, "K1")["payable"]) == (-63000, 0)
    take(ch, sold("july", ("2024-07-24", "A9", "K1", 1000)))
    monkeypatch.setenv("CHANNELCTL_TODAY", "2024-08-01")
    assert settle(ch, "2024-07") == [("K1", "2024-07-01/2024-07-31", 80000, 0, 80000)]
    assert (balance(ch, "K1")["closing"], balance(ch, "K1")["payable"]) == (17000, 17000)
    assert balance(ch, "K1", "--from", "2024-07") == {
        "opening": -63000,
        "settled": 80000,
        "late_changes": 0,
        "paid": 0,
        "planned": 0,
        "closing": 17000,
        "payable": 17000,
    }


@pytest.mark.usefixtures("may")
def test_months_left_out_are_settled_with_the_next_which_is_said(ch: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    settle(ch, "2024-03", "--as-of", "2024-03-31")
    assert report(ch, "rebate", "history")["rows"] == []
    settle(ch, "2024-04")
    take(ch, sold("july", ("2024-07-24", "A9", "K2", 400)))
    monkeypatch.setenv("CHANNELCTL_TODAY", "2024-08-01")
    done = report(ch, "rebate", "settle", "--month", "2024-07")
    assert [(row["customer_code"], row["amount"], row["late_changes"]) for row in done["rows"]] == [
        ("K1", 80000, 0),
        ("K2", 8000, 0),
    ]
    assert "never settled to the end: 2024-05, 2024-06; what is left of them is settled here" in done["notes"]
    assert (balance(ch, "K1")["settled"], balance(ch, "K1")["late_changes"]) == (88000, 0)
    take(ch, sold("late", ("2024-08-01", "R1", "K1", -1, "A2"), ("2024-08-31", "B1", "K3", 1)))
    monkeypatch.setenv("CHANNELCTL_TODAY", "2024-09-01")
    assert settle(ch, "2024-08")[0] == ("K1", MAY_DAYS, 19980, 80000, -60020)
    assert balance(ch, "K1")["late_changes"] == -60020
    history = report(ch, "rebate", "history")["rows"]
    assert [(row["month"], row["late_changes"]) for row in history] == [
        ("2024-04", 0),
        ("2024-07", 0),
        ("2024-08", -60020),
    ]


@pytest.mark.parametrize(
    ("sold_on", "said"),
    [
        (
            "2024-05-23",
            "channelctl: error: 2024-05 cannot be settled to its end: the last day with sales is 2024-05-23\n",
        ),
        (None, "channelctl: error: 2024-05 cannot be settled to its end: there are no sales\n"),
        ("2024-05-24", None),
        ("2024-06-01", None),
    ],
)
def test_a_month_is_settled_to_its_end_only_once_its_last_sales_are_in(
    ch: Run, sold_on: str | None, said: str | None
) -> None:
    take(ch, rules())
    if sold_on:
        take(ch, sold("sales", (sold_on, "A1", "K1", 400)))
    dry = ch(*MAY, "--dry-run")
    if said is None:
        assert dry.code == 0
        return
    hint = "Import the sales first; --as-of DAY makes an interim one. If there are no more: --force\n"
    assert (dry.code, dry.out, dry.err) == (3, "", said + hint)
    assert ch(*MAY, "--as-of", "2024-05-30").code == 0
    forced = ch(*MAY, "--force")
    assert forced.code == 0
    assert "the month to 2024-05-31" in forced.err


@pytest.mark.usefixtures("may")
def test_sales_of_a_settled_month_say_where_what_they_change_goes(ch: Run) -> None:
    settle(ch, "2024-05")
    done = ch("import", sold("more", ("2024-05-30", "A5", "K2", 1)))
    assert done.code == 0
    assert (
        "more.csv: rebates of 2024-05 are settled (batch 3): what these rows change goes into the next settlement\n"
    ) in done.err
    assert settle(ch, "2024-06") == [("K2", MAY_DAYS, 8000, 0, 8000)]


@pytest.mark.usefixtures("may")
def test_a_version_that_reaches_into_settled_months_says_so(ch: Run) -> None:
    settle(ch, "2024-04")
    settle(ch, "2024-05")
    after = ("DL", "3", "1", "达量返利", "2024-06-01", "", "月", "台数", "元/台", "300", "40")
    assert ch("import", rules(after, name="after")).err == ""
    second = ("DL", "2", "1", "达量返利", "2024-05-01", "2024-05-31", "月", "台数", "元/台", "300", "30")
    assert ch("import", rules(second, name="second")).err == (
        "second.csv: policy DL, version 2, holds in settled months (2024-05): the next settlement reckons these anew"
        " and settles the difference, also where that takes back\n"
    )
    assert settle(ch, "2024-06") == [("K1", MAY_DAYS, 30000, 80000, -50000), ("K2", MAY_DAYS, 11970, 0, 11970)]


@pytest.mark.usefixtures("may")
def test_a_merged_customer_takes_what_was_settled_along(ch: Run) -> None:
    settle(ch, "2024-05")
    assert ch("customer", "merge", "K2", "K1").code == 0
    assert settle(ch, "2024-06") == [("K1", MAY_DAYS, 111920, 80000, 31920)]
    assert balance(ch, "K1")["closing"] == 111_920
    assert balance(ch, "K2") == balance(ch, "K1")


# --- rules of a version that was settled ------------------------------------------------------------------------------


HELD = (
    "version 1 of policy DL was settled (batch 3)",
    "Give its rules a higher version, with the days from which that holds.",
)


@pytest.mark.parametrize(
    "words",
    [
        ("set", "DL", "1", "1", "rates=30/90"),
        ("set", "DL", "1", "1", "cap=1000"),
        ("remove", "DL", "1", "1"),
        ("add", "DL", "1", "2", "type=提货返利", "rates=1", "valid_from=2024-01-01"),
    ],
)
@pytest.mark.usefixtures("may")
def test_rules_of_a_settled_version_do_not_change(ch: Run, words: tuple[str, ...]) -> None:
    settle(ch, "2024-05")
    done = ch("rebate", "rule", *words)
    assert (done.code, done.out, done.err) == (3, "", f"channelctl: error: {HELD[0]}\n{HELD[1]}\n")


@pytest.mark.usefixtures("may")
def test_rules_of_a_settled_version_keep_out_other_rows_and_take_the_same_ones_and_remarks(ch: Run) -> None:
    settle(ch, "2024-05")
    again = ch("import", rules(name="again"))
    assert again.code == 0, again.out + again.err
    other = ch("import", rules((*SAMPLE[:-1], "30/90"), name="other"))
    assert other.code == 3
    assert "E346" in other.out
    assert HELD[0] in other.out
    assert ch("rebate", "rule", "set", "DL", "1", "1", "name=达量", "remark=已公布").code == 0
    assert settle(ch, "2024-06") == []


@pytest.mark.usefixtures("may")
def test_a_new_version_of_a_settled_window_is_settled_by_the_difference(ch: Run) -> None:
    settle(ch, "2024-05")
    take(
        ch,
        rules(
            ("DL", "2", "1", "达量返利", "2024-05-01", "2024-12-31", "月", "台数", "元/台", "300/1000", "30/90"),
            name="v2",
        ),
    )
    assert settle(ch, "2024-06") == [
        ("K1", MAY_DAYS, 90000, 80000, 10000),
        ("K2", MAY_DAYS, 11970, 0, 11970),
    ]


# --- undoing ----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("may")
def test_undoing_a_settlement_leaves_no_trace_of_it_and_says_what_stays_paid(ch: Run, tmp_path: Path) -> None:
    before = contents(tmp_path / "channel.db")
    settle(ch, "2024-05")
    undone = ch("batch", "undo", 3)
    assert (undone.code, undone.err) == (0, "")
    assert contents(tmp_path / "channel.db") == before
    settle(ch, "2024-05")
    words = ("date=2024-06-01", "customer=K1", "form=货补", "state=计划")
    assert ch("rebate", "payout", "add", "F1", "amount=5000", *words).code == 0
    undone = ch("batch", "undo", 5)
    assert (undone.code, undone.err) == (0, "K1: paid or planned 5,000.00, settled without this batch 0.00\n")
    assert balance(ch, "K1")["closing"] == -5000


@pytest.mark.usefixtures("may")
def test_only_the_last_settlement_is_undone_and_rules_only_without_one(ch: Run) -> None:
    settle(ch, "2024-04")
    settle(ch, "2024-05")
    hint = "Undo those batches first, the latest first: channelctl batch undo N\n"
    for batch, lines in (
        (3, "  batch 4 settled 2024-05 after it\n"),
        (1, "  batch 3 settled DL by version 1\n"),
    ):
        done = ch("batch", "undo", batch)
        assert (done.code, done.out) == (3, "")
        assert done.err == (
            f"channelctl: error: batch {batch} cannot be undone: later work builds on it\n{lines}{hint}"
        )
    for batch in (4, 3, 1):
        assert ch("batch", "undo", batch).code == 0


@pytest.mark.usefixtures("may")
def test_sales_that_were_settled_can_be_undone_and_are_taken_back_by_the_next_settlement(ch: Run) -> None:
    settle(ch, "2024-05")
    assert ch("batch", "undo", 2).code == 0
    assert settle(ch, "2024-06") == [("K1", MAY_DAYS, 0, 80000, -80000)]
    assert balance(ch, "K1")["late_changes"] == -80000
    assert balance(ch, "K1")["closing"] == 0
    Path("out").mkdir()
    assert ch("rebate", "statements", "out").code == 0


# --- two at once ------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("may")
def test_of_two_that_settle_a_month_at_once_one_does_and_the_other_says_so(tmp_path: Path) -> None:
    env = environment(CHANNELCTL_DB=address(tmp_path / "channel.db"))
    both = [start(*MAY, env=env, cwd=tmp_path) for _one in range(2)]
    first, second = sorted(finish(one) for one in both)
    assert (first[0], second[0]) == (0, 3)
    assert second[2].startswith(
        "channelctl: error: 2024-05 is settled (batch 3): late changes go into the next settlement\n"
    )
    with connected(tmp_path / "channel.db") as connection:
        assert connection.execute("SELECT count(*) FROM rebate_settlement").fetchone() == (1,)
        assert connection.execute("SELECT sum(amount) FROM rebate_settled").fetchone() == (800_000_000,)


# --- what there was ---------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("may")
def test_the_history_tells_every_settlement_and_a_customers_account(ch: Run) -> None:
    none = ch("rebate", "history")
    assert (none.code, none.err) == (0, "nothing was settled yet\n")
    settle(ch, "2024-04")
    settle(ch, "2024-05")
    one = ch("rebate", "history", "--customer", "K1")
    assert one.out.splitlines()[0] == "settlements of rebates · 2 · K1 客户K1"
    assert one.out.splitlines()[-1] == (
        "Settled 88,000.00, paid out 0.00, planned 0.00, balance 88,000.00, payable 88,000.00"
    )
    rows = report(ch, "rebate", "history")["rows"]
    assert [
        (row["month"], row["customers"], row["windows"], row["earned"], row["taken_back"], row["user"], row["batch"])
        for row in rows
    ] == [("2024-04", 1, "2024-04", 8000, 0, "tester", 3), ("2024-05", 1, "2024-05", 80000, 0, "tester", 4)]
    assert report(ch, "rebate", "history", "--known", 3)["rows"] == rows[:1]
    assert ch("rebate", "history", "--customer", "K9").code == 2


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Connection]:
    with connected(tmp_path / "channel.db") as connection:
        yield connection


@pytest.mark.usefixtures("may")
def test_a_settlement_keeps_codes_the_policy_and_the_data_it_was_made_from(ch: Run, kept: Connection) -> None:
    settle(ch, "2024-05")
    policy, known = kept.execute("SELECT policy, known FROM rebate_settlement").fetchone()
    assert set(json.loads(policy)) == {"rebates", "sales"}
    assert known == 2
    values = [str(value) for row in kept.execute("SELECT * FROM rebate_settled") for value in row]
    assert not [value for value in values if "客户" in value]
