"""A file written whole or not at all."""

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from channelctl.errors import RefusedError
from channelctl.i18n import _, reason


def check(path: Path) -> None:
    """Refuse a path that cannot become a file, before anything is worked out for it."""
    try:
        if not path.parent.is_dir():
            raise RefusedError(
                _("there is no folder {folder}").format(folder=path.parent), _("Make it first, or name another.")
            )
        if path.exists() and not path.is_file():
            raise RefusedError(_("{file} is not a file").format(file=path), _("Name a file to write to."))
        if not os.access(path.parent, os.W_OK):
            raise RefusedError(
                _("nothing may be written in {folder}").format(folder=path.parent), _("Name another folder.")
            )
    except (OSError, ValueError) as error:
        raise _refusal(path, error) from None


def write_whole(path: Path, data: bytes) -> None:
    """Put `data` under `path`, readable by its owner only; what stood there before stays until all is on the disk."""
    write_all([(path, data)])


def write_all(files: Iterable[tuple[Path, bytes]]) -> None:
    """Put files of one folder under their names, none of them before all are on the disk."""
    drafts: dict[Path, Path] = {}
    path = Path()
    try:
        for path, data in files:
            check(path)
            handle, name = tempfile.mkstemp(prefix=".channelctl-", suffix=".tmp", dir=path.parent)
            drafts[path] = Path(name)
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        for path in list(drafts):
            drafts[path].replace(path)
            del drafts[path]
        _settle(path.parent)
    except (OSError, ValueError) as error:
        raise _refusal(path, error) from None
    finally:
        for draft in drafts.values():
            draft.unlink(missing_ok=True)


def _settle(folder: Path) -> None:
    """Make the new name survive a power cut, where folders can be synced."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _refusal(path: Path, error: Exception) -> RefusedError:
    return RefusedError(_("{file} cannot be written: {reason}").format(file=path, reason=reason(error)))
