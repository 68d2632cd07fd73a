"""What a command says, cut to a screen: its beginning, and its end, where the most important line stands."""

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from channelctl.i18n import ngettext
from channelctl.report import out

_TAIL = 4


class _Kept(io.TextIOBase):
    """A stream that keeps what is written, and answers as the one that it stands for."""

    def __init__(self, stream: TextIO, kept: list[tuple[TextIO, str]], terminal: bool) -> None:
        super().__init__()
        self._stream, self._kept, self._terminal = stream, kept, terminal

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The encoding of the stream it stands for."""
        return getattr(self._stream, "encoding", None) or "utf-8"

    def isatty(self) -> bool:
        """Whether what is kept will be read as it is written."""
        return self._terminal

    def write(self, text: str) -> int:
        """Keep a text."""
        self._kept.append((self._stream, text))
        return len(text)


@contextmanager
def window(most: int | None) -> Iterator[None]:
    """Of what is written within, show at most so many lines (None: all), all at its end."""
    streams = sys.stdout, sys.stderr
    kept: list[tuple[TextIO, str]] = []
    sys.stdout = _Kept(streams[0], kept, out.is_terminal(streams[0]))
    # Not a terminal: no bar of progress is to be kept.
    sys.stderr = _Kept(streams[1], kept, terminal=False)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = streams
        _show([(stream, line) for stream, text in kept for line in text.splitlines(keepends=True)], most)


def _show(lines: list[tuple[TextIO, str]], most: int | None) -> None:
    hidden = len(lines) - most if most is not None else 0
    if most is not None and hidden > 0:
        text = ngettext("… {count} more line", "… {count} more lines", hidden + 1)
        more = (lines[-1][0], text.format(count=f"{hidden + 1:,}") + "\n")
        lines = [*lines[: most - _TAIL - 1], more, *lines[-_TAIL:]]
    for stream, line in lines:
        out.say(line, stream)
