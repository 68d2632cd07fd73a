"""A year's target of an office as targets of its months, and those as targets of its planned customers."""

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Annotated, NamedTuple

from channelctl.columns import Col
from channelctl.errors import RefusedError, UsageError
from channelctl.i18n import _
from channelctl.money import show, to_fen
from channelctl.systems.plans.rules import spread

LAST_YEAR = "last-year"
LEVELS = "E333"
MONTHS = 12
_ZERO = Decimal("0.00")
_PERCENT = re.compile(r"([+-]?[0-9]+(?:\.[0-9]+)?)\s*%")


class MonthTarget(NamedTuple):
    """An office's target of a month at its three levels, None where that level is left as it is."""

    month: Annotated[str, Col("月份", "Month", kind="month")]
    weight: Annotated[Decimal, Col("权重", "Weight", kind="quantity")]
    target: Annotated[Decimal, Col("办事处目标", "Target", kind="money")]
    sprint: Annotated[Decimal | None, Col("冲刺目标", "Sprint", kind="money")]
    challenge: Annotated[Decimal | None, Col("挑战目标", "Challenge", kind="money")]
    before: Annotated[Decimal | None, Col("原目标", "Target before", kind="money")]
    customers: Annotated[int | None, Col("规划客户数", "Planned customers", kind="count")]


class CustomerTarget(NamedTuple):
    """A planned customer's part of its office's target of a month; `last_year` are its net sales of the whole year."""

    month: Annotated[str, Col("月份", "Month", kind="month")]
    customer_code: Annotated[str, Col("客户编码", "Customer code", kind="code")]
    customer: Annotated[str, Col("客户", "Customer")]
    last_year: Annotated[Decimal, Col("上年净销售额", "Last year's net sales", kind="money")]
    target: Annotated[Decimal, Col("月度目标", "Monthly target", kind="money")]
    before: Annotated[Decimal | None, Col("原目标", "Target before", kind="money")]


class Levels(NamedTuple):
    """A year's target, and the levels above it where they are set."""

    target: Decimal
    sprint: Decimal | None
    challenge: Decimal | None


class Buyer(NamedTuple):
    """A planned customer's line of a month: its id, the customer, last year's net sales, its target so far."""

    line: int
    code: str
    name: str
    last_year: Decimal
    target: Decimal | None


def weights_of(text: str) -> list[Decimal] | None:
    """Twelve weights; None for those of last year.

    Raises:
        UsageError: neither.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if plain == LAST_YEAR:
        return None
    try:
        weights = [Decimal(part.strip()) for part in plain.split(",")]
    except InvalidOperation:
        weights = []
    if len(weights) != MONTHS or not all(weight.is_finite() for weight in weights):
        raise UsageError(
            _("--weights takes twelve numbers, not “{value}”").format(value=text),
            _("One for each month: --weights 8,7,8,8,9,9,8,8,9,9,8,9; or --weights last-year"),
        )
    return weights


def growth_of(text: str) -> Decimal:
    """8% as 0.08.

    Raises:
        UsageError: no percentage.
    """
    found = _PERCENT.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found is None:
        raise UsageError(_("“{value}” is not a percentage").format(value=text), _("Write it as 8% or -3.5%."))
    return Decimal(found[1]).scaleb(-2)


def grown(net: Decimal, growth: Decimal) -> Decimal:
    """Last year's net sales and so much more, to the fen."""
    return to_fen(net * (1 + growth))


def check_levels(levels: Levels) -> None:
    """Refuse targets of which a higher level is the smaller one, and those that are none.

    Raises:
        RefusedError: which of them.
    """
    if levels.target <= 0:
        raise RefusedError(
            _("{value} is no target: there is nothing to spread").format(value=show(levels.target)),
            _("Say how much: --total 12000000"),
        )
    said = level_below(levels)
    if said is not None:
        raise RefusedError(said, _("Each level is at least the one before: target, sprint, challenge."), LEVELS)


def check_month(month: MonthTarget, standing: Levels, office: str) -> None:
    """Refuse a month's new levels of which a higher one, maybe one that stands and was not given, is the smaller one.

    Raises:
        RefusedError: which of them, and how that is settled.
    """
    sprint = month.sprint if month.sprint is not None else standing.sprint
    challenge = month.challenge if month.challenge is not None else standing.challenge
    said = level_below(Levels(month.target, sprint, challenge))
    if said is not None:
        hint = _(
            "Give that level for the year too (--sprint, --challenge), or clear it first: channelctl target set"
            " {month} {office} sprint= challenge="
        )
        raise RefusedError(f"{month.month}: {said}", hint.format(month=month.month, office=office), LEVELS)


def level_below(levels: Levels) -> str | None:
    """Which level is smaller than one before it, said; None where they rise."""
    below, least = _("the target"), levels.target
    for name, value in ((_("the sprint target"), levels.sprint), (_("the challenge target"), levels.challenge)):
        if value is None:
            continue
        if value < least:
            return _("{name}, {value}, is below {other}, {least}").format(
                name=name, value=show(value), other=below, least=show(least)
            )
        below, least = name, value
    return None


def months(
    year: int, levels: Levels, weights: Sequence[Decimal], before: Sequence[Decimal | None]
) -> list[MonthTarget]:
    """The twelve months, each level adding up to its year exactly; `before` are the targets that they had."""
    target = spread(levels.target, weights)
    sprint, challenge = (
        spread(value, weights) if value is not None else [None] * MONTHS for value in (levels.sprint, levels.challenge)
    )
    return [
        MonthTarget(f"{year}-{place + 1:02}", weights[place], target[place], sprint[place], challenge[place],
                    before[place], None)
        for place in range(MONTHS)
    ]  # fmt: skip


def sales_weights(nets: Sequence[Decimal]) -> list[Decimal]:
    """A month weighs what was sold in it; one with more returns than sales nothing."""
    return [max(net, _ZERO) for net in nets]


def buyer_weights(nets: Sequence[Decimal]) -> list[Decimal]:
    """A customer weighs what it bought last year; one that bought nothing as much as the smallest of those that did.

    Where nobody did, all weigh the same.
    """
    least = min((net for net in nets if net > 0), default=Decimal(1))
    return [net if net > 0 else least for net in nets]


def of_customers(month: str, target: Decimal, buyers: Sequence[Buyer]) -> list[CustomerTarget]:
    """An office's target of a month over its planned customers, adding up to it exactly."""
    parts = spread(target, buyer_weights([one.last_year for one in buyers]))
    return [
        CustomerTarget(month, one.code, one.name, one.last_year, part, one.target)
        for one, part in zip(buyers, parts, strict=True)
    ]
