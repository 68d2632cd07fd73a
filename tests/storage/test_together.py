"""Several at once: each waits for the other, and readers see whole batches."""

import datetime as dt
import getpass
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from channelctl import db
from channelctl.holder import holder
from tests.conftest import Run
from tests.processes import environment, finish, start
from tests.storage.files import ROWS, ask, lines, litter, note, posix
from tests.storage.test_ends import moment

pytestmark = pytest.mark.sqlite("the locks of a file; tests/postgres has many at once on a server")


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
def lock(here: Path) -> Iterator[Callable[[str], int]]:
    """Have another process hold the database: lock("BEGIN EXCLUSIVE"); its number."""
    held: list[subprocess.Popen[str]] = []
    program = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None);"
        "[c.execute(words).fetchone() for words in sys.argv[2].split(';')];"
        "print('held', flush=True); sys.stdin.read()"
    )

    def hold(how: str) -> int:
        process = subprocess.Popen(
            [sys.executable, "-c", program, str(here), how], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        held.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        return process.pid

    yield hold
    for process in held:
        process.communicate()


@pytest.mark.parametrize(
    ("held", "words"),
    [
        ("BEGIN IMMEDIATE", ["customer", "add", "甲"]),
        ("BEGIN EXCLUSIVE", ["tier"]),
        ("BEGIN EXCLUSIVE", ["import", "SHEET"]),
    ],
)
def test_a_lock_is_waited_for_and_then_said(
    ch: Run, empty: Path, sheet: Path, lock: Callable[[str], int], held: str, words: list[str]
) -> None:
    lock(held)
    before = empty.read_bytes()
    began = time.monotonic()
    result = ch("--wait", "0.2", *(sheet if word == "SHEET" else word for word in words))
    assert 0.2 <= time.monotonic() - began < 5
    assert (result.code, result.out) == (75, "")
    assert result.err.startswith(f"channelctl: error: {empty} is being written by ")
    assert result.err.endswith("\nTry again, or wait longer: --wait SECONDS\n")
    assert empty.read_bytes() == before


KNOWS = pytest.mark.skipif(not Path("/proc/locks").is_file(), reason="only Linux tells who holds a lock")
SINCE = r"20\d\d-\d\d-\d\d \d\d:\d\d:\d\d"


@KNOWS
def test_who_holds_the_lock_is_said(ch: Run, empty: Path, lock: Callable[[str], int]) -> None:
    process = lock("BEGIN IMMEDIATE")
    user = getpass.getuser()
    name = Path(f"/proc/{process}/comm").read_text().strip()
    result = ch("--wait", "0", "customer", "add", "甲")
    who = rf"process {process} of {user}, since {SINCE}: {name}"
    assert re.fullmatch(
        rf"channelctl: error: {re.escape(str(empty))} is being written by {who}\nTry again, .*\n", result.err
    )


@KNOWS
def test_a_reader_in_the_way_of_a_writer_is_said_to_read(ch: Run, empty: Path, lock: Callable[[str], int]) -> None:
    process = lock("BEGIN; SELECT count(*) FROM batch")
    result = ch("--wait", "0", "customer", "add", "甲")
    assert result.code == 75
    assert f"{empty} is being read by process {process} of " in result.err
    assert ask(empty, "SELECT count(*) FROM batch") == [(0,)]


@KNOWS
def test_a_command_of_ours_is_shown_without_its_database(ch: Run, empty: Path, sheet: Path, tmp_path: Path) -> None:
    rules = tmp_path / "rules.toml"
    rules.touch()
    process = start("--db", empty, "import", sheet, f"--policy={rules}")
    assert moment(process, empty.with_name("channel.db-journal"), 0)
    process.send_signal(signal.SIGSTOP)
    result = ch("--wait", "0", "customer", "add", "甲")
    process.send_signal(signal.SIGCONT)
    assert finish(process)[0] == 0
    told = f"channelctl import {sheet}"
    told = told if len(told) <= 80 else f"{told[:79]}…"
    assert re.search(rf"process {process.pid} of \S+, since {SINCE}: {re.escape(told)}\n", result.err)


def proc(folder: Path, locks: str) -> Path:
    """A made /proc with these locks, and a process 4711 of ours that began a minute after the machine."""
    own = folder / "proc"
    (own / "4711").mkdir(parents=True)
    (own / "locks").write_text(locks)
    (own / "stat").write_text("cpu 1 2 3\nbtime 1717372800\n")
    ticks = 60 * os.sysconf("SC_CLK_TCK")
    (own / "4711" / "stat").write_text(f"4711 (a) b) S {' '.join(['0'] * 18)} {ticks} 0 0")
    (own / "4711" / "cmdline").write_bytes(
        b"/usr/bin/python3\0/usr/bin/channelctl\0--db\0secret\0import\0" + b"a" * 99 + b"\0"
    )
    (own / "4711" / "comm").write_text("channelctl\n")
    return own


FREE = "1: FLOCK  ADVISORY  WRITE 4711 08:01:{inode} 0 EOF\n"
FREE += "2: POSIX  ADVISORY  WRITE 4711 08:01:1{inode} 1073741825 1073741825\n"
HELD = "3: POSIX  ADVISORY  {how} 4711 08:01:{inode} {first} 1073742335\n"


@posix
@pytest.mark.parametrize(
    ("locks", "who", "writes"),
    [
        ("", "somebody else", True),
        (FREE, "somebody else", True),
        (HELD, "process 4711 of {user}, since {since}: channelctl import {a}…", True),
        (FREE + HELD.replace("{how}", "READ"), "process 4711 of {user}, since {since}: channelctl import {a}…", False),
        (HELD.replace("4711", "4712"), "process 4712", True),
        (HELD.replace("4711", "0"), "somebody else", True),
        ("words that nobody knows\n", "somebody else", True),
    ],
)
def test_locks_are_read_as_the_system_tells_them(
    empty: Path, tmp_path: Path, locks: str, who: str, writes: bool
) -> None:
    inode = empty.stat().st_ino
    folder = proc(tmp_path, locks.format(inode=inode, how="WRITE", first=0x40000001))
    since = dt.datetime.fromtimestamp(1717372860, dt.UTC).astimezone().strftime("%Y-%m-%d %H:%M:%S")
    expected = who.format(user=getpass.getuser(), since=since, a="a" * 61)
    assert holder(empty, folder) == (expected, writes)


def test_where_the_system_does_not_tell_it_is_somebody_else(empty: Path, tmp_path: Path) -> None:
    assert holder(empty, tmp_path / "nothing") == ("somebody else", True)


def test_a_reader_does_not_wait_for_a_writer_at_work(ch: Run, sample: Path, lock: Callable[[str], int]) -> None:
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
