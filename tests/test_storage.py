"""What the database promises: exact, whole, private, and untouched where it is not ours to touch."""

import json
import os
import random
import re
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from channelctl import db, making, sqlite
from channelctl.errors import BusyError, DatabaseError
from channelctl.storage import Batch
from tests.conftest import Run
from tests.processes import environment, finish, run, start

ROWS = 4_000
WORDS = (
    "there is no database at {path}\nchannelctl import FILE or channelctl init makes one; --db PATH names another.\n"
)
posix = pytest.mark.skipif(os.name == "nt", reason="modes, signals and limits as POSIX has them")
as_root = pytest.mark.skipif(os.name == "nt" or os.getuid() != 0, reason="only root can run a program as somebody else")


@pytest.fixture
def here(tmp_path: Path) -> Path:
    return tmp_path / "channel.db"


@pytest.fixture
def empty(ch: Run, here: Path) -> Path:
    assert ch("init").code == 0
    return here


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sheet of ROWS sale lines with many customers, so that an import takes a while."""
    file = tmp_path_factory.mktemp("sheet") / "sales.csv"
    lines = ["销售日期,客户编码,客户名称,型号,数量,金额"]
    lines += [
        f"2024-05-{n % 28 + 1:02},C{n % 500:05},客户{n % 500},M{n % 50},{n % 7 + 1},{n % 997}.25" for n in range(ROWS)
    ]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def ask(file: Path, question: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(file) as connection:
        answer = connection.execute(question).fetchall()
    connection.close()
    return answer


def lines(file: Path) -> object:
    return ask(file, "SELECT count(*) FROM sale_line")[0][0]


def mode(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


def tables(file: Path) -> list[str]:
    """The tables of ours; what Alembic keeps for itself is its own."""
    names = [str(row[0]) for row in ask(file, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")]
    return [name for name in names if not name.startswith("sqlite_") and name != "alembic_version"]


# The schema and what is in it


def test_every_table_is_strict_and_holds_whole_numbers_and_text_only(empty: Path) -> None:
    strict = {str(row[0]): row[1] for row in ask(empty, "SELECT name, strict FROM pragma_table_list")}
    assert len(tables(empty)) > 5
    assert {name: strict[name] for name in tables(empty)} == dict.fromkeys(tables(empty), 1)
    for table in tables(empty):
        kinds = {row[2] for row in ask(empty, f'PRAGMA table_info("{table}")')}
        assert kinds <= {"INTEGER", "TEXT"}, table


def test_every_value_is_of_its_columns_type(sample: Path) -> None:
    looked_at = 0
    for table in tables(sample):
        for _id, column, kind, *_rest in ask(sample, f'PRAGMA table_info("{table}")'):
            found = {row[0] for row in ask(sample, f'SELECT DISTINCT typeof("{column}") FROM "{table}"')}
            assert found <= {str(kind).lower(), "null"}, f"{table}.{column}"
            looked_at += len(found)
    assert looked_at > 50


def test_the_file_says_whose_it_is_and_of_which_version(empty: Path) -> None:
    assert ask(empty, "PRAGMA application_id") == [(sqlite.APPLICATION_ID,)]
    assert ask(empty, "SELECT version_num FROM alembic_version") == [(db.HEAD,)]
    assert empty.read_bytes()[68:72] == b"chcl"


@pytest.mark.parametrize(("write", "journal"), [(True, "truncate"), (False, "delete")])
def test_a_connection_survives_a_power_cut_and_keeps_references(empty: Path, write: bool, journal: str) -> None:
    connection = sqlite.connect(empty, write)
    told = {
        name: connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("synchronous", "foreign_keys", "journal_mode")
    }
    connection.close()
    assert told == {"synchronous": 2, "foreign_keys": 1, "journal_mode": journal}


def test_a_reference_to_nothing_is_not_stored(empty: Path) -> None:
    with pytest.raises(sa.exc.IntegrityError), db.session(write=True) as session:
        session.execute(
            sa.text("INSERT INTO source_sheet (batch_id, name, kind, heading_row, rows) VALUES (9, '', '', 1, 0)")
        )
    assert ask(empty, "SELECT count(*) FROM source_sheet") == [(0,)]


def test_errors_hold_no_stored_values(empty: Path) -> None:
    insert = sa.text("INSERT INTO batch (id, at, user, command, rejected) VALUES (1, :phone, '', '', 0)")
    with pytest.raises(sa.exc.IntegrityError) as error, db.session(write=True) as session:
        for _time in range(2):
            session.execute(insert, {"phone": "13912345678"})
    assert "13912345678" not in str(error.value)


VALUES: list[tuple[object, ...]] = [
    (1, "2024-05-31T00:00:00Z", "甲", "import", 2**63 - 1, 0),
    (2, "", 'O\'Neil "x"\n\t;--', "import", -(2**63), 1),
    (3, "00123", "😀\x1b[2J", "import", 2**53 + 1, 2),
    (4, "NA", "nan", "import", None, 3),
]


def test_a_bulk_insert_keeps_exact_values(empty: Path) -> None:
    names = ("id", "at", "user", "command", "file_size", "rejected")
    with db.session(write=True) as session:
        assert db.bulk_insert(session, Batch.__table__, names, VALUES) == len(VALUES)  # type: ignore[attr-defined]
    assert ask(empty, f"SELECT {', '.join(names)} FROM batch ORDER BY id") == VALUES


@pytest.mark.parametrize("value", [1.5, "three", b"3"])
def test_what_is_no_whole_number_does_not_go_into_such_a_column(empty: Path, value: object) -> None:
    row = (1, "", "", "", value, 0)
    with pytest.raises(sqlite3.IntegrityError), db.session(write=True) as session:
        db.bulk_insert(session, Batch.__table__, ("id", "at", "user", "command", "file_size", "rejected"), [row])  # type: ignore[attr-defined]
    assert ask(empty, "SELECT count(*) FROM batch") == [(0,)]


# Transactions


def note(session: "sa.orm.Session", text: str = "") -> None:
    session.execute(
        sa.text("INSERT INTO batch (at, user, command, rejected) VALUES ('', '', :text, 0)"), {"text": text}
    )


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


def litter(folder: Path) -> list[str]:
    """Files left behind under passing names."""
    return [file.name for file in folder.iterdir() if file.name.startswith(".")]


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


# Ends that come too early


def moment(process: "subprocess.Popen[bytes]", journal: Path, later: float) -> bool:
    """Wait until the process has begun to write, and a little longer; False if it ended before."""
    while process.poll() is None:
        if journal.exists() and journal.stat().st_size:
            time.sleep(later)
            return process.poll() is None
        time.sleep(0.001)
    return False


@posix
def test_a_killed_import_is_all_or_nothing_and_can_be_run_again(empty: Path, sheet: Path, tmp_path: Path) -> None:
    chance = random.Random(20240603)
    env = environment(CHANNELCTL_DB=str(empty))
    start_of = empty.read_bytes()
    journal = empty.with_name("channel.db-journal")
    hot = 0
    for _time in range(10):
        empty.write_bytes(start_of)
        journal.unlink(missing_ok=True)
        process = start("import", sheet, env=env)
        if moment(process, journal, chance.uniform(0, 0.15)):
            process.kill()
        process.communicate()
        hot += journal.exists() and journal.stat().st_size > 0
        assert ask(empty, "PRAGMA integrity_check") == [("ok",)]
        assert ask(empty, "PRAGMA foreign_key_check") == []
        assert (lines(empty), ask(empty, "SELECT count(*) FROM batch")[0][0]) in ((0, 0), (ROWS, 1))
    assert hot > 0
    assert run("import", sheet, env=env)[0] == 0
    assert lines(empty) == ROWS


@posix
def test_an_import_killed_before_there_is_a_database_leaves_none(here: Path, sheet: Path) -> None:
    env = environment(CHANNELCTL_DB=str(here))
    process = start("import", sheet, env=env)
    while process.poll() is None and not litter(here.parent):
        time.sleep(0.001)
    time.sleep(0.1)
    process.kill()
    process.communicate()
    assert not here.exists() or lines(here) == ROWS
    assert run("import", sheet, env=env)[0] == 0
    assert lines(here) == ROWS


@posix
def test_an_interrupted_import_takes_itself_back_and_says_so(empty: Path, sheet: Path) -> None:
    env = environment(CHANNELCTL_DB=str(empty))
    for _try in range(5):
        process = start("import", sheet, env=env)
        if moment(process, empty.with_name("channel.db-journal"), 0.01):
            process.send_signal(signal.SIGINT)
        code, out, err = finish(process)
        if code == 130:
            break
    assert (code, out, err) == (
        130,
        "",
        "channelctl: error: interrupted; what was being written was rolled back\n",
    )
    assert lines(empty) == 0


@posix
@pytest.mark.parametrize("made_before", [True, False])
def test_a_full_disk_leaves_what_was(here: Path, sheet: Path, made_before: bool, ch: Run) -> None:
    import resource

    if made_before:
        assert ch("init").code == 0
    most = 250_000
    before = here.read_bytes() if made_before else b""
    code, out, err = run(
        "import",
        sheet,
        env=environment(CHANNELCTL_DB=str(here)),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)),
    )
    assert (code, "the disk or your share of it is full; nothing was changed" in out + err) == (3, True), (out, err)
    assert litter(here.parent) == []
    if made_before:
        assert ask(here, "PRAGMA integrity_check") == [("ok",)]
        assert lines(here) == 0
        assert here.read_bytes() == before
    else:
        assert not here.exists()


# Files that are not to be touched


def foreign(file: Path) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE batch (id INTEGER PRIMARY KEY, secret TEXT)")
    connection.close()


def foreign_in_wal(file: Path) -> None:
    """Another program's database with changes in its WAL: opening it would write them into the file."""
    program = (
        "import os, sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('PRAGMA journal_mode=WAL');"
        "c.execute('CREATE TABLE t (x)'); c.commit(); c.execute('INSERT INTO t VALUES (1)'); c.commit(); os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", program, str(file)], check=True)
    assert file.with_name(f"{file.name}-wal").stat().st_size > 0


NOT_OURS: dict[str, Callable[[Path], object]] = {
    "empty": Path.touch,
    "text": lambda file: file.write_text("客户,金额\n甲,1\n"),
    "picture": lambda file: file.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200)),
    "foreign": foreign,
    "foreign in WAL": foreign_in_wal,
    "folder": Path.mkdir,
}


def contents(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.mark.parametrize(
    "words", [["tier"], ["status"], ["init"], ["db", "upgrade"], ["customer", "add", "甲"], ["import", "SHEET"]]
)
@pytest.mark.parametrize("kind", NOT_OURS)
def test_a_file_that_is_not_ours_is_left_as_it_is(
    ch: Run, here: Path, sheet: Path, kind: str, words: list[str]
) -> None:
    NOT_OURS[kind](here)
    before = contents(here.parent)
    code, out, err = ch(*(sheet if word == "SHEET" else word for word in words))
    assert (code, out) == (4, "")
    assert err == (
        f"channelctl: error: {here} is not a channelctl database; it was left as it is\nName another one: --db PATH\n"
    )
    assert contents(here.parent) == before


def wreck_pages(data: bytearray) -> None:
    size = int.from_bytes(data[16:18], "big")
    for page in range(size, len(data), size):
        data[page : page + 8] = b"\xff" * 8


def wreck_end(data: bytearray) -> None:
    del data[len(data) // 2 :]


def wreck_start(data: bytearray) -> None:
    data[100:108] = b"\xff" * 8


@pytest.mark.parametrize("words", [["tier"], ["status"], ["customer", "add", "甲"], ["import", "SHEET"]])
@pytest.mark.parametrize("wreck", [wreck_pages, wreck_end, wreck_start])
def test_a_damaged_database_is_said_and_left_as_it_is(
    ch: Run, sample: Path, sheet: Path, wreck: Callable[[bytearray], None], words: list[str]
) -> None:
    data = bytearray(sample.read_bytes())
    wreck(data)
    sample.write_bytes(data)
    code, out, err = ch(*(sheet if word == "SHEET" else word for word in words))
    assert (code, out) == (4, "")
    assert re.fullmatch(
        rf"channelctl: error: {re.escape(str(sample))} is damaged \(.+\); it was left as it is\n"
        r"Restore a backup, or name another: --db PATH\n",
        err,
    )
    assert sample.read_bytes() == data


def test_a_database_of_a_newer_version_is_left_as_it_is(ch: Run, empty: Path) -> None:
    with sqlite3.connect(empty) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    before = empty.read_bytes()
    for words in (["tier"], ["init"], ["db", "upgrade"], ["customer", "add", "甲"]):
        assert ch(*words) == (
            4,
            "",
            f"channelctl: error: {empty} was made by a newer channelctl (schema 9999, this one knows {db.HEAD})\n"
            "Install the newer channelctl, or name another database: --db PATH\n",
        )
    assert empty.read_bytes() == before


@pytest.mark.parametrize(
    "words", [["tier"], ["score"], ["status"], ["customer", "list"], ["customer", "add", "甲"], ["db", "upgrade"]]
)
def test_where_there_is_no_database_it_says_how_to_make_one(ch: Run, here: Path, words: list[str]) -> None:
    assert ch(*words) == (4, "", "channelctl: error: " + WORDS.format(path=here))
    assert not here.exists()


@pytest.mark.parametrize("url", ["postgresql://me:secret@host/sales", "mysql://root:secret@host/x"])
def test_another_engine_is_refused_and_its_password_not_said(ch: Run, url: str) -> None:
    code, out, err = ch("--db", url, "tier")
    assert (code, out) == (4, "")
    assert err == (
        f"channelctl: error: {url.partition(':')[0]} is not an engine this version knows\n"
        "Give the path of a SQLite file: --db channel.db\n"
    )


@pytest.mark.parametrize(
    "name", ["a b.db", "a#b?c=1&mode=ro.db", "100%25.db", "数据.db", "'quoted\".db", ".hidden", "-.db"]
)
@pytest.mark.skipif(os.name == "nt", reason="signs that no Windows file name holds")
def test_a_path_may_hold_any_sign(ch: Run, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "folder with 50% & more"
    assert ch("--db", folder / name, "init") == (0, f"new database: {folder / name}\n", "")
    assert ch(f"--db=sqlite:///{folder / name}", "customer", "add", "甲").code == 0
    assert sorted(file.name for file in folder.iterdir()) == [name, f"{name}-journal"]


# Rights


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
def shared(sample_database: bytes) -> Iterator[Path]:
    """The sample database in a folder that everybody may look into."""
    folder = Path(tempfile.mkdtemp(prefix="channelctl-test-"))
    folder.chmod(0o755)
    file = folder / "channel.db"
    file.write_bytes(sample_database)
    file.chmod(0o644)
    yield file
    folder.chmod(0o755)
    shutil.rmtree(folder)


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
    tier, add, imported, init = as_nobody(
        shared,
        ["tier", "--month", "2024-05", "--format", "csv"],
        ["customer", "add", "甲"],
        ["import", "SHEET"],
        ["init"],
    )
    assert (tier[0], tier[2]) == (0, "")
    assert len(tier[1].splitlines()) > 10
    refused = (
        f"{shared} or its folder may not be written to; nothing was changed\n"
        "Ask for the right to write there, or work on a copy: --db PATH\n"
    )
    assert add == (3, "", f"channelctl: error: {refused}")
    assert imported[0] == 3
    assert refused.splitlines()[0] in imported[1] + imported[2]
    assert init == (0, f"there already: {shared}\n", "")
    assert contents(shared.parent) == before


@as_root
def test_in_a_read_only_folder_nothing_can_be_made(shared: Path) -> None:
    where = shared.with_name("new.db")
    init, imported = as_nobody(where, ["init"], ["import", "SHEET"])
    refused = (
        f"channelctl: error: cannot create the database {where}: Permission denied\n"
        "Choose a folder you may write to: --db PATH\n"
    )
    assert init == imported == (3, "", refused)
    assert os.listdir(shared.parent) == [shared.name]


@as_root
@pytest.mark.parametrize("what", ["file", "folder"])
def test_what_may_not_be_read_cannot_be_opened(shared: Path, what: str) -> None:
    (shared if what == "file" else shared.parent).chmod(0o600)
    refused = (
        f"channelctl: error: {shared} cannot be opened: Permission denied\nCheck the path and your rights to it.\n"
    )
    assert as_nobody(shared, ["tier"], ["init"], ["import", "SHEET"]) == [(4, "", refused)] * 3


# A copy


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
        assert type(sqlite.said(error, here)) is kind
    assert sqlite.said(sqlite3.OperationalError("near SELECT: syntax error"), here) is None
