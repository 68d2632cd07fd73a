"""`channelctl customer` and `contact`."""

import typer

from channelctl.i18n import _
from channelctl.options import RECORDS
from channelctl.records.cli import noun

_SHEETS = "channelctl.systems.customers.sheets"

app = typer.Typer()
app.add_typer(
    noun("customer", f"{_SHEETS}:CustomerRow"),
    name="customer",
    help=_("Customers and their files."),
    rich_help_panel=RECORDS,
)
app.add_typer(
    noun("contact", f"{_SHEETS}:ContactRow"), name="contact", help=_("People at customers."), rich_help_panel=RECORDS
)
