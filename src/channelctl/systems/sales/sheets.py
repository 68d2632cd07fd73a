"""The sheet of sale lines."""

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Annotated

from channelctl.columns import Col
from channelctl.records import Kind
from channelctl.systems.catalog.sheets import PRODUCT, PRODUCT_CODE
from channelctl.systems.customers.sheets import (
    CHANNEL,
    CUSTOMER_CODE,
    CUSTOMER_NAME,
    OFFICE,
    OFFICE_CODE,
    REP,
    REP_CODE,
)


@dataclass(frozen=True)
class SaleRow:
    """A sell-in line: what a customer bought from us on a day."""

    document: Annotated[
        str | None,
        Col(
            "单据编号",
            "Document",
            (
                "单号",
                "单据号",
                "订单编号",
                "订单号",
                "订单 ID",
                "发货单号",
                "出库单号",
                "销售单号",
                "发票号",
                "order no",
                "order number",
                "order id",
                "document no",
                "invoice no",
            ),
            kind="code",
            example="SO240501",
        ),
    ]
    line_no: Annotated[
        str | None,
        Col(
            "行号",
            "Line no",
            ("行 ID", "行项目", "分录号", "行次", "order line number", "line number", "row id"),
            kind="code",
            example="1",
            wide=True,
        ),
    ]
    date: Annotated[
        dt.date,
        Col(
            "日期",
            "Date",
            (
                "销售日期",
                "业务日期",
                "订单日期",
                "单据日期",
                "开票日期",
                "发货日期",
                "出库日期",
                "提货日期",
                "下单日期",
                "sale date",
                "order date",
                "posting date",
                "invoice date",
            ),
            kind="date",
            required=True,
            example="2024-05-03",
        ),
    ]
    region: Annotated[
        str | None, Col("区域", "Region", ("大区", "省分", "地区", "region name", "territory"), ref="region")
    ]
    office_code: Annotated[str | None, Col("办事处编码", "Office code", OFFICE_CODE, kind="code")]
    office: Annotated[str | None, Col("办事处", "Office", OFFICE, ref="office", example="杭州")]
    customer_code: Annotated[str | None, Col("客户编码", "Customer code", CUSTOMER_CODE, kind="code", example="C00001")]
    customer: Annotated[
        str | None,
        Col("客户名称", "Customer", (*CUSTOMER_NAME, "customer name"), ref="customer", example="杭州恒达通讯有限公司"),
    ]
    channel: Annotated[
        str | None,
        Col(
            "渠道",
            "Channel",
            CHANNEL,
            note="Kept for customers that this sheet creates.",
        ),
    ]
    class_: Annotated[
        str | None,
        Col("规划等级", "Class", ("客户等级", "客户级别"), note="Kept for customers that this sheet creates."),
    ]
    market_level: Annotated[str | None, Col("市场级别", "Market level", ("市场等级",), wide=True)]
    province: Annotated[str | None, Col("省份", "Province", ("省", "省/自治区", "省/直辖市"), wide=True)]
    city: Annotated[str | None, Col("城市", "City", ("地市",), wide=True)]
    rep_code: Annotated[str | None, Col("业务员编码", "Rep code", REP_CODE, kind="code")]
    rep: Annotated[str | None, Col("业务员", "Rep", REP, ref="rep")]
    first_name: Annotated[str | None, Col("业务员名", "Rep first name", ("first name",), wide=True)]
    last_name: Annotated[str | None, Col("业务员姓", "Rep last name", ("last name",), wide=True)]
    product_code: Annotated[str | None, replace(PRODUCT_CODE, wide=False)]
    product: Annotated[str | None, replace(PRODUCT, required=False)]
    brand: Annotated[str | None, Col("品牌", "Brand", (), wide=True)]
    category: Annotated[str | None, Col("类别", "Category", ("品类", "产品类别", "大类", "product line"), wide=True)]
    quantity: Annotated[
        Decimal | None,
        Col(
            "数量",
            "Quantity",
            (
                "台数",
                "销售数量",
                "实发数量",
                "出库数量",
                "提货数量",
                "件数",
                "销量",
                "qty",
                "quantity ordered",
                "units",
            ),
            kind="quantity",
            example="3",
        ),
    ]
    unit_price: Annotated[
        Decimal | None,
        Col(
            "单价",
            "Unit price",
            ("开票价", "不含税单价", "销售单价", "含税单价", "price", "price each"),
            kind="money",
            example="4168.00",
        ),
    ]
    amount: Annotated[
        Decimal,
        Col(
            "金额",
            "Amount",
            (
                "不含税金额",
                "未税金额",
                "无税金额",
                "不含税销售额",
                "不含税销售金额",
                "未税销售额",
                "无税销售额",
                "销售额",
                "净销售额",
                "净额",
                "今日销售额",
                "当日销售额",
                "当日金额",
                "日销售额",
                "今日销售",
                "当日销售",
                "销售收入",
                "本币无税金额",
                "提货额",
                "提货金额",
                "进货金额",
                "销售净额",
                "net value",
                "销售金额",
                "开票金额",
                "amount excl tax",
                "net amount",
                "sales",
                "sales amount",
                "net sales",
            ),
            kind="money",
            required=True,
            example="12504.00",
            note="Without tax where the sheet knows both. May be left out where quantity and price stand.",
        ),
    ]
    returned_quantity: Annotated[
        Decimal | None,
        Col(
            "退货数量",
            "Returned quantity",
            ("退货数", "退货台数", "退回数量", "销退数量", "returned qty", "return qty", "return quantity"),
            kind="quantity",
            wide=True,
            note="Taken off the quantity.",
        ),
    ]
    returned: Annotated[
        Decimal | None,
        Col(
            "退货金额",
            "Returned amount",
            ("退货额", "退回金额", "销退金额", "退货销售额", "return amount", "returns", "returned"),
            kind="money",
            wide=True,
            note="Taken off the amount.",
        ),
    ]
    amount_taxed: Annotated[
        Decimal | None,
        Col(
            "含税金额",
            "Amount with tax",
            (
                "价税合计",
                "价税合计金额",
                "本币价税合计",
                "含税销售额",
                "含税销售金额",
                "含税总额",
                "amount incl tax",
                "gross amount",
            ),
            kind="money",
        ),
    ]
    tax: Annotated[Decimal | None, Col("税额", "Tax", ("销项税", "tax amount", "vat"), kind="money", wide=True)]
    tax_rate: Annotated[
        Decimal | None,
        Col(
            "税率",
            "Tax rate",
            ("增值税率", "税率%", "vat rate", "tax rate %", "tax %"),
            kind="share",
            wide=True,
            note="Read where the amount without tax is not given.",
        ),
    ]
    cost: Annotated[
        Decimal | None, Col("成本", "Cost", ("成本金额", "销售成本", "cost amount", "cogs"), kind="money", wide=True)
    ]
    profit: Annotated[
        Decimal | None,
        Col("毛利", "Profit", ("利润", "毛利额", "销售毛利", "gross profit", "margin amount"), kind="money", wide=True),
    ]
    document_type: Annotated[
        str | None,
        Col(
            "单据类型",
            "Document type",
            (
                "业务类型",
                "交易类型",
                "出库类型",
                "销售类型",
                "红蓝字",
                "红蓝标志",
                "类型",
                "是否退货",
                "退货标志",
                "退货标识",
                "摘要",
                "type",
                "doc type",
                "transaction type",
                "order type",
            ),
            wide=True,
            note="Lines whose type says return (退货, 红字 …), or yes under 是否退货, count as negative.",
        ),
    ]
    status: Annotated[
        str | None,
        Col(
            "状态",
            "Status",
            ("单据状态", "订单状态", "order status"),
            note="Lines with a status that the policy calls no sale (作废) are kept but not counted.",
        ),
    ]
    original_document: Annotated[
        str | None,
        Col(
            "原单号",
            "Original document",
            (
                "原单据号",
                "原单据编号",
                "原订单号",
                "源单号",
                "源单据号",
                "退货原单",
                "退货原单号",
                "original document no",
            ),
            kind="code",
            wide=True,
            note="The document that a return takes goods back from: rebates count it on that document's day.",
        ),
    ]


KINDS = (
    Kind(
        "sales",
        "销售",
        "sales",
        SaleRow,
        "channelctl.systems.sales.tables:SaleLine",
        key=("document", "line_no"),
        needs=(
            ("date",),
            ("amount", "amount_taxed", "unit_price", "returned"),
            ("customer", "customer_code", "product", "product_code", "document", "office", "office_code"),
        ),
        loader="channelctl.systems.sales.load:Loader",
        rekey="channelctl.systems.sales.store:rekeyed",
        sums="channelctl.systems.sales.store:net_by_any_customer",
        nets="channelctl.systems.sales.store_figures:net_by_batch",
    ),
)
