"""Frozen plans: what they keep, who may change them, and what undoing them needs."""

from pathlib import Path

import pytest

from tests.conftest import SHEETS, Run
from tests.making import holds_to_schema, report, sheet

PLAN = "月份 办事处 客户编码 客户 规划等级 月度目标"
WX = ("--month", "2024-05", "--office", "WX")
FREEZE, NEXT = SHEETS + 1, SHEETS + 2
FROZEN = (
    f"the plan of 无锡 for 2024-05 is frozen (version 1, batch {FREEZE})\n"
    "With an approval: channelctl plan approve CUSTOMER --month 2024-05 --office 无锡 --reason TEXT …\n"
)


def lines(ch: Run, *words: object) -> list[tuple[object, ...]]:
    rows = report(ch, "plan", "list", "month=2024-05", *words)["rows"]
    return [tuple(row.values()) for row in rows]


@pytest.fixture
def frozen(ch: Run, sample: Path) -> Path:
    """The sample region with its plan frozen by the batch FREEZE."""
    assert ch("plan", "freeze", "--month", "2024-05").code == 0
    return sample


@pytest.mark.usefixtures("sample")
def test_freezing_says_what_it_kept_and_how_it_is_undone(ch: Run) -> None:
    done = ch("plan", "freeze", *WX)
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        "frozen plans · May 2024\n\n"
        "Office   Version   Customers   Core   Own targets, CNY\n"
        "──────────────────────────────────────────────────────\n"
        "无锡           1           8      3       1,235,500.00\n\n"
        f"Batch {FREEZE}. Undo: channelctl batch undo {FREEZE}\n"
    )
    again = ch("plan", "freeze", "--month", "2024-05")
    assert again.code == 0
    assert again.err == "frozen before: 无锡\n"
    assert [row["office_code"] for row in report(ch, "plan", "versions")["rows"]] == ["HZ", "NB", "NJ", "SZ", "WX"]
    assert "无锡" not in again.out
    third = ch("plan", "freeze", "--month", "2024-05")
    assert "杭州" not in third.out
    assert third.out.endswith("frozen before: nothing to do (channelctl plan versions --month 2024-05)\n")
    assert len(report(ch, "batch", "list")["rows"]) == NEXT


@pytest.mark.parametrize(
    "words",
    [
        ["set", "2024-05", "无锡", "C00056", "target=1"],
        ["set", "2024-05", "无锡", "C00056", "target="],
        ["set", "2024年5月", "WX", "C00056", "class=V3", "core="],
        ["add", "2024-05", "无锡", "C00001"],
        ["remove", "2024-05", "无锡", "C00056"],
    ],
)
@pytest.mark.usefixtures("frozen")
def test_no_verb_changes_a_frozen_plan(ch: Run, words: list[str]) -> None:
    before = lines(ch)
    done = ch("plan", *words)
    assert (done.code, done.out, done.err) == (3, "", f"channelctl: error: {FROZEN}")
    assert lines(ch) == before


@pytest.mark.parametrize(
    ("row", "code", "refused"),
    [
        (("2024-05", "无锡", "C00056", "", "", "1"), 1, True),
        (("2024-05", "无锡", "C00001", "", "", "1"), 1, True),
        (("2024-05", "无锡", "NEW1", "新客户", "", "1"), 1, True),
        (("2024-05", "无锡", "C00056", "", "V1", "400000"), 0, False),
        (("2024-05", "", "C00056", "", "V1", "400000"), 1, True),
        (("2024-06", "无锡", "C00056", "", "", "1"), 0, False),
        (("2024-05", "新城", "C00056", "", "", "1"), 0, False),
    ],
)
@pytest.mark.usefixtures("frozen")
def test_an_import_leaves_a_frozen_plan_alone(ch: Run, row: tuple[str, ...], code: int, refused: bool) -> None:
    before, customers = lines(ch, "office=无锡"), len(report(ch, "customer", "list")["rows"])
    plan = sheet("plan", PLAN, [row])
    done = ch("import", plan, "--partial")
    assert done.code == code, done.out
    assert lines(ch, "office=无锡") == before
    assert len(report(ch, "customer", "list")["rows"]) == customers
    if refused and row[1]:
        said = f"the plan of 无锡 for 2024-05 is frozen (version 1, batch {FREEZE})"
        assert f"plan.csv:2  E331  月份: {said}" in done.out


@pytest.mark.usefixtures("frozen")
def test_a_sheet_with_rows_for_a_frozen_plan_is_refused_whole_unless_partial(ch: Run) -> None:
    rows = [("2024-05", "无锡", "C00056", "", "", "1"), ("2024-06", "无锡", "C00056", "", "", "2")]
    plan = sheet("plan", PLAN, rows)
    assert ch("import", plan).code == 3
    assert ch("plan", "show", "2024-06", "无锡", "C00056").code == 2
    assert ch("import", plan, "--partial").code == 1
    assert report(ch, "plan", "show", "2024-06", "无锡", "C00056")["rows"][0]["target"] == 2
    assert "a planned customer of an office whose plan for that month is frozen" in ch("explain", "E331").out


@pytest.mark.usefixtures("frozen")
def test_targets_and_copies_do_not_reach_a_frozen_plan_either(ch: Run) -> None:
    before = lines(ch)
    spread = ("target", "spread", "--year", "2024", "--office", "WX", "--total", "12", "--weights", ",".join("1" * 12))
    done = ch(*spread, "--customers")
    assert (done.code, done.err) == (3, f"channelctl: error: {FROZEN}")
    assert report(ch, "target", "list")["rows"] == []
    assert ch(*spread).code == 0
    assert ch("plan", "add", "2024-06", "WX", "C00001").code == 0
    assert ch("plan", "copy", "--month", "2024-06", "--to", "2024-05", "--fill").code == 3
    assert lines(ch) == before


@pytest.mark.usefixtures("frozen")
def test_an_approval_makes_the_next_version(ch: Run) -> None:
    words = ("plan", "approve", "C00056", "--month", "2024-05", "--class", "v2", "--core", "no", "--target", "30万")
    done = ch(*words, "--reason", "省公司批复", "--on", "2024-05-20")
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        "plan · 2024-05 无锡 无锡峤榆数码科技有限公司\n\n"
        "Month                 2024-05\n"
        "Office                无锡\n"
        "Customer code         C00056\n"
        "Customer              无锡峤榆数码科技有限公司\n"
        "Class                 V2\n"
        "Core                  no\n"
        "Monthly target, CNY   300,000.00\n\n"
        "version 2, approved on 2024-05-20: C00056 class V1 → V2, core yes → no, target 400,000.00 → 300,000.00\n"
        f"Batch {NEXT}. Undo: channelctl batch undo {NEXT}\n"
    )
    found = holds_to_schema(ch, "plan_versions", "plan", "versions", *WX)["rows"]
    assert [(row["version"], row["core"], row["target"], row["approved_on"], row["reason"]) for row in found] == [
        (1, 3, 1_235_500, None, None),
        (2, 2, 1_135_500, "2024-05-20", "省公司批复"),
    ]
    same = ch(*words, "--reason", "再来")
    assert same.code == 0
    assert same.out.endswith("nothing to change: it is so already\n")
    assert len(report(ch, "plan", "versions", *WX)["rows"]) == 2


@pytest.mark.usefixtures("frozen")
def test_a_customer_is_added_and_removed_with_an_approval_only(ch: Run) -> None:
    reason = ("--month", "2024-05", "--reason", "迁址")
    assert ch("plan", "approve", "C00056", "--remove", *reason).code == 0
    assert ch("plan", "approve", "C00001", "--add", "--office", "WX", "--target", "5", *reason).code == 0
    told = [row["changes"] for row in report(ch, "plan", "versions", *WX)["rows"]]
    assert told == ["", "C00056 removed", "C00001 added"]
    codes = [[row["customer_code"] for row in report(ch, "plan", "show", *WX, "--version", n)["rows"]] for n in (1, 3)]
    assert set(codes[0]) - set(codes[1]) == {"C00056"}
    assert set(codes[1]) - set(codes[0]) == {"C00001"}
    assert codes[1] == [row["customer_code"] for row in report(ch, "plan", "show", *WX)["rows"]]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["C00056", "--class", "V2", "--reason", " "], 2, "an approval needs a reason"),
        (["C00056", "--reason", "x"], 2, "nothing to change was given"),
        (["C00001", "--class", "V2", "--reason", "x"], 2, "C00001 is planned by 南京, 苏州\nSay which: --office 南京"),
        (["C00070", "--class", "V2", "--reason", "x"], 2, "C00070 is not on that plan for 2024-05"),
        (["C00056", "--add", "--reason", "x"], 2, "there is such a plan already"),
        (["C00056", "--add", "--remove", "--reason", "x"], 2, "--add and --remove contradict each other"),
        (["C00056", "--remove", "--class", "V2", "--reason", "x"], 2, "a customer that is removed has no class"),
        (["C00056", "--target", "viel", "--reason", "x"], 2, "“viel” is not a number"),
        (["C00056", "--target", "-5", "--reason", "x"], 2, "a target cannot be negative: -5.00"),
        (["C00056", "--class", "V9", "--reason", "x"], 2, "unknown class “V9”\nThere are: VKA, V1, V2, V3, V4"),
        (["C00056", "--class", "V2", "--reason", "x", "--on", "2030-05-20"], 2, "an approval of 2030-05-20 is yet to"),
        (["C00056", "--class", "V2", "--reason", "x", "--on", "soon"], 2, "“soon” is not a date"),
        (["NOBODY", "--class", "V2", "--reason", "x"], 2, "NOBODY"),
    ],
)
@pytest.mark.usefixtures("frozen")
def test_an_approval_that_cannot_be(ch: Run, words: list[str], code: int, said: str) -> None:
    done = ch("plan", "approve", *words, "--month", "2024-05")
    assert (done.code, done.out) == (code, "")
    assert said in done.err
    assert len(report(ch, "plan", "versions")["rows"]) == 5


@pytest.mark.usefixtures("sample")
def test_a_plan_that_is_not_frozen_is_changed_directly(ch: Run) -> None:
    done = ch("plan", "approve", "C00056", "--month", "2024-05", "--class", "V2", "--reason", "x")
    assert done.code == 3
    assert done.err == (
        "channelctl: error: the plan of 无锡 for 2024-05 is not frozen\n"
        "Change it directly: channelctl plan set 2024-05 WX C00056 …\n"
    )
    added = ch("plan", "approve", "C00070", "--month", "2024-05", "--office", "WX", "--add", "--reason", "x")
    assert added.err.endswith("Plan it directly: channelctl plan add 2024-05 WX C00070 …\n")
    assert ch("plan", "freeze", "--month", "2024-07").err == (
        "channelctl: error: there is no plan for 2024-07\nThere are plans for: 2024-05\n"
    )


@pytest.mark.usefixtures("frozen")
def test_undoing_goes_backwards_and_gives_the_plan_back(ch: Run) -> None:
    before = lines(ch)
    assert ch("plan", "approve", "C00056", "--month", "2024-05", "--class", "V2", "--reason", "x").code == 0
    stopped = ch("batch", "undo", FREEZE)
    assert stopped.code == 3
    assert stopped.err == (
        f"channelctl: error: batch {FREEZE} cannot be undone: later work builds on it\n"
        f"  batch {NEXT} holds version 2 of the plan of 无锡 for 2024-05\n"
        "Undo those batches first, the latest first: channelctl batch undo N\n"
    )
    assert ch("batch", "undo", 6).code == 3
    assert ch("batch", "undo", NEXT).code == 0
    assert lines(ch) == before
    assert f"batch {FREEZE} holds version 1 of the plan of 杭州 for 2024-05" in ch("batch", "undo", 6).err
    assert ch("batch", "undo", FREEZE).code == 0
    assert report(ch, "plan", "versions")["rows"] == []
    assert ch("plan", "set", "2024-05", "无锡", "C00056", "target=1").code == 0


@pytest.mark.usefixtures("frozen")
def test_a_removal_before_the_freeze_is_not_undone_behind_it(ch: Run) -> None:
    assert ch("batch", "undo", FREEZE).code == 0
    assert ch("plan", "remove", "2024-05", "无锡", "C00056").code == 0
    assert ch("plan", "freeze", *WX).code == 0
    assert ch("batch", "undo", SHEETS + 3).code == 3
    assert ch("batch", "undo", SHEETS + 4).code == 0
    assert ch("batch", "undo", SHEETS + 3).code == 0


@pytest.mark.usefixtures("frozen")
def test_a_merge_moves_a_line_of_a_frozen_plan_and_its_version_knows_the_customer(ch: Run) -> None:
    assert ch("customer", "merge", "C00056", "C00070").code == 0
    now = {row["customer_code"] for row in report(ch, "plan", "show", *WX)["rows"]}
    assert "C00070" in now
    assert "C00056" not in now
    kept = {row["customer_code"]: row["customer"] for row in report(ch, "plan", "show", *WX, "--version", "1")["rows"]}
    assert kept["C00056"] == report(ch, "customer", "show", "C00070")["rows"][0]["name"]


@pytest.mark.usefixtures("frozen")
def test_what_was_frozen_does_not_follow_the_file_or_the_policy(ch: Run) -> None:
    first = report(ch, "plan", "show", *WX, "--version", 1)["rows"]
    assert ch("customer", "set", "C00056", "class=V4", "core=no", "closed_on=2024-05-02").code == 0
    Path("policy.toml").write_text('[plans]\ncore_classes = ["V4"]\n', "utf-8")
    assert report(ch, "plan", "show", *WX, "--version", 1)["rows"] == first


@pytest.mark.parametrize(
    ("words", "held"),
    [
        (["add", "V4", "2024-05", "target=1"], True),
        (["add", "V4", "2024-02", "target=1"], True),
        (["add", "V4", "2023-12", "target=1"], False),
        (["add", "V4", "2024-07", "target=1"], False),
        (["set", "V4", "2024-01", "target=1"], True),
        (["set", "V4", "2024-06", "target=1"], False),
        (["remove", "V4", "2024-01"], True),
        (["remove", "V4", "2024-06"], False),
        (["add", "V9", "2024-05", "target=1"], False),
    ],
)
@pytest.mark.usefixtures("frozen")
def test_no_verb_changes_a_class_target_that_a_frozen_plan_goes_by(ch: Run, words: list[str], held: bool) -> None:
    show = ("plan", "show", "--month", "2024-05", "--version", "1")
    before = report(ch, *show)["rows"]
    done = ch("class-target", *words)
    assert done.code == (3 if held else 0), done.err
    if held:
        since = words[2]
        said = f"is frozen (version 1, batch {FREEZE}) and goes by the target of V4 from {since}\nUndo the freeze"
        assert said in done.err
    assert report(ch, *show)["rows"] == before


@pytest.mark.usefixtures("frozen")
def test_no_import_and_no_undoing_changes_a_class_target_that_a_frozen_plan_goes_by(ch: Run) -> None:
    show = ("plan", "show", "--month", "2024-05", "--version", "1")
    before = report(ch, *show)["rows"]
    done = ch(
        "import", sheet("targets", "等级 生效月份 月度目标", [("V4", "2024-05", 1), ("V4", "2024-07", 2)]), "--partial"
    )
    assert done.code == 1
    assert "targets.csv:2  E331" in done.out
    of_targets = next(row["batch"] for row in report(ch, "batch", "list")["rows"] if "等级目标" in str(row))
    stopped = ch("batch", "undo", of_targets)
    assert stopped.code == 3
    assert f"batch {FREEZE} holds version 1 of the plan of 无锡 for 2024-05" in stopped.err
    assert report(ch, *show)["rows"] == before
    assert ch("batch", "undo", NEXT).code == 0
    assert ch("batch", "undo", FREEZE).code == 0
    assert ch("class-target", "set", "V4", "2024-01", "target=1").code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["plan", "set", "2024-05", "无锡", "C00056", "target=-1"], "a target cannot be negative: -1.00"),
        (["plan", "add", "2024-05", "无锡", "C00070", "target=-1"], "a target cannot be negative: -1.00"),
        (["class-target", "add", "V4", "2024-09", "target=-1"], "a target cannot be negative: -1.00"),
        (["target", "add", "2024-09", "无锡", "target=-1"], "a target cannot be negative: -1.00"),
        (["target", "add", "2024-09", "无锡", "target=1", "sprint=-1"], "a target cannot be negative: -1.00"),
        (
            ["target", "add", "2024-09", "无锡", "target=9", "sprint=8"],
            "the sprint target, 8.00, is below the target, 9.00",
        ),
        (
            ["target", "set", "2024-08", "无锡", "sprint=12"],
            "challenge target, 11.00, is below the sprint target, 12.00",
        ),
        (["target", "set", "2024-08", "无锡", "target=12"], "the challenge target, 11.00, is below the target, 12.00"),
    ],
)
@pytest.mark.usefixtures("sample")
def test_a_target_that_is_negative_or_above_its_next_level_is_refused(ch: Run, words: list[str], said: str) -> None:
    assert ch("target", "add", "2024-08", "无锡", "target=0", "challenge=11").code == 0
    done = ch(*words)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


@pytest.mark.usefixtures("sample")
def test_a_sheets_rows_with_such_targets_are_refused(ch: Run) -> None:
    offices = sheet("目标", "月份 办事处 办事处目标 冲刺目标", [("2024-08", "无锡", 2, 1), ("2024-08", "杭州", -2, "")])
    plan = sheet(
        "plan", PLAN, [("2024-08", "无锡", "C00056", "", "", "-1"), ("2024-08", "无锡", "C00057", "", "", "0")]
    )
    done = ch("import", offices, plan, "--partial")
    assert done.code == 1
    for place in ("目标.csv:2  E333", "目标.csv:3  E332", "plan.csv:2  E332"):
        assert place in done.out
    assert report(ch, "target", "list")["rows"] == []
    assert [row["target"] for row in report(ch, "plan", "list", "month=2024-08")["rows"]] == [0]
