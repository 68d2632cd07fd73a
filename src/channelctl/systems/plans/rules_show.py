"""A plan as people read it, and its versions."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Annotated, NamedTuple

from channelctl.columns import Col
from channelctl.i18n import _, listed
from channelctl.money import show
from channelctl.systems.plans.rules import PlannedCustomer, PlanPolicy, class_of, class_text, in_order

OWN, OF_CLASS = "own", "class"
_ZERO = Decimal("0.00")


def basis_text(basis: str | None) -> str:
    """Where a target comes from, as a person reads it."""
    return {OWN: _("its own"), OF_CLASS: _("of its class")}.get(basis or "", "")


class ShownRow(NamedTuple):
    """A planned customer; `target` is the one that holds, its own or that of its class."""

    office_code: Annotated[str, Col("办事处编码", "Office code", kind="code", wide=True)]
    office: Annotated[str, Col("办事处", "Office")]
    customer_code: Annotated[str, Col("客户编码", "Customer code", kind="code")]
    customer: Annotated[str, Col("客户", "Customer")]
    class_: Annotated[str | None, Col("规划等级", "Class")]
    core: Annotated[bool, Col("核心客户", "Core", kind="flag")]
    target: Annotated[Decimal | None, Col("月度目标", "Monthly target", kind="money")]
    basis: Annotated[str | None, Col("目标来源", "Target is", words=basis_text)]
    version: Annotated[int | None, Col("版本", "Version", kind="count")]


class ClassTotal(NamedTuple):
    """The planned customers of a class."""

    class_: Annotated[str | None, Col("等级", "Class", words=class_text)]
    customers: Annotated[int, Col("规划客户数", "Customers", kind="count")]
    core: Annotated[int, Col("核心客户数", "Core", kind="count")]
    target: Annotated[Decimal, Col("目标合计", "Targets", kind="money")]


class VersionRow(NamedTuple):
    """A version of an office's frozen plan; `approved_on` and `reason` are of a change, the first has none."""

    month: Annotated[str, Col("月份", "Month", kind="month")]
    office_code: Annotated[str, Col("办事处编码", "Office code", kind="code", wide=True)]
    office: Annotated[str, Col("办事处", "Office")]
    version: Annotated[int, Col("版本", "Version", kind="count")]
    customers: Annotated[int, Col("规划客户数", "Customers", kind="count")]
    core: Annotated[int, Col("核心客户数", "Core", kind="count")]
    target: Annotated[Decimal, Col("自有目标合计", "Own targets", kind="money")]
    changes: Annotated[str, Col("变更", "Changed")]
    approved_on: Annotated[str | None, Col("批准日期", "Approved on", kind="date")]
    reason: Annotated[str | None, Col("原因", "Reason")]
    user: Annotated[str, Col("用户", "User")]
    at: Annotated[str, Col("时间", "At", wide=True)]
    batch: Annotated[int, Col("批次", "Batch", kind="count")]


class CopiedRow(NamedTuple):
    """What a copy made of an office's plan."""

    office_code: Annotated[str, Col("办事处编码", "Office code", kind="code", wide=True)]
    office: Annotated[str, Col("办事处", "Office")]
    copied: Annotated[int, Col("复制", "Copied", kind="count")]
    there: Annotated[int, Col("已有", "There already", kind="count")]
    closed: Annotated[int, Col("已关店", "Closed", kind="count")]


class ClosedRow(NamedTuple):
    """A customer that was not copied."""

    office: Annotated[str, Col("办事处", "Office")]
    customer_code: Annotated[str, Col("客户编码", "Customer code", kind="code")]
    customer: Annotated[str, Col("客户", "Customer")]
    closed_on: Annotated[str, Col("关店日期", "Closed on", kind="date")]


class Kept(NamedTuple):
    """A line of a frozen plan."""

    class_: str | None
    core: bool
    target: Decimal | None


def target_of(own: Decimal | None, class_: str | None, of_classes: Mapping[str, Decimal]) -> Decimal | None:
    """The target that holds: its own, else that of its class; 0 or less is none."""
    if own is not None and own > 0:
        return own
    default = of_classes.get(class_) if class_ is not None else None
    return default if default is not None and default > 0 else None


def shown(
    office_code: str,
    office: str,
    customers: Iterable[PlannedCustomer],
    of_classes: Mapping[str, Decimal],
    version: int | None,
) -> list[ShownRow]:
    """The lines of an office's plan."""
    rows = []
    for one in customers:
        target = target_of(one.target, one.class_, of_classes)
        own = one.target is not None and one.target > 0
        basis = None if target is None else OWN if own else OF_CLASS
        rows.append(
            ShownRow(office_code, office, one.customer_code, one.customer, one.class_, one.core, target, basis, version)
        )
    return rows


def class_totals(rows: Sequence[ShownRow], channels: Mapping[str, str | None], policy: PlanPolicy) -> list[ClassTotal]:
    """Number and targets per class, in the policy's order; `channels` are those of the customers by code."""
    groups: dict[str | None, list[ShownRow]] = {}
    for row in rows:
        groups.setdefault(class_of(row.class_, channels.get(row.customer_code)), []).append(row)
    return [
        ClassTotal(
            name,
            len(mine),
            sum(row.core for row in mine),
            sum((row.target for row in mine if row.target is not None), _ZERO),
        )
        for name in in_order(groups, policy)
        if (mine := groups.get(name, []))
    ]


def changes(before: Mapping[str, Kept], after: Mapping[str, Kept]) -> str:
    """What one version changed in the one before: C00012 Class V1 → V2."""
    said = [_("{customer} added").format(customer=code) for code in after if code not in before]
    said += [_("{customer} removed").format(customer=code) for code in before if code not in after]
    for code, now in after.items():
        if code in before and before[code] != now:
            said.append(f"{code} {listed(_differences(before[code], now))}")
    return listed(said)


def under_code_of(lines: Mapping[str, Kept], own: Mapping[str, str], now: Mapping[str, Kept]) -> dict[str, Kept]:
    """Lines under the codes that a later version has: of a customer merged since, that of the one it became part of.

    `own` leads from the codes that became aliases to those they stand for.
    """
    renamed = {code: own[code] for code in lines if code not in now and own.get(code) in now.keys() - lines.keys()}
    return {renamed.get(code, code): line for code, line in lines.items()}


def _differences(before: Kept, now: Kept) -> list[str]:
    parts = [
        (_("class"), before.class_ or "-", now.class_ or "-"),
        (_("core"), _yes(before.core), _yes(now.core)),
        (_("target"), _amount(before.target), _amount(now.target)),
    ]
    return [f"{name} {old} → {new}" for name, old, new in parts if old != new]


def _yes(value: bool) -> str:
    return _("yes") if value else _("no")


def _amount(value: Decimal | None) -> str:
    return "-" if value is None else show(value)
