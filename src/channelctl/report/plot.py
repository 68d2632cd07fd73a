"""Pictures on a terminal, drawn with characters."""

from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Any, NamedTuple

from channelctl.columns import Col
from channelctl.i18n import either
from channelctl.report import ansi, cells, safe
from channelctl.report.canvas import Canvas, Dot
from channelctl.report.charts import Axis, Bars, Chart, Heat, Lines, Number, axis, from_zero, parts
from channelctl.report.width import cut, pad, width

LEAST_WIDTH = 60
_MOST_WIDTH, _HEIGHT = 64, 11
_BAR_CELLS = 24
_MOST_NAME = 20
_GAP = "   "


class Signs(NamedTuple):
    """What there is to draw with: braille or not, eight heights from low to high, four shades from light to dark."""

    braille: bool
    heights: str
    shades: str


FULL = Signs(True, "▁▂▃▄▅▆▇█", "░▒▓█")
PLAIN = Signs(False, "_.-~=+*#", ".:*#")


def signs(holds: Callable[[str], bool]) -> Signs:
    """The best of the signs that the terminal holds."""
    return Signs(
        FULL.braille and holds("⣿"),
        FULL.heights if holds(FULL.heights) else PLAIN.heights,
        FULL.shades if holds(FULL.shades) else PLAIN.shades,
    )


class Look(NamedTuple):
    """What is drawn for: cells in a line, signs, unit of money, colour."""

    wide: int
    signs: Signs = FULL
    unit: str = "yuan"
    colour: bool = False


def drawn(chart: Chart, look: Look) -> list[str]:
    """The lines of a picture, its title the first."""
    if isinstance(chart, Heat):
        return [_title(chart.title, look), *_heat(chart, look)]
    if isinstance(chart, Bars):
        return [_title(chart.title, look), *_bars(chart, look)]
    said = safe.shown(cells.heading(chart.y, look.unit))
    title = f"{_title(chart.title, look)} · {said}"
    if chart.steps and len(chart.series) > 1:
        return [title, *_small(chart, look)]
    return [title, *_lines(chart, look)]


def _title(title: str, look: Look) -> str:
    return ansi.styled(safe.shown(title), ansi.BOLD, look.colour)


def _lines(chart: Lines, look: Look) -> list[str]:
    """Lines between two axes, and what the letters on them mean."""
    up = axis(chart.y, [point.y for one in chart.series for point in one.points if point.y is not None])
    along = _along(chart)
    labels = [_figure(chart.y, tick, look) for tick in up.ticks]
    left = max(map(width, labels))
    canvas = Canvas(min(look.wide - left - 2, _MOST_WIDTH), _HEIGHT, look.signs.braille)
    _draw(canvas, chart, along, up)
    heights = {_place(1 - up.part(tick), _HEIGHT): label for tick, label in zip(up.ticks, labels, strict=True)}
    lines = []
    for place, row in enumerate(canvas.rows()):
        frame = f"{pad(heights.get(place, ''), left, right=True)} {'┤' if place in heights else '│'}"
        lines.append(f"{frame}{ansi.styled(row.rstrip(), ansi.BAR, look.colour)}")
    wide = len(canvas.rows()[0])
    names = [(tick, _step(chart, tick, look)) for tick in along.ticks]
    lines.append(f"{' ' * (left + 1)}└{'─' * wide}")
    lines.append(" " * (left + 2) + _beneath([(_place(along.part(tick), wide), name) for tick, name in names], wide))
    if not chart.steps:
        lines.append(" " * (left + 2) + safe.shown(cells.heading(chart.x, look.unit)))
    return [*lines, *(safe.shown(mark.text) for mark in chart.marks)]


def _along(chart: Lines) -> Axis:
    """The axis of x; of steps, a tick each."""
    if not chart.steps:
        return axis(chart.x, [point.x for one in chart.series for point in one.points])
    last = max(len(chart.steps) - 1, 1)
    return Axis(Decimal(0), Decimal(last), [Decimal(place) for place in range(len(chart.steps))])


def _draw(canvas: Canvas, chart: Lines, along: Axis, up: Axis) -> None:
    across, down = canvas.dots

    def at(x: Number, y: Number) -> Dot:
        return _place(along.part(x), across), _place(1 - up.part(y), down)

    for one in chart.series:
        for point in one.points:
            if point.y is not None:
                canvas.line(at(point.x, point.y), at(point.x, point.y))
        for before, point in pairwise(one.points):
            if before.y is not None and point.y is not None:
                canvas.line(at(before.x, before.y), at(point.x, point.y))
    for mark in chart.marks:
        canvas.put(mark.sign, at(mark.x, mark.y))


def _place(part: Decimal, count: int) -> int:
    """Which of so many places is nearest to a part of the way, counted from 0."""
    return int((part * (count - 1)).to_integral_value(ROUND_HALF_UP))


def _step(chart: Lines, tick: Decimal, look: Look) -> str:
    return safe.shown(chart.steps[int(tick)]) if chart.steps else _figure(chart.x, tick, look)


def _beneath(names: Sequence[tuple[int, str]], wide: int) -> str:
    """Names below their places: the last always, of the others those that leave a blank between."""
    *others, last = [(max(0, min(place - width(name) // 2, wide - width(name))), name) for place, name in names]
    text = ""
    for place, name in others:
        if (place > width(text) or not text) and place + width(name) < last[0]:
            text = pad(text, place) + name
    return pad(text, last[0]) + last[1]


def _small(chart: Lines, look: Look) -> list[str]:
    """A line of small columns for each series, all to the same scale, between its first and last figure."""
    scale = axis(chart.y, [point.y for one in chart.series for point in one.points if point.y is not None])
    say = cells.words(chart.y, look.unit)
    values = [{int(point.x): point.y for point in one.points} for one in chart.series]
    names = [cut(safe.shown(one.name), _MOST_NAME) for one in chart.series]
    ends = [[say(found.get(place)) for place in (0, len(chart.steps) - 1)] for found in values]
    heads = [safe.shown(chart.steps[0]), safe.shown(chart.steps[-1])]
    first, last = (max(map(width, [heads[end], *(pair[end] for pair in ends)])) for end in (0, 1))
    left = max(map(width, names))
    room = look.wide - left - first - last - 3 * len(_GAP)
    shown = range(max(0, len(chart.steps) - room), len(chart.steps))
    each = max(1, min(3, room // len(shown)))
    figures = [_figure(chart.y, end, look) for end in (scale.low, scale.high)]
    span = cut(f"{figures[0]}–{figures[1]}", each * len(shown))
    lines = [
        _GAP.join([" " * left, pad(heads[0], first, True), pad(span, each * len(shown)), pad(heads[1], last, True)])
    ]
    for name, found, pair in zip(names, values, ends, strict=True):
        text = "".join(_column(found.get(place), scale, look) * each for place in shown)
        text = ansi.styled(text, ansi.BAR, look.colour)
        lines.append(_GAP.join([pad(name, left), pad(pair[0], first, True), text, pad(pair[1], last, True)]))
    return lines


def _column(value: Number | None, scale: Axis, look: Look) -> str:
    return " " if value is None else look.signs.heights[_place(scale.part(value), len(look.signs.heights))]


def _heat(chart: Heat, look: Look) -> list[str]:
    """The figures with a shade before each."""
    say = cells.words(chart.value, look.unit)
    texts = [[say(cell) for cell in row] for row in chart.cells]
    names = [cut(safe.shown(name), _MOST_NAME) for name in chart.rows]
    heads = [safe.shown(name) for name in chart.columns]
    left = max(width(chart.down.label), *map(width, names))
    wide = max(map(width, [*heads, *("##" + text for row in texts for text in row)])) + 1
    lines = [_GAP.join([pad(chart.down.label, left), *(pad(head, wide, right=True) for head in heads)])]
    for name, row, dark in zip(names, texts, parts(chart), strict=True):
        shaded = [
            ansi.styled(_shade(part, look), ansi.BAR, look.colour) + pad(text, wide - 2, right=True)
            for text, part in zip(row, dark, strict=True)
        ]
        lines.append(_GAP.join([pad(name, left), *shaded]))
    return [*lines, either("颜色越深，占该行的比例越大", "The darker, the larger the part of its row")]


def _shade(part: Decimal, look: Look) -> str:
    """Two cells: blank for nothing, else one of the shades by quarters."""
    if not part:
        return "  "
    quarter = min(int(part * len(look.signs.shades)), len(look.signs.shades) - 1)
    return look.signs.shades[quarter] * 2


def _bars(chart: Bars, look: Look) -> list[str]:
    say = cells.words(chart.value, look.unit)
    figures = [value for _name, value in chart.bars if value is not None]
    scale = from_zero(figures) if not chart.value.whole else axis(chart.value, figures)
    names = [cut(safe.shown(name), _MOST_NAME) for name, _value in chart.bars]
    texts = [say(value) for _name, value in chart.bars]
    left, right = max(map(width, names), default=0), max(map(width, texts), default=0)
    lines = []
    for name, text, (_name, value) in zip(names, texts, chart.bars, strict=True):
        length = max(0, _place(scale.part(value), _BAR_CELLS + 1)) if value is not None else 0
        bar = ansi.styled(look.signs.heights[-1] * length, ansi.BAR, look.colour)
        lines.append(_GAP.join([pad(name, left), pad(text, right, right=True), bar]).rstrip())
    return lines


def _figure(col: Col, value: Decimal, look: Look) -> str:
    """A figure beside an axis: shares without needless decimals."""
    if col.kind == "share":
        return f"{(value * 100).normalize():f}%"
    say: Callable[[Any], str] = cells.words(col, look.unit)
    return say(value)
