"""Word that a file is there, sent to where people read: by mail, to a webhook, into a chat."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Notice:
    """What is sent: the file that stands, and what is said of it, as `plain` text and as `markdown`."""

    title: str
    plain: str
    markdown: str
    file: Path


class UnsentError(Exception):
    """A notice did not go; `reason` holds no secret.

    `again` says that nothing of it was taken, so that it may be tried again, `after` so many seconds if that was said.
    """

    def __init__(self, reason: str, again: bool = False, after: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.again = again
        self.after = after


# Sends a notice, or raises UnsentError.
Channel = Callable[[Notice], None]
