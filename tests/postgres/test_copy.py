"""Moving house: a database copied whole, there and back, or not at all."""

import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from channelctl import copying, making_server, postgres, sides
from channelctl.places import Server
from tests import servers
from tests.conftest import Run
from tests.postgres.conftest import connected, rows
from tests.processes import environment, finish, start
from tests.running import empty as empty_database

pytestmark = pytest.mark.sqlite("has a server of its own")

Rows = dict[str, list[tuple[Any, ...]]]
BLANK = "channelctl: error: "


@pytest.fixture
def blank(tmp_path: Path) -> Path:
    """A database in a file with no row in it."""
    content = empty_database().content
    assert isinstance(content, bytes)
    where = tmp_path / "channel.db"
    where.write_bytes(content)
    return where


def write(file: Path, sql: str, *values: object) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(sql, values)


def batch(file: Path, **more: object) -> None:
    """A batch, which makes a database one with something in it."""
    named = {"id": 1, "at": "2024-06-03T08:00:00+08:00", "user": "a", "command": "import", "rejected": 0, **more}
    marks = ", ".join("?" * len(named))
    columns = ", ".join(f'"{name}"' for name in named)
    write(file, f"INSERT INTO batch ({columns}) VALUES ({marks})", *named.values())


def in_file(file: Path) -> Rows:
    """Every row of every table, by the names of its columns."""
    with closing(sqlite3.connect(file)) as connection:
        query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'alembic_version'"
        names = [name for (name,) in connection.execute(query)]
        found = {}
        for name in names:
            columns = sorted(row[1] for row in connection.execute(f'PRAGMA table_info("{name}")'))
            found[name] = _ordered(connection, name, columns)
        return found


def on_server(url: str, like: Rows, file: Path) -> Rows:
    """The same of a database on a server."""
    with closing(sqlite3.connect(file)) as connection:
        columns = {name: sorted(r[1] for r in connection.execute(f'PRAGMA table_info("{name}")')) for name in like}
    with connected(url) as server:
        return {name: _ordered(server, name, columns[name]) for name in like}


def _ordered(connection: Any, name: str, columns: list[str]) -> list[tuple[Any, ...]]:
    listed = ", ".join(f'"{column}"' for column in columns)
    return sorted(connection.execute(f'SELECT {listed} FROM "{name}"').fetchall(), key=repr)


def databases(url: str) -> set[str]:
    return {name for (name,) in rows(url.rpartition("/")[0] + "/postgres", "SELECT datname FROM pg_database")}


def name_of(url: str) -> str:
    return url.rpartition("/")[2]


REPORTS = [
    ["status"],
    ["tier", "--month", "2024-05"],
    ["score", "--month", "2024-05"],
    ["credit", "ageing"],
    ["batch", "list"],
    ["customer", "list"],
]


def test_there_and_back_it_is_the_same(ch: Run, sample: Path, home: str, tmp_path: Path) -> None:
    back = tmp_path / "back.db"
    there = ch("db", "copy", sample, home, "--format", "csv")
    again = ch("db", "copy", home, back, "--format", "csv")
    assert (there.code, again.code, there.err, again.err) == (0, 0, "", "")
    assert again.out == there.out
    before = in_file(sample)
    assert sum(map(len, before.values())) > 1_000
    assert in_file(back) == before
    assert on_server(home, before, sample) == before
    for words in REPORTS:
        outputs = {ch("--db", place, *words, "--format", "json") for place in (sample, home, back)}
        assert len(outputs) == 1, words
    assert ch("--db", home, "db", "check").code == ch("--db", back, "db", "check").code == 0


def test_what_was_copied_is_said_table_by_table(ch: Run, blank: Path, home: str) -> None:
    batch(blank)
    result = ch("db", "copy", blank, home)
    lines = result.out.splitlines()
    assert (result.code, result.err) == (0, "")
    assert lines[0] == f"{blank} copied to {home}"
    assert [line.split()[:2] for line in lines if line.startswith("batch ")] == [["batch", "1"]]
    names = {line.split()[0] for line in lines[4:-2]}
    assert names == in_file(blank).keys() - {"member"}
    assert lines[-1] == f"{home} holds the same 1 rows in {len(names)} tables"


@pytest.mark.parametrize("kind", ["file to file", "server to server"])
def test_a_copy_may_stay_on_its_engine(ch: Run, sample: Path, home: str, tmp_path: Path, kind: str) -> None:
    first: object = sample
    second: object = tmp_path / "second.db"
    if kind == "server to server":
        first, second = home, f"{home}_2"
        assert ch("db", "copy", sample, home).code == 0
    try:
        result = ch("db", "copy", first, second)
        assert (result.code, result.err) == (0, "")
        before = in_file(sample)
        after = on_server(str(second), before, sample) if kind == "server to server" else in_file(Path(str(second)))
        assert after == before
    finally:
        with connected(home.rpartition("/")[0] + "/postgres") as server:
            server.execute(f'DROP DATABASE IF EXISTS "{name_of(home)}_2"')


# Values that one engine, or the text between them, could mistake.


@pytest.fixture(scope="module")
def open_side(system: servers.Server) -> Iterator[Any]:
    """A made database on the server, and a transaction on it that is never committed."""
    url = system.address.url("values")
    making_server.create(Server(url))
    with postgres.connect(Server(url), write=True) as connection:
        yield connection
        connection.rollback()


text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
ints = st.integers(-(2**63), 2**63 - 1)
NASTY = [
    "",
    "\\N",
    "\\",
    "\\\\",
    "\\.",
    "\n",
    "\r\n",
    "\t",
    "\b\f\v\a\x1b\x7f",
    "'\"`;--%s:name",
    "NULL",
    "\x01",
    "😀𠮷",
]


@given(st.lists(st.tuples(text | st.none(), ints | st.none(), text), max_size=4), st.binary(max_size=40))
@example([(value, 0, value) for value in NASTY], b"")
@example([(None, 2**63 - 1, ""), ("", -(2**63), ""), ("长" * 300_000, 0, "")], bytes(range(256)))
@hypothesis_settings(max_examples=60)
def test_every_value_comes_over_and_back(
    open_side: Any, given_rows: list[tuple[str | None, int | None, str]], content: bytes
) -> None:
    target = sides.Database(open_side, Server("postgresql:///x"))
    with closing(sqlite3.connect(":memory:")) as first, closing(sqlite3.connect(":memory:")) as second:
        for connection in (first, second):
            for statement in _schema():
                connection.execute(statement)
        for number, (settings, size, user) in enumerate(given_rows, 1):
            first.execute(
                'INSERT INTO batch (id, "at", "user", command, settings, file_size, rejected) '
                "VALUES (?, '', ?, '', ?, ?, 0)",
                (number, user, settings, size),
            )
        if given_rows:
            first.execute("INSERT INTO kept_file VALUES (1, 1, ?)", (content,))
        source, back = sides.File(first, Path("first")), sides.File(second, Path("second"))
        tables = [table for table in source.tables() if table.name in ("batch", "kept_file")]
        try:
            with open_side.transaction():
                done = copying.between(source, target, tables, Path("x"))
                again = copying.between(target, back, tables, Path("y"))
                raise _TakeBack
        except _TakeBack:
            pass
        assert again == done
        for table in tables:
            query = f'SELECT * FROM "{table.name}" ORDER BY id'
            assert second.execute(query).fetchall() == first.execute(query).fetchall()


class _TakeBack(Exception):
    """What is written is not to stay."""


def _schema() -> list[str]:
    content = empty_database().content
    assert isinstance(content, bytes)
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(content)
        query = "SELECT sql FROM sqlite_master WHERE type = 'table' AND name IN ('batch', 'kept_file')"
        return [sql for (sql,) in connection.execute(query)]


def test_sales_of_two_centuries_come_over(ch: Run, blank: Path, home: str, tmp_path: Path) -> None:
    batch(blank)
    days = [f"{year}-{month:02}-28" for year in (1900, 1999, 2024, 2100) for month in (1, 2, 12)]
    days += ["2024-02-29", "2024-05-01", "2024-05-31"]
    for number, day in enumerate(days):
        write(
            blank, "INSERT INTO sale_line (batch_id, date, amount, content_key) VALUES (1, ?, ?, ?)",
            day, number, -number,
        )  # fmt: skip
    assert ch("db", "copy", blank, home).code == 0
    parts = {name for (name,) in rows(home, "SELECT relid::text FROM pg_partition_tree('sale_line') WHERE isleaf")}
    assert parts == {f"sale_line_{day[:4]}_{day[5:7]}" for day in days}
    assert ch("db", "copy", home, tmp_path / "back.db").code == 0
    assert in_file(tmp_path / "back.db") == in_file(blank)


HINT = "\nCorrect that record there, then run it again.\n"


@pytest.mark.parametrize(
    ("sql", "values", "code", "said"),
    [
        (
            "INSERT INTO saved_map VALUES (7, ?, 'f', '{}')", ["a\0b"], 3,
            "{file} holds a text with the sign number 0 in it (saved_map.name, id 7); nothing was copied" + HINT,
        ),
        (
            "INSERT INTO saved_map VALUES (7, 'n', CAST(x'61ff62' AS TEXT), '{}')", [], 4,
            "{file} is damaged (saved_map: invalid start byte); "
            "it was left as it is\nRestore a backup, or name another: --db PATH\n",
        ),
        (
            "INSERT INTO saved_map VALUES (7, 'n', CAST(x'eda080' AS TEXT), '{}')", [], 4,
            "{file} is damaged (saved_map: invalid continuation byte); it was left as it is\n"
            "Restore a backup, or name another: --db PATH\n",
        ),
        (
            "UPDATE batch SET rejected = ?", [2**31], 3,
            'batch holds what {url} cannot keep: value "2147483648" is out of range for type integer; '
            "nothing was copied" + HINT,
        ),
        (
            "INSERT INTO sale_line (batch_id, date, amount, content_key) VALUES (1, '2024-13-01', 1, 1)", [], 3,
            "sale_line holds what {url} cannot keep: 2024-13 is no month; nothing was copied" + HINT,
        ),
        (
            "INSERT INTO sale_line (batch_id, date, amount, content_key) VALUES (1, 'gestern', 1, 1)", [], 3,
            "sale_line holds what {url} cannot keep: gestern is no month; nothing was copied" + HINT,
        ),
        (
            "INSERT INTO kept_file VALUES (1, 99, x'00')", [], 4,
            "{file} holds broken references (kept_file); nothing was copied\n"
            "channelctl db check tells of them; restore a backup made before.\n",
        ),
    ],
    ids=["zero", "no text", "half a sign", "too large", "no month", "no day", "no such batch"],
)  # fmt: skip
def test_what_a_server_cannot_keep_is_named(
    ch: Run, blank: Path, home: str, sql: str, values: list[object], code: int, said: str
) -> None:
    batch(blank)
    write(blank, sql, *values)
    before = blank.read_bytes()
    result = ch("db", "copy", blank, home)
    assert (result.code, result.out) == (code, "")
    assert result.err == BLANK + said.format(file=blank, url=home)
    assert name_of(home) not in databases(home)
    assert blank.read_bytes() == before


def test_a_file_is_not_copied_with_what_no_other_place_keeps(ch: Run, blank: Path, tmp_path: Path) -> None:
    write(blank, "INSERT INTO saved_map VALUES (7, ?, 'f', '{}')", "a\0b")
    result = ch("db", "copy", blank, tmp_path / "new.db")
    assert result.code == 3
    assert sorted(file.name for file in tmp_path.glob("*")) == ["channel.db"]


# A target that is there, a source that is not


def made(ch: Run, home: str) -> None:
    assert ch("--db", home, "init").code == 0


def with_batch(ch: Run, home: str) -> None:
    made(ch, home)
    assert ch("--db", home, "customer", "add", "甲").code == 0


def bare(_ch: Run, home: str) -> None:
    with connected(home.rpartition("/")[0] + "/postgres") as server:
        server.execute(f'CREATE DATABASE "{name_of(home)}"')


def of_others(ch: Run, home: str) -> None:
    bare(ch, home)
    with connected(home) as server:
        server.execute("CREATE TABLE theirs (id int)")


def older(ch: Run, home: str) -> None:
    made(ch, home)
    with connected(home) as server:
        server.execute("UPDATE alembic_version SET version_num = '0007'")


@pytest.mark.parametrize("there", [bare, made])
def test_a_database_with_nothing_in_it_is_filled(
    ch: Run, blank: Path, home: str, there: Callable[[Run, str], None]
) -> None:
    batch(blank)
    there(ch, home)
    assert ch("db", "copy", blank, home).code == 0
    assert rows(home, "SELECT count(*) FROM batch") == [(1,)]


@pytest.mark.parametrize(
    ("there", "code", "said"),
    [
        (with_batch, 3, "{url} holds data already; it was left as it is"),
        (of_others, 4, "{url} is not a channelctl database; it was left as it is"),
        (older, 4, "{url} is of an older channelctl (schema 0007, now "),
    ],
)
def test_a_database_with_something_in_it_is_left_as_it_is(
    ch: Run, blank: Path, home: str, there: Callable[[Run, str], None], code: int, said: str
) -> None:
    batch(blank)
    there(ch, home)
    before = _dumped(home)
    result = ch("db", "copy", blank, home)
    assert (result.code, result.out) == (code, "")
    assert result.err.startswith(BLANK + said.format(url=home))
    assert _dumped(home) == before


def _dumped(url: str) -> object:
    tables = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
    return [(name, rows(url, f'SELECT * FROM "{name}" ORDER BY 1')) for (name,) in rows(url, tables)]


@pytest.mark.parametrize("there", [bare, made])
def test_a_copy_that_fails_leaves_a_database_that_was_there(
    ch: Run, blank: Path, home: str, there: Callable[[Run, str], None]
) -> None:
    batch(blank)
    write(blank, "INSERT INTO saved_map VALUES (7, ?, 'f', '{}')", "a\0b")
    there(ch, home)
    before = _dumped(home)
    assert ch("db", "copy", blank, home).code == 3
    assert _dumped(home) == before


def test_what_arrives_otherwise_is_not_kept(ch: Run, blank: Path, home: str) -> None:
    batch(blank)
    made(ch, home)
    with connected(home) as server:
        server.execute(
            "CREATE FUNCTION other() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN NEW.command = 'other'; RETURN NEW; END $$"
        )
        server.execute("CREATE TRIGGER other BEFORE INSERT ON batch FOR EACH ROW EXECUTE FUNCTION other()")
    result = ch("db", "copy", blank, home)
    said = f"batch is not in {home} as it was: 1 rows of 1; nothing was kept\n"
    assert (result.code, result.out, result.err) == (4, "", BLANK + said)
    assert rows(home, "SELECT count(*) FROM batch") == [(0,)]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["no.db", "new.db"], 4, "there is no database at no.db\n"),
        (["channel.db", "channel.db"], 2, "channel.db cannot be copied into itself\nName another place to copy it to."),
        (["channel.db", "sqlite:///channel.db"], 2, "channel.db cannot be copied into itself\n"),
        (["channel.db", "there.txt"], 3, "there.txt is there already; it was left as it is\nCopy into a new one: "),
        (["there.txt", "new.db"], 4, "there.txt is not a channelctl database; it was left as it is\n"),
        (["channel.db", "mysql://a/b"], 4, "mysql is not an engine this version knows\n"),
        (["channel.db", ""], 2, "an empty word names no database\nGive a path or a URL: channelctl db copy "),
        (["channel.db"], 2, "TARGET is missing\n"),
        (["channel.db", "there.txt/new.db"], 3, "cannot create the database there.txt/new.db: "),
        (["channel.db", "postgresql://u:geheim@127.0.0.1:1/x"], 4, "postgresql://u@127.0.0.1:1/x cannot be reached: "),
        (["postgresql://u:geheim@127.0.0.1:1/x", "new.db"], 4, "postgresql://u@127.0.0.1:1/x cannot be reached: "),
    ],
)
def test_bad_words_are_said(ch: Run, blank: Path, tmp_path: Path, words: list[str], code: int, said: str) -> None:
    (tmp_path / "there.txt").write_text("mine")
    before = blank.read_bytes()
    result = ch("db", "copy", *words)
    assert (result.code, result.out) == (code, "")
    assert result.err.startswith(BLANK + said)
    assert "geheim" not in result.err
    assert sorted(file.name for file in tmp_path.glob("*")) == ["channel.db", "there.txt"]
    assert (blank.read_bytes(), (tmp_path / "there.txt").read_text()) == (before, "mine")


@pytest.mark.parametrize(
    ("revision", "said"),
    [
        ("0003", "{file} is of an older channelctl (schema 0003, now "),
        ("9999", "{file} was made by a newer channelctl (schema 9999, "),
    ],
)
def test_only_this_versions_tables_are_copied(ch: Run, blank: Path, home: str, revision: str, said: str) -> None:
    write(blank, "UPDATE alembic_version SET version_num = ?", revision)
    result = ch("db", "copy", blank, home)
    assert result.code == 4
    assert result.err.startswith(BLANK + said.format(file=blank))
    assert name_of(home) not in databases(home)


def test_a_login_that_sees_a_part_copies_nothing(ch: Run, blank: Path, home: str, tmp_path: Path) -> None:
    batch(blank)
    assert ch("db", "copy", blank, home).code == 0
    with connected(home) as server:
        server.execute("CREATE ROLE seer LOGIN")
        server.execute(f'GRANT CONNECT ON DATABASE "{home.rpartition("/")[2]}" TO seer')
        server.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO seer")
        server.execute("ALTER TABLE saved_map ENABLE ROW LEVEL SECURITY")
    try:
        result = ch("db", "copy", home.replace("//channelctl@", "//seer@"), tmp_path / "part.db")
        assert (result.code, result.out) == (3, "")
        assert "only whoever owns " in result.err
        assert not (tmp_path / "part.db").exists()
    finally:
        with connected(home) as server:
            server.execute("DROP OWNED BY seer")
            server.execute("DROP ROLE seer")


# Stopped in the middle


@pytest.fixture
def large(blank: Path) -> Path:
    """Enough to copy that somebody can come in between."""
    batch(blank)
    write(
        blank,
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000) "
        "INSERT INTO sale_line (batch_id, date, amount, content_key) "
        "SELECT 1, printf('2024-%02d-01', i % 12 + 1), i, i FROM n",
    )
    return blank


def _stop_while(process: "subprocess.Popen[bytes]", seen: Callable[[], bool], sign: signal.Signals) -> None:
    until = time.monotonic() + 30
    while process.poll() is None and not seen():
        assert time.monotonic() < until
        time.sleep(0.002)
    process.send_signal(sign)


def _copies(home: str) -> bool:
    query = "SELECT 1 FROM pg_stat_activity WHERE datname = %s AND query LIKE %s"
    return bool(rows(home.rpartition("/")[0] + "/postgres", query, name_of(home), 'COPY "sale_line"%'))


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGKILL])
def test_a_copy_to_a_server_that_is_stopped_leaves_nothing(
    ch: Run, large: Path, home: str, sign: signal.Signals
) -> None:
    process = start("db", "copy", large, home, env=environment(CHANNELCTL_DB=str(large)))
    _stop_while(process, lambda: _copies(home), sign)
    code, out, err = finish(process)
    assert (code, out) == ((130, "") if sign == signal.SIGINT else (-9, ""))
    if sign == signal.SIGINT:
        assert "interrupted" in err
        assert name_of(home) not in databases(home)
    else:
        assert rows(home, "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace") == [(0,)]
    assert ch("db", "copy", large, home).code == 0
    assert rows(home, "SELECT count(*), sum(amount) FROM sale_line") == [(60_000, 1_800_030_000)]


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGKILL])
def test_a_copy_to_a_file_that_is_stopped_leaves_no_file(
    ch: Run, large: Path, tmp_path: Path, sign: signal.Signals
) -> None:
    target = tmp_path / "folder" / "new.db"
    process = start("db", "copy", large, target, env=environment(CHANNELCTL_DB=str(large)))
    _stop_while(process, lambda: any(file.stat().st_size > 2_000_000 for file in target.parent.glob(".*.new")), sign)
    assert finish(process)[0] == (130 if sign == signal.SIGINT else -9)
    assert not target.exists()
    assert sign == signal.SIGKILL or list(target.parent.iterdir()) == []
    assert ch("db", "copy", large, target).code == 0
    assert in_file(target) == in_file(large)
