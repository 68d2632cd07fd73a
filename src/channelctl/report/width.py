"""How many cells a text takes on a terminal."""

import re
import unicodedata
from functools import lru_cache

# After a blank, or the sign that parts words of a list.
_BREAKS = re.compile(r"(?<=[ 、])")
_NOTHING = frozenset(("Mn", "Me", "Cf"))


def width(text: str) -> int:
    """Cells: two for wide and full-width characters, none for those that join the one before."""
    return len(text) if text.isascii() else _wide(text)


@lru_cache(maxsize=65_536)
def _wide(text: str) -> int:
    return sum(map(_cells, text))


def pad(text: str, cells: int, right: bool = False) -> str:
    """The text filled up with blanks to so many cells."""
    if text.isascii():
        return text.rjust(cells) if right else text.ljust(cells)
    blank = " " * (cells - width(text))
    return blank + text if right else text + blank


def cut(text: str, cells: int) -> str:
    """The text in at most so many cells, an … where something is missing."""
    if width(text) <= cells:
        return text
    return _head(text, cells - 1) + "…"


def _head(text: str, cells: int) -> str:
    """The beginning of the text that takes so many cells."""
    kept = []
    for sign in text:
        cells -= _cells(sign)
        if cells < 0:
            break
        kept.append(sign)
    return "".join(kept)


def wrap(text: str, cells: int) -> list[str]:
    """The text in lines of at most so many cells, parted after blanks and 、 where it has any in reach."""
    lines, line = [], ""
    for word in _BREAKS.split(text):
        while width(word) > cells:
            lines += [line.rstrip()] if line else []
            head = _head(word, cells)
            line, lines, word = "", [*lines, head], word[len(head) :]
        if width((line + word).rstrip()) > cells:
            lines.append(line.rstrip())
            line = ""
        line += word
    return [*lines, line.rstrip()]


@lru_cache(maxsize=4096)
def _cells(sign: str) -> int:
    if unicodedata.category(sign) in _NOTHING:
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1
