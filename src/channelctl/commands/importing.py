"""`channelctl import` and `channelctl template`."""

from pathlib import Path
from typing import Annotated

import typer

from channelctl.errors import RefusedError, UsageError
from channelctl.i18n import _, listed
from channelctl.options import DAILY
from channelctl.report import Report, out, reports

app = typer.Typer()

FilesArgument = Annotated[
    list[Path], typer.Argument(metavar="FILE...", help=_("Sheets: xlsx, xlsm, xls, ods, csv; - for a pipe."))
]
MapOption = Annotated[
    list[str] | None,
    typer.Option(
        "--map", metavar="HEADING=FIELD", help=_("Which field a heading means; HEADING=- leaves it out. Repeatable.")
    ),
]
SaveMapOption = Annotated[
    str, typer.Option("--save-map", metavar="NAME", help=_("Keep --map for sheets with the same headings."))
]
KindOption = Annotated[
    str | None,
    typer.Option("--kind", metavar="KIND", help=_("Take the sheets for this kind only: sales, customer, plan …")),
]
NewOption = Annotated[
    str,
    typer.Option(
        "--new",
        metavar="create|reject",
        help=_("Customers, products, offices and reps not known yet: made, or refused."),
    ),
]
PartialOption = Annotated[bool, typer.Option("--partial", help=_("Take the good rows of a sheet with bad ones."))]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help=_("Say what would happen; change nothing."))]
DatesOption = Annotated[
    str | None,
    typer.Option(
        "--dates", metavar="dmy|mdy|ymd", help=_("The order in dates such as 3/5/24, where the sheet leaves it open.")
    ),
]
EncodingOption = Annotated[
    str | None,
    typer.Option(
        "--encoding", metavar="NAME", help=_("The encoding of a CSV, where detection cannot know it: big5, latin-1 …")
    ),
]
ColumnsOption = Annotated[bool, typer.Option("--columns", help=_("Show how every column was read."))]
WarningsOption = Annotated[bool, typer.Option("--warnings", help=_("Show every warning."))]
TemplateArgument = Annotated[
    str,
    typer.Argument(
        metavar="KIND", help=_("sales, customer, contact, plan, class-target, office, region, rep, product.")
    ),
]
TemplateOutput = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help=_("Where to write it; default: KIND.xlsx here."))
]


@app.command("import", rich_help_panel=DAILY)
@reports(
    "import",
    "channelctl.sheets.results:ImportRow",
    sections={
        "problems": "channelctl.sheets.problems:Problem",
        "created": "channelctl.sheets.results:CreatedRow",
    },
)
def import_(
    files: FilesArgument,
    map_: MapOption = None,
    save_map: SaveMapOption = "",
    kind: KindOption = None,
    new: NewOption = "create",
    partial: PartialOption = False,
    dry_run: DryRunOption = False,
    dates: DatesOption = None,
    encoding: EncodingOption = None,
    columns: ColumnsOption = False,
    warnings: WarningsOption = False,
) -> Report:
    """Import sheets: sales, customers, plans and whatever else is in them.

    Example: channelctl import sales.xlsx
    """
    from channelctl import making
    from channelctl.records import kinds
    from channelctl.sheets import screen
    from channelctl.sheets.load import load_file
    from channelctl.sheets.progress import bar
    from channelctl.sheets.results import FileResult, Options

    if new not in ("create", "reject"):
        raise UsageError(_("--new is create or reject, not “{value}”").format(value=new))
    if dates not in (None, "dmy", "mdy", "ymd"):
        raise UsageError(_("--dates is dmy, mdy or ymd, not “{value}”").format(value=dates))
    wanted = kind.replace("-", "_") if kind else None
    if wanted and wanted not in kinds():
        raise UsageError(
            _("there is no kind “{value}”").format(value=kind),
            _("The kinds are: {names}").format(names=listed(kinds())),
        )
    options = Options(_mapping(map_ or []), save_map, wanted, new == "create", partial, dry_run, dates, encoding)

    def work() -> list[FileResult]:
        with bar() as progress:
            return [load_file(path, options, progress) for path in files]

    results, made = making.with_database(work, lambda done: any(one.batch for one in done), dry_run)
    return screen.report(results, options, made, columns, warnings)


def _mapping(words: list[str]) -> dict[str, str]:
    mapping: dict[str, str] = {}
    for word in words:
        heading, equals, field = word.rpartition("=")
        if not equals or not heading.strip() or not field.strip():
            raise UsageError(
                _("--map {word}: write HEADING=FIELD").format(word=word), _("For example: --map 地区=office")
            )
        mapping[heading.strip()] = field.strip()
    return mapping


@app.command("template", rich_help_panel=DAILY)
def template(kind: TemplateArgument, output: TemplateOutput = None) -> None:
    """Make a workbook to fill in: headings, notes, drop-downs and an example row.

    Example: channelctl template sales
    """
    import difflib

    from channelctl import db
    from channelctl.records import kinds, resolve
    from channelctl.sheets.template import write_template

    name = kind.replace("-", "_")
    if name not in kinds():
        near = difflib.get_close_matches(name, list(kinds()), 3, 0.4)
        raise UsageError(
            _("there is no kind “{value}”").format(value=kind),
            _("Did you mean {names}?").format(names=listed(near))
            if near
            else _("The kinds are: {names}").format(names=listed(kinds())),
        )
    lookups: dict[str, list[str]] = {}
    if db.exists():
        with db.session() as session:
            lookups = {other: resolve.names(session, other) for other in ("region", "office", "rep", "product")}
    found = kinds()[name]
    by_field = {field: lookups[col.ref] for field, col in found.columns.items() if lookups.get(col.ref)}
    where = output or Path(f"{kind}.xlsx")
    if where.exists():
        raise RefusedError(
            _("{path} is there already; it was left as it is").format(path=where), _("Name another: --output FILE")
        )
    write_template(where, found.label, found.row, by_field)
    out.remark(_("written: {path}").format(path=where))
