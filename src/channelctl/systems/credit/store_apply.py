"""Surveys, applications and decisions: what each needs, and what it writes."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlmodel import Session, col

from channelctl import audit
from channelctl import policy as policies
from channelctl.errors import RefusedError, UsageError
from channelctl.i18n import _, listed
from channelctl.money import show
from channelctl.records import kinds
from channelctl.records import store as records
from channelctl.records.resolve import next_id
from channelctl.storage import Batch, Change
from channelctl.systems.credit import rules_apply, rules_survey
from channelctl.systems.credit.rules import CreditPolicy
from channelctl.systems.credit.rules_apply import AppliedRow, DecidedRow, Decision, Survey, SurveyRow
from channelctl.systems.credit.rules_decided import APPROVED, REFUSED, decision_text
from channelctl.systems.credit.store_limit import Limit, limits
from channelctl.systems.credit.store_waiting import next_number, require_none_waiting
from channelctl.systems.credit.tables import CreditApplication, CreditDecision, CreditInvestigation, CreditLimit
from channelctl.systems.customers.store_own import own_customer
from channelctl.systems.customers.tables import Customer

SURVEY, APPLICATION, LIMIT = "credit_investigation", "credit_application", "credit_limit"


class Asked(NamedTuple):
    """What is applied for, as it was typed; None: as it is now."""

    amount: str
    terms: str | None
    until: dt.date | None
    pooled: bool | None
    reason: str | None
    investigation: str | None


class Told(NamedTuple):
    """A row and what is to be said of it."""

    row: Any
    remarks: list[str]


class _File(NamedTuple):
    """An application with its customer, the limit in force, and who had a hand in it."""

    one: CreditApplication
    code: str
    name: str
    now: Limit | None
    entered: set[str]


def policy() -> CreditPolicy:
    """The policy in force."""
    return policies.section("credit", CreditPolicy)


def investigate(session: Session, customer: str, fields: Mapping[str, str], today: dt.date) -> Told:
    """Add a survey of a customer by its fields.

    Raises:
        UsageError: no such customer, or a field that cannot be read.
    """
    id_ = own_customer(session, customer)
    code, _name = _person(session, id_)
    own = {"number": next_number(session, SURVEY, "DC", today), "date": today.isoformat(), "investigator": audit.user()}
    own_words = {name: rules_survey.answer(kinds()[SURVEY].columns.get(name), word) for name, word in fields.items()}
    given = {name: word for name, word in own_words.items() if word.strip()}
    done = records.add(session, kinds()[SURVEY], {"customer_code": code, **own, **given})
    row = done.row
    found = rules_survey.completeness(lambda name: getattr(row, name))
    missing = labels(found.missing)
    told = SurveyRow(
        row.number, code, row.customer, row.date, row.investigator, found.filled, len(rules_survey.FIELDS),
        found.share, listed(missing) or None,
    )  # fmt: skip
    return Told(told, done.remarks)


def labels(names: tuple[str, ...]) -> list[str]:
    """What fields of the survey are called."""
    return [kinds()[SURVEY].columns[name].label for name in names]


def apply(session: Session, customer: str, asked: Asked, today: dt.date) -> Told:
    """Apply for a limit: by the user, on a fresh survey.

    Raises:
        UsageError: no such customer or survey, or what nobody can grant.
        RefusedError: there is no fresh survey.
    """
    id_ = own_customer(session, customer)
    code, name = _person(session, id_)
    amount: Decimal = records.typed(kinds()[APPLICATION], "limit_amount", asked.amount)
    rules_apply.require_possible(amount, asked.terms, asked.until, today)
    one = _survey(session, id_, asked.investigation)
    survey = rules_apply.require_survey(code, one, _last(session, id_), today, policy())
    require_none_waiting(session, id_, code)
    number = next_number(session, APPLICATION, "SQ", today)
    words = {
        "number": number, "customer_code": code, "date": today.isoformat(), "applicant": audit.user(),
        "limit_amount": asked.amount, "terms": asked.terms, "investigation": survey.number, "reason": asked.reason,
        "expires_on": asked.until.isoformat() if asked.until is not None else None,
        "pooled": None if asked.pooled is None else "yes" if asked.pooled else "no",
    }  # fmt: skip
    given = {field: word for field, word in words.items() if word is not None and word.strip()}
    done = records.add(session, kinds()[APPLICATION], given)
    now, row = limits(session, today, [id_]).get(id_), done.row
    told = AppliedRow(
        number, code, name, row.date, row.applicant, row.limit_amount, row.terms, row.expires_on, row.pooled,
        now.amount if now is not None else None, survey.number, survey.completeness.share, row.reason,
    )  # fmt: skip
    short = rules_apply.incomplete(survey, policy(), labels(survey.completeness.missing))
    needed = [short + " · " + _("it cannot be approved like that")] if short is not None else []
    return Told(told, [*needed, *done.remarks])


def approve(session: Session, number: str, amount: str | None, reason: str | None, today: dt.date) -> Told:
    """Grant what was applied for, or less: the limit runs from today.

    Raises:
        UsageError: no such application, or more than was applied for.
        RefusedError: it is decided, the user may not, or the survey is not fresh or not complete.
    """
    found, user, rules = _undecided(session, number, today), audit.user(), policy()
    one = found.one
    rules_apply.require_other(user, one.number, one.applicant, found.entered)
    role = rules_apply.role_of(user, rules)
    granted: Decimal = (
        one.limit_amount if amount is None else records.typed(kinds()[APPLICATION], "limit_amount", amount)
    )
    if granted > one.limit_amount:
        raise UsageError(
            _("{number} applies for {asked}; more than that cannot be granted").format(
                number=one.number, asked=show(one.limit_amount)
            ),
            _("--amount is for granting less."),
        )
    rules_apply.require_possible(granted, one.terms, one.expires_on, today)
    rules_apply.require_authority(user, role, granted, {one.applicant, *found.entered}, rules)
    kept = _survey(session, one.customer_id, one.investigation) if one.investigation else None
    survey = rules_apply.require_survey(found.code, kept, _last(session, one.customer_id), today, rules)
    short = rules_apply.incomplete(survey, rules, labels(survey.completeness.missing))
    if short is not None:
        hint = _("channelctl credit investigation set {number} FIELD=VALUE").format(number=survey.number)
        raise RefusedError(short, hint)
    return _decide(session, found, granted, role, reason, today)


def refuse(session: Session, number: str, reason: str, today: dt.date) -> Told:
    """Refuse an application; the limit in force goes on.

    Raises:
        UsageError: no such application, or no reason.
        RefusedError: it is decided, or the user may not decide it.
    """
    if not reason.strip():
        raise UsageError(_("a refusal needs a reason"), "--reason TEXT")
    found, user = _undecided(session, number, today), audit.user()
    rules_apply.require_other(user, found.one.number, found.one.applicant, found.entered)
    return _decide(session, found, None, rules_apply.role_of(user, policy()), reason, today)


def _decide(
    session: Session, found: _File, granted: Decimal | None, role: str, reason: str | None, today: dt.date
) -> Told:
    """Write a decision and, where something is granted, the limit that comes of it."""
    one, now = found.one, found.now
    batch = audit.open_batch(session, "credit refuse" if granted is None else "credit approve")
    why = (reason or "").strip() or None
    decision = CreditDecision(
        batch_id=batch, application=one.number, customer_code=found.code, approved=granted is not None,
        decided_on=today, decided_by=audit.user(), role=role, limit_amount=granted, reason=why,
    )  # fmt: skip
    session.add(decision)
    said = {
        "decision": APPROVED if granted is not None else REFUSED, "decided_on": today, "decided_by": audit.user()
    }  # fmt: skip
    table = CreditApplication.__table__  # type: ignore[attr-defined]
    audit.amend(session, batch, APPLICATION, table, one.id or 0, said)
    terms = one.terms if one.terms is not None or now is None else now.terms
    pooled = one.pooled if one.pooled is not None or now is None else now.pooled or None
    if granted is not None:
        limit = CreditLimit(
            id=next_id(session, LIMIT), batch_id=batch, customer_id=one.customer_id, valid_from=today,
            limit_amount=granted, terms=terms, expires_on=one.expires_on, pooled=pooled, source=one.number,
            approved_by=audit.user(), remark=why,
        )  # fmt: skip
        session.add(limit)
    session.flush()
    told = DecidedRow(
        one.number, found.code, found.name, granted is not None, one.limit_amount, granted,
        now.amount if now is not None else None, terms if granted is not None else None,
        one.expires_on if granted is not None else None, pooled if granted is not None else None,
        today, audit.user(), role, why, batch,
    )  # fmt: skip
    return Told(told, [])


def _undecided(session: Session, number: str, today: dt.date) -> _File:
    """An application that waits.

    Raises:
        UsageError: there is none of that number.
        RefusedError: it was decided; by whom.
    """
    id_, _row = records.one(session, kinds()[APPLICATION], [number])
    one = session.get_one(CreditApplication, id_)
    decided = select(CreditDecision).where(col(CreditDecision.application) == one.number)
    before = session.execute(decided).scalars().first()
    if before is not None:
        raise RefusedError(
            _("{number} was decided on {day} by {user}: {decision} (batch {batch})").format(
                number=one.number, day=before.decided_on, user=before.decided_by,
                decision=rules_apply.decision_text(before.approved), batch=before.batch_id,
            ),
            _("Apply anew: channelctl credit apply {customer} AMOUNT").format(customer=before.customer_code),
        )  # fmt: skip
    if one.decision is not None:
        raise RefusedError(
            _("{number} came decided: {decision} (batch {batch})").format(
                number=one.number, decision=decision_text(one.decision), batch=one.batch_id
            ),
            _("Apply anew: channelctl credit apply {customer} AMOUNT").format(
                customer=_person(session, one.customer_id)[0]
            ),
        )
    code, name = _person(session, one.customer_id)
    changed = select(col(Change.batch_id)).where(col(Change.kind) == APPLICATION, col(Change.record_id) == id_)
    batches = [one.batch_id, *session.execute(changed).scalars()]
    entered = select(col(Batch.user)).where(col(Batch.id).in_(batches), col(Batch.undone_by).is_(None))
    now = limits(session, today, [one.customer_id]).get(one.customer_id)
    return _File(one, code, name, now, set(session.execute(entered).scalars()))


def _person(session: Session, id_: int) -> tuple[str, str]:
    row = session.execute(select(col(Customer.code), col(Customer.name)).where(col(Customer.id) == id_)).one()
    return row[0], row[1]


def _survey(session: Session, customer_id: int, number: str | None) -> Survey | None:
    """The customer's survey of that number, else its latest.

    Raises:
        UsageError: there is none of that number, or it is of another customer.
    """
    table = CreditInvestigation.__table__  # type: ignore[attr-defined]
    if number is not None:
        id_, _row = records.one(session, kinds()[SURVEY], [number])
        query = select(table).where(table.c.id == id_)
    else:
        query = select(table).where(table.c.customer_id == customer_id).order_by(
            table.c.date.desc(), table.c.batch_id.desc(), table.c.id.desc()
        )  # fmt: skip
    found = session.execute(query.limit(1)).mappings().first()
    if found is None:
        return None
    if found["customer_id"] != customer_id:
        raise UsageError(
            _("investigation {number} is of {other}").format(
                number=found["number"], other=" ".join(_person(session, found["customer_id"]))
            ),
            _("channelctl credit investigation list"),
        )
    return Survey(found["number"], found["date"], found["batch_id"], rules_survey.completeness(found.get))


def _last(session: Session, customer_id: int) -> Decision | None:
    """The last decision on a customer."""
    query = (
        select(col(CreditDecision.application), col(CreditDecision.decided_on), col(CreditDecision.batch_id))
        .join(CreditApplication, col(CreditApplication.number) == col(CreditDecision.application))
        .where(col(CreditApplication.customer_id) == customer_id)
        .order_by(col(CreditDecision.batch_id).desc(), col(CreditDecision.id).desc())
    )
    found = session.execute(query.limit(1)).first()
    return Decision(*found) if found is not None else None
