"""Sell-out and stock with movements: what their sheets are known by, what adds up, what is remarked."""

from decimal import Decimal
from pathlib import Path

import pytest

from channelctl.sheets.recognise import recognise
from tests.conftest import Run
from tests.making import EXPECTED, report, sheet
from tests.sheets import written

SOLD = "零售日期 客户编码 客户名称 型号 销往 零售数量"
MOVED = "截止日期 客户编码 客户名称 型号 期初库存 进货数量 销售数量 期末库存"


def sold(ch: Run) -> list[tuple[object, ...]]:
    found = report(ch, "sell-out", "list")["rows"]
    return [(row["date"], row["customer_code"], row["product"], row["place"], row["quantity"]) for row in found]


@pytest.mark.parametrize(
    ("headings", "kind"),
    [
        (SOLD, "sell_out"),
        ("日期 客户编码 客户名称 型号 零售数量", "sell_out"),
        ("日期 客户 型号 零售量 零售额", "sell_out"),
        ("出货日期 客户 产品编码 出货数量 城市", "sell_out"),
        ("日期 客户 型号 实销 激活地", "sell_out"),
        ("日期 经销商 型号 销出数量 金额", "sell_out"),
        ("date customer model sell-out place", "sell_out"),
        ("日期 客户 型号 数量 金额", "sales"),
        ("提货日期 客户 型号 提货数量 提货金额", "sales"),
        ("日期 客户 型号 销量 销售额", "sales"),
        ("日期 客户 城市 型号 数量 金额", "sales"),
        ("单据编号 日期 客户 型号 出货数量 单价 金额", "sales"),
        ("日期 客户 型号 数量 单价 金额 零售数量", "sales"),
        ("日期 客户 型号 套餐 激活数 激活地", "activation"),
        ("日期 客户 型号 套餐 数量", "activation"),
        ("型号 零售价 执行日期", "price"),
        (MOVED, "stock_count"),
        ("日期 客户 型号 期初 进货 销售 期末", "stock_count"),
        ("日期 客户 型号 期初 入库 出库 结存", "stock_count"),
        ("截止日期 客户 型号 上期结存 本期进 本期销 本期结存", "stock_count"),
        ("日期 客户 型号 进货 出货 库存", "stock_count"),
        ("日期 客户 型号 零售数量 库存数量", "stock_count"),
        ("日期 客户 型号 销售数量 销售金额 库存数量", "sales"),
        ("日期 客户 型号 数量 单价 金额 库存", "sales"),
        ("日期 客户 型号 数量", None),
    ],
)
def test_a_sheet_is_known_by_its_headings(headings: str, kind: str | None) -> None:
    found = recognise([headings.split()], {})
    assert (found.kind.name if hasattr(found, "kind") else None) == kind


@pytest.mark.parametrize("headings", ["日期 客户 型号 数量", "日期 客户 型号 数量 金额"])
@pytest.mark.parametrize(
    ("names", "titles", "told"),
    [
        (("零售明细.xlsx", "Sheet1"), (), True),
        (("5月.xlsx", "出货表"), (), True),
        (("sell-out.csv",), (), True),
        (("5月.xlsx", "Sheet1"), ("2024年5月零售明细表",), True),
        (("零售终端销售.xlsx", "Sheet1"), (), False),
        (("零售价格表.xlsx", "Sheet1"), (), False),
        (("出货明细.xlsx", "销售"), (), False),
    ],
)
def test_a_sheet_of_quantities_is_known_by_its_name_or_title(
    headings: str, names: tuple[str, ...], titles: tuple[str, ...], told: bool
) -> None:
    found = recognise([*([one] for one in titles), headings.split()], {}, None, names)
    kind = found.kind.name if hasattr(found, "kind") else None
    assert kind == ("sell_out" if told else "sales" if "金额" in headings else None)


def test_a_sheet_with_documents_of_ours_is_sell_in_whatever_its_name_is() -> None:
    found = recognise(["单据编号 日期 客户 型号 数量 金额".split()], {}, None, ("零售明细.xlsx", "出货表"))
    assert hasattr(found, "kind") and found.kind.name == "sales"


def test_stock_without_a_day_is_no_list_of_balances(ch: Run) -> None:
    refused = ch("import", sheet("moved", "客户 型号 期初 进货 销售 期末", [("甲", "X1", 10, 5, 3, 12)]))
    assert refused.code == 3
    assert "balances" not in refused.err


def test_rows_of_one_key_add_up_and_the_same_sheet_again_adds_nothing(ch: Run) -> None:
    rows: list[tuple[object, ...]] = [
        ("2024-05-18", "C1", "甲", "X1", "杭州", 3),
        ("2024-05-18", "C1", "甲", "X1", "", 2),
        ("2024-05-18", "C1", "甲", "X1", "杭州", 4),
        ("2024-05-18", "C1", "甲", "X1", "", -1),
    ]
    first = ch("import", sheet("sold", SOLD, rows))
    assert first.code == 0, first.err
    text = "2 rows (rows 4, 5) were added to others of the same day, customer, product and place"
    assert [line for line in first.out.splitlines() if "W134" in line] == [f"  sold.csv  W134  零售数量: {text}"]
    there = [("2024-05-18", "C1", "X1", "", 1), ("2024-05-18", "C1", "X1", "杭州", 7)]
    assert sold(ch) == there
    again = report(ch, "import", sheet("again", SOLD, list(reversed(rows))))
    assert [(row["new"], row["changed"], row["existing"]) for row in again["rows"]] == [(0, 0, 2)]
    assert sold(ch) == there


def test_an_amount_of_a_sum_is_known_only_where_every_row_has_one(ch: Run) -> None:
    rows: list[tuple[object, ...]] = [
        ("2024-05-18", "C1", "甲", model, "", 1, amount) for model, amount in (("X1", 5), ("X1", 6), ("X2", 7))
    ]
    rows.append(("2024-05-18", "C1", "甲", "X2", "", 1, ""))
    assert ch("import", sheet("sold", f"{SOLD} 零售金额", rows)).code == 0
    found = report(ch, "sell-out", "list")["rows"]
    assert [(row["product"], row["quantity"], row["amount"]) for row in found] == [("X1", 2, 11), ("X2", 2, None)]


def test_undo_brings_back_what_an_import_changed(ch: Run) -> None:
    for units in (3, 8):
        assert ch("import", sheet(f"sold{units}", SOLD, [("2024-05-18", "C1", "甲", "X1", "", units)])).code == 0
    assert [row[-1] for row in sold(ch)] == [8]
    assert ch("batch", "undo", 2).code == 0
    assert [row[-1] for row in sold(ch)] == [3]
    assert ch("batch", "undo", 1).code == 0
    assert sold(ch) == []


def test_sell_out_goes_out_and_comes_back_as_it_was(ch: Run) -> None:
    rows = [("2024-05-18", "C1", "甲", "X1", "杭州", 3), ("2024-05-18", "C1", "甲", "X1", "", 2)]
    assert ch("import", sheet("sold", SOLD, rows)).code == 0
    assert ch("export", "sell-out", "--output", "out.csv").code == 0
    back = report(ch, "import", "out.csv")
    assert [(row["kind"], row["existing"]) for row in back["rows"]] == [("sell_out", 2)]


def test_one_is_added_changed_and_removed_by_hand_with_or_without_a_place(ch: Run) -> None:
    assert ch("import", sheet("sold", SOLD, [("2024-05-18", "C1", "甲", "X1", "杭州", 3)])).code == 0
    key = ("2024-05-18", "C1", "X1")
    assert ch("sell-out", "add", *key, "quantity=2").code == 0
    assert ch("sell-out", "set", *key, "quantity=5").code == 0
    assert sold(ch) == [("2024-05-18", "C1", "X1", "", 5), ("2024-05-18", "C1", "X1", "杭州", 3)]
    assert ch("sell-out", "remove", *key, "杭州").code == 0
    assert ch("sell-out", "remove", *key).code == 0
    assert sold(ch) == []


def test_a_customer_that_is_merged_takes_its_sell_out_along(ch: Run) -> None:
    rows = [("2024-05-18", code, name, "X1", "", 3) for code, name in (("C1", "甲通讯"), ("C2", "乙通讯"))]
    rows.append(("2024-05-19", "C1", "甲通讯", "X1", "", 4))
    assert ch("import", sheet("sold", SOLD, rows[1:])).code == 0
    assert ch("customer", "merge", "C1", "C2").code == 0
    assert [row[:3] + row[4:] for row in sold(ch)] == [("2024-05-18", "C2", "X1", 3), ("2024-05-19", "C2", "X1", 4)]


def test_two_that_sold_on_the_same_of_a_day_are_not_merged_until_one_row_goes(ch: Run) -> None:
    rows = [("2024-05-18", code, name, "X1", "", 3) for code, name in (("C1", "甲通讯"), ("C2", "乙通讯"))]
    assert ch("import", sheet("sold", SOLD, rows)).code == 0
    refused = ch("customer", "merge", "C1", "C2")
    assert refused.code == 3
    assert 'channelctl sell-out remove 2024-05-18 C1 N00001 ""' in refused.err
    assert ch("sell-out", "remove", "2024-05-18", "C1", "N00001", "").code == 0
    assert ch("customer", "merge", "C1", "C2").code == 0


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ((10, 5, 3, 12), ""),
        ((10, 5, "", 15), ""),
        ((10, "", 3, 7), ""),
        (("", 5, 3, 7), ""),
        ((0, 0, 0, 0), ""),
        ((10, 5, 3, 11), "10 + 5 - 3 is 12, and the count says 11: -1"),
        ((10, 5, 3, 14.5), "10 + 5 - 3 is 12, and the count says 14.5: +2.5"),
        ((10, 5, "", 12), "10 + 5 - 0 is 15, and the count says 12: -3"),
    ],
)
def test_a_row_is_held_against_its_own_movements_and_taken_all_the_same(
    ch: Run, cells: tuple[object, ...], said: str
) -> None:
    path = sheet("moved", MOVED, [("2024-05-31", "C1", "甲", "X1", *cells)])
    done = ch("import", path, "--format", "json")
    assert done.code == 0
    problems = [(one["row"], one["column"], one["message"]) for one in done.data["problems"] if one["code"] == "W150"]
    assert problems == ([(2, "H 期末库存", said)] if said else [])
    row = report(ch, "stock", "list")["rows"][0]
    given = [None if cell == "" else cell for cell in cells]
    assert [row[name] for name in ("opening", "received", "sold", "quantity")] == given


def test_the_remark_names_file_sheet_and_row(ch: Run) -> None:
    table = [["2024年5月进销存"], MOVED.split(), ["2024-05-31", "C1", "甲", "X1", 10, 5, 3, 11]]
    done = ch("import", written.book(Path("jxc.xlsx"), {"进销存": table}))
    assert done.code == 0, done.err
    where = "jxc.xlsx!进销存!H3  W150  期末库存: 10 + 5 - 3 is 12, and the count says 11: -1"
    assert where in done.out.replace("  jxc", "jxc")


@pytest.mark.usefixtures("sample")
def test_the_sample_sheet_is_sell_out(ch: Run) -> None:
    assert sum(Decimal(str(row[-1])) for row in sold(ch)) == EXPECTED["stock"]["sell_out"]
