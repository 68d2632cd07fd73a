"""How much of a survey of a customer's credit is filled in."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from channelctl.columns import Col
from channelctl.systems.credit.rules_exact import handed_out

FIELDS = (
    "ownership", "legal_representative", "founded_on", "registered_capital", "premises", "staff", "brands",
    "yearly_sales", "assets", "debts", "bank", "bank_rating", "payment_record", "other_suppliers", "litigation",
    "guarantee", "reputation", "opinion",
)  # fmt: skip

_NONE = frozenset(("无", "沒有", "没有", "none"))


def answer(col: Col | None, word: str) -> str:
    """What is answered; that there is none (无) is 0 of a figure, and no day at all."""
    if col is None or word.strip().casefold() not in _NONE:
        return word
    return "0" if col.is_number else "" if col.kind == "date" else word


class Completeness(NamedTuple):
    """How many fields of the survey are filled, as a share of all, and which are not; 0 is an answer, a blank none."""

    filled: int
    share: Decimal
    missing: tuple[str, ...]


def completeness(field: Callable[[str], Any]) -> Completeness:
    """How complete a survey is whose fields `field` tells."""
    missing = tuple(name for name in FIELDS if field(name) is None or str(field(name)).strip() == "")
    filled = len(FIELDS) - len(missing)
    return Completeness(filled, handed_out(Decimal(filled) / len(FIELDS)), missing)


def of_record(values: Mapping[str, Any]) -> Completeness:
    """How complete a survey is, by its columns."""
    return completeness(values.get)
