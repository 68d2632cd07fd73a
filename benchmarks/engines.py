"""`tier` and `score` on the database, and on DuckDB and Spark over its exported facts: seconds, and the same bytes.

Spark runs as a cluster of two workers on this machine, unless CHANNELCTL_SPARK_MASTER names another. Databases are made
from 10,000 lines on, tenfold; or one that is there is taken, by its path.

python -m benchmarks.engines [LARGEST|DATABASE] [ROUNDS]
"""

import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import closing
from importlib import util
from pathlib import Path

from benchmarks import made
from benchmarks.measure import PYTHON, Cost, environment, once, side_by_side

_COMMANDS = {"tier": ("tier",), "score": ("score", "--month", "2024-12")}
_MASTER = "local-cluster[2,1,1024]"
_LEAST = 10_000


def main(words: list[str]) -> int:
    """Print the table; 1 where an engine gives other bytes than the database."""
    asked, rounds = words[0] if words else "1000000", int(words[1]) if len(words) > 1 else 3
    print(f"{'':8}" + "".join(f"{head:>12}" for head in ("lines", "engine", "wall, s", "cpu, s", "peak, MiB", "ratio")))
    same = True
    with tempfile.TemporaryDirectory() as folder:
        if not asked.isdecimal():
            return 0 if _compared(Path(asked), Path(folder) / "lake", rounds) else 1
        lines = _LEAST
        while lines <= int(asked):
            database = Path(folder) / "channel.db"
            once((PYTHON, "-m", "channelctl", "init"), environment(CHANNELCTL_DB=str(database)))
            made.fill(database, made.Size(lines))
            same = _compared(database, Path(folder) / "lake", rounds) and same
            database.unlink()
            lines *= 10
    return 0 if same else 1


def _compared(database: Path, lake: Path, rounds: int) -> bool:
    env = environment(CHANNELCTL_DB=str(database))
    env.setdefault("CHANNELCTL_SPARK_MASTER", _MASTER)
    with closing(sqlite3.connect(database)) as connection:
        lines = connection.execute("SELECT count(*) FROM sale_line").fetchone()[0]
    exported = once((PYTHON, "-m", "channelctl", "export", "facts", "--output", str(lake)), env)
    _show("export", lines, "parquet", exported, exported)
    same = True
    for name, words in _COMMANDS.items():
        own = (PYTHON, "-m", "channelctl", *words)
        over = {engine: (*own, "--engine", engine, "--facts", str(lake)) for engine in _engines()}
        commands = {"database": own, **over}
        for engine, cost in _costs(commands, rounds, env).items():
            _show(name, lines, engine, cost[0], cost[1])
        same = _same(name, commands, env) and same
    return same


def _costs(
    commands: Mapping[str, tuple[str, ...]], rounds: int, env: Mapping[str, str]
) -> dict[str, tuple[Cost, Cost]]:
    costs = side_by_side(commands, rounds, env)
    return {engine: (cost, costs["database"]) for engine, cost in costs.items()}


def _same(name: str, commands: Mapping[str, tuple[str, ...]], env: Mapping[str, str]) -> bool:
    """Whether all engines give the bytes that the database gives."""
    said = {
        engine: subprocess.run((*words, "--format", "json"), env=dict(env), capture_output=True, check=True).stdout
        for engine, words in commands.items()
    }
    other = [engine for engine, found in said.items() if found != said["database"]]
    print(
        f"{name:8}{len(said['database']):>12,} bytes of JSON, "
        + (f"OTHERS: {', '.join(other)}" if other else "all the same")
    )
    return not other


def _engines() -> list[str]:
    """The engines that are installed here."""
    there = {"duckdb": util.find_spec("duckdb"), "spark": util.find_spec("pyspark") and shutil.which("java")}
    return [engine for engine, found in there.items() if found]


def _show(name: str, lines: int, engine: str, cost: Cost, own: Cost) -> None:
    figures = (f"{cost.wall:.2f}", f"{cost.cpu:.2f}", f"{cost.peak:.0f}", f"{cost.wall / own.wall:.2f}")
    print(f"{name:8}{lines:>12,}{engine:>12}" + "".join(f"{figure:>12}" for figure in figures), flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
