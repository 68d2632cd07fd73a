"""Changing a frozen plan, with an approval."""

import datetime as dt
import unicodedata
from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlmodel import Session, col

from channelctl import policy as policies
from channelctl.errors import RefusedError, UsageError
from channelctl.i18n import _, listed
from channelctl.records import kinds
from channelctl.records import store as records
from channelctl.records.bounds import office_seen
from channelctl.records.resolve import lookup
from channelctl.systems.customers.rules import CustomerPolicy
from channelctl.systems.customers.tables import Customer
from channelctl.systems.org.tables import Office
from channelctl.systems.plans import store
from channelctl.systems.plans.rules import PlanPolicy
from channelctl.systems.plans.rules_show import VersionRow
from channelctl.systems.plans.store import Plan
from channelctl.systems.plans.store_versions import KIND, latest, month_of, save, versions
from channelctl.systems.plans.tables import PlanLine, PlanVersion

CHANGE, ADD, REMOVE = "change", "add", "remove"


class Approval(NamedTuple):
    """What is approved: a change of a planned customer, one more, or one less; why, and from which day."""

    action: str
    fields: Mapping[str, str]
    reason: str
    on: dt.date
    today: dt.date


class Approved(NamedTuple):
    """A planned customer's line after an approval (or as it was, if removed), and the version that it made, if any."""

    row: Any
    version: VersionRow | None
    remarks: list[str]


class _Place(NamedTuple):
    """An office's plan of a month, and a customer that is on it, or is not yet."""

    month: str
    office_id: int
    office_code: str
    office: str
    code: str
    planned: bool


def approve(
    session: Session, customer: str, month: str, office: str | None, asked: Approval, policy: PlanPolicy
) -> Approved:
    """Change a frozen plan and keep it as its next version; where it is so already, nothing is written.

    Raises:
        UsageError: no such customer, office or class, none or several offices plan it, no reason, a day that is yet to
            come, or nothing to change.
        RefusedError: the plan is not frozen.
    """
    if not asked.reason.strip():
        raise UsageError(_("an approval needs a reason"), "--reason TEXT")
    if asked.action == CHANGE and not asked.fields:
        raise UsageError(_("nothing to change was given"), _("Say what: --class V2, --core yes, --target 200000"))
    if asked.action == REMOVE and asked.fields:
        raise UsageError(_("a customer that is removed has no class, core mark or target"), "")
    if asked.on > asked.today:
        raise UsageError(
            _("an approval of {day} is yet to come: today is {today}").format(day=asked.on, today=asked.today),
            _("Say the day on which it was approved: --on 2024-05-20; without --on it is today."),
        )
    _check_class(asked.fields.get("class_", ""))
    place = _place(session, customer, month, office, asked.action)
    before = latest(session).get((place.month, place.office_id))
    if before is None:
        raise RefusedError(
            _("the plan of {office} for {month} is not frozen").format(office=place.office, month=place.month),
            (
                _("Change it directly: channelctl plan set {month} {office} {customer} …")
                if place.planned
                else _("Plan it directly: channelctl plan add {month} {office} {customer} …")
            ).format(month=place.month, office=place.office_code, customer=place.code),
        )
    done = _write(session, place, asked)
    if not done.changed:
        session.rollback()
        return Approved(done.row, None, done.remarks)
    version = PlanVersion(
        batch_id=done.batch, month=place.month, office_id=place.office_id, number=before.number + 1,
        approved_on=asked.on, reason=asked.reason.strip(),
    )  # fmt: skip
    now = [plan for plan in store.plans(session, place.month, policy) if plan.office_id == place.office_id]
    save(session, version, now[0] if now else Plan(place.office_id, place.office_code, place.office, []))
    made = versions(session, place.month, place.office_code)[-1]
    return Approved(done.row, made, done.remarks)


def _check_class(word: str) -> None:
    """Refuse a class that the policy does not know.

    Raises:
        UsageError: which there are.
    """
    classes = policies.section("customers", CustomerPolicy).classes
    if word.strip() and unicodedata.normalize("NFKC", word).strip().upper() not in classes:
        raise UsageError(
            _("unknown class “{word}”").format(word=word), _("There are: {words}").format(words=listed(classes))
        )


def _write(session: Session, place: _Place, asked: Approval) -> records.Written:
    kind, key = kinds()[KIND], [place.month, place.office_code, place.code]
    if asked.action == ADD:
        values = {
            **dict(zip(kind.key, key, strict=True)),
            **{name: word for name, word in asked.fields.items() if word},
        }
        return records.add(session, kind, values, "approve", held=False)
    if asked.action == REMOVE:
        return records.remove(session, kind, key, "approve", held=False)
    return records.change(session, kind, key, asked.fields, "approve", held=False)


def _place(session: Session, customer: str, month: str, office: str | None, action: str) -> _Place:
    """Whose plan is meant: that of the office named, else the one that has the customer, else its own office's."""
    wanted, customer_id = month_of(month), lookup(session, "customer", customer)
    code, own = session.execute(
        select(col(Customer.code), col(Customer.office_id)).where(col(Customer.id) == customer_id)
    ).one()
    line = select(col(PlanLine.office_id)).where(
        col(PlanLine.month) == wanted, col(PlanLine.customer_id) == customer_id
    )
    planned = [row[0] for row in session.execute(line)]
    offices = {row[0]: (row[1], row[2]) for row in session.execute(
        select(col(Office.id), col(Office.code), col(Office.name)).order_by(col(Office.code))
    )}  # fmt: skip
    names = [name for id_, (_code, name) in offices.items() if id_ in planned]
    if office is not None:
        office_id = office_seen(session, office)
    elif action == ADD:
        if own is None:
            raise UsageError(
                _("{customer} belongs to no office").format(customer=code), _("Say which: --office OFFICE")
            )
        office_id = own
    elif len(planned) > 1:
        raise UsageError(
            _("{customer} is planned by {offices}").format(customer=code, offices=listed(names)),
            _("Say which: --office {office}").format(office=names[0]),
        )
    else:
        office_id = planned[0] if planned else 0
    if action != ADD and office_id not in planned:
        raise UsageError(
            _("{customer} is not on that plan for {month}").format(customer=code, month=wanted),
            _("To plan it: channelctl plan approve {customer} --month {month} --add --reason TEXT").format(
                customer=code, month=wanted
            ),
        )
    return _Place(wanted, office_id, *offices[office_id], code, office_id in planned)
