"""Text that came from sheets, made harmless for what shows it."""

import re

# Line breaks and tabs, of which a cell has none.
_BREAKS = re.compile("[\t\n\v\f\r\x85\u2028\u2029]+")
# C0, DEL, C1, bidi controls, halves of surrogate pairs, and what XML cannot hold.
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
# What starts a formula, also full-width, also after blanks that a spreadsheet may trim.
_FORMULA = re.compile("[\t\r\n]|[\\s\ufeff\u200b]*[=+\\-@＝＋－＠]")
_MARKDOWN = re.compile(r"([\\`*_\[\]#|~$])")
_MARKDOWN_START = re.compile(r"^\s*(?:([-+=])|(\d+)([.)]))")


def shown(text: str) -> str:
    """For a screen or a page: one line, each control character a visible dot."""
    if text.isprintable():
        return text
    return _CONTROLS.sub("·", _BREAKS.sub(" ", text))


def stored(text: str) -> str:
    """For a file that others read: one line, control characters left out."""
    if text.isprintable():
        return text
    return _CONTROLS.sub("", _BREAKS.sub(" ", text))


def csv_cell(text: str) -> str:
    """For a CSV cell: a leading ' where a spreadsheet would run the text."""
    plain = stored(text)
    return f"'{plain}" if _FORMULA.match(text) or _FORMULA.match(plain) else plain


def markdown(text: str) -> str:
    """For a cell of a Markdown table: every character that would be markup escaped."""
    plain = shown(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _MARKDOWN.sub(r"\\\1", plain)


def markdown_line(text: str) -> str:
    """For a line of Markdown: as a cell, and no list, heading or rule at its start."""
    return _MARKDOWN_START.sub(_escape_start, markdown(text))


def _escape_start(found: re.Match[str]) -> str:
    sign, number, mark = found.groups()
    return f"\\{sign}" if sign else f"{number}\\{mark}"
