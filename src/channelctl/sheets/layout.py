"""How a sheet is read: its columns and the fields they fill, or what is known of one that cannot be read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from channelctl.records import Kind
from channelctl.sheets import headings
from channelctl.sheets.problems import letters
from channelctl.sheets.shapes.shape import Dated, Shape

Merged = Sequence[tuple[int, int, int, int]]
# How a column is matched that stands past the sheet's own.
MADE = ("across", "made")
# How a column is matched whose field somebody has said.
TOLD = ("--map", "kept")
_ADDED = ("问题", "problem")


@dataclass(frozen=True)
class Column:
    """A column of a sheet and the field it fills; `where` are the letters of those that a made column stands for."""

    index: int
    heading: str
    matched: str
    factor: Decimal | None = None
    where: str = ""


@dataclass(frozen=True)
class Layout:
    """How a sheet is read: its kind, its heading row (0-based), field -> column, and the headings not read.

    `month` and `office` are what its name or title says where its columns do not; `returns` is which of them says
    that all of it is returns (sheet, title, file), `may_return` which speaks of returns otherwise. `shape`
    says how its rows become lines where a row is not simply one; `series` is by what the next such sheet is known,
    `remarks` what to say, `heads` the texts down to the heading, with their columns, `titles` those above it as they
    are.
    """

    kind: Kind
    row: int
    columns: Mapping[str, Column]
    unread: Mapping[int, str] = field(default_factory=dict)
    ignored: frozenset[int] = frozenset()
    month: str | None = None
    words: Sequence[str] = ()
    office: str = ""
    returns: str = ""
    may_return: str = ""
    shape: Shape | None = None
    series: str = ""
    remarks: Sequence[str] = ()
    heads: frozenset[tuple[int, str]] = frozenset()
    titles: Sequence[str] = ()

    @property
    def sums_up(self) -> bool:
        """Whether its lines sum up sales of several days, or may."""
        return bool(self.series) or (isinstance(self.shape, Dated) and self.shape.months)

    @property
    def texts(self) -> frozenset[int]:
        """The columns that hold no figures, but days and texts."""
        kinds = self.kind.columns
        own = {c.index for name, c in self.columns.items() if kinds[name].kind not in ("money", "quantity")}
        return frozenset(own | self.shape.read if isinstance(self.shape, Dated) else own)

    @property
    def count(self) -> int:
        """How many columns of the sheet are read."""
        own = sum(1 for column in self.columns.values() if column.matched not in MADE)
        return own + (self.shape.count if self.shape is not None else 0)

    @property
    def fingerprint(self) -> str:
        """What stays the same from one export to the next: the words of the heading row, sorted."""
        return fingerprint(self.words)


def fingerprint(words: Sequence[str]) -> str:
    """Headings in plain form, sorted; the column that a workbook of rejected rows adds is none of them."""
    return "|".join(sorted(key for word in words if (key := headings.key(word)) not in _ADDED))


@dataclass(frozen=True)
class Unrecognised:
    """A sheet that is of no kind we know: its most likely headings; `other` is the word that speaks against sales.

    `why` and `hint` say what a sheet of a known shape lacks.
    """

    found: Sequence[str]
    row: int | None
    flags_returns: bool = False
    other: str = ""
    why: str = ""
    hint: str = ""


def place(column: Column) -> str:
    """C 销售日期: a column as it is said on the screen."""
    if column.matched in MADE and not column.where:
        return column.heading
    return f"{column.where or letters(column.index)} {column.heading}"
