"""How a sheet is read: as a list whose rows are the records, or as one of another shape that holds sales."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from channelctl.sheets.layout import Layout, Merged, Unrecognised
from channelctl.sheets.recognise import recognise
from channelctl.sheets.shapes import grouped, lists, matrix
from channelctl.sheets.shapes.measures import Seen

if TYPE_CHECKING:
    from channelctl.sheets.suggesting.known import Known

_WIDEST = 2_000


def see(
    rows: Sequence[Sequence[Any]],
    mapping: Mapping[str, str],
    wanted: str | None = None,
    names: Sequence[str] = (),
    merged: Merged = (),
    known: "Known | None" = None,
) -> Layout | Unrecognised:
    """The layout of a sheet from its first rows, as `recognise` finds it, or of a sheet of another shape."""
    found = recognise(rows, mapping, wanted, names, merged)
    if isinstance(found, Layout) and found.kind.groups:
        return grouped.settled(Seen(rows, found, mapping, wanted, names, merged, known), found)
    if wanted not in (None, "sales") or max(map(len, rows), default=0) > _WIDEST:
        return found
    seen = Seen(rows, found, mapping, wanted, names, merged, known)
    if isinstance(found, Layout) and found.kind.name == "sales":
        return lists.dated(seen, found)
    if isinstance(found, Unrecognised) and (found.other or found.why):
        return found
    if isinstance(found, Layout) and sum(cell != "" for cell in rows[found.row]) <= len(found.columns):
        return found
    return matrix.find(seen) or lists.find(seen) or found
