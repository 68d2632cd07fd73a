"""`channelctl target spread`."""

from typing import Annotated

import typer

from channelctl.errors import UsageError
from channelctl.i18n import _
from channelctl.records.cli import noun
from channelctl.report import Report, reports

app = noun("office_target", "channelctl.systems.plans.sheets:OfficeTargetRow")

YearOption = Annotated[str, typer.Option("--year", metavar="YEAR", help=_("The year: 2024."))]
OfficeOption = Annotated[str, typer.Option("--office", metavar="OFFICE", help=_("The office: code or name."))]
TotalOption = Annotated[str | None, typer.Option("--total", metavar="AMOUNT", help=_("The year's target: 1200万."))]
GrowthOption = Annotated[
    str | None, typer.Option("--growth", metavar="PERCENT", help=_("In place of --total: so much on last year: 8%."))
]
SprintOption = Annotated[str | None, typer.Option("--sprint", metavar="AMOUNT", help=_("The year's sprint target."))]
ChallengeOption = Annotated[
    str | None, typer.Option("--challenge", metavar="AMOUNT", help=_("The year's challenge target."))
]
WeightsOption = Annotated[
    str,
    typer.Option("--weights", metavar="W,W,…|last-year", help=_("A weight for each month, or last year's net sales.")),
]
CustomersOption = Annotated[
    bool, typer.Option("--customers", help=_("Also over the planned customers of each month, by last year's sales."))
]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help=_("Say what would be written, and write nothing."))]


@app.command("spread")
@reports(
    "target_spread",
    "channelctl.systems.plans.rules_spread:MonthTarget",
    sections={"customers": "channelctl.systems.plans.rules_spread:CustomerTarget"},
)
def spread(
    year: YearOption,
    office: OfficeOption,
    total: TotalOption = None,
    growth: GrowthOption = None,
    sprint: SprintOption = None,
    challenge: ChallengeOption = None,
    weights: WeightsOption = "last-year",
    customers: CustomersOption = False,
    dry_run: DryRunOption = False,
) -> Report:
    """Spread an office's year over its months, adding up exactly.

    Example: channelctl target spread --year 2024 --office 杭州 --total 1200万 --weights 8,7,8,8,9,9,8,8,9,9,8,9
    """
    from channelctl import db
    from channelctl.systems.plans import screen_spread, store_spread

    if (total is None) == (growth is None):
        raise UsageError(_("give either --total or --growth"), _("--total 1200万, or --growth 8%"))
    asked = store_spread.Asked(total, growth, sprint, challenge, weights)
    with db.session(write=not dry_run) as session:
        found = store_spread.spread(session, year, office, asked, customers)
        if not dry_run:
            found = store_spread.write(session, found)
    return screen_spread.report(found, dry_run, customers)
