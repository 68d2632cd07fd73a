"""What a loader is handed for one sheet, and what it counts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol

from sqlmodel import Session

from channelctl.columns import Col
from channelctl.errors import RefusedError
from channelctl.i18n import _, ngettext
from channelctl.records import Kind, kinds
from channelctl.records.resolve import Resolver
from channelctl.sheets.days import Dates
from channelctl.sheets.layout import Layout, place
from channelctl.sheets.problems import Flaw, Problem
from channelctl.sheets.recognise import begins_table
from channelctl.sheets.shapes.shape import At
from channelctl.sheets.wording import text

Row = tuple[int, list[Any]]
_ALIKE_SAID = 5


@dataclass
class Counts:
    """Rows of a sheet by what became of them.

    `net_units` are the sums of the rows, `change_units` what they change the net sales by; `before_units` and
    `after_units` what the changed ones were and are.
    """

    new: int = 0
    changed: int = 0
    existing: int = 0
    rejected: int = 0
    skipped: int = 0
    removed: int = 0
    net_units: int = 0
    change_units: int = 0
    before_units: int = 0
    after_units: int = 0
    no_customer: int = 0
    no_sale: int = 0

    @property
    def rows(self) -> int:
        """Rows read as records: what was taken and what was refused."""
        return self.new + self.changed + self.existing + self.rejected


@dataclass
class Target:
    """A sheet on its way into the database.

    The sheets of a file have in common its resolvers, what loaders keep in `shared`, and what they want done when the
    last of them is in (`closing`). `doubts` are, by code, remarks that what is read later may settle: each reports
    them once more, as they stand then.
    """

    session: Session
    batch_id: int
    sheet_id: int | None
    file: str
    sheet: str
    layout: Layout
    create: bool
    dates: Dates
    resolvers: dict[str, Resolver] = field(default_factory=dict)
    overlap: str = "skip"
    shared: dict[str, Any] = field(default_factory=dict)
    closing: list[Callable[[], None]] = field(default_factory=list)
    counts: Counts = field(default_factory=Counts)
    problems: list[Problem] = field(default_factory=list)
    versions: list[str] = field(default_factory=list)
    doubts: dict[str, Callable[[Session], None]] = field(default_factory=dict)

    def resolver(self, kind: str) -> Resolver:
        """The records of a kind, read once a file."""
        if kind not in self.resolvers:
            self.resolvers[kind] = Resolver(self.session, kinds()[kind], self.batch_id, self.create)
        return self.resolvers[kind]

    def report(self, flaw: Flaw, row: int | None, name: str, cell: Any = None) -> None:
        """Say what is wrong with a row, at its column."""
        column = self.layout.columns.get(name) or self.layout.columns.get(f"{name}_code")
        heading = place(column) if column else self.kind.columns[name].label if name else ""
        if isinstance(row, At):
            heading, row = row.said.get(name, heading), int(row)
        self.problems.append(Problem(flaw.code, self.file, self.sheet, row, heading, text(cell) or "", flaw.message))

    def look_again(self, session: Session) -> None:
        """Say the remarks in doubt as they stand now."""
        self.problems = [one for one in self.problems if one.code not in self.doubts]
        for report in self.doubts.values():
            report(session)

    def report_alike(self) -> None:
        """Say which new records of the sheet have names near each other."""
        for name, resolver in self.resolvers.items():
            field = "name" if name == self.kind.name else name
            field = field if field in self.kind.columns else ""
            alike = resolver.alike()
            for remark, row in alike[:_ALIKE_SAID]:
                self.report(remark, row, field)
            if count := len(alike[_ALIKE_SAID:]):
                text = ngettext(
                    "{count} more new name is near another: channelctl {kind} duplicates lists them all",
                    "{count} more new names are near others: channelctl {kind} duplicates lists them all",
                    count,
                )
                self.report(Flaw("W110", text.format(count=count, kind=resolver.kind.noun)), None, field)

    def refuse_another(self, row: int, cells: Sequence[Any]) -> None:
        """Refuse the file where a row begins another table: its figures would be taken for those of this one."""
        if begins_table(self.layout, cells):
            raise self.another(row)

    def another(self, row: int) -> RefusedError:
        """Another table begins in a row."""
        where = f"{self.file}!{self.sheet}" if self.sheet else self.file
        return RefusedError(
            _("{where}: another table begins in row {row}").format(where=where, row=row),
            _("Put each table on a sheet of its own."),
        )

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


def net_change(counts: Counts) -> Decimal:
    """What the rows change the net sales by."""
    from channelctl import money

    return money.from_units(counts.change_units)
