"""Damaged files."""

import struct
import zipfile
from pathlib import Path

import pytest

from channelctl.errors import RefusedError
from channelctl.sheets.read import open_book
from tests.sheets.guarding import refusal

from . import made


def test_a_file_cut_anywhere_is_damaged(good: Path, tmp_path: Path) -> None:
    content = good.read_bytes()
    path = tmp_path / "cut.xlsx"
    for length in range(4, len(content), 61):
        path.write_bytes(content[:length])
        assert refusal(path) == "cut.xlsx is damaged and cannot be read"


def test_a_flipped_byte_never_changes_a_cell(good: Path, tmp_path: Path) -> None:
    content = good.read_bytes()
    with open_book(good) as book:
        rows = list(book.sheets[0].rows())
    path = tmp_path / "flipped.xlsx"
    refused = 0
    for at in range(4, len(content), 7):
        path.write_bytes(content[:at] + bytes([content[at] ^ 0x15]) + content[at + 1 :])
        try:
            with open_book(path) as book:
                assert list(book.sheets[0].rows()) == rows
        except RefusedError:
            refused += 1
    assert refused > len(content) // 7 // 2


@pytest.mark.parametrize("end", [b"", b"</sheetData>", b"</worksheet", b"</sheetData></worksheets>"])
def test_a_worksheet_without_its_end_is_damaged(end: bytes, good: Path, tmp_path: Path) -> None:
    path = made.bent(
        good, tmp_path / "cut.xlsx", lambda name, old: b"<worksheet>" + end if name == made.WORKSHEET else old
    )
    assert refusal(path) == "cut.xlsx is damaged and cannot be read"


def test_a_compression_that_office_never_uses_is_damaged(good: Path, tmp_path: Path) -> None:
    path = tmp_path / "bz.xlsx"
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_BZIP2) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    assert refusal(path) == "bz.xlsx is damaged and cannot be read"


def test_an_xls_whose_counters_ask_for_a_terabyte_is_damaged(tmp_path: Path) -> None:
    path = made.xls(tmp_path / "far.xls", {(0, 0): 1, (6, 2): 3})
    content = bytearray(path.read_bytes())
    at = content.index(struct.pack("<HHHH", 0x027E, 10, 6, 2))
    content[at + 4 : at + 8] = struct.pack("<HH", 65_535, 65_535)
    path.write_bytes(content)
    with pytest.raises(RefusedError) as caught, open_book(path):
        pass
    assert caught.value.message == "far.xls is damaged and cannot be read"
