"""`report month --all-offices` against its bare SQL and the writing of its workbooks.

What the run sends is written down while it runs once; `sqlite3` sends that again and fetches every row. What the
workbooks cost is measured in the same run: making them of ready reports, and bringing their bytes to the disk.

python -m benchmarks.packs [LINES] [OFFICES]
"""

import json
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from benchmarks import ageing, made, rebates
from benchmarks.measure import PYTHON, Cost, environment, once, ratio, show

_MOST = 3.0
_MONTH = "2024-12"
_COUNT = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :count) "
_REGION = (
    "INSERT INTO region (id, batch_id, code, name, name_key, pinyin, initials) "
    "VALUES (1, 1, 'R1', '华东', '华东', '', '')",
    "UPDATE office SET region_id = 1",
)
# Three reps an office, and whose customer it is.
_REPS = (
    "INSERT INTO rep (id, batch_id, code, name, name_key, pinyin, initials, office_id) "
    "SELECT i + 1, 1, format('P%04d', i), '业务员' || i, '业务员' || i, '', '', i % :offices + 1 FROM n"
)
_LOOKED_AFTER = "UPDATE customer SET rep_id = office_id + :offices * (id / :offices % 3)"
_TARGETS = (
    "INSERT INTO office_target (batch_id, month, office_id, target, sprint) "
    "SELECT 1, :month, id, 1000000000, 1200000000 FROM office"
)
# Eight weeks of counts and of sell-out for five products a customer.
_COUNTS = (
    "INSERT INTO stock_count (batch_id, date, customer_id, product_id, quantity, opening, received, sold) "
    "SELECT 1, date('2024-11-03', (i % 8 * 7) || ' days'), i / 40 + 1, i / 8 % 5 * 20 + 1, i * 7919 % 40 * 10000, "
    "0, 0, 0 FROM n"
)
_SOLD = (
    "INSERT INTO sell_out (batch_id, date, customer_id, product_id, place, quantity) "
    "SELECT 1, date('2024-11-03', (i % 8 * 7) || ' days'), i / 40 + 1, i / 8 % 5 * 20 + 1, '', i * 7919 % 9 * 10000 "
    "FROM n"
)
_EACH_DOCUMENTS, _EACH_COUNTS = 20, 40
# Runs the command and writes down what it sends by connection, and how long its files take.
_SENT = """
import json, os, sys, time
from pathlib import Path

from channelctl import sqlite
from channelctl.cli import run
from channelctl.packs import delivering

sent, connect, content, spent, sizes = [], sqlite.connect, delivering.content, [0.0, 0.0], []

def traced(where, write):
    number, connection = len(sent), connect(where, write)
    sent.append([])
    connection.set_trace_callback(sent[number].append)
    return connection

def timed(pack, to):
    start, used = time.perf_counter(), time.process_time()
    data = content(pack, to)
    folder = Path(sys.argv[2])
    with (folder / f"{len(sizes)}.xlsx").open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    spent[0] += time.perf_counter() - start
    spent[1] += time.process_time() - used
    sizes.append(len(data))
    return data

sqlite.connect, delivering.content = traced, timed
code = run(sys.argv[3:])
Path(sys.argv[1]).write_text(json.dumps([sent, spent, sizes]), encoding="utf-8")
sys.exit(code)
"""
_BARE = """
import json, sqlite3, sys
from pathlib import Path

for statements in json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))[0]:
    database = sqlite3.connect(sys.argv[1], isolation_level=None)
    for sql in statements:
        database.execute(sql).fetchall()
    database.close()
"""


def main(lines: int, offices: int) -> int:
    """Print the ratio; 1 where it misses its limit."""
    size = made.Size(lines, offices)
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        database, sent, ready = here / "channel.db", here / "sent.json", here / "ready"
        env = environment(CHANNELCTL_DB=str(database))
        once((PYTHON, "-m", "channelctl", "init"), env)
        made.fill(database, size)
        rebates._add_policies(database)
        _add(database, size)
        ready.mkdir()
        words = ("report", "month", "--month", _MONTH, "--all-offices", "--output")
        once((PYTHON, "-c", _SENT, str(sent), str(ready), *words, str(here / "traced")), env)
        own = once((PYTHON, "-m", "channelctl", *words, str(here / "packs")), env)
        bare = once((PYTHON, "-c", _BARE, str(database), str(sent)), env)
        statements, (wall, cpu), sizes = json.loads(sent.read_text(encoding="utf-8"))
        print(f"{lines:,} lines, {size.offices:,} offices, {size.customers:,} customers, {rebates.POLICIES} policies")
        print(f"{len(sizes):,} workbooks of {sum(sizes) / 2**20:,.0f} MiB, {sum(map(len, statements)):,} statements")
    files = Cost(wall, cpu, 0.0)
    rest = Cost(own.wall - bare.wall - files.wall, own.cpu - bare.cpu - files.cpu, 0.0)
    show({"report month --all-offices": own, "the bare SQL": bare, "writing the workbooks": files, "the rest": rest})
    ratio("by processor time", own.cpu, bare.cpu + files.cpu, _MOST)
    return 0 if ratio("packs against their bare SQL plus writing", own.wall, bare.wall + files.wall, _MOST) else 1


def _add(database: Path, size: made.Size) -> None:
    """Region, reps, targets, receivables, payments, counts and sell-out beside the sales."""
    counts = {"offices": size.offices, "count": size.offices * 3}
    spread = f"i % {_EACH_DOCUMENTS} * 731 / {_EACH_DOCUMENTS}"
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("BEGIN")
        for statement in _REGION:
            connection.execute(statement)
        connection.execute(_COUNT + _REPS, counts)
        connection.execute(_LOOKED_AFTER, counts)
        for month in made.MONTHS:
            connection.execute(_TARGETS, {"month": month})
        for statement in (ageing._DOCUMENTS, ageing._PAYMENTS):
            sparser = statement.replace("i % 200 * 731 / 200", spread)
            fewer = sparser.replace("i / 200 + 1", f"i / {_EACH_DOCUMENTS} + 1")
            connection.execute(_COUNT + fewer, {"count": size.customers * _EACH_DOCUMENTS})
        for statement in (_COUNTS, _SOLD):
            connection.execute(_COUNT + statement, {"count": size.customers * _EACH_COUNTS})
        connection.execute("COMMIT")


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    sys.exit(main(*(given + [1_000_000, 300][len(given) :])))
