"""Figures that are units in one row and yuan in the next, as people read them."""

import io
from decimal import Decimal

import openpyxl
import pytest

from channelctl.columns import columns
from channelctl.report import Report, cells, xlsx
from channelctl.systems.rebates.rules_accrual import AccruedLine, AccrueRow
from channelctl.systems.rebates.rules_explain import PointRow, RebatePart
from channelctl.systems.rebates.rules_gap import GapRow
from channelctl.systems.rebates.rules_statement import StatementRow

YUAN = Decimal("1736856.255")


@pytest.mark.parametrize(
    ("row", "names"),
    [
        (AccrueRow, "base reached"),
        (AccruedLine, "counted"),
        (RebatePart, "base"),
        (PointRow, "at"),
        (GapRow, "base threshold short per_day projected"),
        (StatementRow, "base"),
    ],
)
def test_a_base_is_said_to_the_fen(row: type, names: str) -> None:
    for name in names.split():
        say = cells.words(columns(row)[name])
        assert [say(value) for value in (YUAN, Decimal(1204), Decimal("0.5"), None)] == [
            "1,736,856.26",
            "1,204",
            "0.50",
            "",
        ]


def test_in_a_workbook_it_is_shown_so_and_kept_whole() -> None:
    blank = dict.fromkeys(PointRow._fields, "")
    rows = [PointRow(**{**blank, "at": value, "rate": Decimal("0.025")}) for value in (YUAN, Decimal(400))]  # type: ignore[arg-type]
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx.render(Report("points", PointRow, rows, "points")))).worksheets[0]
    place = [*columns(PointRow)].index("at") + 1
    shown = {
        cell.value: cell.number_format
        for line in sheet.iter_rows(min_col=place, max_col=place)
        for cell in line
        if isinstance(cell.value, int | float)
    }
    assert shown == {float(YUAN): "#,##0.00", 400: "#,##0"}


def test_a_share_that_rounds_to_nothing_has_no_sign() -> None:
    assert [cells.percent(Decimal(share)) for share in ("-0.0004", "0.0004", "-0.0005")] == ["0.0%", "0.0%", "-0.1%"]
