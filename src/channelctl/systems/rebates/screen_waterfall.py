"""How a product's way from the retail price to what it costs a dealer is put before a person."""

from channelctl.i18n import _, either
from channelctl.money import show, show_quantity
from channelctl.report import Report
from channelctl.report.cells import percent
from channelctl.systems.prices.rules import type_text
from channelctl.systems.rebates.rules_waterfall import MARGIN, NET, StepRow
from channelctl.systems.rebates.store_waterfall import Waterfall


def report(found: Waterfall) -> Report:
    """The steps, and what is left to the dealer."""
    title = [found.product, f"{found.code} {found.name}", found.period.label]
    if found.type_ is not None:
        title.append(either(f"{type_text(found.type_)}价", f"{type_text(found.type_)} price"))
    return Report(
        "price_waterfall",
        StepRow,
        found.steps,
        " · ".join(title),
        params={
            "product": found.product_code,
            "customer": found.code,
            "as_of": found.period.end,
            "type": found.type_,
            "units": found.units,
        },
        notes=_notes(found),
        closing=_closing(found),
    )


def _notes(found: Waterfall) -> list[str]:
    """What is missing, and what stands for it."""
    by_step = {row.step: row for row in found.steps}
    notes = []
    if found.type_ is None:
        text = _("no row of the price list holds for {customer} on {day}")
        notes.append(text.format(customer=found.code, day=found.period.end))
    elif by_step["list"].floor is None:
        text = _("{product} is not offered to {customer}")
        notes.append(text.format(product=found.product, customer=found.code))
    if not found.units:
        text = _("{customer} bought none in {period}")
        if by_step["list"].floor is not None:
            text = _("{customer} bought none in {period}: the list price stands for the invoice")
        notes.append(text.format(customer=found.code, period=found.period.label))
    return notes


def _closing(found: Waterfall) -> list[str]:
    """What a unit really costs, and what selling it at the retail price leaves."""
    by_step = {row.step: row for row in found.steps}
    net, margin = by_step[NET], by_step[MARGIN]
    lines = []
    if found.units:
        lines.append(_("{units} units invoiced.").format(units=show_quantity(found.units)))
    if net.floor is not None and net.estimate is not None:
        text = _("A unit costs {net} net, by the estimate {estimate}.")
        lines.append(text.format(net=show(net.floor), estimate=show(net.estimate)))
    if margin.floor is not None and margin.floor_share is not None:
        text = _("At the retail price that leaves {margin} ({share}).")
        lines.append(text.format(margin=show(margin.floor), share=percent(margin.floor_share)))
    return lines
