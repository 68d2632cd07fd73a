"""What stands around a paper in a workbook: who sends it, what is signed by hand, and a slip to send back."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from channelctl.report import Letter, safe

_BLANK = "_" * 18
_APART = " " * 4
_HIGH = 32


class Line(NamedTuple):
    """A line below the table; one to be written on is `high`, the slip is `cut` off above its title."""

    text: str
    high: bool = False
    cut: bool = False


def head(letter: Letter) -> str:
    """The line under the title."""
    return safe.stored(" · ".join(one for one in (*letter.head, letter.issued) if one))


def lines(letter: Letter) -> list[Line]:
    """What stands below, the first line left free."""
    found = [Line(""), Line(_blanks(letter.blanks), high=True)]
    if letter.slip is not None:
        found += [Line(""), Line(letter.slip.title, cut=True), *map(Line, letter.slip.lines)]
        found += [Line(_blanks([one]), high=True) for one in letter.slip.blanks[:1]]
        found += [Line(_blanks(letter.slip.blanks[1:]), high=True)]
    return found


def write(sheet: Any, looks: Mapping[str, Any], found: Sequence[Line], first: int, last_column: int) -> None:
    """Write the lines from a row on, the cut as wide as the page."""
    for row, line in enumerate(found, first):
        if line.high:
            sheet.set_row(row, _HIGH)
        if line.cut:
            for place in range(1, last_column + 1):
                sheet.write_blank(row, place, None, looks["cut"])
        if line.text:
            sheet.write_string(row, 0, safe.stored(line.text), looks["cut" if line.cut else "signed"])


def _blanks(labels: Sequence[str]) -> str:
    return _APART.join(f"{label} {_BLANK}" for label in labels)
