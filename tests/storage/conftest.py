"""A database, and a sheet to put into it."""

from pathlib import Path

import pytest

from tests.conftest import Run
from tests.storage.files import ROWS


@pytest.fixture
def here(tmp_path: Path) -> Path:
    return tmp_path / "channel.db"


@pytest.fixture
def empty(ch: Run, here: Path) -> Path:
    assert ch("init").code == 0
    return here


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sheet of ROWS sale lines with many customers, so that an import takes a while."""
    file = tmp_path_factory.mktemp("sheet") / "sales.csv"
    lines = ["销售日期,客户编码,客户名称,型号,数量,金额"]
    lines += [
        f"2024-05-{n % 28 + 1:02},C{n % 500:05},客户{n % 500},M{n % 50},{n % 7 + 1},{n % 997}.25" for n in range(ROWS)
    ]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file
