"""Documents that were settled on a day, of which money that names none had paid a part by then."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import CTE, column, select, values
from sqlmodel import Session

from channelctl.storage import BIG
from channelctl.systems.credit import rules_closing
from channelctl.systems.credit.rules_paid import Credit, Debit
from channelctl.systems.credit.store_ledger_asked import AT_ONCE, RECEIVABLE, Asked

Taken = Mapping[int, Mapping[str, int]]


def by_settled(session: Session, ask: Asked, debit: CTE, credit: CTE) -> Taken:
    """By customer and number what each settled document had of the money for none, in 1/10,000ths."""
    bill = RECEIVABLE.c
    query = select(bill.customer_id).where(bill.settled_on <= ask.as_of, bill.date <= ask.as_of)
    ids = {*session.execute(query.where(*ask.of(bill.customer_id)).distinct()).scalars()}
    if not ids:
        return {}
    credits_: dict[int, list[Credit]] = {}
    other, one = credit.c, debit.c
    shown = select(other.customer_id, other.document, other.date, other.amount)
    for id_, *told in session.execute(_only(shown, other.customer_id, ids)):
        if id_ in ids:
            credits_.setdefault(id_, []).append(Credit(*told))
    over = select(one.customer_id).where(one.own > one.amount).distinct()
    moneyed = ids & {*credits_, *session.execute(_only(over, one.customer_id, ids)).scalars()}
    if not moneyed:
        return {}
    debits: dict[int, list[Debit]] = {}
    columns = (one.customer_id, one.number, one.target, one.date, one.due, one.amount, one.own, one.settled)
    order = (one.customer_id, one.due, one.date, one.number, one.type)
    for row in session.execute(_only(select(*columns), one.customer_id, moneyed).order_by(*order)):
        if row[0] in moneyed:
            debits.setdefault(row[0], []).append(Debit(*row[1:]))
    found = {}
    for id_, own in debits.items():
        taken = rules_closing.taken(own, credits_.get(id_, []))
        if taken:
            found[id_] = {own[place].number: amount for place, amount in taken.items()}
    return found


def less_taken(taken: Taken) -> CTE:
    """What is gone from each customer's pool, below 0."""
    rows = [(id_, -sum(own.values())) for id_, own in taken.items()]
    one = values(column("customer_id", BIG), column("amount", BIG), name="taken", literal_binds=True)
    return one.data(rows).cte("taken_by_settled")


def _only(query: Any, id_: Any, ids: Any) -> Any:
    return query.where(id_.in_(ids)) if len(ids) <= AT_ONCE else query
