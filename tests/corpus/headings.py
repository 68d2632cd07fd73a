"""Headings of one, two and three rows, in every language and dress, and sheets without any."""

from tests.corpus.kit import BASE, HEAD, LINES, ONE, TABLE, Case, book, csv, drawn, filled, good, refused, xlsx

CASES = (
    Case(
        "a title, a date and a blank row above", xlsx([["5月销售明细表"], ["制表日期：2024-06-01"], [], *TABLE]), BASE
    ),
    Case("blank columns on the left", drawn(filled(TABLE, (3, 2))), BASE),
    Case(
        "two heading rows with merged cells",
        book(
            {"明细": [[*HEAD[:5], "销售", "", ""], ["", "", "", "", "", "数量", "单价", "金额"], *LINES]},
            merge=[("明细", f"{letter}1:{letter}2") for letter in "ABCDE"] + [("明细", "F1:H1")],
        ),
        BASE,
    ),
    Case(
        "three heading rows with merged cells",
        book(
            {
                "明细": [
                    ["2024年5月销售明细", *[""] * 7],
                    ["基本信息", "", "", "", "", "本月销售", "", ""],
                    ["日期", "单据编号", "客户编码", "客户名称", "型号", "数量", "单价", "金额"],
                    *LINES,
                ]
            },
            merge=[("明细", "A1:H1"), ("明细", "A2:E2"), ("明细", "F2:H2")],
        ),
        BASE,
    ),
    Case(
        "amounts with and without tax under one heading",
        xlsx(
            [
                ["日期", "客户名称", "金额", "", "数量"],
                ["", "", "含税", "不含税", ""],
                [ONE[0][0], "杭州恒达", 113, 100, 1],
            ]
        ),
        good(1, "100"),
    ),
    Case(
        "headings in English",
        xlsx(
            [["Date", "Document", "Customer code", "Customer", "Product", "Quantity", "Unit price", "Amount"], *LINES]
        ),
        BASE,
    ),
    Case(
        "headings in traditional characters",
        xlsx([["日期", "單據編號", "客戶編碼", "客戶名稱", "型號", "數量", "單價", "金額"], *LINES]),
        BASE,
    ),
    Case(
        "headings in two languages",
        xlsx(
            [
                ["日期 Date", "单据编号", "客户编码", "客户名称/Customer", "型号", "数量(Qty)", "单价", "金额 Amount"],
                *LINES,
            ]
        ),
        BASE,
    ),
    Case(
        "headings mixed",
        xlsx([["Date", "单据编号", "客户编码", "Customer", "型号", "Qty", "单价", "Amount"], *LINES]),
        BASE,
    ),
    Case(
        "headings with blanks and line breaks",
        xlsx([["日 期", "单据\n编号", "客户 编码", " 客户名称 ", "型　号", "数量", "单 价", "金 额"], *LINES]),
        BASE,
    ),
    Case(
        "headings in full-width letters",
        xlsx([["Ｄａｔｅ", "单据编号", "客户编码", "客户名称", "型号", "ＱＴＹ", "单价", "金额"], *LINES]),
        BASE,
    ),
    Case(
        "headings in capitals",
        csv([["DATE", "DOCUMENT", "CUSTOMER CODE", "CUSTOMER", "PRODUCT", "QUANTITY", "UNIT PRICE", "AMOUNT"], *LINES]),
        BASE,
    ),
    Case("columns in another order", xlsx([row[::-1] for row in TABLE]), BASE),
    Case("columns nobody knows between", xlsx([[*row[:4], "x", *row[4:], "y"] for row in TABLE]), BASE),
    Case("headings far down", xlsx([*[[f"说明 {n}"] for n in range(30)], *TABLE]), BASE),
    Case("no headings at all", xlsx(LINES), refused("no heading")),
    Case("headings only", xlsx([HEAD]), refused("no rows below")),
    Case("headings and blank rows", xlsx([HEAD, [None] * 8, [""] * 8]), refused("no rows below")),
    Case("one row", xlsx([["日期 客户 金额"]]), refused()),
    Case("one column", xlsx([["金额"], [1], [2]]), refused()),
    Case("one cell", xlsx([["x"]]), refused()),
    Case("an empty workbook", xlsx([]), refused()),
    Case("one sale line", xlsx(TABLE[:2]), good(1, "300")),
    Case(
        "a heading told by --map",
        xlsx([["开单日", *HEAD[1:7], "流水额"], *LINES]),
        BASE,
        ("--map", "开单日=date", "--map", "流水额=amount"),
    ),
    Case(
        "a column told to be left out", xlsx(TABLE), BASE.but(net="767.6667", problems=("W106",)), ("--map", "金额=-")
    ),
)
