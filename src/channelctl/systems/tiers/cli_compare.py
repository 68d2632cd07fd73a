"""`channelctl tier compare`."""

from typing import Annotated

import typer

from channelctl import options
from channelctl.i18n import _
from channelctl.report import Report, reports

app = typer.Typer()
_ROWS = "channelctl.systems.tiers.rules_compare"

FirstArgument = Annotated[
    str, typer.Argument(metavar="FIRST", help=_("abc, share, rfm or curve; abc:reach or abc:within by boundary."))
]
SecondArgument = Annotated[str, typer.Argument(metavar="SECOND", help=_("Another one."))]
MeasureOption = Annotated[
    str, typer.Option("--measure", help=_("What is counted; not for rfm."), metavar="amount|quantity|profit")
]
ByOption = Annotated[
    str, typer.Option("--by", help=_("What is graded; not for rfm."), metavar="customer|product|rep|office|region")
]
InactiveOption = Annotated[
    bool, typer.Option("--include-inactive", help=_("Also customers without sales in the period, as C."))
]


@app.command("compare")
@reports(
    "tier_compare",
    f"{_ROWS}:DifferingRow",
    f"{_ROWS}:DifferingByRow",
    sections={"counts": (f"{_ROWS}:CountRow", f"{_ROWS}:CountByRow")},
    engine=True,
)
@options.choosing()
def compare(
    first: FirstArgument,
    second: SecondArgument,
    *,
    measure: MeasureOption = "amount",
    by: ByOption = "customer",
    chosen: options.Chosen,
    include_inactive: InactiveOption = False,
) -> Report:
    """List the customers that two methods, or two boundaries, grade differently.

    Example: channelctl tier compare abc share --month 2024-05
    """
    from channelctl import db
    from channelctl.systems.sales import store as sales
    from channelctl.systems.tiers import rules, rules_compare, rules_measures, screen_compare, store, store_measures

    ways = rules_compare.way(first), rules_compare.way(second)
    method = "rfm" if any(way.method == "rfm" for way in ways) else "abc"
    rules_measures.check(method, measure, by, include_inactive, False)
    limits = store.policy()
    with db.session() as session:
        period, scope = chosen.period(store.last_date(session)), sales.scope(session, **chosen.scope)
        if not rules_measures.is_plain(measure, by):
            sold = store_measures.measured_by(session, by, period, scope, include_inactive)
            one, other = (rules_measures.graded(way.method, sold.entries, measure, way.policy(limits)) for way in ways)
            return screen_compare.report_by(ways, (one, other), measure, by, period, scope, sold)
        found = store.sales_by_customer(session, period, scope, include_inactive, method)
    one, other = (rules.grade(way.method, found.customers, way.policy(limits)) for way in ways)
    return screen_compare.report(ways, (one, other), period, scope, found)
