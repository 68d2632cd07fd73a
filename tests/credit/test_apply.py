"""From a survey over an application to a limit: what each command says, and what it refuses."""

from decimal import Decimal

import openpyxl
import pytest

from tests.conftest import Run
from tests.credit.granting import SURVEYED, applied, begin, by, granted, surveyed
from tests.making import holds_to_schema, policy, report, sheet

D = Decimal
NUMBER = "SQ240603-1"


@pytest.fixture(autouse=True)
def begun(ch: Run) -> None:
    begin(ch)


def limits(ch: Run) -> list[tuple[str, D | None, str | None, str]]:
    """Each limit: of whom, how much, terms, from where."""
    rows = report(ch, "credit", "limit", "list")["rows"]
    return [(row["customer_code"], row["limit_amount"], row["terms"], row["source"]) for row in rows]


def test_a_survey_says_how_complete_it_is_and_what_it_lacks(ch: Run) -> None:
    done = by("wang", ch, "credit", "investigate", "客户K1", "ownership=私营", "staff=0", "payment_record=良好")
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        "DC240603-1 · K1 客户K1\n"
        "\n"
        "Investigation     DC240603-1\n"
        "Code              K1\n"
        "Customer          客户K1\n"
        "Investigated on   2024-06-03\n"
        "Investigator      wang\n"
        "Filled            3\n"
        "Fields            18\n"
        "Completeness      16.7%\n"
        "Missing           Legal representative, Founded on, Registered capital, Premises, Brands, Yearly sales, "
        "Assets, Debts, Bank, Bank rating, Other suppliers, Litigation, Guarantee, Reputation, Opinion\n"
        "\n"
        "3 of 18 fields filled in (16.67%). Apply: channelctl credit apply K1 AMOUNT\n"
    )
    row = report(ch, "credit", "investigate", "K1", *SURVEYED)["rows"][0]
    assert (row["number"], row["filled"], row["completeness"]) == ("DC240603-2", 15, D("0.833333333333"))
    assert row["missing"] == "Guarantee, Reputation, Opinion"


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("K9", "staff=1"), "no customer “K9”"),
        (("K1", "K2", "staff=1"), "one customer is investigated at a time, not: K1 K2"),
        (("staff=1",), "no customer is named"),
        (("K1", "colour=red"), "a credit investigation has no field “colour”"),
        (("K1", "staff=many"), "Staff: “many” is not a number; digits are needed, such as 1,234.50"),
    ],
)
def test_a_survey_of_nobody_or_of_nothing_is_refused(ch: Run, words: tuple[str, ...], error: str) -> None:
    done = ch("credit", "investigate", *words)
    assert (done.code, done.out) == (2, "")
    assert done.err.splitlines()[0] == f"channelctl: error: {error}"
    assert report(ch, "credit", "investigation", "list")["rows"] == []


def test_an_application_is_the_users_and_waits_for_somebody_else(ch: Run) -> None:
    surveyed(ch)
    done = by("wang", ch, "credit", "apply", "K1", "250,000", "--terms", "月结30天", "--until", "2025-05-31",
              "--reason", "旺季")  # fmt: skip
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        "SQ240603-1 · K1 客户K1\n"
        "\n"
        "Application              SQ240603-1\n"
        "Code                     K1\n"
        "Customer                 客户K1\n"
        "Applied on               2024-06-03\n"
        "Applicant                wang\n"
        "Limit applied for, CNY   250,000.00\n"
        "Terms                    月结30天\n"
        "Expires on               2025-05-31\n"
        "Investigation            DC240603-1\n"
        "Completeness             83.3%\n"
        "Reason                   旺季\n"
        "\n"
        "Somebody else decides it: channelctl credit approve SQ240603-1, or refuse SQ240603-1 --reason TEXT\n"
    )
    assert limits(ch) == []


def test_an_approval_grants_from_today_on_what_was_applied_for(ch: Run) -> None:
    applied(ch, "K1", "250000", "--terms", "月结30天", "--until", "2025-05-31", "--pooled")
    done = by("lisi", ch, "credit", "approve", NUMBER, "--reason", "同意", on="2024-06-04")
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        "SQ240603-1 · K1 客户K1\n"
        "\n"
        "Application              SQ240603-1\n"
        "Code                     K1\n"
        "Customer                 客户K1\n"
        "Decision                 approved\n"
        "Limit applied for, CNY   250,000.00\n"
        "Limit granted, CNY       250,000.00\n"
        "Terms                    月结30天\n"
        "Expires on               2025-05-31\n"
        "Pooled                   yes\n"
        "Decided on               2024-06-04\n"
        "Decided by               lisi\n"
        "Role                     manager\n"
        "Reason                   同意\n"
        "Batch                    4\n"
        "\n"
        "K1 has a limit of 250,000.00 from 2024-06-04 on; before: none\n"
        "Batch 4. Take it back: channelctl batch undo 4\n"
    )
    row = report(ch, "credit", "limit", "list")["rows"][0]
    assert row == {
        "customer_code": "K1", "customer": "客户K1", "valid_from": "2024-06-04", "limit_amount": D("250000.00"),
        "terms": "月结30天", "expires_on": "2025-05-31", "pooled": True, "source": NUMBER, "approved_by": "lisi",
        "remark": "同意",
    }  # fmt: skip


def test_less_may_be_granted_never_more(ch: Run) -> None:
    applied(ch, "K1", "500000")
    more = by("zhao", ch, "credit", "approve", NUMBER, "--amount", "500000.01")
    assert (more.code, more.out) == (2, "")
    assert "SQ240603-1 applies for 500,000.00; more than that cannot be granted" in more.err
    assert by("lisi", ch, "credit", "approve", NUMBER, "--amount", "300000").code == 0
    assert limits(ch) == [("K1", D("300000.00"), None, NUMBER)]


def test_nothing_is_cash_only_and_not_no_limit(ch: Run) -> None:
    applied(ch, "K1", "0")
    done = by("lisi", ch, "credit", "approve", NUMBER)
    assert done.out.splitlines()[-2] == "K1 buys for cash only from 2024-06-03 on; before: none"
    assert limits(ch) == [("K1", D("0.00"), None, NUMBER)]
    number = applied(ch, "K1", "100")
    again = by("lisi", ch, "credit", "approve", number)
    assert again.out.splitlines()[-2] == "K1 has a limit of 100.00 from 2024-06-03 on; before: 0.00"


def test_terms_and_pool_stay_where_the_application_does_not_say(ch: Run) -> None:
    granted(ch, "K1", "1000", "--terms", "60", "--pooled", "--until", "2024-12-31", on="2024-05-06")
    granted(ch, "K1", "2000")
    rows = report(ch, "credit", "limit", "list")["rows"]
    assert [(row["terms"], row["pooled"], row["expires_on"]) for row in rows] == [
        ("60", True, "2024-12-31"),
        ("60", True, None),
    ]


@pytest.mark.parametrize(
    ("user", "amount", "error", "hint"),
    [
        ("wang", "1000", "wang applied for SQ240603-1",
         "Somebody else decides it: channelctl credit approve|refuse SQ240603-1"),
        ("nobody", "1000", "nobody may not decide on credit ([credit] approvers in the policy file)",
         "These may: lisi, wang, zhao"),
        ("lisi", "300000.01", "lisi (manager) may approve up to 300,000.00, not 300,000.01",
         "These may: zhao (director)"),
        ("zhao", "2000001", "zhao (director) may approve up to 2,000,000.00, not 2,000,001.00",
         "Nobody's authority reaches that far."),
    ],
)  # fmt: skip
def test_only_another_within_his_authority_approves(ch: Run, user: str, amount: str, error: str, hint: str) -> None:
    applied(ch, "K1", amount)
    done = by(user, ch, "credit", "approve", NUMBER)
    assert (done.code, done.out, done.err) == (3, "", f"channelctl: error: {error}\n{hint}\n")
    assert limits(ch) == []


def test_authority_reaches_to_its_last_fen(ch: Run) -> None:
    applied(ch, "K1", "300000")
    assert by("lisi", ch, "credit", "approve", NUMBER).code == 0


def test_without_approvers_in_the_policy_nobody_decides(ch: Run) -> None:
    applied(ch, "K1", "1000")
    policy("[credit]\n")
    done = by("lisi", ch, "credit", "approve", NUMBER)
    assert (done.code, done.err) == (
        3,
        "channelctl: error: nobody may decide on credit: [credit] approvers and authority of the policy file are blank"
        "\n"
        'Write there who may: authority = { manager = 500000 }, approvers = { lisi = "manager" }\n',
    )


def test_who_entered_anothers_application_does_not_decide_it(ch: Run) -> None:
    surveyed(ch)
    form = sheet("form", "申请编号 客户编码 申请日期 申请人 申请额度 调查编号", [
        ("SQ1", "K1", "2024-06-03", "wang", "1000", "DC240603-1")
    ])  # fmt: skip
    assert by("lisi", ch, "import", form).code == 0
    done = by("lisi", ch, "credit", "approve", "SQ1")
    assert (done.code, done.err.splitlines()[0]) == (
        3, "channelctl: error: lisi entered or changed application SQ1"
    )  # fmt: skip
    assert by("zhao", ch, "credit", "approve", "SQ1").code == 0


def test_a_name_in_other_letters_is_the_same_person(ch: Run) -> None:
    surveyed(ch)
    form = sheet("form", "申请编号 客户编码 申请日期 申请人 申请额度 调查编号", [
        ("SQ1", "K1", "2024-06-03", "Zhao", "300001", "DC240603-1")
    ])  # fmt: skip
    assert by("LISI", ch, "import", form).code == 0
    done = by("lisi", ch, "credit", "approve", "SQ1", "--amount", "1000")
    assert (done.code, done.err.splitlines()[0]) == (
        3, "channelctl: error: lisi entered or changed application SQ1"
    )  # fmt: skip
    beyond = by("wang", ch, "credit", "approve", "SQ1")
    assert (beyond.code, beyond.err) == (
        3,
        "channelctl: error: wang (manager) may approve up to 300,000.00, not 300,001.00\n"
        "Nobody's authority reaches that far.\n",
    )


def test_a_refusal_needs_a_reason_and_leaves_the_limit(ch: Run) -> None:
    granted(ch, "K1", "1000", on="2024-05-06")
    applied(ch, "K1", "5000000")
    assert ch("credit", "refuse", NUMBER).code == 2
    blank = by("lisi", ch, "credit", "refuse", NUMBER, "--reason", " ")
    assert (blank.code, blank.err) == (2, "channelctl: error: a refusal needs a reason\n--reason TEXT\n")
    own = by("wang", ch, "credit", "refuse", NUMBER, "--reason", "no")
    assert (own.code, own.err.splitlines()[0]) == (3, "channelctl: error: wang applied for SQ240603-1")
    assert by("nobody", ch, "credit", "refuse", NUMBER, "--reason", "no").code == 3
    done = by("lisi", ch, "credit", "refuse", NUMBER, "--reason", "逾期未清")
    assert done.code == 0
    assert done.out.splitlines()[-2] == "SQ240603-1 is refused; the limit of K1 stays: 1,000.00"
    assert limits(ch) == [("K1", D("1000.00"), None, "SQ240506-1")]


def test_an_application_is_decided_once(ch: Run) -> None:
    granted(ch, "K1", "1000")
    for words in (("approve", NUMBER), ("refuse", NUMBER, "--reason", "no")):
        done = by("lisi", ch, "credit", *words)
        assert (done.code, done.out, done.err) == (
            3,
            "",
            "channelctl: error: SQ240603-1 was decided on 2024-06-03 by zhao: approved (batch 4)\n"
            "Apply anew: channelctl credit apply K1 AMOUNT\n",
        )


def test_no_application_of_that_number(ch: Run) -> None:
    done = by("lisi", ch, "credit", "approve", "SQ9")
    assert (done.code, done.err) == (
        2,
        "channelctl: error: no credit application “SQ9”\nchannelctl credit application list shows what there is.\n",
    )


# --- the survey that it stands on -------------------------------------------------------------------------------------


def test_no_application_without_a_survey(ch: Run) -> None:
    done = by("wang", ch, "credit", "apply", "K1", "1000")
    assert (done.code, done.out, done.err) == (
        3,
        "",
        "channelctl: error: K1 has no credit investigation\nchannelctl credit investigate K1 FIELD=VALUE\n",
    )


@pytest.mark.parametrize(("on", "code"), [("2024-03-05", 0), ("2024-03-04", 3)])
def test_a_survey_is_fresh_for_as_many_days_as_the_policy_says(ch: Run, on: str, code: int) -> None:
    surveyed(ch, on=on)
    done = by("wang", ch, "credit", "apply", "K1", "1000")
    assert done.code == code
    if code:
        assert done.err == (
            "channelctl: error: investigation DC240304-1 of 2024-03-04 is 91 days old; 90 at most "
            "([credit] investigation_days)\n"
            "Make a new one: channelctl credit investigate K1 FIELD=VALUE\n"
        )


def test_each_rise_or_cut_needs_a_survey_made_after_the_last_decision(ch: Run) -> None:
    surveyed(ch)
    assert by("wang", ch, "credit", "apply", "K1", "1000").code == 0
    more = sheet("more", "客户编码 申请编号 申请日期 申请人 申请额度 调查编号",
                 [("K1", "SQ240603-2", "2024-06-03", "wang", 2000, "DC240603-1")])  # fmt: skip
    assert by("wang", ch, "import", more).code == 0
    assert by("lisi", ch, "credit", "approve", "SQ240603-1").code == 0
    error = (
        "channelctl: error: investigation DC240603-1 of 2024-06-03 is older than the decision on SQ240603-1 "
        "(2024-06-03)\nMake a new one: channelctl credit investigate K1 FIELD=VALUE\n"
    )
    again = by("wang", ch, "credit", "apply", "K1", "500")
    waiting = by("lisi", ch, "credit", "approve", "SQ240603-2")
    assert (again.code, again.err) == (waiting.code, waiting.err) == (3, error)
    surveyed(ch)
    assert by("wang", ch, "credit", "application", "set", "SQ240603-2", "investigation=DC240603-2").code == 0
    assert by("lisi", ch, "credit", "approve", "SQ240603-2").code == 0
    assert [limit[1] for limit in limits(ch)] == [D("1000.00"), D("2000.00")]


def test_of_a_customer_one_application_waits(ch: Run) -> None:
    number = applied(ch, "K1", "1000")
    again = by("wang", ch, "credit", "apply", "K1", "2000")
    assert (again.code, again.out, again.err) == (
        3,
        "",
        f"channelctl: error: application {number} of K1 waits to be decided\n"
        f"Decide it, or withdraw it: channelctl credit application remove {number}\n",
    )
    assert applied(ch, "K2", "2000") == "SQ240603-2"
    assert by("lisi", ch, "credit", "refuse", number, "--reason", "x").code == 0
    assert applied(ch, "K1", "2000") == "SQ240603-3"


def test_numbers_are_not_given_again_after_an_undo(ch: Run) -> None:
    surveyed(ch)
    assert ch("batch", "undo", "2").code == 0
    done = by("wang", ch, "credit", "investigate", "K2", *SURVEYED)
    assert done.out.startswith("DC240603-2 · K2 ")
    assert by("wang", ch, "credit", "investigate", "K2", on="2024-06-04").out.startswith("DC240604-1 · K2 ")


def test_that_there_is_none_is_an_answer_in_every_field(ch: Run) -> None:
    words = ("founded_on=无", "registered_capital=无", "staff=无", "litigation=无")
    row = report(ch, "credit", "investigate", "K1", *words)["rows"][0]
    assert row["filled"] == 3
    form = "客户编码 调查编号 调查日期 调查人 成立日期 注册资本 员工人数 有无诉讼"
    assert ch("import", sheet("form", form, [("K2", "D9", "2024-06-03", "wang", "无", "无", "无", "无")])).code == 0
    found = {one["number"]: one for one in report(ch, "credit", "investigation", "list")["rows"]}
    for number in (row["number"], "D9"):
        own = found[number]
        assert (own["founded_on"], own["registered_capital"], own["staff"]) == (None, 0, 0)


def test_a_survey_of_another_customer_does_not_serve(ch: Run) -> None:
    surveyed(ch, "K2")
    done = by("wang", ch, "credit", "apply", "K1", "1000", "--investigation", "DC240603-1")
    assert (done.code, done.err.splitlines()[0]) == (2, "channelctl: error: investigation DC240603-1 is of K2 客户K2")


def test_an_incomplete_survey_is_warned_of_and_keeps_from_approval(ch: Run) -> None:
    by("wang", ch, "credit", "investigate", "K1", *SURVEYED[:14])
    short = "investigation DC240603-1 is 77.78% complete, below 80%; blank: Litigation, Guarantee, Reputation, Opinion"
    done = by("wang", ch, "credit", "apply", "K1", "1000")
    assert (done.code, done.err) == (0, short + " · it cannot be approved like that\n")
    held = by("lisi", ch, "credit", "approve", NUMBER)
    assert (held.code, held.err) == (
        3, f"channelctl: error: {short}\nchannelctl credit investigation set DC240603-1 FIELD=VALUE\n"
    )  # fmt: skip
    by("wang", ch, "credit", "investigation", "set", "DC240603-1", "litigation=无")
    assert by("lisi", ch, "credit", "approve", NUMBER).code == 0


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("-1",), "a limit is 0 or more, not -1.00"),
        (("much",), "Limit applied for: “much” is not a number; digits are needed, such as 1,234.50"),
        (("1000", "--until", "2024-06-02"), "the limit would have expired on 2024-06-02"),
        (("1000", "--until", "soon"), "“soon” is not a date"),
    ],
)
def test_what_nobody_can_grant_is_not_applied_for(ch: Run, words: tuple[str, ...], error: str) -> None:
    surveyed(ch)
    done = by("wang", ch, "credit", "apply", *words[1:], "--", "K1", words[0])
    assert (done.code, done.out) == (2, "")
    assert done.err.splitlines()[0] == f"channelctl: error: {error}"


# --- forms, history, numbers ------------------------------------------------------------------------------------------


def test_forms_that_were_filled_in_arrive_and_are_decided(ch: Run) -> None:
    filled: dict[str, dict[str, object]] = {
        "credit_investigation": {"Investigation no": "DC1", "Customer code": "K1", "Investigated on": "2024-06-03"},
        "credit_application": {
            "Application no": "SQ1", "Customer code": "K1", "Applied on": "2024-06-03", "Applicant": "wang",
            "Limit applied for": 1000, "Investigation no": "DC1",
        },
    }  # fmt: skip
    for kind, values in filled.items():
        assert ch("template", kind, "-o", f"{kind}.xlsx").code == 0
        book = openpyxl.load_workbook(f"{kind}.xlsx")
        form = book.worksheets[0]
        for cell in form[1]:
            own = (
                5 if kind == "credit_investigation" and cell.value not in ("Customer", "Founded on", "Remark") else None
            )
            form.cell(2, cell.column).value = values.get(str(cell.value), own)
        book.save(f"{kind}.xlsx")
        assert by("wang", ch, "import", f"{kind}.xlsx").code == 0
    done = by("lisi", ch, "credit", "approve", "SQ1")
    assert done.code == 0, done.err
    assert limits(ch) == [("K1", D("1000.00"), None, "SQ1")]


def test_the_history_tells_every_limit_application_and_decision(ch: Run) -> None:
    none = ch("credit", "history")
    assert (none.code, none.err) == (0, "there is no limit, application or decision yet\n")
    opening = sheet(
        "limits", "客户编码 信用额度 生效日期 账期", [("K1", "800", "2024-01-01", "30"), ("K2", "", "2024-01-01", "30")]
    )
    assert ch("import", opening).code == 0
    applied(ch, "K1", "5000", "--reason", "more", on="2024-05-06")
    by("lisi", ch, "credit", "refuse", "SQ240506-1", "--reason", "late", on="2024-05-07")
    granted(ch, "K1", "400")
    rows = holds_to_schema(ch, "credit_history", "credit", "history", "K1")["rows"]
    assert [
        (row["date"], row["what"], row["number"], row["limit_amount"], row["by"], row["role"], row["reason"])
        for row in rows
    ] == [
        ("2024-01-01", "opening", None, 800, None, None, None),
        ("2024-05-06", "application", "SQ240506-1", 5000, "wang", None, "more"),
        ("2024-05-07", "refused", "SQ240506-1", None, "lisi", "manager", "late"),
        ("2024-06-03", "application", "SQ240603-1", 400, "wang", None, None),
        ("2024-06-03", "approved", "SQ240603-1", 400, "zhao", "director", None),
    ]
    everybody = report(ch, "credit", "history")["rows"]
    assert [row["limit_amount"] for row in everybody if row["customer_code"] == "K2"] == [None]
    before = report(ch, "credit", "history", "K1", "--known", "5")["rows"]
    assert [row["what"] for row in before] == ["opening", "application", "refused"]


def test_numbers_go_on_after_one_that_was_withdrawn(ch: Run) -> None:
    assert applied(ch, "K1", "1000") == "SQ240603-1"
    assert by("wang", ch, "credit", "application", "remove", "SQ240603-1").code == 0
    assert applied(ch, "K1", "1000") == "SQ240603-2"
    assert applied(ch, "K2", "1000", on="2024-06-04") == "SQ240604-1"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("credit_investigate", ("credit", "investigate", "K2", "staff=3")),
        ("credit_apply", ("credit", "apply", "K1", "1000")),
    ],
)
def test_reports_hold_to_their_schemas(ch: Run, name: str, words: tuple[str, ...]) -> None:
    surveyed(ch)
    assert holds_to_schema(ch, name, *words)["rows"]


def test_a_decision_holds_to_its_schema(ch: Run) -> None:
    applied(ch, "K1", "1000")
    data = by("lisi", ch, "credit", "approve", NUMBER, "--format", "json").data
    assert data["rows"][0]["limit_amount"] == 1000
    assert data["rows"][0]["limit_before"] is None
