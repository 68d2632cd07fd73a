"""`channelctl freshness` and `quality`."""

from typing import Annotated

import typer

from channelctl import options
from channelctl.i18n import _
from channelctl.report import Report, reports

app = typer.Typer()

_ROWS = "channelctl.systems.quality.rules"
AsOfOption = Annotated[str | None, typer.Option("--as-of", metavar="DAY", help=_("On that day; default: today."))]
WarnOption = Annotated[
    str | None, typer.Option("--warn", metavar="AGE", help=_("Say so where data are older: 2d, 3wd (work days), 1w."))
]
ErrorOption = Annotated[
    str | None, typer.Option("--error", metavar="AGE", help=_("Older data are stale: exit code 1."))
]
KindOption = Annotated[
    str, typer.Option("--kind", metavar="KINDS", help=_("What is watched: sales, stock_count … with commas between."))
]
ByOption = Annotated[str, typer.Option("--by", metavar="kind|office", help=_("By kind of data, or sales by office."))]


@app.command("freshness", rich_help_panel=options.DAILY)
@reports("freshness", f"{_ROWS}:FreshRow")
def freshness(
    warn: WarnOption = None,
    error: ErrorOption = None,
    kind: KindOption = "sales",
    by: ByOption = "kind",
    as_of: AsOfOption = None,
) -> Report:
    """Say how old the data are; with exit code 1 where they are older than they may be, for cron.

    Example: channelctl freshness --warn 2d --error 4d
    """
    from channelctl import db
    from channelctl.systems.calendar import store as calendar
    from channelctl.systems.quality import rules, screen, store

    today = options.day_of(as_of)
    watched = rules.watched(kind, by, store.kinds_with_days())
    older = rules.limit(warn, "--warn") if warn is not None else None
    stale = rules.limit(error, "--error") if error is not None else None
    with db.session() as session:
        found = store.by_office(session, today) if by == "office" else store.by_kind(session, today, watched)
        days = calendar.work_days(session, min((one.last_day for one in found if one.last_day), default=today), today)
    rows = rules.fresh(found, today, watched, older, stale, days.count)
    return screen.freshness(rows, today, by, [days.remark] if days.remark and rules.in_work_days(older, stale) else [])


@app.command("quality", rich_help_panel=options.DAILY)
@reports("quality", f"{_ROWS}:QualityRow")
@options.choosing("product", "industry")
def quality(chosen: options.Chosen) -> Report:
    """List what is amiss with a period's data: lines without a customer, rows refused, files that lack something.

    Example: channelctl quality --month 2024-05
    """
    from channelctl import db
    from channelctl.systems.quality import screen, store_amiss

    with db.session() as session:
        found = store_amiss.looked_at(session, chosen.period, chosen.scope)
    return screen.quality(found)
