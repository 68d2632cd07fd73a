"""The Pareto curve of a grading."""

import json
import os
import subprocess
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelctl.report.charts import MOST_POINTS, Lines
from channelctl.systems.tiers import rules
from channelctl.systems.tiers.rules_basis import CustomerSales
from channelctl.systems.tiers.screen_pareto import pareto
from tests.conftest import Run
from tests.processes import command, environment
from tests.report.test_charts import referred
from tests.tiers.made import month, region

D = Decimal
BRAILLE = frozenset(map(chr, range(0x2801, 0x2900)))
PLAIN = rules.TierPolicy()


def sold(*nets: int | Decimal) -> list[CustomerSales]:
    return [CustomerSales(f"K{place:05}", f"customer {place}", D(net), 1) for place, net in enumerate(nets, 1)]


def curve(*nets: int | Decimal, method: str = "abc", policy: rules.TierPolicy = PLAIN) -> Lines:
    rows = rules.grade(method, sold(*nets), policy)
    [found] = pareto(method, rows, rules.facts(rows, policy))
    assert isinstance(found, Lines)
    return found


def test_the_curve_goes_through_every_customer_and_marks_where_tiers_end() -> None:
    found = curve(50, 30, 15, 4, 1)
    assert [tuple(map(str, map(float, point))) for point in found.series[0].points] == [  # type: ignore[arg-type]
        ("0.0", "0.0"), ("0.2", "0.5"), ("0.4", "0.8"), ("0.6", "0.95"), ("0.8", "0.99"), ("1.0", "1.0"),
    ]  # fmt: skip
    assert [(mark.sign, mark.x, mark.y, mark.text) for mark in found.marks] == [
        ("A", D("0.4"), D("0.8"), "A: 2 of 5 (40.0%) make 80.0%"),
        ("B", D("0.6"), D("0.95"), "B: with A 3 of 5 (60.0%) make 95.0%"),
    ]
    assert found.text == (
        "Cumulative share of net sales. A: 2 of 5 (40.0%) make 80.0%. B: with A 3 of 5 (60.0%) make 95.0%"
    )


def test_customers_with_returns_only_lie_at_the_end() -> None:
    found = curve(60, 30, 10, -5)
    assert found.series[0].points[-2:] == [(D("0.75"), D(1)), (D(1), D(1))]
    assert [mark.x for mark in found.marks] == [D("0.5"), D("0.75")]


@pytest.mark.parametrize(
    ("nets", "ends"),
    [
        ((96, 2, 1, 1), [("A", D("0.25"))]),
        ((10, 10, 10), [("A", D(1))]),
        ((50, 30, 15, 4, 1), [("A", D("0.4")), ("B", D("0.6"))]),
    ],
)
def test_a_tier_that_nobody_has_is_not_marked(nets: tuple[int, ...], ends: list[tuple[str, Decimal]]) -> None:
    assert [(mark.sign, mark.x) for mark in curve(*nets).marks] == ends


@pytest.mark.parametrize("method", ["share", "rfm"])
def test_a_method_that_does_not_follow_the_curve_has_none(ch: Run, method: str) -> None:
    rows = rules.grade("share", sold(50, 30, 20), PLAIN)
    assert pareto(method, rows, rules.facts(rows)) == ()


@pytest.mark.parametrize("nets", [(), (5,), (5, 3), (5, 3, -1)])
def test_fewer_than_three_make_no_curve(nets: tuple[int, ...]) -> None:
    rows = rules.abc(sold(*nets), PLAIN)
    assert pareto("abc", rows, rules.facts(rows)) == ()


@given(
    st.lists(st.integers(1, 10**9), min_size=300, max_size=900),
    st.sampled_from(["abc", "curve"]),
    st.booleans(),
)
def test_of_many_customers_few_points_are_drawn_those_of_the_cuts_among_them(
    nets: list[int], method: str, raises: bool
) -> None:
    found = curve(*nets, method=method, policy=rules.TierPolicy(share_raises=raises))
    points = found.series[0].points
    assert len(points) <= MOST_POINTS + 2
    assert points[0] == (0, 0) and points[-1] == (1, 1)
    assert {(mark.x, mark.y) for mark in found.marks} <= set(points)
    assert list(points) == sorted(points)


@pytest.fixture
def filled(ch: Run) -> None:
    """Three customers with sales in May."""
    assert ch("import", region(), month("2024-05", {"K1": 70, "K2": 20, "K3": 10})).code == 0


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize(
    ("words", "name"),
    [
        ([], "Cumulative share of net sales"),
        (["--method", "curve"], "Cumulative share of net sales"),
        (["--by", "product", "--measure", "quantity"], "Cumulative share of the quantity"),
    ],
)
def test_a_workbook_holds_the_curve(ch: Run, words: list[str], name: str) -> None:
    words = ["tier", "--month", "2024-05", "--office", "无锡", *words]
    assert ch(*words, "--output", "tiers.xlsx").code == 0
    heading, across, up, *_marks = referred(Path("tiers.xlsx").read_bytes(), "xl/charts/chart1.xml")
    rows = json.loads(ch(*words, "--format", "json").out, parse_float=Decimal)["rows"]
    assert heading == [name]
    assert across == [0, *(pytest.approx(place / len(rows)) for place in range(1, len(rows) + 1))]
    assert up == [0, *(pytest.approx(float(row["cumulative_share"])) for row in rows)]


@pytest.mark.usefixtures("filled")
def test_a_page_holds_the_curve_and_a_pipe_does_not(ch: Run) -> None:
    assert "<polyline" in ch("tier", "--month", "2024-05", "--format", "html").out
    assert "Pareto" not in ch("tier", "--month", "2024-05").out


@pytest.mark.usefixtures("filled")
def test_where_customers_went_is_a_picture_in_a_page(ch: Run) -> None:
    assert ch("import", month("2024-04", {"K1": 10, "K2": 20, "K3": 70})).code == 0
    assert ch("tier", "--month", "2024-04", "--apply").code == 0
    assert ch("tier", "--month", "2024-05", "--apply").code == 0
    page = ch("tier", "migration", "--from", "2024-04", "--to", "2024-05", "--format", "html").out
    drawing = ElementTree.fromstring(page[page.index("<figure") : page.index("</figure>")] + "</figure>")
    assert drawing.findtext(".//desc") == "Customers by tier in Apr 2024 (down) and in May 2024 (across)."
    cells = [one.attrib["fill-opacity"] for one in drawing.findall(".//svg[1]//rect[@class='cell']")]
    assert cells == ["0.3", "0.3", "0", "0", "0.6", "0", "0", "0", "0", "0", "0.6", "0", "0", "0", "0", "0"]


@pytest.mark.skipif(os.name == "nt", reason="there are no such terminals")
@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(("columns", "drawn"), [(80, True), (59, False)])
def test_on_a_terminal_the_curve_is_drawn_where_there_is_room(columns: int, drawn: bool) -> None:
    ours, theirs = os.openpty()
    words = command("tier", "--month", "2024-05")
    env = environment(CHANNELCTL_DB=os.environ["CHANNELCTL_DB"], TERM="xterm", COLUMNS=str(columns), NO_COLOR="1")
    process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=theirs, stderr=subprocess.PIPE, env=env)
    os.close(theirs)
    shown = b""
    with suppress(OSError):
        while more := os.read(ours, 65536):
            shown += more
    os.close(ours)
    assert (process.communicate()[1], process.returncode) == (b"", 0)
    lines = shown.decode().splitlines()
    assert ("Pareto curve · Cumulative share of net sales" in lines) == drawn
    assert any(line.startswith(" 80% ┤") and set(line) & BRAILLE for line in lines) == drawn
