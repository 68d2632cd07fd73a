"""Tables that hold exact values only."""

import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa

from channelctl import db, sqlite
from channelctl.storage import Batch
from tests.storage.files import ask, tables

pytestmark = pytest.mark.sqlite("STRICT tables and PRAGMAs of a file")


def test_every_table_is_strict_and_holds_whole_numbers_and_text_only(empty: Path) -> None:
    strict = {str(row[0]): row[1] for row in ask(empty, "SELECT name, strict FROM pragma_table_list")}
    assert len(tables(empty)) > 5
    assert {name: strict[name] for name in tables(empty)} == dict.fromkeys(tables(empty), 1)
    for table in tables(empty):
        kinds = {row[2] for row in ask(empty, f'PRAGMA table_info("{table}")')}
        assert kinds <= {"INTEGER", "TEXT"} | ({"BLOB"} if table == "kept_file" else set()), table


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
