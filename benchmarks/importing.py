"""Import of a workbook against reading it with calamine and inserting it bare, and against pandas with openpyxl.

python -m benchmarks.importing [LINES]
"""

import sys
import tempfile
from pathlib import Path

from benchmarks import region
from benchmarks.measure import PYTHON, environment, once, ratio, show, side_by_side

BARE = """
import sqlite3, sys
import rich, sqlmodel
from python_calamine import CalamineWorkbook

rows = CalamineWorkbook.from_path(sys.argv[1]).get_sheet_by_index(0).to_python()
database = sqlite3.connect(sys.argv[2])
columns = "document, day, region, office, code, name, channel, rep, model, units, price, amount"
database.execute(f"CREATE TABLE line ({columns})")
stored = ((row[0], row[1].isoformat(), *row[2:]) for row in rows[1:])
database.executemany("INSERT INTO line VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", stored)
database.commit()
"""
CALAMINE = """
import sys
from python_calamine import CalamineWorkbook

rows = CalamineWorkbook.from_path(sys.argv[1]).get_sheet_by_index(0).to_python()
"""
PANDAS = """
import sqlite3, sys
import pandas

pandas.read_excel(sys.argv[1], engine="openpyxl").to_sql("line", sqlite3.connect(sys.argv[2]), index=False)
"""


def main(lines: int) -> int:
    """Print the ratios; 1 where one misses its limit."""
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        sheet, bare, ours, frame = here / "sales.xlsx", here / "bare.db", here / "ours.db", here / "pandas.db"
        region.workbook(sheet, lines)
        env = environment(CHANNELCTL_DB=str(ours))

        def clean() -> None:
            for database in (bare, ours, frame):
                database.unlink(missing_ok=True)
            once((PYTHON, "-m", "channelctl", "init"), env)

        commands = {
            "channelctl import": (PYTHON, "-m", "channelctl", "import", str(sheet)),
            "calamine + executemany": (PYTHON, "-c", BARE, str(sheet), str(bare)),
            "calamine alone": (PYTHON, "-c", CALAMINE, str(sheet)),
        }
        costs = side_by_side(commands, 5, env, clean)
        clean()
        costs["pandas.read_excel (openpyxl) + to_sql, once"] = once((PYTHON, "-c", PANDAS, str(sheet), str(frame)), env)
        print(f"{lines:,} lines, {sheet.stat().st_size / 2**20:.1f} MiB")
    show(costs)
    own, floor, calamine, pandas = costs.values()
    met = ratio("import against calamine + executemany", own.wall, floor.wall, 2)
    met &= ratio("import against pandas (a quarter or less)", own.wall, pandas.wall, 0.25)
    return 0 if ratio("peak memory against calamine's own", own.peak, calamine.peak, 1.5) and met else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
