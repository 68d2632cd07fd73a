"""One result, many forms: a command returns a Report, `@reports` gives it the options that every report has."""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from functools import wraps
from pathlib import Path
from typing import Annotated, Any

import typer

from channelctl import options, settings
from channelctl.i18n import _
from channelctl.report.result import Figure as Figure
from channelctl.report.result import Letter as Letter
from channelctl.report.result import Report as Report
from channelctl.report.result import Slip as Slip
from channelctl.report.result import Table as Table

FORMATS = ("table", "json", "csv", "xlsx", "html", "md")
UNITS = ("yuan", "wan")


@dataclass(frozen=True)
class Shape:
    """What a report's JSON is made of: "module:Class" of its rows (one of several) and of each section's."""

    rows: tuple[str, ...]
    sections: Mapping[str, str | Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Compared:
    """How a report stands beside the same one under another policy, by its columns.

    `key` tells its rows apart and `names` say what they are; `shown` are words (a change of the first is what is
    summed up), `figures` numbers. `totals` are those that the report does not total itself: column ->
    "module:function" of all rows. `without` are the command's options that make no sense here. `sheet` is the kind of
    record of which a sheet can be asked about as well as a policy.
    """

    key: tuple[str, ...]
    names: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    totals: Mapping[str, str] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    sheet: str = ""


@dataclass(frozen=True)
class Offer:
    """A report's function that can be run under another policy; `ways` go with its row classes, one each."""

    command: Callable[..., Report | None]
    rows: tuple[str, ...]
    ways: tuple[Compared, ...]


SCHEMAS: dict[str, Shape] = {}
OFFERS: dict[str, Offer] = {}
_caught: ContextVar[list[Report] | None] = ContextVar("caught", default=None)

_PANEL = _("Output")
_FormatOption = Annotated[
    str | None,
    typer.Option(
        "--format",
        "-f",
        metavar="|".join(FORMATS),
        help=_("The form of the result; default: table, or by the ending of --output."),
        rich_help_panel=_PANEL,
    ),
]
_OutputOption = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help=_("Write the result to this file."), rich_help_panel=_PANEL),
]
_AllOption = Annotated[
    bool, typer.Option("--all", help=_("All rows, also on a terminal."), show_default=False, rich_help_panel=_PANEL)
]
_UnitOption = Annotated[
    str,
    typer.Option(
        "--unit",
        metavar="|".join(UNITS),
        help=_("Money shown in yuan or in 10,000 yuan (not in json, csv and xlsx)."),
        rich_help_panel=_PANEL,
    ),
]
_AS_OF, _KNOWN, _ENGINE, _FACTS = "as_of", "known", "engine", "facts"
_OPTIONS: dict[str, tuple[Any, Any]] = {
    "report_format": (_FormatOption, None),
    "report_output": (_OutputOption, None),
    "report_all": (_AllOption, False),
    "report_unit": (_UnitOption, "yuan"),
}


@contextmanager
def catching() -> Iterator[list[Report]]:
    """Have the reports of commands handed over in place of being shown, until it is over."""
    found: list[Report] = []
    held = _caught.set(found)
    try:
        yield found
    finally:
        _caught.reset(held)


def reports(
    name: str,
    rows: str,
    *more: str,
    sections: Mapping[str, str | Sequence[str]] | None = None,
    known: bool = False,
    engine: bool = False,
    whatif: Compared | Sequence[Compared] = (),
) -> Callable[[Callable[..., Report | None]], Callable[..., None]]:
    """Make a function that returns a Report a command with --format, --output, --all and --unit.

    `rows`, each of `more` (row classes the same report may have instead) and `sections` are "module:Class", imported
    for `channelctl schema` only. The options are checked before the function runs: a mistyped format changes nothing.
    With `known`, and wherever there is --as-of, it has --known too, with `engine` --engine and --facts; `whatif` says
    how each of the row classes is compared with the same under another policy: then `channelctl whatif` has the
    command too.
    """
    shape = SCHEMAS.get(name, Shape(()))
    SCHEMAS[name] = Shape(
        tuple(dict.fromkeys((*shape.rows, rows, *more))), {**shape.sections, **(sections or {})}
    )  # fmt: skip

    ways = (whatif,) if isinstance(whatif, Compared) else tuple(whatif)

    def decorate(command: Callable[..., Report | None]) -> Callable[..., None]:
        if ways:
            OFFERS[name] = Offer(command, (rows, *more), ways)

        @wraps(command)
        def run(*args: Any, **kwargs: Any) -> None:
            from channelctl.report import deliver

            chosen = [kwargs.pop(option, default) for option, (_type, default) in _OPTIONS.items()]
            target = deliver.target(*chosen)
            asked = kwargs.pop(_KNOWN, None) if timed else None
            beyond = options.engine_of(kwargs.pop(_ENGINE), kwargs.pop(_FACTS), asked) if engine else None
            with (
                settings.reading(asked) if asked is not None else nullcontext(),
                settings.asking(*beyond) if beyond is not None else nullcontext(),
            ):
                report = command(*args, **kwargs)
                report = None if report is None else _as_known(report)
            if report is None:
                return
            caught = _caught.get()
            if caught is not None:
                caught.append(report)
                return
            deliver.deliver(report, target)
            if report.exit_code:
                raise typer.Exit(report.exit_code)

        timed = _sign(run, command, known, engine)
        return run

    return decorate


def _as_known(report: Report) -> Report:
    """With what it was made from, if that was not all there is."""
    known = settings.current.known
    if known is None:
        return report
    said = _("as known on {day}, batch {batch}").format(day=known.day, batch=known.batch)
    title = f"{report.title} · {said}" if report.title else said
    return replace(report, title=title, params={**report.params, "known": known.day, "known_batch": known.batch})


def _sign(run: Callable[..., None], command: Callable[..., Any], known: bool, engine: bool) -> bool:
    """Typer reads the signature and the annotations; what `wraps` left would hide the added options from it.

    True if --known is among them.
    """
    own = list(inspect.signature(command, eval_str=True).parameters.values())
    beside = next((place for place, one in enumerate(own, 1) if one.name == _AS_OF), len(own) if known else None)
    if any(one.name == _KNOWN for one in own):
        beside = None
    if beside is not None:
        kind = inspect.Parameter.KEYWORD_ONLY
        own.insert(beside, inspect.Parameter(_KNOWN, kind, default=None, annotation=options.KnownOption))
    if engine:
        for name, annotation in ((_ENGINE, options.EngineOption), (_FACTS, options.FactsOption)):
            own.append(inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation))
    added = [
        inspect.Parameter(option, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)
        for option, (kind, default) in _OPTIONS.items()
    ]
    parameters = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in (*own, *added)]
    run.__signature__ = inspect.Signature(parameters, return_annotation=None)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters} | {"return": None}
    del run.__wrapped__  # type: ignore[attr-defined]
    return beside is not None


def emit(
    report: Report,
    format: str | None = None,
    output: Path | None = None,
    all_rows: bool = False,
    unit: str = "yuan",
) -> None:
    """Write a report to stdout or to a file.

    Raises:
        UsageError: no such format, ending or unit; a workbook to a terminal.
        RefusedError: the file cannot be written.
    """
    from channelctl.report import deliver

    deliver.deliver(report, deliver.target(format, output, all_rows, unit))


def schema(name: str) -> dict[str, Any]:
    """The JSON Schema of a report's JSON.

    Raises:
        UsageError: no command has such a report.
    """
    from channelctl.report import jsonschema

    return jsonschema.schema(name, SCHEMAS)
