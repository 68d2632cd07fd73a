"""Columns of figures that stand once for each group of a heading above them: a row holds a record for each group."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from channelctl.i18n import _, listed
from channelctl.records import dotted
from channelctl.sheets import headings
from channelctl.sheets.layout import Column, Layout, Unrecognised, place
from channelctl.sheets.naming import matched
from channelctl.sheets.problems import letters
from channelctl.sheets.recognise import heads
from channelctl.sheets.shapes.across import groups
from channelctl.sheets.shapes.lists import is_heading
from channelctl.sheets.shapes.measures import Seen
from channelctl.sheets.shapes.shape import At, Group, Grouped, padded
from channelctl.sheets.target import Row, Target
from channelctl.sheets.wording import text


class _Figures(NamedTuple):
    """A column of figures: its field, how it is read, and the word of the group that it stands in, "" for none."""

    name: str
    column: Column
    word: str


def settled(seen: Seen, layout: Layout) -> Layout | Unrecognised:
    """The layout of a sheet whose kind has groups: as it is without any, read by group, or why it cannot be."""
    layout, fields = _below(seen, layout) or (layout, _fields(seen, layout))
    figures = [one for one in fields if layout.kind.columns[one.name].kind == "money"]
    counts = Counter(_key(one) for one in fields)
    twice = [one for one in fields if counts[_key(one)] > 1]
    names = {dotted(layout.kind.groups)(one.word) for one in figures if one.word}
    if not twice and (not names or names & {*layout.columns} or not _is_sure(seen, layout, figures)):
        return layout
    shared = {one.name for one in figures if not one.word}
    within = Counter((one.word, one.name) for one in figures if one.word)
    alone = (
        any(one.name in shared for one in figures if one.word or one in twice) or max(within.values(), default=0) > 1
    )
    others = any(one not in figures for one in twice)
    if alone or others or names & {*layout.columns} or not _is_sure(seen, layout, figures) or _units(figures):
        return _unclear(layout, twice)
    return _grouped(seen, layout, names.pop(), figures)


def _below(seen: Seen, layout: Layout) -> tuple[Layout, list[_Figures]] | None:
    """The layout and its figures where the groups stand in a row below the headings; None where they do not."""
    row, knows = layout.row + 1, dotted(layout.kind.groups)
    cells = seen.rows[row] if row < len(seen.rows) else ()
    words = {index: word for index, cell in enumerate(cells) if (word := text(cell))}
    if not words or not all(map(knows, words.values())):
        return None
    found: list[_Figures] = []
    for index, (cell, _direct) in enumerate(groups(seen, layout.row, max(len(one) for one in seen.rows))):
        word = text(cell) or ""
        if index in words or index in {column.index for column in layout.columns.values()}:
            read = matched(layout.kind, {index: word}, seen.mapping, seen.title_factor(layout.row))[0]
            found += [_Figures(name, column, words.get(index, "")) for name, column in read.items()]
    if any(one.word and layout.kind.columns[one.name].kind != "money" for one in found):
        return None
    return replace(layout, row=row, heads=heads(seen.rows, row)), found


def _key(one: _Figures) -> tuple[str, str]:
    return one.name, headings.key(one.column.heading)


def _fields(seen: Seen, layout: Layout) -> list[_Figures]:
    """Each column of the heading row that names a field, with the group above it that the kind knows."""
    cells = seen.rows[layout.row]
    width = max(len(row) for row in seen.rows)
    over = groups(seen, layout.row - 1, width)
    knows, found = dotted(layout.kind.groups), []
    for index, cell in enumerate(cells):
        word = text(cell) if isinstance(cell, str) else None
        if word is None or index in layout.ignored:
            continue
        group = text(over[index][0]) or ""
        for name, column in matched(layout.kind, {index: word}, seen.mapping, seen.title_factor(layout.row))[0].items():
            money = layout.kind.columns[name].kind == "money"
            found.append(_Figures(name, column, group if money and group and knows(group) else ""))
    return found


def _is_sure(seen: Seen, layout: Layout, figures: Sequence[_Figures]) -> bool:
    """Whether merged cells, or groups all alike, tell where each group ends."""
    if any(box[0] <= layout.row - 1 <= box[2] and box[3] > box[1] for box in seen.merged):
        return True
    held: dict[str, set[str]] = {}
    for one in figures:
        if one.word:
            held.setdefault(one.word, set()).add(one.name)
    return len({frozenset(names) for names in held.values()}) == 1


def _units(figures: Sequence[_Figures]) -> bool:
    """Whether the figures of a field are in different units."""
    found: dict[str, set[Decimal | None]] = {}
    for one in figures:
        found.setdefault(one.name, set()).add(one.column.factor)
    return any(len(factors) > 1 for factors in found.values())


def _unclear(layout: Layout, twice: Sequence[_Figures]) -> Unrecognised:
    return Unrecognised(
        layout.words,
        layout.row,
        why=_("headings stand more than once, and nothing surely says whose each is: {columns}").format(
            columns=listed(place(one.column) for one in twice)
        ),
        hint=_(
            "Write the channel (社会渠道, 大客户 …) into the row above, merged over each group of prices; or put"
            " each channel on a sheet of its own, or in rows of its own with a column 渠道类型 (Channel)."
        ),
    )


def _grouped(seen: Seen, layout: Layout, field: str, figures: Sequence[_Figures]) -> Layout:
    """The layout with the groups' figures in made columns past the sheet's own."""
    held: dict[str, dict[str, Column]] = {}
    for one in figures:
        if one.word:
            held.setdefault(one.word, {})[one.name] = one.column
    width = max(len(row) for row in seen.rows)
    names = [name for name in layout.kind.columns if any(name in own for own in held.values())]
    columns = {name: column for name, column in layout.columns.items() if name not in names}
    read = {column.index for own in held.values() for column in own.values()}
    ends = dict.fromkeys([next(iter(held)), [*held][-1]])
    columns[field] = Column(width, " … ".join(ends), "across", None, _span(read))
    for number, name in enumerate(names, width + 1):
        own = [of[name] for of in held.values() if name in of]
        columns[name] = Column(number, own[0].heading, "across", own[0].factor, _span({one.index for one in own}))
    said = {word: {name: place(column) for name, column in own.items()} for word, own in held.items()}
    remark = _("a row is read for each group of columns: {groups}")
    return replace(
        layout,
        columns=columns,
        unread={index: word for index, word in layout.unread.items() if index not in read},
        shape=Grouped(
            width,
            (field, *names),
            [Group(word, {name: one.index for name, one in own.items()}, said[word]) for word, own in held.items()],
            tuple(one.column.index for one in figures if not one.word),
        ),
        remarks=[remark.format(groups=listed(map(_called, held.items())))],
    )


def _called(group: tuple[str, Mapping[str, Column]]) -> str:
    """社会渠道 B:C."""
    return f"{group[0]} {_span({column.index for column in group[1].values()})}"


def _span(indexes: set[int]) -> str:
    first, last = letters(min(indexes)), letters(max(indexes))
    return first if first == last else f"{first}:{last}"


def lines(shape: Grouped, rows: Iterator[Row], target: Target) -> Iterator[Row]:
    """A row for each group that holds something, or shares something; a row without any figure is passed over."""
    for number, cells in rows:
        row = padded(cells, shape.width)
        held = [
            group
            for group in shape.groups
            if any(text(row[index]) for index in (*group.columns.values(), *shape.common))
        ]
        if is_heading(target.layout, cells) or not held:
            target.counts.skipped += any(text(cell) is not None for cell in row)
            continue
        for group in held:
            figures = (row[group.columns[name]] if name in group.columns else "" for name in shape.fields[1:])
            yield At.place(number, group.said), [*row, group.word, *figures]
