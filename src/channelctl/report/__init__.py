"""One result, many forms: a command returns a Report, `@reports` gives it the options that every report has."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import Annotated, Any

import typer

from channelctl.i18n import _

FORMATS = ("table", "json", "csv", "xlsx", "html", "md")
UNITS = ("yuan", "wan")


@dataclass(frozen=True)
class Table:
    """A smaller table beside the main one; `data_only` is for programs: in JSON and workbooks, not before people."""

    row: type
    rows: Sequence[Any]
    title: str = ""
    data_only: bool = False


@dataclass(frozen=True)
class Report:
    """A result: rows of one class, and what is said around them.

    `notes` are remarks (stderr beside a table, "notes" in JSON); `closing` are the last lines of the result itself.
    `totals` by column name make a totals row. `sections` stand before the main table, in JSON under their own names.
    `only` names the columns for people to see (json, csv and xlsx hold all); a `card` shows a field a line; of a
    `data_only` report people see the sections.
    """

    name: str
    row: type
    rows: Sequence[Any]
    title: str
    params: Mapping[str, Any] = field(default_factory=dict)
    totals: Mapping[str, Any] = field(default_factory=dict)
    notes: Sequence[str] = ()
    closing: Sequence[str] = ()
    sections: Mapping[str, Table] = field(default_factory=dict)
    exit_code: int = 0
    only: Sequence[str] = ()
    card: bool = False
    data_only: bool = False


@dataclass(frozen=True)
class Shape:
    """What a report's JSON is made of: "module:Class" of its rows (one of several) and of each section's."""

    rows: tuple[str, ...]
    sections: Mapping[str, str] = field(default_factory=dict)


SCHEMAS: dict[str, Shape] = {}

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
_OPTIONS: dict[str, tuple[Any, Any]] = {
    "report_format": (_FormatOption, None),
    "report_output": (_OutputOption, None),
    "report_all": (_AllOption, False),
    "report_unit": (_UnitOption, "yuan"),
}


def reports(
    name: str, rows: str, *more: str, sections: Mapping[str, str] | None = None
) -> Callable[[Callable[..., Report | None]], Callable[..., None]]:
    """Make a function that returns a Report a command with --format, --output, --all and --unit.

    `rows`, each of `more` (row classes the same report may have instead) and `sections` are "module:Class", imported
    for `channelctl schema` only. The options are checked before the function runs: a mistyped format changes nothing.
    """
    known = SCHEMAS.get(name, Shape(()))
    SCHEMAS[name] = Shape(
        tuple(dict.fromkeys((*known.rows, rows, *more))), {**known.sections, **(sections or {})}
    )  # fmt: skip

    def decorate(command: Callable[..., Report | None]) -> Callable[..., None]:
        @wraps(command)
        def run(*args: Any, **kwargs: Any) -> None:
            from channelctl.report import deliver

            chosen = [kwargs.pop(option, default) for option, (_type, default) in _OPTIONS.items()]
            target = deliver.target(*chosen)
            report = command(*args, **kwargs)
            if report is None:
                return
            deliver.deliver(report, target)
            if report.exit_code:
                raise typer.Exit(report.exit_code)

        _sign(run, command)
        return run

    return decorate


def _sign(run: Callable[..., None], command: Callable[..., Any]) -> None:
    """Typer reads the signature and the annotations; what `wraps` left would hide the added options from it."""
    own = inspect.signature(command, eval_str=True)
    added = [
        inspect.Parameter(option, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)
        for option, (kind, default) in _OPTIONS.items()
    ]
    parameters = [*own.parameters.values(), *added]
    run.__signature__ = inspect.Signature(parameters, return_annotation=None)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters} | {"return": None}
    del run.__wrapped__  # type: ignore[attr-defined]


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
