"""`channelctl credit` ageing, overdue, dso and risk."""

import typer

app = typer.Typer()
