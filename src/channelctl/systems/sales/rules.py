"""What counts as a sale, and what makes two lines the same."""

from hashlib import blake2b

from pydantic import BaseModel


class SalesPolicy(BaseModel, extra="forbid", frozen=True):
    """[sales]: statuses whose lines are kept but are no sale."""

    no_sale_statuses: tuple[str, ...] = ("作废", "已作废")


SECTION = SalesPolicy


def identity(text: str) -> int:
    """64 bits of a line's content as a signed whole number: the same on every machine."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little", signed=True)
