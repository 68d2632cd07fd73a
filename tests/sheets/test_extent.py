"""How far the cells of a sheet reach: the box that the guard allows."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channelctl.sheets import extent, guard
from channelctl.sheets.extent import Extent
from channelctl.sheets.read import open_book
from tests.sheets.guarding import check, refusal

from . import made

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
