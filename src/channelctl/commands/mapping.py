"""`channelctl map`: the mappings that are kept for sheets with certain headings."""

from typing import Annotated, Any, NamedTuple

import typer

from channelctl.columns import Col
from channelctl.errors import UsageError
from channelctl.i18n import _, listed
from channelctl.options import CARE
from channelctl.report import Report, reports

app = typer.Typer()
map_app = typer.Typer(no_args_is_help=True)
app.add_typer(map_app, name="map", help=_("What headings mean that only you know."), rich_help_panel=CARE)

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help=_("What it was called with --save-map."))]
MapOption = Annotated[
    list[str] | None,
    typer.Option("--map", metavar="HEADING=FIELD", help=_("What a heading means; HEADING= forgets it. Repeatable.")),
]
RenameOption = Annotated[str, typer.Option("--rename", metavar="NEW", help=_("What it is called from now on."))]


class MapRow(NamedTuple):
    """A mapping that is kept."""

    name: Annotated[str, Col("名称", "Name")]
    mapping: Annotated[str, Col("映射", "Mapping")]
    headings: Annotated[str, Col("适用的表头", "For sheets with the headings")]


class MeaningRow(NamedTuple):
    """A heading and the field it means; - for a column that is left out."""

    heading: Annotated[str, Col("表头", "Heading")]
    field: Annotated[str, Col("字段", "Field")]


@map_app.command("list")
@reports("maps", "channelctl.commands.mapping:MapRow")
def list_() -> Report:
    """List the mappings that imports go by."""
    from channelctl import db
    from channelctl.sheets import maps

    with db.session() as session:
        rows = [_row(one) for one in maps.kept(session)]
    return Report("maps", MapRow, rows, _("mappings · {count}").format(count=len(rows)))


@map_app.command("show")
@reports("map", "channelctl.commands.mapping:MeaningRow")
def show(name: NameArgument) -> Report:
    """Show what each heading means, and for which sheets."""
    from channelctl import db
    from channelctl.sheets import maps

    with db.session() as session:
        return _report(maps.named(session, name))


@map_app.command("edit")
@reports("map", "channelctl.commands.mapping:MeaningRow")
def edit(name: NameArgument, map_: MapOption = None, rename: RenameOption = "") -> Report:
    """Change what headings mean, or what the mapping is called.

    Example: channelctl map edit dealers --map 片区=office --map 备注=
    """
    from channelctl import db
    from channelctl.commands.importing import mapping_of
    from channelctl.sheets import maps

    if not map_ and not rename.strip():
        raise UsageError(_("nothing to change was given"), _("Give --map HEADING=FIELD or --rename NEW."))
    with db.session(write=True) as session:
        one, changed = maps.edit(session, name, mapping_of(map_ or [], drop=True), rename)
        if not changed:
            session.rollback()
        return _report(one, _("changed") if changed else _("nothing to change: it is so already"))


@map_app.command("remove")
@reports("map", "channelctl.commands.mapping:MeaningRow")
def remove(name: NameArgument) -> Report:
    """Forget a mapping; what was imported by it stays."""
    from channelctl import db
    from channelctl.sheets import maps

    with db.session(write=True) as session:
        return _report(maps.remove(session, name), _("removed"))


def _row(one: Any) -> MapRow:
    import json

    mapping = listed(f"{heading}={field}" for heading, field in json.loads(one.mapping).items())
    return MapRow(one.name, mapping, " · ".join(_headings(one)))


def _headings(one: Any) -> list[str]:
    """The headings of each sort of sheet that it is for."""
    return [listed(words.split("|")) for words in one.fingerprint.splitlines()]


def _report(one: Any, what: str = "") -> Report:
    import json

    rows = [MeaningRow(*item) for item in json.loads(one.mapping).items()]
    title = " · ".join(filter(None, [_("mapping {name}").format(name=one.name), what]))
    serves = [_("for sheets with the headings {headings}").format(headings=words) for words in _headings(one)]
    closing = serves or [_("for no sheet: another mapping is kept for the headings it was for")]
    return Report("map", MeaningRow, rows, title, params={"name": one.name}, closing=closing)
