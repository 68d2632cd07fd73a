"""Files under passing names, which take their own name once they are whole."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from channelctl import sqlite

_A_DAY = 86_400


def new(folder: Path) -> Path:
    """An empty file of our own, mode 0600, under a name that nobody else has."""
    handle, name = tempfile.mkstemp(prefix=".channelctl-", suffix=".new", dir=folder)
    now = os.fstat(handle).st_mtime
    os.close(handle)
    _sweep(folder, now)
    return Path(name)


def _sweep(folder: Path, now: float) -> None:
    """Remove drafts that killed processes left: no command works on one for a day."""
    for left in folder.glob(".channelctl-*.new*"):
        with suppress(OSError):
            if now - left.stat().st_mtime > _A_DAY:
                left.unlink()


def forget(draft: Path) -> None:
    """Remove a file of ours and its journal."""
    for file in (draft, draft.with_name(f"{draft.name}-journal")):
        with suppress(OSError):
            file.unlink(missing_ok=True)


def named(draft: Path, target: Path) -> Path:
    """Give a finished file its name or, where that is taken, the next free one; returns it."""
    name, count = target, 1
    while not into_place(draft, name):
        count += 1
        name = target.with_name(f"{target.name}-{count}")
    return name


def into_place(draft: Path, target: Path) -> bool:
    """Give a finished file its name, never another's; False where that is taken."""
    try:
        if os.name == "nt":
            draft.rename(target)
        else:
            os.link(draft, target)
    except FileExistsError:
        return False
    except OSError:
        # No hard links here: two at once may both find the name free, and the later one keeps it.
        if sqlite.is_there(target):
            return False
        draft.rename(target)
    settle(target.parent)
    return True


def settle(folder: Path) -> None:
    """Make a new name in the folder survive a power cut, where folders can be synced."""
    if os.name == "nt":
        return
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def plain(name: str) -> str:
    """A name as part of a file's, with nothing in it that leads out of its folder."""
    return "".join(sign if sign.isalnum() or sign in "-_" else "_" for sign in name) or "channel"
