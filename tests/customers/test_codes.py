"""Codes that differ only by case, and codes and names that are the word for a total."""

from typing import Any

import pytest

from tests.conftest import Run
from tests.making import policy, sheet

CODED = "日期 客户编码 客户 金额"


def problems(data: Any) -> list[tuple[str, int, str]]:
    return [(one["code"], one["row"], one["message"]) for one in data["problems"]]


def test_codes_that_differ_only_by_case_are_two_customers_with_a_warning(ch: Run) -> None:
    """In one file or in two, in sales as in a list; a code alone is warned of once."""
    lines = [
        ("2024-05-01", "c001", "甲乙丙", 1),
        ("2024-05-02", "C001", "丁戊己", 2),
        ("2024-05-03", "c001", "甲乙丙", 4),
    ]
    data = ch("import", sheet("may", CODED, lines), "--format", "json").data
    merge = "If they are the same: channelctl customer merge C001 c001"
    assert problems(data) == [("W117", 3, f"“C001” (丁戊己) and “c001” (甲乙丙) differ only by case. {merge}")]
    assert data["created"] == [{"file": "may.csv", "kind": "customer", "records": 2}]
    data = ch("import", sheet("list", "客户编码 客户名称", [("Ｃ００１", "庚")]), "--format", "json").data
    assert [one[:2] for one in problems(data)] == [("W117", 2)]
    assert problems(ch("import", sheet("june", CODED, [("2024-06-01", "C001", "", 5)]), "--format", "json").data) == []


@pytest.mark.parametrize("near", ['near = ["signs"]', "near = []", ""])
def test_they_are_listed_whatever_the_policy_calls_near(ch: Run, near: str) -> None:
    policy(f"[customers]\n{near}\n")
    lines = [("2024-05-01", "c001", "甲乙丙", 1), ("2024-05-02", "C001", "丁戊己", 2)]
    assert ch("import", sheet("may", CODED, lines)).code == 0
    rows = ch("customer", "duplicates", "--format", "json").data["rows"]
    assert [(row["code"], row["other_code"], row["reason"], row["command"]) for row in rows] == [
        ("c001", "C001", "same code but for case", "channelctl customer merge c001 C001")
    ]
    assert ch(*rows[0]["command"].split()[1:]).code == 0
    assert ch("customer", "duplicates", "--format", "json").data["rows"] == []


@pytest.mark.parametrize("word", ["合计", "小计：", "Total"])
def test_a_code_that_is_the_word_for_a_total_comes_back(ch: Run, word: str) -> None:
    """Once it is on file; a row that says so of nobody on file is a total."""
    assert ch("import", sheet("list", "客户编码 客户名称", [(word, "甲"), ("C2", "乙"), ("合 计", "合计")])).code == 0
    assert ch("customer", "add", f"{word}2", "丙").code == 0
    assert ch("customer", "alias", "add", word, "别名").code == 0
    lines = [("2024-05-01", word, "甲", 1), ("2024-05-02", word, "", 2), ("2024-05-03", "总计", "", 3)]
    data = ch("import", sheet("may", CODED, lines), "--format", "json").data
    assert [(row["rows"], row["new"], row["skipped"]) for row in data["rows"]] == [(2, 2, 1)]
    plan = sheet("plan", "月份 办事处 客户编码 目标", [("2024-05", "杭州", word, 1)])
    assert ch("import", plan, "--format", "json").data["rows"][0]["new"] == 1
    for kind, count in (("customer", 3), ("sales", 2), ("plan", 1), ("customer-alias", 1)):
        assert ch("export", kind, "--output", f"{kind}.csv").code == 0
        row = ch("import", f"{kind}.csv", "--format", "json").data["rows"][0]
        assert (kind, row["rows"], row["existing"]) == (kind, count, count)


def test_a_name_that_is_the_word_for_a_total_comes_back(ch: Run) -> None:
    assert ch("import", sheet("list", "客户编码 客户名称", [("C2", "合计")])).code == 0
    assert ch("customer", "add", "Total").code == 0
    lines = [("2024-05-01", "C2", "合计", 1), ("2024-05-02", "N00001", "Total", 2)]
    assert ch("import", sheet("may", CODED, lines)).code == 0
    for kind, count in (("customer", 2), ("sales", 2)):
        assert ch("export", kind, "--output", f"{kind}.csv").code == 0
        row = ch("import", f"{kind}.csv", "--format", "json").data["rows"][0]
        assert (row["rows"], row["existing"]) == (count, count)
