"""The first sheet of a pack's workbook: what a manager reads."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from channelctl.columns import Col
from channelctl.i18n import _
from channelctl.packs import Pack
from channelctl.packs.figures import said
from channelctl.report import cells
from channelctl.report.safe import stored
from channelctl.report.width import width
from channelctl.report.xlsx import SHAPES, on_paper

if TYPE_CHECKING:
    from channelctl.packs.xlsx import Sheet

_WIDTHS = (34, 17, 17, 12, 40)
_LAST = len(_WIDTHS) - 1
_BESIDE = sum(_WIDTHS[1:])
_MOODS = {"good": "#14532D", "bad": "#9C0006"}
_BAND, _GREY = "#1F4E79", "#5C6570"
_LINE_HIGH = 15.0
Looks = Mapping[Any, Any]


def write(book: Any, sheet: Any, pack: Pack, planned: "Sequence[Sheet]", looks: Looks) -> None:
    """Title, figures, contents, what is left out, and where it all comes from; on paper one page wide."""
    looks = {**looks, **_looks(book)}
    for place, wide in enumerate(_WIDTHS):
        sheet.set_column(place, place, wide)
    sheet.set_row(0, 26)
    sheet.merge_range(0, 0, 0, _LAST, stored(pack.title), looks["name"])
    row = _figures(sheet, 2, pack, planned, looks)
    row = _contents(sheet, row, planned, looks)
    if pack.absent:
        row = _heads(sheet, row, [_("Left out"), _("Why")], looks)
        for one in pack.absent:
            row = _line(sheet, row, one.title, one.reason, looks)
        row += 1
    row = _heads(sheet, row, [_("Made from")], looks)
    for label, text in pack.origin:
        row = _line(sheet, row, label, text, looks)
    sheet.hide_gridlines(2)
    on_paper(sheet)
    sheet.set_portrait()
    sheet.print_area(0, 0, max(row - 1, 0), _LAST)


def _looks(book: Any) -> dict[Any, Any]:
    rule: dict[str, Any] = {"bottom": 4, "bottom_color": "#C9CED6"}
    made: dict[Any, dict[str, Any]] = {
        "name": {"bold": True, "font_size": 16, "font_color": _BAND, "valign": "vcenter"},
        "band": {"bold": True, "font_color": "#FFFFFF", "bg_color": _BAND},
        "band right": {"bold": True, "font_color": "#FFFFFF", "bg_color": _BAND, "align": "right"},
        "band after": {"bold": True, "font_color": "#FFFFFF", "bg_color": _BAND, "indent": 1},
        "line": {"text_wrap": True, "valign": "top"},
        "sheet": {"font_color": "#1F6FB5", "underline": 1, "valign": "top"},
        "below it": {"font_color": "#1F6FB5", "underline": 1, "align": "left", "valign": "top", "indent": 1},
        "figure": {"font_color": "#1F6FB5", "underline": 1, **rule},
        "remark": {"font_color": _GREY, "indent": 1, **rule},
        "change": {"align": "right", **rule},
        **{
            f"change {mood}": {"align": "right", "bold": True, "font_color": ink, **rule}
            for mood, ink in _MOODS.items()
        },
    }
    for kind, shape in {**SHAPES, "text": "General", "whole": SHAPES["count"]}.items():
        made["value", kind] = {"bold": True, "num_format": shape, "align": "right", **rule}
        made["before", kind] = {"font_color": _GREY, "num_format": shape, "align": "right", **rule}
    return {name: book.add_format(shape) for name, shape in made.items()}


def _figures(sheet: Any, row: int, pack: Pack, planned: "Sequence[Sheet]", looks: Looks) -> int:
    """What the parts come to, each linked with the sheet that it stands for; returns the row that follows."""
    if not pack.figures:
        return row
    row = _heads(sheet, row, [_("Figure"), _("Value"), _("Before"), _("Change"), _("Remark")], looks, right=3)
    for part, figure in pack.figures:
        words = said(figure)
        place = next((one.name for one in planned if one.part is part), "")
        _link(sheet, row, place, words.label, looks["figure"])
        _cell(sheet, row, 1, figure.col, figure.value, "value", looks)
        _cell(sheet, row, 2, figure.col, figure.before, "before", looks)
        look = looks.get(f"change {words.mood}", looks["change"])
        sheet.write_string(row, 3, words.change, look)
        sheet.write_string(row, 4, stored(words.remark), looks["remark"])
        row += 1
    return row + 1


def _contents(sheet: Any, row: int, planned: "Sequence[Sheet]", looks: Looks) -> int:
    """A line for each sheet; those of a part below its first."""
    row = _heads(sheet, row, [_("Sheet"), _("What it is")], looks)
    for one in planned:
        _link(sheet, row, one.name, one.name, looks["sheet" if one.first else "below it"])
        rows = f" ({len(one.table.rows):,})" if one.table is not None else ""
        _wide(sheet, row, f"{one.title or one.part.title}{rows}", looks)
        row += 1
    return row + 1


def _heads(sheet: Any, row: int, heads: Sequence[str], looks: Looks, right: int = 0) -> int:
    """A band of headings, those of numbers above them."""
    for place in range(_LAST + 1):
        look = looks["band right" if 0 < place <= right else "band after" if place > right > 0 else "band"]
        sheet.write_string(row, place, heads[place] if place < len(heads) else "", look)
    return row + 1


def _line(sheet: Any, row: int, label: str, text: str, looks: Looks) -> int:
    """A word and what there is to say of it."""
    sheet.write_string(row, 0, stored(label), looks["line"])
    _wide(sheet, row, text, looks)
    return row + 1


def _wide(sheet: Any, row: int, text: str, looks: Looks) -> None:
    """A text over all columns but the first, in as many lines as it takes."""
    sheet.merge_range(row, 1, row, _LAST, stored(text), looks["line"])
    sheet.set_row(row, _LINE_HIGH * max(1, -(-width(text) // _BESIDE)))


def _cell(sheet: Any, row: int, place: int, col: Col, value: Any, look: str, looks: Looks) -> None:
    """A figure as a number where it is one."""
    kind = col.kind if (look, col.kind) in looks else "text"
    if value is None:
        sheet.write_blank(row, place, None, looks[look, "text"])
    elif col.is_number:
        whole = kind == "quantity" and value == int(value)
        sheet.write_number(row, place, float(value), looks[look, "whole" if whole else kind])
    else:
        sheet.write_string(row, place, stored(cells.words(col)(value)), looks[look, "text"])


def _link(sheet: Any, row: int, name: str, text: str, look: Any) -> None:
    """A text that leads to a sheet."""
    if name:
        quoted = name.replace("'", "''")
        sheet.write_url(row, 0, f"internal:'{quoted}'!A1", look, stored(text))
    else:
        sheet.write_string(row, 0, stored(text))
