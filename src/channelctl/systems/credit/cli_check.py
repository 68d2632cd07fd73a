"""`channelctl credit` status, check, hold and release."""

import typer

app = typer.Typer()
