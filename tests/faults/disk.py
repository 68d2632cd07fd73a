"""No room: small file systems, limits on the size of a file. The old state or the new one, and a clear text."""

import random
import resource
import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults import scenes, stage
from tests.faults.scenes import Scene
from tests.faults.stage import Figures

_STEP = 4096
_NOT_HERE = ("import of two files",)  # its first file may be in and its second not: that is not one transaction
_WORDS = ("full", "cannot be written", "cannot create", "cannot write", "could not be written")


def run(runs: int, seed: int) -> Iterator[Figures]:
    """That many limits on the size of a file, and as many small file systems where they can be mounted."""
    with stage.folder() as place:
        every = [scene for scene in (*scenes.every(), *scenes.writers()) if scene.name not in _NOT_HERE]
        for small in (False, True) if _mounts() else (False,):
            for number, scene in enumerate(every):
                share = runs // len(every) + (number < runs % len(every))
                if share:
                    yield _swept(scene, place, share, random.Random(f"{seed} {scene.name}"), small)


def _swept(scene: Scene, place: Path, runs: int, chance: random.Random, small: bool) -> Figures:
    """From one step to twice what it needs."""
    began = time.monotonic()
    built = place / "built"
    _fresh(built)
    scene.build(built)
    states = [stage.state(built / "channel.db")]
    tried = place / "tried"
    _copied(built, tried)
    done = stage.run(*scene.words)
    assert done.code == scene.code, (scene.name, done)
    states.append(stage.state(tried / "channel.db"))
    need = _need(scene, built, tried, states, small)
    counts = dict.fromkeys(("old", "new"), 0)
    faults: list[str] = []
    for number in range(runs):
        limit = _STEP + int((number + chance.random()) / runs * 2 * need)
        with _room(small, built, tried, limit) as (folder, prepare):
            done = stage.run(*scene.words, prepare=prepare, log=place / "said.txt")
            left = _judge(scene, folder, states, done)
            if left in ("old", "new"):
                counts[left] += 1
                left = ""
        if left:
            faults.append(f"{scene.name}, {limit} bytes: {left}")
    kind = "file system" if small else "file size"
    return Figures(f"{kind}: {scene.name}", runs, counts, faults, time.monotonic() - began)


def _need(scene: Scene, built: Path, tried: Path, states: list[str], small: bool) -> int:
    """The size of the largest file that it writes; all that it writes, where the file system is the limit."""
    if states[0] == states[1]:
        return (tried / scene.makes).stat().st_size
    largest = max(file.stat().st_size for file in tried.iterdir())
    return max(_size(tried) - _size(built), largest) if small else largest


def _fresh(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir()
    stage.settle(folder)


def _copied(built: Path, to: Path) -> None:
    _fresh(to)
    shutil.copytree(built, to, dirs_exist_ok=True)


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


@contextmanager
def _room(small: bool, built: Path, tried: Path, limit: int) -> Iterator[tuple[Path, stage.Prepare | None]]:
    """A copy of the folder with room for so many bytes more, or with so large files at most."""
    if not small:
        _copied(built, tried)
        yield tried, lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        return
    with _mounted(_size(built) + 2 * _STEP + limit) as mount:
        folder = mount / "folder"
        _copied(built, folder)
        yield folder, None
        stage.settle(built)


@contextmanager
def _mounted(size: int) -> Iterator[Path]:
    place = Path(tempfile.mkdtemp(prefix="channelctl-small-"))
    try:
        subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)], check=True, capture_output=True
        )
        try:
            yield place
        finally:
            subprocess.run(["umount", str(place)], check=True)
    finally:
        place.rmdir()


def _mounts() -> bool:
    """Whether this user may mount."""
    try:
        with _mounted(1 << 20):
            return True
    except (OSError, subprocess.CalledProcessError):
        return False


def _judge(scene: Scene, folder: Path, states: list[str], done: stage.Done) -> str:
    """ "old" or "new"; anything else is a fault."""
    if done.code not in (scene.code, 3) or "Traceback" in done.said:
        return f"ended with {done}"
    if done.code == 3 and not any(word in done.said for word in _WORDS):
        return f"unclear: {done}"
    litter = [file.name for file in folder.iterdir() if file.name.startswith(".")]
    if litter:
        return f"left {litter}"
    database = folder / "channel.db"
    try:
        wrong = stage.flaws(database) + stage.halves(folder)
        found = stage.state(database)
    except sqlite3.Error as error:
        return str(error)
    if wrong:
        return "; ".join(wrong)
    if scene.gone and "the values are blank now" in done.said and found == states[1]:
        return "new"
    if found != states[1 if done.code == scene.code else 0]:
        return f"ended with {done}, and the state is not so"
    if (
        scene.makes
        and done.code == scene.code
        and not (folder / scene.makes).is_file()
        and "could not" not in done.said
    ):
        return f"{scene.makes} is not there"
    if scene.makes and done.code == 3 and (folder / scene.makes).exists():
        return f"{scene.makes} is there"
    return "new" if done.code == scene.code else "old"
