"""Who is above its limit in classicmodels, as its own truth says: orders that were not cancelled, due 30 days later."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.making import policy, report, sheet

POLICY = '[credit]\nsale_documents = true\nterms = "30"\n'
ABOVE = {"362": "8906.85", "450": "6384.89", "328": "525.04"}


@pytest.fixture
def classic(ch: Run, real: Path) -> None:
    folder = real / "classicmodels"
    if not folder.is_dir():
        pytest.skip("classicmodels is not on this machine")
    policy(POLICY)
    assert ch("import", folder / "classicmodels.xlsx").code == 0
    with (folder / "customers.csv").open(encoding="utf-8", newline="") as file:
        rows = [
            (row["customerNumber"], row["customerName"], "2003-01-01", row["creditLimit"])
            for row in csv.DictReader(file)
        ]
    assert ch("import", sheet("limits", "客户编码 客户 生效日期 信用额度", rows)).code == 0


@pytest.mark.usefixtures("classic")
def test_three_customers_are_above_their_limits(ch: Run) -> None:
    data = report(ch, "credit", "status", "--as-of", "2005-06-01")
    assert data["totals"]["exposure"] == Decimal("570586.46")
    above = {row["customer_code"]: str(-row["available"]) for row in data["rows"] if row["available"] < 0}
    assert above == ABOVE
    assert len(data["rows"]) == 122
    cash = [row for row in data["rows"] if row["limit"] == 0]
    assert len(cash) == 24
    assert {(row["status"], row["available"]) for row in cash} == {("ok", 0)}
    assert "3 customers above their limits, 15,816.78 in all" in ch("credit", "status", "--as-of", "2005-06-01").out


@pytest.mark.usefixtures("classic")
def test_who_is_above_is_held_and_who_is_cash_only_pays(ch: Run) -> None:
    asked = {"362": 1, "450": 0, "328": 0, "237": 1, "496": 1}
    found = {}
    for code, amount in asked.items():
        done = ch("credit", "check", code, amount, "--as-of", "2005-06-01", "--format", "json")
        row = done.data["rows"][0]
        found[code] = (done.code, row["verdict"], row["reason"])
    assert found == {
        "362": (1, "hold", "above_limit"),
        "450": (1, "hold", "above_limit"),
        "328": (1, "hold", "above_limit"),
        "237": (1, "hold", "cash_only"),
        "496": (0, "pass", None),
    }
