"""The sheet of stock counts."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from channelctl.columns import Col
from channelctl.records import Kind
from channelctl.systems.customers.sheets import CUSTOMER_CODE, CUSTOMER_NAME

PRODUCT_CODE = Col(
    "产品编码",
    "Product code",
    ("物料编码", "商品编码", "存货编码", "产品代码", "产品 ID", "SKU", "item code", "product id", "货号"),
    kind="code",
    wide=True,
)
PRODUCT = Col(
    "型号",
    "Product",
    (
        "产品型号", "规格型号", "产品名称", "商品名称", "物料名称", "存货名称", "产品", "商品", "品名", "机型",
        "product name", "model", "item", "item name",
    ),
    ref="product",
    required=True,
    example="I9300",
)  # fmt: skip
WHOSE_CODE = Col("客户编码", "Customer code", CUSTOMER_CODE, kind="code", wide=True)
WHOSE = Col(
    "客户", "Customer", ("客户名称", *CUSTOMER_NAME, "customer name"), ref="customer", required=True, example="C00001"
)


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
    customer_code: Annotated[str | None, WHOSE_CODE]
    customer: Annotated[str, WHOSE]
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
