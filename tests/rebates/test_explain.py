"""Every rebate figure down to file, sheet and row, and what was left out and why."""

from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from tests.conftest import SAMPLE as FOLDER
from tests.conftest import Run
from tests.making import EXPECTED, exact, holds_to_schema, report, sheet
from tests.rebates.regions import LINES, MONTHLY, RULES, SALES, SAMPLE, brought, region

REGISTERED = "日期 客户编码 客户名称 型号 合约计划 办理数量"
PAID_ONLY = (*SAMPLE[:15], "是", "", "")


def explained(ch: Run, *words: str) -> Any:
    return report(ch, "rebate", "explain", *words, "--month", "2024-05")


def left_out(found: Any) -> list[tuple[Any, ...]]:
    return [
        (row["policy"], row["reason"], row["document"], row["quantity"], row["row"]) for row in found["not_counted"]
    ]


def test_on_the_screen(ch: Run) -> None:
    region(ch)
    said = ch("rebate", "explain", "C1", "--month", "2024-05", "--as-of", "2024-05-31")
    assert (said.code, said.err) == (0, "")
    assert said.out == (
        "C1 恒达通讯 · Rebates · May 2024\n"
        "\n"
        "Policy   Rule   Type     Window     Measure   Base   Floor, CNY   Estimate, CNY\n"
        "───────────────────────────────────────────────────────────────────────────────\n"
        "DL       1      volume   May 2024   units      999    19,980.00       19,980.00\n"
        "\n"
        "Break points\n"
        "Policy   Rule   Window      From   Rate   Unit            Reached\n"
        "─────────────────────────────────────────────────────────────────\n"
        "DL       1      May 2024     400     20   yuan per unit   yes\n"
        "DL       1      May 2024   1,000     80   yuan per unit   no\n"
        "\n"
        "Not counted\n"
        "Policy   Why                     Date         Document   Product   Qty   Amount, CNY   File        Sheet "
        "  Row\n"
        "─────────────────────────────────────────────────────────────────────────────────────────────────────────"
        "─────\n"
        "DL       its status is no sale   2024-05-08   S3         K310       50    100,000.00   sales.csv         "
        "    4\n"
        "\n"
        "Policy   Date         Document   Product   Qty    Amount, CNY   Counted   Rebate, CNY   File        Sheet"
        "   Row\n"
        "─────────────────────────────────────────────────────────────────────────────────────────────────────────"
        "──────\n"
        "DL       2024-05-02   S1         K310      600   1,200,000.00       600     12,000.00   sales.csv        "
        "     2\n"
        "DL       2024-05-06   S2         K310      399     798,000.00       399      7,980.00   sales.csv        "
        "     3\n"
        "total                                                                       19,980.00\n"
        "\n"
        "DL 1 · May 2024: 19,980.00\n"
        "C1 has earned 19,980.00 by 1 rule, counted to 2024-05-31.\n"
    )


@pytest.mark.parametrize(
    ("rule", "customer", "expected", "due"),
    [
        (SAMPLE, "C1", [("DL", "status", "S3", 50, 4)], 19980),
        (SAMPLE, "C2", [], 0),
        (PAID_ONLY, "C2", [("DL", "unpaid", "S5", 60, 6)], 0),
        (
            PAID_ONLY,
            "C1",
            [("DL", "unpaid", "S1", 600, 2), ("DL", "unpaid", "S2", 399, 3), ("DL", "status", "S3", 50, 4)],
            0,
        ),
        ((*SAMPLE[:13], "A108", *SAMPLE[14:]), "C1", [], 0),
    ],
)
def test_what_is_left_out_and_why(
    rule: tuple[object, ...], customer: str, expected: list[tuple[Any, ...]], due: int, ch: Run
) -> None:
    region(ch, rule)
    found = explained(ch, customer)
    assert left_out(found) == expected
    assert sum(row["due"] for row in found["rebates"]) == due == found["totals"]["entitlement"]


def test_a_line_counts_for_the_policy_that_comes_first(ch: Run) -> None:
    first = ("P1", 1, 1, "", "提货返利", *MONTHLY, "", "5", "K310", "", "", "按优先级", 1)
    second = ("P2", 1, 1, "", "提货返利", *MONTHLY, "", "3", "", "", "", "按优先级", 2)
    region(ch, first, second)
    found = explained(ch, "C2")
    assert {row["policy"]: row["due"] for row in found["rebates"]} == {"P1": 1500, "P2": 180}
    assert left_out(found) == [("P2", "other_policy", "S4", 300, 5)]
    assert left_out(explained(ch, "C2", "P1")) == []


def test_the_best_policy_pays_and_the_other_says_so(ch: Run) -> None:
    small = ("B1", 1, 1, "", "提货返利", *MONTHLY, "", "1", "", "", "", "取高", "")
    large = ("B2", 1, 1, "", "提货返利", *MONTHLY, "", "2", "", "", "", "取高", "")
    region(ch, small, large)
    found = explained(ch, "C1")
    assert [(row["policy"], row["entitlement"], row["due"], row["instead"]) for row in found["rebates"]] == [
        ("B1", 999, 0, "B2"),
        ("B2", 1998, 1998, ""),
    ]
    said = ch("rebate", "explain", "C1", "--month", "2024-05").out
    assert "B1 1 · May 2024: 999.00 is not paid, B2 pays instead\n" in said
    assert found["totals"]["entitlement"] == 1998


def test_registrations_without_a_unit_are_told(ch: Run) -> None:
    contract = (
        *("HY", 1, 1, "", "合约计划返利", *MONTHLY[:3], "合约办理数", "全量", "元/台", "", "100"),
        *("", "送手机", "", "", ""),
    )
    region(ch, contract)
    acts = [
        ("2024-05-10", "C3", "远方手机", "A108", "送手机", 15),
        ("2024-05-11", "C3", "远方手机", "A108", "送手机", 8),
        ("2024-05-11", "C3", "远方手机", "K310", "送手机", 2),
        ("2024-05-11", "C3", "远方手机", "A108", "别的", 9),
    ]
    brought(ch, sheet("acts", REGISTERED, acts))
    found = explained(ch, "C3", "--as-of", "2024-05-31")
    [row] = found["rebates"]
    assert [row[name] for name in ("base", "activated", "unmatched", "due")] == [20, 25, 5, 2000]
    assert left_out(found) == [("HY", "unmatched", None, 2, 4), ("HY", "unmatched", None, 3, 3)]
    said = ch("rebate", "explain", "C3", "--month", "2024-05", "--as-of", "2024-05-31").out
    assert "HY 1 · May 2024: 2,000.00; 5 registered units are not matched and earn nothing\n" in said


def test_a_return_counts_where_its_document_does(ch: Run) -> None:
    back = ("2024-06-02", "R1", "S2", "C1", "恒达通讯", "杭州", "K310", -600, 2000, -1_200_000, "")
    region(ch, lines=[*LINES, back])
    found = explained(ch, "C1", "--as-of", "2024-05-31")
    assert [row["due"] for row in found["rebates"]] == [19980]
    assert all(row["document"] != "R1" for row in found["rows"])
    for words in ((), ("--as-of", "2024-06-30")):
        found = explained(ch, "C1", *words)
        assert [(row["base"], row["due"], row["estimate"]) for row in found["rebates"]] == [(399, 0, 0)]
        assert [row["quantity"] for row in found["rows"] if row["document"] == "R1"] == [-600]
    assert found["params"]["as_of"] == "2024-06-30"


@pytest.mark.parametrize(
    ("more", "columns", "told"),
    [
        (("5000", ""), "By rates, CNY   Cap, CNY", "5,000.00, the cap; the rates come to 19,980.00"),
        (("", "20000"), "Minimum, CNY", "0.00; the rates come to 19,980.00, less than the minimum of 20,000.00"),
        (("19980", "19980"), "By rates, CNY", "19,980.00"),
    ],
)
def test_a_cap_and_a_minimum_are_told(more: tuple[str, str], columns: str, told: str, ch: Run) -> None:
    brought(ch, sheet("sales", SALES, LINES))
    brought(ch, sheet("policies", f"{RULES} 封顶 起付", [(*SAMPLE, *more)]))
    said = ch("rebate", "explain", "C1", "--month", "2024-05", "--as-of", "2024-05-31").out
    assert columns in said
    assert f"\nDL 1 · May 2024: {told}\n" in said


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("C9 --month 2024-05", 2, "C9"),
        ("C1 NIX --month 2024-05", 2, "no rebate policy “NIX”\nThere are: DL\n"),
        ("C1 --month 2024-13", 2, "“2024-13” is not a month"),
        ("C1 --month 2024-05 --as-of 2024-04-30", 2, "--as-of 2024-04-30 is before the period begins (2024-05-01)"),
        ("C1 --month 2024-04", 0, "no rebate rule is for what C1 bought in Apr 2024\n"),
    ],
)
def test_what_there_is_not(words: str, code: int, said: str, ch: Run) -> None:
    region(ch)
    done = ch("rebate", "explain", *words.split())
    assert done.code == code
    assert said in done.err


def test_the_month_is_that_of_the_last_sale(ch: Run) -> None:
    region(ch)
    assert report(ch, "rebate", "explain", "C1")["params"]["month"] == "2024-05"


def test_json_holds_to_its_schema(ch: Run) -> None:
    region(ch, PAID_ONLY)
    holds_to_schema(ch, "rebate_explain", "rebate", "explain", "C2", "--month", "2024-05")


@pytest.mark.usefixtures("sample")
def test_the_sample_regions_rows_are_those_of_its_sheets(ch: Run) -> None:
    wanted = EXPECTED["rebates"]["2024-05"]
    for code in ("C00001", "C00016", "C00002"):
        found = exact(ch("rebate", "explain", code, "--month", "2024-05", "--format", "json"))
        by_policy = {row["policy"]: row for row in found["rebates"]}
        for policy, rows in wanted["policies"].items():
            if code in rows:
                assert by_policy[policy]["due"] == Decimal(rows[code]["rebate"]), (code, policy)
                assert _sum(found, policy) == by_policy[policy]["due"]
        assert found["totals"]["entitlement"] == Decimal(wanted["customers"][code])
        assert [row["at"] for row in found["breakpoints"] if row["reached"]] == [
            row["at"]
            for part in found["rebates"]
            for row in found["breakpoints"]
            if row["policy"] == part["policy"] and row["at"] <= part["base"]
        ]
        _held_against(FOLDER, found["rows"])


def _sum(found: Any, policy: str) -> Decimal:
    return sum((row["entitlement"] for row in found["rows"] if row["policy"] == policy), Decimal(0))


@cache
def _cells(file: Path, sheet: str) -> list[list[Any]]:
    """A sheet's rows from its first cell on."""
    return CalamineWorkbook.from_path(file).get_sheet_by_name(sheet).to_python(skip_empty_area=False)


def _held_against(folder: Path, rows: list[Any]) -> None:
    """Each row of a workbook holds what the report says stands there."""
    checked = 0
    for row in rows:
        if row["file"].endswith(".xlsx") and row["amount"] is not None:
            cells = _cells(folder / row["file"], row["sheet"])[row["row"] - 1]
            assert row["document"] in cells
            assert row["product"] in cells
            checked += 1
    assert checked


def test_a_policy_is_found_whatever_the_case_of_its_code(ch: Run) -> None:
    region(ch)
    wanted = report(ch, "rebate", "explain", "C1", "DL", "--month", "2024-05")
    assert report(ch, "rebate", "explain", "C1", "dl", "--month", "2024-05") == wanted
