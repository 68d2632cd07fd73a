"""Many command lines in one process: the tree of commands is built once, and a folder of its own stands around them."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
import typer

from channelctl import cli, i18n, settings
from tests import tables
from tests.conftest import Result, Text, forget


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
def empty() -> tables.Kept:
    """A database with nothing in it."""
    with tempfile.TemporaryDirectory() as folder:
        where = Path(folder) / "empty.db"
        assert run("init", "--db", tables.address(where)).code == 0
        return tables.keep(where)


@contextmanager
def folder() -> Iterator[Path]:
    """A folder to work in, with an empty database of its own."""
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        database = Path(name) / "channel.db"
        tables.put(empty(), database)
        patch.setenv("CHANNELCTL_DB", tables.address(database))
        patch.chdir(name)
        yield Path(name)
        tables.remove(database)
