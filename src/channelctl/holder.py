"""Who holds a lock on the database, where the system tells."""

import datetime as dt
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from channelctl.i18n import _

# The bytes that SQLite locks: pending, reserved, and 510 for those who read.
_BYTES = range(0x40000000, 0x40000000 + 512)
_LONGEST = 80
# What else a command line holds is nobody's business.
_NOT_SHOWN = ("--db", "--policy", "--notify")


class Lock(NamedTuple):
    """A lock on one file: of which process, and whether to write."""

    process: int
    write: bool


def holder(where: Path, proc: Path = Path("/proc")) -> tuple[str, bool]:
    """Who keeps others from a database, and whether that one writes; "somebody else" where the system does not tell."""
    with suppress(OSError, ValueError):
        found = sorted(_locks(where, proc), key=lambda lock: not lock.write)
        for lock in found:
            if lock.process not in (0, os.getpid()):
                return _told(lock.process, proc), lock.write
        return _("somebody else"), not found or found[0].write
    return _("somebody else"), True


def _locks(where: Path, proc: Path) -> Iterator[Lock]:
    """The locks on a SQLite file: by its inode and SQLite's bytes, which no other program locks.

    The file is not asked: closing it would let go of the locks that this process has on it.
    """
    inode = where.stat().st_ino
    for line in (proc / "locks").read_text("ascii").splitlines():
        words = line.split()
        if len(words) != 8 or words[1] not in ("POSIX", "OFDLCK"):
            continue
        _number, _kind, _advisory, how, process, file, first, last = words
        if int(file.rpartition(":")[2]) == inode and int(first) in _BYTES and last != "EOF":
            yield Lock(int(process), how == "WRITE")


def _told(process: int, proc: Path) -> str:
    """A process as a person looks for it."""
    try:
        place = proc / str(process)
        return _("process {process} of {user}, since {since}: {command}").format(
            process=process, user=_user(place.stat().st_uid), since=_since(place), command=_command(place)
        )
    except (OSError, ValueError, IndexError):
        return _("process {process}").format(process=process)


def _user(number: int) -> str:
    import pwd

    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


def _since(place: Path) -> str:
    """When a process began, as a local time."""
    ticks = int((place / "stat").read_text().rpartition(")")[2].split()[19])
    boot = next(line for line in (place.parent / "stat").read_text().splitlines() if line.startswith("btime "))
    began = int(boot.split()[1]) + ticks / os.sysconf("SC_CLK_TCK")
    return dt.datetime.fromtimestamp(began, dt.UTC).astimezone().strftime("%Y-%m-%d %H:%M:%S")


def _command(place: Path) -> str:
    """The command of ours that it runs; of another program its name only."""
    words = os.fsdecode((place / "cmdline").read_bytes()).split("\0")
    for number, word in enumerate(words):
        if Path(word).name in ("channelctl", "channelctl.exe"):
            text = " ".join(["channelctl", *_shown(words[number + 1 :])])
            return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
    return (place / "comm").read_text("utf-8", "replace").strip()


def _shown(words: list[str]) -> Iterator[str]:
    left = iter(words)
    for word in left:
        if word in _NOT_SHOWN:
            next(left, None)
        elif word and not word.startswith(tuple(f"{name}=" for name in _NOT_SHOWN)):
            yield word
