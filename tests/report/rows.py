"""A row class with every kind of column, and a small report of it."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Literal, NamedTuple

from channelctl.columns import Col
from channelctl.report import Report, Table


class Line(NamedTuple):
    """A customer."""

    rank: Annotated[int, Col("#", "#", kind="count")]
    code: Annotated[str, Col("客户编码", "Code", kind="code")]
    customer: Annotated[str | None, Col("客户", "Customer", required=True)]
    net_sales: Annotated[Decimal | None, Col("净销售额", "Net sales", kind="money")]
    share: Annotated[Decimal | None, Col("占比", "Share", kind="share", bar=True)]
    units: Annotated[Decimal | None, Col("台数", "Units", kind="quantity")]
    since: Annotated[dt.date | None, Col("开户日期", "Since", kind="date")]
    core: Annotated[bool | None, Col("核心", "Core", kind="flag")]
    class_: Annotated[str | None, Col("规划等级", "Class")]
    tier: Annotated[Literal["A", "B", "C"], Col("级", "Tier", kind="tier")]
    remark: Annotated[str | None, Col("备注", "Remark", wide=True)] = None


class Sum(NamedTuple):
    """A tier."""

    tier: Annotated[Literal["A", "B", "C"], Col("级", "Tier", kind="tier")]
    net_sales: Annotated[Decimal, Col("净销售额", "Net sales", kind="money")]


LINES = [
    Line(
        1, "C00001", "南京苏宁电器有限公司", Decimal("12345.678"), Decimal("0.8"), Decimal(1204),
        dt.date(2024, 5, 3), True, "V1", "A", "first",
    ),
    Line(2, "00123", "Lee & Sons", Decimal("2469.1356"), Decimal("0.16"), Decimal("3.25"), None, False, None, "B"),
    Line(3, "C00003", None, Decimal("-0.5"), None, None, None, None, None, "C"),
]  # fmt: skip
SUMS = [Sum("A", Decimal("12345.678")), Sum("B", Decimal("2469.1356"))]


def line(customer: str | None = "x", **more: Any) -> Line:
    """A row whose customer is what matters."""
    blank = Line(1, "C1", customer, None, None, None, None, None, None, "C")
    return blank._replace(**more)


def report(rows: list[Line] | None = None, **more: Any) -> Report:
    """The small report."""
    given: dict[str, Any] = {
        "params": {"from": dt.date(2024, 5, 1), "a_until": Decimal("0.80"), "office": None},
        "totals": {"net_sales": Decimal("14814.3136"), "customers": 3},
        "notes": ["1 line names no customer"],
        "closing": ["All is said."],
        "sections": {"tiers": Table(Sum, SUMS, "Tiers")},
        **more,
    }
    return Report("lines", Line, LINES if rows is None else rows, "Lines · May 2024", **given)


def bare(*rows: Line, **more: Any) -> Report:
    """Only rows and a title."""
    return Report("lines", Line, rows, "Lines", **more)
