"""`channelctl batch` and `channelctl audit`."""

from typing import Annotated, Any, NamedTuple

import typer

from channelctl.columns import Col
from channelctl.i18n import _
from channelctl.options import CARE
from channelctl.report import Report, Table, reports

app = typer.Typer()
batch_app = typer.Typer(no_args_is_help=True)
audit_app = typer.Typer(no_args_is_help=True)
app.add_typer(
    batch_app, name="batch", help=_("What was imported and written, and taking it back."), rich_help_panel=CARE
)
app.add_typer(
    audit_app, name="audit", help=_("The log of who wrote what; nothing in it can be changed."), rich_help_panel=CARE
)

BatchArgument = Annotated[int, typer.Argument(metavar="BATCH", help=_("The number of a batch."))]


class AuditRow(NamedTuple):
    """An entry of the log."""

    entry: Annotated[int, Col("序号", "Entry", kind="count")]
    at: Annotated[str, Col("时间", "At")]
    user: Annotated[str, Col("用户", "User")]
    command: Annotated[str, Col("命令", "Command")]
    batch: Annotated[int, Col("批次", "Batch", kind="count")]
    action: Annotated[str, Col("动作", "Action")]
    kind: Annotated[str | None, Col("类型", "Kind")]
    record: Annotated[int | None, Col("记录", "Record", kind="count")]
    digest: Annotated[str | None, Col("摘要", "Digest", wide=True)]
    seal: Annotated[str, Col("校验码", "Seal", wide=True)]


@batch_app.command("list")
@reports("batch", "channelctl.batches:BatchRow")
def list_() -> Report:
    """List every import and every command that wrote, the latest first."""
    from channelctl import batches, db

    with db.session() as session:
        rows = batches.listed(session)
    return Report("batch", batches.BatchRow, rows, _("batches · {count}").format(count=len(rows)))


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
@reports("undo", "channelctl.batches:ContentRow")
def undo(batch: BatchArgument) -> Report:
    """Take a batch back whole, as if it had never been.

    Example: channelctl batch undo 42
    """
    from channelctl import batches, db

    with db.session(write=True) as session:
        rows = batches.undo(session, batch)
    closing = [_("batch {batch} is undone; its file can be imported again").format(batch=batch)]
    return Report("undo", batches.ContentRow, rows, _("undone: batch {batch}").format(batch=batch), closing=closing)


@audit_app.command("list")
@reports("audit", "channelctl.commands.batch:AuditRow")
def audit_list() -> Report:
    """List the log, the latest entry first."""
    from channelctl import audit, db

    with db.session() as session:
        entries: list[Any] = audit.entries(session)
        head, wrong = audit.head(session), list(audit.broken(session))
    rows = [
        AuditRow(e.id, e.at, e.user, e.command, e.batch_id, e.action, e.kind, e.record_id, e.digest, e.seal)
        for e in entries
    ]
    closing = [_("last seal: {seal}").format(seal=head)]
    if wrong:
        closing.append(_("the log is broken at entry {entry}").format(entry=wrong[0]))
    title = _("audit log · {count}").format(count=len(rows))
    return Report("audit", AuditRow, rows, title, closing=closing, exit_code=1 if wrong else 0)
