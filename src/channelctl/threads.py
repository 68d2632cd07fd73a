"""Work done in a thread beside."""

import os
import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

    import sqlalchemy as sa

T = TypeVar("T")
_AHEAD = 2
_UNDER_WAY = "under way"


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


class Beside:
    """One piece of work at a time, done by a thread; what went wrong with it is raised where it is waited for."""

    def __init__(self) -> None:
        self._thread: ThreadPoolExecutor | None = None
        self._work: Future[object] | None = None

    def start(self, work: Callable[[], object]) -> None:
        """Begin the work, once the one before is done, in the same thread: to begin one takes longer than its work."""
        from concurrent.futures import ThreadPoolExecutor

        self.wait()
        self._thread = self._thread or ThreadPoolExecutor(1)
        self._work = self._thread.submit(work)

    def wait(self) -> None:
        """Return when nothing is under way any more."""
        if self._work is None:
            return
        try:
            self._work.result()
        finally:
            # Who is interrupted here waits once more, for the work goes on.
            if self._work.done():
                self._work = None


def under_way(connection: "sa.Connection") -> Beside:
    """What is stored on a connection meanwhile."""
    found: Beside = connection.info.setdefault(_UNDER_WAY, Beside())
    return found


def attend(engine: "sa.Engine", mishap: type[Exception]) -> None:
    """Have every statement of an engine, and the end of its transactions, wait for what is under way."""
    import sqlalchemy as sa

    def give_up(connection: "sa.Connection") -> None:
        # Of a connection that broke nothing is known any more: what was under way on it has ended by that.
        if not connection.invalidated:
            with suppress(mishap):
                under_way(connection).wait()

    sa.event.listen(engine, "before_cursor_execute", lambda connection, *_: under_way(connection).wait())
    sa.event.listen(engine, "commit", lambda connection: under_way(connection).wait())
    sa.event.listen(engine, "rollback", give_up)
