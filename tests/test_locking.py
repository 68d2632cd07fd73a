"""One goes first; a lock that nobody holds is none."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from channelctl.errors import BusyError, RefusedError
from channelctl.locking import locked
from tests.marks import posix
from tests.processes import environment

pytestmark = pytest.mark.sqlite("files that lock")

HOLD = """
import sys, time
from pathlib import Path
from channelctl.locking import locked
with locked(Path(sys.argv[1]), 0):
    print("held", flush=True)
    sys.stdin.read()
"""


def holder(path: Path) -> "subprocess.Popen[bytes]":
    """A process that holds the lock until its stdin is closed."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout is not None and process.stdout.readline() == b"held\n"
    return process


def let_go(process: "subprocess.Popen[bytes]") -> None:
    process.communicate(timeout=30)
    assert process.returncode == 0


@pytest.mark.parametrize("name", ["x.xlsx", "packs", ".", "日报.html"])
def test_it_is_gone_afterwards(tmp_path: Path, name: str) -> None:
    (tmp_path / "packs").mkdir()
    before = sorted(tmp_path.rglob("*"))
    with locked(Path(name), 0):
        assert len(sorted(tmp_path.rglob("*"))) == len(before) + 1
    assert sorted(tmp_path.rglob("*")) == before


def test_it_is_gone_after_a_fault_too(tmp_path: Path) -> None:
    with pytest.raises(KeyError), locked(tmp_path / "x", 0):
        raise KeyError
    assert list(tmp_path.iterdir()) == []


def test_a_second_one_is_told_after_its_wait(tmp_path: Path) -> None:
    process = holder(tmp_path / "x.xlsx")
    began = time.monotonic()
    with pytest.raises(BusyError) as caught, locked(tmp_path / "x.xlsx", 0.3):
        pass
    assert 0.3 <= time.monotonic() - began < 5
    assert caught.value.message == f"{tmp_path / 'x.xlsx'} is being written by another channelctl"
    assert caught.value.hint == "Try again, or wait longer: --wait SECONDS"
    with locked(tmp_path / "y.xlsx", 0):
        pass
    let_go(process)
    with locked(tmp_path / "x.xlsx", 0):
        pass


def test_a_second_one_goes_on_where_the_first_ends_within_its_wait(tmp_path: Path) -> None:
    process = holder(tmp_path / "x")
    ending = threading.Timer(0.3, let_go, [process])
    ending.start()
    with locked(tmp_path / "x", 20):
        ending.join()
    assert process.returncode == 0


@posix
def test_a_killed_run_blocks_nobody(tmp_path: Path) -> None:
    process = holder(tmp_path / "x")
    os.kill(process.pid, signal.SIGKILL)
    process.wait(timeout=30)
    process.communicate()
    assert [one.name for one in tmp_path.iterdir()] == [".x.lock"]
    with locked(tmp_path / "x", 0):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedError) as caught, locked(tmp_path / "no" / "x", 0):
        pass
    assert caught.value.message == f"{tmp_path / 'no' / 'x'} cannot be written: No such file or directory"
