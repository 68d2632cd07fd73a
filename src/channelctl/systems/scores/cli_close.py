"""`channelctl score trend`, `set`, `mark` and `close`."""

from typing import Annotated

import typer

from channelctl import options
from channelctl.errors import UsageError
from channelctl.i18n import _
from channelctl.records.cli import noun
from channelctl.report import Report, reports

_MARK = "channelctl.systems.scores.sheets:MarkRow"

app = typer.Typer()
app.add_typer(noun("score_mark", _MARK), name="mark", help=_("Scores set by hand."))

OfficeOption = Annotated[
    str | None, typer.Option("--office", help=_("This office: code or name; default: all."), metavar="OFFICE")
]
RegionOption = Annotated[
    str | None, typer.Option("--region", help=_("The offices of this region: code or name."), metavar="REGION")
]
FromOption = Annotated[str | None, typer.Option("--from", help=_("First month: 2024-01."), metavar="MONTH")]
ToOption = Annotated[str | None, typer.Option("--to", help=_("Last month: 2024-05."), metavar="MONTH")]


@app.command("trend")
@reports(
    "score_trend",
    "channelctl.systems.scores.rules_trend:TrendRow",
    engine=True,
)
def trend(
    office: OfficeOption = None,
    region: RegionOption = None,
    from_: FromOption = None,
    to: ToOption = None,
    as_of: options.AsOfOption = None,
) -> Report:
    """Show scores month by month; closed months as they were closed.

    Example: channelctl score trend --office 杭州 --from 2024-01 --to 2024-05
    """
    from channelctl import db
    from channelctl.systems.scores import screen_trend, store_trend

    with db.session() as session:
        found = store_trend.trend(session, office, from_, to, as_of, region)
    return screen_trend.report(found)


@app.command("set")
@reports("score_mark", _MARK)
def set_(
    customer: Annotated[str, typer.Argument(metavar="CUSTOMER", help=_("A planned customer: code or unique name."))],
    score: Annotated[str, typer.Argument(metavar="SCORE", help=_("From 0 to 1, or in percent: 0.8, 80%."))],
    month: options.MonthOption = None,
    office: Annotated[
        str | None,
        typer.Option("--office", metavar="OFFICE", help=_("The office that plans it, where several do: code or name.")),
    ] = None,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help=_("Why; it is kept with the score."))] = "",
) -> Report:
    """Set a planned customer's score of a month by hand, with a reason.

    Example: channelctl score set C00012 0.8 --month 2024-05 --reason 断货两周
    """
    from channelctl import db
    from channelctl.systems.scores import screen_close, store_marks

    if month is None or not reason.strip():
        missing = "--month" if month is None else "--reason"
        raise UsageError(
            _("a score set by hand needs {option}").format(option=missing),
            _("channelctl score set C00012 0.8 --month 2024-05 --reason TEXT"),
        )
    with db.session(write=True) as session:
        done = store_marks.set_score(session, customer, score, month, office, reason)
    return screen_close.marked(done)


@app.command("close")
@reports("score_close", "channelctl.systems.scores.rules:ScoreRow")
def close(
    month: options.MonthOption = None,
    force: Annotated[
        bool, typer.Option("--force", help=_("Also a month that is not over yet, or has no sale."))
    ] = False,
) -> Report:
    """Close a month: its scores stay what they are, whatever is imported or changed later.

    Example: channelctl score close --month 2024-05
    """
    from channelctl import clock, db
    from channelctl.systems.scores import screen_close, store_close

    if month is None:
        raise UsageError(_("closing needs --month"), _("channelctl score close --month 2024-05"))
    with db.session(write=True) as session:
        done = store_close.close(session, month, clock.today(), force)
    return screen_close.done(done)
