"""Frozen plans: saving an office's plan of a month, changing it with an approval, and keeping others from it."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import insert, select
from sqlmodel import Session, col

from channelctl import audit
from channelctl.errors import RefusedError
from channelctl.i18n import _, listed
from channelctl.period import Period
from channelctl.records import Guard, Held
from channelctl.records.bounds import office_seen
from channelctl.storage import Batch, Change
from channelctl.systems.customers.tables import Customer, CustomerAlias
from channelctl.systems.org.tables import Office
from channelctl.systems.plans import store
from channelctl.systems.plans.rules import PlannedCustomer, PlanPolicy
from channelctl.systems.plans.rules_show import Kept, VersionRow, changes, under_code_of
from channelctl.systems.plans.store import Plan
from channelctl.systems.plans.tables import PlanLine, PlanVersion, PlanVersionLine

KIND = "plan"
HELD = "E331"


class Latest(NamedTuple):
    """The last version of an office's plan, its batch and its id."""

    number: int
    batch: int
    id: int


class Frozen(NamedTuple):
    """The offices whose plan was frozen by a batch (None: nothing to do), and those whose plan was frozen before."""

    month: str
    plans: list[Plan]
    before: list[str]
    batch: int | None


def month_of(text: str) -> str:
    """A month as plans keep it."""
    return f"{Period.month(text).start:%Y-%m}"


def latest(session: Session) -> dict[tuple[str, int], Latest]:
    """The last version of each plan that is frozen, by month and office."""
    query = select(
        col(PlanVersion.month), col(PlanVersion.office_id), col(PlanVersion.number), col(PlanVersion.batch_id),
        col(PlanVersion.id),
    ).order_by(col(PlanVersion.number))  # fmt: skip
    return {(row[0], row[1]): Latest(row[2], row[3], row[4]) for row in session.execute(query)}


def held(session: Session) -> Guard:
    """Why planned customers may not change: the plan of their office and month is frozen."""
    frozen = latest(session)
    names: dict[int, str] = {row[0]: row[1] for row in session.execute(select(col(Office.id), col(Office.name)))}

    def guard(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> Held | None:
        for values in (before, after):
            key = (values.get("month", ""), values.get("office_id", 0)) if values is not None else ("", 0)
            if key in frozen:
                return _held(key[0], names[key[1]], frozen[key])
        return None

    return guard


def _held(month: str, office: str, found: Latest) -> Held:
    reason = _("the plan of {office} for {month} is frozen (version {version}, batch {batch})").format(
        office=office, month=month, version=found.number, batch=found.batch
    )
    hint = _("With an approval: channelctl plan approve CUSTOMER --month {month} --office {office} --reason TEXT …")
    return Held(HELD, reason, hint.format(month=month, office=office))


def refuse_frozen(session: Session, places: Iterable[tuple[str, int]]) -> None:
    """Refuse to change plans, given by month and office, of which one is frozen.

    Raises:
        RefusedError: the first that is frozen, and what to do.
    """
    guard = held(session)
    for month, office_id in places:
        found = guard(None, {"month": month, "office_id": office_id})
        if found is not None:
            raise RefusedError(found.reason, found.hint)


def touched_by(session: Session, batch: int, kind: str, model: Any, names: Sequence[str]) -> set[tuple[Any, ...]]:
    """These columns of the records of a kind that a batch made, changed or removed."""
    table = model.__table__
    columns = [table.c[name] for name in names]
    found = {tuple(row) for row in session.execute(select(*columns).where(table.c.batch_id == batch))}
    done = (
        select(col(Change.before), *columns)
        .select_from(Change)
        .outerjoin(table, table.c.id == col(Change.record_id))
        .where(col(Change.batch_id) == batch, col(Change.kind) == kind)
    )
    for before, *now in session.execute(done):
        # Of a record that was removed all is kept; its number may be another's by now.
        values = json.loads(before)
        found.add(tuple(values.get(name, value) for name, value in zip(names, now, strict=True)))
    return found


def later(session: Session, batch: int) -> Iterator[str]:
    """The versions of later batches that hold what a batch did to a plan."""
    ours = select(col(PlanVersion.month), col(PlanVersion.office_id)).where(col(PlanVersion.batch_id) == batch)
    touched = touched_by(session, batch, KIND, PlanLine, ("month", "office_id"))
    touched |= {(row[0], row[1]) for row in session.execute(ours)}
    if not touched:
        return
    query = (
        select(PlanVersion, col(Office.name))
        .join(Office, col(Office.id) == col(PlanVersion.office_id))
        .where(col(PlanVersion.batch_id) > batch)
        .order_by(col(PlanVersion.batch_id), col(Office.code))
    )
    for version, office in session.execute(query):
        if (version.month, version.office_id) in touched:
            yield _("batch {other} holds version {version} of the plan of {office} for {month}").format(
                other=version.batch_id, version=version.number, office=office, month=version.month
            )


def freeze(session: Session, month: str, office: str | None, policy: PlanPolicy) -> Frozen:
    """Save the plan of a month as version 1: of an office, or of each that has one and is not frozen yet.

    Raises:
        RefusedError: there is no plan.
    """
    found, wanted = planned(session, month, office, policy), month_of(month)
    frozen = latest(session)
    open_ = [plan for plan in found if (wanted, plan.office_id) not in frozen]
    before = [plan.office for plan in found if plan not in open_]
    if not open_:
        return Frozen(wanted, found, before, None)
    batch = audit.open_batch(session, "plan freeze")
    for plan in open_:
        save(session, PlanVersion(batch_id=batch, month=wanted, office_id=plan.office_id, number=1), plan)
    return Frozen(wanted, open_, before, batch)


def save(session: Session, version: PlanVersion, plan: Plan) -> None:
    """Keep a plan as it is as a version."""
    session.add(version)
    session.flush()
    lines = [
        {"version_id": version.id, "customer_code": one.customer_code, "class": one.class_, "core": one.core,
         "target": one.target}
        for _id, one in plan.customers
    ]  # fmt: skip
    if lines:
        session.connection().execute(insert(PlanVersionLine.__table__), lines)  # type: ignore[attr-defined]


def planned(session: Session, month: str, office: str | None, policy: PlanPolicy) -> list[Plan]:
    """The plans of a month, of all offices or one.

    Raises:
        UsageError: there is no such office.
        RefusedError: there is no plan; says which there are.
    """
    wanted = month_of(month)
    office_id = office_seen(session, office) if office is not None else None
    found = store.plans(session, wanted, policy)
    if not found:
        months = store.months(session)
        raise RefusedError(
            _("there is no plan for {month}").format(month=wanted),
            _("There are plans for: {months}").format(months=listed(months[:12]))
            if months
            else _("channelctl template plan makes a sheet of planned customers to fill in and import."),
        )
    asked = [plan for plan in found if office_id in (None, plan.office_id)]
    if not asked:
        raise RefusedError(
            _("{office} has no plan for {month}").format(office=office, month=wanted),
            _("Offices with one: {offices}").format(offices=listed(plan.office for plan in found[:10])),
        )
    return asked


def plans_at(session: Session, month: str, office: str | None, number: int) -> list[Plan]:
    """A version of the plans of a month, by the codes that customers had; names and channels are today's.

    Raises:
        UsageError: there is no such office.
        RefusedError: no plan of the month has that version.
    """
    wanted = month_of(month)
    office_id = office_seen(session, office) if office is not None else None
    query = (
        select(col(PlanVersion.id), col(Office.id), col(Office.code), col(Office.name))
        .join(Office, col(Office.id) == col(PlanVersion.office_id))
        .where(col(PlanVersion.month) == wanted, col(PlanVersion.number) == number)
        .order_by(col(Office.code))
    )
    known = _known(session)
    found = [
        Plan(row[1], row[2], row[3], [
            (0, PlannedCustomer(code, known.get(code, ("", None))[0], *one, known.get(code, ("", None))[1]))
            for code, one in _lines(session, row[0]).items()
        ])
        for row in session.execute(query)
        if office_id in (None, row[1])
    ]  # fmt: skip
    if not found:
        raise RefusedError(
            _("no plan for {month} has a version {version}").format(month=wanted, version=number),
            _("channelctl plan versions --month {month} shows those there are.").format(month=wanted),
        )
    return found


def _known(session: Session) -> dict[str, tuple[str, str | None]]:
    """Name and channel of every customer by its code, and by the codes that became aliases."""
    own = select(col(Customer.code), col(Customer.name), col(Customer.channel))
    other = select(col(CustomerAlias.alias), col(Customer.name), col(Customer.channel)).join(
        Customer, col(Customer.id) == col(CustomerAlias.customer_id)
    )
    return {row[0]: (row[1], row[2]) for query in (other, own) for row in session.execute(query)}


def _merged(session: Session) -> dict[str, str]:
    """The codes that became aliases, with those of the customers that they stand for."""
    query = select(col(CustomerAlias.alias), col(Customer.code)).join(
        Customer, col(Customer.id) == col(CustomerAlias.customer_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def _lines(session: Session, version: int) -> dict[str, Kept]:
    line = PlanVersionLine
    query = select(col(line.customer_code), col(line.class_), col(line.core), col(line.target)).where(
        col(line.version_id) == version
    )
    return {row[0]: Kept(*row[1:]) for row in session.execute(query.order_by(col(line.customer_code)))}


def versions(session: Session, month: str | None, office: str | None) -> list[VersionRow]:
    """The versions of frozen plans, the latest month first, each with what it changed in the one before."""
    query = (
        select(PlanVersion, Office, Batch)
        .join(Office, col(Office.id) == col(PlanVersion.office_id))
        .join(Batch, col(Batch.id) == col(PlanVersion.batch_id))
        .order_by(col(PlanVersion.month).desc(), col(Office.code), col(PlanVersion.number))
    )
    if month is not None:
        query = query.where(col(PlanVersion.month) == month_of(month))
    if office is not None:
        query = query.where(col(PlanVersion.office_id) == office_seen(session, office))
    rows: list[VersionRow] = []
    before: dict[str, Kept] = {}
    own = _merged(session)
    for version, place, batch in session.execute(query):
        lines = _lines(session, version.id or 0)
        rows.append(
            VersionRow(
                version.month, place.code, place.name, version.number, len(lines),
                sum(one.core for one in lines.values()),
                sum((one.target for one in lines.values() if one.target is not None), Decimal("0.00")),
                changes(under_code_of(before, own, lines), lines) if version.number > 1 else "",
                version.approved_on.isoformat() if version.approved_on else None,
                version.reason, batch.user, batch.at, version.batch_id,
            )
        )  # fmt: skip
        before = lines
    return rows
