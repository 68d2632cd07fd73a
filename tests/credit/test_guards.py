"""What may not change once it counts: by hand, by import, by undoing."""

from decimal import Decimal

import pytest

from tests.conftest import Run
from tests.credit.granting import applied, begin, by, granted, surveyed
from tests.making import report, sheet

D = Decimal
LIMITS = "客户编码 信用额度 生效日期 账期"


@pytest.fixture(autouse=True)
def begun(ch: Run) -> None:
    begin(ch)


def opening(ch: Run, *rows: tuple[object, ...], name: str = "limits") -> str:
    """Import opening limits; what the import says on stderr."""
    return ch("import", sheet(name, LIMITS, rows)).err


def amounts(ch: Run, customer: str = "K1") -> list[D | None]:
    rows = report(ch, "credit", "limit", "list", f"customer={customer}")["rows"]
    return [row["limit_amount"] for row in rows]


# --- limits -----------------------------------------------------------------------------------------------------------


def test_opening_limits_are_imported_once_and_blank_and_nothing_are_kept_apart(ch: Run) -> None:
    rows = ("K1", "1000", "2024-01-01", "30"), ("K2", "0", "2024-01-01", ""), ("K3", "", "2024-01-01", "月结")
    opening(ch, *rows)
    assert [amounts(ch, f"K{number}") for number in (1, 2, 3)] == [[D("1000.00")], [D("0.00")], [None]]
    again = ch("import", sheet("again", LIMITS, rows))
    assert again.code == 0
    assert amounts(ch) == [D("1000.00")]


@pytest.mark.parametrize("row", [("K1", "2000", "2024-01-01", "30"), ("K1", "2000", "2024-03-01", "30")])
def test_another_limit_of_a_customer_that_has_one_is_refused(ch: Run, row: tuple[str, ...]) -> None:
    opening(ch, ("K1", "1000", "2024-01-01", "30"))
    done = ch("import", sheet("more", LIMITS, [row]))
    assert done.code == 3
    said = done.out + done.err
    assert "E353" in said
    assert "K1 has a limit; it changes by application only" in said
    assert amounts(ch) == [D("1000.00")]


def test_an_opening_limit_is_removed_until_something_is_decided(ch: Run) -> None:
    opening(ch, ("K1", "1000", "2024-01-01", "30"), ("K2", "500", "2024-01-01", "30"))
    assert ch("credit", "limit", "remove", "K2", "2024-01-01", "opening").code == 0
    assert amounts(ch, "K2") == []
    granted(ch, "K1", "2000")
    done = ch("credit", "limit", "remove", "K1", "2024-01-01", "opening")
    assert done.code == 3
    assert "K1 has a limit; it changes by application only" in done.err


def test_two_customers_with_opening_limits_are_merged_once_one_is_removed(ch: Run) -> None:
    opening(ch, ("K1", "1000", "2024-01-01", "30"), ("K2", "500", "2024-01-01", "30"))
    stopped = ch("customer", "merge", "K2", "K1")
    assert stopped.code == 3
    assert "channelctl credit limit remove K2 2024-01-01 opening" in stopped.err
    assert ch("credit", "limit", "remove", "K2", "2024-01-01", "opening").code == 0
    assert ch("customer", "merge", "K2", "K1").code == 0
    assert amounts(ch) == [D("1000.00")]


def test_of_two_limits_in_one_sheet_the_second_is_refused(ch: Run) -> None:
    rows = [("K1", "1000", "2024-01-01", "30"), ("K1", "2000", "2024-03-01", "30")]
    assert ch("import", sheet("two", LIMITS, rows)).code == 3
    assert amounts(ch) == []


def test_a_granted_limit_is_no_opening_and_comes_in_by_no_sheet(ch: Run) -> None:
    granted(ch, "K1", "1000")
    assert ch("import", sheet("limits", LIMITS, [("K1", "9999", "2024-01-01", "30")])).code == 3
    assert amounts(ch) == [D("1000.00")]


def test_a_customers_limits_are_shown_with_the_one_in_force(ch: Run) -> None:
    opening(ch, ("K1", "1000", "2024-01-01", "30"), ("K2", "", "2024-01-01", ""))
    granted(ch, "K1", "2000", "--until", "2024-06-30")
    done = ch("credit", "limit", "show", "K1")
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        "credit limits · K1 客户K1 · 2\n"
        "\n"
        "Valid from   Credit limit, CNY   Terms   Expires on   Pooled   Source          Approved by   Remark\n"
        "───────────────────────────────────────────────────────────────────────────────────────────────────\n"
        "2024-01-01            1,000.00   30                            opening limit\n"
        "2024-06-03            2,000.00   30      2024-06-30            SQ240603-1      zhao\n"
        "\n"
        "in force on 2024-06-03: 2,000.00, terms 30\n"
    )
    last = [
        ch("credit", "limit", "show", customer, "--as-of", day).out.splitlines()[-1]
        for customer, day in (("K1", "2024-06-02"), ("K1", "2024-06-30"), ("K1", "2024-07-01"), ("K2", "2024-06-03"))
    ]
    assert last == [
        "in force on 2024-06-02: 1,000.00, terms 30",
        "in force on 2024-06-30: 2,000.00, terms 30",
        "no limit is in force on 2024-07-01",
        "no limit was said for 2024-06-03; what that means is [credit] no_limit in the policy file",
    ]


@pytest.mark.parametrize("verb", ["add", "set", "remove"])
def test_no_command_writes_limits(ch: Run, verb: str) -> None:
    assert ch("credit", "limit", verb, "K1").code == 2


def test_opening_limits_can_be_taken_back_until_something_was_decided(ch: Run) -> None:
    opening(ch, ("K1", "1000", "2024-01-01", "30"), ("K2", "500", "2024-01-01", "30"))
    granted(ch, "K1", "2000")
    held = ch("batch", "undo", "2")
    assert (held.code, held.err) == (
        3,
        "channelctl: error: batch 2 cannot be undone: later work builds on it\n"
        "  batch 5 decided application SQ240603-1 after it\n"
        "Undo those batches first, the latest first: channelctl batch undo N\n",
    )
    assert ch("batch", "undo", "5").code == 0
    assert amounts(ch) == [D("1000.00")]
    assert ch("batch", "undo", "2").code == 0
    assert amounts(ch) == amounts(ch, "K2") == []


def test_undoing_a_decision_takes_its_limit_and_lets_it_be_decided_anew(ch: Run) -> None:
    number = granted(ch, "K1", "2000")
    assert ch("batch", "undo", "4").code == 0
    assert amounts(ch) == []
    assert [row["what"] for row in report(ch, "credit", "history")["rows"]] == ["application"]
    assert by("lisi", ch, "credit", "refuse", number, "--reason", "no").code == 0


def test_a_decision_with_a_later_one_after_it_stays(ch: Run) -> None:
    granted(ch, "K1", "1000", on="2024-05-06")
    granted(ch, "K1", "2000")
    held = ch("batch", "undo", "4")
    assert (held.code, held.err.splitlines()[1]) == (3, "  batch 7 decided application SQ240603-1 after it")
    assert ch("batch", "undo", "7").code == ch("batch", "undo", "4").code == 0
    assert amounts(ch) == []


# --- applications -----------------------------------------------------------------------------------------------------


def test_an_undecided_application_is_its_applicants_to_correct_and_withdraw(ch: Run) -> None:
    number = applied(ch, "K1", "1000")
    error = f"channelctl: error: application {number} is wang's to correct or withdraw, not lisi's\n"
    for words in (("set", number, "limit_amount=2000"), ("remove", number)):
        other = by("lisi", ch, "credit", "application", *words)
        assert (other.code, other.err) == (
            3, f"{error}It is decided by: channelctl credit approve|refuse {number}\n"
        )  # fmt: skip
    given = by("wang", ch, "credit", "application", "set", number, "applicant=lisi")
    assert (given.code, given.err.splitlines()[0]) == (
        3, f"channelctl: error: application {number} is wang's and cannot become another's"
    )  # fmt: skip
    assert by("wang", ch, "credit", "application", "set", number, "limit_amount=2000").code == 0
    assert report(ch, "credit", "application", "list")["rows"][0]["limit_amount"] == D("2000.00")
    assert by("wang", ch, "credit", "application", "remove", number).code == 0


@pytest.mark.parametrize("words", [("set", "limit_amount=1"), ("set", "reason="), ("remove",)])
def test_a_decided_application_stays_as_it_is(ch: Run, words: tuple[str, ...]) -> None:
    number = granted(ch, "K1", "1000", "--reason", "x")
    done = by("wang", ch, "credit", "application", words[0], number, *words[1:])
    assert (done.code, done.err) == (
        3,
        f"channelctl: error: application {number} is decided (batch 4) and stays as it is\n"
        "Apply anew: channelctl credit apply CUSTOMER AMOUNT\n",
    )


def test_a_sheet_does_not_change_a_decided_application(ch: Run) -> None:
    number = granted(ch, "K1", "1000")
    form = sheet(
        "form", "申请编号 客户编码 申请日期 申请人 申请额度", [(number, "K1", "2024-06-03", "wang", "9000")]
    )  # fmt: skip
    done = by("wang", ch, "import", form)
    assert done.code == 3
    assert "E354" in done.out + done.err
    assert report(ch, "credit", "application", "list")["rows"][0]["limit_amount"] == D("1000.00")


def test_the_batch_of_a_decided_application_or_survey_stays(ch: Run) -> None:
    granted(ch, "K1", "1000")
    for batch in ("2", "3"):
        held = ch("batch", "undo", batch)
        assert (held.code, held.err) == (
            3,
            f"channelctl: error: batch {batch} cannot be undone: later work builds on it\n"
            "  batch 4 decided application SQ240603-1\n"
            "Undo those batches first, the latest first: channelctl batch undo N\n",
        )


# --- surveys ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [("set", "staff=9"), ("set", "bank="), ("remove",)])
def test_a_survey_that_a_decision_stands_on_stays(ch: Run, words: tuple[str, ...]) -> None:
    number = granted(ch, "K1", "1000")
    done = ch("credit", "investigation", words[0], "DC240603-1", *words[1:])
    assert (done.code, done.err) == (
        3,
        f"channelctl: error: application {number} was decided on investigation DC240603-1 (batch 4)\n"
        "Make a new one: channelctl credit investigate CUSTOMER FIELD=VALUE\n",
    )


def test_a_survey_that_nothing_was_decided_on_may_change(ch: Run) -> None:
    surveyed(ch)
    assert ch("credit", "investigation", "set", "DC240603-1", "staff=9").code == 0
    assert ch("credit", "investigation", "remove", "DC240603-1").code == 0


def test_an_application_whose_survey_is_gone_is_not_approved(ch: Run) -> None:
    headings = "客户编码 申请编号 申请日期 申请人 申请额度 调查编号"
    rows = [("K1", "SQ9", "2024-06-03", "wang", 1000, "DC240603-1")]
    assert by("wang", ch, "import", sheet("applied", headings, rows)).code == 0
    done = by("lisi", ch, "credit", "approve", "SQ9")
    assert (done.code, done.err.splitlines()[0]) == (2, "channelctl: error: no credit investigation “DC240603-1”")


def test_a_survey_that_an_application_waits_on_may_be_filled_in_but_not_go(ch: Run) -> None:
    number = applied(ch, "K1", "1000")
    error = (
        f"channelctl: error: application {number} waits on investigation DC240603-1\n"
        f"Withdraw it first: channelctl credit application remove {number}\n"
    )
    done = ch("credit", "investigation", "remove", "DC240603-1")
    assert (done.code, done.err) == (3, error)
    done = ch("credit", "investigation", "set", "DC240603-1", "customer=K2")
    assert (done.code, done.err) == (3, error)
    done = ch("batch", "undo", "2")
    assert done.code == 3
    assert f"application {number} of batch 3 waits on investigation DC240603-1" in done.err
    assert ch("credit", "investigation", "set", "DC240603-1", "staff=9").code == 0
    assert by("wang", ch, "credit", "application", "remove", number).code == 0
    assert ch("credit", "investigation", "remove", "DC240603-1").code == 0


def test_a_limit_from_the_beginning_is_said_so_and_comes_back_by_its_words(ch: Run) -> None:
    opening(ch, ("K1", "1000", "", "30"))
    shown = ch("credit", "limit", "show", "K1").out.splitlines()
    assert shown[4].split("  ")[0] == "from the beginning"
    assert "from the beginning" in ch("credit", "history", "K1").out
    assert ch("export", "credit-limit", "-o", "limits.xlsx").code == 0
    done = ch("import", "limits.xlsx", "--format", "json").data
    assert [(one["new"], one["changed"], one["existing"], one["rejected"]) for one in done["rows"]] == [(0, 0, 1, 0)]


def test_terms_of_the_policy_are_told(ch: Run) -> None:
    opening(ch, ("K1", "1000", "2024-01-01", ""))
    last = ch("credit", "limit", "show", "K1").out.splitlines()[-1]
    assert last == "in force on 2024-06-03: 1,000.00, terms 30 (of the policy)"


def test_a_decision_holds_an_opening_limit_under_the_code_that_the_customer_got_since(ch: Run) -> None:
    opening(ch, ("K1", "1000", "2024-01-01", "30"))
    granted(ch, "K1", "2000")
    assert ch("customer", "merge", "K1", "K2").code == 0
    done = ch("credit", "limit", "remove", "K2", "2024-01-01", "opening")
    assert (done.code, done.err.splitlines()[0]) == (
        3, "channelctl: error: K2 has a limit; it changes by application only"
    )  # fmt: skip
