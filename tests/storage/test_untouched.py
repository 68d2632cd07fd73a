"""Files that are not ours to touch, or that we cannot use as they are."""

import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from channelctl import db, making_file
from tests.conftest import Run
from tests.storage.files import ask, contents

pytestmark = pytest.mark.sqlite("files that are not ours")

WORDS = (
    "there is no database at {path}\nchannelctl import FILE or channelctl init makes one; --db PATH names another.\n"
)


def foreign(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
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


READING = (
    ["tier"],
    ["status"],
    ["db", "check"],
    ["export", "sales", "--output", "out.csv"],
    ["backup", "out.backup"],
    ["batch", "file", "1", "--output", "out.csv"],
)
WRITING = (
    ["customer", "add", "甲"],
    ["import", "SHEET"],
    ["batch", "undo", "1"],
    ["erase", "contact", "N00001", "--yes"],
)


@pytest.mark.parametrize("words", [*READING, *WRITING, ["init"], ["db", "upgrade"]], ids=" ".join)
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


@pytest.mark.parametrize("words", [*READING, *WRITING], ids=" ".join)
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


def test_a_database_of_a_newer_version_is_left_as_it_is(ch: Run, empty: Path, sheet: Path) -> None:
    with closing(sqlite3.connect(empty)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    before = empty.read_bytes()
    for words in (*READING, *WRITING, ["init"], ["db", "upgrade"]):
        assert ch(*(sheet if word == "SHEET" else word for word in words)) == (
            4,
            "",
            f"channelctl: error: {empty} was made by a newer channelctl (schema 9999, this one knows {db.HEAD})\n"
            "Install the newer channelctl, or name another database: --db PATH\n",
        )
    assert empty.read_bytes() == before


@pytest.mark.parametrize("kind", NOT_OURS)
def test_a_backup_is_not_restored_over_a_file_that_is_not_ours(
    ch: Run, sample: Path, tmp_path_factory: pytest.TempPathFactory, kind: str
) -> None:
    copy = tmp_path_factory.mktemp("copies") / "copy.backup"
    assert ch("backup", copy).code == 0
    sample.unlink()
    NOT_OURS[kind](sample)
    before = contents(sample.parent)
    assert ch("restore", copy) == (
        4,
        "",
        f"channelctl: error: {sample} is not a channelctl database; it was left as it is\n"
        "Name another one: --db PATH\n",
    )
    assert contents(sample.parent) == before


@pytest.mark.parametrize("hot", [False, True], ids=["", "with a journal"])
@pytest.mark.parametrize("wreck", [wreck_pages, wreck_end, wreck_start])
def test_a_backup_takes_the_place_of_a_damaged_database(
    ch: Run, sample: Path, tmp_path: Path, wreck: Callable[[bytearray], None], hot: bool
) -> None:
    """What was there is kept byte by byte, where SQLite did not mend it from its journal."""
    copy, aside = tmp_path / "copy.backup", tmp_path / "channel.db.before-restore"
    assert ch("backup", copy).code == 0
    data = bytearray(sample.read_bytes())
    wreck(data)
    sample.write_bytes(data)
    if hot:
        sample.with_name("channel.db-journal").write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + b"\xff" * 2000)
    done = ch("restore", copy)
    assert done == (0, f"{sample} is now as {copy}\nas it was before: {aside}\n", "")
    assert ask(sample, "SELECT count(*), sum(amount) FROM sale_line") == ask(
        copy, "SELECT count(*), sum(amount) FROM sale_line"
    )
    assert ch("db", "check").code == 0
    if not hot:
        assert aside.read_bytes() == data


def test_the_journal_of_a_damaged_database_is_not_taken_for_the_restored_ones(tmp_path: Path) -> None:
    target, draft, aside = (tmp_path / name for name in ("channel.db", "draft", "channel.db.before-restore"))
    target.write_bytes(b"damaged")
    target.with_name("channel.db-journal").write_bytes(b"hot")
    draft.write_bytes(b"whole")
    assert making_file._replaced(target, draft, aside) == aside
    assert contents(tmp_path) == {
        "channel.db": b"whole",
        "channel.db.before-restore": b"damaged",
        "channel.db.before-restore-journal": b"hot",
    }


@pytest.mark.parametrize(
    "words", [*READING, ["score"], ["customer", "list"], ["customer", "add", "甲"], ["db", "upgrade"]], ids=" ".join
)
def test_where_there_is_no_database_it_says_how_to_make_one(ch: Run, here: Path, words: list[str]) -> None:
    assert ch(*words) == (4, "", "channelctl: error: " + WORDS.format(path=here))
    assert not here.exists()


def test_another_engine_is_refused_and_its_password_not_said(ch: Run) -> None:
    code, out, err = ch("--db", "mysql://root:secret@host/x", "tier")
    assert (code, out) == (4, "")
    assert err == (
        "channelctl: error: mysql is not an engine this version knows\n"
        "Give the path of a SQLite file, or a URL: --db channel.db or --db postgresql://user@host/name\n"
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
