"""`channelctl whatif`: a report under another policy, beside itself under the one in force."""

import inspect
from collections.abc import Callable
from typing import Any

import typer

from channelctl import options
from channelctl.errors import UsageError
from channelctl.i18n import _
from channelctl.report import OFFERS, Compared, Offer, Report, reports

_HERE = "channelctl.commands.whatif"
_SETTINGS = "channelctl.report.whatif:SettingRow"


def app() -> typer.Typer:
    """A command for each report that can be compared."""
    whole = typer.Typer()
    group = typer.Typer(no_args_is_help=True)
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


def _command(name: str, offer: Offer) -> Callable[..., None]:
    rows, pairs = ([f"{_HERE}:{what}_{name}_{place}" for place in range(len(offer.ways))] for what in ("row", "pair"))
    sections = {"settings": _SETTINGS, "summary": pairs}

    def run(**given: Any) -> Report:
        return _compared(offer, given)

    own = inspect.signature(offer.command, eval_str=True).parameters.values()
    without = {option for way in offer.ways for option in way.without}
    run.__signature__ = inspect.Signature([one for one in own if one.name not in without])  # type: ignore[attr-defined]
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

    new = settings.current.policy
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
