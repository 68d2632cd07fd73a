"""On which day each document was fully paid: credits by name to theirs, what is left of them to what is due first."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from channelctl.money import from_units

_NONE: Mapping[int, int] = {}


class Debit(NamedTuple):
    """A document in whole 1/10,000ths; `own` was received by its own day, `settled` is the day that closed it."""

    number: str
    target: str | None
    date: dt.date
    due_date: dt.date
    amount: int
    own: int
    settled: dt.date | None


class Credit(NamedTuple):
    """Money or a note that came on a day, for a document or for what is due first."""

    document: str | None
    date: dt.date
    amount: int


class Paid(NamedTuple):
    """A document fully paid, and the day that it was."""

    customer_id: int
    number: str
    date: dt.date
    due_date: dt.date
    amount: Decimal
    paid_on: dt.date

    @property
    def days_late(self) -> int:
        """How many days past due, 0 in time."""
        return max(0, (self.paid_on - self.due_date).days)


class Tally(NamedTuple):
    """How many documents were fully paid, how many of them late, by how many days in all and at the most."""

    documents: int = 0
    late: int = 0
    days: int = 0
    longest: int = 0


class _Part(NamedTuple):
    """What is left of a document once its own credits are taken, and the day of the last of these."""

    debit: Debit
    rest: int
    day: dt.date


def paid(
    customer_id: int, debits: Sequence[Debit], credits: Sequence[Credit], taken: Mapping[int, int] = _NONE
) -> Iterator[Paid]:
    """The documents of a customer that are fully paid, of debits in the order they are due; refunds are left out.

    `taken` is by place what money for no document had paid of those that were settled.
    """
    for one, day in _paid(debits, credits, taken):
        yield Paid(customer_id, one.number, one.date, one.due_date, from_units(one.amount), day)


def tally(debits: Sequence[Debit], credits: Sequence[Credit], taken: Mapping[int, int] = _NONE) -> Tally:
    """The same documents, counted."""
    found = [(day - one.due_date).days if day > one.due_date else 0 for one, day in _paid(debits, credits, taken)]
    return Tally(len(found), sum(1 for days in found if days), sum(found), max(found, default=0))


def _paid(
    debits: Sequence[Debit], credits: Sequence[Credit], taken: Mapping[int, int]
) -> Iterator[tuple[Debit, dt.date]]:
    named: dict[str, list[Credit]] = {}
    targets = {one.target for one in debits if one.target is not None}
    pool = []
    for credit in credits:
        if not credit.amount:
            continue
        if credit.document in targets:
            named.setdefault(str(credit.document), []).append(credit)
        else:
            pool.append((credit.date, credit.amount))
    parts = [
        _own(debit, named.get(debit.target or "", []), pool, taken.get(place, 0)) for place, debit in enumerate(debits)
    ]
    for part, day in _in_turn(parts, sorted(pool)):
        one = part.debit
        if one.target is not None and one.amount:
            yield one, day


def _own(debit: Debit, named: Sequence[Credit], pool: list[tuple[dt.date, int]], taken_first: int) -> _Part:
    """What a document's own credits leave of it; what is over goes to the pool on its day."""
    if not named and not debit.own and debit.settled is None:
        return _Part(debit, debit.amount, debit.date)
    rest, day = debit.amount, debit.date
    for credit in (Credit(None, debit.date, debit.own), *sorted(named, key=lambda one: one.date)):
        taken = min(rest, credit.amount)
        if taken:
            rest, day = rest - taken, max(day, credit.date)
        if credit.amount > taken:
            pool.append((credit.date, credit.amount - taken))
    if rest and debit.settled is not None:
        rest, day = min(rest, taken_first), max(day, debit.settled)
    return _Part(debit, rest, day)


def _in_turn(parts: Sequence[_Part], pool: Sequence[tuple[dt.date, int]]) -> Iterator[tuple[_Part, dt.date]]:
    """The documents that are paid in full, each with the day of the last credit that it took."""
    coming = iter(pool)
    left, came = 0, dt.date.min
    for part in parts:
        short, day = part.rest, part.day
        while short:
            if not left:
                came, left = next(coming, (dt.date.min, 0))
                if not left:
                    break
            taken = min(short, left)
            short, left = short - taken, left - taken
            day = day if part.debit.settled is not None else max(day, came)
        if not short:
            yield part, day
