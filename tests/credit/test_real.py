"""Real sheets of receivables, payments and limits go in with the headings that they have."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.making import exact, report

IBM = "ar_ibm/WA_Fn-UseC_-Accounts-Receivable"


def iso(day: str) -> str:
    month, date, year = day.split("/")
    return f"{year}-{int(month):02}-{int(date):02}"


@pytest.mark.parametrize(("variant", "documents"), [("", 2_466), ("_with_missing", 2_586)])
def test_the_receivables_of_ibm(ch: Run, real: Path, variant: str, documents: int) -> None:
    path = real / f"{IBM}{variant}.csv"
    done = ch("import", path, "--format", "json")
    assert done.code == 0, done.out
    row = done.data["rows"][0]
    assert (row["kind"], row["new"], row["rejected"], done.data["problems"]) == ("receivable", documents, 0, [])
    with path.open(encoding="utf-8", newline="") as file:
        source = list(csv.DictReader(file))
    kept = report(ch, "receivable", "list")["rows"]
    assert {
        (one["customer_code"], one["number"]): (
            one["date"], one["due_date"], Decimal(one["amount"]), one["settled_on"], one["disputed"],
        )
        for one in kept
    } == {
        (one["customerID"], one["invoiceNumber"]): (
            iso(one["InvoiceDate"]), iso(one["DueDate"]), Decimal(one["InvoiceAmount"]), iso(one["SettledDate"]),
            one["Disputed"] == "Yes",
        )
        for one in source
    }  # fmt: skip


def test_the_payments_and_limits_of_classicmodels(ch: Run, real: Path) -> None:
    folder = real / "classicmodels"
    done = ch("import", folder / "classicmodels.xlsx", "--format", "json")
    assert done.code == 0, done.out
    rows = {row["sheet"]: (row["kind"], row["new"]) for row in done.data["rows"]}
    assert (rows["customers"], rows["payments"]) == (("customer", 122), ("payment", 273))
    with (folder / "payments.csv").open(encoding="utf-8", newline="") as file:
        source = list(csv.DictReader(file))
    kept = report(ch, "payment", "list")["rows"]
    assert sorted((one["customer_code"], one["number"], one["date"], Decimal(one["amount"])) for one in kept) == sorted(
        (one["customerNumber"], one["checkNumber"], one["paymentDate"], Decimal(one["amount"])) for one in source
    )
    limits = ch("import", folder / "customers.csv", "--kind", "credit_limit", "--format", "json")
    assert limits.code == 0, limits.out
    row = limits.data["rows"][0]
    assert (row["kind"], row["new"]) == ("credit_limit", 122)
    with (folder / "customers.csv").open(encoding="utf-8", newline="") as file:
        known = {one["customerNumber"]: Decimal(one["creditLimit"]) for one in csv.DictReader(file)}
    exported = exact(ch("export", "credit-limit", "--format", "json"))["rows"]
    assert {one["customer_code"]: Decimal(one["limit_amount"]) for one in exported} == known
