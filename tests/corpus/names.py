"""Names and codes of customers: near each other, written otherwise, colliding, missing."""

from typing import Any

from tests.corpus.kit import Case, Verdict, bad, book, csv, good, xlsx

HEAD = ["日期", "客户名称", "金额"]
CODED = ["日期", "客户编码", "客户名称", "金额"]


def named(*names: Any) -> list[list[Any]]:
    """A line of 5 for each name."""
    return [HEAD, *([f"2024-05-{day:02}", name, 5] for day, name in enumerate(names, 1))]


def coded(*pairs: tuple[Any, Any]) -> list[list[Any]]:
    """A line of 5 for each code and name."""
    return [CODED, *([f"2024-05-{day:02}", *pair, 5] for day, pair in enumerate(pairs, 1))]


def known(*pairs: tuple[Any, Any]) -> Any:
    """A sheet of customers imported before."""
    return xlsx([["客户编码", "客户名称"], *pairs], "客户.xlsx")


CASES = (
    Case("blanks in a name", csv(named("杭州恒达", "杭州 恒达", " 杭州恒达 ")), good(3, "15", customers=("杭州恒达",))),
    Case("full-width letters in a name", csv(named("ABC通讯", "ＡＢＣ通讯")), good(2, "10", customers=("ABC通讯",))),
    Case("capitals in a name", csv(named("Hengda", "HENGDA")), good(2, "10", customers=("Hengda",))),
    Case(
        "full-width brackets in a name",
        csv(named("恒达(杭州)", "恒达（杭州）")),
        good(2, "10", customers=("恒达(杭州)",)),
    ),
    Case(
        "equal names with other codes",
        csv(coded(("1", "恒达"), ("2", "恒达"))),
        good(2, "10", customers=("恒达", "恒达"), problems=("W108",)),
    ),
    Case("one code with two names", csv(coded(("1", "恒达"), ("1", "恒达电器"))), good(2, "10", customers=("恒达",))),
    Case(
        "codes that differ by zeros",
        csv(coded(("00123", "恒达"), ("123", "新宇"))),
        good(2, "10", customers=("恒达", "新宇")),
    ),
    Case(
        "codes that differ by case",
        csv(coded(("c1", "恒达"), ("C1", "新宇"))),
        good(2, "10", problems=("W117 C3",), customers=("恒达", "新宇")),
    ),
    Case(
        "a name that is another's code",
        csv(coded(("甲商", "恒达"), ("2", "甲商"))),
        good(2, "10", customers=("恒达", "甲商")),
    ),
    Case(
        "a code in the name's column",
        csv(named("00123", "恒达")),
        good(2, "10", customers=("恒达",)),
        before=(known(("00123", "恒达")),),
    ),
    Case(
        "codes without names",
        csv([["日期", "客户编码", "金额"], ["2024-05-01", "007", 5]]),
        good(1, "5", customers=("007",)),
    ),
    Case(
        "a known name without a code",
        csv(named("恒达")),
        good(1, "5", customers=("恒达",)),
        before=(known(("C1", "恒达")),),
    ),
    Case(
        "a known name in other letters",
        csv(named("ＨＥＮＧＤＡ 电器")),
        good(1, "5", customers=("hengda电器",)),
        before=(known(("C1", "hengda电器")),),
    ),
    Case(
        "a name that fits two",
        csv(named("恒达", "新宇")),
        bad(1, "E301 B2", customers=("恒达", "恒达")),
        before=(known(("C1", "恒达"), ("C2", "恒达")),),
    ),
    Case(
        "a new code beside a known name",
        csv(coded(("C2", "恒达"))),
        good(1, "5", customers=("恒达", "恒达"), problems=("W108",)),
        before=(known(("C1", "恒达")),),
    ),
    Case(
        "a name near a known one is a question",
        csv(named("南京苏宁电器公司", "恒达")),
        bad(1, "E312 B2", customers=("南京苏宁电器有限公司",)),
        before=(known(("C1", "南京苏宁电器有限公司")),),
    ),
    Case(
        "a name near a known one with a code is another",
        csv(coded(("C2", "南京苏宁电器公司"))),
        good(1, "5", customers=("南京苏宁电器有限公司", "南京苏宁电器公司")),
        before=(known(("C1", "南京苏宁电器有限公司")),),
    ),
    Case(
        "branches in two cities are two",
        csv(named("苏宁电器(杭州)", "苏宁电器(南京)")),
        good(2, "10", customers=("苏宁电器(杭州)", "苏宁电器(南京)")),
    ),
    Case(
        "two new names near each other are made, with a warning",
        csv(named("南京苏宁电器有限公司", "南京苏宁电器公司")),
        good(2, "10", customers=("南京苏宁电器有限公司", "南京苏宁电器公司"), problems=("W110 B3",)),
    ),
    Case(
        "unknown customers refused",
        csv(named("恒达", "新宇")),
        bad(1, "E311 B3", customers=("恒达",)),
        ("--new", "reject"),
        (known(("C1", "恒达")),),
    ),
    Case(
        "a blank name among others",
        csv(named("恒达", "", "新宇")),
        good(3, "15", customers=("恒达", "新宇"), problems=("W103",)),
    ),
    Case("a name of one sign", csv(named("甲", "。")), good(2, "10", customers=("甲", "。"))),
    Case(
        "the same customer twice with other contents",
        xlsx([["客户编码", "客户名称", "电话"], ["1", "恒达", "11"], ["1", "恒达", "22"]]),
        bad(1, "E302 A3", kinds=("customer",)),
    ),
    Case(
        "the same customer twice",
        xlsx([["客户编码", "客户名称", "电话"], ["1", "恒达", "11"], ["1", "恒达", "11"]]),
        Verdict(kinds=("customer",), taken=1, customers=("恒达",)),
    ),
    Case(
        "a parent that comes below",
        xlsx([["客户编码", "客户名称", "上级客户"], ["1", "恒达", "2"], ["2", "新宇", ""]]),
        Verdict(kinds=("customer",), taken=2, customers=("恒达", "新宇")),
    ),
    Case(
        "a customer that is its own parent",
        xlsx([["客户编码", "客户名称", "上级客户"], ["1", "恒达", "1"]]),
        bad(0, "E303 C2", kinds=("customer",)),
    ),
    Case(
        "blank cells erase nothing",
        xlsx([["客户编码", "客户名称", "电话"], ["1", "恒达", ""], ["2", "新宇", "5"]]),
        Verdict(kinds=("customer",), taken=1, customers=("恒达", "新宇")),
        before=(xlsx([["客户编码", "客户名称", "电话"], ["1", "恒达", "11"]], "旧.xlsx"),),
    ),
    Case(
        "an unknown channel stays as text",
        xlsx([["客户编码", "客户名称", "渠道"], ["1", "恒达", "直供"], ["2", "新宇", "飞船"]]),
        Verdict(kinds=("customer",), taken=2, problems=("W102 C3",)),
    ),
    Case(
        "flags in every style",
        xlsx(
            [
                ["客户编码", "客户名称", "核心客户"],
                *([f"{n}", f"客{n}", word] for n, word in enumerate(["是", "否", "Y", "no", "√", "×", 1, 0, True, ""])),
            ]
        ),
        Verdict(kinds=("customer",), taken=10),
    ),
    Case(
        "a flag that is none",
        xlsx([["客户编码", "客户名称", "核心客户"], ["1", "恒达", "也许"]]),
        bad(0, "E206 C2", kinds=("customer",)),
    ),
    Case(
        "two reps of one name in two offices",
        book({"人员": [["工号", "姓名", "办事处"], ["1", "王伟", "杭州"], ["2", "王伟", "南京"]]}),
        Verdict(kinds=("rep",), taken=2),
    ),
    Case(
        "offices with and without 办事处",
        csv(
            [
                ["日期", "办事处", "客户名称", "金额"],
                ["2024-05-01", "杭州", "恒达", 5],
                ["2024-05-02", "杭州办事处", "恒达", 6],
            ]
        ),
        good(2, "11"),
    ),
    Case(
        "a customer moves to an office that is new",
        xlsx([["客户编码", "客户名称", "办事处", "客户经理"], ["1", "恒达", "宁波", "李敏"]]),
        Verdict(kinds=("customer",), taken=1, customers=("恒达",)),
        before=(xlsx([["客户编码", "客户名称", "办事处"], ["1", "恒达", "杭州"]], "旧.xlsx"),),
    ),
)
