"""What a drawing says where the mouse stands, a finger taps or Tab goes: by style alone, without a script."""

from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from html import escape
from typing import NamedTuple

from channelctl.report import safe
from channelctl.report.charts import Number
from channelctl.report.width import cut, width

Box = tuple[Decimal, Decimal, Decimal, Decimal]

_PLACES = Decimal("0.01")
_MOST_STOPS = 60
_MOST_LINES, _MOST_SIGNS = 20, 44
_LINE, _SIGN, _GAP, _SWATCH = 16, 7, 10, 18


class Said(NamedTuple):
    """A line of what is said; of a line in a picture it has the look."""

    text: str
    style: str = ""


class Spot(NamedTuple):
    """A place that answers: x, y, width and height, and what it says, `at` a place or beside what is shown with it.

    That is an upright line (x, from, to), rings (x, y, look) and a frame.
    """

    box: Box
    said: Sequence[Said]
    cross: tuple[Decimal, int, int] | None = None
    rings: Sequence[tuple[Decimal, Decimal, str]] = ()
    frame: Box | None = None
    at: tuple[Decimal, Decimal] | None = None


def spots(found: Sequence[Spot], wide: int, high: int) -> Iterator[str]:
    """Above everything else, so that what one says is not covered; Tab stops at them where they are few."""
    stop = ' tabindex="0"' if len(found) <= _MOST_STOPS else ""
    for spot in found:
        said = esc(" · ".join(line.text for line in spot.said))
        yield f'<g class="spot" role="img" aria-label="{said}"{stop}>'
        yield f'<rect class="hit" {_box(spot.box)} fill="none"/>'
        if spot.cross:
            x, start, end = spot.cross
            yield f'<path class="cross" d="M{length(x)} {start}V{end}"/>'
        for x, y, style in spot.rings:
            yield f'<path class="cross ring {style}" d="M{length(x)} {length(y)}h0"/>'
        if spot.frame:
            yield f'<rect class="cross frame" {_box(spot.frame)}/>'
        yield from _tip(spot, wide, high)
        yield "</g>"


def _tip(spot: Spot, wide: int, high: int) -> Iterator[str]:
    """What is said, in a box beside the place that stays within the drawing."""
    lines = [line._replace(text=cut(safe.shown(line.text), _MOST_SIGNS)) for line in spot.said[:_MOST_LINES]]
    if len(spot.said) > _MOST_LINES:
        lines.append(Said(f"… +{len(spot.said) - _MOST_LINES}"))
    indent = _SWATCH if any(line.style for line in lines) and len(lines) > 2 else 0
    size = max(width(line.text) for line in lines) * _SIGN + 2 * _GAP + indent, len(lines) * _LINE + _GAP
    x, y = _beside(spot, size, wide, high)
    yield f'<g class="tip"><rect {_box((x, y, Decimal(size[0]), Decimal(size[1])))} rx="4"/>'
    for place, line in enumerate(lines, 1):
        at = y + place * _LINE
        if line.style and indent:
            yield f'<path class="{line.style}" d="M{length(x + 6)} {length(at - 4)}h{_SWATCH - 4}"/>'
        yield text(x + _GAP + (indent if line.style else 0), at, line.text)
    yield "</g>"


def _beside(spot: Spot, size: tuple[int, int], wide: int, high: int) -> tuple[Decimal, Decimal]:
    """Right of the line, left of it where there is no room; of a frame, below or above."""
    if spot.at:
        x, y = spot.at
    elif spot.cross:
        x = spot.cross[0] + 12
        if x + size[0] > wide - 2:
            x = spot.cross[0] - 12 - size[0]
        y = Decimal(spot.cross[1] + 4)
    else:
        left, top, _wide, tall = spot.frame or spot.box
        x, y = left + 16, top + tall + 4
        if y + size[1] > high:
            y = top - size[1] - 4
    return max(min(x, Decimal(wide - 2 - size[0])), Decimal(2)), max(min(y, Decimal(high - size[1])), Decimal(0))


def _box(box: Box) -> str:
    x, y, wide, high = map(length, box)
    return f'x="{x}" y="{y}" width="{wide}" height="{high}"'


def text(x: Number, y: Number, said: str, style: str = "") -> str:
    """Words at a place; c centres them there, e ends them there, m makes them dark."""
    given = f' class="{style}"' if style else ""
    return f'<text x="{length(x)}" y="{length(y)}"{given}>{esc(said)}</text>'


def esc(said: str) -> str:
    """Words as markup holds them."""
    return escape(safe.shown(said))


def length(value: Number) -> str:
    """A length in at most two decimals."""
    if isinstance(value, int):
        return str(value)
    short = f"{value.quantize(_PLACES, ROUND_HALF_UP):f}"
    return short.rstrip("0").rstrip(".") if "." in short else short
