"""The made region, imported once for all tests that read it."""

from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from channelctl import cli, settings
from tests.conftest import Text
from tests.tables import address
from tests.truth import region


@pytest.fixture(scope="session")
def made_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The region in a database of its own, which nobody writes to."""
    folder = tmp_path_factory.mktemp("made")
    said, problems = Text(), Text()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("CHANNELCTL_DB", address(folder / "made.db"))
        patch.setenv("CHANNELCTL_TODAY", "2024-06-20")
        patch.setenv("CHANNELCTL_USER", "tester")
        for path in region.sheets():
            settings.current = settings.Settings()
            with redirect_stdout(said), redirect_stderr(problems):
                assert cli.run(["import", str(path)]) == 0, said.text() + problems.text()
    return folder / "made.db"


@pytest.fixture
def made(made_database: Path, monkeypatch: pytest.MonkeyPatch) -> region.Region:
    """The region's own rows, with its database in force."""
    monkeypatch.setenv("CHANNELCTL_DB", address(made_database))
    return region.region()
