"""What is open, how old it is and when it was paid: read out of the books, the same way for every report."""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import CTE, CompoundSelect, Text, case, func, literal, null, select, type_coerce, union_all
from sqlmodel import Session

from channelctl.money import from_units
from channelctl.storage import BIG, Day
from channelctl.systems.credit.rules import CreditPolicy
from channelctl.systems.credit.rules_paid import Credit, Debit, Paid, Tally, paid, tally
from channelctl.systems.credit.store_ledger_asked import RECEIVED, SALE, SETTLED, asked
from channelctl.systems.credit.store_ledger_books import Books, books, bought, bucket

__all__ = [
    "Aged",
    "Movement",
    "OpenItem",
    "Paid",
    "Position",
    "aged",
    "movements",
    "open_items",
    "positions",
    "settled",
    "tallies",
]

# What an ageing by due dates needs of a document.
_BRIEF = ("customer_id", "due", "rest", "over")


class OpenItem(NamedTuple):
    """A document with something open: an invoice, opening balance, sale document not invoiced (`sale`) or `refund`."""

    customer_id: int
    number: str
    type_: str
    date: dt.date
    due_date: dt.date
    amount: Decimal
    open: Decimal


class Position(NamedTuple):
    """What a customer owes: `open` with `uninvoiced` sale documents in it, `overdue` due before the day."""

    open: Decimal
    on_account: Decimal
    overdue: Decimal
    oldest_due: dt.date | None
    uninvoiced: Decimal


class Aged(NamedTuple):
    """What a customer owes by age: `parts` one more than buckets; `unapplied` is on account."""

    not_due: Decimal
    parts: tuple[Decimal, ...]
    unapplied: Decimal

    @property
    def outstanding(self) -> Decimal:
        """All of it, less what is on account."""
        return self.not_due + sum(self.parts, -self.unapplied)


class Movement(NamedTuple):
    """What made a customer owe more or less on a day."""

    date: dt.date
    what: str
    number: str
    debit: Decimal
    credit: Decimal


def open_items(
    session: Session, as_of: dt.date, policy: CreditPolicy, customer_ids: Collection[int] | None = None
) -> list[OpenItem]:
    """Every document with something open at the end of a day, of each customer what was due first before."""
    one = _open(books(session, asked(as_of, policy, customer_ids))).c
    query = (
        select(one.customer_id, one.number, one.type, one.date, one.due, one.amount, one.open)
        .where(one.open > 0)
        .order_by(one.customer_id, one.due, one.date, one.number)
    )
    return [
        OpenItem(row[0], row[1], row[2], row[3], row[4], _money(row[5]), _money(row[6]))
        for row in _of(session.execute(query), customer_ids)
    ]


def positions(
    session: Session, as_of: dt.date, policy: CreditPolicy, customer_ids: Collection[int] | None = None
) -> dict[int, Position]:
    """What each customer owes at the end of a day; those without anything open or on account are left out."""
    kept = books(session, asked(as_of, policy, customer_ids))
    one, left = _open(kept).c, _unapplied(kept).c
    late, sold = case((one.due < as_of, one.open), else_=0), case((one.type == SALE, one.open), else_=0)
    oldest = type_coerce(func.min(one.due), Day)
    query = union_all(
        select(one.customer_id, func.sum(one.open), literal(0, BIG), func.sum(late), oldest, func.sum(sold))
        .where(one.open > 0)
        .group_by(one.customer_id),
        select(
            left.customer_id, literal(0, BIG), left.amount, literal(0, BIG), type_coerce(null(), Day), literal(0, BIG)
        ),
    )
    return {
        id_: Position(_money(open_), _money(on_account), _money(over), first, _money(sale))
        for id_, open_, on_account, over, first, sale in _of(session.execute(query), customer_ids)
    }


def aged(
    session: Session,
    as_of: dt.date,
    policy: CreditPolicy,
    buckets: Sequence[int],
    by_due: bool,
    customer_ids: Collection[int] | None = None,
) -> dict[int, Aged]:
    """What each customer owes at the end of a day by the days past due, else past the document's own day.

    `buckets` are their last days; parts and not due less what is on account are always what is outstanding.
    """
    kept = books(session, asked(as_of, policy, customer_ids), _BRIEF if by_due else ())
    query = (_by_part if by_due else _by_date)(kept, as_of, buckets)
    sums: dict[int, list[int]] = {}
    for id_, part, amount in _of(session.execute(query), customer_ids):
        sums.setdefault(id_, [0] * (len(buckets) + 3))[part] = int(amount)
    found = {}
    for id_, (*rests, pool) in sums.items():
        first, *parts, unapplied = map(from_units, _paid_off(rests, pool) if by_due else (*rests, pool))
        found[id_] = Aged(first, tuple(parts), unapplied)
    return {id_: one for id_, one in found.items() if any((one.not_due, *one.parts, one.unapplied))}


def movements(session: Session, customer_id: int, last: dt.date, policy: CreditPolicy) -> list[Movement]:
    """Everything that made a customer owe more or less up to a day, in order; debits of a day before its credits."""
    return movements_of(session, [customer_id], last, policy)[customer_id]


def movements_of(
    session: Session, customer_ids: Collection[int], last: dt.date, policy: CreditPolicy
) -> dict[int, list[Movement]]:
    """The movements of each of these customers, out of books that are read once for all of them."""
    kept = books(session, asked(last, policy, customer_ids))
    one, other, nothing = kept.documents.c, kept.credits.c, from_units(0)
    columns = (one.customer_id, one.date, one.type, one.number, one.amount, one.own, one.settled, one.closing)
    found: dict[int, list[Movement]] = {id_: [] for id_ in customer_ids}
    for id_, date, type_, number, amount, own, settled_on, closing in _of(
        session.execute(select(*columns)), customer_ids
    ):
        found[id_].append(Movement(date, type_, number, _money(amount), nothing))
        if own:
            found[id_].append(Movement(date, RECEIVED, number, nothing, _money(own)))
        closed = closing - kept.taken.get(id_, {}).get(number, 0)
        if closed:
            found[id_].append(Movement(settled_on, SETTLED, number, nothing, _money(closed)))
    credit = (other.customer_id, other.date, other.what, other.number)
    summed = select(*credit, func.sum(other.amount)).group_by(*credit).having(func.sum(other.amount) != 0)
    for id_, date, what, number, amount in _of(session.execute(summed), customer_ids):
        found[id_].append(Movement(date, what, number, nothing, _money(amount)))
    for own_ in found.values():
        own_.sort(key=lambda one: (one.date, bool(one.credit), one.what, one.number))
    return found


def settled(
    session: Session, as_of: dt.date, policy: CreditPolicy, customer_ids: Collection[int] | None = None
) -> Iterator[Paid]:
    """The documents fully paid by the end of a day, and the day that they were; refunds are none."""
    for id_, debits, credits_, taken in _histories(session, as_of, policy, customer_ids):
        yield from paid(id_, debits, credits_, taken)


def tallies(
    session: Session, as_of: dt.date, policy: CreditPolicy, customer_ids: Collection[int] | None = None
) -> dict[int, Tally]:
    """How many documents each customer had fully paid by the end of a day, and how late; those with none left out."""
    each = _histories(session, as_of, policy, customer_ids)
    found = {id_: tally(debits, credits_, taken) for id_, debits, credits_, taken in each}
    return {id_: one for id_, one in found.items() if one.documents}


def _histories(
    session: Session, as_of: dt.date, policy: CreditPolicy, customer_ids: Collection[int] | None
) -> Iterator[tuple[int, list[Debit], list[Credit], dict[int, int]]]:
    """Customer by customer the debits as they are due, all credits, and what the pool had paid of those settled."""
    kept = books(session, asked(as_of, policy, customer_ids))
    one, other = kept.documents.c, kept.credits.c
    order = (one.customer_id, one.due, one.date, one.number)
    columns = (one.customer_id, one.number, one.target, one.date, one.due, one.amount, one.own, one.settled)
    debits: dict[int, list[Debit]] = {}
    for row in _of(session.execute(select(*columns).order_by(*order)), customer_ids):
        debits.setdefault(row[0], []).append(Debit(*row[1:]))
    credits_: dict[int, list[Credit]] = {}
    shown = select(other.customer_id, other.document, other.date, other.amount)
    for id_, *told in _of(session.execute(shown.order_by(other.customer_id, other.date)), customer_ids):
        credits_.setdefault(id_, []).append(Credit(*told))
    for id_, own in debits.items():
        theirs = kept.taken.get(id_, {})
        taken = {place: theirs.get(debit.number, 0) for place, debit in enumerate(own) if theirs and debit.settled}
        yield id_, own, credits_.get(id_, []), taken


def sales_by_month(
    session: Session, first: dt.date, as_of: dt.date, policy: CreditPolicy
) -> dict[int, tuple[Decimal, dict[str, Decimal]]]:
    """What each customer bought on credit up to a day, less credit notes: since `first`, and by month from the first.

    Bought is what was invoiced, and what sale documents not invoiced by then come to; balances taken over are neither.
    """
    one = bought(session, asked(as_of, policy, None)).subquery("bought").c
    month = func.substr(type_coerce(one.date, Text), 1, 7).label("month")
    each = select(one.customer_id, month, one.date, one.amount).subquery("bought_in")
    late = func.sum(case((each.c.date >= first, each.c.amount), else_=0))
    query = select(each.c.customer_id, each.c.month, late, func.sum(each.c.amount))
    found: dict[int, tuple[Decimal, dict[str, Decimal]]] = {}
    for id_, name, since, amount in session.execute(query.group_by(each.c.customer_id, each.c.month)):
        before, months = found.get(id_, (from_units(0), {}))
        found[id_] = before + _money(since), {**months, name: _money(amount)}
    return found


def _open(kept: Books) -> CTE:
    """The documents with what is open of each after the pool has paid what is due first."""
    one, pool = kept.documents.c, kept.pool.c
    through = func.sum(one.rest).over(
        partition_by=one.customer_id, order_by=(one.due, one.date, one.number, one.type), rows=(None, 0)
    )
    each = select(
        one.customer_id, one.number, one.type, one.date, one.due, one.amount, one.rest, through.label("through")
    ).where(one.rest > 0)
    own = each.subquery("in_turn")
    after = own.c.through - func.coalesce(pool.amount, 0)
    left = case((after <= 0, 0), (after < own.c.rest, after), else_=own.c.rest)
    columns = (own.c.customer_id, own.c.number, own.c.type, own.c.date, own.c.due, own.c.amount)
    joined = own.outerjoin(kept.pool, pool.customer_id == own.c.customer_id)
    return select(*columns, type_coerce(left, BIG).label("open")).select_from(joined).cte("open_item")


def _by_part(kept: Books, as_of: dt.date, ends: Sequence[int]) -> CompoundSelect[Any]:
    """What the pool is to pay, by part of the ageing, and the pool (-1): few figures, so nothing is read twice."""
    one, pool = kept.documents.c, kept.pool.c
    part = bucket(one.due, as_of, ends).label("part")
    rests = select(one.customer_id, part, func.sum(one.rest)).where(one.rest > 0).group_by(one.customer_id, part)
    return union_all(rests, select(pool.customer_id, literal(-1, BIG), pool.amount).where(pool.amount != 0))


def _paid_off(rests: Sequence[int], pool: int) -> list[int]:
    """What is left of each part, and of the pool behind them: parts follow the due date, so the oldest goes first."""
    left = []
    for rest in reversed(rests):
        taken = max(0, min(rest, pool))
        left.append(rest - taken)
        pool -= taken
    return [*reversed(left), max(0, pool)]


def _by_date(kept: Books, as_of: dt.date, ends: Sequence[int]) -> CompoundSelect[Any]:
    """What is open by the part of the ageing that the documents' own day falls into, and what is on account (-1)."""
    one, left = _open(kept).c, _unapplied(kept).c
    part = bucket(one.date, as_of, ends).label("part")
    sums = select(one.customer_id, part, func.sum(one.open)).where(one.open > 0).group_by(one.customer_id, part)
    return union_all(sums, select(left.customer_id, literal(-1, BIG), left.amount))


def _unapplied(kept: Books) -> CTE:
    """What is left of each customer's pool once everything is paid."""
    one, pool = kept.documents.c, kept.pool.c
    both = union_all(
        select(pool.customer_id, pool.amount.label("amount")).where(pool.amount > 0),
        select(one.customer_id, -one.rest).where(one.rest > 0),
    ).subquery("pool_and_rest")
    left = func.sum(both.c.amount)
    return (
        select(both.c.customer_id, left.label("amount")).group_by(both.c.customer_id).having(left > 0).cte("unapplied")
    )


def _of(rows: Any, customer_ids: Collection[int] | None) -> Iterator[Any]:
    """The rows of those customers, which a query for many does not choose itself."""
    wanted = None if customer_ids is None else frozenset(customer_ids)
    return (row for row in rows if wanted is None or row[0] in wanted)


def _money(units: Any) -> Decimal:
    return from_units(int(units))
