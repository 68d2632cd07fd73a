"""Pictures as drawings that stand in a page: colours come from the page, so light, dark and print are its affair."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any, NamedTuple

from channelctl.columns import Col
from channelctl.report import answering, cells, safe
from channelctl.report.answering import Said, Spot, esc, length, text
from channelctl.report.charts import Axis, Bars, Chart, Heat, Lines, Number, Point, Series, axis, from_zero, parts
from channelctl.report.width import cut, width

COLOURS = 8
_LEFT, _TOP, _PLOT_HIGH = 64, 28, 300
_LINE, _SIGN = 20, 7
_MOST_NAME = 20
_CELL_WIDE, _CELL_HIGH = 100, 44
_MOST_STRIPS = 40
_DARKEST = Decimal("0.6")


class _Room(NamedTuple):
    """How wide a drawing is; the legend beside its lines (0: below them); names and figures beside cells and bars."""

    wide: int
    legend: int
    names: int
    bars: int
    figures: int
    steps: int


_PAGE = _Room(720, 170, 120, 240, 110, 12)
_PHONE = _Room(360, 0, 72, 124, 60, 5)


class _Drawn(NamedTuple):
    """A drawing: how high it is, its parts, and what answers."""

    high: int
    parts: list[str]
    spots: "Sequence[Spot]"


class _Frame(NamedTuple):
    """Where a picture's lines lie, in units of the drawing."""

    left: int
    right: int
    top: int
    bottom: int
    along: Axis
    up: Axis

    def x(self, value: Number) -> Decimal:
        return self.left + self.along.part(value) * (self.right - self.left)

    def y(self, value: Number) -> Decimal:
        return self.bottom - self.up.part(value) * (self.bottom - self.top)


def figure(chart: Chart, number: int, unit: str = "yuan", style: str = "") -> str:
    """The drawing with its heading; `number` tells the pictures of a page apart.

    With a `style` of its own it stands still; without one it takes the page's, answers to mouse, finger and Tab, and
    stands twice: the page shows the one or, on a phone, the other.
    """
    drawn = _svg(chart, f"chart-{number}", unit, _PAGE, "drawing", style)
    slim = [] if style else _svg(chart, f"slim-{number}", unit, _PHONE, "drawing slim", "")
    said = [safe.shown(mark.text) for mark in chart.marks] if isinstance(chart, Lines) else []
    return "\n".join(
        [
            '<figure class="chart">',
            f"<figcaption>{esc(chart.title)}</figcaption>",
            '<div class="canvas">',
            *drawn,
            *slim,
            "</div>",
            *(f"<p>{esc(text)}</p>" for text in said),
            "</figure>",
        ]
    )


def _svg(chart: Chart, named: str, unit: str, room: _Room, kind: str, style: str) -> list[str]:
    """One drawing, in so much room."""
    draw: Any = {Lines: _lines, Heat: _heat, Bars: _bars}[type(chart)]
    high, parts_, spots = draw(chart, unit, room)
    return [
        f'<svg class="{kind}" viewBox="0 0 {room.wide} {high}" role="img"'
        f' aria-labelledby="{named}-title {named}-text">',
        *([f"<style>{style}</style>"] if style else []),
        f'<title id="{named}-title">{esc(chart.title)}</title>',
        f'<desc id="{named}-text">{esc(chart.text)}</desc>',
        *parts_,
        *([] if style else answering.spots(spots, room.wide, high)),
        "</svg>",
    ]


def _lines(chart: Lines, unit: str, room: _Room) -> _Drawn:
    many = len(chart.series) > 1
    up = axis(chart.y, [point.y for one in chart.series for point in one.points if point.y is not None])
    left = max(_LEFT, *(_SIGN * width(_figure(chart.y, tick, unit)) + 16 for tick in up.ticks))
    right = room.wide - (room.legend if many and room.legend else 24)
    frame = _Frame(left, right, _TOP, _TOP + _PLOT_HIGH, _along(chart), up)
    bottom = frame.bottom + 22 + (0 if chart.steps else 22)
    drawn = [text(4, 14, cells.heading(chart.y, unit)), *_grid(chart, frame, unit, room.steps)]
    for place, one in enumerate(chart.series):
        lines = _series(chart, one, place, frame, unit)
        drawn += ['<g class="series">', *lines, *_legend(one, place, frame, room, bottom), "</g>"] if many else lines
    for mark in chart.marks:
        x, y = frame.x(mark.x), frame.y(mark.y)
        drawn.append(f'<path class="drop" d="M{length(x)} {frame.bottom}V{length(y)}H{frame.left}"/>')
        drawn.append(f'<circle class="mark" cx="{length(x)}" cy="{length(y)}" r="4.5"/>')
        said = f"{mark.sign}  {_figure(chart.x, mark.x, unit)} · {_figure(chart.y, mark.y, unit)}"
        late = x > frame.right - 150
        drawn.append(text(x - 4 if late else x + 10, y + 20, said, "m e" if late else "m"))
    names = _LINE * len(chart.series) if many else 0
    high = max(bottom + 8, _TOP + names) if room.legend else bottom + 8 + names
    return _Drawn(high, drawn, _steps(chart, frame, unit) if chart.steps else _points(chart, frame, unit))


def _along(chart: Lines) -> Axis:
    if not chart.steps:
        return axis(chart.x, [point.x for one in chart.series for point in one.points])
    last = max(len(chart.steps) - 1, 1)
    return Axis(Decimal(0), Decimal(last), [Decimal(place) for place in range(len(chart.steps))])


def _grid(chart: Lines, frame: _Frame, unit: str, most: int) -> list[str]:
    """The lines behind, with the figures beside and the names below."""
    drawn = []
    for tick in frame.up.ticks:
        y = length(frame.y(tick))
        drawn.append(f'<path class="grid" d="M{frame.left} {y}H{frame.right}"/>')
        drawn.append(text(frame.left - 8, frame.y(tick) + 4, _figure(chart.y, tick, unit), "e"))
    every = -(-len(frame.along.ticks) // most)
    for tick in frame.along.ticks[::every]:
        name = chart.steps[int(tick)] if chart.steps else _figure(chart.x, tick, unit)
        drawn.append(text(frame.x(tick), frame.bottom + 18, name, "c"))
    if not chart.steps:
        drawn.append(
            text((frame.left + frame.right) // 2, frame.bottom + 40, cells.heading(chart.x, unit), "c")
        )  # fmt: skip
    drawn.append(f'<path class="axis" d="M{frame.left} {frame.top}V{frame.bottom}H{frame.right}"/>')
    return drawn


def _series(chart: Lines, series: Series, place: int, frame: _Frame, unit: str) -> list[str]:
    """A line, broken where a figure is missing; of steps, a dot each that says what it is."""
    style = _style(place)
    drawn = []
    for run in _runs(series.points):
        points = " ".join(f"{length(frame.x(x))},{length(frame.y(y))}" for x, y in run)
        drawn.append(f'<polyline class="{style}" points="{points}"/>')
    if chart.steps:
        for x, y in (pair for run in _runs(series.points) for pair in run):
            told = [*([series.name] if series.name else []), chart.steps[int(x)], _figure(chart.y, y, unit)]
            said = esc(" · ".join(told))
            centre = f'cx="{length(frame.x(x))}" cy="{length(frame.y(y))}"'
            drawn.append(f'<circle class="dot {style}" {centre} r="3"><title>{said}</title></circle>')
    return drawn


def _runs(points: Sequence[Point]) -> list[list[tuple[Number, Number]]]:
    """The points between the gaps."""
    runs: list[list[tuple[Number, Number]]] = [[]]
    for point in points:
        if point.y is None:
            runs.append([])
        else:
            runs[-1].append((point.x, point.y))
    return [run for run in runs if run]


def _steps(chart: Lines, frame: _Frame, unit: str) -> list[Spot]:
    """A strip for each step, with all that was there."""
    say = cells.words(chart.y, unit)
    found = []
    wide = Decimal(frame.right - frame.left) / max(len(chart.steps) - 1, 1)
    for place, step in enumerate(chart.steps):
        x = frame.x(place)
        there = [
            (of, one.name, point.y)
            for of, one in enumerate(chart.series)
            for point in one.points
            if point.x == place and point.y is not None
        ]
        if there:
            said = [Said(" ".join(part for part in (name, say(y)) if part), _style(of)) for of, name, y in there]
            rings = [(x, frame.y(y), _style(of)) for of, _name, y in there]
            strip = (max(x - wide / 2, Decimal(frame.left)), Decimal(frame.top))
            size = (min(x + wide / 2, Decimal(frame.right)) - strip[0], Decimal(frame.bottom - frame.top))
            found.append(Spot((*strip, *size), [Said(step), *said], (x, frame.top, frame.bottom), rings))
    return found


def _points(chart: Lines, frame: _Frame, unit: str) -> list[Spot]:
    """A strip for each of some points of a curve, as many as a hand can tell apart."""
    points = [(x, y) for run in _runs(chart.series[0].points) for x, y in run] if len(chart.series) == 1 else []
    chosen = points[:: -(-len(points) // _MOST_STRIPS) or 1]
    between = [(frame.x(one) + frame.x(other)) / 2 for (one, _), (other, _) in pairwise(chosen)]
    ends = [Decimal(frame.left), *between, Decimal(frame.right)]
    heads = [f"{cells.heading(col, unit)} " for col in (chart.x, chart.y)]
    found = []
    for (x, y), (left, right) in zip(chosen, pairwise(ends), strict=True) if chosen else []:
        said = [Said(heads[0] + _figure(chart.x, x, unit)), Said(heads[1] + _figure(chart.y, y, unit))]
        box = (left, Decimal(frame.top), right - left, Decimal(frame.bottom - frame.top))
        place = frame.x(x)
        found.append(Spot(box, said, (place, frame.top, frame.bottom), [(place, frame.y(y), _style(0))]))
    return found


def _legend(one: Series, place: int, frame: _Frame, room: _Room, bottom: int) -> list[str]:
    """Beside the lines, or below them."""
    y = (frame.top + 6 if room.legend else bottom + 12) + place * _LINE
    left, wide = (frame.right + 16, room.legend - 12) if room.legend else (8, room.wide - 8)
    return [
        f'<rect class="hit" x="{left - 4}" y="{y - _LINE // 2}" width="{wide}" height="{_LINE}" fill="none"/>',
        f'<path class="{_style(place)}" d="M{left} {y}h22"/>',
        text(left + 28, y + 4, cut(safe.shown(one.name), (wide - 16) // _SIGN)),
    ]


def _style(place: int) -> str:
    """One of the colours; after all have been used, again with another dash."""
    return f"line s{place % COLOURS} d{place // COLOURS % 3}"


def _heat(chart: Heat, unit: str, room: _Room) -> _Drawn:
    say = cells.words(chart.value, unit)
    names = room.names
    wide = min(_CELL_WIDE, (room.wide - names) // max(len(chart.columns), 1))
    top = _TOP + 24
    spots = []
    drawn = [text(names, 14, cells.heading(chart.across, unit)), text(4, top - 10, cells.heading(chart.down, unit))]
    for place, name in enumerate(chart.columns):
        drawn.append(text(names + place * wide + wide // 2, top - 10, name, "c m"))
    for row, (name, values, dark) in enumerate(zip(chart.rows, chart.cells, parts(chart), strict=True)):
        y = top + row * _CELL_HIGH
        drawn.append(text(names - 10, y + _CELL_HIGH // 2 + 4, cut(safe.shown(name), (names - 10) // _SIGN), "e m"))
        for place, (value, part) in enumerate(zip(values, dark, strict=True)):
            x = names + place * wide
            size = f'width="{wide - 2}" height="{_CELL_HIGH - 2}"'
            drawn.append(f'<rect class="cell" x="{x}" y="{y}" {size} fill-opacity="{length(part * _DARKEST)}"/>')
            middle = x + wide // 2 - 1
            said = [Said(f"{name} → {chart.columns[place]}"), Said(f"{say(value)} · {cells.percent(part)}")]
            box = (Decimal(x), Decimal(y), Decimal(wide - 2), Decimal(_CELL_HIGH - 2))
            spots.append(Spot(box, said, frame=box))
            if value:
                drawn.append(text(middle, y + _CELL_HIGH // 2 - 2, say(value), "c m"))
                drawn.append(text(middle, y + _CELL_HIGH // 2 + 14, cells.percent(part), "c i"))
    return _Drawn(top + _CELL_HIGH * len(chart.rows) + 4, drawn, spots)


def _bars(chart: Bars, unit: str, room: _Room) -> _Drawn:
    say = cells.words(chart.value, unit)
    figures = [value for _name, value in chart.bars if value is not None]
    scale = axis(chart.value, figures) if chart.value.whole else from_zero(figures)
    left = room.bars
    beyond = max([room.figures, *(_SIGN * width(say(value)) + 16 for value in figures)])
    drawn = [text(left, 14, cells.heading(chart.value, unit))]
    spots = []
    for place, (name, value) in enumerate(chart.bars):
        y = _TOP + place * _LINE
        long = max(scale.part(value), Decimal(0)) * (room.wide - left - beyond) if value is not None else Decimal(0)
        drawn.append(text(left - 10, y + 12, cut(safe.shown(name), min(_MOST_NAME, (left - 14) // _SIGN)), "e"))
        drawn.append(f'<rect class="fill" x="{left}" y="{y + 2}" width="{length(long)}" height="{_LINE - 6}"/>')
        drawn.append(text(left + long + 8, y + 12, say(value), "m"))
        row = (Decimal(4), Decimal(y - 1), Decimal(room.wide - 8), Decimal(_LINE - 1))
        outline = (Decimal(left), Decimal(y + 2), max(long, Decimal(1)), Decimal(_LINE - 6))
        beside = (left + long + _SIGN * width(say(value)) + 20, Decimal(y - 5))
        spots.append(Spot(row, [Said(f"{name} {say(value)}".strip())], frame=outline, at=beside))
    return _Drawn(_TOP + _LINE * len(chart.bars) + 4, drawn, spots)


def _figure(col: Col, value: Number, unit: str) -> str:
    """A figure: shares with at most one decimal, and none where there is none."""
    said = cells.words(col, unit)(value)
    return said.replace(".0%", "%")
