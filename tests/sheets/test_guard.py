"""Files that ask for more than a sheet does are refused before anything parses them; honest ones are let in."""

import hashlib
import tracemalloc
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from channelctl.sheets import guard
from tests.sheets.bombs import Pieces, attribute, bomb, one_cell, rows, spaces, strings
from tests.sheets.guarding import check, refusal

from . import made


def test_honest_workbooks_are_let_in(good: Path, good_ods: Path) -> None:
    assert check(good) == "xlsx"
    assert check(good_ods) == "ods"


# Size


@pytest.mark.parametrize("pieces", [spaces, rows, one_cell, attribute, strings], ids=lambda f: f.__name__)
def test_a_small_file_that_unpacks_to_300_mib_is_refused(pieces: Pieces, good: Path, tmp_path: Path) -> None:
    assert (
        refusal(bomb(good, tmp_path / "bomb.xlsx", pieces))
        == "bomb.xlsx unpacks to far more than a workbook of its size does"
    )


def test_a_directory_that_lies_about_the_size_is_not_believed(good: Path, tmp_path: Path) -> None:
    path = bomb(good, tmp_path / "bomb.xlsx", rows)
    made.understated(path, made.WORKSHEET)
    with zipfile.ZipFile(path) as archive:
        assert archive.getinfo(made.WORKSHEET).file_size == 100
    tracemalloc.start()
    try:
        assert refusal(path) == "bomb.xlsx unpacks to far more than a workbook of its size does"
        assert tracemalloc.get_traced_memory()[1] < 64 * made.MIB
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("member", [made.WORKSHEET, made.STRINGS])
def test_a_cell_of_many_megabytes_is_refused_however_badly_it_packs(member: str, good: Path, tmp_path: Path) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"<sst><si><t>"
        yield from (hashlib.sha256(b"%d" % number).hexdigest().encode() for number in range(40_000))
        yield b"</t></si></sst>"

    path = made.swollen(good, tmp_path / "long.xlsx", member, pieces())
    assert refusal(path) == f"long.xlsx ({member.lower()}) holds a text of more than 1,048,576 characters; no cell does"


def test_long_texts_where_no_cells_are_do_not_matter(good: Path, tmp_path: Path) -> None:
    path = tmp_path / "picture.xlsx"
    path.write_bytes(good.read_bytes())
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/media/image1.svg", b'<svg a="' + b"x" * 2 * made.MIB + b'"/>', zipfile.ZIP_STORED)
        archive.writestr("customXml/item1.xml", b"<a>" + b"x" * 2 * made.MIB + b"</a>", zipfile.ZIP_STORED)
    assert check(path) == "xlsx"


def test_size_needs_both_the_floor_and_the_ratio(good: Path, tmp_path: Path) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"<sst>" + b"<si/>" * (2 * made.MIB // 5) + b"</sst>"

    path = made.swollen(good, tmp_path / "spaces.xlsx", made.STRINGS, pieces())
    times = 2 * made.MIB // path.stat().st_size
    assert check(path, guard.Limits(unpacked=3 * made.MIB, ratio=1)) == "xlsx"
    assert check(path, guard.Limits(unpacked=1, ratio=times * 2)) == "xlsx"
    assert "unpacks" in refusal(path, guard.Limits(unpacked=made.MIB, ratio=times // 2))


@pytest.mark.parametrize("count", [5_001, 70_000])
def test_too_many_members_are_refused(count: int, tmp_path: Path) -> None:
    path = tmp_path / "many.xlsx"
    path.write_bytes(made.zipped({f"xl/{number}": b"" for number in range(count)}))
    assert refusal(path) == "many.xlsx is made of more than 5,000 parts; no workbook is"


def test_exactly_as_many_members_as_allowed_pass(good: Path) -> None:
    with zipfile.ZipFile(good) as archive:
        count = len(archive.namelist())
    assert check(good, guard.Limits(members=count)) == "xlsx"
    assert "parts" in refusal(good, guard.Limits(members=count - 1))


# What the parts say of themselves


def test_an_encrypted_member_asks_for_a_password(good: Path, tmp_path: Path) -> None:
    content = bytearray(good.read_bytes())
    at = content.index(b"PK\1\2")
    content[at + 8] |= 1
    path = tmp_path / "locked.xlsx"
    path.write_bytes(content)
    assert refusal(path) == "locked.xlsx is protected by a password"


def test_an_encrypted_ods_asks_for_a_password(good_ods: Path, tmp_path: Path) -> None:
    manifest = (
        b"<manifest:manifest><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>"
    )
    path = made.bent(
        good_ods, tmp_path / "locked.ods", lambda name, old: manifest if name == "META-INF/manifest.xml" else old
    )
    assert refusal(path) == "locked.ods is protected by a password"


LAUGHS = b'<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;">]>'
OUTSIDE = b'<!DOCTYPE a SYSTEM "file:///etc/passwd">'


@pytest.mark.parametrize("member", [made.WORKSHEET, made.STRINGS, "xl/workbook.xml", "docProps/app.xml"])
@pytest.mark.parametrize("doctype", [LAUGHS, OUTSIDE], ids=["entities", "external"])
def test_a_document_type_is_refused_in_every_part(doctype: bytes, member: str, good: Path, tmp_path: Path) -> None:
    def change(name: str, old: bytes) -> bytes:
        return old.replace(b"?>", b"?>" + doctype, 1) if name == member else old

    message = refusal(made.bent(good, tmp_path / "dtd.xlsx", change))
    assert message == (
        f"dtd.xlsx carries a document type declaration ({member.lower()}); no spreadsheet program writes one"
    )


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_sheet_in_utf16_is_refused_since_it_would_read_as_empty(encoding: str, good: Path, tmp_path: Path) -> None:
    def change(name: str, old: bytes) -> bytes:
        return old.decode().replace("UTF-8", "UTF-16").encode(encoding) if name == made.WORKSHEET else old

    message = refusal(made.bent(good, tmp_path / "wide.xlsx", change))
    assert message == f"wide.xlsx is written in UTF-16 ({made.WORKSHEET}), which would be read as an empty sheet"


def test_a_part_that_says_it_is_gbk_is_refused(good: Path, tmp_path: Path) -> None:
    def change(name: str, old: bytes) -> bytes:
        return old.decode().replace("UTF-8", "GBK").encode("gbk") if name == made.STRINGS else old

    assert "is written in GBK" in refusal(made.bent(good, tmp_path / "gbk.xlsx", change))


def test_parts_that_carry_no_cells_may_be_utf16_or_binary(good: Path, tmp_path: Path) -> None:
    path = tmp_path / "extras.xlsx"
    path.write_bytes(good.read_bytes())
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("customXml/item1.xml", '<?xml version="1.0" encoding="utf-16"?><DataMashup/>'.encode("utf-16"))
        archive.writestr("xl/media/image1.png", b"\x89PNG" + b'<c r="XFD1048576">' * 10)
        archive.writestr("xl/printerSettings/printerSettings1.bin", b"\0\1\0")
    assert check(path) == "xlsx"
