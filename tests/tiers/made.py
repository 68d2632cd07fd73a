"""A few customers with sales by month, for tests of what is kept of tiers."""

from collections.abc import Mapping
from pathlib import Path

from tests.making import sheet

CUSTOMERS = {"K1": "恒达", "K2": "五星", "K3": "国美", "K4": "联众"}


def region(**more: str) -> Path:
    """A sheet of the customers, each with its office and rep."""
    names = {**CUSTOMERS, **more}
    rows = [
        (code, name, "杭州" if code < "K3" else "宁波", "王伟" if code < "K3" else "李敏")
        for code, name in names.items()
    ]
    return sheet("customers", "客户编码 客户名称 办事处 客户经理", rows)


def month(when: str, nets: Mapping[str, object], name: str = "") -> Path:
    """A sheet of one sale line a customer, on the tenth of the month."""
    rows = [(f"{when}-10", code, CUSTOMERS.get(code, code), net) for code, net in nets.items()]
    return sheet(name or f"sales{when}", "日期 客户编码 客户名称 金额", rows)
