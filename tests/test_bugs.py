"""Faults of ours: one line and a log; what is foreseen has its exit code."""

import errno
import os
import re
import stat
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from channelctl import __version__, cli, errors, streams
from channelctl import status as facts
from tests.conftest import Run


@pytest.fixture
def fault(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[[BaseException], None]]:
    """Have `channelctl status` raise something."""
    logs = tmp_path / "logs"
    logs.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(logs))

    def set_(error: BaseException) -> None:
        def report(*_asked: object) -> None:
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
