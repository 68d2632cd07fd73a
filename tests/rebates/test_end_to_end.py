"""The sample region from its sheets to its statements: imported, accrued, settled, clawed back, paid out."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run
from tests.making import report, sheet
from tests.rebates.ledger import SALES, balance, take
from tests.tables import connected

D = Decimal
APRIL, MAY = "2024-04-01/2024-04-30", "2024-05-01/2024-05-31"
VOLUME = "DL2024"
UNITS = """
SELECT l.document, c.code, c.name, p.name, sum(l.quantity) / 10000, sum(l.amount) / 10000.0
FROM sale_line l JOIN customer c ON c.id = l.customer_id JOIN product p ON p.id = l.product_id
WHERE c.code = ? AND l.date BETWEEN '2024-04-01' AND '2024-04-30' AND l.ended_batch_id IS NULL
AND p.category IN ('智能手机', '功能手机')
GROUP BY l.document, c.id, p.id HAVING sum(l.quantity) > 0 ORDER BY 5 DESC LIMIT 1
"""


def settled(ch: Run, month: str, *words: object) -> list[dict[str, Any]]:
    found = report(ch, "rebate", "settle", "--month", month, *words)
    assert sum(row["amount"] for row in found["rows"]) == sum(line["amount"] for line in found["lines"])
    lines: list[dict[str, Any]] = found["lines"]
    return lines


def entitled(lines: list[dict[str, Any]], window: str) -> Decimal:
    return sum((line["entitlement"] for line in lines if line["window"] == window), D(0))


def accrued(ch: Run, month: str, window: str) -> Decimal:
    rows = report(ch, "rebate", "accrue", "--month", month)["rows"]
    paying = [row for row in rows if row["instead"] is None]
    return sum((row["floor"] for row in paying if f"{row['from']}/{row['to']}" == window), D(0))


def ledger(database: Path) -> dict[str, Decimal]:
    """What the database holds as settled and not paid out, by customer, in plain SQL."""
    with connected(database) as connection:
        found = {
            code: D(amount) / 10_000
            for code, amount in connection.execute(
                "SELECT customer_code, sum(amount) FROM rebate_settled GROUP BY customer_code"
            )
        }
        paid = connection.execute(
            "SELECT c.code, sum(p.amount) FROM rebate_payout p JOIN customer c ON c.id = p.customer_id"
            " WHERE p.state <> 'void' GROUP BY c.code"
        )
        for code, amount in paid:
            found[code] = found.get(code, D(0)) - D(amount) / 10_000
    return found


@pytest.mark.usefixtures("sample")
def test_import_accrue_gap_settle_late_return_claw_back_statements(ch: Run, sample: Path) -> None:
    april = settled(ch, "2024-04")
    assert ch("rebate", "gap", "--as-of", "2024-05-20").code == 0
    may = settled(ch, "2024-05")
    best = max((line for line in april if line["policy"] == VOLUME), key=lambda line: line["entitlement"])
    code = best["customer_code"]
    assert best["entitlement"] > 0
    paid = ch(
        "rebate", "payout", "add", "F1", "date=2024-06-01", f"customer={code}",
        f"amount={balance(ch, code)['payable']}", "form=贷项", "state=已兑付",
    )  # fmt: skip
    assert paid.code == 0, paid.err
    with connected(sample) as connection:
        document, _code, name, model, units, amount = connection.execute(UNITS, (code,)).fetchone()
    back = ("2024-06-02", "TH-1", 1, code, name, model, -units, -amount, document)
    take(ch, sheet("late", SALES, [back]))
    june = settled(ch, "2024-06")
    late = [line for line in june if line["late"]]
    assert {line["window"] for line in late} == {APRIL}
    assert {line["customer_code"] for line in late} == {code}
    taken = sum(line["amount"] for line in late)
    assert taken < 0
    assert balance(ch, code)["late_changes"] == taken
    assert balance(ch, code)["payable"] == 0

    kept = ledger(sample)
    statements = {one: balance(ch, one)["closing"] for one in kept}
    assert statements == kept
    history = report(ch, "rebate", "history")["totals"]
    paid_out = -sum(balance(ch, one)["paid"] for one in kept)
    assert history["amount"] == sum(statements.values()) + paid_out
    assert all(amount == amount.quantize(D("0.01")) for amount in statements.values())
    assert entitled(april, APRIL) > 0
    assert entitled(may, MAY) > 0


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize(("month", "window"), [("2024-04", APRIL), ("2024-05", MAY)])
def test_what_is_settled_of_a_month_is_what_was_accrued(ch: Run, month: str, window: str) -> None:
    told = accrued(ch, month, window)
    assert entitled(settled(ch, month), window) == told > 0
