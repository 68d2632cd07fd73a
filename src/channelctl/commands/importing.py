"""`channelctl import` and `channelctl template`."""

import gc
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from channelctl.errors import RefusedError, UsageError
from channelctl.i18n import _, listed
from channelctl.options import DAILY
from channelctl.report import Report, out, reports

if TYPE_CHECKING:
    from channelctl.sheets.results import FileResult, Options
    from channelctl.sheets.suggesting.asking import Answers

app = typer.Typer()

FilesArgument = Annotated[
    list[Path],
    typer.Argument(metavar="FILE...", help=_("Sheets: xlsx, xlsm, xls, ods, csv; a folder of them; - for a pipe.")),
]
MapOption = Annotated[
    list[str] | None,
    typer.Option(
        "--map", metavar="HEADING=FIELD", help=_("Which field a heading means; HEADING=- leaves it out. Repeatable.")
    ),
]
SaveMapOption = Annotated[
    str,
    typer.Option(
        "--save-map",
        metavar="NAME",
        help=_("Keep what --map says, or what was answered, for sheets with the same headings."),
    ),
]
NoAskOption = Annotated[
    bool, typer.Option("--no-ask", help=_("Refuse unknown headings, also on a terminal, instead of asking."))
]
OverlapOption = Annotated[
    str,
    typer.Option(
        "--overlap",
        metavar="skip|replace|keep",
        help=_(
            "Where sales are there already: known lines stay; the file is all there is of its days and offices; or"
            " every line of it is new."
        ),
    ),
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
        metavar="KIND",
        help=_(
            "sales, customer, customer-alias, contact, tier-mark, plan, class-target, office-target, score-mark,"
            " office, region, rep, calendar-day, product, price, stock-count, sell-out, rebate-rule, activation,"
            " rebate-payout, receivable, payment, payment-application, open-order, promise,"
            " credit-limit, credit-investigation, credit-application, credit-hold, credit-writeoff, credit-recovery."
        ),
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
        "mapping": "channelctl.sheets.results:ColumnRow",
        "suggestions": "channelctl.sheets.results:SuggestedRow",
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
    overlap: OverlapOption = "skip",
    no_ask: NoAskOption = False,
) -> Report:
    """Import sheets: sales, customers, plans and whatever else is in them.

    Example: channelctl import sales.xlsx
    """
    return take(
        files, kind, map_, save_map, new, partial, dry_run, dates, encoding, columns, warnings, overlap, no_ask
    )  # fmt: skip


def take(
    files: Sequence[Path],
    kind: str | None,
    map_: Sequence[str] | None = None,
    save_map: str = "",
    new: str = "create",
    partial: bool = False,
    dry_run: bool = False,
    dates: str | None = None,
    encoding: str | None = None,
    columns: bool = False,
    warnings: bool = False,
    overlap: str = "skip",
    no_ask: bool = False,
) -> Report:
    """What `channelctl import` does."""
    from channelctl import making
    from channelctl.records import kinds
    from channelctl.sheets import gather, screen
    from channelctl.sheets.doubts import look_again
    from channelctl.sheets.results import FileResult, Options

    for option, value, words in (
        ("--new", new, ("create", "reject")),
        ("--dates", dates, (None, "dmy", "mdy", "ymd")),
        ("--overlap", overlap, ("skip", "replace", "keep")),
    ):
        if value not in words:
            one_of = _(" or ").join(filter(None, words))
            raise UsageError(_("{option} is {words}, not “{value}”").format(option=option, words=one_of, value=value))
    wanted = kind.replace("-", "_") if kind else None
    if wanted and wanted not in kinds():
        raise UsageError(
            _("there is no kind “{value}”").format(value=kind),
            _("The kinds are: {names}").format(names=listed(kinds())),
        )
    mapping = mapping_of(map_ or [])
    options = Options(mapping, save_map, wanted, new == "create", partial, dry_run, dates, encoding, overlap)
    gathered = gather.gather(files)
    answered: dict[tuple[str, ...], Answers] = {}

    def work() -> list[FileResult]:
        ask = out.can_ask() and not no_ask
        done: list[FileResult] = []
        for path in gathered.files:
            if done:
                # What was known of the file before is bound in cycles, and they are looked for too seldom to let it go.
                gc.collect(1)
            done.append(_load(path, options, answered if ask else None))
        look_again(done)
        return done

    results, made = making.with_database(work, lambda done: any(one.batch for one in done), dry_run)
    results += [FileResult(path.name, error=error, path=path) for path, error in gathered.refused]
    return screen.report(results, options, made, columns or dry_run, warnings, gathered.remarks)


def _load(path: Path, options: "Options", answered: "dict[tuple[str, ...], Answers] | None") -> "FileResult":
    """Import one file; where its headings are not known and somebody can be asked, by what they answer.

    `answered` holds the answers so far by the headings they were for; None where nobody is asked.
    """
    from dataclasses import replace

    from channelctl.sheets.load import load_file
    from channelctl.sheets.progress import bar
    from channelctl.sheets.suggesting import asking

    with bar() as progress:
        result = load_file(path, options, progress)
    if answered is None or result.guess is None or result.piped:
        return result
    words = tuple(sorted(one.heading for one in result.guess.samples))
    answers = answered.get(words) or asking.ask(result, not (options.save_map or options.dry_run))
    if answers is None:
        return result
    answered[words] = answers
    told = replace(
        options,
        mapping={**options.mapping, **answers.mapping},
        save_map=options.save_map or answers.save,
        kind=answers.kind or options.kind,
    )
    with bar() as progress:
        result = load_file(path, told, progress)
    result.mapping = answers.mapping
    return result


def mapping_of(words: Sequence[str], drop: bool = False) -> dict[str, str]:
    """--map options: heading -> field; with `drop` "" for HEADING=, which is to be forgotten."""
    mapping: dict[str, str] = {}
    for word in words:
        heading, equals, field = word.rpartition("=")
        if not equals or not heading.strip() or not (field.strip() or drop):
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
    write_template(where, found.label, found.row, by_field, on_paper=found.one if found.on_paper else "")
    out.remark(_("written: {path}").format(path=where))
