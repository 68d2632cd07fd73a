"""What money that names no document had paid of a document by the day that it was settled."""

import datetime as dt
from bisect import insort
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from channelctl.systems.credit.rules_paid import Credit, Debit

_ARRIVES, _COMES, _CLOSES = 0, 1, 2


class _Event(NamedTuple):
    """What happens on a day: a document arrives, a credit comes, a document is settled; by place."""

    day: dt.date
    what: int
    place: int


class _Desk:
    """A customer's books, day after day."""

    def __init__(self, debits: Sequence[Debit], credits: Sequence[Credit]) -> None:
        self.debits, self.credits = debits, credits
        self.targets = {one.target: place for place, one in enumerate(debits) if one.target is not None}
        self.rest: dict[int, int] = {}
        self.turns: list[int] = []
        self.early: dict[int, int] = {}
        self.pool = 0
        self.taken: dict[int, int] = {}

    def arrive(self, place: int) -> None:
        """A document takes what it names as received, and what had come for it before it was there."""
        one = self.debits[place]
        self.pool += one.own
        self.rest[place] = one.amount
        insort(self.turns, place)
        self._pay(place, one.own + self.early.pop(place, 0))

    def come(self, credit: Credit) -> None:
        """Money goes to the document that it names, and what is over to the pool."""
        self.pool += credit.amount
        place = self.targets.get(credit.document) if credit.document is not None else None
        if place is None:
            return
        if place in self.rest:
            self._pay(place, credit.amount)
        else:
            self.early[place] = self.early.get(place, 0) + credit.amount

    def _pay(self, place: int, amount: int) -> None:
        taken = max(0, min(self.rest[place], amount, self.pool))
        self.rest[place] -= taken
        self.pool -= taken

    def close(self, places: Sequence[int]) -> None:
        """Documents are settled on one day: each has had what the pool held for it when its turn came."""
        left, closing = self.pool, {*places}
        for place in self.turns:
            if left <= 0:
                break
            part = min(left, self.rest[place])
            left -= part
            if place in closing and part:
                self.taken[place] = part
        self.pool -= sum(self.taken.get(place, 0) for place in closing)
        for place in closing:
            self.rest[place] = 0
        self.turns = [place for place in self.turns if place not in closing]


def taken(debits: Sequence[Debit], credits: Sequence[Credit]) -> Mapping[int, int]:
    """By place among a customer's debits, in the order they are due, what each settled one had of the pool."""
    closed = [place for place, one in enumerate(debits) if one.settled is not None]
    if not closed:
        return {}
    desk = _Desk(debits, credits)
    events = [_Event(one.date, _ARRIVES, place) for place, one in enumerate(debits)]
    events += [_Event(one.date, _COMES, place) for place, one in enumerate(credits)]
    events += [_Event(max(one.date, one.settled), _CLOSES, p) for p, one in enumerate(debits) if one.settled]
    for (_day, what), group in groupby(sorted(events), key=lambda event: (event.day, event.what)):
        places = [event.place for event in group]
        if what == _CLOSES:
            desk.close(places)
        for place in places if what != _CLOSES else ():
            desk.arrive(place) if what == _ARRIVES else desk.come(credits[place])
    return _possible(debits, credits, desk.taken)


def _possible(debits: Sequence[Debit], credits: Sequence[Credit], found: Mapping[int, int]) -> Mapping[int, int]:
    """No more than what is short of each by the money that names it, and than what there is in the end."""
    named: dict[str, int] = {}
    for credit in credits:
        if credit.document is not None:
            named[credit.document] = named.get(credit.document, 0) + credit.amount
    pool = sum(one.amount for one in credits)
    out = {}
    for place, one in enumerate(debits):
        credited = one.own + (named.get(one.target, 0) if one.target is not None else 0)
        pool += one.own - min(one.amount, credited)
        if place in found:
            out[place] = max(0, min(found[place], one.amount - credited))
    for place in out:
        out[place] = min(out[place], max(0, pool))
        pool -= out[place]
    return {place: amount for place, amount in out.items() if amount}
