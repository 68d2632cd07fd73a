"""Which files an import is to read, and in which order: folders, patterns, and files named twice."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from channelctl.errors import ChannelctlError, RefusedError
from channelctl.i18n import _, listed, ngettext, reason
from channelctl.records import kinds
from channelctl.sheets.layout import Layout
from channelctl.sheets.read import TEXT_ENDINGS, WORKBOOK_ENDINGS, open_book
from channelctl.sheets.recognise import recognise

_ENDINGS = frozenset((*WORKBOOK_ENDINGS, *TEXT_ENDINGS)) - {""}
_LOCK, _HIDDEN, _REJECTED = "~$", ".", ".rejected.xlsx"
# Larger files hold transactions, which come last; to look into them would cost as much as reading them.
_LOOKED_INTO = 1024 * 1024
_HEAD = 40


@dataclass
class Gathered:
    """The files to read, what is remarked on those that are not, and folders that hold none."""

    files: list[Path] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    refused: list[tuple[Path, ChannelctlError]] = field(default_factory=list)


def gather(named: Sequence[Path]) -> Gathered:
    """The files that words on the command line mean; parents before children where several are named."""
    found = Gathered()
    seen: set[Path] = set()
    for word in named:
        for file in _meant(word, found):
            if file.name.startswith(_LOCK):
                text = _("{file}: a file that Excel keeps while a book is open, not read")
                found.remarks.append(text.format(file=file))
            elif str(file) != "-" and (whole := _whole(file)) in seen:
                found.remarks.append(_("{file} is named twice; it is read once").format(file=file))
            else:
                seen |= {whole} if str(file) != "-" else set()
                found.files.append(file)
    if len(found.files) > 1:
        found.files.sort(key=_rank)
    return found


def natural(name: str) -> list[tuple[int, int, str]]:
    """A key that puts 9月 before 10月."""
    parts = re.split(r"(\d+)", unicodedata.normalize("NFKC", name).casefold())
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts if part]


def _meant(word: Path, found: Gathered) -> Iterable[Path]:
    """A file itself, the sheets of a folder, or what a pattern fits that no shell has filled in."""
    try:
        if word.is_dir():
            return _of_folder(word, found)
        if any(sign in str(word) for sign in "*?[") and not word.exists():
            whole = word.anchor + "." if word.anchor else "."
            below = str(word.relative_to(word.anchor)) if word.anchor else str(word)
            fits = [one for one in Path(whole).glob(below) if not one.is_dir() and not one.name.startswith(_HIDDEN)]
            return sorted(fits, key=lambda one: natural(str(one))) or [word]
    except (OSError, ValueError):
        pass
    return [word]


def _of_folder(folder: Path, found: Gathered) -> list[Path]:
    """The sheets in a folder, not in folders below it, by name; one remark on each sort of file that is left."""
    try:
        entries = sorted(folder.iterdir(), key=lambda one: natural(one.name))
    except OSError as error:
        found.refused.append((folder, RefusedError(
            _("the folder {folder} cannot be read: {reason}").format(folder=folder, reason=reason(error))
        )))  # fmt: skip
        return []
    files: list[Path] = []
    left: Counter[str] = Counter()
    for entry in entries:
        sort = _left(entry)
        if sort:
            left[sort] += 1
        else:
            files.append(entry)
    found.remarks += _remarks(folder, entries, left)
    if not files:
        found.refused.append((folder, RefusedError(
            _("the folder {folder} holds no sheets").format(folder=folder),
            _("Sheets end in {endings}; folders below it are not looked into.").format(
                endings=" ".join(sorted(_ENDINGS))
            ),
        )))  # fmt: skip
    return files


def _left(entry: Path) -> str:
    """Why an entry of a folder is not read, "" for a sheet."""
    if entry.name.startswith(_LOCK):
        return _LOCK
    if entry.name.startswith(_HIDDEN):
        return _HIDDEN
    if entry.is_dir():
        return "/"
    if entry.name.endswith(_REJECTED):
        return _REJECTED
    return "" if entry.suffix.lower() in _ENDINGS else "*"


def _remarks(folder: Path, entries: Sequence[Path], left: Counter[str]) -> Iterator[str]:
    """A line for each sort of entry that is left."""
    texts: dict[str, Callable[[int], str]] = {
        _LOCK: lambda n: ngettext(
            "{folder}: {count} file that Excel keeps while a book is open (~$), not read",
            "{folder}: {count} files that Excel keeps while a book is open (~$), not read",
            n,
        ),
        _HIDDEN: lambda n: ngettext(
            "{folder}: {count} hidden file, not read", "{folder}: {count} hidden files, not read", n
        ),
        "/": lambda n: ngettext(
            "{folder}: {count} folder in it, not looked into", "{folder}: {count} folders in it, not looked into", n
        ),
        _REJECTED: lambda n: ngettext(
            "{folder}: {count} workbook of refused rows, read only if it is named",
            "{folder}: {count} workbooks of refused rows, read only if they are named",
            n,
        ),
    }
    for sort, text in texts.items():
        if left[sort]:
            yield text(left[sort]).format(folder=folder, count=left[sort])
    if left["*"]:
        names = [entry.name for entry in entries if _left(entry) == "*"]
        more = " …" if len(names) > 5 else ""
        yield _("{folder}: no sheets by their endings, not read: {names}{more}").format(
            folder=folder, names=listed(names[:5]), more=more
        )


def _whole(file: Path) -> Path:
    try:
        return file.resolve()
    except (OSError, ValueError, RuntimeError):
        return file


def _rank(file: Path) -> int:
    """Where among the kinds with codes a file belongs; those without come last, and what stands on them after those.

    What cannot be told cheaply is taken for one without.
    """
    order = [kind.name for kind in kinds().values() if kind.named]
    last = [kind.name for kind in kinds().values() if kind.last]
    try:
        if str(file) == "-" or not file.is_file() or file.stat().st_size > _LOOKED_INTO:
            return len(order)
        with open_book(file) as book:
            heads = [(sheet.name, list(islice(sheet.rows(), _HEAD))) for sheet in book.sheets if not sheet.hidden]
            layouts = [recognise(head, {}, None, [file.stem, name]) for name, head in heads]
    except (ChannelctlError, OSError, ValueError):
        return len(order)
    found = [one.kind.name for one in layouts if isinstance(one, Layout)]
    coded = [order.index(name) for name in found if name in order]
    if not coded and found and set(found) <= set(last):
        return len(order) + 1 + min(map(last.index, found))
    return min(coded, default=len(order))
