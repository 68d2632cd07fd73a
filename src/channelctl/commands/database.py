"""`channelctl init`, `status`, `demo` and `db`."""

from pathlib import Path
from typing import Annotated

import typer

from channelctl.i18n import _
from channelctl.report import Report, reports

app = typer.Typer(no_args_is_help=True)
KeepOption = Annotated[
    Path | None, typer.Option("--keep", metavar="FOLDER", help=_("Keep the demo's database and sheets in this folder."))
]


def init() -> None:
    """Make an empty database, if there is none."""
    from channelctl import db

    if db.create():
        typer.echo(_("new database: {path}").format(path=db.path()))
    else:
        typer.echo(_("there already: {path}").format(path=db.path()))


@reports("status", "channelctl.status:StatusRow")
def status() -> Report:
    """Say what is in the database, and how fresh it is."""
    from channelctl import status as facts

    return facts.report()


def demo(keep: KeepOption = None) -> None:
    """Import a made sample region and show its tiers and scores."""
    from channelctl.commands import demonstration

    demonstration.run(keep)


@app.command("path")
def path() -> None:
    """Print where the database is."""
    from channelctl import db

    typer.echo(db.path())


@app.command("upgrade")
def upgrade() -> None:
    """Bring an older database up to date; a backup is made first."""
    from channelctl import db

    kept = db.upgrade()
    if kept is None:
        typer.echo(_("nothing to do: {path} is up to date").format(path=db.path()))
    else:
        typer.echo(_("{path} is up to date; as it was before: {backup}").format(path=db.path(), backup=kept))
