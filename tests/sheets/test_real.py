"""Sheets that nobody here made, against figures that were computed elsewhere."""

import csv
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run

TIERS = ("tier", "--from", "2014-01-01", "--to", "2017-12-31", "--format", "json")


def exact(out: str) -> Any:
    """JSON with its numbers as they are written."""
    return json.loads(out, parse_float=Decimal, parse_int=Decimal)


def truth(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def counted(data: Any) -> dict[str, int]:
    tiers = [row["tier"] for row in data["rows"]]
    return {tier: tiers.count(tier) for tier in "ABC"}


def superstore(ch: Run, real: Path, path: Path) -> None:
    """The tiers of the 10,000 lines, customer by customer."""
    found = exact(ch(*TIERS).out)
    assert found["totals"]["net_sales"] == Decimal("16117548.237")
    assert found["totals"]["lines"] == 10_000
    assert found["totals"]["lines_without_customer"] == 0
    assert counted(found) == {"A": 436, "B": 199, "C": 155}
    known = truth(real / "superstore_zh" / "truth_customers.csv")
    shown = [(row["customer_code"], row["customer"], row["net_sales"], row["tier"]) for row in found["rows"]]
    assert shown == [(row["customer"], row["name"], Decimal(row["net"]), row["abc"]) for row in known], path


def test_the_superstore(ch: Run, real: Path) -> None:
    path = real / "superstore_zh" / "示例 - 超市.xls"
    done = ch("import", path, "--map", "地区=office", "--format", "json")
    assert done.code == 0
    data = exact(done.out)
    assert {row["sheet"]: (row["kind"], row["rows"], row["new"]) for row in data["rows"]} == {
        "订单": ("sales", 10_000, 10_000),
        "销售人员": ("rep", 6, 6),
        "退货": (None, 0, 0),
    }
    assert [row["net_sales"] for row in data["rows"] if row["sheet"] == "订单"] == [Decimal("16117548.237")]
    assert any("退货" in note and "nothing was booked" in note for note in data["notes"])
    assert [problem for problem in data["problems"] if problem["code"].startswith("E")] == []
    superstore(ch, real, path)
    offices = {row["name"]: row for row in ch("office", "list", "--format", "json").data["rows"]}
    assert sorted(offices) == sorted(["东北", "中南", "华东", "华北", "西北", "西南"])
    again = ch("import", path, "--map", "地区=office")
    assert "imported before as batch 1" in again.out
    assert exact(ch(*TIERS).out)["totals"]["net_sales"] == Decimal("16117548.237")


@pytest.mark.parametrize(
    ("name", "skipped"),
    [
        ("v01_gbk.csv", 0),
        ("v02_utf8bom_nianyueri.csv", 0),
        ("v03_titles_subtotals_total.xlsx", 8),
        ("v04_wanyuan.xlsx", 0),
    ],
)
def test_the_same_lines_in_other_dress(name: str, skipped: int, ch: Run, real: Path) -> None:
    path = real / "zh_variants" / name
    done = ch("import", path, "--map", "地区=office", "--format", "json")
    row = exact(done.out)["rows"][0]
    assert (done.code, row["new"], row["rejected"], row["skipped"]) == (0, 10_000, 0, skipped)
    assert row["net_sales"] == Decimal("16117548.237")
    superstore(ch, real, path)


def test_one_dress_after_another_adds_nothing(ch: Run, real: Path) -> None:
    folder = real / "zh_variants"
    files = [folder / name for name in ("v01_gbk.csv", "v03_titles_subtotals_total.xlsx", "v04_wanyuan.xlsx")]
    done = ch("import", *files, "--map", "地区=office", "--format", "json")
    assert [(row["new"], row["changed"], row["existing"]) for row in done.data["rows"]] == [
        (10_000, 0, 0),
        (0, 0, 10_000),
        (0, 0, 10_000),
    ]


@pytest.fixture
def classic(ch: Run, real: Path) -> Callable[[], Any]:
    done = ch("import", real / "classicmodels" / "classicmodels.xlsx", "--format", "json")
    assert done.code == 0, done.out
    return lambda: exact(done.out)


def test_classicmodels(classic: Callable[[], Any], ch: Run, real: Path) -> None:
    rows = {row["sheet"]: (row["kind"], row["new"], row["rejected"]) for row in classic()["rows"]}
    assert rows == {
        "offices": ("office", 7, 0),
        "employees": ("rep", 23, 0),
        "customers": ("customer", 122, 0),
        "sales": ("sales", 2_996, 0),
        "payments": ("payment", 273, 0),
    }
    found = exact(ch("tier", "--all-time", "--format", "json").out)
    assert found["totals"]["net_sales"] == Decimal("9604190.61")
    assert counted(found) == {"A": 61, "B": 23, "C": 14}
    known = truth(real / "classicmodels" / "truth_customers.csv")
    assert {row["customer_code"]: (row["net_sales"], row["tier"]) for row in found["rows"]} == {
        row["customer"]: (Decimal(row["net"]), row["abc"]) for row in known
    }
    assert len(known) == 98


def test_the_offices_of_classicmodels_go_by_name_and_na_is_a_region(classic: Callable[[], Any], ch: Run) -> None:
    assert classic()["rows"]
    offices = {
        row["code"]: (row["name"], row["region"]) for row in ch("office", "list", "--format", "json").data["rows"]
    }
    assert {name for name, _region in offices.values()} == {
        "San Francisco", "Boston", "NYC", "Paris", "Tokyo", "Sydney", "London",
    }  # fmt: skip
    assert {region for _name, region in offices.values()} == {"NA", "EMEA", "Japan", "APAC"}
    assert "NA" in {row["name"] for row in ch("region", "list", "--format", "json").data["rows"]}
    by_name = exact(ch("tier", "--all-time", "--office", "Paris", "--format", "json").out)
    assert by_name["totals"]["net_sales"] > 0
    manager = ch("rep", "show", "1056", "--format", "json").data["rows"][0]
    assert (manager["name"], manager["manager"]) == ("Mary Patterson", "Diane Murphy")


def test_sales_data_sample(ch: Run, real: Path) -> None:
    path = real / "classicmodels" / "sales_data_sample.csv"
    refused = ch("import", path)
    assert refused.code == 3
    assert "sales_data_sample.csv:29: neither UTF-8 nor GB18030 text" in refused.out + refused.err
    assert "--encoding" in refused.out + refused.err
    done = ch("import", path, "--encoding", "latin-1", "--format", "json")
    row = exact(done.out)["rows"][0]
    assert (done.code, row["new"], row["net_sales"]) == (0, 2_823, Decimal("10032628.85"))
    assert {(problem["code"], problem["message"]) for problem in done.data["problems"]} == {
        ("W104", "1304 lines whose amount is not quantity × price")
    }
    assert {row["name"] for row in ch("region", "list", "--format", "json").data["rows"]} == {
        "NA",
        "EMEA",
        "Japan",
        "APAC",
    }
    found = exact(ch("tier", "--all-time", "--format", "json").out)
    known = truth(real / "classicmodels" / "truth_customers_sales_data_sample.csv")
    assert {row["customer"]: (row["net_sales"], row["tier"]) for row in found["rows"]} == {
        row["customer"]: (Decimal(row["net"]), row["abc"]) for row in known
    }
    first = exact(ch("tier", "--from", "2003-01-06", "--to", "2003-01-06", "--format", "json").out)
    assert first["totals"]["lines"] == 4, "M/D/YY: 01/06/03 is 6 January"
