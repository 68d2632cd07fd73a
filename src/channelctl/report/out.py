"""The two streams: what they can show, and writing to them without a surprise."""

import codecs
import os
import shutil
import sys
from contextlib import suppress
from typing import IO

from channelctl.report.width import width

# Drawing and punctuation that ours and the writers' texts use, and what stands for each where it cannot be encoded.
_PLAIN = dict(zip("─│┤└█▉▊▋▌▍▎▏▲▼…·“”‘’–—−×≥≤→✓⚠￥¥：，；（）", "-||+#####   ^v.-\"\"''---x><>v!YY:,;()", strict=True))


def is_terminal(stream: IO[str] | None) -> bool:
    """Whether a person reads it as it is written."""
    try:
        return stream is not None and stream.isatty()
    except ValueError:
        return False


def has_colour(stream: IO[str] | None) -> bool:
    """Whether colour may be used: a terminal that knows it, and nobody said no."""
    if not is_terminal(stream) or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return os.name != "nt" or bool(os.environ.get("WT_SESSION") or os.environ.get("TERM"))


def screen_width() -> int:
    """Cells in a line of the terminal."""
    return shutil.get_terminal_size((80, 24)).columns


def screen_height() -> int:
    """Lines of the terminal."""
    return shutil.get_terminal_size((80, 24)).lines


def holds(signs: str, stream: IO[str] | None) -> bool:
    """Whether a terminal can be expected to show all of these signs, which are no letters."""
    plain = os.environ.get("TERM") in ("dumb", "linux") or (os.name == "nt" and not os.environ.get("WT_SESSION"))
    return not plain and _fits(signs, _encoding(stream))


def is_utf8(stream: IO[str] | None) -> bool:
    """Whether the stream can hold any text."""
    return codecs.lookup(_encoding(stream)).name in ("utf-8", "utf-8-sig")


def fitting(text: str, encoding: str) -> tuple[str, bool]:
    """The text as the encoding can hold it, and whether something was lost.

    Drawing becomes plain signs, what has none becomes ? in as many cells as it took.
    """
    if _fits(text, encoding):
        return text, False
    missing = {sign for sign in set(text) if not _fits(sign, encoding)}
    other = {ord(sign): _PLAIN.get(sign, "?" * width(sign)) for sign in missing}
    return text.translate(other), not missing <= _PLAIN.keys()


def say(text: str, stream: IO[str] | None) -> bool:
    """Write text to a stream that may be closed or know few characters; whether all of it could be said."""
    if stream is None or not text:
        return True
    plain, lost = fitting(text, _encoding(stream))
    stream.write(plain)
    stream.flush()
    return not lost


def tell(text: str) -> None:
    """A line on stdout."""
    say(text + "\n", sys.stdout)


def remark(text: str) -> None:
    """A line on stderr; where nobody takes it, the result goes on without."""
    with suppress(OSError, ValueError):
        say(text + "\n", sys.stderr)


def can_ask() -> bool:
    """Whether a person sits before both the questions and the answers."""
    return is_terminal(sys.stdin) and is_terminal(sys.stderr)


def is_watched() -> bool:
    """Whether a person reads the result as it is written."""
    return is_terminal(sys.stdout)


def ask(question: str) -> str | None:
    """What is answered to a question on stderr; None where the answers end."""
    say(question, sys.stderr)
    try:
        line = sys.stdin.readline()
    except UnicodeDecodeError:
        return ""
    return line.strip() if line else None


def put_bytes(data: bytes) -> None:
    """Bytes on stdout."""
    if sys.stdout is None:
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def _encoding(stream: IO[str] | None) -> str:
    return getattr(stream, "encoding", None) or "utf-8"


def _fits(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
