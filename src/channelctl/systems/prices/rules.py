"""What a price list says: which price a channel buys at, from when to when a row holds, and which one counts."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any, Literal, NamedTuple, get_args

from pydantic import BaseModel, Field

from channelctl import policy
from channelctl.columns import Col
from channelctl.i18n import _
from channelctl.sheets.problems import Flaw
from channelctl.systems.customers.rules import channel_text
from channelctl.systems.customers.rules import tidy as customer_words

PriceType = Literal["distribution", "dealer", "consignment", "retail"]
TYPES: tuple[PriceType, ...] = get_args(PriceType)
# Marks for a price that is not offered.
NOT_OFFERED = frozenset(("-", "--", "—", "——", "–", "/", "\\"))
# Words that say so of a product that is not made, sold or to be had any more.
ENDED = frozenset(
    "停产 停售 停供 停止销售 停止供货 下架 退市 无货 缺货 断货 不供 不供货 不供应 不销售 discontinued n/a".split()
) | {"out of stock", "not offered", "not available", "unavailable"}
# In a price list, every channel that buys at the distribution price.
SOCIAL = "social"
_OPERATOR = "operator"
_ANY = NOT_OFFERED | {"全部", "所有", "不限", "any", "all"}


_TYPES: dict[str, PriceType] = {
    "direct": "distribution",
    "distribution": "distribution",
    "key_account": "distribution",
    "terminal": "distribution",
    "operator": "dealer",
    "operator_consignment": "consignment",
}


class PricePolicy(BaseModel, extra="forbid", frozen=True):
    """[prices]: the price each channel buys at, when a sale is off it, how early a rise is announced, how old stock is.

    `social_words` mean all channels that buy at the distribution price; the row of operators holds for all that buy at
    the dealer's or the consignment price.
    """

    types: dict[str, PriceType] = Field(default_factory=lambda: dict(_TYPES))
    social_words: tuple[str, ...] = (SOCIAL, "social channel", "社会渠道", "社会")
    tolerance: Decimal = Field(default=Decimal("0.01"), ge=0)
    notice_days: int = Field(default=7, ge=0)
    stock_days: int = Field(default=31, ge=1)

    def type_of(self, channel: str | None) -> PriceType | None:
        """The price that a channel buys at, None for one that the policy does not know."""
        return self.types.get(channel or "")


SECTION = PricePolicy


def price_channel_text(channel: str | None) -> str:
    """A channel of the price list as a person reads it."""
    return _("social channel") if channel == SOCIAL else channel_text(channel)


def type_text(type_: str) -> str:
    """A type of price as a person reads it."""
    return {
        "distribution": _("distribution"),
        "dealer": _("dealer"),
        "consignment": _("consignment"),
        "retail": _("retail"),
    }[type_]


def tidy(values: dict[str, Any]) -> Iterator[tuple[Flaw, str]]:
    """Bring channel and class to the policy's words; those for all the social channel stay one, - is any."""
    for name in ("channel", "class"):
        if (values.get(name) or "").strip().casefold() in _ANY:
            values[name] = ""
    social = {word.casefold() for word in policy.section("prices", PricePolicy).social_words}
    if (values.get("channel") or "").strip().casefold() in social:
        rest = {name: value for name, value in values.items() if name != "channel"}
        yield from customer_words(rest)
        values.update(rest, channel=SOCIAL)
        return
    yield from customer_words(values)


def channel_named(word: str) -> str:
    """The channel of the price list that a word means."""
    values: dict[str, Any] = {"channel": word}
    list(tidy(values))
    found: str = values["channel"]
    return found


class Listed(NamedTuple):
    """A row of the price list; a price of None is not offered."""

    product_id: int
    product_code: str
    product: str
    channel: str
    class_: str
    customer_id: int | None
    customer_code: str
    customer: str
    valid_from: dt.date
    last_day: dt.date | None
    distribution: Decimal | None
    dealer: Decimal | None
    consignment: Decimal | None
    retail: Decimal | None
    announced_on: dt.date | None
    remark: str | None

    @property
    def key(self) -> tuple[int, str, str, int | None]:
        """Whose prices of what it holds."""
        return self.product_id, self.channel, self.class_, self.customer_id

    def price(self, type_: PriceType) -> Decimal | None:
        """The price of a type."""
        found: Decimal | None = getattr(self, type_)
        return found


class Span(NamedTuple):
    """A row and the day from which it holds no more, None where it goes on."""

    row: Listed
    until: dt.date | None

    def holds(self, day: dt.date) -> bool:
        """Whether the row's prices are in force."""
        return self.row.valid_from <= day and (self.until is None or day < self.until)


def spans(rows: Iterable[Listed]) -> list[Span]:
    """How long each row holds: through its last day, else until the next one of the same key begins; by key and day."""
    by_key: dict[tuple[int, str, str, int | None], list[Listed]] = defaultdict(list)
    for row in rows:
        by_key[row.key].append(row)
    found: list[Span] = []
    for of_key in by_key.values():
        of_key.sort(key=lambda row: row.valid_from)
        for row, later in zip(of_key, [*of_key[1:], None], strict=True):
            if row.last_day is not None:
                ends = row.last_day + dt.timedelta(days=1) if row.last_day < dt.date.max else None
                found.append(Span(row, ends))
            else:
                found.append(Span(row, later.valid_from if later is not None else None))
    return found


class Buyer(NamedTuple):
    """Who buys: what decides on the price."""

    customer_id: int | None
    channel: str | None
    class_: str | None


class Found(NamedTuple):
    """The price that holds for a buyer on a day, its type and the row that says it; None: not offered."""

    price: Decimal | None
    type_: PriceType
    row: Listed


class Book:
    """The price list, asked for the price of a product on a day."""

    def __init__(self, rows: Iterable[Listed], limits: PricePolicy) -> None:
        self.limits = limits
        self.spans = spans(rows)
        self._by_product: dict[int, list[Span]] = defaultdict(list)
        for span in self.spans:
            self._by_product[span.row.product_id].append(span)
        self._own = {span.row.customer_id for span in self.spans} - {None}
        self._known: dict[tuple[Any, ...], Found | None] = {}

    @property
    def first_day(self) -> dt.date | None:
        """The day on which the first row begins to hold."""
        return min((span.row.valid_from for span in self.spans), default=None)

    def price(self, product_id: int, buyer: Buyer, day: dt.date) -> Found | None:
        """The price in force: the customer's own before its class's, its channel's, any; None where no row holds.

        Of two rows of one kind the later one counts. A most special row that does not offer the price is the answer.
        """
        own = buyer.customer_id if buyer.customer_id in self._own else None
        key = (product_id, own, buyer.channel, buyer.class_, day)
        if key not in self._known:
            self._known[key] = self._find(product_id, buyer, day)
        return self._known[key]

    def _find(self, product_id: int, buyer: Buyer, day: dt.date) -> Found | None:
        type_ = self.limits.type_of(buyer.channel)
        if type_ is None:
            return None
        ranked = [
            (rank, span.row)
            for span in self._by_product.get(product_id, ())
            if span.holds(day) and (rank := special(span.row, buyer, self.limits)) is not None
        ]
        if not ranked:
            return None
        row = max(ranked, key=lambda one: (one[0], one[1].valid_from))[1]
        return Found(row.price(type_), type_, row)


def special(row: Listed, buyer: Buyer, limits: PricePolicy) -> tuple[bool, bool, int] | None:
    """How particularly a row speaks of a buyer (greater: more so), None where it does not."""
    if row.customer_id is not None and row.customer_id != buyer.customer_id:
        return None
    if row.class_ and row.class_ != buyer.class_:
        return None
    near = _nearness(row.channel, buyer.channel, limits)
    return None if near is None else (row.customer_id is not None, bool(row.class_), near)


def _nearness(listed: str, channel: str | None, limits: PricePolicy) -> int | None:
    """3 for the channel itself, 1 for a group it belongs to, 0 for any; None where the row is another channel's."""
    if not listed:
        return 0
    if listed == channel:
        return 3
    type_ = limits.type_of(channel)
    grouped = (listed == SOCIAL and type_ == "distribution") or (
        listed == _OPERATOR and type_ in ("dealer", "consignment")
    )
    return 1 if grouped else None


def own_types(channel: str, limits: PricePolicy) -> Sequence[PriceType]:
    """The prices at which the buyers of a row's channel buy: what may not be missing in it."""
    if channel == SOCIAL:
        return ("distribution",)
    type_ = limits.type_of(channel)
    return (type_,) if type_ is not None else ()


class ListedRow(NamedTuple):
    """A row of the price list in force; the last day that it holds, if that is known."""

    product_code: Annotated[str, Col("产品编码", "Product code", kind="code", wide=True)]
    product: Annotated[str, Col("型号", "Product")]
    channel: Annotated[str, Col("渠道类型", "Channel", words=price_channel_text)]
    class_: Annotated[str, Col("客户等级", "Class")]
    customer_code: Annotated[str, Col("客户编码", "Code", kind="code")]
    customer: Annotated[str, Col("客户", "Customer", wide=True)]
    valid_from: Annotated[dt.date, Col("生效日期", "From", kind="date")]
    last_day: Annotated[dt.date | None, Col("截止日期", "To", kind="date")]
    distribution_price: Annotated[Decimal | None, Col("分销进店价", "Distribution", kind="money")]
    dealer_price: Annotated[Decimal | None, Col("联通经销价", "Dealer", kind="money")]
    consignment_price: Annotated[Decimal | None, Col("联通铺货价", "Consignment", kind="money")]
    retail_price: Annotated[Decimal | None, Col("零售价", "Retail", kind="money")]
    announced_on: Annotated[dt.date | None, Col("公布日期", "Announced", kind="date", wide=True)]
    remark: Annotated[str | None, Col("备注", "Remark", wide=True)]


def listed_row(span: Span) -> ListedRow:
    """A span as a row to show."""
    row = span.row
    last = span.until - dt.timedelta(days=1) if span.until is not None else None
    return ListedRow(
        row.product_code, row.product, row.channel, row.class_, row.customer_code, row.customer, row.valid_from, last,
        row.distribution, row.dealer, row.consignment, row.retail, row.announced_on, row.remark,
    )  # fmt: skip


def in_force(found: Sequence[Span], day: dt.date) -> list[ListedRow]:
    """The rows that hold on a day, one a key (the later of two), by product, then from any channel to one customer."""
    now: dict[tuple[Any, ...], Span] = {}
    for span in found:
        if span.holds(day):
            now[span.row.key] = span
    return [listed_row(span) for span in sorted(now.values(), key=_order)]


def history(found: Iterable[Span], product_id: int) -> list[ListedRow]:
    """All rows of a product, by whose they are and from when."""
    own = [span for span in found if span.row.product_id == product_id]
    return [listed_row(span) for span in sorted(own, key=_order)]


def _order(span: Span) -> tuple[str, str, str, str, dt.date]:
    row = span.row
    return row.product_code, row.customer_code, row.class_, row.channel, row.valid_from


def used(rows: Sequence[NamedTuple], names: Mapping[str, bool]) -> tuple[str, ...]:
    """The names of columns to show: always those with True, the others where a row holds something."""
    return tuple(name for name, always in names.items() if always or any(getattr(row, name) for row in rows))
