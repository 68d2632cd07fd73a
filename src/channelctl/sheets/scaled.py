"""Figures that a number format shows in another unit than their cells hold them in: 12345 as 1.2 under 万元."""

from collections.abc import Collection
from dataclasses import replace
from decimal import Decimal

from channelctl.errors import RefusedError
from channelctl.i18n import _
from channelctl.sheets import headings
from channelctl.sheets.layout import MADE, Column, Layout, place
from channelctl.sheets.problems import letters
from channelctl.sheets.shapes.shape import Grouped, Matrix, ToDate
from channelctl.sheets.shown import PLAIN, Shown
from channelctl.sheets.traces import Traces

_ONE = Decimal(1)


def settled(layout: Layout, traces: Traces, where: str) -> tuple[Layout, list[str]]:
    """The layout with the factors that the cells' formats tell, and what is to be said of that.

    Where formats contradict the heading or each other, the file is refused.
    """
    columns: dict[str, Column] = {}
    remarks: list[str] = []
    for name, column in layout.columns.items() if traces.shown else ():
        ways = _ways(layout, traces, column.index)
        if column.matched in MADE or layout.kind.columns[name].kind not in ("money", "quantity") or ways <= {PLAIN}:
            continue
        factor = _factor(ways, column.factor or headings.read(column.heading).factor)
        if factor is None:
            raise _contradicted(where, place(column))
        if factor != (column.factor or _ONE):
            columns[name] = replace(column, factor=None if factor == _ONE else factor)
            remarks.append(_remark(place(column), factor))
    for index in _across(layout) if traces.shown else ():
        ways = _ways(layout, traces, index)
        factors = {column.factor or _ONE for column in layout.columns.values() if column.matched in MADE}
        if ways - {PLAIN} and {_factor(ways, max(factors, default=_ONE))} != factors:
            raise _contradicted(where, letters(index))
    return replace(layout, columns={**layout.columns, **columns}) if columns else layout, remarks


def _across(layout: Layout) -> set[int]:
    """The columns of the sheet that made columns stand for."""
    if isinstance(layout.shape, Matrix):
        return {index for one in layout.shape.places for index in one.columns.values()}
    if isinstance(layout.shape, Grouped):
        return {index for group in layout.shape.groups for index in group.columns.values()}
    return {*layout.shape.figures.values()} if isinstance(layout.shape, ToDate) else set()


def _ways(layout: Layout, traces: Traces, index: int) -> set[Shown]:
    """How the figures of a column below the heading are shown."""
    return {way for way, last in traces.shown.get(index + 1, {}).items() if last > layout.row + 1}


def _factor(ways: Collection[Shown], named: Decimal | None) -> Decimal | None:
    """What makes yuan, or pieces, of what the cells hold, `named` being the heading's unit; None where it is open."""
    found = {_by_format(way, named) for way in ways}
    return found.pop() if len(found) == 1 else None


def _by_format(way: Shown, named: Decimal | None) -> Decimal | None:
    """A format that divides leaves yuan in the cell, which is what the heading says if it names the very unit."""
    if way.scale > 1:
        return _ONE if named in (None, _ONE, way.scale) else None
    unit = Decimal(way.unit) if way.unit else named or _ONE
    return unit if named in (None, unit) else None


def _remark(column: str, factor: Decimal) -> str:
    if factor == _ONE:
        return _("{column}: its cells hold more than their number format shows; read as they hold it").format(
            column=column
        )
    text = _("{column}: its number format names a unit: read × {factor}")
    return text.format(column=column, factor=f"{factor:,f}")


def _contradicted(where: str, column: str) -> RefusedError:
    return RefusedError(
        _("{where}: in column {column} the number format shows another unit than the heading says").format(
            where=where, column=column
        ),
        _("Format the column as plain numbers, write the unit of what it then shows into its heading, import again."),
    )
