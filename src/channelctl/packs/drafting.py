"""A new pack of a user's own, to be edited."""

import re
from pathlib import Path

from channelctl.errors import DatabaseError, RefusedError, UsageError
from channelctl.i18n import _, reason
from channelctl.packs.definition import ENDING, own_folder, read, shipped
from channelctl.report import files

_NAME = re.compile(r"[\w-]{1,60}")


def draft(name: str, like: Path, output: Path | None = None) -> Path:
    """Write a pack's file as another one has it, to where new ones go or to a file; returns where it is.

    Raises:
        UsageError: the name cannot be a pack's, or the file's name has not the ending of one.
        RefusedError: there is one of that name already, or there is no folder for it.
    """
    if not _NAME.fullmatch(name) or name.casefold() in shipped():
        raise UsageError(
            _("“{name}” cannot be a pack's name").format(name=name),
            _("Letters, digits, - and _; not the name of a pack there always is."),
        )
    if output is not None and output.suffix.lower() != ENDING:
        raise UsageError(
            _("the ending of {file} is not {ending}").format(file=output, ending=ENDING),
            _("A pack is defined by a TOML file: {name}").format(name=f"--output {name}{ENDING}"),
        )
    where = _folder() / f"{name}{ENDING}" if output is None else output
    if where.exists():
        raise RefusedError(_("{path} is there already").format(path=where), _("Edit it, or choose another name."))
    read(like)
    if output is None:
        _make(where.parent)
    files.write_whole(where, like.read_bytes())
    return where


def _make(folder: Path) -> None:
    """The folder that new packs go to."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RefusedError(
            _("cannot use the folder {path}: {reason}").format(path=folder, reason=reason(error)),
            _("Check the path and your rights to it."),
        ) from error


def _folder() -> Path:
    """Where a new pack goes."""
    try:
        return own_folder()
    except DatabaseError as error:
        raise RefusedError(
            error.message, _("Set HOME or XDG_DATA_HOME; a pack in the folder packs/ at hand is found too.")
        ) from error
