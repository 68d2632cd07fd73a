"""Files that are no sheets we can read: by their place, by their first bytes, and what is said of them."""

import difflib
import stat
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from channelctl.errors import RefusedError
from channelctl.i18n import _, listed, reason
from channelctl.sheets import guard
from channelctl.sheets.extent import MOST_COLUMNS
from channelctl.sheets.trial import survives


def check_path(path: Path, name: str) -> None:
    """Refuse what is no file, before it is opened: a pipe would wait for ever."""
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        raise RefusedError(_("there is no file {name}").format(name=path), _near(path)) from None
    except ValueError:
        raise RefusedError(_("{name} is not the name of a file").format(name=repr(name))) from None
    if stat.S_ISDIR(mode):
        raise RefusedError(
            _("{name} is a folder").format(name=path), _("Name the files in it: {name}/*.xlsx").format(name=path)
        )
    if not stat.S_ISREG(mode):
        raise RefusedError(
            _("{name} is a pipe or a device, not a file").format(name=path),
            _("To read from a pipe, give - as the file's name."),
        )


def _near(path: Path) -> str:
    """Names in the same folder that are like the one asked for."""
    try:
        names = [entry.name for entry in islice(path.parent.iterdir(), 10_000)]
    except OSError:
        return _("There is no folder {name} either.").format(name=path.parent)
    near = difflib.get_close_matches(path.name, names, n=3)
    if not near:
        return _("Check the folder and the spelling.")
    return _("Near it: {names}").format(names=listed(near))


def unreadable(name: str, error: OSError) -> RefusedError:
    """What the system says of a file that it does not give."""
    if isinstance(error, PermissionError):
        return RefusedError(
            _("{name} may not be read by you").format(name=name),
            _("Ask its owner for the right to read it; if it is open in another program, close it there."),
        )
    return RefusedError(_("{name} cannot be read: {reason}").format(name=name, reason=reason(error)))


def other_kind(head: bytes) -> str:
    """What a file is that begins with a well-known signature of something else."""
    kinds = (
        (b"\x89PNG", _("a picture (PNG)")),
        (b"\xff\xd8\xff", _("a picture (JPEG)")),
        (b"GIF8", _("a picture (GIF)")),
        (b"%PDF", _("a PDF")),
        (b"{\\rtf", _("a text document (RTF)")),
        (b"Rar!", _("a RAR archive")),
        (b"7z\xbc\xaf", _("a 7z archive")),
        (b"\x1f\x8b", _("a gzip archive")),
        (b"SQLite format 3\0", _("a database")),
        (b"\x7fELF", _("a program")),
        (b"MZ\x90", _("a program")),
        (b"\x09\x00\x04\x00", _("a workbook of Excel 2")),
        (b"\x09\x02\x06\x00", _("a workbook of Excel 3")),
        (b"\x09\x04\x06\x00", _("a workbook of Excel 4")),
        (b"\x09\x08\x08\x00", _("a workbook of Excel 5 without its envelope")),
        (b"\x09\x08\x10\x00", _("a workbook of Excel 97 without its envelope")),
    )
    return next((what for signature, what in kinds if head.startswith(signature)), "")


def check_ole(file: BinaryIO, name: str) -> None:
    """Old Office files share one envelope; the names inside tell what it holds."""
    found: set[str] = set()
    names = ("Workbook", "Book", "EncryptedPackage", "WordDocument", "PowerPoint Document")
    tail = b""
    file.seek(0)
    while chunk := file.read(1 << 20):
        piece = tail + chunk
        found.update(inner for inner in names if ("\0" + inner + "\0").encode("utf-16-le")[1:] in piece)
        tail = piece[-128:]
    if "EncryptedPackage" in found:
        raise guard.protected(name)
    if "WordDocument" in found:
        raise guard.not_a_workbook(name, _("a Word document"))
    if "PowerPoint Document" in found:
        raise guard.not_a_workbook(name, _("a PowerPoint presentation"))
    if not found:
        raise guard.damaged(name)
    if not survives(file):
        raise guard.damaged(name)


def wide(name: str, line: int, columns: int) -> RefusedError:
    """A line of text with more cells than a sheet has columns."""
    return RefusedError(
        _("{name}:{line}: {columns} columns; a sheet has no more than {most}").format(
            name=name, line=line, columns=f"{columns:,}", most=f"{MOST_COLUMNS:,}"
        ),
        _("This is not a table of rows; export the file again."),
    )


def disguised(name: str, ending: str, what: str) -> RefusedError:
    """Text of another kind under the name of a sheet."""
    return RefusedError(
        _("{name} is {what} saved with the ending {ending}").format(name=name, what=what, ending=ending or "-"),
        _("Open it in Excel and save it as .xlsx."),
    )


def unread(name: str, sheet: str) -> RefusedError:
    """A sheet with cells of which the parser sees none."""
    return RefusedError(
        _("{name}: sheet {sheet} holds cells that cannot be read").format(name=name, sheet=sheet),
        _("Open it in Excel and save it again."),
    )
