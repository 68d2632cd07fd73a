"""From a product's retail price down to what it really costs a dealer, step by step, a unit."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Annotated, NamedTuple

from channelctl.columns import Col
from channelctl.i18n import _
from channelctl.money import to_fen
from channelctl.systems.rebates.rules import CONTRACT, OTHER, PICKUP, VOLUME, ZERO

RETAIL, LIST, LIST_CHANGE, OFF_LIST = "retail", "list", "list_change", "off_list"
INVOICE, NET, MARGIN = "invoice", "net", "margin"
TYPES = (PICKUP, VOLUME, CONTRACT, OTHER)


def step_text(step: str) -> str:
    """A step as a person reads it."""
    return {
        RETAIL: _("retail price"),
        LIST: _("list price"),
        LIST_CHANGE: _("change of the list price"),
        OFF_LIST: _("off the list price"),
        INVOICE: _("invoice price"),
        PICKUP: _("pick-up rebate"),
        VOLUME: _("volume rebate"),
        CONTRACT: _("contract rebate"),
        OTHER: _("other rebate"),
        NET: _("net price"),
        MARGIN: _("dealer's margin"),
    }.get(step, step)


class StepRow(NamedTuple):
    """A price, or what takes it down to the next one, a unit; None where there is none.

    `floor` goes by the rebates earned so far, `estimate` by those of the projected base; the shares are of the retail
    price.
    """

    step: Annotated[str, Col("项目", "Step", words=step_text)]
    name: Annotated[str, Col("政策", "Policy")]
    floor: Annotated[Decimal | None, Col("每台（已达）", "A unit, floor", kind="money")]
    floor_share: Annotated[Decimal | None, Col("占零售价", "Of retail", kind="share")]
    estimate: Annotated[Decimal | None, Col("每台（预计）", "A unit, estimate", kind="money")]
    estimate_share: Annotated[Decimal | None, Col("预计占零售价", "Estimate of retail", kind="share", wide=True)]


class Share(NamedTuple):
    """What a rule pays a unit of the product: by its entitlement so far, and by that of the projected base."""

    type_: str
    name: str
    floor: Decimal
    estimate: Decimal


def per_unit(entitlement: Decimal, part: Decimal, whole: Decimal, quantity: Decimal) -> Decimal:
    """A product's part of an entitlement a unit; nothing where nothing of it, or of the whole, was bought."""
    return entitlement * part / whole / quantity if whole > 0 and part > 0 and quantity > 0 else ZERO


def waterfall(
    retail: Decimal | None,
    listed: Decimal | None,
    then: Decimal | None,
    invoice: Decimal | None,
    rebates: Iterable[Share],
) -> list[StepRow]:
    """Every step in order, each to the fen, so that they add up; without an invoice the list price stands for it.

    `then` is the list price of the days on which it was bought, on the average.
    """
    retail, listed, then, invoice = (
        None if price is None else to_fen(price) for price in (retail, listed, then, invoice)
    )
    paid = listed if invoice is None else invoice
    rows = [_row(retail, RETAIL, retail, retail), _row(retail, LIST, listed, listed)]
    if listed is not None and invoice is not None:
        then = listed if then is None else then
        for step, part in ((LIST_CHANGE, then - listed), (OFF_LIST, invoice - then)):
            rows += [_row(retail, step, part, part)] if part else []
    rows.append(_row(retail, INVOICE, invoice, invoice))
    shares = [one._replace(floor=to_fen(one.floor), estimate=to_fen(one.estimate)) for one in rebates]
    shares.sort(key=lambda one: (TYPES.index(one.type_) if one.type_ in TYPES else len(TYPES), one.name))
    rows += [_row(retail, one.type_, -one.floor, -one.estimate, one.name) for one in shares]
    floor, estimate = _net(paid, [one.floor for one in shares]), _net(paid, [one.estimate for one in shares])
    rows.append(_row(retail, NET, floor, estimate))
    rows.append(_row(retail, MARGIN, _minus(retail, floor), _minus(retail, estimate)))
    return rows


def _row(retail: Decimal | None, step: str, floor: Decimal | None, estimate: Decimal | None, name: str = "") -> StepRow:
    return StepRow(step, name, floor, _part(floor, retail), estimate, _part(estimate, retail))


def _part(value: Decimal | None, retail: Decimal | None) -> Decimal | None:
    return None if value is None or not retail else value / retail


def _net(paid: Decimal | None, rebates: Sequence[Decimal]) -> Decimal | None:
    return None if paid is None else paid - sum(rebates, ZERO)


def _minus(value: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if value is None or other is None else value - other
