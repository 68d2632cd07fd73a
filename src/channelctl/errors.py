"""What can go wrong through no fault of ours, and the exit code that tells a script."""

import errno

DONE, FINDINGS, USAGE, REFUSED, DATABASE, BUG, BUSY, INTERRUPTED = 0, 1, 2, 3, 4, 70, 75, 130


class ChannelctlError(Exception):
    """An error a user can mend: what is wrong and, as `hint`, what to do. Both already in the user's language."""

    exit_code = REFUSED

    def __init__(self, message: str, hint: str = "", code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.code = code


class UsageError(ChannelctlError):
    """A wrong option, an unknown code or name."""

    exit_code = USAGE


class RefusedError(ChannelctlError):
    """The input cannot be taken; nothing was written."""

    exit_code = REFUSED


class DatabaseError(ChannelctlError):
    """The database is missing, foreign, damaged, or of another version."""

    exit_code = DATABASE


class BusyError(ChannelctlError):
    """Somebody else is writing; trying again later can succeed."""

    exit_code = BUSY


def out_of_memory(error: BaseException | None) -> bool:
    """Whether memory was short: as such, or where a library could not be loaded, a thread not be started for it."""
    while error is not None:
        if isinstance(error, MemoryError) or getattr(error, "errno", None) == errno.ENOMEM:
            return True
        text = str(error).lower()
        if isinstance(error, ImportError) and ("map segment" in text or "allocate memory" in text):
            return True
        if isinstance(error, RuntimeError) and "start new thread" in text:
            return True
        # What Python makes of it where it runs short while it loads a module.
        if isinstance(error, SystemError) and "without exception set" in text:
            return True
        error = error.__cause__ or error.__context__
    return False
