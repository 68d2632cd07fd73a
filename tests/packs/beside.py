"""Packs of real reports, to be read beside what their commands say."""

import datetime as dt
import io
import json
import shlex
import warnings
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from channelctl import money, settings
from channelctl.columns import Col
from channelctl.packs import Pack, Part, definition, making
from channelctl.packs.whose import Whose, named
from channelctl.report import Table, cells
from tests import running
from tests.conftest import forget


def made(name: str, **whose: str) -> Pack:
    """A pack as `report` makes it, before it is written."""
    settings.current = settings.Settings()
    forget()
    plan = definition.read(definition.source(name))
    given = {"office": None, "region": None, "customer": None, "month": None, "as_of": None, **whose}
    with settings.reading():
        return making.make(name, plan, named(plan, Whose(**given)).asked)


def exact(text: str) -> Any:
    """JSON with its figures as they are written."""
    return json.loads(text, parse_float=str)


def said(command: str) -> Any:
    """What the command line of a part says, as JSON."""
    done = running.run(*shlex.split(command)[1:], "--format", "json")
    assert done.code in (0, 1), done
    return exact(done.out)


def shown(part: Part, most: int | None) -> list[list[str]]:
    """The cells of a part's rows for people, in words."""
    report = part.report
    if report.card or report.data_only:
        return []
    columns = cells.visible(report.row, report.only)
    return [[cells.words(col)(getattr(row, name)) for name, col in columns] for row in report.rows[:most]]


def tables(part: Part) -> Iterator[Table | None]:
    """What the sheets of a part hold, in order; None is a picture."""
    report = part.report
    if report.rows and not report.data_only:
        yield Table(report.row, report.rows, report.title, only=report.only)
    for section in report.sections.values():
        if section.rows and not section.data_only:
            yield section
    yield from (None for _chart in report.charts)


def book(data: bytes) -> Any:
    """A workbook read by another library."""
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl knows no data bars of Excel 2010
        return load_workbook(io.BytesIO(data))


def cell(col: Col, value: Any) -> Any:
    """What a workbook's cell holds of a value."""
    if value is None:
        return (col.words(None) or None) if col.words is not None else None
    if col.is_number and not isinstance(value, str):
        number = float(value)
        is_figure = col.kind in ("money", "quantity") and isinstance(value, Decimal) and money.is_exact(value)
        # The library writes sixteen digits.
        return str(value) if is_figure and Decimal(f"{number:.15g}") != value else float(f"{number:.16G}")
    if isinstance(value, dt.date):
        return dt.datetime(value.year, value.month, value.day)
    return cells.words(col)(value) or None
