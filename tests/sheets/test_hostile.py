"""Files that ask for too much, and odd ones, as somebody imports them."""

import datetime as dt
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.sheets import bombs, made, written
from tests.sheets.guarding import SECONDS
from tests.sheets.lines import SIMPLE
from tests.tables import is_there

LINES = [[dt.date(2024, 5, 3), "甲", "I9300", 1, net] for net in range(1, 21)]


def sales(change: Callable[[bytes], bytes]) -> Callable[[Path], Path]:
    """A sheet of twenty sale lines whose XML is changed."""

    def make(folder: Path) -> Path:
        plain = written.xlsx(folder / "plain.xlsx", [SIMPLE, *LINES])
        return made.bent(plain, folder / "bad.xlsx", lambda name, old: change(old) if name == made.WORKSHEET else old)

    return make


def bomb(pieces: bombs.Pieces) -> Callable[[Path], Path]:
    return lambda folder: bombs.bomb(written.xlsx(folder / "plain.xlsx", [SIMPLE, *LINES]), folder / "bad.xlsx", pieces)


def holding(content: bytes) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        (folder / "bad.xlsx").write_bytes(content)
        return folder / "bad.xlsx"

    return make


def dimension(reference: bytes) -> Callable[[Path], Path]:
    return sales(lambda xml: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="' + reference + b'"', xml))


def with_row(row: bytes) -> Callable[[Path], Path]:
    return sales(lambda xml: xml.replace(b"</sheetData>", row + b"</sheetData>"))


TOO_BIG = "bad.xlsx unpacks to far more than a workbook of its size does"
SPREADSHEET_ML = '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'
REFUSED: dict[str, tuple[Callable[[Path], Path], str]] = {
    "300 MiB of spaces": (bomb(bombs.spaces), TOO_BIG),
    "300 MiB of rows": (bomb(bombs.rows), TOO_BIG),
    "300 MiB of strings": (bomb(bombs.strings), TOO_BIG),
    "a cell of 300 MiB": (bomb(bombs.one_cell), TOO_BIG),
    "an attribute of 300 MiB": (bomb(bombs.attribute), TOO_BIG),
    "70,000 members": (
        holding(made.zipped({f"xl/{number}": b"" for number in range(70_000)})),
        "bad.xlsx is made of more than 5,000 parts; no workbook is",
    ),
    "an external DTD": (
        sales(lambda xml: xml.replace(b"?>", b'?><!DOCTYPE a SYSTEM "http' + b'://127.0.0.1:9/a.dtd">', 1)),
        f"bad.xlsx carries a document type declaration ({made.WORKSHEET}); no spreadsheet program writes one",
    ),
    "UTF-16": (
        sales(lambda xml: xml.decode().replace("UTF-8", "UTF-16").encode("utf-16")),
        f"bad.xlsx is written in UTF-16 ({made.WORKSHEET}), which would be read as an empty sheet",
    ),
    "a stray cell": (
        with_row(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
        f"bad.xlsx ({made.WORKSHEET}) reaches to cell XFD1048576; filled cells: 106",
    ),
    "a far row": (
        with_row(b'<row r="99999999"><c r="A99999999"><v>1</v></c></row>'),
        "bad.xlsx has cells beyond row 1,048,576 or column XFD, where a sheet ends",
    ),
    "rows after an empty sheet": (
        sales(lambda xml: xml.replace(b"<sheetData>", b"<sheetData/><sheetData>")),
        "bad.xlsx: sheet 销售 holds cells that cannot be read",
    ),
    "bit rot": (sales(lambda xml: xml[: len(xml) // 2]), "bad.xlsx is damaged and cannot be read"),
    "a password": (holding(made.ole("EncryptionInfo", "EncryptedPackage")), "bad.xlsx is protected by a password"),
    "SpreadsheetML 2003": (
        holding(SPREADSHEET_ML.encode()),
        "bad.xlsx is an XML file saved with the ending .xlsx",
    ),
    "random bytes": (holding(bytes(range(256)) * 40), "bad.xlsx is damaged and cannot be read"),
    "nothing": (holding(b""), "bad.xlsx is empty"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_bad_file_is_refused_soon_and_nothing_is_written(what: str, ch: Run, tmp_path: Path) -> None:
    make, message = REFUSED[what]
    path = make(tmp_path)
    started = time.monotonic()
    done = ch("import", path)
    assert time.monotonic() - started < SECONDS
    assert (done.code, done.out.splitlines()[0]) == (3, f"{message}; nothing was written")
    assert done.out.splitlines()[1].startswith("  ")
    assert not is_there(tmp_path / "channel.db")


HARMLESS: dict[str, Callable[[Path], Path]] = {
    "nothing wrong": sales(lambda xml: xml),
    "a dimension of one cell": dimension(b"A1"),
    "a dimension of everything": dimension(b"A1:XFD1048576"),
    "a comment": sales(lambda xml: xml.replace(b"<sheetData>", b"<!-- </sheetData> --><sheetData>")),
    "a megabyte of spaces": sales(lambda xml: xml.replace(b"<sheetData>", b" " * made.MIB + b"<sheetData>")),
    "an .xls in disguise": lambda folder: written.xls(folder / "bad.xlsx", [SIMPLE, *LINES]),
    "an .ods in disguise": lambda folder: written.ods(folder / "bad.ods", [SIMPLE, *LINES]).rename(folder / "bad.xls"),
    "cells of 32,767 characters": lambda folder: written.xlsx(
        folder / "bad.xlsx", [[*SIMPLE, "备注"], *([*line, "x" * 32_767] for line in LINES)]
    ),
    "escape codes": lambda folder: written.xlsx(
        folder / "bad.xlsx", [SIMPLE, *([day, "甲_x001B_[2J", *rest] for day, _customer, *rest in LINES)]
    ),
}


@pytest.mark.parametrize("what", HARMLESS)
def test_an_odd_file_is_read_whole(what: str, ch: Run, tmp_path: Path) -> None:
    done = ch("import", HARMLESS[what](tmp_path), "--format", "json")
    (row,) = done.data["rows"]
    assert (done.code, row["rows"], row["new"], row["net_sales"]) == (0, 20, 20, 210.0)
    assert "\x1b" not in ch("customer", "list").out
