"""Several at once: each waits for the other, and readers see whole batches."""

import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from channelctl import db
from tests.conftest import Run
from tests.processes import environment, finish, start
from tests.storage.files import ROWS, ask, lines, litter, note


def test_a_writer_is_alone_from_its_first_word(empty: Path) -> None:
    with db.session(write=True) as session:
        session.execute(sa.text("SELECT 1 FROM batch"))
        other = sqlite3.connect(empty, timeout=0)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        assert other.execute("SELECT count(*) FROM batch").fetchone() == (0,)
        other.close()


@pytest.mark.parametrize("trouble", [KeyboardInterrupt, ValueError, MemoryError])
def test_whatever_stops_a_writer_takes_all_of_it_back(empty: Path, trouble: type[BaseException]) -> None:
    with pytest.raises(trouble), db.session(write=True) as session:
        note(session)
        session.flush()
        raise trouble
    assert ask(empty, "SELECT count(*) FROM batch") == [(0,)]


@pytest.fixture
def lock(here: Path) -> Iterator[Callable[[str], None]]:
    """Have another process hold the database: lock("BEGIN EXCLUSIVE")."""
    holders: list[subprocess.Popen[str]] = []
    program = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None); c.execute(sys.argv[2]);"
        "print('held', flush=True); sys.stdin.read()"
    )

    def hold(how: str) -> None:
        holder = subprocess.Popen(
            [sys.executable, "-c", program, str(here), how], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        holders.append(holder)
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"

    yield hold
    for holder in holders:
        holder.communicate()


@pytest.mark.parametrize(
    ("held", "words"),
    [
        ("BEGIN IMMEDIATE", ["customer", "add", "甲"]),
        ("BEGIN EXCLUSIVE", ["tier"]),
        ("BEGIN EXCLUSIVE", ["import", "SHEET"]),
    ],
)
def test_a_lock_is_waited_for_and_then_said(
    ch: Run, empty: Path, sheet: Path, lock: Callable[[str], None], held: str, words: list[str]
) -> None:
    lock(held)
    before = empty.read_bytes()
    began = time.monotonic()
    result = ch("--wait", "0.2", *(sheet if word == "SHEET" else word for word in words))
    assert 0.2 <= time.monotonic() - began < 5
    assert result == (
        75,
        "",
        f"channelctl: error: {empty} is being written by somebody else\nTry again, or wait longer: --wait SECONDS\n",
    )
    assert empty.read_bytes() == before


def test_a_reader_does_not_wait_for_a_writer_at_work(ch: Run, sample: Path, lock: Callable[[str], None]) -> None:
    lock("BEGIN IMMEDIATE")
    assert ch("tier", "--month", "2024-05", "--wait", "0").code == 0


def test_a_lock_that_goes_in_time_is_no_trouble(ch: Run, empty: Path) -> None:
    program = (
        "import sqlite3, sys, time; c = sqlite3.connect(sys.argv[1], isolation_level=None);"
        "c.execute('BEGIN IMMEDIATE'); print('held', flush=True); time.sleep(0.3); c.execute('ROLLBACK')"
    )
    with subprocess.Popen([sys.executable, "-c", program, str(empty)], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        assert ch("customer", "add", "甲").code == 0


def test_readers_see_whole_batches(empty: Path, sheet: Path) -> None:
    writer = start("import", sheet, env=environment(CHANNELCTL_DB=str(empty)))
    seen = set()
    reader = sqlite3.connect(f"{empty.as_uri()}?mode=ro", uri=True, timeout=30)
    while writer.poll() is None:
        seen.add(reader.execute("SELECT count(*) FROM sale_line").fetchone()[0])
    seen.add(reader.execute("SELECT count(*) FROM sale_line").fetchone()[0])
    reader.close()
    assert finish(writer)[0] == 0
    assert seen == {0, ROWS}


@pytest.mark.parametrize("made_before", [True, False])
def test_the_same_file_imported_twice_at_once_counts_once(here: Path, sheet: Path, made_before: bool, ch: Run) -> None:
    if made_before:
        assert ch("init").code == 0
    env = environment(CHANNELCTL_DB=str(here))
    both = [start("import", sheet, "--format", "json", env=env) for _time in range(2)]
    done = [finish(process) for process in both]
    assert [code for code, _out, _err in done] == [0, 0], done
    assert lines(here) == ROWS
    assert sorted(int(new) for _code, out, _err in done for new in re.findall(r'"new": ?(\d+)', out)) == [0, ROWS]
    assert litter(here.parent) == []


def test_two_that_make_the_database_at_once_make_one(here: Path) -> None:
    env = environment(CHANNELCTL_DB=str(here))
    done = [finish(process) for process in [start("init", env=env) for _time in range(3)]]
    assert {code for code, _out, _err in done} == {0}
    assert sorted(out.partition(":")[0] for _code, out, _err in done) == [
        "new database",
        "there already",
        "there already",
    ]
    assert litter(here.parent) == []
