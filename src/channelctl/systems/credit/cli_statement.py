"""`channelctl credit` statement and statements."""

from pathlib import Path
from typing import Annotated

import typer

from channelctl import options
from channelctl.errors import UsageError
from channelctl.i18n import _
from channelctl.report import Report, reports

_ROWS = "channelctl.systems.credit.rules_statement"
_STEM = "statement"
app = typer.Typer()

CustomerArgument = Annotated[str, typer.Argument(metavar="CUSTOMER", help=_("A customer: code or unique name."))]
FromOption = Annotated[
    str | None, typer.Option("--from", metavar="MONTH|DAY", help=_("First month or day: 2024-05, 2024-05-01."))
]
ToOption = Annotated[
    str | None, typer.Option("--to", metavar="MONTH|DAY", help=_("Last month or day: 2024-05, 2024-05-31."))
]
AsOfOption = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DAY", help=_("As it stood at the end of that day; default: today.")),
]
FolderArgument = Annotated[Path, typer.Argument(metavar="FOLDER", help=_("A folder that is there, for the files."))]
AsOption = Annotated[str, typer.Option("--as", metavar="xlsx|html", help=_("Workbooks, or pages to print."))]


@app.command("statement")
@reports(
    "credit_statement",
    f"{_ROWS}:StatementRow",
    sections={"summary": f"{_ROWS}:SummaryRow", "open": f"{_ROWS}:OpenRow", "ageing": f"{_ROWS}:AgeRow"},
)
def statement(
    customer: CustomerArgument, from_: FromOption = None, to: ToOption = None, as_of: AsOfOption = None
) -> Report:
    """Show what a customer was charged and paid, with the balance after each, and what is open; for its files too.

    Example: channelctl credit statement C00012 --from 2024-05 --output 对账单.html
    """
    from channelctl import db, policy
    from channelctl.report.letters import SenderPolicy
    from channelctl.systems.credit import rules_statement, screen_statement, store_statement
    from channelctl.systems.credit.rules import CreditPolicy

    own = policy.section("credit", CreditPolicy)
    with db.session() as session:
        span = rules_statement.span(from_, to, options.day_of(as_of))
        found = store_statement.statement(session, customer, span, own, own.buckets)
    return screen_statement.statement(found, policy.section("sender", SenderPolicy))


@app.command("statements")
@reports("credit_statements", f"{_ROWS}:FileRow")
def statements(
    folder: FolderArgument,
    as_: AsOption = "xlsx",
    from_: FromOption = None,
    to: ToOption = None,
    as_of: AsOfOption = None,
) -> Report:
    """Write the statement of every customer whose balance moved, or was not 0, to a file of its own.

    Example: channelctl credit statements 对账单 --from 2024-05 --to 2024-05
    """
    from channelctl import db, policy
    from channelctl.report import files, html, xlsx
    from channelctl.report.letters import SenderPolicy
    from channelctl.systems.credit import rules_statement, screen_statement, store_statement
    from channelctl.systems.credit.rules import CreditPolicy
    from channelctl.systems.rebates.rules_statement import file_names

    if as_ not in ("xlsx", "html"):
        raise UsageError(_("“{value}” is not a form of statements").format(value=as_), "--as xlsx, --as html")
    files.check(folder / f"{_STEM}.{as_}")
    own, sender = policy.section("credit", CreditPolicy), policy.section("sender", SenderPolicy)
    with db.session() as session:
        span = rules_statement.span(from_, to, options.day_of(as_of))
        found = store_statement.statements(session, span, own, own.buckets)
    names = file_names([one.code for one in found], as_, _STEM)
    for one, name in zip(found, names, strict=True):
        report = screen_statement.statement(one, sender)
        files.write_whole(folder / name, xlsx.render(report) if as_ == "xlsx" else html.render(report).encode())
    return screen_statement.written(found, names, span)
