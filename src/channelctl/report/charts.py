"""Pictures of a result: exact figures, said once, drawn by each writer in its own way."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import NamedTuple

from channelctl.columns import Col

MOST_POINTS = 200
_MOST_TICKS = 5
_STEPS = tuple(map(Decimal, ("1", "2", "2.5", "5", "10")))

Number = Decimal | int


class Point(NamedTuple):
    """A point of a line; without `y` the line has a gap there."""

    x: Number
    y: Number | None


@dataclass(frozen=True)
class Series:
    """A line and what it is called."""

    name: str
    points: Sequence[Point]


class Mark(NamedTuple):
    """A point that is named: by one letter where it lies, and in a sentence beside the picture."""

    sign: str
    x: Number
    y: Number
    text: str


@dataclass(frozen=True)
class Lines:
    """Lines of one measure; `steps` name the places 0, 1, 2 … of x, without them x is a figure too.

    `text` says the picture to those who cannot see it. An axis goes from 0 to 1 where its column is `whole`, else as
    far as the points do, that of an amount from 0.
    """

    title: str
    text: str
    x: Col
    y: Col
    series: Sequence[Series]
    steps: Sequence[str] = ()
    marks: Sequence[Mark] = ()


@dataclass(frozen=True)
class Heat:
    """A matrix; each cell is as dark as its part of its row is large."""

    title: str
    text: str
    down: Col
    across: Col
    value: Col
    rows: Sequence[str]
    columns: Sequence[str]
    cells: Sequence[Sequence[Number]]


@dataclass(frozen=True)
class Bars:
    """A bar each, from 0; what is not above 0 has none."""

    title: str
    text: str
    name: Col
    value: Col
    bars: Sequence[tuple[str, Number | None]]


Chart = Lines | Heat | Bars


class Axis(NamedTuple):
    """Where an axis begins and ends, and the figures written beside it."""

    low: Decimal
    high: Decimal
    ticks: Sequence[Decimal]

    def part(self, value: Number) -> Decimal:
        """How far along the axis a value lies: 0 at its beginning, 1 at its end."""
        return (Decimal(value) - self.low) / (self.high - self.low)


def thinned(points: Sequence[Point], keep: Collection[int] = ()) -> list[Point]:
    """A rising curve in at most 200 points and those to `keep`, by place.

    Left out is what lies less than 1/99 of the whole from the point drawn before, across and up; no point is moved.
    """
    if len(points) <= MOST_POINTS:
        return list(points)
    steps = (MOST_POINTS - 2) // 2
    first, last = points[0], points[-1]
    wide, high = last.x - first.x, _y(last) - _y(first)
    kept = [first]
    for place, point in enumerate(points[1:-1], 1):
        before = kept[-1]
        far = (point.x - before.x) * steps >= wide or (_y(point) - _y(before)) * steps >= high
        if far or place in keep:
            kept.append(point)
    return [*kept, last]


def _y(point: Point) -> Number:
    return point.y if point.y is not None else 0


def axis(col: Col, values: Sequence[Number]) -> Axis:
    """From 0 to 1 for what is a part of a whole, else from the round figure below the values to the one above.

    Amounts begin at 0: what lies high above it would look as if it fell far.
    """
    if col.whole or not values:
        return _axis(Decimal(0), Decimal(1))
    low, high = Decimal(min(values)), Decimal(max(values))
    if col.kind in ("money", "quantity"):
        low, high = min(low, Decimal(0)), max(high, Decimal(0))
    if low == high:
        around = abs(low) / 10 or Decimal(1)
        low, high = low - around, high + around
        if col.kind == "share":
            low, high = max(low, Decimal(0)), min(high, Decimal(1))
    return _axis(low, high)


def from_zero(values: Sequence[Number]) -> Axis:
    """From 0 to the round figure above the largest."""
    return _axis(Decimal(0), max([Decimal(value) for value in values if value > 0], default=Decimal(1)))


def parts(heat: Heat) -> list[list[Decimal]]:
    """Each cell as a part of its row; nothing of a row of nothing."""
    sums = [sum(map(Decimal, row)) for row in heat.cells]
    return [
        [Decimal(cell) / total if total > 0 and cell > 0 else Decimal(0) for cell in row]
        for row, total in zip(heat.cells, sums, strict=True)
    ]


def _axis(low: Decimal, high: Decimal) -> Axis:
    """With a round step, and no more ticks than fit."""
    power = Decimal(1).scaleb((high - low).adjusted() - 1)
    step = next(
        one
        for scale in (1, 10)
        for one in (nice * power * scale for nice in _STEPS)
        if _last(high, one) - _first(low, one) <= _MOST_TICKS
    )
    first, last = _first(low, step), _last(high, step)
    return Axis(first * step, last * step, [place * step for place in range(first, last + 1)])


def _first(low: Decimal, step: Decimal) -> int:
    return int((low / step).to_integral_value(ROUND_FLOOR))


def _last(high: Decimal, step: Decimal) -> int:
    return int((high / step).to_integral_value(ROUND_CEILING))
