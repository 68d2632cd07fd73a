"""Days that stand without a year: 5月3日, 3日, and the columns headed 日 that hold nothing else."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from channelctl.sheets import headings
from channelctl.sheets.shapes.measures import Seen
from channelctl.sheets.wording import is_total, text

_DAY_ALONE = re.compile(r"(\d{1,2})\s*[日号]")
_MONTH_DAY = re.compile(r"(\d{1,2})\s*(?:[-./]|月)\s*(\d{1,2})\s*[日号]?")
_DAYS = frozenset(("日", "日子", "几号", "day"))


def parts_of(cell: Any) -> tuple[int, int] | None:
    """Month (0 where the cell has none) and day of a date without a year."""
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        return (0, int(cell)) if cell == int(cell) and 1 <= cell <= 31 else None
    if not isinstance(cell, str):
        return None
    plain = unicodedata.normalize("NFKC", cell).strip()
    if found := _DAY_ALONE.fullmatch(plain):
        return (0, int(found[1])) if 1 <= int(found[1]) <= 31 else None
    found = _MONTH_DAY.fullmatch(plain)
    return (int(found[1]), int(found[2])) if found and 1 <= int(found[1]) <= 12 and 1 <= int(found[2]) <= 31 else None


def column(words: Mapping[int, str]) -> int | None:
    """The column that is headed as days of a month."""
    return next((index for index, word in words.items() if headings.key(word) in _DAYS), None)


def holds(seen: Seen, row: int, index: int, named: Sequence[int]) -> bool:
    """Whether the first rows hold days of a month in a column; blanks are of merged cells or of no line."""
    inside = {n for box in seen.merged if box[1] == index for n in range(box[0] + 1, box[2] + 1)}
    found = []
    for number, cells in enumerate(seen.rows[row + 1 :], row + 1):
        word = text(cells[index]) if index < len(cells) else None
        if word is not None and not is_total(word):
            found.append(parts_of(cells[index]))
        elif word is None and number not in inside:
            who = [one for place in named if place < len(cells) and (one := text(cells[place]))]
            found += [None] if who and not any(map(is_total, who)) else []
    return bool(found) and all(parts is not None and parts[0] == 0 for parts in found)
