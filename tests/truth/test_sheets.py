"""Sheets and tables that nobody here made: their tiers as published, and by every dimension as reckoned apart."""

import csv
import json
from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from python_calamine import CalamineWorkbook

from tests.conftest import Run
from tests.making import policy, report, sheet
from tests.truth import reckoning
from tests.truth.reckoning import is_shown

Cells = dict[str, Any]
_UNIT = Decimal("0.0001")


def rows_of(path: Path, name: str) -> list[Cells]:
    """The rows of a sheet by heading, read with nothing of channelctl's."""
    head, *rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_name(name).to_python()
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


def exact(value: Any) -> Fraction:
    """A cell as it is shown there: fifteen digits, of which four decimals are kept."""
    return Fraction(Decimal(f"{value:.15g}").quantize(_UNIT, ROUND_HALF_UP))


class Sheets(NamedTuple):
    """A file, how it is imported, and what its rows say of a dimension and a measure."""

    path: str
    name: str
    more: tuple[str, ...]
    keys: dict[str, tuple[str, Callable[[Cells], str]]]
    measures: dict[str, Callable[[Cells], Fraction]]


SUPERSTORE = Sheets(
    "superstore_zh/示例 - 超市.xls",
    "订单",
    ("--map", "地区=office"),
    {
        "customer": ("code", lambda row: row["客户 ID"]),
        "product": ("code", lambda row: row["产品 ID"]),
        "office": ("name", lambda row: row["地区"]),
    },
    {
        "amount": lambda row: exact(row["销售额"]),
        "quantity": lambda row: exact(row["数量"]),
        "profit": lambda row: exact(row["利润"]),
    },
)
CLASSIC = Sheets(
    "classicmodels/classicmodels.xlsx",
    "sales",
    (),
    {
        "customer": ("code", lambda row: row["customerNumber"]),
        "product": ("name", lambda row: row["productCode"]),
        "office": ("name", lambda row: row["office"]),
        "region": ("name", lambda row: row["territory"]),
        "rep": ("code", lambda row: row["salesRepEmployeeNumber"]),
    },
    {"amount": lambda row: exact(row["amount"]), "quantity": lambda row: exact(row["quantityOrdered"])},
)


@pytest.mark.parametrize("sheets", [SUPERSTORE, CLASSIC], ids=["superstore_zh", "classicmodels"])
def test_every_measure_by_every_dimension(sheets: Sheets, ch: Run, real: Path) -> None:
    assert ch("import", real / sheets.path, *sheets.more).code == 0
    rows = rows_of(real / sheets.path, sheets.name)
    for by, (column, key) in sheets.keys.items():
        for measure, figure in sheets.measures.items():
            truth: dict[str, Fraction] = {}
            for row in rows:
                truth[key(row)] = truth.get(key(row), Fraction(0)) + figure(row)
            for boundary in ("reach", "within"):
                found = report(ch, "tier", "--all-time", "--by", by, "--measure", measure, "--boundary", boundary)
                field = f"customer_{column}" if (by, measure) == ("customer", "amount") else column
                _hold(found["rows"], field, "net_sales" if measure == "amount" else measure, truth, boundary)


def _hold(rows: list[Cells], field: str, column: str, truth: dict[str, Fraction], boundary: str) -> None:
    tiers = dict(zip(reckoning.largest(truth), reckoning.abc(truth, boundary), strict=True))
    assert {row[field]: (Fraction(row[column]), row["tier"]) for row in rows} == {
        one: (net, tiers.get(one, "C")) for one, net in truth.items()
    }
    base = reckoning.whole(truth)
    assert all(is_shown(truth[row[field]] / base if truth[row[field]] > 0 else None, row["share"]) for row in rows)
    figures = [Fraction(row[column]) for row in rows]
    assert figures == sorted(figures, reverse=True)


# --- published tables, each under its own convention -----------------------------------------------------------------


def sold(ch: Run, nets: Iterable[tuple[str, object]]) -> None:
    """One line for each."""
    lines = [("2024-05-03", code, f"客户{code}", net) for code, net in nets]
    assert ch("import", sheet("sales", "日期 客户编码 客户名称 金额", lines)).code == 0


def tiers(ch: Run) -> dict[str, str]:
    """Each customer's tier."""
    return {row["customer_code"]: row["tier"] for row in report(ch, "tier", "--all-time")["rows"]}


def counted(found: dict[str, str]) -> dict[str, int]:
    return {tier: list(found.values()).count(tier) for tier in "ABC"}


@pytest.fixture
def published(real: Path) -> Any:
    return json.loads((real / "worked_examples" / "truth.json").read_text("utf-8"))


def test_sixteen_items(ch: Run, published: Any) -> None:
    table = published["abc_16_items"]
    sold(ch, ((f"{int(item):02d}", usage) for item, usage in table["usage"].items()))
    policy('[tiers]\nboundary = "within"\n')
    found = tiers(ch)
    assert {str(int(item)): tier for item, tier in found.items()} == table[
        "published_class(80/95, cumulative INCLUDING the item)"
    ]
    assert counted(found) == table["published_counts"]
    policy("")
    assert tiers(ch) == table["ours"]["before_tiers"]


def test_forty_three_customers(ch: Run, published: Any) -> None:
    table = published["abc_43_customers_zh"]
    sold(ch, ((f"K{place:02d}", net) for place, net in enumerate(table["amounts"])))
    policy('[tiers]\nboundary = "within"\nties = "split"\na_until = "0.55"\nb_until = "0.85"\n')
    rows = report(ch, "tier", "--all-time")["rows"]
    assert "".join(row["tier"] for row in rows) == table["published_class"]
    assert [Fraction(row["net_sales"]) for row in rows] == table["amounts"]
    base = Fraction(table["running_total"][-1])
    shares = zip(rows, table["running_total"], strict=True)
    assert all(is_shown(running / base, row["cumulative_share"]) for row, running in shares)


@pytest.mark.parametrize(
    ("boundary", "kept"), [("within", "inclusive(after<=cut)"), ("reach", "before(<cut)")], ids=["within", "reach"]
)
def test_the_towns_of_switzerland(boundary: str, kept: str, ch: Run, real: Path, published: Any) -> None:
    with (real / "worked_examples" / "SwissInhabitants.csv").open(encoding="utf-8", newline="") as file:
        sold(ch, ((row["code"], row["Year1900"]) for row in csv.DictReader(file)))
    policy(f'[tiers]\nboundary = "{boundary}"\nties = "split"\n')
    assert counted(tiers(ch)) == published["swiss"]["ours"][kept]
    assert str(report(ch, "tier", "--all-time")["totals"]["net_sales"]) == f"{published['swiss']['total']}.00"


@pytest.mark.parametrize("boundary", ["reach", "within"])
def test_who_makes_nearly_everything_is_a(boundary: str, ch: Run) -> None:
    sold(ch, [("K1", 96), ("K2", 4)])
    policy(f'[tiers]\nboundary = "{boundary}"\n')
    assert tiers(ch)["K1"] == "A"
