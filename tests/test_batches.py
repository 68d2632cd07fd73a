"""A batch taken back leaves the database as if it had never been; the log tells of it for ever."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import SAMPLE, Run, sample_files

# What tells of batches stays; everything else is to be as it was.
OF_BATCHES = ("batch", "source_sheet", "change", "audit_entry")


def contents(database: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every table's rows but those that tell of batches."""
    with closing(sqlite3.connect(database)) as connection, connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        kept = [name for name in names if name not in OF_BATCHES and not name.startswith("sqlite_")]
        return {name: connection.execute(f'SELECT * FROM "{name}" ORDER BY 1').fetchall() for name in kept}


def test_every_sample_sheet_can_be_taken_back_and_imported_again(ch: Run, tmp_path: Path) -> None:
    """From the last to the first, each undo gives back the state before that import."""
    database = tmp_path / "channel.db"
    states = []
    assert ch("init").code == 0
    for file in sample_files():
        states.append(contents(database))
        assert ch("import", file).code == 0
    full = contents(database)
    count = len(states)
    for place, before in reversed(list(enumerate(states))):
        done = ch("batch", "undo", place + 1)
        assert done.code == 0, done.err
        assert contents(database) == before
    for file in sample_files():
        assert ch("import", file).code == 0
    again = contents(database)
    batches = 2 * count + 1
    assert {name: len(rows) for name, rows in again.items()} == {name: len(rows) for name, rows in full.items()}
    assert ch("batch", "list", "--format", "json").data["rows"][0]["batch"] == batches + count - 1


def test_undo_brings_back_what_was_changed_and_removed(ch: Run, sample: Path) -> None:
    """`set` and `remove` are batches like any other."""
    ch("contact", "set", "N00001", "phone=1")
    before = contents(sample)
    last = ch("batch", "list", "--format", "json").data["rows"][0]["batch"]
    assert ch("customer", "set", "C00001", "class=V4", "city=").code == 0
    assert ch("contact", "remove", "N00001").code == 0
    assert contents(sample) != before
    assert ch("batch", "undo", last + 2).code == 0
    assert ch("batch", "undo", last + 1).code == 0
    assert contents(sample) == before


def test_a_changed_line_becomes_what_it_was(ch: Run, tmp_path: Path) -> None:
    """The version that a later sheet brought goes, the earlier one holds again."""
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    head = "单据编号,行号,日期,客户,金额\n"
    first.write_text(head + "S1,1,2024-05-01,甲,100\nS1,2,2024-05-01,甲,7\n")
    second.write_text(head + "S1,1,2024-05-01,甲,90\n")
    assert ch("import", first).code == 0
    before = contents(tmp_path / "channel.db")
    row = ch("import", second, "--format", "json").data["rows"][0]
    assert (row["changed"], row["new"]) == (1, 0)
    assert ch("tier", "--all-time", "--format", "json").data["totals"]["net_sales"] == 97
    assert ch("batch", "undo", 2).code == 0
    assert contents(tmp_path / "channel.db") == before


def test_undo_refuses_what_later_work_builds_on(ch: Run, sample: Path) -> None:
    """It says which batches, and changes nothing."""
    before = sample.read_bytes()
    refused = ch("batch", "undo", 3)
    assert refused.code == 3
    assert refused.err.splitlines() == [
        "channelctl: error: batch 3 cannot be undone: later work builds on it",
        "  30 rows of batch 4 name customers that it made",
        "  55 rows of batch 6 name customers that it made",
        "  462 rows of batch 7 name customers that it made",
        "  489 rows of batch 8 name customers that it made",
        "  463 rows of batch 9 name customers that it made",
        "Undo those batches first, the latest first: channelctl batch undo N",
    ]
    assert sample.read_bytes() == before


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (99, "channelctl: error: there is no batch 99\nchannelctl batch list shows those there are.\n"),
        (9, "channelctl: error: batch 9 was undone before, by batch 10\n"),
        (10, "channelctl: error: an undoing cannot be undone\nImport the file again instead.\n"),
    ],
)
def test_what_cannot_be_undone(ch: Run, sample: Path, number: int, said: str) -> None:
    """Numbers that there are not, and undone ones."""
    assert ch("batch", "undo", 9).code == 0
    result = ch("batch", "undo", number)
    assert (result.code, result.err) == (2, said)


def test_the_log_can_only_grow(ch: Run, sample: Path) -> None:
    """UPDATE, DELETE and REPLACE are refused by the database itself."""
    with closing(sqlite3.connect(sample)) as connection, connection:
        for statement in (
            "UPDATE audit_entry SET user = 'x' WHERE id = 1",
            "DELETE FROM audit_entry WHERE id = 1",
            "INSERT OR REPLACE INTO audit_entry SELECT * FROM audit_entry WHERE id = 1",
        ):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                connection.execute(statement)


@pytest.mark.parametrize(
    ("statement", "entry"),
    [
        ("UPDATE audit_entry SET user = 'somebody' WHERE id = 3", 3),
        ("DELETE FROM audit_entry WHERE id = 5", 5),
        ("UPDATE audit_entry SET digest = NULL WHERE id = 1", 1),
    ],
)
def test_a_break_in_the_log_is_found(ch: Run, sample: Path, statement: str, entry: int) -> None:
    """Even by somebody who drops the triggers first."""
    whole = ch("audit", "list")
    assert whole.code == 0
    with closing(sqlite3.connect(sample)) as connection, connection:
        for name in ("update", "delete", "replace"):
            connection.execute(f"DROP TRIGGER audit_entry_no_{name}")
        connection.execute(statement)
    found = ch("audit", "list")
    assert found.code == 1
    assert found.out.endswith(f"the log is broken at entry {entry}\n")


def test_the_log_holds_ids_not_values(ch: Run, sample: Path) -> None:
    """A phone number that was changed stands in the change, which can be erased, and not in the log."""
    assert ch("customer", "set", "C00001", "phone=13800001111").code == 0
    with closing(sqlite3.connect(sample)) as connection, connection:
        log = "".join(str(row) for row in connection.execute("SELECT * FROM audit_entry"))
        changes = "".join(str(row) for row in connection.execute("SELECT * FROM change"))
    assert "13800001111" in changes
    assert "13800001111" not in log


def test_who_is_named(ch: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """CHANNELCTL_USER stands by each batch."""
    monkeypatch.setenv("CHANNELCTL_USER", "王伟")
    assert ch("import", SAMPLE / "产品.xlsx").code == 0
    row = ch("batch", "list", "--format", "json").data["rows"][0]
    assert (row["user"], row["command"], row["file"], row["rows"]) == ("王伟", "import", "产品.xlsx", 12)
