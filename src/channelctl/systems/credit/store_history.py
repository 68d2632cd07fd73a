"""Every limit, application and decision there was."""

from sqlalchemy import and_, select
from sqlmodel import Session, col

from channelctl.systems.credit.rules_apply import APPLIED, APPROVED, OPENING, REFUSED, HistoryRow
from channelctl.systems.credit.tables import CreditApplication, CreditDecision, CreditLimit
from channelctl.systems.customers.tables import Customer


def history(session: Session, customer_id: int | None) -> list[HistoryRow]:
    """What happened to credit, of one customer or of all, day by day; customers by the code that they have today."""
    rows = [*_openings(session, customer_id), *_applications(session, customer_id), *_decisions(session, customer_id)]
    order = (OPENING, APPLIED, APPROVED, REFUSED)
    return sorted(rows, key=lambda row: (row.customer_code, row.date, row.batch, order.index(row.what)))


def _openings(session: Session, customer_id: int | None) -> list[HistoryRow]:
    one = CreditLimit
    query = (
        select(
            col(one.valid_from), col(Customer.code), col(Customer.name), col(one.source), col(one.limit_amount),
            col(one.terms), col(one.expires_on), col(one.pooled), col(one.approved_by), col(one.remark),
            col(one.batch_id),
        )
        .join(Customer, col(Customer.id) == col(one.customer_id))
        .outerjoin(CreditDecision, col(CreditDecision.application) == col(one.source))
        .where(col(CreditDecision.id).is_(None))
    )  # fmt: skip
    if customer_id is not None:
        query = query.where(col(one.customer_id) == customer_id)
    return [
        HistoryRow(date, code, name, OPENING, None, amount, terms, expires, pooled, by, None, remark, batch)
        for date, code, name, _source, amount, terms, expires, pooled, by, remark, batch in session.execute(query)
    ]


def _applications(session: Session, customer_id: int | None) -> list[HistoryRow]:
    one = CreditApplication
    query = select(
        col(one.date), col(Customer.code), col(Customer.name), col(one.number), col(one.limit_amount), col(one.terms),
        col(one.expires_on), col(one.pooled), col(one.applicant), col(one.reason), col(one.batch_id),
    ).join(Customer, col(Customer.id) == col(one.customer_id))  # fmt: skip
    if customer_id is not None:
        query = query.where(col(one.customer_id) == customer_id)
    return [
        HistoryRow(date, code, name, APPLIED, number, amount, terms, expires, pooled, by, None, reason, batch)
        for date, code, name, number, amount, terms, expires, pooled, by, reason, batch in session.execute(query)
    ]


def _decisions(session: Session, customer_id: int | None) -> list[HistoryRow]:
    one, limit = CreditDecision, CreditLimit
    query = (
        select(
            col(one.decided_on), col(Customer.code), col(Customer.name), col(one.approved), col(one.application),
            col(one.limit_amount), col(limit.terms), col(limit.expires_on), col(limit.pooled), col(one.decided_by),
            col(one.role), col(one.reason), col(one.batch_id),
        )
        .join(CreditApplication, col(CreditApplication.number) == col(one.application))
        .join(Customer, col(Customer.id) == col(CreditApplication.customer_id))
        .outerjoin(
            limit,
            and_(
                col(limit.source) == col(one.application),
                col(limit.customer_id) == col(CreditApplication.customer_id),
            ),
        )
    )  # fmt: skip
    if customer_id is not None:
        query = query.where(col(CreditApplication.customer_id) == customer_id)
    return [
        HistoryRow(date, code, name, APPROVED if approved else REFUSED, *rest)
        for date, code, name, approved, *rest in session.execute(query)
    ]
