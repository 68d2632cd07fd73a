"""Headings of two and three rows, read as one."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from channelctl.records import Kind
from channelctl.sheets.layout import Merged
from channelctl.sheets.naming import is_known, may_group, named
from channelctl.sheets.shapes import spans
from channelctl.sheets.wording import text

_FIGURE = re.compile(r"[\d.,:/-]+")


def may_be_heading(rows: Sequence[Any], number: int, words: Iterable[str], told: Collection[str]) -> tuple[bool, bool]:
    """Whether a row of these words, alone or with those above, may name any field; whether it may with those above.

    `told` are headings, in plain form, of which somebody has said what they are.
    """
    above = (cell for row in rows[max(number - 2, 0) : number] for cell in row if isinstance(cell, str))
    grouped = any(may_group(word) for cell in above if (word := text(cell)))
    return grouped or any(is_known(word, told) for word in words), grouped


def stacked(
    kind: Kind, rows: Sequence[Any], number: int, words: Mapping[int, str], merged: Merged = ()
) -> list[Mapping[int, str]]:
    """The heading row read as one with the row above it, and with the two above it, where they are headings."""
    if any(map(_FIGURE.fullmatch, words.values())):
        return []
    two = _two_rows(kind, rows[number], rows[number - 1] if number else (), words, _groups(merged, number - 1))
    if two is None or number < 2:
        return [two] if two is not None else []
    over = {
        index: word for index, cell in enumerate(rows[number - 1]) if isinstance(cell, str) and (word := text(cell))
    }
    upper = _two_rows(kind, rows[number - 1], rows[number - 2], over, _groups(merged, number - 2))
    if upper is None:
        return [two]
    width = max(len(rows[number]), *upper) + 1 if upper else len(rows[number])
    above = [upper.get(index, "") for index in range(width)]
    three = _two_rows(kind, rows[number], above, words, _groups(merged, number - 1))
    return [two] if three is None else [two, three]


def _two_rows(
    kind: Kind, row: Sequence[Any], above: Sequence[Any], words: Mapping[int, str], groups: Mapping[int, int]
) -> Mapping[int, str] | None:
    """A heading of two rows as one, None where it is none.

    A blank takes the heading above it; a word that names no field alone is read with the group it stands under:
    金额 over 含税 is 金额(含税); so is one that stands under 累计 or 去年同期. `groups` tells where merged ones end.
    """
    if not any(isinstance(cell, str) and cell.strip() for cell in above) or not all(
        isinstance(cell, str) for cell in row
    ):
        return None
    found: dict[int, str] = {}
    group, end = "", 0
    for index in range(max(len(row), len(above))):
        over = text(above[index]) if index < len(above) else None
        if over:
            group, end = over, groups.get(index, index) if groups else index
        elif groups and index > end:
            group = ""
        own = words.get(index)
        if own is None:
            if over:
                found[index] = over
        elif not group or (named(kind, own) and not (spans.is_running(group) or spans.is_other(group))):
            found[index] = own
        else:
            found[index] = f"{group}({own})"
    return found if found != words else None


def _groups(merged: Merged, number: int) -> Mapping[int, int]:
    """First column -> last of the ranges merged across that end in a row."""
    return {box[1]: box[3] for box in merged if box[0] <= number <= box[2] and box[3] > box[1]}
