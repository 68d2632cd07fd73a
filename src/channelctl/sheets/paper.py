"""A page to print and fill in by hand: a line for each column of a sheet that is too wide for paper."""

from collections.abc import Mapping
from typing import Any

from channelctl.columns import Col
from channelctl.i18n import _, either, listed

_A4 = 9
_NAMES = "打印用空表", "Blank form"
_LABEL, _ANSWER = 34, 56
_TITLE_HEIGHT, _LINE_HEIGHT, _SIGNED_HEIGHT = 34, 27, 40


def name() -> str:
    """What the page is called."""
    return either(*_NAMES)


def is_page(sheet: str) -> bool:
    """Whether a sheet is such a page, in whatever language: it is to be printed, not read."""
    return sheet in _NAMES


def draw(book: Any, sheet: Any, title: str, fields: Mapping[str, Col]) -> None:
    """Draw the page, upright on A4: a field that must be filled in has a star, those who answer for it sign below."""
    box = {"border": 1, "valign": "vcenter", "text_wrap": True}
    label = book.add_format({**box, "bg_color": "#F1F3F5"})
    answer = book.add_format({**box, "font_color": "#7F7F7F"})
    head = book.add_format({"bold": True, "font_size": 15, "align": "center", "valign": "vcenter"})
    sheet.set_column(0, 0, _LABEL)
    sheet.set_column(1, 1, _ANSWER)
    sheet.set_row(0, _TITLE_HEIGHT)
    sheet.merge_range(0, 0, 0, 1, title, head)
    for row, col in enumerate(fields.values(), 1):
        star = " *" if col.required else ""
        sheet.set_row(row, _LINE_HEIGHT)
        sheet.write_string(row, 0, f"{row}. {_labelled(col)}{star}", label)
        sheet.write_string(row, 1, _choices(col), answer)
    below = len(fields) + 1
    sheet.write_string(below, 0, _("* must be filled in"))
    signed = (_("Filled in by: signature, date"), _("Checked by: signature, date"), _("Company stamp"))
    for row, text in enumerate(signed, below + 1):
        sheet.set_row(row, _SIGNED_HEIGHT)
        sheet.write_string(row, 0, text, label)
        sheet.write_blank(row, 1, None, answer)
    sheet.set_paper(_A4)
    sheet.set_portrait()
    sheet.fit_to_pages(1, 1)
    sheet.center_horizontally()
    sheet.print_area(0, 0, below + len(signed), 1)


def _labelled(col: Col) -> str:
    """The label, money with its currency."""
    return either(f"{col.label}（元）", f"{col.label} (CNY)") if col.kind == "money" else col.label


def _choices(col: Col) -> str:
    """What is to be chosen from."""
    if col.kind == "flag":
        return either("是 / 否", "yes / no")
    return listed(col.offered()) if col.offered else listed(col.choices)
