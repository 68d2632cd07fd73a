"""Every way stdin, stdout and stderr may be: closed, full, narrow, a terminal."""

import errno
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from channelctl import cli, streams
from tests.marks import chinese, posix
from tests.processes import command, environment, finish, run, start
from tests.tables import address, everything


@posix
@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_change_neither_the_exit_code_nor_the_database(sample: Path, closed: str) -> None:
    shell, before = 'exec "$@" ' + closed, everything(sample)
    env = environment(CHANNELCTL_DB=address(sample))
    for words, code in ((["tier", "--month", "2024-05"], 0), (["tier", "--nope"], 2), (["--version"], 0)):
        process = subprocess.Popen(["sh", "-c", shell, "sh", *command(*words)], env=env, stdout=-1, stderr=-1)
        assert finish(process)[0] == code
    assert everything(sample) == before


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
    env = environment(CHANNELCTL_DB=address(sample))
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
        assert run(*words, env=environment(CHANNELCTL_DB=address(sample)), stdout=full) == (1, "", LOST)
        code, out, _err = run("db", "path", env=environment(CHANNELCTL_DB=address(sample)), stderr=full)
        assert (code, out) == (0, f"{address(sample)}\n")


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
    env = environment(CHANNELCTL_DB=address(sample), LANG="", PYTHONIOENCODING="ascii")
    code, out, err = run(*words, env=env)
    assert (code, err, out.isascii()) == (0, "", True)
    assert json.loads(out) == json.loads(run(*words, env=environment(CHANNELCTL_DB=address(sample)))[1])


@posix
def test_where_chinese_cannot_be_shown_that_is_said_in_english(sample: Path) -> None:
    env = environment(CHANNELCTL_DB=address(sample), PYTHONIOENCODING="ascii")
    code, _out, err = run("--lang", "zh", "customer", "list", env=env)
    assert (code, err) == (
        0,
        "some characters cannot be written in ascii and are shown as ?; --output FILE keeps them\n",
    )


@pytest.mark.sqlite("the path of a file")
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
        env = environment(CHANNELCTL_DB=address(sample), COLUMNS="100", **{"TERM": "xterm", **variables})
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
