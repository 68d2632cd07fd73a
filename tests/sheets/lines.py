"""Sale lines as tests import them, and what an import and the database then say."""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.conftest import Result
from tests.tables import connected

HEAD = ["单据编号", "行号", "日期", "办事处", "客户编码", "客户名称", "型号", "数量", "单价", "金额"]
LINES: list[list[Any]] = [
    ["SO1", "1", dt.date(2024, 5, 3), "杭州", "00123", "杭州恒达", "I9300", 3, 100, Decimal("300.00")],
    ["SO1", "2", dt.date(2024, 5, 3), "杭州", "00123", "杭州恒达", "N7100", 1, 250.5, Decimal("250.50")],
    ["SO2", "1", dt.date(2024, 5, 4), "宁波", "C2", "宁波新宇", "I9300", 2, 100, Decimal("200.00")],
    ["TH1", "1", dt.date(2024, 5, 5), "宁波", "C2", "宁波新宇", "I9300", -1, 100, Decimal("-100.00")],
    ["SO3", "1", dt.date(2024, 5, 6), "NA", "C3", "散户", "I9300", 1.5, 66.6667, Decimal("100.0001")],
]
NET = Decimal("750.5001")
SIMPLE = ["日期", "客户名称", "型号", "数量", "金额"]
ENDS = ["2024-01-31", "2024-02-29", "2024-03-31"]

Line = tuple[Any, ...]


def line(
    day: Any = dt.date(2024, 5, 3), customer: Any = "甲", product: Any = "I9300", count: Any = 1, net: Any = 100
) -> list[Any]:
    return [day, customer, product, count, net]


def query(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    with connected(folder / "channel.db") as found:
        return found.execute(sql).fetchall()


def live(folder: Path) -> list[tuple[Any, ...]]:
    """What the sale lines say, whatever batch they came by."""
    return query(
        folder,
        "select s.date, s.document, s.line_no, o.name, c.code, c.name, p.name, s.quantity, s.unit_price, s.amount"
        " from sale_line s left join office o on o.id = s.office_id left join customer c on c.id = s.customer_id"
        " left join product p on p.id = s.product_id where s.ended_batch_id is null"
        " order by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10",
    )


def total(folder: Path) -> Decimal:
    found = query(folder, "select coalesce(sum(amount), 0) from sale_line where ended_batch_id is null")
    return Decimal(found[0][0]).scaleb(-4)


def counts(row: dict[str, Any]) -> tuple[int, ...]:
    """Rows, new, changed, known, rejected and skipped of a sheet."""
    return tuple(row[name] for name in ("rows", "new", "changed", "existing", "rejected", "skipped"))


def problems(data: Any) -> list[tuple[Any, ...]]:
    return [(p["code"], p["sheet"], p["row"], p["column"], p["value"]) for p in data["problems"]]


def sold(folder: Path) -> list[Line]:
    """Day, office, customer, product, quantity and amount of the lines that hold."""
    rows = query(
        folder,
        "select s.date, o.name, coalesce(c.name, ''), p.name, s.quantity, s.amount, s.row_no from sale_line s"
        " left join office o on o.id = s.office_id left join customer c on c.id = s.customer_id"
        " left join product p on p.id = s.product_id where s.ended_batch_id is null order by 3, 1, 4, 6",
    )
    return [
        (*row[:4], *(None if n is None else Decimal(n).scaleb(-4).normalize() for n in row[4:6]), row[6])
        for row in rows
    ]


def by_customer(folder: Path) -> dict[tuple[str, str], Decimal]:
    """Net by customer and day."""
    found: dict[tuple[str, str], Decimal] = {}
    for day, _office, customer, _product, _quantity, amount, _row in sold(folder):
        found[customer, day] = found.get((customer, day), Decimal(0)) + amount
    return found


def told(done: Result) -> tuple[Any, ...]:
    """Rows, new, changed, known, rejected and skipped of the one sheet, and the exit code."""
    (row,) = done.data["rows"]
    return (*counts(row), done.code)


def errors(done: Result) -> list[tuple[Any, ...]]:
    return [(p["code"], p["row"], p["column"]) for p in done.data["problems"]]
