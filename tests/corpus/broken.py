"""Files that are cut, rotten, empty, locked or something else than they say."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.corpus.kit import TABLE, Case, Make, luck, member, raw, refused, text, xlsx
from tests.sheets import made

DAMAGED = "is damaged and cannot be read"


def changed(name: str, change: Callable[[bytes, Any], bytes]) -> Make:
    """The workbook with its bytes changed by the chances of the case's name."""

    def build(folder: Path) -> Path:
        path = xlsx(TABLE)(folder)
        path.write_bytes(change(path.read_bytes(), luck(name)))
        return path

    return build


def cut(name: str) -> Case:
    """The workbook cut somewhere."""
    return Case(
        name, changed(name, lambda content, chance: content[: chance.randrange(4, len(content) - 1)]), refused()
    )


def rotten(name: str) -> Case:
    """The workbook with one bit flipped within what its sheet is packed into: refused by its checksum."""

    def change(content: bytes, chance: Any) -> bytes:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            info = archive.getinfo(made.WORKSHEET)
        start = info.header_offset + 30 + len(info.filename)
        at = start + chance.randrange(info.compress_size)
        return content[:at] + bytes([content[at] ^ (1 << chance.randrange(8))]) + content[at + 1 :]

    return Case(name, changed(name, change), refused(DAMAGED))


def locked(folder: Path) -> Path:
    path = xlsx(TABLE)(folder)
    content = bytearray(path.read_bytes())
    at = content.find(b"PK\1\2")
    while at >= 0:
        content[at + 8] |= 1
        at = content.find(b"PK\1\2", at + 1)
    path.write_bytes(content)
    return path


CASES = (
    *(cut(f"cut short, {number}") for number in range(20)),
    *(rotten(f"a flipped bit, {number}") for number in range(20)),
    Case("empty", raw(b"", "a.xlsx"), refused("is empty")),
    Case("an empty csv", raw(b"", "a.csv"), refused("is empty")),
    Case("blanks only", raw(b" \r\n\t \r\n", "a.csv"), refused("is empty")),
    Case("a mark only", raw(b"\xef\xbb\xbf", "a.csv"), refused("is empty")),
    *(
        Case(f"random bytes, {number}", raw(luck(f"random {number}").randbytes(5_000), f"a.{end}"), refused())
        for number, end in enumerate(("xlsx", "xls", "ods", "csv"))
    ),
    *(
        Case(
            f"a zip head and random bytes, {number}",
            raw(b"PK\3\4" + luck(f"zip {number}").randbytes(3_000), "a.xlsx"),
            refused(DAMAGED),
        )
        for number in range(3)
    ),
    Case(
        "an OLE head and random bytes",
        raw(made.ole("Workbook") + luck("ole").randbytes(5_000), "a.xls"),
        refused(DAMAGED),
    ),
    Case("a picture", raw(b"\x89PNG\r\n\x1a\n" + bytes(50), "a.xlsx"), refused("PNG")),
    Case("a PDF", raw(b"%PDF-1.7\n", "a.xlsx"), refused("PDF")),
    Case(
        "a web page named xls", text("<html><table><tr><td>日期</td></tr></table></html>", "a.xls"), refused("web page")
    ),
    Case("SpreadsheetML named xls", text('<?xml version="1.0"?><Workbook/>', "a.xls"), refused("XML")),
    Case("a zip that is no workbook", raw(made.zipped({"a.txt": b"x"}), "a.xlsx"), refused("zip archive")),
    Case("a Word document", raw(made.zipped({"word/document.xml": b"<x/>"}), "a.xlsx"), refused("Word")),
    Case("an old Word document", raw(made.ole("WordDocument"), "a.xls"), refused("Word")),
    Case("a workbook with a password", raw(made.ole("EncryptedPackage"), "a.xlsx"), refused("password")),
    Case("a zip with a password", locked, refused("password")),
    Case("no workbook part", member("xl/workbook.xml", lambda _old: None), refused()),
    Case("no sheet part", member(made.WORKSHEET, lambda _old: None), refused(DAMAGED)),
    Case("a sheet without its end", member(made.WORKSHEET, lambda old: old[:-20]), refused(DAMAGED)),
    Case("a database", raw(b"SQLite format 3\0" + bytes(100), "a.csv"), refused("database")),
)
