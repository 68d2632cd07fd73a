"""The sheets of customers and of the people there."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Annotated

from channelctl.columns import Col
from channelctl.records import Kind
from channelctl.systems.customers.rules import channel_text

CUSTOMER_CODE = (
    "客户编号",
    "客户代码",
    "客户 ID",
    "客户ID",
    "购货单位编码",
    "往来单位编码",
    "customer id",
    "customer number",
    "customer no",
    "account no",
)
CUSTOMER_NAME = (
    "客户",
    "客户简称",
    "购货单位",
    "客户全称",
    "客户名",
    "单位名称",
    "cust",
    "cust name",
    "往来单位",
    "经销商",
    "经销商名称",
    "购买方",
    "customer",
    "dealer",
    "account",
)
REP_CODE = ("业务员编码", "客户经理编码", "sales rep employee number", "salesperson code")
REP = (
    "业务员",
    "销售员",
    "销售代表",
    "销代",
    "商代",
    "客户经理",
    "负责人",
    "业务代表",
    "客户顾问",
    "salesperson",
    "sales rep",
    "account manager",
    "owner",
)
OFFICE = ("办事处名称", "分公司", "销售部门", "部门", "office name", "branch", "sales office")
OFFICE_CODE = ("办事处代码", "分公司编码", "部门编码", "branch code")
CHANNEL = ("渠道类型", "渠道分类", "客户类型", "客户渠道", "channel type")
# Columns by which a row of another record says whose it is; sheets of plans call a customer a planned one.
WHOSE_CODE = Col("客户编码", "Customer code", CUSTOMER_CODE, kind="code", wide=True)
WHOSE = Col(
    "客户", "Customer", ("客户名称", *CUSTOMER_NAME, "customer name"), ref="customer", required=True, example="C00001"
)
WhoseCode = Annotated[str | None, WHOSE_CODE]
Whose = Annotated[str, WHOSE]
WhosePlanned = Annotated[str, replace(WHOSE, aliases=("客户名称", *CUSTOMER_NAME, "规划客户", "customer name"))]


@dataclass(frozen=True)
class CustomerRow:
    """A customer and its file (客户资料)."""

    code: Annotated[str, Col("客户编码", "Customer code", CUSTOMER_CODE, kind="code", example="C00001")]
    name: Annotated[str, Col("客户名称", "Customer name", CUSTOMER_NAME, required=True, example="杭州恒达通讯有限公司")]
    office: Annotated[str | None, Col("办事处", "Office", (*OFFICE, "所属办事处"), ref="office", example="杭州")]
    rep: Annotated[
        str | None, Col("客户经理", "Rep", (*REP, *REP_CODE), ref="rep", note="The one owner: code or name of a rep.")
    ]
    channel: Annotated[
        str | None,
        Col(
            "渠道",
            "Channel",
            (*CHANNEL, "customer type"),
            example="直供",
            words=channel_text,
        ),
    ]
    platform: Annotated[
        str | None,
        Col(
            "平台",
            "Platform",
            ("平台级别", "分销平台"),
            note="Provincial or city platform of a distribution customer.",
            wide=True,
        ),
    ]
    class_: Annotated[
        str | None,
        Col("规划等级", "Class", ("客户等级", "等级", "客户级别", "规划级别", "customer class", "grade"), example="V1"),
    ]
    market_level: Annotated[
        str | None,
        Col("市场级别", "Market level", ("市场等级", "城市级别", "T级"), example="T2", note="T1 to T6.", wide=True),
    ]
    core: Annotated[
        bool | None,
        Col("核心客户", "Core", ("是否核心", "是否核心客户", "核心", "core customer"), kind="flag", wide=True),
    ]
    parent: Annotated[
        str | None,
        Col(
            "上级客户",
            "Parent",
            ("上级客户编码", "上级客户编号", "上级经销商", "供货商", "所属经销商", "parent customer", "parent code"),
            ref="customer",
            note="The dealer this one is supplied by.",
            wide=True,
        ),
    ]
    industry: Annotated[str | None, Col("行业", "Industry", ("所属行业",), wide=True)]
    size: Annotated[str | None, Col("规模", "Size", ("客户规模",), wide=True)]
    scope: Annotated[
        str | None,
        Col(
            "大客户范围",
            "Key-account scope",
            ("范围",),
            note="Global, international, national, local or strategic.",
            wide=True,
        ),
    ]
    province: Annotated[str | None, Col("省份", "Province", ("省", "省/自治区", "省/直辖市", "state"), wide=True)]
    city: Annotated[str | None, Col("城市", "City", ("所在城市", "地市", "市"))]
    address: Annotated[str | None, Col("地址", "Address", ("联系地址", "注册地址", "addressLine1"), wide=True)]
    phone: Annotated[str | None, Col("电话", "Phone", ("联系电话", "客户电话", "手机", "tel"), wide=True)]
    contact: Annotated[
        str | None,
        Col(
            "联系人",
            "Contact",
            ("联系人姓名", "主要联系人", "contact person", "contact name"),
            note="Becomes a contact of the customer, with the phone.",
            wide=True,
        ),
    ]
    legal_representative: Annotated[
        str | None, Col("法人代表", "Legal representative", ("法人", "法定代表人"), wide=True)
    ]
    business_scope: Annotated[str | None, Col("经营范围", "Business scope", (), wide=True)]
    market_share: Annotated[str | None, Col("市场份额", "Market share", (), wide=True)]
    competitors: Annotated[str | None, Col("竞争对手", "Competitors", ("主要竞争对手",), wide=True)]
    culture: Annotated[str | None, Col("企业文化", "Culture", (), wide=True)]
    needs: Annotated[str | None, Col("客户需求", "Needs", ("需求",), wide=True)]
    opened_on: Annotated[dt.date | None, Col("开户日期", "Opened on", ("建档日期", "合作日期"), kind="date", wide=True)]
    closed_on: Annotated[dt.date | None, Col("停用日期", "Closed on", ("关闭日期", "销户日期"), kind="date", wide=True)]
    remark: Annotated[str | None, Col("备注", "Remark", ("说明", "comment", "comments"), wide=True)]


@dataclass(frozen=True)
class AliasRow:
    """Another name or code that stands for a customer."""

    alias: Annotated[
        str, Col("别名", "Alias", ("客户别名", "other name", "also known as"), required=True, example="恒达通讯")
    ]
    customer_code: Annotated[str | None, replace(WHOSE_CODE, wide=False)]
    customer: Annotated[str, replace(WHOSE, note="The customer it stands for: code or name.")]


@dataclass(frozen=True)
class ContactRow:
    """A person at a customer."""

    code: Annotated[str, Col("联系人编码", "Contact code", ("联系人编号", "contact id"), kind="code")]
    customer_code: WhoseCode
    customer: Whose
    name: Annotated[
        str, Col("姓名", "Name", ("联系人", "联系人姓名", "contact", "contact name"), required=True, example="李敏")
    ]
    position: Annotated[str | None, Col("职务", "Position", ("职位", "岗位", "title", "job title"))]
    role: Annotated[
        str | None,
        Col(
            "决策角色",
            "Decision role",
            ("角色", "决策链角色", "决策链", "职务/决策角色"),
            note="Decider, assistant decider, influencer, buyer, user or gatekeeper.",
        ),
    ]
    phone: Annotated[str | None, Col("电话", "Phone", ("手机", "联系电话", "mobile"))]
    email: Annotated[str | None, Col("邮箱", "Email", ("电子邮件", "e-mail"), wide=True)]
    birthday: Annotated[
        str | None, Col("生日", "Birthday", ("出生日期",), note="A date, 05-20, or a lunar date such as 农历八月十五.")
    ]
    likes: Annotated[str | None, Col("爱好", "Likes", ("喜好", "兴趣爱好"), wide=True)]
    counterpart: Annotated[str | None, Col("我方对口人", "Our counterpart", ("对口人",), ref="rep", wide=True)]
    remark: Annotated[str | None, Col("备注", "Remark", ("说明", "comment", "comments"), wide=True)]


KINDS = (
    Kind(
        "customer",
        "客户",
        "customers",
        CustomerRow,
        "channelctl.systems.customers.tables:Customer",
        needs=(("code", "name"),),
        loader="channelctl.systems.customers.load:CustomerLoader",
        tidy="channelctl.systems.customers.rules:tidy",
        aliases="channelctl.systems.customers.tables:CustomerAlias",
        near="channelctl.systems.customers.rules:nearness",
    ),
    Kind(
        "customer_alias",
        "客户别名",
        "customer aliases",
        AliasRow,
        "channelctl.systems.customers.tables:CustomerAlias",
        key=("alias",),
        needs=(("alias",), ("customer", "customer_code")),
        loader="channelctl.systems.customers.load:AliasLoader",
        verbs="customer alias",
    ),
    Kind(
        "contact",
        "联系人",
        "contacts",
        ContactRow,
        "channelctl.systems.customers.tables:Contact",
        needs=(("name",), ("customer", "customer_code")),
        loader="channelctl.systems.customers.load:ContactLoader",
    ),
)
