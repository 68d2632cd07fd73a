"""`rebate accrue` under 20 policies against the bare SQL that joins lines to policies, run by sqlite3 alone.

python -m benchmarks.rebates [LINES]
"""

import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from benchmarks import made
from benchmarks.measure import PYTHON, environment, once, ratio, show, side_by_side

POLICIES = 20
# Each policy is about half of the products, every other one about one class; a line in fifty is a return that names
# an earlier document.
_RULES = """
INSERT INTO rebate_rule (batch_id, policy, version, rule, type, valid_from, last_day, window, basis, method, unit,
                         thresholds, rates, class, products)
SELECT 1, format('P%02d', n), '1', '1', 'volume', '2023-01-01', '2024-12-31', 'whole', 'quantity', 'all_units',
       'per_unit', '100/500', '5/9', CASE WHEN n % 2 THEN 'V' || (n % 4 + 1) END,
       (SELECT group_concat(code, '、') FROM product WHERE (id + n) % 2 = 0)
FROM policy_number
"""
_RETURNS = """
UPDATE sale_line SET original_document = 'SO' || ((row_no - 1002) / 3) WHERE row_no % 50 = 1 AND row_no > 2000
"""
BARE = """
import sqlite3, sys

database = sqlite3.connect(sys.argv[1])
database.execute("CREATE TEMP TABLE scope AS SELECT r.id AS rule, p.id AS product FROM rebate_rule r JOIN product p "
                 "ON instr('、' || r.products || '、', '、' || p.code || '、')")
database.execute("CREATE INDEX temp.scope_product ON scope (product)")
print(len(database.execute(
    "SELECT r.policy, c.code, c.name, sum(l.quantity), sum(l.amount) FROM sale_line l "
    "JOIN scope s ON s.product = l.product_id JOIN rebate_rule r ON r.id = s.rule "
    "JOIN customer c ON c.id = l.customer_id "
    "WHERE l.ended_batch_id IS NULL AND (l.status IS NULL OR l.status NOT IN ('作废', '已作废')) "
    "AND l.date BETWEEN r.valid_from AND r.last_day AND (r.class IS NULL OR r.class = c.class) "
    "GROUP BY r.id, l.customer_id"
).fetchall()))
"""


def main(lines: int) -> int:
    """Print the ratio; 1 where it misses its limit."""
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "channel.db"
        env = environment(CHANNELCTL_DB=str(database))
        once((PYTHON, "-m", "channelctl", "init"), env)
        made.fill(database, made.Size(lines))
        _add_policies(database)
        words = ("rebate", "accrue", "--month", "2024-12", "--format", "csv")
        costs = side_by_side(
            {
                "channelctl rebate accrue": (PYTHON, "-m", "channelctl", *words),
                "the bare SQL of lines and policies": (PYTHON, "-c", BARE, str(database)),
            },
            3,
            env,
        )
        print(f"{lines:,} lines, {made.Size(lines).customers:,} customers, {POLICIES} policies")
    show(costs)
    own, floor = costs.values()
    return 0 if ratio("rebate accrue against the bare SQL", own.wall, floor.wall, 3) else 1


def _add_policies(database: Path) -> None:
    numbers = (
        f"WITH RECURSIVE policy_number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM policy_number WHERE n < {POLICIES})"
    )
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute(numbers + _RULES)
        connection.execute(_RETURNS)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000))
