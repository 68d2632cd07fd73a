"""A report as plain text, for a terminal or a pipe."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import NamedTuple

from channelctl.i18n import ngettext
from channelctl.report import Report, Table, ansi, cells, panel, plot, safe
from channelctl.report.width import cut, pad, width, wrap

SCREEN_ROWS = 50
BAR_CELLS = 16
_GAP = "   "
_LEAST = 6
_EIGHTHS = ("", "▏", "▎", "▍", "▌", "▋", "▊", "▉")
_TIERS = {"A": "\x1b[1;32m", "B": "\x1b[33m", "C": ansi.DIM}


class Page(NamedTuple):
    """What the text is for: rows shown (None: all), cells in a line (None: as wide as it gets), colour.

    Pictures are drawn with `signs`; None: none are. `height` are the lines of the screen; None: there is no end.
    `more` is the command that shows the rows which are not.
    """

    unit: str = "yuan"
    limit: int | None = None
    width: int | None = None
    colour: bool = False
    signs: plot.Signs | None = None
    height: int | None = None
    more: str = ""


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of text: all of its cells, heading and total included, are to be as wide as the widest."""

    heading: str
    cells: Sequence[str]
    total: str = ""
    right: bool = False
    elastic: bool = False
    bars: Sequence[float] = ()
    styles: Sequence[str] = ()

    def natural(self) -> int:
        """Cells of the widest text."""
        return max(width(self.heading), width(self.total), max(map(width, self.cells), default=0))

    def narrow(self) -> "_Column":
        """With bars of half the length, if it holds bars."""
        return replace(self, cells=[_bar(part, BAR_CELLS // 2) for part in self.bars]) if self.bars else self


def body(report: Report, page: Page) -> str:
    """The title, the sections, the pictures and the main table."""
    title = safe.shown(report.title)
    blocks = [[_styled(title, ansi.BOLD, page)]] if title else []
    if report.panel:
        blocks.append(panel.lines(report.panel, _look(page)))
        return "\n\n".join("\n".join(lines) for lines in blocks) + "\n"
    sections = [section for section in report.sections.values() if section.rows and not section.data_only]
    blocks += [_section(section, page) for section in sections]
    blocks += _pictures(report, page)
    if report.card:
        blocks += [_card(report, record, page) for record in report.rows]
    elif report.rows and not report.data_only:
        blocks.append(_main(report, page))
    return "\n\n".join("\n".join(lines) for lines in blocks) + "\n" if blocks else ""


def ending(report: Report) -> str:
    """The last lines of the result."""
    if not report.closing:
        return ""
    shown = any(section.rows and not section.data_only for section in report.sections.values())
    apart = "\n" if report.rows or shown or report.title else ""
    return apart + "".join(safe.shown(line) + "\n" for line in report.closing)


def _section(section: Table, page: Page) -> list[str]:
    lines = _lines(_columns(cells.lanes(section.row, section.rows, page.unit, only=section.only)), page)
    return [_styled(safe.shown(section.title), ansi.BOLD, page), *lines] if section.title else lines


def _look(page: Page) -> panel.Look:
    return panel.Look(page.width, page.height, page.signs, page.unit, page.colour)


def _pictures(report: Report, page: Page) -> list[list[str]]:
    if page.signs is None or page.width is None or page.width < plot.LEAST_WIDTH:
        return []
    look = plot.Look(page.width, page.signs, page.unit, page.colour)
    return [plot.drawn(chart, look) for chart in report.charts]


def _main(report: Report, page: Page) -> list[str]:
    found = cells.lanes(
        report.row, report.rows, page.unit, only=report.only, totals=report.totals, limit=page.limit
    )  # fmt: skip
    lines = _lines(_columns(found), page, report.wrapped)
    hidden = len(report.rows) - page.limit if page.limit is not None else 0
    if hidden > 0:
        text = ngettext("{count} more row: --all", "{count} more rows: --all", hidden)
        if page.more:
            text = ngettext("{count} more row: {command}", "{count} more rows: {command}", hidden)
        lines.append(text.format(count=f"{hidden:,}", command=page.more))
    return lines


def _card(report: Report, record: object, page: Page) -> list[str]:
    pairs = cells.card(report.row, record, page.unit)
    wide = max((width(label) for label, _text in pairs), default=0)
    return [f"{_styled(pad(label, wide), ansi.BOLD, page)}{_GAP}{text}" for label, text in pairs]


def _columns(found: Sequence[cells.Lane]) -> list[_Column]:
    columns = []
    for lane in found:
        styles = [_TIERS.get(cell, "") for cell in lane.cells] if lane.col.kind == "tier" else ()
        columns.append(
            _Column(
                lane.heading,
                lane.cells,
                lane.total,
                right=lane.col.is_number,
                elastic=lane.col.kind == "text",
                styles=styles,
            )
        )
        if lane.bars:
            bars = [_bar(part, BAR_CELLS) for part in lane.bars]
            columns.append(_Column("", bars, bars=lane.bars, styles=[ansi.BAR] * len(bars)))
    return columns


def _bar(part: float, room: int) -> str:
    eighths = round(part * room * 8)
    return "█" * (eighths // 8) + _EIGHTHS[eighths % 8]


def _lines(columns: Sequence[_Column], page: Page, wrapped: bool = False) -> list[str]:
    columns, widths = _fit(columns, page.width)
    if wrapped:
        columns, widths = _wrapped(columns, widths, page)
    total_width = sum(widths) + len(_GAP) * (len(widths) - 1)
    filled = [_filled(column, wide, page) for column, wide in zip(columns, widths, strict=True)]
    heads = [pad(cut(column.heading, wide), wide, column.right) for column, wide in zip(columns, widths, strict=True)]
    lines = [_styled(_GAP.join(heads).rstrip(), ansi.BOLD, page), _styled("─" * total_width, ansi.DIM, page)]
    lines += [_GAP.join(row).rstrip() for row in zip(*filled, strict=True)]
    if any(column.total for column in columns):
        sums = [pad(cut(column.total, wide), wide, column.right) for column, wide in zip(columns, widths, strict=True)]
        lines.append(_styled(_GAP.join(sums).rstrip(), ansi.BOLD, page))
    return lines


def _fit(columns: Sequence[_Column], limit: int | None) -> tuple[Sequence[_Column], list[int]]:
    """Columns and widths; too wide for the terminal, blank columns go, bars shrink and go, the widest texts are cut.

    Each only if it is still too wide; where even all is not enough everything is left as wide as it is.
    """
    natural = [column.natural() for column in columns]
    if limit is None or _over(natural, limit) <= 0:
        return columns, natural
    filled = [column for column in columns if any(column.cells)]
    kept, widths = columns, natural
    for kept in (filled, [column.narrow() for column in filled], [column for column in filled if not column.bars]):
        widths = [column.natural() for column in kept]
        if _over(widths, limit) <= 0:
            return kept, widths
    while _over(widths, limit) > 0:
        most, place = max(
            ((wide, -place) for place, wide in enumerate(widths) if kept[place].elastic), default=(0, 0)
        )  # fmt: skip
        if most <= _LEAST:
            return columns, natural
        widths[-place] -= 1
    return kept, widths


def _wrapped(columns: Sequence[_Column], widths: list[int], page: Page) -> tuple[Sequence[_Column], list[int]]:
    """On a terminal, every row in as many lines as its longest cell takes; else the last column as wide as it likes."""
    if page.width is None:
        return [*columns[:-1], replace(columns[-1], elastic=False)], [*widths[:-1], width(columns[-1].heading)]
    rows = []
    for cells_ in zip(*(column.cells for column in columns), strict=True):
        parts = [wrap(cell, wide) for cell, wide in zip(cells_, widths, strict=True)]
        rows += list(zip_longest(*parts, fillvalue=""))
    split = zip(*rows, strict=True) if rows else [()] * len(columns)
    return [replace(column, cells=list(own), styles=()) for column, own in zip(columns, split, strict=True)], widths


def _over(widths: Sequence[int], limit: int) -> int:
    return sum(widths) + len(_GAP) * (len(widths) - 1) - limit


def _filled(column: _Column, wide: int, page: Page) -> list[str]:
    texts = [cut(text, wide) for text in column.cells] if column.elastic else column.cells
    full = [pad(text, wide, column.right) for text in texts]
    if not page.colour or not column.styles:
        return full
    return [
        filled.replace(text, f"{style}{text}{ansi.OFF}", 1) if style and text else filled
        for filled, text, style in zip(full, texts, column.styles, strict=True)
    ]


def _styled(text: str, style: str, page: Page) -> str:
    return ansi.styled(text, style, page.colour)
