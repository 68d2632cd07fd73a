"""A report's rows as CSV: plain numbers, and no cell that a spreadsheet would run."""

import csv
import io
from collections.abc import Callable
from operator import attrgetter
from typing import Any

from channelctl.columns import Col, columns
from channelctl.i18n import language
from channelctl.report import Report, cells, safe


def render(report: Report) -> str:
    """All columns; lines end in LF."""
    known = columns(report.row)
    says = [(attrgetter(name), _say(col)) for name, col in known.items()]
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet, lineterminator="\n")
    writer.writerow([safe.csv_cell(col.label) for col in known.values()])
    writer.writerows([say(get(row)) for get, say in says] for row in report.rows)
    return sheet.getvalue()


def _say(col: Col) -> Callable[[Any], str]:
    if col.is_number:
        number = cells.literal(col)
        return lambda value: "" if value is None else number(value)
    if col.kind == "flag":
        return cells.flag
    if col.words is not None and col.kind != "date" and language() != "en":
        # In English the codes that programs read are words enough.
        said = col.words
        return lambda value: "" if value is None else safe.csv_cell(said(value))
    return lambda value: safe.csv_cell(cells.raw(value))
