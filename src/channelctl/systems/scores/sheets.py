"""The sheet of scores that people set by hand."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from channelctl.columns import Col
from channelctl.records import Kind
from channelctl.systems.customers.sheets import OFFICE, WhoseCode, WhosePlanned


@dataclass(frozen=True)
class MarkRow:
    """A planned customer's score of a month set by hand, and why."""

    month: Annotated[
        str,
        Col(
            "月份", "Month", ("考核月份", "规划月份", "期间", "period"), kind="month", required=True, example="2024-05"
        ),
    ]
    office: Annotated[str, Col("办事处", "Office", OFFICE, ref="office", required=True, example="杭州")]
    customer_code: WhoseCode
    customer: WhosePlanned
    score: Annotated[
        Decimal,
        Col(
            "手工得分",
            "Score",
            ("得分", "核定得分", "人工得分", "调整得分", "score by hand", "set score"),
            kind="score",
            required=True,
            example="0.8",
            note="From 0 to 1, or with a percent sign: 0.8, 80%.",
        ),
    ]
    reason: Annotated[
        str,
        Col("原因", "Reason", ("理由", "调整原因", "手工原因", "why"), required=True, example="断货两周，非客户原因"),
    ]


KINDS = (
    Kind(
        "score_mark",
        "手工得分",
        "scores set by hand",
        MarkRow,
        "channelctl.systems.scores.tables:ScoreMark",
        key=("month", "office", "customer"),
        needs=(("customer", "customer_code"), ("score",), ("reason",)),
        loader="channelctl.systems.scores.load:MarkLoader",
        held="channelctl.systems.scores.store_closed:guard",
        remarks="channelctl.systems.scores.store_closed:remarks",
        concluded="channelctl.systems.scores.store_closed:concluded",
        verbs="score mark",
    ),
)
