"""Returns in every style, and lines that are hidden."""

import datetime as dt
from pathlib import Path
from typing import Any

from tests.corpus.kit import (
    AMOUNT,
    BASE,
    HEAD,
    LINES,
    ONE,
    QUANTITY,
    SHORT,
    TABLE,
    Case,
    Verdict,
    bad,
    book,
    csv,
    drawn,
    filled,
    good,
    xlsx,
)
from tests.corpus.kit import with_column as column
from tests.sheets import written


def painted(out: Any, sheet: Any) -> None:
    """Returns in red, negative ones shown without a minus."""
    filled()(out, sheet)
    red = out.add_format({"num_format": "#,##0.00;[Red]#,##0.00"})
    sheet.write_number(4, AMOUNT, -100, red)
    sheet.write_number(4, QUANTITY, -1, red)


RETURNS = (
    Case("returns in red without a minus shown", drawn(painted), BASE),
    Case("returns in brackets", csv(column(AMOUNT, "金额", ["300", "501", "66.6667", "(100)"])), BASE),
    Case("returns in full-width brackets", csv(column(AMOUNT, "金额", ["300", "501", "66.6667", "（100.00）"])), BASE),
    Case("returns with a minus behind", csv(column(AMOUNT, "金额", ["300", "501", "66.6667", "100-"])), BASE),
    Case("returns with a full-width minus", csv(column(AMOUNT, "金额", ["300", "501", "66.6667", "－100"])), BASE),
    Case("returns with a mathematical minus", csv(column(AMOUNT, "金额", ["300", "501", "66.6667", "−100"])), BASE),
    Case(
        "a sheet of returns with positive amounts",
        book({"销售": TABLE, "退货": [SHORT, [dt.date(2024, 5, 9), "南京明远电器", 1, 250]]}),
        Verdict(kinds=("sales", "sales"), taken=5, net="517.6667", quantity="4", problems=("W125",)),
    ),
    Case(
        "a sheet of returns with negative amounts",
        book({"销售": TABLE, "退货": [SHORT, [dt.date(2024, 5, 9), "南京明远电器", -1, -250]]}),
        Verdict(kinds=("sales", "sales"), taken=5, net="517.6667", quantity="4"),
    ),
    Case(
        "a sheet of returns without amounts",
        book({"销售": TABLE, "退货": [["单据编号", "是否退货"], ["SO1", "是"]]}),
        BASE.but(says=("has no amounts: nothing was booked from it",)),
    ),
    Case(
        "returned quantities and amounts in columns of their own",
        xlsx([[*SHORT, "退货数量", "退货金额"], [*ONE[0], 1, 100], [*ONE[1], None, None]]),
        good(2, "700", quantity="4", problems=("W112",)),
    ),
    Case(
        "returned amounts as negative figures in a column of their own",
        xlsx([[*SHORT, "退货数量", "退货金额"], [*ONE[0], -1, -100], [*ONE[1], None, None]]),
        good(2, "700", quantity="4", problems=("W112",)),
    ),
    Case(
        "returned quantities beside amounts, and no returned amounts",
        xlsx([[*SHORT, "退货数量"], [*ONE[0], 1], [*ONE[1], None]]),
        bad(2, "E406 E2", refused=0),
    ),
    Case(
        "returned quantities beside amounts of which somebody says what they are",
        xlsx([[*SHORT, "退货数量"], [*ONE[0], 1], [*ONE[1], None]]),
        good(2, "800", quantity="4", problems=("W112",)),
        ("--map", "退货数量=returned_quantity"),
    ),
    Case(
        "returned quantities beside amounts that a price shows to be without them",
        xlsx([["日期", "客户名称", "数量", "退货数量", "单价", "金额"], [*ONE[0][:3], 1, 100, 200]]),
        good(1, "200", quantity="2"),
    ),
    Case(
        "returned quantities beside net amounts",
        xlsx([["日期", "客户名称", "数量", "退货数量", "净销售额"], [*ONE[0][:3], 1, 200]]),
        good(1, "200", quantity="2"),
    ),
    Case(
        "returns by a remark that is not read",
        csv(
            [
                ["日期", "客户名称", "金额", "备注"],
                ["2024-05-03", "恒达", 5, "退货单"],
                ["2024-05-03", "恒达", 3, "上月退货未到"],
                ["2024-05-03", "恒达", -2, "退货"],
            ]
        ),
        good(3, "6", problems=("W120",)),
    ),
    Case(
        "returns by a remark that is read as the type",
        csv(
            [
                ["日期", "客户名称", "金额", "备注"],
                ["2024-05-03", "恒达", 5, "退货单"],
                ["2024-05-03", "恒达", 3, "上月退货未到"],
            ]
        ),
        good(2, "-2", problems=("W112",)),
        ("--map", "备注=document_type"),
    ),
    Case(
        "returns by a column of types",
        csv(
            [["日期", "客户名称", "金额", "类型"], ["2024-05-03", "恒达", 5, "销售"], ["2024-05-03", "恒达", 3, "退货"]]
        ),
        good(2, "2", problems=("W112",)),
    ),
    Case(
        "returns by yes and no",
        csv(
            [
                ["日期", "客户名称", "金额", "是否退货"],
                ["2024-05-03", "恒达", 5, "否"],
                ["2024-05-03", "恒达", 3, "是"],
                ["2024-05-03", "恒达", 7, "未退货"],
            ]
        ),
        good(3, "9", problems=("W112",)),
    ),
    Case(
        "returns by a type that are negative already",
        csv(
            [
                ["日期", "客户名称", "金额", "单据类型"],
                ["2024-05-03", "恒达", 5, "销售"],
                ["2024-05-03", "恒达", -3, "退货"],
            ]
        ),
        good(2, "2"),
    ),
    Case(
        "a line of nothing",
        xlsx([*TABLE, [dt.date(2024, 5, 7), "SO9", "00123", "杭州恒达通讯", "I9300", 0, 0, 0]]),
        BASE.but(taken=5),
    ),
)


def hidden_rows(out: Any, sheet: Any) -> None:
    filled()(out, sheet)
    sheet.set_row(2, None, None, {"hidden": True})


def hidden_columns(out: Any, sheet: Any) -> None:
    filled()(out, sheet)
    sheet.set_column("G:G", None, None, {"hidden": True})


def filtered(out: Any, sheet: Any) -> None:
    filled()(out, sheet)
    sheet.autofilter("A1:H5")
    sheet.filter_column("D", "x == 南京明远电器")
    for row in (1, 3, 4):
        sheet.set_row(row, None, None, {"hidden": True})


def merged_down(folder: Path) -> Path:
    rows = [SHORT, ONE[0], [ONE[0][0], "杭州恒达", 1, 50], ONE[1]]
    return written.book(folder / "合并.xlsx", {"明细": rows}, merge=[("明细", "B2:B3")])


def very_hidden(out: Any, sheet: Any) -> None:
    filled()(out, sheet)
    other = out.add_worksheet("旧")
    filled([HEAD, [*LINES[0][:7], 12345]])(out, other)
    other.very_hidden()


HIDDEN = (
    Case("hidden rows are read, with a remark", drawn(hidden_rows), BASE.but(says=("hidden",))),
    Case("a hidden column is read", drawn(hidden_columns), BASE),
    Case("a filter hides no row from us", drawn(filtered), BASE.but(says=("hidden",))),
    Case(
        "a hidden sheet is not read",
        book({"旧": [HEAD, [*LINES[0][:7], 9]], "新": TABLE}, hidden=["旧"]),
        BASE.but(says=("hidden sheet 旧",)),
    ),
    Case("a very hidden sheet is not read", drawn(very_hidden), BASE.but(says=("hidden sheet 旧",))),
    Case("a customer merged over its lines", merged_down, good(3, "850", customers=("杭州恒达", "南京明远"))),
)

CASES = (*RETURNS, *HIDDEN)
