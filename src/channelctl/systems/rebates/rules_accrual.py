"""The rows that an accrual is told in."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated, NamedTuple

from channelctl.columns import Col
from channelctl.money import show_figure
from channelctl.systems.rebates.rules import ZERO, Earned, estimate, measured, reached
from channelctl.systems.rebates.rules_words import basis_text


class AccruedLine(NamedTuple):
    """A sheet row behind an entitlement: a sale line, or the registration of a contract rule.

    `counts_on` is the day of the document that a return names; `counted` its part of the base (units, net sales or
    matched registrations, as the rule has it), `entitlement` its part of what is earned.
    """

    policy: Annotated[str, Col("政策", "Policy", kind="code")]
    rule: Annotated[str, Col("规则", "Rule", kind="code", wide=True)]
    window: Annotated[str, Col("期间", "Window")]
    customer_code: Annotated[str, Col("客户编码", "Code", kind="code", wide=True)]
    customer: Annotated[str, Col("客户", "Customer")]
    date: Annotated[dt.date, Col("日期", "Date", kind="date")]
    counts_on: Annotated[dt.date, Col("计入日期", "Counts on", kind="date", wide=True)]
    document: Annotated[str | None, Col("单据编号", "Document", kind="code")]
    original_document: Annotated[str | None, Col("原单号", "Returns", kind="code", wide=True)]
    product_code: Annotated[str | None, Col("产品编码", "Product code", kind="code", wide=True)]
    product: Annotated[str | None, Col("产品", "Product")]
    quantity: Annotated[Decimal | None, Col("数量", "Qty", kind="quantity")]
    amount: Annotated[Decimal | None, Col("金额", "Amount", kind="money")]
    counted: Annotated[Decimal, Col("计入基数", "Counted", kind="quantity", words=show_figure)]
    entitlement: Annotated[Decimal, Col("返利", "Rebate", kind="money")]
    file: Annotated[str | None, Col("文件", "File", kind="code")]
    sheet: Annotated[str | None, Col("工作表", "Sheet", kind="code")]
    row: Annotated[int | None, Col("行", "Row", kind="count")]
    batch: Annotated[int, Col("批次", "Batch", kind="count")]


# The columns of a sheet row that people see.
BEHIND = (
    *("policy", "window", "customer", "date", "document", "product", "quantity", "amount", "counted", "entitlement"),
    *("file", "sheet", "row"),
)


class AccrueRow(NamedTuple):
    """What a customer has earned by a rule in a window so far.

    `base` is the figure that thresholds are of (units, net sales or matched registrations, as `basis` names it),
    `reached` the threshold reached, None below all. `floor` is what the base so far earns, `estimate` what it earns at
    the bracket that its run rate leads to, `due` what is paid of the floor. `unmatched` are registrations that no unit
    picked up stands against. Where another policy pays instead, `instead` names it; estimate and due are 0.
    """

    customer_code: Annotated[str, Col("编码", "Code", kind="code")]
    customer: Annotated[str, Col("客户", "Customer")]
    policy: Annotated[str, Col("政策", "Policy", kind="code")]
    version: Annotated[str, Col("版本", "Version", kind="code", wide=True)]
    rule: Annotated[str, Col("规则", "Rule", kind="code")]
    name: Annotated[str, Col("政策名称", "Policy name", wide=True)]
    window: Annotated[str, Col("期间", "Window")]
    from_: Annotated[dt.date, Col("自", "From", kind="date", wide=True)]
    to: Annotated[dt.date | None, Col("至", "To", kind="date", wide=True)]
    basis: Annotated[str, Col("计量", "Counts", words=basis_text)]
    base: Annotated[Decimal, Col("基数", "Base", kind="quantity", words=show_figure)]
    quantity: Annotated[Decimal, Col("台数", "Units", kind="quantity", wide=True)]
    net_sales: Annotated[Decimal, Col("净销售额", "Net sales", kind="money", wide=True)]
    reached: Annotated[Decimal | None, Col("已达门槛", "Reached", kind="quantity", words=show_figure)]
    floor: Annotated[Decimal, Col("已达返利", "Floor", kind="money")]
    due: Annotated[Decimal, Col("应得", "Due", kind="money")]
    estimate: Annotated[Decimal, Col("预计返利", "Estimate", kind="money")]
    unmatched: Annotated[Decimal | None, Col("未匹配办理数", "Unmatched", kind="quantity")]
    instead: Annotated[str | None, Col("改按政策", "Paid by", kind="code")]


def accrued(rows: Iterable[Earned], through: dt.date) -> list[AccrueRow]:
    """What is earned through a day, as it is told."""
    return [_accrued(one, through) for one in rows]


def _accrued(one: Earned, through: dt.date) -> AccrueRow:
    rule, base = one.rule, one.base
    point = reached(rule, base)
    return AccrueRow(
        one.customer_code,
        one.customer,
        rule.policy,
        rule.version,
        rule.rule,
        rule.name,
        one.window.label,
        one.window.start,
        one.window.last,
        rule.basis,
        measured(rule, base),
        base.quantity,
        base.amount,
        point.at if point is not None else None,
        one.entitlement,
        one.due,
        ZERO if one.instead else estimate(rule, base, one.window, through),
        base.unmatched if rule.contract else None,
        one.instead or None,
    )
