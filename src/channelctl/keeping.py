"""What was read once stands for as long as the session that read it is kept: see `channelctl.db.kept`."""

from collections.abc import Callable, Mapping
from copy import copy
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

from channelctl import settings

if TYPE_CHECKING:
    from sqlmodel import Session

Read = TypeVar("Read", bound=Callable[..., Any])
_PLACE = "found"


def keep(session: "Session") -> None:
    """Let a session remember from now on."""
    session.info[_PLACE] = {}


def once(read: Read) -> Read:
    """Have a kept session remember what a function of it, and of values that can be compared, gave under a policy.

    A list, dict or set is handed over as one of the asker's own; what it holds is not to be changed.
    """

    @wraps(read)
    def remembered(session: "Session", *args: Any, **kwargs: Any) -> Any:
        found: dict[Any, Any] | None = session.info.get(_PLACE)
        key = None if found is None else _key(read, args, kwargs)
        if found is None or key is None:
            return read(session, *args, **kwargs)
        if key not in found:
            found[key] = read(session, *args, **kwargs)
        value = found[key]
        return copy(value) if type(value) in (list, dict, set) else value

    return remembered  # type: ignore[return-value]


def _key(read: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
    """What tells one question from another; None where a value of it cannot be hashed."""
    values = (*args, *(kwargs[name] for name in sorted(kwargs)))
    key = read, settings.current.policy, tuple(sorted(kwargs)), *map(_fixed, values)
    try:
        hash(key)
    except TypeError:
        return None
    return key


def _fixed(value: Any) -> Any:
    """A list, a set or a section of the policy as a value that stays as it is."""
    if isinstance(value, list):
        return tuple(value)
    if isinstance(value, set):
        return frozenset(value)
    return value.model_dump_json() if hasattr(value, "model_dump_json") else value
