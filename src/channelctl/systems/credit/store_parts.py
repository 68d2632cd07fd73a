"""What exposure is made of, and the holds: customer by customer on a day."""

import datetime as dt
from collections.abc import Collection
from decimal import Decimal
from typing import Any

from sqlalchemy import func, or_, select
from sqlmodel import Session, col

from channelctl.keeping import once
from channelctl.systems.credit.rules import CreditPolicy
from channelctl.systems.credit.rules_ageing import earlier
from channelctl.systems.credit.rules_exposure import NOTHING, Hold, Parts
from channelctl.systems.credit.store_ledger import Position, open_items, positions
from channelctl.systems.credit.tables import CreditHold, OpenOrder

# As many customers as a query names one by one; for more it reads all.
_MANY = 10_000


@once
def parts(
    session: Session, as_of: dt.date, policy: CreditPolicy, ids: Collection[int] | None = None
) -> dict[int, Parts]:
    """The parts of exposure of these customers, or of all that have any."""
    asked = _few(ids)
    owed, orders = positions(session, as_of, policy, asked), _orders(session, as_of, asked)
    late = _late(session, as_of, policy, owed)
    found = {}
    for id_ in {*owed, *orders} if ids is None else {*owed, *orders} & {*ids}:
        own = owed.get(id_, Position(NOTHING, NOTHING, NOTHING, None, NOTHING))
        found[id_] = Parts(
            own.open - own.uninvoiced,
            own.on_account,
            own.uninvoiced,
            orders.get(id_, NOTHING),
            late.get(id_, NOTHING),
            own.oldest_due,
        )
    return found


def holds(session: Session, as_of: dt.date, ids: Collection[int] | None = None) -> dict[int, Hold]:
    """The hold in force on a day by customer, of several the one that began first."""
    one = CreditHold
    query = (
        select(col(one.customer_id), col(one.since), col(one.until), col(one.reason))
        .where(col(one.since) <= as_of, or_(col(one.until).is_(None), col(one.until) >= as_of))
        .order_by(col(one.since).desc(), col(one.id).desc())
    )
    found = session.execute(_only(query, col(one.customer_id), _few(ids)))
    return {row[0]: Hold(*row[1:]) for row in found if ids is None or row[0] in ids}


def _late(session: Session, as_of: dt.date, policy: CreditPolicy, owed: dict[int, Position]) -> dict[int, Decimal]:
    """What is past due by more than the days of grace."""
    late = {id_: one.overdue for id_, one in owed.items() if one.overdue > 0}
    if not policy.grace_days or not late:
        return late
    before = earlier(as_of, policy.grace_days)
    found = dict.fromkeys(late, NOTHING)
    for item in open_items(session, as_of, policy, _few(late)):
        if item.due_date < before and item.customer_id in late:
            found[item.customer_id] += item.open
    return found


def _orders(session: Session, as_of: dt.date, ids: Collection[int] | None) -> dict[int, Decimal]:
    """What is ordered and still to be delivered."""
    one = OpenOrder
    query = (
        select(col(one.customer_id), func.sum(col(one.amount)))
        .where(col(one.date) <= as_of, or_(col(one.closed_on).is_(None), col(one.closed_on) > as_of))
        .group_by(col(one.customer_id))
    )
    return {row[0]: row[1] for row in session.execute(_only(query, col(one.customer_id), ids))}


def _few(ids: Collection[int] | None) -> Collection[int] | None:
    return ids if ids is None or len(ids) <= _MANY else None


def _only(query: Any, column: Any, ids: Collection[int] | None) -> Any:
    return query if ids is None else query.where(column.in_(ids))
