"""`channelctl tier history`, `set`, `migration`, `alarms` and `mark`."""

from typing import Annotated

import typer

from channelctl import options
from channelctl.errors import UsageError
from channelctl.i18n import _
from channelctl.records.cli import noun
from channelctl.report import Report, reports

app = typer.Typer()
app.add_typer(
    noun("tier_mark", "channelctl.systems.tiers.sheets:TierMarkRow"),
    name="mark",
    help=_("Tiers set by hand, as records."),
)

CustomerArgument = Annotated[str, typer.Argument(metavar="CUSTOMER", help=_("A customer: code or unique name."))]
TierArgument = Annotated[str, typer.Argument(metavar="TIER", help=_("The tier that it is to have: A, B or C."))]
ReasonOption = Annotated[str, typer.Option("--reason", metavar="TEXT", help=_("Why."))]
UntilOption = Annotated[str, typer.Option("--until", metavar="DAY", help=_("The last day it holds: 2024-12-31."))]
SinceOption = Annotated[
    str | None, typer.Option("--since", metavar="DAY", help=_("The first day it holds; default: today."))
]
DayOption = Annotated[
    str | None, typer.Option("--as-of", metavar="DAY", help=_("What held on that day; default: today."))
]
FromMonthOption = Annotated[str, typer.Option("--from", metavar="MONTH", help=_("The earlier month: 2024-04."))]
ToMonthOption = Annotated[str, typer.Option("--to", metavar="MONTH", help=_("The later month: 2024-05."))]
MethodOption = Annotated[
    str, typer.Option("--method", metavar="METHOD", help=_("Runs of this method; and how it is counted without one."))
]
OwnRepOption = Annotated[
    str | None, typer.Option("--rep", metavar="REP", help=_("Customers that this rep looks after: code or name."))
]
OwnOfficeOption = Annotated[
    str | None, typer.Option("--office", metavar="OFFICE", help=_("Customers of this office: code or name."))
]


@app.command("set")
@reports("tier_mark", "channelctl.systems.tiers.sheets:TierMarkRow")
def set_(
    customer: CustomerArgument, tier: TierArgument, reason: ReasonOption, until: UntilOption, since: SinceOption = None
) -> Report:
    """Set a customer's tier by hand, beside the computed one: why, and until when.

    Example: channelctl tier set C00012 A --reason 年度框架协议 --since 2024-05-01 --until 2024-12-31
    """
    from channelctl import db
    from channelctl.period import day
    from channelctl.systems.tiers import screen_history, store_history

    first, last = options.day_of(since), day(until)
    if since is None and last < first:
        raise UsageError(
            _("it ends ({until}) before it begins ({since})").format(until=last, since=first),
            _("Without --since it begins today. For a past period: --since 2024-05-01"),
        )
    with db.session(write=True) as session:
        done = store_history.set_mark(session, customer, tier, reason, first, last)
    return screen_history.marked(done.row, done.changed, options.day_of(None))


@app.command("history")
@reports("tier_history", "channelctl.systems.tiers.rules_history:HistoryRow")
def history(customer: CustomerArgument, as_of: DayOption = None) -> Report:
    """List every applied run and tier set by hand of a customer, and say which holds.

    Example: channelctl tier history C00012
    """
    from channelctl import db
    from channelctl.period import day
    from channelctl.systems.tiers import screen_history, store_history

    up_to = day(as_of) if as_of is not None else None
    with db.session() as session:
        told = store_history.history(session, customer, options.day_of(as_of), up_to)
    return screen_history.history(told)


@app.command("migration")
@reports(
    "tier_migration",
    "channelctl.systems.tiers.rules_migration:MoveRow",
    sections={
        "customers": "channelctl.systems.tiers.rules_migration:CustomersMoved",
        "sales": "channelctl.systems.tiers.rules_migration:SalesMoved",
    },
    known=True,
    engine=True,
)
def migration(
    from_: FromMonthOption,
    to: ToMonthOption,
    method: MethodOption = "abc",
    region: options.RegionOption = None,
    office: options.OfficeOption = None,
    rep: options.RepOption = None,
    channel: options.ChannelOption = None,
    product: options.ProductOption = None,
    industry: options.IndustryOption = None,
) -> Report:
    """Say who moved from which tier to which between two months, in customers and in sales.

    Example: channelctl tier migration --from 2024-04 --to 2024-05
    """
    from channelctl import db
    from channelctl.systems.sales import store as sales
    from channelctl.systems.tiers import rules, rules_migration, screen_migration, store, store_migration

    rules.check_method(method)
    months = rules_migration.months(from_, to)
    limits = store.policy()
    with db.session() as session:
        scope = sales.scope(
            session, region=region, office=office, rep=rep, channel=channel, product=product, industry=industry
        )
        before, now = store_migration.sides(session, months, method, limits, scope)
        names = store_migration.names(session)
    return screen_migration.report(method, scope, before, now, names)


@app.command("alarms")
@reports(
    "tier_alarms",
    "channelctl.systems.tiers.rules_alarms:AlarmRow",
    sections={"reps": "channelctl.systems.tiers.rules_alarms:RepAlarms"},
    engine=True,
)
def alarms(
    rep: OwnRepOption = None,
    office: OwnOfficeOption = None,
    month: options.MonthOption = None,
    quarter: options.QuarterOption = None,
    from_: options.FromOption = None,
    to: options.ToOption = None,
    as_of: options.AsOfOption = None,
) -> Report:
    """List customers to look after, rep by rep: fallen a tier, buying much less, silent for long.

    A month or other period is held against the span before it; default: the last 90 days against the 90 before.

    Example: channelctl tier alarms --office 杭州
    """
    from channelctl import db
    from channelctl.systems.sales import store as sales
    from channelctl.systems.tiers import rules_alarms, screen_alarms, store, store_alarms

    limits = store.policy().alarms
    with db.session() as session:
        last = store.last_date(session)
        day = last if as_of is None and last is not None else options.day_of(as_of)
        period, up_to = rules_alarms.days_to(day, limits.days), None if as_of is None else day
        if any(word is not None for word in (month, quarter, from_, to)):
            asked = options.period_of(last, month=month, quarter=quarter, start=from_, end=to, as_of=as_of)
            period, up_to = rules_alarms.reached(asked, options.day_of(None)), asked.end
        scope = sales.scope(session, office=office, rep=rep)
        found = store_alarms.alarms(session, scope, period, up_to, limits)
    return screen_alarms.report(found, scope, limits)
