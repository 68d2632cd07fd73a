"""Pictures as drawings that stand in a page: colours come from the page, so light, dark and print are its affair."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from html import escape
from typing import NamedTuple

from channelctl.columns import Col
from channelctl.report import cells, safe
from channelctl.report.charts import Axis, Bars, Chart, Heat, Lines, Number, Point, Series, axis, from_zero, parts
from channelctl.report.width import cut, width

COLOURS = 8
_WIDE = 720
_LEFT, _TOP, _PLOT_HIGH = 64, 28, 300
_LEGEND = 170
_LINE, _SIGN = 20, 7
_MOST_NAME = 20
_CELL_WIDE, _CELL_HIGH, _NAMES = 100, 44, 120
_PLACES = Decimal("0.01")
_DARKEST = Decimal("0.6")


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


def figure(chart: Chart, number: int, unit: str = "yuan") -> str:
    """The drawing with its heading; `number` tells the pictures of a page apart."""
    high, parts_ = {Lines: _lines, Heat: _heat, Bars: _bars}[type(chart)](chart, unit)  # type: ignore[operator]
    named = f"chart-{number}"
    said = [safe.shown(mark.text) for mark in chart.marks] if isinstance(chart, Lines) else []
    return "\n".join(
        [
            '<figure class="chart">',
            f"<figcaption>{_esc(chart.title)}</figcaption>",
            f'<svg viewBox="0 0 {_WIDE} {high}" role="img" aria-labelledby="{named}-title {named}-text">',
            f'<title id="{named}-title">{_esc(chart.title)}</title>',
            f'<desc id="{named}-text">{_esc(chart.text)}</desc>',
            *parts_,
            "</svg>",
            *(f"<p>{_esc(text)}</p>" for text in said),
            "</figure>",
        ]
    )


def _lines(chart: Lines, unit: str) -> tuple[int, list[str]]:
    many = len(chart.series) > 1
    up = axis(chart.y, [point.y for one in chart.series for point in one.points if point.y is not None])
    left = max(_LEFT, *(_SIGN * width(_figure(chart.y, tick, unit)) + 16 for tick in up.ticks))
    frame = _Frame(left, _WIDE - (_LEGEND if many else 24), _TOP, _TOP + _PLOT_HIGH, _along(chart), up)
    drawn = [_text(4, 14, cells.heading(chart.y, unit)), *_grid(chart, frame, unit)]
    for place, one in enumerate(chart.series):
        drawn += _series(chart, one, place, frame, unit)
    for mark in chart.marks:
        x, y = frame.x(mark.x), frame.y(mark.y)
        drawn.append(f'<path class="drop" d="M{_n(x)} {frame.bottom}V{_n(y)}H{frame.left}"/>')
        drawn.append(f'<circle class="mark" cx="{_n(x)}" cy="{_n(y)}" r="4.5"/>')
        said = f"{mark.sign}  {_figure(chart.x, mark.x, unit)} · {_figure(chart.y, mark.y, unit)}"
        late = x > frame.right - 150
        drawn.append(_text(x - 4 if late else x + 10, y + 20, said, "m e" if late else "m"))
    if many:
        drawn += _legend(chart.series, frame)
    bottom = frame.bottom + 22 + (0 if chart.steps else 22)
    return max(bottom + 8, _TOP + _LINE * len(chart.series) if many else 0), drawn


def _along(chart: Lines) -> Axis:
    if not chart.steps:
        return axis(chart.x, [point.x for one in chart.series for point in one.points])
    last = max(len(chart.steps) - 1, 1)
    return Axis(Decimal(0), Decimal(last), [Decimal(place) for place in range(len(chart.steps))])


def _grid(chart: Lines, frame: _Frame, unit: str) -> list[str]:
    """The lines behind, with the figures beside and the names below."""
    drawn = []
    for tick in frame.up.ticks:
        y = _n(frame.y(tick))
        drawn.append(f'<path class="grid" d="M{frame.left} {y}H{frame.right}"/>')
        drawn.append(_text(frame.left - 8, frame.y(tick) + 4, _figure(chart.y, tick, unit), "e"))
    every = -(-len(frame.along.ticks) // 12)
    for tick in frame.along.ticks[::every]:
        name = chart.steps[int(tick)] if chart.steps else _figure(chart.x, tick, unit)
        drawn.append(_text(frame.x(tick), frame.bottom + 18, name, "c"))
    if not chart.steps:
        drawn.append(
            _text((frame.left + frame.right) // 2, frame.bottom + 40, cells.heading(chart.x, unit), "c")
        )  # fmt: skip
    drawn.append(f'<path class="axis" d="M{frame.left} {frame.top}V{frame.bottom}H{frame.right}"/>')
    return drawn


def _series(chart: Lines, series: Series, place: int, frame: _Frame, unit: str) -> list[str]:
    """A line, broken where a figure is missing; of steps, a dot each that says what it is."""
    style = _style(place)
    drawn = []
    for run in _runs(series.points):
        points = " ".join(f"{_n(frame.x(x))},{_n(frame.y(y))}" for x, y in run)
        drawn.append(f'<polyline class="{style}" points="{points}"/>')
    if chart.steps:
        for x, y in (pair for run in _runs(series.points) for pair in run):
            told = [*([series.name] if series.name else []), chart.steps[int(x)], _figure(chart.y, y, unit)]
            said = _esc(" · ".join(told))
            centre = f'cx="{_n(frame.x(x))}" cy="{_n(frame.y(y))}"'
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


def _legend(series: Sequence[Series], frame: _Frame) -> list[str]:
    drawn = []
    for place, one in enumerate(series):
        y = frame.top + 6 + place * _LINE
        left = frame.right + 16
        drawn.append(f'<path class="{_style(place)}" d="M{left} {y}h22"/>')
        drawn.append(_text(left + 28, y + 4, cut(safe.shown(one.name), _MOST_NAME)))
    return drawn


def _style(place: int) -> str:
    """One of the colours; after all have been used, again with another dash."""
    return f"line s{place % COLOURS} d{place // COLOURS % 3}"


def _heat(chart: Heat, unit: str) -> tuple[int, list[str]]:
    say = cells.words(chart.value, unit)
    wide = min(_CELL_WIDE, (_WIDE - _NAMES) // max(len(chart.columns), 1))
    top = _TOP + 24
    drawn = [_text(_NAMES, 14, cells.heading(chart.across, unit)), _text(4, top - 10, cells.heading(chart.down, unit))]
    for place, name in enumerate(chart.columns):
        drawn.append(_text(_NAMES + place * wide + wide // 2, top - 10, name, "c m"))
    for row, (name, values, dark) in enumerate(zip(chart.rows, chart.cells, parts(chart), strict=True)):
        y = top + row * _CELL_HIGH
        drawn.append(_text(_NAMES - 10, y + _CELL_HIGH // 2 + 4, cut(safe.shown(name), _MOST_NAME // 2), "e m"))
        for place, (value, part) in enumerate(zip(values, dark, strict=True)):
            x = _NAMES + place * wide
            size = f'width="{wide - 2}" height="{_CELL_HIGH - 2}"'
            drawn.append(f'<rect class="cell" x="{x}" y="{y}" {size} fill-opacity="{_n(part * _DARKEST)}"/>')
            middle = x + wide // 2 - 1
            if value:
                drawn.append(_text(middle, y + _CELL_HIGH // 2 - 2, say(value), "c m"))
                drawn.append(_text(middle, y + _CELL_HIGH // 2 + 14, cells.percent(part), "c i"))
    return top + _CELL_HIGH * len(chart.rows) + 4, drawn


def _bars(chart: Bars, unit: str) -> tuple[int, list[str]]:
    say = cells.words(chart.value, unit)
    figures = [value for _name, value in chart.bars if value is not None]
    scale = axis(chart.value, figures) if chart.value.whole else from_zero(figures)
    left, room = 2 * _NAMES, _WIDE - 2 * _NAMES - 110
    drawn = [_text(left, 14, cells.heading(chart.value, unit))]
    for place, (name, value) in enumerate(chart.bars):
        y = _TOP + place * _LINE
        long = max(scale.part(value), Decimal(0)) * room if value is not None else Decimal(0)
        drawn.append(_text(left - 10, y + 12, cut(safe.shown(name), _MOST_NAME), "e"))
        drawn.append(f'<rect class="fill" x="{left}" y="{y + 2}" width="{_n(long)}" height="{_LINE - 6}"/>')
        drawn.append(_text(left + long + 8, y + 12, say(value), "m"))
    return _TOP + _LINE * len(chart.bars) + 4, drawn


def _text(x: Number, y: Number, said: str, style: str = "") -> str:
    """Words at a place; c centres them there, e ends them there, m makes them dark."""
    given = f' class="{style}"' if style else ""
    return f'<text x="{_n(x)}" y="{_n(y)}"{given}>{_esc(said)}</text>'


def _figure(col: Col, value: Number, unit: str) -> str:
    """A figure: shares with at most one decimal, and none where there is none."""
    said = cells.words(col, unit)(value)
    return said.replace(".0%", "%")


def _esc(text: str) -> str:
    return escape(safe.shown(text))


def _n(value: Number) -> str:
    """A length in at most two decimals."""
    if isinstance(value, int):
        return str(value)
    text = f"{value.quantize(_PLACES, ROUND_HALF_UP):f}"
    return text.rstrip("0").rstrip(".")
