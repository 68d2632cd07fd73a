"""`credit ageing` against the bare SQL that asks the same of the same tables, run by sqlite3 alone.

python -m benchmarks.ageing [DOCUMENTS]
"""

import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from benchmarks.measure import PYTHON, environment, once, ratio, show, side_by_side

# Two hundred documents and as many payments a customer over two years; every other payment names its document, one in
# fifty documents is a credit note, and most of the last months' is still open.
_BATCH = (
    "INSERT INTO batch (id, at, user, command, rejected) VALUES (1, '2025-01-02T08:00:00+08:00', 'made', 'import', 0)"
)
_COUNT = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :count) "
_CUSTOMERS = (
    "INSERT INTO customer (id, batch_id, code, name, name_key, pinyin, initials) "
    "SELECT i + 1, 1, format('C%06d', i), '恒达通讯有限公司' || i, '恒达通讯有限公司' || i, '', '' FROM n"
)
_DOCUMENTS = (
    "INSERT INTO receivable (batch_id, customer_id, number, date, type, amount, due_date, due_given) "
    "SELECT 1, i / 200 + 1, format('F%08d', i), date('2023-01-01', (i % 200 * 731 / 200) || ' days'), "
    "CASE WHEN i % 50 = 49 THEN 'credit_note' ELSE 'invoice' END, (i * 40503) % 4999999 + 10000, "
    "date('2023-01-01', (i % 200 * 731 / 200 + 30 + i % 3 * 15) || ' days'), 1 FROM n"
)
_PAYMENTS = (
    "INSERT INTO payment (batch_id, customer_id, number, date, amount, document) "
    "SELECT 1, i / 200 + 1, format('P%08d', i), date('2023-01-01', (i % 200 * 731 / 200 + 40 + i % 60) || ' days'), "
    "(i * 40503) % 4999999 + 10000, CASE WHEN i % 2 AND i % 50 <> 49 THEN format('F%08d', i) END FROM n"
)
BARE = """
import sqlite3, sys

print(len(sqlite3.connect(sys.argv[1]).execute(
    "WITH credit AS (SELECT customer_id, document, amount FROM payment WHERE date <= '2024-12-31' "
    "UNION ALL SELECT customer_id, document, amount FROM receivable WHERE date <= '2024-12-31' "
    "AND type = 'credit_note'), "
    "named AS (SELECT customer_id, document, sum(amount) AS amount FROM credit GROUP BY 1, 2), "
    "debit AS (SELECT r.customer_id, r.due_date, r.date, r.number, r.amount, min(r.amount, coalesce(n.amount, 0)) "
    "AS paid FROM receivable r LEFT JOIN named n ON n.customer_id = r.customer_id AND n.document = r.number "
    "WHERE r.date <= '2024-12-31' AND r.type <> 'credit_note'), "
    "pool AS (SELECT customer_id, sum(amount) AS amount FROM (SELECT customer_id, amount FROM named "
    "UNION ALL SELECT customer_id, -paid FROM debit) GROUP BY 1), "
    "turn AS (SELECT customer_id, due_date, amount - paid AS rest, sum(amount - paid) OVER (PARTITION BY customer_id "
    "ORDER BY due_date, date, number ROWS UNBOUNDED PRECEDING) AS through FROM debit WHERE amount > paid), "
    "open AS (SELECT t.customer_id, t.due_date, max(0, min(t.rest, t.through - coalesce(p.amount, 0))) AS amount "
    "FROM turn t LEFT JOIN pool p USING (customer_id)), "
    "aged AS (SELECT customer_id, sum(CASE WHEN due_date >= '2024-12-31' THEN amount END) AS not_due, "
    "sum(CASE WHEN due_date BETWEEN '2024-12-01' AND '2024-12-30' THEN amount END) AS first, "
    "sum(CASE WHEN due_date BETWEEN '2024-11-01' AND '2024-11-30' THEN amount END) AS second, "
    "sum(CASE WHEN due_date BETWEEN '2024-10-02' AND '2024-10-31' THEN amount END) AS third, "
    "sum(CASE WHEN due_date < '2024-10-02' THEN amount END) AS older FROM open GROUP BY 1), "
    "rest AS (SELECT customer_id, sum(rest) AS amount FROM turn GROUP BY 1) "
    "SELECT c.code, c.name, a.*, max(0, coalesce(p.amount, 0) - coalesce(r.amount, 0)) FROM customer c "
    "LEFT JOIN aged a ON a.customer_id = c.id LEFT JOIN pool p ON p.customer_id = c.id "
    "LEFT JOIN rest r ON r.customer_id = c.id"
).fetchall()))
"""


def main(documents: int) -> int:
    """Print the ratio; 1 where it misses its limit."""
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "channel.db"
        env = environment(CHANNELCTL_DB=str(database))
        once((PYTHON, "-m", "channelctl", "init"), env)
        _fill(database, documents)
        words = ("credit", "ageing", "--as-of", "2024-12-31", "--format", "csv")
        costs = side_by_side(
            {
                "channelctl credit ageing": (PYTHON, "-m", "channelctl", *words),
                "the bare SQL of documents and payments": (PYTHON, "-c", BARE, str(database)),
            },
            3,
            env,
        )
        print(f"{documents:,} documents, {documents:,} payments, {documents // 200:,} customers")
    show(costs)
    own, floor = costs.values()
    return 0 if ratio("credit ageing against the bare SQL", own.wall, floor.wall, 1.5) else 1


def _fill(database: Path, documents: int) -> None:
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-262144", "temp_store=MEMORY"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("BEGIN")
        connection.execute(_BATCH)
        connection.execute(_COUNT + _CUSTOMERS, {"count": documents // 200})
        connection.execute(_COUNT + _DOCUMENTS, {"count": documents})
        connection.execute(_COUNT + _PAYMENTS, {"count": documents})
        connection.execute("COMMIT")
        connection.execute("PRAGMA journal_mode=WAL")


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000))
