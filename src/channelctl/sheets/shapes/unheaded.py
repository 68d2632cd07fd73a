"""Columns of figures below a heading that reaches over several, of which only the first would be read."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from channelctl.sheets import convert, headings
from channelctl.sheets.problems import letters
from channelctl.sheets.shapes import spans
from channelctl.sheets.shapes.across import Draft, groups
from channelctl.sheets.shapes.measures import Seen
from channelctl.sheets.wording import text


class Unheaded(NamedTuple):
    """A column as it is said on the screen, the heading that it stands under, and the word of the row below that."""

    column: str
    group: str
    word: str


def unheaded(seen: Seen, draft: Draft) -> Iterator[Unheaded]:
    """The columns with figures that have no heading in the heading row, and stand under a period in it or above it."""
    read = {*draft.base, *draft.unread, *(one.column for one in (*draft.across, *draft.sums))}
    last = max((one.column for one in draft.across), default=0)
    width = max(len(cells) for cells in seen.rows)
    below = seen.rows[draft.row + 1] if draft.row + 1 < len(seen.rows) else ()
    for number in (draft.row, draft.row - 1):
        for index, (cell, direct) in enumerate(groups(seen, number, width)):
            if index in read or direct or spans.read(cell) is None:
                continue
            word = _word(below[index]) if number == draft.row and index < len(below) else ""
            if (index < last or word or number < draft.row) and _is_open(seen, draft, index, word):
                yield Unheaded(f"{letters(index)} {word}".strip(), text(cell) or "", word)


def _word(cell: Any) -> str:
    return "" if not isinstance(cell, str) or isinstance(convert.number(cell), Decimal) else (text(cell) or "")


def _is_open(seen: Seen, draft: Draft, index: int, word: str) -> bool:
    """Whether a column holds figures, and --map does not leave it out."""
    return seen.told.get(headings.key(word)) != "-" and _holds_figures(seen, draft, index)


def _holds_figures(seen: Seen, draft: Draft, index: int) -> bool:
    cells = (cells[index] for cells in seen.rows[draft.row + 1 :] if index < len(cells))
    return any(isinstance(value := convert.number(cell), Decimal) and value for cell in cells if cell != "")
