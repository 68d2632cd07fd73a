"""Lines drawn with characters: eight dots of braille in a cell, or one sign where there is no braille."""

from collections.abc import Iterator

_BLANK = 0x2800
_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
_SIGN = "*"

Dot = tuple[int, int]


class Canvas:
    """Cells to draw in; dots count from the left and from above."""

    def __init__(self, wide: int, high: int, braille: bool) -> None:
        """Empty, of so many cells."""
        self._braille = braille
        self._across, self._down = (2, 4) if braille else (1, 1)
        self._cells = [[0] * wide for _row in range(high)]
        self._signs: dict[Dot, str] = {}

    @property
    def dots(self) -> Dot:
        """How many dots there are across and down."""
        return len(self._cells[0]) * self._across, len(self._cells) * self._down

    def line(self, start: Dot, end: Dot) -> None:
        """A straight line, both ends drawn."""
        for x, y in _between(start, end):
            bit = _DOTS[y % 4][x % 2] if self._braille else 1
            self._cells[y // self._down][x // self._across] |= bit

    def put(self, sign: str, at: Dot) -> None:
        """A letter in the cell of a dot; where one stands already, beside it."""
        cell = at[0] // self._across, at[1] // self._down
        while cell in self._signs and cell[0] + 1 < len(self._cells[0]):
            cell = cell[0] + 1, cell[1]
        self._signs[cell] = sign

    def rows(self) -> list[str]:
        """The lines of text from above."""
        return [
            "".join(self._signs.get((x, y)) or self._sign(cell) for x, cell in enumerate(row))
            for y, row in enumerate(self._cells)
        ]

    def _sign(self, cell: int) -> str:
        if not cell:
            return " "
        return chr(_BLANK + cell) if self._braille else _SIGN


def _between(start: Dot, end: Dot) -> Iterator[Dot]:
    """The dots of a line, by Bresenham: whole numbers only."""
    (x, y), (last_x, last_y) = start, end
    wide, high = abs(last_x - x), -abs(last_y - y)
    right, down = 1 if x < last_x else -1, 1 if y < last_y else -1
    error = wide + high
    while True:
        yield x, y
        if (x, y) == (last_x, last_y):
            return
        twice = 2 * error
        if twice >= high:
            error += high
            x += right
        if twice <= wide:
            error += wide
            y += down
