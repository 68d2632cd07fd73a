"""Work done in a thread beside."""

import os
import queue
import threading
from collections.abc import Iterator
from typing import TypeVar

T = TypeVar("T")
_AHEAD = 8


def allowed() -> bool:
    """Not where the address space is limited: a thread that runs short of memory can hang the process."""
    if os.name == "nt":
        return True
    import resource

    return resource.getrlimit(resource.RLIMIT_AS)[0] == resource.RLIM_INFINITY


def ahead(pieces: Iterator[T]) -> Iterator[T]:
    """The same pieces, a few of them made in advance while those before are worked on."""
    ready: queue.Queue[tuple[T | None, BaseException | None]] = queue.Queue(_AHEAD)
    enough = threading.Event()

    def work() -> None:
        try:
            for piece in pieces:
                ready.put((piece, None))
                if enough.is_set():
                    return
        except BaseException as error:
            ready.put((None, error))
        else:
            ready.put((None, StopIteration()))

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        while True:
            piece, error = ready.get()
            if isinstance(error, StopIteration):
                return
            if error is not None:
                raise error
            yield piece  # type: ignore[misc]
    finally:
        enough.set()
        while thread.is_alive():
            try:
                ready.get(timeout=0.01)
            except queue.Empty:
                continue
