"""`channelctl batch` and `channelctl audit`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from channelctl import options
from channelctl.errors import RefusedError
from channelctl.i18n import _, listed
from channelctl.options import CARE
from channelctl.report import Report, Table, out, reports

if TYPE_CHECKING:
    from channelctl.history import Entry

app = typer.Typer()
batch_app = typer.Typer(no_args_is_help=True)
audit_app = typer.Typer(no_args_is_help=True)
app.add_typer(
    batch_app, name="batch", help=_("What was imported and written, and taking it back."), rich_help_panel=CARE
)
app.add_typer(
    audit_app, name="audit", help=_("The log of who wrote what; nothing in it can be changed."), rich_help_panel=CARE
)

FileOutput = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help=_("Where to write it; default: here.")),
]
BatchArgument = Annotated[int, typer.Argument(metavar="BATCH", help=_("The number of a batch."))]


EntryArgument = Annotated[int, typer.Argument(metavar="ENTRY", help=_("The number of an entry of the log."))]
BatchOption = Annotated[int | None, typer.Option("--batch", metavar="BATCH", help=_("Only the entries of this batch."))]
KindOption = Annotated[
    str | None, typer.Option("--kind", metavar="KIND", help=_("Only changes of such records: customer, plan …"))
]
RecordOption = Annotated[
    str | None,
    typer.Option("--record", metavar="RECORD", help=_("Only changes of this record of the kind: code, name, number.")),
]
UserOption = Annotated[str | None, typer.Option("--user", metavar="USER", help=_("Only what this user wrote."))]


@batch_app.command("list")
@reports("batch", "channelctl.batches:BatchRow")
def list_() -> Report:
    """List every import and every command that wrote, the latest first."""
    from channelctl import batches, db

    with db.session() as session:
        rows = batches.listed(session)
    title = _("batches · {count}").format(count=len(rows))
    return Report("batch", batches.BatchRow, rows, title, only=batches.columns_of(rows))


@batch_app.command("show")
@reports("batch", "channelctl.batches:BatchRow", sections={"content": "channelctl.batches:ContentRow"})
def show(batch: BatchArgument) -> Report:
    """Show what a batch brought."""
    from channelctl import batches, db

    with db.session() as session:
        content = batches.content(session, batch)
        rows = [row for row in batches.listed(session) if row.batch == batch]
    return Report(
        "batch",
        batches.BatchRow,
        rows,
        _("batch {batch}").format(batch=batch),
        card=True,
        sections={"content": Table(batches.ContentRow, content)},
    )


@batch_app.command("undo")
@reports("undo", "channelctl.batches:ContentRow", sections={"stays": "channelctl.batches:StaysRow"})
def undo(batch: BatchArgument) -> Report:
    """Take a batch back whole, as if it had never been.

    Example: channelctl batch undo 42
    """
    from channelctl import batches, db, records, undoing

    with db.session(write=True) as session:
        stays = records.concluded(session, batch)
        notes = [*(one.said for one in stays), *records.remarks(session, batch)]
        rows = undoing.undo(session, batch)
        sharing = batches.sharing(session, batch) if any(row.kind == "sales" and row.made for row in rows) else []
        of_file = batches.one(session, batch).file_name is not None
    undone = _("batch {batch} is undone; its file can be imported again") if of_file else _("batch {batch} is undone")
    closing = [undone.format(batch=batch)]
    if sharing:
        text = _("Files imported since had lines that were there already, maybe these: import them again: {files}")
        closing.append(text.format(files=listed(sharing)))
    title = _("undone: batch {batch} · taken back is what it had made, changed and removed")
    return Report(
        "undo",
        batches.ContentRow,
        rows,
        title.format(batch=batch),
        notes=notes,
        closing=closing,
        sections={
            "stays": Table(
                batches.StaysRow, [batches.StaysRow(*one[:4]) for one in stays], _("Stays as it was computed")
            )
        },
    )


@batch_app.command("file")
def file(batch: BatchArgument, output: FileOutput = None) -> None:
    """Give back the file that a batch imported, byte by byte; the policy's keep_files = true keeps them.

    Example: channelctl batch file 42 --output sales.xlsx
    """
    from channelctl import db
    from channelctl.report.files import write_whole
    from channelctl.sheets import keeping

    with db.session() as session:
        name, content = keeping.given_back(session, batch)
    where = output or Path(Path(name).name)
    if where.exists():
        raise RefusedError(
            _("{path} is there already; it was left as it is").format(path=where), _("Name another: --output FILE")
        )
    write_whole(where, content)
    out.remark(_("written: {path}").format(path=where))


@audit_app.command("list")
@reports("audit", "channelctl.history:AuditRow")
def audit_list(
    batch: BatchOption = None,
    kind: KindOption = None,
    record: RecordOption = None,
    user: UserOption = None,
    from_: options.FromOption = None,
    to: options.ToOption = None,
) -> Report:
    """List the log, the latest entry first.

    Example: channelctl audit list --kind customer --record C00012
    """
    from channelctl import audit, db, history
    from channelctl.period import day

    days = (day(from_) if from_ is not None else None, day(to) if to is not None else None)
    with db.session() as session:
        asked = history.filtered(session, batch, kind, record, user, days)
        rows = history.listed_entries(session, asked)
        checked = audit.may_check(session)
        head, wrong = audit.head(session), list(audit.broken(session)) if checked else []
    closing = [_("last seal: {seal}").format(seal=head)]
    if wrong:
        closing.append(_("the log is broken at entry {entry}").format(entry=wrong[0]))
    return Report(
        "audit",
        history.AuditRow,
        rows,
        _("audit log · {count}").format(count=len(rows)),
        params={
            "batch": batch,
            "kind": asked.kind,
            "record": asked.record,
            "user": user,
            "from": days[0],
            "to": days[1],
        },
        notes=[] if checked else [_unchecked()],
        closing=closing,
        exit_code=1 if wrong else 0,
    )


@audit_app.command("show")
@reports(
    "audit_show",
    "channelctl.history:EntryRow",
    sections={"changes": "channelctl.changes:ChangeRow", "content": "channelctl.batches:ContentRow"},
)
def audit_show(entry: EntryArgument) -> Report:
    """Show one entry in full: who wrote what, when, through what, before and after.

    Example: channelctl audit show 42
    """
    from channelctl import batches, db, history
    from channelctl.changes import ChangeRow

    with db.session() as session:
        found = history.shown(session, entry)
        content = batches.content(session, found.row.batch) if found.row.kind is None else []
    return Report(
        "audit_show",
        history.EntryRow,
        [found.row],
        _("audit log · entry {entry}").format(entry=entry),
        notes=_of_entry(found),
        closing=_whole(found),
        card=True,
        sections={
            "content": Table(batches.ContentRow, content),
            "changes": Table(ChangeRow, found.changes),
        },
        exit_code=1 if found.broken_at is not None or found.row.as_sealed is False else 0,
    )


def _unchecked() -> str:
    """What is said to whoever does not see the whole log."""
    return _("the seals of the log are checked by whoever sees all of the database")


def _of_entry(found: "Entry") -> list[str]:
    """What the entry cannot show, and where that stands."""
    notes = [] if found.row.whole is not None else [_unchecked()]
    if found.row.erased_in is not None:
        text = _("the person behind it was erased (entry {entry}); the digest is of what stood there before")
        return [text.format(entry=found.row.erased_in), *notes]
    if found.row.kind is not None and found.row.digest is not None and found.row.as_sealed is None:
        return [_("the change itself is kept no longer; the digest stays"), *notes]
    if found.row.as_sealed is False:
        return [_("what is kept is not what was sealed: it was altered afterwards"), *notes]
    return notes


def _whole(found: "Entry") -> list[str]:
    if found.row.whole is None:
        return []
    if found.broken_at is not None:
        return [_("the log is broken at entry {entry}").format(entry=found.broken_at)]
    return [_("the log is whole up to this entry")]
