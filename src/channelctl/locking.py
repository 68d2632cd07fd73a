"""A lock on a file's name or a folder: of two runs that would write there, one goes first."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from channelctl.errors import BusyError, RefusedError
from channelctl.i18n import _, reason

_STEP = 0.05


@contextmanager
def locked(path: Path, wait: float) -> Iterator[None]:
    """Keep others from writing a file, or in a folder, until it is over; the lock goes with the process.

    It lies beside the file, or in the folder.

    Raises:
        BusyError: somebody else has held it for longer than `wait` seconds.
        RefusedError: nothing may be written there.
    """
    place = path / ".channelctl.lock" if path.is_dir() else path.with_name(f".{path.name}.lock")
    try:
        held = _taken(place, wait)
    except OSError as error:
        raise RefusedError(_("{file} cannot be written: {reason}").format(file=path, reason=reason(error))) from None
    if held is None:
        raise BusyError(
            _("{file} is being written by another channelctl").format(file=path),
            _("Try again, or wait longer: --wait SECONDS"),
        )
    try:
        yield
    finally:
        with suppress(OSError):
            place.unlink()
        held.close()


def _taken(place: Path, wait: float) -> IO[bytes] | None:
    """The lock's open file; None after so many seconds."""
    until = time.monotonic() + wait
    while True:
        held = place.open("ab")
        if _take(held) and _is_there(held, place):
            return held
        held.close()
        if time.monotonic() >= until:
            return None
        time.sleep(_STEP)


def _is_there(held: IO[bytes], place: Path) -> bool:
    """Whether the file is still the one under its name: who held it before took it away."""
    try:
        found = place.stat()
    except OSError:
        return False
    own = os.fstat(held.fileno())
    return (own.st_dev, own.st_ino) == (found.st_dev, found.st_ino)


if sys.platform == "win32":
    import msvcrt

    def _take(held: IO[bytes]) -> bool:
        """Take the lock, if nobody has it."""
        try:
            msvcrt.locking(held.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _take(held: IO[bytes]) -> bool:
        """Take the lock, if nobody has it."""
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
