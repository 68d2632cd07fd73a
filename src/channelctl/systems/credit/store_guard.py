"""What may not change of limits, applications and surveys once it counts, and what of later batches stands on them."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Executable, select
from sqlmodel import Session, col

from channelctl import audit
from channelctl.i18n import _
from channelctl.records import Guard, Held, Later
from channelctl.storage import Batch
from channelctl.systems.credit.rules_apply import OPENING
from channelctl.systems.credit.store_standing import stands_on, tell
from channelctl.systems.credit.tables import CreditApplication, CreditDecision, CreditInvestigation, CreditLimit
from channelctl.systems.customers.tables import Customer
from channelctl.systems.plans.store_versions import touched_by

LIMIT, APPLICATION, SURVEY = "E353", "E354", "E355"


def limit_held(session: Session) -> Guard:
    """A customer's first limit may be imported, and removed while nothing is decided; else applications change it."""
    codes = {row[0]: row[1] for row in session.execute(select(col(Customer.id), col(Customer.code)))}
    have = set(session.execute(select(col(CreditLimit.customer_id))).scalars())
    judged = select(col(CreditApplication.customer_id)).join(
        CreditDecision, col(CreditDecision.application) == col(CreditApplication.number)
    )
    decided = set(session.execute(judged).scalars())

    def guard(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> Held | None:
        customer = (before or after or {}).get("customer_id")
        if customer is None:
            return None
        code = codes.get(customer, "")
        if before is not None and after is None and before["source"] == OPENING and customer not in decided:
            have.discard(customer)
            return None
        if before is not None or customer in have:
            return Held(
                LIMIT,
                _("{customer} has a limit; it changes by application only").format(customer=code or _("this customer")),
                _("channelctl credit apply {customer} AMOUNT").format(customer=code or "CUSTOMER"),
            )
        have.add(customer)
        return None

    return guard


def application_held(session: Session) -> Guard:
    """What was decided stays as it is; what was not, the applicant or who entered it may correct or withdraw."""
    query = select(col(CreditDecision.application), col(CreditDecision.batch_id))
    decided = {row[0]: row[1] for row in session.execute(query)}
    entered = {row[0]: row[1] for row in session.execute(select(col(Batch.id), col(Batch.user)))}
    user = audit.user()

    def guard(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> Held | None:
        number = str((before or after or {}).get("number"))
        if number in decided:
            return Held(
                APPLICATION,
                _("application {number} is decided (batch {batch}) and stays as it is").format(
                    number=number, batch=decided[number]
                ),
                _("Apply anew: channelctl credit apply CUSTOMER AMOUNT"),
            )
        if before is None:
            return None
        if before["decision"] is not None:
            return Held(
                APPLICATION,
                _("application {number} came decided (batch {batch}) and stays as it is").format(
                    number=number, batch=before["batch_id"]
                ),
                _("Apply anew: channelctl credit apply CUSTOMER AMOUNT"),
            )
        if after is not None and after.get("decision") is not None:
            return Held(
                APPLICATION,
                _("application {number} waits to be decided; no sheet decides it").format(number=number),
                _("It is decided by: channelctl credit approve|refuse {number}").format(number=number),
                "decision",
            )
        whose = _("application {number} is {applicant}'s to correct or withdraw, not {user}'s").format(
            number=number, applicant=before["applicant"], user=user
        )
        if user not in (before["applicant"], entered.get(before["batch_id"])):
            return Held(APPLICATION, whose, _("It is decided by: channelctl credit approve|refuse {number}").format(
                number=number
            ))  # fmt: skip
        if after is not None and after.get("applicant") != before["applicant"]:
            return Held(
                APPLICATION,
                _("application {number} is {applicant}'s and cannot become another's").format(
                    number=number, applicant=before["applicant"]
                ),
                _("Withdraw it and apply anew: channelctl credit application remove {number}").format(number=number),
            )
        return None

    return guard


def survey_held(session: Session) -> Guard:
    """A survey that a decision stands on stays as it is; one that an application waits on stays there."""

    def awaited(row: Mapping[str, Any], application: str) -> Held:
        return Held(
            SURVEY,
            _("application {application} waits on investigation {number}").format(
                application=application, number=row["number"]
            ),
            _("Withdraw it first: channelctl credit application remove {number}").format(number=application),
        )

    def why(row: Mapping[str, Any], decided: tuple[str, int]) -> Held:
        application, batch = decided
        return Held(
            SURVEY,
            _("application {application} was decided on investigation {number} (batch {batch})").format(
                application=application, number=row["number"], batch=batch
            ),
            _("Make a new one: channelctl credit investigate CUSTOMER FIELD=VALUE"),
        )

    decided = stands_on(_decided_on(session), lambda row: str(row["number"]), why)
    waiting = _waiting_on(session)

    def guard(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> Held | None:
        held = decided(before, after)
        if held is not None or before is None or before["number"] not in waiting:
            return held
        same = after is not None and all(after[name] == before[name] for name in ("number", "customer_id"))
        return None if same else awaited(before, waiting[before["number"]][0])

    return guard


def _decided_on(session: Session) -> dict[str, tuple[str, int]]:
    """The surveys that decisions stand on, each with the application decided first and the batch that did."""
    query = (
        select(col(CreditApplication.investigation), col(CreditApplication.number), col(CreditDecision.batch_id))
        .join(CreditDecision, col(CreditDecision.application) == col(CreditApplication.number))
        .where(col(CreditApplication.investigation).is_not(None))
        .order_by(col(CreditDecision.id).desc())
    )
    return {row[0]: (row[1], row[2]) for row in session.execute(query)}


def _waiting_on(session: Session) -> dict[str, tuple[str, int]]:
    """The surveys that applications wait on, each with the first of those and the batch that brought it."""
    one = CreditApplication
    query = (
        select(col(one.investigation), col(one.number), col(one.batch_id))
        .outerjoin(CreditDecision, col(CreditDecision.application) == col(one.number))
        .where(col(one.investigation).is_not(None), col(one.decision).is_(None), col(CreditDecision.id).is_(None))
        .order_by(col(one.id).desc())
    )
    return {row[0]: (row[1], row[2]) for row in session.execute(query)}


def limit_later(session: Session, batch: int) -> Iterator[str]:
    """The decisions on customers whose limits a batch brought, made since."""
    customers = {row[0] for row in touched_by(session, batch, "credit_limit", CreditLimit, ("customer_id",))}
    if not customers:
        return
    query: Executable = (
        select(col(CreditDecision.batch_id).label("other"), col(CreditDecision.application).label("number"))
        .join(CreditApplication, col(CreditApplication.number) == col(CreditDecision.application))
        .where(col(CreditApplication.customer_id).in_(customers), col(CreditDecision.batch_id) > batch)
        .order_by(col(CreditDecision.batch_id))
    )
    yield from tell(session, query, _("batch {other} decided application {number} after it"))


def application_later(session: Session, batch: int) -> Iterator[Later]:
    """The decisions on applications that a batch made or changed."""
    numbers = {row[0] for row in touched_by(session, batch, "credit_application", CreditApplication, ("number",))}
    yield from _decisions(session, batch, numbers)


def survey_later(session: Session, batch: int) -> Iterator[Later]:
    """The decisions that stand on surveys which a batch made or changed, and who waits on those that it made."""
    made = select(col(CreditInvestigation.number)).where(col(CreditInvestigation.batch_id) == batch)
    waiting = _waiting_on(session)
    for number in session.execute(made.order_by(col(CreditInvestigation.id))).scalars():
        application, other = waiting.get(number, ("", 0))
        if other > batch:
            text = _("application {application} of batch {other} waits on investigation {number}")
            yield Later(other, text.format(application=application, other=other, number=number))
    surveys = {row[0] for row in touched_by(session, batch, "credit_investigation", CreditInvestigation, ("number",))}
    if surveys:
        query = select(col(CreditApplication.number)).where(col(CreditApplication.investigation).in_(surveys))
        yield from _decisions(session, batch, set(session.execute(query).scalars()))


def _decisions(session: Session, batch: int, numbers: set[str]) -> Iterator[Later]:
    if not numbers:
        return
    query = (
        select(col(CreditDecision.batch_id), col(CreditDecision.application))
        .where(col(CreditDecision.application).in_(numbers), col(CreditDecision.batch_id) > batch)
        .order_by(col(CreditDecision.batch_id))
    )
    for other, number in session.execute(query):
        yield Later(other, _("batch {other} decided application {number}").format(other=other, number=number))
