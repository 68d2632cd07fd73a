"""Plans and sales of several months and offices, as small sheets."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.making import sheet

PLAN = "月份 办事处 客户编码 客户 规划等级 核心客户 月度目标"
SALES = "日期 单据编号 行号 客户编码 客户名称 办事处 金额"
MARKS = "月份 办事处 客户编码 手工得分 原因"
OFFICES = (("HZ", "杭州"), ("NB", "宁波"), ("WX", "无锡"))
# Office -> customers; each has a target of 100.
PLANNED = {"杭州": ("K1", "K2"), "宁波": ("K3", "K4"), "无锡": ("K5",)}


def offices() -> Path:
    return sheet("offices", "办事处编码 办事处", OFFICES)


def plan(month: str, planned: Mapping[str, Sequence[str]] | None = None, name: str = "") -> Path:
    """Everybody's plan for a month; the first customer of each office is core."""
    lines = [
        (month, office, code, f"客户{code}", "V1" if place == 0 else "V3", "", 100)
        for office, codes in (planned or PLANNED).items()
        for place, code in enumerate(codes)
    ]
    return sheet(name or f"plan-{month}", PLAN, lines)


def sold(month: str, nets: dict[str, int], name: str = "") -> Path:
    """What each customer bought of its office on the 3rd."""
    office = {code: name for name, codes in PLANNED.items() for code in codes}
    lines = [
        (f"{month}-03", f"{name or 'S'}{month}{code}", 1, code, f"客户{code}", office[code], net)
        for code, net in nets.items()
    ]
    return sheet(name or f"sales-{month}", SALES, lines)
