"""The layout of a sheet with periods or products across, once it is known what its columns are."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from channelctl.i18n import _
from channelctl.sheets import headings
from channelctl.sheets.convert import text
from channelctl.sheets.problems import letters
from channelctl.sheets.recognise import Column, Layout, heads, ignored
from channelctl.sheets.shapes import measures, spans
from channelctl.sheets.shapes.across import NAMES, Across, Draft, called
from channelctl.sheets.shapes.measures import Seen
from channelctl.sheets.shapes.shape import Matrix, Place, Sum


class Folding(NamedTuple):
    """What stands across: by day and product the columns of each field; `default` where the headings do not say one.

    `figures` is field -> what its figures are multiplied by; with `running` they are running totals.
    """

    across: Sequence[Across]
    places: Mapping[tuple[str, str], Mapping[str, Across]]
    default: str
    running: bool
    figures: Mapping[str, Decimal | None]

    @property
    def to_date(self) -> bool:
        """Whether it is running totals of one day only."""
        return self.running and len({day for day, _product in self.places}) == 1


def folded(seen: Seen, draft: Draft, base: Mapping[str, Column], fold: Folding) -> Layout:
    """The layout: columns that describe the row, and made ones past the sheet's own for what stands across."""
    width = max(len(cells) for cells in seen.rows)
    fields = [] if "date" in base else ["date"]
    fields += ["product"] if any(product for _day, product in fold.places) else []
    fields += [*(name for name in measures.FIGURES if name in fold.figures), *(["line_no"] if fold.to_date else [])]
    places = [_place(day, product, own, fields) for (day, product), own in fold.places.items()]
    shape = Matrix(
        width,
        tuple(fields),
        places,
        tuple(column.index for name, column in base.items() if name not in ("date", "unit_price")),
        _own(base),
        () if fold.running else tuple(_sums(draft, places, fold)),
        fold.running,
    )
    return Layout(
        seen.kind,
        draft.row,
        {**base, **_made(width, fields, fold)},
        unread := _unread(draft, base, fold),
        ignored(unread, seen.mapping),
        words=tuple(word for cell in seen.rows[draft.row] if isinstance(cell, str) and (word := text(cell))),
        shape=shape,
        series=spans.series(seen.texts(draft.top)) or "-",
        remarks=_remarks(base, fold),
        heads=heads(seen.rows, draft.row),
    )


def _place(day: str, product: str, own: Mapping[str, Across], fields: Sequence[str]) -> Place:
    said = {name: called(own[name] if name in own else next(iter(own.values()))) for name in fields}
    return Place(day, product, {name: one.column for name, one in own.items()}, said)


def _made(width: int, fields: Sequence[str], fold: Folding) -> dict[str, Column]:
    indexes = [one.column for one in fold.across]
    first, last = fold.across[0].heading, fold.across[-1].heading
    heading = first if first == last else f"{first} … {last}"
    where = letters(min(indexes)) if len(indexes) == 1 else f"{letters(min(indexes))}:{letters(max(indexes))}"
    return {
        name: Column(width + place, heading, _matched(name), fold.figures.get(name), where)
        for place, name in enumerate(fields)
    }


def _matched(name: str) -> str:
    return "made" if name == "line_no" else "across"


def _own(base: Mapping[str, Column]) -> tuple[int, ...]:
    """The columns without which a row names nobody."""
    customer = [base[name].index for name in ("customer_code", "customer") if name in base]
    return tuple(customer or [base[name].index for name in NAMES if name in base])


def _unread(draft: Draft, base: Mapping[str, Column], fold: Folding) -> dict[int, str]:
    read = {one.column for one in (*draft.across, *draft.sums)} | {column.index for column in base.values()}
    return dict(sorted((i, word) for i, word in (*draft.base.items(), *draft.unread.items()) if i not in read))


def _sums(draft: Draft, places: Sequence[Place], fold: Folding) -> Iterator[Sum]:
    """The columns that sum up places, each with which."""
    read = {one.column for one in fold.across}
    years = {place.day[:4] for place in places}
    for one in (*draft.sums, *(one for one in draft.across if one.column not in read)):
        name = one.measure.field if one.measure else fold.default or "amount"
        year = spans.year_said([one.heading])
        if (one.span is None and year and years != {str(year)}) or "本年" in headings.simplify(one.heading):
            continue
        chosen = [place for place, found in enumerate(places) if name in found.columns and _holds(one, found.day)]
        months = {places[place].day[:7] for place in chosen}
        if chosen and (one.span is None or one.span.unit == "day" or len(months) == len(one.span.months)):
            yield Sum(one.column, called(one), name, tuple(chosen))


def _holds(one: Across, day: str) -> bool:
    """Whether a sum's own period, where it has one, holds a day."""
    if one.span is None or not day:
        return one.span is None
    found = dt.date.fromisoformat(day)
    if one.span.unit == "day":
        return one.span.last_day(found.year, found.month) == found
    return found.month in one.span.months and one.span.year in (None, found.year)


def _remarks(base: Mapping[str, Column], fold: Folding) -> Sequence[str]:
    units = {one.span.unit for one in fold.across if one.span is not None}
    if "month" in units:
        found = [_("months stand across: each figure is a sale of its month's last day")]
    elif units:
        found = [_("days stand across: each figure is a sale of its day")]
    elif "date" in base:
        found = [_("products stand across: each figure is a sale of the row's date")]
    else:
        day = next(iter(fold.places))[0]
        found = [_("products stand across: each figure is a sale of {day}, from title or name").format(day=day)]
    if fold.to_date:
        found.append(_("its figures run from the start of the month: the next such table takes their place"))
    elif fold.running:
        found.append(_("its figures are running totals: a sale is the difference of two"))
    return tuple(found)
