"""`channelctl score`."""

from typing import Annotated

import typer

from channelctl import options
from channelctl.i18n import _
from channelctl.report import Compared, Report, reports
from channelctl.systems.scores import cli_close

app = typer.Typer()
score_app = typer.Typer(invoke_without_command=True)
score_app.add_typer(cli_close.app)
app.add_typer(score_app, name="score", rich_help_panel=options.DAILY)

RegionOption = Annotated[
    str | None, typer.Option("--region", help=_("The offices of this region: code or name."), metavar="REGION")
]
ExplainOption = Annotated[bool, typer.Option("--explain", help=_("Every planned customer: target, sales, score."))]
OfficeOption = Annotated[
    str | None,
    typer.Option("--office", help=_("This office: code or name; default: all with a plan."), metavar="OFFICE"),
]
RestatedOption = Annotated[
    bool, typer.Option("--restated", help=_("A closed month too as it comes out of what is stored today."))
]
CustomerArgument = Annotated[
    str | None, typer.Argument(metavar="[CUSTOMER]", help=_("A planned customer: code or unique name."))
]


@score_app.callback()
@reports(
    "score",
    "channelctl.systems.scores.rules:ScoreRow",
    "channelctl.systems.scores.rules:PlannedRow",
    sections={
        "measures": "channelctl.systems.scores.rules:MeasureRow",
        "classes": "channelctl.systems.scores.rules:ClassRow",
        "levels": "channelctl.systems.scores.rules_markets:LevelRow",
    },
    engine=True,
    whatif=(
        Compared(
            key=("office_code",),
            names=("office",),
            figures=("cooperation_rate", "core_quality", "achieved", "rank"),
            totals={"cooperation_rate": "channelctl.systems.scores.rules:region_total"},
        ),
        Compared(key=("customer_code",), names=("customer",), figures=("achieved",)),
    ),
)
def score(
    context: typer.Context,
    office: OfficeOption = None,
    region: RegionOption = None,
    month: options.MonthOption = None,
    as_of: options.AsOfOption = None,
    explain: ExplainOption = False,
    restated: RestatedOption = False,
) -> Report | None:
    """Score offices by what their planned customers bought.

    Example: channelctl score --office 杭州 --month 2024-05
    """
    if options.handed_on(context):
        return None
    from channelctl import db
    from channelctl.systems.scores import screen, store

    with db.session() as session:
        found = store.scores(session, office, month, as_of, restated, region)
    return screen.explained(found) if explain else screen.report(found)


@score_app.command("explain")
@reports(
    "score_explain",
    "channelctl.systems.sales.rules:SourceLine",
    sections={
        "planned": "channelctl.systems.scores.rules:PlannedPart",
        "places": "channelctl.systems.scores.rules:PlanPlace",
        "not_counted": "channelctl.systems.sales.rules:SourceLine",
        "changed": "channelctl.systems.scores.rules_close:ChangedRow",
    },
    engine=True,
)
def explain_(
    customer: CustomerArgument = None,
    office: OfficeOption = None,
    month: options.MonthOption = None,
    as_of: options.AsOfOption = None,
) -> Report:
    """Say what a planned customer adds to its office's score, down to file, sheet and row.

    Example: channelctl score explain C00012 --month 2024-05
    """
    from channelctl import db
    from channelctl.systems.scores import screen, store_explain

    with db.session() as session:
        told = store_explain.explained(session, customer, office, month, as_of)
    return screen.behind(told)
