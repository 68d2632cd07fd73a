"""`channelctl receivable`, `payment`, `open-order` and `promise`."""

import typer

from channelctl import options
from channelctl.i18n import _
from channelctl.records.cli import noun
from channelctl.systems.credit import cli_payment

_ROWS = "channelctl.systems.credit.sheets_ledger"
app = typer.Typer()
payment_app = noun("payment", f"{_ROWS}:PaymentRow")
promise_app = noun("promise", f"{_ROWS}:PromiseRow")

payment_app.add_typer(cli_payment.payments)
promise_app.add_typer(cli_payment.promises)
payment_app.add_typer(
    noun("payment_application", f"{_ROWS}:ApplicationRow"),
    name="application",
    help=_("Which payment is for which document by somebody's word, as records."),
)
app.add_typer(
    noun("receivable", "channelctl.systems.credit.sheets_receivable:ReceivableRow"),
    name="receivable",
    help=_("Invoices, opening balances and credit notes."),
    rich_help_panel=options.RECORDS,
)
app.add_typer(payment_app, name="payment", help=_("Payments, and what they are for."), rich_help_panel=options.RECORDS)
app.add_typer(
    noun("open_order", f"{_ROWS}:OpenOrderRow"),
    name="open-order",
    help=_("Orders still to be delivered."),
    rich_help_panel=options.RECORDS,
)
app.add_typer(promise_app, name="promise", help=_("Promises to pay."), rich_help_panel=options.RECORDS)
