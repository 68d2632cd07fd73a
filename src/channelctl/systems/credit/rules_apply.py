"""Applications for credit: what one needs, who may decide it, and how it is told."""

import datetime as dt
from collections.abc import Collection
from decimal import Decimal
from typing import Annotated, NamedTuple

from channelctl.columns import Col
from channelctl.errors import RefusedError, UsageError
from channelctl.i18n import _, listed
from channelctl.money import show
from channelctl.systems.credit.rules import CreditPolicy
from channelctl.systems.credit.rules_documents import since_text
from channelctl.systems.credit.rules_survey import Completeness
from channelctl.systems.credit.rules_terms import Terms, parse

OPENING, APPLIED, APPROVED, REFUSED = "opening", "application", "approved", "refused"
_TOP = 5


def decision_text(approved: bool) -> str:
    """What was decided, as a person reads it."""
    return _("approved") if approved else _("refused")


def what_text(what: str) -> str:
    """What happened, as a person reads it."""
    known = {
        OPENING: _("opening limit"), APPLIED: _("application"), APPROVED: _("approved"), REFUSED: _("refused")
    }  # fmt: skip
    return known.get(what, what)


class SurveyRow(NamedTuple):
    """A survey that was added, and how much of it is filled in."""

    number: Annotated[str, Col("调查编号", "Investigation", kind="code")]
    customer_code: Annotated[str, Col("编码", "Code", kind="code")]
    customer: Annotated[str, Col("客户", "Customer")]
    date: Annotated[dt.date, Col("调查日期", "Investigated on", kind="date")]
    investigator: Annotated[str | None, Col("调查人", "Investigator")]
    filled: Annotated[int, Col("已填项", "Filled", kind="count")]
    fields: Annotated[int, Col("全部项", "Fields", kind="count")]
    completeness: Annotated[Decimal, Col("完整度", "Completeness", kind="share")]
    missing: Annotated[str | None, Col("未填", "Missing")]


class AppliedRow(NamedTuple):
    """An application beside the limit in force; None of a limit: none said, 0: cash only."""

    number: Annotated[str, Col("申请编号", "Application", kind="code")]
    customer_code: Annotated[str, Col("编码", "Code", kind="code")]
    customer: Annotated[str, Col("客户", "Customer")]
    date: Annotated[dt.date, Col("申请日期", "Applied on", kind="date")]
    applicant: Annotated[str, Col("申请人", "Applicant")]
    limit_amount: Annotated[Decimal, Col("申请额度", "Limit applied for", kind="money")]
    terms: Annotated[str | None, Col("账期", "Terms")]
    expires_on: Annotated[dt.date | None, Col("有效期至", "Expires on", kind="date")]
    pooled: Annotated[bool | None, Col("含下级", "Pooled", kind="flag")]
    limit_now: Annotated[Decimal | None, Col("现有额度", "Limit in force", kind="money")]
    investigation: Annotated[str | None, Col("调查编号", "Investigation", kind="code")]
    completeness: Annotated[Decimal | None, Col("调查完整度", "Completeness", kind="share")]
    reason: Annotated[str | None, Col("申请理由", "Reason")]


class DecidedRow(NamedTuple):
    """A decision: what was asked for and what is granted from that day on (None: refused)."""

    number: Annotated[str, Col("申请编号", "Application", kind="code")]
    customer_code: Annotated[str, Col("编码", "Code", kind="code")]
    customer: Annotated[str, Col("客户", "Customer")]
    approved: Annotated[bool, Col("决定", "Decision", kind="flag", words=decision_text)]
    asked: Annotated[Decimal, Col("申请额度", "Limit applied for", kind="money")]
    limit_amount: Annotated[Decimal | None, Col("批准额度", "Limit granted", kind="money")]
    limit_before: Annotated[Decimal | None, Col("原额度", "Limit before", kind="money")]
    terms: Annotated[str | None, Col("账期", "Terms")]
    expires_on: Annotated[dt.date | None, Col("有效期至", "Expires on", kind="date")]
    pooled: Annotated[bool | None, Col("含下级", "Pooled", kind="flag")]
    decided_on: Annotated[dt.date, Col("审批日期", "Decided on", kind="date")]
    decided_by: Annotated[str, Col("批准人", "Decided by")]
    role: Annotated[str | None, Col("角色", "Role")]
    reason: Annotated[str | None, Col("理由", "Reason")]
    batch: Annotated[int, Col("批次", "Batch", kind="count")]


class HistoryRow(NamedTuple):
    """An opening limit, an application or a decision; a limit approved runs from the day of its approval."""

    date: Annotated[dt.date, Col("日期", "Date", kind="date", words=since_text)]
    customer_code: Annotated[str, Col("编码", "Code", kind="code")]
    customer: Annotated[str, Col("客户", "Customer")]
    what: Annotated[str, Col("事项", "What", kind="code", words=what_text)]
    number: Annotated[str | None, Col("申请编号", "Application", kind="code")]
    limit_amount: Annotated[Decimal | None, Col("额度", "Limit", kind="money")]
    terms: Annotated[str | None, Col("账期", "Terms")]
    expires_on: Annotated[dt.date | None, Col("有效期至", "Expires on", kind="date")]
    pooled: Annotated[bool | None, Col("含下级", "Pooled", kind="flag")]
    by: Annotated[str | None, Col("经办人", "By")]
    role: Annotated[str | None, Col("角色", "Role")]
    reason: Annotated[str | None, Col("理由", "Reason")]
    batch: Annotated[int, Col("批次", "Batch", kind="count")]


class Survey(NamedTuple):
    """A survey that an application stands on; `batch` made it."""

    number: str
    date: dt.date
    batch: int
    completeness: Completeness


class Decision(NamedTuple):
    """The last decision on a customer."""

    number: str
    date: dt.date
    batch: int


def require_survey(
    code: str, survey: Survey | None, last: Decision | None, today: dt.date, policy: CreditPolicy
) -> Survey:
    """The survey, if it is fresh: not of a day to come, not too old, and made after the last decision.

    Raises:
        RefusedError: there is none, or it is not fresh.
    """
    again = _("Make a new one: channelctl credit investigate {customer} FIELD=VALUE").format(customer=code)
    if survey is None:
        raise RefusedError(
            _("{customer} has no credit investigation").format(customer=code),
            _("channelctl credit investigate {customer} FIELD=VALUE").format(customer=code),
        )
    age = (today - survey.date).days
    if age < 0:
        raise RefusedError(
            _("investigation {number} is of {day}, which is yet to come").format(number=survey.number, day=survey.date),
            _("Mend its day: channelctl credit investigation set {number} date={today}").format(
                number=survey.number, today=today
            ),
        )
    if age > policy.investigation_days:
        text = _("investigation {number} of {day} is {age} days old; {most} at most ([credit] investigation_days)")
        raise RefusedError(
            text.format(number=survey.number, day=survey.date, age=age, most=policy.investigation_days), again
        )
    if last is not None and (survey.batch < last.batch or survey.date < last.date):
        text = _("investigation {number} of {day} is older than the decision on {application} ({decided})")
        raise RefusedError(
            text.format(number=survey.number, day=survey.date, application=last.number, decided=last.date), again
        )
    return survey


def incomplete(survey: Survey, policy: CreditPolicy, labels: Collection[str]) -> str | None:
    """What is to be said of a survey that is not complete enough to decide on, None of one that is."""
    if survey.completeness.share >= policy.complete_from:
        return None
    text = _("investigation {number} is {share} complete, below {least}; blank: {fields}")
    shown = [*labels][:_TOP] + (["…"] if len(labels) > _TOP else [])
    return text.format(
        number=survey.number,
        share=percent(survey.completeness.share),
        least=percent(policy.complete_from),
        fields=listed(shown),
    )


def percent(share: Decimal) -> str:
    """A share as a percentage with as many decimals as it has, two at most."""
    shown = (share * 100).quantize(Decimal("0.01")).normalize()
    return f"{shown:f}%"


def require_possible(amount: Decimal, terms: str | None, expires_on: dt.date | None, today: dt.date) -> None:
    """Refuse what nobody can grant.

    Raises:
        UsageError: a negative limit, terms that cannot be read, or an expiry in the past.
    """
    if amount < 0:
        raise UsageError(_("a limit is 0 or more, not {amount}").format(amount=show(amount)), _("0 is cash only."))
    found = parse(terms) if terms is not None else Terms()
    if not isinstance(found, Terms):
        raise UsageError(found.message)
    if expires_on is not None and expires_on < today:
        raise UsageError(
            _("the limit would have expired on {day}").format(day=expires_on),
            _("It runs to its last day, that included: --until DAY"),
        )


def role_of(user: str, policy: CreditPolicy) -> str:
    """The role in which somebody decides.

    Raises:
        RefusedError: the policy names nobody, or not this one.
    """
    if not policy.approvers:
        raise RefusedError(
            _("nobody may decide on credit: [credit] approvers and authority of the policy file are blank"),
            _('Write there who may: authority = {{ manager = 500000 }}, approvers = {{ {user} = "manager" }}').format(
                user="lisi"
            ),
        )
    role = policy.approvers.get(user)
    if role is None:
        raise RefusedError(
            _("{user} may not decide on credit ([credit] approvers in the policy file)").format(user=user),
            _("These may: {users}").format(users=listed(sorted(policy.approvers))),
        )
    return role


def require_authority(user: str, role: str, amount: Decimal, but: Collection[str], policy: CreditPolicy) -> None:
    """Refuse an approval above what a role may grant; `but` may not decide this one anyway.

    Raises:
        RefusedError: who may instead.
    """
    most = policy.authority[role]
    if amount <= most:
        return
    able = [
        f"{one} ({of})"
        for one, of in sorted(policy.approvers.items())
        if policy.authority[of] >= amount and one.casefold() not in {other.strip().casefold() for other in but}
    ]
    raise RefusedError(
        _("{user} ({role}) may approve up to {most}, not {amount}").format(
            user=user, role=role, most=show(most), amount=show(amount)
        ),
        _("These may: {users}").format(users=listed(able)) if able else _("Nobody's authority reaches that far."),
    )


def require_other(user: str, number: str, applicant: str, entered: Collection[str]) -> None:
    """Refuse that somebody decides what he applied for, or entered.

    Raises:
        RefusedError: he did.
    """
    hint = _("Somebody else decides it: channelctl credit approve|refuse {number}").format(number=number)
    if user.casefold() == applicant.strip().casefold():
        raise RefusedError(_("{user} applied for {number}").format(user=user, number=number), hint)
    if user.casefold() in {one.strip().casefold() for one in entered}:
        raise RefusedError(_("{user} entered or changed application {number}").format(user=user, number=number), hint)
