"""The sheets of planned customers and of class targets."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from channelctl.columns import Col
from channelctl.records import Kind
from channelctl.systems.customers.sheets import OFFICE, WhoseCode, WhosePlanned


@dataclass(frozen=True)
class PlanRow:
    """A planned customer (规划客户) of an office and month."""

    month: Annotated[
        str,
        Col(
            "月份",
            "Month",
            ("规划月份", "计划月份", "考核月份", "期间", "period", "plan month"),
            kind="month",
            required=True,
            example="2024-05",
        ),
    ]
    office: Annotated[str, Col("办事处", "Office", OFFICE, ref="office", required=True, example="杭州")]
    customer_code: WhoseCode
    customer: WhosePlanned
    class_: Annotated[
        str | None,
        Col(
            "规划等级",
            "Class",
            ("客户等级", "等级", "客户级别", "规划级别", "grade"),
            example="V1",
            note="Blank: the class in the customer's file at this moment is kept with the plan.",
        ),
    ]
    core: Annotated[
        bool | None,
        Col(
            "核心客户",
            "Core",
            ("是否核心", "是否核心客户", "核心"),
            kind="flag",
            note="Blank: the mark in the customer's file, else by class as the policy says.",
        ),
    ]
    target: Annotated[
        Decimal | None,
        Col(
            "月度目标",
            "Monthly target",
            ("目标", "月目标", "目标金额", "销售目标", "提货目标", "月度任务", "任务", "target"),
            kind="money",
            example="200000",
            note="Blank: the class's default target holds.",
        ),
    ]


@dataclass(frozen=True)
class ClassTargetRow:
    """The monthly target of a class, from a month on, for planned customers without one of their own."""

    class_: Annotated[str, Col("等级", "Class", ("规划等级", "客户等级", "grade"), required=True, example="V1")]
    month: Annotated[
        str,
        Col(
            "生效月份", "From month", ("起始月份", "月份", "valid from"), kind="month", required=True, example="2024-01"
        ),
    ]
    target: Annotated[
        Decimal,
        Col(
            "月度目标",
            "Monthly target",
            ("默认目标", "目标", "目标金额", "target"),
            kind="money",
            required=True,
            example="200000",
        ),
    ]


@dataclass(frozen=True)
class OfficeTargetRow:
    """What an office is to sell in a month: the target, and two levels above it."""

    month: Annotated[
        str,
        Col(
            "月份", "Month", ("考核月份", "目标月份", "期间", "period"), kind="month", required=True, example="2024-05"
        ),
    ]
    office: Annotated[str, Col("办事处", "Office", OFFICE, ref="office", required=True, example="杭州")]
    target: Annotated[
        Decimal,
        Col(
            "办事处目标",
            "Office target",
            (
                "办事处月度目标", "办事处任务", "基本目标", "基础目标", "保底目标", "base target",
                "~目标", "~月度目标", "~目标金额", "~销售目标", "~任务", "~target",
            ),
            kind="money",
            required=True,
            example="1200000",
        ),
    ]  # fmt: skip
    sprint: Annotated[
        Decimal | None,
        Col("冲刺目标", "Sprint target", ("冲刺", "冲刺任务", "sprint"), kind="money", example="1300000"),
    ]
    challenge: Annotated[
        Decimal | None,
        Col("挑战目标", "Challenge target", ("挑战", "挑战任务", "challenge"), kind="money", example="1400000"),
    ]


KINDS = (
    Kind(
        "plan",
        "规划客户",
        "planned customers",
        PlanRow,
        "channelctl.systems.plans.tables:PlanLine",
        key=("month", "office", "customer"),
        needs=(("month",), ("customer", "customer_code"), ("office", "class_", "target")),
        loader="channelctl.systems.plans.load:PlanLoader",
        tidy="channelctl.systems.customers.rules:tidy",
        held="channelctl.systems.plans.store_versions:held",
        later="channelctl.systems.plans.store_versions:later",
    ),
    Kind(
        "class_target",
        "等级目标",
        "class targets",
        ClassTargetRow,
        "channelctl.systems.plans.tables:ClassTarget",
        key=("class_", "month"),
        needs=(("class_",), ("month",), ("target",)),
        loader="channelctl.systems.plans.load:TargetLoader",
        tidy="channelctl.systems.customers.rules:tidy",
        held="channelctl.systems.plans.store_classes:held",
        later="channelctl.systems.plans.store_classes:later",
    ),
    Kind(
        "office_target",
        "办事处目标",
        "office targets",
        OfficeTargetRow,
        "channelctl.systems.plans.tables:OfficeTarget",
        key=("month", "office"),
        needs=(("month",), ("office",), ("target!", "sprint", "challenge")),
        loader="channelctl.systems.plans.load:OfficeTargetLoader",
        verbs="target",
    ),
)
