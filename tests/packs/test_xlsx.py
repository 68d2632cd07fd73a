"""A pack as a workbook, read back by other programs."""

import io
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from channelctl.packs import Pack, xlsx
from tests.packs import beside
from tests.packs.made import hostile, listed, pack

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")


def front(made: Pack) -> Any:
    return beside.book(xlsx.render(made)).worksheets[0]


def lines(sheet: Any) -> list[list[Any]]:
    """The rows that hold something, without what is blank at their ends."""
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    return [
        row[: max(place for place, value in enumerate(row, 1) if value not in (None, ""))] for row in rows if any(row)
    ]


def test_the_first_sheet_is_what_a_manager_reads() -> None:
    assert lines(front(pack())) == [
        ["Month report · 南京 · May 2024"],
        ["Figure", "Value", "Before", "Change", "Remark"],
        ["Net sales, CNY", 10118190.73, 9800000, "▲ 3.2%", "rank 2 of 13"],
        ["Achieved", 0.873, 0.902, "▼ 2.9"],
        ["Overdue, CNY", 5000, 4000, "▲ 25.0%"],
        ["Customers", 78],
        ["Sheet", "What it is"],
        ["Lines of May", "Lines · May 2024 (3)"],
        ["Lines of May · Tiers", "Tiers (2)"],
        *[[one.name, one.title] for one in charts(pack())],
        ["A long list", "A list (60)"],
        ["One of them", "Lines · May 2024 (1)"],
        ["Left out", "Why"],
        ["Stock", "nothing is counted"],
        ["Made from"],
        ["Data", "sales to 2024-05-31"],
        ["Policy", "the defaults"],
    ]


def charts(made: Pack) -> list[xlsx.Sheet]:
    taken: set[str] = {"contents"}
    return [one for part in made.parts for one in xlsx._sheets(part, taken) if one.chart is not None]


def test_change_is_signed_and_coloured_by_whether_it_is_good_news() -> None:
    sheet = front(pack())
    changes = {sheet.cell(row, 1).value: sheet.cell(row, 4) for row in range(4, 8)}
    ink = {label: cell.font.color.rgb if cell.font.color else None for label, cell in changes.items()}
    assert ink["Net sales, CNY"] == "FF14532D"
    assert ink["Achieved"] == ink["Overdue, CNY"] == "FF9C0006"
    assert {label: (cell.value or "")[:1] for label, cell in changes.items()} == {
        "Net sales, CNY": "▲", "Achieved": "▼", "Overdue, CNY": "▲", "Customers": "",
    }  # fmt: skip


def test_figures_are_numbers_in_the_form_of_their_kind() -> None:
    sheet = front(pack())
    assert [sheet.cell(row, 2).number_format for row in range(4, 8)] == ["#,##0.00", "0.0%", "#,##0.00", "#,##0"]
    assert all(sheet.cell(row, 2).font.b for row in range(4, 8))


def links(sheet: Any) -> list[Any]:
    return [cell.hyperlink for row in sheet.iter_rows() for cell in row if cell.hyperlink]


def test_every_link_leads_to_a_sheet_that_is_there() -> None:
    book = beside.book(xlsx.render(pack()))
    places = re.compile(r"^'((?:[^']|'')+)'!A1$")
    linked = []
    for sheet in book.worksheets:
        for link in links(sheet):
            found = places.match(link.location)
            assert found, link.location
            linked.append((sheet.title, found[1].replace("''", "'")))
    first = book.sheetnames[0]
    assert {to for at, to in linked if at == first} == set(book.sheetnames[1:])
    assert {at for at, to in linked if to == first} == set(book.sheetnames[1:])


@pytest.mark.parametrize(
    "title", ["x" * 60, "客户" * 30, "a/b\\c?*[d]:e", "'quoted'", "History", "", " ", "Contents", "😀" * 20]
)
def test_names_of_sheets_are_short_and_differ(title: str) -> None:
    part = pack().parts[0]
    made = pack(parts=[replace(part, name=str(number), title=title) for number in range(12)])
    book = beside.book(xlsx.render(made))
    names = book.sheetnames
    assert len({name.casefold() for name in names}) == len(names) == 1 + 12 * len(xlsx._sheets(part, set()))
    assert all(0 < len(name.encode("utf-16-le")) <= 62 for name in names)
    assert not any(set(name) & set("[]:*?/\\") or name.startswith("'") or name.endswith("'") for name in names)


def test_what_people_do_not_see_elsewhere_is_folded_away() -> None:
    book = beside.book(xlsx.render(pack()))
    sheet = book["A long list"]
    assert sheet["K3"].value == "Remark"
    assert sheet.column_dimensions["K"].hidden and sheet.column_dimensions["K"].outlineLevel == 1
    assert not any(sheet.column_dimensions[letter].hidden for letter in "ABCDEFGHIJ")
    card = book["One of them"]
    assert not any(one.hidden for one in card.column_dimensions.values())


def test_every_page_is_set_for_paper() -> None:
    data = xlsx.render(pack())
    book = beside.book(data)
    for sheet in book.worksheets:
        assert int(sheet.page_setup.paperSize) == 9
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.oddFooter.right.text == "&P / &N"
    assert book.worksheets[0].page_setup.orientation == "portrait"
    assert book["A long list"].print_title_rows == "$3:$3"
    assert "$A$1" in book["A long list"].print_area


def test_pictures_are_drawn_by_the_spreadsheet() -> None:
    data = xlsx.render(pack())
    names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    assert not any(name.startswith("xl/media/") for name in names)
    assert sum(name.startswith("xl/charts/chart") for name in names) >= 3
    rules = {rule.type for sheet in beside.book(data) for place in sheet.conditional_formatting for rule in place.rules}
    assert {"cellIs", "dataBar", "colorScale"} <= rules


@pytest.mark.parametrize("text", ['=HYPERLINK("http://x")', "@a", "+1", "http://x.cn", "a\x1b[31m\x00", "x" * 40_000])
def test_text_stays_text(text: str) -> None:
    data = xlsx.render(hostile(text))
    for sheet in beside.book(data).worksheets:
        assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)
        assert all(link.target is None for link in links(sheet))


def test_without_figures_the_contents_come_first() -> None:
    made = pack(parts=[replace(pack().parts[1], report=listed(2))], absent=())
    assert lines(front(made))[1:3] == [["Sheet", "What it is"], ["A long list", "A list (2)"]]


@pytest.mark.usefixtures("chinese")
def test_the_first_sheet_is_called_contents_in_chinese() -> None:
    assert beside.book(xlsx.render(pack())).sheetnames[0] == "目录"


@pytest.mark.skipif(OFFICE is None, reason="no LibreOffice on this machine")
def test_libreoffice_opens_it_and_loses_no_sheet(tmp_path: Path) -> None:
    assert OFFICE is not None
    (tmp_path / "x.xlsx").write_bytes(xlsx.render(pack()))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    words = [OFFICE, profile, "--headless", "--convert-to", "ods", "--outdir", str(tmp_path), str(tmp_path / "x.xlsx")]
    subprocess.run(words, check=True, capture_output=True, timeout=120)
    content = zipfile.ZipFile(tmp_path / "x.ods").read("content.xml").decode()
    names = re.findall(r'<table:table table:name="([^"]*)"', content)
    expected = beside.book(xlsx.render(pack())).sheetnames
    assert [name for name in names if name in expected] == expected
    assert content.count("Söhne") == 60
