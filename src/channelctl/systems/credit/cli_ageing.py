"""`channelctl credit` ageing, overdue, dso and risk."""

from typing import Annotated

import typer

from channelctl import options
from channelctl.i18n import _
from channelctl.report import Report, reports

_ROWS = "channelctl.systems.credit.rules_ageing"
_SHAPES = [f"{_ROWS}:Ageing{count}" for count in (4, 2, 3, 5, 6, 7, 8)]
app = typer.Typer()

AsOfOption = Annotated[
    str | None, typer.Option("--as-of", metavar="DAY", help=_("As it stood at the end of that day; default: today."))
]
ByOption = Annotated[str, typer.Option("--by", metavar="customer|office|rep", help=_("What is summed up."))]
PartsOption = Annotated[
    str | None, typer.Option("--by", metavar="customer|office|rep", help=_("By these; default: all as one."))
]
BucketsOption = Annotated[
    str | None, typer.Option("--buckets", metavar="DAYS", help=_("The last days of the buckets: 30,60,90."))
]
DateOption = Annotated[
    str, typer.Option("--date", metavar="due|document", help=_("Days past the due date, or since the document's date."))
]
CustomerOption = Annotated[
    str | None, typer.Option("--customer", help=_("This customer: code or unique name."), metavar="CUSTOMER")
]
DaysOption = Annotated[int, typer.Option("--days", metavar="DAYS", min=1, max=3660, help=_("Sales of so many days."))]
CustomerArgument = Annotated[
    str | None, typer.Argument(metavar="[CUSTOMER]", help=_("A customer: code or unique name; default: all."))
]


@app.command("ageing")
@reports("credit_ageing", *_SHAPES)
def ageing(
    as_of: AsOfOption = None,
    region: options.OwnRegionOption = None,
    office: options.OwnOfficeOption = None,
    rep: options.OwnRepOption = None,
    by: ByOption = "customer",
    buckets: BucketsOption = None,
    date: DateOption = "due",
) -> Report:
    """Show what is outstanding by age: not due, 1–30, 31–60, 61–90 and more days past due, money not applied beside it.

    Example: channelctl credit ageing --as-of 2024-05-31 --by office
    """
    from channelctl import db, policy
    from channelctl.systems.credit import rules_ageing, screen_ageing, store_ageing, store_whose
    from channelctl.systems.credit.rules import CreditPolicy

    day, own = options.day_of(as_of), policy.section("credit", CreditPolicy)
    rules_ageing.chosen(by, rules_ageing.BY, "--by")
    rules_ageing.chosen(date, rules_ageing.DATES, "--date")
    ends = rules_ageing.buckets(buckets, own.buckets)
    with db.session() as session:
        whose = store_whose.whose(session, region=region, office=office, rep=rep)
        rows = store_ageing.ageing(session, day, own, ends, by, date == "due", whose)
    return screen_ageing.ageing(rows, day, ends, by, date, whose)


@app.command("overdue")
@reports("credit_overdue", f"{_ROWS}:OverdueRow")
def overdue(
    as_of: AsOfOption = None,
    region: options.OwnRegionOption = None,
    office: options.OwnOfficeOption = None,
    rep: options.OwnRepOption = None,
    customer: CustomerOption = None,
) -> Report:
    """List the documents past due with the level of reminder that they call for, the highest first.

    Example: channelctl credit overdue --as-of 2024-05-31
    """
    from channelctl import db, policy
    from channelctl.systems.credit import screen_ageing, store_ageing, store_whose
    from channelctl.systems.credit.rules import CreditPolicy

    day = options.day_of(as_of)
    with db.session() as session:
        whose = store_whose.whose(session, customer, region=region, office=office, rep=rep)
        rows = store_ageing.overdue(session, day, policy.section("credit", CreditPolicy), whose)
    return screen_ageing.overdue(rows, day, whose)


@app.command("dso")
@reports("credit_dso", "channelctl.systems.credit.rules_dso:DsoRow")
def dso(
    as_of: AsOfOption = None,
    region: options.OwnRegionOption = None,
    office: options.OwnOfficeOption = None,
    rep: options.OwnRepOption = None,
    days: DaysOption = 90,
    by: PartsOption = None,
) -> Report:
    """Show days of sales outstanding: simple, counted back by months, the best possible; and how well was collected.

    Example: channelctl credit dso --as-of 2024-05-31 --by office
    """
    from channelctl import db, policy
    from channelctl.systems.credit import rules_ageing, screen_ageing, store_ageing, store_whose
    from channelctl.systems.credit.rules import CreditPolicy

    day = options.day_of(as_of)
    if by is not None:
        rules_ageing.chosen(by, rules_ageing.BY, "--by")
    with db.session() as session:
        whose = store_whose.whose(session, region=region, office=office, rep=rep)
        rows = store_ageing.dso(session, day, policy.section("credit", CreditPolicy), days, by, whose)
    return screen_ageing.dso(rows, day, days, by, whose)


@app.command("risk")
@reports("credit_risk", "channelctl.systems.credit.rules_risk:RiskRow")
def risk(customer: CustomerArgument = None, as_of: AsOfOption = None) -> Report:
    """Show how customers have paid: which share of their documents late, and how late.

    Example: channelctl credit risk C00012
    """
    from channelctl import db, policy
    from channelctl.systems.credit import screen_ageing, store_ageing
    from channelctl.systems.credit.rules import CreditPolicy

    day, own = options.day_of(as_of), policy.section("credit", CreditPolicy)
    with db.session() as session:
        rows = store_ageing.risk(session, day, own, customer)
    return screen_ageing.risk(rows, day, own.risk_documents)
