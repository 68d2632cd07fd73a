"""Mappings that are kept: what they serve, how they are changed, and that taking back a batch takes them back."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelctl.sheets.line import quoted
from tests.conftest import Run
from tests.making import holds_to_schema
from tests.sheets import written
from tests.tables import contents, everything

HEAD = ["开单日", "客户", "片区", "款"]
LINE = ["2024-05-03", "甲", "杭州", 5.5]
TOLD = ("--map", "开单日=date", "--map", "片区=office", "--map", "款=amount")


def kept(ch: Run) -> dict[str, str]:
    return {row["name"]: row["mapping"] for row in ch("map", "list", "--format", "json").data["rows"]}


def hows(ch: Run, path: Path, *words: str) -> dict[str, str]:
    """How each column of a sheet would be read."""
    data = ch("import", path, "--dry-run", "--format", "json", *words).data
    return {row["heading"]: row["how"] for row in data["mapping"]}


@pytest.fixture
def dealers(ch: Run, tmp_path: Path) -> Path:
    """A sheet that was read with a mapping, which was kept."""
    path = written.comma(tmp_path / "a.csv", [HEAD, LINE])
    assert ch("import", path, *TOLD, "--save-map", "dealers").code == 0
    return path


def test_a_mapping_from_memory_is_said_and_shown(ch: Run, dealers: Path, tmp_path: Path) -> None:
    turned = written.comma(tmp_path / "b.csv", [HEAD[::-1], ["6.5", "宁波", "乙", "2024-05-04"]])
    assert hows(ch, turned) == {"款": "kept", "片区": "kept", "客户": "alias", "开单日": "kept"}
    done = ch("import", turned)
    assert (done.code, done.err) == (0, "b.csv: read with the mapping “dealers” (channelctl map show dealers)\n")
    assert "  A 款 → amount (kept mapping)  6.5\n" in done.out


def test_what_the_line_says_goes_before_memory_and_leaves_the_rest(ch: Run, dealers: Path) -> None:
    assert hows(ch, dealers, "--map", "片区=-") == {"开单日": "kept", "客户": "alias", "片区": "unread", "款": "kept"}


def test_list_and_show(ch: Run, dealers: Path) -> None:
    assert ch("map", "list", "--format", "csv").out == (
        "Name,Mapping,For sheets with the headings\n"
        'dealers,"开单日=date, 片区=office, 款=amount","客户, 开单日, 款, 片区"\n'
    )
    assert ch("map", "show", "dealers").out == (
        "mapping dealers\n\nHeading   Field\n────────────────\n开单日    date\n片区      office\n款        amount\n\n"
        "for sheets with the headings 客户, 开单日, 款, 片区\n"
    )
    holds_to_schema(ch, "maps", "map", "list")
    holds_to_schema(ch, "map", "map", "show", "dealers")


@pytest.mark.parametrize(
    ("words", "mapping"),
    [
        (["--map", "备注=-"], "开单日=date, 片区=office, 款=amount, 备注=-"),
        (["--map", "片区="], "开单日=date, 款=amount"),
        (["--map", " 片 区=region", "--map", "款="], "开单日=date, 片区=region"),
        (["--rename", "south"], "开单日=date, 片区=office, 款=amount"),
    ],
)
def test_edit_changes_and_can_be_taken_back(words: list[str], mapping: str, ch: Run, dealers: Path) -> None:
    database = dealers.with_name("channel.db")
    before = contents(database)
    done = ch("map", "edit", "dealers", *words)
    assert (done.code, " · changed\n" in done.out) == (0, True)
    assert kept(ch) == {"south" if "--rename" in words else "dealers": mapping}
    assert ch("batch", "undo", 2).code == 0
    assert contents(database) == before


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["edit", "dealers"], 2, "nothing to change was given"),
        (["edit", "dealers", "--map", "片区"], 2, "write HEADING=FIELD"),
        (["edit", "dealers", "--map", "片区=weather"], 2, "there is no field weather"),
        (["edit", "dealers", "--map", "无="], 2, "the mapping “dealers” has no heading “无”"),
        (["edit", "dealers", "--map", "片区=", "--map", "款=", "--map", "开单日="], 2, "channelctl map remove dealers"),
        (["edit", "nobody", "--map", "a=date"], 2, "there is no mapping “nobody”\nThere are: dealers"),
        (["edit", "dealers", "--map", "片区=office"], 0, ""),
        (["show", "nobody"], 2, "there is no mapping “nobody”"),
        (["remove", "nobody"], 2, "there is no mapping “nobody”"),
    ],
)
def test_what_cannot_be_done_changes_nothing(words: list[str], code: int, says: str, ch: Run, dealers: Path) -> None:
    before = everything(dealers.with_name("channel.db"))
    done = ch("map", *words)
    assert (done.code, says in done.err) == (code, True)
    assert everything(dealers.with_name("channel.db")) == before


def test_two_mappings_cannot_have_one_name(ch: Run, dealers: Path, tmp_path: Path) -> None:
    other = written.comma(tmp_path / "b.csv", [["那天", "客户", "金额"], ["2024-05-03", "甲", 1]])
    assert ch("import", other, "--map", "那天=date", "--save-map", "south").code == 0
    done = ch("map", "edit", "south", "--rename", "dealers")
    assert (done.code, "there is a mapping “dealers” already" in done.err) == (2, True)


def test_remove_forgets_and_can_be_taken_back(ch: Run, dealers: Path) -> None:
    before = contents(dealers.with_name("channel.db"))
    assert ch("map", "remove", "dealers").code == 0
    assert kept(ch) == {}
    assert hows(ch, dealers) == {}
    assert ch("batch", "undo", 2).code == 0
    assert contents(dealers.with_name("channel.db")) == before


def test_undoing_an_import_takes_its_mapping_back(ch: Run, tmp_path: Path) -> None:
    assert ch("init").code == 0
    before = contents(tmp_path / "channel.db")
    path = written.comma(tmp_path / "a.csv", [HEAD, LINE])
    assert ch("import", path, *TOLD, "--save-map", "dealers").code == 0
    shown = ch("batch", "show", 1, "--format", "json").data["content"]
    assert [(row["kind"], row["made"]) for row in shown][-1] == ("map", 1)
    assert ch("batch", "undo", 1).code == 0
    assert contents(tmp_path / "channel.db") == before
    assert ch("import", path, *TOLD, "--save-map", "dealers", "--format", "json").data["rows"][0]["new"] == 1
    assert list(kept(ch)) == ["dealers"]


def test_an_undo_is_refused_where_the_mapping_was_changed_since(ch: Run, dealers: Path) -> None:
    assert ch("map", "edit", "dealers", "--map", "款=").code == 0
    done = ch("batch", "undo", 1)
    assert (done.code, "batch 2 changed a mapping of it" in done.err) == (3, True)
    assert ch("batch", "undo", 2).code == 0
    assert ch("batch", "undo", 1).code == 0
    assert kept(ch) == {}


def test_an_undo_is_refused_where_the_name_was_taken_since(ch: Run, dealers: Path, tmp_path: Path) -> None:
    other = written.comma(tmp_path / "b.csv", [["那天", "客户", "金额"], ["2024-05-03", "甲", 1]])
    assert ch("import", other, "--map", "那天=date", "--save-map", "south").code == 0
    assert ch("map", "remove", "dealers").code == 0
    assert ch("map", "edit", "south", "--rename", "dealers").code == 0
    done = ch("batch", "undo", 3)
    assert (done.code, "what it changed or removed has been made anew since" in done.err) == (3, True)
    assert ch("batch", "undo", 4).code == 0
    assert ch("batch", "undo", 3).code == 0
    assert sorted(kept(ch)) == ["dealers", "south"]


def test_a_removed_record_that_was_made_anew_is_in_the_way_of_undoing(ch: Run, tmp_path: Path) -> None:
    """The same holds for records: no traceback, and nothing changed."""
    assert (
        ch("import", written.comma(tmp_path / "a.csv", [["客户编码", "客户名称"], ["C1", "甲"], ["C2", "乙"]])).code
        == 0
    )
    assert ch("customer", "remove", "C1").code == 0
    assert ch("customer", "add", "C1", "丙").code == 0
    done = ch("batch", "undo", 2)
    assert done.code == 3
    assert ch("customer", "show", "C1", "--format", "json").data["rows"][0]["name"] == "丙"


def test_one_mapping_can_serve_several_exports(ch: Run, tmp_path: Path) -> None:
    """Saved again under its name it serves both; with another meaning it serves the later one only."""
    first = written.comma(tmp_path / "a.csv", [HEAD, LINE])
    second = written.comma(tmp_path / "b.csv", [[*HEAD, "备注"], [*LINE, ""]])
    for path in (first, second):
        assert ch("import", path, *TOLD, "--save-map", "dealers").code == 0
    assert {*hows(ch, first).values()} == {*hows(ch, second).values()} - {"unread"} == {"kept", "alias"}
    assert ch("import", second, *TOLD, "--map", "备注=status", "--save-map", "dealers").code == 0
    assert hows(ch, second)["备注"] == "kept"
    assert hows(ch, first) == {}


def test_a_sheet_has_one_mapping_the_last_one_kept(ch: Run, dealers: Path) -> None:
    assert ch("import", dealers, "--map", "片区=region", "--save-map", "newer").code == 0
    assert kept(ch) == {
        "dealers": "开单日=date, 片区=office, 款=amount",
        "newer": "开单日=date, 片区=region, 款=amount",
    }
    assert "for no sheet" in ch("map", "show", "dealers").out
    data = ch("import", dealers, "--dry-run", "--format", "json").data
    assert {row["heading"]: row["field"] for row in data["mapping"]}["片区"] == "region"
    assert ch("batch", "undo", 2).code == 0
    assert {*hows(ch, dealers).values()} == {"kept", "alias"}


def test_a_known_file_still_has_its_mapping_kept(ch: Run, tmp_path: Path) -> None:
    path = written.comma(tmp_path / "a.csv", [HEAD, LINE])
    assert ch("import", path, *TOLD).code == 0
    assert ch("import", path, *TOLD, "--save-map", "dealers").code == 0
    assert list(kept(ch)) == ["dealers"]
    done = ch("import", path, *TOLD, "--save-map", "dealers")
    assert "Nothing to do" in done.out
    assert ch("batch", "list", "--format", "json").data["rows"][0]["batch"] == 2


def test_a_dry_run_keeps_no_mapping(ch: Run, tmp_path: Path) -> None:
    path = written.comma(tmp_path / "a.csv", [HEAD, LINE])
    assert ch("init").code == 0
    assert ch("import", path, *TOLD, "--save-map", "dealers", "--dry-run").code == 0
    assert kept(ch) == {}


def test_a_mapping_that_only_leaves_columns_out_can_be_kept(ch: Run, tmp_path: Path) -> None:
    rows: list[list[Any]] = [["日期", "客户", "金额", "单价"], ["2024-05-03", "甲", 5, 1]]
    path = written.comma(tmp_path / "a.csv", rows)
    assert ch("import", path, "--map", "单价=-", "--save-map", "short").code == 0
    assert kept(ch) == {"short": "单价=-"}
    assert hows(ch, path)["单价"] == "unread"


@pytest.mark.parametrize(
    ("word", "typed"),
    [
        ("a.xlsx", "a.xlsx"),
        ("5月.xlsx", "5月.xlsx"),
        ("a b.xlsx", '"a b.xlsx"'),
        ("开单额(万元)=amount", '"开单额(万元)=amount"'),
        ("$(rm)", "'$(rm)'"),
        ('say "x"', "'say \"x\"'"),
        ("it's", '"it\'s"'),
        ("", '""'),
    ],
)
def test_a_line_that_is_said_can_be_typed(word: str, typed: str) -> None:
    assert quoted(word) == typed


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12))
def test_any_word_comes_back_from_a_shell(word: str) -> None:
    import shlex

    assert shlex.split(quoted(word)) == [word]
