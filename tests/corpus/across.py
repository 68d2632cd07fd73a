"""Months, products and days across; figures to date; what only a name or title tells of the date."""

import datetime as dt

from tests.corpus.kit import ONE, SHORT, TWO, Case, Verdict, bad, book, csv, good, refused, xlsx

MONTHS = ["1月", "2月", "3月"]
CASES = (
    Case(
        "customers down, products across",
        xlsx(
            [
                ["2024年5月各客户销售（数量）"],
                ["客户名称", "I9300", "N7100", "合计"],
                ["杭州恒达", 3, 1, 4],
                ["南京明远", 2, None, 2],
                ["合计", 5, 1, 6],
            ],
            "2024年5月.xlsx",
        ),
        Verdict(code=3, kinds=(), problems=("E100",), taken=0),
    ),
    Case(
        "customers down, months across",
        xlsx(
            [
                ["2024年各客户销售额（元）"],
                ["客户名称", *MONTHS, "合计"],
                ["杭州恒达", 100, 200, 300, 600],
                ["南京明远", 10, None, 30, 40],
                ["合计", 110, 200, 330, 640],
            ],
            "2024年客户销售额.xlsx",
        ),
        good(5, "640", skipped=None, customers=("杭州恒达", "南京明远")),
    ),
    Case(
        "customers down, dates across",
        xlsx(
            [
                ["客户名称", dt.date(2024, 5, 1), dt.date(2024, 5, 2), "合计"],
                ["杭州恒达", 100, 200, 300],
                ["南京明远", 10, None, 10],
            ],
            "销售额.xlsx",
        ),
        good(3, "310", skipped=None),
    ),
    Case(
        "customers down, products that are known across",
        xlsx(
            [
                ["客户名称", "I9300", "N7100", "合计"],
                ["杭州恒达", 300, 100, 400],
                ["南京明远", 200, None, 200],
                ["合计", 500, 100, 600],
            ],
            "2024年5月销售额.xlsx",
        ),
        good(3, "600", skipped=1, says=("products stand across",)),
        before=(xlsx([["产品编码", "型号"], ["P1", "I9300"], ["P2", "N7100"]], "产品.xlsx"),),
    ),
    Case(
        "quantities and amounts under each month",
        book(
            {
                "明细": [
                    ["客户名称", "1月", "", "2月", ""],
                    ["", "数量", "金额", "数量", "金额"],
                    ["杭州恒达", 3, 300, 1, 100],
                    ["合计", 3, 300, 1, 100],
                ]
            },
            "2024年销售.xlsx",
        ),
        good(2, "400", quantity="4", skipped=1),
    ),
    Case(
        "a row's total that is not the sum of its months",
        xlsx(
            [["客户名称", "2024-01", "2024-02", "合计"], ["杭州恒达", 300, 100, 500], ["合计", 300, 100, 400]],
            "销售额.xlsx",
        ),
        bad(2, "E401 D2", skipped=1).but(refused=0),
    ),
    Case(
        "one month more than last time, and one corrected",
        xlsx([["客户名称", "1月", "2月", "3月"], ["恒达", 1, 5, 3]], "2024年销售额.xlsx"),
        good(2, "9", problems=("W113",)),
        before=(xlsx([["客户名称", "1月", "2月"], ["恒达", 1, 2]], "2024年销售额.xlsx"),),
    ),
    Case(
        "an average and a rate among the months",
        xlsx(
            [["排名", "客户名称", "1月", "2月", "平均", "合计", "环比"], [1, "杭州恒达", 300, 100, 200, 400, "-66%"]],
            "2024年销售额.xlsx",
        ),
        good(2, "400"),
    ),
    Case(
        "months of no year",
        xlsx([["客户名称", "1月", "2月"], ["杭州恒达", 300, 100]], "销售额.xlsx"),
        refused("names no year"),
    ),
    Case(
        "quarters across",
        xlsx([["客户名称", "一季度", "二季度"], ["杭州恒达", 300, 100]], "2024年销售额.xlsx"),
        refused("more than a month"),
    ),
    Case(
        "targets across are no sales",
        xlsx([["客户名称", "1月", "2月"], ["杭州恒达", 300, 100]], "2024年销售目标.xlsx"),
        refused(),
    ),
    Case(
        "stocks across are no sales",
        xlsx([["客户名称", "1月", "2月"], ["杭州恒达", 300, 100]], "2024年库存.xlsx"),
        refused(),
    ),
    Case(
        "a day in the title and none in the rows",
        xlsx(
            [["2024年5月3日 销售日报"], ["客户名称", "数量", "金额"], ["恒达", 1, 5], ["新宇", 2, 6], ["合计", 3, 11]],
            "日报.xlsx",
        ),
        good(2, "11", skipped=1),
    ),
    Case(
        "days without a year, the year in the sheet's name",
        xlsx([SHORT, ["5.3", "恒达", 1, 5], ["5月4日", "新宇", 2, 6]], "销售.xlsx", "2024年5月"),
        good(2, "11"),
    ),
    Case(
        "days without a year", xlsx([SHORT, ["5.3", "恒达", 1, 5], ["5月4日", "新宇", 2, 6]]), refused("without a year")
    ),
    Case(
        "a heading twice says which was read",
        csv([["日期", "客户名称", "金额", "金额"], ["2024-05-03", "恒达", 5, 7]]),
        good(1, "5", says=("stands more than once: C was read",)),
    ),
    Case(
        "the month beside what it added up to",
        xlsx(
            [
                ["日期", "客户名称", "当日金额", "本月累计金额"],
                [dt.date(2024, 5, 3), "杭州恒达", 100, 100],
                [dt.date(2024, 5, 4), "杭州恒达", 50, 150],
            ]
        ),
        good(2, "150", skipped=None),
    ),
    Case(
        "the month's cumulative amounts only",
        xlsx(
            [
                ["日期", "客户名称", "本月累计金额"],
                [dt.date(2024, 5, 3), "杭州恒达", 100],
                [dt.date(2024, 5, 4), "杭州恒达", 150],
            ]
        ),
        good(2, "150", skipped=None),
    ),
    Case(
        "a month in the sheet's name and no date column",
        book(
            {
                "2024年4月": [["客户名称", "型号", "数量", "金额"], ["杭州恒达", "I9300", 3, 300]],
                "2024年5月": [["客户名称", "型号", "数量", "金额"], ["杭州恒达", "I9300", 1, 100]],
            }
        ),
        good(2, "400", kinds=("sales", "sales"), quantity="4"),
    ),
    Case(
        "a month in the file's name and no date column",
        xlsx([["客户名称", "型号", "数量", "金额"], ["杭州恒达", "I9300", 3, 300]], "2024年5月销售.xlsx", "Sheet1"),
        good(1, "300"),
    ),
    Case(
        "two tables side by side are not half read in silence",
        xlsx([[*SHORT, "", *SHORT], [*ONE[0], "", *ONE[1]], [*TWO[0], "", *[None] * 4]]),
        refused("headings stand twice"),
    ),
)
