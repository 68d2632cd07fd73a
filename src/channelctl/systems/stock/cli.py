"""`channelctl stock`."""

import typer

from channelctl.i18n import _
from channelctl.options import RECORDS
from channelctl.records.cli import noun

app = typer.Typer()
app.add_typer(
    noun("stock_count", "channelctl.systems.stock.sheets:StockRow"),
    name="stock",
    help=_("What customers had on their shelves."),
    rich_help_panel=RECORDS,
)
