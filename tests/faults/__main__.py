"""`python -m tests.faults [NAME...] [--full] [--seed N]`: every fault, and a table of what came of it."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator

from tests.faults import disk, kills, memory, power, scenes, stage, together
from tests.faults.stage import Figures

# Runs in full, and how to run them.
FAULTS: dict[str, tuple[int, Callable[[int, int], Iterator[Figures]]]] = {
    "kills": (500, kills.run),
    "disk": (50, disk.run),
    "together": (20, together.run),
    "memory": (80, memory.run),
    "power": (10, power.run),
}


def main() -> int:
    """Run what was asked for; 1 if anything was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(FAULTS)}; default: all")
    parser.add_argument("--full", action="store_true", help="all runs instead of a tenth")
    parser.add_argument("--runs", type=int, help="that many runs")
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--json", action="store_true", help="figures as JSON")
    asked = parser.parse_args()
    if set(asked.names) - set(FAULTS):
        parser.error(f"there are {', '.join(FAULTS)}")
    warm()
    if not asked.full:
        scenes.ROWS = 300
    every: list[Figures] = []
    for name in asked.names or FAULTS:
        full, work = FAULTS[name]
        for one in work(asked.runs or (full if asked.full else max(full // 10, 1)), asked.seed):
            every.append(one)
            if not asked.json:
                show(one)
    if asked.json:
        print(json.dumps([one._asdict() for one in every], ensure_ascii=False))
    elif len(every) > 1:
        faults = [fault for one in every for fault in one.faults]
        show(Figures("together", sum(one.runs for one in every), {}, faults, sum(one.seconds for one in every)))
    return int(any(one.faults for one in every))


def show(one: Figures) -> None:
    """A line of figures, and what was wrong below it."""
    seen = ", ".join(f"{name} {count}" for name, count in one.counts.items())
    print(f"{one.name:<34} {one.runs:>5} runs {one.seconds:>7.1f} s  {len(one.faults)} faults  {seen}", flush=True)
    for fault in one.faults[:10]:
        print(f"    {fault}")


def warm() -> None:
    """Load everything that commands load, so that each child begins at once."""
    with stage.folder() as place:
        stage.settle(place)
        stage.sales(place / "a.csv", range(50), 0)
        for words in (["import", "a.csv"], ["tier", "--all-time"], ["export", "sales", "--output", "x.xlsx"]):
            done = in_process(words)
            assert done == 0, words
        assert in_process(["status"]) == 0


def in_process(words: list[str]) -> int:
    """A command in this process, unheard."""
    import contextlib
    import io

    from channelctl import cli

    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        return cli.run(words)


if __name__ == "__main__":
    sys.exit(main())
