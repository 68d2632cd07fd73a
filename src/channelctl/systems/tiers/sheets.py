"""The sheet of tiers that people set by hand."""

import datetime as dt
from dataclasses import dataclass
from typing import Annotated

from channelctl.columns import Col
from channelctl.records import Kind
from channelctl.systems.customers.sheets import Whose, WhoseCode


@dataclass(frozen=True)
class TierMarkRow:
    """A customer's tier set by hand: why, from which day, and the last day it holds."""

    customer_code: WhoseCode
    customer: Whose
    tier: Annotated[
        str,
        Col(
            "手工等级",
            "Tier",
            ("指定等级", "人工等级", "调整等级", "等级", "级", "tier by hand", "set tier"),
            kind="tier",
            required=True,
            example="A",
        ),
    ]
    reason: Annotated[
        str,
        Col("原因", "Reason", ("理由", "调整原因", "手工原因", "why"), required=True, example="新签年度框架协议"),
    ]
    since: Annotated[
        dt.date,
        Col(
            "生效日期",
            "Since",
            ("生效日", "起始日期", "开始日期", "自", "from", "valid from"),
            kind="date",
            required=True,
            example="2024-06-01",
            note="The first day it holds.",
        ),
    ]
    until: Annotated[
        dt.date,
        Col(
            "有效期至",
            "Until",
            ("失效日期", "截止日期", "到期日", "结束日期", "有效期", "至", "to", "valid until", "expiry"),
            kind="date",
            required=True,
            example="2024-12-31",
            note="The last day it holds; after it the computed tier holds again.",
        ),
    ]


KINDS = (
    Kind(
        "tier_mark",
        "手工等级",
        "tiers set by hand",
        TierMarkRow,
        "channelctl.systems.tiers.tables:TierMark",
        key=("customer", "since"),
        needs=(("customer", "customer_code"), ("tier",), ("reason",), ("until",)),
        loader="channelctl.systems.tiers.load:TierMarkLoader",
        concluded="channelctl.systems.tiers.store_concluded:concluded",
        verbs="tier mark",
    ),
)
