"""`channelctl score`."""

from typing import Annotated

import typer

from channelctl import options
from channelctl.i18n import _
from channelctl.report import Report, reports

app = typer.Typer()

ExplainOption = Annotated[bool, typer.Option("--explain", help=_("Every planned customer: target, sales, score."))]
OfficeOption = Annotated[
    str | None,
    typer.Option("--office", help=_("This office: code or name; default: all with a plan."), metavar="OFFICE"),
]


@app.command("score", rich_help_panel=options.DAILY)
@reports(
    "score",
    "channelctl.systems.scores.rules:ScoreRow",
    "channelctl.systems.scores.rules:PlannedRow",
    sections={
        "measures": "channelctl.systems.scores.rules:MeasureRow",
        "classes": "channelctl.systems.scores.rules:ClassRow",
    },
)
def score(
    office: OfficeOption = None,
    month: options.MonthOption = None,
    as_of: options.AsOfOption = None,
    explain: ExplainOption = False,
) -> Report:
    """Score offices by what their planned customers bought.

    Example: channelctl score --office 杭州 --month 2024-05
    """
    from channelctl import db
    from channelctl.systems.scores import screen, store

    with db.session() as session:
        found = store.scores(session, office, month, as_of)
    return screen.explained(found) if explain else screen.report(found)
