"""`channelctl rebate gap`, `explain` and `cost`, and `channelctl price waterfall`."""

from typing import Annotated

import typer

from channelctl import options
from channelctl.errors import UsageError
from channelctl.i18n import _
from channelctl.report import Compared, Report, reports

app = typer.Typer()

CustomerOption = Annotated[
    str | None, typer.Option("--customer", help=_("This customer: code or unique name."), metavar="CUSTOMER")
]
WithinOption = Annotated[
    float | None, typer.Option("--within", help=_("At most so many units short."), metavar="UNITS", min=0)
]
CustomerArgument = Annotated[str, typer.Argument(metavar="CUSTOMER", help=_("A customer: code or unique name."))]
PolicyArgument = Annotated[
    str | None, typer.Argument(metavar="[POLICY]", help=_("This rebate policy only: its code; default: all."))
]
ProductArgument = Annotated[str, typer.Argument(metavar="MODEL", help=_("A product: code or unique name."))]
FromOption = Annotated[str | None, typer.Option("--from", help=_("First month: 2024-01."), metavar="MONTH")]
ToOption = Annotated[str | None, typer.Option("--to", help=_("Last month: 2024-03."), metavar="MONTH")]


@app.command("gap")
@reports("rebate_gap", "channelctl.systems.rebates.rules_gap:GapRow")
def gap(
    region: options.OwnRegionOption = None,
    office: options.OwnOfficeOption = None,
    rep: options.OwnRepOption = None,
    customer: CustomerOption = None,
    within: WithinOption = None,
    as_of: options.AsOfOption = None,
) -> Report:
    """List customers short of a next break point: how far, what it is worth, and whether they get there by themselves.

    Example: channelctl rebate gap --as-of 2024-05-20 --within 100
    """
    from decimal import Decimal

    from channelctl import db
    from channelctl.period import day
    from channelctl.systems.rebates import screen_gap, store_gap

    on = day(as_of) if as_of is not None else None
    most = None if within is None else Decimal(str(within))
    with db.session() as session:
        found = store_gap.gaps(session, on, customer, most, region=region, office=office, rep=rep)
    return screen_gap.report(found, most)


@app.command("explain")
@reports(
    "rebate_explain",
    "channelctl.systems.rebates.rules_accrual:AccruedLine",
    sections={
        "rebates": "channelctl.systems.rebates.rules_explain:RebatePart",
        "breakpoints": "channelctl.systems.rebates.rules_explain:PointRow",
        "not_counted": "channelctl.systems.rebates.rules_explain:LeftOut",
    },
)
def explain(
    customer: CustomerArgument,
    policy: PolicyArgument = None,
    month: options.MonthOption = None,
    as_of: options.AsOfOption = None,
) -> Report:
    """Say why a customer has earned its rebates of a month, down to file, sheet and row of every sale.

    Example: channelctl rebate explain C00012 --month 2024-05
    """
    from channelctl import db
    from channelctl.systems.rebates import screen_explain, store_explain

    with db.session() as session:
        found = store_explain.explained(session, customer, policy, month, as_of)
    return screen_explain.report(found)


@app.command("cost")
@reports(
    "rebate",
    "channelctl.systems.rebates.rules_whatif:CostRow",
    sections={"policies": "channelctl.systems.rebates.rules_whatif:PolicyCost"},
    whatif=Compared(key=("customer_code",), names=("customer",), figures=("rebate",), sheet="rebate_rule"),
)
def cost(
    month: options.MonthOption = None,
    from_: FromOption = None,
    to: ToOption = None,
    region: options.OwnRegionOption = None,
    office: options.OwnOfficeOption = None,
    rep: options.OwnRepOption = None,
    as_of: options.AsOfOption = None,
) -> Report:
    """Say what the rebates of some months come to, by policy and customer; under other rules: channelctl whatif.

    Example: channelctl rebate cost --from 2024-04 --to 2024-05
    """
    from channelctl import db
    from channelctl.period import day
    from channelctl.systems.rebates import rules_whatif, screen_whatif, store_whatif

    if (month is None) == (from_ is None) or (to is not None and from_ is None):
        raise UsageError(
            _("the months are missing, or said twice"),
            _("--month 2024-05, or --from 2024-04 --to 2024-05"),
        )
    period = rules_whatif.months(month or from_ or "", month or to or from_ or "")
    on = day(as_of) if as_of is not None else None
    with db.session() as session:
        found = store_whatif.cost(session, period, on, region=region, office=office, rep=rep)
    return screen_whatif.report(found)


@reports("price_waterfall", "channelctl.systems.rebates.rules_waterfall:StepRow")
def waterfall(
    model: ProductArgument,
    customer: Annotated[
        str, typer.Option("--customer", help=_("The customer: code or unique name."), metavar="CUSTOMER")
    ],
    as_of: options.AsOfOption = None,
) -> Report:
    """Show what a product costs a customer a unit: list, invoice, rebates, net price, and the margin to retail.

    Example: channelctl price waterfall K520 --customer C00012 --as-of 2024-05-31
    """
    from channelctl import db
    from channelctl.period import day
    from channelctl.systems.rebates import screen_waterfall, store_waterfall

    with db.session() as session:
        found = store_waterfall.waterfall(session, model, customer, day(as_of) if as_of is not None else None)
    return screen_waterfall.report(found)


def _beside_prices() -> None:
    """Put `waterfall` among the commands of prices, which know nothing of rebates."""
    from channelctl.systems.prices.cli import price_app

    price_app.command("waterfall")(waterfall)


_beside_prices()
