"""What a workbook may ask of the machine, checked before anything parses it."""

import re
import struct
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO, Literal, NamedTuple

from channelctl import threads
from channelctl.errors import RefusedError
from channelctl.i18n import _
from channelctl.sheets import extent
from channelctl.sheets.zips import directory_size, unpacked

Kind = Literal["xlsx", "ods"]
_CHUNK = 1 << 18
_LARGE = 1 << 20
_TABLES = "content.xml"
_DIRECTORY_ENTRY = 1024
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]+)["']""")
_WORKSHEET_END = re.compile(rb"</(?:[^<>:]+:)?worksheet\s*>(?:\s|<!--.*?-->)*\Z", re.DOTALL)
_BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, ValueError, RuntimeError, LookupError, OverflowError)


@dataclass(frozen=True, slots=True)
class Limits:
    """Where a file stops being a sheet that somebody keeps.

    `members` parts in the zip; unpacked bytes over `unpacked` and over `ratio` times the file; a rectangle of cells
    over `box` and over `box_ratio` times the filled ones, or over `box_most` in any case; `cell` characters in a cell
    of a CSV, or bytes in one of a workbook.
    """

    members: int = 5_000
    unpacked: int = 50 << 20
    ratio: int = 100
    box: int = 20_000_000
    box_ratio: int = 100
    box_most: int = 200_000_000
    cell: int = 1 << 20

    @property
    def enough(self) -> int:
        """So many filled cells are never too few."""
        return -(-self.box_most // self.box_ratio)

    def allows(self, reach: extent.Extent) -> bool:
        """Whether the rectangle is small, or filled well enough."""
        box = reach.rows * reach.columns
        return box <= self.box or box <= min(self.box_ratio * reach.filled, self.box_most)


DEFAULT_LIMITS = Limits()


class Harmless(NamedTuple):
    """A zip file that was checked: its parts, and those sheets among them whose cells only a parser can follow."""

    kind: Kind
    members: Sequence[zipfile.ZipInfo]
    unclear: frozenset[str]


def damaged(name: str) -> RefusedError:
    """The file begins like a workbook and does not go on like one."""
    return RefusedError(
        _("{name} is damaged and cannot be read").format(name=name),
        _("Open it in Excel and save it again; if Excel cannot open it either, ask its sender for it once more."),
    )


def protected(name: str) -> RefusedError:
    """The file cannot be read without its password."""
    return RefusedError(
        _("{name} is protected by a password").format(name=name),
        _("Open it in Excel, remove the password (File, Info, Protect Workbook) and save it again."),
    )


def check_zip(file: BinaryIO, name: str, size: int, limits: Limits = DEFAULT_LIMITS) -> Harmless:
    """What a zip file of `size` bytes holds, once it is known to be harmless."""
    try:
        if directory_size(file, size) > limits.members * _DIRECTORY_ENTRY:
            raise _many_members(name, limits)
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            kind = _kind(archive, name)
    except (*_BROKEN, OSError):
        raise damaged(name) from None
    if len(members) > limits.members:
        raise _many_members(name, limits)
    if any(member.flag_bits & 0x1 for member in members):
        raise protected(name)
    allowed = max(limits.unpacked, limits.ratio * size)
    if sum(member.file_size for member in members) > allowed:
        raise _too_big(name)
    unclear: set[str] = set()
    for member in members:
        try:
            allowed -= _check_member(file, member, name, kind, allowed, limits, unclear)
        except (*_BROKEN, extent.MalformedError):
            raise damaged(name) from None
    return Harmless(kind, members, frozenset(unclear))


def _kind(archive: zipfile.ZipFile, name: str) -> Kind:
    names = {member.replace("\\", "/").lower() for member in archive.namelist()}
    folders = {member.partition("/")[0] for member in names}
    if "xl/workbook.bin" in names:
        what = _("a binary workbook (.xlsb)")
    elif "xl" in folders:
        return "xlsx"
    elif "content.xml" in names:
        if b"encryption-data" in _small(archive, "META-INF/manifest.xml"):
            raise protected(name)
        if b"spreadsheet" in _small(archive, "mimetype"):
            return "ods"
        what = _("an OpenDocument file that is not a spreadsheet")
    elif "word" in folders:
        what = _("a Word document")
    elif "ppt" in folders:
        what = _("a PowerPoint presentation")
    elif any(member.endswith(".iwa") for member in names):
        what = _("an Apple Numbers document")
    else:
        raise RefusedError(
            _("{name} is a zip archive, not a workbook").format(name=name),
            _("Unpack it and import the workbooks in it."),
        )
    raise not_a_workbook(name, what)


def _small(archive: zipfile.ZipFile, path: str) -> bytes:
    """A member that is never large; nothing where it is missing."""
    if path not in archive.namelist() or archive.getinfo(path).file_size > _CHUNK:
        return b""
    return archive.read(path)


def not_a_workbook(name: str, what: str) -> RefusedError:
    """The file is `what`, whatever its ending says."""
    return RefusedError(
        _("{name} is {what}, not a workbook that can be read").format(name=name, what=what),
        _("Save the sheet as .xlsx or .csv and import that."),
    )


def _check_member(
    file: BinaryIO,
    member: zipfile.ZipInfo,
    name: str,
    kind: Kind,
    allowed: int,
    limits: Limits,
    unclear: set[str],
) -> int:
    """Bytes the member really unpacks to; added to `unclear` where its cells are written in an unusual way."""
    total, checksum, run, head, tail = 0, 0, 0, b"", b""
    path = member.filename.replace("\\", "/").lower()
    glance = extent.Glance(limits.enough) if kind == "xlsx" else None
    table = extent.TableExtent() if kind == "ods" and path == _TABLES else None
    is_xml = path.endswith((".xml", ".rels"))
    pieces = unpacked(file, member)
    if member.compress_size > _LARGE and threads.allowed():
        pieces = threads.ahead(pieces)
    for chunk in pieces:
        if not total:
            head = chunk[:1024]
            is_xml = is_xml or head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
            if is_xml:
                _check_head(head, name, path)
        total += len(chunk)
        if total > allowed:
            raise _too_big(name)
        checksum = zlib.crc32(chunk, checksum)
        tail = (tail if len(chunk) < 1024 else b"") + chunk[-1024:]
        run = len(chunk) - end if (end := chunk.rfind(b"<")) >= 0 else run + len(chunk)
        if run > limits.cell and path.endswith(".xml") and path.startswith(("xl/", _TABLES)):
            raise _long_cell(name, path, limits)
        if glance and is_xml:
            glance.feed(chunk)
        elif table:
            _follow(table, chunk, name)
    if checksum != member.CRC or total != member.file_size:
        raise zipfile.BadZipFile
    if path.startswith("xl/worksheets/") and path.endswith(".xml") and not _WORKSHEET_END.search(tail):
        raise zipfile.BadZipFile
    if glance:
        _check_worksheet(file, member, name, glance, limits)
        unclear |= {member.filename} if glance.unclear else set()
    elif table:
        _follow(table, b"", name, last=True)
        _check_extents(table.extents, name, path, limits)
    return total


def _check_head(head: bytes, name: str, path: str) -> None:
    if b"<!DOCTYPE" in head:
        raise RefusedError(
            _("{name} carries a document type declaration ({part}); no spreadsheet program writes one").format(
                name=name, part=path
            ),
            _("Open it in Excel and save it again."),
        )
    if not path.startswith(("xl/", _TABLES)):
        return
    declared = _ENCODING.search(head.removeprefix(b"\xef\xbb\xbf"))
    encoding = "UTF-16" if b"\0" in head[:64] else declared[1].decode("ascii", "replace") if declared else "UTF-8"
    if encoding.lower() not in ("utf-8", "utf8", "us-ascii", "ascii"):
        raise RefusedError(
            _("{name} is written in {encoding} ({part}), which would be read as an empty sheet").format(
                name=name, encoding=encoding, part=path
            ),
            _("Open it in Excel and save it again."),
        )


def _check_worksheet(file: BinaryIO, member: zipfile.ZipInfo, name: str, glance: extent.Glance, limits: Limits) -> None:
    """Follow the cells one by one only where a glance could not rule out a far-off one."""
    glance.feed(b"", last=True)
    if not glance.unclear and limits.allows(glance.extent):
        return
    sheet = extent.WorksheetExtent()
    for chunk in unpacked(file, member):
        _follow(sheet, chunk, name)
    _follow(sheet, b"", name, last=True)
    _check_extents(sheet.extents, name, member.filename, limits)


def _follow(sheet: extent.WorksheetExtent | extent.TableExtent, chunk: bytes, name: str, last: bool = False) -> None:
    try:
        sheet.feed(chunk, last)
    except extent.BeyondError:
        raise RefusedError(
            _("{name} has cells beyond row {row} or column {column}, where a sheet ends").format(
                name=name, row=f"{extent.MOST_ROWS:,}", column=extent.column_letters(extent.MOST_COLUMNS)
            ),
            _("Open it in Excel and save it again."),
        ) from None


def _check_extents(extents: list[extent.Extent], name: str, path: str, limits: Limits) -> None:
    for reach in extents:
        if not limits.allows(reach):
            raise RefusedError(
                _("{name} ({part}) reaches to cell {column}{row}; filled cells: {filled}").format(
                    name=name,
                    part=path,
                    column=extent.column_letters(reach.columns),
                    row=reach.rows,
                    filled=f"{reach.filled:,}",
                ),
                _("Delete the rows and columns after your data (Ctrl+End in Excel shows the far-off cell) and save."),
            )


def _many_members(name: str, limits: Limits) -> RefusedError:
    return RefusedError(
        _("{name} is made of more than {count} parts; no workbook is").format(name=name, count=f"{limits.members:,}"),
        _("Open it in Excel and save it again."),
    )


def _long_cell(name: str, path: str, limits: Limits) -> RefusedError:
    return RefusedError(
        _("{name} ({part}) holds a text of more than {count} characters; no cell does").format(
            name=name, part=path, count=f"{limits.cell:,}"
        ),
        _("Open it in Excel and save it again."),
    )


def _too_big(name: str) -> RefusedError:
    return RefusedError(
        _("{name} unpacks to far more than a workbook of its size does").format(name=name),
        _("Open it in Excel, copy the data into a new workbook and save that."),
    )
