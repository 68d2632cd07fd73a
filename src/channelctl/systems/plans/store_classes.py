"""Class targets that frozen plans go by: kept from change as the plans are."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlmodel import Session, col

from channelctl.i18n import _
from channelctl.records import Guard, Held
from channelctl.systems.org.tables import Office
from channelctl.systems.plans.store_versions import HELD, touched_by
from channelctl.systems.plans.tables import ClassTarget, PlanVersion, PlanVersionLine

KIND = "class_target"


class _Need(NamedTuple):
    """A version of a frozen plan with customers of a class that have no target of their own."""

    class_: str
    month: str
    office: str
    number: int
    batch: int


def held(session: Session) -> Guard:
    """Why a class target may not change: a frozen plan goes by it, or would."""
    needs, rows = sorted(_needs(session), key=lambda need: need.number, reverse=True), _rows(session)

    def guard(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> Held | None:
        values = after or before or {}
        row = (str(values["class"]), str(values["month"]))
        return next((_held(need, row[1]) for need in needs if _goes_by(need, row, rows)), None)

    return guard


def _held(need: _Need, since: str) -> Held:
    reason = _(
        "the plan of {office} for {month} is frozen (version {version}, batch {batch}) and goes by the target of"
        " {class_} from {since}"
    ).format(
        office=need.office, month=need.month, version=need.number, batch=need.batch, class_=need.class_, since=since
    )
    hint = _(
        "Undo the freeze first (channelctl batch undo {batch}), or give customers a target of their own: channelctl"
        " plan approve CUSTOMER --month {month} --office {office} --target AMOUNT --reason TEXT"
    )
    return Held(HELD, reason, hint.format(batch=need.batch, month=need.month, office=need.office))


def later(session: Session, batch: int) -> Iterator[str]:
    """The versions of later batches that go by what a batch did to class targets."""
    touched = touched_by(session, batch, KIND, ClassTarget, ("class", "month"))
    if not touched:
        return
    rows, seen = _rows(session), set()
    for need in _needs(session):
        if need.batch > batch and any(_goes_by(need, row, rows) for row in touched):
            seen.add((need.batch, need.number, need.office, need.month))
    for other, number, office, month in sorted(seen):
        yield _("batch {other} holds version {version} of the plan of {office} for {month}").format(
            other=other, version=number, office=office, month=month
        )


def _goes_by(need: _Need, row: tuple[str, str], rows: Mapping[str, Sequence[str]]) -> bool:
    """Whether a target of a class and month is, or would be, the one that holds for a plan."""
    class_, month = row
    later_ones = any(month < other <= need.month for other in rows.get(class_, ()))
    return need.class_ == class_ and month <= need.month and not later_ones


def _rows(session: Session) -> dict[str, list[str]]:
    """The months from which targets of a class hold."""
    found: dict[str, list[str]] = {}
    for class_, month in session.execute(select(col(ClassTarget.class_), col(ClassTarget.month))):
        found.setdefault(class_, []).append(month)
    return found


def _needs(session: Session) -> list[_Need]:
    line = PlanVersionLine
    query = (
        select(
            col(line.class_), col(PlanVersion.month), col(Office.name), col(PlanVersion.number),
            col(PlanVersion.batch_id), col(Office.code),
        )
        .join_from(line, PlanVersion, col(PlanVersion.id) == col(line.version_id))
        .join(Office, col(Office.id) == col(PlanVersion.office_id))
        .where(col(line.target).is_(None), col(line.class_).is_not(None))
        .distinct()
        .order_by(col(PlanVersion.month), col(Office.code), col(PlanVersion.number), col(line.class_))
    )  # fmt: skip
    return [_Need(*row[:-1]) for row in session.execute(query)]
