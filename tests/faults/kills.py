"""Killed at any moment: what was there before or all of what was to come, and the next command works."""

import random
import shutil
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.faults import scenes, stage
from tests.faults.scenes import Scene
from tests.faults.stage import Done, Figures

_LATE = 1.1  # kills are spread over this share of the time that the command takes
_TRIES = 4  # one that ended before it could be killed is started anew
_WATCHED = 3  # each such run waits for a live journal first


class Ready(NamedTuple):
    """A scene with its folder, the states it may be left in (the last is the goal), and how long it takes."""

    scene: Scene
    folder: Path
    states: list[str]
    seconds: float
    writing: float


def run(runs: int, seed: int) -> Iterator[Figures]:
    """That many kills, as evenly over the scenes as may be."""
    with stage.folder() as place:
        prepared = [ready(scene, place / scene.name) for scene in scenes.every()]
        share, more = divmod(runs, len(prepared))
        for number, one in enumerate(prepared):
            if share + (number < more) > 0:
                yield _scene(one, place / "run", share + (number < more), random.Random(f"{seed} {one.scene.name}"))


def ready(scene: Scene, folder: Path) -> Ready:
    """Build a scene's folder, and run it through for its states and times."""
    folder.mkdir()
    stage.settle(folder)
    scene.build(folder)
    states = [stage.state(folder / "channel.db")]
    trial = folder.with_name("trial")
    seconds, writing = [], []
    for words in (*scene.parts, scene.words, scene.words):
        _copy(folder, trial)
        began = time.monotonic()
        process = stage.start(words, Path("said.txt"))
        live = _wait_for(lambda: _live(trial), process)
        first = time.monotonic()
        done = stage.ended(process, Path("said.txt"))
        assert done.code == scene.code, (scene.name, done)
        seconds.append(time.monotonic() - began)
        writing.append(time.monotonic() - first if live else 0.0)
        reached = stage.state(trial / "channel.db")
        if reached not in states:
            states.append(reached)
    assert len(states) == 2 + len(scene.parts), (scene.name, states)
    return Ready(scene, folder, states, min(seconds[-2:]), min(writing[-2:]))


def _copy(folder: Path, to: Path) -> None:
    if to.exists():
        shutil.rmtree(to)
    shutil.copytree(folder, to)
    stage.settle(to)


def _live(folder: Path) -> bool:
    """Whether a journal is being written: the database's, or that of a draft of it."""
    return any(file.stat().st_size for file in folder.iterdir() if file.name.endswith("-journal"))


def _wait_for(seen: Callable[[], bool], process: int) -> bool:
    """Wait until it is seen; False if the process ended first."""
    while not stage.is_over(process):
        try:
            if seen():
                return True
        except FileNotFoundError:
            continue
        stage.pause(0.0005)
    return False


def _scene(one: Ready, place: Path, runs: int, chance: random.Random) -> Figures:
    began = time.monotonic()
    counts = dict.fromkeys(("killed", "live journal", "old", "new"), 0)
    faults: list[str] = []
    for number in range(runs):
        done, after = _killed(one, place, number, runs, chance)
        counts["killed"] += done.code == -signal.SIGKILL
        counts["live journal"] += any(file.stat().st_size for file in place.glob("*-journal"))
        try:
            left = _judge(one, place, done)
        except (sqlite3.Error, ValueError) as error:
            left = str(error)
        if left in ("old", "new"):
            counts[left] += 1
            left = _again(one, place)
        if left:
            faults.append(f"{one.scene.name} run {number}, killed after {after * 1000:.0f} ms: {left}")
    return Figures(f"kill: {one.scene.name}", runs, counts, faults, time.monotonic() - began)


def _killed(one: Ready, place: Path, number: int, runs: int, chance: random.Random) -> tuple[Done, float]:
    """Kill it: some after their journal has appeared, the others at a moment of their own; if too late, try earlier."""
    watched = number % _WATCHED == 0 and one.writing > 0
    after = chance.uniform(0, one.writing) if watched else (number + chance.random()) / runs * one.seconds
    for _try in range(_TRIES):
        _copy(one.folder, place)
        began = time.monotonic()
        process = stage.start(one.scene.words, Path("said.txt"))
        if watched:
            _wait_for(lambda: _live(place), process)
        until = (time.monotonic() if watched else began) + after * _LATE
        while time.monotonic() < until and not stage.is_over(process):
            stage.pause(min(0.0005, max(0.0, until - time.monotonic())))
        stage.kill(process)
        took = time.monotonic() - began
        done = stage.ended(process, Path("said.txt"))
        if done.code == -signal.SIGKILL:
            break
        watched, after = False, took * chance.uniform(0.5, 0.95)
    return done, took


def _judge(one: Ready, place: Path, done: Done) -> str:
    """ "old" or "new"; anything else is a fault."""
    if done.code not in (-signal.SIGKILL, one.scene.code):
        return f"ended with {done}"
    database = place / "channel.db"
    wrong = stage.flaws(database) + stage.halves(place, _known(one))
    if wrong:
        return "; ".join(wrong)
    found = stage.state(database)
    if found not in one.states:
        return "a state that is neither the one before nor the one after"
    if done.code != -signal.SIGKILL and found != one.states[-1]:
        return "said to be done, and is not"
    return "new" if found == one.states[-1] else "old"


def _known(one: Ready) -> Sequence[str]:
    return [file.name for file in one.folder.iterdir() if file.name != "channel.db"]


def _again(one: Ready, place: Path) -> str:
    """Run it again; "" if that completes it."""
    done = stage.run(*one.scene.words)
    if done.code not in (one.scene.code, one.scene.done_before):
        return f"the next run: {done}"
    if stage.state(place / "channel.db") != one.states[-1]:
        return "the next run does not complete it"
    gone = one.scene.gone.encode()
    if gone and any(gone in file.read_bytes() for file in place.glob("channel.db*")):
        return f"{one.scene.gone} is still in the file"
    return "; ".join(stage.flaws(place / "channel.db"))
