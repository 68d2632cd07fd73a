"""Which of day and month comes first in a sheet's dates: the whole column says, or nobody can."""

from collections.abc import Sequence
from itertools import islice
from typing import Any

from channelctl.errors import RefusedError
from channelctl.i18n import _
from channelctl.sheets import days
from channelctl.sheets.layout import Layout
from channelctl.sheets.read import Sheet


def settle(chunk: Sequence[tuple[int, list[Any]]], sheet: Sheet, layout: Layout, dates: days.Dates) -> None:
    """Where a chunk holds dates such as 3/5/2024, let the whole column say what comes first."""
    places = [c.index for name, c in layout.columns.items() if layout.kind.columns[name].kind == "date"]
    any_order = {"dmy", "mdy", "ymd"}
    for place in places:
        if days.orders([cells[place] for _n, cells in chunk if place < len(cells)]) != any_order:
            possible = days.orders(_whole_column(sheet, layout, place))
            if len(possible) == 1:
                dates.order = possible.pop()


def _whole_column(sheet: Sheet, layout: Layout, place: int) -> list[Any]:
    return [cells[place] for cells in islice(sheet.rows(), layout.row + 1, None) if place < len(cells)]


def left_open(file: str, sheet: Sheet, layout: Layout) -> RefusedError:
    """Day and month stay open: the first such date, and what each order would make of it."""
    where = f"{file}!{sheet.name}" if sheet.name else file
    places = [c.index for name, c in layout.columns.items() if layout.kind.columns[name].kind in ("date", "month")]
    found = [found for place in places if (found := days.undecided(_whole_column(sheet, layout, place)))]
    cell, ways = found[0]
    return RefusedError(
        _("{where}: day and month cannot be told apart in dates such as {cell}").format(where=where, cell=cell),
        _("Say what comes first: {ways}").format(
            ways=_(" or ").join(f"--dates {order} ({day})" for order, day in ways.items())
        ),
        "E203",
    )
