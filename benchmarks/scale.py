"""How import, `tier`, `score` and `credit ageing` grow from 10,000 lines on, tenfold, in a file and on a server.

The reports run over the made region of `made.py`, which `db copy` brings to the server; the import is of sheets. Both
sides give the same bytes, or it ends.

python -m benchmarks.scale postgresql://… [LARGEST] [ROUNDS]
"""

import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from benchmarks import made, region
from benchmarks.measure import PYTHON, Cost, environment, once, side_by_side

_FILE = 1_000_000
_REPORTS = {
    "tier": ("tier", "--format", "csv"),
    "score": ("score", "--month", "2024-12", "--format", "csv"),
    "ageing": ("credit", "ageing", "--as-of", "2024-12-31", "--format", "csv"),
}


def main(server: str, largest: int, rounds: int) -> int:
    """Print the table."""
    sides = ("file, s", "server, s", "ratio", "file, growth", "server, growth", "file, MiB", "server, MiB")
    heads = ("lines", "what", *sides)
    print("".join(f"{head:>15}" for head in heads), flush=True)
    lines, before = 10_000, dict[str, tuple[Cost, Cost]]()
    while lines <= largest:
        with tempfile.TemporaryDirectory() as folder:
            for name, found in _measured(Path(folder), f"{server}/scale_{lines}", lines, rounds).items():
                growth = [one.wall / other.wall for one, other in zip(found, before.get(name, found), strict=True)]
                before[name] = found
                ratio = found[1].wall / found[0].wall
                figures = (found[0].wall, found[1].wall, ratio, *growth, found[0].peak, found[1].peak)
                print(f"{lines:>15,}{name:>15}" + "".join(f"{figure:>15.2f}" for figure in figures), flush=True)
        lines *= 10
    return 0


def _measured(folder: Path, server: str, lines: int, rounds: int) -> dict[str, tuple[Cost, Cost]]:
    env = environment()
    # What is open is that of the sale documents.
    policy = folder / "policy.toml"
    policy.write_text("[credit]\nsale_documents = true\n", "utf-8")
    found = {"import": _import(folder, server, lines)}
    file = folder / "made.db"
    _run(env, "--db", str(file), "init")
    made.fill(file, made.Size(lines))
    words = ("db", "copy", str(file), f"{server}_made")
    found["db copy"] = (once(_command(*words), env),) * 2
    sides = (str(file), f"{server}_made")
    for name, report in _REPORTS.items():
        if name == "ageing":
            env = environment(CHANNELCTL_POLICY=str(policy))
        if _run(env, "--db", sides[0], *report) != _run(env, "--db", sides[1], *report):
            raise SystemExit(f"{name} of {lines:,} lines is not the same on both")
        costs = side_by_side({side: _command("--db", side, *report) for side in sides}, rounds, env)
        found[name] = (costs[sides[0]], costs[sides[1]])
    return found


def _import(folder: Path, server: str, lines: int) -> tuple[Cost, Cost]:
    """Sheets of a million lines at most, once into a file and once onto the server."""
    if lines < _FILE:
        files = [folder / "sales.xlsx"]
        region.workbook(files[0], lines)
    else:
        files = region.texts(folder, lines, _FILE)
    env = environment()
    sides = (str(folder / "imported.db"), f"{server}_imported")
    first, second = (once(_command("--db", side, "import", *map(str, files)), env) for side in sides)
    for file in files:
        file.unlink()
    return first, second


def _command(*words: str) -> tuple[str, ...]:
    return PYTHON, "-m", "channelctl", *words


def _run(env: Mapping[str, str], *words: str) -> bytes:
    return subprocess.run(_command(*words), env=dict(env), check=True, capture_output=True).stdout


if __name__ == "__main__":
    sys.exit(
        main(
            sys.argv[1],
            int(sys.argv[2]) if len(sys.argv) > 2 else 10_000_000,
            int(sys.argv[3]) if len(sys.argv) > 3 else 3,
        )
    )
