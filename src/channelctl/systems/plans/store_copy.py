"""A month's plan as the beginning of another's."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import insert, select
from sqlmodel import Session, col

from channelctl import audit
from channelctl.errors import RefusedError, UsageError
from channelctl.i18n import _, listed
from channelctl.period import Period
from channelctl.records import remarks
from channelctl.records.resolve import next_id
from channelctl.systems.customers.tables import Customer
from channelctl.systems.org.tables import Office
from channelctl.systems.plans.rules import PlanPolicy
from channelctl.systems.plans.rules_show import ClosedRow, CopiedRow
from channelctl.systems.plans.store_versions import KIND, month_of, planned, refuse_frozen
from channelctl.systems.plans.tables import PlanLine

TARGETS = ("keep", "none")


class Copied(NamedTuple):
    """What was copied from one month to another, who was not as it is closed, and the batch (None: nothing written).

    `remarks` are what is to be said of the batch.
    """

    month: str
    to: str
    offices: list[CopiedRow]
    closed: list[ClosedRow]
    batch: int | None
    remarks: Sequence[str] = ()


class _Line(NamedTuple):
    """A line to copy, and its customer."""

    line: PlanLine
    code: str
    name: str
    closed_on: dt.date | None


def copy(
    session: Session,
    month: str,
    to: str,
    office: str | None,
    policy: PlanPolicy,
    targets: str = "keep",
    fill: bool = False,
    write: bool = True,
) -> Copied:
    """Copy the plan of a month with class, core mark and target, without customers closed by the end of the other.

    Raises:
        UsageError: both months are one, or `targets` is no such word.
        RefusedError: there is no plan, the other month has one already (unless it is to be filled), or is frozen.
    """
    wanted, other = month_of(month), month_of(to)
    if targets not in TARGETS:
        raise UsageError(
            _("“{value}” is not a way with targets").format(value=targets),
            _("One of: {choices}.").format(choices=listed(TARGETS)),
        )
    if wanted == other:
        raise UsageError(_("a plan cannot be copied onto itself"), _("Give another month with --to."))
    ids = [plan.office_id for plan in planned(session, wanted, office, policy)]
    there = _there(session, other, ids)
    if there and not fill:
        raise RefusedError(
            _("{offices}: there is a plan for {month} already").format(
                offices=listed(_names(session, {office_id for office_id, _customer in there})), month=other
            ),
            _("--fill adds the customers that it lacks; channelctl plan show --month {month} shows it.").format(
                month=other
            ),
        )
    end = Period.month(other).end
    rows, closed, new = [], [], []
    for id_, code, name in _offices(session, ids):
        lines = _lines(session, wanted, id_)
        gone = [one for one in lines if one.closed_on is not None and one.closed_on <= end]
        open_ = [one for one in lines if one not in gone]
        fresh = [one for one in open_ if (id_, one.line.customer_id) not in there]
        new += fresh
        rows.append(CopiedRow(code, name, len(fresh), len(open_) - len(fresh), len(gone)))
        closed += [ClosedRow(name, one.code, one.name, str(one.closed_on)) for one in gone]
    refuse_frozen(session, [(other, id_) for id_ in dict.fromkeys(one.line.office_id for one in new)])
    batch = _write(session, other, new, targets) if write and new else None
    return Copied(wanted, other, rows, closed, batch, remarks(session, batch) if batch is not None else ())


def _write(session: Session, month: str, lines: list[_Line], targets: str) -> int:
    batch = audit.open_batch(session, "plan copy")
    first = next_id(session, KIND)
    values = [
        {
            "id": first + place,
            "batch_id": batch,
            "month": month,
            "office_id": one.line.office_id,
            "customer_id": one.line.customer_id,
            "class": one.line.class_,
            "core": one.line.core,
            "target": one.line.target if targets == "keep" else None,
        }
        for place, one in enumerate(lines)
    ]
    session.connection().execute(insert(PlanLine.__table__), values)  # type: ignore[attr-defined]
    return batch


def _there(session: Session, month: str, offices: list[int]) -> set[tuple[int, int]]:
    """Who is planned there already: (office, customer)."""
    query = select(col(PlanLine.office_id), col(PlanLine.customer_id)).where(
        col(PlanLine.month) == month, col(PlanLine.office_id).in_(offices)
    )
    return {(row[0], row[1]) for row in session.execute(query)}


def _offices(session: Session, ids: list[int]) -> list[tuple[int, str, str]]:
    query = select(col(Office.id), col(Office.code), col(Office.name)).where(col(Office.id).in_(ids))
    return [(row[0], row[1], row[2]) for row in session.execute(query.order_by(col(Office.code)))]


def _names(session: Session, ids: set[int]) -> list[str]:
    return [name for _id, _code, name in _offices(session, sorted(ids))]


def _lines(session: Session, month: str, office_id: int) -> list[_Line]:
    query = (
        select(PlanLine, col(Customer.code), col(Customer.name), col(Customer.closed_on))
        .join(Customer, col(Customer.id) == col(PlanLine.customer_id))
        .where(col(PlanLine.month) == month, col(PlanLine.office_id) == office_id)
        .order_by(col(Customer.code))
    )
    return [_Line(*row) for row in session.execute(query)]
