"""Commands that write, each with the folder it works in."""

import csv
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple
from unittest import mock

from channelctl import making, versions
from tests.faults import stage

ROWS = 3_000


class Scene(NamedTuple):
    """A command that writes; `build` makes its folder.

    `parts` are shorter commands that reach the states in between, where it is several transactions; `done_before` is
    the exit code where it was done already. `makes` is a file that it makes, `gone` a word that is in no byte of the
    database and its journal when it is done.
    """

    name: str
    words: Sequence[str]
    build: Callable[[Path], None]
    code: int = 0
    done_before: int = 0
    parts: Sequence[Sequence[str]] = ()
    makes: str = ""
    gone: str = ""


def every() -> Iterator[Scene]:
    """All of them, those first that show most."""
    yield Scene("import beside others", ["import", "new.csv"], _two_batches)
    yield Scene("import overlapping", ["import", "later.csv"], _two_batches)
    yield Scene("import into nothing", ["import", "new.csv"], _sheets)
    yield Scene("import of two files", ["import", "new.csv", "plain.csv"], _two_batches, parts=[["import", "new.csv"]])
    yield Scene("import of a part", ["import", "bad.csv", "--partial"], _two_batches, 1, 1, makes="bad.rejected.xlsx")
    yield Scene("import first lines", ["import", "new.csv"], _empty)
    yield Scene("undo", ["batch", "undo", "2"], _two_batches, 0, 2)
    yield Scene("set", ["customer", "set", "C00007", "class=V1", "city=南京"], _two_batches)
    yield Scene("merge", ["customer", "merge", "C00007", "C00014"], _two_batches, 0, 2)
    yield Scene("restore", ["restore", "old.backup"], _with_backup)
    yield Scene("erase", ["erase", "contact", "N00007", "--yes"], _two_batches, gone="联系人7氏")
    yield Scene("upgrade", ["db", "upgrade"], _older)


def writers() -> Iterator[Scene]:
    """Those that only make a file."""
    yield Scene("backup", ["backup", "copy.backup"], _two_batches, makes="copy.backup")
    yield Scene("export xlsx", ["export", "sales", "--output", "out.xlsx"], _two_batches, makes="out.xlsx")
    yield Scene("export csv", ["export", "sales", "--output", "out.csv"], _two_batches, makes="out.csv")
    yield Scene("batch file", ["batch", "file", "1", "--output", "out.csv"], _kept, makes="out.csv")


def _kept(folder: Path) -> None:
    (folder / "policy.toml").write_text("[import]\nkeep_files = true\n", "utf-8")
    _sheets(folder)
    _done("import", "first.csv")


def _sheets(folder: Path) -> None:
    stage.sales(folder / "first.csv", range(ROWS), 1)
    stage.sales(folder / "new.csv", range(2 * ROWS, 3 * ROWS), 2)
    stage.sales(folder / "later.csv", range(ROWS // 2, ROWS * 3 // 2), 3, changed=5)
    stage.sales(folder / "plain.csv", range(4 * ROWS, 4 * ROWS + ROWS // 2), 4, documents=False)
    stage.sales(folder / "bad.csv", range(6 * ROWS, 7 * ROWS), 5, bad=50)
    stage.contacts(folder / "people.csv", 60)


def _two_batches(folder: Path) -> None:
    """The sheets, and a database with two of them in it; made once beside the folder, and copied."""
    once = folder.with_name(f"two-batches-{ROWS}")
    if not once.exists():
        once.mkdir()
        stage.settle(once)
        _sheets(once)
        _done("import", "first.csv")
        _done("import", "people.csv")
        stage.settle(folder)
    shutil.copytree(once, folder, dirs_exist_ok=True)


def with_workbook(folder: Path) -> None:
    """The sheets, one of them also as a workbook, and a database with earlier batches."""
    import xlsxwriter

    _two_batches(folder)
    stage.sales(folder / "new.csv", range(2 * ROWS, 8 * ROWS), 2)
    with xlsxwriter.Workbook(folder / "new.xlsx") as book:
        sheet = book.add_worksheet("销售")
        with (folder / "new.csv").open(encoding="utf-8", newline="") as text:
            for number, row in enumerate(csv.reader(text)):
                sheet.write_row(number, 0, row)


def _empty(folder: Path) -> None:
    _sheets(folder)
    _done("init")


def _with_backup(folder: Path) -> None:
    _two_batches(folder)
    _done("backup", "old.backup")
    _done("import", "new.csv")


def _older(folder: Path) -> None:
    """A database of the first version, with data in it."""
    _two_batches(folder)
    (folder / "channel.db").rename(folder / "newer.db")
    with mock.patch.object(versions, "HEAD", "0001"):
        making.create()
    with closing(sqlite3.connect(folder / "channel.db")) as older, older:
        older.execute("ATTACH ? AS newer", (str(folder / "newer.db"),))
        names = [row[0] for row in older.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'")]
        for name in names:
            if name != "alembic_version":
                columns = ", ".join(
                    row[0] for row in older.execute(f"SELECT '\"' || name || '\"' FROM pragma_table_info('{name}')")
                )
                older.execute(f'INSERT INTO main."{name}" ({columns}) SELECT {columns} FROM newer."{name}"')
    (folder / "newer.db").unlink()


def _done(*words: str) -> None:
    """Run a command in this process's child, which has to succeed."""
    done = stage.run(*words)
    assert done.code == 0, done
