"""Sheets that contradict themselves: signs, two columns of amounts, remarks, offices over their rows, days alone."""

from decimal import Decimal
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.sheets import written


def told(ch: Run, file: Path, *options: str) -> tuple[int, list[tuple[str, int | None]]]:
    """Exit code, and code and row of each problem."""
    done = ch("import", file, "--format", "json", *options)
    return done.code, [(one["code"], one["row"]) for one in done.data["problems"]]


def net(ch: Run) -> Decimal:
    return Decimal(str(ch("tier", "--all-time", "--format", "json").data["totals"]["net_sales"]))


@pytest.mark.parametrize(
    ("quantity", "amount", "problems"),
    [
        (-2, 1000, [("W123", 3)]),
        (2, -1000, [("W123", 3)]),
        (-2, -1000, []),
        (0, -1000, []),
        ("", -1000, []),
    ],
)
def test_signs_that_contradict_are_said(
    quantity: object, amount: int, problems: list[tuple[str, int]], ch: Run, tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_text(f"日期,客户,数量,金额\n2024-05-01,甲,1,5\n2024-05-02,乙,{quantity},{amount}\n")
    assert told(ch, tmp_path / "a.csv") == (0, problems)


def test_the_first_rows_are_named(ch: Run, tmp_path: Path) -> None:
    lines = "".join(f"2024-05-0{day},甲,-1,{day}\n" for day in range(1, 6))
    (tmp_path / "a.csv").write_text("日期,客户,数量,金额\n" + lines)
    said = ch("import", tmp_path / "a.csv", "--format", "json").data["problems"]
    assert [one["message"] for one in said] == [
        "in 5 lines the signs of quantity and amount contradict each other (rows 2, 3, 4 …);"
        " the amounts count as they stand"
    ]


PAIRS = [
    *(("金额", word) for word in ("净销售额", "净额", "折后金额", "实际金额", "实收金额", "返利后金额")),
    ("销售额", "净额"),
    ("销售金额", "净销售额"),
    ("价税合计", "折后金额"),
]


@pytest.mark.parametrize(("gross", "after"), PAIRS)
@pytest.mark.parametrize("turned", [False, True])
def test_gross_and_net_are_asked_about(gross: str, after: str, turned: bool, ch: Run, tmp_path: Path) -> None:
    """In whichever order they stand; each of the two commands that the message names settles it."""
    heads, figures = ([after, gross], [900, 1000]) if turned else ([gross, after], [1000, 900])
    for month, (word, sum_) in enumerate([(gross, 1000), (after, 900)], 1):
        file = tmp_path / f"{month}.csv"
        file.write_text(f"日期,客户,{','.join(heads)}\n2024-0{month}-01,甲,{figures[0]},{figures[1]}\n")
        assert told(ch, file) == (3, [("E409", 2)])
        said = ch("import", file, "--format", "json").data["problems"][0]["message"]
        commands = [one.partition('"')[0] for one in said.split('--map "')[1:]]
        own = next(one for one in commands if one.startswith(f"{word}="))
        before = net(ch) if month > 1 else 0
        assert told(ch, file, "--map", own) == (0, [])
        assert net(ch) - before == sum_


@pytest.mark.parametrize(
    ("heading", "line"),
    [
        ("金额,净额", "1000,1000"),
        ("金额,净额", "1000,"),
        ("金额,净重", "1000,3"),
        ("金额,净利润", "1000,80"),
        ("金额,实际数量", "1000,3"),
        ("金额,税额,实收金额", "1000,130,1130"),
        ("销售额,退货金额,净销售额", "1000,100,900"),
        ("销售额(万元),净销售额(元)", "0.1,1000"),
    ],
)
def test_figures_that_agree_are_not_asked_about(heading: str, line: str, ch: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f"日期,客户,{heading}\n2024-05-01,甲,{line}\n")
    code, problems = told(ch, tmp_path / "a.csv")
    assert (code, [one for one, _row in problems if one != "W112"]) == (0, [])


@pytest.mark.parametrize("word", ["杭州办事处", "一、杭州办事处", "（一）杭州分公司", "1. 华东分部", "杭州办事处："])
def test_an_office_that_nobody_knows_yet_above_its_rows(word: str, ch: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f"日期,客户,金额\n{word},,\n2024-05-01,甲,1\n南京办事处,,\n2024-05-02,乙,1\n")
    assert told(ch, tmp_path / "a.csv") == (3, [("E404", 2)])


def test_a_known_office_with_a_number_before_it(ch: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("日期,办事处,客户,金额\n2024-04-01,苏州,甲,1\n")
    assert told(ch, tmp_path / "a.csv") == (0, [])
    (tmp_path / "b.csv").write_text("日期,客户,金额\n2024-05-01,甲,1\n二、苏州,,\n2024-05-02,乙,1\n")
    assert told(ch, tmp_path / "b.csv") == (3, [("E404", 3)])


@pytest.mark.parametrize("word", ["屏坏退货", "客户退货（包装破损）", "4月机器退货", "退机", "Returned by customer"])
def test_remarks_that_speak_of_returns_in_their_own_words(word: str, ch: Run, tmp_path: Path) -> None:
    """Also where the remark is read as the type, and only what it says plainly is booked."""
    text = f"日期,客户,金额,备注\n2024-05-01,甲,9,\n2024-05-02,乙,5,{word}\n2024-05-03,丙,3,退货\n"
    (tmp_path / "a.csv").write_text(text)
    assert told(ch, tmp_path / "a.csv") == (0, [("W120", None), ("W124", 3)])
    (tmp_path / "b.csv").write_text(text.replace("2024-05", "2024-06"))
    assert told(ch, tmp_path / "b.csv", "--map", "备注=document_type") == (0, [("W112", None), ("W124", 3)])


@pytest.mark.parametrize("word", ["退货未到", "不退货", "无退货", "补3月", "退税", "credit 30 days", "no returns"])
def test_remarks_that_speak_of_none(word: str, ch: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f"日期,客户,金额,备注\n2024-05-01,甲,9,{word}\n")
    assert told(ch, tmp_path / "a.csv") == (0, [])


def days(ch: Run) -> list[str]:
    found = ch("tier", "explain", "甲", "--all-time", "--format", "json").data["rows"]
    return sorted(row["date"] for row in found)


@pytest.mark.parametrize(("first", "second"), [(1, 20), ("1日", "20日"), ("1号", "20号")])
def test_a_column_of_days_alone(first: object, second: object, ch: Run, tmp_path: Path) -> None:
    rows = [["2024年5月销售"], ["日", "客户", "金额"], [first, "甲", 10], [second, "甲", 20], ["合计", None, 30]]
    done = ch("import", written.book(tmp_path / "a.xlsx", {"明细": rows}), "--format", "json")
    assert (done.code, done.data["problems"]) == (0, [])
    assert days(ch) == ["2024-05-01", "2024-05-20"]


def test_days_merged_over_their_lines(ch: Run, tmp_path: Path) -> None:
    rows = [["2024年5月销售"], ["日", "客户", "金额"], [3, "甲", 10], [None, "甲", 20], [4, "甲", 5]]
    assert ch("import", written.book(tmp_path / "a.xlsx", {"明细": rows}, merge=[("明细", "A3:A4")])).code == 0
    assert days(ch) == ["2024-05-03", "2024-05-03", "2024-05-04"]


def test_a_column_headed_as_days_that_holds_others(ch: Run, tmp_path: Path) -> None:
    """It is not said that there are no dates where a column of them stands."""
    rows = [["2024年5月销售"], ["日", "客户", "金额"], [45, "甲", 10], [4, "甲", 5]]
    done = ch("import", written.book(tmp_path / "a.xlsx", {"明细": rows}))
    assert done.code == 0
    assert "the column A 日 is not read as days: its rows are sales of 2024-05-31, from its title or name" in done.err


def test_a_contrary_sign_is_said_once(ch: Run, tmp_path: Path) -> None:
    """It is no amount that differs from quantity × price as well."""
    (tmp_path / "a.csv").write_text("日期,客户,数量,单价,金额\n2024-05-01,甲,1,5,5\n2024-05-02,乙,-2,5,10\n")
    assert told(ch, tmp_path / "a.csv") == (0, [("W123", 3)])


def test_a_remark_beside_returns_that_are_taken_off(ch: Run, tmp_path: Path) -> None:
    text = "日期,客户,销售额,退货金额,备注\n2024-05-01,甲,9,2,退货\n2024-05-02,乙,5,,{}\n"
    (tmp_path / "a.csv").write_text(text.format(""))
    assert told(ch, tmp_path / "a.csv") == (0, [("W112", None)])
    (tmp_path / "b.csv").write_text(text.format("退货").replace("2024-05", "2024-06"))
    assert told(ch, tmp_path / "b.csv") == (0, [("W120", None), ("W112", None)])


def test_a_column_that_is_refused_for_its_words_is_not_asked_about(ch: Run, tmp_path: Path) -> None:
    text = "日期,客户,项目,金额\n2024-05-01,甲,销售额,9\n2024-05-01,甲,退货额,2\n2024-05-01,甲,净额,7\n"
    (tmp_path / "a.csv").write_text(text)
    assert told(ch, tmp_path / "a.csv") == (3, [("E408", None)])
