"""The rows of payments, open orders and promises."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from channelctl.columns import Col
from channelctl.systems.customers.sheets import Whose, WhoseCode

_REMARK = ("说明", "备注说明", "摘要", "note", "notes", "comment", "memo")


@dataclass(frozen=True)
class PaymentRow:
    """Money that came in from a customer; negative where it went back."""

    customer_code: WhoseCode
    customer: Whose
    number: Annotated[
        str,
        Col(
            "回款单号",
            "Payment no",
            (
                "收款单号", "收款编号", "收款单编号", "回款编号", "收款单据号", "付款单号", "付款编号", "支票号",
                "支票号码",
                "流水号", "银行流水号", "交易流水号", "汇票号", "票据号", "check number", "cheque number", "check no",
                "cheque no", "payment number", "payment id", "receipt no", "receipt number", "transaction id",
                "~单据编号", "~单据号", "~单号", "~凭证号", "~编号", "~document no",
            ),
            kind="code",
            example="SK240515",
            note="Blank: made from day and amount.",
        ),
    ]  # fmt: skip
    date: Annotated[
        dt.date,
        Col(
            "回款日期",
            "Payment date",
            (
                "收款日期", "到账日期", "到帐日期", "付款日期", "回款日", "收款日", "到账日", "到账时间", "进账日期",
                "交易日期", "paid on", "date received", "receipt date", "received on", "~日期", "~单据日期",
                "~业务日期", "~date",
            ),
            kind="date",
            required=True,
            example="2024-05-15",
        ),
    ]  # fmt: skip
    amount: Annotated[
        Decimal,
        Col(
            "回款金额",
            "Payment amount",
            (
                "收款金额", "到账金额", "到帐金额", "付款金额", "实收金额", "实收", "回款额", "收款额", "收款", "回款",
                "本次收款", "本次收款金额", "进账金额", "贷方发生额", "paid", "amount received",
                "receipt amount",
                "amount paid", "paid amount",
                "~金额", "~amount",
            ),
            kind="money",
            required=True,
            example="50000.00",
            note="Negative: a refund, or a cheque that came back.",
        ),
    ]  # fmt: skip
    document: Annotated[
        str | None,
        Col(
            "付款单据",
            "Pays document",
            (
                "对应单据", "核销单据", "核销单号", "对应发票", "对应发票号", "对应单号", "应收单号", "发票号",
                "发票号码", "关联单号", "关联单据", "冲销单据", "for document", "for invoice", "invoice number",
                "invoice no", "invoice", "pays", "applied to",
            ),
            kind="code",
            note="Blank: oldest due first.",
        ),
    ]  # fmt: skip
    method: Annotated[
        str | None,
        Col(
            "回款方式",
            "Method",
            ("~收款方式", "~收款类型", "~支付方式", "~结算方式", "~付款方式", "~payment method", "~payment type"),
            example="电汇",
        ),
    ]
    remark: Annotated[
        str | None, Col("备注", "Remark", tuple(f"~{word}" for word in ("备注", "remark", *_REMARK)), wide=True)
    ]


@dataclass(frozen=True)
class ApplicationRow:
    """How much of a payment is for which document, by somebody's word; it holds at every day on which both exist."""

    customer_code: WhoseCode
    customer: Whose
    payment: Annotated[str, Col("核销回款单号", "Applied payment", ("applied payment no",), kind="code", required=True)]
    document: Annotated[
        str, Col("核销应收单号", "Applied to document", ("核销单据号",), kind="code", required=True, example="FP240501")
    ]
    amount: Annotated[
        Decimal,
        Col("核销金额", "Applied amount", ("本次核销金额", "applied"), kind="money", required=True, example="20000.00"),
    ]
    remark: Annotated[str | None, Col("备注", "Remark", _REMARK, wide=True)]


@dataclass(frozen=True)
class OpenOrderRow:
    """What a customer has ordered and not been delivered yet, with tax."""

    customer_code: WhoseCode
    customer: Whose
    number: Annotated[
        str,
        Col(
            "订单号",
            "Order no",
            ("订单编号", "销售订单号", "订单单号", "单据编号", "单号", "order number", "order id", "sales order"),
            kind="code",
            required=True,
            example="DD240520",
        ),
    ]
    date: Annotated[
        dt.date,
        Col(
            "订单日期",
            "Order date",
            ("下单日期", "日期", "单据日期", "order date", "date"),
            kind="date",
            required=True,
            example="2024-05-20",
        ),
    ]
    amount: Annotated[
        Decimal,
        Col(
            "未交金额",
            "Undelivered amount",
            (
                "未交货金额", "未发货金额", "未出库金额", "未交订单金额", "未发金额", "在途订单金额", "未执行金额",
                "未完成金额", "剩余金额", "open order amount", "undelivered", "open order value", "backlog",
                "~金额", "~含税金额", "~价税合计", "~订单金额", "~amount",
            ),
            kind="money",
            required=True,
            example="36000.00",
            note="With tax, what is still to be delivered.",
            with_tax=True,
        ),
    ]  # fmt: skip
    closed_on: Annotated[
        dt.date | None,
        Col("关闭日期", "Closed on", ("完成日期", "交清日期", "结案日期", "closed date"), kind="date", wide=True),
    ]
    remark: Annotated[str | None, Col("备注", "Remark", _REMARK, wide=True)]


@dataclass(frozen=True)
class PromiseRow:
    """A customer's word to pay so much by a day."""

    customer_code: WhoseCode
    customer: Whose
    made_on: Annotated[
        dt.date,
        Col(
            "承诺日期",
            "Promised on",
            ("承诺时间", "作出承诺日期", "promise date", "made on"),
            kind="date",
            required=True,
            example="2024-05-20",
        ),
    ]
    due_on: Annotated[
        dt.date,
        Col(
            "承诺付款日",
            "Pays by",
            ("承诺付款日期", "承诺还款日", "承诺还款日期", "承诺回款日期", "promised payment date", "pay by", "due on"),
            kind="date",
            required=True,
            example="2024-06-05",
        ),
    ]
    amount: Annotated[
        Decimal,
        Col(
            "承诺金额",
            "Promised amount",
            ("承诺付款金额", "承诺还款金额", "承诺回款金额", "promised"),
            kind="money",
            required=True,
            example="30000.00",
        ),
    ]
    document: Annotated[
        str | None, Col("承诺单据", "For document", ("对应单据", "对应发票", "发票号", "for invoice"), kind="code")
    ]
    given_by: Annotated[
        str | None, Col("承诺人", "Given by", ("客户联系人", "联系人", "promised by", "contact"), wide=True)
    ]
    remark: Annotated[str | None, Col("备注", "Remark", _REMARK, wide=True)]
