"""The sheet of stock counts."""

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
                "库存", "库存数", "库存量", "库存台数", "当前库存", "现有库存", "期末库存", "期末数量", "结存",
                "结存数量", "盘点数量", "盘点数", "实盘数量", "实盘数", "盘存数量",
                "stock quantity", "stock on hand", "on hand", "closing stock",
            ),
            kind="quantity",
            required=True,
            example="12",
            note="What was there at the end of the day; 0 where there was none.",
        ),
    ]  # fmt: skip


KINDS = (
    Kind(
        "stock_count",
        "库存",
        "stock counts",
        StockRow,
        "channelctl.systems.stock.tables:StockCount",
        key=("date", "customer", "product"),
        needs=(("date",), ("customer", "customer_code"), ("product", "product_code"), ("quantity!",)),
        verbs="stock",
    ),
)
