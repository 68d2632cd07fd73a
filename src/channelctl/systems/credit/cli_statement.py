"""`channelctl credit` statement and statements."""

import typer

app = typer.Typer()
