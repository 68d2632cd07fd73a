"""What an import says beforehand, and the options it is told."""

import shlex
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.making import holds_to_schema
from tests.sheets import written
from tests.sheets.lines import HEAD, LINES, SIMPLE, counts, line
from tests.tables import everything, is_there

# Dry runs


def test_a_dry_run_predicts_exactly_and_leaves_the_bytes_alone(ch: Run, tmp_path: Path) -> None:
    first = written.xlsx(tmp_path / "a.xlsx", [HEAD, *LINES[:3]])
    second = written.xlsx(tmp_path / "b.xlsx", [HEAD, [*LINES[0][:9], 301], *LINES[1:]])
    would = ch("import", first, "--dry-run", "--format", "json")
    assert not is_there(tmp_path / "channel.db")
    did = ch("import", first, "--format", "json")
    assert (
        (would.code, counts(would.data["rows"][0]))
        == (did.code, counts(did.data["rows"][0]))
        == (0, (3, 3, 0, 0, 0, 0))
    )
    before = everything(tmp_path / "channel.db")
    would = ch("import", second, "--dry-run", "--format", "json")
    assert everything(tmp_path / "channel.db") == before
    did = ch("import", second, "--format", "json")
    assert [{**row, "batch": None} for row in would.data["rows"]] == [
        {**row, "batch": None} for row in did.data["rows"]
    ]
    assert counts(did.data["rows"][0]) == (5, 2, 1, 2, 0, 0)
    assert would.data["rows"][0]["batch"] is None
    assert would.data["problems"] == did.data["problems"]


def test_a_dry_run_exits_as_the_real_run_would(ch: Run, tmp_path: Path) -> None:
    bad = written.xlsx(tmp_path / "a.xlsx", [SIMPLE, line(), line(net="三百")])
    for more, code in (([], 3), (["--partial"], 1)):
        assert ch("import", bad, "--dry-run", *more).code == code
        assert not is_there(tmp_path / "channel.db")
    assert ch("import", bad, "--partial").code == 1


def test_a_dry_run_says_how_every_column_is_read(ch: Run, tmp_path: Path) -> None:
    head = ["日期", "客户", "片区", "开单额(万元)", "备注"]
    rows = [head, ["2024-05-03", "甲", "杭州", 0.5, "急"], ["2024-05-04", "乙", "", 1, ""]]
    path = written.comma(tmp_path / "a.csv", rows)
    words = ("import", path, "--map", "片区=office", "--map", "开单额=amount", "--dry-run")
    assert ch(*words).out == (
        "Dry run, nothing was written\n\n"
        "File    Kind    Rows   New   Net sales, CNY\n"
        "───────────────────────────────────────────\n"
        "a.csv   sales      2     2        15,000.00\n\n"
        "a.csv · heading in row 1 · read as sales (4 of 5 columns)\n"
        "  A 日期 → date (its name)  2024-05-03\n"
        "  B 客户 → customer (alias)  甲\n"
        "  C 片区 → office (--map)  杭州\n"
        "  D 开单额(万元) → amount ×10000 (--map)  0.5\n"
        "  not read: E 备注\n"
        "made because the sheet names them: offices 1, customers 2\n"
    )
    data = ch(*words, "--format", "json").data
    assert [tuple(row.values())[2:] for row in data["mapping"]] == [
        ("A", "日期", "date", "name", None, "2024-05-03"),
        ("B", "客户", "customer", "alias", None, "甲"),
        ("C", "片区", "office", "map", None, "杭州"),
        ("D", "开单额(万元)", "amount", "map", 10000, "0.5"),
        ("E", "备注", None, "unread", None, "急"),
    ]
    assert {(row["kind"], row["records"]) for row in data["created"]} == {("office", 1), ("customer", 2)}
    assert not is_there(tmp_path / "channel.db")


def test_what_a_dry_run_says_holds_to_its_schema(ch: Run, tmp_path: Path) -> None:
    path = written.comma(tmp_path / "a.csv", [["开单日", "客户", "款"], ["2024-05-03", "甲", 5.5]])
    holds_to_schema(ch, "import", "import", path)
    holds_to_schema(ch, "import", "import", path, "--map", "开单日=date", "--map", "款=amount", "--dry-run")


# Options


@pytest.mark.parametrize(
    "words",
    [
        ["--dates", "dym"],
        ["--new", "maybe"],
        ["--kind", "weather"],
        ["--encoding", "klingon"],
        ["--what"],
    ],
)
def test_a_wrong_option_is_a_usage_error(words: list[str], ch: Run, tmp_path: Path) -> None:
    path = written.comma(tmp_path / "a.csv", [SIMPLE, line("2024-05-03")])
    assert ch("import", path, *words).code == 2
    assert not is_there(tmp_path / "channel.db")


@pytest.mark.parametrize(("value", "code"), [("skip", 0), ("replace", 0), ("keep", 0), ("some", 2), ("", 2)])
def test_overlap_is_one_of_three_words(value: str, code: int, ch: Run, tmp_path: Path) -> None:
    done = ch("import", written.comma(tmp_path / "a.csv", [SIMPLE, line("2024-05-03")]), "--overlap", value)
    assert done.code == code
    assert code == 0 or f"--overlap is skip or replace or keep, not “{value}”" in done.err


def test_replace_says_that_it_is_for_sales(ch: Run, tmp_path: Path) -> None:
    people = written.comma(tmp_path / "a.csv", [["客户编码", "客户名称"], ["C1", "甲"]])
    assert "--overlap replace is for sales" in ch("import", people, "--overlap", "replace").err
    sales = written.comma(tmp_path / "b.csv", [SIMPLE, line("2024-05-03")])
    assert "is for sales" not in ch("import", sales, "--overlap", "replace").err


def test_the_line_that_is_said_has_every_option_and_the_way_to_the_file(ch: Run, tmp_path: Path) -> None:
    """It can be typed from here as it stands."""
    (tmp_path / "may 2024").mkdir()
    rows = [["那天", "客户", "金额"], ["3/5/24", "甲", 5], ["昨天", "甲", 5]]
    written.comma(tmp_path / "may 2024" / "a.csv", rows)
    words = ("--map", "那天=date", "--dates", "dmy", "--new", "reject", "--overlap", "keep", "--encoding", "utf-8")
    assert ch("init").code == 0
    assert ch("customer", "add", "甲").code == 0
    done = ch("import", "may 2024/a.csv", *words)
    assert done.code == 3
    said = (
        'channelctl import "may 2024/a.csv" --map "那天=date" --dates dmy --new reject --encoding utf-8 --overlap keep'
        " --partial"
    )
    assert done.out.endswith(f"{said}\n")
    assert ch(*shlex.split(said)[1:]).code == 1
