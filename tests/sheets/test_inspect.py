"""The second look: what a parser leaves out of a sheet is never taken for a blank or for 0."""

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelctl.errors import RefusedError
from channelctl.sheets.read import open_book
from channelctl.sheets.scan import Exact, Plain
from channelctl.sheets.traces import Traces
from tests.sheets import made


def asking(source: Path, target: Path, calculation: bytes) -> Path:
    """The workbook with this in place of what it says of its calculation."""
    import re

    def change(name: str, old: bytes) -> bytes:
        return re.sub(rb"<calcPr[^>]*/>", calculation, old) if name == "xl/workbook.xml" else old

    return made.bent(source, target, change)


# One cell of an xlsx: beside it stands a 7

CELLS: list[tuple[str, Any]] = [
    ("<v>5</v>", 5.0),
    ("<f>1+4</f><v>5</v>", 5.0),
    ("<f>1-1</f><v>0</v>", 0.0),
    ('<f t="shared" si="0"/><v>5</v>', 5.0),
    ("<f>1+4</f>", "=?"),
    ("<f>1+4</f><v/>", "=?"),
    ("<f>1+4</f><v />", "=?"),
    ("<f>1+4</f><v></v>", "=?"),
    ("<f>1+4</f>\n  <v> </v>\n", "=?"),
    ("<f/>", "=?"),
    ('<f t="shared" si="0"/>', "=?"),
    ('<f t="shared" ref="A1:A9" si="0">1+4</f>', "=?"),
    ("", ""),
    ("<v/>", ""),
]
KINDS: list[tuple[str, str, Any]] = [
    ("e", "<v>#N/A</v>", "#N/A"),
    ("e", "<f>NA()</f><v>#N/A</v>", "#N/A"),
    ("e", '<f t="shared" si="0"/><v>#DIV/0!</v>', "#DIV/0!"),
    ("e", "<f>A2&gt;B2</f><v>#REF!</v>", "#REF!"),
    ("e", "<f>NA()</f>", "=?"),
    ("e", "", "=?"),
    ("str", '<f>IF(1,"","x")</f><v></v>', ""),
    ("str", '<f>IF(1,"","x")</f><v/>', ""),
    ("str", "<f>T(1)</f>", "=?"),
    ("str", '<f>"a"</f><v>a</v>', "a"),
    ("b", "<f>1=1</f><v>1</v>", True),
    ("inlineStr", '<is><t>t="e" hidden="1"</t></is>', 't="e" hidden="1"'),
]
EVERY = [("", inside, value) for inside, value in CELLS] + KINDS
WAYS: dict[str, Callable[[str, str], str]] = {
    "plainly": lambda kind, inside: f'<row r="1"><c r="A1"{kind}>{inside}</c><c r="B1"><v>7</v></c></row>',
    "with a style": lambda kind, inside: f'<row r="1"><c r="A1" s="3"{kind}>{inside}</c><c r="B1"><v>7</v></c></row>',
    "in single quotes": lambda kind, inside: (
        f"<row r='1'><c r='A1'{kind}>{inside}</c><c r='B1'><v>7</v></c></row>".replace('t="e">', "t='e'>")
    ),
    "style first": lambda kind, inside: f'<row r="1"><c s="3" r="A1"{kind}>{inside}</c><c r="B1"><v>7</v></c></row>',
    "without places": lambda kind, inside: f"<row><c{kind}>{inside}</c><c><v>7</v></c></row>",
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("kind", "inside", "value"), EVERY)
def test_a_cell_without_a_value_is_no_blank(
    kind: str, inside: str, value: Any, way: str, good: Path, tmp_path: Path
) -> None:
    xml = WAYS[way](f' t="{kind}"' if kind else "", inside)
    path = made.with_sheet(good, tmp_path / "a.xlsx", xml.encode())
    assert made.rows_of(asking(path, tmp_path / "b.xlsx", b"")) == [[value, 7.0]]


def test_with_a_prefix_too(good: Path, tmp_path: Path) -> None:
    xml = (
        '<x:worksheet xmlns:x="http:' + "//schemas.openxmlformats.org/spreadsheetml/2006/main"
        '"><x:sheetData><x:row r="1" hidden="1"><x:c r="A1"><x:f>1</x:f></x:c><x:c r="B1" t="e"><x:v>#N/A</x:v></x:c>'
        '<x:c r="C1"><x:v>7</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    )
    path = made.bent(good, tmp_path / "a.xlsx", lambda name, old: xml.encode() if name == made.WORKSHEET else old)
    with open_book(path) as book:
        assert list(book.sheets[0].rows()) == [["=?", "#N/A", 7.0]]
        assert list(book.sheets[0].traces.hidden_rows) == [1]


@pytest.mark.parametrize(("asks", "value"), [(b'<calcPr fullCalcOnLoad="1"/>', "=?"), (b"<calcPr/>", 0.0)])
def test_a_zero_in_a_workbook_that_asks_to_be_worked_out_is_none(
    asks: bytes, value: Any, good: Path, tmp_path: Path
) -> None:
    xml = b'<row r="1"><c r="A1"><f>B1*2</f><v>0</v></c><c r="B1"><v>0</v></c><c r="C1"><f>1</f><v>1</v></c></row>'
    path = asking(made.with_sheet(good, tmp_path / "a.xlsx", xml), tmp_path / "b.xlsx", asks)
    assert made.rows_of(path) == [[value, 0.0, 1.0]]


def test_rows_and_columns_of_nothing_else_are_there_too(good: Path, tmp_path: Path) -> None:
    xml = (
        b'<row r="2"><c r="B2"><v>7</v></c><c r="D2"><f>1</f></c></row><row r="4"><c r="C4" t="e"><v>#N/A</v></c></row>'
    )
    with open_book(made.with_sheet(good, tmp_path / "a.xlsx", xml)) as book:
        (sheet,) = book.sheets
        assert made.trimmed(sheet.rows()) == [[], ["", 7.0, "", "=?"], [], ["", "", "#N/A"]]
        assert made.trimmed(sheet.rows()) == made.trimmed(sheet.rows())
        assert sheet.height == 4
    only = b'<row r="3"><c r="B3"><f>1</f></c></row>'
    assert made.rows_of(made.with_sheet(good, tmp_path / "b.xlsx", only)) == [[], [], ["", "=?"]]


# Both scans agree

PLACES = st.tuples(st.integers(1, 40), st.integers(1, 30))
INSIDES = st.sampled_from([(f' t="{kind}"' if kind else "", inside) for kind, inside, _value in EVERY])


def letters(column: int) -> str:
    return chr(64 + column) if column < 27 else "A" + chr(64 + column - 26)


def closed(inside: str) -> str:
    return f">{inside}</c>" if inside else "/>"


def seen(traces: Traces) -> tuple[Any, ...]:
    rows = [[cell for cell in row] for row in traces.over(iter(()), 0)]
    return rows, list(traces.hidden_rows), sorted(traces.hidden_columns), traces.filtered, traces.filled


@given(
    cells=st.dictionaries(PLACES, INSIDES, max_size=40),
    hidden=st.sets(st.integers(1, 40)),
    columns=st.sets(st.integers(1, 30), max_size=3),
    filtered=st.booleans(),
    uncalculated=st.booleans(),
    size=st.integers(1, 500),
)
def test_searching_finds_what_following_finds(
    cells: dict[tuple[int, int], tuple[str, str]],
    hidden: set[int],
    columns: set[int],
    filtered: bool,
    uncalculated: bool,
    size: int,
) -> None:
    body = "".join(
        f'<row r="{row}"{" hidden=" + chr(34) + "1" + chr(34) if row in hidden else ""} ht="15">'
        + "".join(
            f'<c r="{letters(column)}{row}"{cells[row, column][0]}' + closed(cells[row, column][1])
            for this, column in sorted(cells)
            if this == row
        )
        + "</row>"
        for row in sorted({row for row, _column in cells})
    )
    cols = "".join(f'<col min="{one}" max="{one + 1}" width="9" hidden="1"/>' for one in sorted(columns))
    after = '<autoFilter ref="A1:B9">' + "<filterColumn colId='0'/>" * filtered + "</autoFilter>"
    xml = f"<worksheet><cols>{cols}</cols><sheetData>{body}</sheetData>{after}</worksheet>".encode()
    plain, exact = Traces(), Traces()
    for scan in (Plain(plain, uncalculated), Exact(exact, uncalculated)):
        for start in range(0, len(xml), size):
            scan.feed(xml[start : start + size])
        scan.feed(b"", last=True)
    assert seen(plain) == seen(exact)
    assert exact.filtered == filtered


def test_a_large_sheet_is_looked_through_while_it_is_parsed(tmp_path: Path, good: Path) -> None:
    def pieces() -> Any:
        yield b"<worksheet><sheetData>"
        for first in range(1, 60_001, 1000):
            cells = b"".join(
                b'<row r="%d"%s><c r="A%d"><v>%d</v></c><c r="B%d"><f>A%d</f>%s</c></row>'
                % (row, b' hidden="1"' * (row % 7 == 0), row, row, row, row, b"<v>1</v>" * (row % 9999 != 0))
                for row in range(first, first + 1000)
            )
            yield cells
        yield b"</sheetData></worksheet>"

    path = made.swollen(good, tmp_path / "large.xlsx", made.WORKSHEET, pieces())
    with open_book(path) as book:
        (sheet,) = book.sheets
        unsaved = [number for number, row in enumerate(sheet.rows(), 1) if row[1] == "=?"]
        assert unsaved == [9999, 19998, 29997, 39996, 49995, 59994]
        assert list(sheet.traces.hidden_rows) == list(range(7, 60_001, 7))


def test_a_sheet_of_which_the_parser_sees_nothing_is_refused(good: Path, tmp_path: Path) -> None:
    twice = made.bent(
        good,
        tmp_path / "twice.xlsx",
        lambda name, old: old.replace(b"<sheetData>", b"<sheetData/><sheetData>") if name == made.WORKSHEET else old,
    )
    with zipfile.ZipFile(good) as archive:
        sheet = archive.read(made.WORKSHEET)
    elsewhere = made.bent(good, tmp_path / "wide.xlsx", moved)
    with zipfile.ZipFile(elsewhere, "a") as archive:
        archive.writestr("sheets/s.xml", sheet.decode().replace("UTF-8", "UTF-16").encode("utf-16"))
    cut = made.with_sheet(good, tmp_path / "cut.xlsx", b'<row r="1"><c r="A1"><v>1<!-- x -->2</v></c></row>')
    section = made.with_sheet(good, tmp_path / "cdata.xlsx", b"<row r='1'><c r='A1'><v><![CDATA[12]]></v></c></row>")
    for path in (twice, elsewhere, cut, section):
        with pytest.raises(RefusedError) as caught:
            made.rows_of(path)
        assert caught.value.message == f"{path.name}: sheet 数据 holds cells that cannot be read"
        assert caught.value.hint == "Open it in Excel and save it again."


def moved(name: str, old: bytes) -> bytes | None:
    """The workbook with its sheet in another folder."""
    if name == "xl/_rels/workbook.xml.rels":
        return old.replace(b"worksheets/sheet1.xml", b"/sheets/s.xml")
    return None if name == made.WORKSHEET else old


def test_a_sheet_in_another_folder_is_looked_through_too(good: Path, tmp_path: Path) -> None:
    path = made.bent(good, tmp_path / "a.xlsx", moved)
    sheet = b'<worksheet><sheetData><row r="1"><c r="A1"><f>1</f></c></row></sheetData></worksheet>'
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("sheets/s.xml", sheet)
    assert made.rows_of(path) == [["=?"]]
