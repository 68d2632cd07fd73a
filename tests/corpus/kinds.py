"""Workbooks of several sheets and kinds: what is read, what is left with a word, what counts twice."""

from tests.corpus.kit import BASE, ONE, SHORT, TABLE, TWO, Case, Verdict, bad, book, good, refused, xlsx

CASES = (
    Case(
        "four kinds in one workbook",
        book(
            {
                "销售": [
                    ["日期", "办事处", "客户编码", "产品编码", "数量", "金额"],
                    [ONE[0][0], "杭州", "C1", "P1", 3, 300],
                ],
                "客户": [["客户编码", "客户名称", "办事处"], ["C1", "杭州恒达", "杭州"]],
                "产品": [["产品编码", "型号", "单位"], ["P1", "I9300", "台"]],
                "办事处": [["办事处编码", "办事处名称", "区域"], ["HZ", "杭州", "江东"]],
            }
        ),
        Verdict(
            kinds=("office", "product", "customer", "sales"), taken=4, net="300", quantity="3", customers=("杭州恒达",)
        ),
    ),
    Case(
        "a sheet for each office",
        book({"杭州": [SHORT, *ONE], "南京办事处": [SHORT, *TWO]}),
        good(3, "870", kinds=("sales", "sales"), says=("sheet 杭州: its name is taken for the office",)),
    ),
    Case(
        "a sheet for each month",
        book({"4月": [SHORT, *ONE], "5月": [SHORT, *TWO]}),
        good(3, "870", kinds=("sales",) * 2),
    ),
    Case("the office in the file's name", xlsx([SHORT, *ONE], "杭州办事处销售.xlsx", "Sheet1"), good(2, "800")),
    Case(
        "a summary sheet beside the months",
        book({"汇总": [SHORT, *ONE, *TWO], "4月": [SHORT, *ONE], "5月": [SHORT, *TWO]}),
        good(3, "870", kinds=("sales", "sales"), says=("sheet 汇总 sums up the others",)),
    ),
    Case(
        "a summary by customer beside the lines",
        book({"明细": TABLE, "客户汇总": [["客户名称", "数量", "金额"], ["杭州恒达通讯", 2, 200]]}),
        BASE,
    ),
    Case(
        "a sheet of totals beside the offices",
        book({"杭州": [SHORT, *ONE], "合计": [SHORT, *ONE]}),
        good(2, "800", says=("sheet 合计 sums up",)),
    ),
    Case(
        "a copied sheet counts nothing twice",
        book({"5月": TABLE, "5月 (2)": TABLE}),
        bad(8, "E402", kinds=("sales",) * 2, says=("the same 4 lines as 5月",)),
    ),
    Case(
        "a sheet of all offices counts nothing twice",
        book({"杭州": [SHORT, ONE[0]], "南京": [SHORT, ONE[1]], "全省": [SHORT, *ONE]}),
        bad(4, "E402", kinds=("sales",) * 3),
    ),
    Case(
        "a copied sheet that is meant",
        book({"5月": [SHORT, *ONE], "5月 (2)": [SHORT, *ONE]}),
        good(4, "1600", code=1, kinds=("sales",) * 2, problems=("E402",)),
        ("--partial",),
    ),
    Case(
        "one equal line in two sheets",
        book({"甲": [SHORT, ONE[0]], "乙": [SHORT, ONE[0]]}),
        good(2, "600", kinds=("sales",) * 2),
    ),
    Case(
        "a plan with subtotals",
        xlsx(
            [
                ["月份", "办事处", "客户", "目标"],
                ["2024-05", "杭州", "恒达", 5],
                ["2024-05", "杭州", "小计", 5],
                ["合计", "", "", 5],
            ],
            "规划.xlsx",
        ),
        Verdict(kinds=("plan",), taken=1, skipped=2, customers=("恒达",)),
    ),
    Case(
        "customers with their number below",
        xlsx([["客户编码", "客户名称", "电话"], ["C1", "恒达", "1"], ["合计", "1家", ""]]),
        Verdict(kinds=("customer",), taken=1, skipped=1, customers=("恒达",)),
    ),
    Case(
        "a customer whose code says total",
        xlsx([["客户编码", "客户名称", "电话"], ["Total", "道达尔", "1"]]),
        Verdict(kinds=("customer",), taken=1, customers=("道达尔",)),
    ),
    Case("a summary alone is read", xlsx(TABLE, sheet="汇总"), BASE),
    Case(
        "notes and an empty sheet beside",
        book({"说明": [["怎样填写本表"], ["每日一行"]], "销售": TABLE, "Sheet3": []}),
        BASE,
    ),
    Case(
        "payments beside the sales",
        book({"销售": TABLE, "回款": [["日期", "客户", "金额"], [ONE[0][0], "杭州恒达通讯", 999]]}),
        BASE.but(kinds=("sales", "payment"), taken=5),
    ),
    Case(
        "payments alone",
        xlsx([["日期", "客户", "金额"], *[[*row[:2], row[3]] for row in ONE]], "回款.xlsx", "回款"),
        Verdict(kinds=("payment",), taken=2, customers=("杭州恒达", "南京明远")),
    ),
    Case(
        "payments to somebody, by their name",
        xlsx([["日期", "客户", "金额"], *[[*row[:2], row[3]] for row in ONE]], "付款.xlsx", "付款"),
        refused("付款"),
    ),
    Case(
        "a stock sheet is no sale",
        xlsx([["日期", "客户", "库存数量", "金额"], *ONE], "库存.xlsx", "库存"),
        refused("库存"),
    ),
    Case(
        "two tables below each other",
        xlsx([SHORT, *ONE, [], ["第二组"], SHORT, *TWO]),
        good(3, "870", skipped=2),
    ),
    Case(
        "customers alone",
        xlsx([["客户编码", "客户名称"], ["001", "甲商"], ["002", "乙店"]]),
        Verdict(kinds=("customer",), taken=2, customers=("甲商", "乙店")),
    ),
    Case(
        "a plan whose month is in the file's name",
        xlsx([["办事处", "客户编码", "等级", "目标"], ["杭州", "C1", "V1", 20]], "2024年5月规划客户.xlsx", "Sheet1"),
        Verdict(kinds=("plan",), taken=1),
    ),
)
