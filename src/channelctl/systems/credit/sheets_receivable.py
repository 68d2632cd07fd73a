"""The rows of receivables."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from channelctl.columns import Col
from channelctl.systems.credit.rules_documents import offered_types, type_text
from channelctl.systems.customers.sheets import Whose, WhoseCode

_REMARK = ("说明", "备注说明", "摘要", "note", "notes", "comment", "memo")


@dataclass(frozen=True)
class ReceivableRow:
    """A document by which a customer owes, or owes less: an invoice, an opening balance, a credit note; with tax."""

    customer_code: WhoseCode
    customer: Whose
    number: Annotated[
        str,
        Col(
            "应收单号",
            "Receivable no",
            (
                "单据编号", "单据号", "单号", "发票号", "发票号码", "发票编号", "应收单据号", "应收单编号", "凭证号",
                "invoice number", "invoice no", "invoice id", "invoice", "document no", "document number", "document",
                "doc no", "bill no",
            ),
            kind="code",
            example="FP240501",
            note="Blank for an opening balance: 期初.",
        ),
    ]  # fmt: skip
    date: Annotated[
        dt.date,
        Col(
            "单据日期",
            "Document date",
            (
                "日期", "发票日期", "开票日期", "开票日", "应收日期", "业务日期", "入账日期", "记账日期", "立账日期",
                "invoice date", "date", "posting date", "bill date",
            ),
            kind="date",
            required=True,
            example="2024-05-03",
        ),
    ]  # fmt: skip
    type_: Annotated[
        str,
        Col(
            "应收类型",
            "Receivable type",
            ("单据类型", "类型", "发票类型", "单据类别", "业务类型", "红蓝字", "红蓝标志", "document type", "doc type",
             "invoice type", "type"),
            example="发票",
            note="发票 (default), 红字发票 or 期初. Without it a negative amount is a credit note.",
            words=type_text,
            offered=offered_types,
        ),
    ]  # fmt: skip
    amount: Annotated[
        Decimal,
        Col(
            "应收金额",
            "Amount due",
            (
                "应收账款", "应收款", "应收总额", "应收账款金额", "应收金额合计", "发票金额", "含税应收金额",
                "发票总额",
                "原币金额", "原始金额", "欠款金额", "invoice amount", "receivable amount", "invoice total",
                "~金额", "~含税金额", "~价税合计", "~开票金额", "~单据金额", "~本币金额", "~合计金额", "~金额合计",
                "~amount", "~gross amount", "~amount incl tax", "~total", "~total amount",
            ),
            kind="money",
            required=True,
            example="52300.00",
            note="With tax. A credit note may be written negative or positive.",
            with_tax=True,
        ),
    ]  # fmt: skip
    tax: Annotated[
        Decimal | None, Col("税额", "Tax", ("其中税额", "销项税", "tax amount", "vat"), kind="money", wide=True)
    ]
    terms: Annotated[
        str | None,
        Col(
            "账期",
            "Terms",
            (
                "账期(天)", "账期天数", "帐期", "帐期(天)", "信用期", "信用期限", "信用天数", "付款条件", "收款条件",
                "付款期限", "结算账期", "payment terms", "credit terms", "credit days", "term",
            ),
            example="30",
            note="Read where no due date is given: 30, 月结, 月结30天, 次月25日, 现款.",
            wide=True,
        ),
    ]  # fmt: skip
    due_date: Annotated[
        dt.date | None,
        Col(
            "到期日",
            "Due date",
            (
                "到期日期", "应收到期日", "应付日期", "付款到期日", "应收款日期", "应收日", "约定付款日", "付款期限日",
                "应付款日", "due", "due on", "payment due", "payment due date",
            ),
            kind="date",
            example="2024-06-02",
            note="Blank: worked out from the terms of the document, of the customer, or of the policy.",
        ),
    ]  # fmt: skip
    document: Annotated[
        str | None,
        Col(
            "关联单号",
            "For document",
            (
                "关联单据", "关联单据号", "销售单号", "出库单号", "发货单号", "来源单号", "源单号", "源单据号",
                "对应单号",
                "原发票号", "原单号", "蓝字发票号", "原单据号", "sales document", "original invoice", "for invoice",
                "original document", "reference", "order no", "order number",
            ),
            kind="code",
            note="The sale documents it invoices, side by side; of a credit note the invoice it corrects.",
            wide=True,
        ),
    ]  # fmt: skip
    settled_on: Annotated[
        dt.date | None,
        Col(
            "结清日期",
            "Settled on",
            ("结清日", "核销日期", "付清日期", "回款结清日期", "settled date", "settlement date", "paid date",
             "paid on",
             "cleared on", "clearing date", "date paid"),
            kind="date",
            note="Paid in full that day.",
            wide=True,
        ),
    ]  # fmt: skip
    received: Annotated[
        Decimal | None,
        Col(
            "已收金额",
            "Received before",
            (
                "已收", "已收款", "已收款金额", "已收账款", "已回款", "已回款金额", "已核销金额", "已付金额", "已付款",
                "已冲销金额", "amount paid", "amount received", "paid amount", "received", "paid",
            ),
            kind="money",
            note="What had come in when the sheet was taken: it counts from the day of the document.",
            wide=True,
        ),
    ]  # fmt: skip
    outstanding: Annotated[
        Decimal | None,
        Col(
            "未收金额",
            "Outstanding",
            (
                "未收余额", "未收款", "未收款金额", "应收余额", "应收账款余额", "未收", "未核销金额", "未回款金额",
                "未付金额", "欠款余额", "欠款", "尚欠金额", "outstanding amount", "open amount", "amount outstanding",
                "balance due", "balance", "amount due now", "~余额",
            ),
            kind="money",
            note="Without a received amount, what is missing in it has been received.",
            wide=True,
        ),
    ]  # fmt: skip
    disputed: Annotated[
        bool | None,
        Col("有争议", "Disputed", ("争议", "是否争议", "争议标志", "dispute", "in dispute"), kind="flag", wide=True),
    ]
    remark: Annotated[str | None, Col("备注", "Remark", _REMARK, wide=True)]
