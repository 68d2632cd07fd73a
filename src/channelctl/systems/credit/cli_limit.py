"""`channelctl credit` investigate, apply, approve, refuse, history, suggest and limit."""

import typer

app = typer.Typer()
