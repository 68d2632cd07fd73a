"""A database that goes away while it is written to: never said to be stored in what is no longer there."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from channelctl import db
from channelctl.errors import DatabaseError
from tests.conftest import Run
from tests.processes import environment, finish, start
from tests.storage.files import ask, lines, litter, note, posix
from tests.storage.test_ends import moment

pytestmark = [posix, pytest.mark.sqlite("a file that is deleted or replaced")]

SAID = "{path} was deleted, moved or replaced while it was written to; what was being written is not in it"
MEND = "Put it back or restore a backup, then run it again."


def replace(file: Path) -> None:
    """As `cp` to another name and `mv` over it does."""
    other = file.with_name("other.db")
    shutil.copy(file, other)
    other.replace(file)


def move_folder(file: Path) -> None:
    file.parent.rename(file.parent.with_name("elsewhere"))


WAYS: dict[str, Callable[[Path], object]] = {
    "deleted": Path.unlink,
    "moved": lambda file: file.rename(file.with_name("moved.db")),
    "replaced": replace,
    "folder moved": move_folder,
}


@pytest.fixture
def deep(ch: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database in a folder of its own."""
    file = tmp_path / "place" / "channel.db"
    monkeypatch.setenv("CHANNELCTL_DB", str(file))
    assert ch("init").code == 0
    return file


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("written", [False, True], ids=["before the first line", "after it"])
def test_what_is_written_to_a_file_that_goes_away_is_not_said_to_be_stored(deep: Path, way: str, written: bool) -> None:
    with pytest.raises(DatabaseError) as caught, db.session(write=True) as session:
        if written:
            note(session, "lost")
            session.flush()
        WAYS[way](deep)
        note(session, "more")
    assert (caught.value.message, caught.value.hint) == (SAID.format(path=deep), MEND)
    for file in deep.parent.parent.rglob("*.db"):
        assert ask(file, "SELECT count(*) FROM batch") == [(0,)]


def test_a_session_that_wrote_nothing_has_lost_nothing(deep: Path) -> None:
    with db.session(write=True) as session:
        session.execute(sa.text("SELECT 1"))
        session.rollback()
        deep.unlink()


@pytest.mark.parametrize("way", WAYS)
def test_an_import_whose_database_goes_away_says_so(deep: Path, sheet: Path, way: str) -> None:
    env = environment(CHANNELCTL_DB=str(deep))
    for _try in range(5):
        process = start("import", sheet, env=env)
        if moment(process, deep.with_name("channel.db-journal"), 0):
            WAYS[way](deep)
            break
        finish(process)
        deep.unlink()
        assert finish(start("init", env=env))[0] == 0
    code, out, err = finish(process)
    assert (code, out, err) == (4, "", f"channelctl: error: {SAID.format(path=deep)}\n{MEND}\n")
    for file in deep.parent.parent.rglob("*.db"):
        assert lines(file) == 0
        assert ask(file, "PRAGMA integrity_check") == [("ok",)]


def test_a_new_database_whose_draft_goes_away_is_not_made(here: Path, sheet: Path) -> None:
    process = start("import", sheet, env=environment(CHANNELCTL_DB=str(here)))
    while process.poll() is None and not litter(here.parent):
        os.sched_yield()
    for name in litter(here.parent):
        (here.parent / name).unlink(missing_ok=True)
    code, out, err = finish(process)
    assert code in (3, 4), (out, err)
    assert str(here) in out + err
    assert not here.exists()


def test_restore_puts_back_what_went_away(ch: Run, sample: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.backup"
    assert ch("backup", copy).code == 0
    sample.unlink()
    assert ch("restore", copy) == (0, f"{sample} is now as {copy}\n", "")
    assert lines(sample) == lines(copy) == 1423
