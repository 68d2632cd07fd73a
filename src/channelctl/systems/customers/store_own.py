"""Customers seen with all that hangs on them; of others a login sees who they are and what its offices sold."""

from sqlalchemy import select
from sqlmodel import Session, col

from channelctl.errors import RefusedError
from channelctl.i18n import _
from channelctl.records.bounds import offices_seen
from channelctl.records.resolve import lookup
from channelctl.systems.customers.tables import Customer
from channelctl.systems.org.tables import Office


def own_customer(session: Session, word: str) -> int:
    """The customer that a word means, of an office that is seen: where nothing is found of it, there is nothing.

    Raises:
        UsageError: there is none, or the name fits several.
        RefusedError: it is another office's.
    """
    id_ = lookup(session, "customer", word)
    seen = offices_seen(session)
    if seen is None:
        return id_
    query = select(col(Customer.code), col(Customer.name), col(Office.id), col(Office.name))
    query = query.outerjoin(Office, col(Office.id) == col(Customer.office_id)).where(col(Customer.id) == id_)
    code, name, office_id, office = session.execute(query).one()
    if office_id in seen:
        return id_
    whose = f"{code} {name}"
    if office is None:
        text = _("{customer} is of no office: its credit, rebates, prices, stock and tiers this login does not see")
        raise RefusedError(text.format(customer=whose), _("Ask whoever sees all offices."))
    text = _("{customer} is of {office}: its credit, rebates, prices, stock and tiers this login does not see")
    raise RefusedError(text.format(customer=whose, office=office), _("Ask whoever sees that office."))
