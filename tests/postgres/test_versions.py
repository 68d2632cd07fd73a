"""A database on a server that is of another version of the program."""

from pathlib import Path

import pytest

from channelctl import versions
from tests.conftest import Run
from tests.postgres.conftest import connected, rows

pytestmark = pytest.mark.sqlite("has a server of its own")


@pytest.mark.parametrize(
    ("revision", "said"),
    [
        (
            "0008",
            f"is of an older channelctl (schema 0008, now {versions.HEAD})\n"
            "channelctl db upgrade brings it up to date; a backup is made first.\n",
        ),
        (
            "9999",
            f"was made by a newer channelctl (schema 9999, this one knows {versions.HEAD})\n"
            "Install the newer channelctl, or name another database: --db PATH\n",
        ),
    ],
)
def test_it_is_said_and_left_as_it_is(
    revision: str, said: str, ch: Run, home: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ch("init").code == ch("customer", "add", "C1", "甲").code == 0
    assert ch("backup", "backup.db").code == 0
    Path("sheet.csv").write_text("日期,客户,金额\n2024-05-01,乙,5\n", "utf-8")
    file = str(Path("backup.db").absolute())
    monkeypatch.setenv("CHANNELCTL_DB", home)
    assert ch("init").code == ch("customer", "add", "C2", "乙").code == 0
    with connected(home) as connection:
        connection.execute("UPDATE alembic_version SET version_num = %s", (revision,))
    for words in ("restore backup.db", "import sheet.csv", "status", f"db copy {file} {home}"):
        assert ch(*words.split()) == (4, "", f"channelctl: error: {home} {said}"), words
    assert rows(home, "SELECT code FROM customer") == [("C2",)]
    assert [path.name for path in Path("data").rglob("*before*")] == []


@pytest.mark.parametrize(("revision", "reason"), [("0003", "table "), ("0003x", "schema 0003x")])
def test_one_whose_tables_are_not_those_of_its_version_is_not_upgraded(
    revision: str, reason: str, ch: Run, home: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHANNELCTL_DB", home)
    assert ch("init").code == ch("customer", "add", "C1", "甲").code == 0
    with connected(home) as connection:
        connection.execute("UPDATE alembic_version SET version_num = %s", (revision,))
    done = ch("db", "upgrade")
    assert (done.code, done.out) == (4, "")
    assert done.err.startswith(f"channelctl: error: {home} is damaged ({reason}"), done.err
    assert done.err.endswith("; it was left as it is\nRestore a backup, or name another: --db PATH\n")
    assert rows(home, "SELECT version_num FROM alembic_version") == [(revision,)]
    assert [path.name for path in Path("data").rglob("*before*")] == []
