"""`import -`: a sheet that comes through a pipe."""

from pathlib import Path

import pytest

from tests.conftest import SAMPLE
from tests.processes import environment, finish, start
from tests.tables import address

LINES = b"\xe6\x97\xa5\xe6\x9c\x9f,Customer,Amount\n2024-05-01,AA,100\n"


@pytest.mark.parametrize("content", [LINES, (SAMPLE / "销售_2024-05.xlsx").read_bytes()], ids=["csv", "xlsx"])
def test_what_comes_through_a_pipe_goes_in_once(tmp_path: Path, content: bytes) -> None:
    """A CSV or a workbook; the same again is known."""
    env, file = environment(CHANNELCTL_DB=address(tmp_path / "own.db")), tmp_path / "piped"
    file.write_bytes(content)
    said = []
    for _time in range(2):
        with file.open("rb") as stream:
            code, out, _err = finish(start("import", "-", env=env, stdin=stream, cwd=tmp_path))
        assert code == 0
        said.append(out.splitlines()[-1])
    assert said == ["pipe: batch 1", "pipe: imported before as batch 1 on 2024-06-03 (same content). Nothing to do."]


def test_an_empty_pipe_is_refused(tmp_path: Path) -> None:
    """With nothing left behind."""
    code, out, _err = finish(start("import", "-", env=environment(CHANNELCTL_DB=address(tmp_path / "own.db"))))
    assert (code, out) == (3, "pipe is empty; nothing was written\n  Export it again.\n")
    assert list(tmp_path.iterdir()) == []
