"""The sample region with what can be kept of tiers and scores, and the lake that was exported of it."""

from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple

import pytest

from channelctl import cli, settings
from tests import tables
from tests.conftest import Text, forget

_DONE = (
    ("customer", "set", "C00012", "city=杭州"),
    ("tier", "set", "C00012", "A", "--reason", "框架'协议", "--since", "2024-05-01", "--until", "2024-12-31"),
    ("tier", "--month", "2024-04", "--apply"),
    ("tier", "--month", "2024-05", "--apply"),
    ("score", "set", "C00012", "0.8", "--month", "2024-05", "--reason", "断货两周"),
    ("score", "close", "--month", "2024-05"),
)


class Lake(NamedTuple):
    """A database, and the folder that was exported of it."""

    database: str
    folder: Path

    @property
    def database_path(self) -> Path:
        """What the database is called among tests."""
        return self.folder.with_name("channel.db")


@pytest.fixture(scope="session")
def lake(sample_database: tables.Kept, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """Made once: every test only reads it."""
    pytest.importorskip("pyarrow", reason="pyarrow, which writes Parquet, is not installed")
    where = tmp_path_factory.mktemp("lake")
    tables.put(sample_database, where / "channel.db")
    database = tables.address(where / "channel.db")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CHANNELCTL_TODAY", "2024-06-03")
        patch.setenv("CHANNELCTL_USER", "tester")
        for words in (*_DONE, ("export", "facts", "--output", str(where / "lake"))):
            settings.current = settings.Settings()
            forget()
            out, err = Text(), Text()
            with redirect_stdout(out), redirect_stderr(err):
                assert cli.run(["--db", database, *words]) == 0, err.text()
    return Lake(database, where / "lake")
