"""Scores set by hand."""

from typing import Any, NamedTuple

from sqlalchemy import select
from sqlmodel import Session, col

from channelctl.errors import RefusedError, UsageError
from channelctl.i18n import _, listed
from channelctl.period import Period
from channelctl.records import kinds
from channelctl.records import store as records
from channelctl.records.bounds import office_seen
from channelctl.records.resolve import lookup
from channelctl.systems.customers.tables import Customer
from channelctl.systems.org.tables import Office
from channelctl.systems.plans.tables import PlanLine
from channelctl.systems.scores.store_closed import refuse_closed
from channelctl.systems.scores.tables import ScoreMark

KIND = "score_mark"


class Marked(NamedTuple):
    """A score set by hand as it stands now, and whether it was another, or none, before."""

    row: Any
    changed: bool


def planned(session: Session, month: str) -> set[tuple[int, int]]:
    """Who is on the plan of which office in a month: (office, customer)."""
    query = select(col(PlanLine.office_id), col(PlanLine.customer_id)).where(col(PlanLine.month) == month)
    return {(row[0], row[1]) for row in session.execute(query)}


def set_score(session: Session, customer: str, score: str, month: str, office: str | None, reason: str) -> Marked:
    """Set the score of a planned customer by hand.

    Raises:
        UsageError: there is no such customer or office, several offices plan it, or the score is none from 0 to 1.
        RefusedError: the month is closed, or the customer is not on the plan.
    """
    wanted = f"{Period.month(month).start:%Y-%m}"
    refuse_closed(session, wanted)
    customer_id = lookup(session, "customer", customer)
    office_id = office_seen(session, office) if office is not None else None
    code = session.execute(select(col(Customer.code)).where(col(Customer.id) == customer_id)).scalar_one()
    office_id = _office(session, wanted, code, customer_id, office_id)
    office_code = session.execute(select(col(Office.code)).where(col(Office.id) == office_id)).scalar_one()
    key, given = {"month": wanted, "office": office_code, "customer": code}, {"score": score, "reason": reason}
    there = select(col(ScoreMark.id)).where(
        col(ScoreMark.month) == wanted,
        col(ScoreMark.office_id) == office_id,
        col(ScoreMark.customer_id) == customer_id,
    )
    if session.execute(there).first() is None:
        return Marked(records.add(session, kinds()[KIND], {**key, **given}).row, True)
    done = records.change(session, kinds()[KIND], list(key.values()), given)
    if not done.changed:
        session.rollback()
    return Marked(done.row, done.changed)


def _office(session: Session, month: str, code: str, customer_id: int, office_id: int | None) -> int:
    """The office whose plan the customer is on."""
    query = (
        select(col(Office.id), col(Office.name))
        .join(PlanLine, col(PlanLine.office_id) == col(Office.id))
        .where(col(PlanLine.month) == month, col(PlanLine.customer_id) == customer_id)
        .order_by(col(Office.code))
    )
    names: dict[int, str] = {row[0]: row[1] for row in session.execute(query)}
    if not names or (office_id is not None and office_id not in names):
        where = (
            _("{customer} is not planned there: it is on the plan of {offices}").format(
                customer=code, offices=listed(names.values())
            )
            if names
            else _("{customer} is on no plan for {month}, so it has no score").format(customer=code, month=month)
        )
        raise RefusedError(where, _("channelctl plan list month={month} shows who is planned.").format(month=month))
    if office_id is not None:
        return office_id
    if len(names) > 1:
        raise UsageError(
            _("{customer} is planned by {offices}").format(customer=code, offices=listed(names.values())),
            _("Say which: --office {office}").format(office=next(iter(names.values()))),
        )
    return next(iter(names))
