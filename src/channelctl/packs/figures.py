"""The figures that stand for reports, in words: value, change, and whether that is good news."""

from decimal import Decimal
from typing import NamedTuple

from channelctl.columns import in_points
from channelctl.report import Figure, cells, safe


class Said(NamedTuple):
    """A figure in words; `mood` is good, bad or nothing, `before` what a change is counted from."""

    label: str
    value: str
    change: str
    mood: str
    remark: str
    before: str


def said(figure: Figure, unit: str = "yuan") -> Said:
    """A figure as it is shown: shares change in points, all else in percent of what was before."""
    change = _change(figure)
    return Said(
        safe.shown(cells.heading(figure.col, unit)),
        cells.words(figure.col, unit)(figure.value),
        _words(figure, change),
        _mood(figure, change),
        safe.shown(figure.said),
        cells.words(figure.col, unit)(figure.before) if change is not None else "",
    )


def _change(figure: Figure) -> Decimal | None:
    """By how much it changed: of itself, or of what was before; None where nobody knows."""
    if figure.value is None or figure.before is None or not figure.col.is_number:
        return None
    value, before = cells.exact(figure.value), cells.exact(figure.before)
    if figure.col.kind in ("share", "score"):
        return value - before
    return (value - before) / abs(before) if before else None


def _words(figure: Figure, change: Decimal | None) -> str:
    if change is None:
        return ""
    if figure.col.kind in ("share", "score"):
        return in_points(change)
    sign = "▲" if change > 0 else "▼" if change < 0 else ""
    return f"{sign} {cells.percent(abs(change))}".strip()


def _mood(figure: Figure, change: Decimal | None) -> str:
    if not change or not figure.good:
        return ""
    return "good" if (change > 0) == (figure.good == "up") else "bad"
