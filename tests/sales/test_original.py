"""The document that a return names: read under any of its headings, kept, and given out again."""

from pathlib import Path

import pytest

from tests.conftest import Run
from tests.making import sheet
from tests.tables import connected

LINES = [("2024-05-02", "S1", "", "C1", "X980", 10, 1000), ("2024-05-20", "R1", "S1", "C1", "X980", -2, -200)]


@pytest.mark.parametrize(
    "heading",
    ["原单号", "原单据号", "原订单号", "源单号", "退货原单", "退货原单号", "Original document", "original_document"],
)
def test_the_document_a_return_names_is_kept(ch: Run, tmp_path: Path, heading: str) -> None:
    headings = f"日期 单据编号 {heading} 客户 型号 数量 金额".replace("Original document", "Original_document")
    done = ch("import", sheet("sold", headings, LINES))
    assert done.code == 0, done.out
    with connected(tmp_path / "channel.db") as connection:
        found = connection.execute("SELECT document, original_document FROM sale_line ORDER BY id").fetchall()
    assert found == [("S1", None), ("R1", "S1")]


def test_what_is_exported_holds_it_and_comes_back_the_same(ch: Run) -> None:
    assert ch("import", sheet("sold", "日期 单据编号 原单号 客户 型号 数量 金额", LINES)).code == 0
    before = ch("export", "sales", "--format", "csv").out
    assert ",S1" in before.splitlines()[2]
    assert ch("export", "sales", "--output", "again.xlsx").code == 0
    again = ch("import", "again.xlsx")
    assert "everything in it is there already" in again.out
    assert ch("export", "sales", "--format", "csv").out == before
