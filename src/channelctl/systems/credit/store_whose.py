"""Whose receivables a report is about."""

from typing import NamedTuple

from sqlalchemy import select
from sqlmodel import Session, col

from channelctl.systems.customers.store_own import own_customer
from channelctl.systems.customers.tables import Customer
from channelctl.systems.sales import store as sales
from channelctl.systems.sales.store import Person, Scope


class Whose(NamedTuple):
    """The customers of a region, an office or a rep, or the one that is named; `ids` None is all there are."""

    scope: Scope = Scope()
    customer: Person | None = None
    ids: set[int] | None = None

    @property
    def labels(self) -> list[str]:
        """What a title says of it."""
        one = self.customer
        return [*([f"{one.code} {one.name}"] if one is not None else []), *self.scope.labels]

    @property
    def params(self) -> dict[str, str | None]:
        """The options by their codes."""
        return {"customer": None if self.customer is None else self.customer.code, **self.scope.params()}


def whose(session: Session, customer: str | None = None, **asked: str | None) -> Whose:
    """What the options name by codes and names; a customer that is not one of the scope's is nobody.

    Raises:
        UsageError: a code or name that there is not.
    """
    scope = sales.scope(session, **asked)
    within = sales.customers_of(session, scope)
    if customer is None:
        return Whose(scope, None, within)
    id_ = own_customer(session, customer)
    row = session.execute(select(col(Customer.code), col(Customer.name)).where(col(Customer.id) == id_)).one()
    return Whose(scope, Person(*row), {id_} if within is None else {id_} & within)
