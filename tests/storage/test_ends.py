"""Ends that come too early: killed, interrupted, no room."""

import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.processes import environment, finish, run, start
from tests.storage.files import ROWS, ask, lines, litter, posix

pytestmark = pytest.mark.sqlite("kills a process that writes a file")


def moment(process: "subprocess.Popen[bytes]", journal: Path, later: float) -> bool:
    """Wait until the process has begun to write, and a little longer; False if it ended before."""
    while process.poll() is None:
        if journal.exists() and journal.stat().st_size:
            time.sleep(later)
            return process.poll() is None
        time.sleep(0.001)
    return False


@posix
def test_a_killed_import_is_all_or_nothing_and_can_be_run_again(empty: Path, sheet: Path, tmp_path: Path) -> None:
    chance = random.Random(20240603)
    env = environment(CHANNELCTL_DB=str(empty))
    start_of = empty.read_bytes()
    journal = empty.with_name("channel.db-journal")
    hot = 0
    for _time in range(5):
        empty.write_bytes(start_of)
        journal.unlink(missing_ok=True)
        process = start("import", sheet, env=env)
        if moment(process, journal, chance.uniform(0, 0.15)):
            process.kill()
        process.communicate()
        hot += journal.exists() and journal.stat().st_size > 0
        assert ask(empty, "PRAGMA integrity_check") == [("ok",)]
        assert ask(empty, "PRAGMA foreign_key_check") == []
        assert (lines(empty), ask(empty, "SELECT count(*) FROM batch")[0][0]) in ((0, 0), (ROWS, 1))
    assert hot > 0
    assert run("import", sheet, env=env)[0] == 0
    assert lines(empty) == ROWS


@posix
def test_an_import_killed_before_there_is_a_database_leaves_none(here: Path, sheet: Path) -> None:
    env = environment(CHANNELCTL_DB=str(here))
    process = start("import", sheet, env=env)
    while process.poll() is None and not litter(here.parent):
        time.sleep(0.001)
    time.sleep(0.1)
    process.kill()
    process.communicate()
    assert not here.exists() or lines(here) == ROWS
    assert run("import", sheet, env=env)[0] == 0
    assert lines(here) == ROWS


@posix
def test_an_interrupted_import_takes_itself_back_and_says_so(empty: Path, sheet: Path) -> None:
    env = environment(CHANNELCTL_DB=str(empty))
    for _try in range(5):
        process = start("import", sheet, env=env)
        if moment(process, empty.with_name("channel.db-journal"), 0.01):
            process.send_signal(signal.SIGINT)
        code, out, err = finish(process)
        if code == 130:
            break
    assert (code, out, err) == (
        130,
        "",
        "channelctl: error: interrupted; what was being written was rolled back\n",
    )
    assert lines(empty) == 0


@posix
@pytest.mark.parametrize("made_before", [True, False])
def test_a_full_disk_leaves_what_was(here: Path, sheet: Path, made_before: bool, ch: Run) -> None:
    import resource

    if made_before:
        assert ch("init").code == 0
    most = 250_000
    before = here.read_bytes() if made_before else b""
    code, out, err = run(
        "import",
        sheet,
        env=environment(CHANNELCTL_DB=str(here)),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)),
    )
    assert (code, "the disk or your share of it is full; nothing was changed" in out + err) == (3, True), (out, err)
    assert litter(here.parent) == []
    if made_before:
        assert ask(here, "PRAGMA integrity_check") == [("ok",)]
        assert lines(here) == 0
        assert here.read_bytes() == before
    else:
        assert not here.exists()


@pytest.mark.parametrize(("hours", "stays"), [(1, True), (25, False)])
def test_what_a_killed_command_left_goes_after_a_day(ch: Run, here: Path, hours: int, stays: bool) -> None:
    left = [here.with_name(".channelctl-abc.new"), here.with_name(".channelctl-abc.new-journal")]
    for file in left:
        file.touch()
        then = file.stat().st_mtime - hours * 3600
        os.utime(file, (then, then))
    other = here.with_name(".channelctl-abc.other")
    other.touch()
    os.utime(other, (0, 0))
    assert ch("init").code == 0
    assert [file.exists() for file in left] == [stays, stays]
    assert other.exists()
