"""`tier` over many lines against a script that imports sqlmodel and rich, runs the same SQL and prints the table.

python -m benchmarks.tiering [LINES]
"""

import sys
import tempfile
from pathlib import Path

from benchmarks import region
from benchmarks.measure import PYTHON, environment, once, ratio, show, side_by_side

BARE = """
import sqlite3, sys
import rich.console, rich.table, sqlmodel

database = sqlite3.connect(sys.argv[1])
last = database.execute("SELECT max(date) FROM sale_line WHERE ended_batch_id IS NULL").fetchone()
nets = database.execute(
    "SELECT customer_id, sum(amount), count(*) FROM sale_line WHERE ended_batch_id IS NULL AND date BETWEEN ? AND ? "
    "AND (status IS NULL OR status NOT IN ('作废', '已作废')) GROUP BY customer_id", ("0001-01-01", "9999-12-31")
).fetchall()
names = {row[0]: row[1:] for row in database.execute("SELECT id, code, name FROM customer")}
table = rich.table.Table("#", "code", "customer", "net sales", "lines")
for place, (customer, net, lines) in enumerate(sorted(nets, key=lambda row: -row[1]), 1):
    table.add_row(str(place), *names[customer], f"{net / 10000:,.2f}", str(lines))
rich.console.Console(width=120).print(table)
"""


def main(lines: int) -> int:
    """Print the ratio; 1 where it misses its limit."""
    with tempfile.TemporaryDirectory() as folder:
        sheet, database = Path(folder) / "sales.csv", Path(folder) / "channel.db"
        region.text(sheet, lines)
        env = environment(CHANNELCTL_DB=str(database))
        once((PYTHON, "-m", "channelctl", "import", str(sheet)), env)
        costs = side_by_side(
            {
                "channelctl tier --all-time": (PYTHON, "-m", "channelctl", "tier", "--all-time"),
                "the same SQL, sqlmodel and rich": (PYTHON, "-c", BARE, str(database)),
            },
            7,
            env,
        )
        print(f"{lines:,} lines, {region.customers(lines):,} customers")
    show(costs)
    own, floor = costs.values()
    return 0 if ratio("tier against the same SQL", own.wall, floor.wall, 1.3) else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000))
