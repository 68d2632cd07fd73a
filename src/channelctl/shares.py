"""Whether a folder is on another machine, where locks are not to be trusted."""

import os
import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath

from channelctl.i18n import _

_MOUNTS = Path("/proc/self/mountinfo")
_REMOTE = frozenset(
    "9p afs afpfs beegfs ceph cifs coda davfs fuse.ceph fuse.curlftpfs fuse.davfs fuse.glusterfs fuse.gvfsd-fuse"
    " fuse.rclone fuse.s3fs fuse.smbnetfs fuse.sshfs fuse.vmhgfs-fuse glusterfs lustre ncpfs nfs nfs4 prl_fs"
    " smb2 smb3 smbfs vboxsf virtiofs".split()
)
_DRIVE_REMOTE = 4


def warning(database: Path) -> str | None:
    """What to say of a database that is on another machine; None where it is not, or where the system does not tell."""
    folder = database.parent
    kind = remote(folder)
    if kind is None:
        return None
    return _(
        "{folder} is on another machine ({kind}): locks are not to be trusted there, two who write at once can damage"
        " the database. Keep it on a disk of this machine: channelctl backup FILE, then restore it there:"
        " channelctl --db PATH restore FILE"
    ).format(folder=folder, kind=kind)


def remote(folder: Path, mounts: Path = _MOUNTS) -> str | None:
    """The kind of network share that holds a folder, which need not be there yet."""
    try:
        whole = folder.resolve()
        if os.name == "nt":
            return _windows(whole)
        if not sys.platform.startswith("linux"):
            return None
        return _holding(whole, mounts.read_text("utf-8", "surrogateescape"))
    except (OSError, ValueError, RuntimeError):
        return None


def _holding(folder: Path, mounts: str) -> str | None:
    """The kind of the mount nearest above a folder, if it is a share; of two at the same place the later one counts."""
    best, kind = -1, ""
    for place, file_system in _mounted(mounts):
        depth = len(place.parts)
        if depth >= best and PurePosixPath(folder).is_relative_to(place):
            best, kind = depth, file_system
    return kind if kind in _REMOTE else None


def _mounted(mounts: str) -> Iterator[tuple[PurePosixPath, str]]:
    for line in mounts.splitlines():
        left, _dash, right = line.partition(" - ")
        with suppress(IndexError):
            place = re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), left.split(" ")[4])
            yield PurePosixPath(place), right.split(" ")[0]


def _windows(folder: Path) -> str | None:
    """A path of another machine, or a drive letter that stands for one."""
    if folder.drive.startswith("\\\\"):
        return "UNC"
    import ctypes

    drives = getattr(ctypes, "windll").kernel32  # noqa: B009  the type checker knows it on Windows only
    return "drive" if drives.GetDriveTypeW(f"{folder.drive}\\") == _DRIVE_REMOTE else None
