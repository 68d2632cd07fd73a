"""Which customers are A, B and C by what they buy: exact whole-number arithmetic, rounded only where shown."""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from itertools import accumulate
from math import lcm
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import BaseModel, Field, model_validator

from channelctl.columns import Col
from channelctl.errors import UsageError
from channelctl.i18n import _, listed

Tier = Literal["A", "B", "C"]

METHODS = ("abc", "share")
TIERS: tuple[Tier, ...] = ("A", "B", "C")
NET_RETURNS, NO_SALES, TIE = "net_returns", "no_sales", "tie"
_PLACES = 16

Fraction01 = Annotated[Decimal, Field(ge=0, le=1)]
ByTier = tuple[Fraction01, Fraction01, Fraction01]


class RuleOfThumb(BaseModel, extra="forbid", frozen=True):
    """[tiers.rule_of_thumb]: the shares of customers and of sales that A, B and C are expected to have."""

    customers: ByTier = (Decimal("0.20"), Decimal("0.30"), Decimal("0.50"))
    sales: ByTier = (Decimal("0.80"), Decimal("0.15"), Decimal("0.05"))

    @model_validator(mode="after")
    def _add_up(self) -> Self:
        for name, shares in (("customers", self.customers), ("sales", self.sales)):
            if sum(shares) != 1:
                raise ValueError(_("the shares of {name} must add up to 1").format(name=name))
        return self

    def text(self, tier: Tier) -> str:
        """Customers' share against sales' share in percent: "20 / 80"."""
        place = TIERS.index(tier)
        return f"{_percent(self.customers[place])} / {_percent(self.sales[place])}"


class TierPolicy(BaseModel, extra="forbid", frozen=True):
    """[tiers]: where A and B end, by cumulative share (abc) and by a customer's own share (share).

    `boundary` "reach" judges the cumulative share before a customer, so A is the smallest set that reaches the cut;
    "within" judges the share including it. `ties` "share" gives equal customers the better tier, "split" goes by code.
    `share_edge` says whether a share of exactly the cut is above it.
    """

    a_until: Decimal = Decimal("0.80")
    b_until: Decimal = Decimal("0.95")
    boundary: Literal["reach", "within"] = "reach"
    ties: Literal["share", "split"] = "share"
    share_a: Decimal = Decimal("0.20")
    share_b: Decimal = Decimal("0.10")
    share_edge: Literal["include", "exclude"] = "include"
    rule_of_thumb: RuleOfThumb = RuleOfThumb()

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not 0 < self.a_until < self.b_until <= 1:
            raise ValueError(
                _("a_until ({a}) and b_until ({b}) must be above 0, in this order, and not above 1").format(
                    a=self.a_until, b=self.b_until
                )
            )
        if not 0 < self.share_b < self.share_a <= 1:
            raise ValueError(
                _("share_b ({b}) and share_a ({a}) must be above 0, in this order, and not above 1").format(
                    a=self.share_a, b=self.share_b
                )
            )
        return self


SECTION = TierPolicy


def reason_text(reason: str | None) -> str:
    """The reason as a person reads it."""
    if reason == TIE:
        return _("equal sales")
    if reason == NET_RETURNS:
        return _("net returns")
    return _("no sales") if reason == NO_SALES else ""


class CustomerSales(NamedTuple):
    """A customer's net sales in a period; `lines` 0 is a customer that is listed without having bought."""

    customer_code: str
    customer: str
    net_sales: Decimal
    lines: int


class TierRow(NamedTuple):
    """A graded customer; `cumulative_share` includes it, and customers outside the base (net ≤ 0) have no shares."""

    rank: Annotated[int, Col("#", "#", kind="count")]
    customer_code: Annotated[str, Col("编码", "Code", kind="code")]
    customer: Annotated[str, Col("客户", "Customer")]
    net_sales: Annotated[Decimal, Col("净销售额", "Net sales", kind="money")]
    share: Annotated[Decimal | None, Col("占比", "Share", kind="share", bar=True)]
    cumulative_share: Annotated[Decimal | None, Col("累计", "Cumulative", kind="share")]
    tier: Annotated[Tier, Col("级", "Tier", kind="tier")]
    reason: Annotated[str | None, Col("原因", "Reason", words=reason_text)]


class Standing(NamedTuple):
    """Why a customer has its tier: `share_before` is what those before it make, `cut_a`, `cut_b` where A and B end.

    By method share, the cuts are the customer's own shares at which A and B begin.
    """

    rank: Annotated[int, Col("#", "#", kind="count")]
    customer_code: Annotated[str, Col("编码", "Code", kind="code")]
    customer: Annotated[str, Col("客户", "Customer")]
    lines: Annotated[int, Col("行数", "Lines", kind="count")]
    net_sales: Annotated[Decimal, Col("净销售额", "Net sales", kind="money")]
    share: Annotated[Decimal | None, Col("占比", "Share", kind="share")]
    share_before: Annotated[Decimal | None, Col("之前累计", "Before it", kind="share")]
    cumulative_share: Annotated[Decimal | None, Col("含其累计", "With it", kind="share")]
    cut_a: Annotated[Decimal, Col("A 级分界", "Cut of A", kind="share", wide=True)]
    cut_b: Annotated[Decimal, Col("B 级分界", "Cut of B", kind="share", wide=True)]
    tier: Annotated[Tier, Col("级", "Tier", kind="tier")]
    reason: Annotated[str | None, Col("原因", "Reason", words=reason_text)]


class TierSummary(NamedTuple):
    """A tier's customers and sales; customers without a line are left out, net returns count in `net_sales` only."""

    tier: Annotated[Tier, Col("级", "Tier", kind="tier")]
    customers: Annotated[int, Col("客户数", "Customers", kind="count")]
    customers_share: Annotated[Decimal | None, Col("客户占比", "Share of customers", kind="share")]
    net_sales: Annotated[Decimal, Col("净销售额", "Net sales", kind="money")]
    sales_share: Annotated[Decimal | None, Col("销售占比", "Share of sales", kind="share", bar=True)]
    rule_of_thumb: Annotated[str, Col("经验值", "Rule of thumb")]


class Facts(NamedTuple):
    """What the list says as a whole; shares of customers are of those with a line, shares of sales of the base.

    `hhi` is the Herfindahl-Hirschman index: the sum of the squared shares in percent, up to 10,000 for one customer.
    """

    customers: Annotated[int, Col("有销售的客户数", "Customers with sales", kind="count")]
    net_returns: Annotated[int, Col("净退货客户数", "Customers with net returns", kind="count")]
    no_sales: Annotated[int, Col("无销售客户数", "Customers without sales", kind="count")]
    base: Annotated[Decimal, Col("正净销售额合计", "Sum of positive net sales", kind="money")]
    cut: Annotated[Decimal, Col("分界", "Cut", kind="share")]
    customers_to_cut: Annotated[int | None, Col("达到分界的客户数", "Customers that reach the cut", kind="count")]
    customers_to_cut_share: Annotated[Decimal | None, Col("达到分界的客户占比", "Their share", kind="share")]
    first_share: Annotated[Decimal | None, Col("第一大客户占比", "Share of the first", kind="share")]
    hhi: Annotated[Decimal | None, Col("集中度指数 (HHI)", "Concentration (HHI)", kind="quantity")]
    top_customers: Annotated[int, Col("头部客户数", "Top customers", kind="count")]
    top_share: Annotated[Decimal | None, Col("头部客户销售占比", "Sales share of the top", kind="share")]


def abc(sales: Iterable[CustomerSales], policy: TierPolicy) -> list[TierRow]:
    """Largest first; A and B end where the cumulative share says, and the first customer is always A."""

    def tier_of(before: int, net: int, base: int) -> Tier:
        def inside(cut: Decimal) -> bool:
            if policy.boundary == "reach":
                return _beyond(cut, before, base) < 0
            return _beyond(cut, before + net, base) <= 0

        if before == 0 or inside(policy.a_until):
            return "A"
        return "B" if inside(policy.b_until) else "C"

    return _graded(sales, tier_of, policy)


def share(sales: Iterable[CustomerSales], policy: TierPolicy) -> list[TierRow]:
    """A and B by the customer's own share of the sum of positive nets."""
    edge = 0 if policy.share_edge == "include" else 1

    def tier_of(before: int, net: int, base: int) -> Tier:
        if _beyond(policy.share_a, net, base) >= edge:
            return "A"
        return "B" if _beyond(policy.share_b, net, base) >= edge else "C"

    return _graded(sales, tier_of, policy)


def grade(method: str, sales: Iterable[CustomerSales], policy: TierPolicy) -> list[TierRow]:
    """The rows of the method named."""
    check_method(method)
    return abc(sales, policy) if method == "abc" else share(sales, policy)


def check_method(method: str) -> None:
    """Refuse a method that there is not."""
    if method not in METHODS:
        raise UsageError(
            _("“{value}” is not a method").format(value=method),
            _("One of: {choices}.").format(choices=listed(METHODS)),
        )


def summary(rows: Sequence[TierRow], policy: TierPolicy) -> list[TierSummary]:
    """A row each for A, B and C, empty tiers too; the net sales of the three add up to those of the list."""
    active = [row for row in rows if row.reason != NO_SALES]
    units = _whole([row.net_sales for row in active])
    base = sum(net for net in units if net > 0)
    found = []
    for tier in TIERS:
        mine = [(row, net) for row, net in zip(active, units, strict=True) if row.tier == tier]
        found.append(
            TierSummary(
                tier=tier,
                customers=len(mine),
                customers_share=_ratio(len(mine), len(active)),
                net_sales=sum((row.net_sales for row, _net in mine), Decimal("0.00")),
                sales_share=_ratio(sum(net for _row, net in mine if net > 0), base),
                rule_of_thumb=policy.rule_of_thumb.text(tier),
            )
        )
    return found


def facts(rows: Sequence[TierRow], policy: TierPolicy | None = None) -> Facts:
    """Concentration of the list: `cut` is the policy's a_until, the top the rule of thumb's share of customers."""
    policy = policy or TierPolicy()
    positive = [row.net_sales for row in rows if row.net_sales > 0]
    units = _whole(positive)
    base = sum(units)
    unsold = sum(row.reason == NO_SALES for row in rows)
    active = len(rows) - unsold
    to_cut = _customers_to(policy.a_until, units) if base else None
    over, under = policy.rule_of_thumb.customers[0].as_integer_ratio()
    top = -(-active * over // under)
    return Facts(
        customers=active,
        net_returns=active - len(positive),
        no_sales=unsold,
        base=sum(positive, Decimal("0.00")),
        cut=policy.a_until,
        customers_to_cut=to_cut,
        customers_to_cut_share=None if to_cut is None else _ratio(to_cut, active),
        first_share=_ratio(units[0], base) if base else None,
        hhi=_ratio(10_000 * sum(net * net for net in units), base * base, places=4),
        top_customers=top,
        top_share=_ratio(sum(units[:top]), base),
    )


def cuts(method: str, policy: TierPolicy) -> tuple[Decimal, Decimal]:
    """Where A and B end by a method."""
    return (policy.a_until, policy.b_until) if method == "abc" else (policy.share_a, policy.share_b)


def standing(code: str, rows: Sequence[TierRow], lines: int, method: str, policy: TierPolicy) -> Standing | None:
    """The customer of a code among those graded; None if it is not listed."""
    place = next((place for place, row in enumerate(rows) if row.customer_code == code), None)
    if place is None:
        return None
    row = rows[place]
    before = None if row.share is None else rows[place - 1].cumulative_share if place else Decimal(0)
    return Standing(*row[:3], lines, *row[3:5], before, row.cumulative_share, *cuts(method, policy), *row[6:])


def _graded(
    sales: Iterable[CustomerSales], tier_of: Callable[[int, int, int], Tier], policy: TierPolicy
) -> list[TierRow]:
    by_code = sorted(sales, key=lambda one: (one.customer_code, one.customer))
    ordered = sorted(by_code, key=lambda one: one.net_sales, reverse=True)
    sold = [one for one in ordered if one.net_sales > 0]
    units = _whole([one.net_sales for one in sold])
    base, before = sum(units), 0
    rows: list[TierRow] = []
    for place, (one, net) in enumerate(zip(sold, units, strict=True)):
        tier, reason = tier_of(before, net, base), None
        if place and policy.ties == "share" and net == units[place - 1] and tier != rows[-1].tier:
            tier, reason = rows[-1].tier, TIE
        before += net
        shares = _ratio(net, base), _ratio(before, base)
        rows.append(TierRow(place + 1, one.customer_code, one.customer, one.net_sales, *shares, tier, reason))
    outside = [one for one in ordered if one.net_sales <= 0]
    for one in sorted(outside, key=lambda one: one.lines == 0):
        reason = NET_RETURNS if one.lines else NO_SALES
        rows.append(TierRow(len(rows) + 1, one.customer_code, one.customer, one.net_sales, None, None, "C", reason))
    return rows


def _beyond(cut: Decimal, part: int, whole: int) -> int:
    """Below 0, 0 or above 0 as `part` is less than, just or more than the share `cut` of `whole`."""
    over, under = cut.as_integer_ratio()
    return part * under - over * whole


def _customers_to(cut: Decimal, units: Sequence[int]) -> int:
    base = sum(units)
    return next(count for count, sold in enumerate(accumulate(units), 1) if _beyond(cut, sold, base) >= 0)


def _whole(amounts: Sequence[Decimal]) -> list[int]:
    """The amounts as whole numbers of their common unit, so that sums and comparisons are exact."""
    ratios = [amount.as_integer_ratio() for amount in amounts]
    unit = lcm(*{under for _over, under in ratios})
    return [over * (unit // under) for over, under in ratios]


def _ratio(part: int, whole: int, places: int = _PLACES) -> Decimal | None:
    """`part` of `whole`, rounded half up; None of nothing."""
    if whole == 0:
        return None
    return Decimal((2 * part * 10**places + whole) // (2 * whole)).scaleb(-places)


def _percent(value: Decimal) -> str:
    return f"{(value * 100).normalize():f}"
