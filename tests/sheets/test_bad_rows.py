"""Bad rows are all said at once, and nothing or only the good ones go in."""

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run
from tests.sheets import written
from tests.sheets.lines import HEAD, LINES, SIMPLE, counts, line, live, problems, query, total
from tests.tables import everything, is_there

# Bad rows

BAD = [
    SIMPLE,
    line(),
    line(day="2018-02-29"),
    line(net="三百"),
    line(day=None),
    line(net=None, count=2),
    line(day="昨天", count="三台", net="abc"),
    line(customer="乙"),
    line(net=1e300),
    line(count=True),
]
WRONG = [
    ("E202", "销售", 3, "A 日期", "2018-02-29"),
    ("E204", "销售", 4, "E 金额", "三百"),
    ("E201", "销售", 5, "A 日期", ""),
    ("E201", "销售", 6, "E 金额", ""),
    ("E202", "销售", 7, "A 日期", "昨天"),
    ("E204", "销售", 7, "D 数量", "三台"),
    ("E204", "销售", 7, "E 金额", "abc"),
    ("E205", "销售", 9, "E 金额", "1E+300"),
    ("E204", "销售", 10, "D 数量", "TRUE"),
]


def test_every_bad_row_is_said_at_once_and_nothing_is_written(ch: Run, tmp_path: Path) -> None:
    path = written.xlsx(tmp_path / "a.xlsx", BAD)
    done = ch("import", path, "--format", "json")
    assert done.code == 3
    assert sorted(problems(done.data), key=lambda p: (p[2], p[3])) == WRONG
    assert counts(done.data["rows"][0])[4] == 7
    assert not is_there(tmp_path / "channel.db")
    screen = ch("import", path).out
    for said in (
        "a.xlsx!销售!A3  E202  日期: 2018-02-29 is not a date",
        "a.xlsx!销售!E4  E204  金额: “三百” is not a number",
        "7 rows of 9 have errors; nothing was written",
        "channelctl import a.xlsx --partial",
    ):
        assert said in screen


def test_partial_takes_the_good_rows(ch: Run, tmp_path: Path) -> None:
    path = written.xlsx(tmp_path / "a.xlsx", BAD)
    done = ch("import", path, "--partial", "--format", "json")
    assert (done.code, counts(done.data["rows"][0])) == (1, (9, 2, 0, 0, 7, 0))
    assert sorted(problems(done.data), key=lambda p: (p[2], p[3])) == WRONG
    assert [row[5] for row in live(tmp_path)] == ["乙", "甲"] or [row[5] for row in live(tmp_path)] == ["甲", "乙"]
    again = ch("import", path, "--partial", "--format", "json")
    assert (again.code, counts(again.data["rows"][0])) == (1, (9, 0, 0, 2, 7, 0))


def test_a_bad_row_leaves_the_database_as_it_was(ch: Run, tmp_path: Path) -> None:
    assert ch("import", written.xlsx(tmp_path / "a.xlsx", [HEAD, *LINES])).code == 0
    before = everything(tmp_path / "channel.db")
    mixed = written.book(
        tmp_path / "b.xlsx",
        {
            "客户": [["客户编码", "客户名称"], ["C9", "新客户"]],
            "销售": [SIMPLE, line(customer="又一个"), line(day="x")],
        },
    )
    done = ch("import", mixed, "--format", "json")
    assert done.code == 3
    assert everything(tmp_path / "channel.db") == before


def test_csv_names_the_line(ch: Run, tmp_path: Path) -> None:
    path = written.comma(tmp_path / "a.csv", [["标题"], SIMPLE, line("2024-05-03"), line("2024-05-03", net="x")])
    done = ch("import", path)
    assert done.code == 3
    assert "a.csv:4  E204  金额: “x” is not a number" in done.out


def test_of_several_files_one_bad_one_does_not_stop_the_others(ch: Run, tmp_path: Path) -> None:
    good = written.xlsx(tmp_path / "a.xlsx", [SIMPLE, line()])
    bad = written.xlsx(tmp_path / "b.xlsx", [SIMPLE, line(net="x")])
    also = written.xlsx(tmp_path / "c.xlsx", [SIMPLE, line(customer="乙")])
    done = ch("import", good, bad, tmp_path / "none.xlsx", also, "--format", "json")
    assert done.code == 3
    assert total(tmp_path) == 200
    assert [
        (row["file"], row["new"], row["batch"] is None) for row in done.data["rows"] if row["file"] != "b.xlsx"
    ] == [
        ("a.xlsx", 1, False),
        ("c.xlsx", 1, False),
    ]
    assert [(p["code"], p["file"]) for p in done.data["problems"]] == [("E204", "b.xlsx"), ("E100", "none.xlsx")]
    assert ch("import", good, also).code == 0
    assert ch("import", good, bad, "--partial").code == 1


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([], "holds no"),
        ([SIMPLE], "has headings but no rows below them"),
        ([SIMPLE, [None] * 5, [""] * 5], "has headings but no rows below them"),
        ([["甲", "乙"], [1, 2]], "no heading row was recognised"),
    ],
)
def test_a_sheet_with_nothing_to_read_is_refused(rows: list[list[Any]], says: str, ch: Run, tmp_path: Path) -> None:
    done = ch("import", written.xlsx(tmp_path / "a.xlsx", rows))
    assert done.code == 3
    assert says in done.out + done.err
    assert "nothing was written" in done.out + done.err
    assert not is_there(tmp_path / "channel.db")


# --new


def test_new_reject_refuses_what_the_database_lacks_and_makes_nothing(ch: Run, tmp_path: Path) -> None:
    head = ["日期", "客户名称", "办事处", "型号", "金额"]
    assert (
        ch("import", written.xlsx(tmp_path / "a.xlsx", [head, ["2024-05-03", "杭州恒达通讯", "杭州", "I9300", 1]])).code
        == 0
    )
    before = everything(tmp_path / "channel.db")
    rows = [
        head,
        ["2024-05-04", "杭州恒达通讯", "杭州", "I9300", 2],
        ["2024-05-04", "杭州恒达通信", "杭州", "I9300", 2],
        ["2024-05-04", "杭州恒达通讯", "台州", "I9300", 2],
        ["2024-05-04", "杭州恒达通讯", "杭州", "X1", 2],
    ]
    path = written.xlsx(tmp_path / "b.xlsx", rows)
    done = ch("import", path, "--new", "reject", "--format", "json")
    assert done.code == 3
    assert sorted(problems(done.data), key=lambda p: p[2]) == [
        ("E311", "销售", 3, "B 客户名称", "杭州恒达通信"),
        ("E311", "销售", 4, "C 办事处", "台州"),
        ("E311", "销售", 5, "D 型号", "X1"),
    ]
    assert "nearest: 杭州恒达通讯" in done.data["problems"][0]["message"] or "nearest: 杭州恒达通讯" in done.out
    assert everything(tmp_path / "channel.db") == before
    done = ch("import", path, "--new", "reject", "--partial", "--format", "json")
    assert (done.code, counts(done.data["rows"][0])) == (1, (4, 1, 0, 0, 3, 0))
    assert query(
        tmp_path,
        "select (select count(*) from customer), (select count(*) from office), (select count(*) from product)",
    ) == [(1, 1, 1)]


def test_a_row_that_names_several_unknown_things_says_all_of_them(ch: Run, tmp_path: Path) -> None:
    assert ch("init").code == 0
    path = written.xlsx(tmp_path / "a.xlsx", [SIMPLE, line()])
    done = ch("import", path, "--new", "reject", "--format", "json")
    assert {p[3] for p in problems(done.data)} == {"B 客户名称", "C 型号"}
    assert counts(done.data["rows"][0])[4] == 1


def test_a_name_that_fits_several_is_refused(ch: Run, tmp_path: Path) -> None:
    people = [["客户编码", "客户名称"], ["C1", "禾汀手机"], ["C2", "禾汀手机"]]
    assert ch("import", written.xlsx(tmp_path / "a.xlsx", people, "客户")).code == 0
    done = ch("import", written.xlsx(tmp_path / "b.xlsx", [SIMPLE, line(customer="禾汀手机")]), "--format", "json")
    assert (done.code, problems(done.data)) == (3, [("E301", "销售", 2, "B 客户名称", "禾汀手机")])
    assert "C1, C2" in done.data["problems"][0]["message"]


def test_the_same_record_twice_with_other_contents_is_refused(ch: Run, tmp_path: Path) -> None:
    rows = [["客户编码", "客户名称"], ["C1", "恒达"], ["C1", "恒达"], ["C1", "新宇"]]
    done = ch("import", written.xlsx(tmp_path / "a.xlsx", rows, "客户"), "--format", "json")
    assert (done.code, [(p[0], p[2]) for p in problems(done.data)]) == (3, [("E302", 4)])
