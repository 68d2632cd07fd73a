"""The sheets of regions, offices and reps."""

from dataclasses import dataclass
from typing import Annotated

from channelctl.columns import Col
from channelctl.records import Kind


@dataclass(frozen=True)
class RegionRow:
    """A region or province."""

    code: Annotated[
        str, Col("区域编码", "Region code", ("大区编码", "省分编码", "region id"), kind="code", example="R01")
    ]
    name: Annotated[
        str,
        Col(
            "区域名称",
            "Region name",
            ("区域", "大区", "大区名称", "省分", "省分名称", "region"),
            required=True,
            example="江东",
        ),
    ]


@dataclass(frozen=True)
class OfficeRow:
    """An office of a region."""

    code: Annotated[
        str,
        Col(
            "办事处编码",
            "Office code",
            ("办事处代码", "部门编码", "分公司编码", "branch code", "office id"),
            kind="code",
            example="HZ",
        ),
    ]
    name: Annotated[
        str,
        Col(
            "办事处名称",
            "Office name",
            ("办事处", "分公司", "office", "branch", "~城市", "~city"),
            required=True,
            example="杭州",
        ),
    ]
    region: Annotated[
        str | None,
        Col("区域", "Region", ("大区", "省分", "所属区域", "所属大区", "territory"), ref="region", example="江东"),
    ]
    city: Annotated[str | None, Col("城市", "City", ("所在城市",), example="杭州")]
    address: Annotated[str | None, Col("地址", "Address", ("办公地址", "addressLine1"), wide=True)]
    phone: Annotated[str | None, Col("电话", "Phone", ("联系电话",), wide=True)]


@dataclass(frozen=True)
class RepRow:
    """Somebody who looks after customers."""

    code: Annotated[
        str,
        Col(
            "工号",
            "Rep code",
            ("员工编号", "人员编码", "业务员编码", "employee number", "employee id", "rep id"),
            kind="code",
            example="R001",
        ),
    ]
    name: Annotated[
        str,
        Col(
            "姓名",
            "Rep name",
            (
                "员工姓名",
                "业务员",
                "销售代表",
                "客户经理",
                "地区经理",
                "区域经理",
                "办事处经理",
                "employee name",
                "rep",
                "salesperson",
                "~name",
            ),
            required=True,
            example="王伟",
        ),
    ]
    first_name: Annotated[str | None, Col("名", "First name", ("given name",), wide=True)]
    last_name: Annotated[str | None, Col("姓", "Last name", ("surname", "family name"), wide=True)]
    office: Annotated[
        str | None,
        Col(
            "办事处", "Office", ("所属办事处", "分公司", "部门", "office code", "branch"), ref="office", example="杭州"
        ),
    ]
    role: Annotated[
        str | None,
        Col(
            "岗位",
            "Role",
            ("职务", "职位", "job title"),
            example="销代",
            note="Sales, merchandising or logistics representative, or customer adviser.",
        ),
    ]
    manager: Annotated[
        str | None,
        Col(
            "上级",
            "Manager",
            ("直接上级", "主管", "经理", "reports to"),
            ref="rep",
            note="Code or name of another rep.",
        ),
    ]
    phone: Annotated[str | None, Col("电话", "Phone", ("手机", "联系电话", "mobile"), wide=True)]
    email: Annotated[str | None, Col("邮箱", "Email", ("电子邮件", "e-mail"), wide=True)]


KINDS = (
    Kind("region", "区域", "regions", RegionRow, "channelctl.systems.org.tables:Region", needs=(("code", "name"),)),
    Kind("office", "办事处", "offices", OfficeRow, "channelctl.systems.org.tables:Office", needs=(("code", "name"),)),
    Kind(
        "rep",
        "人员",
        "reps",
        RepRow,
        "channelctl.systems.org.tables:Rep",
        needs=(("code", "name", "first_name", "last_name"),),
    ),
)
