"""Many command lines in one process: the tree of commands is built once, and a folder of its own stands around them."""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, redirect_stderr, redirect_stdout
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
import typer

from channelctl import cli, i18n, settings
from tests.conftest import Result, Text, forget

# What tells of batches and files stays when a batch is taken back; everything else is to be as it was.
OF_BATCHES = ("batch", "source_sheet", "change", "audit_entry", "kept_file")


@cache
def _commands() -> Any:
    return typer.main.get_command(cli.program())


def run(*words: object) -> Result:
    """Run a command line: code, out, err; never with a traceback or as a bug."""
    commands, out, err = _commands(), Text(), Text()
    settings.current = settings.Settings()
    forget()
    with (
        mock.patch.object(cli, "program", lambda: None),
        mock.patch.object(typer.main, "get_command", lambda _program: commands),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        code = cli.run([str(word) for word in words])
    i18n.use("en")
    assert code != 70, err.text()
    assert "Traceback" not in err.text(), err.text()
    return Result(code, out.text(), err.text())


@cache
def empty() -> bytes:
    """A database with nothing in it."""
    with tempfile.TemporaryDirectory() as folder:
        where = Path(folder) / "empty.db"
        assert run("init", "--db", where).code == 0
        return where.read_bytes()


@contextmanager
def folder() -> Iterator[Path]:
    """A folder to work in, with an empty database of its own."""
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        database = Path(name) / "channel.db"
        database.write_bytes(empty())
        patch.setenv("CHANNELCTL_DB", str(database))
        patch.chdir(name)
        yield Path(name)


def contents(database: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every table's rows but those that tell of batches."""
    with closing(sqlite3.connect(database)) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        kept = [name for name in names if name not in OF_BATCHES and not name.startswith("sqlite_")]
        return {name: connection.execute(f'SELECT * FROM "{name}" ORDER BY 1').fetchall() for name in kept}
