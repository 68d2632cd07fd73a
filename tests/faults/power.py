"""The power cut at every system call: what the disk may hold then, made from the log of what one command wrote.

Until it is synced, a write may have reached the disk, or not, or some of its sectors; so may a new length. A new name
may be there once the folder is synced, before that perhaps. What the command says is done has to be there ever after.
"""

import random
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from unittest import mock

from tests import processes
from tests.faults import scenes, stage
from tests.faults.scenes import Scene
from tests.faults.stage import Figures

_SECTOR = 512
# So many disks at each call are the full run; with fewer, so many calls are looked at.
_FULL = 10
_POINTS = 8
_CALLS = "openat,write,pwrite64,ftruncate,fsync,fdatasync,unlink,unlinkat,rename,renameat,renameat2,link,linkat"
_LINE = re.compile(r"(?P<name>\w+)\((?P<rest>.*)\) += (?P<result>-?\d+)")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_FILE = re.compile(r"^\d+<((?:\\x[0-9a-f]{2})*)>")
NAMES = (
    "import beside others",
    "import overlapping",
    "import into nothing",
    "undo",
    "upgrade",
    "set",
    "restore",
    "erase",
)


class Call(NamedTuple):
    """What a system call did to a folder: write, size, sync, make, link, drop, settle (the folder's names)."""

    what: str
    name: str
    at: int = 0
    data: bytes = b""
    other: str = ""


@dataclass
class File:
    """A file's bytes that are safe, and what was done to it since."""

    safe: bytes
    since: list[Call] = field(default_factory=list)


@dataclass
class Disk:
    """Files by the names they go by now, the names that are safe, and what was done to names since."""

    files: dict[str, File]
    safe: dict[str, File]
    since: list[Call] = field(default_factory=list)

    def do(self, call: Call) -> None:
        """Take a call in."""
        if call.what in ("write", "size"):
            self.files[call.name].since.append(call)
        elif call.what == "sync":
            file = self.files[call.name]
            file.safe, file.since = _with(file.safe, file.since), []
        elif call.what == "settle":
            self.safe, self.since = dict(self.files), []
        else:
            if call.what == "make":
                self.files[call.name] = File(b"")
            elif call.what == "drop":
                self.files.pop(call.name)
            else:
                self.files[call.other] = self.files[call.name]
            self.since.append(call._replace(data=b""))

    def cut(self, to: Path, chance: random.Random, share: float) -> None:
        """Write into a folder what may be left: of all that is not safe that share, chosen anew each time."""
        names = dict(self.safe)
        for call in self.since:
            if chance.random() < share:
                if call.what == "drop":
                    names.pop(call.name, None)
                elif (call.other or call.name) in self.files:
                    names[call.other or call.name] = self.files[call.other or call.name]
        for name, file in names.items():
            kept = [_torn(call, chance) for call in file.since if chance.random() < share]
            (to / name).write_bytes(_with(file.safe, kept))


def _with(data: bytes, calls: list[Call]) -> bytes:
    held = bytearray(data)
    for call in calls:
        if call.what == "size":
            del held[call.at :]
            held += bytes(call.at - len(held))
        else:
            held += bytes(max(0, call.at - len(held)))
            held[call.at : call.at + len(call.data)] = call.data
    return bytes(held)


def _torn(call: Call, chance: random.Random) -> Call:
    """One write in four reaches the disk in part: its first sectors."""
    if call.what == "size" or len(call.data) <= _SECTOR or chance.random() < 0.75:
        return call
    return call._replace(data=call.data[: chance.randrange(1, len(call.data) // _SECTOR + 1) * _SECTOR])


def run(runs: int, seed: int) -> Iterator[Figures]:
    """So many disks at each system call of each command."""
    if not sys.platform.startswith("linux") or shutil.which("strace") is None:
        return
    with mock.patch.object(scenes, "ROWS", 300):
        chosen = NAMES if runs >= _FULL else NAMES[::2]
        for scene in scenes.every():
            if scene.name in chosen:
                yield _replayed(scene, runs, random.Random(f"{seed} {scene.name}"))


def _replayed(scene: Scene, runs: int, chance: random.Random) -> Figures:
    began = time.monotonic()
    with stage.folder() as place:
        built, ran, cut = place / "built", place / "ran", place / "cut"
        built.mkdir()
        stage.settle(built)
        scene.build(built)
        states = [stage.state(built / "channel.db")]
        shutil.copytree(built, ran)
        calls = list(_traced(scene, ran, place / "calls.txt"))
        states.append(stage.state(ran / "channel.db"))
        disk = Disk({}, {})
        for file in built.iterdir():
            disk.files[file.name] = File(file.read_bytes())
        disk.do(Call("settle", ""))
        counts = {"calls": len(calls), "old": 0, "new": 0}
        faults: list[str] = []
        apart = 1 if runs >= _FULL else max(1, len(calls) // _POINTS)
        for number, call in enumerate([None, *calls]):
            if call is not None:
                disk.do(call)
            for turn in range(runs if number % apart == 0 or number == len(calls) else 0):
                left = _state_of(disk, cut, chance, turn / max(runs - 1, 1), states)
                if number == len(calls) and left == "old":
                    left = "said to be done, and lost"
                if left in counts:
                    counts[left] += 1
                else:
                    faults.append(f"{scene.name} after call {number} of {len(calls)} ({call and call[:3]}): {left}")
        tried = counts["old"] + counts["new"] + len(faults)
        return Figures(f"power: {scene.name}", tried, counts, faults, time.monotonic() - began)


def _state_of(disk: Disk, cut: Path, chance: random.Random, share: float, states: list[str]) -> str:
    """The state of a disk after a cut: "old", "new", or what is wrong with it."""
    if cut.exists():
        shutil.rmtree(cut)
    cut.mkdir()
    disk.cut(cut, chance, share)
    stage.settle(cut)
    try:
        wrong = stage.flaws(cut / "channel.db")
        found = stage.state(cut / "channel.db")
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    if wrong:
        return "; ".join(wrong)
    return ("old", "new")[states.index(found)] if found in states else "neither the state before nor the one after"


def _traced(scene: Scene, folder: Path, log: Path) -> Iterator[Call]:
    """What a command does to the files of its folder."""
    env = processes.environment(CHANNELCTL_DB=str(folder / "channel.db"), XDG_DATA_HOME=str(folder / "data"))
    made = {file.name for file in folder.iterdir()}
    tracer = ["strace", "-o", str(log), "-y", "-xx", "-s", "10000000", "-e", f"trace={_CALLS}"]
    done = subprocess.run([*tracer, *processes.command(*scene.words)], env=env, cwd=folder, capture_output=True)
    assert done.returncode == scene.code, done
    for line in log.open(encoding="ascii"):
        found = _LINE.match(line)
        if found and not found["result"].startswith("-"):
            yield from _calls(found["name"], found["rest"], folder, made)


def _calls(name: str, rest: str, folder: Path, made: set[str]) -> Iterator[Call]:
    """A line of the log, if it is of the folder."""
    texts = [bytes.fromhex(text.replace("\\x", "")) for text in _TEXT.findall(rest)]
    held = _FILE.match(rest)
    if name in ("write", "pwrite64", "ftruncate", "fsync", "fdatasync"):
        path = Path(bytes.fromhex(held[1].replace("\\x", "")).decode()) if held else Path()
        if path == folder:
            yield Call("settle", "")
        elif path.parent == folder:
            numbers = [int(number) for number in re.findall(r", (\d+)", rest)]
            if name == "pwrite64":
                yield Call("write", path.name, numbers[-1], texts[0])
            elif name == "ftruncate":
                yield Call("size", path.name, numbers[-1])
            else:
                assert name != "write", f"a write without a place: {path}"
                yield Call("sync", path.name)
        return
    paths = [folder / text.decode() for text in texts]
    if not paths or paths[0].parent != folder:
        return
    if name == "openat":
        if "O_CREAT" in rest and paths[0].name not in made:
            made.add(paths[0].name)
            yield Call("make", paths[0].name)
        return
    yield Call("drop" if name.startswith("unlink") else "link", paths[0].name, other=paths[1].name if paths[1:] else "")
    if name.startswith("rename"):
        yield Call("drop", paths[0].name)
