"""How a sheet is read whose rows are no single lines: periods or products across, running totals, open dates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple


class Place(NamedTuple):
    """What one period or product across stands for: its day and product ("" where the row says it), its columns.

    `columns` is field -> column of the sheet, `said` the same field -> how that column is called in a problem.
    """

    day: str
    product: str
    columns: Mapping[str, int]
    said: Mapping[str, str]


class Sum(NamedTuple):
    """A column that sums up a field of some places; with `returned` it may be what is left of it, and `net` is that."""

    column: int
    heading: str
    field: str
    places: tuple[int, ...]
    returned: str = ""
    net: bool = False


@dataclass(frozen=True)
class Matrix:
    """A row holds a line for each place; beyond the `width` columns of the sheet stand the `fields` of one of them.

    `labels` are the columns that name the row, `own` those without which it names nobody. With `running` the figures
    are running totals, and a line is the difference of two.
    """

    width: int
    fields: tuple[str, ...]
    places: Sequence[Place]
    labels: tuple[int, ...]
    own: tuple[int, ...]
    sums: Sequence[Sum] = ()
    running: bool = False

    @property
    def count(self) -> int:
        """How many columns of the sheet it reads."""
        return sum(len(place.columns) for place in self.places) + len(self.sums)


@dataclass(frozen=True)
class ToDate:
    """A list whose figures (`figures`, by field) run from the start of the month, dated by column `date` or at `day`.

    `keys` are the columns that say whose they are.
    """

    width: int
    fields: tuple[str, ...]
    figures: Mapping[str, int]
    keys: tuple[int, ...]
    date: int | None
    day: str = ""

    @property
    def count(self) -> int:
        """How many columns of the sheet it reads besides the others."""
        return len(self.figures)


@dataclass(frozen=True)
class Dated:
    """A list whose dates lack the year, or year and month (`column`), or that has one day for all of it (`day`).

    With `months` the column holds months, and a line is dated at its last day. `year_column` and `month_column` hold
    year and month where they stand apart. `names` are the columns that say whose a row is: without any it gets no day.
    """

    width: int
    column: int | None
    year: int = 0
    month: int = 0
    day: str = ""
    months: bool = False
    names: tuple[int, ...] = ()
    year_column: int | None = None
    month_column: int | None = None

    @property
    def read(self) -> frozenset[int]:
        """The columns of the sheet that it reads besides the others."""
        return frozenset(one for one in (self.column, self.year_column, self.month_column) if one is not None)

    @property
    def count(self) -> int:
        """How many columns of the sheet it reads besides the others."""
        return len(self.read)


class Group(NamedTuple):
    """Columns of figures under one heading: its word, field -> column, and how each field's column is called."""

    word: str
    columns: Mapping[str, int]
    said: Mapping[str, str]


@dataclass(frozen=True)
class Grouped:
    """A row holds a record for each group of columns; beyond the sheet's `width` columns stand the `fields` of one.

    The first of the fields is the group's word; `common` are the columns of figures that all groups share.
    """

    width: int
    fields: tuple[str, ...]
    groups: Sequence[Group]
    common: tuple[int, ...]

    @property
    def count(self) -> int:
        """How many columns of the sheet it reads."""
        return sum(len(group.columns) for group in self.groups)


Shape = Matrix | ToDate | Dated | Grouped


class At(int):
    """The number of a row, of which one place is a line; `said` tells by field in which column that stands."""

    said: Mapping[str, str]

    @classmethod
    def place(cls, number: int, said: Mapping[str, str]) -> "At":
        """The row `number` at a place."""
        at = cls(number)
        at.said = said
        return at


def padded(cells: list[Any], width: int) -> list[Any]:
    """A row's cells, exactly `width` of them."""
    return cells[:width] + [""] * (width - len(cells))
