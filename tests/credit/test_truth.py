"""The ledger of real sheets, from the file to the figure, against what others worked out from them."""

import csv
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run
from tests.making import policy, report, sheet
from tests.tables import Kept, keep, put

D = Decimal
IBM = {
    "": "WA_Fn-UseC_-Accounts-Receivable.csv",
    "_with_missing": "WA_Fn-UseC_-Accounts-Receivable_with_missing.csv",
}
PARTS = ("not_due", "age_1", "age_2", "age_3", "age_4")
HEADINGS = ("current", "1-30", "31-60", "61-90", ">90")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Run, Path, Path], None]:
    """A database of a file, imported once and copied to where a test has its own."""
    kept: dict[Path, Kept] = {}

    def take(ch: Run, file: Path, database: Path) -> None:
        if file not in kept:
            done = ch("import", file)
            assert done.code == 0, done.err
            kept[file] = keep(database)
        put(kept[file], database)

    return take


def folder(real: Path, name: str) -> Path:
    found = real / name
    if not found.is_dir():
        pytest.skip(f"the sheets of {name} are not on this machine")
    return found


def expected(path: Path) -> dict[str, list[Decimal]]:
    """By customer: the parts, and what they come to."""
    with path.open(encoding="utf-8", newline="") as file:
        return {row["customer"]: [D(row[name]) for name in (*HEADINGS, "total")] for row in csv.DictReader(file)}


def aged(found: Any) -> dict[str, list[Decimal]]:
    return {
        row["code"]: [*(row[name] for name in PARTS), sum(row[name] for name in PARTS)]
        for row in found["rows"]
        if any(row[name] for name in PARTS)
    }


def days(ch: Run, as_of: str, count: int) -> Any:
    return report(ch, "credit", "dso", "--as-of", as_of, "--days", count)["rows"][0]


def agrees(ch: Run, known: Any) -> None:
    """Open amounts, sales and days of sales outstanding of one day."""
    for count in (90, 365):
        row = days(ch, known["as_of"], count)
        assert row["receivable"] == D(known["open_amount"])
        assert row["sales"] == D(known[f"credit_sales_last_{count}d"])
        assert round(row["receivable"] / row["sales"] * count, 4) == D(known[f"DSO_{count}d"])
        assert abs(row["simple"] - D(known[f"DSO_{count}d"])) < D("0.0051")
        assert abs(row["best_possible"] - row["not_due"] / row["sales"] * count) < D("0.0051")


@pytest.mark.parametrize("tag", IBM, ids=["whole", "with_missing"])
@pytest.mark.parametrize("place", range(3), ids=["2012-12-31", "2013-06-30", "2013-12-31"])
def test_invoices_with_settled_dates(
    ch: Run, real: Path, tmp_path: Path, made: Callable[[Run, Path, Path], None], tag: str, place: int
) -> None:
    at = folder(real, "ar_ibm")
    known = json.loads((at / f"truth{tag}.json").read_text("utf-8"))["ar"][place]
    made(ch, at / IBM[tag], tmp_path / "channel.db")
    found = report(ch, "credit", "ageing", "--as-of", known["as_of"])
    rows = expected(at / f"truth_ageing_{known['as_of']}{tag}.csv")
    assert aged(found) == rows
    assert len(rows) == known["customers_open"]
    assert [found["totals"][name] for name in PARTS] == [D(known["buckets_amount"][name]) for name in HEADINGS]
    assert found["totals"]["outstanding"] == D(known["open_amount"])
    agrees(ch, known)
    back = days(ch, known["as_of"], 90)["countback"]
    assert abs(back - D(known["DSO_countback_calendar_months"])) < D("0.0051")
    late = report(ch, "credit", "overdue", "--as-of", known["as_of"])
    assert late["totals"]["open"] == D(known["overdue_amount"])
    counts = known["buckets_count"]
    assert len(late["rows"]) == known["open_invoices"] - counts["current"]


@pytest.mark.parametrize("tag", IBM, ids=["whole", "with_missing"])
def test_how_late_invoices_were_paid(
    ch: Run, real: Path, tmp_path: Path, made: Callable[[Run, Path, Path], None], tag: str
) -> None:
    at = folder(real, "ar_ibm")
    known = json.loads((at / f"truth{tag}.json").read_text("utf-8"))
    made(ch, at / IBM[tag], tmp_path / "channel.db")
    policy("[credit]\nrisk_documents = 1\n")
    rows = report(ch, "credit", "risk", "--as-of", "2014-12-31")["rows"]
    documents, late = (sum(row[name] for row in rows) for name in ("documents", "late"))
    assert late == known["late_invoices"]
    assert f"{D(late) / documents:.6f}" == known["late_share"]
    assert max(row["longest"] for row in rows) == known["max_days_late"]
    mean = sum(row["mean_days_late"] * row["documents"] for row in rows) / documents
    assert abs(mean - D(known["avg_days_late_all(max(0,..))"])) < D("0.05")


@pytest.mark.parametrize("place", [0, 1], ids=["2004-12-31", "2005-06-01"])
def test_orders_with_payments_that_name_none(
    ch: Run, real: Path, tmp_path: Path, made: Callable[[Run, Path, Path], None], place: int
) -> None:
    at = folder(real, "classicmodels")
    known = json.loads((at / "truth.json").read_text("utf-8"))["ar"][place]
    made(ch, at / "classicmodels.xlsx", tmp_path / "channel.db")
    policy('[credit]\nsale_documents = true\nterms = "30"\n')
    found = report(ch, "credit", "ageing", "--as-of", known["as_of"])
    assert aged(found) == expected(at / f"truth_ageing_{known['as_of']}.csv")
    assert {row["code"]: -row["unapplied"] for row in found["rows"] if row["unapplied"]} == {
        code: D(amount) for code, amount in known["customers_with_unapplied_credit"].items()
    }
    assert [found["totals"][name] for name in PARTS] == [D(known["buckets_amount"][name]) for name in HEADINGS]
    agrees(ch, known)
    by_office = report(ch, "credit", "ageing", "--as-of", known["as_of"], "--by", "office")
    assert by_office["totals"] == found["totals"]
    late = report(ch, "credit", "overdue", "--as-of", known["as_of"])
    assert late["totals"]["open"] == D(known["overdue_amount"])


def test_a_published_ageing_by_the_day_of_the_document(ch: Run, real: Path) -> None:
    known = json.loads((folder(real, "worked_examples") / "truth.json").read_text("utf-8"))["ar_larkin"]
    days_ = ("2023-12-15", "2023-11-30", "2023-10-31", "2023-09-15")
    rows = [
        (code, f"客户{code}", f"{code}{place}", days_[place], amount, "2024-06-01")
        for code, amounts in known["table"].items()
        for place, amount in enumerate(amounts)
        if amount
    ]
    done = ch("import", sheet("larkin", "客户编码 客户 应收单号 单据日期 应收金额 到期日", rows))
    assert done.code == 0, done.err
    found = report(ch, "credit", "ageing", "--as-of", "2023-12-31", "--date", "document")
    assert {row["code"]: [row[name] for name in PARTS[1:]] for row in found["rows"]} == {
        code: list(map(D, amounts)) for code, amounts in known["table"].items()
    }
    assert [found["totals"][name] for name in PARTS[1:]] == list(map(D, known["published_totals"]))
    assert found["totals"]["outstanding"] == D(known["published_total"])
