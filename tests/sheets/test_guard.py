"""Files that ask for more than a sheet does are refused before anything parses them; honest ones are let in."""

import datetime as dt
import hashlib
import re
import struct
import time
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from itertools import repeat
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channelctl.errors import RefusedError
from channelctl.sheets import extent, guard
from channelctl.sheets.extent import Extent
from channelctl.sheets.read import open_book
from tests.conftest import Run
from tests.sheets import written

from . import made

SECONDS = 20


def check(path: Path, limits: guard.Limits = guard.DEFAULT_LIMITS) -> guard.Kind:
    with path.open("rb") as file:
        return guard.check_zip(file, path.name, path.stat().st_size, limits).kind


def refusal(path: Path, limits: guard.Limits = guard.DEFAULT_LIMITS) -> str:
    """What is said, after making sure that it is said soon and says what to do."""
    started = time.monotonic()
    with pytest.raises(RefusedError) as caught:
        check(path, limits)
    assert time.monotonic() - started < SECONDS
    assert caught.value.message.startswith(path.name)
    assert caught.value.hint
    return caught.value.message


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made.xlsx(tmp_path_factory.mktemp("good") / "good.xlsx")


@pytest.fixture(scope="module")
def good_ods(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made.ods(tmp_path_factory.mktemp("good") / "good.ods")


def test_honest_workbooks_are_let_in(good: Path, good_ods: Path) -> None:
    assert check(good) == "xlsx"
    assert check(good_ods) == "ods"


# Size


def spaces() -> Iterator[bytes]:
    yield b"<worksheet><sheetData>"
    yield from repeat(b" " * made.MIB, 300)
    yield b"</sheetData></worksheet>"


def rows() -> Iterator[bytes]:
    yield b"<worksheet><sheetData>"
    yield from repeat(b"<row/>" * (made.MIB // 6), 300)
    yield b"</sheetData></worksheet>"


def one_cell() -> Iterator[bytes]:
    yield b'<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>'
    yield from repeat(b"x" * made.MIB, 300)
    yield b"</t></is></c></row></sheetData></worksheet>"


def attribute() -> Iterator[bytes]:
    yield b'<worksheet a="'
    yield from repeat(b"x" * made.MIB, 300)
    yield b'"><sheetData/></worksheet>'


def strings() -> Iterator[bytes]:
    yield b"<sst>"
    yield from repeat(b"<si><t>x</t></si>" * (made.MIB // 17), 300)
    yield b"</sst>"


@pytest.mark.parametrize("pieces", [spaces, rows, one_cell, attribute, strings], ids=lambda f: f.__name__)
def test_a_small_file_that_unpacks_to_300_mib_is_refused(
    pieces: Callable[[], Iterator[bytes]], good: Path, tmp_path: Path
) -> None:
    member = "xl/sharedStrings.xml" if pieces is strings else made.WORKSHEET
    bomb = made.swollen(good, tmp_path / "bomb.xlsx", member, pieces())
    assert refusal(bomb) == "bomb.xlsx unpacks to far more than a workbook of its size does"


def test_a_directory_that_lies_about_the_size_is_not_believed(good: Path, tmp_path: Path) -> None:
    bomb = made.swollen(good, tmp_path / "bomb.xlsx", made.WORKSHEET, rows())
    made.understated(bomb, made.WORKSHEET)
    with zipfile.ZipFile(bomb) as archive:
        assert archive.getinfo(made.WORKSHEET).file_size == 100
    tracemalloc.start()
    try:
        assert refusal(bomb) == "bomb.xlsx unpacks to far more than a workbook of its size does"
        assert tracemalloc.get_traced_memory()[1] < 64 * made.MIB
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("member", [made.WORKSHEET, "xl/sharedStrings.xml"])
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

    path = made.swollen(good, tmp_path / "spaces.xlsx", "xl/sharedStrings.xml", pieces())
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


@pytest.mark.parametrize("member", [made.WORKSHEET, "xl/sharedStrings.xml", "xl/workbook.xml", "docProps/app.xml"])
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
        return old.decode().replace("UTF-8", "GBK").encode("gbk") if name == "xl/sharedStrings.xml" else old

    assert "is written in GBK" in refusal(made.bent(good, tmp_path / "gbk.xlsx", change))


def test_parts_that_carry_no_cells_may_be_utf16_or_binary(good: Path, tmp_path: Path) -> None:
    path = tmp_path / "extras.xlsx"
    path.write_bytes(good.read_bytes())
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("customXml/item1.xml", '<?xml version="1.0" encoding="utf-16"?><DataMashup/>'.encode("utf-16"))
        archive.writestr("xl/media/image1.png", b"\x89PNG" + b'<c r="XFD1048576">' * 10)
        archive.writestr("xl/printerSettings/printerSettings1.bin", b"\0\1\0")
    assert check(path) == "xlsx"


# The bounding box

FAR_OFF = {
    "plainly": b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    "without its row": b'<c r="XFD1048576"><v>1</v></c>',
    "as inline text": b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>',
    "as a formula": b'<row r="1048576"><c r="XFD1048576"><f>1+1</f></c></row>',
    "in small letters": b'<row r="1048576"><c r="xfd1048576"><v>1</v></c></row>',
    "in single quotes": b"<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>",
    "with spaces": b'<row r="1048576"><c   r = "XFD1048576"  ><v>1</v></c></row>',
    "with a line break": b'<row r="1048576"><c\nr="XFD1048576"><v>1</v></c></row>',
    "style first": b'<row r="1048576"><c s="1" r="XFD1048576"><v>1</v></c></row>',
    "behind another attribute": b'<row r="2"><c x=" r=\'A1\'" r="XFD1048576"><v>1</v></c></row>',
    "with a > before it": b'<row r="2"><c x=">" r="XFD1048576"><v>1</v></c></row>',
    "with a prefix": b'<x:row r="1048576"><x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>',
    "by counting rows": b"<row/>" * 999_999 + b'<row><c r="ZZ1000000"><v>1</v></c></row>',
    "by counting prefixed cells": b'<row r="900000">' + b"<x:c/>" * 9_999 + b"<x:c><v>1</v></x:c></row>",
    "in the middle of the columns": b'<row r="700000"><c r="AD700000"><v>1</v></c></row>',
    "in a few columns": b'<row r="1048576"><c r="T1048576"><v>1</v></c></row>',
}


@pytest.mark.parametrize("how", FAR_OFF)
def test_a_cell_far_from_the_others_is_refused(how: str, good: Path, tmp_path: Path) -> None:
    first = b'<row r="1"><c r="A1"><v>1</v></c></row>'
    path = made.with_sheet(good, tmp_path / "far.xlsx", first + FAR_OFF[how], b"<?xml version='1.0'?>")
    content = zipfile.ZipFile(path).read(made.WORKSHEET).replace(b"<worksheet ", b'<worksheet xmlns:x="y" ')
    path = made.bent(path, tmp_path / "far2.xlsx", lambda name, old: content if name == made.WORKSHEET else old)
    message = refusal(path, guard.Limits(ratio=1_000_000))
    assert message.startswith(f"far2.xlsx ({made.WORKSHEET}) reaches to cell ")
    assert message.endswith("; filled cells: 2")


@pytest.mark.parametrize(
    "cell",
    [
        b'<row r="99999999"><c r="A99999999"><v>1</v></c></row>',
        b'<row r="99999999"><c><v>1</v></c></row>',
        b'<row r="1048577"><c r="A1048577"><v>1</v></c></row>',
        b'<row r="1"><c r="XFE1"><v>1</v></c></row>',
        b'<row r="1"><c r="AAAA1"><v>1</v></c></row>',
        b'<row r="1"><c r="A4294967297"><v>1</v></c></row>',
    ],
    ids=lambda cell: cell[:40].decode(),
)
def test_a_cell_beyond_the_largest_sheet_is_refused(cell: bytes, good: Path, tmp_path: Path) -> None:
    path = made.with_sheet(good, tmp_path / "beyond.xlsx", cell)
    message = refusal(path, guard.Limits(ratio=1_000_000))
    assert message == "beyond.xlsx has cells beyond row 1,048,576 or column XFD, where a sheet ends"


@pytest.mark.parametrize(
    "cell",
    [
        b'<row r="1048576"><c r="XFD1048576" s="1"/></row>',
        b'<row r="1048576" ht="15"/>',
        b'<row r="9"><c r="CV9"/></row>',
    ],
    ids=lambda cell: cell[:40].decode(),
)
def test_a_far_off_format_without_a_value_is_harmless(cell: bytes, good: Path, tmp_path: Path) -> None:
    path = made.with_sheet(good, tmp_path / "styled.xlsx", b'<row r="1"><c r="A1"><v>1</v></c></row>' + cell)
    assert check(path) == "xlsx"
    with open_book(path) as book:
        assert list(book.sheets[0].rows()) == [[1.0]]


def test_a_full_sheet_is_let_in_at_a_glance() -> None:
    glance = extent.Glance()
    cells = "".join(f'<c r="{letter}%d"><v>1</v></c>' for letter in "ABCDEFGHIJ")
    for first in range(1, 1_048_577, 4_096):
        glance.feed("".join(cells.replace("%d", str(row)) for row in range(first, first + 4_096)).encode())
    glance.feed(b"", last=True)
    assert not glance.unclear
    assert (glance.extent.rows, glance.extent.columns) == (1_048_576, 26)
    assert guard.DEFAULT_LIMITS.allows(glance.extent)


@pytest.mark.parametrize(
    ("reach", "allowed"),
    [
        (Extent(1_000, 16_384, 1), True),
        (Extent(1_000_000, 20, 1), True),
        (Extent(1_000_000, 21, 1), False),
        (Extent(1_000_000, 21, 210_000), True),
        (Extent(1_000_000, 21, 209_999), False),
        (Extent(1_048_576, 190, 1_048_576 * 190), True),
        (Extent(1_048_576, 200, 1_048_576 * 200), False),
        (Extent(0, 0, 0), True),
    ],
)
def test_the_box_rule(reach: Extent, allowed: bool) -> None:
    assert guard.DEFAULT_LIMITS.allows(reach) is allowed


@pytest.mark.parametrize(
    ("letters", "number"), [("A", 1), ("Z", 26), ("AA", 27), ("ZZ", 702), ("AAA", 703), ("XFD", 16_384)]
)
def test_column_letters(letters: str, number: int) -> None:
    assert extent.column_number(letters) == number
    assert extent.column_letters(number) == letters


WAYS = (
    '<c r="{}"><v>1</v></c>',
    '<c r="{}" s="3" t="s"><v>1</v></c>',
    '<c s="3" r="{}"><v>1</v></c>',
    "<c r='{}'><v>1</v></c>",
)
PLACES = st.tuples(st.integers(1, 1_048_576), st.integers(1, 16_384)) | st.tuples(
    st.integers(1, 50), st.integers(1, 30)
)


@settings(deadline=None)
@given(
    st.lists(st.tuples(PLACES, st.sampled_from(WAYS[:2]) | st.sampled_from(WAYS)), max_size=30),
    st.integers(1, 400),
)
def test_a_glance_never_falls_short(cells: list[tuple[tuple[int, int], str]], size: int) -> None:
    data = "".join(way.format(extent.column_letters(column) + str(row)) for (row, column), way in cells)
    xml = f"<worksheet><sheetData>{data}</sheetData></worksheet>".encode()
    glance, exact = extent.Glance(), extent.WorksheetExtent()
    for start in range(0, len(xml), size):
        glance.feed(xml[start : start + size])
        exact.feed(xml[start : start + size])
    glance.feed(b"", last=True)
    exact.feed(b"", last=True)
    rows = max((row for (row, _column), _way in cells), default=0)
    columns = max((column for (_row, column), _way in cells), default=0)
    assert exact.extents == [Extent(rows, columns, len(cells))]
    assert glance.unclear == any(way in WAYS[2:] for _place, way in cells)
    assert glance.unclear or (glance.extent.rows >= rows and glance.extent.columns >= columns)
    assert glance.extent.filled <= len(cells)


# OpenDocument

CONTENT = (
    '<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><office:body><office:spreadsheet>'
    '<table:table table:name="a">{}</table:table></office:spreadsheet></office:body></office:document-content>'
)
ONE = '<table:table-cell office:value-type="float" office:value="1"/>'


def ods_with(source: Path, target: Path, table: str) -> Path:
    return made.bent(source, target, lambda name, old: CONTENT.format(table).encode() if name == "content.xml" else old)


def row(inside: str, times: int = 1) -> str:
    return f'<table:table-row table:number-rows-repeated="{times}">{inside}</table:table-row>'


def blank(times: int) -> str:
    return f'<table:table-cell table:number-columns-repeated="{times}"/>'


@pytest.mark.parametrize(
    "table",
    [
        row("", 1_000_000) + row(blank(500) + ONE),
        row(blank(16_383) + ONE, 1_048_576),
        row('<table:table-cell table:number-columns-repeated="16384"><text:p>x</text:p></table:table-cell>', 9_999),
        row('<table:covered-table-cell table:number-columns-repeated="16383"/>' + ONE, 99_999),
        "<table:table-row-group>" + row("", 1_000_000) + "</table:table-row-group>" + row(blank(500) + ONE),
    ],
)
def test_an_ods_that_repeats_itself_too_far_is_refused(table: str, good_ods: Path, tmp_path: Path) -> None:
    message = refusal(ods_with(good_ods, tmp_path / "far.ods", table))
    assert message.startswith("far.ods (content.xml) reaches to cell ")
    assert message.endswith("; filled cells: 1")


@pytest.mark.parametrize(
    "table",
    [
        row("", 1_048_576) + row(ONE),
        row(blank(16_384) + ONE),
        row(
            f'<table:table-cell office:value-type="string"><text:p><text:s text:c="{10**9}"/></text:p>'
            "</table:table-cell>"
        ),
    ],
)
def test_an_ods_beyond_the_largest_sheet_is_refused(table: str, good_ods: Path, tmp_path: Path) -> None:
    message = refusal(ods_with(good_ods, tmp_path / "far.ods", table))
    assert message == "far.ods has cells beyond row 1,048,576 or column XFD, where a sheet ends"


@pytest.mark.parametrize(
    "table",
    [
        row(ONE + blank(16_383)) + row(blank(16_384), 1_048_575),
        row(ONE) + row("", 999_999) + '</table:table><table:table table:name="b">' + row(blank(9_999) + ONE),
    ],
    ids=["blank to the end", "a long and a wide sheet"],
)
def test_an_ods_that_only_repeats_blanks_is_let_in(table: str, good_ods: Path, tmp_path: Path) -> None:
    path = ods_with(good_ods, tmp_path / "blank.ods", table)
    assert check(path) == "ods"
    with open_book(path) as book:
        assert list(book.sheets[0].rows()) == [[1.0]]


@pytest.mark.parametrize(
    "change",
    [
        lambda xml: xml[: len(xml) // 2],
        lambda xml: xml.replace(b"</table:table>", b"</table:tab>"),
        lambda xml: xml.replace(b'repeated="4"', b'repeated="four"'),
        lambda xml: b"",
    ],
    ids=["cut", "wrong end tag", "not a number", "empty"],
)
def test_an_ods_that_is_not_well_formed_is_damaged(
    change: Callable[[bytes], bytes], good_ods: Path, tmp_path: Path
) -> None:
    path = made.bent(good_ods, tmp_path / "bad.ods", lambda name, old: change(old) if name == "content.xml" else old)
    assert refusal(path) == "bad.ods is damaged and cannot be read"


# Damage


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


# As somebody imports them

HEAD = ["日期", "客户名称", "型号", "数量", "金额"]
LINES = [[dt.date(2024, 5, 3), "甲", "I9300", 1, net] for net in range(1, 21)]


def sales(change: Callable[[bytes], bytes]) -> Callable[[Path], Path]:
    """A sheet of twenty sale lines whose XML is changed."""

    def make(folder: Path) -> Path:
        plain = written.xlsx(folder / "plain.xlsx", [HEAD, *LINES])
        return made.bent(plain, folder / "bad.xlsx", lambda name, old: change(old) if name == made.WORKSHEET else old)

    return make


def bomb(member: str, pieces: Callable[[], Iterator[bytes]]) -> Callable[[Path], Path]:
    return lambda folder: made.swollen(
        written.xlsx(folder / "plain.xlsx", [HEAD, *LINES]), folder / "bad.xlsx", member, pieces()
    )


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
    "300 MiB of spaces": (bomb(made.WORKSHEET, spaces), TOO_BIG),
    "300 MiB of rows": (bomb(made.WORKSHEET, rows), TOO_BIG),
    "300 MiB of strings": (bomb("xl/sharedStrings.xml", strings), TOO_BIG),
    "a cell of 300 MiB": (bomb(made.WORKSHEET, one_cell), TOO_BIG),
    "an attribute of 300 MiB": (bomb(made.WORKSHEET, attribute), TOO_BIG),
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
    assert not (tmp_path / "channel.db").exists()


HARMLESS: dict[str, Callable[[Path], Path]] = {
    "nothing wrong": sales(lambda xml: xml),
    "a dimension of one cell": dimension(b"A1"),
    "a dimension of everything": dimension(b"A1:XFD1048576"),
    "a comment": sales(lambda xml: xml.replace(b"<sheetData>", b"<!-- </sheetData> --><sheetData>")),
    "a megabyte of spaces": sales(lambda xml: xml.replace(b"<sheetData>", b" " * made.MIB + b"<sheetData>")),
    "an .xls in disguise": lambda folder: written.xls(folder / "bad.xlsx", [HEAD, *LINES]),
    "an .ods in disguise": lambda folder: written.ods(folder / "bad.ods", [HEAD, *LINES]).rename(folder / "bad.xls"),
    "cells of 32,767 characters": lambda folder: written.xlsx(
        folder / "bad.xlsx", [[*HEAD, "备注"], *([*line, "x" * 32_767] for line in LINES)]
    ),
    "escape codes": lambda folder: written.xlsx(
        folder / "bad.xlsx", [HEAD, *([day, "甲_x001B_[2J", *rest] for day, _customer, *rest in LINES)]
    ),
}


@pytest.mark.parametrize("what", HARMLESS)
def test_an_odd_file_is_read_whole(what: str, ch: Run, tmp_path: Path) -> None:
    done = ch("import", HARMLESS[what](tmp_path), "--format", "json")
    (row,) = done.data["rows"]
    assert (done.code, row["rows"], row["new"], row["net_sales"]) == (0, 20, 20, 210.0)
    assert "\x1b" not in ch("customer", "list").out
