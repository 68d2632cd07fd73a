"""`channelctl region`, `office` and `rep`."""

import typer

from channelctl.i18n import _
from channelctl.options import RECORDS
from channelctl.records.cli import noun

_SHEETS = "channelctl.systems.org.sheets"

app = typer.Typer()
app.add_typer(noun("region", f"{_SHEETS}:RegionRow"), name="region", help=_("Regions."), rich_help_panel=RECORDS)
app.add_typer(noun("office", f"{_SHEETS}:OfficeRow"), name="office", help=_("Offices."), rich_help_panel=RECORDS)
app.add_typer(noun("rep", f"{_SHEETS}:RepRow"), name="rep", help=_("Reps."), rich_help_panel=RECORDS)
