"""The layout of a sheet with periods or products across, once it is known what its columns are."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence, Set
from decimal import Decimal
from typing import NamedTuple

from channelctl.i18n import _, listed
from channelctl.sheets import headings
from channelctl.sheets.layout import Column, Layout
from channelctl.sheets.naming import ignored
from channelctl.sheets.problems import letters
from channelctl.sheets.recognise import heads
from channelctl.sheets.shapes import measures, parts, spans
from channelctl.sheets.shapes.across import NAMES, SUM, Across, Draft, called
from channelctl.sheets.shapes.measures import Seen
from channelctl.sheets.shapes.shape import Matrix, Place, Sum
from channelctl.sheets.wording import text

_BACK = {"quantity": "returned_quantity", **dict.fromkeys(("amount", "amount_taxed"), "returned")}


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
    fields += [*(name for name in measures.ACROSS if name in fold.figures), *(["line_no"] if fold.to_date else [])]
    places = [_place(day, product, own, fields) for (day, product), own in fold.places.items()]
    sums = () if fold.running else tuple(_sums(draft, places, fold))
    shape = Matrix(
        width,
        tuple(fields),
        places,
        tuple(column.index for name, column in base.items() if name not in ("date", "unit_price")),
        _own(base),
        sums,
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
        remarks=(*_remarks(base, fold), *_left_out(draft, fold, {one.column for one in sums})),
        heads=heads(seen.rows, draft.row),
    )


def _place(day: str, product: str, own: Mapping[str, Across], fields: Sequence[str]) -> Place:
    said = {name: called(own[name] if name in own else next(iter(own.values()))) for name in fields}
    return Place(day, product, {name: one.column for name, one in own.items()}, said)


def _made(width: int, fields: Sequence[str], fold: Folding) -> dict[str, Column]:
    found: dict[str, Column] = {}
    for place, name in enumerate(fields):
        read = [own[name] for own in fold.places.values() if name in own] or fold.across
        indexes = [one.column for one in read]
        first, last = read[0].heading, read[-1].heading
        heading = first if first == last else f"{first} … {last}"
        where = letters(min(indexes)) if len(indexes) == 1 else f"{letters(min(indexes))}:{letters(max(indexes))}"
        found[name] = Column(width + place, heading, _matched(name), fold.figures.get(name), where)
    return found


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
        back = _BACK.get(name, "") if _BACK.get(name) in fold.figures else ""
        held = [n for n, found in enumerate(places) if {name, back} & {*found.columns}]
        if one.span is None and one.product == SUM:
            chosen = parts.summed(one, held, draft.sums, places)
        elif one.span is None:
            chosen = [n for n in held if places[n].product == one.product]
        else:
            chosen = [n for n in held if _holds(one, places[n])]
        if (chosen or parts.is_blank(one, draft.across)) and parts.is_checked(one.span, draft.across):
            yield Sum(one.column, called(one), name, tuple(chosen), back, measures.is_net(one.heading))


def _holds(one: Across, place: Place) -> bool:
    """Whether a sum's own period holds a place, and its product, where it has one, is that of the place."""
    if one.span is None or not place.day or one.product not in (SUM, "", place.product):
        return False
    found = dt.date.fromisoformat(place.day)
    if one.span.unit == "day":
        return one.span.last_day(found.year, found.month) == found
    return found.month in one.span.months and one.span.year in (None, found.year)


def _left_out(draft: Draft, fold: Folding, summed: Set[int]) -> Iterator[str]:
    """Remarks on the columns that sum up some of the others, that hold other months too, or cannot be checked."""
    read = {one.column for one in fold.across}
    longer = [one for one in draft.across if one.column not in read and not _is_net(one)]
    longer = [one for one in (*longer, *draft.sums) if one.span is not None and len(one.span.months) > 1]
    checked = [one for one in longer if parts.is_checked(one.span, draft.across)]
    partial = [*checked, *(one for one in draft.sums if one.span is None and parts.is_part(one))]
    if sums := [one for one in partial if one.column in summed]:
        yield _("sums of other columns, only checked: {columns}").format(columns=listed(map(called, sums)))
    if off := [
        one for one in draft.across if one.column not in read and _is_back(one) and "returned" not in fold.figures
    ]:
        yield _("returns are off the net figures already, and are not read: {columns}").format(
            columns=listed(map(called, off))
        )
    others = [one for one in longer if one not in checked]
    left = [one for one in draft.sums if one.column not in summed and one not in others]
    if left and not fold.running:
        yield _("sums of other columns, not checked: {columns}").format(columns=listed(map(called, left)))
    if others:
        yield _("other months are in it too, so it is not read: {columns}").format(columns=listed(map(called, others)))


def _is_net(one: Across) -> bool:
    return measures.is_net(one.heading) or _is_back(one)


def _is_back(one: Across) -> bool:
    return one.span is not None and len(one.span.months) < 2 and _field(one) in measures.RETURNED


def _field(one: Across) -> str:
    return one.measure.field if one.measure else ""


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
