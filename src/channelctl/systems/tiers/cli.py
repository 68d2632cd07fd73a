"""`channelctl tier`."""

from typing import Annotated

import typer

from channelctl import options
from channelctl.i18n import _
from channelctl.report import Compared, Report, reports
from channelctl.systems.tiers import cli_compare, cli_history
from channelctl.systems.tiers.cli_compare import ByOption, MeasureOption

app = typer.Typer()
tier_app = typer.Typer(invoke_without_command=True)
tier_app.add_typer(cli_compare.app)
tier_app.add_typer(cli_history.app)
app.add_typer(tier_app, name="tier", rich_help_panel=options.DAILY)

MethodOption = Annotated[
    str,
    typer.Option(
        "--method",
        help=_(
            "abc: by cumulative share. share: by the customer's own share. rfm: by when, how often and for how much it "
            "bought. curve: where the curve of sales bends."
        ),
        metavar="abc|share|rfm|curve",
    ),
]
RaiseOption = Annotated[
    bool,
    typer.Option(
        "--raise-by-share", help=_("By abc and curve: at least the tier that the customer's own share gives it.")
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
ApplyOption = Annotated[bool, typer.Option("--apply", help=_("Keep these tiers: they hold from now on."))]
CustomerArgument = Annotated[
    str, typer.Argument(metavar="CUSTOMER", help=_("A customer, or what --by says: code or unique name."))
]


_GRADED = Compared(
    key=("customer_code",), names=("customer",), shown=("tier",), figures=("net_sales",), without=("apply",)
)
_SCORED = Compared(
    key=("customer_code",), names=("customer",), shown=("tier", "segment"), figures=("net_sales",), without=("apply",)
)
_MEASURED = Compared(key=("code",), names=("name",), shown=("tier",), figures=("net_sales",), without=("apply",))


@tier_app.callback()
@reports(
    "tier",
    "channelctl.systems.tiers.rules:TierRow",
    "channelctl.systems.tiers.rules_rfm:RfmRow",
    "channelctl.systems.tiers.rules_measures:MeasuredRow",
    "channelctl.systems.tiers.rules_known:KnownTierRow",
    "channelctl.systems.tiers.rules_known:KnownRfmRow",
    "channelctl.systems.tiers.rules_known:KnownMeasuredRow",
    sections={
        "segments": "channelctl.systems.tiers.rules_rfm:SegmentSummary",
        "curve": "channelctl.systems.tiers.rules_curve:CurvePoint",
    },
    engine=True,
    whatif=(
        _GRADED,
        _SCORED,
        _MEASURED,
        _GRADED,
        _SCORED,
        _MEASURED,
    ),
)
@options.choosing()
def tier(
    context: typer.Context,
    *,
    method: MethodOption = "abc",
    measure: MeasureOption = "amount",
    by: ByOption = "customer",
    chosen: options.Chosen,
    boundary: BoundaryOption = None,
    raise_by_share: RaiseOption = False,
    include_inactive: InactiveOption = False,
    apply: ApplyOption = False,
) -> Report | None:
    """Grade customers A, B or C by what they buy; also products, reps, offices or regions.

    Example: channelctl tier --method abc --month 2024-05
    """
    if options.handed_on(context):
        return None
    from channelctl import db, records
    from channelctl.systems.sales import store as sales
    from channelctl.systems.tiers import (
        rules,
        rules_measures,
        screen,
        screen_history,
        screen_measures,
        screen_rfm,
        store,
        store_history,
        store_measures,
    )

    limits = store.policy(boundary, method, raise_by_share)
    rules_measures.check(method, measure, by, include_inactive, apply)
    with db.session(write=apply) as session:
        period, scope = chosen.period(store.last_date(session)), sales.scope(session, **chosen.scope)
        if not rules_measures.is_plain(measure, by):
            sold = store_measures.measured_by(session, by, period, scope, include_inactive)
            rows = rules_measures.graded(method, sold.entries, measure, limits)
            told = records.told(session, options.day_of(chosen.as_of)) if by == rules_measures.CUSTOMER else {}
            report = screen_measures.report(method, measure, by, period, scope, rows, sold, limits)
            return screen_history.known_for(report, {code: one.mark for code, one in told.items()})
        found = store.sales_by_customer(session, period, scope, include_inactive or apply, method)
        rows = rules.grade(method, found.customers, limits)
        marks = store_history.marks_on(session, options.day_of(chosen.as_of))
        told = records.told(session, options.day_of(chosen.as_of))
        done = store_history.apply(session, method, period, scope.params(), rows, limits) if apply else None
    listed = rows if include_inactive else [row for row in rows if row.reason != rules.NO_SALES]
    if method == "rfm":
        report = screen_rfm.report(period, scope, listed, found, limits)
    else:
        report = screen.report(method, period, scope, listed, found, limits)
    report = screen_history.beside(report, marks)
    report = screen_history.known_for(report, {code: one.mark for code, one in told.items()})
    return report if done is None else screen_history.applied(report, done, limits)


@tier_app.command("explain")
@reports(
    "tier_explain",
    "channelctl.systems.sales.rules:SourceLine",
    sections={
        "standing": (
            "channelctl.systems.tiers.rules:Standing",
            "channelctl.systems.tiers.rules_measures:MeasuredStanding",
        ),
        "not_counted": "channelctl.systems.sales.rules:SourceLine",
    },
    engine=True,
)
@options.choosing()
def explain(
    customer: CustomerArgument,
    *,
    method: MethodOption = "abc",
    measure: MeasureOption = "amount",
    by: ByOption = "customer",
    chosen: options.Chosen,
    boundary: BoundaryOption = None,
    raise_by_share: RaiseOption = False,
    include_inactive: InactiveOption = False,
) -> Report:
    """Say why a customer has its tier, down to file, sheet and row of every sale; with --by a product, rep, office …

    Example: channelctl tier explain C00012 --month 2024-05
    """
    from channelctl import db
    from channelctl.systems.sales import store as sales
    from channelctl.systems.tiers import rules, rules_measures, screen, screen_measures, store, store_measures

    limits = store.policy(boundary, method, raise_by_share)
    rules_measures.check(method, measure, by, include_inactive, False)
    with db.session() as session:
        period, scope = chosen.period(store.last_date(session)), sales.scope(session, **chosen.scope)
        if not rules_measures.is_plain(measure, by):
            own = store_measures.behind(session, by, customer, period, scope)
            sold = store_measures.measured_by(session, by, period, scope, include_inactive)
            rows = rules_measures.graded(method, sold.entries, measure, limits)
            return screen_measures.explained(method, measure, by, period, scope, rows, own, sold, limits)
        behind = store.behind(session, customer, period, scope)
        found = store.sales_by_customer(session, period, scope, include_inactive, method)
    rows = rules.grade(method, found.customers, limits)
    return screen.explained(method, period, scope, rows, behind, limits, include_inactive, found)
