"""`channelctl credit`, `receivable`, `payment`, `open-order` and `promise`."""

import typer

from channelctl import options
from channelctl.i18n import _
from channelctl.systems.credit import cli_ageing, cli_check, cli_ledger, cli_limit, cli_loss, cli_statement

app = typer.Typer()
credit_app = typer.Typer(no_args_is_help=True)
for part in (cli_check, cli_limit, cli_ageing, cli_statement, cli_loss):
    credit_app.add_typer(part.app)
app.add_typer(
    credit_app,
    name="credit",
    help=_("Credit: who may buy on it, for how much, what is open, how old it is, and what is lost."),
    rich_help_panel=options.DAILY,
)
app.add_typer(cli_ledger.app)
