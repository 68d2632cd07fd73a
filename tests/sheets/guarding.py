"""What the guard says of a file, and how soon."""

import time
from pathlib import Path

import pytest

from channelctl.errors import RefusedError
from channelctl.sheets import guard

SECONDS = 20


def check(path: Path, limits: guard.Limits = guard.DEFAULT_LIMITS) -> guard.Kind:
    with path.open("rb") as file:
        return guard.check_zip(file, path.name, path.stat().st_size, limits).kind


def refusal(path: Path, limits: guard.Limits = guard.DEFAULT_LIMITS) -> str:
    """What is said, after making sure that it is said soon and says what to do."""
    started = time.monotonic()
    with pytest.raises(RefusedError) as caught:
        check(path, limits)
    assert time.monotonic() - started < SECONDS
    assert caught.value.message.startswith(path.name)
    assert caught.value.hint
    return caught.value.message
