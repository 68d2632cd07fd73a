"""`channelctl whatif`: a report under another policy, beside itself under the one in force."""

import inspect
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from channelctl import options
from channelctl.errors import UsageError
from channelctl.i18n import _
from channelctl.report import OFFERS, Compared, Offer, Report, reports

_HERE = "channelctl.commands.whatif"
_SETTINGS = "channelctl.report.whatif:SettingRow"
_REBATES = "rebates"
_RebatesOption = Annotated[
    Path | None,
    typer.Option(
        "--rebates",
        metavar="FILE",
        help=_("A sheet of rebate rules that stands for those in force; nothing is stored."),
    ),
]


def app() -> typer.Typer:
    """A command for each report that can be compared."""
    whole = typer.Typer()
    group = typer.Typer(no_args_is_help=True)
    group.callback()(_before)
    for name, offer in OFFERS.items():
        help_ = _("This report under another policy, beside itself under the one in force.")
        group.command(name.replace("_", "-"), help=help_)(_command(name, offer))
    whole.add_typer(
        group,
        name="whatif",
        help=_("What another policy would change: channelctl whatif --policy new.toml tier"),
        rich_help_panel=options.DAILY,
    )
    return whole


def _before(context: typer.Context, rebates: _RebatesOption = None) -> None:
    """Hand --rebates on to the report that follows."""
    name = (context.invoked_subcommand or "").replace("-", "_")
    if rebates is not None and name in OFFERS and not _sheet(OFFERS[name]):
        raise UsageError(
            _("{report} does not go by rebate rules").format(report=context.invoked_subcommand),
            _("channelctl whatif --rebates new.xlsx rebate --month 2024-05"),
        )
    options.handed_on(context)


def _sheet(offer: Offer) -> str:
    """The kind of record of which a sheet can be asked about, "" for none."""
    return next((way.sheet for way in offer.ways if way.sheet), "")


def _command(name: str, offer: Offer) -> Callable[..., None]:
    rows, pairs = ([f"{_HERE}:{what}_{name}_{place}" for place in range(len(offer.ways))] for what in ("row", "pair"))
    sections = {"settings": _SETTINGS, "summary": pairs}

    def run(**given: Any) -> Report:
        return _compared(offer, given)

    without = {option for way in offer.ways for option in way.without}
    own = [
        one for one in inspect.signature(offer.command, eval_str=True).parameters.values() if one.name not in without
    ]
    if _sheet(offer):
        keyword = inspect.Parameter.KEYWORD_ONLY
        own.append(inspect.Parameter(_REBATES, keyword, default=None, annotation=_RebatesOption))
    run.__signature__ = inspect.Signature(own)  # type: ignore[attr-defined]
    return reports(f"whatif_{name}", *rows, sections=sections)(run)


def __getattr__(name: str) -> type:
    """The row classes that `channelctl schema` asks for: row_tier_0, pair_tier_0."""
    from channelctl.records import dotted
    from channelctl.report import whatif

    what, _under, rest = name.partition("_")
    report, _under, place = rest.rpartition("_")
    if what not in ("row", "pair") or report not in OFFERS or not place.isdecimal():
        raise AttributeError(name)
    offer = OFFERS[report]
    row, way = dotted(offer.rows[int(place)]), offer.ways[int(place)]
    return whatif.row_class(row, way) if what == "row" else whatif.pair_class(row, way)


def _compared(offer: Offer, given: dict[str, Any]) -> Report:
    """Both reports, one after the other, with nothing written."""
    from channelctl import policy, settings
    from channelctl.report import whatif

    new, sheet = settings.current.policy, given.pop(_REBATES, None)
    if sheet is not None:
        if new is not None:
            raise UsageError(_("--policy and --rebates ask two questions"), _("Ask them one after the other."))
        return _by_sheet(offer, given, sheet)
    if new is None and _sheet(offer):
        raise UsageError(
            _("whatif needs other rebate rules, or the other policy"),
            "\n".join(
                (
                    _("channelctl whatif --rebates new.xlsx rebate --month 2024-05"),
                    _("channelctl whatif --policy new.toml rebate --month 2024-05"),
                )
            ),
        )
    if new is None:
        raise UsageError(
            _("whatif needs the other policy"), _("channelctl whatif --policy new.toml tier --month 2024-05")
        )
    with settings.reading():
        with policy.using(new):
            after, values = _run(offer, given), _values()
        with policy.using(None):
            before, held, old = _run(offer, given), _values(), policy.file()
    way = _way(offer, before)
    rows = [
        whatif.SettingRow(*name, held.get(name, ""), values.get(name, ""))
        for name in dict.fromkeys((*held, *values))
        if held.get(name) != values.get(name)
    ]
    names = (None if old is None else old.as_posix(), new.as_posix())
    return whatif.compared(before, after, way, rows, names)


def _by_sheet(offer: Offer, given: dict[str, Any], sheet: Path) -> Report:
    """Both reports, with the records of a sheet in place of those stored, and without."""
    from channelctl import db, settings
    from channelctl.records import kinds, standins, store
    from channelctl.report import whatif
    from channelctl.sheets import peek

    kind = kinds()[_sheet(offer)]
    with settings.reading():
        with db.session() as session:
            rows = peek.records(session, sheet, kind)
            stored = [_fields(kind, row) for row in store.filtered(session, kind, {})]
        with standins.using(kind.name, rows):
            after = _run(offer, given)
        before = _run(offer, given)
    differing = whatif.differing(kind.columns, kind.key, stored, [one.values for one in rows])
    made = whatif.compared(before, after, _way(offer, before), differing, (_("the rules in force"), sheet.as_posix()))
    without = {name: value for name, value in made.params.items() if name not in ("policy", "new_policy")}
    return replace(made, params={**without, "rebates": sheet.as_posix()})


def _fields(kind: Any, row: Any) -> dict[str, Any]:
    """A record's values by column of its table."""
    return {name.rstrip("_"): getattr(row, name) for name in kind.columns}


def _run(offer: Offer, given: dict[str, Any]) -> Report:
    """The report, after the whole policy was checked: what another report would refuse is refused here too."""
    from channelctl import policy

    policy.all_sections()
    report = offer.command(**given)
    assert report is not None  # noqa: S101  only a group hands on
    return report


def _way(offer: Offer, report: Report) -> Compared:
    """How rows of the report's class are compared."""
    from channelctl.records import dotted

    for place, way in zip(offer.rows, offer.ways, strict=False):
        if dotted(place) is report.row:
            return way
    raise UsageError(
        _("in this form the report cannot be compared with itself under another policy"),
        _("Leave out the options that change its form."),
    )


def _values() -> dict[tuple[str, str], str]:
    from channelctl import policy

    return {(one.section, one.name): one.value for one in policy.in_force()}
