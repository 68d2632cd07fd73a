"""Checks of deliveries, and releases: one delivery let through in spite of a hold, once."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import select
from sqlmodel import Session, col

from channelctl import audit
from channelctl.errors import RefusedError, UsageError
from channelctl.i18n import _
from channelctl.money import show
from channelctl.systems.credit import store_exposure
from channelctl.systems.credit.rules import CreditPolicy
from channelctl.systems.credit.rules_apply import require_authority, role_of
from channelctl.systems.credit.rules_exposure import HOLD, NOTHING, PASS, RELEASED, Checked, Standing, check, needed
from channelctl.systems.credit.rules_release import OPEN, Asked, ReleaseRow, number_of, refusal, state_of, written
from channelctl.systems.credit.rules_status import CheckRow, check_row
from channelctl.systems.credit.tables import CreditRelease, CreditReleaseUse
from channelctl.systems.scores.store_closed import current


class Told(NamedTuple):
    """A check's answer, how the customer stands, the release that was not needed, and the batch that used one."""

    row: CheckRow
    standing: Standing
    unneeded: str | None
    batch: int | None


class Given(NamedTuple):
    """A release as it is now, the batch that holds it, and the exposure that it was given for."""

    row: ReleaseRow
    batch: int
    exposure: Decimal


def checked(session: Session, day: dt.date, customer: str, amount: Decimal) -> Told:
    """Whether goods for so much, with tax, may be delivered to a customer.

    Raises:
        UsageError: there is no such customer, or the amount is below 0.
    """
    if amount < 0:
        raise UsageError(
            _("the amount of a delivery cannot be below 0: {amount}").format(amount=show(amount)),
            _("A return needs no check."),
        )
    standing, policy = store_exposure.one(session, day, customer), store_exposure.policy()
    found = check(standing, amount, policy)
    return Told(check_row(standing, amount, found, None, policy), standing, None, None)


def served(session: Session, day: dt.date, customer: str, amount: Decimal, release: str, document: str | None) -> Told:
    """As `checked`, and what would be held goes by a release, which serves for nothing else after that.

    Raises:
        UsageError: there is no such release.
        RefusedError: it was used, has expired, is for another customer, or for less.
    """
    found = checked(session, day, customer, amount)
    row = _one(session, day, release)
    why = refusal(row, found.standing.code, amount)
    if why is not None:
        raise RefusedError(*why)
    if found.row.verdict != HOLD:
        return found._replace(unneeded=row.number)
    batch = audit.open_batch(session, "credit check")
    session.add(
        CreditReleaseUse(
            release_id=number_of(release) or 0, batch_id=batch, used_on=day, amount=amount, used_by=audit.user(),
            document=document,
        )
    )  # fmt: skip
    session.flush()
    ceiling = check(found.standing, amount, store_exposure.policy()).ceiling
    done = Checked(PASS, RELEASED, ceiling)
    return found._replace(row=check_row(found.standing, amount, done, row.number, store_exposure.policy()), batch=batch)


def release(session: Session, day: dt.date, customer: str, asked: Asked) -> Given:
    """Let one delivery through, on the word of somebody who may grant what is owed after it.

    What other releases may still let through counts too: each within what somebody may grant, they are not so together.

    Raises:
        UsageError: no such customer, no amount or reason, or a last day that has gone.
        RefusedError: the user has no role, or none that may grant so much.
    """
    written(asked, day)
    standing, policy = store_exposure.one(session, day, customer), store_exposure.policy()
    pending = sum((row.amount for row in releases(session, day, standing.code) if row.state == OPEN), NOTHING)
    exposure = needed(standing, asked.amount + pending)
    approver = audit.user()
    role = _role(approver, exposure, pending, policy)
    batch = audit.open_batch(session, "credit release")
    # By its batch's number: those of releases that were undone are not used again.
    one = CreditRelease(
        id=batch, batch_id=batch, customer_code=standing.code, amount=asked.amount, given_on=day, until=asked.until,
        approver=approver, role=role, reason=asked.reason.strip(),
    )  # fmt: skip
    session.add(one)
    session.flush()
    return Given(_one(session, day, str(one.id)), batch, exposure)


def _role(user: str, exposure: Decimal, pending: Decimal, policy: CreditPolicy) -> str:
    """The role by which somebody may grant so much, what is released and not used in it.

    Raises:
        RefusedError: there is none.
    """
    role = role_of(user, policy)
    try:
        require_authority(user, role, exposure, (), policy)
    except RefusedError as error:
        if not pending:
            raise
        text = _("{amount} of it are open releases: channelctl credit releases").format(amount=show(pending))
        raise RefusedError(error.message, f"{text}\n{error.hint}") from None
    return role


def releases(session: Session, day: dt.date, own: str | None = None) -> list[ReleaseRow]:
    """The releases given by a day, the latest last, as they stood on it; of all customers, or of that of a code."""
    owners = current(session)
    query = (
        select(CreditRelease, CreditReleaseUse)
        .outerjoin(CreditReleaseUse, col(CreditReleaseUse.release_id) == col(CreditRelease.id))
        .where(col(CreditRelease.given_on) <= day)
        .order_by(col(CreditRelease.id))
    )
    rows = []
    for one, use in session.execute(query):
        code, name = owners.get(one.customer_code, (one.customer_code, ""))
        if own not in (None, code):
            continue
        done = use if use is not None and use.used_on <= day else None
        rows.append(
            ReleaseRow(
                f"R{one.id}", code, name, one.amount, one.given_on, one.until, one.approver, one.role, one.reason,
                state_of(one.until, done is not None, day),
                *((done.used_on, done.amount, done.document, done.used_by) if done is not None else (None,) * 4),
            )
        )  # fmt: skip
    return rows


def _one(session: Session, day: dt.date, word: str) -> ReleaseRow:
    number = number_of(word)
    found = next((row for row in releases(session, day) if row.number == f"R{number}"), None)
    if found is None:
        raise UsageError(
            _("there is no release {number}").format(number=word),
            _("channelctl credit releases shows those there are."),
        )
    return found


def later(session: Session, batch: int) -> Iterator[str]:
    """The delivery that a release of a batch served for, of a later one."""
    query = (
        select(col(CreditReleaseUse.batch_id), col(CreditRelease.id))
        .join(CreditRelease, col(CreditRelease.id) == col(CreditReleaseUse.release_id))
        .where(col(CreditRelease.batch_id) == batch)
    )
    text = _("batch {other} used release {number}")
    yield from (text.format(other=other, number=f"R{number}") for other, number in session.execute(query))
