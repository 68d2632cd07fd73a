"""What customers owe, order and may, as small sheets."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.conftest import Run
from tests.making import report, sheet

INVOICES = "客户编码 客户 应收单号 单据日期 应收类型 应收金额 到期日"
PAYMENTS = "客户编码 客户 回款单号 回款日期 回款金额 付款单据"
ORDERS = "客户编码 客户 订单号 订单日期 未交金额"
LIMITS = "客户编码 客户 生效日期 信用额度 失效日期 含下级"
CUSTOMERS = "客户编码 客户名称 办事处 上级客户"
SALES = "日期 单据编号 行号 客户编码 客户名称 型号 数量 含税金额"

Row = Sequence[object]


def _named(rows: Sequence[Row]) -> list[Row]:
    return [(row[0], f"客户{row[0]}", *row[1:]) for row in rows]


def invoices(*rows: Row, name: str = "invoices") -> Path:
    """Customer, number, day, type, amount, due date."""
    return sheet(name, INVOICES, _named(rows))


def payments(*rows: Row, name: str = "payments") -> Path:
    """Customer, number, day, amount, document."""
    return sheet(name, PAYMENTS, _named(rows))


def orders(*rows: Row) -> Path:
    """Customer, number, day, amount."""
    return sheet("orders", ORDERS, _named(rows))


def limits(*rows: Row) -> Path:
    """Customer, first day, amount, last day, whether it holds for all below."""
    return sheet("limits", LIMITS, _named(rows))


def customers(*rows: Row) -> Path:
    """Customer, office, who is above it."""
    return sheet("customers", CUSTOMERS, _named(rows))


def deliveries(*rows: Row) -> Path:
    """Day, document, customer, amount with tax."""
    return sheet("sales", SALES, [(day, number, 1, code, f"客户{code}", "X1", 1, n) for day, number, code, n in rows])


def take(ch: Run, *sheets: Path) -> None:
    done = ch("import", *sheets)
    assert done.code == 0, done.err + done.out


def status(ch: Run, *words: object) -> dict[str, dict[str, Any]]:
    """The rows of the status by customer."""
    return {row["customer_code"]: row for row in report(ch, "credit", "status", *words)["rows"]}


def answer(ch: Run, code: str, amount: object, *words: object) -> tuple[int, str, str | None]:
    """A check: exit code, verdict and reason."""
    done = ch("credit", "check", code, amount, *words, "--format", "json")
    row = done.data["rows"][0]
    return done.code, row["verdict"], row["reason"]
