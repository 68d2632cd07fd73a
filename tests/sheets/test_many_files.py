"""Several files in one run: what is known of one does not stay in memory for the next."""

import gc
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from channelctl.systems.sales.overlap import Overlap
from tests.conftest import Run
from tests.tables import address

HEADINGS = "日期,单据编号,客户编码,客户名称,型号,数量,金额"


@pytest.fixture
def seldom() -> Iterator[None]:
    """Cycles are looked for as seldom as the program does."""
    before = gc.get_threshold()
    gc.set_threshold(1_000_000)
    yield
    gc.set_threshold(*before)


@pytest.mark.usefixtures("seldom")
def test_what_is_known_of_a_file_goes_before_the_next(ch: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = [tmp_path / f"{month}.csv" for month in range(1, 5)]
    for month, file in enumerate(files, 1):
        lines = (f"2024-{month:02d}-03,D{month}{n},C{n},甲{n}店,M1,1,{n}.5" for n in range(1, 4))
        file.write_text("\n".join((HEADINGS, *lines)), encoding="utf-8")
    met: list[weakref.ref[Overlap]] = []
    alive: list[int] = []
    make = Overlap.__init__

    def made(self: Overlap, *told: Any) -> None:
        alive.append(sum(one() is not None for one in met))
        met.append(weakref.ref(self))
        make(self, *told)

    monkeypatch.setattr(Overlap, "__init__", made)
    found = ch("import", *files, "--db", address(tmp_path / "channel.db"))
    assert found.code == 0, found.err
    assert alive == [0, 0, 0, 0]
