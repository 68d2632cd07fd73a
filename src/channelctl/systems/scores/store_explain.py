"""What stands behind scores: plan rows, targets and sale lines, down to the rows of sheets."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import func, select
from sqlmodel import Session, col

from channelctl import policy
from channelctl.errors import RefusedError, UsageError
from channelctl.i18n import _
from channelctl.period import Period
from channelctl.records.resolve import lookup
from channelctl.storage import Batch, Change, SourceSheet
from channelctl.systems.customers.tables import Customer
from channelctl.systems.org.tables import Office
from channelctl.systems.plans.tables import ClassTarget, PlanLine, PlanVersion
from channelctl.systems.sales import store as sales
from channelctl.systems.sales.rules import SalesPolicy, SourceLine
from channelctl.systems.scores import rules, rules_close, store, store_closed
from channelctl.systems.scores.rules import CLASS_TARGET, HAND, PLAN, PlannedPart, PlanPlace, ScorePolicy
from channelctl.systems.scores.rules_close import ChangedRow, Closed
from channelctl.systems.scores.store import Scored
from channelctl.systems.scores.tables import ScoreMark

_SOURCE = (col(Batch.file_name), col(SourceSheet.name))


class Explained(NamedTuple):
    """What stands behind scores: each planned customer's part, the plan's rows, the sale lines; `one` is who was asked.

    Lines are repeated where two offices plan a customer whose sales count in both. All of it is as it is today; of a
    closed month `closed` is how it was closed, and `changed` what became of its planned customers since.
    """

    found: Scored
    one: str | None
    parts: list[PlannedPart]
    places: list[PlanPlace]
    lines: list[SourceLine]
    not_counted: list[SourceLine]
    closed: Closed | None = None
    changed: Sequence[ChangedRow] = ()


def explained(
    session: Session, customer: str | None, office: str | None, month: str | None, as_of: str | None
) -> Explained:
    """The scores of an office's planned customers, or of one customer in every office that plans it.

    Raises:
        UsageError: neither customer nor office is named, or there is none of that name.
        RefusedError: there is no plan, or the customer is not on it.
    """
    office = sales.office_asked(session, office)
    if customer is None and office is None:
        raise UsageError(
            _("a customer or an office is missing"), _("channelctl score explain CUSTOMER, or --office OFFICE")
        )
    asked = lookup(session, "customer", customer) if customer is not None else None
    found = store.scores(session, office, month, as_of, restated=True)
    closed = None if found.period.end < Period.month(found.month).end else store_closed.closed(session, found.month)
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
    one = kept[0].customer_code if asked is not None else None
    changed = [] if closed is None else _since(session, closed, found, one)
    return Explained(found, one, told, places, *lines, closed, changed)


def _since(session: Session, closed: Closed, found: Scored, one: str | None) -> list[ChangedRow]:
    """What became of the planned customers of the offices asked for, or of one of them, since the month was closed."""
    now = {code: current[0] for code, current in store_closed.current(session).items()}
    changed: list[ChangedRow] = []
    for row in found.asked:
        kept = closed.offices.get(row.office_code)
        customers = kept.customers if kept is not None else ()
        changed += rules_close.changed(row, customers, found.customers[row.office_code], now)
    return [row for row in changed if one in (None, row.customer_code, now.get(row.customer_code))]


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
    """Each plan row's place, and after it that of the class target or of the score set by hand that counts for it."""
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
    marks, approved = _marks(session, month), _approved(session, month)
    found: list[PlanPlace] = []
    scored = {(part.office_code, part.customer_code): part for part in told}
    for one in kept:
        part = scored[one.office_code, one.customer_code]
        found.append(
            PlanPlace(
                *(one.customer_code, PLAN, one.office, one.class_, part.core, month, one.target),
                *(one.file, one.sheet or None, one.row or None, one.batch, rows_changed.get(one.id)),
                reason=approved.get(one.id),
            )
        )
        if part.rule == CLASS_TARGET:
            id_, class_, since, target, file, sheet, row, batch = targets[one.class_]
            found.append(
                PlanPlace(
                    *(one.customer_code, CLASS_TARGET, one.office, class_, None, since, target),
                    *(file, sheet or None, row or None, batch, targets_changed.get(id_)),
                )
            )
        if part.rule == HAND:
            found.append(marks[one.office_id, one.customer_id]._replace(office=one.office))
    return found


def _approved(session: Session, month: str) -> dict[int, str]:
    """Why each plan row of a month was last approved as it is, whatever was merged since."""
    change, version = col(Change.record_id), col(PlanVersion.reason)
    of_month = (col(PlanVersion.month) == month, version.is_not(None))
    changed = select(change, version).join_from(Change, PlanVersion, col(PlanVersion.batch_id) == col(Change.batch_id))
    made = select(col(PlanLine.id), version).join_from(
        PlanLine, PlanVersion, col(PlanVersion.batch_id) == col(PlanLine.batch_id)
    )
    found = {row[0]: row[1] for row in session.execute(made.where(*of_month))}
    query = changed.where(*of_month, col(Change.kind) == "plan").order_by(col(PlanVersion.batch_id))
    return found | {row[0]: row[1] for row in session.execute(query)}


def _marks(session: Session, month: str) -> dict[tuple[int, int], PlanPlace]:
    """Where the scores set by hand stand, by office and customer, each with its reason."""
    query = (
        select(
            col(ScoreMark.id), col(ScoreMark.office_id), col(ScoreMark.customer_id), col(Customer.code),
            col(ScoreMark.score), col(ScoreMark.reason), *_SOURCE, col(ScoreMark.row_no), col(ScoreMark.batch_id),
        )
        .join_from(ScoreMark, Customer, col(ScoreMark.customer_id) == col(Customer.id))
        .join(Batch, col(ScoreMark.batch_id) == col(Batch.id))
        .outerjoin(SourceSheet, col(ScoreMark.sheet_id) == col(SourceSheet.id))
        .where(col(ScoreMark.month) == month)
    )  # fmt: skip
    changed = _changed(session, "score_mark")
    found: dict[tuple[int, int], PlanPlace] = {}
    for id_, office, customer, code, score, reason, file, sheet, row, batch in session.execute(query):
        place = (file, sheet or None, row or None, batch, changed.get(id_))
        found[office, customer] = PlanPlace(code, HAND, "", None, None, month, None, *place, score, reason)
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
