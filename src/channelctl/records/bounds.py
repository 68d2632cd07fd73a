"""What sheets may name where a login is kept to its own offices: nobody else's records, and no office but its own."""

from typing import TYPE_CHECKING

from channelctl import held
from channelctl.errors import RefusedError
from channelctl.i18n import _
from channelctl.records import Kind
from channelctl.sheets.problems import Flaw

if TYPE_CHECKING:
    import datetime as dt

    from sqlmodel import Session

# The kinds whose records have codes and are not seen by everybody.
_CODED = ("customer", "contact", "rep")


class Bounds:
    """The bounds of one kind; whoever owns the database has none."""

    def __init__(self, session: "Session", kind: Kind) -> None:
        self._session, self._kind = session, kind
        self._offices = held.offices(session) if kind.name == "office" and held.is_held() else None

    def own(self, found: int | Flaw) -> int | Flaw:
        """What was found, or what is wrong with an office that is another's."""
        return found if self._offices is None or isinstance(found, Flaw) or found in self._offices else _anothers()

    def new(self, word: str, coded: bool) -> Flaw | None:
        """What is wrong with a record that is not seen: it is another office's, or an office."""
        if self._offices is not None:
            return _anothers()
        held_back = coded and held.is_held() and self._kind.name in _CODED
        if held_back and held.is_taken(self._session, self._kind.name, word):
            text = _("{kind} {code} is of an office that this login does not see")
            return Flaw("E316", text.format(kind=self._kind.one, code=word))
        return None

    def last_code(self, start: str) -> int:
        """The last generated code's number that is not seen."""
        return last_number(self._session, self._kind.name, start) if self._kind.name in _CODED else 0


def last_number(session: "Session", kind_name: str, start: str) -> int:
    """The last number behind a beginning that records of a kind have or had, where not all of them are seen; else 0."""
    return held.last_number(session, kind_name, start)


def offices_seen(session: "Session") -> dict[int, str] | None:
    """The offices that whoever is at it sees, by number: their codes; None for all."""
    return held.seen(session)


def in_unseen_pools(session: "Session", day: "dt.date") -> set[int]:
    """The customers seen that share a limit, on a day, with customers that are not; without a login there are none."""
    return held.in_unseen_pools(session, day.isoformat())


def office_seen(session: "Session", word: str) -> int:
    """The office whose rows somebody asks for by its code or name.

    Raises:
        UsageError: there is none, or the name fits several.
        RefusedError: it is none of those that the login sees.
    """
    from channelctl.records.resolve import lookup

    found, seen = lookup(session, "office", word), held.seen(session)
    if seen is not None and found not in seen:
        raise RefusedError(
            _("this login does not see what is of {office}").format(office=word),
            _("channelctl db users shows what it may do."),
        )
    return found


def _anothers() -> Flaw:
    return Flaw("E317", _("this login does not write for that office"))
