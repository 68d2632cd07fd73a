"""What a command comes to: rows of one class, and what is said around them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from channelctl.columns import Col
    from channelctl.report.charts import Chart
    from channelctl.report.panel import Block


@dataclass(frozen=True)
class Table:
    """A smaller table beside the main one; `data_only` is for programs: in JSON and workbooks, not before people.

    `only` names the columns for people to see; `sheet` the sheet of a workbook, where no title does.
    """

    row: type
    rows: Sequence[Any]
    title: str = ""
    data_only: bool = False
    only: Sequence[str] = ()
    sheet: str = ""


@dataclass(frozen=True)
class Figure:
    """A figure that stands for a report wherever several are gathered: its name for programs, what it is, its value.

    `before` is the same figure a period earlier, None where nobody knows; `good` the direction that is good news, up
    or down; `said` a remark beside it.
    """

    name: str
    col: "Col"
    value: Any
    before: Any = None
    good: str = ""
    said: str = ""


@dataclass(frozen=True)
class Slip:
    """A slip that whoever got a paper sends back: what it says, and what is left blank on it."""

    title: str
    lines: Sequence[str]
    blanks: Sequence[str]


@dataclass(frozen=True)
class Letter:
    """What stands around a report that goes to a customer on paper: who sends it, what is signed, a slip to send back.

    The first line of `head` is the sender's name; `blanks` are filled in by hand.
    """

    head: Sequence[str] = ()
    issued: str = ""
    blanks: Sequence[str] = ()
    slip: Slip | None = None


@dataclass(frozen=True)
class Report:
    """A result: rows of one class, and what is said around them.

    `notes` are remarks (stderr beside a table, "notes" in JSON); `closing` are the last lines of the result itself.
    `totals` by column name make a totals row. `sections` stand before the main table, in JSON under their own names.
    `only` names the columns for people to see (json, csv and xlsx hold all); a `card` shows a field a line; of a
    `data_only` report people see the sections; of a `wrapped` one texts too long for the terminal go on below.
    `charts` stand between the two, on terminals, in workbooks and pages; `figures` only where reports are gathered.
    A `panel` is what people see of it, in place of sections, pictures and rows where it is drawn. A `letter` stands
    around pages and workbooks, which are then papers: columns that are empty and that people do not see are not there.
    """

    name: str
    row: type
    rows: Sequence[Any]
    title: str
    params: Mapping[str, Any] = field(default_factory=dict)
    totals: Mapping[str, Any] = field(default_factory=dict)
    notes: Sequence[str] = ()
    closing: Sequence[str] = ()
    sections: Mapping[str, Table] = field(default_factory=dict)
    exit_code: int = 0
    only: Sequence[str] = ()
    card: bool = False
    data_only: bool = False
    wrapped: bool = False
    charts: "Sequence[Chart]" = ()
    figures: Sequence[Figure] = ()
    panel: "Sequence[Block]" = ()
    letter: Letter | None = None
