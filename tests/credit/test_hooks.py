"""What other systems show of a customer's credit: nothing where nothing is owed."""

import pytest

from tests.conftest import Run
from tests.credit.owed import deliveries, invoices, limits, take
from tests.making import holds_to_schema, policy, report


@pytest.fixture
def sold(ch: Run) -> None:
    take(
        ch, deliveries(("2024-05-02", "S1", "C1", 900), ("2024-05-03", "S2", "C2", 100), ("2024-05-04", "S3", "C3", 50))
    )


@pytest.mark.usefixtures("sold")
def test_without_receivables_tier_and_customer_are_as_they_were(ch: Run) -> None:
    before = [ch("tier", "--month", "2024-05", "--format", form).out for form in ("table", "json", "csv")]
    shown = ch("customer", "show", "C1")
    take(
        ch,
        invoices(("C1", "F1", "2024-05-10", "发票", 100, "2024-06-30")),
        limits(("C1", "2024-01-01", 1, "", ""), ("C2", "2024-01-01", 0, "", "")),
    )
    # Above the limit is neither overdue nor blocked.
    assert [ch("tier", "--month", "2024-05", "--format", form).out for form in ("table", "json", "csv")] == before
    assert (ch("customer", "show", "C1").out, ch("customer", "show", "C1").err) == (shown.out, "")


@pytest.fixture
def late(ch: Run, sold: None) -> None:
    """C1 is 10 days late with 100, C2 on hold since June."""
    take(ch, invoices(("C1", "F1", "2024-05-10", "发票", 100, "2024-05-24")))
    assert ch("credit", "hold", "add", "C2", "2024-06-01", "reason=争议").code == 0


@pytest.mark.parametrize("method", ["abc", "share", "rfm", "curve"])
@pytest.mark.usefixtures("late")
def test_tier_marks_who_is_overdue_or_blocked(ch: Run, method: str) -> None:
    data = holds_to_schema(ch, "tier", "tier", "--month", "2024-05", "--method", method)
    assert {row["customer_code"]: row["credit"] for row in data["rows"]} == {
        "C1": "overdue",
        "C2": "blocked",
        "C3": None,
    }
    done = ch("tier", "--month", "2024-05", "--method", method)
    assert done.code == 0
    assert "2 customers are overdue or blocked: channelctl credit status\n" in done.err
    lines = [line for line in done.out.splitlines() if "客户C" in line]
    assert [line.split()[-1] for line in lines[:2]] == ["overdue", "blocked"]


@pytest.mark.parametrize("method", ["abc", "share", "curve"])
@pytest.mark.usefixtures("late")
def test_tier_by_another_measure_marks_them_too(ch: Run, method: str) -> None:
    words = ("tier", "--month", "2024-05", "--measure", "quantity", "--method", method)
    data = holds_to_schema(ch, "tier", *words)
    assert {row["code"]: row["credit"] for row in data["rows"]} == {"C1": "overdue", "C2": "blocked", "C3": None}
    assert "2 customers are overdue or blocked: channelctl credit status\n" in ch(*words).err
    for by in ("product", "office", "rep"):
        found = report(ch, "tier", "--month", "2024-05", "--measure", "quantity", "--by", by)
        assert not any("credit" in row for row in found["rows"])


@pytest.mark.usefixtures("late")
def test_tier_tells_of_the_day_that_it_is_asked_for(ch: Run) -> None:
    found = {
        day: [row.get("credit") for row in report(ch, "tier", "--all-time", "--as-of", day)["rows"]]
        for day in ("2024-05-24", "2024-05-25", "2024-06-01")
    }
    assert found == {
        "2024-05-24": [None, None, None],
        "2024-05-25": ["overdue", None, None],
        "2024-06-01": ["overdue", "blocked", None],
    }


@pytest.mark.usefixtures("late")
def test_a_tier_under_another_policy_is_compared_as_before(ch: Run) -> None:
    policy("[tiers]\na_until = 0.5\n")
    assert ch("whatif", "tier", "--month", "2024-05", "--policy", "policy.toml").code == 0


@pytest.mark.parametrize(
    ("code", "rules", "said"),
    [
        ("C1", "", "credit: overdue 100.00, 10 days\n"),
        ("C1", "block_overdue_days = 9", "credit: overdue 100.00, 10 days · blocked\n"),
        ("C1", "grace_days = 10", ""),
        ("C2", "", "credit: on hold since 2024-06-01: 争议\n"),
        ("C3", "", ""),
    ],
)
@pytest.mark.usefixtures("late")
def test_a_customer_is_shown_with_what_stands_against_it(ch: Run, code: str, rules: str, said: str) -> None:
    policy(f"[credit]\n{rules}\n")
    done = ch("customer", "show", code)
    assert (done.code, done.err) == (0, said)
    assert report(ch, "customer", "show", code)["notes"] == said.splitlines()


@pytest.mark.usefixtures("sold")
def test_sale_documents_are_late_where_the_policy_makes_them_debts(ch: Run) -> None:
    policy('[credit]\nsale_documents = true\nterms = "30"\n')
    assert ch("customer", "show", "C1").err == "credit: overdue 900.00, 2 days\n"
    assert ch("customer", "show", "C3").err == ""


@pytest.mark.usefixtures("sold")
def test_without_anything_owed_no_ledger_is_read(ch: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from channelctl.systems.credit import store_parts

    def read(*_words: object, **_more: object) -> None:
        raise AssertionError

    monkeypatch.setattr(store_parts, "positions", read)
    assert ch("tier", "--month", "2024-05").code == 0
    assert ch("customer", "show", "C1").code == 0
    take(ch, invoices(("C1", "F1", "2024-05-10", "发票", 100, "2024-05-24")))
    assert ch("tier", "--month", "2024-05").code == 70
