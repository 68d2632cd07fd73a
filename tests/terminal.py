"""The program before a person: questions and answers on a terminal of its own, the result in a pipe."""

import os
import select
import subprocess
import time
from pathlib import Path
from typing import NamedTuple

from tests.processes import command, environment


class Talk(NamedTuple):
    """How a conversation ended: exit code, the result, and everything the terminal showed."""

    code: int
    out: str
    shown: str


def talk(words: list[str], answers: list[str], cwd: Path, **more: str) -> Talk:
    """Answer each question in turn; "^C" presses Ctrl-C, "^D" ends the input."""
    import fcntl
    import pty
    import termios

    ours, theirs = pty.openpty()

    def sit_down() -> None:
        os.setsid()
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    process = subprocess.Popen(
        command(*words),
        stdin=theirs,
        stderr=theirs,
        stdout=subprocess.PIPE,
        cwd=cwd,
        env=environment(TERM="dumb", **more),
        preexec_fn=sit_down,
    )
    os.close(theirs)
    shown, left, asked = b"", list(answers), 0
    end = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < end:
        if select.select([ours], [], [], 0.05)[0]:
            try:
                shown += os.read(ours, 65536)
            except OSError:
                break
        elif left and _asks(shown[asked:].decode("utf-8", "ignore")):
            asked = len(shown)
            key = left.pop(0)
            os.write(ours, {"^C": b"\x03", "^D": b"\x04"}.get(key, key.encode() + b"\n"))
    out = process.communicate(timeout=60)[0].decode()
    os.close(ours)
    return Talk(process.returncode, out, shown.decode("utf-8", "replace").replace("\r\n", "\n"))


def _asks(text: str) -> bool:
    """Whether the last line shown waits for an answer."""
    return text.rpartition("\n")[2].endswith(("] ", ") ", ": "))
