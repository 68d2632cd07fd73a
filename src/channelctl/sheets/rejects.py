"""The refused rows as a workbook of their own: as they were, each with what is wrong, ready to be mended."""

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from channelctl.i18n import _, either
from channelctl.report import safe
from channelctl.report.files import write_whole
from channelctl.report.xlsx import sheet_name, workbook
from channelctl.sheets.failed import UNSAVED
from channelctl.sheets.problems import Problem, letters

_ENDING = ".rejected"


class Rejected(NamedTuple):
    """A sheet's rows down to its heading, the refused ones with their numbers, and each one's problems."""

    name: str
    head: Sequence[Sequence[Any]]
    rows: Sequence[tuple[int, Sequence[Any]]]
    problems: Mapping[int, Sequence[Problem]]


def write(source: Path, sheets: Sequence[Rejected]) -> Path:
    """Write them beside the sheet they come from, under the next free name; returns the file."""
    data = io.BytesIO()
    book = workbook(data)
    looks = {
        "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        "bad": book.add_format({"bg_color": "#F8CBAD"}),
        "bad day": book.add_format({"bg_color": "#F8CBAD", "num_format": "yyyy-mm-dd"}),
        "why": book.add_format({"font_color": "#9C0006"}),
    }
    taken: set[str] = set()
    for one in sheets:
        _sheet(book.add_worksheet(sheet_name(one.name or "rejected", taken)), looks, one)
    book.close()
    target = _free(source)
    write_whole(target, data.getvalue())
    return target


def _free(source: Path) -> Path:
    stem = source.stem.removesuffix(_ENDING)
    target, count = source.with_name(f"{stem}{_ENDING}.xlsx"), 1
    while target.exists():
        count += 1
        target = source.with_name(f"{stem}{_ENDING}-{count}.xlsx")
    return target


def _sheet(sheet: Any, looks: Mapping[str, Any], one: Rejected) -> None:
    wide = max(len(cells) for cells in (*one.head, *(cells for _number, cells in one.rows)))
    for place, cells in enumerate(one.head):
        _row(sheet, looks, place, cells, {})
    heading = len(one.head) - 1
    sheet.write_string(heading, wide, either("问题", "Problem"), looks["why"])
    for place, (number, cells) in enumerate(one.rows, heading + 1):
        problems = one.problems[number]
        bad = {problem.column.partition(" ")[0]: _why(problem) for problem in problems}
        _row(sheet, looks, place, cells, bad)
        why = "; ".join(f"{problem.column.partition(' ')[2]}: {_why(problem)}".lstrip(": ") for problem in problems)
        where = either(f"第 {number} 行：", f"row {number}: ")
        sheet.write_string(place, wide, safe.stored(where + why), looks["why"])
    sheet.set_column(0, wide - 1, 14)
    sheet.set_column(wide, wide, 60)
    sheet.freeze_panes(heading + 1, 0)


def _why(problem: Problem) -> str:
    """What is wrong, for who mends it in this workbook: a formula that was not worked out does not stand in it."""
    if problem.value == UNSAVED:
        return _("its formula was not worked out in the file: put the value in here")
    return problem.message


def _row(sheet: Any, looks: Mapping[str, Any], place: int, cells: Sequence[Any], bad: Mapping[str, str]) -> None:
    for column, held in enumerate(cells):
        cell = "" if held == UNSAVED else held
        wrong = letters(column) in bad
        look = looks["bad"] if wrong else None
        if isinstance(cell, dt.datetime | dt.date):
            moment = cell if isinstance(cell, dt.datetime) else dt.datetime.combine(cell, dt.time())
            sheet.write_datetime(place, column, moment, looks["bad day" if wrong else "day"])
        elif isinstance(cell, bool):
            sheet.write_boolean(place, column, cell, look)
        elif isinstance(cell, int | float):
            sheet.write_number(place, column, cell, look)
        elif cell != "":
            sheet.write_string(place, column, safe.stored(str(cell)), look)
        elif wrong:
            sheet.write_blank(place, column, None, look)
        if wrong:
            sheet.write_comment(place, column, bad[letters(column)])
