"""The same rows again, overlapping, late, changed, in other order: nothing is lost and nothing doubled."""

from typing import Any

from tests.corpus.kit import BASE, HEAD, LINES, TABLE, Case, csv, good, luck, text, without, xlsx

LINE_NO = ["单据编号", "行号", "日期", "客户名称", "金额"]
PLAIN = ["日期", "客户名称", "金额"]


def numbered(*rows: tuple[str, str, int]) -> list[list[Any]]:
    """Lines with document, line number and amount."""
    return [LINE_NO, *([document, number, "2024-05-03", "恒达", amount] for document, number, amount in rows)]


def plain(*amounts: int) -> list[list[Any]]:
    """Lines without a document."""
    return [PLAIN, *(["2024-05-03", "恒达", amount] for amount in amounts)]


def days(first: int, last: int) -> list[list[Any]]:
    """A line of its own for each day."""
    return [PLAIN, *([f"2024-05-{day:02}", "恒达", day] for day in range(first, last + 1))]


NO_CODE = without(1, 2, rows=TABLE)
SHUFFLED = [HEAD, *luck("shuffled").sample(LINES, len(LINES))]
THREE_TIMES = numbered(("S1", "1", 5), ("S1", "2", 6), ("S2", "1", 7))

CASES = (
    Case("equal lines are both true", csv(plain(5, 5, 5)), good(3, "15")),
    Case("one more equal line than before", csv(plain(5, 5, 5)), good(1, "15"), before=(csv(plain(5, 5), "a.csv"),)),
    Case(
        "fewer equal lines than before",
        csv(plain(5, 7)),
        good(1, "17", problems=("W109",)),
        before=(csv(plain(5, 5), "a.csv"),),
    ),
    Case("reordered rows", xlsx(SHUFFLED), BASE.but(taken=0), before=(xlsx(TABLE, "a.xlsx"),)),
    Case("reordered columns", xlsx([row[::-1] for row in TABLE]), BASE.but(taken=0), before=(xlsx(TABLE, "a.xlsx"),)),
    Case("as text what was a workbook", csv(TABLE), BASE.but(taken=0), before=(xlsx(TABLE, "a.xlsx"),)),
    Case("a title more", xlsx([["5月"], *TABLE]), BASE.but(taken=0), before=(xlsx(TABLE, "a.xlsx"),)),
    Case("another name", xlsx(TABLE, "b.xlsx"), BASE.but(taken=0), before=(xlsx(TABLE, "a.xlsx"),)),
    Case("overlapping weeks", csv(days(5, 12)), good(5, str(sum(range(1, 13)))), before=(csv(days(1, 7), "a.csv"),)),
    Case(
        "a gap filled late",
        csv(days(1, 9)),
        good(3, str(sum(range(1, 10)))),
        before=(csv(days(1, 3), "a.csv"), csv(days(7, 9), "b.csv")),
    ),
    Case(
        "late rows of earlier days",
        csv([*days(3, 9), ["2024-05-01", "恒达", 99]]),
        good(1, str(sum(range(3, 10)) + 99)),
        before=(csv(days(3, 9), "a.csv"),),
    ),
    Case(
        "a changed document is a new version",
        csv(numbered(("S1", "1", 50), ("S1", "2", 6))),
        good(1, "63", problems=("W113",)),
        before=(csv(THREE_TIMES, "a.csv"),),
    ),
    Case(
        "a line more in a known document",
        csv(numbered(("S1", "1", 5), ("S1", "3", 9))),
        good(1, "27"),
        before=(csv(THREE_TIMES, "a.csv"),),
    ),
    Case(
        "a document that swaps its amounts",
        csv(numbered(("S1", "1", 6), ("S1", "2", 5))),
        good(2, "18", problems=("W113",)),
        before=(csv(THREE_TIMES, "a.csv"),),
    ),
    Case(
        "a line changed twice",
        csv(numbered(("S1", "1", 51))),
        good(1, "64", problems=("W113",)),
        before=(csv(THREE_TIMES, "a.csv"), csv(numbered(("S1", "1", 50)), "b.csv")),
    ),
    Case(
        "a line that is what it was",
        csv(numbered(("S1", "1", 5))),
        good(1, "18", problems=("W113",)),
        before=(csv(THREE_TIMES, "a.csv"), csv(numbered(("S1", "1", 50)), "b.csv")),
    ),
    Case("line numbers that repeat", csv(numbered(("S1", "1", 5), ("S1", "1", 5), ("S1", "1", 6))), good(3, "16")),
    Case(
        "documents without line numbers",
        csv([["单据编号", *PLAIN], ["S1", "2024-05-03", "恒达", 5], ["S1", "2024-05-03", "恒达", 5]]),
        good(2, "10"),
    ),
    Case(
        "another document with the same content",
        csv([["单据编号", *PLAIN], ["S2", "2024-05-03", "恒达", 5]]),
        good(1, "10"),
        before=(csv([["单据编号", *PLAIN], ["S1", "2024-05-03", "恒达", 5]], "a.csv"),),
    ),
    Case("documents that differ by zeros", csv(numbered(("01", "1", 5), ("1", "1", 5))), good(2, "10")),
    Case(
        "a correction without a document is said",
        csv([["日期", "客户名称", "型号", "金额"], ["2024-05-03", "恒达", "X1", 6], ["2024-05-04", "恒达", "X1", 7]]),
        good(1, "18", problems=("W109",)),
        before=(
            csv(
                [
                    ["日期", "客户名称", "型号", "金额"],
                    ["2024-05-03", "恒达", "X1", 5],
                    ["2024-05-04", "恒达", "X1", 7],
                ],
                "a.csv",
            ),
        ),
    ),
    Case("the names of customers with codes", xlsx(without(2)), BASE.but(taken=0), before=(xlsx(TABLE, "a.xlsx"),)),
    Case(
        "a column more than before",
        csv([[*row, cell] for row, cell in zip(plain(5, 6), ["业务员", "王伟", "李敏"], strict=True)]),
        good(2, "11", problems=("W113",)),
        before=(csv(plain(5, 6), "a.csv"),),
    ),
    Case(
        "a column less than before",
        csv(plain(5, 6)),
        good(0, "11"),
        before=(csv([[*row, cell] for row, cell in zip(plain(5, 6), ["状态", "已审", "已审"], strict=True)], "a.csv"),),
    ),
    Case(
        "a line voided later",
        csv([[*LINE_NO, "状态"], ["S1", "1", "2024-05-03", "恒达", 5, "作废"]]),
        good(1, "18", problems=("W105", "W113")),
        before=(csv(THREE_TIMES, "a.csv"),),
    ),
    Case("the same file with other settings", xlsx(TABLE), BASE.but(taken=0), ("--dates", "dmy"), (xlsx(TABLE),)),
    Case(
        "documents that come later are said",
        csv([["单据编号", *PLAIN], ["S1", "2024-05-03", "恒达", 5]]),
        good(1, "10", problems=("W109",)),
        before=(csv(plain(5), "a.csv"),),
    ),
    Case(
        "documents that are left out later are said",
        csv(plain(5)),
        good(1, "10", problems=("W109",)),
        before=(csv([["单据编号", *PLAIN], ["S1", "2024-05-03", "恒达", 5]], "a.csv"),),
    ),
    Case(
        "line numbers that come later",
        csv(numbered(("S1", "1", 5))),
        good(0, "5"),
        before=(csv([["单据编号", *PLAIN], ["S1", "2024-05-03", "恒达", 5]], "a.csv"),),
    ),
    Case(
        "offices that come later are said",
        csv([[*PLAIN, "办事处"], ["2024-05-03", "恒达", 5, "杭州"]]),
        good(1, "10", problems=("W109",)),
        before=(csv(plain(5), "a.csv"),),
    ),
    Case(
        "other offices sell the same",
        csv([[*PLAIN, "办事处"], ["2024-05-03", "恒达", 5, "杭州"]]),
        good(1, "10"),
        before=(csv([[*PLAIN, "办事处"], ["2024-05-03", "恒达", 5, "宁波"]], "a.csv"),),
    ),
    Case(
        "a file joined of two exports",
        text("\ufeff日期,客户名称,金额\n2024-05-03,恒达,5\n\ufeff日期,客户名称,金额\n2024-05-04,恒达,6\n"),
        good(2, "11", skipped=1),
    ),
    Case("a sheet split into two", csv(plain(5, 6)), good(1, "11"), before=(csv(plain(5), "a.csv"),)),
    Case("opposite lines do not cancel out", csv(plain(5, -5, 5)), good(3, "5")),
)
