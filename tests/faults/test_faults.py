"""A tenth of every fault; `python -m tests.faults --full` is all of it."""

import json
import shutil
import subprocess
import sys

import pytest

from tests.conftest import ROOT
from tests.processes import environment

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="forks"),
    pytest.mark.sqlite("kills, power cuts and full disks under a file; tests/postgres has those of a server"),
]
# What has to have been seen, or the check has checked nothing.
SEEN = {
    "kills": {"killed": 30, "live journal": 10, "old": 20},
    "disk": {"old": 1, "new": 1},
    "together": {"imports": 8, "readings": 2},
    "memory": {"old": 1},
    "power": {"old": 20, "new": 4},
}


@pytest.mark.parametrize("name", SEEN)
def test_nothing_is_lost_doubled_or_left_in_part(name: str) -> None:
    if name == "power" and shutil.which("strace") is None:
        pytest.skip("what a command writes is seen by strace, which is not here")
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults", name, "--json"],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.stdout, done.stderr
    figures = json.loads(done.stdout)
    assert [fault for one in figures for fault in one["faults"]] == []
    assert done.returncode == 0, done.stderr
    for what, least in SEEN[name].items():
        assert sum(one["counts"][what] for one in figures) >= least, what
