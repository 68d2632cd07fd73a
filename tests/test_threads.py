"""Pieces made in advance are the same pieces, and no thread is left behind."""

import threading
from collections.abc import Iterator
from concurrent.futures import Future

import pytest

from channelctl import threads

_before: set[threading.Thread] = set()


@pytest.fixture(autouse=True)
def only_own() -> None:
    """Libraries of tests before may have threads of their own in this process."""
    _before.clear()
    _before.update(threading.enumerate())


def started() -> list[threading.Thread]:
    """The threads that there are since the test began."""
    return [one for one in threading.enumerate() if one not in _before]


def counted(last: int, fail: bool = False) -> Iterator[int]:
    yield from range(last)
    if fail:
        raise ValueError(last)


@pytest.mark.parametrize("last", [0, 1, 7, 8, 9, 500])
def test_all_pieces_in_order(last: int) -> None:
    assert list(threads.ahead(counted(last))) == list(range(last))
    assert not started()


@pytest.mark.parametrize("last", [0, 1, 50])
def test_what_goes_wrong_is_raised_where_it_would_have_been(last: int) -> None:
    found = []
    with pytest.raises(ValueError, match=str(last)):
        for piece in threads.ahead(counted(last, fail=True)):
            found.append(piece)
    assert found == list(range(last))
    assert not started()


@pytest.mark.parametrize("taken", [1, 3, 20])
def test_who_takes_no_more_leaves_no_thread_behind(taken: int) -> None:
    pieces = threads.ahead(counted(10_000))
    assert [next(pieces) for _time in range(taken)] == list(range(taken))
    pieces.close()  # type: ignore[attr-defined]
    assert not started()


def test_work_beside_is_done_one_piece_after_the_other() -> None:
    beside, done = threads.Beside(), []
    for piece in range(50):
        beside.start(lambda piece=piece: done.append(piece))  # type: ignore[misc]
    beside.wait()
    assert done == list(range(50))


def test_work_beside_leaves_no_thread_behind() -> None:
    beside = threads.Beside()
    beside.start(lambda: None)
    (thread,) = started()
    del beside
    thread.join(10)
    assert not thread.is_alive()


def test_who_is_interrupted_while_waiting_waits_for_the_same_work_again(monkeypatch: pytest.MonkeyPatch) -> None:
    beside, go, done = threads.Beside(), threading.Event(), threading.Event()

    def work() -> None:
        go.wait()
        done.set()

    beside.start(work)
    with monkeypatch.context() as patch:
        patch.setattr(Future, "result", interrupted)
        with pytest.raises(KeyboardInterrupt):
            beside.wait()
    go.set()
    beside.wait()
    assert done.is_set()


def interrupted(_future: object) -> None:
    raise KeyboardInterrupt


def test_what_goes_wrong_beside_is_raised_once_where_it_is_waited_for() -> None:
    beside = threads.Beside()
    beside.start(lambda: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        beside.wait()
    beside.wait()
    beside.start(lambda: None)
    beside.wait()
