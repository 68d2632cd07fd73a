"""`channelctl plan` and the sheets of planned customers and class targets."""

from decimal import Decimal

import pytest

from tests.conftest import Run
from tests.making import report, sheet

D = Decimal
PLAN = "月份 办事处 客户编码 客户 规划等级 核心客户 月度目标"


def kept(ch: Run, *words: object) -> list[tuple[object, ...]]:
    rows = report(ch, "plan", "list", *words)["rows"]
    return [
        tuple(row[name] for name in ("month", "office", "customer_code", "class", "core", "target")) for row in rows
    ]


def test_what_the_sheet_leaves_open_comes_from_the_customers_file(ch: Run) -> None:
    customers = sheet(
        "customers",
        "客户编码 客户名称 规划等级 核心客户",
        [("K1", "甲", "VKA", "否"), ("K2", "乙", "V3", "是"), ("K3", "丙", "V4", "是")],
    )
    plan = sheet(
        "plan",
        PLAN,
        [
            ("2024年5月", "杭州", "K1", "甲", "", "", "120,000"),
            ("2024-05", "杭州", "K2", "乙", "v1", "", ""),
            ("202405", "杭州", "K3", "丙", "", "否", "0"),
            ("2024-05", "杭州", "K4", "丁", "", "", ""),
        ],
    )
    assert ch("import", customers, plan).code == 0
    expected = [
        ("2024-05", "杭州", "K1", "VKA", False, 120_000),
        ("2024-05", "杭州", "K2", "V1", True, None),
        ("2024-05", "杭州", "K3", "V4", False, 0),
        ("2024-05", "杭州", "K4", None, None, None),
    ]
    assert kept(ch) == expected
    assert report(ch, "customer", "show", "K4")["rows"][0]["name"] == "丁"
    for code in ("K1", "K2", "K3", "K4"):
        assert ch("customer", "set", code, "class=V2", "core=").code == 0
    assert kept(ch) == expected


def test_the_month_may_stand_in_the_file_name_only(ch: Run) -> None:
    plan = sheet("规划客户_2024-07", "办事处 客户编码 客户 月度目标", [("杭州", "K1", "甲", 100)])
    assert ch("import", plan).code == 0
    assert kept(ch) == [("2024-07", "杭州", "K1", None, None, 100)]


def test_a_target_in_ten_thousands_is_kept_in_yuan(ch: Run) -> None:
    plan = sheet("plan", "月份 办事处 客户编码 客户 月度目标(万元)", [("2024-05", "杭州", "K1", "甲", "12.3456")])
    assert ch("import", plan).code == 0
    assert kept(ch)[0][-1] == D("123456")


@pytest.mark.usefixtures("sample")
def test_planned_offices_stay_apart_and_class_targets_are_dated(ch: Run) -> None:
    twice = kept(ch, "customer_code=C00001")
    assert [line[1] for line in twice] == ["南京", "苏州"]
    assert ch("class-target", "add", "V1", "2024-05", "target=1").code == 0
    rows = report(ch, "class-target", "list", "class=V1")["rows"]
    assert [(row["month"], row["target"]) for row in rows] == [("2024-01", 250_000), ("2024-05", 1)]
    planned = report(ch, "score", "--month", "2024-05", "--explain")["rows"]
    assert {row["target"] for row in planned if (row["class"], row["rule"]) == ("V1", "class_target")} <= {1}


@pytest.mark.usefixtures("sample")
def test_a_plan_can_be_made_by_hand(ch: Run) -> None:
    assert ch("plan", "add", "2024年6月", "HZ", "杭州泊樾手机大卖场", "target=1万").code == 0
    assert kept(ch, "month=2024-06") == [("2024-06", "杭州", "C00017", "VKA", None, 10_000)]
    row = report(ch, "score", "--month", "2024-06")["rows"][0]
    assert (row["planned"], row["core_planned"], row["cooperation_rate"]) == (1, 1, 0)
    assert ch("plan", "remove", "2024-06", "HZ", "C00017").code == 0
    assert ch("score", "--month", "2024-06").code == 3
