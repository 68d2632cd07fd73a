"""Exact shares in whole numbers: what is over and what is under the line, not reduced.

To reduce each of them, as fractions do, costs more than all else that a score takes.
"""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from math import lcm

Exact = tuple[int, int]
NOTHING, ALL = (0, 1), (1, 1)
_PLACES = 12


def total_of(shares: Iterable[Exact]) -> Exact:
    """The exact sum, over what all of them have in common."""
    overs: dict[int, int] = {}
    for over, under in shares:
        overs[under] = overs.get(under, 0) + over
    common = lcm(*overs)
    return sum(over * (common // under) for under, over in overs.items()), common


def handed_out(over: int, under: int) -> Decimal:
    """12 decimals, rounded half up (nothing here is negative)."""
    return Decimal((2 * over * 10**_PLACES + under) // (2 * under)).scaleb(-_PLACES)


def rounded(value: Fraction) -> Decimal:
    """A fraction handed out."""
    return handed_out(*value.as_integer_ratio())
