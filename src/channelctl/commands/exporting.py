"""`channelctl export`."""

from dataclasses import replace
from typing import Annotated

import typer

from channelctl import options
from channelctl.errors import UsageError
from channelctl.i18n import _, listed
from channelctl.report import Report, reports

app = typer.Typer()
KindArgument = Annotated[
    str,
    typer.Argument(
        metavar="KIND",
        help=_(
            "sales, customer, customer-alias, contact, tier-mark, plan, class-target, office-target, score-mark,"
            " office, region, rep, calendar-day, product, price, stock-count, sell-out, rebate-rule, activation,"
            " rebate-payout, receivable, payment, payment-application, open-order, promise,"
            " credit-limit, credit-investigation, credit-application, credit-hold, credit-writeoff, credit-recovery."
        ),
    ),
]


@app.command("export", rich_help_panel=options.DAILY)
@reports("export", "channelctl.systems.sales.sheets:SaleRow", known=True)
@options.choosing("all_time", "as_of")
def export(kind: KindArgument, chosen: options.Chosen) -> Report:
    """Write sales or records as a sheet that can be imported again.

    Example: channelctl export sales --month 2024-05 --output may.xlsx
    """
    from channelctl import db
    from channelctl.records import kinds, store
    from channelctl.systems.sales import store as sales

    name = kind.replace("-", "_")
    if name not in kinds():
        raise UsageError(
            _("there is no kind “{value}”").format(value=kind),
            _("The kinds are: {names}").format(names=listed(one.command for one in kinds().values())),
        )
    found = kinds()[name]
    timed = any((chosen.month, chosen.quarter, chosen.year, chosen.from_, chosen.to))
    if name != "sales" and (timed or any(chosen.scope.values())):
        raise UsageError(
            _("a period or scope is for sales; {kind} are exported whole").format(kind=found.label),
            _("For some of them: channelctl {kind} list office=杭州 --output FILE").format(kind=found.command),
        )
    with db.session() as session:
        where = []
        title = [found.label]
        if name == "sales":
            period = replace(chosen, all_time=not timed).period(None)
            scope = sales.scope(session, **chosen.scope)
            where = sales.conditions(period, scope, ())
            title += [period.label, *scope.labels]
        rows = store.exported(session, found, where)
    return Report("export", found.row, rows, " · ".join(title), params={"kind": name})
