"""What a pack's file may say, and what is said of one that cannot be."""

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from channelctl import i18n
from channelctl.packs import definition
from channelctl.systems.progress.screen import _FIGURES
from tests.conftest import Run

GOOD = 'title = "Monday"\n[[part]]\nreport = "tier"\n'
MEND = "channelctl report new NAME writes one to start from."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title = ", "something is missing at its end: a quotation mark or a bracket"),
        (f"{GOOD}most = much\n", "line 4, column 8: this is not “name = value”: most = much"),
        ('title = "x"\n', "part is missing"),
        ('title = "x"\npart = []\n', "part is missing"),
        ('[[part]]\nreport = "tier"\n', "title is missing"),
        (f"{GOOD}colour = 1\n", "there is no setting part.1.colour"),
        (f"colour = 1\n{GOOD}", "there is no setting colour"),
        (f"{GOOD}most = 0\n", "part.1.most: 0 is below 1"),
        (f'{GOOD}for = "rep"\n', "part.1.for: “rep” is none of region, office"),
        (f'{GOOD}charts = "sometimes"\n', "part.1.charts: “sometimes” is neither true nor false"),
        (f'time = "year"\n{GOOD}', "time: “year” is none of day, month"),
        (f"{GOOD}[[part]]\nmost = 3\n", "part.2.report is missing"),
        (f'{GOOD}[[part]]\nreport = ""\n', "part.2.report: there is no command line"),
        (f"{GOOD}[[part]]\nreport = 'tier --office \"NJ'\n", "part.2.report: a quotation mark is not closed"),
        (
            f'{GOOD}[[part]]\nreport = "tier --month {{moth}}"\n',
            "part.2.report: there is no {moth}; there are {month}, {previous_month}, {day}, {office}, {region}, "
            "{customer}",
        ),
        (
            f'{GOOD}figures = ["a_customers", "zzz"]\n',
            f"part.1.figures: there is no figure “zzz”; there are {', '.join(sorted(definition.FIGURES))}",
        ),
        ('title = { en = "x" }\n[[part]]\nreport = "tier"\n', "title.zh is missing"),
        ('title = 1\n[[part]]\nreport = "tier"\n', "title: “1” is not a section of its own"),
    ],
)
def test_what_no_pack_can_be_is_said_with_its_place(ch: Run, text: str, said: str) -> None:
    Path("my.toml").write_text(text, encoding="utf-8")
    done = ch("report", "run", "my.toml")
    assert (done.code, done.out) == (3, "")
    first, hint = done.err.splitlines()
    assert (first, hint) == (f"channelctl: error: pack my.toml: {said}", MEND)


def test_the_figures_that_may_be_named_are_those_of_the_program() -> None:
    source = "".join(path.read_text("utf-8") for path in Path(definition.__file__).parents[1].rglob("*.py"))
    assert definition.FIGURES == {*re.findall(r'\bFigure\(\s*"(\w+)"', source), *(name for name, _good in _FIGURES)}


def test_what_is_no_text_or_not_there(ch: Run) -> None:
    Path("my.toml").write_bytes(b"title = \xff\xfe")
    assert ch("report", "run", "my.toml") == (
        3,
        "",
        f"channelctl: error: pack my.toml: byte 9 is not text in UTF-8\n{MEND}\n",
    )
    assert ch("report", "run", "no.toml") == (
        3,
        "",
        "channelctl: error: pack no.toml: No such file or directory\nCheck the path of the file.\n",
    )
    assert ch("report", "run", "no") == (
        2,
        "",
        "channelctl: error: there is no pack “no”\n"
        "There are: customer, daily, month; or name a file: my.toml\n",
    )  # fmt: skip


@pytest.mark.parametrize("name", definition.shipped())
def test_ours_can_be_read_and_have_titles_in_both_languages(name: str) -> None:
    plan = definition.read(definition.source(name))
    for text in (plan.title, *(part.title for part in plan.part)):
        assert isinstance(text, definition.Words) and text.en and text.zh
        assert i18n.language() == "en" and definition.said(text) == text.en


def test_a_file_may_begin_with_a_mark_and_hold_one_title_for_both() -> None:
    Path("my.toml").write_text(GOOD, encoding="utf-8-sig")
    plan = definition.read(Path("my.toml"))
    assert (definition.said(plan.title), plan.part[0].report, plan.time) == ("Monday", "tier", "month")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{month} and {day}", "2024-05 and {day}"),
        ("{}{ month }{moth}", "{}{ month }{moth}"),
        ("{{month}}", "{2024-05}"),
        ("none", "none"),
    ],
)
def test_places_are_filled_where_they_are_known(text: str, found: str) -> None:
    assert definition.filled(text, {"month": "2024-05"}) == found


def own(name: str, text: str = GOOD) -> Path:
    where = Path("data/channelctl/packs")
    where.mkdir(parents=True, exist_ok=True)
    (where / name).write_text(text, encoding="utf-8")
    return (where / name).absolute()


def test_the_list_names_ours_and_a_users_own(ch: Run) -> None:
    kept, broken, like_ours = own("monday.toml"), own("odd.toml", "title ="), own("month.toml")
    Path("packs").mkdir()
    Path("packs/monday.toml").write_text(GOOD.replace("Monday", "Here"), encoding="utf-8")
    Path("packs/folder.toml").mkdir()
    assert kept.is_file()
    done = ch("report", "list", "--format", "json")
    assert done.code == 0
    rows = {row["name"]: (row["title"], row["file"]) for row in done.data["rows"]}
    assert rows == {
        "customer": ("Customer card", ""),
        "daily": ("Daily follow-up", ""),
        "month": ("Month report", ""),
        "monday": ("Here", str(Path("packs/monday.toml"))),
        "odd": ("", str(broken)),
    }
    odd, ours = sorted(done.data["notes"], key=lambda note: "has the name" in note)
    assert odd.startswith(f"pack {broken}: something is missing")
    assert ours == f"{like_ours} has the name of one of ours: name it by its path"
    assert definition.source("month") != like_ours


def test_a_new_one_is_written_once_and_can_be_run(ch: Run, sample: Path) -> None:
    done = ch("report", "new", "周一", "--like", "daily")
    where = Path("data/channelctl/packs/周一.toml").absolute()
    assert done == (0, f"written: {where}\n", "Edit it, then: channelctl report run 周一\n")
    assert where.read_bytes() == definition.source("daily").read_bytes()
    where.write_text(GOOD, encoding="utf-8")
    assert ch("report", "run", "周一").out.startswith("Monday · all offices · May 2024\n")
    assert ch("report", "new", "周一") == (
        3,
        "",
        f"channelctl: error: {where} is there already\nEdit it, or choose another name.\n",
    )
    assert ch("report", "new", "again", "--like", "周一").code == 0
    assert Path("data/channelctl/packs/again.toml").read_text(encoding="utf-8") == GOOD


def test_a_new_one_goes_where_it_is_told_to(ch: Run) -> None:
    done = ch("report", "new", "monday", "--like", "daily", "--output", "monday.toml")
    assert done == (0, "written: monday.toml\n", "Edit it, then: channelctl report run monday.toml\n")
    assert Path("monday.toml").read_bytes() == definition.source("daily").read_bytes()
    assert not Path("data").exists()
    assert ch("report", "new", "monday", "-o", "monday.toml") == (
        3,
        "",
        "channelctl: error: monday.toml is there already\nEdit it, or choose another name.\n",
    )
    assert ch("report", "new", "monday", "-o", "monday.xlsx") == (
        2,
        "",
        "channelctl: error: the ending of monday.xlsx is not .toml\n"
        "A pack is defined by a TOML file: --output monday.toml\n",
    )
    assert ch("report", "new", "monday", "-o", "no/monday.toml").code == 3
    assert sorted(path.name for path in Path().iterdir()) == ["monday.toml"]


@pytest.mark.parametrize("name", ["month", "Daily", "a/b", "../x", "", "x" * 61, "a.toml", "a b"])
def test_names_that_no_pack_can_have(ch: Run, name: str) -> None:
    assert ch("report", "new", name) == (
        2,
        "",
        f"channelctl: error: “{name}” cannot be a pack's name\n"
        "Letters, digits, - and _; not the name of a pack there always is.\n",
    )
    assert not Path("data").exists()


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="where no variable names the folder")
def test_without_a_home_own_packs_are_those_at_hand(ch: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere() -> Path:
        raise RuntimeError("no home")

    monkeypatch.delenv("XDG_DATA_HOME")
    monkeypatch.setattr(Path, "home", nowhere)
    Path("packs").mkdir()
    Path("packs/monday.toml").write_text(GOOD, encoding="utf-8")
    assert list(definition.own()) == ["monday"]
    assert ch("report", "new", "tuesday") == (
        3,
        "",
        "channelctl: error: this system names no folder for your data\n"
        "Set HOME or XDG_DATA_HOME; a pack in the folder packs/ at hand is found too.\n",
    )


@pytest.mark.parametrize("make", [Path.touch, lambda path: path.symlink_to(path)])
def test_a_folder_that_cannot_be_is_refused(ch: Run, make: Callable[[Path], None]) -> None:
    Path("data").mkdir()
    make(Path("data/channelctl"))
    done = ch("report", "new", "monday")
    assert done.code == 3
    assert done.err.startswith(f"channelctl: error: cannot use the folder {Path('data/channelctl/packs').absolute()}: ")
