"""Bad debt: what was lost, and who answers for it."""

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Annotated, NamedTuple

from channelctl.columns import Col
from channelctl.errors import RefusedError
from channelctl.i18n import _
from channelctl.money import to_fen
from channelctl.systems.credit.rules import CreditPolicy

NOTHING = Decimal("0.00")
HANDLER, APPROVER = "handler", "approver"


def part_words(part: str) -> str:
    """In which part somebody answers for a loss, as a person reads it."""
    return {HANDLER: _("handler"), APPROVER: _("approver")}[part]


class LossRow(NamedTuple):
    """A write-off, what was lost with it, and the shares of those who answer for it; the shares add up to the loss."""

    number: Annotated[str, Col("核销单号", "Number", kind="code")]
    date: Annotated[dt.date, Col("日期", "Date", kind="date")]
    customer_code: Annotated[str, Col("编码", "Code", kind="code")]
    customer: Annotated[str, Col("客户", "Customer")]
    document: Annotated[str | None, Col("单号", "Document", kind="code")]
    amount: Annotated[Decimal, Col("核销金额", "Written off", kind="money", wide=True)]
    recovered: Annotated[Decimal, Col("已收回", "Recovered", kind="money", wide=True)]
    loss: Annotated[Decimal, Col("损失", "Loss", kind="money")]
    limit_amount: Annotated[Decimal | None, Col("授信额度", "Limit", kind="money")]
    inside: Annotated[Decimal, Col("额度内", "Inside the limit", kind="money")]
    handler: Annotated[str, Col("承办人", "Handler")]
    handler_share: Annotated[Decimal, Col("承办人承担", "Handler's share", kind="money")]
    approver: Annotated[str | None, Col("批准人", "Approver")]
    approver_share: Annotated[Decimal, Col("批准人承担", "Approver's share", kind="money")]
    company_share: Annotated[Decimal, Col("公司承担", "Company's share", kind="money")]
    reason: Annotated[str | None, Col("原因", "Reason", wide=True)]


class PersonRow(NamedTuple):
    """What somebody answers for, as handler or as approver."""

    person: Annotated[str, Col("姓名", "Person")]
    part: Annotated[str, Col("身份", "As", kind="code", words=part_words)]
    writeoffs: Annotated[int, Col("笔数", "Write-offs", kind="count")]
    amount: Annotated[Decimal, Col("承担金额", "Share", kind="money")]


class WriteoffRow(NamedTuple):
    """A write-off with what came in for it afterwards."""

    number: Annotated[str, Col("核销单号", "Number", kind="code")]
    date: Annotated[dt.date, Col("日期", "Date", kind="date")]
    customer_code: Annotated[str, Col("编码", "Code", kind="code")]
    customer: Annotated[str, Col("客户", "Customer")]
    document: Annotated[str | None, Col("单号", "Document", kind="code")]
    amount: Annotated[Decimal, Col("核销金额", "Written off", kind="money")]
    recovered: Annotated[Decimal, Col("已收回", "Recovered", kind="money")]
    loss: Annotated[Decimal, Col("损失", "Loss", kind="money")]
    handler: Annotated[str, Col("承办人", "Handler")]
    approver: Annotated[str | None, Col("批准人", "Approver")]
    reason: Annotated[str | None, Col("原因", "Reason")]


class Lost(NamedTuple):
    """A write-off with what stands against it: `limit` is that in force for the document, 0 where there was none.

    `pool` tells whose limit that is: write-offs under one limit share it.
    """

    number: str
    date: dt.date
    customer_code: str
    customer: str
    document: str | None
    amount: Decimal
    recovered: Decimal
    handler: str
    approver: str | None
    reason: str | None
    limit: Decimal | None
    pool: int

    @property
    def loss(self) -> Decimal:
        """What was not recovered, in fen."""
        return to_fen(self.amount - self.recovered)


class Shares(NamedTuple):
    """Who answers for how much of a loss."""

    inside: Decimal
    handler: Decimal
    approver: Decimal
    company: Decimal


def share(loss: Decimal, free: Decimal, handler: Decimal, approver: Decimal, has_approver: bool = True) -> Shares:
    """The shares in a loss: `free` is what the limit still covers, `handler` and `approver` the fractions inside it.

    What is beyond the limit is the handler's. Each share is rounded by itself and the company takes the rest, so that
    they add up to the loss to the fen.
    """
    inside = max(NOTHING, min(loss, to_fen(free)))
    own = to_fen(inside * handler)
    theirs = min(to_fen(inside * approver), inside - own) if has_approver else NOTHING
    return Shares(inside, own + loss - inside, theirs, inside - own - theirs)


def liability(losses: Iterable[Lost], policy: CreditPolicy) -> list[LossRow]:
    """The shares in every loss, in order of day; write-offs under one limit use it up one after the other.

    Raises:
        RefusedError: something lies inside a limit and the policy does not say who bears how much of it.
    """
    used: dict[int, Decimal] = {}
    rows = []
    for one in sorted(losses, key=lambda one: (one.date, one.number)):
        free = max(NOTHING, (one.limit or NOTHING) - used.get(one.pool, NOTHING))
        fractions = _fractions(policy) if min(free, one.loss) > 0 else (NOTHING, NOTHING)
        found = share(one.loss, free, *fractions, one.approver is not None)
        used[one.pool] = used.get(one.pool, NOTHING) + found.inside
        rows.append(_row(one, found))
    return rows


def _row(one: Lost, found: Shares) -> LossRow:
    return LossRow(
        one.number, one.date, one.customer_code, one.customer, one.document, one.amount, one.recovered, one.loss,
        one.limit, found.inside, one.handler, found.handler, one.approver, found.approver, found.company, one.reason,
    )  # fmt: skip


def _fractions(policy: CreditPolicy) -> tuple[Decimal, Decimal]:
    """What handler and approver bear inside a limit.

    Raises:
        RefusedError: the policy does not say.
    """
    if policy.handler_share is None or policy.approver_share is None:
        raise RefusedError(
            _("the policy does not say which part of a loss inside the limit handler and approver bear"),
            _("Set both in the policy file, under [credit]: handler_share = 0.30 and approver_share = 0.20"),
        )
    return policy.handler_share, policy.approver_share


def persons(rows: Sequence[LossRow]) -> list[PersonRow]:
    """What each handler and approver answers for, the most first."""
    counts: dict[tuple[str, str], int] = {}
    sums: dict[tuple[str, str], Decimal] = {}
    for row in rows:
        for person, part, amount in (
            (row.handler, HANDLER, row.handler_share), (row.approver, APPROVER, row.approver_share)
        ):  # fmt: skip
            if person is not None:
                counts[person, part] = counts.get((person, part), 0) + 1
                sums[person, part] = sums.get((person, part), NOTHING) + amount
    found = [PersonRow(*key, counts[key], sums[key]) for key in counts]
    return sorted(found, key=lambda row: (-row.amount, row.person, row.part))


def unanswered(rows: Sequence[LossRow]) -> list[str]:
    """The write-offs whose approver is not known though something lies inside a limit."""
    return [row.number for row in rows if row.approver is None and row.inside > 0]
