"""`channelctl receivable`, `payment`, `open-order` and `promise`."""

import typer

app = typer.Typer()
