"""`channelctl calendar`."""

from pathlib import Path
from typing import Annotated

import typer

from channelctl import options
from channelctl.i18n import _
from channelctl.options import RECORDS
from channelctl.records.cli import noun
from channelctl.report import Report, reports

app = typer.Typer()
calendar_app = noun("calendar_day", "channelctl.systems.calendar.sheets:CalendarDayRow")
app.add_typer(calendar_app, name="calendar", help=_("Which days are worked."), rich_help_panel=RECORDS)

FilesArgument = Annotated[
    list[Path], typer.Argument(metavar="FILE...", help=_("Sheets of days: xlsx, xlsm, xls, ods, csv."))
]
PartialOption = Annotated[bool, typer.Option("--partial", help=_("Take the good rows of a sheet with bad ones."))]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help=_("Say what would happen; change nothing."))]


@calendar_app.command("load")
@reports("import", "channelctl.sheets.results:ImportRow")
def load(files: FilesArgument, partial: PartialOption = False, dry_run: DryRunOption = False) -> Report:
    """Load a year's holidays and shifted work days from a sheet: what `import FILE --kind calendar-day` does.

    Example: channelctl calendar load 2027.csv
    """
    from channelctl.commands import importing

    return importing.take(files, "calendar-day", partial=partial, dry_run=dry_run)


@calendar_app.command("days")
@reports(
    "calendar_days",
    "channelctl.systems.calendar.rules:MonthDays",
    sections={"otherwise": "channelctl.systems.calendar.rules:OtherDay"},
    known=True,
)
def days(
    month: options.MonthOption = None,
    quarter: options.QuarterOption = None,
    year: options.YearOption = None,
    from_: options.FromOption = None,
    to: options.ToOption = None,
) -> Report:
    """Count the work days of a span, and name the days that are otherwise than Monday to Friday; default: this year.

    Example: channelctl calendar days --month 2024-05
    """
    from channelctl import clock, db
    from channelctl.systems.calendar import screen, store

    if (month, quarter, year, from_, to) == (None,) * 5:
        year = str(clock.today().year)
    period = options.period_of(None, month=month, quarter=quarter, year=year, start=from_, end=to)
    with db.session() as session:
        found = store.work_days(session, period.start, period.end)
    return screen.days(found, period)
