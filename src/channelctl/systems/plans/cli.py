"""`channelctl plan` and `class-target`."""

import typer

from channelctl.i18n import _
from channelctl.options import RECORDS
from channelctl.records.cli import noun

_SHEETS = "channelctl.systems.plans.sheets"

app = typer.Typer()
app.add_typer(
    noun("plan", f"{_SHEETS}:PlanRow"),
    name="plan",
    help=_("Planned customers of an office and month."),
    rich_help_panel=RECORDS,
)
app.add_typer(
    noun("class_target", f"{_SHEETS}:ClassTargetRow"),
    name="class-target",
    help=_("Default monthly targets per class."),
    rich_help_panel=RECORDS,
)
