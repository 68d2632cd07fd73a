"""Sales held against the price list, and unsold stock when a price falls."""

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Annotated, NamedTuple

from channelctl.columns import Col
from channelctl.money import to_fen
from channelctl.systems.prices.rules import Book, Buyer, PriceType, type_text


class SoldLine(NamedTuple):
    """A sale line and what decides on its price; `day` is that of the document that it names, else its own."""

    date: dt.date
    day: dt.date
    document: str | None
    product_id: int
    product: str
    customer_id: int | None
    customer_code: str | None
    customer: str | None
    channel: str | None
    class_: str | None
    quantity: Decimal
    unit_price: Decimal | None
    amount: Decimal
    file: str | None
    sheet: str | None
    row: int | None


class AuditRow(NamedTuple):
    """A sale line off its list price; `effect` is what it brought more (or less) than the list price would have."""

    date: Annotated[dt.date, Col("日期", "Date", kind="date")]
    document: Annotated[str | None, Col("单据编号", "Document", kind="code")]
    customer_code: Annotated[str | None, Col("客户编码", "Code", kind="code")]
    customer: Annotated[str | None, Col("客户", "Customer")]
    product: Annotated[str, Col("型号", "Product")]
    quantity: Annotated[Decimal, Col("数量", "Qty", kind="quantity")]
    price: Annotated[Decimal, Col("单价", "Price", kind="money")]
    list_price: Annotated[Decimal, Col("价格表价", "List price", kind="money")]
    difference: Annotated[Decimal, Col("差价", "Difference", kind="money")]
    effect: Annotated[Decimal, Col("影响金额", "Effect", kind="money")]
    type_: Annotated[PriceType, Col("价格类型", "Price type", words=type_text)]
    listed_from: Annotated[dt.date, Col("生效日期", "Listed from", kind="date")]
    file: Annotated[str | None, Col("文件", "File", kind="code", wide=True)]
    sheet: Annotated[str | None, Col("工作表", "Sheet", kind="code", wide=True)]
    row: Annotated[int | None, Col("行", "Row", kind="count", wide=True)]


class Audited(NamedTuple):
    """The lines off their list price; how many were compared, and how many could not be.

    `unlisted` had no price, `anonymous` no customer by whom to know it.
    """

    rows: list[AuditRow]
    compared: int
    unlisted: int
    anonymous: int

    @property
    def effect(self) -> Decimal:
        """What all of them brought more than their list prices."""
        return sum((row.effect for row in self.rows), Decimal("0.00"))


def audit(lines: Iterable[SoldLine], book: Book) -> Audited:
    """Each line against the price in force; one whose price differs by no more than the tolerance is on its price."""
    rows: list[AuditRow] = []
    compared = unlisted = anonymous = 0
    for line in lines:
        found = book.price(line.product_id, Buyer(line.customer_id, line.channel, line.class_), line.day)
        if found is None or found.price is None:
            anonymous += line.customer_id is None
            unlisted += line.customer_id is not None
            continue
        compared += 1
        price = line.unit_price if line.unit_price is not None else line.amount / line.quantity
        difference = price - found.price
        if abs(difference) > book.limits.tolerance:
            rows.append(
                AuditRow(
                    line.date, line.document, line.customer_code, line.customer, line.product, line.quantity,
                    _short(price), found.price, _short(difference), to_fen(difference * line.quantity), found.type_,
                    found.row.valid_from, line.file, line.sheet, line.row,
                )
            )  # fmt: skip
    return Audited(rows, compared, unlisted, anonymous)


def _short(price: Decimal) -> Decimal:
    """A price with the four decimals that are kept of one."""
    return price if price == price.quantize(Decimal("0.0001")) else price.quantize(Decimal("0.0001"))


class Holding(NamedTuple):
    """What a customer is known to hold of a product; where that is not known, that it bought some lately."""

    customer_id: int
    customer_code: str
    customer: str
    channel: str | None
    class_: str | None
    product_id: int
    product: str
    stock: Decimal | None
    counted_on: dt.date | None


class ProtectRow(NamedTuple):
    """What a customer loses on unsold stock by the fall of its price; without a count of its stock, nobody knows."""

    customer_code: Annotated[str, Col("客户编码", "Code", kind="code")]
    customer: Annotated[str, Col("客户", "Customer")]
    product: Annotated[str, Col("型号", "Product")]
    counted_on: Annotated[dt.date | None, Col("盘点日期", "Counted on", kind="date")]
    stock: Annotated[Decimal | None, Col("库存数量", "Stock", kind="quantity")]
    before: Annotated[Decimal, Col("原价", "Price before", kind="money")]
    now: Annotated[Decimal, Col("现价", "Price now", kind="money")]
    fall: Annotated[Decimal, Col("降价", "Fall", kind="money")]
    protection: Annotated[Decimal | None, Col("价保金额", "Protection", kind="money")]


def protect(holdings: Iterable[Holding], book: Book, day: dt.date) -> list[ProtectRow]:
    """Unsold stock times the fall of the customer's own price on the day; the largest first, the unknown last."""
    rows: list[ProtectRow] = []
    eve = day - dt.timedelta(days=1)
    for held in holdings:
        buyer = Buyer(held.customer_id, held.channel, held.class_)
        before, now = (book.price(held.product_id, buyer, one) for one in (eve, day))
        if before is None or now is None or before.price is None or now.price is None or before.price <= now.price:
            continue
        fall = before.price - now.price
        worth = None if held.stock is None else to_fen(max(held.stock, Decimal(0)) * fall)
        rows.append(
            ProtectRow(
                held.customer_code, held.customer, held.product, held.counted_on, held.stock, before.price, now.price,
                fall, worth,
            )
        )  # fmt: skip
    return sorted(
        rows, key=lambda row: (row.protection is None, -(row.protection or 0), row.customer_code, row.product)
    )


def falls(book: Book, day: dt.date) -> Sequence[int]:
    """The products of which a row of the price list begins or ends on a day: whose prices may have fallen."""
    return sorted({span.row.product_id for span in book.spans if day in (span.row.valid_from, span.until)})
