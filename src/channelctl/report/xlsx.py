"""A report as a workbook: real numbers and dates, no formulas, the same bytes for the same report."""

import datetime as dt
import io
import re
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from operator import attrgetter
from typing import Any

from channelctl import money
from channelctl.columns import Col, columns
from channelctl.errors import RefusedError
from channelctl.i18n import _, either
from channelctl.report import Letter, Report, Table, cells, chartsheets, safe, xlsxletter
from channelctl.report.width import width

CREATED = dt.datetime(2000, 1, 1)  # noqa: DTZ001  (a workbook knows no zones)
MOST_ROWS = 1_048_576
_MOST_TEXT = 32_767
_MOST_NAME = 31
_HEAD_ROW = 2
_WIDEST, _NARROWEST = 60, 6
# Of a page across: the characters that it has at least, and at most for a line of text; those of a column as it comes.
_LEAST_PAGE, _MOST_PAGE, _USUAL = 100, 160, 8
_BAD_IN_NAME = re.compile(r"[\[\]:*?/\\]")
_A4 = 9
# Fewer lines than these are one page, in smaller type where it needs that.
_ONE_PAGE = 55
_DASHED = 3
# How figures of a kind look.
SHAPES = {
    "money": "#,##0.00",
    "share": "0.0%",
    "quantity": "#,##0.00##",
    "score": "0.00",
    "count": "#,##0",
    "date": "yyyy-mm-dd",
}
_SIGNED = ("money", "quantity", "share", "score")
_TIERS = {"A": ("#C6EFCE", "#14532D"), "B": ("#FFEB9C", "#5C4200"), "C": ("#E5E7EB", "#374151")}


def render(report: Report) -> bytes:
    """The workbook: the main table on the first sheet, each section and each picture on one of its own."""
    data = io.BytesIO()
    book = workbook(data)
    looks = formats(book)
    taken: set[str] = set()
    sheet = book.add_worksheet(sheet_name(report.title or report.name, taken))
    remarks = [*report.notes, *report.closing]
    table_sheet(sheet, looks, main_table(report), report.totals, remarks, letter=report.letter)
    for name, section in report.sections.items():
        extra = book.add_worksheet(sheet_name(section.title or section.sheet or name, taken))
        table_sheet(extra, looks, section, {}, ())
    for chart in report.charts:
        chartsheets.write(book, book.add_worksheet(sheet_name(chart.title, taken)), chart, looks)
    book.close()
    return data.getvalue()


def main_table(report: Report) -> Table:
    """A report's own rows."""
    return Table(report.row, report.rows, report.title, only=report.only)


def formats(book: Any) -> dict[str, Any]:
    """A workbook's looks: by kind of figure, of totals, of headings, of tiers."""
    looks = {kind: book.add_format({"num_format": shape}) for kind, shape in SHAPES.items()}
    looks |= {
        "title": book.add_format({"bold": True, "font_size": 13}),
        "head": book.add_format({"bold": True, "bottom": 1, "bg_color": "#F1F3F5"}),
        "head right": book.add_format({"bold": True, "bottom": 1, "bg_color": "#F1F3F5", "align": "right"}),
        "bold": book.add_format({"bold": True}),
        "cut": book.add_format({"bold": True, "top": _DASHED}),
        "signed": book.add_format({"valign": "bottom"}),
        "below": book.add_format({"font_color": "#9C0006"}),
        "link": book.add_format({"font_color": "#1F6FB5", "underline": 1}),
        "whole": looks["count"],
    }
    looks |= {
        f"total {kind}": book.add_format({"bold": True, "top": 1, "num_format": SHAPES.get(kind, "General")})
        for kind in (*SHAPES, "text")
    }
    looks["total whole"] = looks["total count"]
    looks |= {
        f"tier {tier}": book.add_format({"bg_color": back, "font_color": ink}) for tier, (back, ink) in _TIERS.items()
    }
    return looks


def workbook(data: io.BytesIO) -> Any:
    """An empty workbook that takes no text for a formula, number or link, and is made at no particular time."""
    from xlsxwriter import Workbook

    book = Workbook(
        data,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    book.set_properties({"created": CREATED})
    return book


def sheet_name(title: str, taken: set[str]) -> str:
    """A name that spreadsheets accept, unlike those `taken`; it is added to them."""
    plain = _BAD_IN_NAME.sub(" ", safe.stored(title))
    parts = " ".join(plain.split()).split(" · ")
    while len(parts) > 1 and len(" · ".join(parts)) > _MOST_NAME:
        parts.pop()
    base = _short(" · ".join(parts), _MOST_NAME).strip(" '·") or _("report")
    if base.casefold() == "history":
        base += "_"
    name, number = base, 1
    while name.casefold() in taken:
        number += 1
        name = f"{_short(base, _MOST_NAME - len(str(number)) - 1)} {number}"
    taken.add(name.casefold())
    return name


def column_width(texts: Sequence[str]) -> int:
    """Characters wide enough for the texts, within bounds."""
    return min(max(max(map(width, texts), default=0) + 2, _NARROWEST), _WIDEST)


def heading(col: Col) -> str:
    """The label, money with its currency in brackets, as import reads it."""
    return either(f"{col.label}（元）", f"{col.label} (CNY)") if col.kind == "money" else col.label


def table_sheet(
    sheet: Any,
    looks: Mapping[str, Any],
    table: Table,
    totals: Mapping[str, Any],
    remarks: Sequence[str],
    seen: Collection[str] | None = None,
    letter: Letter | None = None,
) -> None:
    """Fill an empty sheet with a table, its totals and remarks; the second row is left free but for a letter's head.

    Of the columns `seen`, and the first, all stands open; the others are folded away under a + above them.
    """
    known = columns(table.row) if letter is None else _on_letter(table)
    signed = xlsxletter.lines(letter) if letter is not None else []
    head = xlsxletter.head(letter) if letter is not None else ""
    first = _HEAD_ROW + 1
    last = _HEAD_ROW + len(table.rows)
    if last + len(remarks) + len(signed) + 3 > MOST_ROWS:
        raise RefusedError(
            _("{count} rows are more than a workbook's sheet holds").format(count=f"{len(table.rows):,}"),
            _("Write them as csv or json."),
        )
    sheet.write_string(0, 0, _text(table.title), looks["title"])
    if head:
        sheet.write_string(1, 0, _text(head))
    sums = {name: totals[key] for name in known for key in (name, cells.public(name)) if key in totals}
    shown = [name for place, name in enumerate(known) if seen is None or not place or name in seen]
    label_at = cells.label_place([(name, known[name]) for name in shown], sums)
    label = shown[label_at] if label_at is not None else None
    widths: list[int] = []
    folded = False
    for place, (name, col) in enumerate(known.items()):
        values = list(map(attrgetter(name), table.rows))
        sheet.write_string(_HEAD_ROW, place, _text(heading(col)), looks["head right" if col.is_number else "head"])
        for row, value in enumerate(values, first):
            _write(sheet, row, place, value, col, looks.get(col.kind), looks)
        if table.rows and sums:
            total = cells.total_label() if name == label else sums.get(name)
            kind = "whole" if _is_whole(total, col) else col.kind if col.kind in SHAPES else "text"
            _write(sheet, last + 1, place, total, col, looks[f"total {kind}"], {})
        _decorate(sheet, col, place, (first, last), looks)
        said = [heading(col) + "  ", *map(cells.words(col), [*values, *(sums[key] for key in sums if key == name)])]
        fold = {"level": 1, "hidden": True} if name not in shown else {"collapsed": True} if folded else {}
        folded = name not in shown
        sheet.set_column(place, place, column_width(said), None, fold)
        widths += [] if folded else [column_width(said)]
    if folded:
        sheet.set_column(len(known), len(known), None, None, {"collapsed": True})
    sheet.freeze_panes(first, 0)
    sheet.repeat_rows(_HEAD_ROW)
    on_paper(sheet)
    free = max(_LEAST_PAGE, *(min(width(text), _MOST_PAGE) for text in (table.title, head, *remarks))) - sum(widths)
    last_column = max(len(known) - 1, 0) + max(-(-free // _USUAL), 0)
    end = last + 2 + len(remarks) + len(signed)
    if end < _ONE_PAGE and letter is None:
        sheet.fit_to_pages(1, 1)
    sheet.print_area(0, 0, end, last_column)
    if known and table.rows:
        sheet.autofilter(_HEAD_ROW, 0, last, len(known) - 1)
    for row, remark in enumerate(remarks, last + 3):
        sheet.write_string(row, 0, _text(remark))
    xlsxletter.write(sheet, looks, signed, last + 3 + len(remarks), last_column)


def _on_letter(table: Table) -> dict[str, Col]:
    """The columns that people see, and of the others those that hold anything."""
    seen = {name for name, _col in cells.visible(table.row, table.only)}
    filled = (name for name in columns(table.row) if any(getattr(one, name) not in (None, "") for one in table.rows))
    kept = seen.union(filled)
    return {name: col for name, col in columns(table.row).items() if name in kept}


def on_paper(sheet: Any) -> None:
    """A4, one page wide, the pages numbered."""
    sheet.set_paper(_A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&L&8&A&R&8&P / &N")


def _write(sheet: Any, row: int, place: int, value: Any, col: Col, look: Any, looks: Mapping[str, Any]) -> None:
    unsaid = col.words(None) if value is None and looks and col.words is not None else ""
    if unsaid:
        sheet.write_string(row, place, _text(unsaid), look)
    elif value is None or value == "":
        if look is not None and not looks:
            sheet.write_blank(row, place, None, look)
    elif col.is_number and not isinstance(value, str) and _holds(value, col):
        number = float(value)
        special = ""
        if col.kind == "quantity":
            special = "whole" if number.is_integer() else "money" if col.words is money.show_figure else ""
        sheet.write_number(row, place, number, looks.get(special, look))
    elif isinstance(value, dt.date) and value.year >= 1900:
        sheet.write_datetime(row, place, value, look)
    else:
        said = col.words if looks else None
        say = said or (cells.flag if col.kind == "flag" else cells.raw)
        sheet.write_string(row, place, _text(say(value)), look)


def _is_whole(value: Any, col: Col) -> bool:
    """Whether it is a quantity without decimals."""
    return col.kind == "quantity" and isinstance(value, int | Decimal) and value == int(value)


def _holds(value: Any, col: Col) -> bool:
    """Whether a cell's number can be the value: of a figure of more than 15 digits only text keeps the last."""
    figure = col.kind in ("money", "quantity") and isinstance(value, Decimal) and money.is_exact(value)
    return not figure or Decimal(f"{float(value):.15g}") == value


def _decorate(sheet: Any, col: Col, place: int, span: tuple[int, int], looks: Mapping[str, Any]) -> None:
    """Data bars, the colours of tiers, and of what is below nothing."""
    first, last = span
    if last < first:
        return
    if col.kind in _SIGNED:
        rule = {"type": "cell", "criteria": "<", "value": 0, "format": looks["below"]}
        sheet.conditional_format(first, place, last, place, rule)
    if col.bar and col.is_number:
        bar = {"type": "data_bar", "bar_color": "#9CC2E5", "bar_solid": True, "min_type": "num", "min_value": 0}
        bar |= {"max_type": "num", "max_value": 1} if col.whole else {}
        sheet.conditional_format(first, place, last, place, bar)
    if col.kind == "tier":
        for tier in _TIERS:
            rule = {"type": "cell", "criteria": "==", "value": f'"{tier}"', "format": looks[f"tier {tier}"]}
            sheet.conditional_format(first, place, last, place, rule)


def _text(text: str) -> str:
    plain = safe.stored(text)
    return plain if len(plain) <= _MOST_TEXT else plain[: _MOST_TEXT - 1] + "…"


def _short(text: str, units: int) -> str:
    """The start of a text in at most so many UTF-16 units, cut between words where it has some."""
    start = text
    while len(start.encode("utf-16-le")) > units * 2:
        start = start[:-1]
    if start == text or text[len(start)] == " ":
        return start.rstrip()
    words = start.rpartition(" ")[0].rstrip()
    return f"{words}…" if len(words) * 2 >= len(start) else start
