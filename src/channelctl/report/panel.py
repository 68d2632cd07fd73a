"""A result at a glance: short lines, some with a small drawing, as many as the screen holds."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Any, NamedTuple

from channelctl.columns import Col
from channelctl.report import ansi, cells, plot, safe
from channelctl.report.width import cut, pad, width

_BAR, _LONG_BAR, _LONG_FROM = 16, 24, 100
_EIGHTHS = ("", "▏", "▎", "▍", "▌", "▋", "▊", "▉")
_EMPTY = "·"
_GAP = "  "
# What stands around a panel: the title and a blank below it, the command line above and the prompt below.
_AROUND = 4


class Gauge(NamedTuple):
    """A bar of which a part is filled."""

    part: Decimal


class Stack(NamedTuple):
    """A bar of parts of a whole, from dark to light."""

    parts: Sequence[Decimal]


class Spark(NamedTuple):
    """A small column each, from 0; None leaves a gap. Of too many the last are drawn."""

    values: Sequence[Decimal | None]


Drawing = Gauge | Stack | Spark


@dataclass(frozen=True)
class Said:
    """A text with figures in it, by the names of their places; `right` aligns it with those above and below."""

    text: str
    figures: Mapping[str, tuple[Col, Any]] = field(default_factory=dict)
    right: bool = False

    def words(self, unit: str) -> str:
        """As a person reads it."""
        said = {name: cells.words(col, unit)(value) for name, (col, value) in self.figures.items()}
        return safe.shown(self.text.format(**said))


def figure(col: Col, value: Any) -> Said:
    """A figure by itself."""
    return Said("{value}", {"value": (col, value)}, right=True)


def plain(text: str) -> Said:
    """A text without figures."""
    return Said("{text}", {"text": (Col("", ""), text)})


@dataclass(frozen=True)
class Line:
    """What it is about, the drawing and what is said; an `extra` one is shown where there is room."""

    label: Col | None
    said: Sequence[Said]
    drawing: Drawing | None = None
    extra: bool = False

    def heading(self, unit: str) -> str:
        """The label, with the currency where it is money."""
        return safe.shown(cells.heading(self.label, unit)) if self.label else ""


Block = Sequence[Line]


class LineRow(NamedTuple):
    """A line without its drawing."""

    label: Annotated[str, Col("项目", "What")]
    text: Annotated[str, Col("情况", "How it stands")]


class Look(NamedTuple):
    """What a panel is drawn for: cells in a line and lines (None: as many as it takes), signs, unit, colour."""

    wide: int | None = None
    high: int | None = None
    signs: plot.Signs | None = None
    unit: str = "yuan"
    colour: bool = False


def rows(panel: Sequence[Block], unit: str = "yuan") -> list[LineRow]:
    """The panel as rows of a table."""
    return [
        LineRow(line.heading(unit), " · ".join(filter(None, (one.words(unit) for one in line.said))))
        for block in panel
        for line in block
    ]


def lines(panel: Sequence[Block], look: Look) -> list[str]:
    """The panel as lines of text; drawings stand only on a terminal."""
    left = max((width(line.heading(look.unit)) for block in panel for line in block), default=0)
    room = None if look.wide is None else look.wide - left - len(_GAP)
    return [text for block in _chosen(panel, look.high) for text in _block(block, left, room, look)]


def _chosen(panel: Sequence[Block], high: int | None) -> list[Block]:
    """What there is room for; of extra lines the first."""
    every = [line for block in panel for line in block]
    left = len(every) if high is None else max(0, high - _AROUND - sum(not line.extra for line in every))
    kept: list[Block] = []
    for block in panel:
        some = []
        for line in block:
            if line.extra and not left:
                continue
            left -= line.extra
            some.append(line)
        kept.append(some)
    return kept


def _block(block: Block, left: int, room: int | None, look: Look) -> Iterator[str]:
    """The lines of a block, drawings and texts below each other."""
    texts = _aligned([[one.words(look.unit) for one in line.said] for line in block], block)
    drawn = [_drawn(line.drawing, text, room, look) for line, text in zip(block, texts, strict=True)]
    wide = max(map(width, drawn), default=0)
    for line, drawing, text in zip(block, drawn, texts, strict=True):
        label = ansi.styled(pad(line.heading(look.unit), left), ansi.BOLD, look.colour)
        picture = ansi.styled(pad(drawing, wide), ansi.BAR, look.colour) + _GAP if wide else ""
        said = text if room is None else cut(text, max(1, room - (wide + len(_GAP) if wide else 0)))
        yield f"{label}{_GAP}{picture}{said}".rstrip()


def _aligned(texts: Sequence[Sequence[str]], block: Block) -> list[str]:
    """What is said in columns, but for the last of each line."""
    places = range(max((len(row) - 1 for row in texts), default=0))
    wide = [max(width(row[place]) for row in texts if place < len(row) - 1) for place in places]
    found = []
    for row, line in zip(texts, block, strict=True):
        head = [pad(text, wide[place], line.said[place].right) for place, text in enumerate(row[:-1])]
        found.append(_GAP.join([*head, *row[-1:]]).rstrip())
    return found


def _drawn(drawing: Drawing | None, text: str, room: int | None, look: Look) -> str:
    if drawing is None or look.signs is None or room is None or look.wide is None or look.wide < plot.LEAST_WIDTH:
        return ""
    long = _LONG_BAR if look.wide >= _LONG_FROM else _BAR
    if isinstance(drawing, Gauge):
        return _gauge(drawing.part, long, look.signs)
    if isinstance(drawing, Stack):
        return _stack(drawing.parts, long, look.signs)
    return _spark(drawing.values, max(long, room - width(text) - len(_GAP)), look.signs)


def _gauge(part: Decimal, long: int, signs: plot.Signs) -> str:
    """Filled in eighths of a cell where the terminal has signs for them."""
    part, full = max(Decimal(0), min(Decimal(1), part)), signs.heights[-1]
    if full == plot.FULL.heights[-1]:
        whole, eighth = divmod(_rounded(part * long * 8), 8)
        filled = full * whole + _EIGHTHS[eighth]
    else:
        filled = full * _rounded(part * long)
    return filled + _EMPTY * (long - len(filled))


def _stack(parts: Sequence[Decimal], long: int, signs: plot.Signs) -> str:
    """Each part in a shade of its own; their ends are rounded, so that the whole is as long as it should be."""
    whole = sum(parts, Decimal(0))
    if whole <= 0:
        return _EMPTY * long
    shades = signs.shades[::-1]
    text, upto = "", Decimal(0)
    for place, part in enumerate(parts):
        upto += part
        text += shades[min(place, len(shades) - 1)] * (_rounded(upto / whole * long) - len(text))
    return text


def _spark(values: Sequence[Decimal | None], most: int, signs: plot.Signs) -> str:
    some = values[-most:]
    highest = max((value for value in some if value is not None), default=Decimal(0))
    return "".join(" " if value is None else _column(value, highest, signs.heights) for value in some)


def _column(value: Decimal, highest: Decimal, heights: str) -> str:
    part = value / highest if highest > 0 and value > 0 else Decimal(0)
    return heights[_rounded(part * (len(heights) - 1))]


def _rounded(value: Decimal) -> int:
    return int(value.to_integral_value(ROUND_HALF_UP))
