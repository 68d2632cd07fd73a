"""The shape that the guards of credit share: what stands on a record keeps it, and later batches that put it there."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from sqlalchemy import Executable
from sqlmodel import Session

from channelctl.records import Guard, Held

_Key = TypeVar("_Key")
_Standing = TypeVar("_Standing")


def stands_on(
    known: Mapping[_Key, _Standing],
    key: Callable[[Mapping[str, Any]], _Key],
    why: Callable[[Mapping[str, Any], _Standing], Held],
    removal_only: bool = False,
) -> Guard:
    """Records that something known stands on stay as they are, or with `removal_only` only stay there."""

    def guard(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> Held | None:
        if before is None or (removal_only and after is not None):
            return None
        found = known.get(key(before))
        return None if found is None else why(before, found)

    return guard


def tell(session: Session, query: Executable, text: str) -> Iterator[str]:
    """The text once for each row of a query, whose columns go by the names in it."""
    for row in session.execute(query):
        yield text.format(**row._mapping)
