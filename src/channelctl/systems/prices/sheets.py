"""The sheet of the price list."""

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Annotated

from channelctl.columns import Col
from channelctl.records import Kind
from channelctl.systems.catalog.sheets import PRODUCT, PRODUCT_CODE
from channelctl.systems.customers.sheets import WHOSE, WhoseCode
from channelctl.systems.prices.rules import price_channel_text

_OR_NOT = "“-” where it is not offered at this price."


@dataclass(frozen=True)
class PriceRow:
    """What a product costs from a day on; without channel, class or customer: whoever buys it."""

    product_code: Annotated[str | None, PRODUCT_CODE]
    product: Annotated[str, PRODUCT]
    channel: Annotated[
        str | None,
        Col(
            "渠道类型",
            "Channel",
            ("渠道", "渠道分类", "客户类型", "客户渠道", "适用渠道", "channel type"),
            example="社会渠道",
            words=price_channel_text,
            note="Blank: any. 社会渠道: every channel that buys at the distribution price. Several: 直供、分销.",
        ),
    ]
    class_: Annotated[
        str | None,
        Col("客户等级", "Class", ("规划等级", "等级", "客户级别", "适用等级", "customer class"), note="Blank: any."),
    ]
    customer_code: WhoseCode
    customer: Annotated[str | None, replace(WHOSE, required=False, example="", note="Blank: any.")]
    valid_from: Annotated[
        dt.date,
        Col(
            "生效日期",
            "From",
            (
                "执行日期",
                "起始日期",
                "开始日期",
                "启用日期",
                "价格生效日期",
                "valid from",
                "effective date",
                "start date",
            ),
            kind="date",
            required=True,
            example="2024-05-16",
            note="Without such a column: the day in the title, or in the file's or sheet's name.",
        ),
    ]
    last_day: Annotated[
        dt.date | None,
        Col(
            "截止日期",
            "Last day",
            ("失效日期", "结束日期", "终止日期", "有效期至", "到期日期", "valid to", "valid until", "end date"),
            kind="date",
            note="Blank: until the next row of the same product, channel, class and customer.",
        ),
    ]
    distribution_price: Annotated[
        Decimal | None,
        Col(
            "分销进店价",
            "Distribution price",
            ("分销价", "进店价", "分销商价", "社会渠道价", "社会渠道进店价"),
            kind="money",
            example="3968",
            note=_OR_NOT,
        ),
    ]
    dealer_price: Annotated[
        Decimal | None,
        Col(
            "联通经销价",
            "Dealer price",
            ("经销价", "运营商经销价", "联通经销商价", "operator dealer price"),
            kind="money",
            note=_OR_NOT,
        ),
    ]
    consignment_price: Annotated[
        Decimal | None,
        Col(
            "联通铺货价",
            "Consignment price",
            ("铺货价", "运营商铺货价", "代销价", "operator consignment price"),
            kind="money",
            note=_OR_NOT,
        ),
    ]
    retail_price: Annotated[
        Decimal | None,
        Col(
            "零售价",
            "Retail price",
            ("零售指导价", "指导零售价", "建议零售价", "市场零售价", "list price", "rrp", "msrp"),
            kind="money",
            example="4499",
            note=_OR_NOT,
        ),
    ]
    announced_on: Annotated[
        dt.date | None,
        Col(
            "公布日期",
            "Announced",
            ("公告日期", "发布日期", "通知日期", "announced on", "announcement date"),
            kind="date",
        ),
    ]
    remark: Annotated[str | None, Col("备注", "Remark", ("说明", "comment", "comments"), wide=True)]


KINDS = (
    Kind(
        "price",
        "价格表",
        "prices",
        PriceRow,
        "channelctl.systems.prices.tables:Price",
        key=("product", "channel", "class_", "customer", "valid_from"),
        needs=(
            ("product", "product_code"),
            ("distribution_price", "dealer_price", "consignment_price", "retail_price"),
            ("distribution_price", "dealer_price", "consignment_price", "valid_from"),
        ),
        loader="channelctl.systems.prices.load:PriceLoader",
        tidy="channelctl.systems.prices.rules:tidy",
        groups="channelctl.systems.prices.rules_channels:field_of",
        noted="channelctl.systems.prices.store_audit:noted",
    ),
)
