"""A pack as one workbook: contents and figures first, then a sheet for each table and each picture."""

import io
from collections.abc import Mapping
from typing import Any, NamedTuple

from channelctl.i18n import either
from channelctl.packs import Pack, Part, xlsxfront
from channelctl.report import Table, cells, chartsheets
from channelctl.report.charts import Chart
from channelctl.report.safe import stored
from channelctl.report.xlsx import formats, main_table, sheet_name, table_sheet, workbook

_MOST_TIP = 255


class Sheet(NamedTuple):
    """A sheet of a part: a table of its own rows or of a section, or a picture; `first` is a part's first."""

    name: str
    part: Part
    table: Table | None
    chart: Chart | None
    first: bool

    @property
    def title(self) -> str:
        """What is on it."""
        return self.chart.title if self.chart is not None else self.table.title if self.table is not None else ""


def render(pack: Pack, unit: str = "yuan") -> bytes:
    """The workbook; every row and column is in it, whatever stands before people elsewhere. Figures are in yuan."""
    data = io.BytesIO()
    book = workbook(data)
    looks = formats(book)
    taken: set[str] = set()
    front = book.add_worksheet(sheet_name(either("目录", "Contents"), taken))
    planned = [one for part in pack.parts for one in _sheets(part, taken)]
    xlsxfront.write(book, front, pack, planned, looks)
    for one in planned:
        sheet = book.add_worksheet(one.name)
        if one.chart is not None:
            chartsheets.write(book, sheet, one.chart, looks)
        elif one.table is not None:
            _table(sheet, one.part, one.table, looks)
        command = stored(one.part.command)
        back = f"internal:'{front.name}'!A1"
        sheet.write_url(1, 0, back, looks["link"], f"« {front.name} · {command}", command[:_MOST_TIP])
    book.close()
    return data.getvalue()


def _table(sheet: Any, part: Part, table: Table, looks: Mapping[str, Any]) -> None:
    """A table; the columns that people do not see elsewhere are folded away under a + of their own."""
    report = part.report
    own = table.rows is report.rows
    remarks = [*report.notes, *report.closing] if own else ()
    seen = None if report.card and own else {name for name, _col in cells.visible(table.row, table.only)}
    table_sheet(sheet, looks, table, report.totals if own else {}, remarks, seen)


def _sheets(part: Part, taken: set[str]) -> list[Sheet]:
    """What sheets a part is given, and what they are called."""
    found: list[Sheet] = []
    report = part.report

    def add(title: str, other: str, table: Table | None, chart: Chart | None) -> None:
        found.append(Sheet(_named(title, other, taken), part, table, chart, not found))

    if report.rows and not report.data_only:
        add(part.title, part.title, main_table(report), None)
    for name, section in report.sections.items():
        if section.rows and not section.data_only:
            own = section.title or section.sheet or name
            add(f"{part.title} · {own}" if found else part.title, own, section, None)
    for chart in report.charts:
        add(f"{part.title} · {either('图', 'chart')}", chart.title, None, chart)
    return found


def _named(title: str, other: str, taken: set[str]) -> str:
    """A sheet's name: the first of two that no other sheet has."""
    first = sheet_name(title, set())
    return sheet_name(other if first.casefold() in taken else title, taken)
