"""Many rows are inserted beside: whatever comes next sees all of them, and what goes wrong takes everything back."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from channelctl import db, sqlite, threads
from channelctl.storage import SavedMap

pytestmark = pytest.mark.sqlite("the thread that inserts into a file; a server is copied into")

MANY = 20_000
NAMES = ("name", "fingerprint", "mapping")
TABLE = SavedMap.__table__  # type: ignore[attr-defined]


def rows(count: int, first: int = 0) -> list[tuple[str, str, str]]:
    return [(f"map {n}", f"{n % 7}", "{}") for n in range(first, first + count)]


def kept(here: Path) -> int:
    with closing(sqlite3.connect(here)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return int(connection.execute("SELECT count(*) FROM saved_map").fetchone()[0])


@pytest.fixture(params=["beside", "at once"])
def place(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, empty: Path) -> Path:
    if request.param == "at once":
        monkeypatch.setattr(threads, "allowed", lambda: False)
    return empty


@pytest.mark.parametrize("count", [0, 1, 999, 1_000, 1_001, 10_922, 10_923, MANY])
def test_every_row_is_there_for_the_next_statement(place: Path, count: int) -> None:
    with db.session(write=True) as session:
        assert db.bulk_insert(session, TABLE, NAMES, iter(rows(count))) == count
        found = session.execute(text("SELECT name, fingerprint, mapping FROM saved_map ORDER BY id")).all()
        assert [tuple(row) for row in found] == rows(count)
    assert kept(place) == count


def test_pieces_keep_their_order(place: Path) -> None:
    with db.session(write=True) as session:
        for first in range(0, MANY, 2_500):
            db.bulk_insert(session, TABLE, NAMES, rows(2_500, first))
    with closing(sqlite3.connect(place)) as connection:
        assert connection.execute("SELECT name FROM saved_map ORDER BY id").fetchall() == [
            (row[0],) for row in rows(MANY)
        ]


@pytest.mark.parametrize("then", ["a statement", "more rows", "indexes", "the end"])
def test_a_row_that_cannot_be_inserted_takes_all_back(place: Path, then: str) -> None:
    twice = [*rows(MANY), rows(1)[0]]
    with (
        pytest.raises((sqlite3.IntegrityError, IntegrityError), match=r"saved_map\.name"),
        db.session(write=True) as session,
    ):
        session.execute(text("INSERT INTO saved_map (name, fingerprint, mapping) VALUES ('first', '', '')"))
        db.bulk_insert(session, TABLE, NAMES, twice)
        if then == "a statement":
            session.execute(text("SELECT 1"))
        elif then == "more rows":
            db.bulk_insert(session, TABLE, NAMES, rows(1, MANY))
        elif then == "indexes":
            db.take_indexes(session, TABLE)
        assert then == "the end"
    assert kept(place) == 0


def test_who_stops_meanwhile_leaves_nothing(place: Path) -> None:
    with pytest.raises(KeyboardInterrupt), db.session(write=True) as session:
        db.bulk_insert(session, TABLE, NAMES, rows(MANY))
        raise KeyboardInterrupt
    assert kept(place) == 0
    with db.session(write=True) as session:
        db.bulk_insert(session, TABLE, NAMES, rows(1_500))
    assert kept(place) == 1_500


def test_a_reader_has_nothing_to_wait_for(empty: Path) -> None:
    with db.session() as session:
        assert "inserts" not in session.connection().info
        assert session.execute(text("SELECT count(*) FROM saved_map")).scalar() == 0
    assert sqlite.is_ours(empty)
