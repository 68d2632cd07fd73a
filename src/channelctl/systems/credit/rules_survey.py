"""How much of a survey of a customer's credit is filled in."""

from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

FIELDS = (
    "ownership", "legal_representative", "founded_on", "registered_capital", "premises", "staff", "brands",
    "yearly_sales", "assets", "debts", "bank", "bank_rating", "payment_record", "other_suppliers", "litigation",
    "guarantee", "reputation", "opinion",
)  # fmt: skip
_PLACES = Decimal("0.00000001")


class Completeness(NamedTuple):
    """How many fields of the survey are filled, as a share of all, and which are not; 0 is an answer, a blank none."""

    filled: int
    share: Decimal
    missing: tuple[str, ...]


def completeness(field: Callable[[str], Any]) -> Completeness:
    """How complete a survey is whose fields `field` tells."""
    missing = tuple(name for name in FIELDS if field(name) is None or str(field(name)).strip() == "")
    filled = len(FIELDS) - len(missing)
    return Completeness(filled, (Decimal(filled) / len(FIELDS)).quantize(_PLACES, ROUND_HALF_UP), missing)


def of_record(values: Mapping[str, Any]) -> Completeness:
    """How complete a survey is, by its columns."""
    return completeness(values.get)
