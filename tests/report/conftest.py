"""Streams in place of stdout and stderr, and Chinese headings."""

import sys
from collections.abc import Callable

import pytest

from channelctl import i18n
from tests.report.streams import Stream

Screens = Callable[..., tuple[Stream, Stream]]


@pytest.fixture
def chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chinese headings and words; messages stay English, so that no catalogue is needed."""
    monkeypatch.setattr(i18n, "_language", "zh")


@pytest.fixture
def streams(monkeypatch: pytest.MonkeyPatch) -> Screens:
    """Put streams of an encoding in the place of stdout and stderr."""

    def make(encoding: str = "utf-8", terminal: bool = False, columns: int = 200) -> tuple[Stream, Stream]:
        out, err = Stream(encoding, terminal), Stream(encoding)
        monkeypatch.setenv("COLUMNS", str(columns))
        monkeypatch.setenv("TERM", "xterm-256color")
        monkeypatch.setattr(sys, "stdout", out)
        monkeypatch.setattr(sys, "stderr", err)
        return out, err

    return make
