"""Which tests run on PostgreSQL too: those that come to a database, unless they are about SQLite's files.

Whether a test comes to a database is told by its fixtures and by what its module imports. A test that opens one
although this says that it does not fails on SQLite.
"""

import ast
import sys
from functools import cache
from pathlib import Path

import pytest

HERE = Path(__file__).parent
MARK = "sqlite(why): about SQLite's files, not run on PostgreSQL"

_FIXTURES = {"ch", "made_database", "sample_database"}
_DOORS = (
    *("channelctl.cli", "channelctl.db", "channelctl.making", "channelctl.sqlite", "sqlite3", "sqlmodel"),
    *("tests.pages", "tests.processes", "tests.tables", "tests.terminal"),
)
_opened: list[str] = []


def listen() -> None:
    """Note from now on which databases are opened in this process, and which processes of the program are started."""

    def heard(event: str, arguments: tuple[object, ...]) -> None:
        if event == "sqlite3.connect" and arguments[0] != ":memory:":
            _opened.append(str(arguments[0]))
        elif event == "subprocess.Popen" and isinstance(arguments[1], list) and "channelctl" in arguments[1]:
            _opened.append(" ".join(map(str, arguments[1])))

    sys.addaudithook(heard)


def opened() -> list[str]:
    """The databases opened since it was last asked."""
    found = _opened[:]
    _opened.clear()
    return found


def split(items: list[pytest.Item]) -> tuple[list[pytest.Item], list[pytest.Item]]:
    """The tests that run on PostgreSQL, and those that run on SQLite only."""
    kept = [item for item in items if item.get_closest_marker("sqlite") is None and comes_to_a_database(item)]
    chosen = set(kept)
    return kept, [item for item in items if item not in chosen]


def comes_to_a_database(item: pytest.Item) -> bool:
    """Whether a test may open one, by itself or through what it stands on."""
    if _FIXTURES & set(getattr(item, "fixturenames", ())):
        return True
    return _reaches(item.path)


@cache
def _reaches(path: Path) -> bool:
    """Whether a module of tests, or one that it stands on, can open a database."""
    names = _imports(path)
    if any(name == door or name.startswith(f"{door}.") for name in names for door in _DOORS):
        return True
    files = {found for name in names if (found := _file(name)) is not None and found != HERE / "conftest.py"}
    return any(_reaches(file) for file in sorted(files - {path}))


def _file(name: str) -> Path | None:
    """The file of a module of ours among the tests, also where the last word is a name in it."""
    if not name.startswith("tests."):
        return None
    parts = name.split(".")[1:]
    for many in (len(parts), len(parts) - 1):
        if many and (found := HERE.joinpath(*parts[:many]).with_suffix(".py")).is_file():
            return found
    return None


def _imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found
