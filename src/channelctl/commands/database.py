"""`channelctl init`, `status`, `demo` and `db`."""

import os
from pathlib import Path
from typing import Annotated

import typer

from channelctl import options
from channelctl.commands import server
from channelctl.errors import UsageError
from channelctl.i18n import _, listed
from channelctl.report import Report, out, reports

app = typer.Typer()
db_app = typer.Typer(no_args_is_help=True)
server.mount(db_app)
app.add_typer(db_app, name="db", help=_("Where the database is; bring it up to date."), rich_help_panel=options.CARE)
BackupArgument = Annotated[
    Path | None, typer.Argument(metavar="[FILE]", help=_("Where to; default: beside the database, with the day."))
]
RestoreArgument = Annotated[Path, typer.Argument(metavar="FILE", help=_("The backup."))]
KeepOption = Annotated[
    Path | None, typer.Option("--keep", metavar="FOLDER", help=_("Keep the demo's database and sheets in this folder."))
]


PeopleArgument = Annotated[str, typer.Argument(metavar="contact|customer|rep", help=_("What kind of record it is."))]
PersonArgument = Annotated[str, typer.Argument(metavar="KEY", help=_("A code or a unique name."))]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help=_("Say what would happen; change nothing."))]
FieldsArgument = Annotated[
    list[str] | None,
    typer.Argument(metavar="[FIELD]...", help=_("Only these fields; default: all that tell of a person.")),
]
SourceArgument = Annotated[
    str, typer.Argument(metavar="SOURCE", help=_("The database to copy: a path, or postgresql://user@host/name."))
]
TargetArgument = Annotated[
    str, typer.Argument(metavar="TARGET", help=_("Where to: a path or a URL of a database that is not there yet."))
]
YesOption = Annotated[bool, typer.Option("--yes", help=_("Do it: it cannot be undone."))]


@app.command("init", rich_help_panel=options.CARE)
def init() -> None:
    """Make an empty database, if there is none."""
    from channelctl import db, making

    if making.create():
        out.tell(_("new database: {path}").format(path=db.place()))
    else:
        out.tell(_("there already: {path}").format(path=db.place()))


@app.command("status", rich_help_panel=options.DAILY)
@reports("status", "channelctl.status:FigureRow", sections={"records": "channelctl.status:StatusRow"})
def status(
    office: options.OfficeOption = None, region: options.RegionOption = None, as_of: options.AsOfOption = None
) -> Report:
    """Show how an office stands on one screen: month, score, tiers, money owed, stock, and how fresh the data are.

    Example: channelctl status --office 南京 --as-of 2024-05-20
    """
    from channelctl import status as facts

    return facts.report(office, region, as_of)


@app.command("demo", rich_help_panel=options.CARE)
def demo(keep: KeepOption = None) -> None:
    """Import a made sample region and show its tiers and scores."""
    from channelctl.commands import demonstration

    demonstration.run(keep)


@app.command("backup", rich_help_panel=options.CARE)
def backup(file: BackupArgument = None) -> None:
    """Copy the database, also while others write to it; the copy is checked and never overwrites a file."""
    from channelctl import clock, db, making

    db.check_version()
    where = file or making.default_backup(clock.today())
    out.tell(_("backup: {path}").format(path=making.backup(where)))


@app.command("restore", rich_help_panel=options.CARE)
def restore(file: RestoreArgument) -> None:
    """Put a backup in the database's place; what was there is kept beside it."""
    from channelctl import db, making

    kept = making.restore(file)
    out.tell(_("{path} is now as {backup}").format(path=db.place(), backup=file))
    if kept is not None:
        out.tell(_("as it was before: {backup}").format(backup=kept))


@app.command("erase", rich_help_panel=options.CARE)
@reports("erase", "channelctl.erasing:ErasedRow")
def erase(
    kind: PeopleArgument,
    key: PersonArgument,
    fields: FieldsArgument = None,
    dry_run: DryRunOption = False,
    yes: YesOption = False,
) -> Report:
    """Erase a person's data for good: in the record, in what is kept for undoing, in kept files.

    Example: channelctl erase contact N00012 --dry-run
    """
    from channelctl import db, erasing, making

    if not yes and not dry_run:
        raise UsageError(
            _("erasing cannot be undone"), _("See first what it would do: --dry-run. To do it, add --yes.")
        )
    with db.session(write=True) as session:
        done = erasing.erase(session, kind, key, fields or [])
        if dry_run or not done.changed:
            session.rollback()
    if not dry_run:
        making.scrub()
    title = _("Dry run, nothing was written") if dry_run else _("erased; {code} stands for it").format(code=done.code)
    return Report("erase", erasing.ErasedRow, done.rows, title, closing=_left(done.left, making.copies()))


def _left(elsewhere: list[str], copies: list[Path]) -> list[str]:
    """Where the same words still stand."""
    lines = [_("the same words still stand in {place}").format(place=place) for place in elsewhere]
    if copies:
        lines.append(_("copies made before still hold everything: {files}").format(files=listed(map(str, copies))))
    lines.append(_("a sheet that is imported again brings it back: take the row out there, too"))
    return lines


@db_app.command("check")
@reports("check", "channelctl.checks:CheckRow")
def check() -> Report:
    """Check the database: whole, its references, the log of who wrote what."""
    from channelctl import checks

    return checks.report()


@db_app.command("copy")
@reports("copy", "channelctl.copying:CopiedRow")
def copy(source: SourceArgument, target: TargetArgument) -> Report:
    """Copy a database whole into a new one, a file or on a server, and compare them table by table.

    Example: channelctl db copy channel.db postgresql://channelctl@db.example/channel
    """
    from channelctl import copying, moving

    old, new = moving.places(source, target)
    done = moving.copy(old, new)
    title = _("{source} copied to {target}").format(source=old, target=new)
    closing = [
        _("{path} holds the same {rows} rows in {tables} tables").format(
            path=new, rows=sum(row.rows for row in done), tables=len(done)
        )
    ]
    return Report("copy", copying.CopiedRow, done, title, closing=closing)


@db_app.command("path")
def path() -> None:
    """Print where the database is."""
    from channelctl import db

    where = db.place()
    out.put_bytes(os.fsencode(where if isinstance(where, Path) else str(where)) + b"\n")


@db_app.command("upgrade")
def upgrade() -> None:
    """Bring an older database up to date; a backup is made first."""
    from channelctl import db, making

    kept = making.upgrade()
    if kept is None:
        out.tell(_("nothing to do: {path} is up to date").format(path=db.place()))
    else:
        out.tell(_("{path} is up to date; as it was before: {backup}").format(path=db.place(), backup=kept))
