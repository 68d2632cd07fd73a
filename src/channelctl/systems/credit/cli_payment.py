"""`channelctl payment apply` and `unapply`, and `promise list`."""

from typing import Annotated

import typer

from channelctl import options
from channelctl.errors import UsageError
from channelctl.i18n import _
from channelctl.records.cli import WordsArgument, parse
from channelctl.report import Report, reports

payments, promises = typer.Typer(), typer.Typer()

CustomerArgument = Annotated[str, typer.Argument(metavar="CUSTOMER", help=_("A customer: code or unique name."))]
PaymentArgument = Annotated[str, typer.Argument(metavar="PAYMENT", help=_("The number of a payment of it."))]
DocumentArgument = Annotated[
    str, typer.Argument(metavar="DOCUMENT", help=_("The number of a document of it that is to be paid."))
]
AmountArgument = Annotated[
    str | None, typer.Argument(metavar="[AMOUNT]", help=_("How much of the payment; default: as much as fits."))
]
FromDocumentArgument = Annotated[
    str | None, typer.Argument(metavar="[DOCUMENT]", help=_("The document it is for no more; default: every one."))
]
StateOption = Annotated[
    str | None, typer.Option("--state", metavar="open|kept|broken", help=_("Only those in this state."))
]
AsOfOption = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DAY", help=_("As it stood at the end of that day; default: today.")),
]


@payments.command("apply")
@reports("payment_apply", "channelctl.systems.credit.rules_payment:AppliedRow")
def apply(
    customer: CustomerArgument, payment: PaymentArgument, document: DocumentArgument, amount: AmountArgument = None
) -> Report:
    """Have a payment, or so much of it, be for a document; what is left goes where it went before.

    Example: channelctl payment apply C00012 HK240510 FP240401 5000
    """
    from channelctl import db
    from channelctl.records import kinds
    from channelctl.records import store as records
    from channelctl.systems.credit import screen_payment, store_payment

    wanted = records.typed(kinds()["payment"], "amount", amount) if amount is not None else None
    with db.session(write=True) as session:
        found = store_payment.apply(session, customer, payment, document, wanted, options.day_of(None))
    return screen_payment.applied(found)


@payments.command("unapply")
@reports("payment_apply", "channelctl.systems.credit.rules_payment:AppliedRow")
def unapply(customer: CustomerArgument, payment: PaymentArgument, document: FromDocumentArgument = None) -> Report:
    """Have a payment be for a document no more; without one, for none by somebody's word.

    Example: channelctl payment unapply C00012 HK240510 FP240401
    """
    from channelctl import db
    from channelctl.systems.credit import screen_payment, store_payment

    with db.session(write=True) as session:
        found = store_payment.unapply(session, customer, payment, document, options.day_of(None))
    return screen_payment.applied(found)


@promises.command("list", context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
@reports("promise_list", "channelctl.systems.credit.rules_promise:PromiseRow")
def list_(
    context: typer.Context, words: WordsArgument = None, state: StateOption = None, as_of: AsOfOption = None
) -> Report:
    """List promises with what came in for them in time: open, kept or broken.

    Example: channelctl promise list --state broken
    """
    from channelctl import db, policy
    from channelctl.records import kinds
    from channelctl.systems.credit import screen_payment, store_promise
    from channelctl.systems.credit.rules import CreditPolicy

    key, fields = parse(kinds()["promise"], [*(words or []), *context.args], blanks=True)
    if key:
        raise UsageError(_("“{word}” is not FIELD=VALUE").format(word=key[0]), _("Write it as customer=C00012"))
    with db.session() as session:
        day = options.day_of(as_of)
        own = policy.section("credit", CreditPolicy)
        rows = store_promise.promises(session, fields, state, day, own)
    return screen_payment.promises(rows, day, {**fields, "state": state})
