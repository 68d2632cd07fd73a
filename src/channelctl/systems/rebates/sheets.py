"""The sheets of rebate policies, of activations under operator plans, and of payouts."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Annotated

from channelctl.columns import Col
from channelctl.records import Kind
from channelctl.systems.catalog.sheets import PRODUCT
from channelctl.systems.customers.sheets import Whose, WhoseCode
from channelctl.systems.rebates.rules_words import (
    basis_text,
    form_text,
    meeting_text,
    method_text,
    offered,
    state_text,
    type_text,
    unit_text,
    window_text,
)


@dataclass(frozen=True)
class RuleRow:
    """A rule of a version of a rebate policy (销售政策); several words of a scope stand side by side, blank is any."""

    policy: Annotated[
        str,
        Col(
            "政策",
            "Policy",
            ("政策编号", "政策编码", "政策代码", "policy code", "policy no"),
            kind="code",
            required=True,
            example="DL2024",
        ),
    ]
    version: Annotated[str, Col("版本", "Version", ("版本号", "政策版本"), kind="code", example="1", note="Blank: 1.")]
    rule: Annotated[
        str, Col("规则", "Rule", ("规则号", "规则编号", "条款", "rule no"), kind="code", example="1", note="Blank: 1.")
    ]
    name: Annotated[str | None, Col("政策名称", "Name", ("名称", "返利名称", "policy name"), example="手机达量返利")]
    type_: Annotated[
        str,
        Col(
            "返利类型",
            "Rebate type",
            ("政策类型", "返利种类", "rebate kind"),
            required=True,
            example="达量返利",
            note="提货返利, 达量返利, 合约计划返利 or 其他返利.",
            words=type_text,
            offered=partial(offered, "type_"),
        ),
    ]
    valid_from: Annotated[
        dt.date,
        Col(
            "开始日期",
            "From",
            ("生效日期", "起始日期", "政策开始", "valid from", "start date"),
            kind="date",
            required=True,
            example="2024-05-01",
        ),
    ]
    last_day: Annotated[
        dt.date | None,
        Col(
            "结束日期",
            "Last day",
            ("截止日期", "失效日期", "政策结束", "valid until", "end date"),
            kind="date",
            example="2024-12-31",
            note="Blank, 长期 or 永久: until further notice.",
        ),
    ]
    window: Annotated[
        str | None,
        Col(
            "周期",
            "Window",
            ("计算周期", "考核周期", "返利周期", "结算周期"),
            example="月",
            note="月 (default), 季, 半年, 年 or 整个政策期: over what thresholds are reached.",
            words=window_text,
            offered=partial(offered, "window"),
        ),
    ]
    basis: Annotated[
        str | None,
        Col(
            "计量",
            "Basis",
            ("计量方式", "计量基础", "考核指标", "计量口径"),
            example="台数",
            note="台数 (default), 净额 (default of percentages) or 合约办理数 (default of contract rebates).",
            words=basis_text,
            offered=partial(offered, "basis"),
            wide=True,
        ),
    ]
    method: Annotated[
        str | None,
        Col(
            "计算",
            "Method",
            ("计算方式", "计算方法", "达量方式"),
            example="全量",
            note="全量 (default): the bracket reached pays on all. 超额: each bracket on what is above it.",
            words=method_text,
            offered=partial(offered, "method"),
            wide=True,
        ),
    ]
    unit: Annotated[
        str | None,
        Col(
            "返利方式",
            "Rebate unit",
            ("返利单位", "计提方式"),
            example="元/台",
            note="元/台 (default), 百分比 (of net sales) or 定额.",
            words=unit_text,
            offered=partial(offered, "unit"),
        ),
    ]
    thresholds: Annotated[
        str | None,
        Col(
            "达量门槛",
            "Thresholds",
            ("门槛", "达量", "起量", "达标门槛", "threshold"),
            example="400/1000",
            note="Side by side; reached at the edge. Blank: from the first unit.",
        ),
    ]
    rates: Annotated[
        str,
        Col(
            "返利",
            "Rates",
            ("返利标准", "返利额", "返利率", "返点", "返利金额", "rate"),
            required=True,
            example="20/80",
            note="One for each threshold: 20, 2% or, in percent, 2. Never 0.02 for 2%.",
        ),
    ]
    channel: Annotated[
        str | None,
        Col("渠道", "Channel", ("适用渠道", "渠道类型", "channels"), note="Several: 直供、分销. Blank: any."),
    ]
    class_: Annotated[
        str | None,
        Col("等级", "Class", ("客户等级", "规划等级", "适用等级", "classes"), note="Several: VKA、V1.", wide=True),
    ]
    customers: Annotated[
        str | None,
        Col("客户", "Customers", ("适用客户", "参与客户", "客户范围"), note="Codes or names, side by side.", wide=True),
    ]
    products: Annotated[
        str | None,
        Col(
            "型号",
            "Products",
            ("适用型号", "产品", "机型", "适用机型", "适用产品", "产品范围"),
            note="Codes or names, side by side.",
        ),
    ]
    category: Annotated[
        str | None, Col("品类", "Categories", ("类别", "产品类别", "适用品类", "category"), note="Side by side.")
    ]
    plan: Annotated[
        str | None,
        Col("合约计划", "Operator plan", ("合约", "合约名称", "计划名称", "套餐"), note="Blank: any plan.", wide=True),
    ]
    paid_only: Annotated[
        bool | None,
        Col(
            "仅已付款",
            "Paid only",
            ("只计已付款", "仅计已付款", "已付款单据"),
            kind="flag",
            note="Only lines whose status says paid: [rebates] paid_statuses in the policy file.",
            wide=True,
        ),
    ]
    cap: Annotated[Decimal | None, Col("封顶", "Cap", ("封顶金额", "上限", "最高返利"), kind="money", wide=True)]
    minimum: Annotated[
        Decimal | None,
        Col(
            "起付",
            "Minimum",
            ("起付金额", "最低返利", "起付线"),
            kind="money",
            note="Less is not paid at all.",
            wide=True,
        ),
    ]
    meeting: Annotated[
        str | None,
        Col(
            "叠加",
            "Meeting",
            ("叠加方式", "是否叠加", "与其他政策", "政策叠加"),
            example="叠加",
            note="叠加 or 是 (default), 取高 or 按优先级 where policies meet. 否: 取高, with a priority 按优先级.",
            words=meeting_text,
            offered=partial(offered, "meeting"),
            wide=True,
        ),
    ]
    priority: Annotated[str | None, Col("优先级", "Priority", ("优先", "优先顺序"), note="1 comes first.", wide=True)]
    remark: Annotated[str | None, Col("备注", "Remark", ("说明", "政策说明", "note"), wide=True)]


@dataclass(frozen=True)
class ActivationRow:
    """Units that a customer registered under an operator plan on a day (合约办理), by the operator's own system."""

    date: Annotated[
        dt.date,
        Col(
            "日期",
            "Date",
            ("办理日期", "办理时间", "激活日期", "激活时间", "登记日期", "activation date"),
            kind="date",
            required=True,
            example="2024-05-18",
        ),
    ]
    customer_code: WhoseCode
    customer: Whose
    product: Annotated[str, PRODUCT]
    plan: Annotated[
        str,
        Col(
            "合约计划",
            "Operator plan",
            ("合约", "合约名称", "计划名称", "套餐", "套餐名称", "plan"),
            required=True,
            example="预存话费送手机",
        ),
    ]
    quantity: Annotated[
        Decimal,
        Col(
            "办理数量",
            "Registered",
            ("办理数", "办理量", "激活数", "激活量", "合约数", "~数量", "~台数", "activations"),
            kind="quantity",
            required=True,
            example="4",
        ),
    ]


@dataclass(frozen=True)
class RebatePayoutRow:
    """A payment of settled rebates (返利兑付): as credit note, goods or offset, and how far it has got."""

    number: Annotated[
        str,
        Col(
            "兑付单号",
            "Payout number",
            ("兑付编号", "兑付号", "payout no"),
            kind="code",
            required=True,
            example="FL240601",
        ),
    ]
    date: Annotated[
        dt.date,
        Col("日期", "Date", ("兑付日期", "payout date"), kind="date", required=True, example="2024-06-20"),
    ]
    customer_code: WhoseCode
    customer: Whose
    amount: Annotated[
        Decimal,
        Col(
            "兑付金额", "Paid out", ("~金额", "返利金额", "payout amount"), kind="money", required=True, example="8000"
        ),
    ]
    form: Annotated[
        str,
        Col(
            "兑付形式",
            "Form",
            ("形式", "兑付方式"),
            required=True,
            example="货补",
            note="贷项, 货补 or 抵货款.",
            words=form_text,
            offered=partial(offered, "form"),
        ),
    ]
    state: Annotated[
        str,
        Col(
            "兑付状态",
            "State",
            ("状态", "进度"),
            required=True,
            example="计划",
            note="计划, 已开, 已兑付 or 作废.",
            words=state_text,
            offered=partial(offered, "state"),
        ),
    ]
    reference: Annotated[str | None, Col("凭证号", "Reference", ("红字单号", "参考", "凭证"), kind="code")]
    remark: Annotated[str | None, Col("备注", "Remark", ("说明", "note"))]


KINDS = (
    Kind(
        "rebate_rule",
        "返利政策",
        "rebate rules",
        RuleRow,
        "channelctl.systems.rebates.tables:RebateRule",
        key=("policy", "version", "rule"),
        needs=(("policy", "name"), ("type_", "thresholds", "unit"), ("rates",), ("valid_from",)),
        loader="channelctl.systems.rebates.load:RuleLoader",
        held="channelctl.systems.rebates.store_settle:held",
        later="channelctl.systems.rebates.store_settle:later",
        remarks="channelctl.systems.rebates.store_settle:remarks",
        verbs="rebate rule",
    ),
    Kind(
        "activation",
        "合约办理",
        "activations",
        ActivationRow,
        "channelctl.systems.rebates.tables:Activation",
        key=("date", "customer", "product", "plan"),
        needs=(("customer", "customer_code"), ("product",), ("plan",), ("quantity",)),
        loader="channelctl.systems.rebates.load:ActivationLoader",
    ),
    Kind(
        "rebate_payout",
        "返利兑付",
        "rebate payouts",
        RebatePayoutRow,
        "channelctl.systems.rebates.tables:RebatePayout",
        key=("number",),
        needs=(("number",), ("customer", "customer_code"), ("amount",), ("form", "state")),
        loader="channelctl.systems.rebates.load:PayoutLoader",
        held="channelctl.systems.rebates.store_payout:held",
        remarks="channelctl.systems.rebates.store_payout:remarks",
        verbs="rebate payout",
    ),
)
