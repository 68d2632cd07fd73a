"""How the cost of importing grows from 10,000 lines on, tenfold; from a million lines on as CSV files of a million.

python -m benchmarks.growth [LARGEST]
"""

import csv
import sys
import tempfile
from pathlib import Path

from benchmarks import region
from benchmarks.measure import PYTHON, Cost, environment, once

_FILE = 1_000_000
_DAY = 1_000
_TENTH = 0.1
_FLAT = 1.25


def main(largest: int) -> int:
    """Print the table; 1 where a known file takes more than a tenth of its import, or more files more memory."""
    heads = ("lines", "import, s", "a line, us", "peak, MiB", "again, s", "part", "a day, s", "tier, s", "size, MiB")
    print("".join(f"{head:>12}" for head in heads))
    met, lines, million = True, 10_000, 0.0
    while lines <= largest:
        with tempfile.TemporaryDirectory() as folder:
            cost, share, day, tier, size = _row(Path(folder), lines)
        figures = (cost.wall, cost.wall / lines * 1e6, cost.peak, share * cost.wall, share, day.wall, tier.wall, size)
        print(f"{lines:>12,}" + "".join(f"{figure:>12.3f}" for figure in figures), flush=True)
        if lines == _FILE:
            million = cost.peak
        # A small file takes little longer than the program takes to start.
        met &= share <= _TENTH or lines < _FILE
        met &= lines <= _FILE or not million or cost.peak <= million * _FLAT
        lines *= 10
    return 0 if met else 1


def _row(folder: Path, lines: int) -> tuple[Cost, float, Cost, Cost, float]:
    """Import, the share of it that the same files take again, one more day into it, `tier`, MiB of the database."""
    database = folder / "channel.db"
    env = environment(CHANNELCTL_DB=str(database))
    if lines < _FILE:
        files = [folder / "sales.xlsx"]
        region.workbook(files[0], lines)
    else:
        files = region.texts(folder, lines, _FILE)
    day = folder / "day.csv"
    with day.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow(region.HEADINGS)
        out.writerows((f"NEW{row[0]}", *row[1:]) for row in region.rows(_DAY))
    words = (PYTHON, "-m", "channelctl", "import", *map(str, files))
    first, again = once(words, env), once(words, env)
    size = database.stat().st_size / 2**20
    more = once((PYTHON, "-m", "channelctl", "import", str(day)), env)
    tier = once((PYTHON, "-m", "channelctl", "tier", "--all-time"), env)
    return first, again.wall / first.wall, more, tier, size


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000))
