"""`channelctl progress`."""

from typing import Annotated

import typer

from channelctl import options
from channelctl.i18n import _
from channelctl.report import Report, reports

_ROWS = "channelctl.systems.progress"
_NO_PERIOD = ("month", "quarter", "year", "from_", "to", "all_time", "industry")
app = typer.Typer()
progress_app = typer.Typer(invoke_without_command=True)
app.add_typer(progress_app, name="progress", rich_help_panel=options.DAILY)

ByOption = Annotated[
    str, typer.Option("--by", metavar="office|rep|customer|product", help=_("What the rows are of."))
]  # fmt: skip
MoversByOption = Annotated[
    str, typer.Option("--by", metavar="customer|product|rep|office", help=_("What the rows are of."))
]  # fmt: skip
MeasureOption = Annotated[
    str, typer.Option("--measure", metavar="amount|quantity", help=_("Net sales, or quantities; targets are amounts."))
]
TopOption = Annotated[
    int | None,
    typer.Option("--top", metavar="COUNT", min=1, help=_("So many rises and so many falls; default: by the policy.")),
]
DaysOption = Annotated[
    int | None,
    typer.Option(
        "--days", metavar="DAYS", min=1, max=3660, help=_("Without a purchase for so long; default: by the policy.")
    ),
]
MonthsOption = Annotated[
    int | None, typer.Option("--months", metavar="COUNT", min=1, max=120, help=_("So many; default: by the policy."))
]
CustomerOption = Annotated[
    str | None, typer.Option("--customer", metavar="CUSTOMER", help=_("Of this customer: code or unique name."))
]


@progress_app.callback()
@reports("progress", f"{_ROWS}.rules:ProgressRow", f"{_ROWS}.rules:ProgressUnits")
@options.choosing(*_NO_PERIOD)
def progress(
    context: typer.Context,
    *,
    by: ByOption = "office",
    measure: MeasureOption = "amount",
    chosen: options.Chosen,
) -> Report | None:
    """Show how far the month has come: against target, time gone, last month and last year, and where it will end.

    Example: channelctl progress --by rep --as-of 2024-05-20
    """
    if options.handed_on(context):
        return None
    from channelctl import clock, db
    from channelctl.systems.progress import rules, screen, store
    from channelctl.systems.sales import store as sales

    rules.chosen(by, rules.BY, "--by")
    rules.chosen(measure, rules.MEASURES, "--measure")
    with db.session() as session:
        scope = sales.scope(session, **chosen.scope)
        day = store.day_meant(session, chosen.as_of, clock.today())
        found = store.progress(session, by, day, scope, measure, screen.without(by))
    return screen.progress(found, scope)


@progress_app.command("movers")
@reports("progress_movers", f"{_ROWS}.rules_movers:MoverRow")
@options.choosing(*_NO_PERIOD)
def movers(*, by: MoversByOption = "customer", top: TopOption = None, chosen: options.Chosen) -> Report:
    """List the largest rises and falls of the month to date against the same days of last month.

    Example: channelctl progress movers --as-of 2024-05-20 --top 5
    """
    from channelctl import clock, db, policy
    from channelctl.systems.progress import rules, rules_movers, screen, screen_lists, store
    from channelctl.systems.sales import store as sales
    from channelctl.systems.sales import store_figures

    rules.chosen(by, rules.BY, "--by")
    most = top or policy.section("progress", rules.ProgressPolicy).top
    with db.session() as session:
        scope = sales.scope(session, **chosen.scope)
        day = store.day_meant(session, chosen.as_of, clock.today())
        sums = store.sums_by(session, by, rules.spans(day), scope)
        names, data = store_figures.names(session, by), store.ended(session, day)
    return screen_lists.movers(rules_movers.movers(sums, names, screen.without(by), most), day, by, scope, data)


@progress_app.command("stopped")
@reports("progress_stopped", f"{_ROWS}.rules_stopped:StoppedRow")
@options.choosing(*_NO_PERIOD)
def stopped(*, days: DaysOption = None, chosen: options.Chosen) -> Report:
    """List the customers that used to buy and have not bought lately, the largest first.

    Example: channelctl progress stopped --as-of 2024-05-31 --days 30
    """
    from channelctl import clock, db, policy
    from channelctl.systems.progress import rules, screen_lists, store, store_stopped
    from channelctl.systems.sales import store as sales

    own = policy.section("progress", rules.ProgressPolicy)
    silent = days or own.stopped_after
    with db.session() as session:
        scope = sales.scope(session, **chosen.scope)
        day = store.day_meant(session, chosen.as_of, clock.today())
        found = store_stopped.stopped(session, day, silent, own.stopped_months, scope)
    return screen_lists.stopped(found, day, silent, own.stopped_months, scope)


@progress_app.command("trend")
@reports("progress_trend", f"{_ROWS}.rules_trend:TrendMonth")
@options.choosing(*_NO_PERIOD)
def trend(*, months: MonthsOption = None, customer: CustomerOption = None, chosen: options.Chosen) -> Report:
    """Show net sales month by month, each beside the same month of last year.

    Example: channelctl progress trend --months 6 --customer C00001
    """
    from channelctl import clock, db, policy
    from channelctl.period import Period
    from channelctl.systems.progress import rules, rules_trend, screen_lists, store
    from channelctl.systems.sales import store as sales

    count = months or policy.section("progress", rules.ProgressPolicy).trend_months
    with db.session() as session:
        scope, one = sales.scope(session, **chosen.scope), store.customer_named(session, customer)
        day = store.day_meant(session, chosen.as_of, clock.today())
        whole = Period(rules.month_start(day, -11 - count), day, "")
        nets = store.net_by_day(session, whole, scope, customer=one[0] if one else None)
        rows, data = rules_trend.trend(nets, day, count, sales.span(session)[0]), store.ended(session, day)
    return screen_lists.trend(rows, day, scope, one, data)
