"""The fields of a sale line by what they hold."""

from collections.abc import Sequence
from typing import Any

MONEY = ("unit_price", "amount", "amount_taxed", "tax", "cost", "profit")
RETURNED = ("returned_quantity", "returned")
TEXTS = (
    "document", "line_no", "region", "office_code", "office", "customer_code", "customer", "channel", "class_",
    "market_level", "province", "city", "rep_code", "rep", "first_name", "last_name",
    "product_code", "product", "brand", "category", "document_type", "status", "original_document",
)  # fmt: skip
Column = list[Any]
_FIRST = 3


def first_rows(numbers: Sequence[int]) -> str:
    """4, 9, 12 …: the first few rows of many."""
    return ", ".join(str(int(number)) for number in numbers[:_FIRST]) + (" …" if len(numbers) > _FIRST else "")
