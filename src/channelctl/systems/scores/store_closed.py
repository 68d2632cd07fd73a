"""Closed months as they were kept, and whether a month is one."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from channelctl.errors import RefusedError
from channelctl.i18n import _
from channelctl.records import Guard, Held
from channelctl.storage import Batch
from channelctl.systems.customers.tables import Customer, CustomerAlias
from channelctl.systems.org.tables import Office
from channelctl.systems.scores import rules_close
from channelctl.systems.scores.rules_close import WHOLE, Closed, Kept, OnFile
from channelctl.systems.scores.tables import ScoreClose, ScoreClosed


def batches(session: Session) -> dict[str, int]:
    """The closed months, each with the batch that closed it."""
    query = select(col(ScoreClose.month), col(ScoreClose.batch_id)).order_by(col(ScoreClose.month))
    return {row[0]: row[1] for row in session.execute(query)}


def closed(session: Session, month: str, named: bool = True) -> Closed | None:
    """A closed month; offices go by the names that they have today, and so do customers unless only codes will do."""
    query = select(ScoreClose, col(Batch.at)).join(Batch, col(ScoreClose.batch_id) == col(Batch.id))
    found = session.execute(query.where(col(ScoreClose.month) == month)).first()
    if found is None:
        return None
    one, at = found
    names = current(session) if named else {}
    last_day, whole = None, OnFile({}, {})
    offices: dict[str, Kept] = {}
    kept = select(ScoreClosed).where(col(ScoreClosed.close_id) == one.id).order_by(col(ScoreClosed.office_code))
    for row in session.execute(kept).scalars():
        if row.office_code == WHOLE:
            last_day, whole = rules_close.read_whole(row.figures)
        else:
            office = rules_close.read_office(row.figures, row.customers, {code: now[1] for code, now in names.items()})
            offices[row.office_code] = office
    policy = json.loads(one.policy)
    offices = _renamed(session, offices)
    return Closed(month, one.batch_id, at[:10], one.known, policy, last_day, whole, offices)


def current(session: Session) -> dict[str, tuple[str, str]]:
    """The code and name that each customer's code stands for today, codes that became aliases included."""
    own = {row[0]: (row[0], row[1]) for row in session.execute(select(col(Customer.code), col(Customer.name)))}
    aliases = select(col(CustomerAlias.alias), col(Customer.code), col(Customer.name)).join(
        Customer, col(CustomerAlias.customer_id) == col(Customer.id)
    )
    return {row[0]: (row[1], row[2]) for row in session.execute(aliases)} | own


def _renamed(session: Session, offices: Mapping[str, Kept]) -> dict[str, Kept]:
    """The offices with the code and name that they have today; one that has gone keeps its own."""
    rows = session.execute(select(col(Office.code), col(Office.name))).all()
    by_code = {code: name for code, name in rows}
    by_name = {name: code for code, name in rows}
    found: dict[str, Kept] = {}
    for code, kept in offices.items():
        now = code if code in by_code else by_name.get(kept.row.office, code)
        row = kept.row._replace(office_code=now, office=by_code.get(now, kept.row.office))
        found[now] = kept._replace(row=row)
    return found


def refuse_closed(session: Session, month: str) -> None:
    """Refuse to change what a closed month is made of.

    Raises:
        RefusedError: the month is closed; says how it is opened.
    """
    batch = batches(session).get(month)
    if batch is not None:
        held = _held(month, batch)
        raise RefusedError(held.reason, held.hint)


def office_ids(session: Session) -> dict[str, int]:
    """The offices by code."""
    return {row[0]: row[1] for row in session.execute(select(col(Office.code), col(Office.id)))}


def guard(session: Session) -> Guard:
    """Scores set by hand for a closed month are neither made, changed nor removed."""
    closed_by = batches(session)

    def held(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> Held | None:
        month = str((after or before or {})["month"])
        return _held(month, closed_by[month]) if month in closed_by else None

    return held


def _held(month: str, batch: int) -> Held:
    return Held(
        "E321",
        _("{month} is closed (batch {batch})").format(month=month, batch=batch),
        _("channelctl batch undo {batch} opens it again.").format(batch=batch),
    )
