"""A dealer's sales under the sample policy, as small sheets: 20 a unit from 400, 80 from 1,000."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.conftest import Run
from tests.making import report, sheet

RULES = "政策 版本 规则 返利类型 开始日期 结束日期 周期 计量 返利方式 达量门槛 返利"
SALES = "日期 单据编号 行号 客户编码 客户名称 型号 数量 金额 原单号"
SAMPLE = ("DL", "1", "1", "达量返利", "2024-01-01", "2024-12-31", "月", "台数", "元/台", "400/1000", "20/80")


def rules(*rows: Sequence[object], name: str = "rules") -> Path:
    return sheet(name, RULES, rows or [SAMPLE])


def sold(name: str, *lines: Sequence[object]) -> Path:
    """Sales of X980 at 1,000 a unit: day, document, customer, units, and the document a return names."""
    rows = [
        (day, document, 1, code, f"客户{code}", "X980", units, int(str(units)) * 1000, *(original or [""]))
        for day, document, code, units, *original in lines
    ]
    return sheet(name, SALES, rows)


def take(ch: Run, *sheets: Path) -> None:
    done = ch("import", *sheets)
    assert done.code == 0, done.err + done.out


def settle(ch: Run, month: str, *words: object) -> list[tuple[Any, ...]]:
    """Settle a month: its lines by customer and window, each with entitlement, settled before and the rest."""
    found = report(ch, "rebate", "settle", "--month", month, "--force", *words)
    return [
        (row["customer_code"], row["window"], row["entitlement"], row["before"], row["amount"])
        for row in found["lines"]
    ]


def balance(ch: Run, code: str, *words: object) -> dict[str, Any]:
    """The summary of a customer's statement."""
    return {row["what"]: row["amount"] for row in report(ch, "rebate", "statement", code, *words)["summary"]}
