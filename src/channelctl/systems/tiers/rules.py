"""Which customers are A, B and C by what they buy: exact whole-number arithmetic, rounded only where shown."""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from itertools import accumulate
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import BaseModel, Field, field_validator, model_validator

from channelctl.columns import Col
from channelctl.errors import UsageError
from channelctl.i18n import _, listed
from channelctl.systems.tiers import rules_rfm
from channelctl.systems.tiers.rules_alarms import AlarmPolicy
from channelctl.systems.tiers.rules_basis import NET_RETURNS as NET_RETURNS
from channelctl.systems.tiers.rules_basis import NO_PROFIT, UNKNOWN, Graded, in_order
from channelctl.systems.tiers.rules_basis import NO_SALES as NO_SALES
from channelctl.systems.tiers.rules_basis import RAISED as RAISED
from channelctl.systems.tiers.rules_basis import TIE as TIE
from channelctl.systems.tiers.rules_basis import TIERS as TIERS
from channelctl.systems.tiers.rules_basis import CustomerSales as CustomerSales
from channelctl.systems.tiers.rules_basis import Tier as Tier
from channelctl.systems.tiers.rules_basis import beyond as _beyond
from channelctl.systems.tiers.rules_basis import in_units as _whole
from channelctl.systems.tiers.rules_basis import plain_percent as plain_percent
from channelctl.systems.tiers.rules_basis import ratio as _ratio
from channelctl.systems.tiers.rules_curve import CurvePoint, curve_of, curve_points
from channelctl.systems.tiers.rules_segments import RfmCuts, Segments, checked, default_segments, segment_text

METHODS = ("abc", "share", "rfm", "curve")
# Those of which the customer's own share can raise the tier.
RAISABLE = ("abc", "curve")

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
        return f"{plain_percent(self.customers[place])} / {plain_percent(self.sales[place])}"


class TierPolicy(BaseModel, extra="forbid", frozen=True):
    """[tiers]: where A and B end, by cumulative share (abc) and by a customer's own share (share).

    `boundary` "reach" judges the cumulative share before a customer, so A is the smallest set that reaches the cut;
    "within" judges the share including it. `ties` "share" gives equal customers the better tier, "split" goes by code.
    `share_edge` says whether a share of exactly the cut is above it. With `share_raises` a customer that its own share
    makes A or B is not below that by abc or curve. `rfm` and `segments` are for rfm. `hold` is the band that a share
    must pass a cut by before a run that is applied moves a customer out of the tier it had.
    """

    a_until: Decimal = Decimal("0.80")
    b_until: Decimal = Decimal("0.95")
    boundary: Literal["reach", "within"] = "reach"
    ties: Literal["share", "split"] = "share"
    share_a: Decimal = Decimal("0.20")
    share_b: Decimal = Decimal("0.10")
    share_edge: Literal["include", "exclude"] = "include"
    share_raises: bool = False
    rule_of_thumb: RuleOfThumb = RuleOfThumb()
    rfm: RfmCuts = RfmCuts()
    segments: Segments = Field(default_factory=default_segments)
    hold: Annotated[Decimal, Field(ge=0, lt=1)] = Decimal(0)
    alarms: AlarmPolicy = AlarmPolicy()

    @field_validator("segments")
    @classmethod
    def _all_apply(cls, given: Segments) -> Segments:
        return checked(given)

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
    """The reason as a person reads it; by rfm it is the segment."""
    words = {
        TIE: _("equal sales"),
        RAISED: _("raised by its share"),
        NO_PROFIT: _("no profit"),
        UNKNOWN: _("not known"),
    }
    return words[reason] if reason in words else segment_text(reason)


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
    set_tier: Annotated[Tier | None, Col("手工等级", "Set by hand", kind="tier", wide=True)] = None


class Standing(NamedTuple):
    """Why a customer has its tier: `share_before` is what those before it make, `cut_a`, `cut_b` where A and B end.

    By share, the cuts are the customer's own shares at which A and B begin; by curve, the cumulative shares of the
    points where they end; by rfm there are none.
    """

    rank: Annotated[int, Col("#", "#", kind="count")]
    customer_code: Annotated[str, Col("编码", "Code", kind="code")]
    customer: Annotated[str, Col("客户", "Customer")]
    lines: Annotated[int, Col("行数", "Lines", kind="count")]
    net_sales: Annotated[Decimal, Col("净销售额", "Net sales", kind="money")]
    share: Annotated[Decimal | None, Col("占比", "Share", kind="share")]
    share_before: Annotated[Decimal | None, Col("之前累计", "Before it", kind="share")]
    cumulative_share: Annotated[Decimal | None, Col("含其累计", "With it", kind="share")]
    cut_a: Annotated[Decimal | None, Col("A 级分界", "Cut of A", kind="share", wide=True)]
    cut_b: Annotated[Decimal | None, Col("B 级分界", "Cut of B", kind="share", wide=True)]
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

    ends = [cut.as_integer_ratio() for cut in (policy.a_until, policy.b_until)]
    reach = policy.boundary == "reach"

    def inside(cut: tuple[int, int], before: int, net: int, base: int) -> bool:
        over, under = cut
        return before * under < over * base if reach else (before + net) * under <= over * base

    def tier_of(before: int, net: int, base: int) -> Tier:
        if before == 0 or inside(ends[0], before, net, base):
            return "A"
        return "B" if inside(ends[1], before, net, base) else "C"

    return _graded(sales, tier_of, policy)


def share(sales: Iterable[CustomerSales], policy: TierPolicy) -> list[TierRow]:
    """A and B by the customer's own share of the sum of positive nets."""
    edge = 0 if policy.share_edge == "include" else 1

    def tier_of(before: int, net: int, base: int) -> Tier:
        if _beyond(policy.share_a, net, base) >= edge:
            return "A"
        return "B" if _beyond(policy.share_b, net, base) >= edge else "C"

    return _graded(sales, tier_of, policy)


def curve(sales: Iterable[CustomerSales], policy: TierPolicy) -> list[TierRow]:
    """A and B end where the curve of cumulative sales itself says, whatever the policy's cuts."""
    sold, outside = in_order(sales)
    units = _whole([one.net_sales for one in sold])
    points = curve_of(units)
    a_sum, b_sum = (sum(units[: points.a_ends]), sum(units[: points.submarginal])) if points else (0, 0)

    def tier_of(before: int, net: int, base: int) -> Tier:
        return "A" if before < a_sum else "B" if before < b_sum else "C"

    return _graded([*sold, *outside], tier_of, policy)


def rfm(sales: Iterable[CustomerSales], policy: TierPolicy) -> list[TierRow]:
    """The tier of each customer's segment, which is the reason."""
    customers = list(sales)
    found = {one.customer_code: one for one in rules_rfm.rfm(customers, policy.rfm, policy.segments)}
    rows = _graded(customers, lambda _before, _net, _base: "C", policy)
    return [row._replace(tier=(own := found[row.customer_code]).tier, reason=own.segment) for row in rows]


def raised(rows: Sequence[TierRow], policy: TierPolicy) -> list[TierRow]:
    """The rows, with the tier that a customer's own share gives where that is the better one."""
    by_share = {row.customer_code: row.tier for row in _by_share(rows, policy)}
    return [
        row._replace(tier=own, reason=RAISED) if (own := by_share.get(row.customer_code, row.tier)) < row.tier else row
        for row in rows
    ]


def _by_share(rows: Sequence[TierRow], policy: TierPolicy) -> list[TierRow]:
    return share([CustomerSales(row.customer_code, row.customer, row.net_sales, 1) for row in rows], policy)


def grade(method: str, sales: Iterable[CustomerSales], policy: TierPolicy) -> list[TierRow]:
    """The rows of the method named; rfm needs the customers' purchases."""
    check_method(method)
    rows = {"abc": abc, "share": share, "rfm": rfm, "curve": curve}[method](sales, policy)
    return raised(rows, policy) if policy.share_raises and method in RAISABLE else rows


def check_method(method: str) -> None:
    """Refuse a method that there is not."""
    if method not in METHODS:
        raise UsageError(
            _("“{value}” is not a method").format(value=method),
            _("One of: {choices}.").format(choices=listed(METHODS)),
        )


def summary(rows: Sequence[Graded], policy: TierPolicy) -> list[TierSummary]:
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


def facts(rows: Sequence[Graded], policy: TierPolicy | None = None) -> Facts:
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


def cuts(method: str, policy: TierPolicy, rows: Sequence[TierRow] = ()) -> tuple[Decimal | None, Decimal | None]:
    """Where A and B end by a method; by curve, the points of these rows say."""
    if method == "abc":
        return policy.a_until, policy.b_until
    if method == "share":
        return policy.share_a, policy.share_b
    ends = {point.ends: point.sales_share for point in points_of(rows)} if method == "curve" else {}
    return ends.get("A"), ends.get("B")


def points_of(rows: Sequence[TierRow]) -> list[CurvePoint]:
    """The points of the curve that graded rows make, in their order."""
    return curve_points(_whole([row.net_sales for row in rows if row.net_sales > 0]))


def standing(code: str, rows: Sequence[TierRow], lines: int, method: str, policy: TierPolicy) -> Standing | None:
    """The customer of a code among those graded; None if it is not listed."""
    place = next((place for place, row in enumerate(rows) if row.customer_code == code), None)
    if place is None:
        return None
    row = rows[place]
    before = None if row.share is None else rows[place - 1].cumulative_share if place else Decimal(0)
    return Standing(*row[:3], lines, *row[3:5], before, row.cumulative_share, *cuts(method, policy, rows), *row[6:8])


def _graded(
    sales: Iterable[CustomerSales], tier_of: Callable[[int, int, int], Tier], policy: TierPolicy
) -> list[TierRow]:
    sold, outside = in_order(sales)
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
    for one in outside:
        reason = NET_RETURNS if one.lines else NO_SALES
        rows.append(TierRow(len(rows) + 1, one.customer_code, one.customer, one.net_sales, None, None, "C", reason))
    return rows


def _customers_to(cut: Decimal, units: Sequence[int]) -> int:
    base = sum(units)
    return next(count for count, sold in enumerate(accumulate(units), 1) if _beyond(cut, sold, base) >= 0)
