"""What a notice says, and as much of it as a service takes."""

from collections.abc import Callable
from pathlib import Path

from channelctl.notices import Notice
from channelctl.packs import Pack, figures, markdown
from channelctl.report import safe

_MORE = "…"
# More than anybody reads in a message; the file holds it all.
_LONGEST = 20_000
_TEXTS = {".md", ".txt"}


def of_pack(pack: Pack, file: Path, unit: str = "yuan") -> Notice:
    """A pack's title and figures, and what they were made from."""
    told = []
    for _of, figure in pack.figures:
        row = figures.said(figure, unit)
        rest = " · ".join(text for text in (row.change, row.remark) if text)
        told.append(f"{row.label}: {row.value}" + (f" ({rest})" if rest else ""))
    origin = [text for _label, text in pack.origin[:1]]
    plain = "\n".join([*told, *([""] if told else []), *origin])
    return Notice(_line(pack.title), plain, markdown.brief(pack, unit).partition("\n")[2].strip(), file)


def of_file(file: Path, data: bytes, title: str | None) -> Notice:
    """A file that stands: its text, if it is one that people read, else its name."""
    text = _line(file.name)
    if file.suffix.lower() in _TEXTS:
        text = cut(data.decode("utf-8-sig", "replace"), _LONGEST, len)
    return Notice(_line(title or file.stem), text, text, file)


def cut(text: str, most: int, size: Callable[[str], int]) -> str:
    """As many whole lines as fit; of a first line that does not fit itself, as much of it."""
    if size(text) <= most:
        return text
    kept = ""
    for line in text.splitlines(keepends=True):
        if size(kept + line + _MORE) > most:
            break
        kept += line
    if kept.strip():
        return kept + _MORE
    fitting = 0
    while fitting < len(text) and size(text[: fitting + 1] + _MORE) <= most:
        fitting += 1
    return text[:fitting] + _MORE


def file_name(file: Path) -> str:
    """A file's name as others take it."""
    return safe.stored(file.name)


def _line(text: str) -> str:
    return safe.stored(" ".join(text.split()))
