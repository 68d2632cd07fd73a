"""Options that mean the same in every command."""

import datetime as dt
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from channelctl import clock
from channelctl.errors import UsageError
from channelctl.i18n import _
from channelctl.period import Period, day

Result = TypeVar("Result")
# The help page's groups of commands.
DAILY, RECORDS, CARE = _("Daily work"), _("Records"), _("The tool itself")

MonthOption = Annotated[str | None, typer.Option("--month", help=_("A month: 2024-05."), metavar="MONTH")]
QuarterOption = Annotated[str | None, typer.Option("--quarter", help=_("A quarter: 2024-Q2."), metavar="QUARTER")]
YearOption = Annotated[str | None, typer.Option("--year", help=_("A year: 2024."), metavar="YEAR")]
FromOption = Annotated[str | None, typer.Option("--from", help=_("First day: 2024-05-01."), metavar="DAY")]
ToOption = Annotated[str | None, typer.Option("--to", help=_("Last day: 2024-05-31."), metavar="DAY")]
AllTimeOption = Annotated[bool, typer.Option("--all-time", help=_("Everything there is."))]
AsOfOption = Annotated[
    str | None,
    typer.Option(
        "--as-of", help=_("As it stood at the end of that day; default: the last day with sales."), metavar="DAY"
    ),
]
KnownOption = Annotated[
    str | None,
    typer.Option(
        "--known",
        help=_("From what had been imported by the end of that day, or up to that batch."),
        metavar="DAY|BATCH",
    ),
]
ENGINES = ("duckdb", "spark")
EngineOption = Annotated[
    str | None,
    typer.Option(
        "--engine", help=_("Ask this engine in place of the database; needs --facts."), metavar="|".join(ENGINES)
    ),
]
FactsOption = Annotated[
    Path | None,
    typer.Option("--facts", help=_("The folder that channelctl export facts wrote."), metavar="FOLDER"),
]
RegionOption = Annotated[
    str | None, typer.Option("--region", help=_("Sales of this region: code or name."), metavar="REGION")
]
OfficeOption = Annotated[
    str | None, typer.Option("--office", help=_("Sales of this office: code or name."), metavar="OFFICE")
]
RepOption = Annotated[str | None, typer.Option("--rep", help=_("Sales of this rep: code or name."), metavar="REP")]
OwnRegionOption = Annotated[
    str | None, typer.Option("--region", help=_("Customers of this region: code or name."), metavar="REGION")
]
OwnOfficeOption = Annotated[
    str | None, typer.Option("--office", help=_("Customers of this office: code or name."), metavar="OFFICE")
]
OwnRepOption = Annotated[
    str | None, typer.Option("--rep", help=_("Customers of this rep: code or name."), metavar="REP")
]
ChannelOption = Annotated[
    str | None, typer.Option("--channel", help=_("Customers of this channel: direct, 直供 …"), metavar="CHANNEL")
]
ProductOption = Annotated[
    str | None, typer.Option("--product", help=_("Sales of this product: code or name."), metavar="PRODUCT")
]
IndustryOption = Annotated[
    str | None, typer.Option("--industry", help=_("Customers of this industry."), metavar="INDUSTRY")
]


@dataclass(frozen=True)
class Chosen:
    """The sales that a command line asks for: of which period, and whose."""

    month: MonthOption = None
    quarter: QuarterOption = None
    year: YearOption = None
    from_: FromOption = None
    to: ToOption = None
    all_time: AllTimeOption = False
    as_of: AsOfOption = None
    region: RegionOption = None
    office: OfficeOption = None
    rep: RepOption = None
    channel: ChannelOption = None
    product: ProductOption = None
    industry: IndustryOption = None

    def period(self, last: dt.date | None) -> Period:
        """As period_of has it."""
        return period_of(
            last,
            month=self.month,
            quarter=self.quarter,
            year=self.year,
            start=self.from_,
            end=self.to,
            all_time=self.all_time,
            as_of=self.as_of,
        )

    @property
    def scope(self) -> dict[str, str | None]:
        """Whose sales, by what is named."""
        names = ("region", "office", "rep", "channel", "product", "industry")
        return {name: getattr(self, name) for name in names}


def choosing(*without: str) -> Callable[[Callable[..., Result]], Callable[..., Result]]:
    """Give a command all options of Chosen but these, in the place of its parameter `chosen`."""
    added = {name: one for name, one in inspect.signature(Chosen).parameters.items() if name not in without}

    def decorate(command: Callable[..., Result]) -> Callable[..., Result]:
        @wraps(command)
        def run(**given: Any) -> Result:
            chosen = Chosen(**{name: given.pop(name) for name in added if name in given})
            return command(**given, chosen=chosen)

        parameters: list[inspect.Parameter] = []
        for name, one in inspect.signature(command, eval_str=True).parameters.items():
            parameters += added.values() if name == "chosen" else [one]
        keywords = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in parameters]
        run.__signature__ = inspect.Signature(keywords)  # type: ignore[attr-defined]
        return run

    return decorate


def engine_of(engine: str | None, facts: Path | None, known: str | None) -> tuple[str, Path] | None:
    """The engine that --engine and --facts ask for, and its folder; None without them.

    Raises:
        UsageError: one of them without the other, an engine that there is not, or --known beside them.
    """
    if engine is None and facts is None:
        return None
    if engine is None:
        raise UsageError(_("--facts needs --engine"), _("One of: {choices}.").format(choices=", ".join(ENGINES)))
    if engine not in ENGINES:
        raise UsageError(
            _("“{value}” is not an engine").format(value=engine),
            _("One of: {choices}.").format(choices=", ".join(ENGINES)),
        )
    if facts is None:
        raise UsageError(
            _("--engine needs --facts"),
            _("First: channelctl export facts --output lake/; then: --engine {engine} --facts lake/").format(
                engine=engine
            ),
        )
    if known is not None:
        raise UsageError(
            _("--known asks for what was known earlier, and exported facts hold only what is known now"),
            _("Run the command on the database, without --engine."),
        )
    return engine, facts


def handed_on(context: typer.Context) -> bool:
    """Whether one of a group's own commands follows: the options that stand before it are its defaults then.

    Raises:
        UsageError: it asks the database, and an engine stands before it.
    """
    if context.invoked_subcommand is None:
        return False
    given = {name for name in context.params if str(context.get_parameter_source(name)).endswith("COMMANDLINE")}
    own = context.command.get_command(context, context.invoked_subcommand)  # type: ignore[attr-defined]
    if given & {"engine", "facts"} and "engine" not in {one.name for one in own.params}:
        raise UsageError(
            _("{command} runs on the database").format(command=own.name), _("Leave --engine and --facts out.")
        )
    context.default_map = {context.invoked_subcommand: {name: context.params[name] for name in given}}
    return True


def day_of(as_of: str | None) -> dt.date:
    """The day of --as-of, else today."""
    return day(as_of) if as_of is not None else clock.today()


def period_of(
    last: dt.date | None,
    *,
    month: str | None = None,
    quarter: str | None = None,
    year: str | None = None,
    start: str | None = None,
    end: str | None = None,
    all_time: bool = False,
    as_of: str | None = None,
) -> Period:
    """The one period that the options name; by default the 12 months that end with `as_of`, else with the last sale.

    Raises:
        UsageError: two periods at once, --to without --from, or an `as_of` before the period begins.
    """
    given = [
        name
        for name, value in (
            ("--month", month), ("--quarter", quarter), ("--year", year), ("--from", start), ("--all-time", all_time)
        )
        if value not in (None, False)
    ]  # fmt: skip
    if len(given) > 1:
        raise UsageError(
            _("{first} and {second} both name a period").format(first=given[0], second=given[1]), _("Give one of them.")
        )
    cut = day(as_of) if as_of is not None else None
    if end is not None and start is None:
        raise UsageError(_("--to needs --from"), _("--from 2024-01-01 --to 2024-05-31"))
    if month is not None:
        return _cut(Period.month(month), cut)
    if quarter is not None:
        return _cut(Period.quarter(quarter), cut)
    if year is not None:
        return _cut(Period.year(year), cut)
    if start is not None:
        first = day(start)
        return _cut(Period.between(first, day(end) if end is not None else max(first, cut or last or first)), cut)
    if all_time:
        return Period.all_time().cut(cut)
    return Period.twelve_months_to(cut or last or clock.today())


def _cut(period: Period, as_of: dt.date | None) -> Period:
    """The period up to a day, which is not before it."""
    if as_of is not None and as_of < period.start:
        raise UsageError(
            _("--as-of {day} is before the period begins ({start})").format(day=as_of, start=period.start),
            _("Without --as-of, or a period that begins up to that day."),
        )
    return period.cut(as_of)
