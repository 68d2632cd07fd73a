"""Files that several tests read, and sheets written and imported in one go."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Result, Run
from tests.sheets import made, written


@pytest.fixture
def take(ch: Run, tmp_path: Path) -> Callable[..., Result]:
    """Write rows as a workbook or, with .csv, as text, and import it as JSON."""

    def run(
        rows: Sequence[Any], name: str = "销售2024.xlsx", sheet: str = "销售额", *words: str, merge: Any = ()
    ) -> Result:
        path = tmp_path / name
        path.unlink(missing_ok=True)
        if name.endswith(".csv"):
            written.comma(path, rows)
        else:
            written.book(path, {sheet: rows}, [(sheet, where) for where in merge])
        return ch("import", path, "--format", "json", *words)

    return run


@pytest.fixture(scope="session")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An honest workbook, which no test may change."""
    return made.xlsx(tmp_path_factory.mktemp("good") / "good.xlsx")


@pytest.fixture(scope="session")
def good_ods(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An honest spreadsheet of OpenDocument, which no test may change."""
    return made.ods(tmp_path_factory.mktemp("good") / "good.ods")
