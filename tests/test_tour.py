"""The tour: a step at a time before a person, all of it in a pipe; nothing is left behind."""

import os
import re
import select
import subprocess
import time
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.marks import chinese, posix
from tests.processes import command, environment, run
from tests.tables import is_there

SHOWN = [
    "import", "status", "tier --month", "tier explain", "score", "progress", "rebate gap", "credit check",
    "report daily", "whatif --policy stricter.toml tier", "customer set", "batch undo",
]  # fmt: skip


def lines_typed(text: str) -> list[str]:
    return re.findall(r"^\$ channelctl (.+)$", text, re.MULTILINE)


def environment_of(place: Path, **more: str) -> dict[str, str]:
    """With a folder for what passes that can be looked into."""
    (place / "passing").mkdir()
    return environment(TMPDIR=str(place / "passing"), XDG_DATA_HOME=str(place / "data"), **more)


@pytest.mark.parametrize("language", ["en", pytest.param("zh", marks=chinese)])
def test_in_a_pipe_it_goes_through_without_waiting(tmp_path: Path, language: str) -> None:
    env = environment_of(tmp_path, CHANNELCTL_LANG=language)
    before = sorted(tmp_path.rglob("*"))
    code, out, err = run("tour", env=env, cwd=tmp_path)
    assert (code, err.count("Enter")) == (0, 0)
    typed = lines_typed(out)
    assert len(typed) == len(SHOWN)
    assert all(line.startswith(start) for line, start in zip(typed, SHOWN, strict=True))
    assert sorted(tmp_path.rglob("*")) == before
    if language == "en":
        assert re.findall(r"^Step (\d+) of 10 · .+\.$|^Step (\d+) of 10 · May .+$", out, re.MULTILINE)[-1][0] == "10"
        assert out.endswith("All commands: channelctl --help\n")


def test_what_it_shows_is_what_the_commands_say(ch: Run, sample: Path, tmp_path: Path) -> None:
    """To the letter where it fits a screen; the beginning and the end where it does not."""
    _code, out, _err = run("tour", env=environment_of(tmp_path), cwd=tmp_path)
    own = ch("progress", "--as-of", "2024-05-20").out
    assert f"$ channelctl progress --as-of 2024-05-20\n{own}" in out
    tier = ch("tier", "--month", "2024-05").out.splitlines()
    shown = out.partition("$ channelctl tier --month 2024-05\n")[2].partition("\n$ ")[0].splitlines()
    assert shown[:19] == tier[:19]
    assert [line for line in shown if line][-2:] == tier[-2:]
    assert re.fullmatch(r"… \d+ more lines", shown[19])


def test_it_can_be_kept(ch: Run, tmp_path: Path) -> None:
    done = ch("tour", "--keep", tmp_path / "mine")
    assert done.code == 0
    assert f"Kept in {tmp_path}/mine." in done.err
    assert {"demo.db", "policy.toml", "stricter.toml"} <= {file.name for file in (tmp_path / "mine").iterdir()}
    assert ch("--db", tmp_path / "mine" / "demo.db", "db", "check").code == 0
    assert ch("tour", "--keep", tmp_path / "mine") == (
        3, "", f"channelctl: error: {tmp_path}/mine is not empty\nName a new folder: --keep demo\n"
    )  # fmt: skip
    assert not is_there(tmp_path / "channel.db")


def before_a_person(keys: list[str], place: Path, env: dict[str, str]) -> tuple[int, str]:
    """Answer each "q ends: " with one of the keys, "^C" with Ctrl-C; the exit code and all that was shown."""
    import fcntl
    import pty
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))

    def sit_down() -> None:
        os.setsid()
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    process = subprocess.Popen(
        command("tour"), stdin=theirs, stdout=theirs, stderr=theirs, cwd=place, env=env, preexec_fn=sit_down
    )
    os.close(theirs)
    shown, asked, left, end = b"", 0, list(keys), time.monotonic() + 60
    while time.monotonic() < end:
        if select.select([ours], [], [], 0.05)[0]:
            try:
                shown += os.read(ours, 65536)
            except OSError:
                break
        elif left and shown[asked:].rstrip(b" ").endswith(b"q ends:"):
            asked = len(shown)
            key = left.pop(0)
            os.write(ours, b"\x03" if key == "^C" else f"{key}\n".encode())
    code = process.wait(timeout=60)
    os.close(ours)
    return code, shown.decode("utf-8", "replace").replace("\r\n", "\n")


@posix
@pytest.mark.parametrize(
    ("keys", "code", "typed"), [(["", "q"], 0, 2), (["Q"], 0, 1), (["", "", "^C"], 130, 4), ([""] * 9, 0, len(SHOWN))]
)
def test_on_a_terminal_it_waits(tmp_path: Path, keys: list[str], code: int, typed: int) -> None:
    env = environment_of(tmp_path, TERM="xterm")
    done, shown = before_a_person(keys, tmp_path, env)
    assert (done, len(lines_typed(shown))) == (code, typed)
    assert list((tmp_path / "passing").iterdir()) == []
    assert ("That was the tour." in shown) == (typed == len(SHOWN))
    assert "Traceback" not in shown
    assert ("interrupted" in shown) == (code == 130)
