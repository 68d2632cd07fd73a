"""What --overlap does with lines that are there already: skip, replace, keep."""

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Run
from tests.sheets.written import book
from tests.tables import examples

HEAD = "日期,办事处,客户,产品,数量,金额\n"
WEEK = "2024-05-01,杭州,甲,A,3,30\n2024-05-03,杭州,乙,A,1,5\n2024-05-03,南京,丙,A,1,5\n2024-05-09,杭州,甲,A,1,9\n"


def put(ch: Run, file: Path, text: str, *options: str) -> tuple[int, ...]:
    """New, changed, known and ended lines of an import."""
    file.write_text(text)
    done = ch("import", file, "--format", "json", *options)
    assert done.code == 0, done.out
    return tuple(sum(row[name] for row in done.data["rows"]) for name in ("new", "changed", "existing", "removed"))


def stored(ch: Run) -> list[tuple[str, str, float]]:
    rows = ch("export", "sales", "--format", "json").data["rows"]
    return sorted((row["date"], row["customer"], row["amount"]) for row in rows)


def test_skip_leaves_what_is_there(ch: Run, tmp_path: Path) -> None:
    assert put(ch, tmp_path / "a.csv", HEAD + WEEK) == (4, 0, 0, 0)
    assert put(ch, tmp_path / "b.csv", HEAD + "2024-05-03,杭州,乙,A,1,5\n2024-05-04,杭州,丁,A,1,7\n") == (1, 0, 1, 0)
    assert len(stored(ch)) == 5


def test_replace_ends_what_the_sheet_no_longer_holds_of_its_days_and_offices(ch: Run, tmp_path: Path) -> None:
    """Not those of another office, nor of days before the first or after the last."""
    put(ch, tmp_path / "a.csv", HEAD + WEEK)
    before = stored(ch)
    new = tmp_path / "b.csv"
    text = HEAD + "2024-05-01,杭州,甲,A,3,30\n2024-05-04,杭州,丁,A,1,7\n"
    assert put(ch, new, text, "--overlap", "replace", "--dry-run") == (1, 0, 1, 1)
    assert stored(ch) == before
    done = ch("import", new, "--overlap", "replace")
    assert "2024-05-01 – 2024-05-04, offices 杭州: 1 line that the file no longer holds was ended" in done.out
    after = [("2024-05-01", "甲", 30), ("2024-05-03", "丙", 5), ("2024-05-04", "丁", 7), ("2024-05-09", "甲", 9)]
    assert stored(ch) == after
    content = ch("batch", "show", 2, "--format", "json").data["content"]
    assert content == [
        {"kind": "customer", "made": 1, "changed": 0, "removed": 0},
        {"kind": "sales", "made": 1, "changed": 0, "removed": 1},
    ]
    assert ch("batch", "undo", 2).code == 0
    assert stored(ch) == before


def test_replace_goes_by_the_whole_file(ch: Run, tmp_path: Path) -> None:
    """Two sheets of one office: neither ends what the other holds."""
    head = ["日期", "办事处", "客户", "金额"]
    file = tmp_path / "a.xlsx"
    book(file, {"一": [head, ["2024-05-01", "杭州", "甲", 3]], "二": [head, ["2024-05-01", "杭州", "乙", 5]]})
    assert ch("import", file).code == 0
    assert put(ch, tmp_path / "b.csv", "日期,办事处,客户,金额\n2024-05-02,杭州,丙,1\n") == (1, 0, 0, 0)
    done = ch("import", file, "--overlap", "replace", "--format", "json")
    assert [(row["existing"], row["removed"]) for row in done.data["rows"]] == [(1, 0), (1, 0)]


def test_equal_lines_of_two_sheets_of_a_file_are_two(ch: Run, tmp_path: Path) -> None:
    """Though only one of them was there before."""
    head, line = ["日期", "客户", "金额"], ["2024-05-01", "甲", 3]
    assert put(ch, tmp_path / "a.csv", "日期,客户,金额\n2024-05-01,甲,3\n") == (1, 0, 0, 0)
    done = ch("import", book(tmp_path / "b.xlsx", {"一": [head, line], "二": [head, line]}), "--format", "json")
    assert [(row["new"], row["existing"]) for row in done.data["rows"]] == [(0, 1), (1, 0)]


def test_replace_leaves_all_where_rows_were_refused(ch: Run, tmp_path: Path) -> None:
    """The refused row may be the very one."""
    put(ch, tmp_path / "a.csv", HEAD + WEEK)
    (tmp_path / "b.csv").write_text(HEAD + "2024-05-01,杭州,甲,A,3,30\n2024-05-03,杭州,乙,A,1,五元\n")
    done = ch("import", tmp_path / "b.csv", "--overlap", "replace", "--partial")
    assert done.code == 1
    assert "lines the file does not hold were left, because rows of it were refused" in done.out
    assert len(stored(ch)) == 4


def test_keep_takes_every_line_as_genuine_but_the_same_file_once(ch: Run, tmp_path: Path) -> None:
    put(ch, tmp_path / "a.csv", HEAD + WEEK)
    assert put(ch, tmp_path / "b.csv", HEAD + WEEK, "--overlap", "keep") == (4, 0, 0, 0)
    assert put(ch, tmp_path / "b.csv", HEAD + WEEK, "--overlap", "keep") == (0, 0, 4, 0)
    assert len(stored(ch)) == 8


def test_a_changed_line_is_named(ch: Run, tmp_path: Path) -> None:
    head = "单号,行号,日期,客户,金额\n"
    put(ch, tmp_path / "a.csv", head + "S1,1,2024-05-01,甲,3\nS1,2,2024-05-01,甲,4\n")
    (tmp_path / "b.csv").write_text(head + "S1,1,2024-05-01,甲,3\nS1,2,2024-05-02,乙,5\n")
    done = ch("import", tmp_path / "b.csv")
    said = "1 line has changed since it was imported: S1 2; their net sales go from 4.00 to 5.00"
    assert f"  b.csv  W113  {said}" in done.out.splitlines()
    assert stored(ch) == [("2024-05-01", "甲", 3), ("2024-05-02", "乙", 5)]


LINE = st.tuples(st.integers(1, 4), st.sampled_from("甲乙"), st.integers(1, 3))


@settings(max_examples=examples(15), suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(first=st.lists(LINE, min_size=1, max_size=8), second=st.lists(LINE, min_size=1, max_size=8))
def test_after_replace_the_days_covered_hold_the_sheet_and_nothing_else(
    ch: Run, tmp_path: Path, first: list[tuple[int, str, int]], second: list[tuple[int, str, int]]
) -> None:
    """As multisets; days outside stay as they were."""
    database = tmp_path / "p.db"
    database.unlink(missing_ok=True)
    for number, some in enumerate((first, second)):
        text = "日期,客户,金额\n" + "".join(f"2024-05-0{day},{name},{amount}\n" for day, name, amount in some)
        (tmp_path / f"{number}.csv").write_text(text)
        mode = ("--overlap", "replace") if number else ()
        assert ch("--db", database, "import", tmp_path / f"{number}.csv", *mode).code == 0
    days = [day for day, _name, _amount in second]
    outside = [line for line in first if not min(days) <= line[0] <= max(days)]
    rows = ch("--db", database, "export", "sales", "--format", "json").data["rows"]
    held = sorted((int(row["date"][-1]), row["customer"], row["amount"]) for row in rows)
    assert held == sorted([*outside, *second])


def test_a_file_is_known_unless_what_it_shared_with_an_earlier_one_was_taken_back(ch: Run, tmp_path: Path) -> None:
    """The later file found its line there and left it; with the earlier batch it went."""
    early, late, other = (tmp_path / f"{name}.csv" for name in ("a", "b", "c"))
    assert put(ch, early, "日期,产品,金额\n2024-05-01,X,5\n") == (1, 0, 0, 0)
    assert put(ch, late, "日期,金额,产品\n2024-05-01,5,X\n2024-05-02,6,\n") == (1, 0, 1, 0)
    assert put(ch, other, "日期,产品,金额\n2024-05-09,,5\n") == (1, 0, 0, 0)
    assert ch("batch", "undo", 3).code == 0
    assert "imported before as batch 2" in ch("import", late).out
    assert ch("batch", "undo", 2).code == 0
    assert ch("batch", "undo", 1).code == 0
    assert put(ch, early, early.read_text()) == (1, 0, 0, 0)
    assert put(ch, late, late.read_text()) == (1, 0, 1, 0)


def test_an_undo_names_the_files_that_may_have_held_its_lines(ch: Run, tmp_path: Path) -> None:
    """They were left then, as they were there; imported again, the files bring them back."""
    head = "单号,日期,金额\n"
    put(ch, tmp_path / "a.csv", head + "S1,2024-06-01,1\nS2,2024-06-02,2\n")
    assert put(ch, tmp_path / "b.csv", head + "S1,2024-06-01,1\nS3,2024-06-03,3\n") == (1, 0, 1, 0)
    put(ch, tmp_path / "c.csv", head + "S4,2024-06-04,4\n")
    undone = ch("batch", "undo", 1)
    said = "Files imported since had lines that were there already, maybe these: import them again: b.csv"
    assert said in undone.out.splitlines()
    assert put(ch, tmp_path / "b.csv", (tmp_path / "b.csv").read_text()) == (1, 0, 1, 0)
    assert "imported since" not in ch("batch", "undo", 5).out
