"""What a loader is handed for one sheet, and what it counts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol

from sqlmodel import Session

from channelctl.columns import Col
from channelctl.records import Kind, kinds
from channelctl.records.resolve import Resolver
from channelctl.sheets.convert import Dates, text
from channelctl.sheets.problems import Flaw, Problem, letters
from channelctl.sheets.recognise import Layout

Row = tuple[int, list[Any]]


@dataclass
class Counts:
    """Rows of a sheet by what became of them."""

    new: int = 0
    changed: int = 0
    existing: int = 0
    rejected: int = 0
    skipped: int = 0
    net_units: int = 0
    all_units: int = 0
    no_customer: int = 0
    no_sale: int = 0

    @property
    def rows(self) -> int:
        """Rows read as records: what was taken and what was refused."""
        return self.new + self.changed + self.existing + self.rejected


@dataclass
class Target:
    """A sheet on its way into the database."""

    session: Session
    batch_id: int
    sheet_id: int | None
    file: str
    sheet: str
    layout: Layout
    create: bool
    dates: Dates
    resolvers: dict[str, Resolver] = field(default_factory=dict)
    counts: Counts = field(default_factory=Counts)
    problems: list[Problem] = field(default_factory=list)

    def resolver(self, kind: str) -> Resolver:
        """The records of a kind, read once a file."""
        if kind not in self.resolvers:
            self.resolvers[kind] = Resolver(self.session, kinds()[kind], self.batch_id, self.create)
        return self.resolvers[kind]

    def report(self, flaw: Flaw, row: int | None, name: str, cell: Any = None) -> None:
        """Say what is wrong with a row, at its column."""
        column = self.layout.columns.get(name) or self.layout.columns.get(f"{name}_code")
        heading = (
            f"{letters(column.index)} {column.heading}" if column else self.kind.columns[name].label if name else ""
        )
        self.problems.append(Problem(flaw.code, self.file, self.sheet, row, heading, text(cell) or "", flaw.message))

    @property
    def kind(self) -> Kind:
        """The kind the sheet is read as."""
        return self.layout.kind

    @property
    def columns(self) -> Mapping[str, Col]:
        """The fields of the kind."""
        return self.kind.columns


class Loader(Protocol):
    """Takes the rows of a sheet below its heading, a chunk at a time."""

    def add(self, rows: list[Row]) -> None:
        """Take some rows: (sheet row number, cells)."""

    def finish(self) -> None:
        """Write what is still in memory."""


MakeLoader = Callable[[Target], Loader]


def net(counts: Counts) -> Decimal:
    """The sum of the amounts read."""
    from channelctl import money

    return money.from_units(counts.net_units)
