"""What tests ask of a database file and its folder, without the program's help."""

import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

ROWS = 4_000
posix = pytest.mark.skipif(os.name == "nt", reason="modes, signals and limits as POSIX has them")


def ask(file: Path, question: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(file)) as connection, connection:
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


def litter(folder: Path) -> list[str]:
    """Files left behind under passing names."""
    return [file.name for file in folder.iterdir() if file.name.startswith(".")]


def contents(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def note(session: "sa.orm.Session", text: str = "") -> None:
    session.execute(
        sa.text("INSERT INTO batch (at, user, command, rejected) VALUES ('', '', :text, 0)"), {"text": text}
    )
