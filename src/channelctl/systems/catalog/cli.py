"""`channelctl product`."""

import typer

from channelctl.i18n import _
from channelctl.options import RECORDS
from channelctl.records.cli import noun

_SHEETS = "channelctl.systems.catalog.sheets"

app = typer.Typer()
app.add_typer(
    noun("product", f"{_SHEETS}:ProductRow"), name="product", help=_("Products and models."), rich_help_panel=RECORDS
)
