"""A file written whole or not at all."""

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
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
    """Put files of one folder under their names, none of them before all are on the disk; each name comes once."""
    drafts: dict[Path, Path] = {}
    try:
        for path, data in files:
            check(path)
            with _refusing(path):
                _draft(path, data, drafts)
        _into_place(drafts)
    finally:
        for draft in drafts.values():
            draft.unlink(missing_ok=True)


def _draft(path: Path, data: bytes, drafts: dict[Path, Path]) -> None:
    """Put what is to stand under `path` on the disk beside it."""
    handle, name = tempfile.mkstemp(prefix=".channelctl-", suffix=".tmp", dir=path.parent)
    drafts[path] = Path(name)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _into_place(drafts: dict[Path, Path]) -> None:
    """Give the drafts their names; where one of several cannot have its own, those before it are taken back."""
    several = len(drafts) > 1
    done: list[Path] = []
    before: dict[Path, Path] = {}
    try:
        for path, draft in list(drafts.items()):
            with _refusing(path):
                if several and path.exists():
                    before[path] = draft.with_suffix(".old")
                    _hold(path, before[path])
                draft.replace(path)
            del drafts[path]
            done.append(path)
        for folder in {path.parent for path in done}:
            with _refusing(folder):
                _settle(folder)
    except BaseException:
        for path in done if several else ():
            with suppress(OSError):
                before[path].replace(path) if path in before else path.unlink()
        raise
    finally:
        for second in before.values():
            second.unlink(missing_ok=True)


def _hold(path: Path, second: Path) -> None:
    """Give what stands under a path a second name."""
    try:
        os.link(path, second)
    except OSError:
        shutil.copy2(path, second)


@contextmanager
def _refusing(path: Path) -> Iterator[None]:
    """Say what the system will not write, as a refusal."""
    try:
        yield
    except (OSError, ValueError) as error:
        raise _refusal(path, error) from None


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
