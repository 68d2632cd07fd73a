"""The gradings that were worked out from what a batch brought."""

import json
from collections.abc import Iterator

import sqlalchemy as sa
from sqlmodel import Session, col

from channelctl import policy as policies
from channelctl.errors import UsageError
from channelctl.i18n import _
from channelctl.period import Period
from channelctl.records import Concluded
from channelctl.systems.customers.tables import Customer
from channelctl.systems.sales import store as sales
from channelctl.systems.sales.rules import SalesPolicy
from channelctl.systems.sales.store import LINE
from channelctl.systems.tiers.tables import TierRun


def concluded(session: Session, batch: int) -> Iterator[Concluded]:
    """The gradings, applied after a batch, of days and customers that it brought or ended sale lines of."""
    said = _("the tiers applied by batch {batch} ({method}, {start} to {end}) stay as they were computed")
    runs = sa.select(TierRun).where(col(TierRun.known) >= batch).order_by(col(TierRun.batch_id))
    for run in session.execute(runs).scalars():
        if _counted(session, batch, run):
            text = said.format(batch=run.batch_id, method=run.method, start=run.first_day, end=run.last_day)
            yield Concluded(str(TierRun.__tablename__), run.batch_id, run.first_day, run.last_day, text)


def _counted(session: Session, batch: int, run: TierRun) -> bool:
    """Whether lines that a batch brought, or ended, fall within a grading."""
    no_sale = policies.section("sales", SalesPolicy).no_sale_statuses
    period = Period.between(run.first_day, run.last_day)
    query = (
        sa.select(LINE.c.id)
        .join_from(LINE, Customer, LINE.c.customer_id == col(Customer.id))
        .where(
            sa.or_(LINE.c.batch_id == batch, LINE.c.ended_batch_id == batch),
            *sales.conditions(period, _scope(session, run), no_sale, ended=True),
        )
    )
    return session.execute(query.limit(1)).first() is not None


def _scope(session: Session, run: TierRun) -> sales.Scope:
    """The scope of a grading; where what it names is no more, everything."""
    try:
        return sales.scope(session, **json.loads(run.scope))
    except UsageError:
        return sales.Scope()
