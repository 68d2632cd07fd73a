"""Who may read and write what; copies."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from channelctl import db, making, reported
from channelctl.errors import BusyError, DatabaseError
from tests.conftest import Run
from tests.processes import environment, run
from tests.storage.files import ask, contents, lines, litter, mode, note, posix
from tests.tables import Kept, put

pytestmark = pytest.mark.sqlite("the mode and the owner of a file")

as_root = pytest.mark.skipif(os.name == "nt" or os.getuid() != 0, reason="only root can run a program as somebody else")


@posix
def test_everything_it_makes_is_its_owners_only(tmp_path: Path, sheet: Path) -> None:
    where = tmp_path / "new" / "channel.db"
    env = environment(CHANNELCTL_DB=str(where))
    assert run("import", sheet, env=env, umask=0)[0] == 0
    assert run("customer", "add", "甲", env=env, umask=0)[0] == 0
    assert mode(where.parent) == 0o700
    assert {file.name: mode(file) for file in where.parent.iterdir()} == {
        "channel.db": 0o600,
        "channel.db-journal": 0o600,
    }


@pytest.fixture
def shared(sample_database: Kept) -> Iterator[Path]:
    """The sample database in a folder that everybody may look into."""
    folder = Path(tempfile.mkdtemp(prefix="channelctl-test-"))
    folder.chmod(0o755)
    file = folder / "channel.db"
    put(sample_database, file)
    file.chmod(0o644)
    yield file
    folder.chmod(0o755)
    shutil.rmtree(folder)


VERBS = (["tier"], ["init"], ["import", "SHEET"])
NOBODYS = """
import contextlib, io, json, os, pathlib, sys, tempfile
from channelctl import cli

def run(words):
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _stream in range(2))
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = cli.run(words)
    return [code] + [(stream.flush(), stream.buffer.getvalue().decode())[1] for stream in (out, err)]

lines = json.loads(sys.argv[1])
sheet = pathlib.Path(sys.argv[2])
# Nobody may not read the interpreter's library: what the commands import has to be there already.
with tempfile.TemporaryDirectory() as folder:
    for words in (["init"], ["import", str(sheet)], ["tier"], ["tier", "--format", "csv"], ["customer", "add", "x"]):
        run(["--db", f"{folder}/x.db", *words])
os.setgroups([])
os.setgid(65534)
os.setuid(65534)
print(json.dumps([run(words) for words in lines]))
"""


def as_nobody(file: Path, *command_lines: list[str]) -> list[tuple[int, str, str]]:
    """What command lines do for somebody without any rights; SHEET is a small sheet."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        sheet = Path(folder) / "sheet.csv"
        sheet.write_text("客户名称,日期,金额\n甲,2024-05-03,1\n", encoding="utf-8")
        told = [[str(sheet) if word == "SHEET" else word for word in words] for words in command_lines]
        done = subprocess.run(
            [sys.executable, "-c", NOBODYS, json.dumps(told), str(sheet)],
            env=environment(CHANNELCTL_DB=str(file)),
            capture_output=True,
            check=True,
            cwd="/",
        )
    return [tuple(one) for one in json.loads(done.stdout)]


@as_root
@pytest.mark.parametrize("file_mode", [0o644, 0o666])
def test_from_a_read_only_folder_reports_work_and_writes_say_why(shared: Path, file_mode: int) -> None:
    shared.chmod(file_mode)
    before = contents(shared.parent)
    new = shared.with_name("new.db")
    tier, add, imported, init, *made = as_nobody(
        shared,
        ["tier", "--month", "2024-05", "--format", "csv"],
        ["customer", "add", "甲"],
        ["import", "SHEET"],
        ["init"],
        ["init", "--db", str(new)],
        ["import", "SHEET", "--db", str(new)],
    )
    assert tier[0] == 0
    assert len(tier[1].splitlines()) > 10
    refused = (
        f"{shared} or its folder may not be written to; nothing was changed\n"
        "Ask for the right to write there, or work on a copy: --db PATH\n"
    )
    assert add == (3, "", f"channelctl: error: {refused}")
    assert imported[0] == 3
    assert refused.splitlines()[0] in imported[1] + imported[2]
    assert init == (0, f"there already: {shared}\n", "")
    cannot = f"channelctl: error: cannot create the database {new}: Permission denied\n"
    assert made == [(3, "", f"{cannot}Choose a folder you may write to: --db PATH\n")] * 2
    assert contents(shared.parent) == before


@as_root
def test_what_may_not_be_read_cannot_be_opened(shared: Path) -> None:
    shared.chmod(0o600)
    hidden = shared.parent / "hidden" / "x.db"
    hidden.parent.mkdir(mode=0o700)
    told = as_nobody(shared, *([verb, *rest, "--db", str(file)] for file in (shared, hidden) for verb, *rest in VERBS))
    mend = "Check the path and your rights to it."
    assert told == [
        (4, "", f"channelctl: error: {file} cannot be opened: Permission denied\n{mend}\n")
        for file in (shared, hidden)
        for _verb in VERBS
    ]


def test_a_backup_is_whole_private_and_never_in_the_way(sample: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    made = [making.backup(target) for _time in range(3)]
    assert [file.name for file in made] == ["copy.db", "copy.db-2", "copy.db-3"]
    for file in made:
        assert ask(file, "PRAGMA integrity_check") == [("ok",)]
        assert lines(file) == lines(sample)
        assert os.name == "nt" or mode(file) == 0o600
    assert litter(tmp_path) == []


def test_a_backup_waits_for_the_batch_being_written(empty: Path, tmp_path: Path) -> None:
    with db.session(write=True) as session:
        note(session, "half")
        session.flush()
        copy = making.backup(tmp_path / "copy.db")
    assert ask(copy, "SELECT count(*) FROM batch") == [(0,)]
    assert ask(empty, "SELECT count(*) FROM batch") == [(1,)]


def test_a_file_system_without_hard_links_will_do(ch: Run, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_words: object, **_more: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    assert ch("init") == (0, f"new database: {here}\n", "")
    assert ch("init") == (0, f"there already: {here}\n", "")
    assert litter(here.parent) == []


def test_what_sqlite_reports_becomes_a_remedy(here: Path) -> None:
    codes = {5: BusyError, 26: DatabaseError, 11: DatabaseError, 14: DatabaseError}
    for code, kind in codes.items():
        error = sqlite3.OperationalError("x")
        error.sqlite_errorcode = code
        assert type(reported.said(error, here)) is kind
    assert reported.said(sqlite3.OperationalError("near SELECT: syntax error"), here) is None
