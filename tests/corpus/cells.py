"""Cells as people and programs leave them: figures as text, codes with zeros, errors, formulas, long texts."""

from decimal import Decimal
from typing import Any

from tests.corpus.kit import BASE, HEAD, LINES, TABLE, Case, bad, csv, drawn, filled, good, text, with_column, xlsx
from tests.corpus.kit import with_column as column

AMOUNT, QUANTITY, PRICE, CODE, NAME = 7, 5, 6, 2, 3
THREE: list[Any] = ["501", "66.6667", "-100"]


def amount(name: str, cell: Any) -> Case:
    """The first amount, 300, written otherwise."""
    return Case(name, xlsx(column(AMOUNT, "金额", [cell, *THREE])), BASE)


def wrong(name: str, cell: Any, code: str) -> Case:
    """An amount that is none."""
    return Case(name, xlsx(column(AMOUNT, "金额", [cell, *THREE])), bad(3, f"{code} H2"))


NUMBERS = (
    amount("figures as text", "300"),
    amount("separators", "300.00"),
    Case(
        "thousands separators",
        csv(column(AMOUNT, "金额", ["1,234,567.89", *THREE], column(PRICE, "单价", [None] * 4))),
        BASE.but(net="1235035.5567"),
    ),
    amount("full-width digits", "３００．００"),
    amount("a yuan sign", "￥300.00"),
    amount("a yen sign", "¥ 300"),
    amount("RMB before", "RMB 300"),
    amount("CNY before", "CNY300.00"),
    amount("元 behind", "300元"),
    amount("万 behind", "0.03万"),
    amount("万元 behind", "0.03万元"),
    amount("a plus before", "+300"),
    amount("blanks around", "  300  "),
    amount("a no-break blank around", "\u00a0300\u00a0"),
    amount("a full-width blank around", "\u3000300\u3000"),
    amount("thin blanks between thousands", "300"),
    amount("an exponent", "3E2"),
    amount("zeros in front", "000300"),
    amount("a point at the end", "300."),
    amount("a text formula", '="300"'),
    Case(
        "no zero before the point",
        xlsx(column(AMOUNT, "金额", [".5", *THREE], column(PRICE, "单价", [None] * 4))),
        BASE.but(net="468.1667"),
    ),
    Case("four decimals", xlsx(column(AMOUNT, "金额", [Decimal("300.0001"), *THREE])), BASE.but(net="767.6668")),
    Case(
        "more than four decimals are rounded",
        xlsx(column(AMOUNT, "金额", ["300.00005", *THREE])),
        BASE.but(net="767.6668", problems=("W101",)),
    ),
    Case(
        "a sum of binary fractions",
        xlsx(column(AMOUNT, "金额", [0.1 + 0.2, *THREE], column(PRICE, "单价", [None] * 4))),
        BASE.but(net="467.9667"),
    ),
    Case(
        "very large",
        xlsx(column(AMOUNT, "金额", ["900000000000", *THREE], column(PRICE, "单价", [None] * 4))),
        BASE.but(net="900000000467.6667"),
    ),
    Case("too large", xlsx(column(AMOUNT, "金额", ["9e15", *THREE])), bad(3, "E205 H2")),
    Case("infinitely large", xlsx(column(AMOUNT, "金额", ["1e999", *THREE])), bad(3, "E204 H2")),
    wrong("a quotation mark before", "'300", "E204"),
    wrong("figures in words", "三百", "E204"),
    wrong("two points", "3.0.0", "E204"),
    wrong("separators in the wrong place", "3,00", "E204"),
    wrong("a comma for a point", "300,5", "E204"),
    wrong("a minus and brackets", "(-300)", "E204"),
    wrong("two minuses", "--300", "E204"),
    wrong("a figure and a remark", "300（含运费）", "E204"),
    wrong("a per cent", "30%", "E204"),
    wrong("a range", "300-400", "E204"),
    wrong("a truth", True, "E204"),
    wrong("a date for an amount", LINES[0][0], "E204"),
    wrong("nan", "nan", "E204"),
    wrong("inf", "inf", "E204"),
    wrong("a fraction", "1/2", "E204"),
    wrong("a foreign digit that is no digit", "३x", "E204"),
    Case(
        "fractional pieces",
        xlsx(column(QUANTITY, "数量", [2.5, 2, 1, -1], column(PRICE, "单价", [120, 250.5, 66.6667, 100]))),
        BASE.but(quantity="4.5"),
    ),
    Case(
        "quantities that are no numbers",
        xlsx(column(QUANTITY, "数量", ["三台", 2, 1, "壹"])),
        bad(2, "E204 F2", "E204 F5"),
    ),
    Case("a dash for nothing", xlsx(column(QUANTITY, "数量", ["-", 2, 1, -1])), BASE.but(quantity="2")),
)


def coded(name: str, cell: Any, meant: str) -> Case:
    """A customer without a name goes by its code."""
    rows = [["日期", "客户编码", "金额"], ["2024-05-03", cell, 5]]
    return Case(name, xlsx(rows), good(1, "5", customers=(meant,)))


CODES = (
    coded("a code with leading zeros", "00123", "00123"),
    coded("a code as a number", 123, "123"),
    coded("a long code as a number", 123456789012345, "123456789012345"),
    coded("a code with an exponent look", "1E5", "1E5"),
    coded("a code that looks like a date", "2024-05-03", "2024-05-03"),
    coded("a code that is NA", "NA", "NA"),
    coded("a code that is null", "null", "null"),
    coded("a code that is nan", "nan", "nan"),
    coded("a code that is None", "None", "None"),
    coded("a code that is N/A", "N/A", "N/A"),
    coded("a code of one dash", "-", "-"),
    coded("a code of 0", "0", "0"),
    coded("a code with blanks around", "  C1 ", "C1"),
    coded("a code in a text formula", '="00123"', "00123"),
    coded("a code of TRUE", "TRUE", "TRUE"),
    coded("a code of 40 digits", "1" * 40, "1" * 40),
    coded("a code with a slash", "A/B-1.0", "A/B-1.0"),
    Case(
        "names that are digits",
        xlsx([["日期", "客户名称", "金额"], ["2024-05-03", "007", 5]]),
        good(1, "5", customers=("007",)),
    ),
    Case(
        "a name of 32,767 characters",
        xlsx(with_column(NAME, "客户名称", ["长" * 32_767, *(row[NAME] for row in LINES[1:3]), "长" * 32_767])),
        BASE.but(customers=("长" * 32_767, "南京明远电器", "苏州乐天数码")),
    ),
    Case(
        "line breaks in a name",
        xlsx(column(NAME, "客户名称", ["杭州\n恒达通讯", "南京明远电器", "苏州乐天数码", "杭州\n恒达通讯"])),
        BASE.but(customers=("杭州 恒达通讯", "南京明远电器", "苏州乐天数码")),
    ),
    Case(
        "emoji and rare characters",
        xlsx(column(NAME, "客户名称", ["𠮷野家🚀", "南京明远电器", "苏州乐天数码", "𠮷野家🚀"])),
        BASE.but(customers=("𠮷野家🚀", "南京明远电器", "苏州乐天数码")),
    ),
    Case(
        "quotes in names",
        csv(column(NAME, "客户名称", ['"恒达"', "明远'电器", "乐天,数码", '"恒达"'])),
        BASE.but(customers=('"恒达"', "明远'电器", "乐天,数码")),
    ),
    Case(
        "a line without a customer",
        xlsx(
            column(
                NAME,
                "客户名称",
                [None, *(row[NAME] for row in LINES[1:])],
                column(CODE, "客户编码", [None, "00124", "00125", "00123"]),
            )
        ),
        BASE.but(problems=("W103",)),
    ),
    Case(
        "long digits that Excel cut",
        xlsx(column(CODE, "客户编码", [1.23456789012345e17, "00124", "00125", "00123"])),
        bad(3, "E210 C2"),
    ),
)


def formula(value: Any, place: int = AMOUNT) -> Any:
    """Draws the table with a formula in the first line, its stored result this."""

    def draw(out: Any, sheet: Any) -> None:
        filled()(out, sheet)
        sheet.write_formula(1, place, "=F2*G2" if place == AMOUNT else "=A9", None, value)

    return draw


def error(word: str, place: int) -> Any:
    """Draws the table with an error in the first line."""

    def draw(out: Any, sheet: Any) -> None:
        filled()(out, sheet)
        sheet.write_formula(1, place, "=NA()", None, word)

    return draw


FORMULAS = (
    Case("formulas with their results", drawn(formula(300)), BASE),
    Case("a formula without a result is refused", drawn(formula("")), bad(3, "E209 H2")),
    Case("a formula for the quantity without a result is refused", drawn(formula("", QUANTITY)), bad(3, "E209 F2")),
    Case("a formula for the customer without a result is refused", drawn(formula("", NAME)), bad(3, "E209 D2")),
    *(
        Case(f"{word} for an amount is refused", drawn(error(word, AMOUNT)), bad(3, "E208 H2"))
        for word in ("#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!")
    ),
    Case("#N/A for a price is refused", drawn(error("#N/A", PRICE)), bad(3, "E208 G2")),
    Case("#N/A for a customer is refused", drawn(error("#N/A", NAME)), bad(3, "E208 D2")),
    Case("#N/A for a date is refused", drawn(error("#N/A", 0)), bad(3, "E208 A2")),
    Case(
        "an error in words is refused",
        csv(column(NAME, "客户名称", ["#REF!", *(row[NAME] for row in LINES[1:])])),
        bad(3, "E208 D2"),
    ),
    Case(
        "an error in a column that is not read",
        drawn(
            lambda out, sheet: (
                filled([[*row, "备注"] for row in TABLE])(out, sheet),
                sheet.write_formula(1, 8, "=NA()", None, "#N/A"),
            )
        ),
        BASE,
    ),
    Case(
        "a formula in a csv is text",
        text("日期,客户名称,金额\n2024-05-03,=cmd|'/c calc'!A1,5\n"),
        good(1, "5", customers=("=cmd|'/c calc'!A1",)),
    ),
    Case("a formula for an amount in a csv", text("日期,客户名称,金额\n2024-05-03,甲商,=1+1\n"), bad(0, "E204 C2")),
)

SEVERAL = (
    Case(
        "every bad cell is told at once",
        xlsx([HEAD, ["昨天", "S1", "1", "甲商", "X", "三", "x", "y"], *LINES]),
        bad(4, "E202 A2", "E204 F2", "E204 G2", "E204 H2"),
    ),
    Case(
        "the good rows of a bad sheet",
        xlsx([HEAD, ["2024-02-30", "S1", "1", "甲商", "X", 1, 1, 1], *LINES]),
        BASE.but(code=1, refused=1, problems=("E202 A2",)),
        ("--partial",),
    ),
    Case(
        "only bad rows", xlsx([HEAD, ["昨天", *LINES[0][1:]]]), bad(0, "E202 A2").but(code=1, net="0"), ("--partial",)
    ),
)

CASES = (*NUMBERS, *CODES, *FORMULAS, *SEVERAL)
