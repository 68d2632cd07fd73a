"""Backup, restore and check."""

import shutil
import stat
from pathlib import Path

import pytest

from tests.conftest import SAMPLE, Run
from tests.tables import connected, contents, everything


@pytest.mark.sqlite("a copy of a file; tests/postgres has those of a server")
def test_a_backup_is_whole_private_and_never_overwrites(ch: Run, sample: Path, tmp_path: Path) -> None:
    """The second of the same name gets another."""
    first = ch("backup", tmp_path / "copy.db")
    second = ch("backup", tmp_path / "copy.db")
    assert (first.code, first.out) == (0, f"backup: {tmp_path}/copy.db\n")
    assert second.out == f"backup: {tmp_path}/copy.db-2\n"
    assert contents(tmp_path / "copy.db") == contents(sample)
    assert stat.S_IMODE((tmp_path / "copy.db").stat().st_mode) == 0o600
    assert not [file.name for file in tmp_path.iterdir() if file.suffix == ".new"]


@pytest.mark.sqlite("a copy of a file; tests/postgres has those of a server")
def test_restore_gives_back_every_row_and_keeps_what_was_there(ch: Run, sample: Path, tmp_path: Path) -> None:
    """A drill: back up, go on working, restore."""
    ch("backup", tmp_path / "copy.db")
    before = contents(sample)
    ch("customer", "set", "C00001", "class=V4")
    after = contents(sample)
    done = ch("restore", tmp_path / "copy.db")
    assert (done.code, done.err) == (0, "")
    assert done.out == f"{sample} is now as {tmp_path}/copy.db\nas it was before: {sample}.before-restore\n"
    assert contents(sample) == before
    assert contents(sample.with_name("channel.db.before-restore")) == after
    assert ch("db", "check").code == 0


@pytest.mark.sqlite("a copy of a file; tests/postgres has those of a server")
def test_restore_where_there_is_no_database(ch: Run, sample: Path, tmp_path: Path) -> None:
    """It simply appears."""
    shutil.move(sample, tmp_path / "copy.db")
    assert ch("restore", tmp_path / "copy.db").out == f"{sample} is now as {tmp_path}/copy.db\n"
    assert ch("tier", "--month", "2024-05").code == 0


@pytest.mark.sqlite("a copy of a file; tests/postgres has those of a server")
@pytest.mark.parametrize("what", ["missing", "text", "foreign", "empty", "damaged"])
def test_restore_refuses_what_is_not_ours(ch: Run, sample: Path, tmp_path: Path, what: str) -> None:
    """The database keeps its bytes."""
    before, source = sample.read_bytes(), tmp_path / "other.db"
    if what == "text":
        source.write_text("hello" * 100)
    elif what == "foreign":
        with connected(source) as connection:
            connection.execute("CREATE TABLE t (a)")
    elif what == "empty":
        source.touch()
    elif what == "damaged":
        source.write_bytes(before[:5000] + bytes(len(before) - 5000))
    result = ch("restore", source)
    assert result.code == 4
    assert str(source) in result.err
    assert sample.read_bytes() == before


@pytest.mark.sqlite("references that a server does not let be broken")
def test_check_tells_what_is_wrong(ch: Run, sample: Path) -> None:
    """A reference to nothing, and a log that was altered, each in its line."""
    good = ch("db", "check", "--format", "json")
    assert good.code == 0
    assert {row["check"]: row["passed"] for row in good.data["rows"]} == dict.fromkeys(
        ("integrity", "references", "audit", "sqlite"), True
    )
    with connected(sample) as connection:
        connection.execute("DROP TRIGGER audit_entry_no_update")
        connection.execute("UPDATE audit_entry SET at = '' WHERE id = 2")
        connection.execute("UPDATE customer SET office_id = 99 WHERE code = 'C00001'")
    bad = ch("db", "check", "--format", "json")
    assert bad.code == 1
    assert {row["check"]: row["passed"] for row in bad.data["rows"]} == {
        "integrity": True,
        "references": False,
        "audit": False,
        "sqlite": True,
    }


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    "kind", ["region", "office", "rep", "product", "customer", "contact", "plan", "class-target", "sales"]
)
def test_what_goes_out_comes_in_and_changes_nothing(
    ch: Run, sample: Path, tmp_path: Path, kind: str, language: str, ending: str
) -> None:
    """Export, then import: everything is there already."""
    before = everything(sample)
    file = tmp_path / f"out.{ending}"
    assert ch("export", kind, "--output", file, "--lang", language).code == 0
    result = ch("import", file, "--format", "json")
    rows = [row for row in result.data["rows"] if row["kind"]]
    assert result.code == 0, result.data["problems"]
    assert [(row["kind"], row["new"], row["changed"], row["rejected"]) for row in rows] == [
        (kind.replace("-", "_"), 0, 0, 0)
    ]
    assert rows[0]["existing"] == rows[0]["rows"] > 0
    assert everything(sample) == before


def test_an_export_into_an_empty_database_is_the_same(ch: Run, sample: Path, tmp_path: Path) -> None:
    """Sales, limits and what is owed, exported and imported elsewhere, give the same tiers and the same credit."""
    first = ch("tier", "--all-time", "--format", "json").data
    other = tmp_path / "other.db"
    for kind in ("sales", "credit-limit", "receivable", "payment"):
        assert ch("export", kind, "--output", tmp_path / f"{kind}.xlsx").code == 0
        done = ch("import", tmp_path / f"{kind}.xlsx", "--db", other)
        assert done.code == 0, done.out + done.err
    second = ch("tier", "--all-time", "--format", "json", "--db", other).data
    assert (second["rows"], second["totals"]) == (first["rows"], first["totals"])


def test_export_of_an_unknown_kind_or_with_a_scope_it_has_not(ch: Run, sample: Path) -> None:
    """Both are usage errors."""
    assert ch("export", "moon").code == 2
    assert ch("export", "customer", "--office", "南京").code == 2


def test_sample_folder_is_not_written_to(ch: Run) -> None:
    """Importing leaves the sheets alone."""
    before = {file.name: file.stat().st_mtime_ns for file in SAMPLE.iterdir()}
    assert ch("import", SAMPLE / "产品.xlsx").code == 0
    assert {file.name: file.stat().st_mtime_ns for file in SAMPLE.iterdir()} == before
