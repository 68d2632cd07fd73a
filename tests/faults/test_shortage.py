"""Memory that is short shows itself in many ways; each is said as what it is."""

import errno
import sys
import tempfile
from pathlib import Path

import pytest

from channelctl import cli, errors, threads
from tests.conftest import Run

pytestmark = pytest.mark.sqlite("what SQLite says when memory is short")

posix = pytest.mark.skipif(sys.platform == "win32", reason="limits as POSIX has them")


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "short"),
    [
        (MemoryError(), True),
        (OSError(errno.ENOMEM, "Cannot allocate memory"), True),
        (OSError(errno.ENOSPC, "No space left on device"), False),
        (ImportError("x.so: failed to map segment from shared object"), True),
        (ImportError("x.so: cannot allocate memory in static TLS block"), True),
        (ImportError("No module named x"), False),
        (RuntimeError("can't start new thread"), True),
        (RuntimeError("anything else"), False),
        (SystemError("error return without exception set"), True),
        (SystemError("anything else"), False),
        (caused(ValueError("x"), MemoryError()), True),
        (ValueError("MemoryError"), False),
    ],
)
def test_short_memory_is_known_whatever_it_looks_like(
    ch: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, short: bool
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def fail(_words: object) -> int:
        raise error

    assert errors.out_of_memory(error) == short
    monkeypatch.setattr(cli, "command", fail)
    if not isinstance(error, OSError) or short:
        said = "channelctl: error: there is not enough memory for this; what was being written was rolled back\n"
        result = ch("tier")
        assert (result.code, result.err == said) == ((3, True) if short else (70, False))


@posix
def test_threads_are_not_used_where_memory_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    import resource

    for limit, allowed in ((resource.RLIM_INFINITY, True), (1 << 30, False)):
        monkeypatch.setattr(resource, "getrlimit", lambda _what, limit=limit: (limit, limit))
        assert threads.allowed() is allowed
