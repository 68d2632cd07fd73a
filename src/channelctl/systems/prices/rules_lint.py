"""What is odd about a price list: gaps, overlaps, missing and upside-down prices, rises that come as a surprise."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Literal, NamedTuple

from channelctl.columns import Col
from channelctl.i18n import _, ngettext
from channelctl.money import show
from channelctl.systems.prices.rules import (
    SOCIAL,
    TYPES,
    Book,
    Buyer,
    Listed,
    PricePolicy,
    Span,
    own_types,
    price_channel_text,
    type_text,
)

Check = Literal["gap", "overlap", "missing", "inversion", "unknown", "unlisted", "unannounced"]


def check_text(check: str) -> str:
    """What is odd, as a person reads it."""
    return {
        "gap": _("gap"),
        "overlap": _("overlap"),
        "missing": _("price missing"),
        "inversion": _("upside down"),
        "unknown": _("unknown channel"),
        "unlisted": _("sold without a price"),
        "unannounced": _("rise not announced in time"),
    }[check]


class LintRow(NamedTuple):
    """Something odd, and the days it is about."""

    check: Annotated[Check, Col("检查", "Finding", words=check_text)]
    product_code: Annotated[str, Col("产品编码", "Product code", kind="code", wide=True)]
    product: Annotated[str, Col("型号", "Product")]
    channel: Annotated[str, Col("渠道类型", "Channel", words=price_channel_text)]
    class_: Annotated[str, Col("客户等级", "Class")]
    customer_code: Annotated[str, Col("客户编码", "Code", kind="code")]
    from_: Annotated[dt.date, Col("开始", "From", kind="date")]
    to: Annotated[dt.date | None, Col("结束", "To", kind="date")]
    said: Annotated[str, Col("说明", "What", kind="text")]


class Sold(NamedTuple):
    """That something was sold on a day, how many lines of it; the `buyer` says to whom."""

    product_id: int
    product_code: str
    product: str
    buyer: Buyer
    day: dt.date
    lines: int


def lint(book: Book, sold: Iterable[Sold]) -> list[LintRow]:
    """Everything odd: what speaks of sales last, else by product and day."""
    found = [*_dates(book.spans), *(row for span in book.spans for row in _cells(span, book.limits))]
    found += _rises(book.spans, book.limits)
    found.sort(key=lambda row: (row.product_code, row.from_, row.customer_code, row.class_, row.channel, row.check))
    return found + _unlisted(book, sold)


def _row(check: Check, row: Listed, first: dt.date, last: dt.date | None, said: str) -> LintRow:
    return LintRow(
        check, row.product_code, row.product, row.channel, row.class_, row.customer_code, first, last, said
    )  # fmt: skip


def _of_one_key(spans: Sequence[Span]) -> Iterator[tuple[Span, Span]]:
    """Each row with the next one of the same key."""
    return ((one, later) for one, later in pairwise(spans) if one.row.key == later.row.key)


def _dates(spans: Sequence[Span]) -> Iterator[LintRow]:
    """Days between two rows on which no price holds, and days on which two do."""
    longest: Span | None = None
    for one, later in _of_one_key(spans):
        if longest is None or longest.row.key != one.row.key or _last(one) > _last(longest):
            longest = one
        last, begins, day = _last(longest), later.row.valid_from, dt.timedelta(days=1)
        if last < begins - day:
            yield _row("gap", longest.row, last + day, begins - day, _("no price holds on these days"))
        elif last >= begins:
            text = _("two rows hold on these days; the later one, from {day}, counts")
            yield _row("overlap", longest.row, begins, min(last, later.row.last_day or last), text.format(day=begins))


def _last(span: Span) -> dt.date:
    """The last day on which a row holds."""
    return dt.date.max if span.until is None else span.until - dt.timedelta(days=1)


def _cells(span: Span, limits: PricePolicy) -> Iterator[LintRow]:
    """The row is nobody's; the price that its own buyers need, or retail, is missing; retail is below what they pay."""
    row = span.row
    last = span.until - dt.timedelta(days=1) if span.until is not None else None
    if row.channel not in ("", SOCIAL) and limits.type_of(row.channel) is None:
        text = _("nobody buys at the price of “{channel}”, which is no channel of [prices] types in the policy")
        yield _row("unknown", row, row.valid_from, last, text.format(channel=row.channel))
    offered = any(row.price(type_) is not None for type_ in TYPES)
    wanted = [type_ for type_ in own_types(row.channel, limits) if row.price(type_) is None]
    for type_ in [*wanted, *(["retail"] if row.retail is None and "retail" not in wanted else [])]:
        if offered:
            yield _row("missing", row, row.valid_from, last, _("no {type} price").format(type=type_text(type_)))
    for type_ in TYPES:
        price = row.price(type_)
        if type_ != "retail" and row.retail is not None and price is not None and row.retail < price:
            text = _("retail {retail} is below the {type} price of {price}")
            said = text.format(retail=show(row.retail), type=type_text(type_), price=show(price))
            yield _row("inversion", row, row.valid_from, last, said)


def _rises(spans: Sequence[Span], limits: PricePolicy) -> Iterator[LintRow]:
    """Prices that rise without having been announced the days before that the policy asks for."""
    for one, later in _of_one_key(spans):
        before, now = one.row, later.row
        latest = now.valid_from - dt.timedelta(days=limits.notice_days)
        if now.announced_on is not None and now.announced_on <= latest:
            continue
        rises = [(type_, old, new) for type_ in TYPES if _is_rise(old := before.price(type_), new := now.price(type_))]
        if rises:
            said = "; ".join(f"{type_text(type_)} {_said(old)} → {_said(new)}" for type_, old, new in rises)
            yield _row("unannounced", now, now.valid_from, None, f"{said}; {_when(now, limits)}")


def _is_rise(old: Decimal | None, new: Decimal | None) -> bool:
    return old is not None and new is not None and new > old


def _said(price: Decimal | None) -> str:
    return "-" if price is None else show(price)


def _when(row: Listed, limits: PricePolicy) -> str:
    if row.announced_on is None:
        return _("not announced")
    days = (row.valid_from - row.announced_on).days
    text = ngettext(
        "announced {count} day before, {wanted} are wanted", "announced {count} days before, {wanted} are wanted", days
    )
    return text.format(count=days, wanted=limits.notice_days)


def _unlisted(book: Book, sold: Iterable[Sold]) -> list[LintRow]:
    """Products sold to a channel on days on which it has no price for them; lines without a channel are left out."""
    found: dict[tuple[str, str, str], list[Sold]] = {}
    for one in sold:
        if book.limits.type_of(one.buyer.channel) is None:
            continue
        price = book.price(one.product_id, one.buyer, one.day)
        if price is None or price.price is None:
            found.setdefault((one.product_code, one.product, one.buyer.channel or ""), []).append(one)
    rows = []
    for (code, product, channel), ones in sorted(found.items()):
        count = sum(one.lines for one in ones)
        text = ngettext("{count} sale line has no price", "{count} sale lines have no price", count)
        days = [one.day for one in ones]
        rows.append(
            LintRow("unlisted", code, product, channel, "", "", min(days), max(days), text.format(count=f"{count:,}"))
        )
    return rows
