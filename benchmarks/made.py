"""A database of any size, made by SQL alone: what an import would have left behind, in a fraction of its time."""

import datetime as dt
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

_FIRST = dt.date(2023, 1, 1)
_DAYS = 731
MONTHS = ("2023-12", "2024-11", "2024-12")

# Numbers that look thrown, the same everywhere: the largest customers buy most, one line in twenty names no office,
# one in two hundred is void, one in fifty is a return.
_LINES = """
WITH RECURSIVE line(i) AS (SELECT :first UNION ALL SELECT i + 1 FROM line WHERE i + 1 < :end),
thrown(i, u) AS (SELECT i, (i * 2654435761) & 0x7FFFFFFF FROM line),
bought(i, customer) AS (SELECT i, ((((u * u) >> 31) * :customers) >> 31) FROM thrown)
INSERT INTO sale_line (batch_id, sheet_id, row_no, date, document, line_no, office_id, customer_id, product_id,
                       quantity, unit_price, amount, status, line_key, content_key)
SELECT 1, 1, i + 2, :day, 'SO' || (i / 3), i % 3 + 1,
       CASE WHEN i % 20 = 7 THEN NULL WHEN i % 9 = 4 THEN (customer + 1) % :offices + 1
            ELSE customer % :offices + 1 END,
       customer + 1, (i * 40503) % 120 + 1, 30000, (i * 40503) % 4999999 + 10000,
       ((i * 40503) % 4999999 + 10000) * CASE WHEN i % 50 = 49 THEN -1 ELSE 1 END,
       CASE WHEN i % 200 = 11 THEN '作废' WHEN i % 2 THEN '正常' END, i * 7919, i * 104729
FROM bought
"""
_COUNT = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?) "
_RECORDS = (
    "INSERT INTO batch (id, at, user, command, rejected) VALUES (1, '2025-01-02T08:00:00+08:00', 'made', 'import', 0)",
    "INSERT INTO source_sheet (id, batch_id, name, kind, heading_row, rows) VALUES (1, 1, '销售明细', 'sales', 1, 0)",
)
_OFFICES = (
    "INSERT INTO office (id, batch_id, code, name, name_key, pinyin, initials) "
    "SELECT i + 1, 1, format('B%03d', i), '办事处' || i, '办事处' || i, '', '' FROM n"
)
_PRODUCTS = (
    "INSERT INTO product (id, batch_id, code, name, name_key, pinyin, initials) "
    "SELECT i + 1, 1, format('M%03d', i), '型号' || i, '型号' || i, '', '' FROM n"
)
_CUSTOMERS = (
    "INSERT INTO customer (id, batch_id, code, name, name_key, pinyin, initials, office_id, class, channel) "
    "SELECT i + 1, 1, format('C%06d', i), '恒达通讯有限公司' || i, '恒达通讯有限公司' || i, '', '', i % :offices + 1, "
    "'V' || (i % 4 + 1), 'direct' FROM n"
)
# Three customers in five are planned: most with a target of their own, the others by their class.
_PLANS = (
    "INSERT INTO plan_line (batch_id, month, office_id, customer_id, class, target) "
    "SELECT 1, :month, office_id, id, class, CASE WHEN id % 8 < 6 THEN 20000000 END FROM customer "
    "WHERE (id - 1) / :offices % 5 < 3"
)
_TARGETS = "INSERT INTO class_target (batch_id, class, month, target) VALUES (1, ?, '2023-01', 15000000)"


class Size(NamedTuple):
    """How much of what: customers and offices grow as the lines do, the latter from a number on."""

    lines: int
    least_offices: int = 3

    @property
    def customers(self) -> int:
        """50,000 for ten million lines."""
        return max(self.lines // 200, 10)

    @property
    def offices(self) -> int:
        """300 for ten million lines."""
        return max(self.lines * 3 // 100_000, self.least_offices)


def fill(database: Path, size: Size) -> None:
    """Fill a new database: two years of sales, and plans for three months."""
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-262144", "threads=2", "temp_store=MEMORY"):
            connection.execute(f"PRAGMA {pragma}")
        indexes = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'sale_line' AND sql IS NOT NULL"
        ).fetchall()
        connection.execute("BEGIN")
        for statement in _RECORDS:
            connection.execute(statement)
        connection.execute(_COUNT + _OFFICES, (size.offices,))
        connection.execute(_COUNT + _PRODUCTS, (120,))
        count = _COUNT.replace("?", ":count")
        connection.execute(count + _CUSTOMERS, {"count": size.customers, "offices": size.offices})
        for month in MONTHS:
            connection.execute(_PLANS, {"month": month, "offices": size.offices})
        connection.executemany(_TARGETS, [(f"V{class_}",) for class_ in range(1, 5)])
        for name, _sql in indexes:
            connection.execute(f'DROP INDEX "{name}"')
        for day in range(_DAYS):
            numbers = {"first": size.lines * day // _DAYS, "end": size.lines * (day + 1) // _DAYS}
            when = (_FIRST + dt.timedelta(days=day)).isoformat()
            connection.execute(_LINES, {**numbers, "day": when, "customers": size.customers, "offices": size.offices})
        for _name, sql in indexes:
            connection.execute(sql)
        connection.execute("COMMIT")
