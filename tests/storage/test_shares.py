"""A database on another machine: found out from what is mounted where, and warned of."""

from pathlib import Path

import pytest

from channelctl import shares
from tests.conftest import Run

pytestmark = pytest.mark.sqlite("a file on a network share")

MOUNTS = """\
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
23 22 0:21 / /proc rw - proc proc rw
30 22 0:40 / /mnt/office rw,relatime shared:2 - nfs4 server:/office rw,vers=4.2
31 30 8:1 / /mnt/office/own rw master:3 - xfs /dev/sdb1 rw
32 22 0:41 / /mnt/a\\040b rw - cifs //server/a rw
33 22 0:42 / /mnt/twice rw - ext4 /dev/sdc1 rw
34 33 0:43 / /mnt/twice rw - fuse.sshfs me@server:/x rw
35 22 0:44 / /mnt/officer rw - tmpfs tmpfs rw
36 22 0:45 / /mnt/9 rw - 9p C: rw
a line that is none
"""
linux = pytest.mark.skipif(not Path("/proc/self/mountinfo").is_file(), reason="only Linux says what is mounted")


@linux
@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/mnt/office", "nfs4"),
        ("/mnt/office/deep/er", "nfs4"),
        ("/mnt/office/own/data", None),
        ("/mnt/officer/data", None),
        ("/mnt/a b", "cifs"),
        ("/mnt/twice/data", "fuse.sshfs"),
        ("/mnt/9", "9p"),
        ("/elsewhere", None),
        ("/", None),
    ],
)
def test_the_nearest_mount_above_a_folder_says_whether_it_is_a_share(tmp_path: Path, folder: str, kind: str) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(MOUNTS)
    assert shares.remote(Path(folder), mounts) == kind


@linux
def test_a_link_is_followed_to_where_the_folder_is(tmp_path: Path) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(f"{MOUNTS}40 22 0:50 / {tmp_path.resolve()}/far rw - smb3 //server/far rw\n")
    (tmp_path / "far").mkdir()
    (tmp_path / "near").symlink_to(tmp_path / "far")
    assert shares.remote(tmp_path / "near" / "new", mounts) == "smb3"
    assert shares.remote(tmp_path, mounts) is None


def test_where_the_system_does_not_tell_nothing_is_said(tmp_path: Path) -> None:
    assert shares.remote(tmp_path, tmp_path / "nothing") is None


@pytest.fixture
def share(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Have the test's folder be on a share; what is said of it."""
    monkeypatch.setattr(shares, "remote", lambda folder: "nfs4" if folder == tmp_path else None)
    return (
        f"{tmp_path} is on another machine (nfs4): locks are not to be trusted there, two who write at once can damage "
        "the database. Keep it on a disk of this machine: channelctl backup FILE, then restore it there: "
        "channelctl --db PATH restore FILE\n"
    )


@pytest.mark.parametrize(
    "words",
    [
        ["customer", "add", "甲"],
        ["import", "SHEET"],
        ["import", "SHEET", "SHEET2"],
        ["import", "SHEET", "--dry-run"],
        ["batch", "undo", "9"],
        ["status"],
        ["db", "check"],
    ],
)
def test_who_writes_to_a_share_is_warned_once(
    ch: Run, sample: Path, tmp_path: Path, share: str, words: list[str]
) -> None:
    for name in ("SHEET", "SHEET2"):
        (tmp_path / name).write_text(f"客户名称,日期,金额\n{name}商行,2024-05-03,1\n", encoding="utf-8")
    result = ch(*words)
    assert result.code == 0
    assert result.err.count(share) == 1


def test_who_makes_a_database_on_a_share_is_warned(ch: Run, tmp_path: Path, share: str) -> None:
    (tmp_path / "sheet.csv").write_text("客户名称,日期,金额\n甲,2024-05-03,1\n", encoding="utf-8")
    assert ch("init").err == share
    (tmp_path / "channel.db").unlink()
    assert ch("import", tmp_path / "sheet.csv").err.count(share) == 1


def test_who_reads_from_a_share_is_not(ch: Run, sample: Path, share: str) -> None:
    result = ch("tier", "--month", "2024-05")
    assert (result.code, share in result.err) == (0, False)


def test_the_warning_does_not_touch_what_scripts_read(ch: Run, sample: Path, share: str) -> None:
    result = ch("status", "--format", "json")
    assert result.data["notes"] == [share.rstrip("\n")]
    assert result.err == ""
