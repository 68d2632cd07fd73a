"""The program as a process of its own, in an environment that holds nothing but what a test says."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import channelctl

SOURCE = Path(channelctl.__file__).parents[1]


def environment(**more: str) -> dict[str, str]:
    """The variables of a bare machine, and `more`; "" takes one away."""
    bare = {
        "PATH": os.environ.get("PATH", ""),
        "PYTHONPATH": str(SOURCE),
        "PYTHONDONTWRITEBYTECODE": "1",
        "LANG": "C.UTF-8",
        "CHANNELCTL_TODAY": "2024-06-03",
        "CHANNELCTL_USER": "tester",
    }
    # Windows finds neither its sockets nor its temporary folder without these.
    bare |= {name: os.environ[name] for name in ("SYSTEMROOT", "TEMP", "TMP") if name in os.environ}
    return {name: value for name, value in (bare | more).items() if value}


def command(*words: object, flags: tuple[str, ...] = ()) -> list[str]:
    """The words of a command line of ours."""
    return [sys.executable, *flags, "-m", "channelctl", *map(str, words)]


def start(*words: object, env: dict[str, str] | None = None, **more: Any) -> "subprocess.Popen[bytes]":
    """The program, running."""
    streams: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command(*words), env=env or environment(), **(streams | more))


def finish(process: "subprocess.Popen[bytes]") -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a process that ends by itself; no traceback stands in them."""
    out, err = process.communicate(timeout=60)
    assert b"Traceback" not in (err or b""), err.decode()
    assert b"Exception ignored" not in (err or b""), err.decode()
    return process.returncode, (out or b"").decode(), (err or b"").decode()


def run(*words: object, env: dict[str, str] | None = None, **more: Any) -> tuple[int, str, str]:
    """The program from its start to its end."""
    return finish(start(*words, env=env, **more))
