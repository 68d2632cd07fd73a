"""Schema versions: models and migrations agree, an old database comes along with its data, a newer one is refused."""

import os
import re
import shutil
import sqlite3
import stat
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import closing
from importlib import import_module, util
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlmodel import SQLModel

from channelctl import migrating, sqlite, versions
from channelctl.systems import SYSTEMS
from tests.conftest import ROOT, Run

pytestmark = pytest.mark.sqlite("upgrades and schemas of a file; tests/postgres has those of a server")

NEXT = """
import sqlalchemy as sa
from alembic import op

revision = "9002"
down_revision = "{before}"


def upgrade() -> None:
    with op.batch_alter_table("customer") as customer:
        customer.add_column(sa.Column("favourite_tea", sa.Text(), server_default="longjing", nullable=False))
    op.create_table("tea", sa.Column("id", sa.Integer(), primary_key=True), sqlite_strict=True)
{more}
"""
FAILS = '    op.execute("INSERT INTO tea VALUES (1)")\n    op.execute("INSERT INTO tea VALUES (1)")'
RAISES = '    raise ValueError("half-way")'
ORPHANS = '    op.execute("UPDATE office SET region_id = 999")'
KNOWN = versions.HEAD


def connected(file: Path) -> sa.Engine:
    return sa.create_engine(f"sqlite:///{file}", poolclass=sa.pool.NullPool)


def rows(file: Path, names: Mapping[str, str] | None = None) -> dict[str, list[tuple[object, ...]]]:
    """Everything that is in a database, or in these columns of these tables."""
    names = columns(file) if names is None else names
    with closing(sqlite3.connect(file)) as connection, connection:
        return {
            table: sorted(connection.execute(f'SELECT {of} FROM "{table}"').fetchall(), key=repr)
            for table, of in names.items()
        }


def columns(file: Path) -> dict[str, str]:
    """The columns of every table, as SQL lists them."""
    with closing(sqlite3.connect(file)) as connection, connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        return {
            name: ", ".join(f'"{column[1]}"' for column in connection.execute(f'PRAGMA table_info("{name}")'))
            for name in names
        }


def schema(file: Path) -> set[str]:
    with closing(sqlite3.connect(file)) as connection, connection:
        found = {sql for (sql,) in connection.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL")}
    connection.close()
    return found


@pytest.fixture
def later(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> "Later":
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path_factory.mktemp("logs")))
    return Later(tmp_path / "migrations", monkeypatch)


class Later:
    """A version of the program to come, with one migration more."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.folder, self.patch = folder, patch

    def comes(self, more: str = "") -> None:
        if not self.folder.exists():
            shutil.copytree(ROOT / "migrations", self.folder, ignore=shutil.ignore_patterns("__pycache__"))
        place = self.folder / "versions" / "9002_tea.py"
        place.write_text(NEXT.format(before=KNOWN, more=more))
        self.patch.setattr(migrating, "scripts", lambda: self.folder)
        self.patch.setattr(versions, "HEAD", "9002")

    def has_not_come(self) -> None:
        self.patch.setattr(migrating, "scripts", lambda: ROOT / "migrations")
        self.patch.setattr(versions, "HEAD", KNOWN)


def test_the_models_are_what_the_migrations_make(ch: Run, tmp_path: Path) -> None:
    assert ch("init").code == 0
    for system in SYSTEMS:
        place = f"channelctl.systems.{system}.tables"
        if util.find_spec(place):
            import_module(place)
    engine = connected(tmp_path / "channel.db")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []
    engine.dispose()


def test_the_history_is_one_line_that_ends_where_the_program_expects() -> None:
    scripts = ScriptDirectory(str(ROOT / "migrations"))
    assert scripts.get_heads() == [versions.HEAD]
    history = [script.revision for script in scripts.walk_revisions()]
    assert history == sorted(history, reverse=True)


def test_a_migration_stands_by_itself() -> None:
    files = sorted((ROOT / "migrations" / "versions").glob("*.py"))
    assert files
    for file in files:
        assert not re.search(r"(import|from) channelctl", file.read_text(encoding="utf-8")), file.name


def test_making_and_upgrading_come_to_the_same(ch: Run, tmp_path: Path, later: Later) -> None:
    assert ch("init").code == 0
    later.comes()
    assert ch("db", "upgrade").code == 0
    assert ch("--db", "other.db", "init").code == 0
    assert schema(tmp_path / "channel.db") == schema(tmp_path / "other.db")
    assert rows(tmp_path / "channel.db") == rows(tmp_path / "other.db")


def test_an_old_database_is_kept_and_then_upgraded_with_its_data(ch: Run, sample: Path, later: Later) -> None:
    before = rows(sample)
    tiers = ch("tier", "--month", "2024-05", "--format", "json").data
    later.comes()
    for words in (["tier"], ["customer", "add", "甲"], ["init"]):
        assert ch(*words) == (
            4,
            "",
            f"channelctl: error: {sample} is of an older channelctl (schema {KNOWN}, now 9002)\n"
            "channelctl db upgrade brings it up to date; a backup is made first.\n",
        )
    assert rows(sample) == before
    kept = sample.with_name("channel.db.before-9002")
    assert ch("db", "upgrade") == (0, f"{sample} is up to date; as it was before: {kept}\n", "")
    assert rows(kept) == before
    assert os.name == "nt" or stat.S_IMODE(kept.stat().st_mode) == 0o600
    after = rows(sample)
    assert after.pop("tea") == []
    assert after.pop("alembic_version") == [("9002",)]
    assert {row[-1] for row in after["customer"]} == {"longjing"}
    after["customer"] = sorted((row[:-1] for row in after["customer"]), key=repr)
    assert after == {name: found for name, found in before.items() if name != "alembic_version"}
    assert ch("tier", "--month", "2024-05", "--format", "json").data == tiers
    assert ch("db", "upgrade") == (0, f"nothing to do: {sample} is up to date\n", "")


@pytest.mark.parametrize("version", ["0001", "0002", "0003", "0004"])
def test_a_database_of_an_earlier_version_is_as_good_as_a_new_one(
    ch: Run, sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    old = tmp_path / "old.db"
    with monkeypatch.context() as patch:
        patch.setattr(versions, "HEAD", version)
        assert ch("--db", old, "init").code == 0
    names = columns(old)
    fill(old, sample, names)
    before = rows(old, names)
    assert ch("--db", old, "tier").err.splitlines()[0] == (
        f"channelctl: error: {old} is of an older channelctl (schema {version}, now {KNOWN})"
    )
    assert ch("--db", old, "db", "upgrade").code == 0
    assert rows(old, names) == before | {"alembic_version": [(KNOWN,)]}
    after = rows(old)
    assert {name for name, found in after.items() if found} == {name for name, found in before.items() if found}
    assert schema(old) == schema(sample)
    new = tmp_path / "new.db"
    assert ch("--db", new, "init").code == 0
    fill(new, sample, names)
    assert ch("--db", old, "tier", "--format", "json") == ch("--db", new, "tier", "--format", "json")
    assert ch("--db", old, "customer", "alias", "add", "C00001", "汀澜").code == 0
    assert ch("--db", old, "customer", "show", "汀澜").out.startswith("customer · C00001 ")
    assert ch("--db", old, "db", "check").code == 0


def fill(target: Path, source: Path, names: Iterable[str]) -> None:
    """Copy the rows of these tables, as far as both databases have their columns."""
    with closing(sqlite3.connect(target)) as connection:
        connection.execute("ATTACH ? AS source", (str(source),))
        own = columns(target)
        for name in names:
            if name != "alembic_version":
                of = own[name]
                connection.execute(f'INSERT INTO main."{name}" ({of}) SELECT {of} FROM source."{name}"')
        connection.commit()


def test_each_upgrade_keeps_a_copy_of_its_own(ch: Run, sample: Path, later: Later) -> None:
    first = sample.with_name("channel.db.before-9002")
    first.write_bytes(b"a copy from earlier on")
    later.comes()
    code, out, _err = ch("db", "upgrade")
    assert code == 0
    assert out.endswith(f"as it was before: {first}-2\n")
    assert first.read_bytes() == b"a copy from earlier on"


@pytest.mark.parametrize(("more", "code"), [(FAILS, 70), (RAISES, 70), (ORPHANS, 4)])
def test_an_upgrade_that_fails_half_way_leaves_the_old_version_usable(
    ch: Run, sample: Path, later: Later, more: str, code: int
) -> None:
    before, whole = rows(sample), sample.read_bytes()
    later.comes(more)
    done = ch("db", "upgrade")
    assert (done.code, done.out) == (code, "")
    assert rows(sample) == before
    assert sample.read_bytes() == whole
    later.has_not_come()
    assert ch("tier", "--month", "2024-05").code == 0
    assert ch("customer", "add", "甲").code == 0
    later.comes()
    assert ch("db", "upgrade").code == 0
    assert ("甲", "longjing") in {(row[2], row[-1]) for row in named(sample)}


def named(file: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(file)) as connection, connection:
        found = connection.execute("SELECT id, code, name, favourite_tea FROM customer").fetchall()
    connection.close()
    return found


def test_a_half_made_database_never_takes_its_name(ch: Run, tmp_path: Path, later: Later) -> None:
    later.comes(RAISES)
    assert ch("init").code == 70
    assert sorted(file.name for file in tmp_path.iterdir()) == ["migrations"]


def test_path_says_where_it_is_whether_or_not_it_is_there(ch: Run, tmp_path: Path) -> None:
    assert ch("db", "path") == (0, f"{tmp_path / 'channel.db'}\n", "")
    assert ch("db", "path", "--db", "other.db") == (0, "other.db\n", "")
    assert not (tmp_path / "channel.db").exists()


def test_init_makes_it_once(ch: Run, tmp_path: Path) -> None:
    where = tmp_path / "channel.db"
    assert ch("init") == (0, f"new database: {where}\n", "")
    made = where.read_bytes()
    assert ch("init") == (0, f"there already: {where}\n", "")
    assert where.read_bytes() == made


@pytest.mark.parametrize(("revision", "reason"), [("0003", "table "), ("0003x", "schema 0003x")])
def test_one_whose_tables_are_not_those_of_its_version_is_not_upgraded(
    ch: Run, sample: Path, revision: str, reason: str
) -> None:
    with closing(sqlite3.connect(sample)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))
    connection.close()
    whole = sample.read_bytes()
    done = ch("db", "upgrade")
    assert (done.code, done.out) == (4, "")
    assert done.err.startswith(f"channelctl: error: {sample} is damaged ({reason}"), done.err
    assert sample.read_bytes() == whole


class Full(int):
    """A number that cannot be written: the disk is full."""

    def __format__(self, spec: str) -> str:
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise error


def test_a_disk_that_is_full_when_an_upgrade_begins_is_no_bug(
    ch: Run, sample: Path, later: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = rows(sample)
    later.comes()
    monkeypatch.setattr(sqlite, "APPLICATION_ID", Full(sqlite.APPLICATION_ID))
    code, out, err = ch("db", "upgrade")
    assert (code, out) == (3, "")
    assert err.startswith(f"channelctl: error: {sample} cannot be written, the disk or your share of it is full")
    monkeypatch.undo()
    assert rows(sample) == before
