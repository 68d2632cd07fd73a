"""Limits and terms: what is in force on a day, and why the sheets of limits and applications may not change them."""

import datetime as dt
from collections.abc import Collection
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import select
from sqlmodel import Session, col

from channelctl.systems.credit.tables import CreditLimit

OPENING = "opening"


class Limit(NamedTuple):
    """What a customer may owe from a day on; `amount` None: nothing was said, 0: cash only."""

    amount: Decimal | None
    terms: str | None
    valid_from: dt.date
    expires_on: dt.date | None
    pooled: bool
    source: str
    approved_by: str | None


def limits(session: Session, as_of: dt.date, customer_ids: Collection[int] | None = None) -> dict[int, Limit]:
    """The limit in force on a day by customer: the latest that holds by then, of those of one day the later batch's.

    One that has expired is none, whatever held before it.
    """
    one = CreditLimit
    query = (
        select(
            col(one.customer_id), col(one.limit_amount), col(one.terms), col(one.valid_from), col(one.expires_on),
            col(one.pooled), col(one.source), col(one.approved_by),
        )
        .where(col(one.valid_from) <= as_of)
        .order_by(col(one.valid_from), col(one.batch_id), col(one.id))
    )  # fmt: skip
    if customer_ids is not None:
        query = query.where(col(one.customer_id).in_(customer_ids))
    found: dict[int, Limit] = {}
    for customer_id, amount, terms, valid_from, expires_on, pooled, source, approved_by in session.execute(query):
        found[customer_id] = Limit(amount, terms, valid_from, expires_on, bool(pooled), source, approved_by)
    return {id_: limit for id_, limit in found.items() if limit.expires_on is None or limit.expires_on >= as_of}
