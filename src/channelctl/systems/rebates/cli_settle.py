"""`channelctl rebate settle`, `payout`, `history`, `statement` and `statements`."""

from pathlib import Path
from typing import Annotated

import typer

from channelctl import options
from channelctl.errors import UsageError
from channelctl.i18n import _
from channelctl.records.cli import noun
from channelctl.report import Report, reports

app = typer.Typer()
app.add_typer(
    noun(
        "rebate_payout",
        "channelctl.systems.rebates.sheets:RebatePayoutRow",
        _(
            "Fields: date, customer, amount, form (credit note, goods, offset), state (planned, issued, done, void),"
            " reference, remark. Example: FL240601 date=2024-06-20 customer=C00001 amount=8000 form=goods state=planned"
        ),
    ),
    name="payout",
    help=_("Payouts of settled rebates: credit note, goods or offset."),
)

CustomerArgument = Annotated[str, typer.Argument(metavar="CUSTOMER", help=_("A customer: code or unique name."))]
CustomerOption = Annotated[
    str | None, typer.Option("--customer", metavar="CUSTOMER", help=_("What was settled for this customer."))
]
MonthOption = Annotated[str, typer.Option("--month", metavar="MONTH", help=_("The month to settle: 2024-05."))]
ThroughOption = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DAY", help=_("Sales to that day; before the month's end it is an interim one.")),
]
FromOption = Annotated[str | None, typer.Option("--from", help=_("First month: 2024-01."), metavar="MONTH")]
ToOption = Annotated[str | None, typer.Option("--to", help=_("Last month: 2024-05."), metavar="MONTH")]
FolderArgument = Annotated[Path, typer.Argument(metavar="FOLDER", help=_("A folder that is there, for the files."))]
AsOption = Annotated[str, typer.Option("--as", metavar="xlsx|html", help=_("Workbooks, or pages to print."))]
ForceOption = Annotated[bool, typer.Option("--force", help=_("Also a month without sales in its last days."))]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help=_("Say what would be written, and write nothing."))]


@app.command("settle")
@reports(
    "rebate_settle",
    "channelctl.systems.rebates.rules_settle:CustomerRow",
    sections={"lines": "channelctl.systems.rebates.rules_settle:LineRow"},
)
def settle(
    month: MonthOption, through: ThroughOption = None, dry_run: DryRunOption = False, force: ForceOption = False
) -> Report:
    """Settle a month's rebates: what was earned less what was settled before, late changes of earlier months included.

    Example: channelctl rebate settle --month 2024-05
    """
    from channelctl import db
    from channelctl.systems.rebates import screen_settle, store_settle

    day, today = options.day_of(through), options.day_of(None)
    with db.session(write=not dry_run) as session:
        found = store_settle.settle(session, month, day, today, write=not dry_run, force=force)
    return screen_settle.settled(found, dry_run)


@app.command("history")
@reports("rebate_history", "channelctl.systems.rebates.rules_statement:HistoryRow", known=True)
def history(customer: CustomerOption = None) -> Report:
    """List the settlements there were: what each came to, for which windows, and who made it.

    Example: channelctl rebate history --customer C00012
    """
    from channelctl import db
    from channelctl.systems.rebates import screen_settle, store_statement

    with db.session() as session:
        found = store_statement.history(session, customer)
    return screen_settle.history(found)


@app.command("balances")
@reports("rebate_balances", "channelctl.systems.rebates.rules_statement:BalanceRow", known=True)
def balances() -> Report:
    """List what was settled for each customer, what of it is planned or paid out, and what is left.

    Example: channelctl rebate balances --output 余额.xlsx
    """
    from channelctl import db
    from channelctl.systems.rebates import screen_statement, store_statement

    with db.session() as session:
        found = store_statement.balances(session)
    return screen_statement.balances(found)


@app.command("statement")
@reports(
    "rebate_statement",
    "channelctl.systems.rebates.rules_statement:StatementRow",
    sections={
        "summary": "channelctl.systems.rebates.rules_statement:SummaryRow",
        "payouts": "channelctl.systems.rebates.rules_statement:PaidRow",
    },
    known=True,
)
def statement(customer: CustomerArgument, from_: FromOption = None, to: ToOption = None) -> Report:
    """Show what was settled and paid out for a customer, from the opening to the closing balance; for its files too.

    Example: channelctl rebate statement C00012 --output 对账单.xlsx
    """
    from channelctl import db, policy
    from channelctl.report.letters import SenderPolicy
    from channelctl.systems.rebates import rules_statement, screen_statement, store_statement

    span = rules_statement.span(from_, to)
    with db.session() as session:
        found = store_statement.statement(session, customer, span)
    return screen_statement.statement(found, policy.section("sender", SenderPolicy))


@app.command("statements")
@reports("rebate_statements", "channelctl.systems.rebates.rules_statement:FileRow", known=True)
def statements(folder: FolderArgument, as_: AsOption = "xlsx", from_: FromOption = None, to: ToOption = None) -> Report:
    """Write the statement of every customer with a settlement or payout to a file of its own.

    Example: channelctl rebate statements 对账单 --from 2024-05 --to 2024-05
    """
    from channelctl import db, policy
    from channelctl.report import files, html, xlsx
    from channelctl.report.letters import SenderPolicy
    from channelctl.systems.rebates import rules_statement, screen_statement, store_statement

    if as_ not in ("xlsx", "html"):
        raise UsageError(_("“{value}” is not a form of statements").format(value=as_), "--as xlsx, --as html")
    files.check(folder / f"rebates.{as_}")
    span = rules_statement.span(from_, to)
    with db.session() as session:
        found = store_statement.statements(session, span)
    names = rules_statement.file_names([one.code for one in found], as_)
    sender = policy.section("sender", SenderPolicy)
    for one, name in zip(found, names, strict=True):
        report = screen_statement.statement(one, sender)
        files.write_whole(folder / name, xlsx.render(report) if as_ == "xlsx" else html.render(report).encode())
    return screen_statement.written(found, names, span)
