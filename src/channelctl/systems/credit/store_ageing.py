"""The ledger by customer, office or rep: its age, what is overdue, days of sales outstanding, and how it was paid."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlmodel import Session, col

from channelctl.i18n import _
from channelctl.storage import is_set
from channelctl.systems.credit import rules_ageing, rules_dso, rules_risk, store_ledger
from channelctl.systems.credit.rules import CreditPolicy
from channelctl.systems.credit.rules_ageing import OverdueRow
from channelctl.systems.credit.rules_dso import Books, DsoRow
from channelctl.systems.credit.rules_paid import Tally
from channelctl.systems.credit.rules_risk import RiskRow
from channelctl.systems.credit.store_ledger_asked import RECEIVABLE
from channelctl.systems.credit.store_whose import Whose
from channelctl.systems.customers.store_own import own_customer
from channelctl.systems.customers.tables import Customer
from channelctl.systems.org.tables import Office, Rep
from channelctl.systems.sales.store import customers_seen

NOTHING = Decimal("0.00")
ALL = Whose()


class Group(NamedTuple):
    """A customer, office or rep that receivables are summed by."""

    code: str
    name: str


def ageing(
    session: Session,
    as_of: dt.date,
    policy: CreditPolicy,
    ends: Sequence[int],
    by: str,
    by_due: bool,
    whose: Whose = ALL,
) -> list[Any]:
    """What is outstanding by age, the largest first; `unapplied` is below 0, and a row's parts come to what it owes."""
    groups = _groups(session, by)
    sums: dict[Group, list[Decimal]] = {}
    for id_, one in store_ledger.aged(session, as_of, policy, ends, by_due, whose.ids).items():
        figures = (one.not_due, *one.parts, -one.unapplied, one.outstanding)
        own = sums.setdefault(groups[id_], [NOTHING] * len(figures))
        for place, figure in enumerate(figures):
            own[place] += figure
    row = rules_ageing.row_class(ends, by_due)
    return [row(*group, *own) for group, own in sorted(sums.items(), key=lambda item: (-item[1][-1], item[0]))]


def overdue(session: Session, as_of: dt.date, policy: CreditPolicy, whose: Whose = ALL) -> list[OverdueRow]:
    """The documents past due, those of the highest level of reminders first."""
    query = (
        select(col(Customer.id), col(Customer.code), col(Customer.name), col(Office.name), col(Rep.name))
        .outerjoin(Office, col(Customer.office_id) == col(Office.id))
        .outerjoin(Rep, col(Customer.rep_id) == col(Rep.id))
    )
    people = {row[0]: row[1:] for row in session.execute(query)}
    bill = RECEIVABLE.c
    contested = {
        tuple(row) for row in session.execute(select(bill.customer_id, bill.number).where(is_set(bill.disputed)))
    }
    found = []
    for one in store_ledger.open_items(session, as_of, policy, whose.ids):
        days = (as_of - one.due_date).days
        if days <= 0:
            continue
        code, name, of_office, of_rep = people[one.customer_id]
        found.append(
            OverdueRow(
                rules_ageing.level(days, policy.dunning),
                code,
                name,
                of_office,
                of_rep,
                one.number,
                one.type_,
                one.date,
                one.due_date,
                days,
                one.amount,
                one.open,
                (one.customer_id, one.number) in contested,
            )
        )
    return rules_ageing.in_order(found)


def dso(
    session: Session, as_of: dt.date, policy: CreditPolicy, days: int, by: str | None, whose: Whose = ALL
) -> list[DsoRow]:
    """Days of sales outstanding by customer, office or rep, the most open first; else of all as one."""
    before = rules_ageing.earlier(as_of, days)
    ended, begun = (store_ledger.aged(session, day, policy, (), True, whose.ids) for day in (as_of, before))
    first = before + dt.timedelta(days=1)
    sold = store_ledger.sales_by_month(session, first, as_of, policy)
    then = store_ledger.sales_by_month(session, first, before, policy) if policy.sale_documents else {}
    books = {}
    for id_ in ended.keys() | begun.keys() | sold.keys() | then.keys():
        if whose.ids is not None and id_ not in whose.ids:
            continue
        end, begin = ended.get(id_), begun.get(id_)
        sales, months = sold.get(id_, (NOTHING, {}))
        twice = NOTHING
        if policy.sale_documents:
            known = sum(then.get(id_, (NOTHING, {}))[1].values(), NOTHING)
            twice = known - (sum(months.values(), NOTHING) - sales)
        not_due = end.not_due if end is not None else NOTHING
        books[id_] = Books(_all(end), not_due, _all(begin), sales, months, twice)
    if by is None:
        name = " · ".join(whose.labels) or _("all customers")
        return [rules_dso.row("", name, rules_dso.total(list(books.values())), as_of, days)]
    groups = _groups(session, by)
    parts: dict[Group, list[Books]] = {}
    for id_, one in books.items():
        parts.setdefault(groups[id_], []).append(one)
    whole = {group: rules_dso.total(own) for group, own in parts.items()}
    found = [rules_dso.row(*group, one, as_of, days) for group, one in whole.items() if one.end or one.sales]
    return sorted(found, key=lambda one: (-one.receivable, one.code))


def _all(one: store_ledger.Aged | None) -> Decimal:
    """What is open, due or not."""
    return NOTHING if one is None else one.not_due + sum(one.parts, NOTHING)


def risk(session: Session, as_of: dt.date, policy: CreditPolicy, customer: str | None = None) -> list[RiskRow]:
    """How customers have paid, those most often late first; of one that is named also without any document paid.

    Raises:
        UsageError: there is no such customer.
    """
    ids = None if customer is None else [own_customer(session, customer)]
    groups, seen = _groups(session, "customer"), customers_seen(session)
    paid = dict.fromkeys(ids or (), Tally()) | store_ledger.tallies(session, as_of, policy, ids)
    return rules_risk.in_order(
        rules_risk.row(*groups[id_], own, policy.risk_documents)
        for id_, own in paid.items()
        if seen is None or id_ in seen
    )


def _groups(session: Session, by: str) -> dict[int, Group]:
    """What each customer is summed under."""
    customers = select(col(Customer.id), col(Customer.code), col(Customer.name))
    if by == "customer":
        return {row[0]: Group(row[1], row[2]) for row in session.execute(customers)}
    table, own, without = (
        (Office, col(Customer.office_id), _("without an office"))
        if by == "office"
        else (Rep, col(Customer.rep_id), _("without a rep"))
    )
    query = select(col(Customer.id), col(table.code), col(table.name)).outerjoin(table, own == col(table.id))
    return {row[0]: Group(row[1] or "", row[2] if row[1] else without) for row in session.execute(query)}
