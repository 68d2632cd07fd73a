"""Payments without numbers that may be earlier ones with another figure or day: both count, which is said."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from channelctl.systems.credit.rules_documents import is_made_number

BESIDE = "W139"
Record = Mapping[str, Any]


def beside(made: Sequence[Record], earlier: Sequence[Record]) -> list[Record]:
    """The earlier payments, none of them in the sheet, that its new ones stand beside, each with one of them.

    Of the same customer and sign they are, and of the same day, or of the same amount within the days of the sheet.
    """
    new = [one for one in made if "batch_id" not in one]
    if not new:
        return []
    first, last = min(one["date"] for one in made), max(one["date"] for one in made)
    theirs: defaultdict[int, list[Record]] = defaultdict(list)
    for one in earlier:
        if first <= one["date"] <= last and is_made_number(one["number"], one["date"]):
            theirs[one["customer_id"]].append(one)
    found: list[Record] = []
    for field in ("date", "amount"):
        rest = []
        for one in new:
            open_ = theirs[one["customer_id"]]
            sign = one["amount"] > 0
            near = next((old for old in open_ if old[field] == one[field] and (old["amount"] > 0) == sign), None)
            if near is None:
                rest.append(one)
            else:
                open_.remove(near)
                found.append(near)
        new = rest
    return found
