"""An empty workbook to fill in, made from a row class."""

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from channelctl.columns import Col, columns
from channelctl.i18n import _, either, listed
from channelctl.report import files, safe, xlsx
from channelctl.sheets import paper

_FILL_ROWS = 20_000
_INLINE_LIST = 255
_EXAMPLE_ROW = 1
_BOUND = 10**12
_FORMATS = {
    "money": "#,##0.00##",
    "quantity": "General",
    "share": "0.00%",
    "score": "0.00",
    "count": "0",
    "date": "yyyy-mm-dd",
}


def write_template(
    path: Path, title: str, row_class: type, lookups: Mapping[str, Sequence[str]], *, on_paper: str = ""
) -> None:
    """Write the workbook: headings with what is expected, drop-downs, one example row, a sheet that explains.

    `lookups` are the names on file for a field (offices, reps); other names are warned about, not refused. `on_paper`
    is the title of a page to print.

    Raises:
        RefusedError: the file cannot be written.
    """
    data = io.BytesIO()
    book = xlsx.workbook(data)
    taken: set[str] = set()
    sheet = book.add_worksheet(xlsx.sheet_name(title, taken))
    notes = book.add_worksheet(xlsx.sheet_name(either("说明", "Notes"), taken))
    lists = _Lists(book, xlsx.sheet_name(either("选项", "Lists"), taken))
    looks = _looks(book)
    for place, (name, col) in enumerate(columns(row_class).items()):
        _column(sheet, place, col, looks)
        _check(sheet, place, col, _words(col, lookups.get(name, ())), lists)
    sheet.freeze_panes(1, 0)
    _explain(notes, row_class, looks)
    if on_paper:
        paper.draw(book, book.add_worksheet(xlsx.sheet_name(paper.name(), taken)), on_paper, columns(row_class))
    book.close()
    files.write_whole(path, data.getvalue())


def example_row(row_class: type) -> dict[str, str]:
    """The example row's values by field name, as the template writes them; fields without one are left out."""
    return {name: _example(col) for name, col in columns(row_class).items() if col.example}


def is_example(row_class: type, cells: Mapping[str, Any]) -> bool:
    """Whether cells by field name, as a reader gives them, are the example row left as it was."""
    example = example_row(row_class)
    return bool(example) and all(
        _same(cells.get(name), example.get(name, ""), col) for name, col in columns(row_class).items()
    )


class _Lists:
    """Drop-down words too long for a rule, each list a column of a hidden sheet that is made when first needed."""

    def __init__(self, book: Any, name: str) -> None:
        self._book, self._name, self._used = book, name, 0
        self._sheet: Any = None

    def source(self, words: Sequence[str]) -> list[str] | str:
        """What a list rule takes: the words themselves, or where they stand."""
        joined = ",".join(words)
        if len(joined.encode("utf-16-le")) // 2 <= _INLINE_LIST and not any(_awkward(word) for word in words):
            return list(words)
        if self._sheet is None:
            self._sheet = self._book.add_worksheet(self._name)
            self._sheet.hide()
        place, self._used = self._used, self._used + 1
        for row, word in enumerate(words):
            self._sheet.write_string(row, place, word)
        return f"='{self._name}'!{_letters(place, 0)}:{_letters(place, len(words) - 1)}"


def _looks(book: Any) -> dict[str, Any]:
    head = {"bold": True, "bottom": 1, "text_wrap": True, "valign": "vcenter"}
    looks = {
        "required": book.add_format({**head, "bg_color": "#FFD966"}),
        "head": book.add_format({**head, "bold": False, "bg_color": "#F1F3F5"}),
        "bold": book.add_format({"bold": True, "bottom": 1, "bg_color": "#F1F3F5"}),
        "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
    }
    for kind in (*_FORMATS, "text"):
        shape = _FORMATS.get(kind, "@")
        looks[kind] = book.add_format({"num_format": shape})
        looks[f"example {kind}"] = book.add_format({"num_format": shape, "italic": True, "font_color": "#7F7F7F"})
    return looks


def _column(sheet: Any, place: int, col: Col, looks: Mapping[str, Any]) -> None:
    """Heading with its comment, the cell format of what is filled in, the example."""
    kind = col.kind if col.kind in _FORMATS else "text"
    example = _example(col)
    sheet.set_column(place, place, min(xlsx.column_width([col.label + "  ", example]), 40), looks[kind])
    sheet.write_string(0, place, col.label, looks["required" if col.required else "head"])
    comment = "\n".join(filter(None, (_need(col), _kind(col), _(col.note))))
    sheet.write_comment(0, place, comment, {"author": "", "x_scale": 2})
    if example:
        _write_example(sheet, place, col, example, looks[f"example {kind}"])
    if place == 0:
        said = _("example row: overwrite or delete")
        sheet.write_comment(_EXAMPLE_ROW, place, said, {"author": "", "x_scale": 1.5})


def _write_example(sheet: Any, place: int, col: Col, example: str, look: Any) -> None:
    value = _typed(col, example)
    if isinstance(value, dt.date):
        sheet.write_datetime(_EXAMPLE_ROW, place, value, look)
    elif isinstance(value, Decimal):
        sheet.write_number(_EXAMPLE_ROW, place, float(value), look)
    else:
        sheet.write_string(_EXAMPLE_ROW, place, value, look)


def _check(sheet: Any, place: int, col: Col, words: Sequence[str], lists: _Lists) -> None:
    """The rule that the column's cells are held to."""
    rule: dict[str, Any] = {}
    if words:
        closed = bool(col.choices) or col.kind == "flag"
        rule = {"validate": "list", "source": lists.source(words), "error_type": "stop" if closed else "warning"}
    elif col.kind == "date":
        rule = {"validate": "date", "minimum": dt.date(1900, 1, 1), "maximum": dt.date(2199, 12, 31)}
    elif col.is_number:
        whole = col.kind == "count"
        rule = {"validate": "integer" if whole else "decimal", "minimum": -_BOUND, "maximum": _BOUND}
        if whole:
            rule |= {"minimum": -(10**9), "maximum": 10**9}
    if not rule:
        return
    if "minimum" in rule:
        rule["criteria"] = "between"
    rule |= {"error_title": _short(col.label, 32), "error_message": _short(_kind(col), 255)}
    sheet.data_validation(_EXAMPLE_ROW, place, _FILL_ROWS, place, rule)


def _explain(sheet: Any, row_class: type, looks: Mapping[str, Any]) -> None:
    heads = (_("column"), _("needed"), _("what to write"), _("other headings understood"), _("remark"))
    widths = (22, 10, 36, 60, 60)
    for place, (head, wide) in enumerate(zip(heads, widths, strict=True)):
        sheet.set_column(place, place, wide)
        sheet.write_string(0, place, head, looks["bold"])
    for row, col in enumerate(columns(row_class).values(), 1):
        other = [either(col.en, col.zh), *col.aliases]
        texts = (col.label, _need(col), _kind(col), listed(dict.fromkeys(other)), _(col.note))
        for place, text in enumerate(texts):
            if text:
                sheet.write_string(row, place, text, looks["wrap"])
    sheet.freeze_panes(1, 0)


def _need(col: Col) -> str:
    return _("required") if col.required else _("optional")


def _kind(col: Col) -> str:
    """What to write in a column, in words."""
    if col.choices:
        return _("one of: {choices}").format(choices=listed(col.choices))
    said = {
        "text": _("text"),
        "code": _("a code; zeros in front are kept"),
        "money": _("an amount of money in yuan, up to four decimals"),
        "quantity": _("a number, up to four decimals"),
        "score": _("a number"),
        "count": _("a whole number"),
        "share": _("a percentage"),
        "date": _("a date: 2024-05-31"),
        "month": _("a month: 2024-05"),
        "flag": _("yes or no"),
        "tier": _("A, B or C"),
    }
    return said[col.kind]


def _words(col: Col, lookup: Sequence[str]) -> Sequence[str]:
    """The words of the column's drop-down."""
    if col.kind == "flag":
        return either("是", "yes"), either("否", "no")
    if col.kind == "tier":
        return "A", "B", "C"
    if col.offered:
        return col.offered()
    return col.choices or [safe.stored(word) for word in lookup if word]


def _example(col: Col) -> str:
    if col.kind != "flag" or not col.example:
        return col.example
    from channelctl.sheets.convert import flag

    return either("是", "yes") if flag(col.example) is True else either("否", "no")


def _typed(col: Col, text: str) -> dt.date | Decimal | str:
    try:
        if col.kind == "date":
            return dt.date.fromisoformat(text)
        return Decimal(text) if col.is_number else text
    except (ValueError, InvalidOperation):
        return text


def _same(cell: Any, example: str, col: Col) -> bool:
    """Whether a cell as read holds the example's value."""
    from channelctl.sheets.convert import number
    from channelctl.sheets.days import Dates
    from channelctl.sheets.wording import text

    plain = text(cell) or ""
    if not plain or not example:
        return plain == example
    if col.is_number:
        return bool(number(cell) == _typed(col, example))
    return (Dates(order="ymd")[cell] if col.kind == "date" else plain) == example


def _awkward(word: str) -> bool:
    """Whether a word cannot stand in a rule itself: it would be split or taken for a formula."""
    return "," in word or '"' in word or word[:1] in "=+-@" or word != word.strip()


def _letters(place: int, row: int) -> str:
    from xlsxwriter.utility import xl_rowcol_to_cell

    return str(xl_rowcol_to_cell(row, place, row_abs=True, col_abs=True))


def _short(text: str, units: int) -> str:
    """A text no longer than a rule's title or message may be."""
    return text if len(text) <= units else text[: units - 1] + "…"
