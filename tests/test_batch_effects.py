"""What a batch changed the net sales by, and what was worked out from one that is taken back."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Run
from tests.making import exact, holds_to_schema, report, sheet
from tests.tables import examples
from tests.tiers.made import month, region

HEADINGS = "单号 行号 日期 客户 金额 状态"
FIRST = [
    ("S1", 1, "2024-05-01", "甲", 100, ""),
    ("S1", 2, "2024-05-01", "甲", 200, ""),
    ("S2", 1, "2024-05-02", "乙", 300, ""),
]
CORRECTED = [("S1", 2, "2024-05-01", "甲", "150.5", ""), FIRST[2], ("S3", 1, "2024-05-03", "乙", 40, "")]


def net(ch: Run) -> Any:
    """The net sales of everything there is."""
    return report(ch, "tier", "--all-time")["totals"]["net_sales"]


def changes(ch: Run) -> list[Any]:
    """What each batch changed the net sales by, the first batch first."""
    return [row["net_change"] for row in reversed(report(ch, "batch", "list")["rows"])]


def test_an_import_with_corrections_says_what_it_changes_the_net_sales_by(ch: Run) -> None:
    assert ch("import", sheet("a", HEADINGS, FIRST)).code == 0
    done = ch("import", sheet("b", HEADINGS, CORRECTED))
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        "Import\n"
        "\n"
        "File    Kind    Rows   New   Changed   Known   Net sales, CNY   Change in net sales, CNY\n"
        "────────────────────────────────────────────────────────────────────────────────────────\n"
        "b.csv   sales      3     1         1       1           490.50                      -9.50\n"
        "\n"
        "b.csv · heading in row 1 · read as sales (6 of 6 columns)\n"
        "  b.csv  W113  1 line has changed since it was imported: S1 2; their net sales go from 200.00 to 150.50\n"
        "b.csv: batch 2\n"
    )
    listed = ch("batch", "list").out.splitlines()
    assert listed[2].split("   ")[-2:] == ["Change in net sales, CNY", "Undone by"]
    assert [line.split()[-2:] for line in listed[4:]] == [["490.50", "-9.50"], ["600.00", "600.00"]]
    assert "Change in net sales, CNY   -9.50" in ch("batch", "show", 2).out


def test_where_all_of_a_file_is_new_its_sum_is_said_once(ch: Run) -> None:
    assert "Change" not in ch("import", sheet("a", HEADINGS, FIRST)).out
    assert "Change" not in ch("batch", "list").out
    again = ch("import", "a.csv")
    assert "Change" not in again.out
    assert "Nothing to do" in again.out
    assert [row["net_change"] for row in exact(ch("import", "a.csv", "--format", "json"))["rows"]] == [0]


CASES = {
    "a line that counts no more": ([], [(*FIRST[0][:5], "作废")], -100),
    "a line that counts from now on": ([], [("S9", 1, "2024-05-09", "甲", 7, "完成")], 7),
    "only lines that are there": ([], FIRST[:2], None),
    "what the file no longer holds": (["--overlap", "replace"], FIRST[:1], -200),
    "everything beside what is there": (["--overlap", "keep"], FIRST[:2], 300),
}


@pytest.mark.parametrize(("options", "lines", "change"), CASES.values(), ids=CASES)
def test_the_change_is_that_of_the_database(ch: Run, options: list[str], lines: Any, change: int | None) -> None:
    assert ch("import", sheet("a", HEADINGS, FIRST)).code == 0
    before = net(ch)
    row = report(ch, "import", sheet("b", HEADINGS, lines), *options)["rows"][0]
    assert net(ch) - before == row["net_change"] == (change or 0)
    assert changes(ch) == [600, *([] if change is None else [change])]


def test_a_batch_that_was_undone_changes_nothing(ch: Run) -> None:
    for name, lines in (("a", FIRST), ("b", CORRECTED)):
        assert ch("import", sheet(name, HEADINGS, lines)).code == 0
    assert changes(ch) == [600, Decimal("-9.5")]
    assert ch("batch", "undo", 2).code == 0
    assert changes(ch) == [600, None, None]
    holds_to_schema(ch, "batch", "batch", "list")


LINE = st.tuples(
    st.sampled_from("12"),
    st.integers(1, 3),
    st.just("2024-05-01"),
    st.sampled_from("甲乙"),
    st.integers(-9, 9),
    st.sampled_from(["", "作废"]),
)


@settings(max_examples=examples(15), suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(files=st.lists(st.lists(LINE, min_size=1, max_size=6, unique_by=lambda line: line[:2]), min_size=2, max_size=3))
def test_the_changes_of_all_batches_add_up_to_the_net_sales(ch: Run, tmp_path: Path, files: list[list[Any]]) -> None:
    database = tmp_path / "p.db"
    database.unlink(missing_ok=True)
    for number, lines in enumerate(files):
        done = ch("--db", database, "import", sheet(str(number), HEADINGS, lines), "--format", "json")
        assert done.code == 0, done.err
    rows = exact(ch("--db", database, "batch", "list", "--format", "json"))["rows"]
    total = exact(ch("--db", database, "tier", "--all-time", "--format", "json"))["totals"]["net_sales"]
    assert sum(row["net_change"] for row in rows) == total


@pytest.fixture
def computed(ch: Run) -> None:
    """Two months of sales: batches 2 and 3; both applied as tiers and, of one office, again; May closed."""
    assert ch("import", region()).code == 0
    assert ch("import", month("2024-04", {"K1": 70, "K2": 20, "K3": 10})).code == 0
    assert ch("import", month("2024-05", {"K1": 70})).code == 0
    planned = sheet("plan", "月份 办事处 客户编码 客户 月度目标", [("2024-05", "杭州", "K1", "恒达", 100)])
    assert ch("import", planned).code == 0
    for words in (["--month", "2024-04"], ["--month", "2024-05"], ["--month", "2024-05", "--office", "宁波"]):
        ch("tier", *words, "--apply")
    assert ch("tier", "--from", "2024-04-01", "--to", "2024-05-31", "--method", "share", "--apply").code == 0
    assert ch("score", "close", "--month", "2024-05").code == 0


@pytest.mark.usefixtures("computed")
def test_undoing_sales_says_which_tiers_and_closed_months_stay(ch: Run) -> None:
    before = [ch("score", "--month", "2024-05").out, ch("tier", "history", "K1").out]
    done = ch("batch", "undo", 3)
    assert done.code == 0
    assert done.err == (
        "the tiers applied by batch 6 (abc, 2024-05-01 to 2024-05-31) stay as they were computed\n"
        "the tiers applied by batch 7 (share, 2024-04-01 to 2024-05-31) stay as they were computed\n"
        "2024-05, closed by batch 8, keeps the scores that were computed from this\n"
    )
    assert done.out == (
        "undone: batch 3 · taken back is what it had made, changed and removed\n"
        "\n"
        "Stays as it was computed\n"
        "Kind            Batch   From         To\n"
        "───────────────────────────────────────────────\n"
        "gradings            6   2024-05-01   2024-05-31\n"
        "gradings            7   2024-04-01   2024-05-31\n"
        "closed months       8   2024-05-01   2024-05-31\n"
        "\n"
        "Kind    Made   Changed   Removed\n"
        "────────────────────────────────\n"
        "sales      1         0         0\n"
        "\n"
        "batch 3 is undone; its file can be imported again\n"
    )
    assert before[1] == ch("tier", "history", "K1").out
    assert before[0].splitlines()[4:6] == ch("score", "--month", "2024-05").out.splitlines()[4:6]


@pytest.mark.usefixtures("computed")
def test_what_was_computed_before_a_batch_does_not_rest_on_it(ch: Run) -> None:
    """Nor what rests on lines that do not count, or on sales of another month."""
    assert ch("import", month("2024-05", {"K2": 5}, "late")).code == 0
    undone = ch("batch", "undo", 9)
    assert undone.err == "2024-05 is closed (batch 8): these rows do not change its scores\n"
    assert "Stays" not in undone.out
    undone = report(ch, "batch", "undo", 2)
    assert [(row["kind"], row["batch"]) for row in undone["stays"]] == [("tier_run", 5), ("tier_run", 7)]
    assert len(undone["notes"]) == 2


@pytest.mark.usefixtures("computed")
def test_a_plan_that_is_taken_back_leaves_the_closed_month(ch: Run) -> None:
    undone = report(ch, "batch", "undo", 4)
    assert [(row["kind"], row["batch"], row["last_day"]) for row in undone["stays"]] == [
        ("score_close", 8, "2024-05-31")
    ]


def test_corrections_and_what_is_no_sale_are_told_apart(ch: Run) -> None:
    """A run rests on the correction that ended a line of its days, not on a line whose status is no sale."""
    assert ch("import", sheet("a", HEADINGS, FIRST)).code == 0
    assert ch("import", sheet("b", HEADINGS, [("S8", 1, "2024-05-05", "甲", 9, "作废")])).code == 0
    assert ch("import", sheet("c", HEADINGS, FIRST[:1]), "--overlap", "replace").code == 0
    assert ch("tier", "--month", "2024-05", "--apply").code == 0
    assert report(ch, "batch", "undo", 2)["stays"] == []
    assert [row["batch"] for row in report(ch, "batch", "undo", 3)["stays"]] == [4]
