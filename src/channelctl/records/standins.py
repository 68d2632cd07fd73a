"""Records of a sheet that stand for the stored ones of their kind, for as long as somebody asks what they would do."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple


class Standin(NamedTuple):
    """A record by column of its table, and where it stands: file, sheet and row as people read them."""

    place: str
    values: Mapping[str, Any]


_in_force: dict[str, Sequence[Standin]] = {}


@contextmanager
def using(kind: str, rows: Sequence[Standin]) -> Iterator[None]:
    """With these records in place of those stored."""
    _in_force[kind] = rows
    try:
        yield
    finally:
        del _in_force[kind]


def of(kind: str) -> Sequence[Standin] | None:
    """The records that stand for the stored ones of a kind; None where those count."""
    return _in_force.get(kind)
