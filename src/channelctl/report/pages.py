"""What pages share: how reports lie in them, their colours, and the templates."""

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from channelctl.i18n import language
from channelctl.report import Report, Table, cells, safe, svg
from channelctl.report.width import width

if TYPE_CHECKING:
    from jinja2 import Environment

# By name, of each of the ways that a page is seen.
_TIERS = {
    "a": "#14532d", "a-ink": "#fff", "b": "#fde68a", "b-ink": "#422006", "c": "#e5e7eb", "c-ink": "#374151",
}  # fmt: skip
_SERIES = ("#1f6fb5", "#c2410c", "#047857", "#a21caf", "#92710c", "#0e7490", "#be123c", "#4b5563")
_SERIES_DARK = ("#58a6ff", "#fb923c", "#34d399", "#e879f9", "#facc15", "#22d3ee", "#fb7185", "#9ca3af")
LIGHT = {
    "ink": "#1f2328", "soft": "#59636e", "paper": "#fff", "line": "#d1d9e0", "band": "#f6f8fa", "bar": "#4c8dd6",
    "link": "#0b5cad", "good": "#116329", "bad": "#a40e26", **_TIERS,
    **{f"s{place}": colour for place, colour in enumerate(_SERIES)},
}  # fmt: skip
DARK = {
    "ink": "#e6edf3", "soft": "#9aa4af", "paper": "#0d1117", "line": "#30363d", "band": "#161b22", "bar": "#4c8dd6",
    "link": "#79b8ff", "good": "#4ade80", "bad": "#ff9a94",
    "a": "#86efac", "a-ink": "#052e16", "b": "#854d0e", "b-ink": "#fef9c3", "c": "#374151", "c-ink": "#e5e7eb",
    **{f"s{place}": colour for place, colour in enumerate(_SERIES_DARK)},
}  # fmt: skip
PRINT = LIGHT | {"ink": "#000", "soft": "#333", "line": "#999", "band": "#fff", "bar": "#777", "link": "#000"}

# A4 within its margins, in points: upright and across.
_UPRIGHT, _ACROSS = 527, 774
_LARGEST, _READABLE, _SMALLEST = 9.0, 7.5, 4.0
# In the height of the type: a sign, what a cell has around it, a bar.
_SIGN, _AROUND, _BAR = 0.56, 0.85, 5.6
_MOST_HEADING, _MOST_TEXT = 18, 24


class Cell(NamedTuple):
    """A cell in words; a bar in percent of the longest."""

    text: str
    lane: cells.Lane
    bar: float | None


class Grid(NamedTuple):
    """A table; `head` is the column that names its rows, `more` what is said of rows that are left out."""

    title: str
    lanes: Sequence[cells.Lane]
    head: str
    more: str = ""

    def rows(self) -> Iterator[list[Cell]]:
        """The rows."""
        for place in range(self.length):
            yield [
                Cell(lane.cells[place], lane, round(lane.bars[place] * 100, 2) if lane.bars else None)
                for lane in self.lanes
            ]

    @property
    def length(self) -> int:
        """How many rows."""
        return len(self.lanes[0].cells) if self.lanes else 0

    @property
    def has_total(self) -> bool:
        """Whether a totals row follows."""
        return any(lane.total for lane in self.lanes)

    @property
    def wide(self) -> float:
        """How wide it is printed at least, in the height of its type."""
        return sum(map(_wide, self.lanes))

    @property
    def across(self) -> bool:
        """Whether it is readable on a page that lies across only."""
        return self.wide * _READABLE > _UPRIGHT

    def type(self, room: float = 0, most: float = _LARGEST) -> float:
        """The type it is printed in, in points: what fits into a page, or into so much room, and at most `most`."""
        space = room or (_ACROSS if self.across else _UPRIGHT)
        return round(max(_SMALLEST, min(most, space / max(self.wide, 1))), 1)


class Body(NamedTuple):
    """A report as it lies in a page: `pictures_at` says before which of the tables the pictures stand."""

    grids: Sequence[Grid]
    pictures: Sequence[str]
    pictures_at: int
    cards: Sequence[Sequence[tuple[str, str]]]
    notes: Sequence[str]
    closing: Sequence[str]

    @property
    def across(self) -> bool:
        """Whether a table of it wants a page that lies across."""
        return any(grid.across for grid in self.grids)


def body(
    report: Report, unit: str = "yuan", *, first: int = 1, most: int | None = None, more: str = "", still: bool = False
) -> Body:
    """Pictures above the main table, remarks and last lines below it.

    The pictures are numbered from `first`; of the main table at most `most` rows stand, and `more` says so below them.
    `still` is for pages that no mouse goes over.
    """
    sections = [section for section in report.sections.values() if section.rows and not section.data_only]
    grids = [_section(section, unit) for section in sections]
    if report.rows and not report.card and not report.data_only:
        lanes = cells.lanes(report.row, report.rows, unit, only=report.only, totals=report.totals, limit=most)
        grids.append(_grid("", lanes, more if most is not None and most < len(report.rows) else ""))
    style = drawing_style() if still else ""
    return Body(
        grids,
        [svg.figure(chart, number, unit, style) for number, chart in enumerate(report.charts, first)],
        len(sections),
        [cells.card(report.row, record, unit) for record in report.rows] if report.card else [],
        [safe.shown(note) for note in report.notes],
        [safe.shown(line) for line in report.closing],
    )


def page(folder: Path, name: str, **given: object) -> str:
    """A template of a folder, filled in: the page it makes begins as every page does."""
    return (
        _environment(folder)
        .get_template(name)
        .render(
            language={"zh": "zh-CN"}.get(language(), language()),
            themes=(LIGHT, DARK, PRINT),
            series=range(svg.COLOURS),
            by_name={name: f"var(--{name})" for name in LIGHT},
            **given,
        )
    )


@cache
def drawing_style() -> str:
    """How a picture looks that no page's style reaches."""
    template = _environment(Path(__file__).parent).get_template("drawing.css.j2")
    return " ".join(template.render(by_name=PRINT, series=range(svg.COLOURS)).split())


def _section(section: Table, unit: str) -> Grid:
    return _grid(safe.shown(section.title), cells.lanes(section.row, section.rows, unit, only=section.only))


def _grid(title: str, lanes: Sequence[cells.Lane], more: str = "") -> Grid:
    """The first column that names its rows is their heading."""
    named = [lane.name for lane in lanes if lane.col.kind in ("text", "code", "tier")]
    return Grid(title, lanes, named[0] if named else "", more)


def _wide(lane: cells.Lane) -> float:
    """How wide a column is at least: numbers stand in one line, texts may go on below."""
    longest = max(map(width, (*lane.cells, lane.total)), default=0)
    if lane.col.kind == "text":
        longest = min(longest, _MOST_TEXT)
    heading = min(max(map(width, lane.heading.split()), default=0), _MOST_HEADING)
    return max(longest, heading) * _SIGN + _AROUND + (_BAR if lane.bars else 0)


@cache
def _environment(folder: Path) -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=FileSystemLoader([folder, Path(__file__).parent]),
    )
