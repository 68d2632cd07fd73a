"""Pieces made in advance are the same pieces, and no thread is left behind."""

import threading
from collections.abc import Iterator

import pytest

from channelctl import threads


def counted(last: int, fail: bool = False) -> Iterator[int]:
    yield from range(last)
    if fail:
        raise ValueError(last)


@pytest.mark.parametrize("last", [0, 1, 7, 8, 9, 500])
def test_all_pieces_in_order(last: int) -> None:
    assert list(threads.ahead(counted(last))) == list(range(last))
    assert threading.active_count() == 1


@pytest.mark.parametrize("last", [0, 1, 50])
def test_what_goes_wrong_is_raised_where_it_would_have_been(last: int) -> None:
    found = []
    with pytest.raises(ValueError, match=str(last)):
        for piece in threads.ahead(counted(last, fail=True)):
            found.append(piece)
    assert found == list(range(last))
    assert threading.active_count() == 1


@pytest.mark.parametrize("taken", [1, 3, 20])
def test_who_takes_no_more_leaves_no_thread_behind(taken: int) -> None:
    pieces = threads.ahead(counted(10_000))
    assert [next(pieces) for _time in range(taken)] == list(range(taken))
    pieces.close()  # type: ignore[attr-defined]
    assert threading.active_count() == 1
