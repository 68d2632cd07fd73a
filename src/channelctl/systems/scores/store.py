"""What a plan is held against, and the scores that come of it."""

import datetime as dt
import difflib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import func, select
from sqlmodel import Session, col

from channelctl import policy
from channelctl.errors import RefusedError, UsageError
from channelctl.i18n import _, listed
from channelctl.period import Period, day
from channelctl.records.resolve import lookup
from channelctl.storage import Batch, Change, SourceSheet
from channelctl.systems.customers.tables import Customer
from channelctl.systems.org.tables import Office
from channelctl.systems.plans import store as plans
from channelctl.systems.plans.rules import PlanPolicy
from channelctl.systems.plans.tables import ClassTarget, PlanLine
from channelctl.systems.sales import store as sales
from channelctl.systems.sales.rules import SalesPolicy, SourceLine
from channelctl.systems.scores import rules
from channelctl.systems.scores.rules import (
    CLASS_TARGET,
    PLAN,
    PlannedPart,
    PlannedRow,
    PlannedSales,
    PlanPlace,
    ScorePolicy,
    ScoreRow,
)

_SOURCE = (col(Batch.file_name), col(SourceSheet.name))


class Scored(NamedTuple):
    """A month's scores: every office with a plan ranked, those asked for, and what stands behind them."""

    month: str
    period: Period
    office: str | None
    everyone: list[ScoreRow]
    asked: list[ScoreRow]
    customers: dict[str, list[PlannedRow]]
    classes: list[rules.ClassRow]
    last_day: str | None
    over_core: bool


def scores(session: Session, office: str | None, month: str | None, as_of: str | None) -> Scored:
    """The scores of all offices with a plan for the month, one of them asked for.

    Without `month` it is the latest planned one that has begun by `as_of`, else by the last day with sales.

    Raises:
        RefusedError: there is no plan for the month, or none for the office.
    """
    asked = lookup(session, "office", office) if office is not None else None
    no_sale = policy.section("sales", SalesPolicy).no_sale_statuses
    cut, last = day(as_of) if as_of is not None else None, sales.last_date(session, no_sale)
    planned_months = plans.months(session)
    wanted = f"{Period.month(month).start:%Y-%m}" if month is not None else _begun(planned_months, cut, last)
    limits = policy.section("plans", PlanPolicy)
    found = plans.plans(session, wanted, limits)
    if not found or (asked is not None and all(plan.office_id != asked for plan in found)):
        raise _no_plan(wanted, office if found else None, planned_months, [plan.office for plan in found])
    period = Period.month(wanted).cut(cut)
    own = policy.section("scores", ScorePolicy)
    by_office = own.sales_of == "office"
    nets = planned_sales(session, found, period, no_sale, by_office)
    targets = plans.class_targets(session, wanted)
    results = {
        plan.office_id: rules.score_office(plan.office_code, plan.office, wanted, nets[plan.office_id], targets, own)
        for plan in found
    }
    everyone = rules.rank(row for row, _customers in results.values())
    chosen = [plan for plan in found if asked in (None, plan.office_id)]
    codes = {plan.office_code for plan in chosen}
    customers = {plan.office_code: results[plan.office_id][1] for plan in chosen}
    return Scored(
        wanted,
        period,
        chosen[0].office if asked is not None else None,
        everyone,
        [row for row in everyone if row.office_code in codes],
        customers,
        rules.by_class(
            [row for rows in customers.values() for row in rows],
            plans.customers_by_class(session, asked, period.end),
            limits,
        ),
        None if last is None else min(last, period.end).isoformat(),
        own.core_base == "core",
    )


class Explained(NamedTuple):
    """What stands behind scores: each planned customer's part, the plan's rows, the sale lines; `one` is who was asked.

    Lines are repeated where two offices plan a customer whose sales count in both.
    """

    found: Scored
    one: str | None
    parts: list[PlannedPart]
    places: list[PlanPlace]
    lines: list[SourceLine]
    not_counted: list[SourceLine]


def explained(
    session: Session, customer: str | None, office: str | None, month: str | None, as_of: str | None
) -> Explained:
    """The scores of an office's planned customers, or of one customer in every office that plans it.

    Raises:
        UsageError: neither customer nor office is named, or there is none of that name.
        RefusedError: there is no plan, or the customer is not on it.
    """
    if customer is None and office is None:
        raise UsageError(
            _("a customer or an office is missing"), _("channelctl score explain CUSTOMER, or --office OFFICE")
        )
    asked = lookup(session, "customer", customer) if customer is not None else None
    found = scores(session, office, month, as_of)
    held = [one for one in planned(session, found.month) if one.office_code in found.customers]
    kept = [one for one in held if asked in (None, one.customer_id)]
    if not kept and asked is not None:
        raise _not_planned(sales.customer_names(session)[asked].code, found.office, found.month)
    own, no_sale = policy.section("scores", ScorePolicy), policy.section("sales", SalesPolicy).no_sale_statuses
    told: list[PlannedPart] = []
    lines: tuple[list[SourceLine], list[SourceLine]] = ([], [])
    ranked: list[Planned] = []
    for row in found.asked:
        here = [one for one in kept if one.office_code == row.office_code]
        ranked += here
        codes = {one.customer_code for one in here}
        told += rules.parts(row, (one for one in found.customers[row.office_code] if one.customer_code in codes), own)
        at = here[0].office_id if here and own.sales_of == "office" else None
        for into, counted in zip(lines, (True, False), strict=True):
            ids = [one.customer_id for one in here]
            behind = sales.lines_of_planned(session, ids, at, found.period, no_sale, counted)
            into += [line._replace(office=row.office) for line in behind]
    places = _places(session, found.month, ranked, told)
    return Explained(found, kept[0].customer_code if asked is not None else None, told, places, *lines)


class Planned(NamedTuple):
    """A plan row's office and customer, and where it stands."""

    id: int
    office_id: int
    office_code: str
    office: str
    customer_id: int
    customer_code: str
    class_: str | None
    target: Decimal | None
    file: str | None
    sheet: str | None
    row: int | None
    batch: int


def planned(session: Session, month: str) -> list[Planned]:
    """The rows of all plans for a month, by office and customer code."""
    query = (
        select(
            col(PlanLine.id), col(Office.id), col(Office.code), col(Office.name), col(Customer.id), col(Customer.code),
            col(PlanLine.class_), col(PlanLine.target), *_SOURCE, col(PlanLine.row_no), col(PlanLine.batch_id),
        )
        .join_from(PlanLine, Office, col(PlanLine.office_id) == col(Office.id))
        .join(Customer, col(PlanLine.customer_id) == col(Customer.id))
        .join(Batch, col(PlanLine.batch_id) == col(Batch.id))
        .outerjoin(SourceSheet, col(PlanLine.sheet_id) == col(SourceSheet.id))
        .where(col(PlanLine.month) == month)
        .order_by(col(Office.code), col(Customer.code))
    )  # fmt: skip
    return [Planned(*row) for row in session.execute(query)]


def _places(session: Session, month: str, kept: Sequence[Planned], told: Sequence[PlannedPart]) -> list[PlanPlace]:
    """Each plan row's place, and after it that of the class target where it is what counts."""
    query = (
        select(
            col(ClassTarget.id), col(ClassTarget.class_), col(ClassTarget.month), col(ClassTarget.target),
            *_SOURCE, col(ClassTarget.row_no), col(ClassTarget.batch_id),
        )
        .join_from(ClassTarget, Batch, col(ClassTarget.batch_id) == col(Batch.id))
        .outerjoin(SourceSheet, col(ClassTarget.sheet_id) == col(SourceSheet.id))
        .where(col(ClassTarget.month) <= month)
        .order_by(col(ClassTarget.month))
    )  # fmt: skip
    targets = {row[1]: row for row in session.execute(query)}
    rows_changed, targets_changed = _changed(session, "plan"), _changed(session, CLASS_TARGET)
    found: list[PlanPlace] = []
    scored = {(part.office_code, part.customer_code): part for part in told}
    for one in kept:
        part = scored[one.office_code, one.customer_code]
        found.append(
            PlanPlace(
                *(one.customer_code, PLAN, one.office, one.class_, part.core, month, one.target),
                *(one.file, one.sheet or None, one.row, one.batch, rows_changed.get(one.id)),
            )
        )
        if part.rule == CLASS_TARGET:
            id_, class_, since, target, file, sheet, row, batch = targets[one.class_]
            found.append(
                PlanPlace(
                    *(one.customer_code, CLASS_TARGET, one.office, class_, None, since, target),
                    *(file, sheet or None, row, batch, targets_changed.get(id_)),
                )
            )
    return found


def _changed(session: Session, kind: str) -> dict[int, int]:
    """The last batch, not undone, that changed each record of a kind."""
    query = (
        select(col(Change.record_id), func.max(col(Change.batch_id)))
        .join(Batch, col(Change.batch_id) == col(Batch.id))
        .where(col(Change.kind) == kind, col(Batch.undone_by).is_(None))
        .group_by(col(Change.record_id))
    )
    return {row[0]: row[1] for row in session.execute(query)}


def _not_planned(customer: str, office: str | None, month: str) -> RefusedError:
    if office is None:
        message = _("{customer} is on no plan for {month}, so it has no score").format(customer=customer, month=month)
    else:
        message = _("{customer} is not on the plan of {office} for {month}, so it has no score there").format(
            customer=customer, office=office, month=month
        )
    return RefusedError(message, _("channelctl plan list month={month} shows who is planned.").format(month=month))


def _begun(months: Sequence[str], cut: dt.date | None, last: dt.date | None) -> str:
    """The latest of the months that has begun by a day; where none has, the day's own month if it was asked for."""
    limit = cut or last
    begun = [month for month in months if limit is None or month <= f"{limit:%Y-%m}"]
    if begun:
        return begun[0]
    return f"{cut:%Y-%m}" if cut is not None else months[0] if months else ""


def planned_sales(
    session: Session, found: Sequence[plans.Plan], period: Period, no_sale: Sequence[str], by_office: bool
) -> dict[int, list[PlannedSales]]:
    """Each office's planned customers with their net sales of the period; no sales are 0."""
    nets = sales.net_of_customers(session, period, no_sale, by_office)
    return {
        plan.office_id: [
            PlannedSales(*planned, _net(nets, plan.office_id, id_, by_office)) for id_, planned in plan.customers
        ]
        for plan in found
    }


def _net(nets: Mapping[tuple[int | None, int], Decimal], office: int, customer: int, by_office: bool) -> Decimal:
    """By office, lines that name none, of a customer without one, count for the office that plans the customer."""
    without = nets.get((None, customer), sales.ZERO)
    return nets.get((office, customer), sales.ZERO) + without if by_office else without


def _no_plan(month: str, office: str | None, months: Sequence[str], offices: Sequence[str]) -> RefusedError:
    if not months:
        return RefusedError(
            _("there is no plan yet, so there is no score"),
            _("channelctl template plan makes a sheet of planned customers to fill in and import."),
        )
    if office is None:
        near = difflib.get_close_matches(month, months, 3, 0.6) or list(months[:3])
        return RefusedError(
            _("there is no plan for {month}, so there is no score").format(month=month),
            _("There are plans for: {months}").format(months=listed(near)),
        )
    return RefusedError(
        _("{office} has no plan for {month}, so there is no score").format(office=office, month=month),
        _("Offices with one: {offices}").format(offices=listed(offices[:10])),
    )
