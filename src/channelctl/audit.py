"""Who wrote what: every write belongs to a batch."""

import getpass
import os

from sqlmodel import Session

from channelctl import clock
from channelctl.storage import Batch


def user() -> str:
    """CHANNELCTL_USER, else the operating system's user."""
    named = os.environ.get("CHANNELCTL_USER", "").strip()
    if named:
        return named
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return "unknown"


def open_batch(
    session: Session,
    command: str,
    file: str | None = None,
    size: int | None = None,
    sha256: str | None = None,
    settings: str | None = None,
) -> int:
    """A new batch in this transaction; its number."""
    batch = Batch(
        at=clock.now(),
        user=user(),
        command=command,
        file_name=file,
        file_size=size,
        file_sha256=sha256,
        settings=settings,
    )
    session.add(batch)
    session.flush()
    assert batch.id is not None  # noqa: S101
    return batch.id


def count_rejected(session: Session, batch_id: int, rows: int) -> None:
    """Keep with a batch how many rows of its file were refused."""
    batch = session.get_one(Batch, batch_id)
    batch.rejected = rows
    session.flush()
