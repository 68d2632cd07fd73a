"""A month's plans held against the province's numbers, the offices' targets and the customers' files."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Annotated, NamedTuple

from channelctl.columns import Col
from channelctl.errors import RefusedError
from channelctl.i18n import _, listed
from channelctl.money import show
from channelctl.systems.plans.rules import DIRECT, DISTRIBUTION, PlanPolicy, class_of, class_text, in_order

CLASS_COUNT, DIRECT_COUNT, TARGET_SUM = "class_count", "direct_count", "target_sum"
LOW_MARKET, CLOSED, TWICE, CORE_NO_CLASS, NO_TARGET = "low_market", "closed", "twice", "core_no_class", "no_target"
ALL_DIRECT = "all_direct"
_ZERO = Decimal("0.00")


def finding_text(finding: str) -> str:
    """A finding as a person reads it."""
    return {
        CLASS_COUNT: _("number per class"),
        DIRECT_COUNT: _("direct customers"),
        TARGET_SUM: _("sum of targets"),
        LOW_MARKET: _("direct in a small market"),
        CLOSED: _("planned but closed"),
        TWICE: _("planned by two offices"),
        CORE_NO_CLASS: _("core without a class"),
        NO_TARGET: _("no target"),
    }[finding]


def _class_text(class_: str | None) -> str:
    return _("direct, all classes") if class_ == ALL_DIRECT else class_text(class_)


def _named_class(class_: str | None) -> str:
    """The class that something is about, "" where it is about none."""
    return "" if class_ is None else class_text(class_)


class Line(NamedTuple):
    """A planned customer with what its file says; `target` is the one that holds."""

    office_code: str
    office: str
    customer_code: str
    customer: str
    class_: str | None
    core: bool
    target: Decimal | None
    channel: str | None
    market_level: str | None
    closed_on: dt.date | None


class OfficeGoal(NamedTuple):
    """An office, and its own target of the month, if it has one."""

    code: str
    name: str
    target: Decimal | None


class ClassCheck(NamedTuple):
    """The province's number of customers of a class against the sum over its offices."""

    class_: Annotated[str | None, Col("等级", "Class", words=_class_text)]
    province: Annotated[int | None, Col("全省规划", "Province plan", kind="count")]
    planned: Annotated[int, Col("各办事处合计", "Offices together", kind="count")]
    difference: Annotated[int | None, Col("差额", "Difference", kind="count")]


class OfficeCheck(NamedTuple):
    """An office's plan: its customers, and their targets against its own."""

    office_code: Annotated[str, Col("办事处编码", "Office code", kind="code", wide=True)]
    office: Annotated[str, Col("办事处", "Office")]
    customers: Annotated[int, Col("规划客户数", "Customers", kind="count")]
    core: Annotated[int, Col("核心客户数", "Core", kind="count")]
    targets: Annotated[Decimal, Col("客户目标合计", "Customers' targets", kind="money")]
    target: Annotated[Decimal | None, Col("办事处目标", "Office target", kind="money")]
    difference: Annotated[Decimal | None, Col("差额", "Difference", kind="money")]


class OfficeClasses(NamedTuple):
    """How many customers of which class an office plans, in a line."""

    office_code: Annotated[str, Col("办事处编码", "Office code", kind="code", wide=True)]
    office: Annotated[str, Col("办事处", "Office")]
    classes: Annotated[str, Col("各等级规划客户数", "Planned customers per class")]


class OfficeClass(NamedTuple):
    """How many customers of a class an office plans."""

    office_code: Annotated[str, Col("办事处编码", "Office code", kind="code")]
    office: Annotated[str, Col("办事处", "Office")]
    class_: Annotated[str | None, Col("等级", "Class", words=class_text)]
    customers: Annotated[int, Col("规划客户数", "Customers", kind="count")]


class Finding(NamedTuple):
    """Something that does not fit; `expected` and `found` are numbers of customers, or amounts."""

    finding: Annotated[str, Col("问题", "Finding", words=finding_text)]
    office_code: Annotated[str | None, Col("办事处编码", "Office code", kind="code", wide=True)]
    office: Annotated[str | None, Col("办事处", "Office")]
    customer_code: Annotated[str | None, Col("客户编码", "Customer code", kind="code")]
    customer: Annotated[str | None, Col("客户", "Customer")]
    class_: Annotated[str | None, Col("等级", "Class", words=_named_class, wide=True)]
    expected: Annotated[Decimal | None, Col("应为", "Expected", kind="quantity", wide=True)]
    found: Annotated[Decimal | None, Col("实为", "Found", kind="quantity", wide=True)]
    said: Annotated[str, Col("说明", "What")]


def in_lines(rows: Iterable[OfficeClass]) -> list[OfficeClasses]:
    """A line per office: VKA 1, V1 2."""
    found: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        found.setdefault((row.office_code, row.office), []).append(f"{class_text(row.class_)} {row.customers}")
    return [OfficeClasses(*office, listed(parts)) for office, parts in found.items()]


class Checked(NamedTuple):
    """What a check came to."""

    month: str
    classes: list[ClassCheck]
    offices: list[OfficeCheck]
    office_classes: list[OfficeClass]
    findings: list[Finding]


def check(
    month: str, end: dt.date, lines: Sequence[Line], goals: Sequence[OfficeGoal], levels: Sequence[str],
    policy: PlanPolicy, whole: bool = True,
) -> Checked:  # fmt: skip
    """Everything that does not fit in the plans of a month, which ends on `end`; `levels` from the largest market.

    Unless the `lines` are of all offices, the whole of them, they are not held against the province's numbers.

    Raises:
        RefusedError: the policy's lowest level for direct customers is none of the levels.
    """
    classes = _classes(lines, policy) if whole else []
    offices = [_office(goal, [one for one in lines if one.office_code == goal.code], policy) for goal in goals]
    counts = [
        OfficeClass(goal.code, goal.name, name, count)
        for goal in goals
        for name, count in _counts([one for one in lines if one.office_code == goal.code], policy).items()
        if count
    ]
    if policy.direct_to not in levels:
        raise RefusedError(
            _("[plans] direct_to: “{value}” is no market level").format(value=policy.direct_to),
            _("The levels are: {names}").format(names=listed(levels)),
        )
    low = levels[levels.index(policy.direct_to) + 1 :]
    findings = [*_of_classes(classes), *_of_targets(offices), *_of_customers(lines, end, low)]
    return Checked(month, classes, offices, counts, findings)


def _counts(lines: Iterable[Line], policy: PlanPolicy) -> dict[str | None, int]:
    """How many customers stand under each class, in the policy's order."""
    found: dict[str | None, int] = {}
    for one in lines:
        name = class_of(one.class_, one.channel)
        found[name] = found.get(name, 0) + 1
    return {name: found.get(name, 0) for name in in_order(found, policy)}


def _classes(lines: Sequence[Line], policy: PlanPolicy) -> list[ClassCheck]:
    """The classes in order, and all but the distributors together at the end."""
    counts = _counts(lines, policy)
    rows = []
    for name, count in counts.items():
        planned = policy.province.get(name) if name is not None else None
        rows.append(ClassCheck(name, planned, count, None if planned is None else count - planned))
    direct = sum(count for name, count in counts.items() if name != DISTRIBUTION)
    return [*rows, ClassCheck(ALL_DIRECT, policy.province_direct, direct, direct - policy.province_direct)]


def _office(goal: OfficeGoal, lines: Sequence[Line], policy: PlanPolicy) -> OfficeCheck:
    total = sum((one.target for one in lines if one.target is not None), _ZERO)
    core = sum(one.core for one in lines)
    difference = None if goal.target is None else total - goal.target
    return OfficeCheck(
        goal.code, goal.name, len(lines), core, total, goal.target, difference
    )  # fmt: skip


def _of_classes(classes: Iterable[ClassCheck]) -> Iterator[Finding]:
    for one in classes:
        if one.province is None or not one.difference:
            continue
        text = _("{class_} {planned}, province {province} ({difference})")
        said = text.format(
            class_=_class_text(one.class_),
            province=one.province,
            planned=one.planned,
            difference=f"{one.difference:+,}",
        )
        finding = DIRECT_COUNT if one.class_ == ALL_DIRECT else CLASS_COUNT
        class_ = None if one.class_ == ALL_DIRECT else one.class_
        numbers = Decimal(one.province), Decimal(one.planned)
        yield Finding(finding, None, None, None, None, class_, *numbers, said)


def _of_targets(offices: Iterable[OfficeCheck]) -> Iterator[Finding]:
    for one in offices:
        if one.target is None or not one.difference:
            continue
        sign = "+" if one.difference > 0 else ""
        said = _("customers {targets}, office {target} ({difference})").format(
            targets=show(one.targets), target=show(one.target), difference=sign + show(one.difference)
        )
        yield Finding(TARGET_SUM, one.office_code, one.office, None, None, None, one.target, one.targets, said)


def _of_customers(lines: Sequence[Line], end: dt.date, low: Sequence[str]) -> Iterator[Finding]:
    offices: Mapping[str, list[str]] = {one.customer_code: [] for one in lines}
    for one in lines:
        offices[one.customer_code].append(one.office)
    for one in lines:
        others = [office for office in offices[one.customer_code] if office != one.office]
        wrong = {
            LOW_MARKET: _("market level {level}").format(level=one.market_level)
            if one.channel == DIRECT and one.market_level in low
            else "",
            CLOSED: _("closed on {day}").format(day=one.closed_on)
            if one.closed_on is not None and one.closed_on <= end
            else "",
            TWICE: _("by {offices} as well").format(offices=listed(others)) if others else "",
            CORE_NO_CLASS: _("core by its mark") if one.core and one.class_ is None else "",
            NO_TARGET: _("own or of its class") if one.target is None else "",
        }
        for finding, said in wrong.items():
            if said:
                who = one.office_code, one.office, one.customer_code, one.customer, one.class_
                yield Finding(finding, *who, None, None, said)
