"""Who is a core customer, and how a year's target becomes months."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple, Self

from pydantic import BaseModel, NonNegativeInt, model_validator

from channelctl.errors import RefusedError
from channelctl.i18n import _

DIRECT, DISTRIBUTION = "direct", "distribution"


class PlanPolicy(BaseModel, extra="forbid", frozen=True):
    """[plans]: the classes in order, the core ones, and the province's planned number of customers.

    `province` has a number per class and one for the provincial distributors, under "distribution". In markets below
    `direct_to` customers are not to be planned direct.
    """

    classes: tuple[str, ...] = ("VKA", "V1", "V2", "V3", "V4")
    core_classes: tuple[str, ...] = ("VKA", "V1")
    province: dict[str, NonNegativeInt] = {"VKA": 9, "V1": 19, "V2": 25, "V3": 30, "V4": 91, DISTRIBUTION: 2}
    direct_to: str = "T3"

    @model_validator(mode="after")
    def _known_classes(self) -> Self:
        if len(set(self.classes)) != len(self.classes):
            raise ValueError(_("a class is listed twice in classes"))
        for name in (*self.core_classes, *self.province):
            if name not in (*self.classes, DISTRIBUTION):
                raise ValueError(_("“{value}” is not among the classes").format(value=name))
        return self

    @property
    def province_direct(self) -> int:
        """The province's planned number of direct customers, all classes together."""
        return sum(count for name, count in self.province.items() if name != DISTRIBUTION)


SECTION = PlanPolicy


class PlannedCustomer(NamedTuple):
    """A customer on an office's plan for a month, as it stood when it was planned."""

    customer_code: str
    customer: str
    class_: str | None
    core: bool
    target: Decimal | None
    channel: str | None


def class_of(class_: str | None, channel: str | None) -> str | None:
    """Under which class a planned customer is counted; distributors without one stand under "distribution"."""
    return class_ or (DISTRIBUTION if channel == DISTRIBUTION else None)


def class_text(class_: str | None) -> str:
    """A class as a person reads it."""
    if class_ is None:
        return _("no class")
    return _("distribution platforms") if class_ == DISTRIBUTION else class_


def in_order(found: Iterable[str | None], policy: PlanPolicy) -> list[str | None]:
    """The policy's classes in order, then those found besides, then None for no class if it was found."""
    known = dict.fromkeys((*policy.classes, *policy.province))
    there = set(found)
    others = sorted(name for name in there if name is not None and name not in known)
    return [*known, *others, *([None] if None in there else [])]


def is_core(class_: str | None, marked: bool | None, policy: PlanPolicy) -> bool:
    """A mark set by hand wins over the class, either way."""
    return class_ in policy.core_classes if marked is None else marked


def spread(total: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """`total` by weight in whole fen (in 1/10,000 yuan if it holds parts of a fen), adding up to it exactly.

    Largest remainders, the earlier of equal ones first; a weight of 0 gets nothing.
    """
    if any(weight < 0 for weight in weights):
        raise RefusedError(_("a weight is negative"), _("Weights are 0 or more; 0 gets no part of the target."))
    parts, places = _parts(total)
    exact = [Fraction(weight) for weight in weights]
    whole = sum(exact)
    if whole == 0:
        raise RefusedError(_("the weights add up to 0"), _("Give at least one month a weight above 0."))
    quotas = [abs(parts) * weight / whole for weight in exact]
    given = [int(quota) for quota in quotas]
    left = abs(parts) - sum(given)
    for place in sorted(range(len(quotas)), key=lambda place: given[place] - quotas[place])[:left]:
        given[place] += 1
    return [Decimal(-part if parts < 0 else part).scaleb(-places) for part in given]


def _parts(total: Decimal) -> tuple[int, int]:
    for places in (2, 4):
        parts = Fraction(total) * 10**places
        if parts.denominator == 1:
            return parts.numerator, places
    raise RefusedError(_("{value} has more than four decimals").format(value=total))
