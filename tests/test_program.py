"""The program as a whole: help, wrong usage, and options that stand anywhere."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer

from channelctl import __version__, cli, db
from channelctl.records import kinds
from tests.conftest import Run
from tests.marks import chinese, posix
from tests.processes import command, environment, finish, run
from tests.tables import address

FIRST_LINES = {"en": "Usage: channelctl COMMAND ... [OPTIONS]", "zh": "用法：channelctl 命令 … [选项]"}


def tree() -> dict[tuple[str, ...], Any]:
    """Every command and group of commands by the words that name it."""
    found: dict[tuple[str, ...], Any] = {}

    def walk(path: tuple[str, ...], node: Any) -> None:
        found[path] = node
        for name, below in getattr(node, "commands", {}).items():
            walk((*path, name), below)

    walk((), typer.main.get_command(cli.program()))
    return found


TREE = tree()
GROUPS = [path for path, node in TREE.items() if hasattr(node, "commands") and not node.invoke_without_command]


# Help


@pytest.mark.parametrize("language", ["en", pytest.param("zh", marks=chinese)])
def test_help_lists_every_command_in_both_languages(language: str) -> None:
    code, out, err = run("--lang", language, "--help")
    assert (code, err) == (0, "")
    assert out.splitlines()[0] == FIRST_LINES[language]
    assert {line.split()[0] for line in out.splitlines() if line.startswith("  ")} >= set(TREE[()].commands)


@pytest.mark.parametrize("path", TREE, ids=" ".join)
def test_every_command_explains_itself(ch: Run, path: tuple[str, ...]) -> None:
    code, out, err = ch(*path, "--help")
    assert (code, err) == (0, "")
    assert out.startswith(f"Usage: {' '.join(['channelctl', *path])} ")
    node = TREE[path]
    assert len(node.help) > 4
    for parameter in node.params:
        assert parameter.help, parameter.name
        assert max(parameter.opts, key=len) in out or parameter.param_type_name == "argument"


@pytest.mark.parametrize("path", GROUPS, ids=" ".join)
def test_a_group_without_a_verb_shows_its_help(ch: Run, path: tuple[str, ...]) -> None:
    assert ch(*path) == (0, ch(*path, "--help").out, "")


def test_the_version_is_said_wherever_it_is_asked_for(ch: Run) -> None:
    said = (0, f"channelctl {__version__}\n", "")
    assert run("--version") == run("-V") == ch("--version") == ch("--lang", "zh", "-V") == said


# Wrong usage

TYPOS = [
    (["tier", "--mehtod", "x"], "no option --mehtod. Did you mean --method?", "channelctl tier"),
    (["tier", "--formt=json"], "no option --formt. Did you mean --format?", "channelctl tier"),
    (["tier", "-q"], "no option -q", "channelctl tier"),
    (["--nope"], "no option --nope", "channelctl"),
    (["teir"], "no command “teir”. Did you mean tier?", "channelctl"),
    (["xyzzy"], "no command “xyzzy”", "channelctl"),
    ([""], "no command “”", "channelctl"),
    (["customer", "lst"], "no command “lst”. Did you mean list?", "channelctl customer"),
    (["customer", "customer"], "no command “customer”", "channelctl customer"),
    (["db", "upgrad", "x"], "no command “upgrad”. Did you mean upgrade?", "channelctl db"),
    (["tier", "--month"], "option --month needs a value", "channelctl tier"),
    (["customer", "show", "--format"], "option --format needs a value", "channelctl customer show"),
    (["tier", "--all=yes"], "option --all takes no value", "channelctl tier"),
    (["import"], "FILE is missing", "channelctl import"),
    (["tier", "x", "y"], "not expected here: x y", "channelctl tier"),
    (["tier", "--month", "2024-05", "explian", "y"], "no command “explian”. Did you mean explain?", "channelctl tier"),
    (["tier", "--method", "abc", "C00012"], "not expected here: C00012", "channelctl tier"),
    (["score", "explain", "--mont", "2024-05"], "no option --mont. Did you mean --month?", "channelctl score explain"),
]


@pytest.mark.parametrize(("words", "message", "path"), TYPOS)
def test_wrong_usage_is_said_with_the_nearest_and_where_help_is(
    ch: Run, words: list[str], message: str, path: str
) -> None:
    assert ch(*words) == (2, "", f"channelctl: error: {message}\nFor help: {path} --help\n")


@chinese
@pytest.mark.parametrize(
    ("words", "message", "path"),
    [
        (["tier", "--mehtod", "x"], "没有选项 --mehtod。是不是 --method？", "channelctl tier"),
        (["teir"], "没有命令“teir”。是不是 tier？", "channelctl"),
        (["customer", "lst"], "没有命令“lst”。是不是 list？", "channelctl customer"),
    ],
)
def test_wrong_usage_in_chinese(ch: Run, words: list[str], message: str, path: str) -> None:
    said = f"channelctl：错误：{message}\n查看帮助：{path} --help\n"
    assert ch("--lang", "zh", *words) == (2, "", said)
    assert run(*words, env=environment(CHANNELCTL_LANG="zh")) == (2, "", said)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["tier", "--db"], "option --db needs a value"),
        (["tier", "--db", ""], "option --db needs a value"),
        (["--db=", "tier"], "option --db needs a value"),
        (["--policy", "", "tier"], "option --policy needs a value"),
        (["tier", "--lang"], "option --lang needs a value"),
        (["--wait"], "option --wait needs a value"),
        (["--lang", "fr", "tier"], "--lang is en or zh, not “fr”"),
        (["tier", "--lang=ZH"], "--lang is en or zh, not “ZH”"),
        *(([f"--wait={word}"], f"--wait takes seconds, not “{word}”") for word in ("x", "-1", "nan", "inf", "1e9")),
    ],
)  # fmt: skip
def test_the_options_of_every_command_are_checked(ch: Run, words: list[str], message: str) -> None:
    assert ch(*words) == (2, "", f"channelctl: error: {message}\n")


# Options and variables that hold for every command


@pytest.mark.parametrize(
    "words",
    [
        ["--db", "x.db", "customer", "find", "甲"],
        ["customer", "--db", "x.db", "find", "甲"],
        ["customer", "find", "甲", "--db", "x.db"],
        ["customer", "find", "--db=x.db", "甲", "--wait", "1", "--debug"],
        ["--wait=0.5", "customer", "find", "--db", "nowhere.db", "甲", "--db", "x.db"],
    ],
)
def test_they_may_stand_anywhere(ch: Run, words: list[str]) -> None:
    assert ch("--db", "x.db", "init").code == 0
    assert ch("--db", "x.db", "customer", "add", "甲").code == 0
    code, out, err = ch(*words)
    assert (code, err) == (0, "")
    assert "甲" in out
    assert not Path("nowhere.db").exists()


def test_behind_two_dashes_they_are_words(ch: Run) -> None:
    assert ch("init").code == 0
    assert ch("customer", "find", "--", "--db") == (0, "customers · --db · 0\n", "nothing like “--db” was found\n")


@chinese
@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_TW"}, "zh"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "C"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "zh_CN.GBK"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "en_US", "LC_MESSAGES": "zh_CN"}, "zh"),
        ({"LANG": "zh_CN", "CHANNELCTL_LANG": "en"}, "en"),
        ({"LANG": "en_US", "CHANNELCTL_LANG": "zh"}, "zh"),
        ({"CHANNELCTL_LANG": "zh_CN"}, "zh"),
    ],
)
def test_the_language_is_the_options_then_the_variables_then_the_locales(
    ch: Run, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], language: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    starts = {"en": "channelctl: error: ", "zh": "channelctl：错误："}
    assert ch("tier").err.startswith(starts[language])
    for chosen in ("en", "zh"):
        assert ch("tier", "--lang", chosen).err.startswith(starts[chosen])


@pytest.mark.parametrize("words", [["customer", "add", "甲"], ["tier"]])
def test_a_today_that_is_no_day_is_wrong_usage(ch: Run, monkeypatch: pytest.MonkeyPatch, words: list[str]) -> None:
    assert ch("init").code == 0
    monkeypatch.setenv("CHANNELCTL_TODAY", "2024-02-30")
    assert ch(*words) == (
        2,
        "",
        "channelctl: error: CHANNELCTL_TODAY is “2024-02-30”, not a date\nWrite it as 2024-05-31.\n",
    )
    monkeypatch.delenv("CHANNELCTL_TODAY")
    assert ch("customer", "list", "--format", "json").data["rows"] == []


# Where nothing is set


@pytest.mark.parametrize(
    ("platform", "variables", "place"),
    [
        ("linux", {"XDG_DATA_HOME": "/data"}, "/data/channelctl/channel.db"),
        ("linux", {"HOME": "/people/me"}, "/people/me/.local/share/channelctl/channel.db"),
        ("darwin", {"HOME": "/Users/me"}, "/Users/me/Library/Application Support/channelctl/channel.db"),
        ("linux", {"CHANNELCTL_DB": "/x/y.db", "HOME": "/people/me"}, "/x/y.db"),
        ("linux", {"CHANNELCTL_DB": "sqlite:////x/y.db"}, "/x/y.db"),
    ],
)
@posix
def test_where_the_database_is(
    monkeypatch: pytest.MonkeyPatch, platform: str, variables: dict[str, str], place: str
) -> None:
    for name in ("CHANNELCTL_DB", "XDG_DATA_HOME", "HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", platform)
    assert str(db.path()) == place


def test_without_any_folder_of_the_users_it_asks_for_a_path(ch: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("CHANNELCTL_DB")
    monkeypatch.delenv("XDG_DATA_HOME")
    monkeypatch.setattr(Path, "home", homeless)
    for words in (["tier"], ["init"], ["db", "path"]):
        assert ch(*words) == (
            4,
            "",
            "channelctl: error: this system names no folder for your data\n"
            "Say where the database is: --db PATH or CHANNELCTL_DB.\n",
        )
    assert ch("policy", "show").code == 0


BARE = {"LANG": "", "PATH": "", "CHANNELCTL_TODAY": "", "CHANNELCTL_USER": ""}


@posix
def test_under_cron_it_does_the_same(sample: Path) -> None:
    words = ["tier", "--month", "2024-05", "--format", "csv"]
    plain = run(*words, env=environment(CHANNELCTL_DB=address(sample)))
    assert plain[0] == 0
    bare = {**BARE, "CHANNELCTL_DB": address(sample)}
    for more in (
        bare,
        {**bare, "LANG": "C"},
        {**bare, "TZ": "Asia/Kathmandu"},
        {**bare, "TERM": "dumb", "NO_COLOR": "1"},
    ):
        assert run(*words, env=environment(**more)) == plain
    env = environment(**bare)
    assert finish(subprocess.Popen(command(*words, flags=("-W", "error")), env=env, stdout=-1, stderr=-1)) == plain


@posix
def test_warnings_as_errors_stop_nothing(tmp_path: Path) -> None:
    env = environment(CHANNELCTL_DB=address(tmp_path / "x.db"))
    sheet = tmp_path / "sheet.csv"
    sheet.write_text("客户名称,日期,金额\n甲,2024-05-03,1\n", encoding="utf-8")
    for words in (["import", sheet], ["customer", "add", "乙"], ["tier", "--output", tmp_path / "t.xlsx"]):
        process = subprocess.Popen(command(*words, flags=("-W", "error")), env=env, stdout=-1, stderr=-1)
        assert finish(process)[0] == 0


# The demonstration


def test_a_demo_needs_a_new_folder(ch: Run, tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.mkdir()
    (taken / "file").touch()
    mend = "Name a new folder: --keep demo"
    assert ch("demo", "--keep", taken) == (3, "", f"channelctl: error: {taken} is not empty\n{mend}\n")
    file = taken / "file"
    assert ch("demo", "--keep", file) == (
        3,
        "",
        f"channelctl: error: cannot use the folder {file}: File exists\n{mend}\n",
    )


def test_the_demo_shows_an_import_tiers_and_scores(ch: Run, tmp_path: Path) -> None:
    code, out, _err = ch("demo", "--keep", tmp_path / "demo")
    assert code == 0
    assert [line.split()[2] for line in out.splitlines() if line.startswith("$ channelctl ")] == [
        "import",
        "tier",
        "score",
    ]
    assert ch("--db", tmp_path / "demo" / "demo.db", "tier", "--month", "2024-04").code == 0


@pytest.mark.parametrize("command", ["template", "export"])
def test_help_names_every_kind_of_record(ch: Run, command: str) -> None:
    said = set(re.findall(r"[a-z-]+", ch(command, "--help").out))
    assert {one.command for one in kinds().values()} - said == set()
