"""The program as a whole: help, wrong usage, options that stand anywhere, and every way streams can be."""

import errno
import io
import json
import os
import re
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from channelctl import __version__, cli, db, errors, i18n, streams
from channelctl import status as facts
from tests.conftest import Run
from tests.processes import command, environment, finish, run, start

posix = pytest.mark.skipif(os.name == "nt", reason="streams and devices as POSIX has them")
CATALOGUE = Path(i18n.__file__).parent / "locale" / "zh" / "LC_MESSAGES" / "channelctl.mo"
chinese = pytest.mark.skipif(not CATALOGUE.exists(), reason="the Chinese catalogue has not been compiled")
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
    plain = run(*words, env=environment(CHANNELCTL_DB=str(sample)))
    assert plain[0] == 0
    bare = {**BARE, "CHANNELCTL_DB": str(sample)}
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
    env = environment(CHANNELCTL_DB=str(tmp_path / "x.db"))
    sheet = tmp_path / "sheet.csv"
    sheet.write_text("客户名称,日期,金额\n甲,2024-05-03,1\n", encoding="utf-8")
    for words in (["import", sheet], ["customer", "add", "乙"], ["tier", "--output", tmp_path / "t.xlsx"]):
        process = subprocess.Popen(command(*words, flags=("-W", "error")), env=env, stdout=-1, stderr=-1)
        assert finish(process)[0] == 0


# Streams


@posix
@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_change_neither_the_exit_code_nor_the_database(sample: Path, closed: str) -> None:
    shell = 'exec "$@" ' + closed
    env = environment(CHANNELCTL_DB=str(sample))
    for words, code in ((["tier", "--month", "2024-05"], 0), (["tier", "--nope"], 2), (["--version"], 0)):
        process = subprocess.Popen(["sh", "-c", shell, "sh", *command(*words)], env=env, stdout=-1, stderr=-1)
        assert finish(process)[0] == code
    assert sample.read_bytes()[:6] == b"SQLite"


@posix
def test_a_file_never_takes_the_place_of_a_closed_stream() -> None:
    program = (
        "import os; os.close(1); os.close(2); from channelctl import streams; streams.ready(); os._exit(os.dup(0))"
    )
    done = subprocess.run([sys.executable, "-c", program], env=environment(), stdin=subprocess.DEVNULL)
    assert done.returncode > 2


@posix
@pytest.mark.parametrize("words", [["tier", "--month", "2024-05"], ["tier", "-f", "json"], ["--help"], ["--version"]])
@pytest.mark.parametrize("both", [False, True])
def test_a_reader_that_leaves_is_no_fault(sample: Path, words: list[str], both: bool) -> None:
    reading, writing = os.pipe()
    env = environment(CHANNELCTL_DB=str(sample))
    process = start(*words, env=env, stdout=writing, stderr=writing if both else subprocess.PIPE)
    os.close(reading)
    os.close(writing)
    assert finish(process) == (0, "", "")


@posix
def test_wrong_usage_stays_wrong_where_nobody_reads_on() -> None:
    reading, writing = os.pipe()
    process = start("tier", "--nope", stdout=writing, stderr=writing)
    os.close(reading)
    os.close(writing)
    assert finish(process)[0] == 2


FULL = Path("/dev/full")
LOST = (
    "channelctl: error: the result cannot be written: No space left on device\n"
    "What was stored stays stored. To see the result: --output FILE, on a disk with room.\n"
)


@pytest.mark.skipif(not FULL.exists(), reason="no device that is always full")
@pytest.mark.parametrize("words", [["tier"], ["tier", "-f", "xlsx"], ["db", "path"], ["--help"], ["--version"]])
def test_a_result_that_finds_no_room_is_a_finding(sample: Path, words: list[str]) -> None:
    with FULL.open("w") as full:
        assert run(*words, env=environment(CHANNELCTL_DB=str(sample)), stdout=full) == (1, "", LOST)
        code, out, _err = run("db", "path", env=environment(CHANNELCTL_DB=str(sample)), stderr=full)
        assert (code, out) == (0, f"{sample}\n")


@pytest.mark.parametrize("encoding", ["ascii", "gbk", "latin-1", "ascii:strict"])
@pytest.mark.parametrize("language", ["en", pytest.param("zh", marks=chinese)])
def test_a_stream_that_knows_few_signs_gets_what_it_can_show(
    sample: Path, encoding: str, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, _colon, how = encoding.partition(":")
    for words, code in (
        (["--help"], 0),
        (["tier", "--help"], 0),
        (["tier", "--month", "2024-05"], 0),
        (["customer", "list"], 0),
        (["status"], 0),
        (["policy", "show"], 0),
        (["schema", "tier"], 0),
        (["explain", "E204"], 0),
        (["tier", "--office", "不知道的地方"], 2),
    ):
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding=name, errors=how or "strict") for _stream in range(2))
        monkeypatch.setattr(sys, "stdout", out)
        monkeypatch.setattr(sys, "stderr", err)
        assert cli.run(["--lang", language, *words]) == code
        for stream in (out, err):
            stream.flush()
            assert isinstance(stream.buffer, io.BytesIO)
            stream.buffer.getvalue().decode(name)


def test_whoever_writes_a_sign_the_stream_lacks_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii", errors="strict")
    monkeypatch.setattr(sys, "stderr", stream)
    streams.ready()
    stream.write("甲")
    stream.flush()
    assert isinstance(stream.buffer, io.BytesIO)
    assert stream.buffer.getvalue() == b"?"


@posix
def test_ascii_only_costs_data_nothing(sample: Path) -> None:
    words = ["customer", "list", "--format", "json"]
    env = environment(CHANNELCTL_DB=str(sample), LANG="", PYTHONIOENCODING="ascii")
    code, out, err = run(*words, env=env)
    assert (code, err, out.isascii()) == (0, "", True)
    assert json.loads(out) == json.loads(run(*words, env=environment(CHANNELCTL_DB=str(sample)))[1])


@posix
@pytest.mark.parametrize("name", ["数据.db", os.fsdecode(b"\xff.db")])
def test_a_path_is_printed_byte_for_byte(name: str) -> None:
    env = environment(PYTHONIOENCODING="ascii")
    done = subprocess.run(command("db", "path", "--db", name), env=env, capture_output=True, check=True)
    assert done.stdout == os.fsencode(name) + b"\n"


@pytest.fixture
def terminal(sample: Path) -> Callable[..., tuple[int, str, str]]:
    """Run with stdout on a terminal: code, what the screen got, stderr."""
    pty = pytest.importorskip("pty")

    def run_on(*words: str, **variables: str) -> tuple[int, str, str]:
        master, slave = pty.openpty()
        env = environment(CHANNELCTL_DB=str(sample), COLUMNS="100", **{"TERM": "xterm", **variables})
        process = start(*words, env=env, stdout=slave)
        os.close(slave)
        screen = b""
        while True:
            try:
                part = os.read(master, 65_536)
            except OSError as error:
                assert error.errno == errno.EIO
                break
            if not part:
                break
            screen += part
        os.close(master)
        code, _out, err = finish(process)
        return code, screen.decode().replace("\r\n", "\n"), err

    return run_on


@posix
def test_colour_only_for_a_terminal_that_wants_it(terminal: Callable[..., tuple[int, str, str]]) -> None:
    words = ("tier", "--month", "2024-05")
    for variables, coloured in (({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)):
        code, screen, _err = terminal(*words, **variables)
        assert code == 0
        assert ("\x1b[" in screen) is coloured, variables


@posix
def test_a_workbook_is_not_poured_onto_a_terminal(terminal: Callable[..., tuple[int, str, str]]) -> None:
    assert terminal("tier", "--format", "xlsx") == (
        2,
        "",
        "channelctl: error: a workbook cannot be shown on a terminal\nAdd --output FILE.xlsx\n",
    )


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


# Faults of ours


@pytest.fixture
def fault(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[[BaseException], None]]:
    """Have `channelctl status` raise something."""
    logs = tmp_path / "logs"
    logs.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(logs))

    def set_(error: BaseException) -> None:
        def report() -> None:
            raise error

        monkeypatch.setattr(facts, "report", report)

    yield set_


@pytest.mark.parametrize(
    "error", [ZeroDivisionError("x"), AssertionError(), FileNotFoundError(2, "gone", "x"), KeyError("甲")]
)
def test_a_bug_is_one_line_and_a_log_of_our_own(
    ch: Run, fault: Callable[[BaseException], None], tmp_path: Path, error: Exception
) -> None:
    fault(error)
    code, out, err = ch("status")
    assert (code, out) == (70, "")
    found = re.fullmatch(
        r"channelctl: this is a bug in channelctl \((\w+)\); please report it with the file (.+\.log)\n", err
    )
    assert found is not None, err
    assert found[1] == type(error).__name__
    log = Path(found[2])
    assert log.parent == tmp_path / "logs"
    assert os.name == "nt" or stat.S_IMODE(log.stat().st_mode) == 0o600
    told = log.read_text(encoding="utf-8")
    assert told.startswith(f"channelctl {__version__}\nTraceback (most recent call last):\n")
    assert type(error).__name__ in told.splitlines()[-1]


def test_debug_shows_where_it_was(
    fault: Callable[[BaseException], None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fault(ZeroDivisionError("x"))
    assert cli.run(["status", "--debug"]) == errors.BUG
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"channelctl {__version__}\nTraceback (most recent call last):\n")
    assert err.endswith("ZeroDivisionError: x\n\n")
    assert list((tmp_path / "logs").iterdir()) == []


def test_a_bug_where_no_log_can_be_written(
    ch: Run, fault: Callable[[BaseException], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    fault(ZeroDivisionError("x"))
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere/at/all")
    assert ch("status") == (
        70,
        "",
        "channelctl: this is a bug in channelctl (ZeroDivisionError); to see where, run it again with --debug\n",
    )


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (KeyboardInterrupt(), 130, "interrupted; what was being written was rolled back"),
        (MemoryError(), 3, "there is not enough memory for this; what was being written was rolled back"),
        (errors.BusyError("busy"), 75, "busy"),
        (errors.RefusedError("no\x1b[2J\u202e", "a\nb"), 3, "no·[2J·\na\nb"),
    ],
)
def test_what_is_foreseen_has_its_code(
    ch: Run, fault: Callable[[BaseException], None], error: BaseException, code: int, said: str
) -> None:
    fault(error)
    assert ch("status") == (code, "", f"channelctl: error: {said}\n")


@pytest.mark.parametrize(
    ("error", "of_a_stream"),
    [
        (OSError(errno.EPIPE, "x"), True),
        (OSError(errno.ENOSPC, "x"), True),
        (OSError(errno.ENOSPC, "x", "file"), False),
        (OSError(errno.EIO, "x"), False),
    ],
)
def test_a_streams_failure_is_told_from_a_files(error: OSError, of_a_stream: bool) -> None:
    assert streams.failed(error) is of_a_stream


def test_the_exit_codes_are_the_contracts() -> None:
    codes = (errors.DONE, errors.FINDINGS, errors.USAGE, errors.REFUSED, errors.DATABASE, errors.BUG, errors.BUSY)
    assert codes == (0, 1, 2, 3, 4, 70, 75)
    assert errors.INTERRUPTED == 130
