"""What is said of plans of a closed month, targets of one call, and approvals after a merge."""

from pathlib import Path

import pytest

from tests.conftest import SHEETS, Run
from tests.making import report, sheet
from tests.tables import address

CLOSED = f"2024-05 is closed (batch {SHEETS + 1}): these rows do not change its scores\n"
PLAN = "月份 办事处 客户编码 客户 月度目标"
SPREAD = ("target", "spread", "--year", "2024", "--office", "WX", "--weights", ",".join("1" * 12))


@pytest.fixture
def closed(ch: Run, sample: Path) -> Path:
    """The sample region with May closed by the batch after its sheets."""
    assert ch("score", "close", "--month", "2024-05").code == 0
    return sample


EDITS = {
    "set": ("plan", "set", "2024-05", "无锡", "C00056", "target=1"),
    "clear": ("plan", "set", "2024-05", "无锡", "C00056", "class="),
    "add": ("plan", "add", "2024-05", "无锡", "C00001"),
    "remove": ("plan", "remove", "2024-05", "无锡", "C00056"),
    "spread": (*SPREAD, "--total", "1200", "--customers"),
}


@pytest.mark.usefixtures("closed")
@pytest.mark.parametrize("words", EDITS.values(), ids=EDITS)
def test_editing_the_plan_of_a_closed_month_says_that_it_stays(ch: Run, words: tuple[str, ...]) -> None:
    kept = ch("score", "--month", "2024-05", "--format", "csv").out
    done = ch(*words)
    assert (done.code, done.err.splitlines(keepends=True)[-1]) == (0, CLOSED)
    now = ch("score", "--month", "2024-05", "--format", "csv").out
    assert [line.split(",")[:11] for line in now.splitlines()] == [line.split(",")[:11] for line in kept.splitlines()]


@pytest.mark.usefixtures("closed")
def test_so_do_a_copy_to_it_and_a_sheet_of_it_and_an_approval(ch: Run) -> None:
    assert ch("plan", "copy", "--month", "2024-05", "--to", "2024-04").err == ""
    assert ch("plan", "remove", "2024-05", "无锡", "C00056").err == CLOSED
    copied = ch("plan", "copy", "--month", "2024-04", "--to", "2024-05", "--office", "WX", "--fill")
    assert (copied.code, copied.err) == (0, CLOSED)
    file = sheet("plan", PLAN, [("2024-05", "无锡", "C00001", "", 5)])
    assert ch("import", file).err == f"plan.csv: {CLOSED}"
    assert ch("plan", "freeze", "--month", "2024-05").err == ""
    done = ch("plan", "approve", "C00056", "--month", "2024-05", "--target", "7", "--reason", "x")
    assert (done.code, done.err) == (0, CLOSED)


@pytest.mark.usefixtures("closed")
def test_nothing_is_said_of_a_month_that_is_open_or_a_word_that_changes_nothing(ch: Run) -> None:
    assert ch("plan", "add", "2024-06", "无锡", "C00056").err == ""
    assert ch("plan", "set", "2024-05", "无锡", "C00056", "class=").err == CLOSED
    assert ch("plan", "set", "2024-05", "无锡", "C00056", "class=").err == ""
    assert ch("customer", "set", "C00001", "class=V4").err == ""


BEFORE = (10, 11, 12)
SETS: list[tuple[str, tuple[object, ...] | str]] = [
    ("target=20 sprint= challenge=", (20, None, None)),
    ("target=20 sprint=21 challenge=22", (20, 21, 22)),
    ("target=11.5 sprint=", (11.5, None, 12)),
    ("challenge= sprint=30", (10, 30, None)),
    ("target=3", (3, 11, 12)),
    ("target=20", "the sprint target, 11.00, is below the target, 20.00"),
    ("target=20 sprint=", "the challenge target, 12.00, is below the target, 20.00"),
    ("target=12 sprint=11.99", "the sprint target, 11.99, is below the target, 12.00"),
    ("sprint=13", "the challenge target, 12.00, is below the sprint target, 13.00"),
]


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize(("words", "found"), SETS)
def test_levels_given_in_one_call_are_held_against_each_other(
    ch: Run, words: str, found: tuple[object, ...] | str
) -> None:
    assert ch("target", "add", "2024-05", "无锡", "target=10", "sprint=11", "challenge=12").code == 0
    done = ch("target", "set", "2024-05", "无锡", *words.split())
    (row,) = ch("target", "list", "--format", "json").data["rows"]
    now = (row["target"], row["sprint"], row["challenge"])
    if isinstance(found, str):
        assert (done.code, done.err) == (2, f"channelctl: error: Office target: {found}\n")
        assert now == BEFORE
    else:
        assert (done.code, now) == (0, found)


@pytest.mark.usefixtures("sample")
def test_a_spread_is_refused_below_or_above_a_level_that_stands(ch: Run) -> None:
    """As a sheet's row with such levels is; with the level given, or cleared, it is taken."""
    assert ch("target", "add", "2024-03", "无锡", "target=10", "challenge=30").code == 0
    refused = (
        "channelctl: error: 2024-03: the challenge target, 30.00, is below the target, 40.00\n"
        "Give that level for the year too (--sprint, --challenge), or clear it first: channelctl target set 2024-03 WX "
        "sprint= challenge=\n"
    )
    for more in ((), ("--dry-run",)):
        assert ch(*SPREAD, "--total", "480", *more) == (3, "", refused)
    assert len(ch("target", "list", "--format", "json").data["rows"]) == 1
    sprint = ch(*SPREAD, "--total", "240", "--sprint", "480")
    assert sprint.err.startswith("channelctl: error: 2024-03: the challenge target, 30.00, is below the sprint target")
    assert ch(*SPREAD, "--total", "480", "--challenge", "600").code == 0
    assert ch(*SPREAD, "--total", "599").code == 0
    assert ch("target", "set", "2024-03", "无锡", "challenge=").code == 0
    again = ch(*SPREAD, "--total", "1200")
    assert (again.code, again.err.split(":")[2]) == (3, " 2024-01")
    assert ch("explain", "E333").code == 0


@pytest.mark.usefixtures("sample")
def test_approvals_keep_their_changes_and_reasons_when_customers_are_merged(ch: Run) -> None:
    """The merged customer goes on under the other's code: nothing that the next approval did."""
    assert ch("plan", "freeze", "--month", "2024-05").code == 0
    approve = ("plan", "approve", "--month", "2024-05")
    assert ch(*approve, "C00056", "--class", "V3", "--reason", "省公司批复").code == 0
    assert ch("customer", "merge", "C00056", "C00070").code == 0
    done = ch(*approve, "C00057", "--office", "WX", "--target", "5", "--reason", "再批")
    assert done.code == 0, done.err
    rows = report(ch, "plan", "versions", "--month", "2024-05", "--office", "WX")["rows"]
    assert [row["reason"] for row in rows] == [None, "省公司批复", "再批"]
    assert rows[1]["changes"].startswith("C00056 class ")
    assert "C00070" not in rows[2]["changes"]
    assert rows[2]["changes"].startswith("C00057 target ")
    told = ch("score", "explain", "C00070", "--month", "2024-05").out.splitlines()
    assert "无锡, C00070: approved: 省公司批复" in told
    assert ch(*approve, "C00070", "--office", "WX", "--remove", "--reason", "关店").code == 0
    assert report(ch, "plan", "versions", "--office", "WX")["rows"][-1]["changes"] == "C00070 removed"


def test_a_plan_is_imported_by_its_own_verb_as_by_the_import(ch: Run, tmp_path: Path) -> None:
    """The same options, report and refusals."""
    file = sheet("规划", PLAN, [("2024-05", "杭州", "K1", "恒达", 100), ("2024-05", "杭州", "K2", "五星", "多")])
    refused = ch("--db", address(tmp_path / "a.db"), "plan", "import", file)
    assert refused == ch("--db", address(tmp_path / "a.db"), "import", file, "--kind", "plan")
    assert refused.code == 3
    own, usual = (
        ch("--db", tmp_path / name, *words, file, "--partial", "--format", "json")
        for name, words in (("a.db", ("plan", "import")), ("b.db", ("import",)))
    )
    assert (own.code, own.data["rows"]) == (usual.code, usual.data["rows"])
    assert own.data["rows"][0]["kind"] == "plan"
    sales = sheet("s", "日期 客户 金额", [("2024-05-01", "恒达", 5)])
    assert ch("plan", "import", sales).code == 3
    assert ch("plan", "import", file, "--kind", "plan").code == 2
    assert "Example: channelctl plan import" in ch("plan", "import", "--help").out
