"""`channelctl report`: what stands in a pack is what its commands say; the same is made of the same."""

import hashlib
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from channelctl import i18n
from channelctl.columns import columns
from channelctl.packs import Pack, jsonfile, markdown, text, xlsx
from channelctl.report import table
from tests import running
from tests.conftest import SHEETS, Run
from tests.packs import beside
from tests.processes import environment, finish, start
from tests.tables import Kept, address, everything, put

OFFICES = ("HZ", "NB", "NJ", "SZ", "WX")
DAY = "2024-05-20"
BARS = re.compile("[█▏▎▍▌▋▊▉]+")


@pytest.fixture(scope="module")
def region(sample_database: Kept, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The sample region for all tests of this file, which only read it."""
    where = tmp_path_factory.mktemp("packs") / "channel.db"
    put(sample_database, where)
    before = everything(where)
    yield where
    assert everything(where) == before


@pytest.fixture(autouse=True)
def used(region: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHANNELCTL_DB", address(region))


@pytest.fixture(scope="module")
def packs() -> dict[tuple[str, str], Pack]:
    """Packs made once; the first test that wants one makes it."""
    return {}


def pack(packs: dict[tuple[str, str], Pack], name: str, whose: str) -> Pack:
    if (name, whose) not in packs:
        given = {"customer": whose} if name == "customer" else {"office": whose} if whose else {}
        packs[name, whose] = beside.made(name, **given, as_of=DAY if name == "daily" else "2024-05-31")
    return packs[name, whose]


ALL = [
    *(("month", whose) for whose in ("", *OFFICES)),
    *(("daily", whose) for whose in ("", *OFFICES)),
    *(("customer", code) for code in ("C00001", "C00016", "C00060")),
]
FEW = [("month", ""), ("daily", "NJ"), ("customer", "C00001")]


@pytest.mark.parametrize(("name", "whose"), ALL)
def test_each_part_is_what_its_command_says(packs: dict[tuple[str, str], Pack], name: str, whose: str) -> None:
    made = pack(packs, name, whose)
    whole = beside.exact(jsonfile.render(made))
    assert whole["parts"] and len({part["name"] for part in whole["parts"]}) == len(whole["parts"])
    for part in whole["parts"]:
        assert part["report"] == beside.said(part["command"]), part["command"]
        if whose and part["report"]["report"] != "freshness":
            assert re.search(rf"\b{whose}\b", part["command"]), part["command"]
    for one in whole["absent"]:
        done = running.run(*shlex.split(one["command"])[1:])
        assert one["reason"] in f"{done.err}{done.out}there is nothing to show", one


def test_figures_are_the_totals_of_their_parts(packs: dict[tuple[str, str], Pack]) -> None:
    seen = 0
    for name, whose in ALL:
        whole = beside.exact(jsonfile.render(pack(packs, name, whose)))
        totals = {part["name"]: part["report"]["totals"] for part in whole["parts"]}
        for figure in whole["figures"]:
            if figure["name"] in totals[figure["part"]]:
                assert figure["value"] == totals[figure["part"]][figure["name"]], (name, whose, figure)
                seen += 1
    assert seen >= 2 * (2 + 2 * len(OFFICES))


@pytest.mark.parametrize(("name", "whose"), FEW)
def test_the_rows_for_people_stand_in_text_and_markdown(
    packs: dict[tuple[str, str], Pack], name: str, whose: str
) -> None:
    made = pack(packs, name, whose)
    plain = [BARS.sub("", line).split() for line in text.render(made, table.Page()).splitlines()]
    marked = [re.sub(r"\\(.)", r"\1", line) for line in markdown.render(made).splitlines()]
    marked = [line.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">") for line in marked]
    rows = 0
    for part in made.parts:
        for row in beside.shown(part, part.most):
            assert " ".join(row).split() in plain, row
        for row in beside.shown(part, min(part.most or 10, 10)):
            assert f"| {' | '.join(row)} |" in marked, row
            rows += 1
        for word in (part.title, part.command) if part.most and len(part.report.rows) > part.most else (part.title,):
            assert any(word in " ".join(line) for line in plain), word
    assert rows >= 10


@pytest.mark.parametrize(("name", "whose"), FEW)
def test_every_row_and_cell_is_in_the_workbook(packs: dict[tuple[str, str], Pack], name: str, whose: str) -> None:
    made = pack(packs, name, whose)
    sheets = iter(beside.book(xlsx.render(made)).worksheets[1:])
    for part in made.parts:
        for held in beside.tables(part):
            sheet = next(sheets)
            assert sheet["A2"].value.endswith(part.command)
            if held is None:
                assert len(sheet._charts) == 1 or sheet.conditional_formatting
                continue
            known = columns(held.row)
            found = [[one.value for one in row] for row in sheet.iter_rows(4, 3 + len(held.rows), max_col=len(known))]
            assert found == [[beside.cell(col, getattr(row, key)) for key, col in known.items()] for row in held.rows]
    assert next(sheets, None) is None


SAME = [("month", "xlsx"), ("daily", "xlsx"), ("daily", "html"), ("daily", "md"), ("daily", "json"), ("daily", "text")]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_same_bytes_come_of_the_same(region: Path, tmp_path: Path, language: str) -> None:
    env = environment(CHANNELCTL_DB=address(region), PYTHONHASHSEED="7", LANG="C", TZ="Asia/Tokyo")
    for name, form in SAME:
        words = ["--lang", language, "report", name, "--office", "NJ", "--as-of", DAY, "--format", form]
        here, there = tmp_path / f"{name}.1", tmp_path / f"{name}.2"
        done = running.run(*words, "--output", here)
        assert done == (0, "", "")
        if form in ("xlsx", "html"):
            assert finish(start(*words, "--output", there, env=env, cwd=region.parent)) == (0, "", "")
        else:
            assert running.run(*words, "--output", there).code == 0
        assert hashlib.sha256(here.read_bytes()).digest() == hashlib.sha256(there.read_bytes()).digest(), form
    i18n.use("en")


def test_a_later_import_changes_nothing_of_what_was_known(
    ch: Run, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHANNELCTL_DB", address(sample))
    words = ("report", "month", "--month", "2024-05", "--known", SHEETS, "--format", "json")
    before = ch(*words)
    assert before.code == 0
    Path("more.csv").write_text("日期,客户编码,型号,数量,金额\n2024-05-31,C00001,X930,3,9000\n", encoding="utf-8")
    assert ch("import", "more.csv").code == 0
    assert ch(*words).out == before.out
    assert ch(*words[:-4], "--format", "json").out != before.out
    commands = [part["command"] for part in before.data["parts"]]
    assert f"channelctl tier --month 2024-05 --as-of 2024-05-31 --known {SHEETS}" in commands
    assert {"label": "As known", "text": f"on 2024-06-03, up to batch {SHEETS}"} in before.data["origin"]


def test_the_pack_of_a_month_begins_with_its_figures(ch: Run) -> None:
    done = ch("report", "month", "--month", "2024-05")
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[:2] == ["Month report · all offices · May 2024", ""]
    figures = lines[2 : lines.index("", 2)]
    assert any(re.fullmatch(r"Month to date, CNY +10,118,190\.73 +▼ 12\.5%", line) for line in figures)
    assert len(figures) == len(set(figures))
    assert lines[-4:-1] == [
        "Data: sales to 2024-05-31",
        f"Last import: batch {SHEETS}, 零售_2024-05.xlsx, on 2024-06-03",
        "Policy: the defaults",
    ]


def test_an_empty_database_has_a_day_and_nothing_to_report(
    ch: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHANNELCTL_DB", address(tmp_path / "empty.db"))
    assert ch("init").code == 0
    done = ch("report", "daily", "--output", "x.html")
    assert (done.code, done.out) == (3, "")
    said = "channelctl: error: there is nothing to report: Daily follow-up · all offices · 2024-06-03\n"
    assert done.err.startswith(said), done.err
    assert not Path("x.html").exists()
    month = ch("report", "month", "--month", "2024-05").out
    assert month.startswith("Month report · all offices · May 2024\n")
    assert "Quality of the data: there are no sale lines: May 2024\n" in month


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("daily", "2024-05-31"),
        ("daily --as-of 2024-05-20", "2024-05-20"),
        ("daily --month 2024-04", "2024-04-30"),
        ("daily --month 2024-06", "2024-06-01"),
        ("month", "May 2024"),
        ("month --month 2024-04", "Apr 2024"),
        ("month --month 2024-05 --as-of 2024-05-20", "May 2024 to 2024-05-20"),
        ("month --as-of 2024-04-10", "Apr 2024 to 2024-04-10"),
    ],
)
def test_of_when_a_pack_is(ch: Run, words: str, title: str) -> None:
    text = """title = "T"\ntime = "{}"\n[[part]]\nreport = "freshness"\n"""
    Path("d.toml").write_text(text.format("day"), encoding="utf-8")
    Path("m.toml").write_text(text.format("month"), encoding="utf-8")
    name, rest = words[0], words.split()[1:]
    assert ch("report", "run", f"{name}.toml", *rest).out.splitlines()[0] == f"T · all offices · {title}"


def test_a_chinese_pack_has_chinese_titles(ch: Run) -> None:
    done = ch("--lang", "zh", "report", "daily", "--as-of", DAY, "--office", "杭州", "--format", "md")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("# 日跟进 · 杭州 · 2024-05-20\n")
    heads = [line for line in done.out.splitlines() if line.startswith("## ")]
    assert heads[0] == "## 业务员" and {"## 客户", "## 产品"} < set(heads)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("month --month 2024-13", 2, "“2024-13” is not a month"),
        ("month --office XX", 2, "no office “XX”"),
        ("month --office NJ --region JD", 2, "--office and --region contradict each other"),
        ("month --office NJ --all-offices --output .", 2, "--office and --all-offices contradict each other"),
        ("month --month 2024-05 --as-of 2024-04-30", 2, "--as-of 2024-04-30 is before the period begins (2024-05-01)"),
        ("month --unit fen", 2, "“fen” is not a unit"),
        ("month --format doc", 2, "“doc” is not a format"),
        ("month --format xlsx --output x.html", 2, "--format xlsx and the ending of x.html, which says html, "),
        ("month --output x.doc", 2, "the ending of x.doc names no format"),
        ("month --all-offices", 2, "packs of all offices are files"),
        ("month --output no/x.html", 3, "there is no folder no"),
        ("month --all-offices --output no/packs", 3, "there is no folder no"),
        ("customer XXXXXX", 2, "no customer “XXXXXX”"),
        ("run customer", 2, "pack “customer” has no report for Customer card · all offices · 2024-05-31"),
        ("nope", 2, "no command “nope”"),
    ],
)
def test_wrong_usage_is_told_before_anything_is_written(ch: Run, words: str, code: int, said: str) -> None:
    done = ch("report", *words.split())
    assert (done.code, done.out) == (code, "")
    assert done.err.startswith(f"channelctl: error: {said}"), done.err
    assert sorted(Path().iterdir()) == []


def test_the_real_sheets_of_a_year(ch: Run, real: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHANNELCTL_DB", address(tmp_path / "real.db"))
    assert ch("import", real / "superstore_zh" / "示例 - 超市.xls", "--map", "地区=office").code == 0
    for words in (["month"], ["daily"], ["month", "--office", "华东"], ["run", "customer", "--customer", "曾惠"]):
        done = ch("report", *words, "--format", "json")
        assert done.code == 0, done.err
        whole = beside.exact(done.out)
        assert whole["parts"] and all(one["reason"] for one in whole["absent"])
        for part in whole["parts"]:
            assert part["report"] == beside.said(part["command"]), part["command"]
