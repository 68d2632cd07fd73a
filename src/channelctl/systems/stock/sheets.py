"""The sheets of stock counts, with what came and went where they say it, and of sell-out."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from channelctl.columns import Col
from channelctl.records import Kind
from channelctl.systems.catalog.sheets import PRODUCT, PRODUCT_CODE
from channelctl.systems.customers.sheets import Whose, WhoseCode


@dataclass(frozen=True)
class StockRow:
    """How many of a product a customer held at the end of a day."""

    date: Annotated[
        dt.date,
        Col(
            "日期",
            "Date",
            ("盘点日期", "库存日期", "盘存日期", "截止日期", "统计日期", "stock date", "count date"),
            kind="date",
            required=True,
            example="2024-05-31",
        ),
    ]
    customer_code: WhoseCode
    customer: Whose
    product_code: Annotated[str | None, PRODUCT_CODE]
    product: Annotated[str, PRODUCT]
    quantity: Annotated[
        Decimal,
        Col(
            "库存数量",
            "Stock",
            (
                "库存", "库存数", "库存量", "库存台数", "当前库存", "现有库存", "期末库存", "期末数量", "期末",
                "期末结存", "期末结存数量", "结存", "结存数量", "本期结存", "本期库存", "盘点数量", "盘点数",
                "实盘数量", "实盘数", "盘存数量",
                "stock quantity", "stock on hand", "on hand", "closing stock", "closing", "ending stock",
            ),
            kind="quantity",
            required=True,
            example="12",
            note="What was there at the end of the day; 0 where there was none.",
        ),
    ]  # fmt: skip
    opening: Annotated[
        Decimal | None,
        Col(
            "期初库存",
            "Opening",
            ("期初", "期初数量", "期初结存", "上期结存", "上期库存", "上月结存", "上月库存", "opening stock"),
            kind="quantity",
            note="What was there before the time that came and went are of.",
            wide=True,
        ),
    ]
    received: Annotated[
        Decimal | None,
        Col(
            "进货数量",
            "Received",
            (
                "进货", "本期进货", "本期进", "本月进货", "本期入库", "购进", "购进数量", "收入数量", "~入库",
                "~入库数量", "received quantity", "~purchases", "~sell-in",
            ),
            kind="quantity",
            wide=True,
        ),
    ]  # fmt: skip
    sold: Annotated[
        Decimal | None,
        Col(
            "销出数量",
            "Sold",
            (
                "本期销售", "本期销", "本月销售", "本期出库", "发出数量", "~出货", "~销售", "~出库", "~销出", "~零售",
                "~出货数量", "~销售数量", "~销量", "~出库数量", "~零售数量", "~实销", "sold quantity", "~sell-out",
            ),
            kind="quantity",
            note="Sold on since the opening figure: read where no sell-out is known.",
            wide=True,
        ),
    ]  # fmt: skip


@dataclass(frozen=True)
class SellOutRow:
    """How many of a product a customer sold on in a day, and where to."""

    date: Annotated[
        dt.date,
        Col(
            "日期",
            "Date",
            ("零售日期", "出货日期", "销出日期", "上报日期", "~销售日期", "sell-out date", "~sale date"),
            kind="date",
            required=True,
            example="2024-05-18",
        ),
    ]
    customer_code: WhoseCode
    customer: Whose
    product_code: Annotated[str | None, PRODUCT_CODE]
    product: Annotated[str, PRODUCT]
    place: Annotated[
        str | None,
        Col(
            "销往",
            "Place",
            (
                "销往地区", "零售地区", "零售区域", "激活地", "激活地区", "激活城市", "销售区域", "销往城市", "流向",
                "~城市", "~地区", "~区域", "sold to place", "~city",
            ),
            example="杭州",
            note="Where the goods went, as a city, county or office is called; blank: not known.",
        ),
    ]  # fmt: skip
    quantity: Annotated[
        Decimal,
        Col(
            "零售数量",
            "Sell-out",
            (
                "零售量", "零售台数", "出货数量", "出货量", "出货台数", "销出数量", "销出量", "实销", "实销数量",
                "实销量", "sellout", "sell out", "sell-out quantity",
                "~数量", "~台数", "~销量", "~销售数量", "~qty", "~units",
            ),
            kind="quantity",
            required=True,
            example="3",
            note="What came back is below 0.",
        ),
    ]  # fmt: skip
    amount: Annotated[
        Decimal | None,
        Col(
            "零售金额",
            "Amount",
            ("零售额", "销出金额", "出货金额", "~金额", "~销售额", "~销售金额", "sell-out amount"),
            kind="money",
            wide=True,
        ),
    ]


KINDS = (
    Kind(
        "stock_count",
        "库存",
        "stock counts",
        StockRow,
        "channelctl.systems.stock.tables:StockCount",
        key=("date", "customer", "product"),
        needs=(("date",), ("customer", "customer_code"), ("product", "product_code"), ("quantity!",)),
        loader="channelctl.systems.stock.load:StockLoader",
        verbs="stock",
    ),
    Kind(
        "sell_out",
        "零售",
        "sell-out",
        SellOutRow,
        "channelctl.systems.stock.tables:SellOut",
        key=("date", "customer", "product", "place"),
        needs=(("date",), ("customer", "customer_code"), ("product", "product_code"), ("quantity!",)),
        loader="channelctl.systems.stock.load:SellOutLoader",
    ),
)
