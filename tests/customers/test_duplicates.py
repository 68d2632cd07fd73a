"""Customers that may be one, listed."""

import json
import re
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.making import holds_to_schema, policy, sheet

ROWS = [
    ("2024-05-01", "杭州", "C1", "杭州恒达通讯有限公司", 100),
    ("2024-05-01", "杭州", "C2", "恒达通讯(杭州)", 300),
    ("2024-05-01", "南京", "C3", "南京华通", 5),
    ("2024-05-01", "南京", "C4", "南京华通", 5),
    ("2024-05-01", "苏州", "C5", "苏州乐语", 9),
    ("2024-05-01", "", "", "苏州乐语数码", 8),
    ("2024-05-01", "", "", "无锡苏宁", 8),
]


@pytest.fixture
def dealers(ch: Run) -> None:
    """Three pairs: one by its ending, one of one name, one by a word of the trade; one customer alone."""
    policy("[customers]\nnear = []\n")
    assert ch("import", sheet("may", "日期 办事处 客户编码 客户 金额", ROWS)).code == 0
    policy("")


@pytest.mark.usefixtures("dealers")
def test_each_pair_stands_with_its_sales_its_reason_and_its_command(ch: Run) -> None:
    done = ch("customer", "duplicates")
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert [re.split(r" {2,}", line) for line in lines[4:7]] == [
        ["C1", "杭州恒达通讯有限公司", "100.00", "C2", "恒达通讯(杭州)", "300.00", "but for the ending"],
        ["N00001", "苏州乐语数码", "8.00", "C5", "苏州乐语", "9.00", "but for trade words"],
        ["C4", "南京华通", "5.00", "C3", "南京华通", "5.00", "same name"],
    ]
    assert [lines[0], *lines[8:]] == [
        "customers that may be one · 3",
        "If they are the same:",
        "  channelctl customer merge C1 C2",
        "  channelctl customer merge N00001 C5",
        "  channelctl customer merge C4 C3",
    ]
    for command in done.out.splitlines()[-3:]:
        assert ch(*command.split()[1:]).code == 0
    assert ch("customer", "duplicates").out.splitlines()[0] == "customers that may be one · 0"


@pytest.mark.usefixtures("dealers")
def test_an_office_sees_the_pairs_that_concern_it(ch: Run) -> None:
    found = holds_to_schema(ch, "customer_duplicates", "customer", "duplicates", "--office", "杭州办事处")
    assert [(row["code"], row["other_code"], row["command"]) for row in found["rows"]] == [
        ("C1", "C2", "channelctl customer merge C1 C2")
    ]
    assert found["params"] == {"office": "杭州办事处"}
    assert holds_to_schema(ch, "customer_duplicates", "customer", "duplicates", "--office", "苏州")["rows"]
    assert ch("customer", "duplicates", "--office", "北京").code == 2


@pytest.mark.usefixtures("dealers")
def test_an_alias_is_one_of_a_customers_names(ch: Run) -> None:
    assert ch("customer", "alias", "add", "C3", "无锡苏宁电器").code == 0
    rows = ch("customer", "duplicates", "--format", "json").data["rows"]
    assert ("N00002", "C3") in {(row["code"], row["other_code"]) for row in rows}


@pytest.mark.usefixtures("dealers")
@pytest.mark.parametrize("ending", ["csv", "xlsx", "html", "md", "json"])
def test_it_comes_in_every_form(ch: Run, ending: str) -> None:
    assert ch("customer", "duplicates", "--output", f"pairs.{ending}").code == 0
    made = Path(f"pairs.{ending}")
    assert made.stat().st_size > 100
    if ending == "json":
        assert len(json.loads(made.read_text("utf-8"))["rows"]) == 3


@pytest.mark.usefixtures("dealers")
def test_where_the_policy_calls_no_names_near_only_equal_ones_are_listed(ch: Run) -> None:
    policy("[customers]\nnear = []\n")
    done = ch("customer", "duplicates")
    assert done.out.splitlines()[0] == "customers that may be one · 1"
    assert done.err == "the policy calls no names near: near = [] in [customers]\n"


def test_branches_and_names_without_their_place_are_suspects(ch: Run) -> None:
    """Shops of one name are doubted in no sheet; a name without a place is held against those that have one."""
    names = ["苏宁", "苏宁(总店)", "苏宁(分店)", "广州鸿达通讯", "深圳鸿达通讯", "鸿达", "廣州鴻達通訊"]
    rows = [("2024-05-01", f"C{place}", name, 100 - place) for place, name in enumerate(names)]
    assert ch("import", sheet("may", "日期 客户编码 客户 金额", rows)).code == 0
    found = ch("customer", "duplicates", "--format", "json").data["rows"]
    assert [(row["code"], row["other_code"], row["reason"]) for row in found] == [
        ("C1", "C0", "another branch"),
        ("C2", "C0", "another branch"),
        ("C5", "C3", "but for the place"),
        ("C6", "C3", "but for signs"),
    ]
    done = ch("import", sheet("june", "日期 客户 金额", [("2024-06-01", "广州鸿达(总店)", 1)]))
    assert (done.code, "E312" in done.out) == (0, False)
