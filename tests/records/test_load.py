"""Sheets of records: which row means which record."""

from pathlib import Path
from typing import Any

from xlsxwriter import Workbook

from tests.conftest import Run
from tests.making import report, sheet


def book(name: str, **sheets: list[tuple[object, ...]]) -> Path:
    """A workbook with a sheet per name, its first row the headings."""
    with Workbook(name) as made:
        for title, rows in sheets.items():
            page = made.add_worksheet(title)
            for place, row in enumerate(rows):
                page.write_row(place, 0, row)
    return Path(name)


def rows(ch: Run, *words: object) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = report(ch, *words)["rows"]
    return found


def counts(ch: Run, *words: object) -> list[tuple[int, ...]]:
    """rows, new, changed, existing and rejected of every sheet of an import."""
    found = ch("import", *words, "--format", "json").data["rows"]
    return [tuple(row[name] for name in ("rows", "new", "changed", "existing", "rejected")) for row in found]


def test_a_generated_code_gives_way_to_the_real_one_for_all_that_follows(ch: Run) -> None:
    customers = sheet("customers", "客户编码 客户名称 办事处 客户经理", [("K1", "甲", "杭州", "王伟")])
    assert ch("import", customers).code == 0
    assert [row["code"] for kind in ("office", "rep") for row in rows(ch, kind, "list")] == ["N00001", "N00001"]
    org = book(
        "org.xlsx",
        办事处=[("办事处编码", "办事处"), ("HZ", "杭州办事处")],
        人员=[("工号", "姓名", "办事处", "上级"), ("R1", "王伟", "HZ", ""), ("R2", "李敏", "HZ", "R1")],
    )
    assert ch("import", org).code == 0
    assert [(row["code"], row["name"]) for row in rows(ch, "office", "list")] == [("HZ", "杭州办事处")]
    assert [(row["code"], row["office"], row["manager"]) for row in rows(ch, "rep", "list")] == [
        ("R1", "杭州办事处", None),
        ("R2", "杭州办事处", "王伟"),
    ]
    assert rows(ch, "customer", "show", "K1")[0]["rep"] == "王伟"


def test_a_new_name_holds_for_all_that_follows(ch: Run) -> None:
    assert ch("import", sheet("customers", "客户编码 客户名称", [("K1", "旧名")])).code == 0
    both = book(
        "both.xlsx",
        客户=[("客户编码", "客户名称", "城市"), ("K1", "新名", "杭州")],
        联系人=[("姓名", "客户", "电话"), ("李敏", "新名", "139")],
    )
    assert counts(ch, both) == [(1, 0, 1, 0, 0), (1, 1, 0, 0, 0)]
    assert [row["name"] for row in rows(ch, "customer", "list")] == ["新名"]
    assert rows(ch, "contact", "show", "李敏")[0]["customer_code"] == "K1"
    assert [row["code"] for row in rows(ch, "customer", "find", "xinming")] == ["K1"]
    assert rows(ch, "customer", "find", "jiuming") == []


def test_people_of_one_name_are_as_many_as_their_places(ch: Run) -> None:
    contacts = sheet("contacts", "姓名 客户编码 客户 电话", [("李敏", "K1", "甲", "1"), ("李敏", "K2", "乙", "2")])
    assert counts(ch, contacts) == [(2, 2, 0, 0, 0)]
    coded = sheet(
        "coded",
        "联系人编码 姓名 客户编码 客户 电话",
        [("P2", "李敏", "K2", "乙", "3"), ("P3", "李敏", "K3", "丙", "4")],
    )
    assert counts(ch, coded, "--kind", "contact") == [(2, 2, 0, 0, 0)]
    reps = sheet("reps", "姓名 办事处", [("王伟", "杭州")])
    assert counts(ch, reps) == [(1, 1, 0, 0, 0)]
    elsewhere = sheet("elsewhere", "工号 姓名 办事处", [("R7", "王伟", "南京")])
    assert counts(ch, elsewhere) == [(1, 1, 0, 0, 0)]
    assert [(row["code"], row["office"]) for row in rows(ch, "rep", "list")] == [("N00001", "杭州"), ("R7", "南京")]


def test_a_superior_may_stand_anywhere_in_the_sheet_and_counts_as_a_change(ch: Run) -> None:
    headings = "客户编码 客户名称 上级客户"
    first = sheet("first", headings, [("K1", "甲", "K2"), ("K2", "乙", "丙"), ("K3", "丙", "")])
    assert counts(ch, first) == [(3, 3, 0, 0, 0)]
    assert [row["parent"] for row in rows(ch, "customer", "list")] == ["乙", "丙", None]
    again = sheet("again", headings, [("K1", "甲", "丙"), ("K2", "乙", "丙"), ("K3", "丙", "")])
    assert counts(ch, again) == [(3, 0, 1, 2, 0)]
    assert [row["parent"] for row in rows(ch, "customer", "list")] == ["丙", "丙", None]


def test_a_superior_is_named_by_code(ch: Run) -> None:
    sub = sheet("sub", "客户编码 客户名称 上级客户编码", [("K1", "甲", "K2"), ("K2", "乙", "")])
    assert counts(ch, sub) == [(2, 2, 0, 0, 0)]
    assert [row["parent"] for row in rows(ch, "customer", "list")] == ["乙", None]


def test_a_row_that_is_refused_makes_nothing_of_what_it_names(ch: Run) -> None:
    assert ch("import", sheet("offices", "办事处编码 办事处名称", [("O1", "杭州"), ("O2", "杭州")])).code == 0
    plans = sheet("plans", "月份 客户 办事处", [("2024-05", "甲", "杭州"), ("2024-05", "乙", "O1")])
    assert counts(ch, plans, "--partial") == [(2, 1, 0, 0, 1)]
    assert [row["name"] for row in rows(ch, "customer", "list")] == ["乙"]


def test_a_row_whose_superior_is_not_one_is_refused_whole(ch: Run) -> None:
    headings = "客户编码 客户名称 上级客户"
    lines = [("K1", "甲", "华通"), ("K2", "华通", ""), ("K3", "华通", ""), ("K4", "丁", "K2"), ("K5", "戊", "无名")]
    both = sheet("both", headings, lines)
    assert counts(ch, both) == [(5, 4, 0, 0, 1)]
    assert ch("customer", "list").code == 4
    assert counts(ch, both, "--partial") == [(5, 4, 0, 0, 1)]
    assert [(row["code"], row["parent"]) for row in rows(ch, "customer", "list")] == [
        ("K2", None),
        ("K3", None),
        ("K4", "华通"),
        ("K5", "无名"),
        ("N00001", None),
    ]
    more = sheet("more", headings, [("K6", "己", "华通"), ("K7", "庚", "没有"), ("K8", "辛", "丁")])
    assert counts(ch, more, "--partial", "--new", "reject") == [(3, 1, 0, 0, 2)]
    assert rows(ch, "customer", "show", "K8")[0]["parent"] == "丁"
