"""A report as one HTML page that needs nothing else: no script, no network."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from channelctl.i18n import language
from channelctl.report import Report, Table, cells, safe, svg

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jinja2 import Template

_LANDSCAPE_FROM = 8


class _Cell(NamedTuple):
    text: str
    lane: cells.Lane
    bar: float | None


class _Grid(NamedTuple):
    title: str
    lanes: "Sequence[cells.Lane]"
    head: str

    def rows(self) -> "Iterator[list[_Cell]]":
        """Rows of cells; a bar in percent of the longest."""
        for place in range(len(self.lanes[0].cells) if self.lanes else 0):
            yield [
                _Cell(lane.cells[place], lane, round(lane.bars[place] * 100, 2) if lane.bars else None)
                for lane in self.lanes
            ]

    @property
    def has_total(self) -> bool:
        """Whether a totals row follows."""
        return any(lane.total for lane in self.lanes)


def render(report: Report, unit: str = "yuan") -> str:
    """The page; pictures above the main table, remarks and last lines below it."""
    sections = [section for section in report.sections.values() if section.rows and not section.data_only]
    grids = [_section(section, unit) for section in sections]
    if report.rows and not report.card and not report.data_only:
        grids.append(_grid("", cells.lanes(report.row, report.rows, unit, only=report.only, totals=report.totals)))
    figures = [svg.figure(chart, number, unit) for number, chart in enumerate(report.charts, 1)]
    cards = [cells.card(report.row, record, unit) for record in report.rows] if report.card else []
    return _template().render(
        language={"zh": "zh-CN"}.get(language(), language()),
        title=safe.shown(report.title or report.name),
        grids=grids,
        figures=figures,
        figures_at=len(sections),
        colours=svg.COLOURS,
        cards=cards,
        notes=[safe.shown(note) for note in report.notes],
        closing=[safe.shown(line) for line in report.closing],
        landscape=any(len(grid.lanes) > _LANDSCAPE_FROM for grid in grids),
    )


def _section(section: Table, unit: str) -> _Grid:
    return _grid(safe.shown(section.title), cells.lanes(section.row, section.rows, unit))


def _grid(title: str, lanes: "Sequence[cells.Lane]") -> _Grid:
    """The first column that names its rows is their heading."""
    named = [lane.name for lane in lanes if lane.col.kind in ("text", "code", "tier")]
    return _Grid(title, lanes, named[0] if named else "")


@cache
def _template() -> "Template":
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(Path(__file__).with_name("report.html.j2").read_text(encoding="utf-8"))
