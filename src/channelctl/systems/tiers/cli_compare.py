"""`channelctl tier compare`."""

from typing import Annotated

import typer

from channelctl import options
from channelctl.i18n import _
from channelctl.report import Report, reports

app = typer.Typer()

FirstArgument = Annotated[
    str, typer.Argument(metavar="FIRST", help=_("abc, share, rfm or curve; abc:reach or abc:within by boundary."))
]
SecondArgument = Annotated[str, typer.Argument(metavar="SECOND", help=_("Another one."))]
InactiveOption = Annotated[
    bool, typer.Option("--include-inactive", help=_("Also customers without sales in the period, as C."))
]


@app.command("compare")
@reports(
    "tier_compare",
    "channelctl.systems.tiers.rules_compare:DifferingRow",
    sections={"counts": "channelctl.systems.tiers.rules_compare:CountRow"},
)
def compare(
    first: FirstArgument,
    second: SecondArgument,
    month: options.MonthOption = None,
    quarter: options.QuarterOption = None,
    year: options.YearOption = None,
    from_: options.FromOption = None,
    to: options.ToOption = None,
    all_time: options.AllTimeOption = False,
    as_of: options.AsOfOption = None,
    region: options.RegionOption = None,
    office: options.OfficeOption = None,
    rep: options.RepOption = None,
    channel: options.ChannelOption = None,
    product: options.ProductOption = None,
    industry: options.IndustryOption = None,
    include_inactive: InactiveOption = False,
) -> Report:
    """List the customers that two methods, or two boundaries, grade differently.

    Example: channelctl tier compare abc share --month 2024-05
    """
    from channelctl import db
    from channelctl.systems.sales import store as sales
    from channelctl.systems.tiers import rules, rules_compare, screen_compare, store

    ways = rules_compare.way(first), rules_compare.way(second)
    limits = store.policy()
    with db.session() as session:
        period = options.period_of(
            store.last_date(session),
            month=month,
            quarter=quarter,
            year=year,
            start=from_,
            end=to,
            all_time=all_time,
            as_of=as_of,
        )
        scope = sales.scope(
            session, region=region, office=office, rep=rep, channel=channel, product=product, industry=industry
        )
        method = "rfm" if any(way.method == "rfm" for way in ways) else "abc"
        found = store.sales_by_customer(session, period, scope, include_inactive, method)
    one, other = (rules.grade(way.method, found.customers, way.policy(limits)) for way in ways)
    return screen_compare.report(ways, (one, other), period, scope, found)
