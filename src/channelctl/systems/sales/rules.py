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


def is_grand_total(label: str) -> bool:
    """Whether a label sums up all that stands above, not a group of it."""
    plain = label.casefold().replace(" ", "").replace("\u3000", "")
    return any(word in plain for word in ("合计", "總計", "总计", "合計", "total")) and "sub" not in plain
