"""`channelctl plan`, `class-target` and `target`."""

import typer

from channelctl.i18n import _
from channelctl.options import RECORDS
from channelctl.records.cli import noun
from channelctl.systems.plans import cli_plan, cli_target

app = typer.Typer()
app.add_typer(
    cli_plan.app,
    name="plan",
    help=_("Planned customers of an office and month."),
    rich_help_panel=RECORDS,
)
app.add_typer(
    noun("class_target", "channelctl.systems.plans.sheets:ClassTargetRow"),
    name="class-target",
    help=_("Default monthly targets per class."),
    rich_help_panel=RECORDS,
)
app.add_typer(
    cli_target.app,
    name="target",
    help=_("Monthly targets of offices, and a year's spread over months."),
    rich_help_panel=RECORDS,
)
