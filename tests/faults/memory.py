"""Short of memory: an import with every limit from almost nothing to enough; never a traceback, never a part of it."""

import random
import re
import resource
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path

from tests import processes
from tests.faults import scenes, stage
from tests.faults.scenes import Scene
from tests.faults.stage import Done, Figures

_START_SECONDS = 10
_MIB = 1 << 20
_COLD = 100 * _MIB
_WARM = 16 * _MIB
_FULL = 80
_READER = re.compile("memory allocation of|panicked at")


def run(runs: int, seed: int) -> Iterator[Figures]:
    """That many limits, half of them met at work in a warm process, half from the start of one."""
    # Short of memory, the workbook reader may end or hang by itself: a few runs would not always tell the same.
    sheets = ("new.csv", "new.xlsx") if runs >= _FULL else ("new.csv",)
    for sheet in sheets:
        scene = Scene(f"import of {sheet}", ["import", sheet], scenes.with_workbook)
        share = runs // len(sheets) // 2
        yield _swept(scene, share, random.Random(f"{seed} warm {sheet}"), warm=True)
        yield _swept(scene, share, random.Random(f"{seed} cold {sheet}"), warm=False)


def _swept(scene: Scene, runs: int, chance: random.Random, warm: bool) -> Figures:
    began = time.monotonic()
    counts = dict.fromkeys(("old", "new", "aborted"), 0)
    faults: list[str] = []
    with stage.folder() as place:
        built, tried = place / "built", place / "tried"
        built.mkdir()
        stage.settle(built)
        scene.build(built)
        states = [stage.state(built / "channel.db")]
        for number in range(-1, runs):
            if tried.exists():
                shutil.rmtree(tried)
            shutil.copytree(built, tried)
            stage.settle(tried)
            share = (number + chance.random()) / runs
            done = stage.run(*scene.words) if number < 0 else (_warm if warm else _cold)(scene, share)
            if number < 0:
                states.append(stage.state(tried / "channel.db"))
            left = _judge(tried, states, done)
            if left in counts:
                counts[left] += number >= 0
            else:
                faults.append(f"{scene.name} at {share:.2f}: {left}")
    return Figures(
        f"memory: {scene.name}, {'warm' if warm else 'cold'}", runs, counts, faults, time.monotonic() - began
    )


def _warm(scene: Scene, share: float) -> Done:
    """In a process that has loaded everything: a little more than it holds."""

    def narrow() -> None:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        limit = pages * resource.getpagesize() + int(share * _WARM)
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))

    return stage.run(*scene.words, prepare=narrow)


def _cold(scene: Scene, share: float) -> Done:
    """From the start of a process: a little more than it needs to say its version."""
    limit = _least() + int(share * _COLD)
    process = processes.start(
        *scene.words,
        env=processes.environment(
            CHANNELCTL_DB=str(Path("channel.db").absolute()), PYTHONFAULTHANDLER="1", PYTHONDONTWRITEBYTECODE=""
        ),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
    )
    try:
        out, err = process.communicate(timeout=stage.PATIENCE)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGABRT)
        out, err = process.communicate()
        return Done(-signal.SIGTERM, (out + err).decode("utf-8", "replace"))
    return Done(process.returncode, (out + err).decode("utf-8", "replace"))


@cache
def _least() -> int:
    """The least memory in which the program starts at all."""
    low, high = _MIB, 512 * _MIB
    while high - low > _MIB // 4:
        middle = (low + high) // 2
        process = processes.start(
            "--version", preexec_fn=partial(resource.setrlimit, resource.RLIMIT_AS, (middle, middle))
        )
        try:
            process.communicate(timeout=_START_SECONDS)
        except subprocess.TimeoutExpired:
            # So little that the interpreter goes round and round in search of more.
            process.kill()
            process.communicate()
        low, high = (low, middle) if process.returncode == 0 else (middle, high)
    return high


def _judge(folder: Path, states: list[str], done: Done) -> str:
    """ "old", "new" or "aborted" (by the workbook reader, which cannot be caught); anything else is a fault."""
    try:
        wrong = stage.flaws(folder / "channel.db") + stage.halves(folder)
        found = stage.state(folder / "channel.db")
    except sqlite3.Error as error:
        return f"{error} after {done}"
    if wrong:
        return "; ".join(wrong)
    if found not in states:
        return f"a state that is neither the one before nor the one after; {done}"
    if found == states[1]:
        return "new" if done.code == 0 else f"stored, but {done}"
    if done.code == 3 and "Traceback" not in done.said:
        return "old"
    if done.code in (-signal.SIGABRT, -signal.SIGTERM) and _READER.search(done.said):
        return "aborted"
    return f"{done}"
