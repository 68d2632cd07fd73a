"""Whole processes, timed in turn so that a machine's drift falls on both sides alike."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

PYTHON = sys.executable
SOURCE = Path(__file__).parents[1] / "src"


class Cost(NamedTuple):
    """Medians of a command: wall seconds, processor seconds, peak memory in MiB."""

    wall: float
    cpu: float
    peak: float


def environment(**more: str) -> dict[str, str]:
    """The environment of a measured process: compiled code is used, as in an installed program."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPATH": str(SOURCE), "CHANNELCTL_TODAY": "2025-01-02", **more}


def once(words: Sequence[str], env: Mapping[str, str]) -> Cost:
    """Run a command with its output thrown away."""
    start = time.perf_counter()
    process = subprocess.Popen(words, env=dict(env), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert process.stderr is not None
    said = process.stderr.read()
    _pid, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(words)} failed: {said.decode(errors='replace')}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def side_by_side(
    commands: Mapping[str, Sequence[str]], runs: int, env: Mapping[str, str], before: Callable[[], None] | None = None
) -> dict[str, Cost]:
    """Each command's medians over `runs` rounds after one that does not count."""
    found: dict[str, list[Cost]] = {name: [] for name in commands}
    for round_ in range(runs + 1):
        for name, words in commands.items():
            if before is not None:
                before()
            cost = once(words, env)
            if round_:
                found[name].append(cost)
    return {
        name: Cost(*(statistics.median(values) for values in zip(*costs, strict=True))) for name, costs in found.items()
    }


def show(costs: Mapping[str, Cost]) -> None:
    """The medians, a line each."""
    for name, cost in costs.items():
        print(f"  {name:<44} {cost.wall:8.3f} s   {cost.cpu:8.3f} s cpu   {cost.peak:7.0f} MiB")


def ratio(what: str, measured: float, floor: float, most: float) -> bool:
    """One ratio against its limit."""
    met = measured / floor <= most
    print(f"  {what:<60} {measured / floor:6.2f} x   (limit {most:g})   {'met' if met else 'MISSED'}")
    return met
