"""Columns of returns, and of what they leave, beside those of the sales they come off."""

from collections.abc import Sequence
from typing import NamedTuple

from channelctl.i18n import _
from channelctl.sheets.shapes import measures
from channelctl.sheets.shapes.across import Across, called
from channelctl.sheets.shapes.measures import RETURNED, Measure


class Lack(NamedTuple):
    """What keeps columns from being read, and what to do."""

    why: str
    hint: str


def lack(across: Sequence[Across], default: str) -> Lack | None:
    """What keeps returns from being taken off; `default` is the measure of headings that do not say one."""
    back = [one for one in across if _field(one, default) in RETURNED]
    sales = {_field(one, default) for one in across} - {*RETURNED}
    if back and not sales:
        return Lack(
            _("returns stand under {column}, and no sales beside them").format(column=called(back[0])),
            _("Write what the other columns hold: 销售额 (sales amount); or call the sheet 退货 (returns)."),
        )
    nets = [one for one in across if measures.is_net(one.heading)]
    checks = _checks(across, default)
    if checks and len(checks) < len(nets):
        return Lack(
            _("{column} is net of returns, and others are not").format(
                column=called(next(one for one in nets if one not in checks))
            ),
            _("Export net figures only, or sales and returns."),
        )
    if not back or "quantity" not in sales or sales == {"quantity"} or (nets and not checks):
        return None
    return _counted_or_not(back, default)


def _counted_or_not(back: Sequence[Across], default: str) -> Lack | None:
    """Where amounts and quantities were sold, returns must say which they are, and what they were worth."""
    heading = back[0].heading.split()[-1]
    if any(one.measure and one.measure.is_open for one in back):
        return Lack(
            _("{column} does not say whether it holds amounts or quantities").format(column=called(back[0])),
            _('Say it here: --map "{heading}=returned" (amounts) or --map "{heading}=returned_quantity"').format(
                heading=heading
            ),
        )
    if "returned" in {_field(one, default) for one in back}:
        return None
    return Lack(
        _("{column} counts what came back, and nothing says what that was worth").format(column=called(back[0])),
        _(
            "Add the amounts of the returns (退货金额) beside them.\n"
            'If the amounts are without returns already: --map "{heading}=-"'
        ).format(heading=heading),
    )


def settled(across: Sequence[Across], default: str) -> list[Across]:
    """The columns to read: 退货 beside quantities only counts those, and nothing is read twice.

    Net figures beside those that returns come off only check them; where they stand alone, returns are off already.
    """
    counted = {_field(one, default) for one in across} - {*RETURNED} == {"quantity"}
    checks = _checks(across, default)
    net = not checks and any(measures.is_net(one.heading) for one in across)
    read = [one for one in across if one not in checks and not (net and _field(one, default) in RETURNED)]
    return [in_quantities(one) for one in read] if counted else read


def in_quantities(one: Across) -> Across:
    """A column of returns whose heading leaves it open as one of quantities."""
    if one.measure is None or not one.measure.is_open:
        return one
    return one._replace(measure=Measure("returned_quantity", one.measure.factor))


def _checks(across: Sequence[Across], default: str) -> list[Across]:
    """The net figures beside those that they are left of."""
    nets = [one for one in across if measures.is_net(one.heading)]
    gross = {_figure(one, default) for one in across if one not in nets}
    return [one for one in nets if _figure(one, default) in gross]


def _figure(one: Across, default: str) -> tuple[object, ...]:
    """What makes two columns the same figure: the time, the product and the field."""
    span = one.span._replace(rest="") if one.span is not None else None
    return span, one.product, _field(one, default)


def _field(one: Across, default: str) -> str:
    return one.measure.field if one.measure else default
