"""The rows of limits, of the forms that lead to them, of holds, and of what was lost."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from channelctl.columns import Col
from channelctl.systems.credit.rules_decided import decision_text, offered_decisions
from channelctl.systems.credit.rules_documents import since_text, source_text
from channelctl.systems.customers.sheets import Whose, WhoseCode

_REMARK = ("说明", "note", "comment")
_TERMS = (
    "账期(天)", "账期天数", "帐期", "帐期(天)", "信用期", "信用期限", "信用天数", "付款条件", "结算账期",
    "payment terms", "credit terms", "credit days",
)  # fmt: skip
_POOLED_NOTE = "Yes: what all customers below it owe counts against it too."


@dataclass(frozen=True)
class CreditLimitRow:
    """A customer's limit and terms from a day on; those that were there before are opening limits."""

    customer_code: WhoseCode
    customer: Whose
    valid_from: Annotated[
        dt.date,
        Col(
            "生效日期",
            "Valid from",
            ("额度生效日", "额度生效日期", "授信日期", "开始日期", "起始日期", "启用日期", "from", "start date"),
            kind="date",
            example="2024-01-01",
            note="Blank: from the beginning.",
            words=since_text,
        ),
    ]
    limit_amount: Annotated[
        Decimal | None,
        Col(
            "信用额度",
            "Credit limit",
            ("额度", "授信额度", "信用限额", "赊销额度", "赊销限额", "欠款额度",
             "limit",
             "credit line"),
            kind="money",
            example="500000.00",
            note="Blank: none said. 0: cash only.",
        ),
    ]  # fmt: skip
    terms: Annotated[str | None, Col("账期", "Terms", _TERMS, example="30", note="30, 月结, 月结30天, 次月25日, 现款.")]
    expires_on: Annotated[
        dt.date | None,
        Col(
            "失效日期",
            "Expires on",
            ("额度失效日", "额度到期日", "有效期至", "截止日期", "授信到期日", "valid until", "expiry", "expiry date"),
            kind="date",
            note="The last day it runs. Blank: until further notice.",
        ),
    ]
    pooled: Annotated[
        bool | None,
        Col("含下级", "Pooled", ("集团额度", "共享额度", "是否含下级", "合并额度"), kind="flag", note=_POOLED_NOTE),
    ]
    source: Annotated[
        str,
        Col(
            "额度来源",
            "Source",
            ("来源", "来源单号"),
            kind="code",
            note="Blank: opening. Any other limit comes from an application.",
            words=source_text,
            wide=True,
        ),
    ]
    approved_by: Annotated[str | None, Col("批准人", "Approved by", ("审批人", "核准人"), wide=True)]
    remark: Annotated[str | None, Col("备注", "Remark", _REMARK, wide=True)]


@dataclass(frozen=True)
class CreditInvestigationRow:
    """A survey of a customer's credit (客户信用状况调查表)."""

    number: Annotated[
        str,
        Col("调查编号", "Investigation no", ("调查表编号", "调查单号"), kind="code", required=True, example="DC240501"),
    ]
    customer_code: WhoseCode
    customer: Whose
    date: Annotated[
        dt.date, Col("调查日期", "Investigated on", ("调查时间",), kind="date", required=True, example="2024-05-06")
    ]
    investigator: Annotated[str | None, Col("调查人", "Investigator", ("调查员", "填表人"), example="王伟")]
    ownership: Annotated[str | None, Col("企业性质", "Ownership", ("所有制", "单位性质", "公司性质"), wide=True)]
    legal_representative: Annotated[
        str | None, Col("法人代表", "Legal representative", ("法人", "法定代表人"), wide=True)
    ]
    founded_on: Annotated[
        dt.date | None, Col("成立日期", "Founded on", ("成立时间", "注册日期"), kind="date", wide=True)
    ]
    registered_capital: Annotated[
        Decimal | None, Col("注册资本", "Registered capital", ("注册资金",), kind="money", wide=True)
    ]
    premises: Annotated[str | None, Col("经营场所", "Premises", ("营业场所", "经营面积", "场所"), wide=True)]
    staff: Annotated[Decimal | None, Col("员工人数", "Staff", ("人数", "职工人数"), kind="quantity", wide=True)]
    brands: Annotated[str | None, Col("经营品牌", "Brands", ("代理品牌", "主营品牌"), wide=True)]
    yearly_sales: Annotated[
        Decimal | None, Col("年销售额", "Yearly sales", ("年营业额", "上年销售额"), kind="money", wide=True)
    ]
    assets: Annotated[Decimal | None, Col("资产总额", "Assets", ("总资产", "资产"), kind="money", wide=True)]
    debts: Annotated[Decimal | None, Col("负债总额", "Debts", ("总负债", "负债"), kind="money", wide=True)]
    bank: Annotated[str | None, Col("开户银行", "Bank", ("开户行", "往来银行"), wide=True)]
    bank_rating: Annotated[str | None, Col("银行资信等级", "Bank rating", ("资信等级", "银行信用等级"), wide=True)]
    payment_record: Annotated[
        str | None, Col("付款记录", "Payment record", ("付款情况", "历史付款记录", "回款情况"), wide=True)
    ]
    other_suppliers: Annotated[
        str | None, Col("其他供应商评价", "Other suppliers", ("其他供应商", "同行评价"), wide=True)
    ]
    litigation: Annotated[str | None, Col("诉讼情况", "Litigation", ("诉讼记录", "涉诉情况"), wide=True)]
    guarantee: Annotated[str | None, Col("担保情况", "Guarantee", ("担保", "抵押担保"), wide=True)]
    reputation: Annotated[str | None, Col("商誉", "Reputation", ("信誉", "口碑", "市场信誉"), wide=True)]
    opinion: Annotated[str | None, Col("调查意见", "Opinion", ("调查结论", "意见"), wide=True)]
    remark: Annotated[str | None, Col("备注", "Remark", _REMARK, wide=True)]


@dataclass(frozen=True)
class CreditApplicationRow:
    """What somebody asks to be granted to a customer (客户授信额度申请表)."""

    number: Annotated[
        str,
        Col("申请编号", "Application no", ("申请单号", "申请表编号"), kind="code", required=True, example="SX240501"),
    ]
    customer_code: WhoseCode
    customer: Whose
    date: Annotated[
        dt.date, Col("申请日期", "Applied on", ("申请时间",), kind="date", required=True, example="2024-05-08")
    ]
    applicant: Annotated[str, Col("申请人", "Applicant", ("提出人",), required=True, example="wangwei")]
    limit_amount: Annotated[
        Decimal,
        Col(
            "申请额度",
            "Limit applied for",
            ("申请授信额度", "申请信用额度", "申请金额"),
            kind="money",
            required=True,
            example="500000.00",
        ),
    ]
    terms: Annotated[str | None, Col("申请账期", "Terms applied for", _TERMS, example="30")]
    expires_on: Annotated[
        dt.date | None, Col("额度有效期至", "Expires on", ("有效期至", "失效日期", "valid until"), kind="date")
    ]
    pooled: Annotated[
        bool | None,
        Col("含下级", "Pooled", ("集团额度", "是否含下级"), kind="flag", note=_POOLED_NOTE, wide=True),
    ]
    investigation: Annotated[str | None, Col("调查编号", "Investigation no", ("调查表编号",), kind="code")]
    reason: Annotated[str | None, Col("申请理由", "Reason", ("申请原因", "理由"), wide=True)]
    decision: Annotated[
        str | None,
        Col(
            "审批结果",
            "Decision",
            ("审批结论", "审批状态"),
            words=decision_text,
            offered=offered_decisions,
            note="Of an application that is decided already; no sheet grants a limit.",
            wide=True,
        ),
    ]
    decided_on: Annotated[dt.date | None, Col("审批日期", "Decided on", ("批准日期",), kind="date", wide=True)]
    decided_by: Annotated[str | None, Col("批准人", "Decided by", ("审批人", "核准人"), wide=True)]


@dataclass(frozen=True)
class CreditHoldRow:
    """Deliveries to a customer stopped by hand (停货)."""

    customer_code: WhoseCode
    customer: Whose
    since: Annotated[
        dt.date,
        Col(
            "停货日期",
            "Held since",
            ("冻结日期", "停货开始日期", "停货起始日", "冻结开始日期"),
            kind="date",
            required=True,
            example="2024-05-20",
        ),
    ]
    until: Annotated[
        dt.date | None,
        Col(
            "停货截止日期",
            "Held until",
            ("停货结束日期", "解冻日期", "冻结截止日期", "恢复日期"),
            kind="date",
            note="The last day. Blank: until further notice.",
        ),
    ]
    reason: Annotated[
        str, Col("停货原因", "Reason of hold", ("冻结原因", "原因", "reason"), required=True, example="逾期未付")
    ]


@dataclass(frozen=True)
class CreditWriteoffRow:
    """A debt given up (呆账核销)."""

    number: Annotated[
        str,
        Col("核销编号", "Write-off no", ("呆账核销编号", "坏账编号"), kind="code", required=True, example="HX240501"),
    ]
    date: Annotated[
        dt.date,
        Col(
            "核销日期", "Written off on", ("呆账核销日期", "坏账日期"), kind="date", required=True, example="2024-05-31"
        ),
    ]
    customer_code: WhoseCode
    customer: Whose
    document: Annotated[
        str | None,
        Col("核销单据", "Document", ("单据编号", "发票号", "invoice no"), kind="code", note="Blank: oldest due first."),
    ]
    amount: Annotated[
        Decimal,
        Col(
            "呆账金额",
            "Written off",
            ("坏账金额", "呆账核销金额", "坏账核销金额", "核销呆账金额", "write-off amount"),
            kind="money",
            required=True,
            example="8000.00",
        ),
    ]
    handler: Annotated[
        str,
        Col(
            "承办人",
            "Handler",
            ("经办人", "经手人", "责任人"),
            required=True,
            example="wangwei",
            note="Who sold on credit.",
        ),
    ]
    approver: Annotated[
        str | None,
        Col(
            "批准人",
            "Approver",
            ("授信批准人", "审批人"),
            note="Who approved the credit; blank: who approved the limit.",
        ),
    ]
    reason: Annotated[str | None, Col("核销原因", "Reason", ("原因", "说明"), wide=True)]


@dataclass(frozen=True)
class CreditRecoveryRow:
    """Money that came in for a debt given up (呆账收回)."""

    number: Annotated[
        str,
        Col("收回编号", "Recovery no", ("呆账收回编号", "收回单号"), kind="code", required=True, example="SH240601"),
    ]
    writeoff: Annotated[
        str,
        Col("核销编号", "Write-off no", ("呆账核销编号", "原核销编号"), kind="code", required=True, example="HX240501"),
    ]
    date: Annotated[
        dt.date, Col("收回日期", "Recovered on", ("呆账收回日期",), kind="date", required=True, example="2024-06-10")
    ]
    amount: Annotated[
        Decimal, Col("收回金额", "Recovered", ("呆账收回金额",), kind="money", required=True, example="3000.00")
    ]
    remark: Annotated[str | None, Col("备注", "Remark", _REMARK, wide=True)]
