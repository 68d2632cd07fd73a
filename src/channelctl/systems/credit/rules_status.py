"""The rows in which credit is told: customers, pools and checks."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated, NamedTuple

from channelctl.columns import Col
from channelctl.systems.credit.rules import CreditPolicy
from channelctl.systems.credit.rules_exposure import (
    NONE,
    NOTHING,
    OVER,
    POOL,
    STATUSES,
    Ceiling,
    Checked,
    Standing,
    Status,
    Verdict,
    judge,
    reason_text,
    status_text,
    verdict_text,
)


class StatusRow(NamedTuple):
    """A customer's credit on a day; what is on account is negative, so that the four parts make the exposure.

    What is left is None without a limit, and where others in its pool are not seen; there a status is only what its own
    documents and a hold make it.
    """

    customer_code: Annotated[str, Col("客户编码", "Code", kind="code")]
    customer: Annotated[str, Col("客户", "Customer")]
    office: Annotated[str | None, Col("办事处", "Office", wide=True)]
    limit: Annotated[Decimal | None, Col("信用额度", "Limit", kind="money")]
    exposure: Annotated[Decimal, Col("信用占用", "Exposure", kind="money")]
    documents: Annotated[Decimal, Col("未清单据", "Open documents", kind="money", wide=True)]
    on_account: Annotated[Decimal, Col("未核销款", "On account", kind="money", wide=True)]
    uninvoiced: Annotated[Decimal, Col("已发未开票", "Not invoiced", kind="money", wide=True)]
    open_orders: Annotated[Decimal, Col("未交订单", "Open orders", kind="money", wide=True)]
    available: Annotated[Decimal | None, Col("可用额度", "Available", kind="money")]
    overdue: Annotated[Decimal, Col("逾期", "Overdue", kind="money")]
    oldest_days: Annotated[int | None, Col("最长逾期天数", "Oldest days", kind="count")]
    status: Annotated[Status | None, Col("状态", "Status", words=status_text)]
    reason: Annotated[str | None, Col("原因", "Reason", words=reason_text)]
    pool: Annotated[str | None, Col("额度池", "Pool", kind="code", wide=True)]
    hold: Annotated[str | None, Col("停货原因", "Hold", wide=True)]


class PoolRow(NamedTuple):
    """A limit that holds for a customer and all below it together."""

    customer_code: Annotated[str, Col("客户编码", "Code", kind="code")]
    customer: Annotated[str, Col("客户", "Customer")]
    members: Annotated[int, Col("客户数", "Customers", kind="count")]
    limit: Annotated[Decimal, Col("信用额度", "Limit", kind="money")]
    exposure: Annotated[Decimal, Col("信用占用", "Exposure", kind="money")]
    available: Annotated[Decimal, Col("可用额度", "Available", kind="money")]


class CheckRow(NamedTuple):
    """What is said of a delivery; limit, exposure and what is left are those of the limit that is used up soonest."""

    customer_code: Annotated[str, Col("客户编码", "Code", kind="code")]
    customer: Annotated[str, Col("客户", "Customer")]
    amount: Annotated[Decimal, Col("金额", "Amount", kind="money")]
    verdict: Annotated[Verdict, Col("结论", "Verdict", words=verdict_text)]
    reason: Annotated[str | None, Col("原因", "Reason", words=reason_text)]
    limit: Annotated[Decimal | None, Col("信用额度", "Limit", kind="money")]
    exposure: Annotated[Decimal, Col("信用占用", "Exposure", kind="money")]
    after: Annotated[Decimal, Col("发货后占用", "Exposure after", kind="money")]
    available: Annotated[Decimal | None, Col("可用额度", "Available", kind="money")]
    overdue: Annotated[Decimal, Col("逾期", "Overdue", kind="money")]
    status: Annotated[Status | None, Col("状态", "Status", words=status_text)]
    pool: Annotated[str | None, Col("额度池", "Pool", kind="code")]
    hold: Annotated[str | None, Col("停货原因", "Hold")]
    release: Annotated[str | None, Col("放行单", "Release", kind="code")]


def status_row(one: Standing, policy: CreditPolicy) -> StatusRow:
    """A customer as the report lists it."""
    parts, tightest = one.parts, one.tightest
    return StatusRow(
        one.code, one.name, one.office, one.limit, parts.exposure, parts.documents, NOTHING - parts.on_account,
        parts.uninvoiced, parts.open_orders, None if tightest is None else tightest.left, parts.overdue,
        one.oldest_days, *judge(one, policy)[:2], _pool(tightest), one.hold.reason if one.hold is not None else None,
    )  # fmt: skip


def check_row(one: Standing, more: Decimal, done: Checked, release: str | None, policy: CreditPolicy) -> CheckRow:
    """What a check says, with its figures."""
    ceiling = done.ceiling
    exposure = one.parts.exposure if ceiling is None else ceiling.exposure
    limit = None if ceiling is None or ceiling.kind == NONE else ceiling.limit
    return CheckRow(
        one.code, one.name, more, done.verdict, done.reason, limit, exposure, exposure + more,
        None if ceiling is None else ceiling.left, one.parts.overdue, judge(one, policy).status, _pool(ceiling),
        one.hold.reason if one.hold is not None else None, release,
    )  # fmt: skip


def _pool(ceiling: Ceiling | None) -> str | None:
    return ceiling.code if ceiling is not None and ceiling.kind == POOL else None


def by_severity(rows: Iterable[StatusRow]) -> list[StatusRow]:
    """The most severe first, then what is overdue most, then what is owed most; who may be over stands with who is."""
    order: dict[Status | None, int] = {status: -place for place, status in enumerate(STATUSES)}
    order[None] = order[OVER]
    return sorted(rows, key=lambda row: (order[row.status], -row.overdue, -row.exposure, row.customer_code))
