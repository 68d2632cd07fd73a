"""stdout and stderr as they are found: closed, full, read by somebody who leaves, or short of characters."""

import errno
import io
import os
import sys
from contextlib import suppress
from typing import TextIO


def ready() -> None:
    """Keep a file we open from taking the number of a closed stream, and a sign a stream lacks from being an error."""
    if os.name != "nt":
        for number in range(3):
            try:
                os.fstat(number)
            except OSError:
                os.open(os.devnull, os.O_RDWR)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            with suppress(OSError):
                stream.reconfigure(errors="replace")


def failed(error: OSError) -> bool:
    """Whether it was a stream that could not be written to, rather than a file of ours."""
    if error.filename is not None:
        return False
    return error.errno in (errno.EPIPE, errno.ENOSPC, errno.EFBIG) or _held(sys.stdout) is not None


def has_left(error: OSError) -> bool:
    """Whether the reader of a pipe has seen enough, which is no fault. Windows says EINVAL."""
    return error.errno in (errno.EPIPE, errno.EINVAL)


def let_go() -> OSError | None:
    """Write out what is held; a stream that fails leads nowhere from now on. Returns why stdout failed."""
    why = _held(sys.stdout)
    for stream, trouble in ((sys.stdout, why), (sys.stderr, _held(sys.stderr))):
        if stream is not None and trouble is not None:
            with suppress(OSError):
                nowhere = os.open(os.devnull, os.O_WRONLY)
                os.dup2(nowhere, stream.fileno())
                os.close(nowhere)
    return why


def _held(stream: TextIO | None) -> OSError | None:
    """Why a stream does not take what is still held for it."""
    try:
        if stream is not None and not stream.closed:
            stream.flush()
    except OSError as error:
        return error
    return None
