"""Pictures: which points are drawn, and how each writer draws them."""

import re
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.cell import range_boundaries

from channelctl.columns import Col
from channelctl.report import Report, charts, csvfile, emit, html, jsonfile, markdown, plot, safe, svg, xlsx
from channelctl.report.canvas import Canvas
from channelctl.report.charts import MOST_POINTS, Bars, Chart, Heat, Lines, Mark, Point, Series
from channelctl.report.width import width
from tests.report.conftest import Screens
from tests.report.rows import report
from tests.report.test_pages import Outline
from tests.report.test_xlsx import read, xml

D = Decimal
PART = Col("客户累计占比", "Share of customers", kind="share", whole=True)
SALES = Col("净销售额累计占比", "Share of net sales", kind="share", whole=True)
RATE = Col("合作率", "Rate", kind="share")
MONEY = Col("净销售额", "Net sales", kind="money")
MONTHS = ("2024-03", "2024-04", "2024-05")

CURVE = Lines(
    "Pareto curve",
    "Two of five make 80 %.",
    PART,
    SALES,
    [Series("", [Point(D(place) / 5, D(y)) for place, y in enumerate("0 .5 .8 .95 .99 1".split())])],
    marks=[Mark("A", D("0.4"), D("0.8"), "A: 2 of 5"), Mark("B", D("0.6"), D("0.95"), "B: with A 3 of 5")],
)
TREND = Lines(
    "Trend",
    "All rise.",
    Col("月份", "Month"),
    RATE,
    [
        Series("杭州", [Point(0, D("0.25")), Point(1, D("0.5")), Point(2, D("0.75"))]),
        Series("无锡 & <b>", [Point(0, D("0.3")), Point(1, None), Point(2, D("0.6"))]),
    ],
    MONTHS,
)
ONE = Lines("Trend", "Up.", Col("月份", "Month"), RATE, [Series("", [Point(0, D("0.61")), Point(2, D("0.7"))])], MONTHS)
HEAT = Heat(
    "Moves",
    "Most stayed.",
    Col("原级", "From"),
    Col("现级", "To"),
    Col("客户数", "Customers", kind="count"),
    ["A", "B", "new"],
    ["A", "B"],
    [[6, 2], [1, 1234], [0, 0]],
)
BARS = Bars(
    "Sales", "One sold.", Col("办事处", "Office"), MONEY, [("杭州", D("1000.00")), ("WX", D("250.00")), ("NB", D(-5))]
)
ALL: list[Chart] = [CURVE, TREND, HEAT, BARS]


def pictured(*given: Chart) -> Report:
    return report(sections={}, charts=given or ALL)


# Which points are drawn


rising = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 10**6)), min_size=1, max_size=900)


@given(rising, st.sets(st.integers(0, 950), max_size=4))
def test_a_thinned_curve_keeps_what_is_asked_for_and_leaves_out_only_what_lies_close(
    moves: list[tuple[int, int]], keep: set[int]
) -> None:
    points = [Point(0, D(0))]
    for right, up in moves:
        points.append(Point(points[-1].x + right, D(points[-1].y or 0) + up))
    drawn = charts.thinned(points, keep)
    assert len(drawn) <= MOST_POINTS + len(keep)
    places = iter(points)
    assert all(point in places for point in drawn)
    assert drawn[0] == points[0] and drawn[-1] == points[-1]
    assert {points[place] for place in keep if place < len(points)} <= set(drawn)
    last = drawn[0]
    for point in points:
        last = point if point in drawn else last
        for whole, now, then in zip(points[-1], point, last, strict=True):
            assert Fraction((now or 0) - (then or 0)) * 99 <= Fraction(whole or 0)


def test_few_points_are_all_drawn() -> None:
    points = [Point(place, D(1)) for place in range(MOST_POINTS)]
    assert charts.thinned(points) == points


@pytest.mark.parametrize(
    ("col", "values", "ticks"),
    [
        (PART, [], "0.0 0.2 0.4 0.6 0.8 1.0"),
        (RATE, ["0.61", "0.74"], "0.60 0.65 0.70 0.75"),
        (RATE, ["0.5"], "0.450 0.475 0.500 0.525 0.550"),
        (RATE, ["1"], "0.90 0.92 0.94 0.96 0.98 1.00"),
        (RATE, ["0"], "0.0 0.2 0.4 0.6 0.8 1.0"),
        (MONEY, ["-3", "8"], "-5 0 5 10"),
        (MONEY, ["1400000", "1600000"], "0 500000 1000000 1500000 2000000"),
        (MONEY, ["-3", "-2"], "-3 -2 -1 0"),
        (MONEY, ["1234567", "9876543"], "0 2000000 4000000 6000000 8000000 10000000"),
    ],
)
def test_axes_begin_and_end_at_round_figures(col: Col, values: list[str], ticks: str) -> None:
    found = charts.axis(col, list(map(D, values)))
    assert found.ticks == list(map(D, ticks.split()))


@given(st.lists(st.decimals(-(10**9), 10**9, places=4), min_size=1))
def test_an_axis_holds_every_value(values: list[Decimal]) -> None:
    found = charts.axis(MONEY, values)
    assert found.low <= min(values) and max(values) <= found.high
    assert (found.ticks[0], found.ticks[-1]) == (found.low, found.high)
    assert 2 <= len(found.ticks) <= 7
    assert all(0 <= found.part(value) <= 1 for value in values)


def test_parts_are_of_the_row() -> None:
    assert charts.parts(HEAT) == [[D("0.75"), D("0.25")], [D(1) / 1235, D(1234) / 1235], [D(0), D(0)]]


# On a terminal

CURVE_DRAWN = """\
Pareto curve · Share of net sales
100% ┤                              ⣀⡠B⠤⠤⠒⠒⠒⠒⠒⠊⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉
     │                        ⣀⡠⠤⠒⠊⠉
 80% ┤                   ⢀⡠A⠊⠉
     │                ⣀⠤⠒⠁
 60% ┤             ⡠⠔⠊
     │          ⡠⠒⠉
 40% ┤        ⡠⠊
     │      ⡠⠊
 20% ┤    ⡠⠊
     │  ⡠⠊
  0% ┤⡠⠊
     └──────────────────────────────────────────────────────
      0%        20%       40%        60%       80%      100%
      Share of customers
A: 2 of 5
B: with A 3 of 5
"""

CURVE_PLAIN = """\
Pareto curve · Share of net sales
100% ┤                                     *****************
     │                           *****B****
 80% ┤                    *A*****
     │                ****
 60% ┤             ***
     │          ***
 40% ┤        **
     │      **
 20% ┤    **
     │  **
  0% ┤**
     └──────────────────────────────────────────────────────
      0%        20%       40%        60%       80%      100%
      Share of customers
A: 2 of 5
B: with A 3 of 5
"""

TREND_DRAWN = """\
Trend · Rate
             2024-03   20%–80%     2024-05
杭州           25.0%   ▂▂▂▅▅▅▇▇▇     75.0%
无锡 & <b>     30.0%   ▂▂▂   ▆▆▆     60.0%
"""

TREND_PLAIN = """\
Trend · Rate
             2024-03   20%–80%     2024-05
杭州           25.0%   ...===***     75.0%
无锡 & <b>     30.0%   ...   +++     60.0%
"""

HEAT_DRAWN = """\
Moves
From          A          B
A      ██     6   ▒▒     2
B      ░░     1   ██ 1,234
new           0          0
The darker, the larger the part of its row
"""

HEAT_PLAIN = """\
Moves
From          A          B
A      ##     6   ::     2
B      ..     1   ## 1,234
new           0          0
The darker, the larger the part of its row
"""

BARS_DRAWN = """\
Sales
杭州   1,000.00   ████████████████████████
WX       250.00   ██████
NB        -5.00
"""


def drawn(chart: Chart, signs: plot.Signs = plot.FULL, wide: int = 60) -> str:
    return "\n".join(plot.drawn(chart, plot.Look(wide, signs))) + "\n"


@pytest.mark.parametrize(
    ("chart", "signs", "expected"),
    [
        (CURVE, plot.FULL, CURVE_DRAWN),
        (CURVE, plot.PLAIN, CURVE_PLAIN),
        (TREND, plot.FULL, TREND_DRAWN),
        (TREND, plot.PLAIN, TREND_PLAIN),
        (HEAT, plot.FULL, HEAT_DRAWN),
        (HEAT, plot.PLAIN, HEAT_PLAIN),
        (BARS, plot.FULL, BARS_DRAWN),
    ],
)
def test_a_picture_on_a_terminal(chart: Chart, signs: plot.Signs, expected: str) -> None:
    assert drawn(chart, signs) == expected


@pytest.mark.parametrize("wide", [60, 61, 79, 80, 120, 200])
@pytest.mark.parametrize("chart", [*ALL, ONE])
def test_a_picture_is_not_wider_than_the_terminal(chart: Chart, wide: int) -> None:
    assert max(map(width, drawn(chart, wide=wide).splitlines())) <= wide


def test_small_columns_show_the_latest_steps_where_not_all_fit() -> None:
    steps = [f"{year}-{month:02}" for year in range(2015, 2025) for month in range(1, 13)]
    series = [Series(name, [Point(place, D(place) / 120) for place in range(120)]) for name in ("杭州", "无锡")]
    head, one, _other = plot.drawn(Lines("t", "", Col("", ""), RATE, series, steps), plot.Look(60))[1:]
    assert head.split() == ["2015-01", "0%–100%", "2024-12"]
    assert width(one) == 60 and one.count("█") < one.count("▇") and "▁" not in one


def test_a_gap_in_a_line_stays_one() -> None:
    points = [Point(0, D(0)), Point(1, None), Point(2, D(1))]
    text = drawn(Lines("t", "", Col("", ""), SALES, [Series("", points)], MONTHS), plot.PLAIN)
    assert text.count("*") == 2


@given(st.tuples(st.integers(0, 39), st.integers(0, 15)), st.tuples(st.integers(0, 39), st.integers(0, 15)))
def test_a_line_goes_from_end_to_end_without_a_hole(start: tuple[int, int], end: tuple[int, int]) -> None:
    canvas = Canvas(40, 16, braille=False)
    canvas.line(start, end)
    found = {(x, y) for y, row in enumerate(canvas.rows()) for x, sign in enumerate(row) if sign == "*"}
    assert {start, end} <= found
    assert len(found) == max(abs(start[0] - end[0]), abs(start[1] - end[1])) + 1
    fine = Canvas(20, 4, braille=True)
    fine.line(start, end)
    assert sum((ord(sign) - 0x2800).bit_count() for row in fine.rows() for sign in row if sign != " ") == len(found)


def test_letters_that_meet_stand_beside_each_other() -> None:
    canvas = Canvas(4, 1, braille=False)
    for sign in "AB":
        canvas.put(sign, (1, 0))
    assert canvas.rows() == [" AB "]


def test_pictures_stand_between_the_sections_and_the_list(streams: Screens) -> None:
    out, err = streams(terminal=True, columns=160)
    emit(report(charts=[BARS]))
    assert re.sub("\x1b\\[[0-9;]*m", "", out.text).split("\n\n")[2] + "\n" == BARS_DRAWN
    assert "Tiers" in out.text.split("\n\n")[1] and "C00001" in out.text.split("\n\n")[3]
    assert "\x1b[36m██" in out.text and err.text == "1 line names no customer\n"


@pytest.mark.parametrize(
    ("encoding", "term", "curve", "heat"),
    [
        ("utf-8", "xterm", "⣀⡠B⠤⠤⠔", "▒▒     2"),
        ("gbk", "xterm", "*A*****", "::     2"),
        ("ascii", "xterm", "*A*****", "::     2"),
        ("utf-8", "linux", "*A*****", "::     2"),
        ("utf-8", "dumb", "*A*****", "::     2"),
    ],
)
def test_signs_are_those_that_the_terminal_has(
    streams: Screens, monkeypatch: pytest.MonkeyPatch, encoding: str, term: str, curve: str, heat: str
) -> None:
    out, err = streams(encoding, terminal=True, columns=160)
    monkeypatch.setenv("TERM", term)
    monkeypatch.setenv("NO_COLOR", "1")
    emit(pictured(CURVE, HEAT))
    picture = out.text.split("\n\n")[1]
    assert curve in picture and heat in out.text and "?" not in picture
    assert ("characters cannot be written" in err.text) == (encoding == "ascii")


def test_gbk_has_the_heights(streams: Screens) -> None:
    out, _err = streams("gbk", terminal=True)
    emit(pictured(TREND))
    assert "▂▂▂▅▅▅▇▇▇" in out.text


@pytest.mark.parametrize(("terminal", "columns"), [(False, 200), (True, 59)])
def test_no_picture_in_a_pipe_or_where_there_is_no_room(streams: Screens, terminal: bool, columns: int) -> None:
    out, _err = streams(terminal=terminal, columns=columns)
    emit(pictured())
    plain, _err = streams(terminal=terminal, columns=columns)
    emit(report(sections={}))
    assert out.text == plain.text


def test_a_file_of_text_has_no_picture(streams: Screens, tmp_path: Path) -> None:
    streams(terminal=True)
    emit(pictured(), output=tmp_path / "with.txt")
    emit(report(sections={}), output=tmp_path / "without.txt")
    assert (tmp_path / "with.txt").read_bytes() == (tmp_path / "without.txt").read_bytes()


@pytest.mark.parametrize("writer", [jsonfile, csvfile, markdown])
def test_data_and_markdown_have_no_picture(writer: Any) -> None:
    assert writer.render(pictured()) == writer.render(report(sections={}))


# In a page


def tree(chart: Chart, number: int = 1) -> ElementTree.Element:
    """The drawing of a page with its heading, without the one for phones."""
    found = ElementTree.fromstring(svg.figure(chart, number))
    canvas, slim = found.find("div"), slim_tree(chart, number)
    assert canvas is not None and canvas[1].attrib == slim.attrib
    canvas.remove(canvas[1])
    return found


def slim_tree(chart: Chart, number: int = 1) -> ElementTree.Element:
    """The drawing for phones."""
    slim = ElementTree.fromstring(svg.figure(chart, number)).find(".//svg[@class='drawing slim']")
    assert slim is not None
    return slim


@pytest.mark.parametrize(
    "chart", [*ALL, replace(TREND, y=MONEY), replace(BARS, bars=[("办事处" * 9, D("12345678.90"))])]
)
def test_the_drawing_for_phones_is_narrow_and_says_the_same(chart: Chart) -> None:
    slim, page = slim_tree(chart), tree(chart).find(".//svg")
    assert page is not None
    labels = [
        [spot.attrib["aria-label"] for spot in one.iter("g") if "aria-label" in spot.attrib] for one in (slim, page)
    ]
    assert labels[0] == labels[1] != []
    _x, _y, wide, high = map(int, slim.attrib["viewBox"].split())
    assert wide == 360
    for text in slim.findall("./text") + slim.findall("./g[@class='series']/text"):
        long = width(text.text or "") * 6
        kind = text.attrib.get("class", "").split()
        left = D(text.attrib["x"]) - (long if "e" in kind else long // 2 if "c" in kind else 0)
        assert left >= 0 and left + long <= wide, text.text
        assert 0 <= D(text.attrib["y"]) <= high


def test_the_drawing_has_every_point() -> None:
    points = tree(CURVE).findall(".//polyline")[0].attrib["points"]
    assert points == "64,328 190.4,178 316.8,88 443.2,43 569.6,31 696,28"
    assert [(one.attrib["cx"], one.attrib["cy"]) for one in tree(CURVE).iter("circle")] == [
        ("316.8", "88"),
        ("443.2", "43"),
    ]
    assert [one.text for one in tree(CURVE).findall(".//text[@class='m']")] == ["A  40% · 80%", "B  60% · 95%"]


def test_figures_beside_the_axis_have_room() -> None:
    rich = Lines("t", "t", Col("", ""), MONEY, [Series("", [Point(0, D(0)), Point(1, D(9876543))])], ["a", "b"])
    beside = tree(rich).findall(".//text[@class='e']")
    assert [(one.attrib["x"], one.text) for one in beside][-1] == ("99", "10,000,000.00")


def test_a_gap_parts_a_line_and_each_step_says_what_it_is() -> None:
    drawing = tree(TREND)
    assert [len(one.attrib["points"].split()) for one in drawing.iter("polyline")] == [3, 1, 1]
    assert [one.text for one in drawing.findall(".//circle/title")] == [
        "杭州 · 2024-03 · 25%", "杭州 · 2024-04 · 50%", "杭州 · 2024-05 · 75%",
        "无锡 & <b> · 2024-03 · 30%", "无锡 & <b> · 2024-05 · 60%",
    ]  # fmt: skip


def test_cells_are_as_dark_as_their_part_of_the_row() -> None:
    cells = tree(HEAT).findall(".//rect[@class='cell']")
    assert [one.attrib["fill-opacity"] for one in cells] == ["0.45", "0.15", "0", "0.6", "0", "0"]


def test_bars_are_drawn_to_the_largest_and_not_below_nothing() -> None:
    lengths = [one.attrib["width"] for one in tree(BARS).findall(".//rect[@class='fill']")]
    assert lengths == ["370", "92.5", "0"]


@pytest.mark.parametrize("chart", ALL)
def test_a_picture_says_what_it_shows(chart: Chart) -> None:
    drawing = tree(chart, 7).find(".//svg")
    assert drawing is not None and drawing.attrib["role"] == "img"
    named = [drawing.find(f".//*[@id='{one}']") for one in drawing.attrib["aria-labelledby"].split()]
    assert [one.text for one in named if one is not None] == [chart.title, chart.text]


def test_the_page_with_pictures_needs_nothing_else_and_is_whole() -> None:
    text = html.render(pictured())
    page = Outline(text)
    assert page.open == []
    ids = [attrs["id"] for _tag, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids)) == 16
    assert not re.search(r"https?:|url\(|@import|<script|<style[^>]*>[^<]*{{", text)
    assert text.index("<figure") < text.index("C00001")


def test_pictures_stand_in_a_page_without_a_list_too() -> None:
    assert html.render(report(data_only=True, charts=[BARS])).count("<figure") == 1
    assert html.render(report(rows=[], charts=[BARS])).count("<figure") == 1


@pytest.mark.parametrize("payload", ["</svg><script>alert(1)</script>", "\"'&<>", "a\u202eb\x1b[2J", "]]>"])
def test_names_in_a_drawing_are_text(payload: str) -> None:
    hostile = Lines(payload, payload, RATE, RATE, [Series(payload, [Point(0, D(1))]) for _two in range(2)], [payload])
    matrix = Heat(payload, payload, RATE, RATE, RATE, [payload], [payload], [[1]])
    for chart in (hostile, matrix, Bars(payload, payload, RATE, RATE, [(payload, D(1))])):
        assert "<script" not in svg.figure(chart, 1)
        assert tree(chart).findtext("figcaption") == safe.shown(payload)


# In a workbook


def referred(data: bytes, name: str) -> list[list[Any]]:
    """The cells that a chart draws from: what stands in each range it names, in order."""
    book = read(data)
    found = []
    for place in re.findall(r"<c:f>(.*?)</c:f>", xml(data, name)):
        sheet, _mark, cells = place.replace("$", "").rpartition("!")
        left, top, right, bottom = range_boundaries(cells)
        rows = book[sheet.strip("'")].iter_rows(top, bottom, left, right, values_only=True)
        found.append([cell for row in rows for cell in row])
    return found


def test_a_curve_is_drawn_from_cells_that_hold_its_points() -> None:
    name, across, up, *marks = referred(xlsx.render(pictured(CURVE)), "xl/charts/chart1.xml")
    assert name == ["Share of net sales"]
    assert across == [0, 0.2, 0.4, 0.6, 0.8, 1] and up == [0, 0.5, 0.8, 0.95, 0.99, 1]
    assert marks == [["Marked"], [0.4, 0.6], [0.8, 0.95]]


def test_a_trend_is_drawn_from_a_table_of_months_with_its_gaps() -> None:
    assert referred(xlsx.render(pictured(TREND)), "xl/charts/chart1.xml") == [
        ["杭州"], list(MONTHS), [0.25, 0.5, 0.75], ["无锡 & <b>"], list(MONTHS), [0.3, None, 0.6],
    ]  # fmt: skip


def test_bars_are_drawn_from_their_table() -> None:
    assert referred(xlsx.render(pictured(BARS)), "xl/charts/chart1.xml") == [
        ["Net sales"], ["杭州", "WX", "NB"], [1000, 250, -5],
    ]  # fmt: skip


@pytest.mark.usefixtures("chinese")
def test_axes_are_named_in_the_language_in_force() -> None:
    drawing = xml(xlsx.render(pictured(CURVE)), "xl/charts/chart1.xml")
    assert {"Pareto curve", PART.zh, SALES.zh} <= set(re.findall(r"<a:t>(.*?)</a:t>", drawing))


def test_a_matrix_is_coloured_row_by_row() -> None:
    sheet = read(xlsx.render(pictured(HEAT))).worksheets[1]
    assert [[cell.value for cell in row] for row in sheet["A3:H6"]] == [
        ["From ↓  To →", "A", "B", None, "From ↓  To →", "A", "B", None],
        ["A", 6, 2, None, "A", 0.75, 0.25, None],
        ["B", 1, 1234, None, "B", pytest.approx(1 / 1235), pytest.approx(1234 / 1235), None],
        ["new", 0, 0, None, "new", 0, 0, None],
    ]
    ends = {
        str(place.sqref): [one.val for rule in place.rules for one in rule.colorScale.cfvo]
        for place in sheet.conditional_formatting
    }
    assert ends == {"B4:C4": [0, 8], "B5:C5": [0, 1235], "B6:C6": [0, 1], "F4:G6": [0, 1]}


def test_each_picture_has_a_sheet_and_no_formula() -> None:
    data = xlsx.render(pictured(*ALL, Bars("=1+1", "=1", RATE, RATE, [("=1+1", D(1))])))
    book = read(data)
    assert book.sheetnames == ["Lines · May 2024", "Pareto curve", "Trend", "Moves", "Sales", "=1+1"]
    assert [cell.data_type for cell in book["=1+1"]["N"][3:4]] == ["s"]
    assert not any("<f>" in xml(data, f"xl/worksheets/sheet{number}.xml") for number in range(1, 7))
    assert data == xlsx.render(pictured(*ALL, Bars("=1+1", "=1", RATE, RATE, [("=1+1", D(1))])))
