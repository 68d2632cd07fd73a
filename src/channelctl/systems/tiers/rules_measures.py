"""Grading by quantity or profit as well as by amount; products, reps, offices and regions as well as customers."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, NamedTuple

from channelctl.columns import Col
from channelctl.errors import RefusedError, UsageError
from channelctl.i18n import _, listed
from channelctl.systems.tiers.rules import Standing, TierPolicy, TierRow, grade, reason_text
from channelctl.systems.tiers.rules_basis import (
    NET_RETURNS,
    NO_PROFIT,
    NO_SALES,
    TIERS,
    UNKNOWN,
    CustomerSales,
    Tier,
    in_units,
    ratio,
)

CUSTOMER, AMOUNT, QUANTITY, PROFIT = "customer", "amount", "quantity", "profit"
DIMENSIONS = (CUSTOMER, "product", "rep", "office", "region")
MEASURES = (AMOUNT, QUANTITY, PROFIT)
_FIGURE = {AMOUNT: "net_sales", QUANTITY: "quantity", PROFIT: "profit"}
_NONE = Decimal("0.00")


class Measured(NamedTuple):
    """What the lines of a customer, product, rep, office or region come to.

    `quantity` is of the `counted` lines that have one, `profit` of those with a cost; None where no line has.
    `turnover` and `costed` are the amounts without their signs, of all lines and of those with a cost.
    """

    code: str
    name: str
    lines: int
    net_sales: Decimal
    quantity: Decimal | None
    counted: int
    profit: Decimal | None
    turnover: Decimal
    costed: Decimal

    def by(self, measure: str) -> Decimal | None:
        """The figure of a measure."""
        found: Decimal | None = getattr(self, _FIGURE[measure])
        return found


class MeasuredRow(NamedTuple):
    """A graded customer, product, rep, office or region; the shares are of the measure.

    `cost_known` is the part of the turnover, returns counted in full, whose cost is known: `profit` is of that.
    """

    rank: Annotated[int, Col("#", "#", kind="count")]
    code: Annotated[str, Col("编码", "Code", kind="code")]
    name: Annotated[str, Col("名称", "Name")]
    net_sales: Annotated[Decimal, Col("净销售额", "Net sales", kind="money")]
    quantity: Annotated[Decimal | None, Col("数量", "Quantity", kind="quantity")]
    profit: Annotated[Decimal | None, Col("毛利", "Profit", kind="money")]
    cost_known: Annotated[Decimal | None, Col("成本已知", "Cost known", kind="share")]
    share: Annotated[Decimal | None, Col("占比", "Share", kind="share", bar=True)]
    cumulative_share: Annotated[Decimal | None, Col("累计", "Cumulative", kind="share")]
    tier: Annotated[Tier, Col("级", "Tier", kind="tier")]
    reason: Annotated[str | None, Col("原因", "Reason", words=reason_text)]


class MeasuredStanding(NamedTuple):
    """Why something has its tier, as Standing has it of customers by amount; the shares are of the measure."""

    rank: Annotated[int, Col("#", "#", kind="count")]
    code: Annotated[str, Col("编码", "Code", kind="code")]
    name: Annotated[str, Col("名称", "Name")]
    lines: Annotated[int, Col("行数", "Lines", kind="count")]
    net_sales: Annotated[Decimal, Col("净销售额", "Net sales", kind="money")]
    quantity: Annotated[Decimal | None, Col("数量", "Quantity", kind="quantity")]
    profit: Annotated[Decimal | None, Col("毛利", "Profit", kind="money")]
    share: Annotated[Decimal | None, Col("占比", "Share", kind="share")]
    share_before: Annotated[Decimal | None, Col("之前累计", "Before it", kind="share")]
    cumulative_share: Annotated[Decimal | None, Col("含其累计", "With it", kind="share")]
    cut_a: Annotated[Decimal | None, Col("A 级分界", "Cut of A", kind="share", wide=True)]
    cut_b: Annotated[Decimal | None, Col("B 级分界", "Cut of B", kind="share", wide=True)]
    tier: Annotated[Tier, Col("级", "Tier", kind="tier")]
    reason: Annotated[str | None, Col("原因", "Reason", words=reason_text)]


class MeasuredSummary(NamedTuple):
    """A tier's entries and what they come to; entries without a line are left out, the last share is of the measure."""

    tier: Annotated[Tier, Col("级", "Tier", kind="tier")]
    entries: Annotated[int, Col("个数", "Count", kind="count")]
    entries_share: Annotated[Decimal | None, Col("个数占比", "Share of the count", kind="share")]
    net_sales: Annotated[Decimal, Col("净销售额", "Net sales", kind="money")]
    quantity: Annotated[Decimal | None, Col("数量", "Quantity", kind="quantity")]
    profit: Annotated[Decimal | None, Col("毛利", "Profit", kind="money")]
    measure_share: Annotated[Decimal | None, Col("占比", "Share", kind="share", bar=True)]
    rule_of_thumb: Annotated[str, Col("经验值", "Rule of thumb")]


def shown(measure: str) -> tuple[str, ...]:
    """The columns for people: the amount always, else what the measure is made of."""
    more = {AMOUNT: (), QUANTITY: ("quantity",), PROFIT: ("profit", "cost_known")}[measure]
    return ("rank", "code", "name", "net_sales", *more, "share", "cumulative_share", "tier", "reason")


def is_plain(measure: str, by: str) -> bool:
    """Whether it is what is usual: customers by amount."""
    return (measure, by) == (AMOUNT, CUSTOMER)


def check(method: str, measure: str, by: str, include_inactive: bool, apply: bool) -> None:
    """Refuse a measure or dimension that there is not, or that the method has not."""
    for value, known, text in (
        (measure, MEASURES, _("“{value}” is not a measure")),
        (by, DIMENSIONS, _("“{value}” is nothing to grade by")),
    ):
        if value not in known:
            raise UsageError(text.format(value=value), _("One of: {choices}.").format(choices=listed(known)))
    if method == "rfm" and not is_plain(measure, by):
        raise UsageError(
            _("rfm is for customers and by amount only"), _("Without --by and --measure, or --method abc|share|curve.")
        )
    if apply and not is_plain(measure, by):
        raise UsageError(
            _("--apply keeps the tiers of customers by amount only"),
            _("Without --by and --measure, or without --apply."),
        )
    if include_inactive and by != CUSTOMER:
        raise UsageError(
            _("--include-inactive is for customers only"), _("Without it, those with sales in the period are listed.")
        )


def graded(method: str, entries: Sequence[Measured], measure: str, policy: TierPolicy) -> list[TierRow]:
    """The rows of a method by a measure, which stands where net sales do otherwise.

    Raises:
        RefusedError: there are lines, but none has a quantity, or a cost.
    """
    _check_known(entries, measure)
    sold = [CustomerSales(one.code, one.name, one.by(measure) or _NONE, one.lines) for one in entries]
    unknown = {one.code for one in entries if one.lines and one.by(measure) is None}
    rows = grade(method, sold, policy)
    return [row._replace(reason=_reason(row, measure, row.customer_code in unknown)) for row in rows]


def measured_rows(rows: Sequence[TierRow], entries: Sequence[Measured]) -> list[MeasuredRow]:
    """Graded rows with everything their lines come to."""
    by_code = {one.code: one for one in entries}
    found = []
    for row in rows:
        one = by_code[row.customer_code]
        figures = one.net_sales, one.quantity, one.profit, known_part([one])
        found.append(MeasuredRow(row.rank, one.code, one.name, *figures, *row[4:8]))
    return found


def measured_standing(own: Standing, entries: Sequence[Measured]) -> MeasuredStanding:
    """A place in the list with everything its lines come to."""
    one = next(one for one in entries if one.code == own.customer_code)
    figures = one.net_sales, one.quantity, one.profit
    return MeasuredStanding(*own[:4], *figures, *own[5:10], own.tier, own.reason)


def summed(rows: Sequence[TierRow], entries: Sequence[Measured], policy: TierPolicy) -> list[MeasuredSummary]:
    """A row each for A, B and C, empty tiers too."""
    by_code = {one.code: one for one in entries}
    active = [row for row in rows if row.reason != NO_SALES]
    units = in_units([max(row.net_sales, Decimal(0)) for row in active])
    found = []
    for tier in TIERS:
        mine = [by_code[row.customer_code] for row in active if row.tier == tier]
        own = sum(unit for row, unit in zip(active, units, strict=True) if row.tier == tier)
        found.append(
            MeasuredSummary(
                tier,
                len(mine),
                ratio(len(mine), len(active)),
                total(mine, AMOUNT) or _NONE,
                total(mine, QUANTITY),
                total(mine, PROFIT),
                ratio(own, sum(units)),
                policy.rule_of_thumb.text(tier),
            )
        )
    return found


def total(entries: Sequence[Measured], measure: str) -> Decimal | None:
    """The sum of what is known; None of nothing."""
    known = [value for one in entries if (value := one.by(measure)) is not None]
    return sum(known, _NONE) if known else None


def known_part(entries: Sequence[Measured]) -> Decimal | None:
    """The part of the turnover whose cost is known; None without any turnover."""
    parts = in_units([sum((one.costed for one in entries), _NONE), sum((one.turnover for one in entries), _NONE)])
    return ratio(parts[0], parts[1])


def _reason(row: TierRow, measure: str, unknown: bool) -> str | None:
    """Why it is outside the base, in the measure's words."""
    if unknown:
        return UNKNOWN
    return NO_PROFIT if row.reason == NET_RETURNS and measure == PROFIT else row.reason


def _check_known(entries: Sequence[Measured], measure: str) -> None:
    if any(one.lines for one in entries) and all(one.by(measure) is None for one in entries):
        text = (
            _("no sale line of this period has a cost: profit is not known")
            if measure == PROFIT
            else _("no sale line of this period has a quantity")
        )
        raise RefusedError(text, _("Import sheets that have the column, or take --measure amount."))
