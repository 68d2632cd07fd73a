"""Stock counts: what their sheet is known by, and what a second count of the day does."""

import datetime as dt
from pathlib import Path

import pytest

from channelctl.sheets.recognise import recognise
from tests.conftest import Run
from tests.making import report, sheet
from tests.sheets import written

COUNTED = "盘点日期 客户编码 客户名称 型号 库存数量"


def rows(ch: Run) -> list[tuple[object, ...]]:
    found = report(ch, "stock", "list")["rows"]
    return [(row["date"], row["customer_code"], row["product"], row["quantity"]) for row in found]


@pytest.mark.parametrize(
    ("headings", "kind"),
    [
        (COUNTED, "stock_count"),
        ("日期 客户 型号 期末库存", "stock_count"),
        ("库存日期 经销商 产品编码 实盘数量", "stock_count"),
        ("count_date customer model closing_stock", "stock_count"),
        ("日期 客户 型号 数量 金额", "sales"),
        ("日期 客户 型号 库存数量 金额", "stock_count"),
    ],
)
def test_a_sheet_is_known_by_its_headings(headings: str, kind: str) -> None:
    found = recognise([headings.split()], {})
    assert (found.kind.name if hasattr(found, "kind") else None) == kind


def test_a_column_of_quantities_alone_is_no_stock_unless_it_is_said(ch: Run) -> None:
    path = sheet("counted", "日期 客户 型号 数量", [("2024-05-31", "甲", "X1", 3)])
    assert ch("import", path).code == 3
    assert ch("import", path, "--map", "数量=库存数量").code == 0
    assert rows(ch) == [("2024-05-31", "N00001", "X1", 3)]


def test_a_second_count_of_a_day_changes_the_first_and_undo_brings_it_back(ch: Run) -> None:
    for number, units in enumerate((12, 0, 7), 1):
        path = sheet(f"count{number}", COUNTED, [("2024-05-31", "C1", "甲", "X1", units)])
        assert ch("import", path).code == 0
        assert rows(ch) == [("2024-05-31", "C1", "X1", units)]
    assert ch("batch", "undo", 3).code == 0
    assert rows(ch) == [("2024-05-31", "C1", "X1", 0)]
    again = ch("import", sheet("same", COUNTED, [("2024/5/31", "C1", "甲", "X1", 0)]), "--format", "json")
    assert [(row["new"], row["changed"], row["existing"]) for row in again.data["rows"]] == [(0, 0, 1)]


def test_a_count_needs_day_customer_product_and_figure(ch: Run) -> None:
    bad: list[tuple[object, ...]] = [
        ("", "C1", "甲", "X1", 1),
        ("2024-05-31", "", "", "X1", 1),
        ("2024-05-31", "C1", "甲", "", 1),
    ]
    bad += [("2024-05-31", "C1", "甲", "X1", ""), ("2024-05-31", "C1", "甲", "X1", "三台")]
    found = ch("import", sheet("bad", COUNTED, bad), "--format", "json")
    assert found.code == 3
    assert [(one["row"], one["code"]) for one in found.data["problems"]] == [
        (2, "E201"), (3, "E201"), (4, "E201"), (5, "E201"), (6, "E204"),
    ]  # fmt: skip


def test_titles_and_true_dates_are_read(ch: Run) -> None:
    table = [["2024年5月客户库存盘点表"], COUNTED.split(), [dt.date(2024, 5, 31), "C1", "甲", "X1", 12.5]]
    assert ch("import", written.book(Path("stock.xlsx"), {"库存": table})).code == 0
    assert [row[-1] for row in rows(ch)] == [12.5]


@pytest.mark.usefixtures("sample")
def test_a_count_is_added_changed_and_removed_by_hand(ch: Run) -> None:
    key = ("2024-06-02", "C00001", "K520")
    added = ch("stock", "add", *key, "quantity=40")
    assert (added.code, added.err) == (0, "")
    assert added.out.splitlines()[0] == "stock count · 2024-06-02 南京汀澜电器连锁有限公司 K520 · added"
    assert ch("stock", "set", *key, "quantity=41").code == 0
    assert ch("stock", "show", *key, "--format", "json").data["rows"][0]["quantity"] == 41
    assert ch("stock", "remove", *key).code == 0
    gone = ch("stock", "show", *key)
    assert (gone.code, gone.out) == (2, "")
    assert gone.err.splitlines()[0] == "channelctl: error: no stock count “2024-06-02 C00001 K520”"
