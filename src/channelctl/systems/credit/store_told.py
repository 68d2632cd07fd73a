"""What other systems say of a customer's credit: that it is overdue or blocked."""

import datetime as dt
from collections.abc import Collection

from sqlalchemy import column, select, table
from sqlmodel import Session, col

from channelctl import policy as policies
from channelctl.keeping import once
from channelctl.records import Told
from channelctl.systems.credit.rules import CreditPolicy
from channelctl.systems.customers.tables import Customer
from channelctl.systems.sales.store import customers_seen

# By name: whoever has none of these does without all that reads them.
_ANY = ("receivable", "payment", "credit_hold")


@once
def told(session: Session, day: dt.date, codes: Collection[str] | None = None) -> dict[str, Told]:
    """The customers, of these codes or of all, that are overdue or blocked on a day.

    Where nobody owes anything by any document and nobody is on hold, nothing more is asked.
    """
    rule = policies.section("credit", CreditPolicy)
    if not rule.sale_documents and not _is_any(session):
        return {}
    from channelctl.systems.credit.rules_exposure import BLOCKED, OVERDUE, Parts, Standing, blocked, told_text
    from channelctl.systems.credit.store_exposure import names
    from channelctl.systems.credit.store_parts import holds, parts

    ids = None if codes is None else _ids(session, codes)
    owed, stopped = parts(session, day, rule, ids), holds(session, day, ids)
    late = {*stopped, *(id_ for id_, one in owed.items() if one.overdue > 0)}
    if (seen := customers_seen(session)) is not None:
        late &= seen
    found: dict[str, Told] = {}
    for id_, who in names(session, late).items():
        if id_ in late:
            one = Standing(*who, day, None, owed.get(id_, Parts()), (), stopped.get(id_))
            found[who.code] = Told(BLOCKED if blocked(one, rule) else OVERDUE, told_text(one, rule))
    return found


def _is_any(session: Session) -> bool:
    """Whether there is anything that could be overdue, or a hold."""
    return any(session.execute(select(column("id")).select_from(table(one)).limit(1)).first() for one in _ANY)


def _ids(session: Session, codes: Collection[str]) -> set[int]:
    query = select(col(Customer.id)).where(col(Customer.code).in_(codes))
    return {row[0] for row in session.execute(query)}
