"""Names without codes in sheets: known, near a known one, near each other, new."""

import shlex
from typing import Any

import pytest

from tests.conftest import Run
from tests.making import policy, report, sheet

SALES = "日期 客户 金额"
CODED = "日期 客户编码 客户 金额"


@pytest.fixture
def known(ch: Run) -> None:
    """Three customers with codes, two of them near each other."""
    lines = [
        ("2024-05-01", "C1", "杭州恒达通讯有限公司", 100),
        ("2024-05-01", "C2", "恒达通讯(杭州)", 70),
        ("2024-05-01", "C3", "南京华通电器", 50),
    ]
    assert ch("import", sheet("known", CODED, lines)).code == 0


def imported(ch: Run, name: str, headings: str, lines: list[tuple[Any, ...]], *words: str) -> Any:
    return ch("import", sheet(name, headings, lines), *words, "--format", "json").data


def counts(data: Any) -> tuple[int, ...]:
    row = data["rows"][0]
    return tuple(row[name] for name in ("rows", "new", "existing", "rejected"))


def problems(data: Any) -> list[tuple[str, int, str]]:
    return [(one["code"], one["row"], one["message"]) for one in data["problems"]]


@pytest.mark.usefixtures("known")
def test_a_near_name_is_a_problem_that_names_the_nearest_and_what_settles_it(ch: Run) -> None:
    near = sheet("near", SALES, [("2024-05-02", "杭州恒达通讯", 9), ("2024-05-02", "北京新客户", 5)])
    done = ch("import", near)
    assert done.code == 3
    assert done.out.splitlines()[7:] == [
        "  near.csv:2  E312  客户: no customer “杭州恒达通讯”, but near C2 恒达通讯(杭州) (but for signs), C1"
        " 杭州恒达通讯有限公司 (but for the ending). The same: channelctl customer alias add C2 杭州恒达通讯"
        "  Another: channelctl customer add 杭州恒达通讯",
        "  What a code means: channelctl explain E312",
        "near.csv: 1 row of 2 has errors; nothing was written.",
        "Correct the sheet, or take the other 1 row: channelctl import near.csv --partial",
    ]
    assert ch("customer", "alias", "add", "C1", "杭州恒达通讯").code == 0
    assert counts(imported(ch, "near", SALES, [("2024-05-02", "杭州恒达通讯", 9)])) == (1, 1, 0, 0)
    assert report(ch, "tier", "--all-time")["rows"][0]["net_sales"] == 109


@pytest.mark.usefixtures("known")
def test_both_lines_settle_it_as_they_are_printed(ch: Run) -> None:
    last = 1
    for place, name in enumerate(["南京(华通)电器=", "-南京华通电器", "南京'华通'电器$(x)", "南京·华通·电器"]):
        name = name.removesuffix("(x)")
        line = [("2024-05-02", name, 9)]
        ((code, _row, message),) = problems(imported(ch, f"near{place}", SALES, line))
        assert code == "E312"
        for command in message.partition(" The same: ")[2].split("  Another: "):
            done = ch(*shlex.split(command.removeprefix("channelctl ")))
            assert done.code == 0, done.err
            assert counts(imported(ch, f"near{place}", SALES, line)) == (1, 1, 0, 0)
            assert ch("batch", "undo", last + 2).code == 0
            assert ch("batch", "undo", last + 1).code == 0
            last += 4


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize(
    ("headings", "line"),
    [
        (CODED, ("2024-05-02", "C9", "杭州恒达通讯", 9)),
        (SALES, ("2024-05-02", "杭州恒达通讯有限公司", 9)),
        (SALES, ("2024-05-02", "杭州 恒达通讯有限公司", 9)),
        (SALES, ("2024-05-02", "C1", 9)),
        (SALES, ("2024-05-02", "苏州恒达通讯有限公司", 9)),
        (SALES, ("2024-05-02", "张伟", 9)),
    ],
)
def test_what_is_known_coded_or_elsewhere_goes_in(ch: Run, headings: str, line: tuple[Any, ...]) -> None:
    data = imported(ch, "more", headings, [line])
    assert (counts(data), data["problems"]) == ((1, 1, 0, 0), [])


@pytest.mark.usefixtures("known")
def test_the_good_rows_go_in_and_the_near_one_when_it_is_settled(ch: Run) -> None:
    lines = [("2024-05-02", "新天地", 3), ("2024-05-02", "南京华通", 9), ("2024-05-02", "南京华通", 4)]
    data = imported(ch, "part", SALES, lines, "--partial")
    assert (counts(data), [one[:2] for one in problems(data)]) == ((3, 1, 0, 2), [("E312", 3), ("E312", 4)])
    assert ch("customer", "alias", "add", "C3", "南京华通").code == 0
    assert counts(ch("import", "part.rejected.xlsx", "--format", "json").data) == (2, 2, 0, 0)


def test_two_new_names_near_each_other_are_both_made_with_a_warning(ch: Run) -> None:
    lines = [
        ("2024-05-02", "南京华通电器", 3),
        ("2024-05-02", "无锡乐语", 3),
        ("2024-05-02", "南京华通电器有限公司", 9),
    ]
    data = imported(ch, "new", SALES, lines)
    assert counts(data) == (3, 3, 0, 0)
    assert data["created"] == [{"file": "new.csv", "kind": "customer", "records": 3}]
    assert problems(data) == [
        (
            "W110",
            4,
            "“南京华通电器有限公司” and “南京华通电器” are both new and near each other (but for the ending)."
            " If they are the same: channelctl customer merge N00003 N00001",
        )
    ]
    assert ch("customer", "merge", "N00003", "N00001").code == 0
    again = imported(ch, "again", SALES, [*lines, ("2024-05-03", "南京华通电器有限公司", 1)])
    assert (counts(again), again["problems"]) == ((4, 1, 3, 0), [])


def test_of_many_new_names_near_each_other_five_are_named(ch: Run) -> None:
    lines = [("2024-05-02", f"乐语{sign}{end}", 1) for sign in "甲乙丙丁戊己庚" for end in ("", "有限公司")]
    data = imported(ch, "many", SALES, lines)
    assert counts(data) == (14, 14, 0, 0)
    assert [one[:2] for one in problems(data)] == [*(("W110", 3 + 2 * n) for n in range(5)), ("W110", None)]
    assert problems(data)[-1][2] == "2 more new names are near others: channelctl customer duplicates lists them all"


@pytest.mark.usefixtures("known")
def test_a_sheet_of_customers_is_held_to_the_same(ch: Run) -> None:
    rows = [("杭州恒达通讯", ""), ("无锡乐语", "南京华通"), ("无锡乐语有限公司", ""), ("苏州苏宁", "C1")]
    data = imported(ch, "customers", "客户名称 上级客户", rows, "--kind", "customer", "--partial")
    assert counts(data) == (4, 2, 0, 2)
    assert [one[:2] for one in problems(data)] == [("E312", 3), ("E312", 2)]
    names = [row["name"] for row in report(ch, "customer", "list")["rows"]]
    assert names == ["杭州恒达通讯有限公司", "恒达通讯(杭州)", "南京华通电器", "无锡乐语有限公司", "苏州苏宁"]


@pytest.mark.usefixtures("known")
def test_a_person_may_add_what_a_sheet_may_not(ch: Run) -> None:
    assert report(ch, "customer", "add", "杭州恒达通讯")["rows"][0]["code"] == "N00001"
    assert counts(imported(ch, "now", SALES, [("2024-05-02", "杭州恒达通讯", 9)])) == (1, 1, 0, 0)


@pytest.mark.usefixtures("known")
def test_the_policy_can_turn_it_off_and_reject_stays_what_it_was(ch: Run) -> None:
    line = ("2024-05-02", "杭州恒达通讯", 9)
    refused = imported(ch, "off", SALES, [line], "--new", "reject")
    assert [one[:2] for one in problems(refused)] == [("E311", 2)]
    policy("[customers]\nnear = []\n")
    data = imported(ch, "off", SALES, [line])
    assert (counts(data), data["problems"]) == ((1, 1, 0, 0), [])
    policy('[customers]\nnear = ["sound", "looks"]\n')
    done = ch("import", sheet("bad", SALES, [("2024-05-02", "北京新店", 9)]))
    assert done.code == 3
    assert "[customers] near.1: “looks” is none of signs, company, trade, sound, letter" in done.out + done.err
