"""`channelctl tier`."""

from typing import Annotated

import typer

from channelctl import options
from channelctl.i18n import _
from channelctl.report import Report, reports

app = typer.Typer()
tier_app = typer.Typer(invoke_without_command=True)
app.add_typer(tier_app, name="tier", rich_help_panel=options.DAILY)

MethodOption = Annotated[
    str,
    typer.Option(
        "--method", help=_("abc: by cumulative share. share: by the customer's own share."), metavar="abc|share"
    ),
]
BoundaryOption = Annotated[
    str | None,
    typer.Option(
        "--boundary",
        help=_("reach: A is the smallest set that reaches the cut. within: A stays below it."),
        metavar="reach|within",
    ),
]
InactiveOption = Annotated[
    bool, typer.Option("--include-inactive", help=_("Also customers without sales in the period, as C."))
]
CustomerArgument = Annotated[str, typer.Argument(metavar="CUSTOMER", help=_("A customer: code or unique name."))]


@tier_app.callback()
@reports(
    "tier",
    "channelctl.systems.tiers.rules:TierRow",
    sections={"tiers": "channelctl.systems.tiers.rules:TierSummary"},
)
@options.choosing()
def tier(
    context: typer.Context,
    *,
    method: MethodOption = "abc",
    chosen: options.Chosen,
    boundary: BoundaryOption = None,
    include_inactive: InactiveOption = False,
) -> Report | None:
    """Grade customers A, B or C by what they buy.

    Example: channelctl tier --method abc --month 2024-05
    """
    if options.handed_on(context):
        return None
    from channelctl import db
    from channelctl.systems.sales import store as sales
    from channelctl.systems.tiers import rules, screen, store

    limits = store.policy(boundary)
    rules.check_method(method)
    with db.session() as session:
        period, scope = chosen.period(store.last_date(session)), sales.scope(session, **chosen.scope)
        found = store.sales_by_customer(session, period, scope, include_inactive)
    return screen.report(method, period, scope, rules.grade(method, found.customers, limits), found, limits)


@tier_app.command("explain")
@reports(
    "tier_explain",
    "channelctl.systems.sales.rules:SourceLine",
    sections={
        "standing": "channelctl.systems.tiers.rules:Standing",
        "not_counted": "channelctl.systems.sales.rules:SourceLine",
    },
)
@options.choosing()
def explain(
    customer: CustomerArgument,
    *,
    method: MethodOption = "abc",
    chosen: options.Chosen,
    boundary: BoundaryOption = None,
    include_inactive: InactiveOption = False,
) -> Report:
    """Say why a customer has its tier, down to file, sheet and row of every sale.

    Example: channelctl tier explain C00012 --month 2024-05
    """
    from channelctl import db
    from channelctl.systems.sales import store as sales
    from channelctl.systems.tiers import rules, screen, store

    limits = store.policy(boundary)
    rules.check_method(method)
    with db.session() as session:
        period, scope = chosen.period(store.last_date(session)), sales.scope(session, **chosen.scope)
        behind = store.behind(session, customer, period, scope)
        found = store.sales_by_customer(session, period, scope, include_inactive)
    rows = rules.grade(method, found.customers, limits)
    return screen.explained(method, period, scope, rows, behind, limits, include_inactive)
