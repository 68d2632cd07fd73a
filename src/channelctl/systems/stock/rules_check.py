"""Whether counts, sell-in and sell-out agree: what was there, what came, what went, and what was found."""

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Annotated, NamedTuple

from channelctl.columns import Col
from channelctl.i18n import _
from channelctl.systems.stock.rules import ZERO, Count, Item, Moved, between

SELL_OUT, SHEET, REMAINDER = "sell_out", "sheet", "remainder"


def sold_by_text(word: str) -> str:
    """What tells how much was sold on, as people say it."""
    said = {SELL_OUT: _("sell-out"), SHEET: _("the stock sheet"), REMAINDER: _("the remainder")}
    return said.get(word, word)


class CheckRow(NamedTuple):
    """A product at a customer between two counts: before + sell-in - sell-out is what the last count should find.

    `difference` is counted less expected. `sold_by` is where the sell-out is from; as the remainder it is whatever
    makes the counts agree, and only more than there could be is a difference. `received` is what the stock sheets say
    came, None where they do not say it of all the time between; `not_ours` is what of it is not in our sell-in.
    """

    customer_code: Annotated[str, Col("客户编码", "Customer code", kind="code")]
    customer: Annotated[str, Col("客户", "Customer")]
    product_code: Annotated[str, Col("产品编码", "Product code", kind="code", wide=True)]
    product: Annotated[str, Col("型号", "Product")]
    from_: Annotated[dt.date, Col("上次盘点", "From", kind="date")]
    to: Annotated[dt.date, Col("本次盘点", "To", kind="date")]
    before: Annotated[Decimal, Col("上次库存", "Before", kind="quantity")]
    sell_in: Annotated[Decimal, Col("提货", "Sell-in", kind="quantity")]
    sell_out: Annotated[Decimal, Col("销出", "Sell-out", kind="quantity")]
    expected: Annotated[Decimal, Col("应有库存", "Expected", kind="quantity")]
    counted: Annotated[Decimal, Col("实盘库存", "Counted", kind="quantity")]
    difference: Annotated[Decimal, Col("差异", "Difference", kind="quantity")]
    sold_by: Annotated[str, Col("销出依据", "Sell-out by", words=sold_by_text)]
    received: Annotated[Decimal | None, Col("表列进货", "Received, by the sheet", kind="quantity")]
    not_ours: Annotated[Decimal | None, Col("进货差异", "Less sell-in", kind="quantity")]


def check(
    item: Item, counts: Sequence[Count], bought: Iterable[Moved], sold: Sequence[Moved], reported: Iterable[dt.date]
) -> CheckRow | None:
    """The first and the last of some counts beside what was moved between them; None of fewer than two.

    `reported` are the days on which the customer sold on anything: who reports sold on nothing of what is not named.
    """
    in_order = sorted(counts)
    if len(in_order) < 2:
        return None
    before, last = in_order[0], in_order[-1]
    came = between(bought, before.date, last.date)
    here = before.quantity + came
    received = _told([one.received for one in in_order[1:]])
    went, by = _went(in_order, sold, reported, here)
    expected = here - went
    return CheckRow(
        *(item.customer_code, item.customer, item.product_code, item.product),
        from_=before.date,
        to=last.date,
        before=before.quantity,
        sell_in=came,
        sell_out=went,
        expected=expected,
        counted=last.quantity,
        difference=last.quantity - expected,
        sold_by=by,
        received=received,
        not_ours=None if received is None else received - came,
    )


def _went(
    counts: Sequence[Count], sold: Sequence[Moved], reported: Iterable[dt.date], here: Decimal
) -> tuple[Decimal, str]:
    """What was sold on between the counts, and by what that is known."""
    first, last = counts[0].date, counts[-1].date
    if any(first < one.date <= last for one in sold):
        return between(sold, first, last), SELL_OUT
    if (told := _told([one.sold for one in counts[1:]])) is not None:
        return told, SHEET
    if any(first < day <= last for day in reported):
        return ZERO, SELL_OUT
    return max(ZERO, here - counts[-1].quantity), REMAINDER


def _told(figures: Sequence[Decimal | None]) -> Decimal | None:
    """What the sheets of all the counts say together; None where one of them says nothing."""
    told = [figure for figure in figures if figure is not None]
    return sum(told, ZERO) if len(told) == len(figures) else None


def in_order(rows: Iterable[CheckRow]) -> list[CheckRow]:
    """The largest difference first, whichever way it goes."""
    return sorted(rows, key=lambda row: (-abs(row.difference), row.customer_code, row.product_code))
