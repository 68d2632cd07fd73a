"""`channelctl plan show`, `check` and `copy`."""

import csv
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.making import holds_to_schema, policy, report, sheet

CUSTOMERS = "客户编码 客户名称 办事处 渠道 规划等级 市场级别 关闭日期"
PLAN = "月份 办事处 客户编码 客户 规划等级 核心客户 月度目标"
PROVINCE = "[plans.province]\nVKA = 1\nV1 = 1\nV2 = 0\nV3 = 0\nV4 = 0\ndistribution = 1\n"


@pytest.fixture
def two(ch: Run) -> None:
    """Two offices and a plan with something of everything in it."""
    customers = sheet(
        "customers",
        CUSTOMERS,
        [
            ("K1", "甲", "东", "直供", "VKA", "T1", ""),
            ("K2", "乙", "东", "直供", "V1", "T4", ""),
            ("K3", "丙", "西", "分销", "", "T6", ""),
            ("K4", "丁", "西", "直供", "", "T3", "2024-05-31"),
            ("K5", "戊", "西", "直供", "V9", "T2", "2024-06-01"),
        ],
    )
    plan = sheet(
        "plan",
        PLAN,
        [
            ("2024-05", "东", "K1", "", "", "", "100"),
            ("2024-05", "东", "K2", "", "", "", ""),
            ("2024-05", "西", "K1", "", "", "", "50.5"),
            ("2024-05", "西", "K3", "", "", "", "0"),
            ("2024-05", "西", "K4", "", "", "是", "1"),
            ("2024-05", "西", "K5", "", "", "", "2"),
        ],
    )
    assert ch("import", customers, plan).code == 0
    assert ch("class-target", "add", "V1", "2024-01", "target=30").code == 0
    assert ch("target", "add", "2024-05", "东", "target=100").code == 0
    assert ch("target", "add", "2024-05", "西", "target=53.5").code == 0
    policy(PROVINCE)


@pytest.mark.usefixtures("two")
def test_a_plan_as_people_read_it(ch: Run) -> None:
    done = ch("plan", "show", "--month", "2024-05", "--office", "东")
    assert (done.code, done.err) == (0, "")
    code = report(ch, "office", "list")["rows"][0]["code"]
    assert done.out == (
        f"东 {code} · May 2024 · plan 2024-05\n\n"
        "Planned customers per class\n"
        "Class   Customers   Core   Targets, CNY\n"
        "───────────────────────────────────────\n"
        "VKA             1      1         100.00\n"
        "V1              1      1          30.00\n\n"
        "Customer code   Customer   Class   Core   Monthly target, CNY   Target is\n"
        "────────────────────────────────────────────────────────────────────────────\n"
        "K1              甲         VKA     yes                 100.00   its own\n"
        "K2              乙         V1      yes                  30.00   of its class\n"
        "total                                                  130.00\n\n"
        "not frozen: channelctl plan freeze keeps it as it is\n"
    )
    found = holds_to_schema(ch, "plan_show", "plan", "show")
    assert [(row["class"], row["customers"], row["core"]) for row in found["classes"]] == [
        ("VKA", 2, 2),
        ("V1", 1, 1),
        ("distribution", 1, 0),
        ("V9", 1, 0),
        (None, 1, 1),
    ]
    assert found["totals"] == {"target": 183.5}
    assert ch("plan", "freeze", "--month", "2024-05", "--office", "东").code == 0
    assert ch("plan", "show").out.endswith("not frozen: 西\n")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--month", "2024-07"], 3, "there is no plan for 2024-07\nThere are plans for: 2024-05\n"),
        (["--month", "May"], 2, "“May” is not a month"),
        (["--office", "nowhere"], 2, "nowhere"),
        (["--version", "1"], 3, "no plan for 2024-05 has a version 1"),
        (["2024-05", "东", "K1", "--office", "东"], 2, "cannot be shown at once"),
    ],
)
@pytest.mark.usefixtures("two")
def test_a_plan_that_there_is_not(ch: Run, words: list[str], code: int, said: str) -> None:
    done = ch("plan", "show", *words)
    assert (done.code, done.out) == (code, "")
    assert said in done.err


@pytest.mark.usefixtures("two")
def test_a_check_finds_what_does_not_fit(ch: Run) -> None:
    assert ch("plan", "check", "--month", "2024-05").code == 1
    found = holds_to_schema(ch, "plan_check", "plan", "check", "--month", "2024-05")
    assert [
        (row["finding"], row["office"], row["customer_code"], row["expected"], row["found"]) for row in found["rows"]
    ] == [
        ("class_count", None, None, 1, 2),
        ("direct_count", None, None, 2, 5),
        ("target_sum", "东", None, 100, 130),
        ("twice", "东", "K1", None, None),
        ("low_market", "东", "K2", None, None),
        ("twice", "西", "K1", None, None),
        ("no_target", "西", "K3", None, None),
        ("closed", "西", "K4", None, None),
        ("core_no_class", "西", "K4", None, None),
    ]
    assert [row["said"] for row in found["rows"]] == [
        "VKA 2, province 1 (+1)",
        "direct, all classes 5, province 2 (+3)",
        "customers 130.00, office 100.00 (+30.00)",
        "by 西 as well",
        "market level T4",
        "by 东 as well",
        "own or of its class",
        "closed on 2024-05-31",
        "core by its mark",
    ]
    assert [tuple(row.values())[1:] for row in found["offices"]] == [
        ("东", 2, 2, 130, 100, 30),
        ("西", 4, 2, 53.5, 53.5, 0),
    ]
    assert [row["classes"] for row in found["per_class"]] == [
        "VKA 1, V1 1",
        "VKA 1, distribution platforms 1, V9 1, no class 1",
    ]
    classes = {row["class"]: (row["province"], row["planned"], row["difference"]) for row in found["classes"]}
    assert classes["distribution"] == (1, 1, 0)
    assert classes["all_direct"] == (2, 5, 3)
    assert classes["V9"] == (None, 1, None)
    assert sum(row["customers"] for row in found["office_classes"]) == 6


def test_a_plan_that_fits_has_no_findings(ch: Run) -> None:
    customers = sheet("customers", CUSTOMERS, [("K1", "甲", "东", "直供", "VKA", "T3", "2024-06-01")])
    plan = sheet("plan", PLAN, [("2024-05", "东", "K1", "", "", "", "100")])
    assert ch("import", customers, plan).code == 0
    policy("[plans.province]\nVKA = 1\n")
    done = ch("plan", "check", "--month", "2024-05")
    assert (done.code, done.err) == (0, "")
    assert done.out.endswith("\nno findings\n")
    policy('[plans]\ndirect_to = "T2"\n[plans.province]\nVKA = 1\n')
    assert [row["finding"] for row in report(ch, "plan", "check", "--month", "2024-05")["rows"]] == ["low_market"]
    policy('[plans]\ndirect_to = "T9"\n')
    done = ch("plan", "check", "--month", "2024-05")
    assert done.code == 3
    assert "[plans] direct_to: “T9” is no market level\nThe levels are: T1, T2, T3, T4, T5, T6" in done.err


@pytest.mark.usefixtures("two")
def test_an_office_with_a_target_and_no_plan_is_told(ch: Run) -> None:
    assert ch("office", "add", "S", "南").code == 0
    assert ch("target", "add", "2024-05", "南", "target=7").code == 0
    said = [row["said"] for row in report(ch, "plan", "check", "--month", "2024-05")["rows"] if row["office"] == "南"]
    assert said == ["customers 0.00, office 7.00 (-7.00)"]


@pytest.mark.usefixtures("two")
def test_a_copy_leaves_out_who_is_closed_and_undoing_it_leaves_nothing(ch: Run) -> None:
    before = report(ch, "plan", "list")["rows"]
    words = ("plan", "copy", "--month", "2024-05", "--to", "2024-06")
    dry = ch(*words, "--dry-run")
    assert dry.code == 0
    assert report(ch, "plan", "list")["rows"] == before
    done = ch(*words)
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        "plan 2024-05 → 2024-06 · 4 customers copied\n\n"
        "Not copied: closed by the end of 2024-06\n"
        "Office   Customer code   Customer   Closed on\n"
        "──────────────────────────────────────────────\n"
        "西       K4              丁         2024-05-31\n"
        "西       K5              戊         2024-06-01\n\n"
        "Office   Copied   There already   Closed\n"
        "────────────────────────────────────────\n"
        "东            2               0        0\n"
        "西            2               0        2\n"
        "total         4               0        2\n\n"
        "Batch 6. Undo: channelctl batch undo 6\n"
    )
    assert dry.out == done.out.replace("plan 2024-05", "Dry run, nothing was written · plan 2024-05").replace(
        "\nBatch 6. Undo: channelctl batch undo 6\n", ""
    )
    copied = [{**row, "month": "2024-05"} for row in report(ch, "plan", "list", "month=2024-06")["rows"]]
    assert copied == [row for row in before if row["customer_code"] not in ("K4", "K5")]
    assert ch("batch", "undo", 6).code == 0
    assert report(ch, "plan", "list")["rows"] == before


@pytest.mark.usefixtures("two")
def test_a_copy_does_not_stand_in_the_way_of_what_was_removed_before(ch: Run) -> None:
    assert ch("plan", "remove", "2024-05", "西", "K5").code == 0
    assert ch("plan", "copy", "--month", "2024-05", "--to", "2024-06").code == 0
    assert ch("batch", "undo", 6).code == 0
    assert "K5" in [row["customer_code"] for row in report(ch, "plan", "list", "month=2024-05")["rows"]]
    assert len(report(ch, "plan", "list", "month=2024-06")["rows"]) == 4


@pytest.mark.usefixtures("two")
def test_a_month_with_a_plan_is_filled_only_when_asked(ch: Run) -> None:
    words = ("plan", "copy", "--month", "2024-05", "--to", "2024-06", "--targets", "none")
    assert ch("plan", "add", "2024-06", "东", "K2", "target=9").code == 0
    done = ch(*words)
    assert (done.code, done.out) == (3, "")
    assert done.err.startswith("channelctl: error: 东: there is a plan for 2024-06 already\n--fill adds")
    assert ch(*words, "--office", "西").code == 0
    assert ch(*words, "--fill").code == 0
    rows = report(ch, "plan", "list", "month=2024-06")["rows"]
    assert [(row["office"], row["customer_code"], row["target"]) for row in rows] == [
        ("东", "K1", None),
        ("东", "K2", 9),
        ("西", "K1", None),
        ("西", "K3", None),
    ]
    again = ch(*words, "--fill")
    assert again.code == 0
    assert again.out.endswith("nothing to copy: all of them are there already, or closed\n")
    batches = [row["command"] for row in report(ch, "batch", "list")["rows"]]
    assert batches.count("plan copy") == 2


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--month", "2024-05", "--to", "2024-05"], 2, "a plan cannot be copied onto itself"),
        (["--month", "2024-05", "--to", "2024-06", "--targets", "half"], 2, "“half” is not a way with targets"),
        (["--month", "2024-04", "--to", "2024-06"], 3, "there is no plan for 2024-04"),
    ],
)
@pytest.mark.usefixtures("two")
def test_a_copy_that_cannot_be(ch: Run, words: list[str], code: int, said: str) -> None:
    done = ch("plan", "copy", *words)
    assert (done.code, done.out) == (code, "")
    assert said in done.err


@pytest.mark.usefixtures("two")
def test_an_office_target_is_a_record_like_others(ch: Run) -> None:
    targets = sheet(
        "目标", "月份 办事处 办事处目标(万元) 冲刺目标(万元) 挑战目标(万元)", [("2024年6月", "东", "1.5", "2", "")]
    )
    assert ch("import", targets).code == 0
    found = holds_to_schema(ch, "office_target", "target", "show", "2024-06", "东")["rows"][0]
    assert (found["target"], found["sprint"], found["challenge"]) == (15_000, 20_000, None)
    assert ch("target", "set", "2024-06", "东", "challenge=3万", "sprint=").code == 0
    assert ch("target", "list", "--output", "list.csv").code == 0
    elsewhere = Path("other.db")
    assert ch("--db", elsewhere, "import", "list.csv").code == 0
    assert report(ch, "--db", elsewhere, "target", "list")["rows"] == report(ch, "target", "list")["rows"]
    assert ch("target", "remove", "2024-06", "东").code == 0
    assert ch("template", "office-target", "-o", "t.xlsx").code == 0


@pytest.mark.usefixtures("two")
def test_a_finding_names_its_class_in_the_language_that_is_spoken(ch: Run) -> None:
    policy(PROVINCE.replace("distribution = 1", "distribution = 3"))
    for language, said in (("en", "distribution"), ("zh", "分销平台")):
        found = ch("--lang", language, "plan", "check", "--month", "2024-05", "--format", "csv").out
        rows = list(csv.reader(found.lstrip("\ufeff").splitlines()))
        classes = [row[5] for row in rows[1:]]
        assert said in classes
        assert "" in classes
