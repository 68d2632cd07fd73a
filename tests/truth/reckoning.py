"""Tiers and scores reckoned in plain Python with fractions, from what domain.md says: nothing here is channelctl's."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

A_ENDS, B_ENDS = Fraction(4, 5), Fraction(19, 20)


# Twelve decimals are shown, of sixteen that a figure is rounded to before.
_SHOWN = Fraction(1, 2 * 10**12) + Fraction(1, 2 * 10**16)


class Standing(NamedTuple):
    """Where one of a list stands; shares are None outside the base."""

    code: str
    net: Fraction
    tier: str
    share: Fraction | None
    cumulative: Fraction | None


def is_shown(exact: Fraction | None, shown: Decimal | int | None) -> bool:
    """Whether a figure is the exact one, rounded."""
    if exact is None or shown is None:
        return exact is None and shown is None
    return abs(exact - Fraction(shown)) <= _SHOWN


def places(value: Fraction, count: int = 12) -> Decimal:
    """A fraction to so many decimals, half away from zero."""
    sign = -1 if value < 0 else 1
    whole, rest = divmod(abs(value) * 10**count, 1)
    return Decimal(sign * int(whole + (2 * rest >= 1))).scaleb(-count)


def standings(nets: Mapping[str, Fraction], tiers: Sequence[str], silent: Iterable[str] = ()) -> list[Standing]:
    """The list from its nets: positive ones with the tiers given, then the others, then those without a line."""
    order, base = largest(nets), whole(nets)
    running, found = Fraction(0), []
    for code, tier in zip(order, tiers, strict=True):
        running += nets[code]
        found.append(Standing(code, nets[code], tier, nets[code] / base, running / base))
    rest = sorted((code for code in nets if nets[code] <= 0), key=lambda code: (-nets[code], code))
    found += [Standing(code, nets[code], "C", None, None) for code in rest]
    return found + [Standing(code, Fraction(0), "C", None, None) for code in sorted(silent)]


def largest(nets: Mapping[str, Fraction]) -> list[str]:
    """Those with positive nets, the largest first, equal ones by code."""
    return sorted((code for code in nets if nets[code] > 0), key=lambda code: (-nets[code], code))


def whole(nets: Mapping[str, Fraction]) -> Fraction:
    """The base: the sum of positive nets."""
    return sum((net for net in nets.values() if net > 0), Fraction(0))


def abc(nets: Mapping[str, Fraction], boundary: str = "reach", ties: str = "share") -> list[str]:
    """The tiers of the positive nets, in order."""
    order, base, before = largest(nets), whole(nets), Fraction(0)
    found: list[str] = []
    for code in order:
        after = before + nets[code]
        if boundary == "reach":
            tier = "A" if before / base < A_ENDS else "B" if before / base < B_ENDS else "C"
        else:
            tier = "A" if not found or after / base <= A_ENDS else "B" if after / base <= B_ENDS else "C"
        found.append(tier)
        before = after
    return found if ties == "split" else _shared(nets, found)


def _shared(nets: Mapping[str, Fraction], tiers: Sequence[str]) -> list[str]:
    """The tiers with the best one for all of equal net."""
    best: dict[Fraction, str] = {}
    for code, tier in zip(largest(nets), tiers, strict=True):
        best[nets[code]] = min(tier, best.get(nets[code], tier))
    return [best[nets[code]] for code in largest(nets)]


def share(nets: Mapping[str, Fraction], a: Fraction, b: Fraction, edge: str) -> list[str]:
    """The tiers of the positive nets by their own share."""
    base = whole(nets)
    shares = [nets[code] / base for code in largest(nets)]
    if edge == "include":
        return ["A" if one >= a else "B" if one >= b else "C" for one in shares]
    return ["A" if one > a else "B" if one > b else "C" for one in shares]


def curve(nets: Mapping[str, Fraction]) -> list[str]:
    """The tiers of the positive nets by the points of their own curve."""
    order, base = largest(nets), whole(nets)
    count, running, points = len(order), Fraction(0), []
    for place, code in enumerate(order, 1):
        running += nets[code]
        points.append((Fraction(place, count), running / base))

    def nearest(at: Fraction) -> int:
        return min(range(count), key=lambda place: (points[place][0] - at) ** 2 + (1 - points[place][1]) ** 2) + 1

    pareto = nearest(Fraction(0))
    even = sum(1 for code in order if nets[code] >= base / count)
    a_ends, b_ends = min(pareto, even), nearest(Fraction(max(pareto, even), count))
    return _shared(nets, ["A" if place <= a_ends else "B" if place <= b_ends else "C" for place in range(1, count + 1)])


class Rules(NamedTuple):
    """How sales against a target become points."""

    mode: str = "ratio"
    floor: Fraction = Fraction(0)
    core_base: str = "planned"
    sales_of: str = "office"
    steps: tuple[tuple[Fraction, Fraction], ...] = (
        (Fraction(1, 2), Fraction(1, 2)),
        (Fraction(4, 5), Fraction(4, 5)),
        (Fraction(1), Fraction(1)),
    )

    def points(self, net: Fraction, target: Fraction | None) -> Fraction:
        """A customer's points; without a target any purchase is one."""
        if target is None:
            return Fraction(1 if net > 0 else 0)
        reached = max(Fraction(0), min(Fraction(1), net / target))
        if reached < self.floor:
            return Fraction(0)
        if self.mode == "binary":
            return Fraction(1 if net >= target else 0)
        if self.mode == "stepped":
            return max((points for ratio, points in self.steps if reached >= ratio), default=Fraction(0))
        return reached


class Scored(NamedTuple):
    """An office's month."""

    planned: int
    achieved: Fraction
    rate: Fraction
    core_planned: int
    core_achieved: Fraction
    quality: Fraction | None


def office(points: Sequence[tuple[Fraction, bool]], core_base: str) -> Scored:
    """An office from the points of its planned customers and whether each is core."""
    total = sum((one for one, _core in points), Fraction(0))
    core = [one for one, is_core in points if is_core]
    base = len(core) if core_base == "core" else len(points)
    core_sum = sum(core, Fraction(0))
    return Scored(
        len(points), total, total / len(points), len(core), core_sum, core_sum / base if base else None
    )  # fmt: skip
