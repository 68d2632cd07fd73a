"""`channelctl report`: packs of reports, for a day, a month, a customer, or a user's own."""

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from channelctl import options
from channelctl.errors import FINDINGS, RefusedError, UsageError
from channelctl.i18n import _, reason
from channelctl.report import UNITS, Report, out, reports

if TYPE_CHECKING:
    from channelctl.notices.outbox import Outbox
    from channelctl.packs import Pack
    from channelctl.packs.whose import Whose

app = typer.Typer()
report_app = typer.Typer(no_args_is_help=True)
app.add_typer(
    report_app, name="report", help=_("Packs of reports for a manager: a file each."), rich_help_panel=options.DAILY
)

_PANEL = _("Output")
# For more offices it pays to have their sale lines laid out by office first.
_MANY = 10
_FormatOption = Annotated[
    str | None,
    typer.Option(
        "--format",
        "-f",
        metavar="text|xlsx|html|pdf|md|json",
        help=_("The form of the pack; default: text, or by the ending of --output."),
        rich_help_panel=_PANEL,
    ),
]
_OutputOption = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE|FOLDER",
        help=_("Write the pack to this file; with --all-offices the packs to this folder."),
        rich_help_panel=_PANEL,
    ),
]
_UnitOption = Annotated[
    str,
    typer.Option(
        "--unit",
        metavar="|".join(UNITS),
        help=_("Money shown in yuan or in 10,000 yuan (not in json and xlsx)."),
        rich_help_panel=_PANEL,
    ),
]
_AllOfficesOption = Annotated[
    bool, typer.Option("--all-offices", help=_("A file for each office, and one for the region."))
]
_NotifyOption = Annotated[
    list[str] | None,
    typer.Option(
        "--notify",
        metavar="ADDRESS",
        help=_("Send word of it there, with the file: mailto:…, dingtalk://…, or a name of the policy."),
        rich_help_panel=_PANEL,
    ),
]
_SentArgument = Annotated[list[Path], typer.Argument(metavar="FILE...", help=_("Files that stand."))]
_ToOption = Annotated[
    list[str],
    typer.Option("--notify", metavar="ADDRESS", help=_("Where to: mailto:…, json+https://…, or a name of the policy.")),
]
_TitleOption = Annotated[
    str | None, typer.Option("--title", metavar="TEXT", help=_("What stands above it; default: the file's name."))
]
_CustomerArgument = Annotated[str, typer.Argument(metavar="CUSTOMER", help=_("A code or a unique name."))]
_CustomerOption = Annotated[
    str | None, typer.Option("--customer", metavar="CUSTOMER", help=_("For a pack of one customer: code or name."))
]
_PackArgument = Annotated[
    str, typer.Argument(metavar="NAME|FILE", help=_("A pack's name, or the TOML file that defines it."))
]
_NewArgument = Annotated[str, typer.Argument(metavar="NAME", help=_("What the pack is to be called."))]
_LikeOption = Annotated[
    str, typer.Option("--like", metavar="NAME", help=_("The pack to start from: daily, month, customer or your own."))
]
_NewFileOption = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help=_("Write it to this file; default: where your own packs are.")),
]


class _To(NamedTuple):
    """Where packs go, as the options say it."""

    format: str | None
    output: Path | None
    unit: str
    all_offices: bool = False
    known: str | None = None
    notify: list[str] | None = None


@report_app.command("daily")
def daily(
    office: options.OfficeOption = None,
    region: options.RegionOption = None,
    as_of: options.AsOfOption = None,
    known: options.KnownOption = None,
    all_offices: _AllOfficesOption = False,
    format: _FormatOption = None,
    output: _OutputOption = None,
    unit: _UnitOption = "yuan",
    notify: _NotifyOption = None,
) -> None:
    """Write the daily follow-up: the month so far against its target, who moved, who stopped, stock and money due.

    Example: channelctl report daily --office 南京 --as-of 2024-05-20 --output daily.xlsx
    """
    from channelctl.packs.whose import Whose

    _deliver("daily", Whose(office, region, None, None, as_of), _To(format, output, unit, all_offices, known, notify))


@report_app.command("month")
def month(
    month: options.MonthOption = None,
    office: options.OfficeOption = None,
    region: options.RegionOption = None,
    as_of: options.AsOfOption = None,
    known: options.KnownOption = None,
    all_offices: _AllOfficesOption = False,
    format: _FormatOption = None,
    output: _OutputOption = None,
    unit: _UnitOption = "yuan",
    notify: _NotifyOption = None,
) -> None:
    """Write the month's pack: sales and targets, score, tiers, rebates, receivables, stock, quality of the data.

    Example: channelctl report month --month 2024-05 --all-offices --output packs/
    """
    from channelctl.packs.whose import Whose

    _deliver("month", Whose(office, region, None, month, as_of), _To(format, output, unit, all_offices, known, notify))


@report_app.command("customer")
def customer(
    customer: _CustomerArgument,
    as_of: options.AsOfOption = None,
    known: options.KnownOption = None,
    format: _FormatOption = None,
    output: _OutputOption = None,
    unit: _UnitOption = "yuan",
    notify: _NotifyOption = None,
) -> None:
    """Write a customer's card: who it is, what it buys, owes, earns and has on its shelves; one printed page.

    Example: channelctl report customer C00001 --output card.html
    """
    from channelctl.packs.whose import Whose

    _deliver(
        "customer", Whose(None, None, customer, None, as_of), _To(format, output, unit, known=known, notify=notify)
    )


@report_app.command("run")
def run(
    name: _PackArgument,
    month: options.MonthOption = None,
    office: options.OfficeOption = None,
    region: options.RegionOption = None,
    customer: _CustomerOption = None,
    as_of: options.AsOfOption = None,
    known: options.KnownOption = None,
    all_offices: _AllOfficesOption = False,
    format: _FormatOption = None,
    output: _OutputOption = None,
    unit: _UnitOption = "yuan",
    notify: _NotifyOption = None,
) -> None:
    """Write a pack of your own, or any there is, by its name or file.

    Example: channelctl report run monday --office 南京 --output monday.html
    """
    from channelctl.packs.whose import Whose

    _deliver(name, Whose(office, region, customer, month, as_of), _To(format, output, unit, all_offices, known, notify))


@report_app.command("list")
@reports("packs", "channelctl.packs.listing:PackRow")
def list_() -> Report:
    """List the packs there are: ours, and your own."""
    from channelctl.packs import listing

    return listing.report()


@report_app.command("new")
def new(name: _NewArgument, like: _LikeOption = "month", output: _NewFileOption = None) -> None:
    """Write the TOML file of a pack of your own, to be edited: which reports, in which order, with which titles.

    Example: channelctl report new monday --like daily --output monday.toml
    """
    from channelctl.packs import definition, drafting

    out.tell(_("written: {file}").format(file=drafting.draft(name, definition.source(like), output)))
    named = name if output is None else shlex.quote(str(output))
    out.remark(_("Edit it, then: channelctl report run {name}").format(name=named))


@report_app.command("send")
def send(files: _SentArgument, notify: _ToOption, title: _TitleOption = None) -> None:
    """Send files that stand: by mail, to a webhook, into a chat; exit code 1 where one did not go.

    Example: channelctl report send daily.xlsx --notify mailto:wang@example.com
    """
    from channelctl.notices.outbox import Outbox
    from channelctl.notices.wording import of_file

    outbox = Outbox(notify, [None])
    for file in files:
        try:
            outbox.take(of_file(file, file.read_bytes(), title))
        except OSError as error:
            raise RefusedError(
                _("{file} cannot be read: {reason}").format(file=file, reason=reason(error)),
                _("Check the path of the file."),
            ) from None
    if not outbox.send():
        raise typer.Exit(FINDINGS)


def _deliver(name: str, whose: "Whose", to: _To) -> None:
    """Make the packs that are asked for, and write them."""
    from channelctl import db, settings
    from channelctl.packs import definition, delivering, making
    from channelctl.packs.whose import named, of_all_offices, set_apart

    if to.notify and to.output is None:
        raise UsageError(_("what is sent is a file"), _("Name it: --output FILE"))
    target = delivering.target(to.format, to.output, to.unit, to.all_offices)
    plan = definition.read(definition.source(name))
    with settings.reading(to.known), db.kept():
        scopes = of_all_offices(plan, whose) if to.all_offices else [named(plan, whose)]
        outbox = _outbox(to, [one.asked.office for one in scopes])
        folder, end = target.path or Path(), delivering.ending(target)

        def packs() -> "Iterator[tuple[Path, Pack]]":
            for one in scopes:
                file = folder / f"{one.file}{end}" if to.all_offices else folder
                if one.asked.office and len(scopes) > _MANY:
                    set_apart()
                    db.rest()
                try:
                    pack = making.make(Path(name).stem, plan, one.asked)
                except making.NothingError as nothing:
                    if not to.all_offices:
                        raise
                    out.remark(nothing.message)
                    continue
                finally:
                    db.rest()
                if outbox:
                    outbox.take_pack(pack, file, one.asked.office, to.unit)
                yield file, pack

        if target.path is None:
            delivering.show(next(packs())[1], target)
        else:
            delivering.put(target, packs())
    if outbox and not outbox.send():
        raise typer.Exit(FINDINGS)


def _outbox(to: _To, offices: list[str | None]) -> "Outbox | None":
    """Where word of packs goes, if anybody is to get it."""
    if not to.notify:
        return None
    from channelctl.notices.outbox import Outbox

    return Outbox(to.notify, offices, to.all_offices)
