"""The rows that an explained rebate is told in: what was earned, by which break point, and what does not count."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, NamedTuple

from channelctl.columns import Col
from channelctl.i18n import _
from channelctl.money import show_figure
from channelctl.systems.rebates.rules import PERCENT, Earned, by_rates, estimate, measured, reached
from channelctl.systems.rebates.rules_words import basis_text, type_text, unit_text

STATUS, UNPAID, OTHER_POLICY, UNMATCHED = "status", "unpaid", "other_policy", "unmatched"


def reason_text(reason: str) -> str:
    """Why a row does not count, as a person reads it."""
    return {
        STATUS: _("its status is no sale"),
        UNPAID: _("not paid"),
        OTHER_POLICY: _("counts for another policy"),
        UNMATCHED: _("no unit picked up stands against it"),
    }[reason]


class RebatePart(NamedTuple):
    """What a rule comes to in a window, and where the rule stands.

    `base` is the figure held against the break points; `estimate` what it earns at the bracket of the projected base;
    `due` what is paid: nothing where the policy in `instead` pays. `by_rates` is what the rates alone come to, without
    `cap` and `minimum`.
    """

    policy: Annotated[str, Col("政策", "Policy", kind="code")]
    version: Annotated[str, Col("版本", "Version", kind="code", wide=True)]
    rule: Annotated[str, Col("规则", "Rule", kind="code")]
    name: Annotated[str, Col("政策名称", "Name")]
    type_: Annotated[str, Col("类型", "Type", words=type_text)]
    window: Annotated[str, Col("期间", "Window")]
    basis: Annotated[str, Col("计量", "Measure", words=basis_text)]
    base: Annotated[Decimal, Col("基数", "Base", kind="quantity", words=show_figure)]
    quantity: Annotated[Decimal, Col("台数", "Units", kind="quantity", wide=True)]
    amount: Annotated[Decimal, Col("净额", "Net sales", kind="money", wide=True)]
    activated: Annotated[Decimal, Col("办理数", "Registered", kind="quantity", wide=True)]
    unmatched: Annotated[Decimal, Col("未匹配", "Unmatched", kind="quantity", wide=True)]
    by_rates: Annotated[Decimal, Col("按返利标准", "By rates", kind="money")]
    cap: Annotated[Decimal | None, Col("封顶", "Cap", kind="money")]
    minimum: Annotated[Decimal | None, Col("起付", "Minimum", kind="money")]
    entitlement: Annotated[Decimal, Col("已达返利", "Floor", kind="money")]
    estimate: Annotated[Decimal, Col("预计返利", "Estimate", kind="money")]
    due: Annotated[Decimal, Col("应得", "Due", kind="money")]
    instead: Annotated[str, Col("改由", "Instead", kind="code")]
    file: Annotated[str | None, Col("文件", "File", kind="code", wide=True)]
    sheet: Annotated[str | None, Col("工作表", "Sheet", kind="code", wide=True)]
    row: Annotated[int | None, Col("行", "Row", kind="count", wide=True)]
    batch: Annotated[int | None, Col("批次", "Batch", kind="count", wide=True)]


class PointRow(NamedTuple):
    """A break point of a rule, its rate as the sheet has it, and whether it is reached, the edge included."""

    policy: Annotated[str, Col("政策", "Policy", kind="code")]
    rule: Annotated[str, Col("规则", "Rule", kind="code")]
    window: Annotated[str, Col("期间", "Window")]
    at: Annotated[Decimal, Col("门槛", "From", kind="quantity", words=show_figure)]
    rate: Annotated[Decimal, Col("返利率", "Rate", kind="quantity")]
    unit: Annotated[str, Col("返利方式", "Unit", words=unit_text)]
    reached: Annotated[bool, Col("已达", "Reached", kind="flag")]


class LeftOut(NamedTuple):
    """A sale line, or a registration, that does not count for a policy, and why; no policy: for none."""

    policy: Annotated[str, Col("政策", "Policy", kind="code")]
    reason: Annotated[str, Col("原因", "Why", words=reason_text)]
    date: Annotated[dt.date, Col("日期", "Date", kind="date")]
    document: Annotated[str | None, Col("单据编号", "Document", kind="code")]
    product: Annotated[str | None, Col("产品", "Product")]
    quantity: Annotated[Decimal | None, Col("数量", "Qty", kind="quantity")]
    amount: Annotated[Decimal | None, Col("金额", "Amount", kind="money")]
    status: Annotated[str | None, Col("状态", "Status")]
    file: Annotated[str | None, Col("文件", "File", kind="code")]
    sheet: Annotated[str | None, Col("工作表", "Sheet", kind="code")]
    row: Annotated[int | None, Col("行", "Row", kind="count")]
    batch: Annotated[int, Col("批次", "Batch", kind="count")]


class Place(NamedTuple):
    """Where a rule stands."""

    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    batch: int | None = None


def part(earned: Earned, through: dt.date, place: Place) -> RebatePart:
    """What a rule comes to in a window, counted through a day."""
    rule, base = earned.rule, earned.base
    return RebatePart(
        *(rule.policy, rule.version, rule.rule, rule.name, rule.type_, earned.window.label, rule.basis),
        base=measured(rule, base),
        quantity=base.quantity,
        amount=base.amount,
        activated=base.activated,
        unmatched=base.unmatched,
        by_rates=by_rates(rule, base),
        cap=rule.cap,
        minimum=rule.minimum,
        entitlement=earned.entitlement,
        estimate=estimate(rule, base, earned.window, through),
        due=earned.due,
        instead=earned.instead,
        file=place.file,
        sheet=place.sheet,
        row=place.row,
        batch=place.batch,
    )


def points(earned: Earned) -> list[PointRow]:
    """The break points of a rule, all that are reached marked; rates in percent as percentages."""
    rule, now = earned.rule, reached(earned.rule, earned.base)
    top = None if now is None else now.at
    factor = 100 if rule.unit == PERCENT else 1
    names = rule.policy, rule.rule, earned.window.label
    return [
        PointRow(*names, one.at, one.rate * factor, rule.unit, top is not None and one.at <= top)
        for one in rule.breakpoints
    ]
