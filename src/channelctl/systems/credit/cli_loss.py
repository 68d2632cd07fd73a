"""`channelctl credit` writeoff, recovery and liability."""

import typer

app = typer.Typer()
