"""Sheets of customers, reps, offices and the rest of the records."""

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run
from tests.sheets import written
from tests.sheets.lines import counts, problems, query

PEOPLE: dict[str, list[Any]] = {
    "联系人": [["姓名", "客户编码", "职务"], ["李敏", "C1", "经理"]],
    "规划客户2024-05": [["办事处", "客户编码", "规划等级", "目标"], ["杭州", "C1", "V1", "20万"]],
    "客户": [
        ["客户编码", "客户名称", "办事处", "客户经理", "上级客户"],
        ["C1", "恒达", "杭州", "R1", "新宇"],
        ["C2", "新宇", "宁波", "王伟", None],
    ],
    "人员": [["工号", "姓名", "办事处", "上级"], ["R1", "王伟", "杭州", "R2"], ["R2", "李娜", "杭州", None]],
    "办事处": [["办事处编码", "办事处名称", "区域"], ["HZ", "杭州", "江东"], ["NB", "宁波", "江东"]],
    "区域": [["区域编码", "区域名称"], ["JD", "江东"]],
    "销售": [["日期", "客户编码", "办事处", "金额"], ["2024-05-03", "C1", "杭州", 5]],
}  # fmt: skip


@pytest.mark.parametrize("turn", range(len(PEOPLE)))
def test_parents_come_before_children_in_any_order_of_sheets(turn: int, ch: Run, tmp_path: Path) -> None:
    names = list(PEOPLE)
    done = ch(
        "import",
        written.book(tmp_path / "a.xlsx", {name: PEOPLE[name] for name in names[turn:] + names[:turn]}),
        "--new", "reject", "--format", "json",
    )  # fmt: skip
    assert (done.code, done.data["problems"]) == (0, [])
    assert {row["kind"]: row["new"] for row in done.data["rows"]} == {
        "region": 1, "office": 2, "rep": 2, "customer": 2, "contact": 1, "plan": 1, "sales": 1,
    }  # fmt: skip
    found = query(
        tmp_path,
        "select c.code, p.code, r.code, o.code from customer c left join customer p on p.id = c.parent_id"
        " join rep r on r.id = c.rep_id join office o on o.id = c.office_id order by 1",
    )
    assert found == [("C1", "C2", "R1", "HZ"), ("C2", None, "R1", "NB")]
    assert query(tmp_path, "select month, target, class from plan_line") == [("2024-05", 2_000_000_000, "V1")]
    again = ch("import", tmp_path / "a.xlsx", "--format", "json")
    assert {row["new"] + row["changed"] for row in again.data["rows"]} == {0}


def test_blank_cells_of_a_record_sheet_never_erase(ch: Run, tmp_path: Path) -> None:
    head = ["客户编码", "客户名称", "城市", "电话", "核心客户"]
    assert (
        ch("import", written.xlsx(tmp_path / "a.xlsx", [head, ["C1", "恒达", "杭州", "0571-1", "是"]], "客户")).code
        == 0
    )
    done = ch(
        "import", written.xlsx(tmp_path / "b.xlsx", [head, ["C1", None, "宁波", None, ""]], "客户"), "--format", "json"
    )
    assert counts(done.data["rows"][0]) == (1, 0, 1, 0, 0, 0)
    assert query(tmp_path, "select code, name, city, phone, core from customer") == [
        ("C1", "恒达", "宁波", "0571-1", 1)
    ]
    done = ch("import", written.xlsx(tmp_path / "c.xlsx", [head[:2], ["C1", "恒达"]], "客户"), "--format", "json")
    assert counts(done.data["rows"][0]) == (1, 0, 0, 1, 0, 0)


def test_a_record_sheet_has_totals_notes_and_bad_cells_too(ch: Run, tmp_path: Path) -> None:
    rows = [
        ["客户档案"],
        ["客户编码", "客户名称", "核心客户", "开户日期"],
        ["C1", "恒达", "是", "2020.1.1"],
        ["C2", "新宇", "也许", None],
        ["C3", "无名", None, "2020-02-30"],
        [None, "合计", None, None],
        ["制表：王伟", None, "审核：李娜", None],
        [None, "江苏五星电器有限公司", None, None],
    ]
    path = written.xlsx(tmp_path / "a.xlsx", rows, "客户")
    done = ch("import", path, "--format", "json")
    assert (done.code, problems(done.data)) == (
        3,
        [("E206", "客户", 4, "C 核心客户", "也许"), ("E202", "客户", 5, "D 开户日期", "2020-02-30")],
    )
    done = ch("import", path, "--partial", "--format", "json")
    assert (done.code, counts(done.data["rows"][0])) == (1, (4, 2, 0, 0, 2, 2))
    assert query(tmp_path, "select code, name from customer order by id") == [
        ("C1", "恒达"),
        ("N00001", "江苏五星电器有限公司"),
    ]


@pytest.mark.parametrize("word", ["区域", "大区", "省分"])
def test_regions_go_by_several_names(ch: Run, word: str) -> None:
    Path("regions.csv").write_text(f"{word}编码,{word}名称\nR9,江西\n", "utf-8")
    assert ch("import", "regions.csv").code == 0
    assert [row["name"] for row in ch("region", "list", "--format", "json").data["rows"]] == ["江西"]


def test_what_lacks_nothing_is_not_said_to_lack_something(ch: Run) -> None:
    Path("regions.csv").write_text("大区编码,大区名儿\nR9,江西\n", "utf-8")
    done = ch("import", "regions.csv")
    assert done.code == 3
    assert "It looks more like regions than like sales." in done.out
    assert "lacks" not in done.out
