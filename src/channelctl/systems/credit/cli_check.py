"""`channelctl credit` status, check, hold and release."""

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
        "credit_hold",
        "channelctl.systems.credit.sheets:CreditHoldRow",
        _(
            "Fields: customer, since, until, reason. Example: C00012 2024-06-01 reason=回款逾期; with until= it ends by"
            " itself"
        ),
    ),
    name="hold",
    help=_("Deliveries stopped by hand, customer by customer."),
)

_STATUS = "channelctl.systems.credit.rules_status"
_RELEASE = "channelctl.systems.credit.rules_release:ReleaseRow"
CustomerArgument = Annotated[str, typer.Argument(metavar="CUSTOMER", help=_("A customer: code or unique name."))]
OneArgument = Annotated[
    str | None, typer.Argument(metavar="[CUSTOMER]", help=_("Only this customer: code or unique name."))
]
AmountArgument = Annotated[str, typer.Argument(metavar="AMOUNT", help=_("What the goods come to, with tax."))]
AsOfOption = Annotated[
    str | None, typer.Option("--as-of", metavar="DAY", help=_("As it stood at the end of that day; default: today."))
]
UseOption = Annotated[
    str | None, typer.Option("--release", metavar="NUMBER", help=_("What would be held goes by this release, once."))
]
DocumentOption = Annotated[
    str | None, typer.Option("--document", metavar="NUMBER", help=_("The delivery that a release is used for."))
]
UntilOption = Annotated[str, typer.Option("--until", metavar="DAY", help=_("The last day on which it serves."))]
ReasonOption = Annotated[str, typer.Option("--reason", metavar="TEXT", help=_("Why."))]


@app.command("status")
@reports("credit_status", f"{_STATUS}:StatusRow", sections={"pools": f"{_STATUS}:PoolRow"})
def status(
    customer: OneArgument = None,
    *,
    region: options.OwnRegionOption = None,
    office: options.OwnOfficeOption = None,
    rep: options.OwnRepOption = None,
    as_of: AsOfOption = None,
) -> Report:
    """List who owes how much of which limit, what is left, what is overdue and who is blocked; or show one customer.

    Example: channelctl credit status C00012
    """
    from channelctl import db
    from channelctl.systems.credit import screen_check, store_exposure, store_whose

    with db.session() as session:
        whose = store_whose.whose(session, customer, region=region, office=office, rep=rep)
        found = store_exposure.listed(session, options.day_of(as_of), whose)
    return screen_check.status(found)


@app.command("check")
@reports("credit_check", f"{_STATUS}:CheckRow")
def check(
    customer: CustomerArgument,
    amount: AmountArgument,
    *,
    as_of: AsOfOption = None,
    release: UseOption = None,
    document: DocumentOption = None,
) -> Report:
    """Say whether goods for so much may be delivered on credit: pass, warn or hold, which ends with exit code 1.

    Example: channelctl credit check C00012 50000
    """
    from channelctl import db
    from channelctl.systems.credit import screen_check, store_exposure, store_release

    if release is None and document is not None:
        raise UsageError(_("--document says what a release is used for"), _("Give it with --release NUMBER."))
    if release is not None and as_of is not None:
        raise UsageError(_("a release is used today, on no other day"), _("Leave --as-of out."))
    with db.session(write=release is not None) as session:
        day, more = options.day_of(as_of), store_exposure.amount(amount)
        if release is None:
            found = store_release.checked(session, day, customer, more)
        else:
            found = store_release.served(session, day, customer, more, release, document)
    return screen_check.check(found, day)


@app.command("release")
@reports("credit_release", _RELEASE)
def release(customer: CustomerArgument, amount: AmountArgument, *, until: UntilOption, reason: ReasonOption) -> Report:
    """Let one delivery through in spite of a hold, in your own name and within what your role may grant; once.

    Example: channelctl credit release C00012 50000 --until 2024-06-10 --reason 回款在途
    """
    from channelctl import db, period
    from channelctl.systems.credit import screen_check, store_exposure, store_release
    from channelctl.systems.credit.rules_release import Asked

    last = period.day(until)
    with db.session(write=True) as session:
        asked = Asked(store_exposure.amount(amount), last, reason)
        done = store_release.release(session, options.day_of(None), customer, asked)
    return screen_check.given(done)


@app.command("releases")
@reports("credit_releases", _RELEASE)
def releases(customer: OneArgument = None, *, as_of: AsOfOption = None) -> Report:
    """List the releases: unused, used or expired, by whom and what for.

    Example: channelctl credit releases
    """
    from channelctl import db
    from channelctl.systems.credit import screen_check, store_exposure, store_release

    with db.session() as session:
        day = options.day_of(as_of)
        who = None if customer is None else store_exposure.named(session, customer)
        rows = store_release.releases(session, day, None if who is None else who.code)
    return screen_check.releases(rows, day, who)
