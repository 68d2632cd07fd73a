"""`channelctl rebate` and `activation`."""

from typing import Annotated

import typer

from channelctl import options
from channelctl.i18n import _
from channelctl.records.cli import noun
from channelctl.report import Report, reports
from channelctl.systems.rebates import cli_gap, cli_policy, cli_settle

_SHEETS, _ROWS = "channelctl.systems.rebates.sheets", "channelctl.systems.rebates.rules_accrual"
app = typer.Typer()
rebate_app = typer.Typer(no_args_is_help=True)

MonthOption = Annotated[str, typer.Option("--month", metavar="MONTH", help=_("The month: 2024-05."))]
CustomerOption = Annotated[
    str | None, typer.Option("--customer", metavar="CUSTOMER", help=_("This customer: code or unique name."))
]
LinesOption = Annotated[bool, typer.Option("--lines", help=_("By sale line, with file, sheet and row."))]


@rebate_app.command("accrue")
@reports("rebate_accrue", f"{_ROWS}:AccrueRow", f"{_ROWS}:AccruedLine")
def accrue(
    month: MonthOption,
    as_of: options.AsOfOption = None,
    region: options.OwnRegionOption = None,
    office: options.OwnOfficeOption = None,
    rep: options.OwnRepOption = None,
    customer: CustomerOption = None,
    lines: LinesOption = False,
) -> Report:
    """Say what customers have earned in the windows of a month: what is sure so far, and what the run rate leads to.

    Example: channelctl rebate accrue --month 2024-05 --as-of 2024-05-20
    """
    from channelctl import db
    from channelctl.period import day
    from channelctl.systems.rebates import rules_accrual, screen_accrual, store_accrual, store_policy
    from channelctl.systems.sales import store as sales

    options.period_of(None, month=month, as_of=as_of)
    period = options.period_of(None, month=month)
    with db.session() as session:
        through = store_policy.through(session, period, day(as_of) if as_of is not None else None)
        scope = sales.scope(session, region=region, office=office, rep=rep)
        one = store_policy.customer(session, customer)
        rules = store_accrual.in_force(session)
        last, customer_id = min(through, period.end), one.id if one else None
        found = store_accrual.earned(session, rules, period.start, last, customer_id, through)
        found = store_accrual.of_customers(found, sales.customers_of(session, scope))
        notes = store_policy.notes(session, rules, period)
        behind = store_accrual.lines_of(session, found, through) if lines else []
    asked = screen_accrual.Asked(period, through, scope, f"{one.code} {one.name}" if one else None, notes)
    if lines:
        return screen_accrual.lines(behind, asked)
    return screen_accrual.report(rules_accrual.accrued(found, through), asked)


rebate_app.add_typer(cli_policy.app, name="policy", help=_("Rebate policies and their versions."))
rebate_app.add_typer(
    noun("rebate_rule", f"{_SHEETS}:RuleRow"), name="rule", help=_("The rules of rebate policies, as records.")
)
rebate_app.add_typer(cli_gap.app)
rebate_app.add_typer(cli_settle.app)
app.add_typer(
    rebate_app,
    name="rebate",
    help=_("Rebates: policies, what was earned, settled and paid out."),
    rich_help_panel=options.DAILY,
)
app.add_typer(
    noun("activation", f"{_SHEETS}:ActivationRow"),
    name="activation",
    help=_("Units registered under operator plans."),
    rich_help_panel=options.RECORDS,
)
