"""A pack as one workbook: contents and figures first, then a sheet for each table and each picture."""

import io
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from channelctl.i18n import _, either
from channelctl.packs import Pack, Part
from channelctl.packs.figures import said
from channelctl.report import Table, cells, chartsheets
from channelctl.report.charts import Chart
from channelctl.report.safe import stored
from channelctl.report.xlsx import formats, main_table, on_paper, sheet_name, table_sheet, workbook

_LEFT = 0
_MOODS = {"good": "#14532D", "bad": "#9C0006"}
_WIDTHS = (34, 18, 16, 12, 34, 46)


class _Sheet(NamedTuple):
    """A sheet of a part: a table of its own rows or of a section, or a picture."""

    name: str
    part: Part
    table: Table | None
    chart: Chart | None


def render(pack: Pack, unit: str = "yuan") -> bytes:
    """The workbook; every row is in it, whatever stands before people elsewhere. Figures are in yuan."""
    data = io.BytesIO()
    book = workbook(data)
    looks = formats(book)
    looks |= {f"change {mood}": book.add_format({"font_color": ink}) for mood, ink in _MOODS.items()}
    taken: set[str] = set()
    front = book.add_worksheet(sheet_name(either("目录", "Contents"), taken))
    planned = [one for part in pack.parts for one in _sheets(part, taken)]
    _front(front, pack, planned, looks)
    for one in planned:
        sheet = book.add_worksheet(one.name)
        if one.chart is not None:
            chartsheets.write(book, sheet, one.chart, looks)
        elif one.table is not None:
            own = one.table.rows is one.part.report.rows
            report = one.part.report
            remarks = [*report.notes, *report.closing] if own else ()
            table_sheet(sheet, looks, one.table, report.totals if own else {}, remarks)
        back = f"internal:'{front.name}'!A1"
        sheet.write_url(1, _LEFT, back, looks["link"], f"« {front.name} · {stored(one.part.command)}", one.part.command)
    book.close()
    return data.getvalue()


def _sheets(part: Part, taken: set[str]) -> list[_Sheet]:
    """What sheets a part is given, and what they are called."""
    found: list[_Sheet] = []
    report = part.report
    if report.rows and not report.data_only:
        found.append(_Sheet(sheet_name(part.title, taken), part, main_table(report), None))
    for name, section in report.sections.items():
        if section.rows and not section.data_only:
            own = section.title or section.sheet or name
            title = f"{part.title} · {own}" if found else part.title
            found.append(_Sheet(_named(title, own, taken), part, section, None))
    for chart in report.charts:
        found.append(_Sheet(_named(f"{part.title} · {either('图', 'chart')}", chart.title, taken), part, None, chart))
    return found


def _named(title: str, other: str, taken: set[str]) -> str:
    """A sheet's name: the first of two that no other sheet has."""
    first = sheet_name(title, set())
    return sheet_name(other if first.casefold() in taken else title, taken)


def _front(sheet: Any, pack: Pack, planned: Sequence[_Sheet], looks: Mapping[str, Any]) -> None:
    """Title, figures, contents, what is left out, and where it all comes from."""
    sheet.write_string(0, _LEFT, stored(pack.title), looks["title"])
    row = _figures(sheet, 2, pack, planned, looks)
    row = _contents(sheet, row, planned, looks)
    if pack.absent:
        row = _heads(sheet, row, [_("Left out"), _("Why"), "", "", "", _("Command")], looks)
        for one in pack.absent:
            sheet.write_string(row, 0, stored(one.title))
            sheet.write_string(row, 1, stored(one.reason))
            sheet.write_string(row, 5, stored(one.command))
            row += 1
        row += 1
    row = _heads(sheet, row, [_("Made from"), "", "", "", "", ""], looks)
    for label, text in pack.origin:
        sheet.write_string(row, 0, stored(label))
        sheet.write_string(row, 1, stored(text))
        row += 1
    for place, wide in enumerate(_WIDTHS):
        sheet.set_column(place, place, wide)
    sheet.hide_gridlines(2)
    on_paper(sheet)
    sheet.print_area(0, 0, row, len(_WIDTHS) - 1)


def _figures(sheet: Any, row: int, pack: Pack, planned: Sequence[_Sheet], looks: Mapping[str, Any]) -> int:
    """What the parts come to; returns the row that follows."""
    if not pack.figures:
        return row
    heads = [_("Figure"), _("Value"), _("Before"), _("Change"), _("Remark"), _("Sheet")]
    row = _heads(sheet, row, heads, looks)
    for part, figure in pack.figures:
        words = said(figure)
        sheet.write_string(row, 0, stored(words.label))
        _cell(sheet, row, 1, figure.col, figure.value, looks)
        _cell(sheet, row, 2, figure.col, figure.before, looks)
        if words.change:
            sheet.write_string(row, 3, words.change, looks.get(f"change {words.mood}"))
        sheet.write_string(row, 4, stored(words.remark))
        _link(sheet, row, 5, next((one.name for one in planned if one.part is part), ""), looks)
        row += 1
    return row + 1


def _contents(sheet: Any, row: int, planned: Sequence[_Sheet], looks: Mapping[str, Any]) -> int:
    row = _heads(sheet, row, [_("Sheet"), _("Rows"), "", "", _("What it is"), _("Command")], looks)
    for one in planned:
        _link(sheet, row, 0, one.name, looks)
        if one.table is not None:
            sheet.write_number(row, 1, len(one.table.rows), looks["count"])
        title = one.chart.title if one.chart is not None else one.table.title if one.table is not None else ""
        sheet.write_string(row, 4, stored(title))
        sheet.write_string(row, 5, stored(one.part.command))
        row += 1
    return row + 1


def _heads(sheet: Any, row: int, heads: Sequence[str], looks: Mapping[str, Any]) -> int:
    for place, head in enumerate(heads):
        sheet.write_string(row, place, head, looks["head"])
    return row + 1


def _cell(sheet: Any, row: int, place: int, col: Any, value: Any, looks: Mapping[str, Any]) -> None:
    """A figure as a number where it is one."""
    if value is None:
        return
    if col.is_number:
        sheet.write_number(row, place, float(value), looks.get(col.kind))
    else:
        sheet.write_string(row, place, stored(cells.words(col)(value)))


def _link(sheet: Any, row: int, place: int, name: str, looks: Mapping[str, Any]) -> None:
    if name:
        quoted = name.replace("'", "''")
        sheet.write_url(row, place, f"internal:'{quoted}'!A1", looks["link"], name)
