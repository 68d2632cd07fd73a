"""`channelctl credit` writeoff, recover and liability."""

from typing import Annotated

import typer

from channelctl import options
from channelctl.i18n import _
from channelctl.records.cli import noun
from channelctl.report import Report, reports

_ROWS, _SHEETS = "channelctl.systems.credit.rules_loss", "channelctl.systems.credit.sheets_limits"
app = typer.Typer()
app.add_typer(
    noun("credit_writeoff", f"{_SHEETS}:CreditWriteoffRow"), name="writeoffs", help=_("Debts given up, as records.")
)
app.add_typer(
    noun("credit_recovery", f"{_SHEETS}:CreditRecoveryRow"),
    name="recovery",
    help=_("What came in for debts given up, as records."),
)

CustomerArgument = Annotated[str, typer.Argument(metavar="CUSTOMER", help=_("A customer: code or unique name."))]
AmountArgument = Annotated[str, typer.Argument(metavar="AMOUNT", help=_("How much of its debt is given up."))]
CameArgument = Annotated[str, typer.Argument(metavar="AMOUNT", help=_("How much came in."))]
WriteoffArgument = Annotated[str, typer.Argument(metavar="WRITEOFF", help=_("The number of the write-off."))]
DocumentOption = Annotated[
    str | None,
    typer.Option("--document", metavar="NUMBER", help=_("The document it is of; default: what is due first.")),
]
HandlerOption = Annotated[str, typer.Option("--handler", metavar="NAME", help=_("Who sold on credit."))]
ApproverOption = Annotated[
    str | None,
    typer.Option("--approver", metavar="NAME", help=_("Who approved the credit; default: whoever approved the limit.")),
]
ReasonOption = Annotated[str, typer.Option("--reason", metavar="TEXT", help=_("Why it is given up."))]
OnOption = Annotated[str | None, typer.Option("--on", metavar="DAY", help=_("On which day; default: today."))]
RemarkOption = Annotated[str | None, typer.Option("--remark", metavar="TEXT", help=_("What there is to say of it."))]
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


@app.command("writeoff")
@reports("credit_writeoff_made", f"{_ROWS}:WriteoffRow")
def writeoff(
    customer: CustomerArgument,
    amount: AmountArgument,
    handler: HandlerOption,
    reason: ReasonOption,
    document: DocumentOption = None,
    approver: ApproverOption = None,
    on: OnOption = None,
) -> Report:
    """Give a debt up: it counts as paid from that day on, and as lost.

    Example: channelctl credit writeoff C00012 8000 --document FP240101 --handler 王伟 --reason 破产
    """
    from channelctl import db
    from channelctl.systems.credit import screen_loss, store_loss

    day, today = options.day_of(on), options.day_of(None)
    given = store_loss.Given(customer, amount, document, handler, approver, reason, day, today)
    with db.session(write=True) as session:
        row = store_loss.write_off(session, given)
    return screen_loss.written_off(row)


@app.command("recover")
@reports("credit_writeoff_made", f"{_ROWS}:WriteoffRow")
def recover(
    number: WriteoffArgument, amount: CameArgument, on: OnOption = None, remark: RemarkOption = None
) -> Report:  # fmt: skip
    """Keep that money came in for a debt given up: the loss is less by it.

    Example: channelctl credit recover HX20240603-1 3000
    """
    from channelctl import db
    from channelctl.systems.credit import screen_loss, store_loss

    day, today = options.day_of(on), options.day_of(None)
    with db.session(write=True) as session:
        row = store_loss.recover(session, number, amount, day, remark, today)
    return screen_loss.written_off(row)


@app.command("liability")
@reports("credit_liability", f"{_ROWS}:LossRow", sections={"persons": f"{_ROWS}:PersonRow"})
def liability(from_: FromOption = None, to: ToOption = None, as_of: AsOfOption = None) -> Report:
    """Say who answers for the debts given up: handler, approver or the company, inside and beyond the limit.

    Example: channelctl credit liability --from 2024-01 --to 2024-12
    """
    from channelctl import db, policy
    from channelctl.systems.credit import rules_statement, screen_loss, store_loss
    from channelctl.systems.credit.rules import CreditPolicy

    own = policy.section("credit", CreditPolicy)
    with db.session() as session:
        day = options.day_of(as_of)
        span = rules_statement.span(from_, to, day)
        rows = store_loss.liability(session, span.first, span.last, day, own)
    return screen_loss.liability(rows, span.first, span.last, day)
