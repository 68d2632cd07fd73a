"""Closed months as they were kept, and whether a month is one."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import func, or_, select
from sqlmodel import Session, col

from channelctl.errors import RefusedError
from channelctl.i18n import _
from channelctl.period import Period
from channelctl.records import Concluded, Guard, Held
from channelctl.storage import Batch
from channelctl.systems.customers.tables import Customer, CustomerAlias
from channelctl.systems.org.tables import Office
from channelctl.systems.plans.store_versions import KIND as PLAN
from channelctl.systems.plans.store_versions import touched_by
from channelctl.systems.plans.tables import PlanLine
from channelctl.systems.sales.store import LINE
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
    names = _names(session) if named else {}
    last_day, whole = None, OnFile({}, {})
    offices: dict[str, Kept] = {}
    kept = select(ScoreClosed).where(col(ScoreClosed.close_id) == one.id).order_by(col(ScoreClosed.office_code))
    for row in session.execute(kept).scalars():
        if row.office_code == WHOLE:
            last_day, whole = rules_close.read_whole(row.figures)
        else:
            office = rules_close.read_office(row.figures, row.customers, names)
            offices[row.office_code] = office
    policy = json.loads(one.policy)
    offices = _renamed(session, offices)
    return Closed(month, one.batch_id, at[:10], one.known, policy, last_day, whole, offices)


def _names(session: Session) -> dict[str, str]:
    """What customers' codes go by today: the name, or for a code that is another customer's by now, whose."""
    merged = _("merged into {code}")
    return {code: name if own == code else merged.format(code=own) for code, (own, name) in current(session).items()}


def remarks(session: Session, batch: int) -> Iterator[str]:
    """The months, closed before a batch, that it brings, changes or ends sale lines or plan rows of."""
    text = _("{month} is closed (batch {batch}): these rows do not change its scores")
    for one in _touched(session, batch):
        if one.known < batch:
            yield text.format(month=one.month, batch=one.batch_id)


def concluded(session: Session, batch: int) -> Iterator[Concluded]:
    """The months that were closed with what a batch brought, changed or ended."""
    text = _("{month}, closed by batch {batch}, keeps the scores that were computed from this")
    for one in _touched(session, batch):
        if one.known >= batch:
            month, said = Period.month(one.month), text.format(month=one.month, batch=one.batch_id)
            yield Concluded(str(ScoreClose.__tablename__), one.batch_id, month.start, month.end, said)


def _touched(session: Session, batch: int) -> list[ScoreClose]:
    """The closed months of a batch's sale lines and plan rows."""
    closes = list(session.execute(select(ScoreClose).order_by(col(ScoreClose.month))).scalars())
    if not closes:
        return []
    of_batch = or_(LINE.c.batch_id == batch, LINE.c.ended_batch_id == batch)
    months = set(session.execute(select(func.substr(LINE.c.date, 1, 7)).where(of_batch).distinct()).scalars())
    months |= {row[0] for row in touched_by(session, batch, PLAN, PlanLine, ("month",))}
    return [one for one in closes if one.month in months]


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
