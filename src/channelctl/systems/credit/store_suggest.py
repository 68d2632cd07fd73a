"""What suggested limits are made from."""

import datetime as dt
from collections.abc import Collection
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import func, select
from sqlmodel import Session, col

from channelctl import policy as policies
from channelctl.money import to_fen
from channelctl.period import Period
from channelctl.systems.credit import rules_suggest, store_ledger
from channelctl.systems.credit.rules import CreditPolicy
from channelctl.systems.credit.rules_suggest import Buyer, SuggestRow
from channelctl.systems.credit.store_limit import limits
from channelctl.systems.customers.store_own import own_customer
from channelctl.systems.customers.tables import Customer
from channelctl.systems.sales import store as sales
from channelctl.systems.sales.rules import SalesPolicy
from channelctl.systems.sales.store import LINE, ZERO


class Suggested(NamedTuple):
    """Suggestions by code, the months they are made from, whom they are of, and whether sales without tax are in it."""

    rows: list[SuggestRow]
    period: Period
    customer: str | None
    office: str | None
    untaxed: bool


def suggest(session: Session, as_of: dt.date, customer: str | None, office: str | None) -> Suggested:
    """A limit for a customer, for an office's, or for everybody who bought or has a limit.

    Raises:
        UsageError: no such customer or office.
    """
    policy = policies.section("credit", CreditPolicy)
    period = rules_suggest.months_before(as_of, policy.suggest_months)
    named = own_customer(session, customer) if customer is not None else None
    scope = sales.scope(session, office=office)
    chosen = _chosen(session, named, scope)
    bought, untaxed = _bought(session, period, policy.tax_rate, named)
    now = limits(session, as_of, None if named is None else [named])
    wanted = {id_ for id_ in chosen if id_ == named or id_ in bought or id_ in now}
    paid = _paid(session, as_of, policy, None if named is None else [named])
    rows = []
    for id_ in wanted:
        limit, (documents, late) = now.get(id_), paid.get(id_, (0, 0))
        terms, amount = (limit.terms, limit.amount) if limit is not None else (None, None)
        buyer = Buyer(*chosen[id_], bought.get(id_, ZERO), terms, documents, late, amount)
        rows.append(rules_suggest.suggest(buyer, policy))
    return Suggested(
        sorted(rows),
        period,
        " ".join(chosen[named]) if named is not None else None,
        scope.labels[0] if scope.labels else None,
        policy.tax_rate is None and bool(untaxed & wanted),
    )


def _chosen(session: Session, customer: int | None, scope: sales.Scope) -> dict[int, tuple[str, str]]:
    """Code and name of those who are meant."""
    query = select(col(Customer.id), col(Customer.code), col(Customer.name)).where(*sales.own_customers(scope))
    if customer is not None:
        query = query.where(col(Customer.id) == customer)
    return {row[0]: (row[1], row[2]) for row in session.execute(query)}


def _bought(
    session: Session, period: Period, rate: Decimal | None, customer: int | None
) -> tuple[dict[int, Decimal], set[int]]:
    """Net sales with tax by customer, and whose hold lines that do not say it: these at the policy's rate, if any."""
    taxed = func.coalesce(LINE.c.amount_taxed, LINE.c.amount + LINE.c.tax)
    plain = func.sum(LINE.c.amount).filter(taxed.is_(None))
    no_sale = policies.section("sales", SalesPolicy).no_sale_statuses
    where = [*sales.conditions(period, sales.Scope(), no_sale), LINE.c.customer_id.is_not(None)]
    if customer is not None:
        where.append(LINE.c.customer_id == customer)
    query = select(LINE.c.customer_id, func.sum(taxed), plain).where(*where).group_by(LINE.c.customer_id)
    found: dict[int, Decimal] = {}
    untaxed = set()
    for id_, with_tax, without in session.execute(query):
        found[id_] = (with_tax or ZERO) + to_fen((without or ZERO) * (1 + (rate or 0)))
        if without is not None:
            untaxed.add(id_)
    return found, untaxed


def _paid(
    session: Session, as_of: dt.date, policy: CreditPolicy, customers: Collection[int] | None
) -> dict[int, tuple[int, int]]:
    """How many documents each customer has paid, and how many of them late."""
    found = store_ledger.tallies(session, as_of, policy, customers)
    return {id_: (one.documents, one.late) for id_, one in found.items()}
