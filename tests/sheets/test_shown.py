"""What number formats show of the figures that cells hold, and how a sheet with such formats is looked through."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelctl.sheets.read import open_book
from channelctl.sheets.scan import Exact, Plain
from channelctl.sheets.shown import PLAIN, Shown, shown
from channelctl.sheets.traces import Traces

CODES = [
    ('0!.0,"万"', Shown(10_000, 10_000)),
    ('0!.0000"万元"', Shown(10_000, 10_000)),
    ("0\\.0,", Shown(10_000)),
    ('0"."0,"万"', Shown(10_000, 10_000)),
    ("#,##0!.0,", Shown(10_000)),
    ('[>=10000]0!.0,"万";0', Shown(10_000, 10_000)),
    ("#,##0,", Shown(1_000)),
    ("0.0,", Shown(1_000)),
    ('0.00,,"M"', Shown(1_000_000, 1_000_000)),
    ('0.00"万元"', Shown(1, 10_000)),
    ('0"千台"', Shown(1, 1_000)),
    ("0.00万", Shown(1, 10_000)),
    ('0.0"千克"', PLAIN),
    ('#,##0.00"元"', PLAIN),
    ("¥#,##0.00", PLAIN),
    ("#,##0.00_);[Red](#,##0.00)", PLAIN),
    ('_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', PLAIN),
    ('yyyy"年"m"月"', PLAIN),
    ("0%", PLAIN),
    ("0.00E+00", PLAIN),
    ("General", PLAIN),
    ("@", PLAIN),
    ("", PLAIN),
]


@pytest.mark.parametrize(("code", "way"), CODES)
def test_a_number_format(code: str, way: Shown) -> None:
    assert shown(code) == way


@given(st.text('0#?.,;"!\\[]_*万千元km%ey ', max_size=12))
def test_any_format_is_read(code: str) -> None:
    way = shown(code)
    assert way.scale >= 1
    assert way.unit in (0, 10**3, 10**4, 10**6, 10**7, 10**8)


SHEET = (
    b'<worksheet><sheetData><row r="1"><c r="A1" t="s" s="1"><v>0</v></c><c r="B1" s="2"><v>1</v></c></row>'
    b'<row r="2"><c r="A2" s="1"><v>5</v></c><c r="B2" s="1" t="n"><f>1+1</f><v>2</v></c><c r="C2" s="1"/></row>'
    b'<row r="3"><c r="A3"><v>7</v></c><c r="B3" t="str" s="1"><f>A1</f><v>x</v></c><c r="C3" s="1"></c></row>'
    b"</sheetData></worksheet>"
)


@pytest.mark.parametrize("scan", [Plain, Exact])
def test_the_formats_of_figures_are_found_by_column(scan: type[Plain] | type[Exact]) -> None:
    """With the last row of each; texts and blanks have none."""
    traces, way = Traces(), Shown(10_000)
    one = scan(traces, False, {1: way})
    one.feed(SHEET)
    one.feed(b"", last=True)
    assert traces.shown == {1: {way: 2, PLAIN: 3}, 2: {PLAIN: 1, way: 2}}


def test_a_workbook_without_such_formats_is_not_gone_through_for_them(good: Path) -> None:
    with open_book(good) as book:
        assert [sheet.traces.shown for sheet in book.sheets] == [{}]
