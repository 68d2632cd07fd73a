"""A pack as one HTML page that needs nothing else: no script, no network."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from channelctl.i18n import _, either, ngettext
from channelctl.packs import Pack, Part, figures
from channelctl.report import pages, safe
from channelctl.report.width import width

_HERE = Path(__file__).parent
# In points: how wide a column of a page of two is, how wide and high a page.
_COLUMN, _WHOLE, _HIGH = 255, 527, 774
_TYPES = (8.0, 7.5, 7.0, 6.5, 6.0, 5.5, 5.0, 4.5, 4.0)
_READABLE = 5.5
# In the height of the type: a line, what a row has around it, a heading and the line below it, a sign's width.
_LINE, _ROW, _HEAD, _SIGN = 1.35, 1.65, 4.2, 0.6
# In points: around a part, around a table or a picture, a line's border, how wide a picture is.
_PART, _APART, _BORDER, _PICTURE = 5, 5, 0.75, 250
_TALL = re.compile(r'viewBox="0 0 (\d+) (\d+)"')


class Section(NamedTuple):
    """A part as it lies in the page."""

    anchor: str
    title: str
    said: str
    command: str
    body: pages.Body


class Shown(NamedTuple):
    """A figure, its part, and in a word whether the change is for the better."""

    said: figures.Said
    section: Section
    news: str


class Card(NamedTuple):
    """A page of two columns in a type that lets it be one, with what is too wide for a column below."""

    columns: Sequence[Sequence[Section]]
    below: Sequence[Section]
    type: float

    @property
    def sections(self) -> list[Section]:
        """All as they are read."""
        return [one for column in (*self.columns, self.below) for one in column]


def render(pack: Pack, unit: str = "yuan", *, still: bool = False, type: float | None = None) -> str:
    """The page; `still` is for paper only, `type` the size in points of what is to be one page."""
    sections = _sections(pack, unit, still)
    by_part = dict(zip((id(part) for part in pack.parts), sections, strict=True))
    as_card = card(sections, len(pack.figures), type) if pack.one_page else None
    news = {"good": _("better"), "bad": _("worse"), "": ""}
    shown = [(by_part[id(part)], figures.said(figure, unit)) for part, figure in pack.figures]
    return pages.page(
        _HERE,
        "pack.html.j2",
        title=safe.shown(pack.title),
        figures=[Shown(said, section, news[said.mood]) for section, said in shown],
        sections=sections,
        contents=as_card.sections if as_card else sections,
        card=as_card,
        absent=[(safe.shown(one.title), safe.shown(one.reason), safe.shown(one.command)) for one in pack.absent],
        origin=[(safe.shown(label), safe.shown(text)) for label, text in pack.origin],
        across=False,
        bar_ink=pages.PRINT["bar"] if still else "",
        words={
            "skip": _("Skip to the reports"),
            "contents": _("Contents"),
            "before": _("Before") + either("：", ": "),
            "figures": _("At a glance"),
            "absent": _("Left out"),
            "origin": _("Where it comes from"),
        },
    )


def card(sections: Sequence[Section], figures: int, type: float | None = None) -> Card:
    """The parts in two columns as even as their order lets them be, in a type given or the largest that fits."""
    narrow = [one for one in sections if _is_narrow(one)]
    below = [one for one in sections if not _is_narrow(one)]
    for size in (type,) if type else _TYPES:
        high = [_high(one, size, _COLUMN) for one in narrow]
        half = min(range(len(narrow) + 1), key=lambda place: (max(sum(high[:place]), sum(high[place:])), -place))
        whole = max(sum(high[:half]), sum(high[half:])) + sum(_high(one, size, _WHOLE) for one in below)
        # The title above, left out and origin below.
        around = 20 + -(-figures // 4) * 6 * size + 12 * size
        if whole + around <= _HIGH:
            break
    return Card([narrow[:half], narrow[half:]], below, size)


def _sections(pack: Pack, unit: str, still: bool) -> list[Section]:
    found, pictures = [], 1
    for part in pack.parts:
        found.append(_section(part, unit, still, pictures))
        pictures += len(part.report.charts)
    return found


def _section(part: Part, unit: str, still: bool, first: int) -> Section:
    left = len(part.report.rows) - (part.most or len(part.report.rows))
    more = ngettext("{count} more row: {command}", "{count} more rows: {command}", max(left, 1))
    command = safe.shown(part.command)
    report = part.report
    if report.card and part.most is not None:
        report = replace(report, rows=report.rows[: part.most])
    body = pages.body(
        report, unit, first=first, most=part.most, more=more.format(count=f"{left:,}", command=command), still=still
    )
    title, said = safe.shown(part.title), safe.shown(report.title)
    return Section(f"part-{part.name}", title, said if said != title else "", command, body)


def _is_narrow(section: Section) -> bool:
    return all(grid.wide * _READABLE <= _COLUMN for grid in section.body.grids)


def _high(section: Section, size: float, room: float) -> float:
    """How high a part is in a type, in points."""
    body = section.body
    words = sum(-(-width(text) * _SIGN * size // room) for text in (*body.notes, *body.closing))
    high = _PART + (_HEAD + words * _LINE) * size
    for grid in body.grids:
        rows = grid.length + 1 + grid.has_total + bool(grid.title) + bool(grid.more)
        high += _APART + rows * (grid.type(room, size) * _ROW + _BORDER)
    for pairs in body.cards:
        high += _APART + -(-len(pairs) // 2) * (size * _ROW + _BORDER)
    for picture in body.pictures:
        wide, tall = map(int, _TALL.findall(picture)[0])
        high += _APART + 2 * _LINE * size + _PICTURE * tall / wide
    return high
