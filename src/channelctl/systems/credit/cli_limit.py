"""`channelctl credit` investigate, apply, approve, refuse, history, suggest and limit."""

from typing import Annotated

import typer

from channelctl import options
from channelctl.errors import UsageError
from channelctl.i18n import _
from channelctl.records.cli import noun
from channelctl.report import Report, reports

_RULES = "channelctl.systems.credit.rules_apply"
_SHEETS = "channelctl.systems.credit.sheets_limits"
_OF_LIMITS, _NOT_TYPED = ("list", "find", "remove"), ("add",)

app = typer.Typer()
limit_app = noun("credit_limit", f"{_SHEETS}:CreditLimitRow")
limit_app.registered_commands = [one for one in limit_app.registered_commands if one.name in _OF_LIMITS]
app.add_typer(limit_app, name="limit", help=_("Limits and terms there are and were; only applications change them."))
app.add_typer(
    noun("credit_investigation", f"{_SHEETS}:CreditInvestigationRow"),
    name="investigation",
    help=_("Surveys of customers' credit, as records."),
)
application_app = noun("credit_application", f"{_SHEETS}:CreditApplicationRow")
application_app.registered_commands = [
    one for one in application_app.registered_commands if one.name not in _NOT_TYPED
]  # fmt: skip
app.add_typer(application_app, name="application", help=_("Applications for credit, to correct or withdraw."))

CustomerArgument = Annotated[str, typer.Argument(metavar="CUSTOMER", help=_("A customer: code or unique name."))]
AnyArgument = Annotated[
    str | None, typer.Argument(metavar="[CUSTOMER]", help=_("This customer: code or unique name; default: all."))
]
OfficeOption = Annotated[str | None, typer.Option("--office", metavar="OFFICE", help=_("The customers of an office."))]
NumberArgument = Annotated[str, typer.Argument(metavar="NUMBER", help=_("The number of an application."))]


@limit_app.command("show")
@reports("credit_limit", f"{_SHEETS}:CreditLimitRow")
def show(
    customer: CustomerArgument,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DAY", help=_("The limit in force on that day; default: today."))
    ] = None,
) -> Report:
    """Show every limit that a customer has had, and which is in force.

    Example: channelctl credit limit show C00001
    """
    from channelctl import db, policy
    from channelctl.records import kinds, store
    from channelctl.systems.credit import screen_limit, store_limit
    from channelctl.systems.credit.rules import CreditPolicy
    from channelctl.systems.customers.store_own import own_customer

    day, kind = options.day_of(as_of), kinds()["credit_limit"]
    with db.session() as session:
        id_ = own_customer(session, customer)
        _id, one = store.one(session, kinds()["customer"], [customer])
        rows = store.filtered(session, kind, {"customer": customer})
        now = store_limit.limits(session, day, [id_]).get(id_)
    terms = policy.section("credit", CreditPolicy).terms
    return screen_limit.limits(rows, kind.row, f"{one.code} {one.name}", now, day, terms)


@app.command("investigate", context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
@reports("credit_investigate", f"{_RULES}:SurveyRow")
def investigate(
    context: typer.Context,
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="CUSTOMER [FIELD=VALUE]...",
            help=_("The customer, and what was found: ownership, staff, payment_record, opinion …"),
        ),
    ],
) -> Report:
    """Add a survey of a customer's credit, and say how complete it is and what it lacks.

    Example: channelctl credit investigate C00012 ownership=私营 staff=25 payment_record=良好
    """
    from channelctl import db
    from channelctl.records import kinds
    from channelctl.records.cli import parse
    from channelctl.systems.credit import screen_limit, store_apply

    key, fields = parse(kinds()["credit_investigation"], [*words, *context.args])
    if len(key) != 1:
        text = _("one customer is investigated at a time, not: {words}") if key else _("no customer is named")
        raise UsageError(text.format(words=" ".join(key)), _("channelctl credit investigate CUSTOMER FIELD=VALUE"))
    with db.session(write=True) as session:
        given = {name: value or "" for name, value in fields.items()}
        done = store_apply.investigate(session, key[0], given, options.day_of(None))
    return screen_limit.surveyed(done)


@app.command("apply")
@reports("credit_apply", f"{_RULES}:AppliedRow")
def apply(
    customer: CustomerArgument,
    amount: Annotated[str, typer.Argument(metavar="AMOUNT", help=_("The limit, in all; 0 is cash only."))],
    terms: Annotated[
        str | None, typer.Option("--terms", help=_("30, 月结30天, 次月25日 …; default: as they are."), metavar="TERMS")
    ] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="DAY", help=_("The last day of the limit."))] = None,
    pooled: Annotated[
        bool | None, typer.Option("--pooled/--not-pooled", help=_("It covers all customers below it too."))
    ] = None,
    reason: Annotated[str | None, typer.Option("--reason", metavar="TEXT", help=_("Why."))] = None,
    investigation: Annotated[
        str | None,
        typer.Option("--investigation", metavar="NUMBER", help=_("The survey it stands on; default: the latest.")),
    ] = None,
) -> Report:
    """Apply for a limit of a customer, on a fresh investigation; somebody else decides it.

    Example: channelctl credit apply C00012 500000 --terms 30 --until 2025-05-31 --reason 旺季备货
    """
    from channelctl import db
    from channelctl.period import day
    from channelctl.systems.credit import screen_limit, store_apply

    last = day(until) if until is not None else None
    asked = store_apply.Asked(amount, terms, last, pooled, reason, investigation)
    with db.session(write=True) as session:
        done = store_apply.apply(session, customer, asked, options.day_of(None))
    return screen_limit.applied(done)


@app.command("approve")
@reports("credit_decide", f"{_RULES}:DecidedRow")
def approve(
    number: NumberArgument,
    amount: Annotated[str | None, typer.Option("--amount", metavar="AMOUNT", help=_("Grant only so much."))] = None,
    reason: Annotated[str | None, typer.Option("--reason", metavar="TEXT", help=_("Why."))] = None,
) -> Report:
    """Grant what was applied for, from today on: by somebody else, within the authority of the role that he has.

    Example: channelctl credit approve SQ240520-1 --amount 300000
    """
    from channelctl import db
    from channelctl.systems.credit import screen_limit, store_apply

    with db.session(write=True) as session:
        done = store_apply.approve(session, number, amount, reason, options.day_of(None))
    return screen_limit.decided(done)


@app.command("refuse")
@reports("credit_decide", f"{_RULES}:DecidedRow")
def refuse(
    number: NumberArgument,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help=_("Why not."))],
) -> Report:
    """Refuse an application; the limit in force goes on.

    Example: channelctl credit refuse SQ240520-1 --reason 逾期未清
    """
    from channelctl import db
    from channelctl.systems.credit import screen_limit, store_apply

    with db.session(write=True) as session:
        done = store_apply.refuse(session, number, reason, options.day_of(None))
    return screen_limit.decided(done)


@app.command("history")
@reports("credit_history", f"{_RULES}:HistoryRow", known=True)
def history(customer: AnyArgument = None) -> Report:
    """List every opening limit, application and decision: the day, by whom and why.

    Example: channelctl credit history C00012
    """
    from channelctl import db
    from channelctl.records import kinds, store
    from channelctl.systems.credit import screen_limit, store_history
    from channelctl.systems.customers.store_own import own_customer

    with db.session() as session:
        id_, whose = None, None
        if customer is not None:
            id_ = own_customer(session, customer)
            _id, one = store.one(session, kinds()["customer"], [customer])
            whose = f"{one.code} {one.name}"
        rows = store_history.history(session, id_)
    return screen_limit.history(rows, whose)


@app.command("suggest")
@reports("credit_suggest", "channelctl.systems.credit.rules_suggest:SuggestRow")
def suggest(
    customer: AnyArgument = None,
    office: OfficeOption = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DAY", help=_("The whole months up to that day; default: today."))
    ] = None,
) -> Report:
    """Work out limits: the mean month with tax × days of the terms / 30 × how the customer has paid so far.

    Example: channelctl credit suggest C00012 --as-of 2024-05-31
    """
    from channelctl import db
    from channelctl.systems.credit import screen_limit, store_suggest

    if customer is not None and office is not None:
        raise UsageError(_("CUSTOMER and --office both say whose limit it is"), _("Give one of them."))
    day = options.day_of(as_of)
    with db.session() as session:
        found = store_suggest.suggest(session, day, customer, office)
    return screen_limit.suggested(found, day)
