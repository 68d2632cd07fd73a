"""A pack as one HTML page that needs nothing else: no script, no network."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from channelctl.i18n import _, ngettext
from channelctl.packs import Pack, Part, figures
from channelctl.report import pages, safe

_HERE = Path(__file__).parent
# A column of a page of two, and a whole page, in points: how wide, how high.
_COLUMN, _WHOLE, _HIGH = 255, 527, 760
_TYPES = (8.0, 7.5, 7.0, 6.5, 6.0, 5.5, 5.0, 4.5)
# In lines: what stands around a part, and the room of a picture in a column, in points.
_AROUND, _PICTURE = 5.5, 150
_LINE, _ROW = 1.45, 1.75


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


def render(pack: Pack, unit: str = "yuan", *, still: bool = False, type: float | None = None) -> str:
    """The page; `still` is for paper only, `type` the size in points of what is to be one page."""
    sections = _sections(pack, unit, still)
    by_part = dict(zip((id(part) for part in pack.parts), sections, strict=True))
    news = {"good": _("better"), "bad": _("worse"), "": ""}
    shown = [(by_part[id(part)], figures.said(figure, unit)) for part, figure in pack.figures]
    return pages.page(
        _HERE,
        "pack.html.j2",
        title=safe.shown(pack.title),
        figures=[Shown(said, section, news[said.mood]) for section, said in shown],
        sections=sections,
        card=card(sections, len(shown), type) if pack.one_page else None,
        absent=[(safe.shown(one.title), safe.shown(one.reason), safe.shown(one.command)) for one in pack.absent],
        origin=[(safe.shown(label), safe.shown(text)) for label, text in pack.origin],
        across=False,
        bar_ink=pages.PRINT["bar"] if still else "",
        words={
            "skip": _("Skip to the reports"),
            "contents": _("Contents"),
            "figures": _("At a glance"),
            "absent": _("Left out"),
            "origin": _("Where it comes from"),
        },
    )


def card(sections: Sequence[Section], figures: int, type: float | None = None) -> Card:
    """The parts in two columns as even as their order lets them be."""
    narrow = [one for one in sections if _is_narrow(one)]
    below = [one for one in sections if not _is_narrow(one)]
    found = Card([narrow, []], below, _TYPES[-1])
    for size in (type,) if type else _TYPES:
        high = [_high(one, size) for one in narrow]
        cut = min(range(len(narrow) + 1), key=lambda place: abs(sum(high[:place]) - sum(high[place:])))
        found = Card([narrow[:cut], narrow[cut:]], below, size)
        whole = max(sum(high[:cut]), sum(high[cut:])) + sum(_high(one, size) for one in below)
        if whole + (-(-figures // 4) * 3 + 8) * size * _LINE <= _HIGH:
            break
    return found


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
    return all(grid.wide * _TYPES[-2] <= _COLUMN for grid in section.body.grids)


def _high(section: Section, size: float) -> float:
    """How high a part will be, in points."""
    body = section.body
    rows = sum(grid.length + 1 + grid.has_total for grid in body.grids) + sum(map(len, body.cards))
    words = sum(len(text) // 60 + 1 for text in (*body.notes, *body.closing))
    pictures = len(body.pictures) * _PICTURE
    return (_AROUND + words) * size * _LINE + rows * size * _ROW + pictures
